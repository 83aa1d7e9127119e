"""The must lines that only use can judge, as a build shows them: undecided, and no part of its outcome."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import UserError, Words, find
from zhinan.evaluate.happened import Failed, Followed, Measure, Rated

__all__ = [
    "PRODUCTION",
    "before_launch",
    "counted_as",
    "measure_of",
    "people_needed",
    "refuse_in_use",
    "takes",
    "waiting",
    "with_in_use",
]

PRODUCTION = "production"
SLOWER = 2.0
"""Scores until four of five products are decided, by those of a fixed test with power .8: 1.5 to 1.9 measured in nine
simulated cases, 2.1 to refute a share of 4 %; half of them take less than that test."""
BETTER = 0.2
"""While nothing is known, how many to wait for is told for a product that much better than asked, or nearer to all."""


def measure_of(line: Line) -> Measure:
    """How a line's events are read."""
    found: Measure = find("metric", line.metric).target(**line.args)
    return found


def waiting(contract: Contract) -> list[dict[str, Any]]:
    """A verdict, as JSON, for each line that only use can judge: undecided, with how many people might decide it."""
    return [
        {
            "line": line.text, "verdict": "UNDECIDED", "value": None, "bound": None, "n": 0, "on": PRODUCTION,
            "to_decide": people_needed(line, None, 0, contract.delta), "why": _both(counted_as(line)),
        }
        for line in contract.in_use
    ]  # fmt: skip


def with_in_use(
    contract: Contract, verdicts: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Verdicts and, behind them, those on the lines that use judges: as known by now, else as a build gives them."""
    told = {row["line"]: dict(row) for row in known if row["on"] == PRODUCTION}
    late = [{**row, "confidence": contract.confidence} for row in waiting(contract)]
    return [*map(dict, before_launch(verdicts)), *(told.get(row["line"], row) for row in late)]


def takes(line: Line) -> dict[str, Any] | None:
    """What counts for a line, as JSON: {"event", "least", "most"}; None where nobody sends anything.

    `event` is "" for ratings. `least` and `most` bound the value it has to have: null where it needs none, or where it
    may be any above.
    """
    found = measure_of(line)
    if isinstance(found, Failed):
        return None
    needs = not isinstance(found, Followed)
    most = found.scale if isinstance(found, Rated) else None
    return {"event": found.event, "least": 0.0 if needs else None, "most": most}


def refuse_in_use(lines: Iterable[Line]) -> None:
    """Refuses lines that no examples can judge.

    Raises: UserError E540.
    """
    for line in lines:
        if find("metric", line.metric).facts["family"] == "business":
            raise UserError("E540", line.where, line=line.text)


def before_launch(verdicts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The verdicts that an outcome is the worst of: all but those that only use can give."""
    return [row for row in verdicts if row["on"] != PRODUCTION]


def people_needed(line: Line, rate: float | None, n: int, delta: float) -> Mapping[str, int] | None:
    """How many more people might decide a line; None when it stands so near its target that nobody can say.

    Args:
        rate: mean score so far, None for none. n: people counted. delta: error of the verdict the rate points to.
    """
    from zhinan.proof.samples import count_size

    op, null = measure_of(line).bet(line.target)
    if rate is None:
        rate = null + BETTER * min(null, 1 - null) * (1 if op == ">=" else -1)
    higher = rate > null
    size = count_size(rate if higher else 1 - rate, null if higher else 1 - null, delta) if 0 < rate < 1 else None
    if rate in (0.0, 1.0):
        size = count_size(1 - 1e-9, null if higher else 1 - null, delta)
    counted = "minutes" if isinstance(measure_of(line), Failed) else "people"
    return None if size is None else {counted: max(math.ceil(SLOWER * size.stays) - n, 1)}


def counted_as(line: Line) -> Words:
    """What counts in a line, in a sentence."""
    found = measure_of(line)
    if isinstance(found, Followed):
        lower, upper = _time(found.after), _time(found.within)
        if not found.after:
            return Words(
                f"judged in use: people with an event '{found.event}' within {upper[0]} of their first answer",
                f"线上判定：首次获得回答后 {upper[1]}内出现事件“{found.event}”的用户",
            )
        return Words(
            f"judged in use: people with an event '{found.event}' {lower[0]} to {upper[0]} after their first answer",
            f"线上判定：首次获得回答后 {lower[1]}至 {upper[1]}内出现事件“{found.event}”的用户",
        )
    if isinstance(found, Failed):
        return Words(
            "judged in use: each minute's share of requests that were answered with 500 or 503",
            "线上判定：每分钟以 500 或 503 应答的请求所占比例",
        )
    if isinstance(found, Rated):
        return Words(
            f"judged in use: people whose first rating is {found.least:g} or more of {found.scale:g}",
            f"线上判定：首次评分不低于 {found.least:g}（满分 {found.scale:g}）的用户",
        )
    return Words(
        f"judged in use: what each person's first event '{found.event}' says",
        f"线上判定：每位用户首个事件“{found.event}”的数值",
    )


def _time(seconds: float) -> tuple[str, str]:
    for size, en, zh in ((86_400, "day", "天"), (3600, "hour", "小时"), (60, "minute", "分钟"), (1, "second", "秒")):
        if seconds >= size:
            amount = f"{seconds / size:g}"
            return f"{amount} {en}{'' if amount == '1' else 's'}", f"{amount} {zh}"
    return "0 seconds", "0 秒"


def _both(words: Words) -> dict[str, str]:
    return {"en": words.en, "zh": words.zh}
