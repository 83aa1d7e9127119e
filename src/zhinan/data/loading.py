"""From a contract to typed rows: reads, tidies, masks, types, and accounts for every row of the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import polars as pl
import polars.selectors as cs

from zhinan.contract import Contract, check_names
from zhinan.core import Column, Dataset, UserError, Words, suggest
from zhinan.data.cleaned import Counts, blanked, cleaned
from zhinan.data.cleaning import FACTS, fingerprint, identities, persons, row_ids, tidied
from zhinan.data.files import look, media_columns, unread
from zhinan.data.findings import finding
from zhinan.data.forgotten import said_of_forgotten, without_forgotten
from zhinan.data.headers import names_of_columns_hidden
from zhinan.data.kinds import convert, misfit
from zhinan.data.masking import masked
from zhinan.data.moments import said_of_dates
from zhinan.data.personal import numbers_that_are_somebodys, said_of_masks, said_of_numbers
from zhinan.data.roles import Roles, kinds_of, left_as_they_came, refuse_lacking, roles_of
from zhinan.data.sandbox import Tell, refuse_many
from zhinan.data.sheets import sheets_named
from zhinan.data.shortened import said_of_shortened
from zhinan.data.signs import said_of_signs
from zhinan.data.sources import gather
from zhinan.data.stacking import names_in
from zhinan.data.strays import said_of_infinite
from zhinan.data.thousands import by_their_neighbours
from zhinan.data.totals import examples_alone
from zhinan.data.types import Finding, Loaded, Raw, Reject
from zhinan.steps.mask import redact
from zhinan.steps.values.lists import items_of
from zhinan.steps.values.written import part_of

__all__ = ["load"]


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
    frames, totals, left = examples_alone(frames, list(homes))
    said += left
    held = dict(zip(names, raws, strict=True))
    with sheets_named(held), names_of_columns_hidden(held):
        columns, task, roles, findings = _columns(contract, frames, names, list(homes))
    personal = numbers_that_are_somebodys(columns.values(), frames)
    frames, refused = look(frames, media_columns(roles.inputs), contract.root, list(homes), progress)
    findings += unread(gathered, frames, media_columns(roles.inputs))
    tell("mask", sum(frame.height for frame in frames), 0)
    frame, finds = _masked(frames, roles, columns, contract, counts)
    typed, misfits = _typed(frame, roles, contract, list(homes), refused)
    rejected = (*(reject for raw in raws for reject in raw.rejected), *misfits)
    _refuse_many(list(zip(names, frames, raws, strict=True)), homes, rejected, misfits)
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
        rejected=(*rejected, *gone, *totals),
        rows=typed.height + len(rejected) + len(gone) + len(totals) + aside,
        aside=aside,
        unlabeled=unlabeled,
        masked=finds.total(),
        cleaned=counts,
        classes=classes,
        columns=tuple(columns.values()),
        personal=frozenset(personal),
        origins=_origins(typed, roles),
        files=tuple(homes),
        encodings={file: encoding for part in gathered for file, encoding in part.encodings.items()},
        findings=(
            *(*said, *findings, *said_of_numbers(personal)),
            *_accounts(rejected, unlabeled, finds.total(), counts),
            *said_of_masks(contract, finds, roles.all.values()),
        ),
    )


def _refuse_many(
    parts: Sequence[tuple[str, pl.DataFrame, Raw]],
    homes: Mapping[str, str],
    rejected: Sequence[Reject],
    misfits: Sequence[Reject],
) -> None:
    """Refuses a part of which too many rows are rejected.

    Args: parts: the name of each, its rows and how it was read. misfits: those of `rejected` that are among the rows.
        Of rows set aside it is known whether they can be read, not whether their values fit.
    """
    for name, frame, raw in parts:
        mine = tuple(reject for reject in rejected if homes[reject.file] == name)
        unfit = tuple(reject for reject in misfits if homes[reject.file] == name)
        if raw.aside:
            refuse_many(unfit, frame.height, name)
        refuse_many(mine, frame.height + raw.aside + len(mine) - len(unfit), name)


def _known(raws: Sequence[Raw], contract: Contract) -> tuple[list[pl.DataFrame], Counts]:
    """Tidied rows without the words that the contract calls missing, and how many of those there were."""
    counts: Counts = {}
    frames = []
    for raw in raws:
        frame, left = tidied(raw.frame), left_as_they_came(contract)
        if contract.data.person in left and contract.data.person in frame.columns:
            frame = persons(frame, contract.data.person)
        known, gone = blanked(frame, contract.data.clean, left)
        frames.append(known)
        _add(counts, gone)
    return frames, counts


def _columns(
    contract: Contract, frames: list[pl.DataFrame], names: Sequence[str], files: list[str]
) -> tuple[dict[str, Column], str, Roles, list[Finding]]:
    """The columns of the source, the task, which column is what, and what there is to say of them.

    Every frame has those in use: an unlabeled one is given those it may lack.
    """
    check_names(contract, names_in(frames[0]))
    columns, task = kinds_of(contract, frames[0], files)
    columns, grouped = by_their_neighbours(columns, frames[0])
    roles, findings = roles_of(contract, columns, frames[0])
    if contract.data.unlabeled:
        frames[-1] = _without_target(frames[-1], roles)
    for name, frame in zip(names, frames, strict=True):
        refuse_lacking(frame, roles, name)
    said = [*said_of_shortened(frames[0], roles.all), *said_of_dates(frames[0], roles.all.values())]
    said += said_of_infinite(frames[0], roles.all.values())
    said += said_of_signs(frames, roles.all.values(), files)
    return columns, task, roles, [*findings, *grouped, *said]


def _of_part(labelled: pl.DataFrame, part: int, parts: int) -> pl.DataFrame:
    return labelled if parts == 1 else labelled.filter(pl.col("_part") == part)


def _origins(typed: pl.DataFrame, roles: Roles) -> pl.DataFrame:
    """Where each accepted row stands in the files, as `Loaded.origins` says."""
    labelled = pl.lit(True) if roles.target is None else pl.col(roles.target.name).is_not_null()
    return typed.select(
        "_row", "_line", pl.col("_file").alias("file"), pl.col("_part").alias("part"), labelled.alias("labelled")
    )


def _without_target(frame: pl.DataFrame, roles: Roles) -> pl.DataFrame:
    """An unlabeled file in the source's columns: what is no input may lack, and a target it has is not looked at."""
    aside = [column.name for column in roles.kept if column.name not in frame.columns]
    aside += [roles.target.name] if roles.target else []
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in aside)


def _pool(typed: pl.DataFrame, labelled: pl.DataFrame, roles: Roles, contract: Contract) -> Dataset | None:
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


def _add(counts: Counts, more: Counts) -> None:
    for rule, by in more.items():
        for name, n in by.items():
            counts.setdefault(rule, {})
            counts[rule][name] = counts[rule].get(name, 0) + n


def _masked(
    frames: list[pl.DataFrame], roles: Roles, columns: Mapping[str, Column], contract: Contract, counts: Counts
) -> tuple[pl.DataFrame, Counter[str]]:
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
    parts, finds = [], Counter[str]()
    for i, frame in enumerate(frames):
        raw, found = hide(frame)
        ids = row_ids(raw)
        plain, changed = cleaned(
            frame.select("_line", "_file", cs.starts_with(FACTS), *roles.all),
            roles.all,
            contract.data.clean,
            left_as_they_came(contract),
        )
        _add(counts, changed)
        again = plain.select(name for name in roles.all if not plain[name].equals(frame[name]))
        hidden, more = hide(again)
        done = {**{name: raw[name] for name in plain.columns}, **{name: hidden[name] for name in hidden.columns}}
        for name in done:
            finds.update((found | more).get(name, {}))
        part = pl.lit(i, pl.UInt8).alias("_part")
        parts.append(pl.DataFrame(list(done.values())).with_columns(ids, part))
    return pl.concat(parts, how="diagonal_relaxed"), finds


def _typed(
    frame: pl.DataFrame,
    roles: Roles,
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


def _classes(contract: Contract, roles: Roles, labelled: pl.DataFrame, columns: list[str]) -> tuple[str, ...]:
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
                shown = [value for value in values if redact(value) == value]
                hidden = Words("its values are somebody's and not shown", "其取值属于个人信息，不予显示")
                fix = suggest(part.value, shown) if shown else hidden
                raise UserError("E118", line.where, column=part.column, value=part.value, suggestion=fix)


def _accounts(rejected: tuple[Reject, ...], unlabeled: int, finds: int, cleaned: Counts) -> list[Finding]:
    found = [
        finding("cleaned", sum(by.values()), [f"{name}: {n:,}" for name, n in by.items()], rule=rule)
        for rule, by in sorted(cleaned.items())
    ]
    if rejected:
        first = {reject.reason: reject for reject in reversed(rejected)}
        many = Counter(reject.reason for reject in rejected).most_common()
        shown = [f"{first[why].file}:{first[why].line} {why.en}" + f" ({n:,} rows)" * (n > 1) for why, n in many]
        found.append(finding("rejected", len(rejected), shown))
    found += [finding("unlabeled", unlabeled)] if unlabeled else []
    return found + ([finding("masked", finds)] if finds else [])


def _dataset(frame: pl.DataFrame, roles: Roles, contract: Contract) -> Dataset:
    held = frame.drop("_line", "_file", "_part")
    return Dataset(
        frame=held,
        inputs=roles.inputs,
        target=roles.target,
        person=contract.data.person,
        time=contract.data.time,
        fingerprint=fingerprint(held, roles.inputs, roles.target),
    )
