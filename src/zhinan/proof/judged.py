"""Answers side by side with the truth: what every quality metric measures, whoever gave the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from zhinan.core import UserError, suggest

__all__ = ["CROSSED", "NOTHING", "Answered", "Judged", "Ranked", "Tagged", "Valued"]

NOTHING = ""
"""The answer of a row that got none because it was handed to a person: never right, and no class of its own."""
CROSSED = "*"
"""Between two columns: groups are the pairs of their values."""

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Flags: TypeAlias = npt.NDArray[np.bool_]
Things: TypeAlias = npt.NDArray[np.generic]


@dataclass(frozen=True, eq=False)
class Answered:
    """What judged rows of any kind can do: be counted, be cut down to some of them, be split into groups.

    A kind is a frozen dataclass whose first field has a value for each row. Arrays and mappings of arrays go by row,
    except those named in WHOLE. `current`, where there is one, holds somebody else's answers to the same rows.

    Raises:
        UserError: E032 when something does not have a value for each row.
    """

    WHOLE: ClassVar[frozenset[str]] = frozenset({"classes", "matrix"})

    def __post_init__(self) -> None:
        wanted = len(self)
        for name, values in self.by_row().items():
            each = values.items() if isinstance(values, Mapping) else [(name, values)]
            for inner, column in each:
                if len(column) != wanted:
                    raise UserError("E032", str(inner), name=inner, got=len(column), wanted=wanted)

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def where(self, mask: npt.ArrayLike) -> Self:
        """The rows a boolean mask of shape (n,) keeps, here and in `current`."""
        rows = np.asarray(mask, dtype=bool)
        return replace(self, **{name: _kept(values, rows) for name, values in self.by_row().items()})

    def group_of(self, column: str, where: str = "") -> Things:
        """The group of each row, shape (n,), as text; `one*two` crosses two columns.

        Raises:
            UserError: E034 when there is no such column.
        """
        columns: Mapping[str, Things] = getattr(self, "columns")  # noqa: B009 each kind declares it after its answers
        names = [column] if column in columns else [name.strip() for name in column.split(CROSSED)]
        for name in names:
            if name not in columns:
                raise UserError("E034", where, column=name, suggestion=suggest(name, columns))
        first, *rest = (columns[name].astype(str).astype(object) for name in names)
        for values in rest:
            first = first + " × " + values
        return first.astype(str)

    def groups(self, column: str, where: str = "") -> dict[str, Self]:
        """The rows of each value of a column, or of two crossed ones, for gaps between groups.

        Raises:
            UserError: E034 when there is no such column.
        """
        values = self.group_of(column, where)
        return {str(value): self.where(values == value) for value in np.unique(values)}

    def by_row(self) -> dict[str, Any]:
        """What goes by row, by field: arrays, mappings of arrays, and `current`."""
        held = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in self.WHOLE}
        return {name: values for name, values in held.items() if values is not None}


@dataclass(frozen=True, eq=False)
class Judged(Answered):
    """One label for each of n examples, beside the right one.

    Args:
        truth, answer: shape (n,), class names; `NOTHING` where a row that was handed over got no answer.
        probability: shape (n, len(classes)), in the order of `classes`, or None when only answers are known.
        classes: the names that `probability` speaks of.
        person: shape (n,), whose data a row is, or None.
        columns: other columns by name, shape (n,), for parts and groups.
        handover: shape (n,), whether a row was handed to a person; None when nothing is known of that, so that every
            row counts as answered.
        matrix: truth → answer → what that costs; None when no costs were declared.
        current: somebody else's answers to the same rows, in the same order.
        asked: shape (n,), whether somebody else was asked about a row; None where they were about all. What is compared
            with them is measured on those rows; to be asked and give no answer is to be wrong.
        moment: shape (n,), when each row was, as a number; None where rows are in no order.

    Raises:
        UserError: E032 when lengths differ, E033 when probabilities are not numbers in [0, 1] for each class.
    """

    truth: npt.NDArray[np.str_]
    answer: npt.NDArray[np.str_]
    probability: Floats | None = None
    classes: tuple[str, ...] = ()
    person: Things | None = None
    columns: Mapping[str, Things] = field(default_factory=dict)
    handover: Flags | None = None
    matrix: Mapping[str, Mapping[str, float]] | None = None
    current: Judged | None = None
    asked: Flags | None = None
    moment: Things | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_probability(self.probability, self.classes)


@dataclass(frozen=True, eq=False)
class Valued(Answered):
    """One number for each of n examples, beside the right one; perhaps with an interval or quantiles.

    Args:
        truth, answer: shape (n,), in the target's own unit, finite.
        low, high: shape (n,), ends of an interval that should hold the truth; both or None.
        quantiles: level in (0, 1) → shape (n,), the value that the truth should be below with that probability.
        person, columns, current, asked, moment: as in `Judged`.

    Raises:
        UserError: E032 when lengths differ.
        ValueError: a number that is not finite, or one end of an interval without the other.
    """

    truth: Floats
    answer: Floats
    low: Floats | None = None
    high: Floats | None = None
    quantiles: Mapping[float, Floats] | None = None
    person: Things | None = None
    columns: Mapping[str, Things] = field(default_factory=dict)
    current: Valued | None = None
    asked: Flags | None = None
    moment: Things | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends")
        for values in (self.truth, self.answer, self.low, self.high, *(self.quantiles or {}).values()):
            if values is not None and not bool(np.isfinite(values).all()):
                raise ValueError("a number is missing or not finite")


@dataclass(frozen=True, eq=False)
class Tagged(Answered):
    """Any number of labels for each of n examples, beside the right ones.

    Args:
        truth, answer: shape (n, len(classes)), whether each tag is right, was given.
        probability: shape (n, len(classes)), of each tag alone, or None.
        classes: the tags, in the order of the columns.
        person, columns, handover, current, asked, moment: as in `Judged`.

    Raises:
        UserError: E032 when lengths differ, E033 when probabilities are not numbers in [0, 1] for each tag.
        ValueError: truth or answer that do not have a column for each tag.
    """

    truth: Flags
    answer: Flags
    probability: Floats | None = None
    classes: tuple[str, ...] = ()
    person: Things | None = None
    columns: Mapping[str, Things] = field(default_factory=dict)
    handover: Flags | None = None
    current: Tagged | None = None
    asked: Flags | None = None
    moment: Things | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for flags in (self.truth, self.answer):
            if flags.shape != (len(self), len(self.classes)) or flags.dtype != bool:
                raise ValueError(f"tags are flags of shape {(len(self), len(self.classes))}, got {flags.shape}")
        _check_probability(self.probability, self.classes)

    def about(self, classes: tuple[str, ...]) -> Tagged:
        """The same rows with a column for each of these tags, among them all of its own; no row has a new one."""
        place = {name: i for i, name in enumerate(classes)}
        mine = [place[name] for name in self.classes]

        def widened(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
            wide = np.zeros((len(self), len(classes)), values.dtype)
            wide[:, mine] = values
            return wide

        probability = None if self.probability is None else widened(self.probability)
        return replace(
            self, truth=widened(self.truth), answer=widened(self.answer), probability=probability, classes=classes
        )


@dataclass(frozen=True, eq=False)
class Ranked(Answered):
    """A ranking of items for each of n queries, beside the items that are relevant.

    Args:
        gains: shape (n, m), how relevant the item at each rank is, best rank first; 0 for an irrelevant item and
            behind the last one answered.
        ideal: shape (n, r), the gains of every relevant item in falling order, 0 behind the last one.
        person, columns, current: as in `Judged`; persons are whose query it is.

    Raises:
        UserError: E032 when lengths differ.
        ValueError: a gain below 0 or not finite, a query whose ideal does not fall.
    """

    gains: Floats
    ideal: Floats
    person: Things | None = None
    columns: Mapping[str, Things] = field(default_factory=dict)
    current: Ranked | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for gains in (self.gains, self.ideal):
            if gains.ndim != 2 or not bool(np.all((gains >= 0) & np.isfinite(gains))):
                raise ValueError("gains are numbers of at least 0, a row for each query")
        if bool((np.diff(self.ideal, axis=1) > 0).any()):
            raise ValueError("the ideal order has the largest gain first")


def _kept(values: Any, rows: Flags) -> Any:
    if isinstance(values, Answered):
        return values.where(rows)
    if isinstance(values, Mapping):
        return {name: column[rows] for name, column in values.items()}
    return values[rows]


def _check_probability(probability: Floats | None, classes: tuple[str, ...]) -> None:
    if probability is None:
        return
    right_shape = probability.ndim == 2 and probability.shape[1] == len(classes)
    if not right_shape or not bool(np.all((probability >= 0) & (probability <= 1 + 1e-6))):
        raise UserError("E033", "probability", classes=len(classes), shape=probability.shape)
