"""Turns rows as people send them into the typed columns the steps read, and says exactly which value does not fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any

from zhinan.core import UserError, Words, suggest
from zhinan.steps.values.amounts import number_in
from zhinan.steps.values.indexed import with_index
from zhinan.steps.values.lists import JSON, read_list, written_list
from zhinan.steps.values.nested import heads_of, is_blank, object_of, opened
from zhinan.steps.values.numbers import missing_numbers
from zhinan.steps.values.times import read_time
from zhinan.steps.values.words import MEANING, MISSING
from zhinan.steps.values.written import as_written, is_absent, text_of, word_of
from zhinan.steps.values.zones import shown_on

__all__ = ["Notations", "columns"]

Notations = Mapping[str, Mapping[str, Any]]
"""Column → how its values are written (`core.Column.notation`)."""


class _MisfitError(Exception):
    """A value that is not of its column's kind."""


class _NoObject:
    """What stands where an object was wanted, for the values of its fields."""


def columns(
    inputs: Mapping[str, str], rows: Any, notations: Notations | None = None
) -> tuple[dict[str, list[Any]], int]:
    """The input columns, typed, and the number of rows. A text is read as loading the training data read it.

    Args:
        inputs: column → kind. notations: column → how the training data wrote its values.
        rows: a list of mappings, a polars or pandas frame, or a mapping of columns. Other columns are ignored.

    Raises: UserError E370 for a missing column, E371 for a value of the wrong kind (never showing it), E372.
    """
    known = notations or {}
    raw, count = _by_column(inputs, rows, known)
    return {name: _typed(name, kind, raw[name], known.get(name, {})) for name, kind in inputs.items()}, count


def _by_column(inputs: Mapping[str, str], rows: Any, known: Notations) -> tuple[dict[str, Sequence[Any]], int]:
    family = type(rows).__module__.partition(".")[0]
    if family == "polars" and hasattr(rows, "to_dict"):
        rows = rows.to_dict(as_series=False)
    elif family == "pandas" and hasattr(rows, "to_dict"):
        rows = with_index(rows).to_dict("list")
    if isinstance(rows, Mapping):
        return _of_columns(inputs, rows, known)
    if isinstance(rows, Sequence) and not isinstance(rows, (str, bytes)):
        held = [opened(row, inputs) if isinstance(row, Mapping) else row for row in rows] if heads_of(inputs) else rows
        may_lack = {name for name in inputs if known.get(name, {}).get("lacking")}
        return {
            name: [_cell(row, name, inputs, i, name in may_lack) for i, row in enumerate(held)] for name in inputs
        }, len(rows)
    raise UserError("E372", found=type(rows).__name__)


def _of_columns(
    inputs: Mapping[str, str], rows: Mapping[str, Any], known: Notations
) -> tuple[dict[str, Sequence[Any]], int]:
    found = {}
    rows = _with_fields(inputs, rows, known)
    for name in inputs:
        if name not in rows:
            raise UserError("E370", column=name, suggestion=_nearest(name, inputs, rows))
        found[name] = _values(rows[name])
    lengths = {len(values) for values in found.values()}
    if len(lengths) > 1:
        raise UserError("E372", found="columns of different lengths")
    return found, lengths.pop() if lengths else 0


def _values(column: Any) -> Sequence[Any]:
    values = column.tolist() if hasattr(column, "tolist") else column
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
        raise UserError("E372", found="one value for a column")
    return values


def _with_fields(inputs: Mapping[str, str], rows: Mapping[str, Any], known: Notations) -> Mapping[str, Any]:
    """Columns with those that the objects of others hold, or may lack."""
    found = dict(rows)
    for head in heads_of(name for name in inputs if name not in rows) & rows.keys():
        mine = [name for name in inputs if name not in rows and head in heads_of([name])]
        held = [None if is_blank(value) else value for value in _values(rows[head])]
        parted = [opened({head: value}, mine) for value in held]
        nothing = [None if value is None or object_of(value) is not None else _NoObject() for value in held]
        some = any(value is None for value in nothing)
        for name in mine:
            if not any(name in row for row in parted) and not (some and _may_lack(parted, name, inputs, known)):
                continue
            found[name] = [row.get(name, gap) for row, gap in zip(parted, nothing, strict=True)]
    return found


def _may_lack(rows: Sequence[Mapping[str, Any]], name: str, inputs: Mapping[str, str], known: Notations) -> bool:
    return bool(known.get(name, {}).get("lacking")) and not any(_slipped(name, inputs, row) for row in rows)


def _cell(row: Any, name: str, inputs: Mapping[str, str], place: int, may_lack: bool) -> Any:
    """Args: may_lack: an object may be without this field, unless it has one of a similar name."""
    if not isinstance(row, Mapping):
        raise UserError("E372", f"row {place + 1}", found=_what(row))
    if name not in row:
        held = may_lack and any(object_of(row.get(head)) is not None for head in heads_of([name]))
        if held and not _slipped(name, inputs, row):
            return None
        raise UserError("E370", f"row {place + 1}", column=name, suggestion=_nearest(name, inputs, row))
    return row[name]


def _nearest(name: str, inputs: Mapping[str, Any], given: Mapping[str, Any]) -> Words:
    """Whether a similar name was given. It is not repeated: what the sender wrote appears in no message."""
    others = [str(other) for other in given if other not in inputs]
    if _resembles(name, others):
        return Words(f"you sent a similar name: did you mean '{name}'?", f"您提供了一个相近的名称：是不是“{name}”？")
    return Words("add it to every row", "请在每一行中加上它")


def _slipped(name: str, inputs: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether the object that lacks a field has one of nearly its name instead."""
    head, _, leaf = name.rpartition(".")
    beside = (str(other).rpartition(".") for other in given if other not in inputs)
    return _resembles(leaf, [field for above, _, field in beside if above == head])


def _resembles(name: str, others: Sequence[str]) -> bool:
    return bool(others) and suggest(name, others).en.startswith("did you mean")


def _typed(name: str, kind: str, values: Sequence[Any], notation: Mapping[str, Any]) -> list[Any]:
    convert = _CONVERT[kind]
    typed = []
    for place, given in enumerate(values):
        value = given.tolist() if getattr(given, "ndim", 0) and hasattr(given, "tolist") else given
        try:
            typed.append(None if is_absent(value) else convert(value, notation))
        except _MisfitError:
            found, wanted = _what(value), _wanted(kind, notation)
            raise UserError("E371", f"row {place + 1}", column=name, found=found, wanted=wanted) from None
    return typed


def _text(value: Any, notation: Mapping[str, Any]) -> str | None:
    if notation.get("json") and is_blank(value):
        return None
    if isinstance(value, (Mapping, list)) and notation.get("json"):
        try:
            value = text_of(value)
        except ValueError:
            raise _MisfitError from None
    if not isinstance(value, str):
        raise _MisfitError
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _MisfitError from None
    return value


def _class(value: Any, notation: Mapping[str, Any]) -> str | None:
    word = _category(value, notation)
    return None if word is None else as_written(word, notation)


def _category(value: Any, notation: Mapping[str, Any]) -> str | None:
    if isinstance(value, (str, Mapping, list)):
        return _text(value, notation)
    word = None if isinstance(value, (date, time)) else word_of(value, notation)
    if word is None:
        raise _MisfitError
    return word


def _number(value: Any, notation: Mapping[str, Any]) -> float | None:
    if isinstance(value, str):
        word = value.strip()
        if _is_missing(word, notation):
            return None
        value = number_in(word, notation)
        if value is None:
            raise _MisfitError
    elif isinstance(value, timedelta) and notation.get("unit") == "s":
        value = value.total_seconds()
    elif isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise _MisfitError
    try:
        number = float(value)
    except OverflowError:
        raise _MisfitError from None
    return None if math.isinf(number) or number in missing_numbers(notation) else number


def _is_missing(word: str, notation: Mapping[str, Any]) -> bool:
    return word.lower() in MISSING or word.casefold() in map(str.casefold, notation.get("missing", ()))


def _flag(value: Any, notation: Mapping[str, Any]) -> bool | None:
    if isinstance(value, str):
        word = value.strip().lower()
        if _is_missing(word, notation):
            return None
        if word in MEANING:
            return MEANING[word]
    elif type(value).__name__ in ("bool", "bool_") or (isinstance(value, Real) and value in (0, 1)):
        return bool(value)
    raise _MisfitError


def _time(value: Any, notation: Mapping[str, Any]) -> datetime | None:
    """The moment on the clock of the column's zone, or in UTC, as loading training data keeps it."""
    zone = notation.get("zone", "")
    if isinstance(value, datetime):
        return _shown(value, zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    numbers = notation.get("numbers", "")
    if numbers and isinstance(value, Real) and not isinstance(value, bool):
        value = word_of(value)
    if not isinstance(value, str):
        raise _MisfitError
    word = value.strip()
    if _is_missing(word, notation):
        return None
    moment = read_time(word, notation.get("order", ""), numbers, zone)
    if moment is None:
        raise _MisfitError
    return moment


def _list(value: Any, notation: Mapping[str, Any]) -> str | None:
    """The one text by which a list travels; a text is parted as the training data's were, or read as JSON."""
    if isinstance(value, str):
        word = (_text(value, notation) or "").strip()
        if _is_missing(word, notation):
            return None
        items = read_list(word, JSON) if word.startswith("[") else None
        if items is None:
            items = read_list(word, notation.get("separator", JSON))
        if items is None:
            raise _MisfitError
        return written_list(items)
    if not isinstance(value, Sequence) or isinstance(value, bytes):
        raise _MisfitError
    if any(isinstance(part, bool) for part in value):
        raise _MisfitError
    return written_list(item for part in value if (item := (_category(part, notation) or "").strip()))


def _shown(moment: datetime, zone: str) -> datetime:
    try:
        return moment if moment.tzinfo is None else shown_on(moment.astimezone(UTC).replace(tzinfo=None), zone)
    except OverflowError:
        raise _MisfitError from None


def _what(value: Any) -> Words:
    """What a value is, without showing it."""
    for kind, words in (
        (_NoObject, Words("no object", "不是对象的值")),
        (bool, Words("a flag", "是非值")),
        (str, Words("a text that does not fit", "不合要求的文本")),
        (Real, Words("a number that does not fit", "不合要求的数字")),
        (Mapping, Words("an object", "对象")),
        (Sequence, Words("a list", "列表")),
    ):
        if isinstance(value, kind):
            return words
    return Words(f"of type {type(value).__name__}", f"{type(value).__name__} 类型")


_CONVERT: Mapping[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "text": _text,
    "category": _class,
    "id": _category,
    "number": _number,
    "flag": _flag,
    "time": _time,
    "list": _list,
}


def _wanted(kind: str, notation: Mapping[str, Any]) -> Words:
    """What a column takes, the unit and the order that training data had included."""
    if kind == "number" and (unit := notation.get("unit")):
        return Words(f"a finite number, in {unit} or without a unit", f"有限的数字，单位为 {unit} 或不写单位")
    if kind == "number" and notation.get("decimal"):
        return Words("a finite number, with a decimal comma when it is a text", "有限的数字；写成文本时用逗号作小数点")
    if kind == "time" and (order := notation.get("order")):
        return Words(f"a date or time, {order} where both are numbers", f"日期或时间；纯数字日期按 {order} 理解")
    return _WANTED[kind]


_WANTED: Mapping[str, Words] = {
    "text": Words("a text", "文本"),
    "category": Words("a text", "文本"),
    "id": Words("a text", "文本"),
    "number": Words("a finite number", "有限的数字"),
    "flag": Words("true or false", "true 或 false"),
    "time": Words("a date or time such as 2026-01-31T09:30:00", "日期或时间，如 2026-01-31T09:30:00"),
    "list": Words("a list of texts", "文本列表"),
}
