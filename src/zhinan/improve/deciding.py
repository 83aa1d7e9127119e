"""Champion or challenger: the paired proof on the same sealed rows, and what else a challenger must not lose."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from zhinan.contract import Contract, Line, parse_line
from zhinan.core import Words
from zhinan.evaluate.in_time import measure_in_time, rows_of_a_block
from zhinan.evaluate.measure import is_cost, measure_known
from zhinan.evaluate.row_scores import row_scores, value_on
from zhinan.package import Version
from zhinan.proof import Judged, Measurement, Tagged, Valued, compare, judge, paired_difference
from zhinan.proof.series import Series, places_in_time, settled, time_blocks

__all__ = ["Decision", "Paired", "cheaper", "decide", "main_line", "paired", "taken"]

LIGHTER = 0.95
"""Share of the champion's bytes up to which a challenger is smaller."""

CLAIMS = ("undecided", "non-inferior", "superior")
"""The weaker first."""

Answers = Judged | Tagged | Valued


@dataclass(frozen=True)
class Paired:
    """What both versions' answers to the same rows say.

    Args:
        line: the must line they are compared by. claim: superior, non-inferior or undecided. value: how much better the
            challenger is, in the unit of the line; bound: of it at δ, from below, None where these rows cannot tell, as
            when both answer all of them alike and the line is no count. n: rows. wins, losses: rows that only
            the challenger, only the champion got right; None where rows are not right or wrong. needed: rows in all
            that would settle it; None when it is settled or nobody knows.
    """

    line: str
    claim: str
    value: float
    bound: float | None
    n: int
    delta: float
    margin: float
    wins: int | None = None
    losses: int | None = None
    needed: int | None = None


@dataclass(frozen=True)
class Decision:
    """Whether a challenger replaces the champion, and why. `paired`: None where the seal stayed closed."""

    promote: bool
    why: Words
    paired: Paired | None = None

    def paired_dict(self) -> dict[str, Any] | None:
        """The object under "paired" of `zhinan improve --json`."""
        return None if self.paired is None else asdict(self.paired)


def main_line(contract: Contract, on: Answers) -> Line | None:
    """The line that champion and challenger are compared by: the first of quality that speaks of their own answers.

    That is (subset) accuracy where every line of quality is relative or under a disturbance; None for numbers then.
    """
    for line in contract.must:
        if not is_cost(line) and line.relative is None and (line.part is None or line.part.under is None):
            return line
    usual = "subset_accuracy >= 50%" if isinstance(on, Tagged) else "accuracy >= 50%"
    return None if isinstance(on, Valued) else parse_line(usual)


def paired(
    contract: Contract, line: Line, champion: Answers, challenger: Answers, delta: float, *, lighter: bool = False
) -> Paired:
    """The paired proof on one line: McNemar and Tango where rows are right or wrong, a paired bootstrap elsewhere.

    The margin of non-inferiority is that of the contract; where the line's unit is no share, the same share of its
    target. Superiority after non-inferiority needs no correction: the tests are nested.

    Args: champion, challenger: the same rows in the same order. lighter: whether the challenger costs less.

    Source: proof.paired.
    """
    old, new = row_scores(line, champion), row_scores(line, challenger)
    margin = contract.proof.margin if line.unit in ("%", "pt") else contract.proof.margin * abs(line.target)
    if old and new and old.keys() == new.keys() and {*old.values(), *new.values()} <= {0.0, 1.0}:
        places = sorted(old)
        right = [np.array([scores[at] for at in places]) == (line.op == ">=") for scores in (old, new)]
        whose = [None if champion.person is None else champion.person[places]]
        if champion.moment is not None:
            whose.append(time_blocks(champion.moment, right[1].astype(float) - right[0], places))
        each = [compare(*right, delta=delta, cheaper=lighter, margin=margin, person=who) for who in whose]
        found = min(each, key=lambda one: (CLAIMS.index(one.claim), one.lower))
        return Paired(
            line.text, found.claim, found.difference, found.lower, found.n, delta, margin,
            found.wins, found.losses, found.needed,
        )  # fmt: skip
    sign = 1.0 if line.op == ">=" else -1.0

    def score(on: Answers) -> Callable[[npt.NDArray[np.int64]], float]:
        quick = value_on(line, on)
        if quick is not None:
            return lambda rows: sign * quick(rows)
        return lambda rows: sign * measure_known(line, taken(on, rows)).value

    strata = champion.truth if isinstance(champion, Judged) else None
    found_ = _in_time(
        lambda who: paired_difference(score(champion), score(challenger), len(champion), strata, who), champion
    )
    bound = math.nan if found_.reason else found_.lower(delta)
    claim = "superior" if bound > 0 else "non-inferior" if bound >= -margin else "undecided"
    return Paired(line.text, claim, found_.value, bound if math.isfinite(bound) else None, len(champion), delta, margin)


def _in_time(measured: Callable[[Any], Measurement], on: Answers) -> Measurement:
    """A comparison by whose each row is, and where it is known when rows were, by blocks of those near in time."""
    found = measured(on.person)
    if on.moment is None or not len(on):
        return found
    series = Series(found.evidence, measured, places_in_time(on.moment))
    return settled(replace(found, evidence=series))


def taken(on: Answers, rows: npt.NDArray[np.int64]) -> Answers:
    """Some rows, each as often as it is named."""
    held: dict[str, Any] = {f.name: getattr(on, f.name) for f in fields(on) if f.name not in (*on.WHOLE, "current")}
    cut: dict[str, Any] = {
        name: {key: column[rows] for key, column in values.items()} if isinstance(values, Mapping) else values[rows]
        for name, values in held.items()
        if values is not None
    }
    found: Answers = replace(on, **cut, current=None)
    return found


def cheaper(champion: Version, challenger: Version) -> bool:
    """Whether a challenger's files weigh less, by more than measuring twice would."""
    sizes = []
    for version in (champion, challenger):
        named = {name for step in version.manifest.steps for name in step.files.values()}
        sizes.append(sum(entry.bytes for name, entry in version.manifest.files.items() if name in named))
    return bool(sizes[1] < LIGHTER * sizes[0])


def decide(
    contract: Contract,
    champion: tuple[Answers, Sequence[Mapping[str, Any]]],
    challenger: tuple[Answers | None, Sequence[Mapping[str, Any]]],
    delta: float | None,
    *,
    lighter: bool = False,
    measured: Mapping[str, Measurement] | None = None,
) -> Decision:
    """Promote or keep.

    Promoted is what is superior on the main line, or non-inferior on it and cheaper; and no line of whose contract is
    refuted; and that proves every line that the champion proves, quality on these very rows at this very δ.

    Args:
        champion, challenger: the judged rows, and the verdicts on record; the challenger's rows are None while the
            seal stayed closed. delta: of the opening.
        measured: line text → the challenger's score: the champion's is judged by blocks of rows no shorter.
    """
    told = {str(one["line"]): one["verdict"] for one in challenger[1]}
    refuted = [line for line, verdict in told.items() if verdict == "REFUTED"]
    if refuted:
        return Decision(False, Words(f"{refuted[0]} is refuted", f"{refuted[0]} 不达标"))
    old, new = champion[0], challenger[0]
    line = None if new is None else main_line(contract, new)
    if new is None or delta is None or line is None:
        return Decision(False, Words("the sealed rows were not looked at", "没有查看封存数据"))
    found = paired(contract, line, old, new, delta, lighter=lighter)
    lost = _lost(contract, old, champion[1], told, delta, measured or {})
    if lost is not None:
        why = Words(f"the champion proves {lost}, the challenger does not", f"现任能证明 {lost}，挑战者不能")
        return Decision(False, why, found)
    if found.claim == "superior":
        return Decision(True, Words(f"better on {line.text}", f"在 {line.text} 上更好"), found)
    if found.claim == "non-inferior" and lighter:
        return Decision(True, Words(f"no worse on {line.text}, and smaller", f"在 {line.text} 上不更差且更小"), found)
    return Decision(False, _undecided(found), found)


def _undecided(found: Paired) -> Words:
    if found.claim == "non-inferior":
        zh = f"在 {found.line} 上不更差，但也不更好、不更小"
        return Words(f"no worse on {found.line}, but neither better nor smaller", zh)
    if not found.n:
        en = "the live version learned from every sealed row, so none compares the two: label new ones (zhinan label)"
        return Words(en, "现任版本从全部封存数据中学习过，没有可比较两者的行：请标注新的数据（zhinan label）")
    if found.bound is None:
        zh = f"这 {found.n:,} 行封存数据无法在 {found.line} 上区分两者"
        return Words(f"these {found.n:,} sealed rows cannot tell the two apart on {found.line}", zh)
    more = f"; about {found.needed:,} sealed rows would tell" if found.needed else ""
    more_zh = f"；约需 {found.needed:,} 行封存数据才能判定" if found.needed else ""
    return Words(f"not shown to be better on {found.line}{more}", f"未能证明在 {found.line} 上更好{more_zh}")


def _lost(
    contract: Contract, old: Answers, verdicts: Sequence[Mapping[str, Any]], told: Mapping[str, Any], delta: float,
    measured: Mapping[str, Measurement],
) -> str | None:  # fmt: skip
    """A line that the champion proves and the challenger does not."""
    known = {str(one["line"]): one["verdict"] for one in verdicts}
    for line in contract.must:
        if told.get(line.text) == "PROVED":
            continue
        plain = line.relative is None and (line.part is None or line.part.under is None)
        if is_cost(line) or not plain:
            proved = known.get(line.text) == "PROVED"
        else:
            seen = measure_in_time(line, old, least=rows_of_a_block(measured.get(line.text)))
            lines = len(contract.must)
            verdict = judge(line.text, line.op, line.target, seen, delta=delta, lines=lines, on="sealed")
            proved = verdict.verdict == "PROVED"
        if proved:
            return line.text
    return None
