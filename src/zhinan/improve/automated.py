"""`auto_rate` in production: how many answers no person had to look at, read off traffic, and told by nobody's label.

Its condition is the other half, and needs labels: `watched` bets on the labelled answers that were not handed over.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from zhinan.contract import Contract
from zhinan.improve.standing import Monitor
from zhinan.improve.traffic import SETTLED
from zhinan.proof import Detector
from zhinan.store import Event, Store

__all__ = ["ABSTAINING", "alone"]

ABSTAINING = "auto_rate"
CHUNK = 500
REMEMBERED, PREFIX = 200_000, 8
"""People who are known to have counted, and bytes of a keyed hash of each; of more, the first may count again."""


def alone(contract: Contract, store: Store, number: int, delta: float) -> list[Monitor]:
    """A monitor on answers for each must line about automation: each person's first answer of the live version.

    Args: delta: chance of a false alarm of each.
    """
    lines = [line for line in contract.must if line.metric == ABSTAINING and line.relative is None and not line.part]
    lines = [line for line in lines if 0 < line.target < 1]
    if not lines:
        return []
    key = f"automated @{number}"
    run = store.last_run(contract.product, key) or store.start_run(contract.product, key, {"version": number})
    kept = run.state if run.state.get("delta") == delta else {}
    detectors = {
        line.text: Detector.from_state(kept["lines"][line.text])
        if line.text in kept.get("lines", {})
        else Detector(line.target, delta)
        for line in lines
    }
    seen = _Seen(kept.get("seen", ""), store.sealing_key(contract.product))
    seq, machine, until = int(kept.get("seq", 0)), int(kept.get("machine", 0)), time.time() - SETTLED
    n, before = int(kept.get("n", 0)), seq
    while page := list(takewhile(lambda one: one.at <= until, _page(store, contract.product, seq))):
        mine = [one for one in page if one.payload.get("version") == number and "handover" in one.payload]
        scores = [float(not one.payload["handover"]) for one in mine if one.person is None or seen.first(one.person)]
        for detector in detectors.values():
            detector.add(np.asarray(scores, dtype=float))
        seq, n, machine = page[-1].seq, n + len(scores), machine + int(sum(scores))
    if seq != before:
        state = {text: detector.state() for text, detector in detectors.items()}
        told = {"seq": seq, "n": n, "machine": machine, "delta": delta, "seen": seen.text(), "lines": state}
        store.update_run(run.id, told)
    value = machine / n if n else None
    return [
        Monitor(text, n, value, one.evidence, 1 / delta, one.alarmed_at, on="answers")
        for text, one in detectors.items()
    ]


def _page(store: Store, product: str, after: int) -> Sequence[Event]:
    return store.events(product, "prediction", after, CHUNK)


class _Seen:
    def __init__(self, kept: str, secret: bytes) -> None:
        marks = base64.b64decode(kept)
        self._secret = secret
        self._marks = dict.fromkeys(marks[at : at + PREFIX] for at in range(0, len(marks), PREFIX))

    def first(self, person: str) -> bool:
        mark = hmac.digest(self._secret, f"automated {person}".encode(), "sha256")[:PREFIX]
        if mark in self._marks:
            return False
        self._marks[mark] = None
        if len(self._marks) > REMEMBERED:
            del self._marks[next(iter(self._marks))]
        return True

    def text(self) -> str:
        return base64.b64encode(b"".join(self._marks)).decode()
