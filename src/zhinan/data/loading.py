"""From a contract to typed rows: reads, tidies, masks, types, and accounts for every row of the files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl
import polars.selectors as cs

from zhinan.contract import Contract, check_names, crossed
from zhinan.core import Column, Dataset, Kind, UserError, Words, find, suggest
from zhinan.data.cleaned import Counts, blanked, cleaned
from zhinan.data.cleaning import FACTS, fingerprint, identities, row_ids, tidied
from zhinan.data.files import known_files, look, media_columns
from zhinan.data.findings import finding
from zhinan.data.forgotten import said_of_forgotten, without_forgotten
from zhinan.data.kinds import CLASSES, convert, explicit, infer, misfit
from zhinan.data.masking import masked
from zhinan.data.personal import numbers_that_are_somebodys, said_of_numbers
from zhinan.data.sandbox import Tell, refuse_many
from zhinan.data.sheets import sheets_named
from zhinan.data.sources import gather
from zhinan.data.stacking import names_in
from zhinan.data.types import Finding, Loaded, Raw, Reject
from zhinan.steps.mask import redact
from zhinan.steps.values.lists import items_of
from zhinan.steps.values.written import part_of

__all__ = ["load"]

WHY_TARGET = {"number": "the number to predict", "list": "the labels of a row, any number of them"}


@dataclass(frozen=True)
class _Roles:
    """Which column is what."""

    inputs: tuple[Column, ...]
    target: Column | None
    kept: tuple[Column, ...]

    @property
    def all(self) -> dict[str, Column]:
        named = (*self.inputs, *((self.target,) if self.target else ()), *self.kept)
        return {column.name: column for column in named}


def load(contract: Contract, progress: Tell | None = None) -> Loaded:
    """A contract's data, ready to be split.

    A row is rejected when it cannot be read, has a value that is not of its column's kind, no input at all, no moment
    although `time` decides the split, or is of a forgotten person. A row without a target is unlabeled. Masks are
    applied before any row leaves this function.

    Raises:
        UserError: E100–E110 for a file, E050/E051/E111/E118 for a name that the data does not have, E108 when more
            than 5 % of the rows are rejected, E112–E115 and E117 for columns that cannot be used.
    """
    gathered = gather(contract, progress)
    names = [part.name for part in gathered]
    homes = {file: part.name for part in gathered for file in part.files}
    raws, gone = without_forgotten(gathered, contract)
    said = [*said_of_forgotten(gone), *(found for raw in raws for found in raw.findings)]
    tell = progress or (lambda what, done, total: None)
    tell("clean", sum(raw.frame.height for raw in raws), 0)
    frames, counts = _known(raws, contract)
    with sheets_named(dict(zip(names, raws, strict=True))):
        check_names(contract, names_in(frames[0]))
        columns, task = _kinds(contract, frames[0], list(homes))
        roles, findings = _roles(contract, columns, frames[0])
        personal = numbers_that_are_somebodys(columns.values(), frames)
        if contract.data.unlabeled:
            frames[-1] = _without_target(frames[-1], roles)
        for name, frame in zip(names, frames, strict=True):
            _has_columns(frame, roles, name)
    frames, refused = look(frames, media_columns(roles.inputs), contract.root, list(homes), progress)
    tell("mask", sum(frame.height for frame in frames), 0)
    frame, finds = _masked(frames, roles, columns, contract, counts)
    typed, misfits = _typed(frame, roles, contract, list(homes), refused)
    rejected = (*(reject for raw in raws for reject in raw.rejected), *misfits)
    _refuse_many(dict(zip(names, frames, strict=True)), homes, rejected, misfits)
    labelled = typed if roles.target is None else typed.filter(pl.col(roles.target.name).is_not_null())
    unlabeled = typed.height - labelled.height
    classes = _classes(contract, roles, labelled, list(columns))
    parts = [_dataset(_of_part(labelled, i, len(names)), roles, contract) for i in range(len(names))]
    aside = sum(raw.aside for raw in raws)
    return Loaded(
        dataset=parts[0],
        test=parts[1] if contract.data.test else None,
        pool=_pool(typed, labelled, roles, contract),
        task=task,
        rejected=(*rejected, *gone),
        rows=typed.height + len(rejected) + len(gone) + aside,
        aside=aside,
        unlabeled=unlabeled,
        masked=finds,
        cleaned=counts,
        classes=classes,
        columns=tuple(columns.values()),
        personal=frozenset(personal),
        origins=_origins(typed, roles),
        files=tuple(homes),
        encodings={file: encoding for part in gathered for file, encoding in part.encodings.items()},
        findings=(*said, *findings, *said_of_numbers(personal), *_accounts(rejected, unlabeled, finds, counts)),
    )


def _refuse_many(
    frames: Mapping[str, pl.DataFrame], homes: Mapping[str, str], rejected: Sequence[Reject], misfits: Sequence[Reject]
) -> None:
    """Refuses a part of which too many rows are rejected."""
    for name, held in frames.items():
        mine = tuple(reject for reject in rejected if homes[reject.file] == name)
        accepted = held.height - sum(homes[reject.file] == name for reject in misfits)
        refuse_many(mine, accepted + len(mine), name)


def _known(raws: Sequence[Raw], contract: Contract) -> tuple[list[pl.DataFrame], Counts]:
    """Tidied rows without the words that the contract calls missing, and how many of those there were."""
    counts: Counts = {}
    frames = []
    for raw in raws:
        known, gone = blanked(tidied(raw.frame), contract.data.clean, _labels(contract))
        frames.append(known)
        _add(counts, gone)
    return frames, counts


def _of_part(labelled: pl.DataFrame, part: int, parts: int) -> pl.DataFrame:
    return labelled if parts == 1 else labelled.filter(pl.col("_part") == part)


def _origins(typed: pl.DataFrame, roles: _Roles) -> pl.DataFrame:
    """Where each accepted row stands in the files, as `Loaded.origins` says."""
    labelled = pl.lit(True) if roles.target is None else pl.col(roles.target.name).is_not_null()
    return typed.select(
        "_row", "_line", pl.col("_file").alias("file"), pl.col("_part").alias("part"), labelled.alias("labelled")
    )


def _without_target(frame: pl.DataFrame, roles: _Roles) -> pl.DataFrame:
    """An unlabeled file in the source's columns: what is no input may lack, and a target it has is not looked at."""
    aside = [column.name for column in roles.kept if column.name not in frame.columns]
    aside += [roles.target.name] if roles.target else []
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in aside)


def _pool(typed: pl.DataFrame, labelled: pl.DataFrame, roles: _Roles, contract: Contract) -> Dataset | None:
    """The rows without a target whose inputs no labelled row has, each once, in the order of their ids."""
    if roles.target is None:
        return None
    names = [column.name for column in roles.inputs]
    free = typed.filter(pl.col(roles.target.name).is_null()).sort("_row")
    if not free.height:
        return None
    mine = identities(free, names)
    new = mine.is_first_distinct() & ~mine.is_in(identities(labelled, names).implode())
    return _dataset(free.filter(new), roles, contract) if new.any() else None


def _labels(contract: Contract) -> tuple[str, ...]:
    """Columns that are left as they came: answers name classes, a person is known by their own name."""
    data = contract.data
    names = (data.target, data.current, None if data.person in (data.inputs or {}) else data.person)
    return tuple(name for name in names if name)


def _add(counts: Counts, more: Counts) -> None:
    for rule, by in more.items():
        for name, n in by.items():
            counts.setdefault(rule, {})
            counts[rule][name] = counts[rule].get(name, 0) + n


def _masked(
    frames: list[pl.DataFrame], roles: _Roles, columns: Mapping[str, Column], contract: Contract, counts: Counts
) -> tuple[pl.DataFrame, int]:
    """All files as one frame of the columns in use, cleaned and then masked, so that nothing cleaning uncovers is left.

    `_row` is over every column a file has as it came, masked: no option of cleaning renames a row, so labels and the
    ledger of openings outlive it. What makes two examples the same (`identities`) is what was cleaned: a recipe sees
    no more.
    """
    data = contract.data
    hide = partial(
        masked, kinds={name: column.kind for name, column in columns.items()}, masks=data.mask, target=data.target,
        person=data.person, current=data.current, key=contract.mask_key,
    )  # fmt: skip
    parts, finds = [], 0
    for i, frame in enumerate(frames):
        raw, found = hide(frame)
        ids = row_ids(raw)
        plain, changed = cleaned(
            frame.select("_line", "_file", cs.starts_with(FACTS), *roles.all),
            roles.all,
            contract.data.clean,
            _labels(contract),
        )
        _add(counts, changed)
        again = plain.select(name for name in roles.all if not plain[name].equals(frame[name]))
        hidden, more = hide(again)
        done = {**{name: raw[name] for name in plain.columns}, **{name: hidden[name] for name in hidden.columns}}
        finds += sum((found | more).get(name, 0) for name in done)
        part = pl.lit(i, pl.UInt8).alias("_part")
        parts.append(pl.DataFrame(list(done.values())).with_columns(ids, part))
    return pl.concat(parts, how="diagonal_relaxed"), finds


def _kinds(contract: Contract, frame: pl.DataFrame, files: list[str]) -> tuple[dict[str, Column], str]:
    """Every column of the source with its kind: as the contract says, else as its role asks, else as it looks.

    Returns: and the task.
    """
    data = contract.data
    seen = frame.with_columns(blanked(frame.select(_labels(contract)), data.clean, ())[0])
    found = (known_files(column, frame, contract.root, files) for column in infer(seen, data.mask, data.dates))
    columns = {column.name: column for column in found}
    for name, kind in (data.inputs or {}).items():
        where = contract.where.get(f"data.inputs.{name}", name)
        columns[name] = explicit(frame[name], kind, "the contract says so", where, data.dates)  # type: ignore[arg-type]
    for name in _groups(contract, columns):
        if name not in (data.inputs or {}):
            columns[name] = explicit(frame[name], "category", "rows are grouped by it")
    if data.person and data.person not in (data.inputs or {}):
        columns[data.person] = Column(data.person, "id", "whose data a row is")
    if data.time:
        where = contract.where.get("data.time", data.time)
        columns[data.time] = explicit(frame[data.time], "time", "when a row happened", where, data.dates)
    task = contract.task or "classify"
    if data.target:
        task = contract.task or _task(contract, columns[data.target], frame[data.target].n_unique())
        asked: Kind = find("task", task).facts["target"]
        why = WHY_TARGET.get(asked, "the classes to tell apart")
        columns[data.target] = explicit(frame[data.target], asked, why, contract.where.get("data.target", data.target))
        if data.current:
            where = contract.where.get("data.current", data.current)
            columns[data.current] = explicit(frame[data.current], asked, "somebody else's answers", where)
    if data.clean.missing:
        words = {"missing": list(data.clean.missing)}
        for name, column in columns.items():
            if column.kind == "number" or (column.kind in ("flag", "time", "list") and name not in _labels(contract)):
                columns[name] = replace(column, notation={**column.notation, **words})
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


def _groups(contract: Contract, columns: Collection[str]) -> list[str]:
    """Columns by whose values lines are judged or reported."""
    names = list(contract.data.slices)
    for line in (*contract.must, *contract.should):
        by = line.args.get("by")
        names += [line.part.column] if line.part and line.part.column is not None else []
        names += crossed(by, columns) if by is not None else ()
    return [name for name in dict.fromkeys(names) if name != contract.data.target]


def _roles(contract: Contract, columns: Mapping[str, Column], frame: pl.DataFrame) -> tuple[_Roles, list[Finding]]:
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
    if not inputs:
        raise UserError("E117", contract.where.get("data.inputs", contract.where.get("data.source", "")))
    named = [name for name in (data.person, data.time, data.current, *_groups(contract, columns)) if name]
    held = {column.name for column in inputs}
    kept = tuple(columns[name] for name in dict.fromkeys(named) if name not in held)
    return _Roles(tuple(inputs), columns[data.target] if data.target else None, kept), findings


def _has_columns(frame: pl.DataFrame, roles: _Roles, file: str) -> None:
    for name in roles.all:
        if name not in frame.columns:
            raise UserError("E111", file, name=name, file=file, suggestion=suggest(name, names_in(frame)))


def _typed(
    frame: pl.DataFrame,
    roles: _Roles,
    contract: Contract,
    files: list[str],
    refused: Mapping[str, Mapping[str, Words]],
) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """The frame with typed columns, less the rows that do not fit, and those as rejects with one reason each.

    Of several reasons it is that of the column which most rows fail: the one to mend first.
    """
    done, unfit = {}, {}
    reasons: dict[int, tuple[Words, str]] = {}

    def refuse(rows: pl.Series, reason: Words, shown: str | None = None) -> None:
        for row in rows.arg_true():
            value = frame[shown][row] if shown else None
            reasons.setdefault(row, (reason, redact(value)[:80] if value else ""))

    for name, column in roles.all.items():
        done[name], unfit[name] = convert(frame[name], column, contract.where.get(f"data.inputs.{name}", name))
    for name in sorted(done, key=lambda one: -int(unfit[one].sum())):
        if unfit[name].any():
            why = misfit(roles.all[name])
            refuse(unfit[name], Words(f"{name}: {why.en}", f"{name}：{why.zh}"), name)
        for row in frame[name].is_in(list(refused.get(name, ()))).fill_null(False).arg_true():
            reasons.setdefault(row, (refused[name][frame[name][row]], redact(frame[name][row])[:80]))
    typed = frame.with_columns(list(done.values()))
    nothing = pl.all_horizontal(pl.col(column.name).is_null() for column in roles.inputs)
    refuse(typed.select(nothing).to_series(), Words("every input is empty", "所有输入都为空"))
    if contract.data.time:
        untimed = Words("no time, and time decides the split", "缺少时间，无法按时间划分")
        refuse(typed[contract.data.time].is_null(), untimed)
    if not reasons:
        return typed, ()
    places = frame.select("_file", "_line")
    told = [(*places.row(row), *why) for row, why in sorted(reasons.items())]
    rejects = tuple(Reject(line, reason, excerpt, files[file]) for file, line, reason, excerpt in told)
    keep = np.ones(frame.height, bool)
    keep[list(reasons)] = False
    return typed.filter(pl.Series(keep)), rejects


def _classes(contract: Contract, roles: _Roles, labelled: pl.DataFrame, columns: list[str]) -> tuple[str, ...]:
    """The target's values, checked against the names in the contract."""
    target = roles.target
    if target is None:
        check_names(contract, columns)
        return ()
    if labelled.height < 3:
        raise UserError("E115", contract.where.get("data.target", ""), name=target.name, count=labelled.height)
    if target.kind == "number":
        if contract.improve.classes:
            raise UserError("E503", contract.where.get("improve.classes", ""))
        check_names(contract, columns)
        _check_values(contract, labelled)
        return ()
    values = labelled[target.name].unique().to_list()
    if target.kind == "list":
        values = list({label for value in values for label in items_of(value)})
    classes = tuple(sorted(values))
    if len(classes) < 2:
        value = redact(next(iter(classes), "[]"))
        raise UserError("E114", contract.where.get("data.target", ""), name=target.name, value=value)
    check_names(contract, columns, classes)
    _check_values(contract, labelled)
    return classes


def _check_values(contract: Contract, labelled: pl.DataFrame) -> None:
    """Refuses a line about rows that there are none of."""
    for line in (*contract.must, *contract.should):
        part = line.part
        if part and part.column and part.value is not None:
            values = [part_of(v) for v in labelled[part.column].unique() if v is not None]
            if part.value not in values:
                raise UserError(
                    "E118", line.where, column=part.column, value=part.value, suggestion=suggest(part.value, values)
                )


def _accounts(rejected: tuple[Reject, ...], unlabeled: int, finds: int, cleaned: Counts) -> list[Finding]:
    found = [
        finding("cleaned", sum(by.values()), [f"{name}: {n:,}" for name, n in by.items()], rule=rule)
        for rule, by in sorted(cleaned.items())
    ]
    if rejected:
        shown = [f"{r.file}:{r.line} {r.reason.en}" for r in rejected[:5]]
        found.append(finding("rejected", len(rejected), shown))
    found += [finding("unlabeled", unlabeled)] if unlabeled else []
    return found + ([finding("masked", finds)] if finds else [])


def _dataset(frame: pl.DataFrame, roles: _Roles, contract: Contract) -> Dataset:
    held = frame.drop("_line", "_file", "_part")
    return Dataset(
        frame=held,
        inputs=roles.inputs,
        target=roles.target,
        person=contract.data.person,
        time=contract.data.time,
        fingerprint=fingerprint(held, roles.inputs, roles.target),
    )
