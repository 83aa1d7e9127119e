"""Cleans whole columns as `steps.clean` does one value, finding with polars the few rows in which anything changes."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.contract import CleanSpec
from zhinan.core import Column, Dataset
from zhinan.data.notations import read_lists
from zhinan.data.types import Split
from zhinan.steps.clean import Rule, clean_list, clean_text, is_missing, missing_words, rules_of
from zhinan.steps.table import LARGEST
from zhinan.steps.tidying import UNTIDY

__all__ = ["CLEANED", "Counts", "Limits", "blanked", "cleaned", "limited", "limits_of", "step_options"]

CLEANED = ("text", "category", "id", "list")
"""Kinds of columns whose values are texts."""

FENCE = 3.0
"""Numbers further from the quartiles than this many quartile ranges are outliers (Tukey, 1977: far out)."""

Limits = dict[str, tuple[float, float]]
"""Number column → lowest and highest value."""

Counts = dict[str, dict[str, int]]
"""Rule → column → values that it changed."""


def blanked(frame: pl.DataFrame, spec: CleanSpec, keep: Collection[str]) -> tuple[pl.DataFrame, Counts]:
    """A frame of tidied texts without the words that the contract calls missing, in whatever column but `keep`."""
    words = missing_words(spec.missing, rules_of(**spec.texts()))
    counts = {}
    for column in frame.get_columns():
        if words and column.dtype == pl.String and column.name not in keep:
            distinct = column.drop_nulls().unique()
            gone = distinct.filter(pl.Series([is_missing(text, words) for text in distinct], dtype=pl.Boolean))
            absent = column.is_in(gone.implode()).fill_null(False)
            if absent.any():
                counts[column.name] = int(absent.sum())
                frame = frame.with_columns(column.set(absent, None))
    return frame, {"missing": counts} if counts else {}


def cleaned(
    frame: pl.DataFrame, columns: Mapping[str, Column], spec: CleanSpec, keep: Collection[str]
) -> tuple[pl.DataFrame, Counts]:
    """A frame of tidied texts with every text, category and list cleaned, in whatever column but `keep`.

    A list becomes the one text by which it travels; one that cannot be read stays for typing to refuse.
    """
    rules = rules_of(**spec.texts())
    words = missing_words(spec.missing, rules)
    found: Counter[tuple[str, str]] = Counter()
    done = []
    for series in frame.get_columns():
        column = columns.get(series.name)
        if column is None or series.name in keep or column.kind not in CLEANED:
            done.append(series)
        elif column.kind == "list":
            lists = read_lists(series, column.notation)
            again = [None if text is None else clean_list(text, rules, words) for text in lists]
            found["list", series.name] += sum(a != b for a, b in zip(lists, again, strict=True))
            done.append(pl.Series(series.name, again, pl.String).fill_null(series))
        else:
            done.append(_texts(series, rules, words, found))
    counts: Counts = {}
    for (rule, name), n in found.items():
        if n:
            counts.setdefault(rule, {})[name] = n
    return pl.DataFrame(done), counts


def _texts(
    series: pl.Series, rules: Sequence[Rule], words: frozenset[str], found: Counter[tuple[str, str]]
) -> pl.Series:
    series, rows = _swapped(series, rules, words, found)
    if not rows:
        return series
    values: list[str | None] = []
    for text in series.gather(rows):
        told: set[str] = set()
        clean = clean_text(text, rules, told.add)
        gone = not clean or is_missing(clean, words)
        found.update((rule, series.name) for rule in told)
        values.append(None if gone else clean)
    return series.clone().scatter(rows, pl.Series(values, dtype=pl.String))


def _swapped(
    series: pl.Series, rules: Sequence[Rule], words: frozenset[str], found: Counter[tuple[str, str]]
) -> tuple[pl.Series, list[int]]:
    """The column with each row done in which putting letters in place of others is all there is to do, and the others.

    Full-width letters and 汉字 of the other form fill whole columns; polars swaps them many times faster than Python.
    """
    swaps = [rule for rule in rules if rule.letters]
    if not swaps:
        return series, np.flatnonzero(_worth(series, rules)).tolist()
    others = [rule for rule in rules if not rule.letters]
    may = {rule.name: _may_swap(series, rule) for rule in swaps}
    rest = _may(series, *others)
    rows = np.flatnonzero(np.logical_or.reduce([rest, *may.values()]))
    texts, plain = series.gather(rows), ~rest[rows]
    changed = {}
    for rule in swaps:
        mine = np.flatnonzero(may[rule.name][rows])
        before = texts.gather(mine)
        after = before.str.replace_many(list(rule.letters), list(rule.letters.values()))
        texts = texts.scatter(mine, after)
        changed[rule.name] = mine[(after != before).to_numpy()]
    done = plain & (texts != "").to_numpy() & ~_worth(texts, swaps) & ~_may(texts, *others, also=UNTIDY)
    done &= (texts.str.len_chars() > max(map(len, words), default=0)).to_numpy()  # no case is shorter than its word
    for name, by in changed.items():
        found[name, series.name] += int(done[by].sum())
    return series.clone().scatter(rows[done], texts.filter(pl.Series(done))), rows[~done].tolist()


def _may(series: pl.Series, *rules: Rule, also: str = "") -> npt.NDArray[np.bool_]:
    """Rows (n,) which any of some rules may change, or which hold what is searched `also`; it misses none.

    Each search reads all texts once: one for several rules takes no longer than one for one.
    """
    sought = [f"(?:{pattern})" for pattern in (*(rule.may for rule in rules), also) if pattern]
    if not sought:
        return np.zeros(len(series), bool)
    found: npt.NDArray[np.bool_] = series.str.contains("|".join(sought)).fill_null(False).to_numpy()
    return found


def _may_swap(series: pl.Series, rule: Rule) -> npt.NDArray[np.bool_]:
    """The same of one rule; single letters alone are looked for in less than half the time."""
    if not rule.letters or rule.form:
        return _may(series, rule)
    found: npt.NDArray[np.bool_] = series.str.contains_any(list(rule.letters)).fill_null(False).to_numpy()
    return found


def _worth(series: pl.Series, rules: Sequence[Rule]) -> npt.NDArray[np.bool_]:
    """Rows (n,) which some rule may change, of the form of letters those alone which it does."""
    worth = np.zeros(len(series), bool)
    for rule in rules:
        may = _may_swap(series, rule)
        if rule.form:
            rows, form = np.flatnonzero(may), cast(Any, rule.form)
            may = np.zeros(len(series), bool)
            may[rows] = [not unicodedata.is_normalized(form, text) for text in series.gather(rows)]
        worth |= may
    return worth


def limits_of(train: Dataset, spec: CleanSpec) -> Limits:
    """Number column → lowest and highest value kept, learned from train; none for a column whose quartiles are one."""
    limits: Limits = {}
    for column in train.inputs:
        if spec.outliers != "clip" or column.kind != "number":
            continue
        values = train.frame[column.name].clip(-LARGEST, LARGEST)
        low, high = (values.quantile(q, "linear") for q in (0.25, 0.75))
        if low is not None and high is not None and high > low:
            limits[column.name] = low - FENCE * (high - low), high + FENCE * (high - low)
    return limits


def limited(parts: Split, spec: CleanSpec) -> tuple[Split, Limits, dict[str, int]]:
    """The parts with outliers of train and dev clipped, the limits, and how many values of train were outside.

    The sealed rows stay as they came: the packaged step clips them, as it will every row that is answered.
    """
    limits = limits_of(parts.train, spec)
    outside = {
        name: n
        for name, (low, high) in limits.items()
        if (n := int(((parts.train.frame[name] < low) | (parts.train.frame[name] > high)).sum()))
    }
    if not limits:
        return parts, limits, outside
    train, dev = (_clipped(part, limits) for part in (parts.train, parts.dev))
    return replace(parts, train=train, dev=dev), limits, outside


def _clipped(part: Dataset, limits: Limits) -> Dataset:
    frame = part.frame.with_columns(part.frame[name].clip(*pair) for name, pair in limits.items())
    said = json.dumps([part.fingerprint, sorted(limits.items())])
    return replace(part, frame=frame, fingerprint=hashlib.sha256(said.encode()).hexdigest())


def step_options(spec: CleanSpec, limits: Limits) -> dict[str, Any]:
    """The options of the step that does the same when serving."""
    return {
        **spec.texts(),
        "missing": sorted(spec.missing),
        "limits": {name: list(pair) for name, pair in limits.items()},
    }
