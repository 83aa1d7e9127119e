"""Finds what is wrong between the parts of a contract: repeated lines, columns with two jobs, names the data lacks."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from urllib.parse import urlsplit

from zhinan.contract.grammar import render_text
from zhinan.contract.keys import BY_NAME
from zhinan.contract.lines import in_use
from zhinan.contract.types import Contract, Line, crossed
from zhinan.contract.units import UNITS, written
from zhinan.core import UserError, Words, entries, suggest

__all__ = ["check_names", "lint"]

ANSWERED = frozenset({"answer", "value", "tags", "ranking"})
"""What a metric may need that a column of somebody else's answers gives."""


def lint(contract: Contract) -> None:
    """Refuses a contract whose parts contradict each other.

    Raises:
        UserError: E015 for a column with two jobs, E026 for lines that repeat one another, E054–E057 for a line that
            the prices or the column of today's answers cannot serve, E537–E539 for a measure that use cannot judge.
    """
    _columns(contract)
    _in_use(contract)
    for line in (*contract.must, *contract.should):
        _served(line, contract)
    firsts: list[Line] = []
    musts = (*contract.must, *contract.in_use)
    for line in (*musts, *contract.should):
        wish = len(firsts) >= len(musts)
        for first in firsts:
            if first.subject() != line.subject():
                continue
            stricter = line.target > first.target if line.op == ">=" else line.target < first.target
            if wish and stricter and any(first is must for must in contract.must):
                continue
            raise UserError("E026", line.where, line=line.text, first=first.text, at=first.where)
        firsts.append(line)


def _served(line: Line, contract: Contract) -> None:
    """Whether the contract holds what a line about money, or relative to a column of answers, is judged by."""
    facts, cost, column = entries("metric")[line.metric].facts, contract.cost, contract.data.current
    for key in facts.get("asks", ()):
        if getattr(getattr(contract, key.partition(".")[0]), key.partition(".")[2]) is None:
            raise UserError("E054", line.where, line=line.text, key=key, example=BY_NAME[key].example)
    if UNITS[line.unit].dimension == "money" and cost.currency not in (None, line.unit):
        raise UserError("E055", line.where, line=line.text, currency=line.unit, declared=cost.currency)
    if line.relative is None or column is None or facts.get("family") == "cost":
        return
    needs = facts.get("needs", "answer")
    if not ANSWERED & set([needs] if isinstance(needs, str) else needs):
        raise UserError("E056", line.where, metric=line.metric, column=column)
    if line.part and line.part.under:
        raise UserError("E057", line.where, line=line.text, column=column)


def _in_use(contract: Contract) -> None:
    """Whether the lines about events can be judged at all, beside lines that are judged before anybody uses it."""
    for line in contract.should:
        if in_use(line):
            raise UserError("E537", line.where, line=line.text)
    if not contract.must:
        raise UserError("E538", contract.in_use[0].where, line=contract.in_use[0].text)
    for line in contract.in_use:
        waits = sum(float(line.args.get(name, 0)) for name in ("within", "late"))
        if waits >= contract.serve.retention:
            days = Decimal(str(round(contract.serve.retention / 86_400, 3)))
            raise UserError("E539", line.where, line=line.text, kept=written(days, "days"))


def check_names(contract: Contract, columns: Collection[str], classes: Collection[str] | None = None) -> None:
    """Refuses a contract that names a column or class which the data does not have, or a class metric without a class.

    Args:
        columns: every column of the data. classes: the target's values; None when it has no classes.
    Raises:
        UserError: E050 or E051 with file:line:col and the nearest right word.
    """
    data = contract.data
    named = [(f"data.{job}", getattr(data, job)) for job in ("target", "person", "time", "current")]
    named += [(f"train.monotone.{column}", column) for column in contract.train.monotone]
    named += [(f"data.inputs.{column}", column) for column in data.inputs or ()]
    named += [(f"data.slices.{index}", column) for index, column in enumerate(data.slices)]
    for key, column in named:
        if column is not None and column not in columns:
            raise _missing("column", column, columns, contract.where.get(key, contract.path.name))
    known = {*(classes or ()), *contract.improve.classes}
    for line in (*contract.must, *contract.should):
        part, by = line.part, line.args.get("by")
        for column in (part.column if part else None, *(crossed(by, columns) if by is not None else ())):
            if column is not None and column not in columns:
                raise _missing("column", column, columns, line.where)
        if classes is None:
            continue
        inner = line.args.get("part")
        for label in (part.label if part else None, inner):
            if label is not None and label not in known:
                raise _missing("class", label, known, line.where)
        _needs_class(line, classes)
    for true, row in (contract.cost.matrix or {}).items():
        for label, key in ((true, true), *((answer, f"{true}.{answer}") for answer in row)):
            if classes is not None and label not in known:
                raise _missing("class", label, known, contract.where[f"cost.matrix.{key}"])


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
    columns = {f"data.{job}": getattr(data, job) for job in ("target", "person", "time", "current")}
    jobs = [(key, column) for key, column in columns.items() if column is not None]
    for index, (key, column) in enumerate(jobs):
        for other, taken in jobs[:index]:
            if column == taken:
                raise _twice(where[key], column, other)
    for key, column in jobs:
        if key in ("data.target", "data.current") and column in (data.inputs or ()):
            raise _twice(where[f"data.inputs.{column}"], column, key)
    files = {"data.source": data.source, "data.test": data.test, "data.unlabeled": data.unlabeled}
    places = [(key, source) for key, sources in files.items() for source in sources]
    for index, (key, source) in enumerate(places):
        for other, taken in places[:index]:
            if source == taken and key != other:
                raise _twice(source.where or where[key], source.name(contract.root), other)
        host = urlsplit(source.url or "").hostname
        if host is not None and host not in data.hosts:
            raise UserError("E139", source.where, host=host)


def _twice(where: str, name: str, other: str) -> UserError:
    problem = Words(f"is already {other}", f"已用作 {other}")
    return UserError("E015", where, key=name, problem=problem, fix=Words("give each its own", "请各用各的"))
