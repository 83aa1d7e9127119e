"""What labels look like to heads that never saw them: out-of-sample probabilities, one view for each encoder.

They are made to find wrong labels, not to answer: each view is fitted by itself, calibrated on the labels as given.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from zhinan.core import Block, Words
from zhinan.engine.refits import spread_out, too_slow
from zhinan.steps.choose import softmax
from zhinan.steps.tag import alone

if TYPE_CHECKING:
    import scipy.sparse as sp

    from zhinan.recipes._heads import Head

__all__ = ["crossed", "head_logits"]

FOLDS = (10, 5, 3)
"""Parts that take turns in being left out: the first number that there is time for."""

SPARSE, DENSE = 0.1, 0.1
"""C of the SVM on n-grams; l2 of the head on embeddings."""

SURE = 4.0
"""Log odds of a class that all rows have, or none."""

MARGIN = 1.3
"""What is begun should be finished, so there must be so many times the forecast left."""

FEWEST = 10
"""Rows a fold needs at least."""


def crossed(
    blocks: Sequence[Block], given: np.ndarray, classes: int, units: Sequence[str], *, until: float, first: float
) -> tuple[np.ndarray | None, Words | None]:
    """Calibrated probabilities (views, n, classes) of every row by heads that saw neither it nor its unit.

    Args:
        blocks: one view each. given: label codes (n,), or which of several labels each row has, bool (n, classes).
        units: (n,) what must not be torn apart.
        until: `time.perf_counter()` at which it must be over. first: seconds that one fold is guessed to take.

    Returns:
        None and why, when there are too few rows, or no time for three folds.

    Source: cross-fitting for confident learning, Northcutt, Jiang & Chuang (JAIR 70, 2021).
    """
    from zhinan.proof import pooled, pooled_apart

    each, why = first, None
    for count in FOLDS:
        if len(given) < FEWEST * count:
            why = Words("too few rows to doubt a label", "样本太少，无法判断标签是否可疑")
            continue
        fold, logits = _folds(given, units, count), np.zeros((len(blocks), len(given), classes))
        near: list[Head | None] = [None] * len(blocks)
        for k in range(count):
            left, needed = until - time.perf_counter(), each * (count - k)
            if needed * (1.0 if k else MARGIN) > left:
                why = too_slow(needed, left)
                break
            start = time.perf_counter()
            taught, asked = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            for view, block in enumerate(blocks):
                logits[view, asked], near[view] = head_logits(
                    block.values[taught], given[taught], block.values[asked], classes, near[view]
                )
            each = time.perf_counter() - start
        else:
            if given.ndim == 2:
                return np.stack([pooled_apart([alone(one)], given) for one in logits]), None
            return np.stack([pooled([softmax(one)], given) for one in logits]), None
    return None, why


def head_logits(
    values: np.ndarray | sp.csr_array,
    given: np.ndarray,
    asked: np.ndarray | sp.csr_array,
    classes: int,
    start: Head | None = None,
) -> tuple[np.ndarray, Head | None]:
    """Scores (m, classes) of rows by a head taught on others; of several labels, each by itself, log odds.

    Args:
        start: a head of much the same rows; that of these ends where it does without, sooner.

    Returns:
        the scores and, of dense features, the head.

    Dense features: a multinomial head, or one for each of several labels. Sparse ones: a linear SVM for each class on
    n-grams weighed by how much more often they occur in it than elsewhere, which sees a wrong label better than tf–idf
    alone.

    Source: NB-SVM, Wang & Manning (ACL 2012).
    """
    import scipy.sparse as sp

    if not sp.issparse(values):
        from zhinan.recipes._heads import fit_head

        head = fit_head(values, given, classes, DENSE, start)
        return head.logits(asked), head
    several = given.ndim == 2
    held = given if several else given[:, None] == np.arange(classes)
    seen = np.flatnonzero(held.any(axis=0))
    logits = np.full((asked.shape[0], classes), -SURE)
    told = seen[~held[:, seen].all(axis=0)]
    logits[:, np.setdiff1d(seen, told)] = SURE
    present = sp.csr_array(values > 0, dtype=np.float32)
    two = not several and len(seen) == 2
    for label in told[1:] if two else told:
        logits[:, label] = _told_apart(values, present, held[:, label], asked)
    if two:
        logits[:, seen[1]] /= 2
        logits[:, seen[0]] = -logits[:, seen[1]]
    return logits, None


def _told_apart(values: sp.csr_array, present: sp.csr_array, inside: np.ndarray, asked: sp.csr_array) -> np.ndarray:
    """How far on the side of some rows others stand (m,), by the n-grams that those have more often than the rest."""
    import scipy.sparse as sp
    from sklearn.svm import LinearSVC

    often, seldom = (1 + present[rows].sum(axis=0) for rows in (inside, ~inside))
    weighed = sp.diags_array(np.log((often / often.sum()) / (seldom / seldom.sum())).astype(np.float32))
    svm = LinearSVC(C=SPARSE, random_state=0, max_iter=5000).fit(values @ weighed, inside)
    score: np.ndarray = svm.decision_function(asked @ weighed)
    return score


def _folds(given: np.ndarray, units: Sequence[str], count: int) -> np.ndarray:
    """The fold of each row (n,): units stay together, classes are spread over the folds."""
    _, first, code = np.unique(np.asarray(units, object).astype(str), return_index=True, return_inverse=True)
    fold = np.empty(len(first), np.int64)
    fold[spread_out(given[first], 2)] = np.arange(len(first)) % count
    return np.asarray(fold[code])
