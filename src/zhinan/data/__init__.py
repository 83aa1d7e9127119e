"""From a user's file to typed, masked, split rows. Everything here is loaded on first use: polars is heavy."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = [
    "Finding", "Folds", "Limits", "Loaded", "Raw", "Reject", "Split", "check", "fold_rows", "for_sealed", "infer",
    "infer_contract", "lineage", "load", "read", "split", "together", "units_of",
]  # fmt: skip

_HOME = {
    "Finding": "types", "Folds": "folds", "Limits": "sandbox", "Loaded": "types", "Raw": "types", "Reject": "types",
    "Split": "types", "check": "checks", "fold_rows": "folds", "for_sealed": "labels", "infer": "kinds",
    "infer_contract": "guess", "lineage": "origins", "load": "loading",
    "read": "sandbox", "split": "splits", "together": "copies", "units_of": "labels",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
