"""Mask of passport numbers: the Chinese form by itself, any form beside a word such as passport or 护照."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, around, spans

__all__ = ["passport"]

_PATTERN = re.compile(
    r"(?:(?<![A-Za-z0-9_.#-])|(?<=[Pp]assport#))(?:(?:[A-Za-z]{1,2}|[A-Z]{1,2} )?\d{7,9}|\d{2}[A-Z]{2}\d{5}|"
    r"[A-Z]{2}\d{2} ?\d{5}|"
    r"[A-Z]\d{2}[A-Z]{2}\d{4}|"
    r"[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8})"
    r"(?![A-Za-z0-9_]|[-.,]\d)"
)
_CHINESE = re.compile(r"(?:[EeGg]\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\d{7})\Z")
_WORDS = re.compile(r"(?i)passport|travel document|护照|護照|通行证|通行證")
_OTHERS = re.compile(
    r"(?i)order|sku|invoice|ticket|tracking|model|part|serial|ref|item|code|lot|batch|case|claim"
    r"|订单|运单|单号|账单|工单|型号|编号|货号|批次|流水|序列|代码|编码|合同|工号|学号|会员|件"
)


@register("mask", "passport", zh=("护照", "护照号"), order=25, worth=r"[0-9][0-9A-Z ]{6}", grouped=True)
def passport(text: str) -> list[Span]:
    """Finds passport numbers of China, the US, the UK and others. Choose it where people travel or prove who they are.

    The Chinese form (E12345678, EA1234567) is found by itself unless it is called an order, a model or the like; nine
    digits or another form only within a few words of passport, travel document, 护照 or 通行证.

    Source: ICAO Doc 9303 (at most nine characters).
    """
    return spans(text, _PATTERN, _is_passport)


def _is_passport(text: str, span: Span) -> bool:
    if around(text, span, _WORDS, 60, 24):
        return True
    return bool(_CHINESE.match(text[slice(*span)])) and not around(text, span, _OTHERS, 8)
