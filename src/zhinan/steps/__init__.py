"""The closed set of inference steps. Training and serving run this same code, on numpy and onnxruntime only."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["Program", "Step"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("zhinan.steps._program"), name)
    raise AttributeError(f"module 'zhinan.steps' has no attribute {name!r}")
