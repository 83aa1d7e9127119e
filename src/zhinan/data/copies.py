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
from zhinan.data.near import Join, components, near_pairs, normalised, pairs_but_for_numbers
from zhinan.data.sandbox import Tell
from zhinan.data.types import Loaded

__all__ = [
    "Copies", "copies_of", "identify_examples", "look_for_copies", "together", "with_units", "with_units_of_all",
]  # fmt: skip

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
        inputs: what the rows hold, n of them. same: (n,) the first row with equal ones.
        identify: whether equal inputs mean the same example; otherwise every row is a unit of its own.
        unit: (n,) for each row the first row of its unit.
        first, second, alike: (m,) pairs of rows that nearly repeat each other, one for each pair of texts (and one for
            each further way to write a text that is equal once normalised).
        sought: as `near.Join` says.
    """

    inputs: pl.DataFrame
    same: Ints
    identify: bool
    unit: Ints
    first: Ints
    second: Ints
    alike: npt.NDArray[np.float64]
    sought: int = 0

    @property
    def names(self) -> pl.Series:
        """(n,) the name of each row's unit: the smallest content in it. Made anew each time: they are large.

        A row that comes or goes leaves all other units alone, and renames its own only where it is the smallest there.
        """
        examples = _examples(self.inputs)
        count = np.bincount(self.unit, minlength=len(examples))
        shared = np.flatnonzero(count[self.unit] > 1)
        if not len(shared):
            return examples
        among = pl.DataFrame({"unit": self.unit[shared], "example": examples.gather(shared)})
        smallest = among.select(pl.col("example").min().over("unit"))["example"]
        return examples.scatter(shared, smallest)

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


def look_for_copies(*parts: Dataset, progress: Tell | None = None) -> Copies:
    """What repeats what among all rows of some datasets, one after another; their inputs are the first one's.

    Tables without a text know equal rows only: neighbours among measured values are close by nature, and no rounding
    tells a copy from a similar case.

    Args: progress: told how many texts were looked at and compared.
    """
    inputs = parts[0].inputs
    names = [column.name for column in inputs]
    held = [*names, *(FACTS + column.name for column in media_columns(inputs))]
    frame = pl.concat([part.frame.select(held) for part in parts], how="diagonal_relaxed")
    count = frame.height
    none = np.zeros(0, np.int64)
    same = _chained(count, _examples(frame))
    if not identify_examples(frame, inputs):
        return Copies(frame, same, False, np.arange(count), none, none, np.zeros(0))
    texts = [column.name for column in inputs if column.kind == "text"]
    found = Copies(frame, same, True, same, none, none, np.zeros(0))
    if texts:
        others = _chained(count, identities(frame, [name for name in names if name not in texts]))
        found = _of_texts(found, texts, others, progress)
    for column in media_columns(inputs):
        found = _of_files(found, frame[column.name], frame[FACTS + column.name], column.kind)
    return found


def copies_of(loaded: Loaded, progress: Tell | None = None) -> Copies:
    """What repeats what among the rows of the source and, after them, of the test file."""
    parts = (loaded.dataset,) if loaded.test is None else (loaded.dataset, loaded.test)
    return look_for_copies(*parts, progress=progress)


def _examples(frame: pl.DataFrame) -> pl.Series:
    """The inputs of each row as one text, shape (n,)."""
    return identities(frame, [name for name in frame.columns if not name.startswith(FACTS)])


def together(rows: Dataset, copies: Copies | None = None) -> Ints | None:
    """Codes (n,) of what learning must not tear apart: a person's rows, else those of a unit; None where all differ.

    Args: copies: what repeats what among the rows, when the caller has looked already.
    """
    unit: Ints = (copies or look_for_copies(rows)).unit
    if rows.person:
        who = rows.frame[rows.person]
        alone = pl.Series([f"\x02{one}" for one in unit.tolist()], dtype=pl.String)
        named = pl.select(pl.when(who.is_null()).then(alone).otherwise("\x03" + who.cast(pl.String))).to_series()
        unit = np.unique(named.to_numpy(), return_inverse=True)[1].astype(np.int64)
    return unit if len(np.unique(unit)) < len(unit) else None


def with_units(part: Dataset, unit: Ints) -> Dataset:
    """The part with the column `_unit`: for rows that were drawn together the smallest `_row` among them, else null.

    Args: unit: (n,) a code of the unit of each row.
    """
    if len(np.unique(unit)) == len(unit):
        return part
    shared = pl.when(pl.len().over("unit") > 1).then(pl.col("row").min().over("unit"))
    rows = pl.DataFrame({"row": part.frame["_row"], "unit": unit})
    return replace(part, frame=part.frame.with_columns(rows.select(shared.alias("_unit"))["_unit"]))


def with_units_of_all(part: Dataset) -> Dataset:
    """The same after rows were added: they may repeat each other, or join units that are there."""
    unit = look_for_copies(part).unit
    if "_unit" in part.frame.columns:
        known = part.frame["_unit"].fill_null(pl.Series(np.arange(len(part))).cast(pl.String))
        every = np.arange(len(part))
        unit = components(len(part), np.concatenate([every, every]), np.concatenate([unit, _chained(len(part), known)]))
    return with_units(part, unit)


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


def _of_texts(found: Copies, names: Sequence[str], others: Ints, progress: Tell | None) -> Copies:
    """Rows joined by their texts, and by the other columns where the text alone does not say enough.

    Whole texts are held no longer than they are needed, since there may be much of them: `first` stands for each.

    Args: names: the columns of texts. others: (n,) the first row with equal values of the other columns.
    """
    count = len(found.same)
    content = normalised(pl.select(pl.concat_str(found.inputs[name].fill_null("") for name in names)).to_series())
    first = _chained(count, content)
    enough = (content.str.len_bytes() >= SAYS_ENOUGH).to_numpy()
    first_row = np.flatnonzero(first == np.arange(count))
    texts = content if len(first_row) == count else content.gather(first_row)
    del content
    join: Join = near_pairs(texts, progress=progress)
    alone = 2 * len(first_row) > count
    stamped = pairs_but_for_numbers(texts, progress=progress) if alone else None
    del texts
    one, other = first_row[join.first], first_row[join.second]
    told = enough[one] & enough[other] & alone
    pairs = [(one[told], other[told], join.alike[told])]
    pairs += [(first_row[stamped.first], first_row[stamped.second], stamped.alike)] if stamped else []
    pairs.append(_with_others(first, others, one[~told], other[~told], join.alike[~told]))
    left, right, alike = (np.concatenate(side) for side in zip(*pairs, strict=True))
    equal = _chained(count, pl.DataFrame({"text": first, "key": np.where(enough & alone, -1, others)}))
    unit = components(count, np.concatenate([left, np.arange(count)]), np.concatenate([right, equal]))
    alter = _written_otherwise(found.same, equal)
    left, right = np.concatenate([left, equal[alter]]), np.concatenate([right, alter])
    alike = np.concatenate([alike, np.ones(len(alter))])
    low, high = np.minimum(left, right), np.maximum(left, right)
    return replace(found, unit=unit, first=low, second=high, alike=alike, sought=join.sought)


def _written_otherwise(examples: Ints, equal: Ints) -> Ints:
    """One row for each other way in which a text is written that is equal once normalised."""
    rows = pl.DataFrame({"first": equal, "example": examples}).with_row_index("row")
    own = pl.col("example") != pl.col("example").first().over("first")
    each = rows.filter(own).unique(["first", "example"], keep="first").sort("row")
    found: Ints = each["row"].to_numpy().astype(np.int64)
    return found


def _with_others(
    text: Ints, others: Ints, one: Ints, other: Ints, alike: npt.NDArray[np.float64]
) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """Rows of near-duplicate short texts, `one` and `other` in `text`, whose other columns are equal."""
    short = pl.DataFrame({"a": one, "b": other, "alike": alike})
    asked = np.isin(text, np.concatenate([one, other]))
    rows = pl.DataFrame({"text": text[asked], "others": others[asked], "row": np.flatnonzero(asked)})
    nodes = rows.group_by("text", "others").agg(pl.min("row"))
    met = (
        short.join(nodes, left_on="a", right_on="text")
        .join(nodes, left_on=["b", "others"], right_on=["text", "others"], suffix="_b")
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
