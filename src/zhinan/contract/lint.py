"""Finds what is wrong between the parts of a contract: repeated lines, columns with two jobs, names the data lacks."""

from __future__ import annotations

from collections.abc import Collection

from zhinan.contract.grammar import render_text
from zhinan.contract.types import Contract, Line
from zhinan.core import UserError, Words, entries, suggest

__all__ = ["check_names", "lint"]


def lint(contract: Contract) -> None:
    """Refuses a contract whose parts contradict each other.

    Raises:
        UserError: E015 for a column with two jobs, E026 for lines that repeat one another.
    """
    _columns(contract)
    firsts: list[Line] = []
    for line in (*contract.must, *contract.should):
        wish = len(firsts) >= len(contract.must)
        for first in firsts:
            if first.subject() != line.subject():
                continue
            stricter = line.target > first.target if line.op == ">=" else line.target < first.target
            if wish and stricter and any(first is must for must in contract.must):
                continue
            raise UserError("E026", line.where, line=line.text, first=first.text, at=first.where)
        firsts.append(line)


def check_names(contract: Contract, columns: Collection[str], classes: Collection[str] | None = None) -> None:
    """Refuses a contract that names a column or class which the data does not have, or a class metric without a class.

    Args:
        columns: every column of the data. classes: the target's values; None when it has no classes.
    Raises:
        UserError: E050 or E051 with file:line:col and the nearest right word.
    """
    data = contract.data
    named = [("data.target", data.target), ("data.person", data.person), ("data.time", data.time)]
    named += [(f"data.inputs.{column}", column) for column in data.inputs or ()]
    named += [(f"data.slices.{index}", column) for index, column in enumerate(data.slices)]
    for key, column in named:
        if column is not None and column not in columns:
            raise _missing("column", column, columns, contract.where.get(key, contract.path.name))
    for line in (*contract.must, *contract.should):
        part, by = line.part, line.args.get("by")
        for column in (part.column if part else None, by):
            if column is not None and column not in columns:
                raise _missing("column", column, columns, line.where)
        if classes is None:
            continue
        inner = line.args.get("part")
        for label in (part.label if part else None, inner):
            if label is not None and label not in classes:
                raise _missing("class", label, classes, line.where)
        _needs_class(line, classes)


def _needs_class(line: Line, classes: Collection[str]) -> None:
    known = entries("metric")
    if known[line.metric].facts.get("per_class") != "only" or (line.part and line.part.label is not None):
        return
    choices = [f"{line.metric}[{render_text(label)}]" for label in sorted(classes)[:3]]
    if (macro := f"macro_{line.metric}") in known:
        choices.insert(0, macro)
    raise UserError("E051", line.where, metric=line.metric, n=len(classes), choices=", ".join(choices))


def _missing(kind: str, name: str, known: Collection[str], where: str) -> UserError:
    kinds = {"column": Words("column", "列"), "class": Words("class", "类别")}
    return UserError("E050", where, kind=kinds[kind], name=name, suggestion=suggest(name, known))


def _columns(contract: Contract) -> None:
    """One column, one job: a target among the inputs would be its own answer."""
    data, where = contract.data, contract.where
    columns = {"data.target": data.target, "data.person": data.person, "data.time": data.time}
    jobs = [(key, column) for key, column in columns.items() if column is not None]
    for index, (key, column) in enumerate(jobs):
        for other, taken in jobs[:index]:
            if column == taken:
                raise _twice(where[key], column, other)
    if data.target is not None and data.target in (data.inputs or ()):
        raise _twice(where[f"data.inputs.{data.target}"], data.target, "data.target")
    if data.test is not None and data.test == data.source:
        raise _twice(where["data.test"], data.test.name, "data.source")


def _twice(where: str, name: str, other: str) -> UserError:
    problem = Words(f"is already {other}", f"已用作 {other}")
    return UserError("E015", where, key=name, problem=problem, fix=Words("give each its own", "请各用各的"))
