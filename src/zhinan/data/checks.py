"""Looks at data before anything is computed: what is wrong, what is too little, what gives the answer away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from zhinan.contract import Contract
from zhinan.core import entries
from zhinan.data.answers import answerable, check_answers, contradictions
from zhinan.data.columns import check_columns
from zhinan.data.copies import copies_of
from zhinan.data.drift import check_drift, check_mix
from zhinan.data.findings import finding
from zhinan.data.headers import check_header
from zhinan.data.looks import check_files
from zhinan.data.markers import markers
from zhinan.data.midway import changed_midway
from zhinan.data.moments import check_zones
from zhinan.data.opposed import check_opposed
from zhinan.data.passing import check_passing
from zhinan.data.people import check_people
from zhinan.data.personal import said_of_texts
from zhinan.data.roles import groupings
from zhinan.data.rows import Rows, rows_to_look_at
from zhinan.data.sandbox import Tell
from zhinan.data.shared import shared_texts
from zhinan.data.splits import split
from zhinan.data.tellers import tellers
from zhinan.data.types import Finding, Loaded, Split
from zhinan.data.unnamed import unnamed_time
from zhinan.steps.values.written import part_of

__all__ = ["check", "in_order"]

_OF_GROUP = 10
"""Rows of a group, on average, with fewer of which hardly any is sealed."""

_SETTLED = {"overlap", "near_overlap"}
"""What is said of rows that were left out."""

_OF_CLASSES = {
    "imbalance", "rare_classes", "short_classes", "untested_classes", "untrained_classes", "label_variants",
    "label_conflicts", "near_conflicts", "class_mix",
}  # fmt: skip
"""What is said of classes, and of one input with several answers: of free text each may be right."""


def check(
    contract: Contract,
    loaded: Loaded,
    parts: Split | None = None,
    contradicted: Sequence[Finding] | None = None,
    progress: Tell | None = None,
) -> tuple[Finding, ...]:
    """Everything to say about a contract's data, `in_order`.

    Names that the data does not have were refused by `load` already.

    Args:
        parts: the split; contradicted: what `contradictions` says; both when the caller has looked for copies already.
        progress: told ("seek", values looked at for personal details, all of them).

    Raises: UserError as `split`.
    """
    if parts is None or contradicted is None:
        copies = copies_of(loaded)
        parts = parts or split(contract, loaded, copies=copies)
        contradicted = contradictions(loaded, copies)
    rows = rows_to_look_at(loaded)
    found = [*loaded.findings, *parts.findings, *contradicted]
    if rows.sampled:
        found.append(finding("sampled", rows.frame.height))
    times = [c.name for c in loaded.columns if c.kind == "time" and c.name in rows.frame.columns]
    said = contract.data.dates, contract.data.zone
    found += check_columns(rows, loaded.dataset.inputs, times, dt.datetime.now(), *said, loaded.dataset.target)
    asked = {loaded.dataset.time, *(column.name for column in loaded.dataset.inputs)}
    found += changed_midway(rows, loaded.dataset.inputs)
    found += check_zones(rows.frame, [column for column in loaded.columns if column.name in asked & set(times)])
    found += said_of_texts(contract, loaded, rows.frame, progress)
    found += check_files(rows.frame, loaded.dataset.inputs)
    found += _unread(loaded)
    found += check_people(loaded)
    found += check_header(loaded, rows.frame)
    found += check_answers(rows, loaded, parts.sealed)
    found += tellers(rows, loaded, parts)
    found += _later(loaded, rows)
    found += unnamed_time(contract, loaded, rows.frame)
    found += _small_groups(contract, loaded)
    parted = markers(rows.frame, loaded.dataset.inputs) if contract.data.inputs is None else []
    found += [finding("split_columns", len(parted), parted)] if parted else []
    found += _of_no_use(loaded)
    found += check_passing(contract, parts)
    found += check_opposed(contract, parts.train)
    found += check_drift(parts.train, parts.sealed)
    found += check_mix(parts.train, parts.sealed)
    found += shared_texts(rows, parts)
    if (free := _free_text(loaded, parts)) is not None:
        found = [free, *(one for one in found if one.code not in _OF_CLASSES)]
    return in_order(found)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most damaging first; of equally damaging ones what is settled already after what somebody is to decide, and
    those about somebody's details last."""
    return tuple(sorted(findings, key=lambda f: (-f.damage, f.code.startswith("personal_"), f.code in _SETTLED)))


def _free_text(loaded: Loaded, parts: Split) -> Finding | None:
    """What is said of a target of free text, in place of what is said about classes."""
    target, share = loaded.dataset.target, answerable(loaded, parts)
    if target is None or share is None:
        return None
    return finding("free_text_target", len(loaded.classes), [target.name], share=f"{share:.1%}")


def _unread(loaded: Loaded) -> list[Finding]:
    """Input columns of a kind that no encoder reads, and whether there are no others."""
    read = {kind for entry in entries("encoder").values() for kind in entry.facts["kinds"]}
    unread = [column for column in loaded.dataset.inputs if column.kind not in read]
    if len(unread) == len(loaded.dataset.inputs):
        kinds = ", ".join(sorted({column.kind for column in unread}))
        return [finding("unread_inputs", len(unread), [column.name for column in unread], kinds=kinds)]
    return [finding("unread_columns", 1, [column.name], kind=column.kind) for column in unread]


def _small_groups(contract: Contract, loaded: Loaded) -> list[Finding]:
    """What lines or slices group rows by, where hardly two rows are alike in it."""
    frame = loaded.dataset.frame
    small = []
    for names in groupings(contract, frame.columns):
        groups = frame.select(names).n_unique()
        if groups > 1 and len(frame) < _OF_GROUP * groups:
            small.append(f"{'*'.join(names)}: {groups:,} groups of {len(frame):,} rows")
    return [finding("small_groups", len(small), small, least=_OF_GROUP)] if small else []


def _of_no_use(loaded: Loaded) -> list[Finding]:
    """A time that parts nothing, and rows without a target that nobody is asked about."""
    time, found = loaded.dataset.time, []
    if time is not None and loaded.dataset.frame[time].n_unique() == 1:
        found.append(finding("one_moment", len(loaded.dataset), [part_of(loaded.dataset.frame[time][0])], time=time))
    again = loaded.unlabeled - (0 if loaded.pool is None else len(loaded.pool))
    return [*found, finding("repeated_unlabeled", again)] if again and loaded.dataset.target else found


def _later(loaded: Loaded, rows: Rows) -> list[Finding]:
    """Input columns that are moments after the one that decides the split, in most rows."""
    time = loaded.dataset.time
    if time is None:
        return []
    late = []
    for column in loaded.dataset.inputs:
        if column.kind == "time" and column.name != time:
            after = (rows.frame[column.name] > rows.frame[time]).drop_nulls()
            share = float(after.mean() or 0.0)  # type: ignore[arg-type]
            late += [f"{column.name}: {share:.0%}"] if len(after) and share > 0.5 else []
    return [finding("later_columns", len(late), late, time=time)] if late else []
