"""What can be done to a text before anything is learned from it: markup taken off, encodings repaired, 汉字 unified."""

__all__: list[str] = []
