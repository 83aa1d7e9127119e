"""What single answers say of a must line, as outcomes that can be bet on: what is watched label by label."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from zhinan.contract import Line, Part, crossed
from zhinan.core import find
from zhinan.evaluate._tables import about
from zhinan.evaluate.row_scores import row_scores
from zhinan.proof import Judged, Tagged, Valued
from zhinan.steps.values.written import part_of

__all__ = ["Outcomes", "Pairs", "outcomes", "pairs"]

MOST = 5.0
"""Times the target that one answer's loss counts at most, so that no single label decides alone."""
LARGEST = 1e200
"""Of a loss, in the line's value: its sums stay finite, whatever an absurd input was answered."""

_LOSSES: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = MappingProxyType({
    "absolute": lambda answer, truth: np.abs(answer - truth),
    "squared": lambda answer, truth: (answer - truth) ** 2,
    "relative": lambda answer, truth: np.abs(answer - truth) / np.abs(np.where(truth == 0, np.nan, truth)),
})  # fmt: skip
"""A metric's fact `watch` → the loss of each row; NaN where it has none."""


@dataclass(frozen=True)
class Outcomes:
    """A line that holds as long as the mean of `scores` is on the right side of `floor`.

    Args:
        scores: place of a row → its outcome in [0, 1], for the rows that count. amounts: the same rows' parts in the
            line's own value: `value` of their sum over that of `wholes`, which count 1 each where there are none.
    """

    floor: float
    better: Literal["higher", "lower"]
    scores: Mapping[int, float]
    amounts: Mapping[int, float]
    value: Callable[[float], float]
    wholes: Mapping[int, float] | None = None

    def whole(self, place: int) -> float:
        """How much of the line's whole a row is."""
        return 1.0 if self.wholes is None else self.wholes[place]


@dataclass(frozen=True)
class Pairs:
    """A line that holds as long as, for every two groups, the mean of `outcome` of a row of each is right of `floor`.

    Args: scores: place of a row → its group and its score in [0, 1]. factor: of the second group's score.
    """

    floor: float
    better: Literal["higher", "lower"]
    scores: Mapping[int, tuple[str, float]]
    factor: float

    def outcome(self, first: float, second: float) -> float:
        """Of a row of each of two groups, in [0, 1]."""
        return (first - self.factor * second + self.factor) / (1 + self.factor)


_OF_LABELS: Mapping[str, Callable[[Tagged], np.ndarray]] = MappingProxyType({
    "labels that are right": lambda on: on.truth,
    "labels given": lambda on: on.answer,
    "labels of either": lambda on: on.truth | on.answer,
})  # fmt: skip
"""A metric's fact `watch` → the labels of each row of which those both given and right are a share."""


def outcomes(line: Line, on: Judged | Tagged | Valued, *, most: int | None = None) -> Outcomes | None:
    """The rows' outcomes on a line; None when no fair bet on single answers is known for it (macro_f1, gaps).

    A mean of scores in [0, 1] is one as it is. A loss without an upper end keeps its mean below the target when it
    is cut off above, so a mean loss "<= t" is watched as min(loss, 5 t). F1 of a class is at least t exactly when,
    of the rows whose truth or answer is the class, a share of t/(2 − t) is right: the ratio is linear at its target.
    So is a share of all labels at once: it is at least t exactly when E[hits − t · labels of the row] >= 0.

    Args:
        most: labels that one answer may have, the same at every call; left out, as many as `on` knows.

    Source: bets on non-negative outcomes, Waudby-Smith & Ramdas, JRSS-B 86 (2023); ratios as moment conditions that
    hold at the target, as in learn-then-test, Angelopoulos et al. (2021).
    """
    better: Literal["higher", "lower"] = "higher" if line.op == ">=" else "lower"
    watch = find("metric", line.metric).facts.get("watch", "")
    places = np.flatnonzero(_in_part(line, on))
    if watch in _LOSSES and isinstance(on, Valued) and line.op == "<=" and line.target > 0:
        with np.errstate(over="ignore"):
            loss = np.minimum(_LOSSES[watch](on.answer[places], on.truth[places]), LARGEST)
        squared = watch == "squared"
        limit = line.target ** (2 if squared else 1)
        amounts = {int(i): float(one) for i, one in zip(places, loss, strict=True) if not math.isnan(one)}
        scores = {i: min(one / limit, MOST) / MOST for i, one in amounts.items()}
        return Outcomes(1 / MOST, better, scores, amounts, math.sqrt if squared else float)
    label = None if line.part is None else line.part.label
    if watch == "f1" and label is not None and not isinstance(on, Valued) and 0 < line.target < 1:
        on = about(on, label, seen=False)
        true, named = on.truth[places] == label, on.answer[places] == label
        found = {
            int(i): float(both) for i, either, both in zip(places, true | named, true & named, strict=True) if either
        }
        return Outcomes(line.target / (2 - line.target), better, found, found, lambda rate: 2 * rate / (1 + rate))
    if watch in _OF_LABELS and isinstance(on, Tagged):
        return _of_labels(line, on, places, most or len(on.classes))
    if watch:
        return None
    plain = row_scores(line, on)
    return None if plain is None else Outcomes(line.target, better, plain, plain, float)


def _of_labels(line: Line, on: Tagged, places: np.ndarray, most: int) -> Outcomes | None:
    """Of a share of labels, what each row says: its hits less those that the target asks of as many labels.

    Hits are at most the labels of an answer, so that outcomes have an upper end; what lies below the lower one is cut
    off there, which only makes them look better.
    """
    if not 0 < line.target < 1:
        return None
    watch = find("metric", line.metric).facts["watch"]
    of_f1 = watch == "labels of either"
    floor = line.target / (2 - line.target) if of_f1 else line.target
    hits, whole = (on.truth & on.answer).sum(axis=1), _OF_LABELS[watch](on).sum(axis=1)
    rows = [int(i) for i in places if whole[i]]
    scores = {i: max(floor + (float(hits[i]) - floor * float(whole[i])) / most, 0.0) for i in rows}
    value: Callable[[float], float] = (lambda rate: 2 * rate / (1 + rate)) if of_f1 else float
    amounts, wholes = ({i: float(of[i]) for i in rows} for of in (hits, whole))
    return Outcomes(floor, "higher", scores, amounts, value, wholes)


def pairs(line: Line, on: Judged | Tagged | Valued) -> Pairs | None:
    """The rows' groups and scores on a line that compares groups; None for other lines, or of no mean of scores.

    `gap(…) <= t` holds when for every ordered pair of groups E[x − y] <= t, `parity(…) >= t` when E[x − t·y] >= 0: of
    one row of each, a bounded outcome.

    Source: betting on pairs, Shekhar & Ramdas, IEEE Trans. Information Theory 70 (2024).
    """
    kind, by = find("metric", line.metric).facts.get("watch"), line.args.get("by")
    if kind not in ("gap", "parity") or not by or not 0 < line.target < 1:
        return None
    part = line.args.get("part") or (line.part.label if line.part else None)
    inner = replace(
        line, metric=str(line.args.get("of", "accuracy")), args={}, target=0.5,
        part=Part(label=str(part)) if part is not None else None,
    )  # fmt: skip
    if find("metric", inner.metric).facts.get("watch") is not None:
        return None
    scores = row_scores(inner, on)
    if scores is None:
        return None
    columns: Mapping[str, Any] = on.columns
    named = [columns[name] for name in crossed(str(by), columns)]
    inside = _in_part(line, on)
    found = {i: ("*".join(str(c[i]) for c in named), one) for i, one in scores.items() if inside[i]}
    if kind == "gap":
        return Pairs((1 + line.target) / 2, "lower", found, 1.0) if line.op == "<=" else None
    return Pairs(line.target / (1 + line.target), "higher", found, line.target) if line.op == ">=" else None


def _in_part(line: Line, on: Judged | Tagged | Valued) -> np.ndarray:
    """Which rows are in the line's group, shape (n,)."""
    if line.part is None or line.part.column is None:
        return np.ones(len(on), bool)
    column: np.ndarray = np.asarray([part_of(value) for value in on.columns[line.part.column]], dtype=object)
    inside: np.ndarray = column == line.part.value
    return inside
