"""Satisfaction: whether the people who rate answers rate them high."""

from __future__ import annotations

from zhinan.core import register
from zhinan.evaluate.happened import Rated

__all__ = ["satisfaction"]


@register("metric", "satisfaction", zh=("满意度",), unit="%", better="higher", family="business", per_class=False)
def satisfaction(*, least: float = 4.0, scale: float = 5.0) -> Rated:
    """Satisfaction: the share of people who rate at least so high. Choose it when people are asked, and many answer.

    A rating above `scale` is not on the scale and does not count. It speaks of those who rate, not of all.

    Raises: UserError E542.
    Source: a betting bound, valid at every look, Waudby-Smith & Ramdas (2023), through proof.Certifier.
    """
    return Rated(least, scale)
