"""One small file per task: what it predicts, how it is judged by default and which recipes are tried in which order."""

__all__: list[str] = []
