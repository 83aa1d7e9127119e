"""Who may be read next: what comes when enough rows wait stands in line, unread, and is let in as room comes."""

from __future__ import annotations

import asyncio
from collections import deque

from zhinan.core import UserError
from zhinan.serve.inference import Inference

__all__ = ["Admission"]

ROOM_SECONDS = 1.0
"""How long a request waits for room before it is refused: those that come again at once take no time from others."""


class Admission:
    """The line before the inference thread of a worker; used by its event loop alone.

    Whoever was let in is answered, so nothing is read for nobody.

    Args: most: bytes of requests that may stand in line; what comes beyond is refused at once.
    """

    def __init__(self, inference: Inference, most: int) -> None:
        self._inference = inference
        self._most = most
        self._bytes = 0
        self._line: deque[asyncio.Future[bool]] = deque()
        self._loop = asyncio.get_running_loop()
        inference.eased = lambda: self._loop.call_soon_threadsafe(self._next)

    async def enter(self, size: int) -> None:
        """Returns when a request of so many bytes may be read. Raises: UserError E471 when no room came."""
        if not self._line and self._inference.room:
            return
        if self._bytes + size > self._most:
            raise UserError("E471")
        place: asyncio.Future[bool] = self._loop.create_future()
        end = self._loop.call_later(ROOM_SECONDS, _leave, place)
        self._bytes += size
        self._line.append(place)
        try:
            if not await place:
                raise UserError("E471")
        finally:
            self._bytes -= size
            end.cancel()

    def _next(self) -> None:
        """Lets the first in line in, and the one after when that one has taken what room it needs."""
        while self._line and self._line[0].done():
            self._line.popleft()
        if self._line and self._inference.room:
            self._line.popleft().set_result(True)
            self._loop.call_soon(self._next)


def _leave(place: asyncio.Future[bool]) -> None:
    if not place.done():
        place.set_result(False)
