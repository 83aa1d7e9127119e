"""`python -m zhinan` is `zhinan`."""

from zhinan.cli import main

__all__: list[str] = []

main()
