"""What outlives a process: rows in one database, blobs in one folder. It knows no ML, and loads on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhinan.store.blobs import Blobs
    from zhinan.store.changing import change_run, change_verdicts, promote_first, spend
    from zhinan.store.jobs import Jobs
    from zhinan.store.persons import Forgotten, person_code
    from zhinan.store.rotation import KeyStatus, key_status, retire, rotate
    from zhinan.store.rows import (
        AuditRow,
        Commitment,
        Event,
        EventOutcome,
        Job,
        Opening,
        Run,
        Stage,
        Stages,
        VersionRow,
    )
    from zhinan.store.shelf import Shelf
    from zhinan.store.store import Store
    from zhinan.store.writer import EventWriter

__all__ = [
    "AuditRow", "Blobs", "Commitment", "Event", "EventOutcome", "EventWriter", "Forgotten", "Job", "Jobs", "KeyStatus",
    "Opening", "Run", "Shelf", "Stage", "Stages", "Store", "VersionRow", "change_run", "change_verdicts",
    "key_status", "person_code", "promote_first", "retire", "rotate", "spend",
]  # fmt: skip

_HOME = {
    "AuditRow": "rows", "Blobs": "blobs", "Commitment": "rows", "Event": "rows", "EventOutcome": "rows",
    "EventWriter": "writer", "Forgotten": "persons", "Job": "rows", "Jobs": "jobs", "KeyStatus": "rotation",
    "Opening": "rows", "Run": "rows", "Shelf": "shelf", "Stage": "rows", "Stages": "rows", "Store": "store",
    "VersionRow": "rows", "change_run": "changing", "change_verdicts": "changing",
    "key_status": "rotation", "person_code": "persons", "promote_first": "changing",
    "retire": "rotation", "rotate": "rotation", "spend": "changing",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
