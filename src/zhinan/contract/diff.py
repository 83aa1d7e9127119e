"""What an edit of a contract changed, line by line: so that a rebuild can say it, and prove only what is new."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from zhinan.contract.types import Contract, Line

__all__ = ["Change", "compare", "follows"]

Kind = Literal["added", "tightened", "loosened", "removed", "same"]


@dataclass(frozen=True)
class Change:
    """What became of one must line.

    Args: line: its canonical text now, or as it was when it is gone. was: the text before; None for an added line.
    """

    line: str
    change: Kind
    was: str | None

    def as_dict(self) -> dict[str, Any]:
        """The object under "diff" of `build --json` and of the report."""
        return {"line": self.line, "change": self.change, "was": self.was}


def compare(old: Contract, new: Contract) -> tuple[Change, ...]:
    """The must lines of the new contract in their order, each with what changed, then the removed ones.

    A line that became a should line is removed: it no longer gates. Two lines are one when they ask for the same
    measurement in the same direction, whatever their targets.
    """
    before = {_asked(line): line for line in (*old.must, *old.in_use)}
    changes = []
    for line in (*new.must, *new.in_use):
        was = before.pop(_asked(line), None)
        changes.append(Change(line.text, _kind(was, line), None if was is None else was.text))
    return (*changes, *(Change(line.text, "removed", line.text) for line in before.values()))


def follows(earlier: Sequence[Any], line: Line) -> bool:
    """Whether a line is true whenever an earlier one is: the same measurement, with a target no tighter.

    Args: earlier: the `meaning` of the earlier line, as it was or as read from JSON.
    """
    *subject, op, target = earlier
    if json.dumps([*subject, op]) != _asked(line):
        return False
    return bool(line.target <= target if line.op == ">=" else line.target >= target)


def _kind(was: Line | None, line: Line) -> Kind:
    if was is None:
        return "added"
    if was.target == line.target:
        return "same"
    return "loosened" if follows(was.meaning(), line) else "tightened"


def _asked(line: Line) -> str:
    """What is measured and in which direction it is asked for, as JSON: lists and tuples are one there."""
    return json.dumps([*line.subject(), line.op])
