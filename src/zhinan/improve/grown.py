"""A challenger may know classes that the live version cannot: answers of both over all of them, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from zhinan.proof import Judged, Tagged

__all__ = ["grown", "widened", "widened_tags"]


def widened(old: Judged, classes: tuple[str, ...]) -> Judged:
    """The champion's answers over the challenger's classes: one that it cannot know it gives no chance to."""
    every = tuple(sorted({*old.classes, *classes}))
    if old.probability is None or every == tuple(old.classes):
        return replace(old, classes=every)
    chances = np.zeros((len(old), len(every)), old.probability.dtype)
    chances[:, [every.index(name) for name in old.classes]] = old.probability
    return replace(old, classes=every, probability=chances)


def widened_tags(one: Tagged, classes: tuple[str, ...]) -> Tagged:
    """The same answers over more labels: one that a version cannot know it never gives."""
    place = [classes.index(name) for name in one.classes]
    wide: dict[str, Any] = {}
    for name, values in one.by_row().items():
        if name in ("truth", "answer", "probability"):
            wide[name] = np.zeros((len(one), len(classes)), values.dtype)
            wide[name][:, place] = values
    return replace(one, classes=classes, current=None, **wide)


def grown(new: Judged | Tagged, known: tuple[str, ...]) -> tuple[Mapping[str, Any], ...]:
    """Of each class beyond the champion's: its sealed rows, and how many of them the challenger finds."""
    return tuple(
        {"class": name, "n": int(mine.sum()), "found": float(said[mine].mean()) if mine.any() else None}
        for name in new.classes
        if name not in known
        for mine, said in (_has(new, name),)
    )


def _has(judged: Judged | Tagged, name: str) -> tuple[Any, Any]:
    """Which rows have the class, and which are answered with it."""
    if isinstance(judged, Tagged):
        place = judged.classes.index(name)
        return judged.truth[:, place], judged.answer[:, place]
    return judged.truth == name, judged.answer == name
