"""The few types that travel between rooms. All frozen: a room takes values and gives back new ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NewType, Protocol

from zhinan.core.errors import Words

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    import scipy.sparse as sp

__all__ = [
    "RETENTION", "Block", "Candidate", "Column", "Dataset", "Duration", "Encoded", "FittedEncoder", "Graph", "Kind",
    "Loss", "MaskSpec", "Mode", "Plan", "StepSpec", "Task",
]  # fmt: skip

Kind = Literal["text", "image", "audio", "number", "category", "flag", "time", "id", "list"]

Duration = NewType("Duration", float)
"""Seconds; an option so annotated is written as a time, such as `2 days`."""

RETENTION = 30 * 86_400.0
"""Seconds for which predictions and feedback are kept where the contract does not say."""

Mode = Literal["mask", "hash", "pseudonym"]
"""What becomes of a find: a placeholder, a keyed token, or a stand-in that looks alike."""


@dataclass(frozen=True, order=True)
class MaskSpec:
    """What to de-identify, and what its finds become.

    Args:
        name: of a registered mask, or of one of the contract's own, which has a pattern or a pipeline.
        pipeline: folder of a spaCy pipeline with which presidio finds names of persons.
    """

    name: str
    mode: Mode = "mask"
    pattern: str | None = None
    pipeline: str | None = None


Loss = Literal["log", "squared", "absolute"]
"""What recipes make small: the log loss of classes or labels, or the squared or absolute error of numbers."""


_UNSAID = Words("", "")


@dataclass(frozen=True)
class Column:
    """A column of the user's data: its name, what kind of values it holds and why we think so.

    notation: how its values are written, as JSON, each key only where it says something: of a number "decimal" (","),
        "unit", "scales" (letters that multiply, such as B); of a time "order" of day and month, "numbers", "zone"; of
        a list "separator"; of a text "language"; of words (texts, categories) "json" where they write objects or lists
        of them; of words (categories, ids, items of lists) "true", "false" and "whole", how they write those; of what
        is no text "missing", words that mean nothing; of a field of objects "lacking" where some are without it.
    """

    name: str
    kind: Kind
    why: Words = _UNSAID
    notation: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows the user gave, typed. `frame` holds every kept column plus `_row`, a stable id of the row's content.

    Args:
        frame: one row an example; text/category/id as String, number as Float64, flag as Boolean, time as Datetime,
            list as String (`steps.values.lists.written_list`).
        inputs: the columns a prediction may look at.
        target: the column to predict; None for unlabeled data.
        person: whose data a row is; time: when it happened.
            `frame` may hold `_unit` as well: the `_row` of one copy of each row that is drawn together with others.
        fingerprint: sha256 over the content, independent of row order.
    """

    frame: pl.DataFrame
    inputs: tuple[Column, ...]
    target: Column | None
    person: str | None
    time: str | None
    fingerprint: str

    def __len__(self) -> int:
        return self.frame.height

    def values(self, name: str) -> list[Any]:
        """One column as a Python list."""
        return self.frame[name].to_list()

    def rows(self) -> dict[str, list[Any]]:
        """The input columns by name, as steps read them."""
        return {column.name: self.values(column.name) for column in self.inputs}

    def clusters(self) -> list[Any] | None:
        """What each row was drawn with, (n,): its person, else the rows it repeats; None where it was drawn alone.

        None for all where each row was. Rows of one cluster are no independent examples.
        """
        people = self.values(self.person) if self.person else None
        if "_unit" not in self.frame.columns or self.frame["_unit"].null_count() == len(self):
            return people
        units = [None if one is None else f"\x03{one}" for one in self.values("_unit")]
        if people is None:
            return units
        return [unit if who in (None, "") else who for who, unit in zip(people, units, strict=True)]


@dataclass(frozen=True)
class Graph:
    """An ONNX graph as bytes, with the name of its file."""

    name: str
    content: bytes


@dataclass(frozen=True)
class StepSpec:
    """One step of a version: which registered step, what it reads and writes, its options and its files.

    `options` is JSON; `files` maps a role the step knows ("graph", "tokenizer") to a file name inside the version.
    """

    step: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """How a fitted encoder computes its features inside a version.

    form "dense": the last step writes `writes[0]`, float32 (n, width).
    form "sparse": it writes two padded arrays, `writes` = (indices int64 (n, m), weights float32 (n, m)), with
    indices in [0, width) and weight 0 on padding.
    licences: upstream licences of pretrained weights inside `files`, by file name.
    """

    steps: tuple[StepSpec, ...]
    files: Mapping[str, bytes]
    writes: tuple[str, ...]
    form: Literal["dense", "sparse"]
    width: int
    licences: Mapping[str, str] = field(default_factory=dict)


class FittedEncoder(Protocol):
    """What an encoder's `fit` gives back: raw columns in, float features out, and the same computation as steps."""

    def encode(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray | sp.csr_array:
        """Features of shape (n, width), float32. `progress` is told (rows done, all rows)."""
        ...

    def plan(self, prefix: str) -> Plan:
        """The packaged form; every file, step output and name begins with `prefix` so that encoders can be stacked."""
        ...


@dataclass(frozen=True, eq=False)
class Block:
    """One encoder's features of one part of the data.

    values: (n, width) float32, dense or CSR. heads: what recipes fitted on it, so that stacking fits nothing twice.
    """

    encoder: str
    values: np.ndarray | sp.csr_array
    fitted: FittedEncoder
    heads: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Encoded:
    """What a recipe sees: feature blocks and the target, shape (n,), or (n, classes) of several labels a row.

    target: codes 0…len(classes)−1; of several labels a row whether it has each, bool; where there are no classes,
        numbers. loss: what the contract asks to be small.
    units: codes (n,) of what a recipe that holds rows out from itself must not tear apart: one person's rows, or
        rows that repeat or nearly repeat each other; None where no two rows belong together.
    """

    blocks: tuple[Block, ...]
    target: np.ndarray
    classes: tuple[str, ...]
    loss: Loss = "log"
    units: np.ndarray | None = None

    def __len__(self) -> int:
        return int(self.target.shape[0])

    @property
    def several(self) -> bool:
        """Whether a row has any number of labels instead of one."""
        return bool(self.target.ndim == 2)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A trained thing before packaging: ordered steps with their files, and its answers on dev.

    dev: what its recipe says of dev's rows, in their order, float32. Of classes their probabilities
        (n_dev, n_classes); of several labels a row each label's own. Of numbers what the step `value` reads,
        (n_dev, 1), or (n_dev, 2) with how unsure it is.
    params: what was chosen, for the report; the recipe takes them back to train the same again.
    task: what it was made for. classes: empty for numbers.
    decided: the answers on dev where they are not just the most probable class: codes (n_dev,), the labels given
        (n_dev, n_classes) bool, or value, low and high (n_dev, 3); each row's were decided without looking at that row.
        handed: (n_dev,) bool, the rows handed to a person, chosen in the same way.
    """

    recipe: str
    level: str
    encoders: tuple[str, ...]
    steps: tuple[StepSpec, ...]
    files: Mapping[str, bytes]
    classes: tuple[str, ...]
    dev: np.ndarray
    params: Mapping[str, Any] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    decided: np.ndarray | None = None
    handed: np.ndarray | None = None
    task: str = "classify"

    @property
    def answers(self) -> np.ndarray:
        """What was answered on dev, in the form of `decided`."""
        best: np.ndarray = self.dev.argmax(axis=1)
        return best if self.decided is None else self.decided


class Task(Protocol):
    """What differs from one kind of answer to another: one small file under tasks/, asked for by name.

    metrics: measured on dev when the contract names nothing else. ladder: rungs of (level, recipe, encoders).
    outputs: answer keys, in the order in which the last step, `step`, writes their values.
    judged: what judged rows of it are: labels, tags or numbers. label: the key of the right answer in feedback.
    private: keys of the contract that mean something for this task only.
    """

    outputs: ClassVar[tuple[str, ...]]
    step: ClassVar[str]
    judged: ClassVar[str]
    label: ClassVar[str]
    private: ClassVar[tuple[str, ...]]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of metrics."""
        ...

    @property
    def ladder(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The rungs in order."""
        ...

    def loss(self, metrics: Sequence[str]) -> Loss:
        """What recipes make small for a contract whose lines name these metrics, in its order."""
        ...

    def shaped(
        self, told: Mapping[str, Any], classes: Sequence[str], options: Mapping[str, Any], every: bool
    ) -> list[dict[str, Any]]:
        """The values of the last step, by output key, as an answer a row.

        options: of the last step. every: with all that can be told, such as the probability of each class.
        """
        ...

    def brief(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """An answer with all that can be told, without what is told only where it is asked for."""
        ...

    def output(self, classes: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
        """JSON Schema of one answer. options: of the last step."""
        ...

    def recorded(self, output: Any) -> bool:
        """Whether JSON is an answer with all that can be told, as goldens hold it."""
        ...

    def mismatch(
        self,
        recorded: Mapping[str, Any],
        given: Mapping[str, Any],
        tolerance: float,
        classes: Sequence[str],
        options: Mapping[str, Any],
    ) -> str | None:
        """Why two answers of one row differ by more than the tolerance; None when they do not. options: as before."""
        ...

    def right(self, said: Any, classes: Sequence[str]) -> Any:
        """The right answer as somebody said it, in its one form; None when it cannot be one."""
        ...

    def kept(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """What is written down of an answer that was served."""
        ...
