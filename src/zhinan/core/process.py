"""Whose process this is: the command's own, or one of somebody who calls Zhinan from Python."""

from __future__ import annotations

from threading import Event

__all__ = ["ours"]

ours = Event()
"""Set where the process is the command's, which alone may settle what lasts until it ends, as for the collector."""
