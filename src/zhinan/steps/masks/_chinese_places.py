"""Where in many texts a Chinese name may begin: what characters cost and speak for is summed for all places at once.

No sum speaks less for a name than reading the place would, so that none is lost where a place is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
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

    Numbers = np.ndarray[Any, Any]

__all__ = ["places_in"]

_FIRST, _SIZE = 0x4E00, 0x9FA5 - 0x4E00 + 1
"""The first 汉字, and how many there are: in a table of them, also the place of every other character."""
_ROW = _SIZE + 1
_NEVER = 999.0
_BETWEEN = "\n"
"""What stands between texts that are looked at together."""


class _Tables(NamedTuple):
    """Of each 汉字: what it costs as a word, a surname, a given name, and the first and second of one; how much more
    usual it is as these two; bits for the short names and surnames of two that it may begin or end; and what it can
    speak for a name beside it. Of two that are a word: their places as one number, and how rare it is.
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
    pairs: Numbers
    rarity: Numbers


def places_in(texts: Sequence[str], signs: float) -> list[list[int]]:
    """For each text, the places where what is made as names are may be cheaper than its words.

    Args: signs: the most that signs around a name speak for it.
    """
    import numpy as np

    if not texts:
        return []
    table, joined = _tables(), _BETWEEN.join(["", *texts, "", "", ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = np.minimum(codes - np.uint32(_FIRST), np.uint32(_SIZE)).astype(np.int32)
    here, after = letters[:-1], letters[1:]
    odd = (table.begins[here] & table.ends[after] > 0) | (here == after)
    full = (table.family[here] < _NEVER) & (table.one[after] < _NEVER)
    given = table.as_first[here] + table.as_second[after] > -2
    some = np.flatnonzero((here < _SIZE) & (after < _SIZE) & (full | given | odd))
    left = _speaking(codes, letters, table.left, most_left())[some - 1]
    right = _speaking(codes, letters, table.right, most_right())
    three = letters[some], letters[some + 1], letters[some + 2]
    some = some[_worth(*three, left, right[some + 2], right[some + 3], signs)]
    begins = np.cumsum([len(_BETWEEN), *(len(text) + len(_BETWEEN) for text in texts)])
    found, cuts, starts = some.tolist(), np.searchsorted(some, begins).tolist(), begins.tolist()
    return [[at - starts[i] for at in found[cuts[i] : cuts[i + 1]]] for i in range(len(texts))]


def _worth(
    here: Numbers, after: Numbers, later: Numbers, left: Numbers, two: Numbers, three: Numbers, signs: float
) -> Numbers:
    """Which places may be cheap enough. Args: two, three: what stands behind as many characters speaks for a name."""
    import numpy as np

    table = _tables()
    pair = _rarity(here, after)
    words = np.minimum(table.word[here] + table.word[after], pair)
    more = np.minimum(words + table.word[later], table.word[here] + _rarity(after, later))
    words, more = words + left + two + signs, more + left + three + signs
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


def _speaking(codes: Numbers, letters: Numbers, spoken: Numbers, most: Mapping[str, float]) -> Numbers:
    """The most that each character speaks for a name beside it; the sign between two texts, as their ends do too."""
    import numpy as np

    spoken = spoken[letters]
    others = np.flatnonzero(letters == _SIZE)
    distinct, which = np.unique(codes[others], return_inverse=True)
    spoken[others] = np.array([most[chr(code)] for code in distinct.tolist()], np.float32)[which]
    ends = codes == ord(_BETWEEN)
    spoken[ends] = np.maximum(spoken[ends], most[""])
    return spoken


def _rarity(first: Numbers, second: Numbers) -> Numbers:
    """How rare two characters are as a word; _NEVER where they are none."""
    import numpy as np

    table, pair = _tables(), first.astype(np.int64) * _ROW + second
    at = np.searchsorted(table.pairs, pair)
    rarity: Numbers = np.where(table.pairs[at] == pair, table.rarity[at], np.float32(_NEVER))
    return rarity


_COMPOUND = 8
"""The bit of surnames of two characters."""


@cache
def _letters() -> tuple[str, ...]:
    return tuple(map(chr, range(_FIRST, _FIRST + _SIZE)))


def _table(value: Callable[[str], float], other: float) -> Numbers:
    import numpy as np

    return np.array([*map(value, _letters()), other], np.float32)


@cache
def _tables() -> _Tables:
    import numpy as np

    words, usual = ordinary(), bits("chars")
    first, second = bits("first"), bits("second")

    def part(value: Callable[[str], float], other: float) -> Numbers:
        """A table in which what is in no name is never one."""
        return _table(lambda char: other if char in NO_PART else value(char), other)

    def odd(place: int) -> Numbers:
        """Bits of a pet name, of kin, of foreign names and of surnames of two characters."""
        compound = [family for family in families() if len(family) == 2]
        said = {word[place] for word in ABROAD_SHORT}, {word[place] for word in compound}
        sets: tuple[Container[str], ...] = (every if place else PETS, KIN if place else every, *said)
        return _table(lambda char: sum((char in one) << i for i, one in enumerate(sets)), 0).astype(np.uint8)

    every = frozenset(_letters())

    known = {char: place for place, char in enumerate(_letters())}
    pairs = {
        known[word[0]] * _ROW + known[word[1]]: rarity
        for word, rarity in words.items()
        if len(word) == 2 and word[0] in known and word[1] in known
    }
    keys = sorted(pairs)
    return _Tables(
        word=_table(lambda char: words.get(char, UNKNOWN), _NEVER),
        family=_table(lambda char: family_cost(char) if char in families() else _NEVER, _NEVER),
        one=part(one_cost, _NEVER),
        first=part(lambda char: first.get(char, 16), _NEVER),
        second=part(lambda char: second.get(char, 16), _NEVER),
        as_first=part(lambda char: usual.get(char, 20) - first.get(char, 16), -_NEVER),
        as_second=part(lambda char: usual.get(char, 20) - second.get(char, 16), -_NEVER),
        begins=odd(0),
        ends=odd(1),
        left=_table(most_left().__getitem__, 0.0),
        right=_table(most_right().__getitem__, 0.0),
        pairs=np.array([*keys, _ROW * _ROW]),
        rarity=np.array([*(pairs[key] for key in keys), _NEVER], np.float32),
    )
