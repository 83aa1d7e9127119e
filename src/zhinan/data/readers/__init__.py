"""The readers, one file per format: a file in, every value as text with a reason for each row refused."""

__all__: list[str] = []
