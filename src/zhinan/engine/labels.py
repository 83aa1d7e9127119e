"""What people said about rows: labels as events, one opinion a person, settled where they agree."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhinan.contract import Contract
from zhinan.core import UserError, find, suggest
from zhinan.data import Loaded, load
from zhinan.data.tags import has_labels
from zhinan.engine.taught import kept_of, with_traffic
from zhinan.steps.values.lists import items_of
from zhinan.store import Event, Store
from zhinan.store.erasing import forgotten

__all__ = [
    "Agreement", "Opinion", "accepted", "agreement", "load_labelled", "opinions", "record", "settled", "widened",
    "with_mask_key",
]  # fmt: skip

CHUNK = 1000


@dataclass(frozen=True)
class Opinion:
    """One person's label of one row.

    Args: queue: what it was asked for. seq: its place among all events. where: FILE:LINE that it came from.
    """

    row: str
    label: str
    who: str
    queue: str
    seq: int = 0
    where: str = ""


@dataclass(frozen=True)
class Agreement:
    """How far people agree on the rows that at least two of them labelled.

    Args: rows: how many. share: of pairs of opinions that are the same. alpha: the same beyond chance.
    """

    rows: int
    share: float
    alpha: float | None


def opinions(store: Store, product: str, until: int | None = None) -> tuple[Opinion, ...]:
    """The latest opinion of each person on each row, oldest first.

    Args: until: the seq after which nothing counts, to see what was known at an earlier moment.
    """
    latest: dict[tuple[str, str], Opinion] = {}
    after = 0
    while events := store.events(product, "label", after, CHUNK):
        after = events[-1].seq
        for event in events:
            if until is not None and event.seq > until:
                break
            said = Opinion(**{key: str(event.payload[key]) for key in ("row", "label", "who", "queue")}, seq=event.seq)
            latest[said.row, said.who] = said
    return tuple(sorted(latest.values(), key=lambda one: one.seq))


def settled(said: Iterable[Opinion], *, numbers: bool = False) -> dict[str, str]:
    """Row → the label that more people gave than any other; a row on which they stand equal is not settled.

    Of numbers the median; of an even count the lower middle one, so that somebody said it.
    """
    if numbers:
        right = find("task", "regress").target().right
        given: dict[str, list[str]] = defaultdict(list)
        for one in said:
            if right(one.label, ()) is not None:
                given[one.row].append(one.label)
        return {row: sorted(labels, key=float)[(len(labels) - 1) // 2] for row, labels in given.items()}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for one in said:
        votes[one.row][one.label] += 1
    found = {}
    for row, counts in votes.items():
        first, *others = counts.most_common(2)
        if not others or first[1] > others[0][1]:
            found[row] = first[0]
    return found


def agreement(said: Iterable[Opinion], *, numbers: bool = False) -> Agreement | None:
    """How far people agree; None while no row has two opinions.

    Source: Krippendorff, Content Analysis (1980): alpha for nominal labels or numbers, any number of people a row.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for one in said:
        votes[one.row][one.label] += 1
    shared = [counts for counts in votes.values() if counts.total() > 1]
    if not shared:
        return None
    same = sum(n * (n - 1) for counts in shared for n in counts.values())
    pairs = sum(counts.total() * (counts.total() - 1) for counts in shared)
    each = sum(counts.total() for counts in shared)
    differ = sum((pairs_of - same_of) / (m - 1) for pairs_of, same_of, m in map(_pairs, shared))
    totals = sum(shared, Counter())
    chance = each * each - sum(n * n for n in totals.values())
    alpha = 1 - (each - 1) * differ / chance if chance else None
    if numbers:
        alpha = _alpha_of_numbers(shared)
    return Agreement(len(shared), same / pairs, alpha)


def _alpha_of_numbers(shared: Sequence[Counter[str]]) -> float | None:
    """1 − the squared differences within rows over those between any two opinions."""
    every = [float(label) for counts in shared for label in counts.elements()]
    within = 0.0
    for counts in shared:
        given = [float(label) for label in counts.elements()]
        within += _apart(given) / (len(given) - 1)
    between = _apart(every) / (len(every) - 1)
    return 1 - within / between if between else None


def _apart(numbers: Sequence[float]) -> float:
    """The sum of squared differences of all ordered pairs."""
    mean = sum(numbers) / len(numbers)
    return 2 * len(numbers) * sum((one - mean) ** 2 for one in numbers)


def _pairs(counts: Counter[str]) -> tuple[int, int, int]:
    m = counts.total()
    return m * (m - 1), sum(n * (n - 1) for n in counts.values()), m


def accepted(contract: Contract, loaded: Loaded) -> tuple[str, ...]:
    """The classes that may be said: those of the data, and those that `improve.classes` adds; none for numbers."""
    return tuple(sorted({*loaded.classes, *contract.improve.classes})) if loaded.classes else ()


def widened(loaded: Loaded, said: Iterable[str]) -> Loaded:
    """The data with the classes that somebody said besides its own; of numbers as they are."""
    if has_labels(loaded.dataset):
        said = [label for text in said for label in items_of(text)]
    return replace(loaded, classes=tuple(sorted({*loaded.classes, *said}))) if loaded.classes else loaded


def record(
    contract: Contract, store: Store, loaded: Loaded, said: Sequence[Opinion], sealed: Collection[str] = ()
) -> dict[str, int]:
    """Stores opinions, in one transaction; one that its person holds already changes nothing.

    Args: sealed: rows whose label stays as it came: to correct them one by one would flatter the proof.

    Returns:
        {"new", "changed", "repeat"}.

    Raises:
        UserError: E340 for a label that is no class of the product, E341 for a row that is not in its data, E346 for
            a sealed one; then nothing is stored.
    """
    held = {(one.row, one.who): one for one in opinions(store, contract.product)}
    people = _people(loaded)
    traffic = _of_traffic(loaded, {one.row for one in said})
    counts: Counter[str] = Counter()
    events: list[Event] = []
    for one in said:
        classes = accepted(contract, loaded)
        right = find("task", loaded.task).target().right(one.label, classes)
        if right is None:
            if not classes:
                raise UserError("E309", one.where, label=one.label)
            raise UserError("E340", one.where, label=one.label, suggestion=suggest(one.label, classes))
        if classes:
            one = replace(one, label=right)  # noqa: PLW2901 however its labels were parted or written
        if one.row not in people:
            raise UserError("E341", one.where, row=one.row)
        if one.row in sealed:
            raise UserError("E346", one.where, row=one.row)
        before = held.get((one.row, one.who))
        if before is not None and before.label == one.label:
            counts["repeat"] += 1
            continue
        counts["new" if before is None else "changed"] += 1
        held[one.row, one.who] = one
        payload = {"row": one.row, "label": one.label, "who": one.who, "queue": one.queue}
        turn = 0 if before is None else before.seq + 1  # the same opinion held again later is another event
        name = hashlib.sha256(f"{sorted(payload.items())}{turn}".encode()).hexdigest()
        kept = {**payload, **traffic.get(one.row, {})}
        events.append(Event(f"label-{name[:40]}", "label", kept, time.time(), people[one.row]))
    if events:
        store.add_events(contract.product, events)
    return {key: counts[key] for key in ("new", "changed", "repeat")}


def _of_traffic(loaded: Loaded, rows: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """What to keep of those rows that stand in no file: a label that was given on purpose outlives the prediction."""
    if loaded.pool is None:
        return {}
    known = set(loaded.origins["_row"])
    return kept_of(loaded.pool, [row for row in rows if row not in known])


def _people(loaded: Loaded) -> Mapping[str, str | None]:
    """Row id → whose row it is, over everything that was loaded."""
    found: dict[str, str | None] = {}
    for part in (loaded.dataset, loaded.test, loaded.pool):
        if part is not None:
            who = part.values(part.person) if part.person else [None] * len(part)
            found.update(zip(part.values("_row"), who, strict=True))
    return found


def with_mask_key(contract: Contract, store: Store, *, keep: bool = True) -> Contract:
    """The contract with its masks bound to the key that they had when its rows were first masked for this store.

    It leaves out the rows of persons who were forgotten, too.

    Only masks that hash or make stand-ins, and the names of persons, need it. A row's name and part depend on what
    masks left of it: with another key, rows that were trained on would come as new ones, and a sealed set that was
    opened would look unopened.

    Args: keep: whether the key in use is now bound to the product, if none is yet.
    """
    contract = contract.without(forgotten(store, contract.product))
    needed = contract.masks_with_key
    if not (needed or contract.data.person):
        return contract
    return contract.with_mask_key(store.mask_key(contract.product, needed=needed, keep=keep))


def load_labelled(
    contract: Contract,
    store: Store,
    until: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Loaded, int]:
    """A contract's data and traffic with what people said since, and the seq of the last label that counts (0: none).

    Args: until: as for `opinions`; the seq that an earlier build was given.

    Raises:
        UserError: as `data.load`.
    """
    loaded = with_traffic(contract, store, load(contract, progress))
    said = opinions(store, contract.product, until)
    right = find("task", loaded.task).target().right
    agreed = settled(said, numbers=not loaded.classes)
    classes = accepted(contract, loaded)
    known = {row: label for row, said_of in agreed.items() if (label := right(said_of, classes)) is not None}
    if not classes:
        known = {row: agreed[row] for row in known}
    return replace(widened(loaded, known.values()), labels=known), max((one.seq for one in said), default=0)
