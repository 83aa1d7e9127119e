"""Directions of `train.monotone` that a column, taken alone, does not go on train: a slip, or others explain it."""

from __future__ import annotations

import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset
from zhinan.data.findings import finding
from zhinan.data.types import Finding

__all__ = ["check_opposed"]

SURE = 3.0
"""Standard deviations of what chance gives by which rows must go the other way."""
FEWEST = 30
"""Rows, or persons where rows belong to some, below which nothing is said: what one person says again is no news."""


def check_opposed(contract: Contract, train: Dataset) -> list[Finding]:
    """Says with which columns alone the answer surely goes the other way on train, by Spearman's rank correlation."""
    told = []
    who = pl.col(train.person) if train.person else pl.int_range(pl.len())
    for name, wanted in contract.train.monotone.items():
        if train.target is None or name not in train.frame.columns:
            continue
        answer, label = pl.col(train.target.name), wanted.label
        asked = train.frame.select(
            pl.col(name).cast(pl.Float64, strict=False).alias("x"),
            (answer.cast(pl.String) == label if label else answer).cast(pl.Float64, strict=False).alias("y"),
            who.alias("who"),
        ).filter(pl.col("x").is_finite() & pl.col("y").is_finite())
        n = asked["who"].drop_nulls().n_unique() + asked["who"].null_count()
        found = asked.select(pl.corr("x", "y", method="spearman")).item() if n >= FEWEST else None
        if found is not None and found * (1 if wanted.way == "up" else -1) * (n - 1) ** 0.5 < -SURE:
            told.append(f"{name}: {wanted} ({found:+.2f})")
    return [finding("against_direction", len(told), told)] if told else []
