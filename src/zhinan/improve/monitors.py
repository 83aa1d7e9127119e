"""Watches the must lines of the live version on labelled traffic: an alarm is evidence that a line no longer holds."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import UserError, Words, find
from zhinan.improve.traffic import Spoken, spoken
from zhinan.improve.watched import Compared, Mean, watched
from zhinan.package import Version, open_version
from zhinan.proof import ROUNDS
from zhinan.store import Run, Store

__all__ = ["Monitor", "monitors"]

REMEMBERED = 20_000
"""Predictions already spoken about that are remembered, so that a second word on one counts once."""
LIVE = ("alarm", "n", "value", "alarmed_at")
"""What of a monitor stands beside the verdict of its line."""
PREFIX = 8
"""Bytes of a prediction's random id, or of a keyed hash of a person, by which it is remembered."""


@dataclass(frozen=True)
class Monitor:
    """One must line of the live version in production.

    Args:
        n: labelled rows that counted, value: their mean, None of none. evidence: capital won against "the line has
            held all along"; `needed` sets the alarm off. alarmed_at: labels it took, None without an alarm.
        why: why the line is not watched here; None when it is.
    """

    line: str
    n: int
    value: float | None
    evidence: float
    needed: float
    alarmed_at: int | None
    why: Words | None = None

    @property
    def alarm(self) -> bool:
        """Whether the line no longer holds, wrong with probability at most 1 − confidence over all lines and looks."""
        return self.alarmed_at is not None

    def to_dict(self) -> dict[str, Any]:
        """As JSON: {"line", "alarm", "n", "value", "evidence", "needed", "alarmed_at", "why"}."""
        why = None if self.why is None else {"en": self.why.en, "zh": self.why.zh}
        return {"line": self.line, "alarm": self.alarm, **asdict(self), "why": why}


def monitors(contract: Contract, store: Store) -> tuple[Monitor, ...]:
    """Takes in what was said of the live version's answers since the last time, and tells where each line stands.

    A line on which single answers can be bet (`evaluate.outcomes`) is watched by `Rounds` of detectors, whose alarm,
    over all labels, looks and lines of the contract together, is false with probability at most 1 − confidence as
    long as the lines hold over people: one who speaks often counts once a round. It stays on until another version
    is live. The findings are kept beside the live verdicts, as `live`, for the service to tell. People who complain
    are no random sample: an alarm says that what they speak about is below the line, and never promotes anything.

    Returns:
        One for each must line, in its order; none without a live version. Where that cannot be opened, each says so.

    Source: PROOF 11; Shin, Ramdas & Rinaldo (2024).
    """
    number = store.stages(contract.product).live
    if number is None:
        return ()
    try:
        version = open_version(store.version(contract.product, number).path)
    except UserError as error:
        why = Words(f"version {number} cannot be opened ({error.code})", f"版本 {number} 无法打开（{error.code}）")
        return tuple(Monitor(line.text, 0, None, 0.0, 1 / contract.delta, None, why) for line in contract.must)
    run = _run(contract, store, number)
    state = _State(contract, version, run.state, store.sealing_key(contract.product))
    before = state.seq
    for seq, chunk in spoken(store, version, before):
        state.take(seq, chunk, version)
    if state.seq != before:
        store.update_run(run.id, state.to_json())
    found = state.monitors()
    _tell(store, contract.product, number, found)
    return found


def _tell(store: Store, product: str, number: int, found: Sequence[Monitor]) -> None:
    """Puts what production says of each line beside its verdict, where the service and `status` read it."""
    watched = {one.line: one for one in found if one.why is None}
    before = [dict(verdict) for verdict in store.verdicts(product, number)]
    after = [
        {**verdict, "live": {key: getattr(watched[verdict["line"]], key) for key in LIVE}}
        if verdict["line"] in watched
        else {key: value for key, value in verdict.items() if key != "live"}
        for verdict in before
    ]
    if after != before:
        store.set_verdicts(product, number, after)


class _State:
    """The watched lines of a version, up to a piece of feedback: kept as one JSON, whole or not at all.

    Args: secret: of the store; who spoke is remembered by a hash keyed with it.
    """

    def __init__(self, contract: Contract, version: Version, kept: Mapping[str, Any], secret: bytes) -> None:
        self.seq, self._secret = int(kept.get("seq", 0)), secret
        known = base64.b64decode(kept.get("known", ""))
        self._known = [known[at : at + PREFIX] for at in range(0, len(known), PREFIX)]
        heard = base64.b64decode(kept.get("heard", ""))
        size = PREFIX + 1
        self._heard = {heard[at : at + PREFIX]: heard[at + PREFIX] for at in range(0, len(heard), size)}
        why = {
            line.text: _unwatched(line, version, kept=contract.serve.keep_inputs == "masked") for line in contract.must
        }
        delta = contract.delta / max(list(why.values()).count(None), 1)
        held: Mapping[str, Any] = kept.get("lines", {})
        self._why, self._needed = why, 1 / delta
        self._lines = {
            line.text: watch
            for line in contract.must
            if why[line.text] is None and (watch := _watch(line, delta, held.get(line.text), version)) is not None
        }

    def take(self, seq: int, rows: Sequence[Spoken], version: Version) -> None:
        """The next rows that somebody spoke about, each prediction once, each person at most `ROUNDS` times."""
        new, turns, seen = [], [], set(self._known)
        for row in rows:
            name = None if row.about is None else bytes.fromhex(row.about.replace("-", ""))[:PREFIX]
            if name is not None and name in seen:
                continue
            if name is not None:
                seen.add(name)
                self._known.append(name)
            turn = self._turn(row.person)
            if turn <= ROUNDS:
                new.append(row)
                turns.append(turn)
        self._known = self._known[-REMEMBERED:]
        for mark in list(self._heard)[:-REMEMBERED]:
            del self._heard[mark]
        for watch in self._lines.values():
            watch.take(new, turns, version)
        self.seq = seq

    def _turn(self, person: str | None) -> int:
        """Which word of this person it is; of nobody in particular, the first."""
        if person is None:
            return 1
        mark = hmac.digest(self._secret, f"heard\x1f{person}".encode(), "sha256")[:PREFIX]
        turn = self._heard.pop(mark, 0) + 1
        self._heard[mark] = min(turn, ROUNDS)  # at the end: who spoke last is forgotten last
        return turn

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        heard = b"".join(mark + bytes([turn]) for mark, turn in self._heard.items())
        return {
            "seq": self.seq,
            "known": base64.b64encode(b"".join(self._known)).decode(),
            "heard": base64.b64encode(heard).decode(),
            "lines": {text: watch.to_json() for text, watch in self._lines.items()},
        }

    def monitors(self) -> tuple[Monitor, ...]:
        """Where each line stands."""
        return tuple(self._monitor(line, why) for line, why in self._why.items())

    def _monitor(self, line: str, why: Words | None) -> Monitor:
        watch = self._lines.get(line)
        if watch is None:
            return Monitor(line, 0, None, 0.0, self._needed, None, why)
        return Monitor(line, watch.n, watch.value, watch.evidence, self._needed, watch.alarmed_at)


def _watch(line: Line, delta: float, kept: Mapping[str, Any] | None, version: Version) -> Mean | Compared | None:
    try:
        return watched(line, delta, kept, version)
    except UserError:
        return None


def _unwatched(line: Line, version: Version, *, kept: bool) -> Words | None:
    """Why labelled traffic says nothing about a line, None when it does."""
    if find("metric", line.metric).facts["family"] == "cost":
        return Words("what answers cost is measured by the build", "回答的开销在构建时测量")
    if line.relative is not None:
        return Words("nobody else answers the same traffic", "没有其他系统回答同样的流量")
    if line.part is not None and line.part.under is not None:
        return Words("traffic is not disturbed on purpose", "线上流量没有人为扰动")
    if ((line.part is not None and line.part.column is not None) or line.args.get("by")) and not kept:
        return Words("inputs are not kept (serve.keep_inputs)", "未保存输入（serve.keep_inputs）")
    if _watch(line, 0.5, None, version) is None:
        return Words(
            "it is no mean over single answers, nor linear at its target",
            "它不是逐条回答的平均值，在目标处也不是线性的",
        )
    return None


def _run(contract: Contract, store: Store, number: int) -> Run:
    key = _key(number)
    return store.last_run(contract.product, key) or store.start_run(contract.product, key, {"version": number})


def _key(number: int) -> str:
    return f"monitors @{number}"
