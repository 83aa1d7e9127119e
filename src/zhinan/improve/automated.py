"""`auto_rate` in production: how many answers no person had to look at, read off traffic, and told by nobody's label.

Its condition is the other half, and needs labels: `watched` bets on the labelled answers that were not handed over.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.improve.hearing import SETTLED, settled
from zhinan.improve.standing import Monitor, former
from zhinan.proof import Detector
from zhinan.store import Event, Store, change_run

__all__ = ["ABSTAINING", "alone"]

ABSTAINING = "auto_rate"
CHUNK = 500
REMEMBERED, PREFIX = 200_000, 8
"""People who are known to have counted, and bytes of a keyed hash of each; of more, the first may count again."""


def alone(contract: Contract, store: Store, number: int, delta: float, hands_over: bool) -> list[Monitor]:
    """A monitor on answers for each must line about automation: each person's first answer of the live version.

    Args:
        delta: chance of a false alarm of each.
        hands_over: whether the version ever does; of one that answers everything there is nothing to watch.
    """
    lines = [line for line in contract.must if line.metric == ABSTAINING and line.relative is None and not line.part]
    lines = [line for line in lines if 0 < line.target < 1]
    if not lines or not hands_over:
        return []
    secret = store.sealing_key(contract.product)

    def counted(held: Mapping[str, Any]) -> Mapping[str, Any]:
        return _counted(store, (contract.product, number), _detectors(lines, delta, held), held, secret)

    run = change_run(store, contract.product, f"automated @{number}", {"version": number}, counted)
    n = int(run.state.get("n", 0))
    value = run.state["machine"] / n if n else None
    return [
        Monitor(text, n, value, one.evidence, 1 / delta, one.alarmed_at, on="answers")
        for text, one in _detectors(lines, delta, run.state).items()
        if any(line.text == text for line in lines)
    ]


def _detectors(lines: Sequence[Line], delta: float, held: Mapping[str, Any]) -> dict[str, Detector]:
    kept = held.get("lines", {})
    found = {
        line.text: Detector.from_state(kept[line.text]) if line.text in kept else Detector(line.target, delta)
        for line in (*lines, *former(kept, lines))
    }
    for detector in found.values():
        detector.ask(delta)
    return found


def _counted(
    store: Store, of: tuple[str, int], detectors: Mapping[str, Detector], held: Mapping[str, Any], secret: bytes
) -> Mapping[str, Any]:
    """The state with the answers that came since. Args: of: the product, and the version that answered."""
    product, number = of
    seen, until = _Seen(held.get("seen", ""), secret), time.time() - SETTLED
    n, machine, seq = (int(held.get(name, 0)) for name in ("n", "machine", "seq"))
    before = seq
    while page := settled(_page(store, product, seq), until):
        mine = [one for one in page if one.payload.get("version") == number and "handover" in one.payload]
        scores = [float(not one.payload["handover"]) for one in mine if _counts(one, seen)]
        for detector in detectors.values():
            detector.add(np.asarray(scores, dtype=float))
        seq, n, machine = page[-1].seq, n + len(scores), machine + int(sum(scores))
    if seq == before:
        return held
    state = {text: detector.state() for text, detector in detectors.items()}
    return {"seq": seq, "n": n, "machine": machine, "seen": seen.text(), "lines": state}


def _counts(one: Event, seen: _Seen) -> bool:
    """Whether an answer is of somebody new.

    Rows of one job that name nobody are of one sender at one moment, so none of them is evidence by itself.
    """
    return seen.first(one.person) if one.person is not None else "job" not in one.payload


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
