"""Mask of the numbers that countries give to persons: social insurance, tax, identity cards, driving licences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._gates import Gate
from zhinan.steps.masks._national import NUMBERS, Number
from zhinan.steps.masks._spans import Span, merged

__all__ = ["national_id"]

_BEGINS = r"(?<![A-Za-z0-9_])(?<![0-9][-./])(?<![A-Z][-/])(?<![/$€£¥])"
_ENDS = r"(?![A-Za-z0-9_]|[-/.:][0-9]|[-/][A-Za-z]|,\d{3}(?!\d)| ?(?:%|[元块塊円]))"
_WHOSE = "my|his|her|their|our|the|your|an?"
_OF = rf"(?:[ ,(—–-]{{1,3}}(?:(?:is|was|as|that['’]s|{_WHOSE}) ){{0,3}}|[是係为為][我你他她]?的?)"
_SAID = rule(
    r"(?i)(?:(?: card| code| number| no\.?| num\.?| nr\.?| n[°º.]| №| số| номер| id| details)*(?: \([^()]{1,20}\))?"
    r"(?:[^\n.;?!0-9：，。、]{0,32}?(?:\b(?:is|was|are|were|be|being|reads?|says|shows|as|still)|\b(?:asked|wanted|"
    r"requested|needed|need|requires?|gave|sent)(?: for| me| us| you)*,|['’]s|[:=#(]|[为為是係系]))?"
    r"|(?:复印件|正本|副本|原件)?(?:[，,](?:[证證]件)?(?=[号號]))?[号號]?[码碼]?(?:[：，是为為係系填寫写:,（(]|都是|"
    r"还是|還是){0,2})(?:(?<=:) [a-z]{4,14}(?= ))?[\s\"'“”「(:#.-]{0,3}\Z"
)
"""What stands between a number and its name where it surely is one."""
_OTHERS = rule(
    r"(?:(?i:\b(?:orders?|invoice|ticket|track(?:ing)?|parcel|part|model|serial|sku|batch|lot|item|ref(?:erence)?|"
    r"case|"
    r"claim|booking|confirmation|transaction|customer|user|session|device|product|policy|version|isbn|ean|upc|asin|"
    r"tel|phone|mobile|call|ring|fax|whatsapp|vin|imei|chassis)(?: (?:id|number|no|code|is|on)\.?| ?[:#.=]| ){0,4})|"
    r"[订訂运運工账賬流货貨][单單水号號][号號码碼]?|[编編型货貨][号號]|[电電][话話]|手[机機]|[车車]架[号號]?)"
    r"[ :：#是为為]{0,3}\Z"
)
"""What names another thing right before a number."""
_ACCOUNTS = rule(
    r"(?i:\b(?:employee|staff|student|member(?:ship)?|apple|zoom|meeting|game|player|payment|merchant|store|"
    r"terminal|app|"
    r"job|account|loyalty|subscriber|agent|steam|vendor|supplier|company|business|vat|corporate)['’]?s?[ :]{1,2})\Z"
)
"""Whose number is not that of a person's papers."""
_SIGNS = rule(r"[^A-Z0-9]+")
_NEAR = 40
"""How far a number may stand behind its name; further off it has to be called a number too, and be right."""


_LONG = 16
"""Letters and digits of a form that nothing else has, whatever the words before it name."""


class _Rules:
    """How one number is looked for: by its form, behind its name, and before it."""

    def __init__(self, number: Number) -> None:
        self.number = number
        shape = f"{_BEGINS}(?P<find>{'|'.join(filter(None, (number.form, number.bare)))}){_ENDS}"
        cues = "|".join(cue if cue.isupper() else f"(?i:{cue})" for cue in number.cues)
        called = f"(?<![A-Za-z])(?:{cues})(?![A-Za-z])"
        self.cue = rule(called)
        self.alone = rule(f"{_BEGINS}(?P<find>{number.form}){_ENDS}") if number.form else None
        self.named = rule(
            rf"{called}(?P<gap>(?s:.{{0,{_NEAR}}}?)|[^\n]{{0,100}}?[ ,;(](?i:no\.?|number|nr\.?)[ :]{{1,2}}){shape}"
        )
        self.before = rule(f"{shape}{_OF}{called}")
        self.written = rule(shape)

    def fits(self, text: str, pattern: re.Pattern[str], match: re.Match[str]) -> bool:
        """Whether what one of these rules found is such a number."""
        near = pattern is self.named and len(match["gap"]) <= _NEAR
        if near and not self.number.strict and _SAID.match(match["gap"]):
            return _is_no_other(text, match.start())
        if self.number.strict and _ACCOUNTS.search(text, max(0, match.start() - 24), match.start()):
            return False
        sure = self.number.sure and pattern is not self.named
        found = match["find"]
        if pattern is self.alone and sure and len(found) >= _LONG and not found.isdigit():
            return True
        return (sure or self.checked(found)) and _is_no_other(text, match.start("find"))

    def checked(self, written: str) -> bool:
        """Whether there is a check digit, and it is right."""
        try:
            return self.number.check is not None and self.number.check(_SIGNS.sub("", written.upper()))
        except (ValueError, IndexError, KeyError):  # written otherwise than what it is computed for
            return False

    def alike(self, text: str) -> Iterator[Span]:
        """Numbers of the kind that may stand beside one."""
        for match in self.written.finditer(text):
            if self.checked(match["find"]) and _is_no_other(text, match.start("find")):
                yield match.span("find")


def _is_no_other(text: str, start: int) -> bool:
    return not _OTHERS.search(text, max(0, start - 24), start)


_RULES = {
    told: (rules, patterns)
    for rules in map(_Rules, NUMBERS)
    for told, patterns in ((rules.alone, (rules.alone,)), (rules.cue, (rules.named, rules.before)))
    if told is not None
}
"""What tells of a number, its form or its name → the number, and where it stands then."""
_MAY = Gate(_RULES)


@register(
    "mask", "national_id", zh=("外国身份证号", "各国证件号", "社保号"), order=27,
    called=("ssn", "social_security", "national_insurance", "tax_id", "driving_licence", "drivers_license"),
    columns=(
        "ssn", "ssn last", "social security", "nino", "national insurance", "national id", "tax id", "aadhaar", "cpf",
        "dni", "nif", "nie", "nric", "hkid", "pesel", "personnummer", "codice fiscale", "driving licence",
        "drivers license", "driver license", "身分證字號", "社保号", "驾驶证号", "驾照号",
    ), least=("digit", 4),
    worth=r"[0-9](?:[ ./-]?[0-9]){4}|[0-9][A-Z][A-Z0-9][0-9]-[A-Z][A-Z0-9][0-9]-|"
    r"[A-Za-z]{5} ?[0-9]{4}[A-Za-z]|[A-Za-z]{3} ?[0-9]{2}[A-Za-z][0-9]{2} ?[A-Za-z]|"
    r"[A-Z]{1,4}[0-9]{1,2}[A-Z]{1,4}[0-9]", grouped=True,
)  # fmt: skip
def national_id(text: str) -> list[Span]:
    """Finds numbers of identity, social insurance, tax and driving of sixty countries. Choose it for people abroad.

    A form that nothing else has (078-05-1120, A123456(3), 390.533.447-05) is found by itself, a run of digits near the
    number's name (SSN, NHS number, Aadhaar, 身分證字號) and with its check digit, where it has one; right behind the
    name also without, as people mistype. Mainland China's is `id_card`; travel documents are `passport`.

    Source: who gives each number, as national.txt names them; ISO/IEC 7812-1 (Luhn), ISO 7064, Verhoeff 1969.
    """
    found: dict[Span, _Rules] = {}
    for rules, patterns in map(_RULES.__getitem__, _MAY(text)):
        for pattern in filter(None, patterns):
            found |= {match.span("find"): rules for match in pattern.finditer(text) if rules.fits(text, pattern, match)}
    return merged([*found, *(span for rules in set(found.values()) for span in rules.alike(text))])
