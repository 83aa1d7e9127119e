"""Logistic regression to its optimum by Newton's method: few features need no more, and no machine stops elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhinan.recipes._threads import few_threads

__all__ = ["WEIGHTS", "newton"]

WEIGHTS = 300
"""Weights, of all classes together, up to which Newton's steps, which solve for all at once, are the quickest way."""

FEW, SHARE = 500, 8
"""Where an eighth of the rows makes as many, the first steps are taken on those: near the optimum few are left."""

STEPS, ENDED = 200, 1e-12
"""Steps at most, and how little, in nats, the last one gains."""

NEAR = 1e-6
"""Nats below which a step is not halved: in the sum of all rows' losses such a gain is lost."""

KEPT = 0.15
"""A curvature is kept as long as each step by it gains less than this share of what the one before gained."""

TOGETHER = 1024
"""Rows whose weighed features are held at once, near the processor."""

ROUND = 1e-10
"""Of the rows, or of the largest curvature, added to each: a constant in all scores changes nothing, and alone could
not be solved for."""


def newton(
    values: np.ndarray, target: np.ndarray, l2: float, start: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Weight (width, classes) and bias (classes,) of least log loss plus l2 / 2 · the squares of the weights.

    Of two classes one vector of weights is sought, the difference of both.

    Args:
        values: (n, width). target: codes, each class in it, (n,). l2: > 0, the inverse of scikit-learn's C.
        start: weight and bias to set out from, such as those of much the same rows: the optimum, of which there is
            one, is reached sooner.

    Source: iteratively reweighted least squares, Bishop, Pattern Recognition and Machine Learning (2006) 4.3.3–4.3.4.
    """
    features = np.column_stack([np.asarray(values, np.float64), np.ones(len(values))])
    held = (target[:, None] == np.unique(target)).astype(np.float64)
    held = held[:, 1:] if held.shape[1] == 2 else held
    with few_threads(features.size * held.shape[1]):
        found = _least(features, held, l2, None if start is None else np.vstack(start).astype(np.float64))
    if found.shape[1] == 1:
        found = np.hstack([-found, found]) / 2
    return found[:-1], found[-1]


def _least(features: np.ndarray, held: np.ndarray, l2: float, start: np.ndarray | None = None) -> np.ndarray:
    """The weights (width, outputs), the last row the bias, of the least loss; start: (width, classes)."""
    far = np.zeros((features.shape[1], held.shape[1]))
    if start is not None:
        near, there = _steps(features, held, l2, start if held.shape[1] > 1 else start[:, 1:] - start[:, :1])
        if there:
            return near
    if len(features) >= FEW * SHARE:
        some = np.random.default_rng(0).permutation(len(features))[: len(features) // SHARE]  # no order has its period
        seen = held[some].sum(axis=0)
        if ((seen > 0) & (seen < len(some))).all():
            near, there = _steps(features, held, l2, _least(features[some], held[some], l2))
            if there:
                return near
    return _steps(features, held, l2, far)[0]


def _steps(features: np.ndarray, held: np.ndarray, l2: float, weights: np.ndarray) -> tuple[np.ndarray, bool]:
    """Newton's steps from some weights on, halved where too long: where they end, and whether that is the optimum.

    A curvature costs as much as many slopes, so it is kept while steps by it gain what `KEPT` says.

    Source: Shamanskii's method, Kelley, Iterative Methods for Linear and Nonlinear Equations (1995) 5.4.
    """
    shape = features.shape[1], held.shape[1]
    pull = np.full(shape, l2)
    pull[-1] = 0.0

    def lost(raw: np.ndarray, weights: np.ndarray) -> float:
        both = np.logaddexp(0, raw) if shape[1] == 1 else np.logaddexp.reduce(raw, axis=1, keepdims=True)
        return float(both.sum() - (raw * held).sum() + (pull * weights**2).sum() / 2)

    raw = features @ weights
    loss, before = lost(raw, weights), np.inf
    solved: Callable[[np.ndarray], np.ndarray] | None = None
    for _ in range(STEPS):
        chances = _chances(raw)
        slope = features.T @ (chances - held) + pull * weights
        kept = solved is not None
        solved = solved or _solver(_curvature(features, chances, pull))
        step = solved(slope.T.ravel()).reshape(shape[::-1]).T
        left, size, moved = float((slope * step).sum()), 1.0, features @ step
        after = lost(raw - moved, weights - step)
        while after > loss and left > NEAR and size > NEAR and not kept:
            size /= 2
            after = lost(raw - size * moved, weights - size * step)
        if after > loss and left > NEAR:
            if not kept:
                return weights, False
            solved = None
            continue
        weights, raw, loss = weights - size * step, raw - size * moved, after
        if left < ENDED:
            return weights, True
        if left > KEPT * before:
            solved = None
        before = left
    return weights, False


def _solver(curvature: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """What solves for a slope, by a curvature of which the diagonal and what is above it are read."""
    from scipy.linalg import cho_factor, cho_solve

    factor = cho_factor(curvature, overwrite_a=True, check_finite=False)
    return lambda slope: cho_solve(factor, slope, check_finite=False)


def _chances(raw: np.ndarray) -> np.ndarray:
    from scipy.special import expit, softmax

    chances: np.ndarray = expit(raw) if raw.shape[1] == 1 else softmax(raw, axis=1)
    return chances


def _curvature(features: np.ndarray, chances: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Second derivatives of the loss, output by output; those on and above the diagonal, as they are symmetric."""
    width, outputs = pull.shape
    found = np.zeros((outputs, width, outputs, width))
    for start in range(0, len(features), TOGETHER):
        rows, said = features[start : start + TOGETHER], chances[start : start + TOGETHER]
        for i in range(outputs):
            weighed = rows * np.sqrt(said[:, i] * (1 - said[:, i]))[:, None]
            found[i, :, i] += weighed.T @ weighed
            for j in range(i + 1, outputs):
                found[i, :, j] -= (rows * (said[:, i] * said[:, j])[:, None]).T @ rows
    matrix = found.reshape(width * outputs, width * outputs)
    diagonal = matrix.diagonal().copy()
    matrix.flat[:: len(matrix) + 1] += pull.T.ravel() + ROUND * max(len(features), float(diagonal.max()))
    return matrix
