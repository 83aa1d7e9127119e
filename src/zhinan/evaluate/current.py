"""What `current` means in a line: somebody else's answers to the same rows, from a column or the live version."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract, Line
from zhinan.core import Dataset, UserError, Words
from zhinan.data.tags import has_labels
from zhinan.evaluate.answering import identity, kept_answers
from zhinan.evaluate.answers import Answers, Tags, Values
from zhinan.evaluate.disturb import under
from zhinan.evaluate.measure import answers_of, is_cost, judge_dataset, label_of, numeric
from zhinan.proof import Judged, Measurement, Tagged, Valued
from zhinan.proof.evidence import Evidence, Op
from zhinan.steps.values.lists import items_of

if TYPE_CHECKING:
    from zhinan.package import Version
    from zhinan.store import Store

__all__ = ["Current", "Flattered", "beside", "current_of", "disturbances", "fair"]


@dataclass(frozen=True, eq=False)
class Current:
    """Somebody else's answers.

    Args:
        column: of the data, or None. version: the live one, where a line needs it. store: keeps its answers.
        costs: whether a line compares costs with the version's.
    """

    column: str | None
    version: Version | None
    store: Store
    costs: bool = False

    @property
    def name(self) -> str:
        """What an opening was compared with: the column, whose values the data's fingerprint holds, or the version."""
        if self.column is not None:
            return f"column {self.column}"
        return f"version {identity(self.version)}" if self.version is not None else ""

    def may_have_learned(self, part: Dataset) -> bool:
        """Whether it may have learned from these rows: a version did from all but the set it was certified on."""
        if self.column is not None or self.version is None:
            return False
        facts: Mapping[str, Any] = getattr(self.version.manifest, "facts", {})
        return bool(facts.get("sealed") != part.fingerprint)

    def judge(self, part: Dataset, how: str | None = None) -> Judged | Tagged | Valued:
        """Its answers to a part beside the truth; a row without a label is answered wrong.

        Raises: UserError E293 for a row without a number.
        """
        if self.column is not None:
            return self._said(part, self.column)
        if self.version is None:
            raise ValueError("no line asks for current answers")
        answers = kept_answers(self.version, part, self.store, how=how, own=True)
        return judge_dataset(part, answers, self.version.classes)

    def _said(self, part: Dataset, column: str) -> Judged | Tagged | Valued:
        values, asked = answers_of(part, column)
        if part.target is not None and part.target.kind == "number":
            if None in values:
                raise UserError("E293", column, column=column, count=values.count(None))
            return replace(judge_dataset(part, Values(numeric(values)), ()), asked=asked)
        if has_labels(part):
            said = Tags([items_of(text or "[]") for text in values])
            return replace(judge_dataset(part, said, ()), asked=asked)
        labels = [label_of(value) for value in values]
        found = judge_dataset(part, Answers(labels), tuple(sorted({label for label in labels if label})))
        return replace(found, asked=asked)

    def against(self, part: Dataset, most: int) -> tuple[Path, Mapping[str, Sequence[Any]]] | None:
        """What `measure_costs` compares with: the live version and its inputs of the first rows; None if none asks."""
        if self.version is None or not self.costs:
            return None
        return self.version.path, {name: part.values(name)[:most] for name in self.version.inputs}


def current_of(contract: Contract, store: Store | None, part: Dataset) -> Current | None:
    """What `current` means in a contract; None when no line is relative. Asked before anything is computed.

    The column `data.current` answers for lines of quality, `cost.current` for the metric cost, the live version for all
    that is left.

    Args:
        store: None where there is none yet, so that no version is live. part: any part of the data.

    Raises:
        UserError: E283 when a line's current is not known, E284 when the live version reads a column the data lacks.
    """
    asking = [line for line in (*contract.must, *contract.should) if line.relative]
    if not asking:
        return None
    column = contract.data.current
    left = [line for line in asking if not _declared(line, contract)]
    if not left:
        return Current(column, None, store)  # type: ignore[arg-type]  # nothing is kept of a column
    live = store.stages(contract.product).live if store else None
    if store is None or live is None:
        raise UserError("E283", left[0].where, line=left[0].text, fix=_key(left[0]))
    from zhinan.package import open_version

    version = open_version(store.version(contract.product, live).path, threads=2)
    for name in version.inputs:
        if name not in part.frame.columns:
            raise UserError("E284", left[0].where, line=left[0].text, number=live, column=name)
    return Current(column, version, store, any(map(is_cost, left)))


@dataclass(frozen=True, eq=False)
class Flattered(Evidence):
    """A comparison whose other side may have learned from the rows: it can still be proved, but not be refuted.

    Args:
        inner: the evidence as measured. op: of the line, whose refuting bound is unbounded.
    """

    inner: Evidence
    op: Op

    @property
    def value(self) -> float:  # type: ignore[override]
        """As measured."""
        return self.inner.value

    @property
    def n(self) -> int:  # type: ignore[override]
        """As measured."""
        return self.inner.n

    def lower(self, delta: float) -> float:
        """The proving bound of `>=`; nothing refutes `<=`."""
        return self.inner.lower(delta) if self.op == ">=" else -math.inf

    def upper(self, delta: float) -> float:
        """The proving bound of `<=`; nothing refutes `>=`."""
        return self.inner.upper(delta) if self.op == "<=" else math.inf

    def margin(self, op: Op, target: float, delta: float) -> float:
        """As measured, so that candidates can still be compared by it."""
        return self.inner.margin(op, target, delta)

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """As measured."""
        return self.inner.needed(op, target, delta, power)

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """As measured."""
        return self.inner.chance(n, op, target, delta)


def fair(measured: Measurement, line: Line, current: Current | None, part: Dataset) -> Measurement:
    """A measurement that refutes nothing when the other side may have learned from the rows it was made on."""
    if line.relative is None or is_cost(line) or current is None or not current.may_have_learned(part):
        return measured
    how = f"{measured.bound}; the live version may have learned from these rows"
    return replace(measured, bound=how, evidence=Flattered(measured.evidence, line.op))


def disturbances(lines: Sequence[Line]) -> tuple[str | None, ...]:
    """The disturbances under which lines of quality are judged, each once; None, undisturbed, first."""
    return tuple(dict.fromkeys([None, *(under(line) for line in lines if not is_cost(line))]))


def beside(
    judged: Judged | Tagged | Valued,
    part: Dataset,
    contract: Contract,
    current: Current | None,
    how: str | None = None,
) -> Judged | Tagged | Valued:
    """Judged rows with what lines compare them with: what mistakes cost, and the current answers where a line asks."""
    asks = any(
        line.relative and not is_cost(line) and under(line) == how for line in (*contract.must, *contract.should)
    )
    theirs = current.judge(part, how) if current and asks else None
    if isinstance(judged, Judged):
        matrix = contract.cost.matrix
        judged = replace(judged, matrix=matrix)
        theirs = replace(theirs, matrix=matrix) if isinstance(theirs, Judged) else None
    asked = None if theirs is None else theirs.asked
    return replace(judged, current=theirs, asked=asked)  # type: ignore[arg-type]


def _declared(line: Line, contract: Contract) -> bool:
    """Whether the contract itself says what the line's current is."""
    if is_cost(line):
        return line.metric == "cost" and contract.cost.current is not None
    return contract.data.current is not None


def _key(line: Line) -> Words:
    if not is_cost(line):
        return Words(
            "name the column of today's answers in data.current, ", "请用 data.current 指明当前答案所在的列，或者"
        )
    if line.metric == "cost":
        return Words("give the price of 1,000 of today's answers in cost.current, ",
                     "请用 cost.current 给出如今每 1000 次回答的费用，或者")  # fmt: skip
    return Words("", "")
