"""The few types that travel between rooms. All frozen: a room takes values and gives back new ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    import scipy.sparse as sp

__all__ = [
    "Block", "Candidate", "Column", "Dataset", "Encoded", "FittedEncoder", "Graph", "Kind", "MaskSpec", "Mode", "Plan",
    "StepSpec",
]  # fmt: skip

Kind = Literal["text", "image", "audio", "number", "category", "flag", "time", "id", "list"]

Mode = Literal["mask", "hash", "pseudonym"]
"""What becomes of a find: a placeholder, a keyed token, or a stand-in that looks alike."""


@dataclass(frozen=True, order=True)
class MaskSpec:
    """What to de-identify: a registered mask, or a pattern of the contract's own, and what its finds become."""

    name: str
    mode: Mode = "mask"
    pattern: str | None = None


@dataclass(frozen=True)
class Column:
    """A column of the user's data: its name, what kind of values it holds and why we think so.

    notation: how its values are written, as JSON, each key only where it says something: of a number "decimal" (","),
        "unit"; of a time "order" of day and month, "numbers"; of a list "separator"; of a text "language".
    """

    name: str
    kind: Kind
    why: str = ""
    notation: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows the user gave, typed. `frame` holds every kept column plus `_row`, a stable id of the row's content.

    Args:
        frame: one row an example; text/category/id as String, number as Float64, flag as Boolean, time as Datetime,
            list as String (`steps.values.lists.written_list`).
        inputs: the columns a prediction may look at.
        target: the column to predict; None for unlabeled data.
        person: whose data a row is; time: when it happened.
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
    """What a recipe sees: feature blocks and the target as codes 0…len(classes)−1, shape (n,)."""

    blocks: tuple[Block, ...]
    target: np.ndarray
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.target.shape[0])


@dataclass(frozen=True, eq=False)
class Candidate:
    """A trained thing before packaging: ordered steps with their files, and its answers on dev.

    dev: probabilities (n_dev, n_classes) float32, in the order of dev's rows.
    params: what was chosen, for the report.
    decided: codes (n_dev,), the answers on dev when they are not just the most probable; each row's was decided
        without looking at that row. handed: (n_dev,) bool, the rows handed to a person, chosen in the same way.
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

    @property
    def answers(self) -> np.ndarray:
        """The codes (n_dev,) answered on dev."""
        best: np.ndarray = self.dev.argmax(axis=1)
        return best if self.decided is None else self.decided
