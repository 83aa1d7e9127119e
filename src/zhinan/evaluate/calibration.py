"""Makes probabilities mean what they say, on dev: a temperature, a monotone map for two classes, conformal sets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from zhinan.steps.choose import calibrated

__all__ = [
    "FOLDS", "LEAST", "Knots", "crossed_isotonic", "fit_isotonic", "fit_temperature", "folds", "held_out", "logits_of",
    "losses", "set_threshold",
]  # fmt: skip

FOLDS = 5
LEAST = 1e-12
SLOPE = 0.01
"""Share of the identity in a monotone map, so that rows it makes equally probable keep their order."""
FLAT = 1e-3
"""A slope of the log loss below which no other temperature is worth a change."""

Knots: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]


def folds(truth: np.ndarray, person: np.ndarray | None = None, count: int = FOLDS) -> np.ndarray:
    """Which of `count` folds each row is in, shape (n,): every class spread evenly, or a person's rows together.

    Args:
        truth: codes (n,). person: (n,), whose data a row is; it takes the place of the classes.
    """
    draw = np.random.default_rng(0)
    _, units = np.unique(np.arange(len(truth)) if person is None else person, return_inverse=True)
    groups = truth if person is None else np.zeros(int(units.max(initial=-1)) + 1, int)
    place: np.ndarray = np.empty(len(groups), np.int64)
    order = draw.permutation(len(groups))
    order = order[np.argsort(groups[order], kind="stable")]
    place[order] = np.arange(len(order)) % count
    return place[units]


def held_out(fold: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows to fit on and rows to apply to, as masks (n,), one pair a fold that leaves something to fit on."""
    for one in np.unique(fold):
        yield fold != one, fold == one


def logits_of(probability: np.ndarray) -> np.ndarray:
    """Scores whose softmax these probabilities are."""
    logged: np.ndarray = np.log(np.maximum(np.asarray(probability, np.float64), LEAST))
    return logged


def losses(probability: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Negative log likelihood of each row's truth (n,), in nats."""
    lost: np.ndarray = -np.log(np.maximum(probability[np.arange(len(truth)), truth], LEAST))
    return lost


def fit_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The temperature with the least log loss; 1 where the scores are at it already.

    Source: Guo et al., ICML 2017. The loss is convex in 1 / temperature, so the optimum is the only one.
    """
    from scipy.optimize import minimize_scalar

    if not len(truth) or abs(_slope(logits, truth)) < FLAT:
        return 1.0

    def loss(logged: float) -> float:
        return float(losses(calibrated(logits, math.exp(logged)), truth).mean())

    return math.exp(float(minimize_scalar(loss, bounds=(-5, 5), method="bounded").x))


def _slope(logits: np.ndarray, truth: np.ndarray) -> float:
    """How fast the log loss changes with the logarithm of the temperature, at 1."""
    expected = (calibrated(logits) * logits).sum(axis=1)
    return float((logits[np.arange(len(truth)), truth] - expected).mean())


def fit_isotonic(probability: np.ndarray, truth: np.ndarray) -> Knots:
    """Knots of a monotone map of the second class's probability, for the step `choose`.

    Args:
        probability: (n, 2). truth: codes (n,).

    Source: Zadrozny & Elkan, KDD 2002; kept off 0 and 1 by what n rows can tell (Laplace).
    """
    from scipy.optimize import isotonic_regression

    least = 1 / (len(truth) + 2)
    met, place, rows = np.unique(probability[:, 1], return_inverse=True, return_counts=True)
    fitted = isotonic_regression(np.bincount(place, truth == 1) / rows, weights=rows).x.clip(least, 1 - least)
    flat = fitted[1:] == fitted[:-1]
    ends = ~(np.append(True, flat) & np.append(flat, True))  # between the ends of a level nothing changes
    ends[[0, -1]] = True
    x = np.unique(np.concatenate([[0.0], met[ends], [1.0]]))
    y = (1 - SLOPE) * np.interp(x, met[ends], fitted[ends]) + SLOPE * x
    return tuple(map(float, x)), tuple(map(float, y))


def crossed_isotonic(probability: np.ndarray, truth: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Probabilities (n, 2) through maps that never saw the row they are applied to."""
    logits = logits_of(probability)
    made = np.array(probability, np.float64)
    for fit, apply in held_out(fold):
        if fit.any():
            made[apply] = calibrated(logits[apply], 1.0, fit_isotonic(probability[fit], truth[fit]))
    return made


def set_threshold(probability: np.ndarray, truth: np.ndarray, coverage: float) -> float:
    """The least probability with which a class joins a set, so that sets hold the truth as often as `coverage` asks.

    The truth of a new row is in its set with at least that probability, whatever the classifier, if it is drawn as
    these rows were; 0 (every class) when so few rows cannot promise it.

    Source: least ambiguous sets, Sadinle, Lei & Wasserman, JASA 114 (2019), with the finite-sample quantile of
    Angelopoulos & Bates, arXiv 2107.07511 (2021).
    """
    scores = np.sort(1 - probability[np.arange(len(truth)), truth])
    rank = math.ceil(round((len(scores) + 1) * coverage, 9))
    return max(0.0, 1 - float(scores[rank - 1])) if rank <= len(scores) else 0.0
