"""What product.yaml becomes: frozen objects, and one hash of what they mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from zhinan.contract.units import UNITS
from zhinan.core import MaskSpec

__all__ = [
    "Contract", "CostSpec", "DataSpec", "FrozenMap", "Line", "Part", "ProofSpec", "ServeSpec", "TrainSpec", "crossed",
]  # fmt: skip

V = TypeVar("V")


class FrozenMap(Mapping[str, V], Generic[V]):
    """A mapping that cannot change, so that frozen objects holding one can be hashed and sent to other processes."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        self._items: dict[str, V] = dict(items or {})

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


@dataclass(frozen=True)
class Part:
    """On which part of the examples a line is judged: a class, the rows where a column has a value, a disturbance."""

    label: str | None = None
    column: str | None = None
    value: str | None = None
    under: str | None = None


@dataclass(frozen=True)
class Line:
    """One `must` or `should` line.

    Args:
        text: the canonical form; parsing it gives this line again.
        metric: a registered metric. k: the cut-off of `metric@k`. args: what stood in its parentheses.
        target: in the base unit of `unit`: a fraction for % and pt, seconds, bytes, requests per second.
        where: file:line:col.
        relative: what is compared with the target: the value itself, its difference from `current` (ours − current),
            or its ratio to it (ours / current).
    """

    text: str
    metric: str
    k: int | None
    part: Part | None
    args: Mapping[str, Any]
    op: Literal[">=", "<="]
    target: float
    unit: str
    where: str = field(default="", compare=False)
    relative: Literal["difference", "ratio"] | None = None

    def meaning(self) -> list[Any]:
        """What the line asks, independent of how its unit is spelt (20 ms is 0.02 s)."""
        return [*self.subject(), self.op, self.target]

    def subject(self) -> list[Any]:
        """What is measured, without the target."""
        part = [] if self.part is None else [self.part.label, self.part.column, self.part.value, self.part.under]
        return [self.metric, self.k, part, sorted(self.args.items()), UNITS[self.unit].base, self.relative]


def crossed(by: str, columns: Collection[str]) -> tuple[str, ...]:
    """The columns whose groups `by` names: one of these columns, or several crossed, as in `gender*age`."""
    return (by,) if by in columns else tuple(by.split("*"))


@dataclass(frozen=True)
class DataSpec:
    """Where the examples are and what their columns are for.

    Args:
        source, test: absolute paths under the contract's root.
        inputs: column → kind; None for every other column, kinds inferred.
        target: the column to predict; None where folders are the classes.
        unlabeled: a file of examples without a target. current: the column of somebody else's answers, never an input.
    """

    source: Path
    test: Path | None = None
    inputs: Mapping[str, str] | None = None
    target: str | None = None
    person: str | None = None
    time: str | None = None
    mask: tuple[MaskSpec, ...] = ()
    slices: tuple[str, ...] = ()
    unlabeled: Path | None = None
    positive: str | None = None
    current: str | None = None


@dataclass(frozen=True)
class ProofSpec:
    """How the sealed set is used.

    Args:
        openings: a declared number of them, None for no plan.
        margin: for promotion: how much worse a challenger may be and still count as no worse, as a fraction (.01 is
            1 pt). No line of the contract is judged by it.
    """

    openings: int | None = None
    margin: float = 0.01


@dataclass(frozen=True)
class CostSpec:
    """What mistakes, power and the machine cost.

    Args:
        price: money of one hour of this machine. currency: of all money in the contract, USD or CNY.
        watts: power of the machine under load.
        matrix: truth → answer → cost of that mistake; a missing pair costs 0 when right and 1 when wrong.
        current: money that 1,000 of today's answers cost.
    """

    price: float | None = None
    currency: str | None = None
    watts: float | None = None
    matrix: Mapping[str, Mapping[str, float]] | None = None
    current: float | None = None


@dataclass(frozen=True)
class TrainSpec:
    """How recipes train.

    Args:
        calibrate: auto, temperature, isotonic or none. sets: how often the set of labels answered holds the truth,
            None for no sets. monotone: column → "up" or "down", of two classes with the one meant: "down[default]".
    """

    calibrate: str = "auto"
    sets: float | None = None
    monotone: Mapping[str, str] = FrozenMap[str]()


@dataclass(frozen=True)
class ServeSpec:
    """What the service stores: whether inputs are kept (masked)."""

    keep_inputs: bool = True


@dataclass(frozen=True)
class Contract:
    """A product's contract, read and linted.

    Args:
        confidence: in (0, 1). budget: seconds of wall clock for a whole command.
        task: a registered task; None to infer it from the target.
        path: the product file; root: its folder, which every path of the contract stays under.
        where: dotted key → file:line:col, for errors found later ("data.target" → "product.yaml:7:11").
        text: what it was read from, for packaging.
    """

    product: str
    data: DataSpec
    must: tuple[Line, ...]
    goal: str = ""
    task: str | None = None
    should: tuple[Line, ...] = ()
    confidence: float = 0.95
    budget: float = 600.0
    proof: ProofSpec = ProofSpec()
    cost: CostSpec = CostSpec()
    train: TrainSpec = TrainSpec()
    serve: ServeSpec = ServeSpec()
    improve: Mapping[str, Any] = FrozenMap()
    path: Path = field(default=Path("product.yaml"), compare=False)
    root: Path = field(default=Path(), compare=False)
    where: Mapping[str, str] = field(default=FrozenMap[str](), compare=False)
    text: str = field(default="", compare=False, repr=False)

    @property
    def delta(self) -> float:
        """1 − confidence, the error each proof may make."""
        return round(1.0 - self.confidence, 12)

    def meaning(self) -> dict[str, Any]:
        """Everything asked for, as JSON: defaults filled in, order of keys and lists dropped, paths relative."""
        data, matrix = self.data, self.cost.matrix
        return {
            "product": self.product,
            "goal": self.goal,
            "data": {
                "source": self._relative(data.source),
                "test": self._relative(data.test),
                "inputs": None if data.inputs is None else dict(data.inputs),
                "target": data.target,
                "person": data.person,
                "time": data.time,
                "mask": [asdict(spec) for spec in sorted(data.mask)],
                "slices": sorted(data.slices),
                "unlabeled": self._relative(data.unlabeled),
                "current": data.current,
            },
            "task": self.task,
            "must": sorted((line.meaning() for line in self.must), key=json.dumps),
            "should": sorted((line.meaning() for line in self.should), key=json.dumps),
            "confidence": self.confidence,
            "budget": self.budget,
            "proof": asdict(self.proof),
            "cost": {
                "price": self.cost.price,
                "currency": self.cost.currency,
                "watts": self.cost.watts,
                "matrix": None if matrix is None else {true: dict(row) for true, row in matrix.items()},
                "current": self.cost.current,
            },
            "train": {
                "calibrate": self.train.calibrate,
                "sets": self.train.sets,
                **({"monotone": dict(self.train.monotone)} if self.train.monotone else {}),
            },
            "serve": self.serve.keep_inputs,
        }

    @property
    def hash(self) -> str:
        """sha256 (hex) of the meaning: comments, order, aliases and spelling of units do not change it."""
        text = json.dumps(self.meaning(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _relative(self, path: Path | None) -> str | None:
        return None if path is None else path.relative_to(self.root).as_posix()
