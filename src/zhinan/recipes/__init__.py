"""Recipes: how a candidate is trained, cheapest level first. One file per recipe."""

__all__: list[str] = []
