"""Measures one must line on judged predictions or on measured costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from zhinan.contract import Line, crossed
from zhinan.core import Dataset, UserError, Words, entries, find, suggest
from zhinan.core.persons import person_id
from zhinan.data.tags import flags_of
from zhinan.evaluate.answers import Said, Tags, Values
from zhinan.evaluate.kinds import apply
from zhinan.proof import Answered, Judged, Measurement, Tagged, Valued, relative
from zhinan.steps.values.lists import items_of
from zhinan.steps.values.written import part_of

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs

__all__ = [
    "NOBODY", "answers_of", "is_cost", "judge_dataset", "judged", "label_of", "measure", "measure_known", "numeric",
    "persons", "texts", "which_class", "words_of",
]  # fmt: skip

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
        person=None if person is None else persons(person),
        columns={name: texts(values) for name, values in (columns or {}).items()},
    )


NOBODY = "\x1f"
"""Stands in the column `data.current` of rows that its author was never asked about, NaN where it holds numbers.

Neither can come out of a file, whose texts are tidied and whose NaN is a missing value."""


def judge_dataset(
    part: Dataset,
    said: Said,
    classes: tuple[str, ...],
    *,
    matrix: Mapping[str, Mapping[str, float]] | None = None,
    current: str | None = None,
) -> Judged | Tagged | Valued:
    """A labelled part's truth beside a version's answers to it.

    Args:
        matrix: what mistakes cost. current: the column that holds somebody else's answers, None for none.
    """
    if part.target is None:
        raise ValueError("unlabeled data cannot be judged")
    columns, moment = words_of(part), _moments(part)
    truth, person = part.values(part.target.name), part.clusters()
    theirs, asked = (None, None) if current is None else answers_of(part, current)
    if isinstance(said, Values):
        ours = replace(_valued(truth, said, person, columns), asked=asked, moment=moment)
        return (
            ours if theirs is None else replace(ours, current=_valued(truth, Values(numeric(theirs)), person, columns))
        )
    if isinstance(said, Tags):
        tagged = replace(_tagged(truth, said, classes, person, columns), asked=asked, moment=moment)
        if theirs is None:
            return tagged
        other = Tags([items_of(text or "[]") for text in theirs])
        return replace(tagged, current=_tagged(truth, other, tagged.classes, person, columns))
    found = judged(truth, said.labels, probability=said.probability, classes=classes, person=person)
    today = None
    if theirs is not None:
        today = replace(judged(truth, theirs, classes=classes, person=person), columns=columns, matrix=matrix)
    found = replace(found, columns=columns, handover=said.handover, matrix=matrix, current=today, asked=asked)
    return replace(found, moment=moment)


def _moments(part: Dataset) -> np.ndarray | None:
    """When each row was, (n,); None where nobody says."""
    return None if part.time is None else part.frame[part.time].to_physical().to_numpy()


_WORDS: WeakKeyDictionary[Dataset, Mapping[str, np.ndarray]] = WeakKeyDictionary()


def words_of(part: Dataset) -> Mapping[str, np.ndarray]:
    """The columns of a part, but its target, as text; kept with the part, which a build judges dozens of times."""
    if part not in _WORDS:
        target = None if part.target is None else part.target.name
        names = [name for name in part.frame.columns if name[0] != "_" and name != target]
        _WORDS[part] = {name: texts(part.values(name)) for name in names}
    return _WORDS[part]


def answers_of(part: Dataset, column: str) -> tuple[list[Any], np.ndarray | None]:
    """Somebody else's answers to a part, and which rows they were asked about, shape (n,); None for all.

    Where nobody asked them they answer as if they had said nothing, or 0.
    """
    values = part.values(column)
    asked = np.array([value != NOBODY and not _is_nan(value) for value in values], bool)
    if asked.all():
        return values, None
    nothing: Any = 0.0 if part.target is not None and part.target.kind == "number" else None
    return [value if there else nothing for value, there in zip(values, asked, strict=True)], asked


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _tagged(
    truth: Sequence[str], said: Tags, classes: Sequence[str], person: Sequence[Any] | None,
    columns: Mapping[str, np.ndarray],
) -> Tagged:  # fmt: skip
    """Labels that the classes lack count as well: those of the truth are missed, those said are wrong."""
    each = [items_of(text) for text in truth]
    more = {label for labels in (*each, *said.labels) for label in labels} - set(classes)
    named = (*classes, *sorted(more))
    probability = said.probability
    if probability is not None and more:
        probability = np.hstack([probability, np.zeros((len(said), len(more)))])
    return Tagged(
        truth=flags_of(each, named), answer=flags_of(said.labels, named),
        probability=probability, classes=named, person=None if person is None else persons(person), columns=columns,
    )  # fmt: skip


def _valued(
    truth: Sequence[Any], said: Values, person: Sequence[Any] | None, columns: Mapping[str, np.ndarray]
) -> Valued:
    return Valued(
        truth=numeric(truth), answer=said.value, low=said.low, high=said.high,
        person=None if person is None else persons(person), columns=columns,
    )  # fmt: skip


def numeric(values: Sequence[Any]) -> np.ndarray:
    """Numbers, shape (n,) float64."""
    found: np.ndarray = np.asarray([float(v) for v in values], np.float64)
    return found


def measure_known(line: Line, on: Answered | Costs) -> Measurement:
    """As `measure`, for names that loading has found in the data: what is not in this part is measured on nothing."""
    try:
        return measure(line, on)
    except UserError as error:
        if error.code not in ABSENT:
            raise
        return Measurement.counts(0, 0)


def measure(line: Line, on: Answered | Costs, *, bare: bool = False) -> Measurement:
    """The metric of a line on the part it names; of a relative line, compared with `current` on the same rows.

    A disturbance (`under typos`) is the caller's: `on` then holds the answers to disturbed inputs.

    Args:
        bare: whether recall, precision and f1 may stand without a class, for all classes at once.

    Raises:
        UserError: E252 when the column of a part is not there, E253 when no row has its value, E255 for a metric of
            one class without a class, E269 for a relative line without somebody else's answers; what the metric
            raises.
    """
    metric = find("metric", line.metric)
    if not isinstance(on, Answered):
        from zhinan.evaluate.costs import measure_cost

        return measure_cost(line, on)
    on = _part(line, on)
    options = dict(line.args)
    if line.k is not None:
        options["k"] = line.k
    if line.part and line.part.label is not None:
        options["part"] = line.part.label
    one_class = metric.facts["per_class"] == "only" and isinstance(on, Judged | Tagged)
    if one_class and "part" not in options and not bare:
        raise UserError("E255", line.where, metric=line.metric, suggestion=which_class(line.metric, on.classes))  # type: ignore[attr-defined]
    if line.relative is None:
        return apply(metric, on, **options)
    theirs = getattr(on, "current", None)
    if theirs is None:
        raise UserError("E269", line.where, line=line.text)
    if isinstance(on, Tagged):  # a label that only one of them says is a decision of both
        names = tuple(dict.fromkeys((*on.classes, *theirs.classes)))
        on, theirs = on.about(names), theirs.about(names)
    return relative(apply(metric, on, **options), apply(metric, theirs, **options), line.relative)


def which_class(metric: str, classes: Sequence[str]) -> Words:
    """The ways to write a metric of one class that was written without one."""
    shown = ", ".join(f'{metric}["{c}"]' for c in classes[:5]) + (" …" if len(classes) > 5 else "")
    if f"macro_{metric}" not in entries("metric"):
        return Words(f"write {shown}", f"请写 {shown}")
    return Words(
        f"write macro_{metric} for the mean over classes, or {shown}", f"用 macro_{metric} 求各类平均，或写 {shown}"
    )


def _part(line: Line, on: Answered) -> Answered:
    """The rows a line is about, once every column it names is known to be there.

    A relative line is about those that somebody else was asked about too.
    """
    asked = getattr(on, "asked", None)
    if line.relative is not None and asked is not None:
        on = on.where(asked)
    columns: Mapping[str, np.ndarray] = getattr(on, "columns", {})
    by = line.args.get("by")
    for column in crossed(str(by), columns) if by else ():
        if column not in columns:
            raise UserError("E252", line.where, column=column, suggestion=suggest(column, columns))
    if line.part is None or line.part.column is None:
        return on
    column, value = line.part.column, line.part.value
    if column not in columns:
        raise UserError("E252", line.where, column=column, suggestion=suggest(column, columns))
    rows = columns[column].astype(str) == value
    if not rows.any():
        seen = suggest(str(value), set(columns[column].astype(str).tolist()))
        raise UserError("E253", line.where, column=column, value=value, suggestion=seen)
    return on.where(rows)


def label_of(value: Any) -> str:
    """A label as text; 1.0 is the label 1, as a column of whole numbers becomes when a value is missing."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _labels(values: Sequence[Any]) -> np.ndarray:
    return np.asarray([label_of(v) for v in values], dtype=object).astype(str)


def texts(values: Sequence[Any]) -> np.ndarray:
    """A column as text, of any length: an array of `str` would make room for the longest text in every row."""
    found: np.ndarray = np.empty(len(values), dtype=object)
    found[:] = [part_of(value) for value in values]
    return found


def persons(values: Sequence[Any]) -> np.ndarray:
    """Whose row each is; a row of nobody is a person of its own."""
    return np.asarray([f"\x02{i}" if v is None or v == "" else person_id(str(v)) for i, v in enumerate(values)])
