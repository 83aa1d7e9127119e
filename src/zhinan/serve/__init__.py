"""A version over HTTP: strict at the door, one inference thread a worker, and the live stage followed without a gap."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhinan.serve.server import run, serve
    from zhinan.serve.settings import Limits, Settings

_HOME = {"Limits": "settings", "Settings": "settings", "run": "server", "serve": "server"}

__all__ = ["Limits", "Settings", "run", "serve"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"zhinan.serve.{_HOME[name]}"), name)
    raise AttributeError(f"module 'zhinan.serve' has no attribute {name!r}")
