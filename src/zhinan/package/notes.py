"""Says what was answered although it did not quite fit: values a version knows nothing of, columns it does not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from zhinan.steps import Program
from zhinan.steps.values.nested import heads_of

__all__ = ["Notes", "together"]


class Notes:
    """What there is to say of rows besides their answers, cheap where that is nothing.

    Args: program: a version's steps. inputs: its input columns.
    """

    def __init__(self, program: Program, inputs: Iterable[str]) -> None:
        steps = program.specs
        self._inputs = tuple(inputs)
        self._first = program.only("clean", "mask")
        self._known: dict[str, set[str | None]] = {}
        for step in (step for step in steps if step.step in ("table", "cells")):
            for name, column in zip(step.reads, step.options["columns"], strict=True):
                if name in self._inputs and column["kind"] == "category":
                    known = (*column.get("values", ()), *column.get("shown", ()))
                    self._known.setdefault(name, {"", None}).update(known)

    def of(self, rows: Any, columns: Mapping[str, Sequence[Any]], beside: Collection[str] = ()) -> dict[str, Any]:
        """{"unknown_values": column → rows whose category it does not know, "ignored_columns": how many}.

        A key is there only where it says something. A category is known when it was frequent enough in training.

        Args: rows: as they were sent. columns: the same, typed. beside: columns that are read by somebody else.
        """
        unknown = {name: count for name in self._known if (count := self._unknown(name, columns[name]))}
        ignored = _ignored(rows, self._inputs, beside)
        return {
            **({"unknown_values": unknown} if unknown else {}),
            **({"ignored_columns": ignored} if ignored else {}),
        }

    def _unknown(self, name: str, values: Sequence[Any]) -> int:
        known = self._known[name]
        if known.issuperset(values):
            return 0
        strange = [value for value in values if value not in known]
        empty: Mapping[str, list[Any]] = dict.fromkeys(self._inputs, [None] * len(strange))
        clean = self._first.run({**empty, name: strange})[name]
        return sum(value not in known for value in clean)


def _ignored(rows: Any, inputs: Sequence[str], beside: Collection[str]) -> int:
    held = heads_of((*inputs, *beside))
    if hasattr(rows, "columns") or isinstance(rows, Mapping):
        named = set(getattr(rows, "columns", rows))
    elif not held and all(len(row) == len(inputs) for row in rows):
        return 0
    else:
        named = {name for row in rows for name in row}
    return len(named.difference(inputs, beside, held))


def together(notes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The notes of several stretches of one file as one."""
    held = list(notes)
    unknown: Counter[str] = Counter()
    for one in held:
        unknown.update(one.get("unknown_values", {}))
    ignored = max((one.get("ignored_columns", 0) for one in held), default=0)
    return {
        **({"unknown_values": dict(unknown)} if unknown else {}),
        **({"ignored_columns": ignored} if ignored else {}),
    }
