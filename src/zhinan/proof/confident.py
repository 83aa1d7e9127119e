"""Confident learning: which given labels are probably wrong, how many, and what they should have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = [
    "LabelErrors", "Prune", "Rank", "TagErrors", "confident_joint", "label_errors", "pooled", "pooled_apart",
    "tag_errors",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Prune = Literal["agreed", "both", "class", "noise_rate"]
Rank = Literal["self_confidence", "margin"]

FEWEST = 2
"""Rows with a label, and without it, below which nothing tells them apart."""

SLACK = 1e-6
"""A probability this little below its threshold still counts: thresholds are means of probabilities."""


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """Suspect labels, the most suspect first.

    Args:
        rows: shape (suspects,), row numbers. suggested: shape (suspects,), the class that fits best instead.
        score: shape (suspects,), self-confidence or margin of the given label; low is suspect.
        expected: wrong labels in all by the calibrated confident joint, too many where classes overlap.
        joint: shape (k, k), estimated rows by given class (first axis) and true class.
    """

    rows: Ints
    suggested: Ints
    score: Floats
    expected: int
    joint: Ints


def label_errors(
    probability: npt.ArrayLike | Sequence[npt.ArrayLike],
    given: npt.ArrayLike,
    *,
    prune: Prune = "agreed",
    rank: Rank = "self_confidence",
) -> LabelErrors:
    """Labels that are probably wrong. Choose it before asking for more data: noise in labels is cheaper to remove.

    Args:
        probability: out-of-sample and calibrated, shape (n, k); or several views (m, n, k), such as one for each
            encoder, which are pooled for the ranking. given: class codes, shape (n,).
        prune: how many are suspect. "agreed": as many as every view by itself confidently puts into another class.
            "class", "noise_rate": as many as the confident joint estimates, the least self-confident of each class,
            or the largest margins of each pair of classes. "both": suspect by both.
        rank: order by the probability of the given label, or by its distance to the best other class.

    Raises:
        ValueError: shapes that do not fit, no probability, or a code outside [0, k).

    Source: Northcutt, Jiang & Chuang, JAIR 70 (2021); views combined as Kuan & Mueller, ICML DataPerf (2022).
    """
    views, codes = _checked(probability, given)
    pool = views[0] if len(views) == 1 else pooled(views, codes)
    joint = confident_joint(pool, codes)
    rows = np.arange(codes.size)
    own = pool[rows, codes]
    others = pool.copy()
    others[rows, codes] = -np.inf
    suggested = others.argmax(axis=1)
    margin = own - others[rows, suggested]
    score = own if rank == "self_confidence" else margin
    suspect = _suspect(prune, views, pool, codes, score, joint) & (margin < -SLACK)
    found = np.flatnonzero(suspect)
    found = found[np.argsort(score[found], kind="stable")]
    expected = int(joint.sum() - np.trace(joint))
    return LabelErrors(found, suggested[found], score[found], expected, joint)


@dataclass(frozen=True, eq=False)
class TagErrors:
    """Suspect labels of rows that may have any number of them.

    Args:
        suspect: shape (n, k), which labels are probably given wrongly, or wrongly missing. score: shape (n, k), how
            probable each is as it is. expected: wrong labels in all, as `LabelErrors.expected`.
    """

    suspect: Bools
    score: Floats
    expected: int


def tag_errors(probability: npt.ArrayLike | Sequence[npt.ArrayLike], given: npt.ArrayLike) -> TagErrors:
    """Labels that a row probably lacks, or has and should not. Choose it where a row may have several labels.

    Each label is judged by itself, as one class against another: a row that has it is in doubt where it is as surely
    without it as rows without it usually are, and the other way round. A label that fewer than two rows have, or
    lack, is not judged.

    Args:
        probability: out-of-sample and calibrated, of each label by itself, shape (n, k), or several views (m, n, k).
            given: whether each row has each label, bool (n, k).

    Raises:
        ValueError: shapes that do not fit, or no probability.

    Source: `label_errors` for each label, as Thyagarajan, Snorrason, Northcutt & Mueller (2022, arXiv:2211.13895).
    """
    tables, flags = _checked_apart(probability, given)
    pool = tables[0] if len(tables) == 1 else pooled_apart(tables, flags)
    suspect, expected = np.zeros(flags.shape, bool), 0
    for label in range(flags.shape[1]):
        held = flags[:, label]
        if min(held.sum(), (~held).sum()) >= FEWEST:
            found = label_errors(_two(tables[:, :, label]), held.astype(np.int64))
            suspect[found.rows, label] = True
            expected += found.expected
    return TagErrors(suspect, np.where(flags, pool, 1 - pool), expected)


def pooled_apart(views: npt.ArrayLike | Sequence[npt.ArrayLike], given: npt.ArrayLike) -> Floats:
    """Several views' probabilities of labels, each by itself, as one; (n, k). See `pooled`.

    Args:
        views: out-of-sample, shape (m, n, k). given: whether each row has each label, bool (n, k).
    """
    tables, flags = _checked_apart(views, given)
    codes = flags.astype(np.int64)
    return np.stack([pooled(_two(tables[:, :, j]), codes[:, j])[:, 1] for j in range(flags.shape[1])], axis=1)


def _two(chance: Floats) -> Floats:
    """The probabilities of having a label as those of two classes, without and with."""
    return np.stack([1 - chance, chance], axis=-1)


def confident_joint(probability: npt.ArrayLike, given: npt.ArrayLike) -> Ints:
    """Estimated number of rows by given and by true class, shape (k, k); each row sums to the given class's rows.

    A row counts as truly of the class whose probability reaches the mean self-confidence of that class.

    Args:
        probability: out-of-sample, shape (n, k). given: class codes, shape (n,).

    Source: Northcutt, Jiang & Chuang, JAIR 70 (2021), eq. 1–3.
    """
    (table,), codes = _checked(probability, given)
    k = table.shape[1]
    likely, sure = _confident(table, codes)
    counted = np.bincount(codes[sure] * k + likely[sure], minlength=k * k).reshape(k, k)
    np.fill_diagonal(counted, np.maximum(counted.diagonal(), 1))
    per_class = np.bincount(codes, minlength=k)
    return _whole(counted / counted.sum(axis=1, keepdims=True) * per_class[:, None])


def pooled(views: npt.ArrayLike | Sequence[npt.ArrayLike], given: npt.ArrayLike) -> Floats:
    """Several views' probabilities as one: a log-linear pool, its weights and a bias per class fitted to the labels.

    Choose it where views err differently: the pool is sharper than each. One view is calibrated by it.

    Args:
        views: out-of-sample, shape (m, n, k). given: class codes, shape (n,).

    Source: logarithmic opinion pool, Genest & Zidek, Statistical Science 1 (1986); temperature with biases, Alexandari,
    Kundaje & Shrikumar, ICML 2020.
    """
    from scipy.optimize import minimize

    tables, codes = _checked(views, given)
    logs = np.log(np.clip(np.stack(tables), 1e-9, None))
    m, n, k = logs.shape
    share = np.bincount(codes, minlength=k) / n
    own = logs[:, np.arange(n), codes].mean(axis=1)

    def loss(fitted: Floats) -> tuple[float, Floats]:
        mixed, total = _softmax(np.tensordot(fitted[:m], logs, axes=1) + fitted[m:])
        slope = np.concatenate([np.einsum("nk,mnk->m", mixed, logs) / n - own, mixed.mean(axis=0) - share])
        # a prior of one row keeps a class without labels finite
        value = float(total.mean() - fitted[:m] @ own - fitted[m:] @ share) + float(fitted[m:] @ fitted[m:]) / (2 * n)
        return value, slope + np.concatenate([np.zeros(m), fitted[m:] / n])

    start = np.concatenate([np.full(m, 1.0 / m), np.zeros(k)])
    bounds = [(0.0, 20.0)] * m + [(-20.0, 20.0)] * k
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return _softmax(np.tensordot(best[:m], logs, axes=1) + best[m:])[0]


def _suspect(prune: Prune, views: Sequence[Floats], pool: Floats, codes: Ints, score: Floats, joint: Ints) -> Bools:
    if prune == "agreed":
        agreed = np.ones(codes.size, dtype=bool)
        for table in views:
            likely, sure = _confident(table, codes)
            agreed &= sure & (likely != codes) & (table[np.arange(codes.size), codes] + SLACK < table.max(axis=1))
        suspect = np.zeros(codes.size, dtype=bool)
        suspect[np.argsort(score, kind="stable")[: int(agreed.sum())]] = True
        return suspect
    if prune == "both":
        return _by_class(pool, codes, joint) & _by_noise_rate(pool, codes, joint)
    if prune not in ("class", "noise_rate"):
        raise ValueError(f"prune is agreed, both, class or noise_rate, not {prune!r}")
    return (_by_class if prune == "class" else _by_noise_rate)(pool, codes, joint)


def _confident(table: Floats, codes: Ints) -> tuple[Ints, Bools]:
    """The class each row confidently belongs to, and whether there is one."""
    per_class = np.bincount(codes, minlength=table.shape[1])
    own = np.bincount(codes, table[np.arange(codes.size), codes], minlength=table.shape[1])
    threshold = np.where(per_class > 0, own / np.maximum(per_class, 1), 2.0)  # a class without rows has no confidence
    reached = table >= threshold - SLACK
    several = reached.sum(axis=1) > 1
    likely = np.where(several, table.argmax(axis=1), reached.argmax(axis=1))
    sure: Bools = np.asarray(reached.any(axis=1))
    return likely, sure


def _kept(joint: Ints) -> Ints:
    """The joint with at least one row of each given class on the diagonal, so that no class is pruned away."""
    diagonal = joint.diagonal()
    short = np.maximum(diagonal, 1) - diagonal
    shared = np.maximum(np.count_nonzero(joint, axis=1) - 1, 1)
    counts: Ints = np.maximum(joint - (short / shared)[:, None], 0).astype(np.int64)
    np.fill_diagonal(counts, np.maximum(diagonal, 1))
    return counts


def _by_class(table: Floats, codes: Ints, joint: Ints) -> Bools:
    suspect, kept = np.zeros(codes.size, dtype=bool), _kept(joint).diagonal()
    for label in range(table.shape[1]):
        mine = np.flatnonzero(codes == label)
        if mine.size > 1:
            least = np.argsort(table[mine, label], kind="stable")
            suspect[mine[least[: max(mine.size - int(kept[label]), 0)]]] = True
    return suspect


def _by_noise_rate(table: Floats, codes: Ints, joint: Ints) -> Bools:
    suspect, counts = np.zeros(codes.size, dtype=bool), _kept(joint)
    for label in range(table.shape[1]):
        mine = np.flatnonzero(codes == label)
        for other in np.flatnonzero(counts[label]) if mine.size > 1 else ():
            if other != label:
                largest = np.argsort(table[mine, label] - table[mine, other], kind="stable")
                suspect[mine[largest[: counts[label, other]]]] = True
    return suspect


def _whole(table: Floats) -> Ints:
    """Rounded so that each row keeps its sum; the largest remainders give way."""
    rounded = np.round(table)
    for row, exact in zip(rounded, table, strict=True):
        missing = int(np.round(exact.sum()) - row.sum())
        order = np.argsort(exact - row)
        row[order[::-1][:missing] if missing > 0 else order[:-missing]] += np.sign(missing)
    whole: Ints = rounded.astype(np.int64)
    return whole


def _softmax(logits: Floats) -> tuple[Floats, Floats]:
    """Probabilities, and the log of each row's normaliser."""
    most = logits.max(axis=1, keepdims=True)
    grown = np.exp(logits - most)
    total = grown.sum(axis=1, keepdims=True)
    return grown / total, (most + np.log(total))[:, 0]


def _checked(probability: npt.ArrayLike | Sequence[npt.ArrayLike], given: npt.ArrayLike) -> tuple[list[Floats], Ints]:
    tables, codes = np.asarray(probability, dtype=float), np.asarray(given)
    tables = tables[None] if tables.ndim == 2 else tables
    if tables.ndim != 3 or not len(tables) or codes.shape != tables.shape[1:2] or not codes.size:
        raise ValueError(f"probabilities {tables.shape} do not fit labels {codes.shape}")
    if not bool(np.all((tables >= 0) & (tables <= 1))):
        raise ValueError("probabilities must lie in [0, 1]")
    if codes.dtype.kind not in "iu" or codes.min() < 0 or codes.max() >= tables.shape[2]:
        raise ValueError(f"labels must be codes from 0 to {tables.shape[2] - 1}")
    return list(tables), codes.astype(np.int64)


def _checked_apart(probability: npt.ArrayLike | Sequence[npt.ArrayLike], given: npt.ArrayLike) -> tuple[Floats, Bools]:
    tables, flags = np.asarray(probability, dtype=float), np.asarray(given)
    tables = tables[None] if tables.ndim == 2 else tables
    if tables.ndim != 3 or flags.dtype != bool or flags.shape != tables.shape[1:] or not flags.size:
        raise ValueError(f"probabilities {tables.shape} do not fit labels {flags.shape}")
    if not bool(np.all((tables >= 0) & (tables <= 1))):
        raise ValueError("probabilities must lie in [0, 1]")
    return tables, flags
