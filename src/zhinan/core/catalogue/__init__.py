"""The error catalogue, one file per room; each file holds `ENTRIES: dict[code, Entry]`."""

__all__: list[str] = []
