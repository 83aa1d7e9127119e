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
from zhinan.package import open_version
from zhinan.steps.mask import kept_person, pseudonym, redact
from zhinan.store import Event, Store

__all__ = ["import_feedback"]

CHUNK = 500


def import_feedback(contract: Contract, store: Store, path: Path) -> dict[str, int]:
    """Reads rows that hold the inputs and the right label, and stores them as feedback events.

    A right answer that cannot be one, such as a text where numbers are answered, is rejected. A row's event id
    is its column `event_id` if there is one, else a hash of its content, so importing a file twice stores nothing
    twice. Texts are masked with every mask before they are stored.

    Returns:
        {"rows", "new", "repeat", "conflict", "rejected"}.

    Raises:
        UserError: E500 when the target's column is missing, as `data.read`.
    """
    raw = read(path)
    target = contract.data.target or "label"
    if target not in raw.frame.columns:
        raise UserError("E500", str(path), column=target, suggestion=suggest(target, raw.frame.columns))
    task = _task(contract, store)
    counts: Counter[str] = Counter(rows=raw.frame.height + len(raw.rejected), rejected=len(raw.rejected))
    batch: list[Event] = []
    for row in raw.frame.drop("_line", "_member", strict=False).iter_rows(named=True):
        said = (row[target] or "").strip()
        right = row[target] if task.judged == "labels" else task.right(said, ())
        if not said or right is None:
            counts["rejected"] += 1
            continue
        batch.append(_event(contract, {**row, target: right}, target, task.label))
        if len(batch) == CHUNK:
            counts.update(store.add_events(contract.product, batch))
            batch = []
    counts.update(store.add_events(contract.product, batch))
    return {key: counts[key] for key in ("rows", "new", "repeat", "conflict", "rejected")}


def _task(contract: Contract, store: Store) -> Task:
    """What the product answers: as the contract says, else as its newest version does."""
    versions = store.versions(contract.product)
    name = contract.task or (open_version(versions[-1].path).manifest.task if versions else "classify")
    found: Task = find("task", name).target()
    return found


def _event(contract: Contract, row: Mapping[str, Any], target: str, key: str) -> Event:
    named = contract.data.person
    person = (row.get(named) or None) if named else None
    if person:
        person = kept_person(person, contract.data.mask)
        person = pseudonym(person) if redact(person) != person else person
    aside = {target, named, "event_id"}
    given = {n: _masked(v, contract) if isinstance(v, str) else v for n, v in row.items() if n not in aside}
    payload = {"input": given, key: row[target]}
    known = json.dumps([payload, person], sort_keys=True, ensure_ascii=False)
    given_id = row.get("event_id") or ""
    if redact(given_id) != given_id:
        given_id = pseudonym(given_id)
    name = given_id or hashlib.sha256(known.encode()).hexdigest()
    return Event(event_id=name, kind="feedback", payload=payload, at=time.time(), person=person)


def _masked(text: str, contract: Contract) -> str:
    """As the contract asks, then by every mask: what is stored is never less hidden than what was trained on."""
    return redact(redact(text, contract.data.mask))
