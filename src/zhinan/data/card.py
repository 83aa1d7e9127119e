"""The data card: what became of every row and value, from the file to the three parts, as plain JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from zhinan.data.cleaned import Limits
from zhinan.data.types import Loaded, Split
from zhinan.steps.values.lists import items_of

__all__ = ["card"]

RARE = 5
"""Values of train seen less often than this have no feature of their own (`encoders.columns`)."""


def card(
    loaded: Loaded,
    parts: Split,
    limits: Limits | None = None,
    outside: Mapping[str, int] | None = None,
    augmented: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What was read, cleaned, rejected, masked, clipped, made up and split.

    Returns:
        read: {"rows", "accepted", "unlabeled", "encodings"}. columns: [{"name", "kind", "why", "notation"}].
        rejected: reason → rows. cleaned: rule → column → values. masked: personal details.
        clipped: column → {"low", "high", "values"}, of train. rare: column → {"values", "rows"}, of train.
        augmented: {"kinds", "rows"} made up beside train (`data.augment`), None when none were asked for.
        split: {"train", "dev", "sealed", "duplicates"}.
    """
    return {
        "read": {
            "rows": loaded.rows,
            "accepted": loaded.accepted,
            "unlabeled": loaded.unlabeled,
            "encodings": dict(loaded.encodings),
        },
        "columns": [
            {"name": c.name, "kind": c.kind, "why": {"en": c.why.en, "zh": c.why.zh}, "notation": dict(c.notation)}
            for c in loaded.columns
        ],
        "rejected": dict(Counter(reject.reason.en for reject in loaded.rejected).most_common()),
        "cleaned": {rule: dict(by) for rule, by in loaded.cleaned.items()},
        "masked": loaded.masked,
        "clipped": {
            name: {"low": low, "high": high, "values": (outside or {}).get(name, 0)}
            for name, (low, high) in (limits or {}).items()
        },
        "rare": _rare(parts),
        "augmented": None if augmented is None else dict(augmented),
        "split": {key: parts.counts[key] for key in ("train", "dev", "sealed", "duplicates")},
    }


def _rare(parts: Split) -> dict[str, dict[str, int]]:
    """Category and list columns of train with values too rare to be told apart from values never seen."""
    found = {}
    least = min(RARE, max(len(parts.train) // 10, 1))
    for column in parts.train.inputs:
        if column.kind not in ("category", "list"):
            continue
        known = [value for value in parts.train.values(column.name) if value is not None]
        counts = Counter(known if column.kind == "category" else (item for text in known for item in items_of(text)))
        rare = [n for n in counts.values() if n < least]
        if rare:
            found[column.name] = {"values": len(rare), "rows": sum(rare)}
    return found
