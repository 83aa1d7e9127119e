"""Which part of a text an n-gram stands in, and the pieces a text is shown in: words, 汉字, placeholders of masks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhinan.steps._ngrams import Weighted, cleaned

__all__ = ["HAN", "Spread", "origins", "phrases", "spread", "tokens"]

HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Ranges of 汉字 and kana, as inside the brackets of a regular expression: a script without spaces."""

_TOKEN = re.compile(rf"\[[A-Z][A-Z_]+\]|[{HAN}]|[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)*|.", re.DOTALL)
_LETTER = re.compile(rf"[{HAN}]")

LONGEST = 4
"""Most 汉字 that are shown as one phrase."""


def tokens(text: str) -> list[tuple[int, int]]:
    """Start and end of each piece, in order and without gaps: a word, a 汉字, a placeholder, a mark.

    White space belongs to the piece before it, at the beginning to the first one.
    """
    found: list[tuple[int, int]] = []
    begun = 0
    for match in _TOKEN.finditer(text):
        if found and (match[0].isspace() or _marked(text, match.start())):
            found[-1] = (found[-1][0], match.end())
        elif match[0].isspace():
            continue
        else:
            found.append((begun, match.end()))
        begun = match.end()
    if text and not found:
        return [(0, len(text))]
    return found


def _marked(text: str, place: int) -> bool:
    """Whether a vowel sign or accent stands here, or just before a letter: inside a word of its script."""
    if unicodedata.category(text[place])[0] == "M":
        return True
    return place > 0 and text[place].isalpha() and unicodedata.category(text[place - 1])[0] == "M"


def phrases(text: str, spans: Sequence[tuple[int, int]], weights: Sequence[float]) -> list[tuple[int, int, float]]:
    """The pieces with neighbouring 汉字 of one sign put together, and the sum of their weights."""
    found: list[tuple[int, int, float]] = []
    for (start, end), weight in zip(spans, weights, strict=True):
        joins = found and end - start == 1 and _LETTER.match(text[start]) is not None
        if joins:
            first, last, sum_ = found[-1]
            whole = text[first:last]
            joins = len(whole) < LONGEST and _LETTER.sub("", whole) == "" and (sum_ > 0) == (weight > 0)
            joins = joins and (sum_ < 0) == (weight < 0)
        if joins:
            found[-1] = (first, end, sum_ + weight)
        else:
            found.append((start, end, weight))
    return found


def origins(text: str) -> np.ndarray:
    """For each character of `cleaned(text)` the place in the text it comes from; −1 for white space.

    Normalising may melt characters into one or break one up, so the text is cut only where that changes nothing.
    """
    segments = _segments(text)
    shown = "".join(clean for _, clean in segments)
    place = np.repeat([start for start, _ in segments], [len(clean) for _, clean in segments]).astype(np.int64)
    # `cleaned` puts one space before, between and after the words
    found = [np.array([-1])]
    for word in re.finditer(r"\S+", shown):
        found += [place[word.start() : word.end()], np.array([-1])]
    if len(found) == 1:
        found.append(np.array([-1]))
    return np.concatenate(found).astype(np.int64)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _segments(text: str) -> list[tuple[int, str]]:
    """(start, normalised) of the shortest parts that can be normalised one by one."""
    found: list[tuple[int, str]] = []
    for place, letter in enumerate(text):
        start, clean = place, _normal(letter)
        while found and _normal(text[found[-1][0] : place + 1]) != found[-1][1] + clean:
            start = found.pop()[0]
            clean = _normal(text[start : place + 1])
        found.append((start, clean))
    if "".join(clean for _, clean in found) != _normal(text):  # parts that interact over a distance: no cut is safe
        return [(0, _normal(text))]
    return found


@dataclass(frozen=True)
class Spread:
    """What the n-grams of one text say, character by character.

    Args:
        weights: (len(text),), in the text as it was given. nowhere: what belongs to no character, such as the features
            of an empty text. shared: buckets into which different n-grams of this text fell, so that what each of
            them said cannot be told apart; their weight is shared out evenly.
    """

    weights: np.ndarray
    nowhere: float
    shared: int


def spread(text: str, features: Weighted, index: np.ndarray, contribution: np.ndarray) -> Spread:
    """Shares out what each feature contributed to the places of the text that it counted.

    A feature is shared evenly by its occurrences, an occurrence evenly by its words or characters. White space gives
    half to the word on either side. The sums stay the same.

    Args:
        index, contribution: (m,), the features of the text, each once.
    """
    clean, origin = cleaned(text), origins(text)
    if len(origin) != len(clean):  # normalised by a way of its own: all of it is one place
        return _undivided(text, float(contribution.sum()))
    start, end, bucket = features.ngrams.places(text)
    feature = features.index(bucket)
    of_feature = np.full(int(max(index.max(initial=-1), feature.max(initial=-1))) + 1, 0.0)
    of_feature[index] = contribution
    kept = feature >= 0
    start, end, feature, bucket = start[kept], end[kept], feature[kept], bucket[kept]
    times = np.bincount(feature, minlength=len(of_feature))
    share = of_feature[feature] / times[feature]
    letters = (origin >= 0).astype(np.float64)
    before = np.concatenate([[0.0], np.cumsum(letters)])
    inside = before[end] - before[start]
    steps = np.zeros(len(clean) + 1)
    spaces = np.zeros(len(clean))
    wordy = inside > 0
    np.add.at(steps, start[wordy], share[wordy] / inside[wordy])
    np.add.at(steps, end[wordy], -share[wordy] / inside[wordy])
    np.add.at(spaces, start[~wordy], share[~wordy])
    each = np.cumsum(steps)[:-1] * letters
    weights, nowhere = _placed(text, origin, each, spaces)
    return Spread(weights, nowhere, _shared(clean, start, end, feature))


def _placed(text: str, origin: np.ndarray, each: np.ndarray, spaces: np.ndarray) -> tuple[np.ndarray, float]:
    """Characters' weights in the text as given; white space goes half to either side."""
    weights: np.ndarray = np.zeros(len(text))
    known = np.flatnonzero(origin >= 0)
    if not known.size:
        return weights, float(each.sum() + spaces.sum())
    np.add.at(weights, origin[known], each[known])
    blank = np.flatnonzero(spaces)
    after = np.searchsorted(known, blank)
    left, right = known[np.maximum(after - 1, 0)], known[np.minimum(after, len(known) - 1)]
    for side in (left, right):
        np.add.at(weights, origin[side], spaces[blank] / 2)
    return weights, 0.0


def _undivided(text: str, total: float) -> Spread:
    if not text:
        return Spread(np.zeros(0), total, 0)
    return Spread(np.full(len(text), total / len(text)), 0.0, 0)


def _shared(clean: str, start: np.ndarray, end: np.ndarray, feature: np.ndarray) -> int:
    """How many features counted different runs; a word is another n-gram than the same run of characters."""
    said: dict[int, set[str]] = {}
    for s, e, f in zip(start.tolist(), end.tolist(), feature.tolist(), strict=True):
        said.setdefault(f, set()).add(clean[s:e])
    return sum(len(runs) > 1 for runs in said.values())
