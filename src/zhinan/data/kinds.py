"""Tells what kind of values each column holds and why, and turns texts into typed values, losing none silently."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from zhinan.core import Column, Kind, UserError, Words
from zhinan.data.times import AmbiguousDateError, read_times
from zhinan.steps.mask import redact

__all__ = ["FLAGS", "IDENTIFIER", "MOMENT", "convert", "infer", "misfit"]

FLAGS: tuple[tuple[str, str], ...] = (
    ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("0", "1"), ("off", "on"), ("否", "是"), ("假", "真"),
)  # fmt: skip
"""What a flag can be written with: (not so, so), in any case."""

IDENTIFIER = re.compile(
    r"(?i:(?:^|[\W_])(?:id|ids|uuid|guid|key|hash)$)|[a-z]I[Dd]$|(?:编号|工号|学号|单号|流水号|序号)$"
)
"""What names of identifying columns look like."""

MOMENT = re.compile(
    r"(?i:(?:^|[\W_])(?:date|time|datetime|timestamp|ts|day)(?:$|[\W_])|_at$)|[a-z](?:At|Date|Time)$|日期|时间"
)
"""What names of columns with dates and times look like."""

# polars takes \d for any alphabet's digits
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_LEADING_ZERO = r"^[+-]?0[0-9]"
_WHOLE = r"^[+-]?[0-9]{1,18}$"
_UNIQUE_NAME = r"^(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-f]{24,64})$"
_FILE = r"(?i)^\S+\.(?:png|jpe?g|gif|webp|bmp|tiff?|wav|mp3|flac|ogg|mp4|pdf|docx?|txt)$"
_MISSING = (
    "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", "missing", "unknown", "\\n", "无", "缺失",
    "未知",
)  # fmt: skip


def infer(frame: pl.DataFrame, masks: Iterable[str] = ()) -> tuple[Column, ...]:
    """The kind of every column of a frame of tidied texts, with the reason.

    Args: masks: a column of numbers that are what one of these masks hides (a telephone number) is an id.
    """
    masks = tuple(masks)
    return tuple(Column(name, *_kind(frame[name], masks)) for name in frame.columns if not name.startswith("_"))


def _kind(column: pl.Series, masks: tuple[str, ...]) -> tuple[Kind, str]:
    values = column.drop_nulls()
    if values.is_empty():
        return "category", "no value at all"
    distinct = values.unique()
    named_id = IDENTIFIER.search(column.name) is not None
    lowered = set(distinct.str.to_lowercase()) if len(distinct) <= 4 else set()
    if len(lowered) == 2 and any(lowered == set(pair) for pair in FLAGS):
        return "flag", " or ".join(sorted(lowered))
    numeric = values.str.contains(_NUMBER)
    words = values.filter(~numeric).str.to_lowercase()
    if 5 * len(words) <= len(values) and words.is_in(_MISSING).all() and not values.str.contains(_LEADING_ZERO).any():
        return _of_numbers(column.name, values.filter(numeric), len(words), named_id, masks)
    if (why := _as_time(column.name, distinct)) is not None:
        return "time", why
    if not values.str.contains(r"\s").any():
        if named_id and not distinct.str.contains(r"\p{Han}").all():
            return "id", "named like an identifier"
        if len(distinct) == len(values) >= 3 and values.str.contains(_UNIQUE_NAME).all():
            return "id", "a different unique name in each row"
        if distinct.str.contains(_FILE).all():
            return "id", "names a file"
    return _words(values, distinct)


def _words(values: pl.Series, distinct: pl.Series) -> tuple[Kind, str]:
    length = sum(distinct.str.len_chars()) / len(distinct)
    repeated = len(values) / len(distinct)
    if length <= 50 and repeated >= (2 if len(distinct) <= 20 else 5):
        return "category", f"{len(distinct)} different values, each {repeated:.1f} times"
    return "text", f"{len(distinct)} different values of {length:.0f} characters"


def _of_numbers(
    name: str, numbers: pl.Series, missing: int, named_id: bool, masks: tuple[str, ...]
) -> tuple[Kind, str]:
    note = f", {missing} missing" if missing else ""
    if numbers.str.contains(_WHOLE).all():
        if masks and all(redact(v, masks) != v for v in numbers.head(50)):
            return "id", "numbers that a mask hides"
        whole = numbers.cast(pl.Int64)
        if named_id:
            return "id", "named like an identifier"
        if MOMENT.search(name) and all(read_times(numbers.head(50), numeric=True).values()):
            return "time", "moments written as numbers" + note
        ordered = whole.unique()
        if len(ordered) == len(whole) >= 50 and _spread(ordered.to_list()) <= 2 * len(whole):
            return "id", "numbers the rows"
    return "number", f"every value is a number{note}"


def _spread(values: list[int]) -> int:
    return max(values) - min(values) + 1


def _as_time(name: str, distinct: pl.Series) -> str | None:
    if (distinct.str.len_chars() > 40).any() or not all(_reads(distinct.head(20).to_list())):
        return None
    return "every value is a date" if all(_reads(distinct.to_list())) else None


def _reads(values: list[str]) -> list[bool]:
    try:
        return [moment is not None for moment in read_times(values).values()]
    except AmbiguousDateError:
        return [False]


def misfit(kind: Kind) -> Words:
    """Why a value is refused that is not of this kind."""
    return {
        "number": Words("not a number", "不是数字"),
        "flag": Words("neither yes nor no", "既非是也非否"),
        "time": Words("not a date or time", "不是日期或时间"),
    }.get(kind, Words(f"not of kind {kind}", f"不是 {kind} 类型"))


def convert(column: pl.Series, kind: Kind, where: str = "") -> tuple[pl.Series, pl.Series]:
    """A column of texts as typed values, and which of them do not fit (Boolean; null itself always fits).

    Words for "missing" (NA, null, -, 无 …) are missing in number, flag and time columns, and ordinary words elsewhere.

    Raises: UserError E112 for image or audio, E113 when day and month cannot be told apart.
    """
    if kind in ("text", "category", "id"):
        return column, pl.repeat(False, len(column), eager=True)
    if kind not in ("number", "flag", "time"):
        raise UserError("E112", where, name=column.name, kind=kind)
    lowered = column.str.to_lowercase()
    known = column.set(lowered.is_in(_MISSING).fill_null(False), None)
    if kind == "number":
        numeric = known.str.contains(_NUMBER).fill_null(False)
        typed = known.set(~numeric, None).cast(pl.Float64)
        typed = typed.set(typed.is_infinite().fill_null(False), None)
    elif kind == "flag":
        meaning = {word: so for pair in FLAGS for word, so in zip(pair, (False, True), strict=True)}
        typed = lowered.replace_strict(meaning, default=None, return_dtype=pl.Boolean)
    else:
        try:
            moments = read_times(known.drop_nulls(), numeric=True)
        except AmbiguousDateError as error:
            raise UserError("E113", where, name=column.name, example=error.example) from error
        typed = pl.Series(column.name, [moments[v] if v is not None else None for v in known], pl.Datetime("us"))
    return typed, typed.is_null() & known.is_not_null()
