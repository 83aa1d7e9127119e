"""Tells what kind of values each column holds and why, and turns texts into typed values, losing none silently."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from zhinan.core import Column, Kind, MaskSpec, UserError, Words
from zhinan.data.codes import codes_in
from zhinan.data.masking import held_by, personal_numbers
from zhinan.data.moments import LONGEST, MOMENT, called_date, nearly_times
from zhinan.data.notations import (
    PLAIN_NUMBER,
    nested_notation,
    notation_of,
    number_notation_of,
    order_of,
    own_notation_of,
    plain_times,
    read_lists,
    read_numbers,
    read_times,
    said_of,
    spread,
    words_of,
    zones_of,
)  # fmt: skip
from zhinan.data.reasons import but_for, listed, reason
from zhinan.data.strays import (
    LEADING_ZERO,
    LONGEST_NUMBER,
    may_be_number,
    mostly_said,
    reads_as_number,
    slips_of,
    word_for_missing,
)
from zhinan.steps.values.languages import language_of_many
from zhinan.steps.values.lists import list_notation
from zhinan.steps.values.nested import BLANK
from zhinan.steps.values.numbers import MixedUnitsError, missing_numbers
from zhinan.steps.values.orders import MINGUO, SHORT, AmbiguousDateError
from zhinan.steps.values.times import day_month_order, read_time, shows_short_years
from zhinan.steps.values.units import LETTERED, LETTERS
from zhinan.steps.values.words import FLAGS, MEANING, MISSING
from zhinan.steps.values.written import WHOLE
from zhinan.steps.values.zones import UnclearZoneError

__all__ = ["CLASSES", "IDENTIFIER", "convert", "explicit", "infer", "misfit"]

CLASSES = 50
"""A target of numbers with more different values than this is a number, else its values are classes."""

IDENTIFIER = re.compile(
    r"(?i:(?:^|[\W_])(?:id|ids|uuid|guid|key|hash)$)|[a-z]I[Dd]$|(?:编号|工号|学号|单号|流水号|序号)$"
)
"""What names of identifying columns look like."""

_WHOLE = r"^[+-]?[0-9]{1,18}$"
_LONG_NUMBER = r"^[1-9][0-9]{16,}$"
_UNIQUE_NAME = r"^(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-f]{24,64})$"
_PICTURE = r"(?i)^.+\.(?:png|jpe?g|gif|webp|bmp|tiff?|npz#[0-9]+)$"
_RECORDING = r"(?i)^.+\.(?:wav|mp3|flac|ogg)$"
_FILE = r"(?i)^\S+\.(?:png|jpe?g|gif|webp|bmp|tiff?|wav|mp3|flac|ogg|mp4|pdf|docx?|txt)$"
_LANGUAGES = {
    "en": Words("English", "英文"),
    "zh": Words("中文", "中文"),
    "other": Words("another language", "其他语言"),
    "mixed": Words("several languages", "多种语言"),
    "": Words("no letters", "没有文字"),
}

_Found = tuple[Kind, Words, dict[str, str]]


def infer(
    frame: pl.DataFrame, masks: Iterable[str | MaskSpec] = (), dates: str = "", zone: str = ""
) -> tuple[Column, ...]:
    """The kind of every column of a frame of tidied texts, with the reason and how its values are written.

    Args:
        masks: a column of numbers that are what one of these masks hides (a telephone number) is an id, and so is one
            that is called after it.
        dates: what 03/04/2024 means where a column's dates do not say. zone: on whose clock moments are read.
    """
    masks = tuple(masks)
    ours = [frame[name] for name in frame.columns if not name.startswith("_")]
    found = {one.name: _kind(one, masks, dates, zone) for one in ours}
    for one in ours:
        kind, why, notation = found[one.name]
        if kind in ("text", "category"):
            found[one.name] = kind, why, {**notation, **nested_notation(one)}
    for name, slips in slips_of([one for one in ours if found[one.name][0] not in ("number", "time", "flag")]).items():
        found[name] = _kind(frame[name], masks, dates, zone, slips)
    return tuple(Column(name, *kind) for name, kind in found.items())


def explicit(column: pl.Series, kind: Kind, why: Words, where: str = "", dates: str = "", zone: str = "") -> Column:
    """A column whose kind somebody said, with how its values are written.

    Raises: UserError E113 when day and month cannot be told apart, E171 for letters of several zones, E170 for mixed
        units.
    """
    try:
        nested = nested_notation(column) if kind == "category" else {}
        return Column(column.name, kind, why, {**notation_of(column.drop_nulls(), kind, dates, zone), **nested})
    except AmbiguousDateError as error:
        raise UserError("E113", where, name=column.name, example=error.example) from error
    except UnclearZoneError as error:
        raise UserError("E171", where, name=column.name, letters=error.letters) from error
    except MixedUnitsError as error:
        shown = ", ".join(f"{unit}: {n}" for unit, n in error.counts.items())
        raise UserError("E170", where, name=column.name, units=shown) from error


def _kind(
    column: pl.Series, masks: tuple[str | MaskSpec, ...], dates: str, zone: str, slips: pl.Series | None = None
) -> _Found:
    values = column.drop_nulls()
    if values.is_empty():
        return "category", reason("nothing"), {}
    distinct = values.unique()
    if (held := held_by(distinct, (mask for mask in masks if not _own(mask)))) is not None:
        return "id", reason("masked_name", mask=held), words_of(distinct)
    named_id = IDENTIFIER.search(column.name) is not None
    lowered = set(distinct.str.to_lowercase()) if len(distinct) <= 4 else set()
    if len(lowered) == 2 and any(lowered == set(pair) for pair in FLAGS):
        return "flag", reason("flag", words=" / ".join(sorted(lowered))), {}
    numeric = values.str.contains(PLAIN_NUMBER)
    mixed = None
    try:
        meant = values if slips is None else values.filter(~values.is_in(slips.implode()))
        if (number := _as_number(meant, named_id, masks)) is not None:
            kind, why, written = number
            why = but_for(why, len(slips)) if slips is not None else why
            return kind, why, {**written, **({"zone": zone} if zone and kind == "time" else {})}
    except MixedUnitsError as error:
        mixed = _several(error)
    if (found := _as_time(distinct, dates, zone)) is not None:
        return found
    if (notation := list_notation(spread(said_of(values)))) is not None:
        how = "JSON" if notation["separator"] == "json" else f"'{notation['separator']}'"
        return "list", reason("list", how=how), notation_of(values, "list")
    try:
        said = not (mixed or named_id) and mostly_said(values, values)
        if said and (owned := own_notation_of(values)) is not None:
            return "number", listed([reason("number"), reason("unit", unit=owned["unit"])]), owned
    except MixedUnitsError as error:
        mixed = _several(error)
    if (found := _names(values, distinct, named_id)) is not None:
        return found
    coded = bool(values.str.contains(LEADING_ZERO).any()) or 2 * int(numeric.sum()) < len(values)
    return _of_words(values, mixed, coded, dates, zone)


def _names(values: pl.Series, distinct: pl.Series, named_id: bool) -> _Found | None:
    """What names a row or a file, in one word."""
    if values.str.contains(r"\s").any():
        return None
    if named_id and not distinct.str.contains(r"\p{Han}").all():
        return "id", reason("id_name"), {}
    if len(distinct) == len(values) >= 3 and values.str.contains(_UNIQUE_NAME).all():
        return "id", reason("unique"), {}
    if distinct.str.contains(_PICTURE).all():
        return "image", reason("pictures"), {}
    if distinct.str.contains(_RECORDING).all():
        return "audio", reason("recordings"), {}
    if distinct.str.contains(_FILE).all():
        return "id", reason("file"), {}
    return None


def _several(error: MixedUnitsError) -> Words:
    return reason("units", units=", ".join(f"{unit} {n}" for unit, n in error.counts.items()))


def _own(mask: str | MaskSpec) -> bool:
    return isinstance(mask, MaskSpec) and mask.pattern is not None


def _of_words(values: pl.Series, mixed: Words | None, coded: bool, dates: str, zone: str) -> _Found:
    """Args: mixed: why they are no numbers, where they are of several units. coded: whether they may be codes."""
    distinct = values.unique()
    kind, why, notation = _words(values, distinct)
    if mixed:
        why = listed([mixed, reason("values", count=len(distinct))], apart=True)
        return "category", why, {**words_of(distinct), "units": "mixed"}
    if (nearly := nearly_times(values, dates, zone)) is not None:
        return kind, listed([nearly.why, why], apart=True), notation
    if kind == "text" and coded and (found := codes_in(values)) is not None:
        return *found, words_of(distinct)
    return kind, why, notation


def _words(values: pl.Series, distinct: pl.Series) -> _Found:
    length = int(distinct.str.len_chars().sum()) / len(distinct)
    repeated = len(values) / len(distinct)
    if length <= 50 and repeated >= (2 if len(distinct) <= 20 else 5):
        return "category", reason("category", count=len(distinct), times=f"{repeated:,.0f}"), words_of(distinct)
    language = language_of_many(spread(distinct, 1000))
    why = reason("text", length=f"{length:,.0f}", language=_LANGUAGES[language])
    return "text", why, {"language": language} if language else {}


def _as_number(values: pl.Series, named_id: bool, masks: tuple[str | MaskSpec, ...]) -> _Found | None:
    """Raises: MixedUnitsError."""
    numeric = values.str.contains(PLAIN_NUMBER)
    others = values.filter(~numeric)
    missing = word_for_missing(others)
    if values.str.contains(LEADING_ZERO).any() or not mostly_said(values, others):
        return None
    if missing.all():
        return _of_numbers(values.name, values.filter(numeric), len(others), named_id, masks)
    return _of_amounts(values, others.filter(~missing))


def _of_numbers(
    name: str, numbers: pl.Series, missing: int, named_id: bool, masks: tuple[str | MaskSpec, ...]
) -> _Found:
    note = [reason("missing", count=missing)] if missing else []
    if masks and 20 * sum(n for n, _ in personal_numbers(numbers, masks).values()) >= len(numbers):
        return "id", reason("masked"), words_of(numbers)
    if numbers.str.contains(_LONG_NUMBER).all():
        return "id", reason("digits"), {}
    if numbers.str.contains(_WHOLE).all():
        whole = numbers.cast(pl.Int64)
        if named_id:
            return "id", reason("id_name"), {}
        if MOMENT.search(name) and all(read_time(v, numbers="epoch") for v in numbers.head(50)):
            return "time", listed([reason("epoch"), *note]), {"numbers": "epoch"}
        ordered = whole.unique()
        if len(ordered) == len(whole) >= 50 and _span(ordered) <= 2 * len(whole):
            return "id", reason("rows"), {}
    return "number", listed([reason("number"), *note]), {}


def _of_amounts(values: pl.Series, others: pl.Series) -> _Found | None:
    """Numbers that are not plain: with a unit, grouped, in 万, in parentheses. Raises: MixedUnitsError."""
    distinct = others.unique()
    if (distinct.str.len_chars() > LONGEST_NUMBER).any() or not all(map(may_be_number, distinct.head(20))):
        return None
    if not all(map(may_be_number, distinct)):
        return None
    notation = number_notation_of(values)
    lettered = distinct.filter(distinct.str.contains(LETTERED))
    if not all(reads_as_number(text, notation.get("scales", "")) for text in lettered):
        return None
    how = [reason("unit", unit=notation["unit"])] if "unit" in notation else []
    if how and (bare := int(values.str.contains(PLAIN_NUMBER).sum())):
        how.append(reason("bare", count=bare, of=len(values)))
    if "decimal" in notation:
        how.append(reason("commas" if values.str.contains(",", literal=True).any() else "points"))
    how += [reason("scale", letter=one, power=LETTERS[one]) for one in notation.get("scales", "").split()]
    return "number", listed([reason("number"), *how]), notation


def _span(values: pl.Series) -> int:
    return int(values.max()) - int(values.min()) + 1  # type: ignore[arg-type]


def _as_time(distinct: pl.Series, dates: str, zone: str) -> _Found | None:
    if (distinct.str.len_chars() > LONGEST).any():
        return None
    first = distinct.head(20).to_list()
    try:
        order = day_month_order(first, dates)
        if not all(read_time(value, order or "day-month", zone=zone) for value in first):
            return None
        values = distinct.filter(plain_times(distinct).is_null())  # those say nothing of day and month
        order = order_of(values, dates)
    except AmbiguousDateError:
        values = distinct
        try:
            order = order_of(values)
        except AmbiguousDateError:
            return None
    others = values.filter(plain_times(values, order).is_null())
    if not all(read_time(value, order, zone=zone) for value in others):
        return None
    short = order == MINGUO or order in SHORT
    if short and not (called_date(distinct.name) or shows_short_years(values)):
        return None
    notation = {**({"order": order} if order else {}), **zones_of(distinct, zone)}
    return "time", listed([reason("date"), *([reason("order", order=order)] if order else [])]), notation


def misfit(column: Column) -> Words:
    """Why a value is refused that is not of this column's kind."""
    unit = column.notation.get("unit")
    if column.kind == "number" and unit:
        return Words(f"not a number in {unit}", f"不是以 {unit} 为单位的数字")
    return {
        "number": Words("not a number", "不是数字"),
        "flag": Words("neither yes nor no", "既非是也非否"),
        "time": Words(
            "not a date or time such as 2024-03-05 10:00, 5 Mar 2024 or 2024Q1",
            "不是日期或时间（如 2024-03-05 10:00、2024年3月5日、2024Q1）",
        ),
        "list": Words("not a JSON list of texts", "不是 JSON 文本列表"),
    }.get(column.kind, Words(f"not of kind {column.kind}", f"不是 {column.kind} 类型"))


def convert(values: pl.Series, column: Column, where: str = "") -> tuple[pl.Series, pl.Series]:
    """Texts as typed values of a column, and which of them do not fit (Boolean; null itself always fits).

    Words for "missing" (NA, null, 无 …, those of the contract) are missing in number, flag, time and list columns, null
    where words write JSON; else they are ordinary words. Whole numbers of a category are written as the column writes
    them: 1.0 is 1.
    """
    kind = column.kind
    if kind == "category" and (whole := values.str.contains(WHOLE).fill_null(False)).any():
        written = values.str.strip_suffix(".0") + str(column.notation.get("whole", ""))
        values = values.zip_with(~whole, written)
    if column.notation.get("json"):
        values = values.set(values.str.contains(BLANK).fill_null(False), None)
    if kind in ("text", "category", "id", "image", "audio"):
        return values, pl.repeat(False, len(values), eager=True)
    lowered = values.str.to_lowercase()
    words = [*MISSING, *(word.lower() for word in column.notation.get("missing", ()))]
    known = values.set(lowered.is_in(words).fill_null(False), None)
    if kind == "number":
        typed = read_numbers(known, column.notation)
        nothing = typed.is_in(list(missing_numbers(column.notation))).fill_null(False)
        typed, known = typed.set(nothing, None), known.set(nothing, None)
    elif kind == "flag":
        typed = lowered.replace_strict(dict(MEANING), default=None, return_dtype=pl.Boolean)
    elif kind == "time":
        typed = read_times(known, column.notation)
    else:
        typed = read_lists(known, column.notation)
    return typed, typed.is_null() & known.is_not_null()
