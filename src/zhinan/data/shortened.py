"""Notices long numbers that a spreadsheet wrote as 1.38E+10: their last digits are gone, and ids are none now."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from zhinan.data.findings import finding
from zhinan.data.types import Finding

__all__ = ["said_of_shortened"]

_SHORTENED = r"^[1-9](?:\.[0-9]{1,5})?E\+(?:1[0-9]|2[0-9])$"
"""As spreadsheets write whole numbers of 11 digits or more into a narrow cell, and that into a CSV file."""

_LEAST = 3


def said_of_shortened(frame: pl.DataFrame, columns: Iterable[str]) -> list[Finding]:
    """Columns of a frame of texts that hold such values, and how many."""
    found = {name: int(frame[name].str.contains(_SHORTENED).sum()) for name in columns}
    shown = [f"{name}: {count:,}" for name, count in found.items() if count >= _LEAST]
    total = sum(count for count in found.values() if count >= _LEAST)
    return [finding("shortened_numbers", total, shown)] if shown else []
