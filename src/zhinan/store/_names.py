"""The door of the store for names of products: no row of one that a contract could not have is ever written."""

from __future__ import annotations

from zhinan.core import UserError
from zhinan.core.names import is_product

__all__ = ["check_product"]


def check_product(name: str) -> None:
    """Raises: UserError E430."""
    if not is_product(name):
        raise UserError("E430", name=repr(name)[1:-1][:80])
