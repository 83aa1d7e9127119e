"""Where predictions become events of the store: hidden first what must not be kept, then written in groups."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from zhinan.core import UserError
from zhinan.serve.guard import log_failure
from zhinan.serve.masking import Masking
from zhinan.store import Event, Store

__all__ = ["Archive", "Hider", "Kept", "NotTaken", "Prediction", "Row", "Taker"]

PART = 32
"""Rows of a job that are hidden in one turn: whose turn is next waits no longer than for so many."""

Row = Mapping[str, Any]

_Raw = TypeVar("_Raw")
_Hidden = TypeVar("_Hidden")


@dataclass(frozen=True, slots=True)
class Prediction:
    """An answer as it is to be written down.

    Args:
        payload: what is kept of the answer. at: seconds since 1970.
        person: who was answered, as they were named; None when nobody was.
        inputs: as they were sent; None when the contract keeps none.
        masking: of the version that answered; it hides what must not be kept before anything is written.
    """

    id: str
    payload: Mapping[str, Any]
    at: float
    person: str | None
    inputs: Mapping[str, Any] | None
    masking: Masking


@dataclass(frozen=True)
class Kept:
    """What became of a group: how many are on disk, and how many can never be."""

    stored: int
    dropped: int


class NotTaken(Exception):  # noqa: N818 - nothing went wrong with the group
    """The store takes nothing now; the group may be offered again, and nothing of it is stored twice."""


class Taker(Protocol):
    """Takes groups of predictions."""

    def take(self, group: Sequence[Prediction]) -> Kept:
        """Keeps a group, on disk when this returns. Raises: NotTaken; anything else counts against the group."""
        ...


class Hider(Protocol):
    """Hides what must not be kept in rows that are written down elsewhere."""

    def hide(self, rows: Sequence[Row], masking: Masking) -> list[dict[str, Any] | None]:
        """Rows as JSON, as `Keeper.rows` gives them; None in place of one that cannot be hidden."""
        ...

    def persons(self, names: Sequence[str], masking: Masking) -> list[str | None]:
        """The names under which persons are kept, as `Keeper.person` gives them; None as with rows."""
        ...


class Archive:
    """Writes groups into a store, for any thread. Choose it where masking may use this process's time.

    Threads that hide something take turns in the order in which they came: one interpreter does not get further when
    they do so at once, and none of them waits for all that another has.

    Args: store: gives the store; asked anew when it raised.
    """

    def __init__(self, store: Callable[[], Store], product: str) -> None:
        self._store, self._product = store, product
        self._failed = ""
        self._lock = threading.Lock()
        self._line: deque[threading.Event] = deque()

    def hide(self, rows: Sequence[Row], masking: Masking) -> list[dict[str, Any] | None]:
        """As `Hider` says."""
        return self._in_turns(masking.keeper.rows, rows)

    def persons(self, names: Sequence[str], masking: Masking) -> list[str | None]:
        """As `Hider` says."""
        keeper = masking.keeper
        return self._in_turns(lambda some: [*map(keeper.person, some)], names)

    def _in_turns(
        self, hide: Callable[[Sequence[_Raw]], Sequence[_Hidden]], raw: Sequence[_Raw]
    ) -> list[_Hidden | None]:
        hidden: list[_Hidden | None] = []
        for start in range(0, len(raw), PART):
            with self._turn():
                hidden += _each(hide, raw[start : start + PART])
        return hidden

    def take(self, group: Sequence[Prediction]) -> Kept:
        """As `Taker` says. What cannot be hidden, or stored at all, is dropped and takes no other with it."""
        with self._turn():
            events = [*_hidden(group)]
        try:
            stored = self._stored(self._store(), events)
        except UserError as error:
            raise NotTaken from error
        except Exception as error:
            if group[0].id != self._failed:  # it comes again and again
                self._failed = group[0].id
                log_failure(error)
            raise NotTaken from error
        return Kept(stored, len(group) - stored)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        mine = threading.Event()
        with self._lock:
            self._line.append(mine)
            self._line[0].set()
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                self._line.popleft()
                if self._line:
                    self._line[0].set()

    def _stored(self, store: Store, events: Sequence[Event]) -> int:
        if not events:
            return 0
        try:
            outcomes = store.add_events(self._product, events)
        except UserError as error:
            if error.code != "E412":
                raise
        else:
            return sum(outcome != "conflict" for outcome in outcomes)
        return sum(self._stored(store, [event]) for event in events) if len(events) > 1 else 0


def _each(hide: Callable[[Sequence[_Raw]], Sequence[_Hidden]], some: Sequence[_Raw]) -> Sequence[_Hidden | None]:
    """Some together; where that fails, each alone, and None for those that fail again."""
    try:
        return hide(some)
    except Exception as error:  # noqa: BLE001 - told of; it takes no other with it
        log_failure(error)
        return [None] if len(some) == 1 else [one for each in some for one in _each(hide, [each])]


def _hidden(group: Sequence[Prediction]) -> Iterator[Event]:
    """Events with what must not be kept hidden."""
    rows = _rows(group)
    for place, one in enumerate(group):
        try:
            kept = {} if one.inputs is None else {"input": rows.get(place) or one.masking.keeper.row(one.inputs)}
            person = None if one.person is None else one.masking.keeper.person(one.person)
        except Exception as error:  # noqa: BLE001 - what cannot be hidden is not kept, and takes no other with it
            log_failure(error)
        else:
            yield Event(one.id, "prediction", {**one.payload, **kept}, one.at, person)


def _rows(group: Sequence[Prediction]) -> dict[int, dict[str, Any]]:
    """Place in the group → what is kept of its inputs; those of a version are read together."""
    places: dict[Masking, list[int]] = {}
    for place, one in enumerate(group):
        if one.inputs is not None:
            places.setdefault(one.masking, []).append(place)
    kept: dict[int, dict[str, Any]] = {}
    for masking, some in places.items():
        try:
            kept.update(zip(some, masking.keeper.rows([group[place].inputs or {} for place in some]), strict=True))
        except Exception as error:  # noqa: BLE001 - told of; then each is read by itself
            log_failure(error)
    return kept
