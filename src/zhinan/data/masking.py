"""Masks whole columns: one look tells which masks may find something in a text, and only those read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from zhinan.core import Kind, MaskSpec
from zhinan.steps.held import fits, holders
from zhinan.steps.mask import Armed, armed, finds_in, holder, of_person, person_secret, replaced, whole
from zhinan.steps.masks._spans import NARROWED, WIDE, Span, narrow

__all__ = ["Found", "Spot", "around", "found_in", "held_by", "masked", "personal_numbers", "spots_in"]

_PLAIN: tuple[Kind, ...] = ("number", "flag", "time", "image", "audio")
_WIDE_LETTERS = [*map(chr, NARROWED)]
_NARROW_LETTERS = [*map(chr, NARROWED.values())]
_AROUND = 20
_BLOCK = 100_000
"""How many characters, and texts, are looked at together."""
_FRACTION = r"^[0-9]+\.0$"
_LONG = r"^[0-9]{7,}(?:\.0)?$"
_SEEN = 1000
_EVIDENCE, _SOME, _MANY, _NEARLY = 5000, 5, 50, 0.9

Found = tuple[int, str]
"""How many values of a column hold something, and the first of them, masked by every mask, around the find."""

Spot = tuple[int, Span]
"""A row, and where in its text something stands."""


def masked(
    frame: pl.DataFrame,
    kinds: Mapping[str, Kind],
    masks: Sequence[str | MaskSpec],
    *,
    target: str | None,
    person: str | None,
    current: str | None = None,
    key: str = "",
) -> tuple[pl.DataFrame, dict[str, Counter[str]]]:
    """Applies masks to every column of words, and counts the finds replaced in each, by mask.

    Numbers, flags and moments are what they are; the target names classes, and where `current` says what the target
    says somewhere, it names them too. A person's name that a mask would hide
    becomes a pseudonym, so that one person's rows still belong together.

    Args: key: id of the key for pseudonyms and for the modes that need one; as for `armed`.
    Raises: UserError E019 for an unknown mask, E153 when a mode needs a key and there is none.
    """
    ready, secret = armed(masks, key), person_secret(key) if person in frame.columns else b""
    counts: dict[str, Counter[str]] = {}
    done = []
    for column in frame.get_columns():
        if masks and column.dtype == pl.String and column.name != target and kinds.get(column.name) not in _PLAIN:
            shown = column
            if target is not None and target in frame.columns and column.name == current:
                shown = _other_than(frame[target], column)
            hidden, counts[column.name] = _hidden(shown, ready, secret if column.name == person else None)
            done.append(hidden if shown is column else hidden.fill_null(column))
        else:
            done.append(column)
    return pl.DataFrame(done), counts


def _other_than(names: pl.Series, column: pl.Series) -> pl.Series:
    """A column without the values that are names of classes."""
    return column.set(column.is_in(names.drop_nulls().unique().implode()).fill_null(False), None)


def _hidden(column: pl.Series, masks: Sequence[Armed], secret: bytes | None) -> tuple[pl.Series, Counter[str]]:
    """A column with its finds replaced, and how many of which mask; only the values that hold one become Python texts.

    Args: secret: for the names of persons; None for a column of anything else.
    """
    count, rows, texts = Counter[str](), [], []
    if secret is None and (held := holder(column.name, masks)) is not None:
        for row, text in enumerate(column):
            if text is not None and (hidden := whole(text, held)) is not None:
                rows.append(row)
                texts.append(hidden)
        count[held.name] = len(rows)
        column = column.set(pl.Series(range(len(column))).is_in(rows), None)
    for row, found, looked in _finds(column, masks):
        if found:
            count.update(mask.name for _, mask in found)
            text = column[row]
            hidden = replaced(text, looked, found)
            rows.append(row)
            texts.append(hidden if secret is None else of_person(text, hidden, found, secret))
    return (column.clone().scatter(rows, texts) if rows else column), count


def _finds(column: pl.Series, masks: Sequence[Armed]) -> Iterator[tuple[int, list[tuple[Span, Armed]], str]]:
    """(row, what stands in its text, the text made narrow), in order; a text of the same block is read once."""
    for block in _blocks(_narrowed(column)) if masks else ():
        texts = [*dict.fromkeys(looked for _, looked in block)]
        known = dict(zip(texts, finds_in(texts, masks), strict=True))
        for row, looked in block:
            yield row, known[looked], looked


def _blocks(rows: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    block, letters = [], 0
    for row in rows:
        block.append(row)
        letters += len(row[1])
        if letters > _BLOCK or len(block) > _BLOCK:
            yield block
            block, letters = [], 0
    yield block


def held_by(values: pl.Series, masks: Iterable[str | MaskSpec]) -> str | None:
    """The mask that a column is called after, where most of its different values can be what that hides."""
    named = holders(values.name) & {mask if isinstance(mask, str) else mask.name for mask in masks}
    some = values.drop_nulls().unique(maintain_order=True).head(_SEEN).to_list() if named else []
    fitting = {mask: sum(fits(one, mask) for one in some) for mask in sorted(named)}
    return next((mask for mask, count in fitting.items() if count and 2 * count >= len(some)), None)


def found_in(column: pl.Series, masks: Iterable[str | MaskSpec] | None = None) -> dict[str, Found]:
    """What personal details a column of texts holds: mask → (values that hold one, the first of them, masked).

    Args: masks: names to look with, all registered ones by default. Each find counts for one mask.
    """
    return _found(column, armed(masks))


def _found(column: pl.Series, masks: Sequence[Armed]) -> dict[str, Found]:
    found = _spots(column, masks)
    return {name: (len(spots), around(column[spots[0][0]], spots[0][1][0])) for name, spots in found.items()}


def spots_in(column: pl.Series, masks: Iterable[str | MaskSpec], *, tagged: bool = True) -> dict[str, list[Spot]]:
    """Where a column of texts holds personal details: mask → the first one of each text, in order.

    Args: tagged: whether the tagger looks behind the rules.
    """
    return _spots(column, armed(masks, tagger=None if tagged else b""))


def _spots(column: pl.Series, masks: Sequence[Armed]) -> dict[str, list[Spot]]:
    """What stands there often is looked at once."""
    numbered = column.to_frame("value").with_row_index("row").drop_nulls("value")
    each = numbered.group_by("value", maintain_order=True).agg("row")
    found: dict[str, list[Spot]] = {}
    for place, here, _looked in _finds(each["value"], masks):
        seen: dict[str, Span] = {}
        for span, mask in here:
            seen.setdefault(mask.name, span)
        for name, span in seen.items():
            found.setdefault(name, []).extend((row, span) for row in each["row"][place])
    return {name: sorted(spots) for name, spots in found.items()}


def personal_numbers(
    column: pl.Series, masks: Iterable[str | MaskSpec] | None = None, *, among: bool = False
) -> dict[str, Found]:
    """`found_in` of a column of numbers as they are written, where masks find at least half of its long whole numbers.

    One number in ten has a card's checksum by chance: fewer finds say nothing.

    Args:
        among: else of those as long, of which there are some (telephone numbers among the numbers of members), or
            nearly all of many that begin alike too (where members' numbers are as long): of any numbers of 11 digits
            that begin with 1, three in four could be telephone numbers.
    """
    ready = [mask for mask in armed(masks) if mask.name != "person_name"]
    long = column.filter(column.str.contains(_LONG).fill_null(False))
    found = _mostly(long, ready)
    if found or not among:
        return found
    held = []
    for _, same in long.to_frame("n").group_by(pl.col("n").str.strip_suffix(".0").str.len_bytes(), maintain_order=True):
        if same["n"].n_unique() >= _SOME and _mostly(same["n"], ready):
            held.append(same["n"])
            continue
        for _, alike in same.group_by(pl.col("n").str.slice(0, 1), maintain_order=True):
            if alike["n"].n_unique() >= _MANY and _mostly(alike["n"], ready, _NEARLY):
                held.append(alike["n"])
    return _mostly(pl.concat(held or [long.clear()]), ready)


def _mostly(long: pl.Series, masks: Sequence[Armed], least: float = 0.5) -> dict[str, Found]:
    some = long.unique().sort().gather_every(max(1, long.n_unique() // _EVIDENCE))
    hits = sum(1 for _, found, _looked in _finds(some, masks) if found)
    return _found(long, masks) if hits and hits >= least * len(some) else {}


def around(text: str, start: int) -> str:
    """A text masked by every mask, from a little before a find on.

    What is masked is told by the whole text, not by the piece.
    """
    looked = narrow(text)
    (found,) = finds_in((looked,), armed())
    start = next((span[0] for span, _ in found if span[0] <= start < span[1]), start)
    before = replaced(text[:start], looked, [(span, mask) for span, mask in found if span[1] <= start])
    rest = [((span[0] - start, span[1] - start), mask) for span, mask in found if span[0] >= start]
    return before[-_AROUND:] + replaced(text[start:], looked[start:], rest)


def _narrowed(column: pl.Series) -> Iterator[tuple[int, str]]:
    """(row, its text made narrow), in order."""
    texts = column
    wide = column.str.contains(WIDE).fill_null(False)
    if wide.any():
        thin = column.filter(wide).str.replace_many(_WIDE_LETTERS, _NARROW_LETTERS)
        texts = column.clone().scatter(wide.arg_true(), thin) if not wide.all() else thin
    whole = column.str.contains(_FRACTION).fill_null(False)
    if whole.any():
        texts = texts.clone().scatter(whole.arg_true(), column.filter(whole).str.strip_suffix(".0"))
    return ((row, text) for row, text in enumerate(texts) if text is not None)
