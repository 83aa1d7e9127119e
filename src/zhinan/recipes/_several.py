"""Several labels a row: heads and trees that tell each label from the rest, all of them from one reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zhinan.recipes._racing import Objective
from zhinan.recipes._threads import few_threads

if TYPE_CHECKING:
    import scipy.sparse as sp

__all__ = ["fit_apart", "labels_apart", "log_odds", "lost"]

ROUNDS = 500
SMOOTH = 0.5


def fit_apart(values: np.ndarray | sp.csr_array, flags: np.ndarray, l2: float) -> tuple[np.ndarray, np.ndarray]:
    """Weight (width, labels) and bias (labels,) of logistic heads, each label against the rest.

    A label that all rows have, or none, gets its smoothed log odds whatever the features. Sparse features: LIBLINEAR's
    logistic regression (Fan et al., JMLR 9, 2008), label by label. Dense ones: all labels in one search.

    Args:
        values: (n, width). flags: (n, labels) bool. l2: strength, the inverse of scikit-learn's C.
    """
    import scipy.sparse as sp

    weight, bias = np.zeros((values.shape[1], flags.shape[1])), log_odds(flags)
    told = np.flatnonzero(flags.any(axis=0) & ~flags.all(axis=0))
    if len(told):
        fit = _sparse if sp.issparse(values) else _dense
        weight[:, told], bias[told] = fit(values, flags[:, told], l2)
    return weight, bias


def log_odds(flags: np.ndarray) -> np.ndarray:
    """How usual each label is (labels,), as the logarithm of its odds, smoothed."""
    held = flags.sum(axis=0) + SMOOTH
    odds: np.ndarray = np.log(held / (len(flags) + 2 * SMOOTH - held))
    return odds


def lost(raw: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Negative log likelihood of each row's labels (n,), in nats a label."""
    each: np.ndarray = (np.logaddexp(0, raw) - raw * flags).mean(axis=1)
    return each


def _sparse(values: sp.csr_array, flags: np.ndarray, l2: float) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.linear_model import LogisticRegression

    weight, bias = np.zeros((values.shape[1], flags.shape[1])), np.zeros(flags.shape[1])
    with few_threads(0):  # LIBLINEAR adds up vectors only: from 10,000 features on threads cost it ten times as much
        for place in range(flags.shape[1]):
            model = LogisticRegression(C=1 / l2, solver="liblinear", random_state=0, max_iter=1000)
            model.fit(values, flags[:, place])
            weight[:, place], bias[place] = model.coef_[0], model.intercept_[0]
    return weight, bias


def _dense(values: np.ndarray, flags: np.ndarray, l2: float) -> tuple[np.ndarray, np.ndarray]:
    """Labels share no weight, so the sum of their losses has its least where each has."""
    from scipy.optimize import minimize
    from scipy.special import expit

    features = np.asarray(values, np.float64)
    shape = features.shape[1] + 1, flags.shape[1]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        held = flat.reshape(shape)
        raw = features @ held[:-1] + held[-1]
        pull = expit(raw) - flags
        gradient = np.vstack([features.T @ pull + l2 * held[:-1], pull.sum(axis=0)])
        total = (np.logaddexp(0, raw) - raw * flags).sum() + l2 / 2 * (held[:-1] ** 2).sum()
        return float(total) / len(flags), gradient.ravel() / len(flags)

    start = np.vstack([np.zeros((shape[0] - 1, shape[1])), log_odds(flags)])
    with few_threads(features.size * shape[1]):
        found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "gtol": 1e-5})
    held = found.x.reshape(shape)
    return held[:-1], held[-1]


def labels_apart(flags: np.ndarray) -> Objective:
    """The objective that tells each of several labels (rows, labels) bool from the rest.

    LightGBM has no word for it: it is told the places of rows in `flags`, and raw scores are beside log odds.
    """
    from scipy.special import expit

    start = log_odds(flags)

    def gradients(raw: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        chance = expit(raw + start)
        return chance - flags[rows], chance * (1 - chance)

    def loss(raw: np.ndarray, held: np.ndarray) -> np.ndarray:
        return lost(raw + start, held)

    return Objective("none", flags.shape[1], loss, {"num_class": flags.shape[1], "metric": "None"}, gradients)
