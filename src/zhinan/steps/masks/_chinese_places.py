"""Where in many texts a Chinese name may begin: what characters cost and speak for is summed for all places at once.

No sum speaks less for a name than reading the place would, so that none is lost where a place is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from zhinan.steps.masks._chinese_costs import (
    ABROAD_SHORT,
    GIVEN,
    KIN,
    LEAST_SHORT,
    PETS,
    TYPICAL_TWO,
    UNKNOWN,
    families,
    family_cost,
    one_cost,
    ordinary,
)
from zhinan.steps.masks._chinese_cues import NO_PART
from zhinan.steps.masks._chinese_sides import most_left, most_right
from zhinan.steps.masks._tables import bits

if TYPE_CHECKING:
    import numpy as np

    from zhinan.steps.masks._lookup import Lookup

    Numbers = np.ndarray[Any, Any]

__all__ = ["places_in"]

_FIRST, _SIZE = 0x4E00, 0x9FA5 - 0x4E00 + 1
"""The first 汉字, and how many there are: in a table of them, also the place of every other character."""
_ROW = _SIZE + 1
_NEVER = 999.0
_MOST = 0xFFFF
"""What stands for every character beyond."""
_SLACK = 0.01
"""More than is lost by sums of few binary digits."""
_BETWEEN = "\n"
"""What stands between texts that are looked at together."""


class _Tables(NamedTuple):
    """Of each 汉字: what it costs as a word, a surname, a given name, and the first and second of one; how much more
    usual it is as these two; bits for the short names and surnames of two that it may begin or end. Of each character:
    what it can speak for a name beside it, once it was met. Of two that are a word: how rare it is.
    """

    word: Numbers
    family: Numbers
    one: Numbers
    first: Numbers
    second: Numbers
    as_first: Numbers
    as_second: Numbers
    begins: Numbers
    ends: Numbers
    left: Numbers
    right: Numbers
    pairs: Lookup
    rarity: Numbers


def places_in(texts: Sequence[str], company: Callable[..., Numbers]) -> list[list[int]]:
    """For each text, the places where what is made as names are may be cheaper than its words.

    Args: company: what both sides speak for names, from the most that either can, and whether 汉字 stand there.
    """
    import numpy as np

    if not texts:
        return []
    table, joined = _tables(), _BETWEEN.join(["", *texts, "", "", ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = np.minimum(codes - np.uint32(_FIRST), np.uint32(_SIZE)).astype(np.int64)
    here, after = letters[:-1], letters[1:]
    odd = (table.begins[here] & table.ends[after] > 0) | (here == after)
    full = (table.family[here] < _NEVER) & (table.one[after] < _NEVER)
    given = table.as_first[here] + table.as_second[after] > -2
    some = ((here < _SIZE) & (after < _SIZE) & (full | given | odd)).nonzero()[0]
    left, before = _speaking(codes[some - 1], table.left, most_left()), letters[some - 1] < _SIZE
    two, three = (
        _SLACK + company(left, _speaking(codes[some + k], table.right, most_right()), before, letters[some + k] < _SIZE)
        for k in (2, 3)
    )
    some = some[_worth(letters[some], letters[some + 1], letters[some + 2], left, two, three)]
    begins = np.cumsum([len(_BETWEEN), *(len(text) + len(_BETWEEN) for text in texts)])
    found, cuts, starts = some.tolist(), np.searchsorted(some, begins).tolist(), begins.tolist()
    return [[at - starts[i] for at in found[cuts[i] : cuts[i + 1]]] for i in range(len(texts))]


def _worth(here: Numbers, after: Numbers, later: Numbers, left: Numbers, two: Numbers, three: Numbers) -> Numbers:
    """Which places may be cheap enough. Args: two, three: what both sides of so many characters speak for a name."""
    import numpy as np

    table = _tables()
    pair = _rarity(here, after)
    words = np.minimum(table.word[here] + table.word[after], pair)
    more = np.minimum(words + table.word[later], table.word[here] + _rarity(after, later)) + three
    words = words + two
    odds = table.as_first[after] + table.as_second[later]
    long = table.first[after] + table.second[later] + np.maximum(0, TYPICAL_TWO - odds)
    own = table.as_first[here] + table.as_second[after]
    alone = GIVEN + table.first[here] + table.second[after] - np.clip(own - 5, 0, 4)
    bits = table.begins[here] & table.ends[after]
    worth: Numbers = (
        (words > table.family[here] + table.one[after])
        | (more > table.family[here] + long)
        | ((own > -2) & (words > alone) & ((left > 0) | ((own > 3) & (pair == _NEVER))))
        | (((bits > 0) | (here == after)) & (words > LEAST_SHORT))
        | (bits >= _COMPOUND)
    )
    return worth


def _speaking(codes: Numbers, spoken: Numbers, most: Mapping[str, float]) -> Numbers:
    """The most that each character speaks for a name beside it; the sign between two texts, as their ends do too."""
    import numpy as np

    known = np.minimum(codes, _MOST)
    new = {*known[np.isnan(spoken[known])].tolist()} - {_MOST}
    for code in new:
        char = chr(code)
        spoken[code] = max(most[char], most[""]) if char == _BETWEEN else most[char]
    said = spoken[known]
    beyond = known == _MOST
    said[beyond] = [most[chr(code)] for code in codes[beyond].tolist()]
    return said


def _rarity(first: Numbers, second: Numbers) -> Numbers:
    """How rare two characters are as a word; _NEVER where they are none."""
    import numpy as np

    table = _tables()
    rarity: Numbers = table.rarity[table.pairs.find((first * _ROW + second).astype(np.uint64))]
    return rarity


_COMPOUND = 8
"""The bit of surnames of two characters."""


def _listed() -> frozenset[str]:
    """Every 汉字 of which a table says something; all others are alike."""
    tables = (ordinary(), families(), *map(bits, ("chars", "only", "first", "second")))
    return frozenset("".join(chain(PETS, KIN, NO_PART, ABROAD_SHORT, *tables)))


@cache
def _tables() -> _Tables:
    import numpy as np

    from zhinan.steps.masks._lookup import Lookup

    words, usual = ordinary(), bits("chars")
    first, second = bits("first"), bits("second")
    letters = {char for char in _listed() if _FIRST <= ord(char) < _FIRST + _SIZE}
    unlisted = next(char for code in range(_FIRST, _FIRST + _SIZE) if (char := chr(code)) not in letters)
    places = np.array([ord(char) - _FIRST for char in letters])

    def table(value: Callable[[str], float], other: float) -> Numbers:
        made = np.full(_ROW, value(unlisted), np.float32)
        made[places] = [value(char) for char in letters]
        made[_SIZE] = other
        return made

    def part(value: Callable[[str], float], other: float) -> Numbers:
        """A table in which what is in no name is never one."""
        return table(lambda char: other if char in NO_PART else value(char), other)

    compound = [family for family in families() if len(family) == 2]

    def odd(place: int) -> Numbers:
        """Bits of a pet name, of kin, of foreign names and of surnames of two characters."""
        said = {word[place] for word in ABROAD_SHORT}, {word[place] for word in compound}
        sets: tuple[Container[str], ...] = (every if place else PETS, KIN if place else every, *said)
        return table(lambda char: sum((char in one) << i for i, one in enumerate(sets)), 0).astype(np.uint8)

    every = letters | {unlisted}
    pairs = [(word, rarity) for word, rarity in words.items() if len(word) == 2]
    read = np.frombuffer("".join(word for word, _ in pairs).encode("utf-32-le"), np.uint32)
    codes = read.reshape(-1, 2).astype(np.int64) - _FIRST
    inside = ((codes >= 0) & (codes < _SIZE)).all(1)
    lookup = Lookup((codes[:, 0] * _ROW + codes[:, 1])[inside].astype(np.uint64))
    return _Tables(
        word=table(lambda char: words.get(char, UNKNOWN), _NEVER),
        family=table(lambda char: family_cost(char) if char in families() else _NEVER, _NEVER),
        one=part(one_cost, _NEVER),
        first=part(lambda char: first.get(char, 16), _NEVER),
        second=part(lambda char: second.get(char, 16), _NEVER),
        as_first=part(lambda char: usual.get(char, 20) - first.get(char, 16), -_NEVER),
        as_second=part(lambda char: usual.get(char, 20) - second.get(char, 16), -_NEVER),
        begins=odd(0),
        ends=odd(1),
        left=np.full(_MOST + 1, np.nan, np.float32),
        right=np.full(_MOST + 1, np.nan, np.float32),
        pairs=lookup,
        rarity=np.append(np.array([rarity for _, rarity in pairs], np.float32)[inside][lookup.order], _NEVER),
    )
