"""A small trained tagger: finds the names and addresses that no rule finds, by weights learned from labelled sentences.

A linear-chain model: each token's features and each step from one label to the next have weights, which are whole
numbers, so that a text has one answer on every machine. `tools/tagger.py` learns them.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from zhinan.steps._packed import unpacked
from zhinan.steps.masks._dialling import dialled_part
from zhinan.steps.masks._name_edges import without_edges, without_label
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tagger_features import (
    AROUND,
    OFFSETS,
    PAD,
    Column,
    all_keyed,
    column,
    contexts,
    joined_keys,
    keyed,
    kinds_met,
    unary,
)
from zhinan.steps.masks._tagger_looks import looks

__all__ = ["KINDS", "LABELS", "SCALE", "Tagger", "packed"]

LABELS = ("O", "BN", "IN", "BA", "IA", "D", "T", "P", "S", "R")
KINDS = {
    "N": "person_name", "A": "postal_address", "D": "date_of_birth", "T": "phone", "P": "plate", "S": "url_secret",
    "R": "passport",
}  # fmt: skip
SCALE = 64
"""What a weight of 1 becomes."""
_NEVER = -(1 << 20)
_MOST = 1 << 22
_BITS = 18
_CHUNK = 2048
_HOPEFUL, _HOPELESS = -2 * SCALE, -7 * SCALE
"""What a token and its neighbours say at least where a find is looked for, and in all of a find."""
_ONE_AT_A_TIME = Lock()
_NEW = 256
"""How many new tokens are looked up at once."""
_ROOM = 1 << 15
"""Tokens that have a place from the start, more than are kept for long: a place takes no memory before it is used, and
a table that grew would be copied, and leave holes behind."""
_WAYS = 16
_REMEMBERED = 4096
"""How many texts' finds are kept: by a digest, as no text may stay in memory."""
_BLOCK = 1 << 15
"""How many characters are read at once."""
_REACH = 12
"""How many tokens around one that speaks for a find are read."""
_BEGINNING = f"tagger 1 {' '.join(LABELS)}\n".encode()

Find = tuple[Span, str]
"""Where it stands, and which mask's it is."""


def _unlocked() -> None:
    """In a child nobody looks yet, whatever another thread of its parent did."""
    global _ONE_AT_A_TIME  # noqa: PLW0603
    _ONE_AT_A_TIME = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlocked)


def packed(weights: dict[int, Sequence[int]], steps: Sequence[Sequence[int]]) -> bytes:
    """Weights as bytes. Args: weights: feature → a whole number for each label. steps: from label → to label.

    Of features that begin alike only the first two are kept, as no more are looked for.
    """
    keys = np.array(sorted(weights), np.uint32)
    alike = keys >> np.uint32(32 - _BITS)
    keys = keys[np.arange(len(keys)) < alike.searchsorted(alike) + 2]
    rows = np.array([weights[int(key)] for key in keys], np.int16).reshape(-1, len(LABELS))
    parts = [
        _BEGINNING, struct.pack("<I", len(keys)), np.array(steps, "<i2").tobytes(),
        np.diff(keys, prepend=np.uint32(0)).astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes(),
        np.packbits(rows != 0).tobytes(), rows[rows != 0].astype("<i2").view(np.uint8).reshape(-1, 2).T.tobytes(),
    ]  # fmt: skip
    return zlib.compress(b"".join(parts), 9)


class Tagger:
    """Finds names and the like in columns of narrow texts.

    Args: content: what `packed` made. Raises: ValueError when it is damaged.
    """

    def __init__(self, content: bytes) -> None:
        keys, rows, steps = _read(unpacked(content, _MOST))
        rows = (rows - rows[:, :1]).astype(np.int32)  # only differences count, and "nothing" is 0
        self._steps = steps - steps[0, 0]
        order = np.argsort(keys >> np.uint32(32 - _BITS), kind="stable")
        self._keys = np.r_[np.uint32(0), keys[order], np.uint32(0), np.uint32(0)]
        blank = np.zeros((1, len(LABELS)), np.int32)
        self._rows = np.r_[blank, rows[order], blank, blank]
        self._table = np.full(1 << _BITS, len(keys) + 1, np.int32)
        places = (keys[order] >> np.uint32(32 - _BITS)).astype(np.int64)
        self._table[places[::-1]] = np.arange(len(keys), 0, -1)
        self._around = {which: self._contexts(which, *facts) for which, facts in AROUND.items()}
        self._words, self._done = list[str](), 0
        self._own = np.zeros((len(OFFSETS), _ROOM, len(LABELS)), np.int32)
        self._always = np.array([self._sum(["b"], 0), self._sum(["small"], 0)])
        self._known: dict[bytes, list[Find]] = {}
        self._begin = np.array([0 if label[0] != "I" else _NEVER for label in LABELS], np.int32)

    def of(self, mask: str, texts: Sequence[str]) -> list[list[Span]]:
        """What it finds for one mask in each text, in order. Texts it has just read are not read again."""
        digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        with _ONE_AT_A_TIME:
            known = self._known
            new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
            if len(known) + len(new) > _REMEMBERED:
                known = self._known = {digest: known[digest] for digest in digests if digest in known}
            found = chain.from_iterable(map(self.finds, _blocks(new.values())))
            known.update(zip(new, found, strict=True))
            return [[span for span, kind in known[digest] if kind == mask] for digest in digests]

    def _look(self, keys: NDArray[np.uint32]) -> NDArray[np.int32]:
        """The place of each feature among the weights; 0 of one that has none."""
        places = self._table[keys >> np.uint32(32 - _BITS)]
        places = places + (self._keys[places] != keys)
        found: NDArray[np.int32] = np.where(self._keys[places] == keys, places, 0)
        return found

    def _sum(self, names: Sequence[str], offset: int) -> NDArray[np.int32]:
        keys = np.array([keyed(name, offset) for name in names], np.uint32)
        found: NDArray[np.int32] = self._rows[self._look(keys)].sum(0, dtype=np.int32)
        return found

    def _contexts(self, which: str, count: int, offsets: Sequence[int]) -> NDArray[np.int32]:
        """What each small number says at each offset, shape (offsets, count, labels)."""
        names = [contexts(which, number) for number in range(count)]
        each = {name: np.array([self._sum([name], o) for o in offsets]) for name in sorted(set(chain(*names)))}
        return np.array([sum(each[name] for name in some) for some in names], np.int32).swapaxes(0, 1).copy()

    def _tokens(self) -> NDArray[np.int32]:
        """Of each token met so far what it says at each offset, shape (offsets, tokens, labels)."""
        words = kinds_met()
        if self._words is not words:
            self._words, self._done = words, 0
        while self._own.shape[1] < len(words):
            self._own = np.concatenate([self._own, np.zeros_like(self._own)], 1)
        for first in range(self._done, len(words), _NEW):
            names = [unary(word)[0] for word in words[first : first + _NEW]]
            if not first:
                names[0] = ["nothing"]
            rows = self._rows[self._look(all_keyed([*chain(*names)]).T)]
            sums = np.cumsum(rows, 1)[:, np.cumsum([*map(len, names)]) - 1]
            self._own[:, first : first + len(names)] = np.diff(sums, axis=1, prepend=0)
        self._done = len(words)
        return self._own

    def _cheap(self, seen: Column) -> NDArray[np.int32]:
        """What each real token and its neighbours say for each label by themselves, against none."""
        tables = (self._tokens(), seen.types), (self._around["cut"], seen.cut), (self._around["name"], seen.name)
        said = np.empty((len(seen.types), len(LABELS)), np.int32)
        for first in range(PAD, len(said) - PAD, _CHUNK):
            last = min(first + _CHUNK, len(said) - PAD)
            some = said[first:last]
            some[:] = 0
            for table, numbers in tables:
                for each, offset in zip(table, OFFSETS, strict=False):
                    some += each.take(numbers[first + offset : last + offset], 0)
        said = said.take(seen.at, 0)
        said += self._always.take(seen.small, 0)
        return said

    def _together(self, seen: Column, tokens: NDArray[np.int64]) -> NDArray[np.int32]:
        """What neighbours say together for each label. Args: tokens: among the real ones."""
        said = np.zeros((len(tokens), len(LABELS)), np.int32)
        for first in range(0, len(tokens), _CHUNK):
            places = self._look(joined_keys(seen, seen.at[tokens[first : first + _CHUNK]]))
            self._rows.take(places, 0).sum(0, out=said[first : first + _CHUNK])
        return said

    def finds(self, texts: Sequence[str]) -> list[list[Find]]:
        """What it finds in each text, in order."""
        found: list[list[Find]] = [[] for _ in texts]
        seen = column(texts)
        scores = self._cheap(seen)
        most = _most(scores)
        hopeful = (most > _HOPEFUL).nonzero()[0]
        scores[hopeful] += self._together(seen, hopeful)
        sure = hopeful[_most(scores[hopeful]) > 0]
        if not len(sure):
            return found
        near = (sure[:, None] + np.arange(-_REACH, _REACH + 1)).clip(0, len(most) - 1)
        reached = np.zeros(len(most), bool)
        reached[near[seen.text[near] == seen.text[sure][:, None]]] = True
        near = (reached & (most > _HOPELESS)).nonzero()[0]
        others = near[most[near] <= _HOPEFUL]
        scores[others] += self._together(seen, others)
        labels = np.zeros(len(most), np.int64)
        labels[near] = self._best(scores[near], near, seen.text)
        for token in _groups(labels, seen.text):
            first, last = token[0], token[-1]
            kind, number = KINDS[LABELS[labels[first]][-1]], int(seen.text[first])
            span = int(seen.start[first]), int(seen.end[last])
            if kind == "person_name":
                span = without_edges(texts[number], span)
            elif kind == "postal_address":
                span = without_label(texts[number], span)
            elif kind == "phone":
                span = dialled_part(texts[number], span)
            if looks(kind, texts[number], span):
                found[number].append((span, kind))
        return found

    def _best(self, scores: NDArray[np.int32], places: NDArray[np.int64], text: NDArray[np.int64]) -> NDArray[np.int64]:
        """The best labels of some tokens, where all others have none; of equals the first.

        Args: places: of these tokens among all, in order. text: of all tokens.
        """
        apart = np.flatnonzero((np.diff(places, prepend=-2) != 1) | (np.diff(text[places], prepend=-1) != 0))
        sizes = np.diff(apart, append=len(places))
        order = np.argsort(-sizes, kind="stable")
        here = np.searchsorted(-sizes[order], -np.arange(1, int(sizes.max()) + 1), "right").tolist()
        first, sizes = apart[order], sizes[order]
        begins = (places[first] == 0) | (text[places[first] - 1] != text[places[first]])
        last = places[first + sizes - 1]
        ends = (last == len(text) - 1) | (text[np.minimum(last + 1, len(text) - 1)] != text[last])
        # the label that a way comes from is its last digit: of equal ways the first is the highest
        said = scores.astype(np.int64) * _WAYS
        steps = self._steps * _WAYS + _WAYS - 1 - np.arange(len(LABELS))[:, None]
        best = said[first] + np.where(begins[:, None], self._begin, self._steps[0]) * _WAYS
        ways = [best]
        for k in range(1, len(here)):
            way = (best[: here[k], :, None] + steps).max(1)
            best[: here[k]] = (way & -_WAYS) + said[first[: here[k]] + k]
            ways.append(way)
        label = (best + np.where(ends[:, None], 0, self._steps[:, 0] * _WAYS)).argmax(1)
        labels = np.zeros(len(places), np.int64)
        for k in range(len(here) - 1, -1, -1):
            labels[first[: here[k]] + k] = label[: here[k]]
            label[: here[k]] = _WAYS - 1 - (ways[k][np.arange(here[k]), label[: here[k]]] & (_WAYS - 1))
        return labels


def _most(scores: NDArray[np.int32]) -> NDArray[np.int32]:
    """What speaks most for a find."""
    most: NDArray[np.int32] = scores[:, 1:].T.copy().max(0, initial=_NEVER)
    return most


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    block, letters = [], 0
    for text in texts:
        block.append(text)
        letters += len(text)
        if letters > _BLOCK:
            yield block
            block, letters = [], 0
    if block:
        yield block


def _groups(labels: NDArray[np.int64], text: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The tokens of each find."""
    chosen = np.flatnonzero(labels)
    label = labels[chosen]
    follows = (np.diff(chosen, prepend=-2) == 1) & (np.diff(text[chosen], prepend=-1) == 0)
    inside = (label == 2) | (label == 4) | ((label > 4) & (label == np.r_[0, label[:-1]]))
    return np.split(chosen, np.flatnonzero(~(follows & inside)))[1:] if len(chosen) else []


def _read(content: bytes) -> tuple[NDArray[np.uint32], NDArray[np.int16], NDArray[np.int32]]:
    size = len(LABELS)
    if not content.startswith(_BEGINNING):
        raise ValueError("these are no weights of this tagger")
    at = len(_BEGINNING)
    (count,) = struct.unpack_from("<I", content, at)
    at += 4
    steps = np.frombuffer(content, "<i2", size * size, at).reshape(size, size).astype(np.int32)
    at += 2 * size * size
    apart = np.frombuffer(content, np.uint8, 4 * count, at).reshape(4, count).T.copy().view("<u4").reshape(-1)
    keys = np.cumsum(apart, dtype=np.uint32)
    at += 4 * count
    bits = np.frombuffer(content, np.uint8, (count * size + 7) // 8, at)
    at += len(bits)
    held = np.unpackbits(bits, count=count * size).astype(bool).reshape(count, size)
    values = np.frombuffer(content, np.uint8, -1, at).reshape(2, -1).T.copy().view("<i2").reshape(-1)
    rows = np.zeros((count, size), np.int16)
    rows[held] = values
    return keys, rows, steps
