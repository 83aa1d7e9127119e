"""The one form of a person's id, wherever it comes from: it is stored, compared and forgotten under no other.

Programs that hold a column of whole numbers with a gap in it as fractions write 17 as 17.0.
"""

from __future__ import annotations

import re

__all__ = ["FRACTION", "person_id"]

FRACTION = r"^([+-]?(?:0|[1-9][0-9]*))\.0+$"
"""A regular expression (for Python and for polars) that finds whole numbers written as fractions."""


def person_id(name: str) -> str:
    """The id without what only says that a program held it as a fraction: 17.0 is 17, and 007 and 1.5 stay."""
    return re.sub(FRACTION, r"\1", name)
