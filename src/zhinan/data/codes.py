"""Columns of codes, such as customer numbers, postcodes and addresses of mail: texts without words to learn from."""

from __future__ import annotations

import polars as pl

from zhinan.core import Kind, Words
from zhinan.data.reasons import reason

__all__ = ["PAIRS", "codes_in"]

FEWEST, MOST = 20, 64
"""Different values below which a form is no rule, and characters of the longest code."""

_CODE = r"^[\p{L}\p{N}_./:#@+-]+(?: [\p{L}\p{N}_./:#@+-]+)?$"
_SPEAKS = r"(?i)://|^www\.|\p{Han}{2}|\p{L}{5}.* | .*\p{L}{5}"
"""Words, and addresses of pages: what is wrong with one may stand in it."""

_SHARE, _FORMS = 0.9, 3
_CLOCK = r"^[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?$"
_VERSION = r"^[vV]?[0-9]+(?:\.[0-9]+){1,3}$"
PAIRS = r"^(?:[1-9][0-9]{0,2}|0)(?:[.,][0-9]+)?(?: ?[/xX×:] ?[0-9]{1,3}(?:[.,][0-9]+)?){1,3}$"
"""Several short numbers in a cell: a pressure of blood (140/97), sizes, minutes and seconds."""

_PLACE = r"^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$"


def codes_in(values: pl.Series) -> tuple[Kind, Words] | None:
    """The kind of a column of codes and why: an id where hardly any stands twice, else a category; a text
    where each holds several short numbers; None for words.

    Codes hold digits, are one word, or two short ones, and have few forms (letters, digits and signs in the same order)
    or one length.
    """
    distinct = values.unique()
    if len(distinct) < FEWEST:
        return None
    plain = distinct.filter(distinct.str.contains(_CODE) & distinct.str.contains(r"\p{N}"))
    longest = plain.str.len_chars().max()
    if len(plain) < _SHARE * len(distinct) or longest > MOST:  # type: ignore[operator]
        return None
    if plain.str.contains(_SPEAKS).any():
        return None
    forms = plain.str.replace_all(r"\p{L}+", "A").str.replace_all(r"\p{N}+", "9").value_counts(sort=True)["count"]
    if forms.head(_FORMS).sum() < _SHARE * len(plain) and plain.str.len_chars().n_unique() > 1:
        return None
    if plain.str.contains(_CLOCK).all():
        return "category", reason("clock", count=len(distinct))
    if plain.str.contains(_VERSION).all() and not plain.str.contains(_PLACE).all():
        return "category", reason("versions", count=len(distinct))
    if plain.str.contains(PAIRS).all():
        return "text", reason("pairs", count=len(distinct))
    if len(distinct) >= _SHARE * len(values):
        return "id", reason("unique_codes")
    return "category", reason("codes", count=len(distinct))
