"""What people said of the live version's answers, line by line: each answer counts once, each person once a round."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import UserError, Words
from zhinan.evaluate.measure import is_cost
from zhinan.improve.automated import ABSTAINING
from zhinan.improve.load import watches
from zhinan.improve.standing import Monitor, On, former
from zhinan.improve.traffic import Spoken
from zhinan.improve.watched import Compared, Mean, watched
from zhinan.package import Version
from zhinan.package.keeping import Keeping
from zhinan.proof import Rounds

__all__ = ["Voices", "asked_of", "unheard"]

REMEMBERED = 20_000
"""Predictions already spoken about that are remembered, so that a second word on one counts once."""
PREFIX = 8
"""Bytes of a prediction's random id, or of a keyed hash of a person, by which it is remembered."""


class Voices:
    """The watched lines of a version, up to a piece of feedback: kept as one JSON, whole or not at all.

    Args:
        delta: chance of a false alarm of each line. kept: what `to_json` gave. secret: of the store; who spoke is
            remembered by a hash keyed with it.
    """

    def __init__(
        self, lines: Sequence[Line], version: Version, delta: float, kept: Mapping[str, Any], secret: bytes,
        on: On = "feedback",
    ) -> None:  # fmt: skip
        self.read: tuple[int, Sequence[int]] = (int(kept.get("seq", 0)), list(kept.get("waits", ())))
        self._secret, self._needed, self._on = secret, 1 / delta, on
        known = base64.b64decode(kept.get("known", ""))
        self._known = [known[at : at + PREFIX] for at in range(0, len(known), PREFIX)]
        heard = base64.b64decode(kept.get("heard", ""))
        size = PREFIX + 1
        self._heard = {heard[at : at + PREFIX]: heard[at + PREFIX] for at in range(0, len(heard), size)}
        held: Mapping[str, Any] = kept.get("lines", {})
        every = (*lines, *former(held, lines))
        watches = {line.text: _watch(line, delta, held.get(line.text), version, secret) for line in every}
        self._lines = {text: watch for text, watch in watches.items() if watch is not None}
        self._asked = {line.text for line in lines}

    def take(self, read: tuple[int, Sequence[int]], rows: Sequence[Spoken], version: Version) -> None:
        """The next rows that somebody spoke about, each prediction once, each person at most `Rounds.most` times.

        Args: read: how far feedback was read, and what of it waits, as `spoken` says.
        """
        new, turns, seen = [], [], set(self._known)
        for row in rows:
            name = None if row.about is None else bytes.fromhex(row.about.replace("-", ""))[:PREFIX]
            if name is not None and name in seen:
                continue
            if name is not None:
                seen.add(name)
                self._known.append(name)
            turn = self._turn(row.person)
            if turn <= Rounds.most:
                new.append(row)
                turns.append(turn)
        self._known = self._known[-REMEMBERED:]
        for mark in list(self._heard)[:-REMEMBERED]:
            del self._heard[mark]
        for watch in self._lines.values():
            watch.take(new, turns, version)
        self.read = read

    def _turn(self, person: str | None) -> int:
        """Which word of this person it is; of nobody in particular, the first."""
        if person is None:
            return 1
        mark = hmac.digest(self._secret, f"heard\x1f{person}".encode(), "sha256")[:PREFIX]
        turn = self._heard.pop(mark, 0) + 1
        self._heard[mark] = min(turn, Rounds.most)  # at the end: who spoke last is forgotten last
        return turn

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        heard = b"".join(mark + bytes([turn]) for mark, turn in self._heard.items())
        return {
            "seq": self.read[0],
            "waits": list(self.read[1]),
            "known": base64.b64encode(b"".join(self._known)).decode(),
            "heard": base64.b64encode(heard).decode(),
            "lines": {text: watch.to_json() for text, watch in self._lines.items()},
        }

    def monitors(self) -> list[Monitor]:
        """Where each line stands that can be watched so."""
        return [
            Monitor(text, one.n, one.value, one.evidence, self._needed, one.alarmed_at, on=self._on)
            for text, one in self._lines.items()
            if text in self._asked
        ]


def _watch(
    line: Line, delta: float, kept: Mapping[str, Any] | None, version: Version, secret: bytes = b""
) -> Mean | Compared | None:
    try:
        return watched(line, delta, kept, version, secret)
    except UserError:
        return None


def asked_of(contract: Contract, version: Version) -> tuple[list[Line], float]:
    """The quality lines that labels say something of, and the chance of a false alarm of each of their detectors.

    Each has two, on feedback and on the audit; they share the contract's error with those of cost lines and of what
    people do.
    """
    asked = [line for line in contract.must if not is_cost(line) and unheard(line, version, contract) is None]
    alarms = 2 * len(asked) + sum(watches(contract, line) for line in contract.must) + len(contract.in_use)
    alarms += sum(line.metric == ABSTAINING for line in contract.must)
    return asked, contract.delta / max(alarms, 1)


def unheard(line: Line, version: Version, contract: Contract) -> Words | None:
    """Why labelled traffic says nothing about a quality line, None when it does."""
    if line.relative is not None:
        return Words("nobody else answers the same traffic", "没有其他系统回答同样的流量")
    if line.part is not None and line.part.under is not None:
        return Words("traffic is not disturbed on purpose", "线上流量没有人为扰动")
    by_input = (line.part is not None and line.part.column is not None) or line.args.get("by")
    if by_input and not (Keeping.of(contract) & Keeping.sealed(version.read("contract.yaml").decode())).inputs:
        return Words("inputs are not kept (serve.keep_inputs)", "未保存输入（serve.keep_inputs）")
    if _watch(line, 0.5, None, version) is None:
        return Words(
            "it is no mean over single answers, nor linear at its target",
            "它不是逐条回答的平均值，在目标处也不是线性的",
        )
    return None
