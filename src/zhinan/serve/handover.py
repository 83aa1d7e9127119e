"""How a worker hands predictions to the record process: lines of JSON over a private socket, each group acknowledged.

Raw inputs pass through it, so it is never a file. A worker says first what hides things for a version, once a
connection: {"masking": …}; its number is its place among those. Then {"group": [[id, payload, at, person, inputs,
masking], …]}, answered by {"stored": n, "dropped": n} when that is on disk, or by {} when the store takes nothing now;
or, of a job, {"rows": [inputs, …], "by": masking} or {"persons": [name, …], "by": masking}, answered by
{"hidden": [inputs or name, …]} with null for what cannot be hidden, or by {} when nothing can be now.
However long that takes, it is waited for: only the end of the connection says that nobody will answer.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from io import BufferedRWPair
from typing import Any, Protocol, TypeVar

from zhinan.core import UserError
from zhinan.serve.archive import Hider, Kept, NotTaken, Prediction, Row, Taker
from zhinan.serve.guard import log_failure
from zhinan.serve.masking import Masking

__all__ = ["Apart", "Handover", "answer"]

MASKINGS = 8
"""Versions that one connection may be about; then both ends forget them and begin anew."""

LOSSES = 3
PAUSE_SECONDS = 0.2
"""Times that it may die over rows of a job, or cannot be asked, before that is told; and between two tries."""

_Hidden = TypeVar("_Hidden")


class Handover:
    """The worker's end, for one thread. It connects when there is something to hand over.

    Args: address: path of the socket.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: socket.socket | None = None
        self._file: BufferedRWPair | None = None
        self._told: dict[Masking, int] = {}
        self._over = False

    def take(self, group: Sequence[Prediction]) -> Kept:
        """As `Taker` says."""
        with self._talk() as file:
            rows: list[bytes] = []
            for one in group:
                rows += _row(one, self._number(one.masking, file))
            said = _asked(file, b'{"group": [' + b", ".join(rows) + b"]}\n")
        if not said:
            raise NotTaken
        return Kept(said["stored"], said["dropped"] + len(group) - len(rows))

    def hide(self, rows: Sequence[Row], masking: Masking) -> list[dict[str, Any] | None]:
        """As `Hider` says."""
        return self._hidden("rows", [*map(_sent, rows)], masking)

    def persons(self, names: Sequence[str], masking: Masking) -> list[str | None]:
        """As `Hider` says."""
        return self._hidden("persons", list(names), masking)

    def _hidden(self, what: str, sent: Sequence[Any], masking: Masking) -> list[Any]:
        with self._talk() as file:
            number = self._number(masking, file)
            said = _asked(file, _line({what: sent, "by": number}) + b"\n")
        if not said:
            raise NotTaken
        return list(said["hidden"])

    def interrupt(self) -> None:
        """For any thread: whoever asks gets no answer, and nothing is asked from now on."""
        self._over = True
        with suppress(OSError):  # nobody is connected, or not yet: who is about to looks at what was just said
            if (connection := self._connection) is not None:
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hangs up."""
        self._told.clear()
        with suppress(OSError):  # what could not be sent stays unsent
            if self._connection is not None:
                self._connection.shutdown(socket.SHUT_RDWR)
        for end in (self._file, self._connection):
            with suppress(OSError):
                if end is not None:
                    end.close()
        self._file = self._connection = None

    @contextmanager
    def _talk(self) -> Iterator[BufferedRWPair]:
        """The connection, which ends with whatever goes wrong on it."""
        try:
            yield self._opened()
        except BaseException as error:
            self.close()
            if isinstance(error, OSError) and not isinstance(error, ConnectionError):
                raise NotTaken from error  # this machine has no descriptor or memory left for it
            raise

    def _opened(self) -> BufferedRWPair:
        if len(self._told) >= MASKINGS:
            self.close()
        if self._file is None:
            try:
                self._connection = socket.socket(socket.AF_UNIX)
                self._connection.connect(self._address)
                self._file = self._connection.makefile("rwb")
            except OSError as error:
                raise NotTaken from error
        if self._over:
            raise NotTaken
        return self._file

    def _number(self, masking: Masking, file: BufferedRWPair) -> int:
        if masking not in self._told:
            file.write(_line({"masking": masking.told()}) + b"\n")
            self._told[masking] = len(self._told)
        return self._told[masking]


class Apart:
    """Lets the record process hide rows, for any thread of a worker: one after another, again where it died over them.

    Args: address: path of the socket.
    """

    def __init__(self, address: str) -> None:
        self._handover = Handover(address)
        self._lock = threading.Lock()
        self._over = threading.Event()

    def hide(self, rows: Sequence[Row], masking: Masking) -> list[dict[str, Any] | None]:
        """As `Hider` says.

        Raises: UserError E471 when it cannot be asked now; ConnectionError when it died over these rows again and
        again: trying on would not help, so a job counts that as a worker lost.
        """
        return self._patiently(lambda: self._handover.hide(rows, masking))

    def persons(self, names: Sequence[str], masking: Masking) -> list[str | None]:
        """As `Hider` says. Raises: as `hide`."""
        return self._patiently(lambda: self._handover.persons(names, masking))

    def _patiently(self, ask: Callable[[], list[_Hidden]]) -> list[_Hidden]:
        with self._lock:
            for left in reversed(range(LOSSES)):
                if self._over.is_set():
                    break
                try:
                    return ask()
                except ConnectionError as error:
                    if self._over.is_set():  # it did not die: we hung up
                        break
                    if not left:
                        raise
                    log_failure(error)
                except NotTaken as error:
                    if not left:
                        raise UserError("E471") from error
                self._over.wait(PAUSE_SECONDS)
            raise UserError("E471")

    def close(self) -> None:
        """Hangs up, for ever; who asks, or waits to, is told that it cannot be asked."""
        self._over.set()
        self._handover.interrupt()
        with self._lock:  # whoever asked has been told
            self._handover.close()


class _Both(Taker, Hider, Protocol):
    """What answers a worker."""


def answer(connection: socket.socket, archive: _Both) -> None:
    """The other end of one connection: lets groups be taken, and rows be hidden, until the worker hangs up."""
    maskings: list[Masking] = []
    with suppress(OSError), connection, connection.makefile("rwb") as file:
        while (line := file.readline()).endswith(b"\n"):
            if line.startswith(b'{"masking"'):
                maskings.append(_masking(line))
                continue
            said = _read(line)
            if "by" in said:
                masking = maskings[said["by"]]
                file.write(_of_job(said, masking, archive) + b"\n")
                file.flush()
                continue
            group = [_prediction(row, maskings) for row in said["group"]]
            try:
                kept = archive.take(group) if group else Kept(0, 0)
            except NotTaken:
                file.write(b"{}\n")
            else:
                file.write(_line({"stored": kept.stored, "dropped": kept.dropped}) + b"\n")
            file.flush()


def _of_job(said: Mapping[str, Any], masking: Masking, archive: Hider) -> bytes:
    """The answer to rows or names of a job."""
    rows, names = said.get("rows"), said.get("persons", ())
    try:
        hidden = archive.persons(names, masking) if rows is None else archive.hide([*map(_came, rows)], masking)
    except UserError as error:  # what hides cannot be had now, such as its key
        log_failure(error)
        return b"{}"
    return _line({"hidden": hidden})


@lru_cache(2 * MASKINGS)
def _masking(line: bytes) -> Masking:
    """The same for all workers, as compiled patterns take memory."""
    return Masking.read(_read(line)["masking"])


def _row(one: Prediction, number: int) -> list[bytes]:
    """A prediction as JSON; nothing for one that is none."""
    try:
        return [_line([one.id, one.payload, one.at, one.person, one.inputs and _sent(one.inputs), number])]
    except (TypeError, ValueError) as error:
        log_failure(error)
        return []


def _prediction(row: Sequence[Any], maskings: Sequence[Masking]) -> Prediction:
    return Prediction(row[0], row[1], row[2], row[3], row[4] and _came(row[4]), maskings[row[5]])


def _sent(inputs: Row) -> Row:
    """Inputs with their times as {"at": …}, as no value is an object."""
    return {k: {"at": v.isoformat()} if isinstance(v, datetime) else v for k, v in inputs.items()}


def _came(inputs: Row) -> Row:
    return {k: datetime.fromisoformat(v["at"]) if isinstance(v, dict) else v for k, v in inputs.items()}


def _asked(file: BufferedRWPair, line: bytes) -> Any:
    file.write(line)
    file.flush()
    heard = file.readline()
    if not heard.endswith(b"\n"):
        raise ConnectionResetError("the record process hung up")
    return json.loads(heard)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _read(line: bytes) -> Any:
    return json.loads(line.decode("utf-8", "surrogatepass"))
