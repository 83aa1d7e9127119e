"""What the tagger of names and addresses sees: a column's texts cut into tokens, and the features of each as numbers.

A 汉字 is a token, and so is a word, a number and a sign. Everything is computed for a whole column at once, and in
training exactly as in serving. A feature is a number of 32 bits: whoever has its weight knows no text.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhinan.steps.masks._lookup import Lookup
from zhinan.steps.masks._tables import bits, section, word_bits
from zhinan.steps.masks._tokens import token_of
from zhinan.steps.masks._words import EAST, NEVER, PARTICLES, ROLES, TITLES

__all__ = [
    "AROUND",
    "OFFSETS",
    "PAD",
    "Column",
    "all_keyed",
    "column",
    "contexts",
    "joined_keys",
    "keyed",
    "kinds_met",
    "unary",
]

_MOST_KINDS, _MOST_LETTERS = 3 << 13, 1 << 20
"""Tokens, and letters of them, after which they are met anew: with those of one more look tables stay at 1 << 15."""
_LAST = 0xFFFF
"""What stands for every character beyond."""
PAD = 8
"""Tokens of nothing between two texts: further than any feature looks."""
OFFSETS = (-2, -1, 0, 1, 2)
"""Where the tokens stand whose own features a token sees."""
_SPACE, _LETTER, _DIGIT, _SIGN, _HAN = range(5)
_WORD, _CLASS, _CUT, _TWO, _THREE = range(5)
_FACTS = 5
AROUND = {"cut": (432, OFFSETS), "name": (90, (-2, -1, 0))}
"""Small numbers that say what the tables know of a token and its neighbours: how many there are, where to look."""
_TEMPLATES = (
    ((_WORD, -1), (_WORD, 0)), ((_WORD, 0), (_WORD, 1)), ((_CLASS, -1), (_CLASS, 0)), ((_CLASS, 0), (_CLASS, 1)),
    ((_WORD, -2), (_WORD, -1)), ((_WORD, 1), (_WORD, 2)), ((_CLASS, -1), (_CLASS, 0), (_CLASS, 1)),
    ((_WORD, -1), (_CLASS, 0)), ((_CLASS, 0), (_WORD, 1)), ((_WORD, -2), (_WORD, -1), (_CLASS, 0)),
    ((_CLASS, 0), (_WORD, 1), (_WORD, 2)), ((_CLASS, 0), (_CUT, 0)), ((_CUT, -1), (_CUT, 0), (_CUT, 1)),
    ((_TWO, 0), (_WORD, 2)), ((_THREE, 0), (_WORD, 3)), ((_TWO, 0), (_THREE, 0), (_CUT, 0)),
    ((_TWO, 0), (_WORD, 2), (_WORD, 3)), ((_THREE, 0), (_WORD, 3), (_WORD, 4)), ((_WORD, -1), (_TWO, 0), (_THREE, 0)),
    ((_WORD, -1), (_CLASS, 0), (_WORD, 1)), ((_WORD, -3), (_WORD, -2), (_WORD, -1)),
    ((_WORD, -2), (_WORD, -1), (_THREE, 0)),
)  # fmt: skip
"""Which facts of which neighbours make one feature together."""
_NEAR = ((-3, -4, -5, -6, -7), (3, 4, 5, 6))
"""Where a word counts wherever it stands: before a token and behind it."""


class Column(NamedTuple):
    """The tokens of texts, `PAD` of nothing before each text and behind the last.

    Args:
        at: the place of each real token among all. text: which text it is of. start, end: where it stands there.
        types: of all tokens. facts: of all tokens, shape (5, n). cut, name: of all tokens, see `AROUND`.
        small: of the real tokens: whether their text has no capital.
    """

    at: NDArray[np.int64]
    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    types: NDArray[np.int64]
    facts: NDArray[np.uint64]
    cut: NDArray[np.int64]
    name: NDArray[np.int64]
    small: NDArray[np.bool_]


@cache
def _alphabet() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Of each character its sort, and the simple one where it is traditional."""
    sorts = np.full(1 << 16, _SIGN, np.uint8)
    sorts[[0, *(code for code in range(1 << 16) if chr(code).isspace() and code != ord("\n"))]] = _SPACE
    for first, last in (("A", "Z"), ("a", "z"), ("À", "ɏ"), ("Ḁ", "ỿ")):
        sorts[ord(first) : ord(last) + 1] = _LETTER
    sorts[ord("0") : ord("9") + 1] = _DIGIT
    sorts[0x4E00:0x9FFF] = _HAN
    simple = np.arange(1 << 16, dtype=np.uint16)
    for char, plain in section("simple").items():
        if len(plain) == 1 and ord(char) < 1 << 16 and ord(plain) < 1 << 16:
            simple[ord(char)] = ord(plain)
    return sorts, simple


@cache
def _costs() -> dict[str, NDArray[np.int16]]:
    """Of each character what it costs as a surname, as a given name, and as nothing of the kind."""
    made = {}
    for name, unknown in (("families", 99), ("chars", 20), ("first", 16), ("second", 16), ("only", 16)):
        made[name] = np.full(1 << 16, unknown, np.int16)
        for char, cost in bits(name).items():
            if len(char) == 1 and ord(char) < 1 << 16:
                made[name][ord(char)] = min(cost, unknown)
    return made


@cache
def _pieces() -> tuple[Lookup, NDArray[np.uint8]]:
    """Words, places and surnames of two to four characters as numbers, and what each is; at last what no other is.

    What it is: how usual as a word (0 to 3), 4 more for a place.
    """
    known: dict[str, int] = {}
    for word, rarity in word_bits().items():
        if 2 <= len(word) <= 4:
            known[word] = 3 if rarity <= 17 else 2 if rarity <= 21 else 1
    for place in section("places"):
        for called in (place, place[:-1]):
            if 2 <= len(called) <= 4 and known.get(called, 0) < 4:
                known[called] = known.get(called, 0) + 4
    numbers = []
    for size in (2, 3, 4):
        letters = np.frombuffer("".join(word for word in known if len(word) == size).encode("utf-32-le"), np.uint32)
        parts = letters.reshape(-1, size).astype(np.uint64)
        numbers.append((parts << 16 * np.arange(size, dtype=np.uint64)[::-1]).sum(1, dtype=np.uint64))
    lookup = Lookup(np.concatenate(numbers))
    values = np.array([known[word] for word in sorted(known, key=len)], np.uint8)
    return lookup, np.append(values[lookup.order], np.uint8(0))


def column(texts: Sequence[str]) -> Column:
    """The tokens of texts and what is known of each."""
    whole = "\0".join(texts)
    codes = np.minimum(np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32), _LAST).astype(np.int64)
    sorts, simple = _alphabet()
    sort = sorts[codes]
    _joined(codes, sort)
    starts, stops = np.full(len(sort) + 1, 255, np.uint8), np.full(len(sort) + 1, 255, np.uint8)
    starts[1:], stops[:-1] = sort, sort
    single, full = sort >= _SIGN, sort != _SPACE
    start = ((single | (sort != starts[:-1])) & full).nonzero()[0]
    end = ((single | (sort != stops[1:])) & full).nonzero()[0] + 1
    firsts = np.array([0, *accumulate(len(text) + 1 for text in texts)])
    text = firsts.searchsorted(start, "right") - 1
    at = np.arange(len(start)) + (text + 1) * PAD
    count = len(start) + (len(texts) + 1) * PAD
    if len(kinds_met()) > _MOST_KINDS or _kinds().letters > _MOST_LETTERS:
        _kinds.cache_clear()
    kinds = _kinds()
    numbers = np.where(end - start == 1, kinds.single[codes[start]], 0)
    others = (numbers == 0).nonzero()[0]
    numbers[others] = kinds.of([whole[a:b] for a, b in zip(start[others].tolist(), end[others].tolist(), strict=True)])
    types = np.zeros(count, np.int64)
    types[at] = numbers
    facts = np.zeros((_FACTS, count), np.uint64)
    facts[: _CLASS + 1] = kinds.array.take(types, 1)
    around, name = np.zeros(count, np.int64), np.zeros(count, np.int64)
    around[at] = 144 * np.where(start == firsts[text], 2, starts[start] == _SPACE)
    han = sort == _HAN
    if han.any():
        cut, two, three = (of[start] for of in _chinese(simple[codes].astype(np.int64), han))
        facts[_CUT, at], facts[_TWO, at], facts[_THREE, at] = cut, two, three
        around[at] += cut
        name[at] = two * 10 + three
    small = np.array([text == text.lower() for text in texts], bool)[text]
    return Column(at, text, start - firsts[text], end - firsts[text], types, facts, around, name, small)


def _joined(codes: NDArray[np.int64], sort: NDArray[np.uint8]) -> None:
    """Makes a hyphen or an apostrophe between letters part of the word, but for that of a final 's."""
    apostrophe = (codes == ord("'")) | (codes == ord("’"))
    places = (apostrophe | (codes == ord("-"))).nonzero()[0]
    if not len(places):
        return
    places = places[(places > 0) & (places < len(codes) - 1)]
    places = places[(sort[places - 1] == _LETTER) & (sort[places + 1] == _LETTER)]
    beyond = np.minimum(places + 2, len(codes) - 1)
    last = (places + 2 >= len(codes)) | (sort[beyond] != _LETTER)
    genitive = apostrophe[places] & ((codes[places + 1] | 32) == ord("s")) & last
    sort[places[~genitive]] = _LETTER
    apart = places[genitive]
    sort[apart] = _SIGN


def _chinese(
    plain: NDArray[np.int64], han: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of each character: which words and places begin, end or go through there; what names of two and three say."""
    count = len(plain)
    begins, ends = np.zeros(count, np.int64), np.zeros(count, np.int64)
    through, place = np.zeros(count, bool), np.zeros(count, bool)
    lookup, values = _pieces()
    letters, whole = plain.astype(np.uint64), han
    number = letters
    for size in (2, 3, 4)[: max(0, count - 1)]:
        whole = whole[:-1] & han[size - 1 :]
        number = number[:-1] << np.uint64(16) | letters[size - 1 :]
        where = whole.nonzero()[0]
        value = values[lookup.find(number[where])]
        where, value = where[value > 0], value[value > 0]
        usual = np.where(value & 3, (value & 3) if size == 2 else size + 1, 0)
        begins[where] = np.maximum(begins[where], usual)
        ends[where + size - 1] = np.maximum(ends[where + size - 1], usual)
        for step in range(1, size - 1):
            through[where[usual > 0] + step] = True
        for step in range(size):
            place[where[value >= 4] + step] = True
    cost = _costs()
    longer, more = np.zeros(count + 2, np.int64), np.zeros(count + 2, bool)
    longer[:count], more[:count] = plain, han
    next_one, next_two, one, two = longer[1:-1], longer[2:], more[1:-1], more[2:]
    family = cost["families"][plain]
    maybe = han & one & (family < 99)
    base = cost["chars"][plain] - family + cost["chars"][next_one]
    short = base - np.minimum(cost["only"][next_one], cost["second"][next_one] + 1)
    long = base - cost["first"][next_one] + cost["chars"][next_two] - cost["second"][next_two]
    name_of_two = np.where(maybe, 1 + np.clip(short // 3, -3, 3) + 3, 0)
    name_of_three = np.where(maybe & two, 1 + np.clip(long // 3, -4, 3) + 4, np.where(maybe, 9, 0))
    return begins * 24 + ends * 4 + through * 2 + place, name_of_two, name_of_three


def _mixed(seed: int) -> NDArray[np.uint64]:
    """Odd numbers that look drawn (SplitMix64), one for each part of each template."""
    state, made = seed, []
    for _ in range(256):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        made.append((z ^ (z >> 31)) | 1)
    return np.array(made, np.uint64)


_ODD = _mixed(2026)


@cache
def _parts() -> tuple[list[_Part], NDArray[np.uint64]]:
    """The first, second and third parts of templates, and what tells each template from others."""
    templates = [*_TEMPLATES, *(((_CLASS, 0), (_WORD, step)) for side in _NEAR for step in side)]
    numbers = [*range(len(_TEMPLATES)), *(len(_TEMPLATES) + k for k, side in enumerate(_NEAR) for _ in side)]
    parts = []
    for p in range(3):
        which = [t for t, template in enumerate(templates) if p < len(template)]
        facts, steps = np.array([templates[t][p] for t in which]).T
        parts.append((np.array(which), facts, steps, np.array([[_ODD[numbers[t] * 3 + p]] for t in which])))
    return parts, parts[0][-1] ^ np.uint64(0x5851F42D4C957F2D)


_Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]
"""Templates, and of each the fact, the step to it and its multiplier."""


def joined_keys(column: Column, places: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The features that a template joins, shape (templates, len(places)). Args: places: among all tokens."""
    parts, seeds = _parts()
    flat, count = column.facts.reshape(-1), column.facts.shape[1]
    mixed = np.repeat(seeds, len(places), 1)
    for which, facts, steps, odds in parts:
        mixed[which] += flat.take((facts * count + steps)[:, None] + places) * odds
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def keyed(name: str, offset: int) -> int:
    """A feature of a token's own that stands `offset` tokens away."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass"), 977 * (offset + 5))


def all_keyed(names: Sequence[str]) -> NDArray[np.uint32]:
    """`keyed` of each name at each of `OFFSETS`, shape (names, offsets)."""
    written = [name.encode("utf-8", "surrogatepass") for name in names]
    plain = np.array([*map(zlib.crc32, written)], np.uint32)
    sizes, which = np.unique([*map(len, written)], return_inverse=True)
    turned: NDArray[np.uint32] = plain[:, None] ^ np.array([*map(_turns, sizes.tolist())], np.uint32)[which]
    return turned


@lru_cache(1 << 10)
def _turns(size: int) -> tuple[int, ...]:
    """What another beginning does to the checksum of so many bytes, whatever they are."""
    nothing = bytes(size)
    return tuple(zlib.crc32(nothing, 977 * (offset + 5)) ^ zlib.crc32(nothing) for offset in OFFSETS)


def contexts(which: str, number: int) -> list[str]:
    """The names of the features that such a small number stands for. Args: which: of `AROUND`."""
    if which == "name":
        return [f"two{number // 10}", f"three{number % 10}"]
    gap, cut = divmod(number, 144)
    return [f"begins{cut // 24}", f"ends{cut // 4 % 6}", f"through{cut // 2 % 2}", f"place{cut % 2}", f"gap{gap}",
            f"cut{cut // 2}"]  # fmt: skip


class _Kinds:
    """Every token met so far, each with a number; 0 is nothing. Of each, what it and its class are as neighbours."""

    def __init__(self) -> None:
        self.words = ["\0"]
        self.known: dict[str, int] = {}
        self.letters = 0
        self.single = np.zeros(_LAST + 1, np.int64)
        self.array = np.ones((2, 1 << 10), np.uint64)

    def of(self, words: Sequence[str]) -> list[int]:
        """The numbers of tokens; one that is new gets one."""
        known = self.known
        return [known.get(word) or self._add(word) for word in words]

    def _add(self, word: str) -> int:
        self.known[word] = number = len(self.words)
        self.words.append(word)
        self.letters += len(word)
        if number == self.array.shape[1]:
            self.array = np.concatenate([self.array, np.ones_like(self.array)], 1)
        _, sort, lower = unary(word)
        self.array[:, number] = _spread(lower), _spread(sort)
        if len(word) == 1 and ord(word) < _LAST:
            self.single[ord(word)] = number
        return number


def _spread(name: str) -> int:
    first = zlib.crc32(name.encode("utf-8", "surrogatepass"))
    return first << 32 | zlib.crc32(first.to_bytes(4, "little"), 77)


@cache
def _kinds() -> _Kinds:
    return _Kinds()


def kinds_met() -> list[str]:
    """Every token met so far, by its number; a new list when they had become too many."""
    return _kinds().words


_RUNS = re.compile(r"(.)\1{2,}")


@lru_cache(1 << 10)
def unary(word: str) -> tuple[list[str], str, str]:
    """What a token says by itself: the names of its features, its class, and how it counts as a neighbour."""
    first = word[0]
    if "\u4e00" <= first < "\u9fff":
        return _character(chr(_alphabet()[1][ord(first)]))
    if first.isalpha():
        return _latin(word)
    if first.isdigit():
        size = min(len(word), 7)
        return (
            [f"digits{size}", "digits", f"w={word}" if len(word) < 3 else "many"],
            f"D{size}",
            (word if len(word) < 2 else f"#{min(size, 6)}"),
        )
    return [f"w={word}", "sign"], word, word


def _character(char: str) -> tuple[list[str], str, str]:
    cost = {name: int(table[ord(char)]) for name, table in _costs().items()}
    family, usual = min(cost["families"], 20), cost["chars"]
    names = [f"w={char}", f"family{family // 2}", f"first{cost['first'] // 2}", f"second{cost['second'] // 2}"]
    names += [f"only{cost['only'] < 16}", f"usual{usual // 3}", "han"]
    given = min(cost["first"], cost["second"]) < usual
    return names, f"H{'f' if family < 20 else ''}{'g' if given else ''}", char


_LISTS = {"title": TITLES, "role": ROLES, "never": NEVER, "east": EAST, "particle": PARTICLES}


def _latin(word: str) -> tuple[list[str], str, str]:
    known, lower = token_of(word), word.lower()
    shape = _RUNS.sub(r"\1\1", "".join("X" if c.isupper() else "x" for c in word))
    sort = f"{shape[:2]}{known.given}{known.family}{known.plain}{known.place}"
    names = [f"w={lower}", f"s={shape}", f"given{known.given}", f"family{known.family}", f"plain{known.plain}"]
    names += [f"place{known.place}", f"c={sort}"]
    names += [
        name
        for name, words in _LISTS.items()
        if (lower if name in ("title", "role", "particle") else known.word) in words
    ]
    for size in (2, 3, 4):
        if len(lower) > size:
            names += [f"x{lower[-size:]}", f"y{lower[:size]}"]
    return names, sort, lower
