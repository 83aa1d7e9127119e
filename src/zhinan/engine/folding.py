"""Fits a recipe fold by fold, so that every row that is not sealed is answered by a fit that never saw it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.core import Block, Candidate, Encoded, FittedEncoder, Loss, find
from zhinan.data import Folds
from zhinan.engine.refits import joined
from zhinan.steps.value import Value, scored

if TYPE_CHECKING:
    import scipy.sparse as sp

    from zhinan.engine.encode import Encoding

__all__ = ["Folding", "cross_fitted", "settled"]

WHOLE = -1
"""The fit on all rows, among the folds."""


@dataclass(frozen=True, eq=False)
class Folding:
    """The features of all rows, fold by fold.

    What an encoder learns from rows it learns in each fold anew, from the rows taught there, and for what ships from
    all rows; a pretrained one learns nothing, so its features are made once.
    """

    folds: Folds
    target: np.ndarray
    classes: tuple[str, ...]
    loss: Loss
    units: np.ndarray | None
    _made: dict[tuple[int, str], tuple[np.ndarray | sp.csr_array, FittedEncoder]] = field(default_factory=dict)
    _heads: dict[tuple[int, str, str], dict[str, Any]] = field(default_factory=dict)

    def part(self, encoding: Encoding, encoders: Sequence[str], k: int, rows: np.ndarray, role: str) -> Encoded:
        """Some rows as fold k sees them. role: tells them from others of the fold, so that heads are fitted once."""
        blocks = []
        for name in encoders:
            values, fitted = self._features(encoding, name, k)
            heads = self._heads.setdefault((k, name, role), {})
            blocks.append(Block(name, values[rows], fitted, heads))
        units = None if self.units is None else self.units[rows]
        return Encoded(tuple(blocks), self.target[rows], self.classes, self.loss, units)

    def _features(self, encoding: Encoding, encoder: str, k: int) -> tuple[np.ndarray | sp.csr_array, FittedEncoder]:
        pretrained = find("encoder", encoder).facts.get("weights") is not None
        key = (WHOLE if pretrained else k, encoder)
        if key not in self._made:
            made = self._pretrained(encoding, encoder) if pretrained else self._learned(encoding, encoder, k)
            self._made[key] = made
        return self._made[key]

    def _pretrained(self, encoding: Encoding, encoder: str) -> tuple[np.ndarray | sp.csr_array, FittedEncoder]:
        train, dev = encoding.parts((encoder,))
        both = joined(train, dev).blocks[0]
        return both.values, both.fitted

    def _learned(self, encoding: Encoding, encoder: str, k: int) -> tuple[np.ndarray | sp.csr_array, FittedEncoder]:
        rows = encoding.rows_for(encoder, self.folds.rows)
        taught = rows
        if k != WHOLE:
            some = self.folds.folds[k].taught.tolist()
            taught = {name: [values[i] for i in some] for name, values in rows.items()}
        fitted: FittedEncoder = find("encoder", encoder).target().fit(taught)
        return fitted.encode(rows), fitted


def cross_fitted(
    encoding: Encoding, recipe: str, encoders: Sequence[str], *, until: float, asked: Mapping[str, Any]
) -> Candidate:
    """A recipe on all rows that are not sealed; its `dev` are answers to the rows asked about, each by another fit.

    In each fold the recipe settles its settings on the fold's inner dev part, then learns from all rows around the
    fold with them, and answers the fold. What ships learns from all rows, with settings that no fold chose alone: the
    most frequent word, of numbers the median (`settled`).

    Args:
        until: `time.perf_counter()` at which searching must be over. asked: settings that the contract gives.

    Source: nested cross-validation, Varma & Simon, BMC Bioinformatics 7 (2006).
    """
    folding = encoding.folding
    if folding is None:
        raise ValueError("no folds")
    make, answers, searched = find("recipe", recipe).target, [], []
    count = len(folding.folds.folds)
    for k, fold in enumerate(folding.folds.folds):
        left = (until - time.perf_counter()) / (count - k)
        taught, held = (folding.part(encoding, encoders, k, rows, role) for rows, role in
                        ((fold.taught, "taught"), (fold.held, "held")))  # fmt: skip
        found: Candidate = make(taught, held, budget=left, **asked)
        searched.append(found)
        around = np.concatenate([fold.taught, fold.held])
        whole = folding.part(encoding, encoders, k, around, "around")
        answers.append(make(whole, folding.part(encoding, encoders, k, fold.asked, "asked"), budget=float("inf"),
                            **{**found.params, **asked}))  # fmt: skip
    params, agreeing = settled([one.params for one in searched])
    every = folding.part(encoding, encoders, WHOLE, np.arange(len(folding.target)), "whole")
    sample = folding.part(encoding, encoders, WHOLE, folding.folds.asked, "sample")
    made: Candidate = make(every, sample, budget=float("inf"), **{**params, **asked})
    if made.task == "regress":
        made = _smeared(made, [searched[i] for i in agreeing])
    return replace(made, dev=_in_order(folding, made, answers).astype(np.float32))


def settled(params: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[int]]:
    """The settings that folds agree on, and which folds those are.

    Of words, and of how many numbers there are, the most frequent, the first of equals; of numbers the median over the
    folds that chose those.
    """
    words = [
        tuple(sorted((name, v if isinstance(v, str) else str(len(v))) for name, v in one.items()
                     if isinstance(v, (str, tuple)))) for one in params
    ]  # fmt: skip
    common = max(words, key=lambda one: (words.count(one), -words.index(one)))
    agreeing = [i for i, one in enumerate(words) if one == common]
    some = [params[i] for i in agreeing]
    found: dict[str, Any] = {name: value for name, value in some[0].items() if isinstance(value, str)}
    for name, value in some[0].items():
        if isinstance(value, tuple):
            numeric = all(isinstance(number, int | float) for number in value)
            columns = zip(*(one[name] for one in some), strict=True)
            found[name] = tuple(float(statistics.median(column)) for column in columns) if numeric else value
    return found, agreeing


def _smeared(made: Candidate, searched: Sequence[Candidate]) -> Candidate:
    """With the factor on exponentials that inner dev parts asked for: on rows it has seen it would be too small."""
    last = made.steps[-1]
    factor = statistics.median(one.steps[-1].options.get("smear", 1.0) for one in searched)
    return replace(made, steps=(*made.steps[:-1], replace(last, options={**last.options, "smear": factor})))


def _in_order(folding: Folding, made: Candidate, answers: Sequence[Candidate]) -> np.ndarray:
    """The folds' answers in the order of the rows, of numbers as scores that what ships would make them of."""
    places = np.concatenate([fold.asked for fold in folding.folds.folds])
    said = [one.dev for one in answers]
    if made.task == "regress":
        said = [_rescored(one, made, folding.target) for one in answers]
        width = min(one.shape[1] for one in said)
        said = [one[:, :width] for one in said]
    ordered: np.ndarray = np.concatenate(said)[np.argsort(places, kind="stable")]
    return ordered


def _rescored(one: Candidate, made: Candidate, target: np.ndarray) -> np.ndarray:
    """A fold's scores on the scale of what ships; where that is of logarithms, no number is below the least truth."""
    own, theirs = one.steps[-1].options, made.steps[-1].options
    plain = {key: own[key] for key in ("center", "scale", "shift")}
    numbers = Value(("scores",), ("value", "low", "high"), {}, **plain).run({"scores": one.dev})["value"]
    if theirs.get("shift") is not None and own.get("shift") is None:
        numbers = np.maximum(numbers, float(target.min()))
    return np.column_stack([scored(numbers, theirs), np.asarray(one.dev[:, 1:], np.float64)])
