"""Heads for numbers: the target on a scale that suits them, ridge fits for either loss, and how unsure a row is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp

from zhinan.core import Block, Candidate, Encoded, Loss, StepSpec
from zhinan.recipes._heads import Head, graphs

__all__ = ["CURVES", "Scale", "assemble", "fit_number", "fit_spread", "lost", "stacked", "worth_a_curve"]

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

Features: TypeAlias = np.ndarray | sp.csr_array


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


def worth_a_curve(target: np.ndarray) -> bool:
    """Whether the target has a long tail upwards, so that its logarithm may be easier to predict."""
    low, middle, high = np.quantile(target, [0.05, 0.5, 0.95])
    return bool(target.min() >= 0 and high > 0 and high - middle > SKEWED * (middle - low))


def lost(off: np.ndarray, loss: Loss) -> float:
    """The mean loss of errors (n,)."""
    return float((off**2).mean() if loss == "squared" else np.abs(off).mean()) if len(off) else 0.0


def fit_number(values: Features, target: np.ndarray, l2: float, loss: Loss = "squared") -> Head:
    """One ridge head for a target on its scale, (n,).

    The absolute loss is a squared one with rows weighed by 1 / |error|, fitted again until the weights settle.

    Source: Hoerl & Kennard (1970); iteratively reweighted least squares for absolute errors, Schlossmacher (1973).
    """
    from sklearn.linear_model import Ridge

    solver = "sparse_cg" if sp.issparse(values) else "cholesky"
    model = Ridge(alpha=l2, solver=solver, tol=1e-4, random_state=0)
    model.fit(values, target)
    for _ in range(PASSES if loss == "absolute" else 0):
        off = np.abs(target - model.predict(values))
        weight = 1 / np.maximum(off, max(0.1 * float(np.median(off)), 1e-6))
        model.fit(values, target, sample_weight=weight / weight.mean())
    coefficients = np.asarray(model.coef_, np.float64).reshape(-1, 1)
    rounded = coefficients.astype(np.float16 if sp.issparse(values) else np.float32).astype(np.float32)
    return Head(rounded, np.array([float(model.intercept_)], np.float32), l2)


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


def fit_spread(blocks: Sequence[Block], target: np.ndarray, l2: Sequence[float], mix: Sequence[float]) -> list[Head]:
    """A second column for each head, whose sum is ln(how far off a row probably is), 0 on average.

    Learned from errors on rows left out. From dense blocks where there are any; n-grams alone otherwise.

    Source: Papadopoulos, Proedrou, Vovk & Gammerman (ECML 2002); Lei et al., JASA 113 (2018), §5.2.
    """
    if len(target) < FEWEST:
        return []
    off = np.empty(len(target))
    fold = np.random.default_rng(0).permutation(len(target)) % FOLDS
    for k in range(FOLDS):
        taught, asked = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        heads = [fit_number(b.values[taught], target[taught], one) for b, one in zip(blocks, l2, strict=True)]
        said = [h.logits(b.values[asked])[:, 0] for h, b in zip(heads, blocks, strict=True)]
        off[asked] = target[asked] - mix[-1] - sum(w * z for w, z in zip(mix, said, strict=False))
    size = np.abs(off)
    logged = np.log(size + max(0.05 * float(np.median(size)), 1e-6))
    logged -= logged.mean()
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
