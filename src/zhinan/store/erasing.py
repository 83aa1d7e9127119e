"""Erases what a store holds of a person. Every step may be killed and done again; `improve.forgetting` orders them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhinan.core.durable import sync_folder
from zhinan.store import _cleaning, _commitments, _derived, _events, _forgotten, _jobs, _keys, _runs, _versions
from zhinan.store.persons import Forgotten
from zhinan.store.rows import Event, VersionRow
from zhinan.store.store import Store

__all__ = [
    "Forgetting", "change_forgettings", "clean", "enter_forgotten", "erase_blobs", "erase_events", "erase_leftovers",
    "erase_version", "forgettings", "forgotten", "orphans", "persons_in_events", "remove_folder", "set_lineage",
    "version_folder",
]  # fmt: skip

Remove = Callable[[Connection, str, int, tuple[str, str]], bool]

_COUNTED = {"prediction": "predictions", "feedback": "feedback", "label": "labels"}


@dataclass(frozen=True)
class Forgetting:
    """One person who is being forgotten, or was. `state`: how far it has come, as `improve.forgetting` keeps it."""

    product: str
    person: str
    at: float
    state: Mapping[str, Any]


def forgotten(store: Store, product: str) -> Forgotten:
    """Everybody whose rows and events are no longer taken."""
    with store._database.read() as connection:
        return _forgotten.of(connection, product, store._cipher)


def forgettings(store: Store, product: str) -> tuple[Forgetting, ...]:
    """All who asked to be forgotten, the first first."""
    with store._database.read() as connection:
        found = _forgotten.every(connection, product)
    return tuple(Forgetting(product, person, at, state) for person, (at, state) in found.items())


def enter_forgotten(
    store: Store, product: str, people: Mapping[str, Collection[str]],
    begin: Callable[[str, Mapping[str, Any] | None], Mapping[str, Any]],
) -> None:  # fmt: skip
    """Enters persons, all or none: from now on the store takes no event of theirs.

    Args: people: person → the codes of their names. begin: person, and their state if they are on record → their state.
    """
    with store._database.write() as connection:
        _keys.guard(connection, store._cipher, store.where)
        _commitments.sealing_key(connection, product, store._cipher)
        known = _forgotten.every(connection, product)
        for person, codes in people.items():
            state = begin(person, known[person][1] if person in known else None)
            _forgotten.enter(connection, product, person, codes, state)


def change_forgettings(
    store: Store, product: str, people: Collection[str],
    change: Callable[[str, Mapping[str, Any]], Mapping[str, Any]],
) -> None:  # fmt: skip
    """Writes down how far it has come with some persons. `change` makes a person's new state of what is on record."""
    with store._database.write() as connection:
        states = _forgotten.every(connection, product)
        for person in people:
            _forgotten.set_state(connection, product, person, change(person, states[person][1]))


def erase_events(
    store: Store, product: str, gone: Forgotten, *, column: str | None = None, rows: Mapping[str, str] = {},
    named: Callable[[Sequence[Mapping[str, Any]]], Collection[str]] = lambda inputs: (),
) -> dict[str, Counter[str]]:  # fmt: skip
    """Erases what these persons said, answers that it is about and that were nobody else's, answers to them, and what
    people said of those and of their rows.

    So are rows of jobs that wait and say that they are theirs, and answers to such rows.

    Runs, such as the watching of labelled traffic, no longer know the rows.
    The counts are added to "erased" of each one's state in the same transaction.

    Args:
        column: of an input that says whose it is. rows: row → the person whose it is. named: the rows that inputs of
            theirs are.

    Returns:
        person → "predictions", "feedback", "labels" and "job_rows" → how many.
    """
    found, answers, labelled, inputs = _theirs(store, product, gone, column, rows)
    ids = {*rows, *labelled, *named(inputs)}
    counts: dict[str, Counter[str]] = {}
    for person, kind in found.values():
        counts.setdefault(person, Counter())[_COUNTED[kind]] += 1

    def of_job(one: Any) -> str | None:
        if isinstance(one, list):
            return (gone.who(one[1]) if one[1:] else None) or gone.of_input(one[0], column)
        return answers.get(str(one.get("id")))

    with store._database.write() as connection:
        _cleaning.due(connection)
        _events.erase(connection, product, sorted(found))
        if ids:
            _runs.strike(connection, product, ids)
        for person, n in _jobs.strike(connection, store._cipher, product, of_job).items():
            counts.setdefault(person, Counter())["job_rows"] += n
        states = _forgotten.every(connection, product)
        for person, more in counts.items():
            state = states[person][1]
            erased = Counter(state.get("erased", {})) + more
            _forgotten.set_state(connection, product, person, {**state, "erased": dict(erased)})
    return counts


def _theirs(
    store: Store, product: str, gone: Forgotten, column: str | None, rows: Mapping[str, str]
) -> tuple[dict[int, tuple[str, str]], dict[str, str], set[str], list[Mapping[str, Any]]]:
    """Events of theirs, seq → (person, kind); their answers, id → person; rows that labels name, and kept inputs."""
    found: dict[int, tuple[str, str]] = {}
    about: dict[str, str] = {}
    answers: dict[str, str] = {}
    others: dict[int, str] = {}
    labelled, inputs = set[str](), list[Mapping[str, Any]]()
    with store._database.read() as connection:
        for event in _events.each(connection, store._cipher, product):
            person = _whose(event, gone, column, rows)
            if person is not None:
                found[event.seq] = person, event.kind
                if event.kind == "prediction":
                    answers[event.event_id] = person
                labelled |= {str(event.payload["row"])} if event.kind == "label" else set()
                inputs += _input(event)
                if "prediction_id" in event.payload:
                    about.setdefault(str(event.payload["prediction_id"]), person)
            elif "prediction_id" in event.payload:
                others[event.seq] = str(event.payload["prediction_id"])
        made = _events.find(connection, store._cipher, product, [*about])
    made = {name: event for name, event in made.items() if event.kind == "prediction" and event.person is None}
    answers |= {name: about[name] for name in made}
    found |= {event.seq: (about[name], event.kind) for name, event in made.items()}
    found |= {seq: (answers[name], "feedback") for seq, name in others.items() if name in answers}
    return found, answers, labelled, [*inputs, *(one for event in made.values() for one in _input(event))]


def _input(event: Event) -> list[Mapping[str, Any]]:
    held = event.payload.get("input")
    return [held] if isinstance(held, Mapping) else []


def _whose(event: Event, gone: Forgotten, column: str | None, rows: Mapping[str, str]) -> str | None:
    """The forgotten person an event is of, None for others."""
    mine = (gone.who(name) for name in (event.person, event.whose) if name is not None)
    person = next((one for one in mine if one is not None), None)
    if (person := person or gone.of_input(event.payload.get("input"), column)) is not None:
        return person
    return rows.get(str(event.payload.get("row"))) if event.kind == "label" else None


def erase_blobs(store: Store, sources: Collection[str], names: Collection[str], before: float) -> int:
    """Erases every blob that was not computed from these sources alone; all such are caches, or hold one person more.

    What nobody listed goes too: what cannot be shown to be free of a person is not kept.

    Args: names: of blobs that stay in any case. before: what is written later is a matter of its writer.
    """
    with store._database.read() as connection:
        kept = _derived.only_from(connection, sources) | set(names)
    count = store.blobs.erase_all_but(kept, before)
    with store._database.write() as connection:
        _derived.keep_only(connection, kept)
    return count


def set_lineage(store: Store, version: VersionRow, lineage: Mapping[str, Any]) -> bool:
    """Puts another lineage into a version's summary, unless it is no longer the one that `version` shows; whether so.

    Raises: UserError E401.
    """
    with store._database.write() as connection:
        now = _versions.one(connection, version.product, version.number)
        if now.summary["lineage"] != version.summary["lineage"]:
            return False
        _versions.set_summary(connection, version.product, version.number, {"lineage": dict(lineage)})
        return True


def version_folder(store: Store, product: str, number: int) -> Path:
    """Where a version stands that was built in this store."""
    return store.blobs.folder.parent / "versions" / product / str(number)


def erase_version(
    store: Store, product: str, number: int, *, who: str, why: str, remove: Remove = _versions.erase
) -> bool:
    """Erases a version that does not answer, its files and what of it was kept aside; whether there was one. Audited.

    The row goes first, so that nobody is sent to files that are not there; done again it removes files left behind.

    Args: remove: what takes the row away and notes it; it says whether it did.
    """
    known = next((row for row in store.versions(product) if row.number == number), None)
    if known is not None:
        with store._database.write() as connection:
            if not remove(connection, product, number, (who, why)):
                return False  # somebody else erases it, files and all, or needs it now
        if proof := known.summary.get("proof"):
            store.blobs.erase(str(proof))
    folder = version_folder(store, product, number)
    if folder.exists():
        remove_folder(folder)
    return known is not None


def erase_leftovers(store: Store, product: str, entered: float, now: float) -> int:
    """Removes what commands that were killed left of a product, and pages that show examples of its rows; how many.

    Args: entered: when persons were: drafts written later are of a build that knew it. now: when this began.
    """
    place = store.blobs.folder.parent
    gone = [path for path in (place / "drafts").glob("draft-*") if _older(path, entered) and _of(path, product)]
    gone += orphans(store, product, now)
    for path in gone:
        remove_folder(path)
    page = place / f"{product}-check.html"
    if page.exists():
        page.unlink(missing_ok=True)
        return len(gone) + 1
    return len(gone)


def orphans(store: Store, product: str, before: float) -> list[Path]:
    """Folders written before a time of versions that have no row, as where one that erased them was killed."""
    with store._database.write() as connection:  # nobody enters one meanwhile
        known = {str(row.number) for row in _versions.every(connection, product)}
        found = [path for path in version_folder(store, product, 0).parent.glob("*") if path.name not in known]
    return [path for path in found if path.is_dir() and _older(path, before)]


def _older(path: Path, than: float) -> bool:
    return path.exists() and path.stat().st_mtime < than


def _of(draft: Path, product: str) -> bool:
    """Whether a draft is of a product; one that does not say may be."""
    try:
        return bool(json.loads((draft / "manifest.json").read_bytes())["product"] == product)
    except (OSError, ValueError, KeyError, TypeError):
        return True


def persons_in_events(store: Store, product: str, people: Forgotten, column: str | None = None) -> set[str]:
    """Which of some persons said something, or are named by an input's column."""
    with store._database.read() as connection:
        found = {_whose(event, people, column, {}) for event in _events.each(connection, store._cipher, product)}
    return {person for person in found if person is not None}


def remove_folder(folder: Path) -> None:
    """Removes a folder of files that nobody may write."""
    while folder.exists():
        with suppress(FileNotFoundError):  # another process removes it, too
            for path in (folder, *filter(Path.exists, folder.rglob("*"))):
                path.chmod(0o755 if path.is_dir() else 0o644)
            shutil.rmtree(folder)
    sync_folder(folder.parent)


def clean(store: Store) -> None:
    """Makes the database forget the bytes of what was erased: free pages, copies that moved rows left, and the log.

    Raises: UserError E429 when somebody's transaction can still see it.
    """
    _cleaning.clean(store._database)
