"""Metrics of rankings: search, recommendation, candidates. `recall@k` and `precision@k` are in classification.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, register

if TYPE_CHECKING:
    from zhinan.proof import Measurement, Ranked

__all__ = ["hit_rate", "mean_average_precision", "mrr", "ndcg"]


@register(
    "metric", "ndcg", zh=("归一化折损累计增益",), unit="%", better="higher", family="quality", per_class=False,
    needs="ranking", at_k=True,
)  # fmt: skip
def ndcg(judged: Ranked, *, k: int | None = None) -> Measurement:
    """NDCG: gain of a ranking, discounted by rank, over the best possible. Choose it for graded relevance.

    Gains count as they are given (not 2^gain − 1); `ndcg@10` looks at the first 10.

    Source: Järvelin & Kekäläinen, ACM TOIS 20 (2002); mean over queries with its betting bound, Waudby-Smith &
    Ramdas (2023).
    """
    from zhinan.evaluate._ranks import ndcg_at

    return ndcg_at(judged, k)


@register(
    "metric", "hit_rate", zh=("命中率",), unit="%", better="higher", family="quality", per_class=False,
    needs="ranking", at_k=True,
)  # fmt: skip
def hit_rate(judged: Ranked, *, k: int | None = None) -> Measurement:
    """Hit rate: the share of queries with a relevant item among the first k. Choose it when one good item is enough.

    Raises: UserError E266 without @k.
    Source: a count over queries, Clopper & Pearson (1934).
    """
    from zhinan.evaluate._ranks import hits_at

    if k is None:
        raise UserError("E266", metric="hit_rate", example="hit_rate@10 >= 80%")
    return hits_at(judged, k)


@register(
    "metric", "mrr", zh=("平均倒数排名",), unit="%", better="higher", family="quality", per_class=False,
    needs="ranking", at_k=True,
)  # fmt: skip
def mrr(judged: Ranked, *, k: int | None = None) -> Measurement:
    """Mean reciprocal rank of the first relevant item. Choose it when people take the first good answer.

    Source: Voorhees, TREC-8 (1999); mean over queries with its betting bound, Waudby-Smith & Ramdas (2023).
    """
    from zhinan.evaluate._ranks import reciprocal_rank_at

    return reciprocal_rank_at(judged, k)


@register(
    "metric", "map", zh=("平均精度均值",), unit="%", better="higher", family="quality", per_class=False,
    needs="ranking", at_k=True,
)  # fmt: skip
def mean_average_precision(judged: Ranked, *, k: int | None = None) -> Measurement:
    """MAP: precision at each relevant item's rank, averaged. Choose it when every relevant item should come early.

    `map@10` looks at the first 10 and expects at most 10 relevant items.

    Source: Buckley & Voorhees, SIGIR 2000; mean over queries with its betting bound, Waudby-Smith & Ramdas (2023).
    """
    from zhinan.evaluate._ranks import average_precision_at

    return average_precision_at(judged, k)
