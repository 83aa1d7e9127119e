"""How single values are read, one file a kind: loading and serving share it, so a value means the same in both."""

__all__: list[str] = []
