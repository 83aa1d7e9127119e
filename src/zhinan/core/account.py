"""Who types: the account that a command runs under."""

from __future__ import annotations

import getpass

__all__ = ["account"]


def account() -> str:
    """The name of the account, "unknown" where it has none, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"
