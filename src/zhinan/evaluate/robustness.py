"""How much of a candidate's accuracy is left when inputs are misspelt, cut off or missing: a table of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhinan.contract import DISTURBANCES, Line
from zhinan.contract.frozen import FrozenMap
from zhinan.core import Dataset, find
from zhinan.evaluate.answering import answer_rows
from zhinan.evaluate.disturb import AFFECTS, disturbed, sample
from zhinan.evaluate.measure import judge_dataset, measure

__all__ = ["robustness"]


def robustness(
    run: Callable[[dict[str, list[Any]]], Mapping[str, Any]],
    dev: Dataset,
    classes: tuple[str, ...],
    metric: str = "accuracy",
) -> list[dict[str, Any]]:
    """A metric under every disturbance that can touch these inputs, on at most 500 rows.

    Args:
        run: what answers typed rows, such as the steps of a candidate that has not learned from `dev`.
        dev: rows with their labels. classes: in the order of the probabilities. metric: one without options.

    Returns:
        a row a disturbance: {"under", "metric", "value", "drop", "n"}; `drop` is by how much it is worse on the
        same rows.
    """
    rows = sample(dev)
    kinds = {column.kind for column in rows.inputs}
    if not len(rows):
        return []

    better = find("metric", metric).facts["better"] == "higher"
    line = Line(metric, metric, None, None, FrozenMap(), ">=" if better else "<=", 0.5, "")

    def value(how: str | None) -> float:
        return measure(
            line, judge_dataset(rows, answer_rows(run, disturbed(rows, how), hands_over=False), classes)
        ).value

    whole = value(None)
    found = []
    for how in DISTURBANCES:
        if AFFECTS[how] & kinds:
            now = value(how)
            drop = whole - now if better else now - whole
            found.append({"under": how, "metric": metric, "value": now, "drop": drop, "n": len(rows)})
    return found
