"""Checks of one column at a time: missing, constant, far out, stand-ins for missing, mixed, wrongly decoded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column
from zhinan.data.codes import PAIRS
from zhinan.data.findings import finding
from zhinan.data.moments import nearly_times
from zhinan.data.rows import Rows
from zhinan.data.types import Finding
from zhinan.data.variants import variants
from zhinan.steps.table import LARGEST
from zhinan.steps.values.languages import language_of
from zhinan.steps.values.words import MISSING, ORDINARY

__all__ = ["check_columns", "isolated", "multiple", "outlying"]

FAR = 10.0
"""Robust standard deviations from the median, on the scale where the values look most like a bell, that are far."""

NEARLY, RARE, SOME = 0.995, 5, 200
"""Share of one value that makes a column nearly constant; rows below which a value is rare; rows to judge by."""

_MOJIBAKE = r"Ã[\x{80}-\x{BF}¡-¿]|â€[™œ\x{9D}“”¦]|Â[ £©®°»]|ï»¿|锟斤拷|烫烫烫|\x{FFFD}"
_SENTINELS = (-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0)
_NUMBER = r"^[+-]?[0-9]+(?:[.,][0-9]+)?$"
_NUMBERS_FOR_MISSING = ("0", "-1", "-9", "-99", "-999", "99", "999", "9999")
_SOME_JSON = 0.05
_WORD_FOR_MISSING = sorted(MISSING - ORDINARY)


def check_columns(
    rows: Rows,
    inputs: Iterable[Column],
    times: Iterable[str],
    now: dt.datetime,
    dates: str = "",
    zone: str = "",
    target: Column | None = None,
) -> list[Finding]:
    """What is to say about the input columns, about moments wherever they stand, and about a target of numbers.

    Args: dates: what 03/04/2024 means where a column does not say. zone: on whose clock moments are read.
    """
    inputs = tuple(inputs)
    frame = rows.frame
    found = _gaps(rows, inputs)
    found += _equal(frame, inputs)
    numbers = (*inputs, target) if target is not None and target.kind == "number" else inputs
    found += _far_out(rows, [c.name for c in numbers if c.kind == "number"])
    found += _stand_ins(rows, numbers)
    found += _moments(rows, times, now)
    texts = [c.name for c in inputs if c.kind == "text"]
    found += _texts(rows, texts)
    mixed: list[str | tuple[str, ...]] = [
        f"{c.name}: {c.why.en}" if c.notation.get("units") == "mixed" else (f"{c.name}:", *_in_the_way(frame[c.name]))
        for c in inputs
        if c.notation.get("units") == "mixed" or _half_numbers(frame, c)
    ]
    found += [finding("mixed_values", len(mixed), mixed)] if mixed else []
    found += _nearly_dates(frame, [c.name for c in inputs if c.kind in ("text", "category")], dates, zone)
    nested = [c.name for c in inputs if c.kind in ("text", "category") and _is_json(frame[c.name].drop_nulls())]
    pairs = [(f"{c.name}:", frame[c.name].drop_nulls()[0]) for c in inputs if _holds_pairs(frame[c.name], c.kind)]
    found += [finding("paired_numbers", len(pairs), pairs)] if pairs else []
    found += [finding("nested_values", len(nested), nested)] if nested else []
    alike = {c.name: _variants(frame[c.name]) for c in inputs if c.kind == "category"}
    groups = [(f"{name}:", *group) for name, groups in alike.items() for group in groups]
    found += [finding("value_variants", len(groups), groups)] if groups else []
    rare = {c.name: _rare(frame[c.name]) for c in inputs if c.kind == "category"}
    if sum(rare.values()):
        shown = [f"{name}: {n:,}" for name, n in sorted(rare.items(), key=lambda item: -item[1]) if n]
        found.append(finding("rare_values", sum(rare.values()), shown))
    return found


def _equal(frame: pl.DataFrame, inputs: Iterable[Column]) -> list[Finding]:
    """Columns that hold in every row what one before them holds, unless that is one value throughout."""
    first: dict[tuple[object, ...], list[str]] = {}
    same = []
    for name in (column.name for column in inputs):
        values = frame[name]
        if values.n_unique() < 2:
            continue
        alike = first.setdefault((values.dtype, values.null_count(), *values.head(20)), [])
        twin = next((other for other in alike if frame[other].equals(values, null_equal=True)), None)
        if twin is None:
            alike.append(name)
        else:
            same.append(f"{name} = {twin}")
    return [finding("equal_columns", len(same), same)] if same else []


def _gaps(rows: Rows, inputs: tuple[Column, ...]) -> list[Finding]:
    frame, found = rows.frame, []
    missing = {c.name: frame[c.name].null_count() for c in inputs if frame[c.name].null_count()}
    if missing:
        most = sorted(missing.items(), key=lambda item: -item[1])
        shares = {name: n / frame.height for name, n in most}
        shown = [f"{name}: {n:,} ({f'{shares[name]:.0%}' if shares[name] >= 0.01 else '<1%'})" for name, n in most]
        found.append(finding("missing_values", sum(missing.values()), shown))
    constant = [c.name for c in inputs if frame[c.name].drop_nulls().n_unique() < 2]
    if constant:
        found.append(finding("constant_columns", len(constant), constant))
    nearly = []
    for column in inputs:
        values = frame[column.name]
        if column.name not in constant and column.kind != "text" and len(values) >= SOME:
            share = float(values.value_counts()["count"].max()) / len(values)  # type: ignore[arg-type]
            nearly += [f"{column.name}: {share:.1%}"] if share >= NEARLY else []
    return found + ([finding("nearly_constant", len(nearly), nearly)] if nearly else [])


def outlying(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which numbers lie FAR robust deviations from the median, shape (n,): both as they are and, when they are all
    positive, as logarithms, so that a long tail is no outlier.

    Source: median and MAD, Hampel, JASA 69 (1974). A column whose middle half is one value has none.
    """
    values = values.clip(-LARGEST, LARGEST)
    far = _far(values)
    if far.any() and np.nanmin(values) > 0:
        far &= _far(np.log(values))
    return far


def _far(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    middle = np.nanmedian(values)
    spread = 1.4826 * np.nanmedian(np.abs(values - middle))
    if not spread > 0:
        return np.zeros(len(values), bool)
    found: npt.NDArray[np.bool_] = np.abs(values - middle) > FAR * spread
    return found


def _small(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Positive numbers that lie FAR below the median as logarithms: as they are, no small one lies far from 50 ± 5."""
    if not np.nanmin(values) > 0:
        return np.zeros(0, np.int64)
    return np.flatnonzero(_far(np.log(values)) & (values < np.nanmedian(values)))


def _far_out(rows: Rows, names: list[str]) -> list[Finding]:
    found: dict[str, dict[str, tuple[npt.NDArray[np.int64], str]]] = {"outliers": {}, "other_units": {}}
    for name in names:
        values = rows.frame[name].to_numpy()
        if np.isfinite(values).sum() < SOME:
            continue
        far = np.flatnonzero(outlying(values))
        far = far[np.argsort(-np.abs(values[far]), kind="stable")]
        if 0 < far.size <= 0.01 * values.size:  # more than that is how the column is, unless nothing lies between
            found["outliers"][name] = far, f"{name}: {far.size:,}"
            continue
        for group in (far, _small(values)):
            times = multiple(values, group) if 0 < group.size <= 0.05 * values.size else 0
            if not times:
                continue
            told = f"about {times:,.10g} times the rest" if times > 1 else f"about 1/{1 / times:,.0f} of the rest"
            found["other_units"][name] = group, f"{name}: {group.size / values.size:.1%}, {told}"
            break
    return [
        finding(
            code,
            sum(far.size for far, _ in columns.values()),
            [(*rows.shown([int(far[0])], [name])[0], told) for name, (far, told) in columns.items()],
            columns=len(columns),
        )
        for code, columns in found.items()
        if columns
    ]


def multiple(values: npt.NDArray[np.float64], far: npt.NDArray[np.int64]) -> float:
    """How many times as large as the rest some values are, by medians, to one digit; 0 where they are no group apart.

    They are one where the median of the rest is positive, and the gap between them and the rest is tenfold at least,
    and wider than from that median to the value of the rest that is nearest to them. Groups of small values are told
    where all values are positive: 0 and -1 stand for what is missing.
    """
    rest = np.delete(values, far)
    rest = rest[np.isfinite(rest)]
    middle, group = np.median(rest), values[far]
    if not middle > 0:
        return 0.0
    times = np.median(group) / middle
    above = group.min() >= max(10.0, rest.max() / middle) * rest.max()
    if above:
        return float(f"{times:.1g}")
    below = min(rest.min(), group.min()) > 0 and rest.min() >= max(10.0, middle / rest.min()) * group.max()
    return 1 / float(f"{1 / times:.1g}") if below else 0.0


def isolated(values: npt.NDArray[np.float64]) -> list[tuple[float, int]]:
    """Values that stand for "missing": zero or a number such as −1 or 999, repeated, at an end, far from its neighbour.

    Zero counts only where the next value is at least six times as far as neighbours usually are at that end.
    """
    levels, counts = np.unique(values[np.isfinite(values)].clip(-LARGEST, LARGEST), return_counts=True)
    found = []
    if len(levels) < 15:
        return []
    for at, ends in ((0, levels[1:22]), (len(levels) - 1, levels[-22:-1])):
        value, count = float(levels[at]), int(counts[at])
        nearest = ends[0] if at == 0 else ends[-1]
        usual = float(np.median(np.diff(ends)))
        special = value in _SENTINELS or (value == 0 and at == 0)
        if special and count >= 3 and abs(nearest - value) > 6 * usual and count >= np.median(counts):
            found.append((value, count))
    return found


def _stand_ins(rows: Rows, inputs: tuple[Column, ...]) -> list[Finding]:
    total = 0
    shown: list[str | tuple[str, ...]] = []
    for column in inputs:
        values = rows.frame[column.name]
        if column.kind == "number":
            odd = isolated(values.drop_nulls().to_numpy())
            total += sum(n for _, n in odd)
            shown += [f"{column.name} = {value:g}: {n:,}" for value, n in odd]
        elif column.kind in ("category", "text"):
            hits = _stands_for_missing(values).fill_null(False)
            if int(hits.sum()) < 3:
                hits = _odd_digit(values)
            if n := int(hits.sum()):
                total += n
                shown.append((*rows.shown(hits.arg_true().to_list(), [column.name])[0], f"{column.name}: {n:,}"))
    return [finding("stand_ins", total, shown)] if total else []


def _moments(rows: Rows, times: Iterable[str], now: dt.datetime) -> list[Finding]:
    total, shown = 0, []
    zeros = [dt.datetime(1970, 1, 1), dt.datetime(1900, 1, 1), dt.datetime(1899, 12, 30)]
    for name in times:
        odd = ((rows.frame[name] > now + dt.timedelta(days=1)) | rows.frame[name].is_in(zeros)).fill_null(False)
        if n := int(odd.sum()):
            total += n
            shown.append((*rows.shown(odd.arg_true().to_list(), [name])[0], f"{name}: {n:,}"))
    return [finding("odd_dates", total, shown)] if total else []


def _texts(rows: Rows, names: list[str]) -> list[Finding]:
    broken: list[tuple[str, ...]] = []
    odd: list[tuple[str, ...]] = []
    counts = {"broken": 0, "odd": 0}
    found = []
    for name in names:
        values = rows.frame[name]
        wrong = values.str.contains(_MOJIBAKE).fill_null(False)
        counts["broken"] += int(wrong.sum())
        broken += rows.shown(wrong.arg_true().to_list(), [name])
        length = values.str.len_chars().fill_null(0).to_numpy().astype(float)
        strange = (length > 0) & outlying(np.maximum(length, 1.0))
        if 0 < strange.sum() <= 0.01 * len(values):
            counts["odd"] += int(strange.sum())
            odd += rows.shown(np.flatnonzero(strange).tolist(), [name])
        found += _languages(values)
    found += [finding("mojibake", counts["broken"], broken)] if counts["broken"] else []
    return found + ([finding("odd_lengths", counts["odd"], odd)] if counts["odd"] else [])


def _languages(values: pl.Series) -> list[Finding]:
    """Says which languages a column is in when a second one has at least one row in twenty, by at most 2,000 rows."""
    known = values.drop_nulls()
    step = max(1, len(known) // 2000)
    spoken = pl.Series([language_of(text) for text in known.gather_every(step)], dtype=pl.String)
    counts: Mapping[str, Any] = dict(spoken.filter(spoken != "").value_counts(sort=True).iter_rows())
    total = sum(counts.values())
    shares = {language: n / total for language, n in counts.items() if n >= 0.05 * total}
    if len(shares) < 2:
        return []
    told = ", ".join(f"{language} {share:.0%}" for language, share in shares.items())
    return [finding("languages", len(shares), [f"{values.name}: {told}"], shares=told)]


def _half_numbers(frame: pl.DataFrame, column: Column) -> bool:
    """Whether a column of words is mostly numbers: half to nearly all of its values."""
    if column.kind not in ("text", "category"):
        return False
    values = frame[column.name].drop_nulls()
    words = values.filter(~_stands_for_missing(values))
    share = words.str.contains(_NUMBER).mean()
    return isinstance(share, float) and 0.5 < share < 1.0


def _nearly_dates(frame: pl.DataFrame, names: list[str], dates: str, zone: str) -> list[Finding]:
    """Columns of words of which half are dates, or whose day and month, or zone, nobody can tell."""
    few: list[str | tuple[str, ...]] = []
    unclear: list[str | tuple[str, ...]] = []
    zones: list[str | tuple[str, ...]] = []
    for name in names:
        if (nearly := nearly_times(frame[name].drop_nulls(), dates, zone)) is None:
            continue
        if nearly.letters:
            zones.append(f"{name}: {nearly.letters}")
        elif nearly.unclear:
            unclear.append((f"{name}:", nearly.unclear))
        elif len(nearly.others):
            others = frame[name].filter(frame[name].is_in(nearly.others.implode()).fill_null(False))
            said = others.filter(~_stands_for_missing(others))
            few.append((f"{name}:", *_most_frequent(said if len(said) else others)))
    found = [finding("mixed_dates", len(few), few)] if few else []
    found += [finding("unclear_dates", len(unclear), unclear)] if unclear else []
    return found + ([finding("unclear_zones", len(zones), zones)] if zones else [])


def _holds_pairs(values: pl.Series, kind: str) -> bool:
    """Whether nearly every cell holds several numbers."""
    share = values.str.contains(PAIRS).mean() if kind == "text" else 0.0
    return isinstance(share, float) and share > 0.9


def _variants(values: pl.Series) -> list[list[str]]:
    """Groups of values that differ in case, width or punctuation only, each value with how often it occurs."""
    counts = dict(values.drop_nulls().value_counts().iter_rows())
    return [[f"{word} ({counts[word]:,})" for word in group] for group in variants(counts)]


def _is_json(values: pl.Series) -> bool:
    """Whether more than a few texts are JSON objects or lists of such, as they look."""
    share = values.str.contains(r'^\{\s*(?:"[^"]*"\s*:.*)?\}$|^\[\s*[\[{].*\]$').mean()
    return isinstance(share, float) and share > _SOME_JSON


def _in_the_way(values: pl.Series) -> list[str]:
    """The words that keep a column from being one of numbers, the most frequent first."""
    return _most_frequent(values.filter(~values.str.contains(_NUMBER) & ~_stands_for_missing(values)))


def _stands_for_missing(values: pl.Series) -> pl.Series:
    return values.str.to_lowercase().is_in(_WORD_FOR_MISSING)


def _odd_digit(values: pl.Series) -> pl.Series:
    """Where a number that stands for missing is the one value of a column of many rows that has digits, as 0 among
    names of days."""
    known = values.drop_nulls()
    digits = known.filter(known.str.contains(r"\d")).unique()
    odd = len(digits) == 1 and digits[0] in _NUMBERS_FOR_MISSING and len(known) >= SOME
    return values.is_in([digits[0]] if odd else []).fill_null(False)


def _most_frequent(words: pl.Series) -> list[str]:
    counts = words.value_counts().sort("count", words.name, descending=[True, False]).head(3)
    return [f"{word} ({n:,})" for word, n in counts.iter_rows()]


def _rare(values: pl.Series) -> int:
    counts = values.drop_nulls().value_counts()["count"]
    return int((counts < RARE).sum()) if len(values) >= SOME else 0
