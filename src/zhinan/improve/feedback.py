"""Takes labelled feedback from a file into the store: each row as `POST /feedback` takes it, and once."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from zhinan.contract import Contract
from zhinan.core import Task, UserError, find, suggest
from zhinan.data import read
from zhinan.data.cleaned import step_options
from zhinan.data.nesting import unnested, with_held
from zhinan.data.sources import wanted_of
from zhinan.engine.labels import with_mask_key
from zhinan.evaluate.in_use import takes
from zhinan.improve.refused import LETTERS, Refused
from zhinan.package import Version, open_version
from zhinan.package.keeping import Keeping, stricter
from zhinan.serve.feedback import Terms, counts, names_new_class, read_feedback
from zhinan.serve.happened import EVENT_ID, HAPPENED
from zhinan.steps.kept import Keeper, without_half
from zhinan.steps.mask import armed, specs_of
from zhinan.steps.tidying import tidy
from zhinan.steps.values.lists import JSON, read_list
from zhinan.steps.values.nested import flattened, heads_of, object_of
from zhinan.steps.values.words import MEANING
from zhinan.steps.values.written import text_of
from zhinan.store import Event, Store

__all__ = ["import_feedback"]

CHUNK = 500
TOLD = ("rows", "new", "repeat", "conflict", "rejected", "unknown_class", "not_counted")
REFUSED = ("E370", "E371", "E473")
"""How a row is refused that would be refused over HTTP."""


def import_feedback(contract: Contract, store: Store, path: Path) -> dict[str, Any]:
    """Reads rows that say what would have been right, or what people did, and stores them as feedback events.

    The right answer stands in the column of the target, or where there is none in one that is called as in
    `POST /feedback` (label, labels or value); so do `accepted`, `rating`, `event` and what belongs to them, the person
    also under the name that the contract gives. A row is about the prediction that its column `prediction_id` names,
    else about its own inputs. All is checked as over HTTP against the newest version; a row that would be refused
    there is rejected. A right answer that names a class which the version lacks is kept, and counted as
    `unknown_class` too: `improve` proposes what enough people name; what no line that use judges can take, as
    `not_counted`.

    A row's event id is its column `event_id` if there is one, else a hash of all that stands in it, so importing a file
    twice stores nothing twice, whatever version came meanwhile, unless it hides more by a pattern of its own. Texts
    are cleaned and masked as training rows are, then with every other mask, before they are stored.

    Returns:
        {"rows", "new", "repeat", "conflict", "rejected", "unknown_class", "not_counted"}: how many; "reasons": why rows
        were rejected, as `Refused.reasons`.

    Raises:
        UserError: E500 when no column holds right answers or what people did, E504 when all is about inputs and none
            may be kept, as `data.read`.
    """
    raw = read(path)
    plain = raw.frame.drop("_line", "_member", strict=False)
    lines, members = raw.frame["_line"], raw.frame["_member"] if "_member" in raw.frame.columns else None
    terms = _terms(with_mask_key(contract, store), store)
    frame = _parted(plain, contract, terms)
    made = {name: heads_of([name]) & {*plain.columns} for name in frame.columns if name not in plain.columns}
    columns = _Columns.of(contract, terms, frame.columns, path)
    found: Counter[str] = Counter(rows=frame.height + len(raw.rejected))
    refused = Refused()
    for one in raw.rejected:
        refused.add(
            UserError("E374", reason=one.reason), f"{one.file}:{one.line}", partial(_unread, one.excerpt, terms.keeper)
        )
    batch: list[tuple[Event, bool]] = []
    for place, (given, row) in enumerate(zip(plain.iter_rows(named=True), frame.iter_rows(named=True), strict=True)):
        content = partial(columns.content, given, terms.keeper)
        try:
            read_row = _event(_without_strays(row, given, made), columns, terms, content)
        except UserError as error:
            if error.code not in REFUSED:
                raise
            file = path.name if members is None else members[place]
            refused.add(error, f"{file}:{lines[place]}", content)
            continue
        event, _ = read_row
        found["unknown_class"] += names_new_class(event, terms)
        found["not_counted"] += not counts(event, terms)
        batch.append(read_row)
        if len(batch) == CHUNK:
            found.update(_outcomes(store, contract.product, batch))
            batch = []
    found.update(_outcomes(store, contract.product, batch))
    found["rejected"] = refused.rows
    return {**{key: found[key] for key in TOLD}, "reasons": refused.reasons()}


@dataclass(frozen=True)
class _Columns:
    """What the columns of a file are.

    Args: right: the one of right answers, None where keys say them. keys: those that are keys of a body.
        person: that of the contract. inputs: those of an input.
    """

    right: str | None
    keys: tuple[str, ...]
    person: str | None
    inputs: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract, terms: Terms, names: Collection[str], path: Path) -> _Columns:
        """Those of a file. A name that is an input of the version is that, whatever else it may mean.

        Raises: UserError E500 and E504.
        """
        read_by = terms.version.inputs if terms.version is not None else {}
        target, person = contract.data.target or "label", contract.data.person
        about: tuple[str, ...] = ("event_id", "prediction_id", "person")
        said = () if target in names else tuple(dict.fromkeys(("rating", "accepted", terms.task.label, *HAPPENED)))
        keys = tuple(key for key in dict.fromkeys((*about, *said)) if key in names and key not in read_by)
        if target not in names and not {"event", "rating", "accepted", terms.task.label} & set(keys):
            raise UserError("E500", str(path), column=target, suggestion=suggest(target, names))
        if not terms.keeps and not {"prediction_id", "event", "rating"} & set(keys):
            raise UserError("E504", str(path))
        rest = tuple(name for name in names if name not in {target, person, *keys})
        return cls(target if target in names else None, keys, person, tuple(read_by) or rest)

    def body(self, row: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
        """A row as a body of `POST /feedback`; what is empty is not said."""
        body: dict[str, Any] = {key: said for key in self.keys if (said := tidy(row[key] or ""))}
        whose = tidy(row.get(self.person) or "") if self.person else ""
        if whose:
            body.setdefault("person", whose)
        right = terms.task.label
        if self.right and (said := tidy(row.get(self.right) or "")):
            body[right] = said
        if "accepted" in body:
            body["accepted"] = MEANING.get(body["accepted"].casefold(), body["accepted"])
        body |= {key: _number(body[key]) for key in ("rating", "value") if key in body}
        if terms.task.judged == "tags" and terms.classes and right in body:
            body[right] = read_list(body[right], JSON) or body[right]
        if "prediction_id" not in body and body.keys() & {right, "accepted"} and "event" not in body:
            body["input"] = {name: row[name] for name in self.inputs if name in row}
            if whose and terms.version is not None and self.person in terms.version.person_columns:
                body["input"][self.person] = whose
        return body

    def content(self, row: Mapping[str, Any], keeper: Keeper) -> dict[str, Any]:
        """All that a row says, whichever version reads it, and nothing that a mask finds."""
        row = _leaves(row, {self.person, "person"})
        people = {name: keeper.person(row[name]) for name in (self.person, "person") if name and row.get(name)}
        rest = keeper.row({name: value for name, value in row.items() if name not in people})
        return {name: value for name, value in (rest | people).items() if value not in (None, "")}


def _unread(excerpt: str, keeper: Keeper) -> dict[str, Any]:
    """The beginning of a row that cannot be read."""
    return keeper.row({"": f"{without_half(excerpt)}…" if len(excerpt) >= LETTERS else excerpt})


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _outcomes(store: Store, product: str, batch: Sequence[tuple[Event, bool]]) -> list[str]:
    """What became of each once stored; one known by its content is a repeat, however another version read it."""
    told = store.add_events(product, [event for event, _ in batch])
    return ["repeat" if one == "conflict" and not named else one for one, (_, named) in zip(told, batch, strict=True)]


def _parted(frame: pl.DataFrame, contract: Contract, terms: Terms) -> pl.DataFrame:
    """The columns as the version has them, whatever this file alone would make of its objects; before one, as data."""
    if terms.version is None:
        (frame,), _ = unnested([frame], wanted_of(contract))
        return frame
    named = (contract.data.target, contract.data.person)
    return with_held(frame, [*terms.version.inputs, *(name for name in named if name)])


def _without_strays(
    row: Mapping[str, Any], given: Mapping[str, Any], made: Mapping[str, Collection[str]]
) -> Mapping[str, Any]:
    """A row less the fields of what is no object, as a request with that would lack them.

    Args: given: the row as the file has it. made: each field → the columns whose objects may hold it.
    """
    strays = {name for name, heads in made.items() if any(given[h] and object_of(given[h]) is None for h in heads)}
    return {name: value for name, value in row.items() if name not in strays} if strays else row


def _leaves(row: Mapping[str, Any], whole: Collection[str | None]) -> Mapping[str, Any]:
    """A row with the values of all its objects, whatever the other rows of its file have there."""
    held = {name: None if name in whole else object_of(value) for name, value in row.items()}
    if not any(value is not None for value in held.values()):
        return row
    try:
        leaves = flattened({name: value if held[name] is None else held[name] for name, value in row.items()})
    except ValueError:
        return row
    return {name: text_of(value) for name, value in leaves.items()}


def _event(
    row: Mapping[str, Any], columns: _Columns, terms: Terms, content: Callable[[], Mapping[str, Any]]
) -> tuple[Event, bool]:
    """What is stored of it, and whether it has an id of its own, of any letters. Raises: UserError as over HTTP."""
    body = columns.body(row, terms)
    given = terms.keeper.event_id(body.pop("event_id", ""))
    name = given if EVENT_ID.fullmatch(given) else _digest(given)
    event = read_feedback({**body, "event_id": name}, terms)
    if given:
        return event, True
    return replace(event, event_id=_digest(content())), False


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _terms(contract: Contract, store: Store) -> Terms:
    """What the product answers, as the contract says or else its newest version does, and what that version takes.

    What may be kept, and the patterns that hide, are the stricter of the contract and the live version.
    """
    task, version, classes = _answers(contract, store)
    data, said = contract.data, Keeping.of(contract)
    kept = stricter(said, store, contract.product)
    more = {name: pattern for name, pattern in kept.patterns.items() if said.patterns.get(name) != pattern}
    masks = *armed(data.mask, contract.mask_key), *armed(specs_of(dict.fromkeys(more, "mask"), more), tagger=b"")
    keeper = Keeper(masks, contract.mask_key, step_options(data.clean, {}))
    wanted = [one for line in contract.in_use if (one := takes(line)) is not None]
    return Terms(task, classes, version, keeper, kept.inputs, wanted)


def _answers(contract: Contract, store: Store) -> tuple[Task, Version | None, tuple[str, ...]]:
    versions = store.versions(contract.product)
    version = open_version(versions[-1].path) if versions else None
    name = contract.task or (version.manifest.task if version else "classify")
    found: Task = find("task", name).target()
    classes = tuple(sorted({*version.classes, *contract.improve.classes})) if version else ()
    return found, version, classes
