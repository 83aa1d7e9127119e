"""Tells which rows are the same example: equal inputs, or texts that nearly repeat each other.

A unit is all rows connected in this way. What learns and what judges never share one, whatever the split is by.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column, Dataset, Kind
from zhinan.data.cleaning import FACTS, identities
from zhinan.data.files import media_columns
from zhinan.data.media import MEDIA, Media
from zhinan.data.media import near_pairs as near_files
from zhinan.data.near import Join, components, near_pairs, normalised

__all__ = ["Copies", "identify_examples", "look_for_copies", "together"]

SAYS_ENOUGH = 32
"""Bytes of text (about 30 letters or ten 汉字) from which a text alone tells an example. A shorter one ("thank you") is
written again by anybody: it is the same example only where the other columns are equal too."""

_BY_CHANCE = 100
"""Possible rows for each one there is, up to which equal ones are taken to meet by chance."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Copies:
    """What repeats what among n rows.

    Args:
        examples: (n,) the inputs of each row as one text; same: (n,) the first row with an equal one.
        identify: whether equal inputs mean the same example; otherwise every row is a unit of its own.
        unit: (n,) for each row the first row of its unit.
        first, second, alike: (m,) pairs of rows that nearly repeat each other, one for each pair of texts (and one for
            each further way to write a text that is equal once normalised).
        sought: as `near.Join` says.
    """

    examples: pl.Series
    same: Ints
    identify: bool
    unit: Ints
    first: Ints
    second: Ints
    alike: npt.NDArray[np.float64]
    sought: int = 0

    @cached_property
    def names(self) -> pl.Series:
        """(n,) the name of each row's unit: the smallest content in it.

        A row that comes or goes leaves all other units alone, and renames its own only where it is the smallest there.
        """
        count = np.bincount(self.unit, minlength=len(self.examples))
        shared = np.flatnonzero(count[self.unit] > 1)
        if not len(shared):
            return self.examples
        among = pl.DataFrame({"unit": self.unit[shared], "example": self.examples.gather(shared)})
        smallest = among.select(pl.col("example").min().over("unit"))["example"]
        return self.examples.clone().scatter(shared, smallest)

    @cached_property
    def near(self) -> Ints:
        """The rows that share their unit with a row of other inputs."""
        if not self.identify:
            return np.zeros(0, np.int64)
        rows = pl.DataFrame({"unit": self.unit, "example": self.same}).with_row_index("row")
        several = pl.col("example").n_unique().over("unit") > 1
        found: Ints = rows.filter(several)["row"].to_numpy().astype(np.int64)
        return found


def identify_examples(frame: pl.DataFrame, inputs: Sequence[Column]) -> bool:
    """Whether equal inputs mean the same example: there is a text, or far more rows are possible than there are.

    Otherwise (a table of a few categories) equal rows meet by chance, and are neither duplicates nor leaks.
    """
    if any(column.kind in ("text", *MEDIA) for column in inputs):
        return True
    possible = math.prod(frame[column.name].n_unique() for column in inputs)
    return possible > _BY_CHANCE * frame.height


def look_for_copies(*parts: Dataset) -> Copies:
    """What repeats what among all rows of some datasets, one after another; their inputs are the first one's.

    Tables without a text know equal rows only: neighbours among measured values are close by nature, and no rounding
    tells a copy from a similar case.
    """
    inputs = parts[0].inputs
    names = [column.name for column in inputs]
    held = [*names, *(FACTS + column.name for column in media_columns(inputs))]
    frame = pl.concat([part.frame.select(held) for part in parts], how="diagonal_relaxed")
    examples = identities(frame, names)
    count = frame.height
    none = np.zeros(0, np.int64)
    same = _chained(count, examples)
    if not identify_examples(frame, inputs):
        return Copies(examples, same, False, np.arange(count), none, none, np.zeros(0))
    texts = [column.name for column in inputs if column.kind == "text"]
    found = Copies(examples, same, True, same, none, none, np.zeros(0))
    if texts:
        content = normalised(pl.select(pl.concat_str(frame[name].fill_null("") for name in texts)).to_series())
        others = identities(frame, [name for name in names if name not in texts])
        found = _of_texts(examples, same, content, others)
    for column in media_columns(inputs):
        found = _of_files(found, frame[column.name], frame[FACTS + column.name], column.kind)
    return found


def together(rows: Dataset) -> Ints | None:
    """Codes (n,) of what learning must not tear apart: a person's rows, else those of a unit; None where all differ."""
    unit: Ints = look_for_copies(rows).unit
    if rows.person:
        who = rows.frame[rows.person]
        alone = pl.Series([f"\x02{one}" for one in unit.tolist()], dtype=pl.String)
        named = pl.select(pl.when(who.is_null()).then(alone).otherwise("\x03" + who.cast(pl.String))).to_series()
        unit = np.unique(named.to_numpy(), return_inverse=True)[1].astype(np.int64)
    return unit if len(np.unique(unit)) < len(unit) else None


def _of_files(found: Copies, names: pl.Series, facts: pl.Series, kind: Kind) -> Copies:
    """The same with rows joined whose files are the same or look alike: a picture tells an example by itself."""
    table = facts.struct.unnest().with_columns(names.alias("name"), pl.int_range(len(names)).alias("row"))
    same = _chained(len(names), table.select(pl.col("digest").fill_null(pl.col("row").cast(pl.String))))
    first_row = dict(table.group_by("name").agg(pl.min("row")).iter_rows())
    pairs = near_files(Media(kind, table.drop("row").unique("name", maintain_order=True).drop_nulls("digest"), {}))
    ends = np.array([(first_row[one], first_row[other]) for one, other in pairs], np.int64).reshape(-1, 2)
    every = np.arange(len(names))
    first = np.concatenate([found.unit, same, ends[:, 0]])
    second = np.concatenate([every, every, ends[:, 1]])
    alike = np.concatenate([found.alike, np.ones(len(ends))])
    low, high = ends.min(axis=1), ends.max(axis=1)
    unit = components(len(names), first, second)
    firsts, seconds = np.concatenate([found.first, low]), np.concatenate([found.second, high])
    return replace(found, unit=unit, first=firsts, second=seconds, alike=alike)


def _of_texts(examples: pl.Series, own: Ints, content: pl.Series, others: pl.Series) -> Copies:
    """Rows joined by their texts, and by the other columns where the text alone does not say enough."""
    count = len(examples)
    frame = pl.DataFrame({"content": content, "others": others}).with_row_index("row")
    texts = frame.group_by("content", maintain_order=True).agg(pl.first("row"))
    alone = 2 * texts.height > count
    join: Join = near_pairs(texts["content"])
    long = (texts["content"].str.len_bytes() >= SAYS_ENOUGH).to_numpy() & alone
    first_row = texts["row"].to_numpy().astype(np.int64)
    told = long[join.first] & long[join.second]
    pairs = [(first_row[join.first[told]], first_row[join.second[told]], join.alike[told])]
    pairs.append(_with_others(frame, texts["content"], join, ~told))
    first, second, alike = (np.concatenate(side) for side in zip(*pairs, strict=True))
    key = pl.select(pl.when(frame["content"].str.len_bytes() >= SAYS_ENOUGH).then(pl.lit("")).otherwise(others))
    same = pl.DataFrame({"content": content, "key": key.to_series() if alone else others})
    equal = _chained(count, same)
    unit = components(count, np.concatenate([first, np.arange(count)]), np.concatenate([second, equal]))
    alter = _written_otherwise(own, equal)
    first, second = np.concatenate([first, equal[alter]]), np.concatenate([second, alter])
    alike = np.concatenate([alike, np.ones(len(alter))])
    low, high = np.minimum(first, second), np.maximum(first, second)
    return Copies(examples, own, True, unit, low, high, alike, join.sought)


def _written_otherwise(examples: Ints, equal: Ints) -> Ints:
    """One row for each other way in which a text is written that is equal once normalised."""
    rows = pl.DataFrame({"first": equal, "example": examples}).with_row_index("row")
    own = pl.col("example") != pl.col("example").first().over("first")
    each = rows.filter(own).unique(["first", "example"], keep="first").sort("row")
    found: Ints = each["row"].to_numpy().astype(np.int64)
    return found


def _with_others(
    frame: pl.DataFrame, texts: pl.Series, join: Join, which: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """Rows of near-duplicate short texts whose other columns are equal."""
    short = pl.DataFrame(
        {"a": texts[join.first[which]], "b": texts[join.second[which]], "alike": join.alike[which]},
        schema={"a": pl.String, "b": pl.String, "alike": pl.Float64},
    )
    asked = pl.concat([short["a"], short["b"]]).unique().implode()
    nodes = frame.filter(pl.col("content").is_in(asked)).group_by("content", "others").agg(pl.min("row"))
    met = (
        short.join(nodes, left_on="a", right_on="content")
        .join(nodes, left_on=["b", "others"], right_on=["content", "others"], suffix="_b")
        .sort("row", "row_b")
    )
    return (
        met["row"].to_numpy().astype(np.int64),
        met["row_b"].to_numpy().astype(np.int64),
        met["alike"].to_numpy(),
    )


def _chained(count: int, key: pl.Series | pl.DataFrame) -> Ints:
    """For each row the first row with the same key, shape (count,)."""
    keyed = key.to_frame("key") if isinstance(key, pl.Series) else key
    rows = keyed.with_row_index("row")
    firsts = rows.select(pl.col("row").min().over(keyed.columns)).to_series()
    found: Ints = firsts.to_numpy().astype(np.int64)
    return found
