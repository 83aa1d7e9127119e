"""How often a token may ask: counted once for all workers, in memory that they share, without a lock."""

from __future__ import annotations

import mmap
import struct
import time

from zhinan.serve.tokens import Token

__all__ = ["Allowance"]

SLOTS = 4_096
"""Tokens that are counted at once; of more, one takes the place of another, which begins anew."""

_SLOT = struct.Struct("8sd")


class Allowance:
    """Lets each token through at its quota a second, twice that at once; one in any case.

    Of a token no more is known than when the requests that it made would be due, one after another: one number, which
    is read and written whole. Where two workers write at once, one of the two requests is not counted.

    A process that is forked shares what its parent knows; workers that share nothing are each told how many they are.

    Args:
        rate: requests a second with a token that has no quota of its own. parts: of a quota, one of which is granted.

    Source: the generic cell rate algorithm (ITU-T I.371).
    """

    def __init__(self, rate: float, parts: int = 1) -> None:
        self._rate, self._parts = rate, parts
        self._table = mmap.mmap(-1, SLOTS * _SLOT.size)

    def wait(self, token: Token, now: float | None = None) -> float:
        """Takes one request; 0 when it may go on, else seconds until it may."""
        now = time.monotonic() if now is None else now  # the same clock in all processes of a machine
        rate = (self._rate if token.rate is None else token.rate) / self._parts
        key = token.hash[: _SLOT.size - 8]
        place, due = self._found(key)
        most = max(1.0, 2 * rate)
        due = min(due, now + most / rate)  # it may have been set while the quota was a smaller one
        early = due - now - (most - 1) / rate
        if early > 1e-9:
            _SLOT.pack_into(self._table, place, key, due)
            return early
        _SLOT.pack_into(self._table, place, key, max(due, now) + 1 / rate)
        return 0.0

    def _found(self, key: bytes) -> tuple[int, float]:
        """Where a token stands, or may stand, and when its next request is due."""
        first = int.from_bytes(key, "big")
        for step in range(SLOTS):
            place = (first + step) % SLOTS * _SLOT.size
            there, due = _SLOT.unpack_from(self._table, place)
            if there == key:
                return place, due
            if not any(there):
                return place, 0.0
        return first % SLOTS * _SLOT.size, 0.0
