"""What the rules take for an English name and is none, and what stands before one with a capital."""

from __future__ import annotations

from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span

__all__ = ["is_made", "without_lead"]

_LEAD = rule(
    r"(?:Dear|Hello|Hey|Rebook|Rebooked|Reschedule|Senhora?|Dona|Doña|Señora?|Signora?|Monsieur|Madame|Mevrouw|Meneer|"
    r"Gospodin|Fru|Attn|Ask|Tell|Remind|Invite|Thank|Notify|Refund|Upgrade|Transfer|Cancel|"
    r"Congratulate)\.? +(?=[A-ZÀ-Þ])"
)
_NOBODY = rule(
    r"(?:AUD|USD|EUR|GBP|CNY|INR|JPY|HKD|SGD|PNR|PPSN?|SIN|SSN|NHS|TFN|NINO|PIN|VIN|DOB|IBAN|BIC|PESEL|CPF|NIF|NIE|"
    r"DNI|OTP|RUT|CNP|"
    r"BSN|CURP|CNIC|NRIC|IIN|INN|OIB|JMBG|MRN|IMEI|ETA|RSVP)"
    r"|(?:Danish|Thai|Polish|Turkish|Finnish|Swedish|Norwegian|Icelandic|Irish|Scottish|Welsh|Dutch|Belgian|Swiss|"
    r"Austrian|"
    r"Hungarian|Romanian|Bulgarian|Serbian|Croatian|Slovak|Slovenian|Czech|Greek|Kazakh|Uzbek|Ukrainian|Georgian|"
    r"Armenian|"
    r"Estonian|Latvian|Lithuanian|Portuguese|Brazilian|Mexican|Chilean|Peruvian|Colombian|Egyptian|Moroccan|Tunisian|"
    r"Kenyan|Nigerian|Ghanaian|Ugandan|Ivorian|Iranian|Iraqi|Saudi|Emirati|Qatari|Pakistani|Nepali|Burmese|Filipino|"
    r"Vietnamese|Korean|Mongolian|Tibetan|Cantonese|Mandarin|Arabic|Hebrew|Hindi|Urdu|Bengali|Tamil|Malay)"
)
"""Currencies, what numbers are called, and peoples."""
_HALL = rule(r" (?:Hall|House|Park|Street|Road|Square|Building|Tower|Centre|Center|Library|Theatre|Bridge|Room|Wing)\Z")
_THE = rule(r"(?i)\bthe \Z")
_MADE = rule(
    r"[A-Z][\w'’]+-[a-z]+ed|(?i:de|pre|re|non|anti|co|ex|self|post|mid|un|sub|over)-(?:[a-z]+|[A-Z]{2,})|"
    r"[a-z]*[\u1ea0-\u1ef9][a-z\u00e0-\u1ef9]*(?: [a-z\u00e0-\u1ef9]+)*|que \w+"
)
"""Berlin-plated, pre-EMI, hướng dẫn."""


def is_made(found: str) -> bool:
    """Whether this is made of a word and what is put before or behind it, or of another language's small words."""
    return _MADE.fullmatch(found) is not None


def without_lead(text: str, spans: list[Span]) -> list[Span]:
    """Names without the greeting, the verb and the title that stand before them."""
    found = []
    for start, end in spans:
        lead = _LEAD.match(text, start, end)
        begin = lead.end() if lead else start
        whole = (begin, end)
        thing = _HALL.search(text, *whole) and _THE.search(text, max(0, begin - 8), begin)
        if not thing and not any(form.fullmatch(text, *whole) for form in (_NOBODY, _MADE)):
            found.append((begin, end))
    return found
