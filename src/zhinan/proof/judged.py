"""Answers side by side with the truth: what every quality metric measures, whoever gave the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zhinan.core import UserError, suggest

__all__ = ["Judged"]


@dataclass(frozen=True, eq=False)
class Judged:
    """Predictions of n examples next to their labels.

    Args:
        truth, answer: shape (n,), class names.
        probability: shape (n, len(classes)), in the order of `classes`, or None when only answers are known.
        classes: the names that `probability` speaks of.
        person: shape (n,), whose data a row is, or None.
        columns: other columns by name, shape (n,), for parts and groups.

    Raises:
        UserError: E032 when lengths differ, E033 when probabilities are not numbers in [0, 1] for each class.
    """

    truth: npt.NDArray[np.str_]
    answer: npt.NDArray[np.str_]
    probability: npt.NDArray[np.floating] | None = None
    classes: tuple[str, ...] = ()
    person: npt.NDArray[np.generic] | None = None
    columns: Mapping[str, npt.NDArray[np.generic]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wanted = len(self.truth)
        others = {"answer": self.answer, "probability": self.probability, "person": self.person, **self.columns}
        for name, values in others.items():
            if values is not None and len(values) != wanted:
                raise UserError("E032", name, name=name, got=len(values), wanted=wanted)
        p = self.probability
        if p is not None:
            right_shape = p.ndim == 2 and p.shape[1] == len(self.classes)
            if not right_shape or not bool(np.all((p >= 0) & (p <= 1 + 1e-6))):
                raise UserError("E033", "probability", classes=len(self.classes), shape=p.shape)

    def __len__(self) -> int:
        return len(self.truth)

    def where(self, mask: npt.ArrayLike) -> Judged:
        """The rows a boolean mask of shape (n,) keeps."""
        rows = np.asarray(mask, dtype=bool)
        return Judged(
            self.truth[rows],
            self.answer[rows],
            None if self.probability is None else self.probability[rows],
            self.classes,
            None if self.person is None else self.person[rows],
            {name: values[rows] for name, values in self.columns.items()},
        )

    def groups(self, column: str, where: str = "") -> dict[str, Judged]:
        """The rows of each value of a column, for gaps between groups.

        Raises:
            UserError: E034 when there is no such column.
        """
        if column not in self.columns:
            raise UserError("E034", where, column=column, suggestion=suggest(column, self.columns))
        values = self.columns[column].astype(str)
        return {str(value): self.where(values == value) for value in np.unique(values)}
