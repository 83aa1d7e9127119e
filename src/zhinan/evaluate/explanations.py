"""What an explanation says: the pieces of a row with what each adds, of a label against another one or of a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhinan.core import Words

__all__ = ["Explanation", "NumberExplanation", "Part", "Reason"]

EXACT = ("linear", "trees", "linear + trees")
WORTH_SAYING, LONGEST = 0.01, 60


@dataclass(frozen=True)
class Part:
    """A piece of a row and what it said, in log odds: above 0 for the answer, below 0 for the other class.

    Args:
        start, end: its place in the masked text of the column; None for a column that is no text.
    """

    column: str
    text: str
    weight: float
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Reason:
    """Why a class is likely: a column and its value, in log odds against the other class."""

    column: str
    value: str
    raises: str
    weight: float

    def words(self) -> Words:
        """The sentence a customer reads; a long value is cut."""
        value = self.value if len(self.value) <= LONGEST else f"{self.value[:LONGEST]}…"
        if not value:
            missing = f"{self.column} is missing, which raises {self.raises}"
            return Words(missing, f"{self.column} 缺失，使 {self.raises} 更可能")
        return Words(
            f"{self.column} = {value} raises {self.raises}", f"{self.column} = {value}，使 {self.raises} 更可能"
        )


@dataclass(frozen=True)
class Explanation:
    """What one row's answer is made of: `difference` = base + the parts' weights + rest + unexplained.

    Args:
        answer, against: the two classes compared; difference: their log odds, ln(p(answer) / p(against)) while a
            temperature is all that calibrates.
        base: what the version says when the row says nothing.
        parts: in the order of the row; of many, those that count most. rest: the sum of the others.
        unexplained: what parts say together and not one by one; nothing, to rounding, when `exact`.
        method: "linear", "trees" or "linear + trees" (exact), "occlusion" (by leaving out), or "linear + occlusion" of
            a stack of both.
        shared: hashed features into which different n-grams of this row fell; their weight is shared out evenly.
        row: the inputs as the masks left them. columns: what each of them says in all, whatever parts are shown.
    """

    answer: str
    against: str
    probability: float
    difference: float
    base: float
    parts: tuple[Part, ...]
    rest: float
    unexplained: float
    method: str
    shared: int
    row: Mapping[str, Any]
    columns: Mapping[str, float]

    @property
    def exact(self) -> bool:
        """Whether the parts add up to the difference, to rounding."""
        return self.method in EXACT

    def reasons(self, most: int = 4) -> tuple[Reason, ...]:
        """The columns that speak most strongly for the answer, strongest first, as a notice to a customer names them.

        Source: the order of principal reasons in adverse action notices, 12 CFR 1002.9 (Regulation B); at most four.
        """
        sums = self.columns
        order = sorted((name for name in sums if sums[name] > WORTH_SAYING), key=lambda name: (-sums[name], name))
        values = {name: "" if self.row[name] is None else str(self.row[name]) for name in order}
        return tuple(Reason(name, values[name], self.answer, sums[name]) for name in order[:most])

    def to_dict(self) -> dict[str, Any]:
        """The object that `zhinan explain --json` prints for a row."""
        shown = {**self.__dict__, "exact": self.exact}
        shown["parts"] = [dict(part.__dict__) for part in self.parts]
        shown["reasons"] = [dict(reason.__dict__) for reason in self.reasons()]
        return shown


@dataclass(frozen=True)
class NumberExplanation:
    """What a number is made of: `total` = base + the parts' weights + rest + unexplained.

    Args:
        value, low, high: as answered. scale: "value" where total is the number before it is kept within its limits, in
            the target's own unit; "log" where it is ln(number + shift), so that parts multiply.
        base: what the version says when the row says nothing. unit: of the target, empty where there is none. The
            others are as in `Explanation`.
    """

    value: float
    low: float
    high: float
    scale: str
    total: float
    base: float
    parts: tuple[Part, ...]
    rest: float
    unexplained: float
    method: str
    shared: int
    row: Mapping[str, Any]
    unit: str = ""

    @property
    def exact(self) -> bool:
        """Whether the parts add up to the total, to rounding."""
        return self.method in EXACT

    def to_dict(self) -> dict[str, Any]:
        """The object that `zhinan explain --json` prints for a row."""
        shown = {**self.__dict__, "exact": self.exact}
        if not self.unit:
            del shown["unit"]
        shown["parts"] = [dict(part.__dict__) for part in self.parts]
        return shown
