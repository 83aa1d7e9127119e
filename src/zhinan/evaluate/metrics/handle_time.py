"""Handle time: how long a case took from hand to hand until it was done."""

from __future__ import annotations

from typing import Literal

from zhinan.core import Duration, register
from zhinan.evaluate.happened import Timed

__all__ = ["handle_time"]


@register("metric", "handle_time", zh=("处理时长",), unit="s", better="lower", family="business", per_class=False)
def handle_time(
    *,
    event: str = "handle_time",
    value: Literal["ms", "s", "min", "h"] = "s",
    take: Literal["median", "mean", "p75", "p90", "p95", "p99"] = "median",
    most: Duration | None = None,
) -> Timed:
    """Handle time: how long cases take, as events with a value say. Choose it when time saved is the goal.

    `value` is the unit of the event's value. A quantile asks nothing more; `take=mean` needs `most`, the longest that
    counts, because one endless case can carry a mean anywhere.

    Raises: UserError E535, E543.
    Source: of a quantile the count of cases within the target (order statistics), of a mean the scores in [0, most],
        by a betting bound, valid at every look, Waudby-Smith & Ramdas (2023), through proof.Certifier.
    """
    return Timed(event, value, take, most)
