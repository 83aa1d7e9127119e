"""Numbers for any recipe: the target on a scale that suits it, ridge fits for either loss, and how unsure a row is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp

from zhinan.core import Block, Candidate, Encoded, Loss, StepSpec
from zhinan.recipes._folds import folds
from zhinan.recipes._heads import Head, graphs
from zhinan.steps.value import Value

__all__ = [
    "FEWEST", "Fitted", "Scale", "Ways", "assemble", "fit_number", "fit_spread", "lost", "on_best_scale", "stacked",
    "unsure",
]  # fmt: skip

CURVES = ("straight", "log")
SKEWED = 1.5
"""How many times the upper half of the target must be as wide as the lower one before logarithms are tried."""
PASSES = 6
"""Weighted fits that turn a squared loss into an absolute one."""
FOLDS = 3
FEWEST = 60
"""Rows below which every row is taken to be as unsure as the others."""
SMOOTHER = 10.0
"""How many times as strongly what is unsure is regularised as what is right."""
WIDER, ROOM = 0.1, 1.0
"""Of the target's range: how far answers may leave it, and how far intervals may."""

SMEARED = (0.5, 3.0)
"""The least and the most that exponentials are multiplied by."""

Features: TypeAlias = np.ndarray | sp.csr_array
Ways: TypeAlias = Sequence[tuple[np.ndarray, int]]
"""(features (width,) bool, 1 or −1): numbers may only rise, or only fall, with those features."""


@dataclass(frozen=True)
class Scale:
    """The target as heads see it: (number − center) / scale, or the same of ln(number + shift)."""

    center: float
    scale: float
    shift: float | None = None

    @classmethod
    def of(cls, target: np.ndarray, curve: str, loss: Loss) -> Scale:
        """The scale of a target (n,) in its own unit."""
        given, shift = np.asarray(target, np.float64), None
        if curve == "log":
            positive = given[given > 0]
            shift = 0.0 if given.min() > 0 else float(np.quantile(positive, 0.05)) if positive.size else 1.0
            given = np.log(given + shift)
        center = float(given.mean() if loss == "squared" else np.median(given))
        return cls(center, float(given.std()) or 1.0, shift)

    @property
    def params(self) -> tuple[float, ...]:
        """As recipes take it back: center, scale and, of logarithms, shift."""
        return (self.center, self.scale) if self.shift is None else (self.center, self.scale, self.shift)

    def options(self, target: np.ndarray, smear: float = 1.0) -> dict[str, Any]:
        """Options of the step `value` for scores on this scale; answers stay near the numbers there were."""
        low, high = float(np.min(target)), float(np.max(target))
        size, floor = (high - low) or abs(high) or 1.0, 0.0 if low >= 0 else -math.inf
        return {
            "center": self.center, "scale": self.scale, "shift": self.shift, "smear": smear,
            "limits": (max(low - WIDER * size, floor), high + WIDER * size),
            "reach": (max(low - ROOM * size, floor), high + ROOM * size),
            "spread": float(np.std(target)) or abs(high) or 1.0,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fit on the scale with the least dev loss, options of its step `value`, and what was fitted."""

    scale: Scale
    options: Mapping[str, Any]
    what: Any


def on_best_scale(
    train: Encoded,
    dev: Encoded,
    until: float,
    chosen: Mapping[str, Any],
    fit: Callable[[Scale], tuple[np.ndarray, Any]],
) -> Fitted:
    """Fits on every scale worth trying; the one with the least dev loss in the target's own unit.

    Args:
        until: `time.perf_counter()` after which no further scale is tried.
        chosen: the scale of an earlier fit, None to choose: margins on a scale mean nothing on another one.
        fit: scale → scores (n_dev,) of dev, and what was fitted.
    """
    curves = CURVES if _worth_a_curve(train.target) else CURVES[:1]
    kept = chosen["scale"]
    scales = [Scale(*kept)] if kept else [Scale.of(train.target, curve, train.loss) for curve in curves]
    best: tuple[float, Fitted] | None = None
    for scale in scales:
        if best is not None and time.perf_counter() > until:
            break
        scores, what = fit(scale)
        options = scale.options(train.target, _smear(scores, scale, train, dev))
        loss = lost(_answered(scores, options) - dev.target, train.loss)
        best = (loss, Fitted(scale, options, what)) if best is None or loss < best[0] else best
    if best is None:
        raise ValueError("no scale to fit on")
    return best[1]


def _smear(scores: np.ndarray, scale: Scale, train: Encoded, dev: Encoded) -> float:
    """What exponentials are multiplied by so that the mean on dev is the truth's; 1 where the median is wanted."""
    if scale.shift is None or train.loss != "squared":
        return 1.0
    said = float(_answered(scores, scale.options(train.target)).mean()) + scale.shift
    return float(np.clip((dev.target.mean() + scale.shift) / said, *SMEARED)) if said > 0 else 1.0


def _answered(scores: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    """The numbers (n,) that scores (n,) stand for, by the step that serves."""
    step = Value(("scores",), ("value", "low", "high"), {}, **options)
    made: np.ndarray = step.run({"scores": scores[:, None]})["value"]
    return made


def _worth_a_curve(target: np.ndarray) -> bool:
    """Whether the target has a long tail upwards, so that its logarithm may be easier to predict."""
    low, middle, high = np.quantile(target, [0.05, 0.5, 0.95])
    return bool(target.min() >= 0 and high > 0 and high - middle > SKEWED * (middle - low))


def lost(off: np.ndarray, loss: Loss) -> float:
    """The mean loss of errors (n,)."""
    return float((off**2).mean() if loss == "squared" else np.abs(off).mean()) if len(off) else 0.0


def fit_number(values: Features, target: np.ndarray, l2: float, loss: Loss = "squared", ways: Ways = ()) -> Head:
    """One ridge head for a target on its scale, (n,).

    The absolute loss is a squared one with rows weighed by 1 / |error|, fitted again until the weights settle. With
    `ways`, which dense features may have, some weights keep a sign.

    Source: Hoerl & Kennard (1970); iteratively reweighted least squares for absolute errors, Schlossmacher (1973).
    """
    from sklearn.linear_model import Ridge

    solver = "sparse_cg" if sp.issparse(values) else "cholesky"
    model = _Bounded(l2, ways) if ways else Ridge(alpha=l2, solver=solver, tol=1e-4, random_state=0)
    model.fit(values, target)
    for _ in range(PASSES if loss == "absolute" else 0):
        off = np.abs(target - model.predict(values))
        weight = 1 / np.maximum(off, max(0.1 * float(np.median(off)), 1e-6))
        model.fit(values, target, sample_weight=weight / weight.mean())
    coefficients = np.asarray(model.coef_, np.float64).reshape(-1, 1)
    rounded = coefficients.astype(np.float16 if sp.issparse(values) else np.float32).astype(np.float32)
    return Head(rounded, np.array([float(model.intercept_)], np.float32), l2)


class _Bounded:
    """Ridge regression some of whose weights have a sign given, as scikit-learn's would be used."""

    def __init__(self, l2: float, ways: Ways) -> None:
        self._l2, self._ways = l2, ways
        self.coef_, self.intercept_ = np.zeros(0), 0.0

    def fit(self, values: np.ndarray, target: np.ndarray, sample_weight: np.ndarray | None = None) -> None:
        """Solved in the space of the features: of the sum of squares only its Cholesky factor is needed."""
        from scipy.linalg import cholesky, solve_triangular
        from scipy.optimize import lsq_linear

        weight = np.ones(len(target)) if sample_weight is None else sample_weight
        features = np.asarray(values, np.float64)
        mean, middle = np.average(features, axis=0, weights=weight), float(np.average(target, weights=weight))
        apart = features - mean
        factor = cholesky((apart * weight[:, None]).T @ apart + self._l2 * np.eye(apart.shape[1]), lower=True)
        aim = solve_triangular(factor, apart.T @ (weight * (target - middle)), lower=True)
        low, high = np.full(apart.shape[1], -np.inf), np.full(apart.shape[1], np.inf)
        for some, way in self._ways:
            (low if way > 0 else high)[some] = 0.0
        self.coef_ = np.clip(lsq_linear(factor.T, aim, (low, high), method="bvls").x, low, high)
        self.intercept_ = middle - float(mean @ self.coef_)

    def predict(self, values: np.ndarray) -> np.ndarray:
        """Scores (n,)."""
        made: np.ndarray = values @ self.coef_ + self.intercept_
        return made


def stacked(scores: Sequence[np.ndarray], target: np.ndarray, loss: Loss) -> tuple[float, ...]:
    """Weights ≥ 0 of several heads' scores (n,) and, last, what is added to their sum: least loss on these rows.

    Source: stacked regressions with non-negative weights, Breiman, Machine Learning 24 (1996).
    """
    from scipy.optimize import nnls

    if len(scores) == 1:
        return 1.0, 0.0
    columns = np.column_stack(scores)
    weight = np.ones(len(target))
    found, added = np.zeros(columns.shape[1]), 0.0
    for _ in range(1 if loss == "squared" else PASSES):
        mean, middle = np.average(columns, axis=0, weights=weight), float(np.average(target, weights=weight))
        root = np.sqrt(weight)
        found, _ = nnls((columns - mean) * root[:, None], (target - middle) * root)
        added = middle - float(mean @ found)
        off = np.abs(target - columns @ found - added)
        weight = 1 / np.maximum(off, max(0.1 * float(np.median(off)), 1e-6))
        weight /= weight.mean()
    return (*map(float, found), added)


def fit_spread(
    train: Encoded, target: np.ndarray, l2: Sequence[float], mix: Sequence[float], ways: Sequence[Ways] = ()
) -> list[Head]:
    """A second column for each head, whose sum is ln(how far off a row probably is), 0 on average.

    Learned from errors on rows left out by heads fitted as those that ship. From dense blocks where there are any;
    n-grams alone otherwise.

    Args: target: on its scale, (n,). l2, ways: of each head. mix: weights of the heads, then what is added.

    Source: Papadopoulos, Proedrou, Vovk & Gammerman (ECML 2002); Lei et al., JASA 113 (2018), §5.2.
    """
    if len(target) < FEWEST:
        return []
    blocks, off = train.blocks, np.empty(len(target))
    bound = ways or [()] * len(blocks)
    fold = folds(target, FOLDS, train.units)
    for k in range(int(fold.max()) + 1):
        taught, asked = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        heads = [fit_number(b.values[taught], target[taught], one, train.loss, way)
                 for b, one, way in zip(blocks, l2, bound, strict=True)]  # fmt: skip
        said = [h.logits(b.values[asked])[:, 0] for h, b in zip(heads, blocks, strict=True)]
        off[asked] = target[asked] - mix[-1] - sum(w * z for w, z in zip(mix, said, strict=False))
    logged = unsure(off)
    dense = [not sp.issparse(block.values) for block in blocks]
    used = dense if any(dense) else [True] * len(blocks)
    found = []
    for block, one, use in zip(blocks, l2, used, strict=True):
        width = block.values.shape[1]
        if not use:
            found.append(Head(np.zeros((width, 1), np.float32), np.zeros(1, np.float32), one))
            continue
        head = fit_number(block.values, logged, one * SMOOTHER)
        found.append(Head(head.weight / sum(used), head.bias / sum(used), one))
    return found


def unsure(off: np.ndarray) -> np.ndarray:
    """ln of how far off each row was, 0 on average, with a floor that tiny errors share."""
    size = np.abs(off)
    logged: np.ndarray = np.log(size + max(0.05 * float(np.median(size)), 1e-6))
    logged -= logged.mean()
    return logged


def assemble(
    recipe: str,
    level: str,
    blocks: Sequence[Block],
    heads: Sequence[Head],
    options: Mapping[str, Any],
    *,
    dev: Encoded,
    params: Mapping[str, Any],
) -> Candidate:
    """Packs encoders, heads of one or two columns that add up to the scores, and the step `value` into a candidate."""
    from zhinan.recipes._heads import mixed

    steps, files, licences = graphs(blocks, heads, [1.0] * len(heads), "scores")
    last = StepSpec("value", ("scores",), ("value", "low", "high"), dict(options))
    said = [head.logits(block.values) for head, block in zip(heads, dev.blocks, strict=False)]
    return Candidate(
        recipe=recipe,
        level=level,
        encoders=tuple(block.encoder for block in blocks),
        steps=(*steps, last),
        files=files,
        classes=(),
        dev=mixed(said, [1.0] * len(heads)).astype(np.float32),
        params=params,
        licences=licences,
        task="regress",
    )
