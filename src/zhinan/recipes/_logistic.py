"""Logistic regression to its optimum by Newton's method: few features need no more, and no machine stops elsewhere."""

from __future__ import annotations

import numpy as np

from zhinan.recipes._threads import few_threads

__all__ = ["WEIGHTS", "newton"]

WEIGHTS = 300
"""Weights, of all classes together, up to which Newton's steps, which solve for all at once, are the quickest way."""

FEW, SHARE = 500, 8
"""Where an eighth of the rows makes as many, the first steps are taken on those: near the optimum few are left."""

STEPS, NEAR = 100, 1e-6
"""Steps at most, and how little, in nats, the last one gains: what it leaves is of the order of the square."""

ROUND = 1e-10
"""Of the rows, or of the largest curvature, added to each: a constant in all scores changes nothing, and alone could
not be solved for."""


def newton(values: np.ndarray, target: np.ndarray, l2: float) -> tuple[np.ndarray, np.ndarray]:
    """Weight (width, classes) and bias (classes,) of least log loss plus l2 / 2 · the squares of the weights.

    Of two classes one vector of weights is sought, the difference of both.

    Args:
        values: (n, width). target: codes, each class in it, (n,). l2: > 0, the inverse of scikit-learn's C.

    Source: iteratively reweighted least squares, Bishop, Pattern Recognition and Machine Learning (2006) 4.3.3–4.3.4.
    """
    features = np.column_stack([np.asarray(values, np.float64), np.ones(len(values))])
    held = (target[:, None] == np.unique(target)).astype(np.float64)
    held = held[:, 1:] if held.shape[1] == 2 else held
    with few_threads(features.size * held.shape[1]):
        found = _least(features, held, l2)
    if found.shape[1] == 1:
        found = np.hstack([-found, found]) / 2
    return found[:-1], found[-1]


def _least(features: np.ndarray, held: np.ndarray, l2: float) -> np.ndarray:
    """The weights (width, outputs), the last row the bias, of the least loss."""
    far = np.zeros((features.shape[1], held.shape[1]))
    if len(features) >= FEW * SHARE:
        some = np.random.default_rng(0).permutation(len(features))[: len(features) // SHARE]  # no order has its period
        seen = held[some].sum(axis=0)
        if ((seen > 0) & (seen < len(some))).all():
            near, there = _steps(features, held, l2, _least(features[some], held[some], l2 / SHARE))
            if there:
                return near
    return _steps(features, held, l2, far)[0]


def _steps(features: np.ndarray, held: np.ndarray, l2: float, weights: np.ndarray) -> tuple[np.ndarray, bool]:
    """Newton's steps from some weights on, halved where too long: where they end, and whether that is the optimum."""
    from scipy.linalg import solve

    shape = features.shape[1], held.shape[1]
    pull = np.full(shape, l2)
    pull[-1] = 0.0

    def lost(weights: np.ndarray) -> float:
        raw = features @ weights
        both = np.logaddexp(0, raw) if shape[1] == 1 else np.logaddexp.reduce(raw, axis=1, keepdims=True)
        return float(both.sum() - (raw * held).sum() + (pull * weights**2).sum() / 2)

    loss = lost(weights)
    for _ in range(STEPS):
        chances = _chances(features @ weights)
        slope = features.T @ (chances - held) + pull * weights
        step = (
            solve(_curvature(features, chances, pull), slope.T.ravel(), assume_a="pos", check_finite=False)
            .reshape(shape[::-1])
            .T
        )
        left, size = float((slope * step).sum()), 1.0
        while (after := lost(weights - size * step)) > loss and size > NEAR:
            size /= 2
        if after > loss:
            return weights, left < NEAR
        weights, loss = weights - size * step, after
        if left < NEAR:
            return weights, True
    return weights, False


def _chances(raw: np.ndarray) -> np.ndarray:
    from scipy.special import expit, softmax

    chances: np.ndarray = expit(raw) if raw.shape[1] == 1 else softmax(raw, axis=1)
    return chances


def _curvature(features: np.ndarray, chances: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Second derivatives of the loss, output by output; those on and above the diagonal, as they are symmetric."""
    from scipy.linalg.blas import dsyrk

    width, outputs = pull.shape
    found = np.zeros((outputs, width, outputs, width))
    for i in range(outputs):
        found[i, :, i] = dsyrk(1.0, (features * np.sqrt(chances[:, i] * (1 - chances[:, i]))[:, None]).T)
        for j in range(i + 1, outputs):
            found[i, :, j] = -(features * (chances[:, i] * chances[:, j])[:, None]).T @ features
    matrix = found.reshape(width * outputs, width * outputs)
    diagonal = matrix.diagonal().copy()
    matrix.flat[:: len(matrix) + 1] += pull.T.ravel() + ROUND * max(len(features), float(diagonal.max()))
    return matrix
