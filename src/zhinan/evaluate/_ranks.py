"""Scores of one ranking each, in [0, 1], from the gains of what was answered and of what would have been best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zhinan.proof import Measurement, Ranked

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["average_precision_at", "hits_at", "ndcg_at", "precision_at", "recall_at", "reciprocal_rank_at"]


def recall_at(ranked: Ranked, k: int) -> Measurement:
    """Share of the relevant items that are among the first k."""
    found, wanted = _relevant(ranked.gains, k).sum(axis=1), _relevant(ranked.ideal).sum(axis=1)
    return _mean(ranked, found, wanted)


def precision_at(ranked: Ranked, k: int) -> Measurement:
    """Share of the first k places that hold a relevant item."""
    return _mean(ranked, _relevant(ranked.gains, k).sum(axis=1), np.full(len(ranked), k))


def hits_at(ranked: Ranked, k: int) -> Measurement:
    """Share of queries with a relevant item among the first k: a count."""
    return Measurement.count(_relevant(ranked.gains, k).any(axis=1), ranked.person)


def reciprocal_rank_at(ranked: Ranked, k: int | None) -> Measurement:
    """One over the rank of the first relevant item, 0 where there is none."""
    places = _relevant(ranked.gains, k) / (1 + np.arange(ranked.gains[:, :k].shape[1]))
    return Measurement.mean(places.max(axis=1, initial=0.0), ranked.person)


def ndcg_at(ranked: Ranked, k: int | None) -> Measurement:
    """Discounted gain over the best that was possible."""
    return _mean(ranked, _discounted(ranked.gains, k), _discounted(ranked.ideal, k))


def average_precision_at(ranked: Ranked, k: int | None) -> Measurement:
    """Mean over relevant items of the precision at their rank, 0 for those not found, out of at most k."""
    found = _relevant(ranked.gains, k)
    at_rank = np.cumsum(found, axis=1) / (1 + np.arange(found.shape[1]))
    wanted = _relevant(ranked.ideal).sum(axis=1)
    return _mean(ranked, (at_rank * found).sum(axis=1), wanted if k is None else np.minimum(wanted, k))


def _relevant(gains: NDArray[np.floating], k: int | None = None) -> NDArray[np.bool_]:
    flags: NDArray[np.bool_] = gains[:, :k] > 0
    return flags


def _discounted(gains: NDArray[np.floating], k: int | None) -> NDArray[np.floating]:
    cut = gains[:, :k]
    total: NDArray[np.floating] = cut @ (1 / np.log2(2 + np.arange(cut.shape[1])))
    return total


def _mean(ranked: Ranked, above: NDArray[np.floating], below: NDArray[np.floating]) -> Measurement:
    """Mean of the ratios; NaN, so nothing can be said, for a query that has nothing relevant."""
    scores = np.divide(above, below, out=np.full(len(ranked), np.nan), where=below > 0)
    return Measurement.mean(np.where(np.isnan(scores), scores, np.clip(scores, 0.0, 1.0)), ranked.person)
