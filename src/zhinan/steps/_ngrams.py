"""Hashed character and word n-grams, computed with whole-array arithmetic: no vocabulary, any alphabet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["NGrams", "Weighted", "cleaned"]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


class NGrams:
    """Turns texts into bucket counts.

    Args:
        chars: shortest and longest run of characters, spaces included; (0, 0) for none.
        words: shortest and longest run of words; (0, 0) for none.
        buckets: number of hash buckets, a power of two.

    Texts are NFKC-normalised and case-folded, runs of white space become one space, and one space is put at both
    ends so that word beginnings are visible. A word is a run of letters and digits; characters of a script without
    spaces are covered by the character n-grams.
    """

    def __init__(self, chars: tuple[int, int], words: tuple[int, int], buckets: int) -> None:
        if buckets & (buckets - 1):
            raise ValueError(f"buckets must be a power of two, got {buckets}")
        self.chars = chars
        self.words = words
        self._shift = np.uint64(64 - (buckets.bit_length() - 1))

    def count(self, texts: Sequence[Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Distinct buckets of every text and how often each occurs.

        Returns:
            row (m,) int64 ascending, bucket (m,) int64 ascending within a row, count (m,) float32.
        """
        clean = list(map(cleaned, texts))
        keys = [self._runs(*_characters(clean), self.chars, seed=1), self._runs(*_words(clean), self.words, seed=2)]
        row = np.concatenate([k[0] for k in keys])
        bucket = np.concatenate([k[1] for k in keys])
        packed, count = np.unique((row.astype(np.uint64) << np.uint64(32)) | bucket, return_counts=True)
        return (
            (packed >> np.uint64(32)).astype(np.int64),
            (packed & np.uint64(0xFFFFFFFF)).astype(np.int64),
            count.astype(np.float32),
        )

    def places(self, text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the runs of one text stand, to tell a person which of them a bucket counted.

        Returns:
            start (m,), end (m,): in `cleaned(text)`; bucket (m,) int64. Runs of characters come first.
        """
        clean = cleaned(text)
        units, words = _characters([clean]), [match.span() for match in _WORD.finditer(clean)]
        letters = np.stack([np.arange(len(clean)), np.arange(1, len(clean) + 1)])
        starts, ends, buckets = [], [], []
        for (keys, owner), span, seed, (first, last) in (
            (units, self.chars, 1, letters),
            (_words([clean]), self.words, 2, np.array(words, np.int64).reshape(-1, 2).T),
        ):
            lengths = range(max(span[0], 1), min(span[1], len(keys)) + 1)
            starts += [first[: len(keys) - length + 1] for length in lengths]
            ends += [last[length - 1 :] for length in lengths]
            buckets.append(self._runs(keys, owner, span, seed)[1].astype(np.int64))
        nothing = [np.empty(0, np.int64)]
        return np.concatenate(starts or nothing), np.concatenate(ends or nothing), np.concatenate(buckets)

    def _runs(
        self, units: np.ndarray, owner: np.ndarray, span: tuple[int, int], seed: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """(row, bucket) of every run of `span[0]`…`span[1]` units that stays inside one text."""
        rows, buckets = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
        rolling = np.zeros(len(units), np.uint64)
        for length in range(1, span[1] + 1):
            if length > len(units):
                break
            rolling = (rolling[: len(units) - length + 1] ^ units[length - 1 :]) * _MULTIPLIER
            rolling ^= rolling >> np.uint64(29)
            if length < span[0]:
                continue
            inside = owner[: len(rolling)] == owner[length - 1 :]
            mixed = (rolling[inside] + np.uint64(seed * 64 + length)) * _MULTIPLIER
            rows.append(owner[: len(rolling)][inside])
            buckets.append(mixed >> self._shift)
        return np.concatenate(rows), np.concatenate(buckets)


def _characters(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """All code points in a row, and the text each belongs to."""
    units = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    return units, np.repeat(np.arange(len(texts)), [len(t) for t in texts])


def _words(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """A 64-bit key of every word in a row, and the text each belongs to."""
    found = [_WORD.findall(t) for t in texts]
    distinct = {word: i for i, word in enumerate(dict.fromkeys(w for ws in found for w in ws))}
    units, owner = _characters(list(distinct))
    places = np.arange(len(units)) - np.searchsorted(owner, owner)
    keys = np.zeros(len(distinct), np.uint64)
    np.add.at(keys, owner, (units + np.uint64(1)) * (_MULTIPLIER ** (places.astype(np.uint64) + np.uint64(1))))
    order = np.fromiter((distinct[w] for ws in found for w in ws), np.int64)
    return keys[order], np.repeat(np.arange(len(texts)), [len(ws) for ws in found])


def cleaned(text: Any) -> str:
    """A text as its runs are taken from it."""
    return f" {' '.join(unicodedata.normalize('NFKC', str(text or '')).casefold().split())} "


class Weighted:
    """N-grams weighted by tf–idf over the buckets seen in training: the features of the `ngrams` encoder.

    Args:
        ngrams: the counter.
        kept: buckets that carry a feature, ascending, (width,) uint32; the feature's index is its place here.
        idf: inverse document frequency of each, (width,) float32.

    A feature's weight is (1 + ln count) · idf, and each text's weights have length 1 (Salton & Buckley 1988).
    """

    def __init__(self, ngrams: NGrams, kept: np.ndarray, idf: np.ndarray) -> None:
        self.ngrams = ngrams
        self._kept = kept.astype(np.int64)
        self._idf = idf

    def index(self, bucket: np.ndarray) -> np.ndarray:
        """The feature of each bucket, −1 for one that carries none."""
        if not len(self._kept):
            return np.full(len(bucket), -1, np.int64)
        place = np.minimum(np.searchsorted(self._kept, bucket), len(self._kept) - 1)
        return np.where(self._kept[place] == bucket, place, -1)

    def features(self, texts: Sequence[Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(row, index, weight) of every feature present, rows ascending; weight float32."""
        row, bucket, count = self.ngrams.count(texts)
        place = self.index(bucket)
        known = place >= 0
        row, index = row[known], place[known]
        weight = (1 + np.log(count[known])) * self._idf[index]
        length = np.sqrt(np.bincount(row, weight.astype(np.float64) ** 2, minlength=len(texts)))
        return row, index, (weight / length[row]).astype(np.float32)

    def padded(self, texts: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
        """indices (n, m) int64 and weights (n, m) float32, m the most features of any text, padded with weight 0."""
        row, index, weight = self.features(texts)
        counts = np.bincount(row, minlength=len(texts))
        place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        width = max(int(counts.max(initial=0)), 1)
        indices = np.zeros((len(texts), width), np.int64)
        weights = np.zeros((len(texts), width), np.float32)
        indices[row, place], weights[row, place] = index, weight
        return indices, weights
