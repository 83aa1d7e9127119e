"""Numbers made of others for boosted trees: a few ratios, differences and means, kept where unseen rows gain."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

import numpy as np

from zhinan.core import Block, Encoded
from zhinan.encoders.cells import FittedCells
from zhinan.recipes._racing import MANY
from zhinan.recipes._trees import KINDS, Trees, fit_trees, for_trees
from zhinan.steps._derived import derived
from zhinan.steps.choose import softmax

__all__ = ["Deriving", "Made", "with_derived"]

Made: TypeAlias = tuple[str, ...]
"""How, and of which columns: ("ratio", "bill", "limit")."""

FEWEST = MANY
"""Rows below which nothing is made: fewer tell too little of what helps, and trees of chance ratios are worse."""

MOST = 12
"""Numbers that are added at most: trees look at each at every split."""

VALUES = 10
"""A column of fewer different numbers is a scale of answers: ratios of it say little."""

PARTNERS = 24
"""Columns that are paired, those first by which the plain trees send most rows apart."""

SERIES = 3
"""So many numbered columns ("bill1", "bill2", …) are a series."""

ROWS, BINS = 24_000, 32
"""Rows, spread over all, and groups of as many of them, by which what is worth a try is told."""

LEAST = 10.0
"""The gain of a split below which a number is not worth a try: the best of hundreds by chance comes near it."""

SURE = 2.0
"""Standard errors of paired losses by which rows must gain: those that judge also had a say in the choice."""


@dataclass(frozen=True, eq=False)
class Deriving:
    """Both parts with the derived numbers behind their cells, which those are, and the setting to grow trees in."""

    train: Encoded
    dev: Encoded
    made: tuple[Made, ...]
    setting: str | None


def with_derived(
    train: Encoded,
    dev: Encoded,
    *,
    until: float,
    setting: str | None,
    asked: Sequence[Made] | None,
    monotone: Sequence[tuple[str, int]],
) -> Deriving:
    """The numbers made of others that boosted trees are better with: none beside a text, or for several labels.

    Trees with them are grown in the setting that won without; each row is judged by trees that did not see it.

    Args:
        until, setting, monotone: as of `fit_trees`; columns with a direction are not made anything of.
        asked: the numbers of an earlier fit; None looks whether some help.
    """
    read = for_trees(train.blocks)
    cells, nothing = read[0], Deriving(train, dev, (), setting)
    if train.several or len(read) > 1 or not isinstance(cells.fitted, FittedCells):
        return nothing
    held = next(block for block in dev.blocks if block.encoder == cells.encoder)
    if asked is not None:
        made = tuple(tuple(one) for one in asked)
        return replace(nothing, train=_wider(train, cells, made), dev=_wider(dev, held, made), made=made)
    key = f"derived {setting} {list(monotone)}"
    if key not in cells.heads:
        cells.heads[key] = _helping(train, cells, until=until, setting=setting, monotone=monotone)
    block, made, won = cells.heads[key]
    return Deriving(_with(train, cells, block), _wider(dev, held, made), made, won) if made else nothing


def _helping(
    train: Encoded, cells: Block, *, until: float, setting: str | None, monotone: Sequence[tuple[str, int]]
) -> tuple[Block, tuple[Made, ...], str | None]:
    """The cells with what helps, on which trees are grown once however many recipes ask; the setting that won."""
    if len(train.target) < FEWEST:
        return cells, (), setting
    plain = fit_trees(train, until=until, setting=setting, monotone=monotone)
    if plain.held is None or time.perf_counter() > until:
        return cells, (), plain.setting
    bound = {name for name, _ in monotone}
    possible = list(_possible(_numbers(cells, without=bound), plain, cells))
    chosen = _telling(train, cells, plain, possible)
    if not chosen:
        return cells, (), plain.setting
    wider = _wider(train, cells, chosen)
    more = fit_trees(wider, until=until, setting=plain.setting, monotone=monotone)
    if not _gained(train, plain, more):
        return cells, (), plain.setting
    return for_trees(wider.blocks)[0], chosen, plain.setting


def _wider(part: Encoded, cells: Block, chosen: Sequence[Made]) -> Encoded:
    """The part with these numbers behind its cells."""
    if not chosen:
        return part
    made = tuple({"how": how, "of": of} for how, *of in chosen)
    values = np.hstack([cells.values, derived(_numbers(cells), made)])
    return _with(part, cells, Block(cells.encoder, values, replace(_fitted(cells), made=made)))


def _with(part: Encoded, cells: Block, block: Block) -> Encoded:
    """The part with another block in the place of its cells."""
    return replace(part, blocks=tuple(block if one is cells else one for one in part.blocks))


def _fitted(cells: Block) -> FittedCells:
    if not isinstance(cells.fitted, FittedCells):
        raise TypeError("only cells have numbers as they are")
    return cells.fitted


def _numbers(cells: Block, without: frozenset[str] | set[str] = frozenset()) -> dict[str, np.ndarray]:
    """Column → its numbers (n,), NaN where missing."""
    fitted = _fitted(cells)
    kinds = dict(zip(fitted.columns, fitted.learned, strict=True))
    return {
        of[0]: cells.values[:, i] for i, of in enumerate(fitted.sources)
        if len(of) == 1 and kinds[of[0]]["kind"] == "number" and of[0] not in without
    }  # fmt: skip


def _possible(numbers: Mapping[str, np.ndarray], plain: Trees, cells: Block) -> Iterator[Made]:
    """What may be worth a look: means and such of series, ratios and differences of columns of many numbers."""
    series: dict[str, list[tuple[int, str]]] = {}
    for name in numbers:
        if found := re.fullmatch(r"(.*?)[ _.-]?(\d{1,4})", name):
            series.setdefault(found[1], []).append((int(found[2]), name))
    for members in series.values():
        if len(members) >= SERIES:
            names = [name for _, name in sorted(members)]
            yield from (("mean", *names), ("max", *names), ("min", *names), ("spread", *names), ("change", *names))
    used = _used(plain, cells)
    many = [name for name, values in numbers.items() if len(np.unique(values[~np.isnan(values)])) > VALUES]
    for first, second in combinations(sorted(many, key=lambda name: -used.get(name, 0.0))[:PARTNERS], 2):
        lower = sum((numbers[name] == 0).sum() * sign for name, sign in ((first, 1), (second, -1))) < 0
        yield from (("ratio", *((second, first) if lower else (first, second))), ("less", first, second))


def _used(plain: Trees, cells: Block) -> dict[str, float]:
    """Column → rows that the plain trees sent apart by it."""
    found: dict[str, float] = {}
    sources = _fitted(cells).sources
    for tree in plain.forest.trees:
        for feature, cover in zip(tree.feature.tolist(), tree.cover.tolist(), strict=True):
            if feature >= 0:
                found[sources[feature][0]] = found.get(sources[feature][0], 0.0) + cover
    return found


def _telling(train: Encoded, cells: Block, plain: Trees, possible: Sequence[Made]) -> tuple[Made, ...]:
    """The numbers one split of which tells most of what the plain trees got wrong about rows they did not see.

    Source: the gain of a split, Chen & Guestrin, XGBoost (KDD 2016), its quantiles as those of `BINS` groups.
    """
    seen, target = np.unique(train.target, return_inverse=True)
    held = np.zeros((0, 1)) if plain.held is None else plain.held
    known = np.flatnonzero(np.isfinite(held).all(axis=1))
    rows = known[np.linspace(0, len(known) - 1, min(ROWS, len(known))).astype(np.int64)]
    chances = softmax(np.hstack([np.zeros((len(rows), 1)), held[rows]]) if held.shape[1] == 1 else held[rows])
    off = (target[rows, None] == np.arange(len(seen))) - chances
    sampled = {name: values[rows] for name, values in _numbers(cells).items()}
    gains = []
    for how, *of in possible:
        values = derived(sampled, [{"how": how, "of": of}])[:, 0]
        gains.append(_gain(values, off[:, 1:], chances[:, 1:] * (1 - chances[:, 1:])))
    order = np.argsort(-np.array(gains), kind="stable")[:MOST]
    return tuple(possible[i] for i in order.tolist() if gains[i] > LEAST)


def _gain(values: np.ndarray, off: np.ndarray, curvature: np.ndarray) -> float:
    """What the best single split of values (n,) gains; missing ones stand behind the largest."""
    known = values[~np.isnan(values)]
    if not known.size:
        return 0.0
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))
    group = np.searchsorted(edges, values, side="left")  # NaN sorts last
    count, best = len(edges) + 2, np.zeros(len(edges) + 1)
    group[np.isnan(values)] = count - 1
    for one, bend in zip(off.T, curvature.T, strict=True):
        slope, steep = (np.cumsum(np.bincount(group, weights, count)) for weights in (one, bend))
        left = slope[:-1] ** 2 / (steep[:-1] + 1)
        right = (slope[-1] - slope[:-1]) ** 2 / (steep[-1] - steep[:-1] + 1)
        best += left + right - slope[-1] ** 2 / (steep[-1] + 1)
    return float(best.max())


def _gained(train: Encoded, plain: Trees, more: Trees) -> bool:
    """Whether the loss of rows, by trees that did not see them, is surely less with more."""
    seen, target = np.unique(train.target, return_inverse=True)
    if plain.held is None or more.held is None:
        return False
    known = np.flatnonzero(np.isfinite(plain.held).all(axis=1) & np.isfinite(more.held).all(axis=1))
    loss = KINDS["boost"].classes(len(seen)).loss
    apart = loss(more.held[known], target[known]) - loss(plain.held[known], target[known])
    return bool(len(known) and apart.mean() < -SURE * apart.std() / len(known) ** 0.5)
