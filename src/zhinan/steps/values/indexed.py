"""The index of a pandas frame as columns, alike in training and in serving."""

from __future__ import annotations

from typing import Any

from zhinan.core import UserError

__all__ = ["with_index"]


def with_index(frame: Any) -> Any:
    """A pandas frame with the levels of its index as columns: those with a name, and those that are no numbers.

    A level that is called as a column is that column already, and numbers without a name only count the rows.

    Raises: UserError E105 for two levels of one name.
    """
    index = frame.index
    named = [name for name in index.names if name is not None]
    for place, name in enumerate(named):
        if name in named[:place]:
            raise UserError("E105", "index", name=str(name)[:80], first=named.index(name) + 1, second=place + 1)
    for level in reversed(range(index.nlevels)):
        name, kind = index.names[level], index.get_level_values(level).dtype.kind
        counts = name is None and kind in "iu"
        frame = frame.reset_index(level=level, drop=counts or name in frame.columns)
    return frame
