"""The tables as the code queries them. How they come about is in `_migrations`; a test holds the two together."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from zhinan.store._json import canonical

__all__ = [
    "TABLES", "audit", "derived", "events", "forgettings", "forgotten", "job_pieces", "jobs", "keys", "mask_keys",
    "opening_rows", "openings", "places", "residue", "runs", "schema_version", "sealing_keys", "stages", "verdicts",
    "versions",
]  # fmt: skip

TABLES = MetaData()


class _Json(TypeDecorator[Any]):
    """Canonical JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def _table(name: str, counter: str | None = None, /, **columns: Any) -> Table:
    """`counter`: the column that the database counts up."""
    counted = [] if counter is None else [Column(counter, BigInteger, primary_key=True)]
    return Table(name, TABLES, *counted, *(Column(column, kind) for column, kind in columns.items()))


schema_version = _table("schema_version", version=Integer, at=Double)
versions = _table(
    "versions", product=Text, number=Integer, digest=Text, path=Text, parent=Integer, outcome=Text, summary=_Json,
    at=Double,
)  # fmt: skip
stages = _table("stages", product=Text, live=Integer, previous=Integer, revision=Integer)
audit = _table(
    "audit", product=Text, seq=Integer, at=Double, who=Text, action=Text, number=Integer, why=Text,
    live=Integer, previous_live=Integer, revision=Integer, previous=Text, hash=Text,
)  # fmt: skip
openings = _table(
    "openings", "id", product=Text, key=Text, t=Integer, delta=Double, lines=_Json, rows=Integer, result=_Json,
    at=Double,
)  # fmt: skip
opening_rows = _table("opening_rows", opening=BigInteger, row=Text)
runs = _table(
    "runs", "id", product=Text, key=Text, plan=_Json, state=_Json, result=_Json, started=Double, updated=Double,
    finished=Double,
)  # fmt: skip
events = _table(
    "events", "seq", product=Text, event_id=Text, kind=Text, person=Text, payload=Text, digest=Text, at=Double
)
jobs = _table(
    "jobs", id=Text, product=Text, owner=Text, options=_Json, status=Text, rows=Integer, done=Integer, worker=Text,
    lease=Double, tries=Integer, at=Double,
)  # fmt: skip
job_pieces = _table("job_pieces", job=Text, start=Integer, rows=Text, result=Text)
derived = _table("derived", source=Text, name=Text)
forgotten = _table("forgotten", product=Text, code=Text, person=Text)
forgettings = _table("forgettings", product=Text, person=Text, state=_Json, at=Double)
places = _table("places", id=Text, path=Text, found=Integer)
residue = _table("residue", due=BigInteger, at=Double)
keys = _table("keys", id=Text, since=Double, retired=Double)
mask_keys = _table("mask_keys", product=Text, key=Text)
sealing_keys = _table("sealing_keys", product=Text, secret=Text)
verdicts = _table("verdicts", product=Text, number=Integer, position=Integer, verdict=_Json)
