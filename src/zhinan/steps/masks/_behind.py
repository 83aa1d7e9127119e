"""Asks which cue of `_cues` a few words end with: one look tells which of them may, and only those are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from zhinan.steps.masks._cues import MADE, MET, NAME_IS, SAYS, WEAK
from zhinan.steps.masks._gates import Gate

__all__ = ["made", "met", "named", "says", "weak"]

_MAY = Gate((SAYS, MET, NAME_IS, WEAK, MADE))


@lru_cache(1 << 10)
def _may(before: str) -> Sequence[re.Pattern[str]]:
    return _MAY(before)


def says(before: str) -> bool:
    """Whether these words announce a name."""
    return SAYS in _may(before) and SAYS.search(before) is not None


def met(before: str) -> bool:
    """Whether these words say who or what stands before somebody's name."""
    return MET in _may(before) and MET.search(before) is not None


def named(before: str) -> bool:
    """Whether these words say that a name follows."""
    return NAME_IS in _may(before) and NAME_IS.search(before) is not None


def weak(before: str) -> bool:
    """Whether these words may stand before a name, and before anything else."""
    return WEAK in _may(before) and WEAK.search(before) is not None


def made(before: str) -> bool:
    """Whether these words make a thing or a place of the name behind them."""
    return MADE in _may(before) and MADE.search(before) is not None
