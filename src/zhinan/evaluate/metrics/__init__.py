"""One file per family of metrics; each metric is one function that returns a `Measurement`, which knows its bound."""

__all__: list[str] = []
