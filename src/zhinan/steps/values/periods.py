"""Years, quarters, months and weeks as people, spreadsheets and statistical offices write them: by their first day."""

from __future__ import annotations

import re
from datetime import datetime

from zhinan.core.rules import rule
from zhinan.steps.values.orders import year_of

__all__ = ["ERA", "ERAS", "MONTHS", "NAMED", "begin_of_period"]

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
"""The first letters of a month in English → its number."""

_NAMES = (
    "januar jänner janvier enero gennaio janeiro januari stycznia", "februar février febrero febbraio fevereiro"
    " februari lutego", "märz mars marzo março maart marca", "april avril abril aprile kwietnia",
    "mai mayo maggio maio mei maja", "juni juin junio giugno junho czerwca", "juli juillet julio luglio julho lipca",
    "august août agosto augustus sierpnia", "september septembre septiembre settembre setembro września",
    "oktober octobre octubre ottobre outubro października", "november novembre noviembre novembro listopada",
    "dezember décembre diciembre dicembre dezembro december grudnia",
)  # fmt: skip
NAMED = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""The same of months in full in German, French, Spanish, Italian, Portuguese, Dutch and Polish."""

ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}
"""An era of China's or Japan's → the year before its first."""
ERA = rf"(?:中[華华])?(?P<era>{'|'.join(ERAS)})\s*"

_LONGEST = 20
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_NAMED = (
    r"(?P<b>(?i:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Sept|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))\b\.?"
)
_OF_ERA = ERA + r"(?P<roc>\d{1,3})\s*年"
_FORMS = tuple(
    rule(f"(?a){form}$")
    for form in (
        rf"{_YEAR}(?:[-/]|-?M)(?P<m>\d{{2}})",
        rf"(?P<m>\d{{1,2}})/{_YEAR}",
        rf"(?:{_YEAR}\s*年|{_OF_ERA})\s*(?:(?P<m>\d{{1,2}})\s*月(?:份)?)?",
        rf"{_NAMED}[ -]{_YEAR}",
        rf"{_YEAR}[ -]{_NAMED}",
        rf"{_NAMED}(?:-| ?')(?P<y>\d{{2}})",
        rf"{_YEAR}[- /]?[Qq](?P<q>[1-4])",
        rf"[Qq](?P<q>[1-4])[- /]?{_YEAR}",
        rf"(?P<q>[1-4])[Qq][- /]?{_YEAR}",
        rf"(?:{_YEAR}\s*年|{_OF_ERA})\s*(?:[Qq](?P<q>[1-4])|第?\s*(?P<q2>[1-4])\s*季度?)",
        rf"{_YEAR}-?W(?P<w>\d{{2}})(?:-?(?P<wd>[1-7]))?",
        rf"{_YEAR}\s*年\s*第?\s*(?P<w>\d{{1,2}})\s*[周週]",
    )
)


def begin_of_period(text: str) -> datetime | None:
    """The first moment of a year, quarter, month or week (ISO 8601: from Monday); None for what names none of them.

    Args: text: with ASCII digits, also where 汉字 spell them.
    """
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        if match := form.match(text):
            return _begin(match)
    return None


def _begin(match: re.Match[str]) -> datetime | None:
    said = match.groupdict()
    year = int(said["roc"]) + ERAS[said["era"]] if said.get("roc") else year_of(said["y"])
    quarter = said.get("q") or said.get("q2")
    month = 3 * int(quarter) - 2 if quarter else int(said.get("m") or 1)
    if said.get("b"):
        month = MONTHS[said["b"][:3].lower()]
    try:
        if said.get("w"):
            return datetime.fromisocalendar(year, int(said["w"]), int(said.get("wd") or 1))
        return datetime(year, month, 1)
    except ValueError:
        return None
