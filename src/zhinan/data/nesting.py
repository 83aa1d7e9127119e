"""Parts columns of JSON objects into a column for each of their fields, and says of what stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from zhinan.steps.values.nested import BLANK, flattened, heads_of, object_of, opened
from zhinan.steps.values.written import text_of

__all__ = ["WIDEST", "held_in", "lacking", "unnested", "with_held"]

_LOOKED_AT = 1000
"""Values that nearly always show that a column holds no objects."""
WIDEST = 200
"""Fields of the objects of one column; more are keys that say something, as in {"u1": 3, "u2": 5}."""


def unnested(
    frames: Sequence[pl.DataFrame], named: Collection[str] = ()
) -> tuple[list[pl.DataFrame], dict[str, list[str]]]:
    """Frames of texts with user.age and user.plan in the place of `user`, where all of its values are JSON objects.

    Args: named: columns that somebody wants: of what holds none of them but is one itself nothing is parted.

    Returns: and the columns each parted one has become. What has a value that is no object, fields of one name, or more
        than WIDEST of them, stays a column of JSON.
    """
    done, parted = list(frames), dict[str, list[str]]()
    wanted = heads_of(named)
    for name in [name for name in frames[0].columns if not name.startswith("_")] if frames else ():
        if name in named and name not in wanted:
            continue
        rows = _objects([frame[name] for frame in done if name in frame.columns])
        fields = _fields(row for some in rows for row in some or ())
        taken = {f"{name}.{field}" for field in fields} & {column for frame in done for column in frame.columns}
        if not 0 < len(fields) <= WIDEST or taken:
            continue
        parted[name] = [f"{name}.{field}" for field in fields]
        some = iter(rows)
        done = [
            _with_fields(frame, name, fields, next(some), name in named) if name in frame.columns else frame
            for frame in done
        ]
    return done, parted


def held_in(frame: pl.DataFrame, name: str) -> pl.Series | None:
    """A column of a frame of texts, also one that the objects of another hold; None where there is none."""
    if name in frame.columns:
        return frame[name]
    for head in sorted(heads_of([name]) & {*frame.columns}):
        (parts, _) = unnested([frame.select(head)])
        if name in parts[0].columns:
            return parts[0][name]
    return None


def with_held(frame: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
    """A frame of texts with those of the wanted columns besides that objects of others hold, row by row as requests do.

    For what was learned already: which columns there are is not asked of other rows anew. What no row has is no column.
    """
    lacking = [name for name in wanted if name not in frame.columns]
    heads = [head for head in heads_of(lacking) if head in frame.columns]
    if not heads:
        return frame
    rows = [opened(row, lacking) for row in frame.select(heads).iter_rows(named=True)]
    return frame.with_columns(
        pl.Series(name, [text_of(row.get(name)) for row in rows], pl.String)
        for name in lacking
        if any(name in row for row in rows)
    )


def lacking(frame: pl.DataFrame) -> set[str]:
    """The columns of fields that some objects are without: others of the same object stand where they are missing."""
    heads = {name: sorted(heads_of([name]), key=len) for name in frame.columns}
    fields = defaultdict[str, list[str]](list)
    for name, those in heads.items():
        for head in those:
            fields[head].append(name)
    stand = {
        head: frame.select(pl.any_horizontal(pl.col(names).is_not_null())).to_series()
        for head, names in fields.items()
        if len(names) > 1
    }
    found = set()
    for name, those in heads.items():
        missing = frame[name].is_null()
        beside = next((stand[head] for head in those if head in stand), None)
        if those and (missing if beside is None else missing & beside).any():
            found.add(name)
    return found


def _objects(columns: Iterable[pl.Series]) -> list[list[dict[str, Any] | None]]:
    """The flat objects of each column; empty lists where one has a value that is none, or has fields of one name."""
    held = []
    for column in columns:
        if not column.head(_LOOKED_AT).str.contains(rf"^\s*\{{|{BLANK}").fill_null(True).all():
            return []
        values = column.set(column.str.contains(BLANK).fill_null(False), None)
        if not values.str.contains(r"^\s*\{").fill_null(True).all():
            return []
        rows = []
        for text in values:
            found = None if text is None else object_of(text)
            if text is not None and found is None:
                return []
            try:
                rows.append(None if found is None else flattened(found))
            except ValueError:
                return []
        held.append(rows)
    return held


def _fields(rows: Iterable[Mapping[str, Any] | None]) -> list[str]:
    """The names of all that is not null, in the order in which they come."""
    seen: dict[str, None] = {}
    for row in rows:
        if row and not row.keys() <= seen.keys():
            seen |= {field: None for field, value in row.items() if value is not None}
            if len(seen) > WIDEST:
                break
    return list(seen)


def _with_fields(
    frame: pl.DataFrame, name: str, fields: Sequence[str], rows: Sequence[Mapping[str, Any] | None], keep: bool
) -> pl.DataFrame:
    """Args: keep: the column itself besides."""
    columns: list[pl.Series] = []
    for column in frame.get_columns():
        if column.name != name:
            columns.append(column)
            continue
        columns += [column] if keep else []
        for field in fields:
            texts = [None if row is None else text_of(row.get(field)) for row in rows]
            columns.append(pl.Series(f"{name}.{field}", texts, pl.String))
    return pl.DataFrame(columns)
