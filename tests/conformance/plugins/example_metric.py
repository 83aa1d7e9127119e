"""Mistake rate: accuracy's complement, for people who count mistakes. A whole plugin in one file."""

from __future__ import annotations

from zhinan.core import register
from zhinan.proof import Judged, Measurement

__all__ = ["mistake_rate"]


@register(
    "metric",
    "mistake_rate",
    zh=("错误率",),
    unit="%",
    better="lower",
    family="quality",
    per_class=False,
    needs="answer",
)
def mistake_rate(judged: Judged) -> Measurement:
    """Mistake rate: the share of examples answered wrong. Choose it when mistakes are what is paid for.

    Source: a count, so Clopper & Pearson, Biometrika 26 (1934), through proof.bounds.
    """
    return Measurement.count(judged.answer != judged.truth, judged.person)
