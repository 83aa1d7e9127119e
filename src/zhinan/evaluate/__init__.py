"""Judging: metrics with their bounds, cost measured on the packaged draft, certification and the report."""

__all__: list[str] = []
