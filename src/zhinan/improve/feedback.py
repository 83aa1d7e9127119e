"""Takes labelled feedback from a file into the store, masked, each row once."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhinan.contract import Contract
from zhinan.core import Task, UserError, find, suggest
from zhinan.data import read
from zhinan.data.cleaned import step_options
from zhinan.engine.labels import with_mask_key
from zhinan.package import open_version
from zhinan.serve.feedback import new_class, new_labels
from zhinan.serve.happened import EVENT_ID, HAPPENED, read_happened
from zhinan.steps.kept import Keeper
from zhinan.steps.mask import armed, tidy
from zhinan.steps.values.lists import JSON, read_list
from zhinan.store import Event, Store

__all__ = ["import_feedback"]

CHUNK = 500


def import_feedback(contract: Contract, store: Store, path: Path) -> dict[str, int]:
    """Reads rows that hold the inputs and the right label, and stores them as feedback events.

    A right answer that cannot be one is rejected: a text where numbers are answered, what nearly is a class of the
    newest version, is too long for a name or has something that a mask finds. One that names a class which the version
    lacks is kept, and counted as `unknown_class` too: `improve` proposes what enough people name.

    A row's event id is its column `event_id` if there is one, else a hash of its content, so importing a file twice
    stores nothing twice. Texts are cleaned and masked as training rows are, then with every other mask, before they
    are stored.

    A file without a column of right answers, but with one called `event` or `rating`, holds what people did or how
    they rate: columns as the keys of `POST /feedback`, the person also under the name that the contract gives.

    Returns:
        {"rows", "new", "repeat", "conflict", "rejected", "unknown_class"}.

    Raises:
        UserError: E500 when the target's column is missing, as `data.read`.
    """
    raw = read(path)
    target = contract.data.target or "label"
    happened = target not in raw.frame.columns and bool({"event", "rating"} & set(raw.frame.columns))
    if target not in raw.frame.columns and not happened:
        raise UserError("E500", str(path), column=target, suggestion=suggest(target, raw.frame.columns))
    task, classes = _answers(contract, store)
    contract = with_mask_key(contract, store)
    data = contract.data
    keeper = Keeper(armed(data.mask, contract.mask_key), contract.mask_key, step_options(data.clean, {}))
    counts: Counter[str] = Counter(rows=raw.frame.height + len(raw.rejected), rejected=len(raw.rejected))
    batch: list[Event] = []
    for row in raw.frame.drop("_line", "_member", strict=False).iter_rows(named=True):
        if happened:
            event = _happened(contract, keeper, row)
        else:
            said = tidy(row[target] or "")
            right = task.right(said, classes) if classes or task.judged == "numbers" else None
            if right is None:
                right = _named(said, task, classes)
                counts["unknown_class"] += bool(classes) and right is not None
            event = None if right is None else _event(contract, keeper, {**row, target: right}, task.label)
        if event is None:
            counts["rejected"] += 1
            continue
        batch.append(event)
        if len(batch) == CHUNK:
            counts.update(store.add_events(contract.product, batch))
            batch = []
    counts.update(store.add_events(contract.product, batch))
    return {key: counts[key] for key in ("rows", "new", "repeat", "conflict", "rejected", "unknown_class")}


def _named(said: str, task: Task, classes: tuple[str, ...]) -> str | None:
    """What names a class that the product lacks, or of several labels one among others, given as a JSON list."""
    if task.judged == "tags" and classes:
        return new_labels(read_list(said, JSON), classes)
    return None if task.judged == "numbers" else new_class(said, classes)


def _happened(contract: Contract, keeper: Keeper, row: Mapping[str, Any]) -> Event | None:
    """What somebody did, or a rating, as `POST /feedback` takes it; None when it would refuse it."""
    named = contract.data.person
    body: dict[str, Any] = {key: tidy(row[key]) for key in (*HAPPENED, "rating") if row.get(key)}
    if named and row.get(named):
        body["person"] = tidy(row[named])
    known = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    name = body.get("event_id", known)
    try:
        body.update({key: float(body[key]) for key in ("value", "rating") if key in body})
        return read_happened(body, keeper, name) if EVENT_ID.fullmatch(name) else None
    except (UserError, ValueError):
        return None


def _answers(contract: Contract, store: Store) -> tuple[Task, tuple[str, ...]]:
    """What the product answers, as the contract says or else its newest version does, and that version's classes."""
    versions = store.versions(contract.product)
    version = open_version(versions[-1].path) if versions else None
    name = contract.task or (version.manifest.task if version else "classify")
    found: Task = find("task", name).target()
    return found, tuple(sorted({*version.classes, *contract.improve.classes})) if version else ()


def _event(contract: Contract, keeper: Keeper, row: Mapping[str, Any], key: str) -> Event:
    target, named = contract.data.target or "label", contract.data.person
    person = (row.get(named) or None) if named else None
    person = keeper.person(person) if person else None
    aside = {target, named, "event_id"}
    payload = {"input": keeper.row({n: v for n, v in row.items() if n not in aside}), key: row[target]}
    known = json.dumps([payload, person], sort_keys=True, ensure_ascii=False)
    name = keeper.event_id(row.get("event_id") or "") or hashlib.sha256(known.encode()).hexdigest()
    return Event(event_id=name, kind="feedback", payload=payload, at=time.time(), person=person)
