"""What somebody gives as a reason, as it is kept in entries that nothing can erase."""

from __future__ import annotations

from zhinan.core import UserError
from zhinan.steps.mask import redact

__all__ = ["LONGEST", "remark"]

LONGEST = 500
"""Characters of a reason."""


def remark(text: str) -> str:
    """The reason with nothing left that any mask finds, on one line. Raises: UserError E433 for a longer one."""
    if len(text) > LONGEST:
        raise UserError("E433", most=LONGEST)
    return redact(" ".join(text.split()))
