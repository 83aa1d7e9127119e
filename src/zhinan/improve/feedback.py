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
from zhinan.steps.kept import Keeper
from zhinan.steps.mask import armed, redact, tidy
from zhinan.store import Event, Store

__all__ = ["import_feedback"]

CHUNK = 500


def import_feedback(contract: Contract, store: Store, path: Path) -> dict[str, int]:
    """Reads rows that hold the inputs and the right label, and stores them as feedback events.

    A right answer that cannot be one is rejected: a text where numbers are answered, or no class of the newest
    version; while there is no version, what a mask finds something in. A row's event id is its column `event_id` if
    there is one, else a hash of its content, so importing a file twice stores nothing twice. Texts are cleaned and
    masked as training rows are, then with every other mask, before they are stored.

    Returns:
        {"rows", "new", "repeat", "conflict", "rejected"}.

    Raises:
        UserError: E500 when the target's column is missing, as `data.read`.
    """
    raw = read(path)
    target = contract.data.target or "label"
    if target not in raw.frame.columns:
        raise UserError("E500", str(path), column=target, suggestion=suggest(target, raw.frame.columns))
    task, classes = _answers(contract, store)
    contract = with_mask_key(contract, store)
    data = contract.data
    keeper = Keeper(armed(data.mask, contract.mask_key), contract.mask_key, step_options(data.clean, {}))
    counts: Counter[str] = Counter(rows=raw.frame.height + len(raw.rejected), rejected=len(raw.rejected))
    batch: list[Event] = []
    for row in raw.frame.drop("_line", "_member", strict=False).iter_rows(named=True):
        said = tidy(row[target] or "")
        right = task.right(said, classes) if classes or task.judged != "labels" else said
        if not said or right is None or (right == said and not classes and redact(said) != said):
            counts["rejected"] += 1
            continue
        batch.append(_event(contract, keeper, {**row, target: right}, task.label))
        if len(batch) == CHUNK:
            counts.update(store.add_events(contract.product, batch))
            batch = []
    counts.update(store.add_events(contract.product, batch))
    return {key: counts[key] for key in ("rows", "new", "repeat", "conflict", "rejected")}


def _answers(contract: Contract, store: Store) -> tuple[Task, tuple[str, ...]]:
    """What the product answers, as the contract says or else its newest version does, and that version's classes."""
    versions = store.versions(contract.product)
    version = open_version(versions[-1].path) if versions else None
    name = contract.task or (version.manifest.task if version else "classify")
    found: Task = find("task", name).target()
    return found, version.classes if version else ()


def _event(contract: Contract, keeper: Keeper, row: Mapping[str, Any], key: str) -> Event:
    target, named = contract.data.target or "label", contract.data.person
    person = (row.get(named) or None) if named else None
    person = keeper.person(person) if person else None
    aside = {target, named, "event_id"}
    payload = {"input": keeper.row({n: v for n, v in row.items() if n not in aside}), key: row[target]}
    known = json.dumps([payload, person], sort_keys=True, ensure_ascii=False)
    name = keeper.event_id(row.get("event_id") or "") or hashlib.sha256(known.encode()).hexdigest()
    return Event(event_id=name, kind="feedback", payload=payload, at=time.time(), person=person)
