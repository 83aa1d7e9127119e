"""Single marks of a cell that tell a class: one word, one item of a list, a first letter, how it is written, one value
or none at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from zhinan.core import Column, Dataset
from zhinan.data.predictors import LEAST, Ints, Z, hanley, rows_of
from zhinan.steps.values.lists import items_of

__all__ = ["Marked", "marks_of"]

ROWS, CHARACTERS = 20_000, 2_000
"""Rows looked at, and characters of each text."""

_WORD = r"\p{Han}|[^\s\p{Han},;:!?()\"'，。；：！？（）、]+"
_PIECE = r"[/\\?&=#@][^\s\p{Han}/\\?&=#@,;:!()\"'，。；：！？（）、]+"
"""Of an address or a path: a class may be a part of it."""
_FORMS = {
    "a capital at the beginning": r"^\P{L}*\p{Lu}",
    "capitals alone": r"^\P{Ll}*\p{Lu}\P{Ll}*$",
    "two blanks": r"\S  +\S",
    "a line break": r"\n",
}
"""What two systems may write differently, whatever is said: found as it is written."""
_CODE = r"[#_@/\\=]"
"""Of texts of many classes only such words are asked: that one class speaks of refunds is what is to be learned."""


@dataclass(frozen=True)
class Marked:
    """What one mark of a column tells of each class, on rows it was not chosen on.

    Args: mark: the best one, as people write it. label: the class it tells. value: the area under the ROC
        curve; lower: its 99 % lower bound. n: rows judged.
    """

    name: str
    mark: str
    label: str
    value: float
    lower: float
    n: int


def marks_of(train: Dataset, held: Dataset, columns: Sequence[Column]) -> list[Marked]:
    """Of each column the mark that surely tells most of a class: of half the rows the best one is chosen, of the other
    half it is judged, and the other way round.

    Of two classes any column of words or lists is asked, whose values as a whole are not (`told_by`). Of more, and of
    several labels a row, any but moments: what one value, one item or one code alone tells of one.
    """
    target = train.target
    if target is None or target.kind not in ("category", "list"):
        return []
    names = ["_row", target.name, *(column.name for column in columns)]
    rows = pl.concat(part.frame.select(names) for part in (train, held)).sort("_row").head(ROWS)
    labels = rows_of(rows[target.name], target.kind)
    two = target.kind == "category" and len(labels) == 2
    found = []
    for column in columns:
        marks = _marks(rows[column.name], column.kind, two)
        best = None if marks is None else _best(column.name, marks, labels, len(rows))
        found += [best] if best is not None else []
    return found


def _marks(values: pl.Series, kind: str, two: bool) -> pl.DataFrame | None:
    """Which row has which marks, each once; None for a column that is not asked."""
    if kind in ("image", "audio", "id", "time") or (two and kind not in ("text", "list", "category")):
        return None
    frame = pl.DataFrame({"row": np.arange(len(values)), "mark": values})
    if kind == "list":
        frame = frame.with_columns(pl.col("mark").map_elements(items_of, pl.List(pl.String))).explode("mark")
    elif kind == "text" and (values.drop_nulls().head(1000).str.contains(r"\s").mean() or 0) > 0.1:  # type: ignore[operator]
        text, forms = pl.col("mark").str.slice(-CHARACTERS).str.to_lowercase(), _forms(frame)
        frame = _parts(frame.with_columns(text))
        frame = frame if two else frame.filter(pl.col("mark").str.contains(_CODE))
        frame = pl.concat([frame, forms])
    elif kind in ("text", "category"):
        cell = pl.col("mark")
        starts = [pl.format("{}…", cell.str.slice(0, n)).alias("mark") for n in (1, 2, 3)]
        pieces = frame.with_columns(cell.str.extract_all(_PIECE)).explode("mark").drop_nulls()
        frame = pl.concat([frame, *(frame.select("row", start) for start in starts), pieces, _forms(frame)])
    else:
        frame = frame.with_columns(pl.col("mark").cast(pl.String).str.strip_suffix(".0"))
    return frame.with_columns(pl.col("mark").fill_null("–")).unique()


def _parts(frame: pl.DataFrame) -> pl.DataFrame:
    """The words of each text, and the pieces of addresses and paths in it."""
    each = pl.col("mark").str
    found = [frame.with_columns(each.extract_all(pattern)).explode("mark") for pattern in (_WORD, _PIECE)]
    return pl.concat([found[0], found[1].drop_nulls()])


def _forms(frame: pl.DataFrame) -> pl.DataFrame:
    """How each text is written: its letters and blanks, and the sign that it begins and ends with."""
    cell = pl.col("mark").str
    forms = [
        frame.filter(cell.contains(pattern)).with_columns(pl.lit(name).alias("mark"))
        for name, pattern in _FORMS.items()
    ]
    first, last = cell.extract(r"^(\p{P})"), cell.extract(r"(\p{P})$")
    signs = [frame.with_columns(pl.format(form, sign).alias("mark")) for form, sign in (("{}…", first), ("…{}", last))]
    return pl.concat([*forms, *(sign.drop_nulls() for sign in signs)])


def _best(name: str, marks: pl.DataFrame, labels: Mapping[str, Ints], count: int) -> Marked | None:
    """The class of which one mark surely tells most.

    Args: marks: a row and a mark of it each. labels: the rows of each class, of `count`.
    """
    classes = {label: at for at, label in enumerate(sorted(labels))}
    kept = marks.filter(pl.len().over("mark") >= 2 * LEAST)
    words = kept["mark"].unique(maintain_order=True).sort()
    if words.is_empty():
        return None
    kept = kept.with_columns(pl.col("mark").replace_strict(words, np.arange(len(words)), return_dtype=pl.Int64))
    said = pl.DataFrame({
        "row": np.concatenate([labels[label] for label in classes]),
        "class": np.repeat(np.arange(len(classes)), [len(labels[label]) for label in classes]),
    })  # fmt: skip
    size, all_of = np.zeros((2, len(classes))), np.zeros((2, len(words)))
    np.add.at(size, (said["row"].to_numpy() % 2, said["class"].to_numpy()), 1)
    np.add.at(all_of, (kept["row"].to_numpy() % 2, kept["mark"].to_numpy()), 1)
    pairs = kept.join(said, on="row")
    at = np.zeros((2, len(words), len(classes)))
    np.add.at(at, (pairs["row"].to_numpy() % 2, pairs["mark"].to_numpy(), pairs["class"].to_numpy()), 1)
    others = np.array([[(count + 1) // 2], [count // 2]]) - size
    right, wrong = np.zeros(len(classes)), np.zeros(len(classes))
    for half in (0, 1):
        besides = all_of[half][:, None] - at[half]
        gain = at[half] / np.maximum(size[half], 1) - besides / np.maximum(others[half], 1)
        chosen, every = np.abs(gain).argmax(0), np.arange(len(classes))
        told, other = at[1 - half][chosen, every], all_of[1 - half][chosen]
        turned = gain[chosen, every] < 0
        right += np.where(turned, size[1 - half] - told, told)
        wrong += np.where(turned, others[1 - half] - (other - told), other - told)
    found = []
    for label, c in classes.items():
        n, m = int(size[:, c].sum()), int(others[:, c].sum())
        if min(n, m) >= LEAST:
            area = float(1 + right[c] / n - wrong[c] / m) / 2
            mark = f"{'not ' if turned[c] else ''}'{words[int(chosen[c])]}'"
            found.append(Marked(name, mark, label, area, area - Z * hanley(area, n, m) ** 0.5, n + m))
    return max(found, key=lambda one: (one.lower, one.label), default=None)
