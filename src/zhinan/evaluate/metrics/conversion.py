"""Conversion: whether people do what the product is for, soon after it answered them."""

from __future__ import annotations

from zhinan.core import Duration, register
from zhinan.evaluate.happened import AT_ONCE, DAY, Followed

__all__ = ["conversion"]


@register("metric", "conversion", zh=("转化率",), unit="%", better="higher", family="business", per_class=False)
def conversion(*, event: str = "conversion", within: Duration = DAY, late: Duration = AT_ONCE) -> Followed:
    """Conversion: the share of people answered whom an event follows in time. Choose it to see whether answers sell.

    Counted is a person's first answer of the version, once `within` is over, and `late` more for events that arrive
    later than they happen.

    Raises: UserError E535, E536.
    Source: a betting bound, valid at every look, Waudby-Smith & Ramdas (2023), through proof.Certifier.
    """
    return Followed(event, within, late=late)
