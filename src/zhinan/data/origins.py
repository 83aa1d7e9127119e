"""Names every row of the files, once: where it stands, which part it went to and why, or why it was left out.

Whoever wants a person's rows erased has to find them, and every version that learned from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset
from zhinan.data.copies import Copies
from zhinan.data.labels import renamed
from zhinan.data.types import Loaded, Split

__all__ = ["PARTS", "WHYS", "lineage", "reasons"]

PARTS = ("train", "dev", "sealed", "left out", "pool", "rejected")
"""Where a row can be. Rows of the pool have no label yet; of those left out nothing was learned."""

WHYS = (
    "hash", "near-duplicates", "person", "time", "test file", "labelled since",
    "duplicate", "overlap", "near overlap", "no label", "repeats another row", "rejected",
)  # fmt: skip
"""Why it is there: what drew its part (the first six), or what kept it from learning."""

_LEARNED = (PARTS.index("train"), PARTS.index("dev"))

Codes = npt.NDArray[np.int8]


def reasons(contract: Contract, dataset: Dataset, copies: Copies, gone: Codes) -> Codes:
    """For each row of a dataset, shape (n,), the place in WHYS of what decided its part or left it out.

    Args: gone: 0 for rows that stay, else the place in WHYS of why not.
    """
    count = len(dataset)
    drawn = np.full(count, WHYS.index("hash"), np.int8)
    if contract.data.time:
        drawn[:] = WHYS.index("time")
    else:
        near = copies.near
        drawn[near[near < count]] = WHYS.index("near-duplicates")
        if dataset.person:
            known = dataset.frame[dataset.person].is_not_null().to_numpy()
            drawn[known] = WHYS.index("person")
    return np.where(gone == 0, drawn, gone).astype(np.int8)


def lineage(loaded: Loaded, parts: Split, code: Callable[[str], str]) -> pl.DataFrame:
    """One row for each row of the files, in their order, rejected ones at the end.

    Args: code: gives a person a name that says nothing to others.

    Returns:
        the columns row (16 bytes: the id), now (the id it got with another label, else null), file, line, part and why
        (of PARTS and WHYS), person (coded) and reason (why it was rejected).
    """
    origins = loaded.origins
    part = np.full(origins.height, PARTS.index("pool"), np.int8)
    why = np.full(origins.height, WHYS.index("no label"), np.int8)
    person = np.full(origins.height, None, object)
    labelled, home = origins["labelled"].to_numpy(), origins["part"].to_numpy()
    held = [(loaded.dataset, labelled & (home == 0), parts.fates)]
    if loaded.test is not None:
        test = labelled & (home == 1)
        sealed = np.full(int(test.sum()), PARTS.index("sealed"), np.int8)
        held.append((loaded.test, test, (sealed, np.full(len(sealed), WHYS.index("test file"), np.int8))))
    for dataset, rows, (to, because) in held:
        part[rows], why[rows] = to, because
        if dataset.person:
            person[rows] = dataset.frame[dataset.person].to_numpy()
    _pool(loaded, parts, ~labelled, (part, why, person))
    names = {who: code(str(who)) for who in set(person.tolist()) - {None}}
    learned = {row: renamed(row, label) for row, label in loaded.labels.items()}
    now = origins["_row"].replace_strict(learned, default=None, return_dtype=pl.String)
    known = pl.DataFrame({
        "row": origins["_row"].str.decode("hex"),
        "now": pl.select(pl.when(pl.Series(np.isin(part, _LEARNED))).then(now)).to_series().str.decode("hex"),
        "file": _words(origins["file"].to_numpy(), loaded.files),
        "line": origins["_line"].cast(pl.UInt32),
        "part": _words(part, PARTS),
        "why": _words(why, WHYS),
        "person": pl.Series([names.get(who) for who in person.tolist()], dtype=pl.String),
        "reason": pl.Series([None] * origins.height, dtype=pl.String),
    })  # fmt: skip
    return pl.concat([known, _rejected(loaded, known.schema)])


def _words(places: npt.NDArray[Any], words: tuple[str, ...]) -> pl.Series:
    """Each place as its word, kept as a number."""
    return pl.Series(places, dtype=pl.UInt32).replace_strict(
        list(range(len(words))), list(words), return_dtype=pl.Enum(words)
    )


def _pool(
    loaded: Loaded, parts: Split, rows: npt.NDArray[np.bool_], into: tuple[Codes, Codes, npt.NDArray[np.object_]]
) -> None:
    """Rows without a label: in the pool, labelled by people since, or repeating another row."""
    part, why, person = into
    ids = loaded.origins["_row"].filter(pl.Series(rows)).to_list()
    pool = loaded.pool
    people = pool.values(pool.person) if pool is not None and pool.person else None
    owner = dict(zip(pool.values("_row"), people, strict=True)) if pool is not None and people else {}
    waiting = set(pool.values("_row")) if pool is not None else set()
    if (more := loaded.taught) is not None and more.person:
        owner |= dict(zip(more.values("_row"), more.values(more.person), strict=True))
    by_users = set(more.values("_row")) if more is not None else set()
    taught, judged = (set(one.values("_row")) for one in (parts.train, parts.sealed))
    for place, row in zip(np.flatnonzero(rows).tolist(), ids, strict=True):
        person[place] = owner.get(row)
        if row in by_users:
            part[place], why[place] = PARTS.index("train"), WHYS.index("labelled since")
            continue
        if row not in waiting:
            part[place], why[place] = PARTS.index("left out"), WHYS.index("repeats another row")
            continue
        waiting.discard(row)  # of equal rows the first is the one in the pool
        said = loaded.labels.get(row)
        if said is not None and row in judged:
            part[place], why[place] = PARTS.index("sealed"), WHYS.index("labelled since")
        elif said is not None and renamed(row, said) in taught:
            part[place], why[place] = PARTS.index("train"), WHYS.index("labelled since")


def _rejected(loaded: Loaded, schema: pl.Schema) -> pl.DataFrame:
    rows = loaded.rejected
    return pl.DataFrame(
        {
            "row": [None] * len(rows),
            "now": [None] * len(rows),
            "file": [one.file for one in rows],
            "line": [one.line for one in rows],
            "part": ["rejected"] * len(rows),
            "why": ["rejected"] * len(rows),
            "person": [None] * len(rows),
            "reason": [one.reason.en for one in rows],
        },
        schema=schema,
    )
