"""Mask of passport numbers: the Chinese form by itself, any form beside a word such as passport or 护照."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, around, merged, spans

__all__ = ["called_else", "passport"]

_PATTERN = rule(
    r"(?:(?<![A-Za-z0-9_.#-])|(?<=[Pp]assport#))(?:(?:[A-Za-z]{1,2}|[A-Z]{1,2} )?\d{7,9}|\d{2}[A-Z]{2}\d{5}|"
    r"[A-Z]{2}\d{2} ?\d{5}|"
    r"[A-Z]\d{2}[A-Z]{2}\d{4}|"
    r"[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8})"
    r"(?![A-Za-z0-9_]|[-.,]\d)"
)
_OTHER_FORMS = rule(
    r"(?<![A-Za-z0-9_.#-])(?:[A-Z]{1,3} ?\d{6}|[A-Z]{3}\d{5,7}|[HM]\d{10}|[A-Z]{1,2} \d{4} \d{3,4}|"
    r"\d{2} ?\d{2} \d{6}|\d{2} \d{7}|"
    r"\d{3} \d{3} \d{3}|"
    r"(?=[A-Z]*\d[A-Z]*\d[A-Z]*\d[A-Z]*\d)[A-Z][A-Z0-9]{7,8})(?![A-Za-z0-9_]|[-.,]\d)"
)
"""Forms of other countries, that much else has too: only right behind the word."""
_PERMITS = "通行[证證]|回[乡鄉][证證]|[台臺]胞[证證]|旅行[证證]|[往來来]+港澳[证證]件?|港澳[证證]件"
_JUST_SAID = rule(
    r"(?i:passports?|pa[s5]{2}p[o0]rt|travel doc(?:ument)?s?|\b(?:passenger|travell?er|crew|guest)\b"
    r"(?:(?:['’]s)? |[^\n.;]{0,40}(?:[,:(] ?|['’]s |\b(?:identity|id) |(?=\bdocument ?(?:no\b|num|#))))document|"
    rf"паспорт|pasaport|paspor\b|hộ chiếu|パスポート|旅券|여권|\bpp no|\bpp(?=#| ?num)|\bppt|护照|護照|{_PERMITS})"
    r"(?i:[ -]?(?:is|no|num(?:ber)?|nr|#|id|was|on file|details|reads|says|shows|ends|with|as|under|it|:|=|\.|,|\(|"
    r"号码?|號碼?|"
    r"为|為|是|编号|填))*[ .:#=,(（：-]{0,4}\Z"
    r"|(?i:passports?\b|护照|護照)[^\n.;:：0-9]{0,24}[:：#]{1,2} ?\Z"
)
_FURTHER = rule(
    r"(?:护照|護照|(?<![A-Za-z])[Pp]assport)[^\n。；;0-9]{0,32}?(?:[的是：:]{1,2}|\bis|"
    r"\bno\.?) ?(?P<find>\d{2} \d{7}|\d{4} \d{6})(?![\d-]| \d)"
)
"""Russia's, behind its holder's name."""
_NAMED_AFTER = rule(
    r"(?<![A-Za-z0-9_.#-])(?P<find>(?=(?:[A-Z]*\d){4})[A-Z0-9]{8,9})(?:,? ?[(—–-]? ?)"
    r"(?:(?:is|was|as) )?(?:(?:an?|the|my|his|her|their|our) )?(?:[A-Za-z]{2,14} )?"
    r"(?i:passport)(?! (?:photo|cover|holder|control|office))"
)
"""A number that is called a passport's behind it."""
_CHINESE = rule(r"(?:[EeGg]\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\d{7})\Z")
_WORDS = rule(
    r"(?i)passport|travel document|(?<![a-z])ppt? ?(?:#|no\b|num)|reisepass|passeport|pasaporte|passaporto|护照|護照|"
    rf"{_PERMITS}"
)
_TRAVEL = rule(
    r"(?i)\bID (?:was |is )?(?:check|verif|seen|shown|match|photo|scan)|photo ID|"
    r"\bvisa\b|embassy|consulate|immigration|border|boarding|nationality|travell?er|签证|簽證|\bdocument\b|"
    r"出境|入境|海关|"
    r"海關|边检|"
    r"登机|乘机|证件|證件|国籍|國籍|出入境|大使馆|领事|(?:酒店|賓館|宾馆|民宿|[旅住宾賓]客|入住|住宿)登[记記]|"
    r"\b(?:hotel|guest|lodging|arrivals) (?:regist(?:er|ration|ry)|book|card)\b"
)
_OTHERS = rule(
    r"(?i)order|sku|invoice|ticket|tracking|model|part|serial|ref|item|code|lot|batch|case|claim|booking|reservation"
    r"|订单|运单|单号|账单|工单|型号|编号|货号|批次|流水|序列|代码|编码|合同|工号|[学學][号號]|会员|(?<!证)件"
)


@register(
    "mask",
    "passport",
    zh=("护照", "护照号"),
    columns=("passport", "护照", "护照号", "护照号码"),
    least=("digit", 4),
    order=25,
    worth=r"[0-9][0-9A-Z ]{6}|[A-Z][A-Z0-9 ]{0,3}[0-9][A-Z0-9]{4}",
    grouped=True,
)
def passport(text: str) -> list[Span]:
    """Finds passport numbers of China, the US, the UK and others. Choose it where people travel or prove who they are.

    The Chinese form (E12345678, EA1234567) is found by itself unless it is called an order, a model or the like; nine
    digits or another form only within a few words of passport, travel document, 护照 or 通行证.

    Source: ICAO Doc 9303 (at most nine characters).
    """
    said = [span for span in spans(text, _OTHER_FORMS) if _JUST_SAID.search(text, max(0, span[0] - 64), span[0])]
    found = merged([*spans(text, _PATTERN, _is_passport), *said])
    found += spans(text, _FURTHER)
    found += [span for span in spans(text, _NAMED_AFTER) if not around(text, span, _OTHERS, 16)]
    shapes = {_shape(text, span) for span in found}
    return merged(
        [
            *found,
            *(
                span
                for form in (_PATTERN, _OTHER_FORMS)
                for span in spans(text, form)
                if _alike(text, span, found, shapes)
            ),
        ]
    )


def called_else(text: str, span: Span) -> bool:
    """Whether the word right before a number says that it is an order's, a booking's or the like."""
    return around(text, span, _OTHERS, 8)


def _shape(text: str, span: Span) -> str:
    return re.sub("[0-9]", "9", re.sub("[A-Za-z]", "A", text[slice(*span)]))


def _alike(text: str, span: Span, found: Sequence[Span], shapes: Collection[str]) -> bool:
    """Whether a number is written as a passport is that stands not far before it, and is called nothing else."""
    near = any(0 < span[0] - end < 100 for _, end in found)
    return near and _shape(text, span) in shapes and not around(text, span, _OTHERS, 16)


def _is_passport(text: str, span: Span) -> bool:
    if around(text, span, _WORDS, 60, 24):
        return True
    if text[span[0]].isalpha() and around(text, span, _TRAVEL, 40, 16) and not around(text, span, _OTHERS, 8):
        return True
    return bool(_CHINESE.match(text[slice(*span)])) and not around(text, span, _OTHERS, 8)
