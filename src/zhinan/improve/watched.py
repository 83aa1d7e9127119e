"""One must line under watch: its outcomes go to its detectors, label by label, and it tells where it stands."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from zhinan.contract import Line, crossed, parse_line
from zhinan.core import find
from zhinan.data.tags import flags_of
from zhinan.evaluate.measure import judged, numeric, texts
from zhinan.evaluate.outcomes import Outcomes, outcomes, pairs
from zhinan.improve.automated import ABSTAINING
from zhinan.improve.traffic import Spoken
from zhinan.package import Version
from zhinan.proof import Judged, Rounds, Tagged, Valued
from zhinan.steps.values.lists import items_of

__all__ = ["Compared", "Mean", "watched"]

GROUPS = 6
"""Groups of a line that compares them which are watched: those that are heard of first."""
TURNS = 8
"""Words of one person that count where groups are compared."""
WRONG = "\x00wrong"
"""The truth of an answer that is only known to be wrong; no class is called so."""


def watched(
    line: Line, delta: float, kept: Mapping[str, Any] | None, version: Version, secret: bytes = b""
) -> Mean | Compared | None:
    """The watch over a line; None when no fair bet on single answers is known for it.

    Args: delta: chance of a false alarm, ever. kept: what `to_json` gave, perhaps at another δ.
        secret: groups are kept under hashes keyed with it.

    Raises: UserError of a line that cannot be measured on this version's answers.
    """
    if line.metric == ABSTAINING:
        inner = _condition(line)
        if inner is None or _outcomes(inner, (), version) is None:
            return None
        return Mean(inner, delta, kept, version, alone=True)
    if pairs(line, _judged((), version, line)) is not None:
        return Compared(line, delta, kept, secret)
    return None if _outcomes(line, (), version) is None else Mean(line, delta, kept, version)


def _outcomes(line: Line, rows: Sequence[Spoken], version: Version) -> Outcomes | None:
    return outcomes(line, _judged(rows, version, line), most=len(version.classes))


def _condition(line: Line) -> Line | None:
    """What has to hold of the answers that no person looks at; None for a line that is about something else too."""
    if line.relative is not None or line.part is not None:
        return None
    inner = parse_line(str(line.args.get("condition", "")), line.where)
    everything = inner.metric in ("precision", "recall", "f1") and inner.part is None
    return replace(inner, metric="accuracy") if everything else inner


class Mean:
    """A line that is a mean over single answers, or holds exactly when such a mean does.

    Args: alone: whether only answers count that were not handed to a person.
    """

    def __init__(
        self, line: Line, delta: float, kept: Mapping[str, Any] | None, version: Version, *, alone: bool = False
    ) -> None:
        self._line, self._alone = line, alone
        of = _outcomes(line, (), version)
        if of is None:
            raise ValueError(f"{line.text} is no mean of outcomes")
        self._value = of.value
        self._total, self._whole = (0.0, 0.0) if not kept else (float(kept["total"]), float(kept["whole"]))
        self._rounds = Rounds.from_state(kept["rounds"]) if kept else Rounds(of.floor, delta, of.better)
        self._rounds.ask(delta)

    def take(self, rows: Sequence[Spoken], turns: Sequence[int], version: Version) -> None:
        """The next rows that somebody spoke about, in order, and which word of its person each is."""
        heard = _heard(self._line, rows, version)
        heard = [place for place in heard if not (self._alone and rows[place].answer.get("handover", False))]
        found = _outcomes(self._line, [rows[place] for place in heard], version)
        if not heard or found is None:
            return
        mine = [place for place in sorted(found.scores) if place < len(heard)]
        self._total += sum(found.amounts[place] for place in mine)
        self._whole += sum(map(found.whole, mine))
        self._rounds.add(np.asarray([found.scores[i] for i in mine], dtype=float), [turns[heard[i]] for i in mine])

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        return {"total": self._total, "whole": self._whole, "rounds": self._rounds.state()}

    @property
    def n(self) -> int:
        """Labels that counted."""
        return self._rounds.n

    @property
    def value(self) -> float | None:
        """Of the line, on them."""
        return self._value(self._total / self._whole) if self._whole else None

    @property
    def evidence(self) -> float:
        """Capital won against "the line has held all along"; 1/δ sets the alarm off."""
        return self._rounds.evidence

    @property
    def alarmed_at(self) -> int | None:
        """Labels it took; None without an alarm."""
        return self._rounds.alarmed_at


class Compared:
    """A line about the difference between groups: for every two, a row of the one beside the latest of the other.

    The newest row of each group waits for a partner, so that both are of about the same time, and both are the same
    word of their persons. The m-th pair of groups to appear has δ/(m(m+1)), half for each direction.
    """

    def __init__(self, line: Line, delta: float, kept: Mapping[str, Any] | None, secret: bytes) -> None:
        held: Mapping[str, Any] = kept or {}
        self._line, self._delta, self._secret = line, delta, secret
        self.n = int(held.get("n", 0))
        self.alarmed_at: int | None = held.get("alarmed_at")
        self._sums: dict[str, list[float]] = {name: list(one) for name, one in held.get("sums", {}).items()}
        self._waiting: dict[tuple[str, str, int], tuple[str, float]] = {
            (one, other, turn): (whose, score) for one, other, turn, whose, score in held.get("waiting", ())
        }
        self._rounds = {(one, other): Rounds.from_state(state) for one, other, state in held.get("rounds", ())}
        for place, rounds in enumerate(self._rounds.values()):
            rounds.ask(self._granted(place))
        if self.alarmed_at is None and any(rounds.alarm for rounds in self._rounds.values()):
            self.alarmed_at = self.n

    def take(self, rows: Sequence[Spoken], turns: Sequence[int], version: Version) -> None:
        """The next rows that somebody spoke about, in order, and which word of its person each is."""
        heard = [place for place in _heard(self._line, rows, version) if turns[place] <= TURNS]
        found = pairs(self._line, _judged([rows[place] for place in heard], version, self._line))
        if not heard or found is None:
            return
        for place in sorted(found.scores):
            if place >= len(heard):
                continue
            name, score = found.scores[place]
            group = hmac.digest(self._secret, f"group\x1f{name}".encode(), "sha256")[:8].hex()
            if group not in self._sums:
                if len(self._sums) == GROUPS:
                    continue
                self._meet(group, found.floor, found.better)
            self._count(group, score)
            for other in self._sums:
                if other != group:
                    self._pair(group, other, score, turns[heard[place]], found.outcome)

    def _meet(self, group: str, floor: float, better: Any) -> None:
        for other in list(self._sums):
            for pair in ((other, group), (group, other)):
                self._rounds[pair] = Rounds(floor, self._granted(len(self._rounds)), better)
        self._sums[group] = [0.0, 0.0]

    def _granted(self, place: int) -> float:
        """Of δ, to the rounds that came as that one, the first being 0: two for each pair of groups."""
        pair = place // 2 + 1
        return self._delta / (2 * pair * (pair + 1))

    def _count(self, group: str, score: float) -> None:
        self.n += 1
        self._sums[group][0] += score
        self._sums[group][1] += 1

    def _pair(self, group: str, other: str, score: float, turn: int, outcome: Any) -> None:
        key = (min(group, other), max(group, other), turn)
        whose, theirs = self._waiting.pop(key, ("", 0.0))
        if whose != other:
            self._waiting[key] = (group, score)  # newer than what waited of this group
            return
        first = self._rounds[group, other].add(outcome(score, theirs), turn)
        second = self._rounds[other, group].add(outcome(theirs, score), turn)
        if self.alarmed_at is None and (first or second):
            self.alarmed_at = self.n

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        return {
            "n": self.n, "alarmed_at": self.alarmed_at, "sums": self._sums,
            "waiting": [[*key, *one] for key, one in self._waiting.items()],
            "rounds": [[*pair, rounds.state()] for pair, rounds in self._rounds.items()],
        }  # fmt: skip

    @property
    def value(self) -> float | None:
        """Of the line, on the labels that counted; None before two groups are heard of."""
        means = [total / count for total, count in self._sums.values() if count]
        if len(means) < 2:
            return None
        if self._line.op == "<=":
            return max(means) - min(means)
        return min(means) / max(means) if max(means) > 0 else None

    @property
    def evidence(self) -> float:
        """Capital won against "the line has held all along", the most of any pair; 1/δ sets the alarm off."""
        return max((rounds.evidence * rounds.delta / self._delta for rounds in self._rounds.values()), default=1.0)


def _heard(line: Line, rows: Sequence[Spoken], version: Version) -> list[int]:
    """Places of the rows that say something of the line: a thumb speaks of right and wrong only.

    Of several labels it says that something is wrong, and not which of them.
    """
    inner = line.args.get("of")
    facts = find("metric", str(inner) if inner else line.metric).facts
    thumbs = facts.get("thumbs") and not (version.task.judged == "tags" and facts["per_class"])
    return [place for place, row in enumerate(rows) if row.said != "accepted" or thumbs]


def _judged(rows: Sequence[Spoken], version: Version, line: Line) -> Judged | Tagged | Valued:
    """The rows as a metric wants them. One right row that is in the line's class and group stands behind them.

    So what a row scores does not depend on which classes and groups stand beside it.
    """
    label, column, value = (getattr(line.part, name, None) for name in ("label", "column", "value"))
    label = label or line.args.get("part")
    by = line.args.get("by")
    asked = {*([column] if column else ()), *(crossed(str(by), version.inputs) if by else ())}
    names = sorted({name for row in rows for name in row.inputs or ()} | asked)
    given: dict[str, list[Any]] = {name: [*((row.inputs or {}).get(name) for row in rows), value] for name in names}
    if version.task.judged == "numbers":
        told = {key: numeric([*(row.answer[key] for row in rows), 0.0]) for key in ("value", "low", "high")}
        truth = numeric([*(row.right for row in rows), 0.0])
        return Valued(
            truth=truth,
            answer=told["value"],
            low=told["low"],
            high=told["high"],
            columns={name: texts(values) for name, values in given.items()},
        )
    if version.task.judged == "tags":
        return _tagged(rows, version, str(label or version.classes[0]), given)
    mine = str(label or version.classes[0])
    answers = [*(str(row.answer["label"]) for row in rows), mine]
    right = [*(_right(row) for row in rows), mine]
    handed = [*(bool(row.answer.get("handover", False)) for row in rows), False]
    found = judged(right, answers, classes=version.classes, columns=given)
    return replace(found, handover=np.asarray(handed)) if any("handover" in row.answer for row in rows) else found


def _tagged(rows: Sequence[Spoken], version: Version, mine: str, given: Mapping[str, Sequence[Any]]) -> Tagged:
    said = [*(tuple(row.answer["labels"]) for row in rows), (mine,)]
    right = [*(_right_ones(row) for row in rows), (mine,)]
    named = tuple(dict.fromkeys([*version.classes, WRONG, *(label for labels in right for label in labels)]))
    return Tagged(
        truth=flags_of(right, named), answer=flags_of(said, named), classes=named,
        columns={name: texts(values) for name, values in given.items()},
    )  # fmt: skip


def _right_ones(row: Spoken) -> tuple[str, ...]:
    """The right labels; of an answer that is only known to be wrong, one that nothing gives."""
    if row.said != "accepted":
        return items_of(str(row.right))
    return tuple(row.answer["labels"]) if row.right else (WRONG,)


def _right(row: Spoken) -> str:
    if row.said != "accepted":
        return str(row.right)
    return str(row.answer["label"]) if row.right else WRONG
