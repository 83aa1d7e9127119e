"""Columns that are called after what a mask hides: each value there is somebody's as a whole, whatever form it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhinan.core import entries
from zhinan.steps.values.words import MEANING, MISSING

__all__ = ["fits", "holders"]

_IS = {"digit": str.isdigit, "letter": str.isalpha, "either": str.isalnum}
_LONGEST = 80
"""Letters of a value; what is longer is a text in which masks look for themselves."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"(?: ?(?:numbers?|num|nr|no|[0-9]+))+$")
"""What may stand behind: phone_no, phone2."""


@cache
def holders(column: str) -> frozenset[str]:
    """The masks that a column is called after (customer_phone, 客户姓名), by the words of their fact `columns`.

    A name ends with such words, or is what stands behind a "=": a plate may be of steel. The longest count: an
    ip_address is no address.
    """
    plain = [_BETWEEN.sub(" ", name).strip().lower() for name in (column, _HUMP.sub(" ", column))]
    found: dict[str, int] = {}
    for name in dict.fromkeys([*plain, *(_COUNTED.sub("", name) for name in plain)]):
        for mask, words in _words():
            if _ends_with(name, words):
                found[mask] = max(found.get(mask, 0), len(words.lstrip("=")))
    return frozenset(mask for mask, size in found.items() if size == max(found.values()))


def _ends_with(name: str, words: str) -> bool:
    if words[0] == "=":
        return name == words[1:]
    return name == words or name.endswith(words if words[-1] > "\u3000" else f" {words}")


def fits(text: str, mask: str) -> bool:
    """Whether a value of a column of a mask can be such a detail: not "none", not "yes", not a sentence.

    It has as many digits, letters or either as the mask's fact `least` says. A mask without that finds each by its
    form, columns or not.
    """
    least = entries("mask")[mask].facts.get("least")
    if least is None or len(text) > _LONGEST or text.lower() in MISSING or text.lower() in MEANING:
        return False
    kind, count = least
    return sum(map(_IS[kind], text)) >= int(count)


def _words() -> Iterator[tuple[str, str]]:
    for mask in entries("mask").values():
        for words in mask.facts.get("columns", ()):
            yield mask.name, words
