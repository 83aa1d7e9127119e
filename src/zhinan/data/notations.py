"""How a column's values are written (decimal sign, unit, order of day and month, separator), and reading whole columns.

The reading itself is `steps.values`, which serving uses too; here each different value is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from zhinan.core import Kind
from zhinan.data.thousands import grouped_money
from zhinan.steps.values.amounts import number_in, own_notation
from zhinan.steps.values.languages import language_of_many
from zhinan.steps.values.lists import JSON, items_of, list_notation, parted_by, read_list, written_list
from zhinan.steps.values.nested import are_nested
from zhinan.steps.values.numbers import MixedUnitsError, number_notation, read_number
from zhinan.steps.values.orders import AmbiguousDateError
from zhinan.steps.values.times import day_month_order, has_zone, letters_of_zone, read_time
from zhinan.steps.values.units import MONEY
from zhinan.steps.values.words import MISSING
from zhinan.steps.values.written import TYPED, word_notation
from zhinan.steps.values.zones import UnclearZoneError

__all__ = [
    "PLAIN_NUMBER", "nested_notation", "notation_of", "number_notation_of", "order_of", "own_notation_of",
    "plain_times", "read_lists", "read_numbers", "read_times", "said_of", "spread", "words_of", "zones_of",
]  # fmt: skip

# polars takes \d for any alphabet's digits
PLAIN_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
"""Numbers as programs write them."""

_WHOLE_NUMBER = r"^[+-]?[0-9]+$"
_DAY = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
_HOUR = r" [0-9]{1,2}:[0-5][0-9]"
_ISO = {
    "%Y-%m-%d": _DAY + "$",
    **{
        f"%Y-%m-%d{t}%H:%M{seconds}{zone}": rf"{_DAY}{t}[0-9]{{2}}:[0-9]{{2}}{digits}{zone}$"
        for t in " T"
        for zone in ("", "Z")
        for seconds, digits in (("", ""), (":%S", ":[0-5][0-9]"), (":%S%.f", r":[0-5][0-9]\.[0-9]{1,6}"))
    },
}
"""Moments as programs write them: how polars reads each form, and what it looks like."""
_SLASHED = {
    order: {
        f"%{first}{sign}%{second}{sign}%Y{clock}": rf"^[0-9]{{1,2}}{sign}[0-9]{{1,2}}{sign}[12][0-9]{{3}}{looks}$"
        for sign in "/-"
        for clock, looks in (("", ""), (" %H:%M", _HOUR), (" %H:%M:%S", _HOUR + ":[0-5][0-9]"))
    }
    for order, first, second in (("day-month", "d", "m"), ("month-day", "m", "d"))
}
"""The same of those in which day and month look alike."""
_TWO_NUMBERS = (
    r"^(?:([0-9]{1,2})/([0-9]{1,2})/|([0-9]{1,2})-([0-9]{1,2})-)[0-9]{4}"
    r"(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?$"
)
_EVIDENCE = 5000
_LOOKED_AT = 200
"""Values that tell whether a column is one of JSON."""

_FIRST, _FEW = 20, 3
_ZERO = r"^[+-]?0[0-9]"

_BARE = r"^[0-9]+(?:\.[0-9]+)?$"
_YEAR = r"^(?:19|20)[0-9]{2}$"
_COUNT = r"^[0-9]{1,6}$"
_SERIAL = r"^[2-7][0-9]{4}(?:\.[0-9]+)?$"
"""Days since 1900 as spreadsheets count them, of 1954 to 2118: dates in cells that are not typed as dates."""


def nested_notation(values: pl.Series) -> dict[str, str]:
    """{"json"} of a column of texts that write objects, or lists of objects, as JSON."""
    some = spread(values.drop_nulls(), _LOOKED_AT)
    return {"json": "true"} if are_nested(some) else {}


def said_of(values: pl.Series) -> pl.Series:
    """Without the words that mean that nothing is said, such as null."""
    return values.filter(~values.str.to_lowercase().is_in(list(MISSING)))


def spread(values: pl.Series, most: int = _EVIDENCE) -> list[str]:
    """At most so many values, evenly from the whole column."""
    return values.gather_every(max(1, -(-len(values) // most))).to_list() if len(values) else []


def notation_of(values: pl.Series, kind: Kind, dates: str = "", zone: str = "") -> dict[str, str]:
    """How a column writes values of a kind that was said, judged by all that are of this kind.

    Args: dates: what 03/04/2024 means where the values do not say. zone: on whose clock moments are read.

    Raises: AmbiguousDateError, UnclearZoneError, MixedUnitsError.
    """
    if kind == "number":
        return number_notation_of(values)
    if kind == "time":
        distinct = values.unique()
        order = order_of(distinct.filter(plain_times(distinct).is_null()), dates)
        said = {"order": order} if order else {}
        numbers = _moments_in_numbers(values)
        return {**said, **({"numbers": numbers} if numbers else {}), **zones_of(distinct, zone)}
    if kind == "list":
        values = said_of(values)
        found = list_notation(spread(values))
        if found is None:
            some = values.filter(~values.str.starts_with("[")).unique()
            found = {"separator": (parted_by(some.to_list()) or ";") if len(some) else JSON}
        items = read_lists(values.unique(), found).drop_nulls()
        return {**found, **word_notation(item for text in items for item in items_of(text))}
    if kind in ("category", "id"):
        return words_of(values)
    if kind == "text":
        language = language_of_many(spread(values.unique(), 1000))
        return {**({"language": language} if language else {}), **nested_notation(values)}
    return {}


def _moments_in_numbers(values: pl.Series) -> str:
    """What the numbers of a column of moments mean, as `read_time` wants it; "" where it has none."""
    bare = values.filter(values.str.contains(_BARE))
    for name, looks in (("excel", _SERIAL), ("year", _YEAR)):
        if len(bare) and bare.str.contains(looks).all():
            return name
    counts = len(bare) and bare.str.contains(_COUNT).all() and 2 * len(bare) > len(values)
    if counts and not any(read_time(text, numbers="epoch") for text in spread(bare, 20)):
        return _of_six(bare) if bare.str.len_chars().min() == 6 else "count"
    return "epoch" if len(bare) else ""


def _of_six(bare: pl.Series) -> str:
    """ "yymmdd" of numbers of six digits that show their years so; "epoch", which reads none of them, otherwise."""
    try:
        order = day_month_order(bare.unique().str.replace("^(..)(..)(..)$", "$1-$2-$3"))
    except AmbiguousDateError:
        order = ""
    return "yymmdd" if order == "yy-month-day" else "epoch"


def zones_of(distinct: pl.Series, zone: str = "") -> dict[str, str]:
    """Whether "all" or "some" moments of a column with an hour say their zone; nothing where none does.

    Args: zone: on whose clock they are read.
    Raises: UnclearZoneError where over a twentieth say letters that may be those of several.
    """
    some = spread(distinct)
    unclear = [letters for text in some if (letters := letters_of_zone(text, zone))]
    if 20 * len(unclear) > len(some):
        raise UnclearZoneError(unclear[0])
    written = {has_zone(text) for text in some} - {None}
    said = {"zones": "all" if written == {True} else "some"} if True in written else {}
    return {**said, **({"zone": zone} if zone else {})}


def words_of(values: pl.Series) -> dict[str, str]:
    """`word_notation` of a column."""
    return word_notation(values.filter(values.str.contains(TYPED)).unique())


def number_notation_of(values: pl.Series) -> dict[str, str]:
    """`number_notation` of a column. Raises: MixedUnitsError."""
    telling = values.filter(~values.str.contains(_WHOLE_NUMBER)).unique()
    if telling.str.contains(PLAIN_NUMBER).all():
        return {}
    read = [read_number(text) or read_number(text, ",") for text in spread(telling, _LOOKED_AT)]
    own = own_notation_of(values) if 2 * read.count(None) > len(read) else None
    notation = own or number_notation(telling)
    if notation.get("unit") == "%" and (shares := _shares(values, notation)):
        raise MixedUnitsError({"%": len(values) - shares, "0–1": shares})
    if notation.get("unit") in MONEY and "decimal" not in notation and grouped_money(values):
        return {"decimal": ",", **notation}
    return notation


def _shares(values: pl.Series, notation: Mapping[str, str]) -> int:
    """Numbers without a sign among percentages, where they are none: within 0 and 1, as most with it are not."""
    bare = values.filter(values.str.contains(PLAIN_NUMBER))
    told = read_numbers(values.filter(~values.str.contains(PLAIN_NUMBER)), notation)
    numbers = read_numbers(bare, notation)
    parted = bare.str.contains(r"[.,]").sum() >= _FEW and numbers.abs().max() <= 1  # type: ignore[operator]
    return len(bare) if parted and (told.abs() > 1).mean() > 0.5 else 0  # type: ignore[operator]


def own_notation_of(values: pl.Series) -> dict[str, str] | None:
    """`own_notation` of a column, words for "missing" left out. Raises: MixedUnitsError."""
    distinct = values.unique()
    distinct = distinct.filter(~distinct.str.to_lowercase().is_in(list(MISSING)))
    if not distinct.head(_FIRST).str.contains("[0-9]").all() or distinct.str.contains(_ZERO).any():
        return None
    return own_notation(distinct)


def read_numbers(values: pl.Series, notation: Mapping[str, str]) -> pl.Series:
    """Float64; null where there is no finite number in the column's unit or in none."""
    plain = values.str.contains(_WHOLE_NUMBER if notation.get("decimal") == "," else PLAIN_NUMBER).fill_null(False)
    typed = values.set(~plain, None).cast(pl.Float64)
    typed = typed.set(typed.is_infinite().fill_null(False), None)
    if plain.all():
        return typed
    return typed.fill_null(_each(values.set(plain, None), lambda text: number_in(text, notation), pl.Float64))


def read_times(values: pl.Series, notation: Mapping[str, str]) -> pl.Series:
    """Datetime on the clock of the column's zone, or in UTC, without a zone; null where there is none."""
    order, numbers, zone = (notation.get(key, "") for key in ("order", "numbers", "zone"))
    plain = plain_times(values, order, zone)
    known = plain.is_not_null()
    if known.all():
        return plain
    others = _each(values.set(known, None), lambda text: read_time(text, order, numbers, zone), pl.Datetime("us"))
    return plain.fill_null(others)


def plain_times(values: pl.Series, order: str = "", zone: str = "") -> pl.Series:
    """What `read_time` gives for moments as programs write them, whole columns at a time; null for all others.

    Args: order, zone: as for `read_time`; with a zone those of UTC are among the others.
    """
    found = pl.repeat(None, len(values), dtype=pl.Datetime("us"), eager=True).alias(values.name)
    first = values.drop_nulls().head(1000)
    for form, looks in {**_ISO, **_SLASHED.get(order.removesuffix("-yy"), {})}.items():
        if not (zone and form.endswith("Z")) and first.str.contains(looks).any():
            mine = values.set(~values.str.contains(looks).fill_null(False), None)
            found = found.fill_null(mine.str.to_datetime(form, strict=False, time_unit="us"))
    return found


def order_of(values: pl.Series, otherwise: str = "") -> str:
    """`day_month_order` of a column: of plain dates only those are looked at that tell something. Raises: as it."""
    parts = values.str.extract_groups(_TWO_NUMBERS)
    one, two = (parts.struct[i].fill_null(parts.struct[i + 2]).cast(pl.Int8) for i in range(2))
    telling = [values.filter(some).sort().head(1) for some in (one > 12, two > 12, one == two, one != two)]
    return day_month_order(pl.concat([*telling, values.filter(one.is_null())]), otherwise)


def read_lists(values: pl.Series, notation: Mapping[str, str]) -> pl.Series:
    """The one text of each list; null where there is none."""
    separator = notation.get("separator", JSON)

    def one(text: str) -> str | None:
        items = read_list(text, JSON) if text.startswith("[") else None
        items = read_list(text, separator) if items is None else items
        return None if items is None else written_list(items)

    return _each(values, one, pl.String)


def _each(values: pl.Series, read: Callable[[str], Any], dtype: Any) -> pl.Series:
    """A column with each different value read once."""
    distinct = values.drop_nulls().unique()
    found = pl.Series([read(text) for text in distinct], dtype=dtype)
    if not len(distinct):
        return pl.Series(values.name, [None] * len(values), dtype)
    return values.replace_strict(distinct, found, default=None, return_dtype=dtype)
