"""What product.yaml becomes: frozen objects, and one hash of what they mean."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from zhinan.contract.frozen import FrozenMap
from zhinan.contract.places import Source
from zhinan.contract.units import UNITS
from zhinan.core import MaskSpec
from zhinan.core.types import RETENTION

__all__ = [
    "CleanSpec", "Contract", "CostSpec", "DataSpec", "Direction", "ImproveSpec", "Line", "Part", "ProofSpec",
    "ServeSpec", "TrainSpec", "crossed",
]  # fmt: skip


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
class CleanSpec:
    """What is done to values before anything is learned from them; see `steps.clean.Clean`.

    Args: outliers: "clip" keeps numbers inside limits learned on train.
    """

    unicode: str = "nfc"
    chinese: str = "none"
    html: str = "none"
    encoding: str = "repair"
    whitespace: str = "none"
    missing: tuple[str, ...] = ()
    outliers: str = "none"

    def texts(self) -> dict[str, str]:
        """What is done to texts, as options of the step."""
        return {key: value for key, value in asdict(self).items() if key not in ("missing", "outliers")}


@dataclass(frozen=True)
class DataSpec:
    """Where the examples are and what their columns are for.

    Args:
        source, test, unlabeled: places whose rows are read one after another; none is ().
        inputs: column → kind; None for every other column, kinds inferred.
        target: the column to predict; None where folders are the classes.
        current: the column of somebody else's answers, never an input.
        dates: what 03/04/2024 or 03/04/24 means where a column's dates do not say; zone: on whose clock
            moments are read. Empty where nobody says.
        hosts: that may be asked for data. most: bytes of rows to hold; None for the usual.
    """

    source: tuple[Source, ...]
    test: tuple[Source, ...] = ()
    inputs: Mapping[str, str] | None = None
    target: str | None = None
    person: str | None = None
    time: str | None = None
    dates: str = ""
    zone: str = ""
    mask: tuple[MaskSpec, ...] = ()
    slices: tuple[str, ...] = ()
    unlabeled: tuple[Source, ...] = ()
    positive: str | None = None
    current: str | None = None
    hosts: tuple[str, ...] = ()
    most: int | None = None
    clean: CleanSpec = CleanSpec()


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
class Direction:
    """Which way the answer may go with a column; of two classes the probability of `label`, "" where none is named."""

    way: Literal["up", "down"]
    label: str = ""

    def __str__(self) -> str:
        return f"{self.way}[{self.label}]" if self.label else self.way


@dataclass(frozen=True)
class TrainSpec:
    """How recipes train.

    Args:
        calibrate: auto, temperature, isotonic or none. sets: how often the set of labels answered holds the truth,
            None for no sets. monotone: column → the way the answer may go with it.
            interval: how often the interval of a number holds the truth; None for the usual 90 %.
            augment: how copies of training texts are varied; () for no copies.
            folds: into how many parts the rows that are not sealed are cut to compare recipes; None for one dev part.
    """

    calibrate: str = "auto"
    sets: float | None = None
    monotone: Mapping[str, Direction] = FrozenMap[Direction]()
    interval: float | None = None
    augment: tuple[str, ...] = ()
    folds: int | None = None


@dataclass(frozen=True)
class ServeSpec:
    """What the service stores: inputs "masked" or "none", and for how many seconds predictions and feedback."""

    keep_inputs: str = "masked"
    retention: float = RETENTION


@dataclass(frozen=True)
class ImproveSpec:
    """How feedback makes a challenger: new words that `improve --watch` waits for, rows that one person may add.

    Args: classes: that labels and feedback may add to those of the data.
    """

    events: int = 200
    per_person_cap: int = 50
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """A product's contract, read and linted.

    Args:
        must: the lines that are judged before launch. in_use: the must lines that only use can judge, from events.
        confidence: in (0, 1). budget: seconds of wall clock for a whole command.
        task: a registered task; None to infer it from the target.
        path: the product file; root: its folder, which every path of the contract stays under.
        where: dotted key → file:line:col, for errors found later ("data.target" → "product.yaml:7:11").
        text: what it was read from, for packaging: addresses end with their path.
        mask_key: id of the key by which masks hash and make stand-ins, "" for the one in use; the store knows it
            (`Store.mask_key`), no file names it.
        forgotten: whether a name is that of a person whose rows are not taken; the store knows (`store.Forgotten`).
    """

    product: str
    data: DataSpec
    must: tuple[Line, ...]
    goal: str = ""
    task: str | None = None
    should: tuple[Line, ...] = ()
    in_use: tuple[Line, ...] = ()
    confidence: float = 0.95
    budget: float = 600.0
    proof: ProofSpec = ProofSpec()
    cost: CostSpec = CostSpec()
    train: TrainSpec = TrainSpec()
    serve: ServeSpec = ServeSpec()
    improve: ImproveSpec = ImproveSpec()
    path: Path = field(default=Path("product.yaml"), compare=False)
    root: Path = field(default=Path(), compare=False)
    where: Mapping[str, str] = field(default=FrozenMap[str](), compare=False)
    text: str = field(default="", compare=False, repr=False)
    mask_key: str = field(default="", compare=False)
    forgotten: Callable[[str], bool] | None = field(default=None, compare=False, repr=False)

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
                "source": self._places(data.source),
                "test": self._places(data.test),
                "inputs": None if data.inputs is None else dict(data.inputs),
                "target": data.target,
                "person": data.person,
                "time": data.time,
                "mask": [self._mask(spec) for spec in sorted(data.mask)],
                "slices": sorted(data.slices),
                "unlabeled": self._places(data.unlabeled),
                "current": data.current,
                "hosts": sorted(data.hosts),
                "clean": {**asdict(data.clean), "missing": sorted(data.clean.missing)},
                **{key: said for key in ("most", "dates", "zone") if (said := getattr(data, key))},
            },
            "task": self.task,
            "must": sorted((line.meaning() for line in self.must), key=json.dumps),
            "should": sorted((line.meaning() for line in self.should), key=json.dumps),
            **({"in_use": sorted((line.meaning() for line in self.in_use), key=json.dumps)} if self.in_use else {}),
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
                **(
                    {"monotone": {name: str(way) for name, way in self.train.monotone.items()}}
                    if self.train.monotone
                    else {}
                ),
                **({"interval": self.train.interval} if self.train.interval else {}),
                **({"augment": sorted(self.train.augment)} if self.train.augment else {}),
                **({"folds": self.train.folds} if self.train.folds else {}),
            },
            "serve": [self.serve.keep_inputs == "masked", self.serve.retention],
            "improve": [self.improve.events, self.improve.per_person_cap, *sorted(self.improve.classes)],
        }

    @property
    def hash(self) -> str:
        """sha256 (hex) of the meaning: comments, order, aliases and spelling of units do not change it."""
        text = json.dumps(self.meaning(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_rows(self, rows: Any) -> Contract:
        """The same contract over rows that Python code holds, in place of its source; None leaves it as it is."""
        return self if rows is None else replace(self, data=replace(self.data, source=(Source(frame=rows),)))

    def with_mask_key(self, key: str) -> Contract:
        """The same contract, its masks bound to the key of that id."""
        return replace(self, mask_key=key)

    def without(self, forgotten: Callable[[str], bool]) -> Contract:
        """The same contract over the same files, less the rows of persons of whom this is true."""
        return replace(self, forgotten=forgotten)

    @property
    def masks_with_key(self) -> bool:
        """Whether a mask hashes or makes stand-ins."""
        return any(spec.mode != "mask" for spec in self.data.mask)

    def _mask(self, spec: MaskSpec) -> dict[str, Any]:
        told = {key: value for key, value in asdict(spec).items() if value is not None}
        if spec.pipeline is not None:
            told["pipeline"] = os.path.relpath(spec.pipeline, self.root)
        return told

    def _places(self, sources: tuple[Source, ...]) -> Any:
        """None, one place, or a list; the order of files says nothing."""
        places = [source.meaning(self.root) for source in sources]
        return sorted(places, key=json.dumps) if len(places) > 1 else next(iter(places), None)
