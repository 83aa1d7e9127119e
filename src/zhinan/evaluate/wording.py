"""Every sentence of the report, the card and the page of a check in English and 中文, by name, in five tables."""

from __future__ import annotations

from typing import NamedTuple

from zhinan.evaluate.wording_audit import AUDIT
from zhinan.evaluate.wording_checks import CHECKS
from zhinan.evaluate.wording_engineering import ENGINEERING
from zhinan.evaluate.wording_shared import SHARED
from zhinan.evaluate.wording_summary import SUMMARY

__all__ = ["TEXTS", "Text"]


class Text(NamedTuple):
    """One sentence in both languages; `{name}` stands for a value, the same ones in both."""

    en: str
    zh: str


TEXTS: dict[str, Text] = {
    key: Text(*both) for table in (SHARED, SUMMARY, ENGINEERING, AUDIT, CHECKS) for key, both in table.items()
}
