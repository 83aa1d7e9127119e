"""Mask of number plates of vehicles: Chinese ones by their form, UK and US ones beside a word such as plate."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, around, spans

__all__ = ["plate"]

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ONE = "[A-HJ-NP-Za-hj-np-z0-9]"
_CHINESE = re.compile(
    rf"(?:[{_PROVINCES}][A-Za-z][·•. -]?(?=(?:{_ONE}*\d){{2}})(?:{_ONE}{{6}}|{_ONE}{{4}}[挂学警港澳领]|{_ONE}{{5}})"
    rf"|WJ[{_PROVINCES}]?[·•. -]?\d{{4}}[0-9A-Z]|使[·•. ]?\d{{6}})(?![A-Za-z0-9])"
)
_BRITISH = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?![A-Za-z0-9])"
)
_CURRENT = re.compile(r"[A-Z]{2}\d{2} [A-Z]{3}")
_HONG_KONG = re.compile(r"(?:車牌|车牌)(?:號碼?|号码?)?[ :是為为]{0,3}(?P<find>[A-Z]{2} ?\d{1,4})(?![A-Za-z0-9])")
_AMERICAN = re.compile(
    r"(?i:\b(?:licen[cs]e plate|number plate|plate|tag|registration|reg)s?(?: (?:number|no|was|is|reads?|of|"
    r"ending)\b|[.:#])*)[ .:#(\"']{0,3}"
    r"(?P<find>(?=[A-Z0-9 -]{0,7}[0-9])(?=[A-Z0-9 -]{0,7}[A-Z])[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{2,5}))(?![A-Za-z0-9]|"
    r"[-.]\d)"
)
_WORDS = re.compile(
    r"(?i)\bplates?\b|\breg(?:istration)?\b|vehicle|\bcar\b|\bvan\b|\bvrm\b|licen[cs]e|parked|driv(?:e|ing|er)|"
    r"park|truck|lorry|车牌|车辆"
)


@register(
    "mask", "plate", zh=("车牌", "车牌号"), order=60,
    worth=rf"[{_PROVINCES}][A-Za-z][^A-Za-z0-9]?[A-Za-z0-9]{{4}}|WJ|使[^0-9]?[0-9]{{6}}|"
    r"[A-Z]{2}[0-9]{2} ?[A-Z]{3}|[A-Z][0-9]{1,3} ?[A-Z]{3}|[A-Z]{3} ?[0-9]{1,3}[A-Z]|"
    r"(?i:plates?|tags?|registrations?|regs?)[ .:#(\"']|[車车]牌",
    grouped=True,
)  # fmt: skip
def plate(text: str) -> list[Span]:
    """Finds number plates. Choose it for parking, insurance, repairs and deliveries.

    Chinese plates, with those of new-energy, training, police and Hong Kong vehicles, are found by their form; British
    and American ones within a few words of plate, registration, licence, vehicle or the like.

    Source: GA 36-2018; DVLA INF104.
    """
    british = spans(text, _BRITISH, _is_british)
    return [*spans(text, _CHINESE), *british, *spans(text, _AMERICAN), *spans(text, _HONG_KONG)]


def _is_british(text: str, span: Span) -> bool:
    """The form since 2001, written with its space, is nothing else; other forms need a word beside them."""
    return bool(_CURRENT.fullmatch(text[slice(*span)])) or around(text, span, _WORDS, 40, 20)
