"""Finds near-duplicate texts: every pair of texts whose shingles overlap by at least 80 %, exactly and fast.

Choose it to keep copies on one side of a split. It is a set-similarity join, not a sketch: what MinHash finds with some
probability, this finds for certain, at the speed of the best MinHash on short texts (`benchmarks/duplicates.py`).

Source: prefix and length filter: Bayardo, Ma & Srikant, Scaling up all pairs similarity search, WWW 2007; bitmap
filter: Sandes, Teodoro & Melo, Bitmap filter, arXiv:1711.07295 (2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["ALIKE", "Join", "components", "near_pairs", "normalised"]

ALIKE = 0.8
"""Jaccard index of two texts' shingles from which they are near-duplicates."""

BYTES = 4
"""Length of a shingle in bytes of UTF-8: four letters, or a 汉字 and a bit of the next, which say about as much.

Of 200 single typos in texts of banking77 it finds 78 %, where five bytes find 56 % and six 39 %."""

CHUNK, BATCH, WORDS, CROWD = 1 << 16, 1 << 22, 4, 256
"""Rows worked on at once; pairs and shingles of them; 64-bit words of a bitmap; rows that may share a rare shingle
before they are only compared with their neighbours."""

MOST = 1 << 26
"""Bytes of text up to which every shingle is compared."""

_BUCKETS, _BUCKET = 1 << 20, np.uint32(12)
_ODD = np.uint64(0x9E3779B97F4A7C15)

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Join:
    """Pairs of near-duplicates.

    Args:
        first, second: (m,) rows, first < second. alike: (m,) their Jaccard index, ALIKE … 1.
        thinned: 1, or, on more than MOST bytes of text, of how many shingles one was compared, the same in each text:
            the index is then an estimate.
        crowded: shingles that more than CROWD different texts share within their rarest ones: among those texts only
            neighbours were compared, so some pairs may be missing (their rows mostly meet through others).
    """

    first: Ints
    second: Ints
    alike: npt.NDArray[np.float64]
    crowded: int = 0
    thinned: int = 1


def normalised(texts: pl.Series) -> pl.Series:
    """Texts as they are compared: one width (NFKC), one case, any run of spaces and punctuation as one space.

    A text of nothing else stays as it is.
    """
    plain = texts.str.normalize("NFKC").str.to_lowercase()
    bare = plain.str.replace_all(r"[\s\p{P}]+", " ").str.strip_chars()
    return pl.select(pl.when(bare == "").then(plain).otherwise(bare)).to_series()


def near_pairs(texts: pl.Series, *, alike: float = ALIKE) -> Join:
    """Pairs of different texts that say the same: equal numbers, and shingles that overlap by at least `alike`.

    Texts whose numbers differ are different examples ("order 123" and "order 456" are two orders), as are "2 + 2" and
    "2 + 3": what is left of the leak, a common template, is how the product's own traffic looks as well.

    Args:
        texts: `normalised` ones, all different: equal texts are for the caller to gather first. None missing.
    """
    rows = _Rows.of(texts)
    tokens, owners = _prefixes(rows, alike)
    candidates, crowded = _candidates(tokens, owners, rows, alike)
    first, second, score = _verified(candidates, rows, alike)
    return Join(first, second, score, crowded, rows.thinned)


def components(count: int, first: Ints, second: Ints) -> Ints:
    """For each of `count` rows the smallest row it is connected to, shape (count,)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(first), bool), (first, second)), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    smallest = np.full(label.max() + 1 if count else 0, count, np.int64)
    np.minimum.at(smallest, label, np.arange(count))
    found: Ints = smallest[label]
    return found


@dataclass(frozen=True)
class _Rows:
    """Shingles of all rows, row after row, each row's sorted by how rare they are and each once.

    keys: (s,) rarity << 32 | hash; starts: (n + 1,) where each row's begin; maps: (n, WORDS) their bitmaps.
    """

    keys: Words
    starts: Ints
    maps: Words
    thinned: int

    @property
    def sizes(self) -> Ints:
        return np.diff(self.starts)

    @classmethod
    def of(cls, texts: pl.Series) -> _Rows:
        thinned = 1 + int(texts.str.len_bytes().sum()) // MOST
        chunks = [_shingles(texts[at : at + CHUNK], thinned) for at in range(0, len(texts), CHUNK)]
        seen = np.zeros(_BUCKETS, np.int64)
        for hashes, _ in chunks:
            seen += np.bincount(hashes >> _BUCKET, minlength=_BUCKETS)
        rare = np.minimum(seen, 0xFFFF).astype(np.uint64)
        keys, sizes, maps = [np.zeros(0, np.uint64)], [np.zeros(1, np.int64)], [np.zeros((0, WORDS), np.uint64)]
        for hashes, counts in chunks:
            owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
            packed = owners << np.uint64(48) | rare[hashes >> _BUCKET] << np.uint64(32) | hashes
            packed.sort()
            once = packed[np.concatenate(([True], packed[1:] != packed[:-1]))] if packed.size else packed
            size = np.bincount((once >> np.uint64(48)).astype(np.int64), minlength=len(counts))
            kept = once & np.uint64(0xFFFFFFFFFFFF)
            keys.append(kept)
            sizes.append(size)
            maps.append(_bitmaps(kept, size))
        return cls(np.concatenate(keys), np.cumsum(np.concatenate(sizes)), np.concatenate(maps), thinned)


def _shingles(texts: pl.Series, thinned: int) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Hashes of every BYTES bytes of each text, salted with the text's numbers, and how many each text has."""
    content = ("\0" * (BYTES - 1)).join([*texts.to_list(), ""]).encode() + b"\0" * 8
    flat = np.frombuffer(content, np.uint8)
    lengths = texts.str.len_bytes().to_numpy().astype(np.int64)
    numbers = texts.str.replace_all(r"[^0-9]+", " ").str.strip_chars().hash(seed=1).to_numpy()
    pair = flat[:-1].astype(np.uint64) | flat[1:].astype(np.uint64) << np.uint64(8)
    mixed = pair[:-2] | pair[2:] << np.uint64(16)
    mixed = mixed[_spread(np.cumsum(lengths + BYTES - 1) - (lengths + BYTES - 1), lengths)]
    mixed ^= np.repeat(numbers, lengths)
    mixed *= _ODD
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    hashes = (mixed >> np.uint64(32)).astype(np.uint32)
    if thinned == 1:
        return hashes, lengths
    kept = hashes % np.uint32(thinned) == 0
    owners = np.repeat(np.arange(len(lengths)), lengths)[kept]
    return hashes[kept], np.bincount(owners, minlength=len(lengths))


def _bitmaps(keys: Words, sizes: Ints) -> Words:
    """One bit of 64 · WORDS for each shingle of a row."""
    maps = np.zeros((len(sizes), WORDS), np.uint64)
    bits = np.uint64(1) << (keys & np.uint64(63))
    word = (keys >> np.uint64(6)) & np.uint64(WORDS - 1)
    starts = np.cumsum(sizes) - sizes
    held = sizes > 0
    for which in range(WORDS):
        if held.any():
            mine = np.where(word == which, bits, np.uint64(0))
            maps[held, which] = np.bitwise_or.reduceat(mine, starts[held])
    return maps


def _prefixes(rows: _Rows, alike: float) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Each row's rarest shingles, of which two near-duplicates share at least one, and the rows they are of."""
    sizes = rows.sizes
    length = sizes - np.ceil(alike * sizes - 1e-9).astype(np.int64) + 1
    length = np.where(sizes > 0, length, 0)
    owners = np.repeat(np.arange(len(sizes)), length)
    places = np.arange(owners.size) + np.repeat(rows.starts[:-1] - (np.cumsum(length) - length), length)
    keys = rows.keys[places]
    shared = keys >> np.uint64(32) > 1  # a shingle seen once meets nobody
    return (keys[shared] & np.uint64(0xFFFFFFFF)).astype(np.uint32), owners[shared]


def _candidates(tokens: npt.NDArray[np.uint32], owners: Ints, rows: _Rows, alike: float) -> tuple[Words, int]:
    """Pairs, packed as first << 32 | second, that share a rare shingle and could be alike by length and bitmap."""
    sizes = rows.sizes
    order = np.lexsort((owners, sizes[owners], tokens))
    tokens, owners = tokens[order], owners[order]
    edges = np.flatnonzero(np.concatenate(([True], tokens[1:] != tokens[:-1], [True]))) if tokens.size else [0]
    counts = np.diff(edges)
    ends = np.repeat(edges[1:], counts) if tokens.size else np.zeros(0, np.int64)
    reach = np.minimum(ends - np.arange(tokens.size) - 1, CROWD)
    found = [np.zeros(0, np.uint64)]
    at = 0
    total = np.cumsum(reach)
    while at < tokens.size:
        done = total[at - 1] if at else 0
        to = max(int(np.searchsorted(total, done + BATCH, side="right")), at + 1)
        left = np.repeat(np.arange(at, to), reach[at:to])
        first_of = np.repeat(total[at:to] - reach[at:to], reach[at:to])
        right = left + 1 + np.arange(done, done + left.size) - first_of
        one, other = owners[left], owners[right]
        near = sizes[one] >= alike * sizes[other] - 1e-9
        one, other = one[near], other[near]
        both = sizes[one] + sizes[other]
        apart = np.bitwise_count(rows.maps[one] ^ rows.maps[other]).sum(axis=1, dtype=np.int64)
        needed = np.ceil(alike / (1 + alike) * both - 1e-9)
        may = (both - apart) // 2 >= needed
        one, other = one[may], other[may]
        low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
        found.append(np.unique(low << np.uint64(32) | high))
        at = to
    return np.unique(np.concatenate(found)), int((counts > CROWD).sum())


def _verified(pairs: Words, rows: _Rows, alike: float) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
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
        held = [rows.keys[_spread(rows.starts[side[at:to]], sizes[side[at:to]])] for side in (first, second)]
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


def _spread(starts: Ints, sizes: Ints) -> Ints:
    """The places starts[0] … starts[0] + sizes[0] − 1, starts[1] …, one after another."""
    offset: Ints = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    return np.arange(offset.size) + offset
