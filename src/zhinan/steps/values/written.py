"""Typed values as the words they are written with, the same in training, in serving and in the parts of lines."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

__all__ = ["TYPED", "WHOLE", "as_written", "class_of", "is_absent", "part_of", "text_of", "word_notation", "word_of"]

TYPED = r"^(?i:true|false)$|^-?[0-9]+(?:\.0)?$"
"""A regular expression (for Python and for polars) that finds the words of which `word_notation` tells how."""

WHOLE = r"^-?(?:0|[1-9][0-9]*)(?:\.0)?$"
"""The same that finds whole numbers."""
_ENDING = re.compile(WHOLE)

_PYTHONS = (str, bytes, int, float, date, time, timedelta, dict, list, tuple, type(None))

_LONGEST = 400
"""Digits of the longest number that is written out."""


def word_of(value: Any, notation: Mapping[str, Any] = {}) -> str | None:
    """The word for a flag, a finite number, a moment or a text; None for what has none, such as a list.

    Equal numbers have the same word, whatever their type: 1, 1.0 and Decimal("1.00") are "1".

    Args: notation: how a column of words writes flags and whole numbers, as `word_notation` tells.
    """
    if isinstance(value, str):
        return value
    if type(value) is float and not notation:  # most cells of most tables: the questions below are dear
        return _digits_of(value)
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        word = "true" if value else "false"
        return str(notation.get(word, word))
    if isinstance(value, (Real, Decimal)):
        digits = _digits(value)
        whole = digits is not None and digits.lstrip("-").isdigit()
        return f"{digits}{notation.get('whole', '')}" if whole else digits
    return value.isoformat() if isinstance(value, (date, time)) else None


def is_absent(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA."""
    if value is None or type(value).__name__ == "NAType":
        return True
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, (str, list, Mapping)) or type(value) is bool or getattr(value, "ndim", None):
        return False
    return bool(value != value)  # noqa: PLR0124


def text_of(value: Any) -> str | None:
    """One Python value as text: a word, or an object or a list as JSON; bytes that are not UTF-8 get U+FFFD.

    Null and NaN are None, and null within JSON, which knows no infinite number either.

    Raises: ValueError for what holds itself.
    """
    value = _listed(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping | list | tuple):
        try:
            return json.dumps(_plain(value), ensure_ascii=False)
        except RecursionError as error:
            raise ValueError("nested without an end") from error
    if isinstance(value, timedelta):
        return f"{'-' if value < timedelta() else ''}PT{abs(value).total_seconds():.6f}S"
    word = word_of(value)
    return str(value) if word is None else word


def _listed(value: Any) -> Any:
    """A value of NumPy or a column as Python has it."""
    if not isinstance(value, _PYTHONS):
        for method in ("tolist", "to_list"):
            if hasattr(value, method):
                return getattr(value, method)()
    return value


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    value = _listed(value)
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else text_of(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, (str, int)) else text_of(value)


def as_written(word: str, notation: Mapping[str, Any]) -> str:
    """A whole number as a column of words writes them: 1.0 is 1, unless all of them end in ".0", and 1 is 1.0 there."""
    if not word.isascii() or not _ENDING.match(word):
        return word
    return word.removesuffix(".0") + str(notation.get("whole", ""))


def class_of(said: Any, classes: Collection[str]) -> str | None:
    """The class that a label names, as the classes write it: equal numbers and equal flags are one; None for no such.

    1, 1.0 and "1.0" are the class "1", or "1.0" where that is one; true is "true" or "True".
    """
    if isinstance(said, str) and said in classes:
        return said
    word = word_of(said)
    if word is None or re.match(TYPED, word) is None:
        return None
    forms = (word, as_written(word, {}), as_written(word, {"whole": ".0"}), word.lower(), word.capitalize())
    return next((form for form in forms if form in classes), None)


def part_of(value: Any) -> str:
    """A value as a line's part names it, as in `accuracy[age=30]`; "" for a missing one."""
    word = word_of(value)
    return word if word is not None else "" if value is None else str(value)


def _digits(value: Real | Decimal) -> str | None:
    if isinstance(value, Integral):
        return str(int(value)) if abs(int(value)) < 10**_LONGEST else None
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < _LONGEST:
        digits = format(value, "f")
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
        return digits if value else "0"
    return _digits_of(float(value)) if math.isfinite(value) else None


def _digits_of(number: float) -> str | None:
    if not math.isfinite(number):
        return None
    return str(int(number)) if number.is_integer() else repr(number)


def word_notation(words: Iterable[str]) -> dict[str, str]:
    """How a column of words writes what is typed: {"true", "false"} where not in small letters, {"whole"} where every
    whole number ends in ".0", as programs write them that hold whole numbers as fractions."""
    typed = sorted({word for word in words if re.search(TYPED, word)})
    found = {}
    for flag in ("true", "false"):
        forms = [word for word in typed if word.lower() == flag]
        if forms and flag not in forms:
            found[flag] = forms[-1]
    numbers = [word for word in typed if word.lower() not in ("true", "false")]
    if numbers and all(word.endswith(".0") for word in numbers):
        found["whole"] = ".0"
    return found
