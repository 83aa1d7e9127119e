"""Columns that alone tell all, or nearly all, of the target: what does so is rarely known before the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.marks import marks_of
from zhinan.data.predictors import LEAST, given_away, gives_away, rows_of, told_by
from zhinan.data.rows import Rows
from zhinan.data.types import Finding, Loaded, Split

__all__ = ["tellers"]

TELLS = 0.9
"""Lower bound of what one column tells (area under the curve, share of variance) from which it is said."""

MARKS = 0.85
"""That of one mark alone, such as a word, of which little tells so much."""


def tellers(rows: Rows, loaded: Loaded, parts: Split) -> list[Finding]:
    """Columns that alone tell all, or nearly all, of the target: without an error on all rows but sealed ones, or
    fitted on train and judged on dev. Of several labels a row each is asked for by itself."""
    target = loaded.dataset.target
    if target is None:
        return []
    inputs = [column for column in loaded.dataset.inputs if column.kind not in ("text", "image", "audio")]
    sure = _sure(rows.without(parts.sealed).frame, inputs, target)
    told = told_by(parts.train, parts.dev, loaded.dataset.inputs)
    told = [t for t in told if t.lower >= TELLS and t.name not in sure]
    measure = "R²" if target.kind == "number" else "AUC"
    nearly = [
        f"{t.name}{f' ({t.part})' if t.part else ''}{f' → {t.label}' if t.label else ''}: "
        f"{measure} {t.value:.3f} (≥ {t.lower:.3f}, n = {t.n:,})"
        for t in told
    ]
    said = {*sure, *(t.name for t in told)}
    asked = [column for column in loaded.dataset.inputs if column.kind == "text" or column.name not in said]
    nearly += [
        f"{m.name}: {m.mark} → {m.label}: AUC {m.value:.3f} (≥ {m.lower:.3f}, n = {m.n:,})"
        for m in marks_of(parts.train, parts.dev, asked)
        if m.value >= TELLS and m.lower >= MARKS
    ]
    found = [finding("leaks", len(sure), list(sure.values()))] if sure else []
    return found + ([finding("strong_columns", len(nearly), nearly)] if nearly else [])


def _sure(known: pl.DataFrame, inputs: Sequence[Column], target: Column) -> dict[str, str]:
    """The columns that tell a target of classes without an error, or one of a row's labels, or how many those are;
    with what is said of each."""
    if target.kind == "number":
        return {}
    if target.kind == "category":
        told = [c.name for c in inputs if gives_away(known[c.name], known[target.name])]
        return {name: f"{name}: 100% (n = {known.height - known[name].null_count():,})" for name in told}
    held = rows_of(known[target.name], target.kind)
    many = np.bincount(np.concatenate([*held.values(), np.zeros(0, np.int64)]), minlength=known.height)
    several = min(np.unique_counts(many).counts, default=0) >= LEAST
    found = {}
    for column in inputs:
        labels = given_away(known[column.name], held)
        if not labels and several and gives_away(known[column.name], pl.Series(many)):
            labels = ["how many"]
        if labels:
            found[column.name] = f"{column.name}: {', '.join(labels)}"
    return found
