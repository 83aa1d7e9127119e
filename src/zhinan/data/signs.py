"""Files that may not write numbers alike: 1,671 in one of them, where another one writes 1.857,54."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.notations import spread
from zhinan.data.types import Finding
from zhinan.steps.values.numbers import read_number

__all__ = ["doubtful", "in_sign", "said_of_signs"]

_FEW = 3
"""Different numbers of a file that could be read either way, from which it is doubted."""

_SWAPPED = str.maketrans(".,", ",.")
_SIGN = re.compile(r"(?<=[0-9])[.,]|(?<![^\W\d_])[.,](?=[0-9])")
"""A sign of a number, as in 1.857,5 and -.5, and not of a word, as in n.a., Rs. 500 and Rs.500."""
_SIGNED = r"[0-9][.,][0-9]"
_THREE = {sign: rf"^[^0-9]*[1-9][0-9]{{0,2}}[{sign}][0-9]{{3}}[^0-9]*$" for sign in ".,"}
"""A number that has three digits behind the one sign in it."""


def said_of_signs(frames: Iterable[pl.DataFrame], columns: Iterable[Column], files: Sequence[str]) -> list[Finding]:
    """Columns of numbers whose decimal sign other files show than one in which three digits are behind each: they may
    be thousands there.

    Args: frames: the columns as texts, with the place of each row's file in `files` as `_file`.
    """
    held = list(frames)
    if pl.concat(frame["_file"] for frame in held).n_unique() < 2:
        return []
    shown: list[tuple[str, ...]] = []
    for column in columns:
        if column.kind == "number":
            sign = column.notation.get("decimal", ".")
            parts = {file: values for frame in held for file, values in _by_file(frame, column.name)}
            shown += _doubted(column.name, sign, {files[file]: values for file, values in parts.items()})
    return [finding("doubted_signs", len({names[0] for names in shown}), shown)] if shown else []


def in_sign(values: Sequence[Any], sign: str) -> list[Any] | None:
    """A file's column with the decimal sign of the rows that were learned from; None where it has that already.

    They have another where one number at least can be read by the other sign alone, and none by this one alone.

    Args: sign: "." or ",".
    """
    told = _signed(values)
    other = "," if sign == "." else "."
    if not any(_shows(text, other) for text in told) or any(_shows(text, sign) for text in told):
        return None
    return [_SIGN.sub(_swapped, value) if isinstance(value, str) else value for value in values]


def doubtful(values: Sequence[Any]) -> bool:
    """Whether each number of a file, of three different ones at least, has three digits behind the same sign."""
    told = pl.Series(_signed(values), dtype=pl.String)
    return len(told) >= _FEW and any(told.str.contains(three).all() for three in _THREE.values())


def _swapped(sign: re.Match[str]) -> str:
    return sign[0].translate(_SWAPPED)


def _signed(values: Sequence[Any]) -> list[str]:
    return list({value for value in values if isinstance(value, str) and re.search(_SIGNED, value)})


def _by_file(frame: pl.DataFrame, name: str) -> Iterator[tuple[int, pl.Series]]:
    if name in frame.columns:
        told = frame.filter(pl.col(name).str.contains(_SIGNED)).select("_file", name).unique(maintain_order=True)
        for (file,), part in told.group_by("_file", maintain_order=True):
            yield int(file), part[name]


def _doubted(name: str, sign: str, parts: Mapping[str, pl.Series]) -> list[tuple[str, ...]]:
    """Files in which each number of a column could be of thousands, beside one that shows that the sign is decimal."""
    doubted = {
        file: values[0]
        for file, values in parts.items()
        if len(values) >= _FEW and values.str.contains(_THREE[sign]).all()
    }
    others = parts.keys() - doubted.keys() if doubted else ()  # hardly ever: each value is read for it
    clear = ((file, text) for file in sorted(others) for text in spread(parts[file], 200) if _shows(text, sign))
    other, example = next(clear, ("", ""))
    return [("", f"{name}:", f"{file} {some}", f"{other} {example}") for file, some in doubted.items() if other]


def _shows(text: str, sign: str) -> bool:
    """Whether a number can be read with this decimal sign alone."""
    return read_number(text, sign) is not None and read_number(text, "," if sign == "." else ".") is None
