"""How many requests fail, minute by minute: what the workers wrote of the same minute is one outcome."""

from __future__ import annotations

import time

from zhinan.improve.load import minutes_over
from zhinan.store import Store

__all__ = ["failed_shares"]

CHUNK = 1_000


def failed_shares(store: Store, product: str, after: int, since: int) -> tuple[int, int, dict[int, list[float]]]:
    """Takes in the minutes that every worker has written since.

    Args: after: seq to which was read before. since: the latest minute that counted; what a worker wrote late is left.

    Returns:
        The seq and the minute to go on from, and version → the share of requests that failed in each minute.
    """
    until = int(time.time() // 60) - 1
    since = latest = since if since <= until else 0  # a clock that ran ahead counted one that is still to come
    minutes: dict[tuple[int, int], list[int]] = {}
    while events := store.events(product, "traffic", after, CHUNK):
        settled = minutes_over(events, until)
        for event in settled:
            after, one = event.seq, event.payload
            if since < one["minute"] < until and one["requests"]:
                counts = minutes.setdefault((one["minute"], int(one["version"])), [0, 0])
                counts[0] += one["failed"]
                counts[1] += one["requests"]
        if len(settled) < len(events):
            break
    found: dict[int, list[float]] = {}
    for (minute, version), (failed, requests) in sorted(minutes.items()):
        latest = max(latest, minute)
        found.setdefault(version, []).append(failed / requests)
    return after, latest, found
