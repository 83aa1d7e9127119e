"""Which judged rows a metric takes: labels, numbers, tags or rankings, as its fact `needs` says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhinan.contract import Line, parse_line
from zhinan.core import UserError, Words, find
from zhinan.proof import Answered, Judged, Measurement, Ranked, Tagged, Valued

if TYPE_CHECKING:
    from zhinan.core.registry import Registered

__all__ = ["KINDS", "apply", "kinds_of", "needs_of"]

KINDS: Mapping[type[Answered], Words] = MappingProxyType({
    Judged: Words("one label a row", "每行一个标签"),
    Valued: Words("a number a row", "每行一个数值"),
    Tagged: Words("any number of labels a row", "每行任意个标签"),
    Ranked: Words("a ranking a row", "每行一个排序"),
})  # fmt: skip
"""What judged rows of each kind hold."""

_TAKES: Mapping[str, type[Answered]] = MappingProxyType({
    "answer": Judged, "probability": Judged, "value": Valued, "interval": Valued, "tags": Tagged, "ranking": Ranked,
})  # fmt: skip


def needs_of(entry: Registered) -> frozenset[str]:
    """A metric's fact `needs` as a set: answer, probability, value, interval, tags, ranking."""
    needs = entry.facts.get("needs", "answer")
    return frozenset((needs,) if isinstance(needs, str) else needs)


def kinds_of(line: Line) -> frozenset[type[Answered]]:
    """The kinds of rows that a line can be measured on.

    A metric that compares another one takes what that one takes; a cut-off asks for a ranking where the metric has
    one, and for labels with probabilities elsewhere.
    """
    inner = line.args.get("of")
    metric = find("metric", str(inner) if inner else line.metric)
    condition = line.args.get("condition")
    if isinstance(condition, str) and condition:
        return kinds_of(parse_line(condition, line.where)) & {Judged, Tagged}
    needs = needs_of(metric)
    if "ranking" in needs and len(needs) > 1:
        needs = frozenset({"ranking"}) if line.k is not None else needs - {"ranking"}
    return frozenset(_TAKES[need] for need in needs)


def apply(entry: Registered, on: Answered, **options: Any) -> Measurement:
    """The metric on those rows.

    Raises:
        UserError: E263 when it does not take such rows; what the metric raises.
    """
    kinds = {_TAKES[need] for need in needs_of(entry)}
    if type(on) not in kinds:
        wanted = [KINDS[kind] for kind in KINDS if kind in kinds]
        words = Words(" or ".join(w.en for w in wanted), "或".join(w.zh for w in wanted))
        raise UserError("E263", metric=entry.name, wanted=words, found=KINDS[type(on)])
    found: Measurement = entry.target(on, **options)
    return found
