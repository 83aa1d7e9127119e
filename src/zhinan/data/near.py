"""Finds near-duplicate texts: pairs whose shingles overlap by at least 80 %; every such pair, where that can be done.

Choose it to keep copies on one side of a split. It is a set-similarity join, not a sketch: what MinHash finds with some
probability, this finds for certain, at the speed of the best MinHash on short texts (`benchmarks/duplicates.py`). In
very much text, or where rows share too many shingles, only texts with a rare longer piece in common meet, and it says
so (`Join.sought`): each pair it gives is alike, but one in a hundred may be missing.

Source: pieces: Schleimer, Wilkerson & Aiken, Winnowing, SIGMOD 2003.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.data.joins import LOW, Crowds, Rows, Sketches, candidates, prefixes, verified
from zhinan.data.sandbox import Tell
from zhinan.data.shingles import (
    BATCH,
    BYTES,
    PIECE,
    Flat,
    Hashes,
    Ints,
    Words,
    bitmaps,
    chunks_of,
    counted,
    mixed,
    rarest_first,
    shingles,
    spread,
)  # fmt: skip
from zhinan.steps.texts.hanzi import TO_SIMPLIFIED

__all__ = ["ALIKE", "Join", "components", "near_pairs", "normalised", "pairs_but_for_numbers"]

ALIKE = 0.8
"""Jaccard index of two texts' shingles from which they are near-duplicates."""

MOST, PAIRS = 1 << 25, (1 << 24, 512)
"""Bytes of text up to which all pairs are found; looks at pairs that this may take: in all, or for each row."""

LONG, FEW_TEXTS = 120, 3
"""Bytes of a text (some 20 words or 40 汉字) from which its words alone tell an example, whatever numbers stand there;
and texts of the same words up to which these are no template."""

WINDOW, RAREST, LOOKS = 4, 8, 64
"""Beyond: pieces side by side of which one stands for all, pieces a row is met by, looks at pairs for each row."""

TASTE, FEW = 1 << 25, 16
"""Bytes of text that tell how rare a piece is; pieces that occur less often are equally rare: else a slip's own pieces
would come first, and they meet nobody."""


@dataclass(frozen=True)
class Join:
    """Pairs of near-duplicates.

    Args:
        first, second: (m,) rows, first < second. alike: (m,) their Jaccard index, ALIKE … 1.
        sought: 0: there are no other pairs. Else the number of texts, in which they were looked for by rare pieces.
    """

    first: Ints
    second: Ints
    alike: npt.NDArray[np.float64]
    sought: int = 0


def normalised(texts: pl.Series) -> pl.Series:
    """Texts as they are compared: one width (NFKC), one case, 汉字 simplified, spaces and punctuation as one space.

    A text of nothing else stays as it is.
    """
    plain = texts.str.normalize("NFKC").str.to_lowercase()
    if plain.str.contains(r"\p{Han}").any():
        plain = plain.str.replace_many([*TO_SIMPLIFIED[::2]], [*TO_SIMPLIFIED[1::2]])
    bare = plain.str.replace_all(r"[\s\p{P}]+", " ").str.strip_chars()
    return pl.select(pl.when(bare == "").then(plain).otherwise(bare)).to_series()


def near_pairs(texts: pl.Series, *, alike: float = ALIKE, progress: Tell | None = None) -> Join:
    """Pairs of different texts that say the same: equal numbers, and shingles that overlap by at least `alike`.

    Texts whose numbers differ are different examples ("order 123" and "order 456" are two orders), as are "2 + 2" and
    "2 + 3": what is left of the leak, a common template, is how the product's own traffic looks as well.

    Args:
        texts: `normalised` ones, all different: equal texts are for the caller to gather first. None missing.
        progress: told ("near", texts cut into pieces, all of them), then ("compare", looks, all of them).
    """
    tell = progress or (lambda what, done, total: None)
    if int(texts.str.len_bytes().sum()) <= MOST:
        rows = Rows.of(texts, tell)
        met = prefixes(rows, alike)
        crowds = Crowds.of(met)
        if crowds.looks(len(texts)) <= max(PAIRS[0], PAIRS[1] * len(texts)):
            pairs = candidates(met, len(texts), Sketches(rows.sizes, rows.maps), alike, tell)
            return Join(*verified(pairs, rows, alike))
        del rows, met
    return _by_pieces(texts, alike, tell)


def pairs_but_for_numbers(texts: pl.Series, *, alike: float = ALIKE, progress: Tell | None = None) -> Join:
    """Pairs of long texts whose numbers differ and that are near-duplicates without them, where few texts are: one free
    text that was stamped with a ticket or a date. More texts have a template in common, and numbers tell those apart.

    They are looked for by rare pieces, since all that share words meet without their numbers; beyond MOST bytes not at
    all.

    Args: as of `near_pairs`.
    """
    none = np.zeros(0, np.int64)
    numbers = texts.str.replace_all(r"[^0-9]+", " ").str.strip_chars()
    bare = texts.str.replace_all(r"[0-9 ]+", " ").str.strip_chars()
    long = pl.DataFrame({"bare": bare, "row": np.arange(len(texts))}).filter(bare.str.len_bytes() >= LONG)
    if (numbers.gather(long["row"]) == "").all() or int(long["bare"].str.len_bytes().sum()) > MOST:
        return Join(none, none, np.zeros(0))
    rare = long.filter(pl.len().over("bare") <= FEW_TEXTS)
    groups = rare.group_by("bare", maintain_order=True).agg(pl.first("row"), pl.len())
    join = _by_pieces(groups["bare"], alike, progress or (lambda what, done, total: None))
    unit = components(len(groups), join.first, join.second)
    kept = np.bincount(unit, groups["len"], len(groups))[unit] <= FEW_TEXTS
    again = rare.join(groups.filter(pl.Series(kept)), on="bare", suffix="_first").filter(
        pl.col("row") != pl.col("row_first")
    )
    held, first = kept[join.first], groups["row"].to_numpy()
    one = np.concatenate([again["row_first"].to_numpy(), first[join.first[held]]])
    other = np.concatenate([again["row"].to_numpy(), first[join.second[held]]])
    score = np.concatenate([np.ones(len(again)), join.alike[held]])
    differ = (numbers.gather(one) != numbers.gather(other)).to_numpy()
    low, high = np.minimum(one, other)[differ], np.maximum(one, other)[differ]
    return Join(low, high, score[differ])


def components(count: int, first: Ints, second: Ints) -> Ints:
    """For each of `count` rows the smallest row it is connected to, shape (count,).

    Of two groups that a pair joins the one takes the other's smallest row, until no pair is apart: a few rounds. (scipy
    has it too, as fast, and takes .3 s to import.)
    """
    smallest: Ints = np.arange(count)
    while True:
        one, other = smallest[first], smallest[second]
        apart = one != other
        if not apart.any():
            return smallest
        first, second, one, other = first[apart], second[apart], one[apart], other[apart]
        np.minimum.at(smallest, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(further := smallest[smallest], smallest):
            smallest = further


def _by_pieces(texts: pl.Series, alike: float, tell: Tell) -> Join:
    """The pairs that share one of their rarest pieces; in a crowd around one, rows are compared with their neighbours.

    Neighbours there are those whose smallest shingles are alike: of two near-duplicates mostly the same one.
    """
    met, sketches, smallest = _pieces(texts, tell)
    rows = np.argsort(smallest, kind="stable")
    place = np.empty(len(rows), np.uint64)
    place[rows] = np.arange(len(rows), dtype=np.uint64)
    for part in np.array_split(met, max(len(met) // BATCH, 1)):
        part[:] = part & ~LOW | place[part & LOW]
    met.sort()
    crowds, reach = Crowds.of(met), len(texts)
    while reach > 1 and crowds.looks(reach) > LOOKS * len(texts):
        reach //= 2
    ordered = Sketches(sketches.sizes[rows], sketches.maps[rows], sketches.thinned)
    pairs = candidates(met, reach, ordered, alike, tell)
    del met, ordered, sketches
    one, other = rows[(pairs >> np.uint64(32)).astype(np.int64)], rows[(pairs & LOW).astype(np.int64)]
    first, second = np.minimum(one, other), np.maximum(one, other)
    lengths = texts.str.len_bytes().to_numpy().astype(np.int64)
    total = np.cumsum(lengths[first] + lengths[second])
    held = [(first[:0], second[:0], np.zeros(0))]
    at = 0
    while at < len(first):
        to = max(int(np.searchsorted(total, (total[at - 1] if at else 0) + BATCH, side="right")), at + 1)
        these, local = np.unique(np.concatenate([first[at:to], second[at:to]]), return_inverse=True)
        mine, its = local[: to - at].astype(np.uint64), local[to - at :].astype(np.uint64)
        a, b, score = verified(mine << np.uint64(32) | its, Rows.of(texts.gather(these)), alike)
        held.append((these[a], these[b], score))
        at = to
        tell("compare", at, len(first))
    first, second, score = (np.concatenate(side) for side in zip(*held, strict=True))
    order = np.lexsort((second, first))
    return Join(first[order], second[order], score[order], len(texts))


def _pieces(texts: pl.Series, tell: Tell) -> tuple[Words, Sketches, Hashes]:
    """The RAREST pieces of each row, as hash << 32 | row; a sketch of each, and its smallest shingle's hash."""
    chunks = list(chunks_of(texts))
    weight = int(texts.str.len_bytes().sum())
    seen = counted(_winnowed(Flat.of(part))[1] for part in chunks[:: 1 + weight // TASTE])
    seen[seen < FEW] = 0
    thinned = 1 + weight // (64 * max(len(texts), 1))
    met, sizes, maps, smallest = [], [], [], []
    first = 0
    for part in chunks:
        flat = Flat.of(part)
        kept, counts = rarest_first(*_winnowed(flat), seen, len(part))
        rank = np.arange(len(kept)) - np.repeat(np.cumsum(counts) - counts, counts)
        owners = np.repeat(np.arange(first, first + len(part), dtype=np.uint64), counts)
        few = rank < RAREST
        met.append(kept[few] << np.uint64(32) | owners[few])
        hashes, lengths = shingles(flat)
        least = np.zeros(len(part), np.uint32)
        least[lengths > 0] = np.minimum.reduceat(hashes, (np.cumsum(lengths) - lengths)[lengths > 0])
        smallest.append(least)
        if thinned > 1:
            some = (hashes >> np.uint32(8)) % np.uint32(thinned) == 0
            mine = np.repeat(np.arange(len(part)), lengths)[some]
            hashes, lengths = hashes[some], np.bincount(mine, minlength=len(part))
        sizes.append(lengths)
        maps.append(bitmaps(hashes.astype(np.uint64), lengths))
        first += len(part)
        tell("near", first, len(texts))
    return (
        np.concatenate(met),
        Sketches(np.concatenate(sizes), np.concatenate(maps), thinned),
        np.concatenate(smallest),
    )


def _winnowed(flat: Flat) -> tuple[Words, Hashes]:
    """Owner and hash of each piece that is the smallest of WINDOW neighbours: a common stretch gives a common one."""
    values = flat.fours[:-BYTES] | flat.fours[BYTES:] << np.uint64(32)
    inside = np.zeros(len(values) + 2 * WINDOW, bool)
    inside[spread(flat.starts, flat.lengths) + WINDOW] = True
    hashes = np.full(len(inside), 0xFFFFFFFF, np.uint32)
    hashes[WINDOW:-WINDOW] = mixed(values)
    hashes[~inside] = 0xFFFFFFFF
    pairs = np.minimum(hashes[:-1], hashes[1:])
    least = np.minimum(pairs[:-2], pairs[2:])
    pairs = np.maximum(least[:-1], least[1:])
    best = np.maximum(pairs[:-2], pairs[2:])
    middle = slice(WINDOW - 1, WINDOW - 1 + len(best))
    picked = np.flatnonzero((best == hashes[middle]) & inside[middle]) - 1
    owners = np.repeat(np.arange(len(flat.lengths)), flat.lengths + PIECE - 1)[picked]
    return owners.astype(np.uint64), hashes[picked + WINDOW] ^ (flat.salts[owners] >> np.uint64(32)).astype(np.uint32)
