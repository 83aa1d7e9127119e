"""Who types: the account that a command runs under."""

from __future__ import annotations

import getpass

__all__ = ["account", "by"]


def account() -> str:
    """The name of the account, "unknown" where it has none, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def by(work: str) -> str:
    """Who did it, for the audit: what was run, and the account that it ran under."""
    return f"{work}: {account()}"
