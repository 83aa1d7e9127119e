"""Says what personal details nobody masks: in columns of words, and in columns of numbers, which no mask changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from zhinan.contract import Contract
from zhinan.core import Column, entries
from zhinan.data.findings import finding
from zhinan.data.masking import Found, found_in, held_by, personal_numbers
from zhinan.data.media import MEDIA
from zhinan.data.sandbox import Tell
from zhinan.data.types import Finding, Loaded

__all__ = ["holds_versions", "numbers_that_are_somebodys", "said_of_masks", "said_of_numbers", "said_of_texts"]

_BIRTH = re.compile(r"(?i)(?:^|[\W_])(?:birth|dob)|birth_?(?:day|date)|生日|出生")
"""What columns of dates of birth are called."""

_AT_ONCE = 10_000
"""Values looked at between two words of progress."""


def numbers_that_are_somebodys(
    columns: Iterable[Column], frames: Sequence[pl.DataFrame]
) -> dict[str, dict[str, Found]]:
    """Columns of numbers, as they are written, that are or hold such as telephone numbers, or are called after them:
    name → what masks find."""
    found = {}
    for name in (column.name for column in columns if column.kind == "number"):
        every = pl.concat([frame[name] for frame in frames if name in frame.columns])
        found[name] = personal_numbers(every, among=True)
        if not found[name] and (mask := held_by(every, entries("mask"))) is not None:
            found[name] = {mask: (every.len() - every.null_count(), f"[{mask.upper()}]")}
    return {name: seen for name, seen in found.items() if seen}


def said_of_numbers(personal: Mapping[str, Mapping[str, Found]]) -> list[Finding]:
    """A finding for each column of `numbers_that_are_somebodys`."""
    return [
        finding("personal_numbers", sum(n for n, _ in seen.values()), name=name, masks=", ".join(seen))
        for name, seen in personal.items()
    ]


def said_of_masks(contract: Contract, finds: Mapping[str, int], columns: Iterable[Column]) -> list[Finding]:
    """Patterns of the contract's own that find nothing, and columns of dates of birth, which no mask changes.

    Args: finds: how many details each mask hid. columns: those in use.
    """
    idle = [spec.name for spec in contract.data.mask if spec.pattern is not None and not finds.get(spec.name)]
    births = [column.name for column in columns if column.kind == "time" and _BIRTH.search(column.name)]
    found = [finding("idle_masks", len(idle), idle)] if idle else []
    return found + ([finding("personal_dates", len(births), births)] if births else [])


def said_of_texts(
    contract: Contract, loaded: Loaded, frame: pl.DataFrame, progress: Tell | None = None
) -> list[Finding]:
    """What masks that the contract does not name find in columns of words. progress: as `checks.check`."""
    target = loaded.dataset.target
    declared = {spec.name for spec in contract.data.mask}
    others = [name for name in entries("mask") if name not in declared]
    kinds = {column.name: column.kind for column in loaded.columns}
    counts: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], list[str]] = {}
    words = [name for name in frame.columns if frame[name].dtype == pl.String and name[0] != "_"]
    words = [name for name in words if target is None or name != target.name]
    for place, name in enumerate(words):
        # a handful of words (months, brands) names nobody
        looked = [mask for mask in others if mask != "person_name" or kinds.get(name) != "category"]
        looked = [mask for mask in looked if mask != "ip" or not holds_versions(frame[name])]
        code = "personal_files" if kinds.get(name) in MEDIA else "personal_data"  # no mask renames a file
        first: dict[str, str] = {}
        for at in range(0, frame.height, _AT_ONCE):
            if progress is not None:
                progress("seek", place * frame.height + at, len(words) * frame.height)
            for mask, (count, example) in found_in(frame[name][at : at + _AT_ONCE], looked).items():
                counts[code, mask] += count
                first.setdefault(mask, f"{name}: {example}")
        for mask, example in first.items():
            shown.setdefault((code, mask), []).append(example)
    return [finding(code, count, shown[code, mask], masks=mask) for (code, mask), count in counts.items()]


def holds_versions(column: pl.Series) -> bool:
    """Whether a column holds versions of software, of which some have four parts as addresses do."""
    dotted = column.filter(column.str.contains(r"^v?\d+(\.\d+)+$").fill_null(False))
    four = dotted.str.contains(r"^\d+(\.\d+){3}$").sum()
    return len(dotted) > len(column) / 2 and int(four) < 0.9 * len(dotted)
