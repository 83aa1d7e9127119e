"""Turns the parts of the data into features, encoder by encoder, each at most once in the life of the data."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

import zhinan
from zhinan.core import Block, Column, Dataset, Encoded, FittedEncoder, Loss, entries, find
from zhinan.data import together
from zhinan.data.tags import flags_of, has_labels, labels_in
from zhinan.engine.folding import Folding
from zhinan.engine.refits import stacked
from zhinan.store import Shelf, Store

if TYPE_CHECKING:
    import scipy.sparse as sp

    from zhinan.contract import Contract
    from zhinan.data import Folds, Split

__all__ = ["Encoding", "columns_of", "heard"]

TASTE = 64
"""Rows encoded to forecast what all of them will cost."""

Progress = Callable[[str, int, int], None]


def columns_of(encoder: str, inputs: Sequence[Column]) -> tuple[Column, ...]:
    """The input columns an encoder can read, by their kind."""
    kinds = find("encoder", encoder).facts["kinds"]
    return tuple(column for column in inputs if column.kind in kinds)


def heard(contract: Contract, parts: Split) -> Split:
    """The parts with the inputs that have a say: those of a kind that some encoder reads, all of them where none is.

    A version asks nobody for the others, nor for those whose message does not last.
    """
    from zhinan.data.passing import without_passing

    parts = without_passing(contract, parts)
    kinds = {kind for entry in entries("encoder").values() for kind in entry.facts["kinds"]}
    inputs = tuple(column for column in parts.train.inputs if column.kind in kinds)
    if not inputs:
        return parts
    train, dev, sealed = (replace(part, inputs=inputs) for part in (parts.train, parts.dev, parts.sealed))
    return replace(parts, train=train, dev=dev, sealed=sealed)


@dataclass
class Encoding:
    """The features of train and dev, made on demand and kept.

    Only `taught`, which recipes fit on, holds the made-up rows; whatever judges or describes the data asks for `parts`.
    Pretrained encoders learn nothing from the data, so their features are cached by the content of the rows; a second
    build on the same rows encodes nothing.
    """

    train: Dataset
    dev: Dataset
    classes: tuple[str, ...]
    store: Store
    progress: Progress | None = None
    encoded: int = 0
    monotone: tuple[tuple[str, int], ...] = ()
    task: str = "classify"
    loss: Loss = "log"
    made_up: Dataset | None = None
    folding: Folding | None = None
    _blocks: dict[str, tuple[Block, Block]] = field(default_factory=dict)
    _more: dict[str, Block] = field(default_factory=dict)
    _units: dict[str, np.ndarray | None] = field(default_factory=dict)

    def parts(self, encoders: Sequence[str]) -> tuple[Encoded, Encoded]:
        """Train and dev as a recipe sees them, with one block an encoder."""
        blocks = [self._block(name) for name in encoders]
        return tuple(
            Encoded(tuple(pair[i] for pair in blocks), self.target(part), self.classes, self.loss, self._bound(part))
            for i, part in enumerate((self.train, self.dev))
        )  # type: ignore[return-value]

    def taught(self, encoders: Sequence[str], recipe: str) -> tuple[Encoded, Encoded]:
        """Train and dev as a recipe fits on them: with the made-up rows behind the real ones, where it may have them.

        A recipe that holds parts of train out from itself (no fact `made_up`, and any that answers numbers, to learn
        how unsure it is) gets real rows only: a copy on the other side of such a fold would give its row away.
        Encoders are fitted on real rows.
        """
        train, dev = self.parts(encoders)
        if self.made_up is None or not self.classes or not find("recipe", recipe).facts.get("made_up"):
            return train, dev
        blocks = tuple(self._longer(block, self.made_up) for block in train.blocks)
        target = np.concatenate([train.target, self.target(self.made_up)])
        return replace(train, blocks=blocks, target=target, units=None), dev

    def _bound(self, part: Dataset) -> np.ndarray | None:
        if part.fingerprint not in self._units:
            self._units[part.fingerprint] = together(part)
        return self._units[part.fingerprint]

    def _longer(self, block: Block, made_up: Dataset) -> Block:
        """Kept, so that what is fitted on it once (`heads`) is there for the next recipe."""
        if block.encoder not in self._more:
            values = [block.values, self._features(block.encoder, block.fitted, made_up, self.train)]
            self._more[block.encoder] = Block(block.encoder, stacked(values), block.fitted)
        return self._more[block.encoder]

    def folded(self, folds: Folds) -> Encoding:
        """The same, for recipes that are compared on folds of train and dev."""
        everything = np.concatenate([self.target(self.train), self.target(self.dev)])
        return replace(self, folding=Folding(folds, everything, self.classes, self.loss, folds.together))

    @property
    def answered(self) -> Dataset:
        """The rows that a candidate's `dev` answers: dev or, with folds, all that some fold is asked about."""
        return self.dev if self.folding is None else self.folding.folds.answered

    @property
    def kept(self) -> Shelf:
        """Where what is computed from train and dev is kept."""
        return self.store.derived_from(self.train.fingerprint, self.dev.fingerprint)

    def target(self, part: Dataset) -> np.ndarray:
        """The target as codes (n,); of several labels a row as flags (n, classes); without classes as numbers (n,)."""
        if part.target is None:
            raise ValueError("unlabeled data has no target")
        if not self.classes:
            return np.array(part.values(part.target.name), np.float64)
        if has_labels(part):
            return flags_of(labels_in(part), self.classes)
        place = {label: i for i, label in enumerate(self.classes)}
        return np.array([place.get(label, -1) for label in part.values(part.target.name)], np.int64)

    def forecast(self, encoder: str, more: int = 0) -> float:
        """Seconds the features of both parts, and of `more` rows to come, would take, from encoding a few rows.

        0 when they are there already.
        """
        entry = find("encoder", encoder)
        if encoder in self._blocks or entry.facts.get("weights") is None:
            return 0.0
        parts = [part for part in (self.train, self.dev, self.made_up) if part is not None]
        if all(self.store.blobs.recall(self._key(encoder, part)) is not None for part in parts):
            return 0.0
        rows = self.rows_for(encoder, self.train)
        few = {name: values[:TASTE] for name, values in rows.items()}
        fitted = entry.target().fit(few)
        start = time.perf_counter()
        fitted.encode(few)
        each = (time.perf_counter() - start) / min(TASTE, max(len(self.train), 1))
        return each * (sum(map(len, parts)) + more)

    def _block(self, encoder: str) -> tuple[Block, Block]:
        if encoder not in self._blocks:
            fitted = find("encoder", encoder).target().fit(self.rows_for(encoder, self.train))
            self._blocks[encoder] = (
                Block(encoder, self._features(encoder, fitted, self.train), fitted),
                Block(encoder, self._features(encoder, fitted, self.dev), fitted),
            )
        return self._blocks[encoder]

    def _features(
        self, encoder: str, fitted: FittedEncoder, part: Dataset, source: Dataset | None = None
    ) -> np.ndarray | sp.csr_array:
        """Args: source: the real rows that made-up ones come from, and are erased with."""
        if find("encoder", encoder).facts.get("weights") is None:
            return fitted.encode(self.rows_for(encoder, part))
        key = self._key(encoder, part)
        held = self.store.blobs.recall(key)
        if held is not None:
            kept: np.ndarray = np.load(io.BytesIO(held), allow_pickle=False)
            return kept
        report = self.progress
        tell = None if report is None else lambda done, total: report(encoder, done, total)
        features = fitted.encode(self.rows_for(encoder, part), progress=tell)
        self.encoded += len(part)
        content = io.BytesIO()
        np.save(content, np.asarray(features), allow_pickle=False)
        self.store.derived_from((source or part).fingerprint).remember(key, content.getvalue())
        return features

    def rows_for(self, encoder: str, part: Dataset) -> dict[str, list[object]]:
        """The columns of a part that an encoder reads."""
        return {column.name: part.values(column.name) for column in columns_of(encoder, part.inputs)}

    def _key(self, encoder: str, part: Dataset) -> str:
        entry = find("encoder", encoder)
        content = json.dumps(self.rows_for(encoder, part), ensure_ascii=False, default=str)
        made_by = f"{encoder}|{entry.target()!r}|{entry.facts['weights']}|{zhinan.__version__}"
        return "features-" + hashlib.sha256(f"{made_by}\n{content}".encode("utf-8", "surrogatepass")).hexdigest()
