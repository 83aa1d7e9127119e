"""Climbs the recipes under the budget, certifies one draft, and says what to do when that is not enough."""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {"Build": "built", "build": "building", "Check": "checking", "check": "checking"}

__all__ = ["Build", "Check", "build", "check"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"zhinan.engine.{_HOME[name]}"), name)
    raise AttributeError(f"module 'zhinan.engine' has no attribute {name!r}")
