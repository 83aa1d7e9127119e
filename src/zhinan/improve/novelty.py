"""Groups of inputs that no known class explains: where traffic is far denser than everything that has a label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

__all__ = ["LEAST", "MORE", "Group", "novel_groups"]

LEAST = 20
"""Inputs of a group."""

MORE = 3.0
"""Times as frequent as in the data any known kind of input may have become without being taken for a new class."""

EACH = 25
"""Inputs for each centre that clustering starts with."""

SHARP = 30.0
"""How little the classifier that completes groups is smoothed: rows have length 1."""

INNER = 0.25
"""Share of a cluster that stands farther from its centre than the group reaches."""

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Group:
    """One group.

    Args:
        rows: places of its inputs, the most typical first. fresh, known: inputs of the half that was not clustered,
            and labelled rows, within its reach. p: chance of so many were it nothing new. more: places of inputs
            beyond its reach that a classifier takes for its own, the surest first.
    """

    rows: tuple[int, ...]
    fresh: int
    known: int
    p: float
    more: tuple[int, ...] = ()


def novel_groups(
    asked: Floats, known: Floats, classes: Sequence[str], unsure: np.ndarray, half: np.ndarray, delta: float
) -> list[Group]:
    """Groups of inputs that are big enough, tight and far from every known class, the surest first.

    Spherical k-means on the unsure inputs of one half finds centres and how far each group reaches. The other half
    decides: within that reach it must hold more inputs than `MORE` times what the labelled rows explain, by an exact
    conditional binomial test at δ shared over the centres. So all groups together are told where there is nothing
    new, and no known kind of input came `MORE` times as often as in the data, with probability at most δ.
    A group is tight when its rows lie as close to their centre as those of one known class in four do to theirs.

    Args:
        asked: (n, d) inputs, known: (m, d) rows with labels, all of length 1; classes: (m,) their labels.
        unsure: (n,) bool, whether the version would hand an input over or is unsure of it. half: (n,) bool, those that
            are clustered, drawn by what does not depend on the inputs' meaning.

    Source: sample splitting, Cox, Biometrika 62 (1975); two Poisson rates, Przyborowski & Wilenski, Biometrika 31
    (1940); spherical k-means, Dhillon & Modha, Machine Learning 42 (2001).
    """
    from scipy.stats import binom

    places = np.flatnonzero(unsure & half)
    fresh = np.flatnonzero(~half)
    if len(places) < LEAST or not len(fresh) or not len(known):
        return []
    loose = _loosest(known, classes)
    share = MORE * len(fresh) / (MORE * len(fresh) + len(known))
    centres = _centres(asked, places)
    free = np.ones(len(asked), bool)
    found = []
    for centre, reach in sorted(centres, key=lambda one: -_held(asked, fresh, one)):
        near = free & (asked @ centre >= reach)
        explained = int((known @ centre >= reach).sum())
        hits = int(near[fresh].sum())
        chance = float(binom.sf(hits - 1, hits + explained, share)) if hits else 1.0
        rows = np.flatnonzero(near)
        close = float((asked[rows] @ centre).mean()) if len(rows) else 0.0
        if len(rows) >= LEAST and close >= loose and chance <= delta / len(centres):
            order = rows[np.argsort(-(asked[rows] @ centre), kind="stable")]
            found.append(Group(tuple(order.tolist()), hits, explained, chance))
            free &= ~near
    return sorted(_grown(found, asked, known, classes), key=lambda one: one.p)


def _grown(groups: Sequence[Group], asked: Floats, known: Floats, classes: Sequence[str]) -> list[Group]:
    """The groups with all inputs that a classifier of known classes and groups takes for theirs.

    A ball around a centre holds the typical ones only. What is proposed at all was decided before.
    """
    from sklearn.linear_model import LogisticRegression

    if not groups:
        return []
    own = {row: at for at, group in enumerate(groups) for row in group.rows}
    names = sorted({*classes})
    taught = [*(names.index(name) for name in classes), *(len(names) + at for at in own.values())]
    rows = np.concatenate([known, asked[list(own)]])
    fitted = LogisticRegression(C=SHARP, max_iter=200).fit(rows, np.array(taught))
    chances = fitted.predict_proba(asked)
    best = fitted.classes_[chances.argmax(axis=1)] - len(names)
    found = []
    for at, group in enumerate(groups):
        more = [row for row in np.flatnonzero(best == at).tolist() if row not in own]
        more.sort(key=lambda row: -chances[row].max())
        found.append(replace(group, more=tuple(more)))
    return found


def _held(asked: Floats, fresh: np.ndarray, ball: tuple[Floats, float]) -> int:
    return int((asked[fresh] @ ball[0] >= ball[1]).sum())


def _centres(asked: Floats, places: np.ndarray) -> list[tuple[Floats, float]]:
    """Centre and least cosine of each cluster of these places."""
    from sklearn.cluster import KMeans

    count = max(2, len(places) // EACH)
    of = KMeans(count, n_init=3, random_state=0).fit_predict(asked[places])  # rows of length 1: cosine's order
    found = []
    for name in range(count):
        mine = asked[places[of == name]]
        centre = mine.sum(axis=0)
        length = float(np.linalg.norm(centre))
        if 2 * len(mine) >= LEAST and length:
            centre = centre / length
            found.append((centre, float(np.quantile(mine @ centre, INNER))))
    return found


def _loosest(known: Floats, classes: Sequence[str]) -> float:
    """The mean cosine to their centre that three in four known classes reach."""
    names = np.asarray(classes, str)
    means = []
    for name in np.unique(names):
        mine = known[names == name]
        centre = mine.sum(axis=0)
        length = float(np.linalg.norm(centre))
        if len(mine) >= 5 and length:
            means.append(float((mine @ (centre / length)).mean()))
    return float(np.quantile(means, 0.25)) if means else 0.0
