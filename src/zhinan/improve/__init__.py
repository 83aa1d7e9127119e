"""Feedback comes in, stages change: how a product in use gets better."""

__all__: list[str] = []
