"""Error rate: how many requests the service fails."""

from __future__ import annotations

from zhinan.core import register
from zhinan.evaluate.happened import Failed

__all__ = ["error_rate"]


@register("metric", "error_rate", zh=("故障率",), unit="%", better="lower", family="business", per_class=False)
def error_rate() -> Failed:
    """Error rate: the share of right requests that the service fails, in a minute. Choose it beside latency.

    Failed is what is answered with 500 or 503; requests of one minute fail together, so a minute with traffic counts
    once. Nobody is heard of whom no process answered at all.

    Source: a betting bound, valid at every look, Waudby-Smith & Ramdas (2023), through proof.Certifier.
    """
    return Failed()
