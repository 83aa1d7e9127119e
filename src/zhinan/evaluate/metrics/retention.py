"""Retention: whether people come back after the product answered them."""

from __future__ import annotations

from zhinan.core import Duration, register
from zhinan.evaluate.happened import AT_ONCE, DAY, Followed

__all__ = ["retention"]

WEEK, TWO_WEEKS = Duration(7 * DAY), Duration(14 * DAY)


@register("metric", "retention", zh=("留存率",), unit="%", better="higher", family="business", per_class=False)
def retention(
    *,
    event: str = "visit",
    after: Duration = WEEK,
    within: Duration = TWO_WEEKS,
    late: Duration = AT_ONCE,
) -> Followed:
    """Retention: the share of people answered who come back after a while. Choose it when a habit is the goal.

    A person comes back when an event happens between `after` and `within` of their first answer of the version.
    Answers that name no person do not count.

    Raises: UserError E535, E536.
    Source: a betting bound, valid at every look, Waudby-Smith & Ramdas (2023), through proof.Certifier.
    """
    return Followed(event, within, after, late, persons=True)
