"""Zhinan (指南): write what your AI feature must do; get one that provably does it, and keeps doing it."""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Build": "zhinan.engine",
    "Proof": "zhinan.evaluate.prove",
    "UserError": "zhinan.core",
    "Version": "zhinan.package",
    "build": "zhinan.engine",
    "check": "zhinan.engine",
    "load": "zhinan.contract",
    "open_version": "zhinan.package",
    "prove": "zhinan.evaluate.prove",
    "register": "zhinan.core",
}

__all__ = ["Build", "Proof", "UserError", "Version", "build", "check", "load", "open_version", "prove", "register"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'zhinan' has no attribute {name!r}")
