"""Measures one must line on judged predictions or on measured costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Line
from zhinan.core import Dataset, UserError, Words, find, suggest
from zhinan.proof import Judged, Measurement

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs

__all__ = ["is_cost", "judge_dataset", "judged", "label_of", "measure", "measure_known"]

ABSENT = frozenset({"E031", "E251", "E253"})
"""Errors of `measure` that say that a class, a group or a value does not occur in the judged rows."""


def is_cost(line: Line) -> bool:
    """Whether the line is about the cost of an answer rather than its quality."""
    return bool(find("metric", line.metric).facts["family"] == "cost")


def judged(
    truth: Sequence[Any],
    answer: Sequence[Any],
    *,
    probability: np.ndarray | None = None,
    classes: tuple[str, ...] | None = None,
    person: Sequence[Any] | None = None,
    columns: Mapping[str, Sequence[Any]] | None = None,
) -> Judged:
    """Predictions beside the truth, as text labels. A row without a person is a person of its own."""
    true, said = _labels(truth), _labels(answer)
    named = classes or tuple(sorted({*true.tolist(), *said.tolist()}))
    return Judged(
        truth=true,
        answer=said,
        probability=probability,
        classes=named,
        person=None if person is None else np.asarray([_person(p, i) for i, p in enumerate(person)]),
        columns={name: _texts(values) for name, values in (columns or {}).items()},
    )


def judge_dataset(
    part: Dataset, labels: Sequence[str], probability: np.ndarray | None, classes: tuple[str, ...]
) -> Judged:
    """A labelled part's truth beside a version's answers to it."""
    if part.target is None:
        raise ValueError("unlabeled data cannot be judged")
    columns = {name: part.values(name) for name in part.frame.columns if name[0] != "_" and name != part.target.name}
    return judged(
        part.values(part.target.name),
        labels,
        probability=probability,
        classes=classes,
        person=part.values(part.person) if part.person else None,
        columns=columns,
    )


def measure_known(line: Line, on: Judged | Costs) -> Measurement:
    """As `measure`, for names that loading has found in the data: what is not in this part is measured on nothing."""
    try:
        return measure(line, on)
    except UserError as error:
        if error.code not in ABSENT:
            raise
        return Measurement.counts(0, 0)


def measure(line: Line, on: Judged | Costs) -> Measurement:
    """The metric of a line on the part it names.

    Raises:
        UserError: E252 when the column of a part is not there, E253 when no row has its value; what the metric raises.
    """
    metric = find("metric", line.metric)
    options = dict(line.args)
    if not isinstance(on, Judged):
        costed: Measurement = metric.target(on, **options)
        return costed
    part = line.part
    if part and part.column is not None:
        if part.column not in on.columns:
            raise UserError("E252", line.where, column=part.column, suggestion=suggest(part.column, on.columns))
        rows = on.columns[part.column] == part.value
        if not rows.any():
            seen = suggest(str(part.value), set(on.columns[part.column].tolist()))
            raise UserError("E253", line.where, column=part.column, value=part.value, suggestion=seen)
        on = on.where(rows)
    if part and part.label is not None:
        options["part"] = part.label
    if metric.facts["per_class"] == "only" and "part" not in options:
        raise UserError("E255", line.where, metric=line.metric, suggestion=_per_class(line.metric, on))
    if line.metric == "gap" and options.get("by") not in on.columns:
        by = str(options.get("by"))
        raise UserError("E252", line.where, column=by, suggestion=suggest(by, on.columns))
    found: Measurement = metric.target(on, **options)
    return found


def _per_class(metric: str, on: Judged) -> Words:
    shown = ", ".join(f'{metric}["{c}"]' for c in on.classes[:5]) + (" …" if len(on.classes) > 5 else "")
    return Words(
        f"write macro_{metric} for the mean over classes, or {shown}", f"用 macro_{metric} 求各类平均，或写 {shown}"
    )


def label_of(value: Any) -> str:
    """A label as text; 1.0 is the label 1, as a column of whole numbers becomes when a value is missing."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _labels(values: Sequence[Any]) -> np.ndarray:
    return np.asarray([label_of(v) for v in values], dtype=object).astype(str)


def _texts(values: Sequence[Any]) -> np.ndarray:
    """Of any length: an array of `str` would make room for the longest text in every row."""
    texts: np.ndarray = np.empty(len(values), dtype=object)
    texts[:] = ["" if v is None else str(v) for v in values]
    return texts


def _person(value: Any, row: int) -> str:
    return f"\x02{row}" if value is None or value == "" else str(value)
