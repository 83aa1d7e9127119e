"""How a worker hands predictions to the record process: lines of JSON over a private socket, each group acknowledged.

Raw inputs pass through it, so it is never a file. A worker says first what hides things for a version, once a
connection: {"masking": …}; its number is its place among those. Then {"group": [[id, payload, at, person, inputs,
masking], …]}, answered by {"stored": n, "dropped": n} when that is on disk, or by {} when the store takes nothing now.
However long that takes, it is waited for: only the end of the connection says that nobody will answer.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from io import BufferedRWPair
from typing import Any

from zhinan.serve.archive import Kept, NotTaken, Prediction, Taker
from zhinan.serve.guard import log_failure
from zhinan.serve.masking import Masking

__all__ = ["Handover", "answer"]

MASKINGS = 8
"""Versions that one connection may be about; then both ends forget them and begin anew."""


class Handover:
    """The worker's end, for one thread. It connects when there is something to hand over.

    Args: address: path of the socket.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: socket.socket | None = None
        self._file: BufferedRWPair | None = None
        self._told: dict[Masking, int] = {}

    def take(self, group: Sequence[Prediction]) -> Kept:
        """As `Taker` says."""
        try:
            file = self._opened()
            rows: list[bytes] = []
            for one in group:
                rows += _row(one, self._number(one.masking, file))
            file.write(b'{"group": [' + b", ".join(rows) + b"]}\n")
            file.flush()
            heard = file.readline()
            if not heard.endswith(b"\n"):
                raise ConnectionResetError("the record process ended")
            said = json.loads(heard)
        except BaseException as error:
            self.close()
            if isinstance(error, OSError) and not isinstance(error, ConnectionError):
                raise NotTaken from error  # this machine has no descriptor or memory left for it
            raise
        if not said:
            raise NotTaken
        return Kept(said["stored"], said["dropped"] + len(group) - len(rows))

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
        return self._file

    def _number(self, masking: Masking, file: BufferedRWPair) -> int:
        if masking not in self._told:
            file.write(_line({"masking": masking.told()}) + b"\n")
            self._told[masking] = len(self._told)
        return self._told[masking]


def answer(connection: socket.socket, taker: Taker) -> None:
    """The other end of one connection: lets groups be taken until the worker hangs up."""
    maskings: list[Masking] = []
    with suppress(OSError), connection, connection.makefile("rwb") as file:
        while (line := file.readline()).endswith(b"\n"):
            if line.startswith(b'{"masking"'):
                maskings.append(_masking(line))
                continue
            group = [_prediction(row, maskings) for row in _read(line)["group"]]
            try:
                kept = taker.take(group) if group else Kept(0, 0)
            except NotTaken:
                file.write(b"{}\n")
            else:
                file.write(_line({"stored": kept.stored, "dropped": kept.dropped}) + b"\n")
            file.flush()


@lru_cache(2 * MASKINGS)
def _masking(line: bytes) -> Masking:
    """The same for all workers, as compiled patterns take memory."""
    return Masking.read(_read(line)["masking"])


def _row(one: Prediction, number: int) -> list[bytes]:
    """A prediction as JSON, its times as {"at": …}, as no value is an object; nothing for one that is none."""
    inputs = one.inputs and {k: {"at": v.isoformat()} if isinstance(v, datetime) else v for k, v in one.inputs.items()}
    try:
        return [_line([one.id, one.payload, one.at, one.person, inputs, number])]
    except (TypeError, ValueError) as error:
        log_failure(error)
        return []


def _prediction(row: Sequence[Any], maskings: Sequence[Masking]) -> Prediction:
    inputs = row[4] and {k: datetime.fromisoformat(v["at"]) if isinstance(v, dict) else v for k, v in row[4].items()}
    return Prediction(row[0], row[1], row[2], row[3], inputs, maskings[row[5]])


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _read(line: bytes) -> Any:
    return json.loads(line.decode("utf-8", "surrogatepass"))
