"""A set-similarity join: of all pairs of rows those that share a key, less those that cannot be alike, counted exactly.

Source: prefix and length filter: Bayardo, Ma & Srikant, Scaling up all pairs similarity search, WWW 2007; bitmap
filter: Sandes, Teodoro & Melo, Bitmap filter, arXiv:1711.07295 (2017).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.data.sandbox import Tell
from zhinan.data.shingles import (
    BATCH,
    WORDS,
    Flat,
    Ints,
    Words,
    bitmaps,
    chunks_of,
    counted,
    rarest_first,
    shingles,
    spread,
)

__all__ = ["LOW", "Crowds", "Rows", "Sketches", "candidates", "prefixes", "verified"]

LOW = np.uint64(0xFFFFFFFF)
"""The half of a key's number that names the row."""


@dataclass(frozen=True)
class Rows:
    """Shingles of all rows, row after row, each row's sorted by how rare they are and each once.

    keys: (s,) rarity << 32 | hash; starts: (n + 1,) where each row's begin; maps: (n, WORDS) their bitmaps.
    """

    keys: Words
    starts: Ints
    maps: Words

    @property
    def sizes(self) -> Ints:
        return np.diff(self.starts)

    @classmethod
    def of(cls, texts: pl.Series, tell: Tell = lambda what, done, total: None) -> Rows:
        chunks, done = [], 0
        for part in chunks_of(texts):
            chunks.append(shingles(Flat.of(part)))
            done += len(part)
            tell("near", done, len(texts))
        seen = counted(hashes for hashes, _ in chunks)
        keys, sizes, maps = [np.zeros(0, np.uint64)], [np.zeros(1, np.int64)], [np.zeros((0, WORDS), np.uint64)]
        for hashes, counts in chunks:
            owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
            kept, size = rarest_first(owners, hashes, seen, len(counts))
            keys.append(kept)
            sizes.append(size)
            maps.append(bitmaps(kept, size))
        return cls(np.concatenate(keys), np.cumsum(np.concatenate(sizes)), np.concatenate(maps))


def prefixes(rows: Rows, alike: float) -> Words:
    """Each row's rarest shingles, of which two near-duplicates share at least one, as hash << 32 | row, sorted."""
    sizes = rows.sizes
    length = sizes - np.ceil(alike * sizes - 1e-9).astype(np.int64) + 1
    length = np.where(sizes > 0, length, 0)
    owners = np.repeat(np.arange(len(sizes), dtype=np.uint64), length)
    keys = rows.keys[spread(rows.starts[:-1], length)]
    shared = keys >> np.uint64(32) > 1  # a shingle seen once meets nobody
    met = keys[shared] << np.uint64(32) | owners[shared]
    met.sort()
    return met


@dataclass(frozen=True)
class Crowds:
    """How many rows share a key: `sizes` there are, and how `often`."""

    sizes: Ints
    often: Ints

    @classmethod
    def of(cls, met: Words) -> Crowds:
        counts = [np.zeros(0, np.int64)]
        counts += map(_counts, _groups(met))
        return cls(*np.unique(np.concatenate(counts), return_counts=True))

    def looks(self, reach: int) -> int:
        """Pairs to look at when each row is compared with at most the next `reach` that share a key."""
        far = np.clip(self.sizes - 1, 0, reach)
        return int((self.often * (self.sizes * far - far * (far + 1) // 2)).sum())


def _counts(met: Words) -> Ints:
    """How many there are of each upper half, in what is sorted."""
    keys = met >> np.uint64(32)
    counts: Ints = np.diff(np.flatnonzero(keys[1:] != keys[:-1]) + 1, prepend=0, append=len(met))
    return counts


def _groups(met: Words) -> Iterator[Words]:
    """Some at a time of what is sorted by its upper half, never cut where that is equal."""
    at = 0
    while at < len(met):
        to = min(at + BATCH, len(met))
        if to < len(met):
            start = int(np.searchsorted(met, met[to] & ~LOW))
            to = start if start > at else int(np.searchsorted(met, met[to] | LOW, side="right"))
        yield met[at:to]
        at = to


@dataclass(frozen=True)
class Sketches:
    """Of each row a bitmap, (n, WORDS), and how many shingles it is of; of all of them, or of one in `thinned`."""

    sizes: Ints
    maps: Words
    thinned: int = 1

    def possible(self, one: Ints, other: Ints, alike: float) -> tuple[Ints, Ints]:
        """The pairs that could be alike: surely all, or, of bitmaps of a part, those that three deviations leave."""
        both = self.sizes[one] + self.sizes[other]
        least = alike / (1 + alike) * both - 1e-9
        if self.thinned > 1:
            least -= 1.5 * np.sqrt(both - 2 * least)
        room = both - 2 * np.ceil(least).astype(np.int64)
        for word in range(WORDS):  # most pairs are told apart by the first
            room = room - np.bitwise_count(self.maps[one, word] ^ self.maps[other, word])
            still = room >= 0
            one, other, room = one[still], other[still], room[still]
        return one, other


def candidates(met: Words, reach: int, sketches: Sketches, alike: float, tell: Tell) -> Words:
    """Pairs, packed as first << 32 | second, that share a key and could be alike."""
    found, seen = [np.zeros(0, np.uint64)], 0
    for part in _groups(met):
        rows, counts = (part & LOW).astype(np.int64), _counts(part)
        steps = np.minimum(np.repeat(np.cumsum(counts), counts) - np.arange(len(rows)) - 1, reach)
        total = np.cumsum(steps)
        at = 0
        while at < len(rows):
            done = int(total[at - 1]) if at else 0
            to = max(int(np.searchsorted(total, done + BATCH, side="right")), at + 1)
            left = np.repeat(np.arange(at, to), steps[at:to])
            right = spread(np.arange(at + 1, to + 1), steps[at:to])
            one, other = sketches.possible(rows[left], rows[right], alike)
            low, high = np.minimum(one, other), np.maximum(one, other)
            found.append(np.unique(low.astype(np.uint64) << np.uint64(32) | high.astype(np.uint64)))
            at = to
            tell("compare", seen + at, len(met))
        seen += len(rows)
    return np.unique(np.concatenate(found))


def verified(pairs: Words, rows: Rows, alike: float) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """The pairs that are alike, counted shingle by shingle."""
    first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    sizes = rows.sizes
    both = sizes[first] + sizes[second]
    total = np.cumsum(both)
    score = np.zeros(len(pairs))
    at = 0
    while at < len(pairs):
        done = total[at - 1] if at else 0
        to = max(int(np.searchsorted(total, done + 2 * BATCH, side="right")), at + 1)
        drawn = [np.repeat(np.arange(to - at), sizes[side[at:to]]) for side in (first, second)]
        held = [rows.keys[spread(rows.starts[side[at:to]], sizes[side[at:to]])] for side in (first, second)]
        packed = np.concatenate([
            which.astype(np.uint64) << np.uint64(32) | keys & np.uint64(0xFFFFFFFF)
            for which, keys in zip(drawn, held, strict=True)
        ])  # fmt: skip
        packed.sort()
        twice = packed[1:][packed[1:] == packed[:-1]] >> np.uint64(32)
        common = np.bincount(twice.astype(np.int64), minlength=to - at)
        score[at:to] = common / (both[at:to] - common)
        at = to
    held_up = score >= alike - 1e-9
    return first[held_up], second[held_up], score[held_up]
