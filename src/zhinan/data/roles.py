"""Which column is what: its kind, its role, and what a contract asks of it, before any value is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import polars as pl

from zhinan.contract import Contract, crossed
from zhinan.core import Column, Kind, UserError, find, suggest
from zhinan.data.cleaned import blanked
from zhinan.data.files import known_files
from zhinan.data.findings import finding
from zhinan.data.kinds import CLASSES, explicit, infer
from zhinan.data.nesting import lacking
from zhinan.data.reasons import reason
from zhinan.data.stacking import names_in
from zhinan.data.types import Finding
from zhinan.data.unnamed import unnamed_people

__all__ = ["Roles", "groupings", "kinds_of", "left_as_they_came", "refuse_lacking", "roles_of"]

_WHY_TARGET = {"number": "predicted", "list": "labels"}


@dataclass(frozen=True)
class Roles:
    """Which column is what."""

    inputs: tuple[Column, ...]
    target: Column | None
    kept: tuple[Column, ...]

    @property
    def all(self) -> dict[str, Column]:
        named = (*self.inputs, *((self.target,) if self.target else ()), *self.kept)
        return {column.name: column for column in named}


def left_as_they_came(contract: Contract) -> tuple[str, ...]:
    """Columns that are left as they came: answers name classes, a person is known by their own name."""
    data = contract.data
    names = (data.target, data.current, None if data.person in (data.inputs or {}) else data.person)
    return tuple(name for name in names if name)


def kinds_of(contract: Contract, frame: pl.DataFrame, files: list[str]) -> tuple[dict[str, Column], str]:
    """Every column of the source with its kind: as the contract says, else as its role asks, else as it looks.

    Returns: and the task.
    """
    data = contract.data
    seen = frame.with_columns(blanked(frame.select(left_as_they_came(contract)), data.clean, ())[0])
    found = (
        known_files(column, frame, contract.root, files) for column in infer(seen, data.mask, data.dates, data.zone)
    )
    columns = {column.name: column for column in found}
    for name, kind in (data.inputs or {}).items():
        where = contract.where.get(f"data.inputs.{name}", name)
        columns[name] = explicit(frame[name], kind, reason("said"), where, data.dates, data.zone)  # type: ignore[arg-type]
    for name in _groups(contract, columns):
        if name not in (data.inputs or {}) and _only_named(contract, columns[name]):
            columns[name] = explicit(frame[name], "category", reason("grouping"))
    if data.person and data.person not in (data.inputs or {}):
        columns[data.person] = Column(data.person, "id", reason("person"))
    if data.time:
        where = contract.where.get("data.time", data.time)
        columns[data.time] = explicit(frame[data.time], "time", reason("time"), where, data.dates, data.zone)
    task = contract.task or "classify"
    if data.target:
        task = contract.task or _task(contract, columns[data.target], frame[data.target].n_unique())
        asked: Kind = find("task", task).facts["target"]
        why = reason(_WHY_TARGET.get(asked, "classes"))
        columns[data.target] = explicit(frame[data.target], asked, why, contract.where.get("data.target", data.target))
        if data.current:
            where = contract.where.get("data.current", data.current)
            columns[data.current] = explicit(frame[data.current], asked, reason("current"), where)
            if asked == "category":  # both are written as the target writes them
                columns[data.current] = replace(columns[data.current], notation=columns[data.target].notation)
    if data.clean.missing:
        words, left = {"missing": list(data.clean.missing)}, left_as_they_came(contract)
        for name, column in columns.items():
            if column.kind == "number" or (column.kind in ("flag", "time", "list") and name not in left):
                columns[name] = replace(column, notation={**column.notation, **words})
    for name in lacking(frame) & columns.keys():
        columns[name] = replace(columns[name], notation={**columns[name].notation, "lacking": "true"})
    return columns, task


def _task(contract: Contract, target: Column, distinct: int) -> str:
    """What is asked for where the contract does not say: numbers when a line is about numbers, or there are many."""
    if target.kind == "list":
        return "tag"
    if target.kind != "number":
        return "classify"
    needs = [find("metric", line.metric).facts.get("needs", "answer") for line in contract.must]
    about = any(need in ("value", "interval") for need in needs)
    return "regress" if about or distinct > CLASSES else "classify"


def _only_named(contract: Contract, column: Column) -> bool:
    """Whether a column that groups rows is words to everybody: no input, or one that a line names by its own words,
    as in `accuracy[vip=yes]`. Any other input stays what it looks like to recipes: an age is a number, whatever groups
    of it a line compares."""
    if contract.data.inputs is not None:
        return True
    lines = (*contract.must, *contract.should)
    return column.kind in ("flag", "time") and any(line.part and line.part.column == column.name for line in lines)


def groupings(contract: Contract, columns: Collection[str]) -> list[tuple[str, ...]]:
    """The columns of each slice, and those that each line crosses."""
    by = [line.args["by"] for line in (*contract.must, *contract.should) if line.args.get("by") is not None]
    return list(dict.fromkeys([*((name,) for name in contract.data.slices), *(crossed(one, columns) for one in by)]))


def _groups(contract: Contract, columns: Collection[str]) -> list[str]:
    """Columns by whose values lines are judged or reported."""
    parts = [line.part.column for line in (*contract.must, *contract.should) if line.part and line.part.column]
    names = [*(name for several in groupings(contract, columns) for name in several), *parts]
    return [name for name in dict.fromkeys(names) if name != contract.data.target]


def roles_of(contract: Contract, columns: Mapping[str, Column], frame: pl.DataFrame) -> tuple[Roles, list[Finding]]:
    data = contract.data
    aside = {name for name in (data.target, data.person, data.time, data.current) if name}
    findings = []
    if data.inputs is not None:
        inputs = [columns[name] for name in data.inputs]
    else:
        free = [column for column in columns.values() if column.name not in aside]
        empty = [c.name for c in free if frame[c.name].null_count() == frame.height > 0]
        ids = [c.name for c in free if c.kind == "id" and c.name not in empty]
        findings += [finding("empty_columns", len(empty), empty)] if empty else []
        findings += [finding("identifier_columns", len(ids), ids)] if ids else []
        inputs = [column for column in free if column.name not in empty and column.name not in ids]
    findings += unnamed_people(contract, columns, frame)
    if not inputs:
        raise UserError("E117", contract.where.get("data.inputs", contract.where.get("data.source", "")))
    named = [name for name in (data.person, data.time, data.current, *_groups(contract, columns)) if name]
    held = {column.name for column in inputs}
    kept = tuple(columns[name] for name in dict.fromkeys(named) if name not in held)
    return Roles(tuple(inputs), columns[data.target] if data.target else None, kept), findings


def refuse_lacking(frame: pl.DataFrame, roles: Roles, file: str) -> None:
    for name in roles.all:
        if name not in frame.columns:
            raise UserError("E111", file, name=name, file=file, suggestion=suggest(name, names_in(frame)))
