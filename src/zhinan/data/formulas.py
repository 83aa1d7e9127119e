"""Formulas that nothing has computed yet: programs write them into spreadsheets, and their cells read as empty."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

__all__ = ["uncomputed"]

_FORMULA = re.compile(
    rb'<c\b[^>]*?\sr="([A-Z]{1,3})[0-9]{1,7}"[^>]*>\s*<f\b(?:[^<]*/>|[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
"""A cell with a formula and no value."""
_CHUNK, _LONGEST = 4 << 20, 1 << 16


def uncomputed(path: Path) -> Counter[str]:
    """How many such cells the columns of an .xlsx have, over all sheets, by their letters; none in other formats.

    Source: ECMA-376 part 1, 18.3.1.4: a cell is <c r="B2"><f>A2*2</f><v>…</v></c>.
    """
    found: Counter[str] = Counter()
    if not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as packed:
        for member in packed.namelist():
            if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                with packed.open(member) as sheet:
                    rest = b""
                    while chunk := sheet.read(_CHUNK):
                        text = rest + chunk
                        end = max(text.rfind(b"</c>") + 4, len(text) - _LONGEST)
                        found.update(letters.decode() for letters in _FORMULA.findall(text[:end]))
                        rest = text[end:]
    return found
