"""The masks, one file each: what must never be stored or trained on is replaced by a placeholder."""

__all__: list[str] = []
