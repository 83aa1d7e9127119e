"""Forgets persons: rows, events, caches and every version that knew them, retrained without; and says so on a receipt.

Nothing of a person is kept but keyed codes of their names, by which their rows are left out from now on. Each step is
written down when it is done and may be done again, so that a process killed anywhere is finished by the next call.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.core.account import by
from zhinan.core.private import sweep
from zhinan.data import Loaded
from zhinan.data.forgotten import places_of
from zhinan.engine.building import build
from zhinan.engine.built import Build
from zhinan.engine.labels import accepted, load_labelled, with_mask_key
from zhinan.engine.lineage import masks_of, names_of, rows_of_version, strike
from zhinan.engine.shares import cut
from zhinan.improve.corrections import corrections
from zhinan.improve.quarantine import FEEDBACK, screened, with_words
from zhinan.improve.unbuilt import AWAY, in_orders, rows_named
from zhinan.package import open_version
from zhinan.package.files import read_manifest
from zhinan.steps.tidying import tidy
from zhinan.store import Forgotten, Store, VersionRow, person_code
from zhinan.store.claims import claimed
from zhinan.store.erasing import (
    Forgetting,
    change_forgettings,
    clean,
    enter_forgotten,
    erase_events,
    erase_leftovers,
    forgettings,
    forgotten,
    persons_in_events,
)
from zhinan.store.receipts import keep_receipt
from zhinan.store.waiting import erase_caches, erase_versions

if TYPE_CHECKING:
    import polars as pl

__all__ = ["forget", "retraining"]

_UNKNOWN = ("E160", "E409", "E410", "E421")
"""What the lineage of a version cannot be read for: nobody can tell then that it is free of a person."""

_LEARNED = ("train", "dev", "sealed", "left out")
"""Parts by which a version depends on a row: rows of the pool it only read."""

_FREE: Mapping[str, Any] = {"versions": [], "sources": [], "erased": {}, "retrained": None, "done": False}


_Places = Mapping[str, Mapping[str, Sequence[int]]]
"""Person → file → lines."""


@dataclass(frozen=True)
class _Known:
    """What one version knows of some persons.

    Args:
        rows: id of a row → whose it is. counts: rows of each. taught: those whose rows it depends on.
        sources: fingerprints of the parts with such rows, by person.
        unread: when a version was built of whose rows nothing is known any more. anonymous: whether it learned from
        what users said where the contract does not tell whose a row is.
    """

    rows: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    taught: frozenset[str] = frozenset()
    sources: Mapping[str, Collection[str]] = field(default_factory=dict)
    unread: float = math.inf
    anonymous: bool = False


def forget(
    contract: Contract, store: Store, names: Sequence[str], retrain: Callable[[], Build] | None
) -> list[dict[str, Any]]:
    """Forgets persons, and finishes what an earlier call had to leave.

    Versions that learned from one of them go at once, unless they answer or stand behind the one that answers: these go
    when a version without the person has been proved and is live. Users' own files are never written.

    Args:
        names: as the data have them; none to finish what waits. retrain: builds a version on what is left; None
            leaves that for later.

    Returns:
        for each person, those named first, the receipt: {"product", "person", "at", "erased": {"rows", "feedback",
        "predictions", "labels", "job_rows", "derived"}, "files": [{"file", "lines"}], "unread": None or why the
        product's data could not be looked through, "versions": {"trained_on", "deleted", "pending"}, "retrained": None
        or {"version", "digest", "outcome"}, "error": None or that of the retraining, "next": a command or None,
        "audit", "path"}.

    Raises:
        UserError: E550 when there is nobody to forget, E551 for a name of which nothing is known; then nothing was
            done. As `data.load` for files that cannot be read; files that are not there any more hold up nothing.
    """
    contract = with_mask_key(contract, store)
    if not names and all(one.state["done"] for one in forgettings(store, contract.product)):
        raise UserError("E550")
    asked, places, unread = _enter(contract, store, names)
    waiting = [one.person for one in forgettings(store, contract.product) if not one.state["done"]]
    people = [*dict.fromkeys([*asked, *waiting])]
    with claimed(store, contract.product, "forget"):
        _erase(contract, store, people, places)
    error = _renew(contract, store, people, retrain)
    return _receipts(contract, store, people, (places, unread), error)


def retraining(contract: Contract, store: Store, place: str | Path, **options: Any) -> Callable[[], Build]:
    """Builds as the live version was built: if it learned from users, with what others than the forgotten said.

    Args: place: of the store. options: of `build`.
    """

    def make() -> Build:
        live = store.stages(contract.product).live
        facts = open_version(store.version(contract.product, live).path).manifest.facts if live else {}
        loaded = _taught(contract, store) if facts.get("taught") else None
        return build(contract, loaded=loaded, parent=live, store=place, **options)

    return make


def _taught(contract: Contract, store: Store) -> tuple[Loaded, int]:
    """The data with what others than the forgotten taught, and the seq of the last label."""
    bound = with_mask_key(contract, store)
    fresh, labels = load_labelled(bound, store)
    said = corrections(store, contract.product, fresh, accepted(contract, fresh))
    parts = cut(bound, fresh)
    return with_words(fresh, screened(bound, store, (fresh, parts), said)), labels


def _enter(
    contract: Contract, store: Store, names: Sequence[str]
) -> tuple[list[str], _Places, Mapping[str, Any] | None]:
    """Puts on record who is to be forgotten and which versions know them, before anything that tells is erased.

    Returns: the persons, where rows of everybody forgotten stand in the user's files, and why those were not read.
    """
    product = contract.product
    secret, masks = store.sealing_key(product), masks_of(contract)
    before = forgotten(store, product)
    codes: dict[str, set[str]] = {}
    for name in names:
        mine = {person_code(secret, one) for one in names_of(masks, name)}
        known = next((before.people[code] for code in sorted(mine) if code in before.people), None)
        codes.setdefault(known or person_code(secret, tidy(name)), set()).update(mine)
    people = Forgotten({code: person for person, mine in codes.items() for code in mine} | dict(before.people), secret)
    found = {version.number: _known(store, version, people) for version in store.versions(product)}
    earlier = {one.person: one for one in forgettings(store, product)}
    seen = {who for one in found.values() for who in one.rows.values()}
    places, unread = _in_files(contract, people)
    said: set[str] = set()
    if any(one.anonymous for one in found.values()):
        said = persons_in_events(store, product, people, contract.data.person)
    _refuse_unknown(contract, store, people, [*codes], {*earlier, *seen, *places})

    def begin(person: str, held: Mapping[str, Any] | None) -> Mapping[str, Any]:
        state, since = held or _FREE, earlier[person].at if person in earlier else math.inf
        taught = {number for number, one in found.items()
                  if person in one.taught or one.unread < since or (one.anonymous and person in said)}  # fmt: skip
        sources = {source for one in found.values() for source in one.sources.get(person, ())}
        return {
            **state,
            "column": contract.data.person,
            "versions": sorted({*state["versions"], *taught}),
            "sources": sorted({*state["sources"], *sources}),
            "done": state["done"] and taught <= {*state["versions"]},
        }

    enter_forgotten(store, product, {person: codes.get(person, ()) for person in {*codes, *earlier}}, begin)
    return [*codes], places, unread


def _in_files(contract: Contract, people: Forgotten) -> tuple[_Places, Mapping[str, Any] | None]:
    """Where their rows stand in the user's files; where these are gone, or it was a frame, the store knows enough."""
    try:
        return places_of(contract, people.who), None
    except UserError as error:
        if error.code not in AWAY:
            raise
        return {}, error.as_dict()


def _refuse_unknown(
    contract: Contract, store: Store, people: Forgotten, asked: Sequence[str], known: Collection[str]
) -> None:
    """A slip in a name must not end in a receipt that says all is done."""
    missing = [person for person in asked if person not in known]
    if missing:
        said = persons_in_events(store, contract.product, people, contract.data.person)
        for person in missing:
            if person not in said:
                raise UserError("E551", place=asked.index(person) + 1, count=len(asked))


def _known(store: Store, version: VersionRow, people: Forgotten) -> _Known:
    """What a version knows of them; one whose lineage cannot be read may know whoever was entered later."""
    rows = _lineage(store, version)
    if rows is None:
        return _Known(unread=version.at)
    mine, counts = dict[str, str](), Counter[str]()
    taught: set[str] = set()
    sources: dict[str, set[str]] = {}
    parts = version.summary["lineage"]["parts"]
    for row, now, part, code in _of_people(rows, people).iter_rows():
        person = people.people[code]
        counts[person] += 1
        mine |= {one.hex(): person for one in (row, now) if one is not None}
        if part in _LEARNED:
            taught.add(person)
        if part in parts:
            sources.setdefault(person, set()).add(parts[part])
    return _Known(mine, counts, frozenset(taught), sources, anonymous=_anonymous(rows))


def _anonymous(rows: pl.DataFrame) -> bool:
    import polars as pl

    return rows["person"].null_count() == rows.height and bool((rows["file"].cast(pl.String) == FEEDBACK).any())


def _of_people(rows: pl.DataFrame, people: Forgotten) -> pl.DataFrame:
    import polars as pl

    return rows.filter(pl.col("person").is_in([*people.people])).select("row", "now", "part", "person")


def _lineage(store: Store, version: VersionRow) -> pl.DataFrame | None:
    try:
        return rows_of_version(store, version)
    except UserError as error:
        if error.code not in _UNKNOWN:
            raise
        return None


def _erase(contract: Contract, store: Store, people: Sequence[str], places: _Places) -> None:
    """All that can go at once: events, lineage, caches, what was left behind, versions that nobody waits for, bytes."""
    product, now = contract.product, time.time()
    gone = forgotten(store, product)
    rows = in_orders(contract, store, gone)
    counts = {person: sum(map(len, held.values())) for person, held in places.items()}
    for version in store.versions(product):
        known = _known(store, version, gone)
        rows |= known.rows
        counts |= {person: max(n, counts.get(person, 0)) for person, n in known.counts.items()}
    named = rows_named(store, product)
    erase_events(store, product, gone, column=contract.data.person, rows=rows, named=named)
    for version in store.versions(product):
        if (lineage := _lineage(store, version)) is not None:
            strike(store, version, lineage, gone.people.keys())
    derived = erase_caches(store, now)
    mine = [one for one in forgettings(store, product) if one.person in people]
    erase_leftovers(store, product, max(one.at for one in mine), now)
    erase_versions(store, product)

    def counted(person: str, state: Mapping[str, Any]) -> Mapping[str, Any]:
        held = state["erased"]
        more = {"derived": held.get("derived", 0) + derived, "rows": max(held.get("rows", 0), counts.get(person, 0))}
        return {**state, "erased": {**held, **more}}

    change_forgettings(store, product, people, counted)
    sweep()
    clean(store)


def _renew(
    contract: Contract, store: Store, people: Sequence[str], retrain: Callable[[], Build] | None
) -> UserError | None:
    """Puts a version without them live where one that knows them is; why there is none, if building it was refused."""
    product = contract.product
    mine = [one for one in forgettings(store, product) if one.person in people]
    known = {number for one in mine if not one.state["done"] for number in one.state["versions"]}
    live = store.stages(product).live
    if not known or (live is not None and live not in known):
        return None
    made, error = _made_since(contract, store, mine, known), None
    if retrain is not None and (made is None or made.outcome != "PROVED"):
        try:
            built = retrain().version
            made = None if built is None else store.version(product, built)
        except UserError as failed:
            error = failed
    if made is not None:
        number, waiting = made.number, [one.person for one in mine if one.state["versions"] and not one.state["done"]]
        change_forgettings(store, product, waiting, lambda person, state: {**state, "retrained": number})
    stages = store.stages(product)
    if made is not None and made.outcome == "PROVED" and stages.live in known:
        store.promote(product, made.number, revision=stages.revision, who=by("forget"), why="a person was forgotten")
    erase_versions(store, product)
    if known.isdisjoint(row.number for row in store.versions(product)):
        erase_caches(store, time.time())
        clean(store)
    return error


def _made_since(contract: Contract, store: Store, mine: Sequence[Forgetting], known: set[int]) -> VersionRow | None:
    """The newest version of this contract that was built since all of them were entered, so without them, and as the
    live one was: no challenger that `improve` decided against, none that users taught where they did not teach that.
    """
    product, since = contract.product, max(one.at for one in mine)
    refused = {row.number for row in store.audit(product) if row.action == "keep"}
    rows = [row for row in store.versions(product) if row.at > since and row.number not in known | refused]
    rows = [row for row in rows if row.summary.get("contract") == contract.hash]
    live = store.stages(product).live
    taught = live is not None and bool(_taught_by_users(store.version(product, live)))
    return next((row for row in reversed(rows) if _taught_by_users(row) is taught), None)


def _taught_by_users(version: VersionRow) -> bool | None:
    """Whether it learned from users; None of one that cannot be read."""
    try:
        return bool(read_manifest(Path(version.path)).facts.get("taught"))
    except UserError:
        return None


def _receipts(
    contract: Contract,
    store: Store,
    people: Sequence[str],
    found: tuple[_Places, Mapping[str, Any] | None],
    error: UserError | None,
) -> list[dict[str, Any]]:
    product, (places, unread) = contract.product, found
    there = {row.number: row for row in store.versions(product)}
    change_forgettings(
        store, product, people, lambda person, state: {**state, "done": there.keys().isdisjoint(state["versions"])}
    )
    states = {one.person: one.state for one in forgettings(store, product)}
    receipts = []
    for person in people:
        state = states[person]
        pending = [number for number in state["versions"] if number in there]
        told = there.get(state["retrained"])
        receipt = {
            "product": product,
            "person": person,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "erased": {key: state["erased"].get(key, 0)
                       for key in ("rows", "feedback", "predictions", "labels", "job_rows", "derived")},
            "files": [{"file": file, "lines": lines} for file, lines in places.get(person, {}).items()],
            "unread": unread,
            "versions": {
                "trained_on": state["versions"],
                "deleted": [number for number in state["versions"] if number not in there],
                "pending": pending,
            },
            "retrained": told and {"version": told.number, "outcome": told.outcome,
                                   "digest": open_version(told.path).manifest.draft},
            "error": error.as_dict() if error is not None and pending else None,
            "next": _next(pending, told),
        }  # fmt: skip
        signed, path = keep_receipt(store, receipt)
        receipts.append({**signed, "path": str(path)})
    return receipts


def _next(pending: Sequence[int], made: VersionRow | None) -> str | None:
    """What takes the pending versions away."""
    if not pending:
        return None
    return "zhinan forget" if made is None else f"zhinan promote @{made.number} && zhinan forget"
