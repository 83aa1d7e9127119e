"""Traffic as rows: inputs that the service kept join the rows without labels, for people to label what really comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset, UserError
from zhinan.data import Loaded
from zhinan.data.cleaning import fingerprint, identities, row_ids
from zhinan.data.forgotten import of_others
from zhinan.data.media import MEDIA
from zhinan.data.places import draws
from zhinan.evaluate.measure import NOBODY, answers_of
from zhinan.package.inputs import columns
from zhinan.steps.values.zones import shown_on
from zhinan.store import Event, Store

__all__ = [
    "KEPT",
    "MOST",
    "ORDER",
    "TRAFFIC",
    "audit_key",
    "compared",
    "kept_of",
    "named_as",
    "names_of_inputs",
    "names_of_shape",
    "rows_of_inputs",
    "unanswered",
    "with_traffic",
]

AT = "at"
"""Key under which such a label says when its input came."""

MOST = 20_000
"""Inputs of traffic that are rows at a time, a random sample where there were more; labelled ones come on top."""

KEPT = "input"
"""Key under which an event holds an input: predictions, feedback, and labels of what came as traffic."""

TRAFFIC = "traffic"
"""Where such a row comes from, for its lineage."""

ORDER = "fresh"
"""The run that holds the order in which rows count as fresh: one for a product, whatever version is judged on it."""

_PAGE = 5_000

_DTYPES: Mapping[str, Any] = {"number": pl.Float64, "flag": pl.Boolean, "time": pl.Datetime("us")}
"""Of a column of each kind, as loading makes it; texts of all others."""


def with_traffic(contract: Contract, store: Store, loaded: Loaded) -> Loaded:
    """The data with what was asked of the live versions as rows of the pool, beside those of `data.unlabeled`.

    Each input is one row, however often it was sent, and none that the data hold already. Of more than `MOST` those
    are taken whose keyed hash is smallest: a random sample that only changes as far as traffic does. An input that
    waits for the audit stays beside them, and one that somebody labelled even when its prediction expires. Products
    whose inputs are files have none.
    """
    names = [column.name for column in loaded.dataset.inputs]
    if not _takes_traffic(loaded):
        return loaded
    known = [part for part in (loaded.dataset, loaded.test, loaded.pool) if part is not None]
    held = pl.concat([identities(part.frame, names) for part in known])
    adopted = _sampled(contract, loaded, store, "label", held)
    seen = held if adopted is None else pl.concat([held, identities(adopted, names)])
    passing = _sampled(contract, loaded, store, "prediction", seen, MOST, _awaited(contract, store))
    frames = [frame for frame in (adopted, passing) if frame is not None and frame.height]
    if not frames:
        return loaded
    if loaded.pool is not None:
        frames.insert(0, loaded.pool.frame)
    like = loaded.dataset
    frame = pl.concat([one.select(like.frame.columns) for one in frames]).sort("_row")
    pool = replace(like, frame=frame, fingerprint=fingerprint(frame, like.inputs, like.target))
    found = replace(loaded, pool=pool)
    return found if adopted is None else named_as(found, adopted["_row"], TRAFFIC)


def audit_key(number: int) -> str:
    """Of the run in which what is audited of a version's traffic is kept."""
    return f"audit @{number}"


def _awaited(contract: Contract, store: Store) -> list[str]:
    """Rows that were drawn for the audit of the live version, or to certify one, and wait for their label."""
    number = store.stages(contract.product).live
    runs = [store.last_run(contract.product, key) for key in (ORDER, *([] if number is None else [audit_key(number)]))]
    groups = [kept for run in runs if run is not None for kept in run.state.get("groups", {}).values()]
    placed = [row for kept in groups for unit in kept.get("units", ()) for row in unit]
    return [*placed, *(row for kept in groups for row in kept.get("waiting", ()))]


def named_as(loaded: Loaded, rows: pl.Series, file: str) -> Loaded:
    """The data whose lineage knows these rows too, as coming from `file`."""
    if not len(rows):
        return loaded
    known = loaded.origins
    more = pl.DataFrame({
        "_row": rows, "_line": pl.Series([0] * len(rows), dtype=known.schema["_line"]),
        "file": pl.Series([len(loaded.files)] * len(rows), dtype=known.schema["file"]),
        "part": pl.Series([0] * len(rows), dtype=known.schema["part"]), "labelled": [False] * len(rows),
    })  # fmt: skip
    return replace(loaded, origins=pl.concat([known, more.select(known.columns)]), files=(*loaded.files, file))


def unanswered(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Rows of traffic as what they are to `data.current`: nobody else was asked, which is no wrong answer of theirs."""
    name = contract.data.current
    if name is None:
        return rows
    dtype = rows.schema[name]
    return rows.with_columns(pl.lit(float("nan") if dtype.is_float() else NOBODY, dtype).alias(name))


def compared(contract: Contract, part: Dataset) -> frozenset[str]:
    """The rows that whoever `data.current` is was asked about too."""
    asked = None if contract.data.current is None else answers_of(part, contract.data.current)[1]
    rows = part.frame["_row"]
    return frozenset(rows if asked is None else rows.filter(pl.Series(asked)))


def _takes_traffic(loaded: Loaded) -> bool:
    like = loaded.dataset
    return like.target is not None and not any(column.kind in MEDIA for column in like.inputs)


def names_of_inputs(loaded: Loaded, inputs: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """The row each kept input is in the pool, shape (n,); None for one that no longer fits the data's columns."""
    rows, fits = rows_of_inputs(loaded, inputs)
    found = iter(rows["_row"])
    return [next(found) if fit else None for fit in fits]


def kept_of(part: Dataset, rows: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Row → what events keep of it, {"input", "at"}: `rows_of_inputs` turns it back into the row."""
    names = [column.name for column in part.inputs]
    some = part.frame.filter(pl.col("_row").is_in(list(rows)))
    moments = some[part.time] if part.time else [None] * some.height
    found = {}
    for row, inputs, moment in zip(some["_row"], some.select(names).iter_rows(named=True), moments, strict=True):
        plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in inputs.items()}
        when = {} if moment is None else {AT: moment.replace(tzinfo=UTC).timestamp()}
        found[row] = {KEPT: plain, **when}
    return found


def rows_of_inputs(
    loaded: Loaded,
    inputs: Sequence[Mapping[str, Any]],
    people: Sequence[str | None] | None = None,
    moments: Sequence[float] | None = None,
) -> tuple[pl.DataFrame, list[bool]]:
    """Kept inputs as rows in the columns of the data, without a target, and which of them fit, shape (n,).

    Cleaned and masked they are already. A row's name depends on its inputs alone.

    Args: people: whose each is. moments: when each came, in seconds since 1970, for data that have a time.
    """
    like = loaded.dataset
    kinds: dict[str, str] = {column.name: column.kind for column in like.inputs}
    notations = {column.name: column.notation for column in like.inputs}
    typed, fits = _typed(kinds, inputs, notations)
    some = [place for place, fit in enumerate(fits) if fit]
    schema = like.frame.schema
    done = {name: pl.Series(name, typed[name], schema[name]) for name in kinds}
    ids = row_ids(pl.DataFrame(list(done.values())))
    done["_row"] = ids
    if like.person and like.person not in kinds and people is not None:
        done[like.person] = pl.Series(like.person, [people[place] for place in some], schema[like.person])
    if like.time and like.time not in kinds and moments is not None:
        zone = next((c.notation.get("zone", "") for c in loaded.columns if c.name == like.time), "")
        utc = (datetime.fromtimestamp(moments[place], UTC).replace(tzinfo=None) for place in some)
        when = [shown_on(moment, zone) for moment in utc]
        done[like.time] = pl.Series(like.time, when, schema[like.time])
    rest = [pl.Series(name, [None] * len(some), schema[name]) for name in schema if name not in done]
    return pl.DataFrame([*done.values(), *rest]).select(like.frame.columns), fits


def names_of_shape(
    kinds: Mapping[str, str], notations: Mapping[str, Mapping[str, Any]], inputs: Sequence[Mapping[str, Any]]
) -> list[str]:
    """The rows that those of the kept inputs are which fit columns of these kinds, without any data at hand."""
    typed, _ = _typed(kinds, inputs, notations)
    frame = [pl.Series(name, typed[name], _DTYPES.get(kind, pl.String)) for name, kind in kinds.items()]
    return row_ids(pl.DataFrame(frame)).to_list() if inputs else []


def _typed(
    kinds: Mapping[str, str], inputs: Sequence[Mapping[str, Any]], notations: Mapping[str, Mapping[str, Any]]
) -> tuple[Mapping[str, list[Any]], list[bool]]:
    """The typed columns of those that are rows of this data, and which are: some come from versions with others."""
    try:
        typed, _ = columns(kinds, inputs, notations)
    except UserError:
        if len(inputs) == 1:
            return {name: [] for name in kinds}, [False]
        half = len(inputs) // 2
        (first, fit), (second, more) = (_typed(kinds, some, notations) for some in (inputs[:half], inputs[half:]))
        return {name: [*first[name], *second[name]] for name in kinds}, [*fit, *more]
    told = [any(typed[name][i] is not None for name in kinds) for i in range(len(inputs))]
    return {name: [value for value, some in zip(typed[name], told, strict=True) if some] for name in kinds}, told


def _sampled(
    contract: Contract,
    loaded: Loaded,
    store: Store,
    kind: str,
    seen: pl.Series,
    most: int | None = None,
    keep: Sequence[str] = (),
) -> pl.DataFrame | None:
    """The rows of events of a kind, each input once, but those in `seen`; at most so many by keyed hash and `keep`."""
    names = [column.name for column in loaded.dataset.inputs]
    found: pl.DataFrame | None = None
    for events in _pages(store, contract.product, kind):
        inputs = [event.payload[KEPT] for event in events]
        rows, _ = rows_of_inputs(loaded, inputs, [event.whose for event in events], [_moment(e) for e in events])
        rows = of_others(rows, contract)
        rows = rows.filter(~identities(rows, names).is_in(seen.implode()))
        found = (rows if found is None else pl.concat([found, rows])).unique("_row", keep="first", maintain_order=True)
        if most is not None and found.height > most:
            drawn = pl.Series(draws(f"{contract.product}\x1ftraffic", found["_row"])[0])
            found = found.filter((drawn.rank("ordinal") <= most) | found["_row"].is_in(keep))
    return None if found is None else unanswered(found, contract)


def _moment(event: Event) -> float:
    """When an input came: a label says when what it is about did."""
    return float(event.payload.get(AT, event.at))


def _pages(store: Store, product: str, kind: str) -> Iterator[list[Event]]:
    """Events that hold an input, some thousand at a time."""
    after = 0
    while events := store.events(product, kind, after, _PAGE):
        after = events[-1].seq
        kept = [event for event in events if isinstance(event.payload.get(KEPT), Mapping)]
        if kept:
            yield kept
