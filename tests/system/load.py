"""Clients on one thread: they cost little beside the service they ask, and what they cost is counted."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Load", "load", "request", "shares_of_peak"]


@dataclass
class Load:
    """What the clients were told, and how long each answer of 200 took."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    in_time: int = 0
    cpu: float = 0.0
    """Seconds of CPU that the clients took, from the first connection to the last answer."""

    @property
    def goodput(self) -> float:
        """Answers of 200 a second; those that came when the time was over do not count."""
        return self.in_time / self.seconds

    @property
    def p95(self) -> float:
        """Seconds."""
        return statistics.quantiles(self.waits, n=20)[18]


def request(rows: Sequence[Any]) -> bytes:
    """A request for predictions."""
    body = json.dumps({"inputs": rows}).encode()
    head = f"POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


def load(
    port: int, clients: int, seconds: float, asked: bytes, *, pause: float = 0.0, warm: float = 0.0,
    patient: bool = False,
) -> Load:  # fmt: skip
    """Asks over so many connections for some seconds, once they are made and warm, and over new ones where they end.

    Args:
        pause: seconds between an answer and the next request.
        patient: who is refused comes again when Retry-After says, else as soon as anybody.
    """
    found = Load(seconds)

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, since: float) -> None:
        until = since + seconds
        while (began := time.perf_counter()) < until:
            writer.write(asked)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_number(head, b"content-length"))
            status = int(head[9:12])
            found.statuses[status] += 1
            if status == 200:
                now = time.perf_counter()
                found.waits.append(now - began)
                found.in_time += since < now < until
            await asyncio.sleep(_number(head, b"retry-after") if patient and status != 200 else pause)
            if b"\r\nconnection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    async def crowd() -> None:
        made = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
        since = time.perf_counter() + warm
        await asyncio.gather(*(ask(*connection, since) for connection in made))

    began = time.process_time()
    asyncio.run(crowd())
    found.cpu = time.process_time() - began
    return found


def shares_of_peak(rates: Mapping[str, Sequence[float]], few: Collection[str]) -> dict[str, float]:
    """What each crowd that is not of the few is answered, of what the best of the few is.

    Whoever is best is chosen on every second round and measured on the others, and the other way round: the best of
    several that were measured once is mostly the luckiest.

    Args: rates: of each crowd its answers a second, in as many rounds, at least two.
    """

    def chosen(first: int) -> str:
        return max(few, key=lambda name: statistics.fmean(rates[name][first::2]))

    peaks = [rate for first in (0, 1) for rate in rates[chosen(1 - first)][first::2]]
    return {name: statistics.fmean(each) / statistics.fmean(peaks) for name, each in rates.items() if name not in few}


def _number(head: bytes, name: bytes) -> int:
    """The number that a header says."""
    return int(head.lower().partition(b"\r\n" + name + b":")[2].partition(b"\r")[0])
