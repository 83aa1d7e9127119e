"""Describes each column for people: how full it is, how its values spread, and how the target goes with them."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import numpy as np
import polars as pl

from zhinan.core import Column, Dataset, entries
from zhinan.data.answers import free_text
from zhinan.data.personal import holds_versions
from zhinan.data.tags import labels_in
from zhinan.data.types import Loaded, Split
from zhinan.steps.mask import redact
from zhinan.steps.table import LARGEST
from zhinan.steps.tidying import tidy

__all__ = ["class_counts", "figure", "profiles"]

BINS, TOP, GROUPS, CHARACTERS = 16, 6, 5, 40
_MONTHS = re.compile(
    "(?i:jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?"
    "|dec(ember)?)"
)


def profiles(loaded: Loaded, parts: Split) -> list[dict[str, Any]]:
    """A description of every column of the source, as plain JSON, in its order.

    name, kind, why, role ("input", "target", "person", "time", "aside", "left out"); for those in use rows, missing,
    distinct; histogram {"low", "high", "counts", "of": "value" | "year" | "length" | "time"} of numbers, moments and
    texts; top [{"value", "n"}] of words, masked, unless all differ; middle (median); target [{"bin", "n", "hits"}]: of
    the rows of train in each fifth of the values, or with each frequent value, how many are of the rarer of two
    classes.
    """
    source = loaded.dataset
    inputs = {column.name for column in source.inputs}
    target = source.target.name if source.target else None
    roles = {target: "target", source.person: "person", source.time: "time"}
    rare = _rarer(parts.train)
    told = []
    for column in loaded.columns:
        role = "input" if column.name in inputs else roles.get(column.name, "left out")
        fact: dict[str, Any] = {
            "name": redact(column.name),
            "kind": column.kind,
            "why": {"en": column.why.en, "zh": column.why.zh},
            "role": role,
        }
        if column.name in source.frame.columns:
            fact["role"] = "aside" if role == "left out" else role
            values = _all(loaded, column.name)
            fact |= {"rows": len(values), "missing": values.null_count(), "distinct": values.drop_nulls().n_unique()}
            if column.name in loaded.personal:  # its values are somebody's
                told.append(fact)
                continue
            fact |= _spread(values, column)
            if role == "input" and rare is not None:
                fact["target"] = {"class": redact(rare), "groups": _groups(parts.train, column, rare)}
        told.append(fact)
    return told


def class_counts(loaded: Loaded, parts: Split) -> list[dict[str, Any]]:
    """How many rows of each class train, dev and sealed have, the most frequent first; empty without classes, and for a
    target of free text."""
    target = loaded.dataset.target
    if target is None or not loaded.classes or free_text(loaded):
        return []
    every = (parts.train, parts.dev, parts.sealed)
    counts = [Counter(label for labels in labels_in(part) for label in labels) for part in every]
    known = sorted({name for count in counts for name in count}, key=lambda name: (-sum(c[name] for c in counts), name))
    return [
        {"class": redact(str(name)), "train": counts[0][name], "dev": counts[1][name], "sealed": counts[2][name]}
        for name in known
    ]


def _word(value: object, masks: list[str] | None = None) -> str:
    """A value as it may be shown; alone in a cell, May and Jan are months and nobody's name."""
    text = tidy(str(value))
    return (text if _MONTHS.fullmatch(text) else redact(text, masks))[:CHARACTERS]


def _all(loaded: Loaded, name: str) -> pl.Series:
    parts = [loaded.dataset.frame[name]]
    if loaded.test is not None and name in loaded.test.frame.columns:
        parts.append(loaded.test.frame[name])
    return pl.concat(parts)


def _spread(values: pl.Series, column: Column) -> dict[str, Any]:
    known = values.drop_nulls()
    if known.is_empty():
        return {}
    if column.kind == "text":
        return {"histogram": _histogram(known.str.len_chars().cast(pl.Float64), "length")}
    if known.dtype.is_numeric():
        numbers = known.cast(pl.Float64).clip(-LARGEST, LARGEST)
        of = "year" if _are_years(numbers.to_numpy()) else "value"
        return {"histogram": _histogram(numbers, of), "middle": numbers.median()}
    if known.dtype.is_temporal():
        return {"histogram": _histogram(known.to_physical().cast(pl.Float64) / 1e6, "time")}
    if column.kind in ("id",):
        return {}
    words = known.cast(pl.String)
    masks = [mask for mask in entries("mask") if mask != "ip"] if holds_versions(words) else None  # as 1.194.0.2 is
    most = _frequent(words)
    return {"top": [{"value": _word(value, masks), "n": n} for value, n in most]} if most[0][1] > 1 else {}


def _frequent(words: pl.Series) -> list[tuple[str, int]]:
    """At most TOP values, the most frequent first and equally frequent ones by name, with how many rows have each."""
    counts = words.drop_nulls().rename("value").value_counts(name="n")
    return counts.sort("n", "value", descending=[True, False]).head(TOP).rows()


def _histogram(numbers: pl.Series, of: str) -> dict[str, Any]:
    """Counts in equal bins from the smallest to the largest value; the few farthest of a long tail share its end."""
    values = numbers.to_numpy()
    low, high = float(values.min()), float(values.max())
    end = float(np.quantile(values, 0.995))
    cut = end if high > low and (end - low) < 0.25 * (high - low) and end > low else high
    whole = bool(np.all(values == np.round(values))) and cut - low < BINS
    bins = max(int(cut - low) + 1, 1) if whole else BINS
    edges = (low - 0.5, cut + 0.5) if whole else (low, cut if cut > low else low + 1)
    if (edges[1] - edges[0]) / bins <= 2 * np.spacing(max(map(abs, edges))):  # numbers too large to lie apart
        bins, edges = 1, (low, float(np.nextafter(cut, np.inf)))
    counts = np.histogram(np.minimum(values, cut), bins=bins, range=edges)[0]
    return {"low": low, "high": high, "cut": cut if cut < high else None, "counts": counts.tolist(), "of": of}


def _rarer(train: Dataset) -> str | None:
    """The rarer of two classes; None when there are not exactly two."""
    if train.target is None or train.target.kind != "category":
        return None
    counts = Counter(train.values(train.target.name))
    return min(sorted(counts), key=lambda name: counts[name]) if len(counts) == 2 else None


def _groups(train: Dataset, column: Column, rare: str) -> list[dict[str, Any]]:
    if train.target is None:
        return []
    hit = (train.frame[train.target.name] == rare).to_numpy()
    values = train.frame[column.name]
    if column.kind in ("id", "list"):
        return []
    if column.kind == "text":
        values = values.str.len_chars().cast(pl.Float64)
    gone = values.is_null().to_numpy()
    found = []
    if values.dtype.is_numeric():
        found = _bins(values.cast(pl.Float64).clip(-LARGEST, LARGEST).to_numpy(), hit)
    elif not values.dtype.is_temporal():
        words = values.cast(pl.String)
        for value, _ in _frequent(words):
            found.append(_group(_word(value), (words == value).fill_null(False).to_numpy(), hit))
    if found and gone.sum() >= 20:
        found.append(_group("", gone, hit))
    return [group for group in found if group["n"] >= 10]


def _bins(numbers: np.ndarray, hit: np.ndarray) -> list[dict[str, Any]]:
    """A group for each value where there are few, or that a fifth of the rows has; of the others about equal parts,
    none around a value that is alone, each named by its smallest and largest value."""
    known = numbers[np.isfinite(numbers)]
    values, counts = np.unique(known, return_counts=True)
    alone = values if len(values) <= TOP else values[GROUPS * counts >= len(known)]
    years = _are_years(known)
    found = [(value, _group(figure(value, years), numbers == value, hit)) for value in alone]
    rest = known[~np.isin(known, alone)]
    if rest.size:
        free = np.isfinite(numbers) & ~np.isin(numbers, alone)
        inner = np.quantile(rest, np.linspace(0, 1, max(GROUPS - len(alone), 1) + 1)[1:-1])
        place = np.searchsorted(np.unique([*inner, *alone]), numbers, side="right")
        for at in np.unique(place[free]):
            mine = free & (place == at)
            ends = dict.fromkeys(figure(end, years) for end in (numbers[mine].min(), numbers[mine].max()))
            found.append((numbers[mine].min(), _group(" – ".join(ends), mine, hit)))
    return [group for _, group in sorted(found, key=lambda one: one[0])]


def _are_years(numbers: np.ndarray) -> bool:
    """Whether all of a column's numbers may be years."""
    whole = bool(numbers.size) and bool((numbers % 1 == 0).all())
    return whole and float(numbers.min()) >= 1000 and float(numbers.max()) < 3000


def figure(number: float, years: bool = False) -> str:
    """A number as people write it: 30,500 and not 3.05e+04, every digit of a whole part and of others four in all."""
    size = abs(number)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{number:.4g}"
    if years:
        return f"{number:.0f}"
    places = 0 if size >= 1000 or number == round(number) else 3 - max(math.floor(math.log10(size)), -4)
    text = f"{number:,.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def _group(name: str, mine: np.ndarray, hit: np.ndarray) -> dict[str, Any]:
    return {"bin": name, "n": int(mine.sum()), "hits": int((mine & hit).sum())}
