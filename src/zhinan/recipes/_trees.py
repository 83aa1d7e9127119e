"""Trees on any encoders' features: dense ones as they are, sparse ones through the scores of a linear head."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.core import Block, Encoded, find
from zhinan.recipes._boosting import BOOSTED
from zhinan.recipes._folds import folds
from zhinan.recipes._forest import Forest
from zhinan.recipes._growing import Kind, grow
from zhinan.recipes._heads import Head, fit_head
from zhinan.recipes._random_trees import AT_RANDOM, CHANCE
from zhinan.recipes._several import labels_apart, log_odds

if TYPE_CHECKING:
    import scipy.sparse as sp

__all__ = ["KINDS", "Read", "Trees", "fit_trees", "for_trees", "read_by_trees", "scores_of"]

STACKED = 5
"""Folds for the scores that trees learn from: each row's come from heads that never saw it."""

STRENGTH = 1.0
"""l2 of the heads whose scores trees read."""

NEVER, NO_CHANCE = -1e4, 1e-30
"""The score, and the probability, of a class that no training row has."""


KINDS: Mapping[str, Kind] = {"boost": BOOSTED, "extra_trees": AT_RANDOM}
"""Recipe → how its trees grow."""


@dataclass(frozen=True, eq=False)
class Trees:
    """A forest and how it is fed.

    Args:
        dense: the encoders whose features it reads as they are, then `stacked`: encoder → the head whose scores it
            reads. matrix: (outputs, classes), bias: (classes,): what makes logits of its raw scores or, with `chances`,
            what the logarithms of which are logits.
        held: raw scores (n, outputs) of training rows by trees that did not see them, NaN where time was over.
    """

    forest: Forest
    dense: tuple[str, ...]
    stacked: Mapping[str, Head]
    matrix: np.ndarray
    bias: np.ndarray
    setting: str
    held: np.ndarray | None = None
    chances: bool = False

    def features(self, part: Encoded) -> np.ndarray:
        """What the trees read of a part, (n, width) float32."""
        values = {block.encoder: block.values for block in part.blocks}
        parts = [np.asarray(values[name], np.float32) for name in self.dense]
        return np.hstack([*parts, *(scores_of(head, values[name]) for name, head in self.stacked.items())])

    def logits(self, part: Encoded) -> np.ndarray:
        """Scores (n, classes) float64 of a part."""
        return self.linked(self.forest.raw(self.features(part)))

    def linked(self, raw: np.ndarray) -> np.ndarray:
        """The scores (n, classes) that raw ones (n, outputs) stand for."""
        made: np.ndarray = raw @ self.matrix + self.bias
        return np.log(made) if self.chances else made


def for_trees(blocks: Sequence[Block]) -> list[Block]:
    """The blocks that trees read: sparse ones, and of the dense ones those made for trees, if any are."""
    import scipy.sparse as sp

    dense = [block for block in blocks if not sp.issparse(block.values)]
    made = [block for block in dense if find("encoder", block.encoder).facts.get("gaps")]
    return [block for block in blocks if block in (made or dense) or block not in dense]


def scores_of(head: Head, values: np.ndarray | sp.csr_array) -> np.ndarray:
    """A head's scores (n, outputs) float32, added up in float64: no threshold may feel how a sum was ordered."""
    scores: np.ndarray = (values @ head.weight.astype(np.float64) + head.bias).astype(np.float32)
    return scores


def fit_trees(
    train: Encoded,
    kind: str = "boost",
    *,
    until: float,
    setting: str | None = None,
    monotone: Sequence[tuple[str, int]] = (),
) -> Trees:
    """Trees that tell the classes apart which occur; grown once however often they are mixed.

    Args:
        kind: one of `KINDS`. until: `time.perf_counter()` at which to end. setting: one of its settings, None to let
            them race. monotone: column → 1 or −1: as it rises, the second of two classes may only become more, or
            less, probable.
    """
    read = for_trees(train.blocks)
    held, names = read[0].heads, [block.encoder for block in read]
    key = f"{kind} {names} {setting} {list(monotone)}"
    if key not in held:
        seen, target = (np.arange(len(train.classes)), train.target) if train.several else _seen(train.target)
        fed = f"read by trees {names} {list(monotone)}"
        if fed not in held:
            held[fed] = read_by_trees(train, target, lambda values, codes: _head(values, codes, len(seen)), monotone)
        if train.several:
            held[key] = _told_alone(train, held[fed], kind=kind, until=until, setting=setting)
        else:
            held[key] = _told_apart(train, held[fed], seen, target, kind=kind, until=until, setting=setting)
    found: Trees = held[key]
    return found


def _seen(target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The classes that occur, and the target in codes of those."""
    seen, codes = np.unique(target, return_inverse=True)
    return seen, codes


def _told_alone(train: Encoded, read: Read, *, kind: str, until: float, setting: str | None) -> Trees:
    """One forest that has a score for each of several labels."""
    objective = labels_apart(train.target)
    grown = grow(
        KINDS[kind], read.features, train.target, objective, until=until, setting=setting, units=train.units
    )  # fmt: skip
    matrix = np.eye(len(train.classes))
    return Trees(grown.forest, read.dense, read.stacked, matrix, log_odds(train.target), grown.setting, grown.held)


def _told_apart(
    train: Encoded, read: Read, seen: np.ndarray, target: np.ndarray, *, kind: str, until: float, setting: str | None
) -> Trees:
    how, count = KINDS[kind], len(train.classes)
    matrix, bias = np.zeros((1, count)), np.full(count, NEVER)
    if how.chances:
        bias = np.full(count, NO_CHANCE)
    bias[seen] = CHANCE if how.chances else 0.0
    if len(seen) < 2:
        nothing = Forest.nothing(len(target))
        bias[seen] += how.chances
        simplest = setting or next(iter(how.settings))
        return Trees(nothing, read.dense, read.stacked, matrix, bias, simplest, None, how.chances)
    grown = grow(
        how, read.features, target, how.classes(len(seen)), until=until, setting=setting, directions=read.directions,
        units=train.units,
    )  # fmt: skip
    if len(seen) > 2:
        matrix = np.zeros((len(seen), count))
        matrix[np.arange(len(seen)), seen] = 1.0
    elif how.chances:
        matrix[0, seen] = -1.0, 1.0
        bias[seen[0]] += 1.0
    else:
        matrix[0, seen] = -0.5, 0.5
    return Trees(grown.forest, read.dense, read.stacked, matrix, bias, grown.setting, grown.held, how.chances)


@dataclass(frozen=True, eq=False)
class Read:
    """What trees learn from: features (n, width) float32, the rest as `Trees` and `grow` take it."""

    features: np.ndarray
    dense: tuple[str, ...]
    stacked: Mapping[str, Head]
    directions: list[int]


def read_by_trees(
    train: Encoded,
    target: np.ndarray,
    fit: Callable[[Any, np.ndarray], Head],
    monotone: Sequence[tuple[str, int]] = (),
) -> Read:
    """The features of training rows; `fit`: (values, target) → the head whose scores stand for sparse features."""
    read = for_trees(train.blocks)
    dense = [block for block in read if not hasattr(block.values, "tocsr")]
    stacked, parts = {}, [np.asarray(block.values, np.float32) for block in dense]
    for block in read:
        if block not in dense:
            stacked[block.encoder], scores = _stacked(block.values, target, fit, train.units)
            parts.append(scores)
    features = np.hstack(parts)
    directions = _directions(dense, dict(monotone), features.shape[1])
    return Read(features, tuple(block.encoder for block in dense), stacked, directions.tolist())


def _stacked(
    values: Any, target: np.ndarray, fit: Callable[[Any, np.ndarray], Head], units: np.ndarray | None
) -> tuple[Head, np.ndarray]:
    """The head on all rows, and the scores (n, outputs) of rows by heads that did not see them."""
    fold = folds(target, STACKED, units)
    whole = fit(values, target)
    scores = np.zeros((len(target), whole.weight.shape[1]), np.float32)
    for k in range(int(fold.max()) + 1):
        taught, asked = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        scores[asked] = scores_of(fit(values[taught], target[taught]), values[asked])
    return whole, scores


def _head(values: Any, target: np.ndarray, count: int) -> Head:
    """A head with one score for two classes, else one a class; of a class that is not there, a low one."""
    head = fit_head(values, target, count, STRENGTH)
    bias = np.maximum(head.bias, -10.0)
    if count == 2 and target.ndim == 1:
        return Head(head.weight[:, 1:] - head.weight[:, :1], bias[1:] - bias[:1], head.l2)
    return Head(head.weight, bias, head.l2)


def _directions(blocks: Sequence[Block], monotone: Mapping[str, int], width: int) -> np.ndarray:
    """For each feature whether the score may only rise (1), only fall (−1), or do either with it (0)."""
    found = np.zeros(width, np.int64)
    start = 0
    for block in blocks:
        end = start + block.values.shape[1]
        for column, direction in monotone.items():
            rising = getattr(block.fitted, "rising", None)
            if rising is not None:
                found[start:end][rising(column)] = direction
        start = end
    return found
