"""How much of a candidate's accuracy is left when inputs are misspelt, cut off or missing: a table of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhinan.contract import DISTURBANCES, parse_line
from zhinan.core import Dataset
from zhinan.evaluate.answering import answer_rows
from zhinan.evaluate.disturb import AFFECTS, disturbed, sample
from zhinan.evaluate.measure import Answers, judge_dataset, measure

__all__ = ["robustness"]

METRIC = "accuracy"


def robustness(
    run: Callable[[dict[str, list[Any]]], Mapping[str, Any]], dev: Dataset, classes: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Accuracy under every disturbance that can touch these inputs, on at most 500 rows.

    Args:
        run: what answers typed rows, such as the steps of a candidate that has not learned from `dev`.
        dev: rows with their labels. classes: in the order of the probabilities.

    Returns:
        a row a disturbance: {"under", "metric", "value", "drop", "n"}; `drop` is how much accuracy it costs on the
        same rows.
    """
    rows = sample(dev)
    kinds = {column.kind for column in rows.inputs}
    if not len(rows):
        return []

    def accuracy(how: str | None) -> float:
        answers = Answers(answer_rows(run, disturbed(rows, how)).labels)
        return measure(parse_line(f"{METRIC} >= 50%"), judge_dataset(rows, answers, classes)).value

    whole = accuracy(None)
    found = []
    for how in DISTURBANCES:
        if AFFECTS[how] & kinds:
            value = accuracy(how)
            found.append({"under": how, "metric": METRIC, "value": value, "drop": whole - value, "n": len(rows)})
    return found
