"""Judges a file of predictions, or of cases that an endpoint answers: finds its columns, then asks `prove`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract, Line, load, parse_line
from zhinan.core import UserError, Words, find, suggest
from zhinan.data import read
from zhinan.evaluate.given import Given
from zhinan.evaluate.kinds import needs_of
from zhinan.evaluate.measure import is_cost
from zhinan.evaluate.prove import Proof, prove_given

if TYPE_CHECKING:
    from zhinan.evaluate.endpoint import Asking

__all__ = ["Columns", "prove_file"]

TRUTHS = ("label", "truth", "target", "y_true", "expected", "gold", "标签", "正确答案")
PREDICTIONS = ("prediction", "predicted", "pred", "answer", "y_pred", "output", "预测", "回答")
PREFIX = "p_"
"""What a column with the probability of a class is called, before the name of the class."""
QUANTILE = re.compile(r"q_?(0?\.[0-9]+)")
"""What a column with a quantile is called: q_0.9."""


@dataclass(frozen=True)
class Columns:
    """Which column of a file is what; those left out are guessed from usual names where there are any.

    Args:
        probability: of the second of two labels; probabilities: prefix of a column for each class, default p_.
        cost, current_cost: money of each answer, ours and somebody else's. Others: as in `prove`.
    """

    truth: str | None = None
    prediction: str | None = None
    probability: str | None = None
    probabilities: str | None = None
    person: str | None = None
    current: str | None = None
    handover: str | None = None
    low: str | None = None
    high: str | None = None
    cost: str | None = None
    current_cost: str | None = None


@dataclass(frozen=True)
class _Table:
    """A file's columns as text, and where each row stands in it."""

    path: Path
    held: Mapping[str, list[Any]]
    lines: Sequence[int]

    def place(self, row: int) -> str:
        """Where a row is for the user."""
        return f"{self.path.name}:{self.lines[row]}"

    def column(self, asked: str | None, option: str, usual: Sequence[str] = ()) -> str:
        """The column asked for, or the first of its usual names. Raises: UserError E259."""
        if asked is not None:
            if asked not in self.held:
                raise UserError("E259", self.path.name, option=option, name=asked, suggestion=suggest(asked, self.held))
            return asked
        found = [name for name in usual if name in self.held]
        if not found:
            shown = ", ".join(list(self.held)[:8])
            words = Words(f"name one of: {shown}", f"请指定其一：{shown}")
            raise UserError("E259", self.path.name, option=option, name="–", suggestion=words)
        return found[0]


def prove_file(
    path: Path,
    *,
    must: Sequence[str] = (),
    product: Path | None = None,
    confidence: float | None = None,
    asking: Asking | None = None,
    **named: str | None,
) -> Proof:
    """Verdicts on a file with a column of right answers and one of predictions; its other columns serve parts and gaps.

    Args:
        must: lines; product: take those of a contract too, with its confidence, person, current column and matrix.
        confidence: default: the contract's, else .95.
        asking: asks an endpoint for the predictions instead.
        named: columns, see `Columns`.

    Raises:
        UserError: E259 for a column that is missing or not named, E260 for a row without truth or prediction, E261
            for rows that cannot be read or probabilities that are no numbers, as `prove` and `Endpoint`.
    """
    columns = Columns(**named)
    contract = load(product) if product is not None else None
    lines = [parse_line(line, "must") for line in must]
    if contract is not None:
        kept = [line for line in contract.must if not is_cost(line) or _measurable(line, columns, asking)]
        lines = kept + lines
        confidence = contract.confidence if confidence is None else confidence
    raw = read(path)
    if raw.rejected:
        first = raw.rejected[0]
        raise UserError("E261", f"{path.name}:{first.line}", reason=first.reason)
    held = {name: raw.frame[name].to_list() for name in raw.frame.columns if name not in ("_line", "_member")}
    table = _Table(path, held, raw.frame["_line"].to_list())
    given = _given(table, columns, contract, lines, asking)
    return prove_given(given, lines, 0.95 if confidence is None else confidence)


def _measurable(line: Line, columns: Columns, asking: Asking | None) -> bool:
    """Whether a contract's line about cost can be judged here; the others are judged on a packaged version."""
    if line.metric == "cost":
        return columns.cost is not None and (line.relative is None or columns.current_cost is not None)
    return line.metric.startswith("latency") and asking is not None and line.relative is None


def _given(
    table: _Table, columns: Columns, contract: Contract | None, lines: Sequence[Line], asking: Asking | None
) -> Given:
    data = contract.data if contract is not None else None
    right = table.column(columns.truth or (data.target if data else None), "--truth", TRUTHS)
    said = None if asking else table.column(columns.prediction, "--prediction", PREDICTIONS)
    if right == said:
        reason = Words(f"'{right}' is both the truth and the prediction", f"“{right}”既是正确答案又是预测")
        raise UserError("E261", table.path.name, reason=reason)
    taken = {field.name: _optional(table, columns, field.name) for field in fields(Columns)[4:]}
    for name in ("person", "current"):
        usual = getattr(data, name) if data else None
        if taken[name] is None and usual is not None and (name == "person" or usual in table.held):
            taken[name] = table.column(usual, f"--{name}")
    classes, chances, of_chances = _probabilities(table, columns, right, said, lines)
    levels = {float(found[1]): name for name in table.held if (found := QUANTILE.fullmatch(name))}
    special = {right, *of_chances} | ({said} if said else set())
    values: dict[str, Any] = {name: None if column is None else table.held[column] for name, column in taken.items()}
    given = Given(
        table.held[right], table.held[said] if said else [None] * len(table.lines), chances, classes,
        columns={name: held for name, held in table.held.items() if name not in special},
        quantiles={level: table.held[name] for level, name in levels.items()} if _uses(lines, "pinball") else None,
        matrix=contract.cost.matrix if contract is not None else None, names=(right, said or "answer"),
        place=table.place, **values,
    )  # fmt: skip
    if asking is None:
        return given
    private = {*special, *(column for column in taken.values() if column is not None), *levels.values()}
    return asking(given, lines, contract, private)


def _optional(table: _Table, columns: Columns, name: str) -> str | None:
    asked = getattr(columns, name)
    return None if asked is None else table.column(asked, "--" + name.replace("_", "-"))


def _uses(lines: Sequence[Line], metric: str) -> bool:
    return any(line.metric == metric for line in lines)


def _probabilities(
    table: _Table, columns: Columns, right: str, said: str | None, lines: Sequence[Line]
) -> tuple[tuple[str, ...] | None, Any, set[str]]:
    """The classes, their probabilities, and the columns these stand in."""
    if columns.probability is not None:
        name = table.column(columns.probability, "--probability")
        return None, _chances(table, name), {name}
    prefix = columns.probabilities or PREFIX
    found = {name.removeprefix(prefix): name for name in table.held if name.startswith(prefix) and name != prefix}
    labels = {str(v) for name in (right, said) if name is not None for v in table.held[name] if v is not None}
    missing = sorted(labels - set(found))
    wanted = columns.probabilities is not None or any(
        "probability" in needs_of(find("metric", line.metric)) or (line.metric == "accuracy" and line.k is not None)
        for line in lines
    )
    if not wanted or (columns.probabilities is None and not labels & set(found)):
        return None, None, set()
    if not found or (missing and labels & set(found)):
        name = prefix + (missing[0] if missing else "…")
        raise UserError(
            "E259", table.path.name, option="--probabilities", name=name, suggestion=suggest(name, table.held)
        )
    import numpy as np

    chances = np.column_stack([_chances(table, name) for name in found.values()])
    return tuple(found), chances, set(found.values())


def _chances(table: _Table, name: str) -> list[float]:
    try:
        return [float(value or "") for value in table.held[name]]
    except ValueError as error:
        reason = Words("a probability is not a number", "有的概率不是数字")
        raise UserError("E261", table.path.name, reason=reason) from error
