"""What a version adds up to its scores, read from its steps: a linear term for each block of features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhinan.core import Candidate, StepSpec
from zhinan.evaluate._grown import Grown, Read
from zhinan.evaluate._tree_shap import paths_of
from zhinan.package import Version
from zhinan.recipes._forest import Forest
from zhinan.steps import Program
from zhinan.steps._ngrams import NGrams, Weighted

__all__ = ["ABSENT", "Opened", "Term", "opened", "terms"]

NUMBER = ("value", "")
"""What takes the place of two classes where numbers are answered: the number, against nothing."""
ABSENT = ""
"""What a label that is given by itself is compared with."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A version, or a candidate before packaging, as explanations look into it.

    Args:
        inputs: column → kind. read: a file's content by its name.
        run: typed columns to every value after the last step.
    """

    steps: tuple[StepSpec, ...]
    classes: tuple[str, ...]
    inputs: Mapping[str, str]
    read: Callable[[str], bytes]
    run: Callable[[Mapping[str, list[Any]]], Mapping[str, Any]]

    def scores(self, values: Mapping[str, Any]) -> np.ndarray:
        """(n, classes) float64 whose differences are log odds, from the values after the last step.

        Of numbers (n, 2): the number, or its logarithm, and 0. Of several labels (n, labels + 1): each, and 0.
        """
        last = self.steps[-1]
        if self.numeric:
            score = np.asarray(values[last.reads[0]], np.float64)[:, 0] * self.scale + self.center
            return np.column_stack([score, np.zeros(len(score))])
        if self.tagged:
            logits = np.asarray(values[last.reads[0]], np.float64)
            return np.column_stack([logits, np.zeros(len(logits))])
        if last.step == "choose":
            return np.asarray(values[last.reads[0]], np.float64) / self.temperature
        chances = np.asarray(values[last.writes[2]], np.float64)
        return np.log(np.maximum(chances, 1e-12))

    @property
    def numeric(self) -> bool:
        """Whether it answers with numbers; `classes` are then the number and nothing."""
        return self.steps[-1].step == "value"

    @property
    def tagged(self) -> bool:
        """Whether it gives each label by itself; the last of `classes` is then to have none."""
        return self.steps[-1].step == "tag"

    @property
    def scale(self) -> float:
        """What a score of a number is multiplied by."""
        return float(self.steps[-1].options.get("scale", 1.0))

    @property
    def center(self) -> float:
        """What is added to it then."""
        return float(self.steps[-1].options.get("center", 0.0))

    @property
    def temperature(self) -> float:
        """What the scores are divided by before they become probabilities."""
        return float(self.steps[-1].options.get("temperature", 1.0))

    def answers(self, values: Mapping[str, Any]) -> tuple[list[str], np.ndarray]:
        """The answer of each row, of several labels the most probable, and all probabilities (n, classes)."""
        if self.tagged:
            chances = np.asarray(values[self.steps[-1].writes[1]], np.float64)
            return [self.classes[i] for i in chances.argmax(axis=1)], np.column_stack(
                [chances, 1 - chances.max(axis=1)]
            )
        label, _, every, *_ = self.steps[-1].writes
        return list(values[label]), np.asarray(values[every], np.float64)

    def sources(self, name: str) -> tuple[str, ...]:
        """The input columns that a value is computed from."""
        found: dict[str, None] = {}
        for place in range(len(self.steps) - 1, -1, -1):
            step = self.steps[place]
            if name in step.writes and name not in step.reads:  # else it cleans or masks the value where it stands
                for read in step.reads:
                    found.update(dict.fromkeys(self.sources(read)))
                return tuple(found)
        return (name,) if name in self.inputs else ()


@dataclass(frozen=True, eq=False)
class Term:
    """One block of features times its weights.

    Args:
        kind: "ngrams" and "table" can be taken apart exactly; "encoder" is some other function of its columns.
        reads: the values it reads. weight: (width, classes), to be multiplied by `scale`.
        step: the step that computes the features. features: of "ngrams", what tells where a feature stands.
    """

    kind: str
    reads: tuple[str, ...]
    weight: np.ndarray
    scale: float
    step: StepSpec
    features: Weighted | None = None

    def pair(self, values: Mapping[str, Any], row: int, pair: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """What each feature of a row adds to one class's score, less what it adds to the other's.

        Returns:
            index (m,) of the features present, contribution (m,) float64.
        """
        first, second = pair
        if len(self.reads) == 2:
            index, amount = (np.asarray(values[name])[row] for name in self.reads)
            index, amount = index[amount != 0], amount[amount != 0]
        else:
            amount = np.asarray(values[self.reads[0]])[row]
            index = np.arange(len(amount))
        apart = self.weight[index, first].astype(np.float64) - self.weight[index, second]
        return index, self.scale * amount * apart


def opened(given: Version | Candidate, inputs: Mapping[str, str] | None = None) -> Opened:
    """A version, or a candidate with the kinds of its input columns, ready to be looked into."""
    if isinstance(given, Version):
        steps = given.manifest.steps
        return Opened(steps, _classes(given), given.inputs, given.read, given.run)
    program = Program(given.steps, given.files)
    return Opened(given.steps, _classes(given), inputs or {}, given.files.__getitem__, program.run)


def _classes(given: Version | Candidate) -> tuple[str, ...]:
    """What its scores are of: classes, labels and none of them, or a number and nothing."""
    task = given.task if isinstance(given, Candidate) else given.manifest.task
    return (*given.classes, ABSENT) if task == "tag" else given.classes or NUMBER


def terms(of: Opened) -> tuple[tuple[Term | Grown, ...], np.ndarray] | None:
    """The terms and the bias (classes,) that a version's scores are the sum of; None when they are no such sum."""
    last = of.steps[-1]
    head = next((s for s in of.steps if last.step in ("choose", "tag", "value") and last.reads[0] in s.writes), None)
    if head is None or head.step != "onnx" or head.options.get("batch", "rows") != "rows":
        return None
    found = _sum(of.read(head.files["graph"]), head)
    if found is None:
        return None
    blocks, bias = found
    made: list[Term | Grown] = []
    for reads, given, scale in blocks:
        if isinstance(reads, _Forest):
            grown = _grown(of, *_of_number(of, reads, given), scale / of.temperature)
            if grown is None:
                return None
            made.append(grown)
            continue
        step = next((s for s in of.steps if reads[0] in s.writes and s.step != "mask"), None)
        weight = given
        if of.numeric:  # the other column says how unsure it is
            weight = _number_alone(of, given)
        if of.tagged:
            weight = _beside_nothing(given)
        if step is None or weight.shape[1] != len(of.classes):
            return None
        features = _features(of, step) if len(reads) == 2 else None
        kind = "ngrams" if features else "table" if step.step == "table" else "encoder"
        if len(reads) == 2 and features is None:
            return None
        made.append(Term(kind, reads, weight, scale / of.temperature, step, features))
    if of.numeric:
        return tuple(made), np.array([float(np.ravel(bias)[0]) * of.scale + of.center, 0.0])
    if of.tagged:
        return tuple(made), np.append(np.ravel(bias), 0.0)
    return tuple(made), np.broadcast_to(bias, len(of.classes)) / of.temperature


def _beside_nothing(weight: np.ndarray) -> np.ndarray:
    """Weights (m, labels + 1) of each label and of having none."""
    return np.column_stack([weight, np.zeros(len(weight))])


def _number_alone(of: Opened, weight: np.ndarray) -> np.ndarray:
    """Weights (width, 2) of the number in its own unit, or its logarithm, against nothing."""
    return np.column_stack([weight[:, 0] * np.float64(of.scale), np.zeros(len(weight))])


def _of_number(of: Opened, found: _Forest, matrix: np.ndarray) -> tuple[_Forest, np.ndarray]:
    """A forest and its matrix; of numbers without the trees that say how unsure a row is."""
    if of.tagged:
        return found, _beside_nothing(matrix)
    if not of.numeric:
        return found, matrix
    said = tuple(tree for tree in found.forest.trees if matrix[tree.output, 0])
    forest = Forest(said, found.forest.outputs) if said else Forest.nothing(1)
    return replace(found, forest=forest), _number_alone(of, matrix)


def _features(of: Opened, step: StepSpec) -> Weighted | None:
    """The n-grams of a `tokenize` step."""
    if step.step != "tokenize" or step.options.get("scheme") != "ngrams":
        return None
    from safetensors.numpy import load

    held, options = load(of.read(step.files["table"])), step.options
    ngrams = NGrams(tuple(options["chars"]), tuple(options["words"]), int(options["buckets"]))
    return Weighted(ngrams, held["kept"], held["idf"])


def _grown(of: Opened, found: _Forest, matrix: np.ndarray, scale: float) -> Grown | None:
    """The forest with the columns its features are made of; None when they cannot be told."""
    from zhinan.encoders.cells import FittedCells
    from zhinan.encoders.columns import FittedColumns

    columns: list[tuple[str, ...]] = []
    for names, weight, _ in found.reads:
        step = next((s for s in of.steps if names[0] in s.writes and s.step != "mask"), None)
        if step is None:
            return None
        if weight is not None:
            columns += [of.sources(names[0])] * weight.shape[1]
        elif step.step == "cells":
            made = tuple(step.options.get("made", ()))
            columns += FittedCells(step.reads, tuple(step.options["columns"]), made).sources
        elif step.step == "table":
            columns += FittedColumns(step.reads, tuple(step.options["columns"])).sources
        else:
            return None
    return Grown(paths_of(found.forest), matrix, scale, found.reads, tuple(columns), found.bias)


@dataclass(frozen=True, eq=False)
class _Forest:
    """A forest in a graph, and the rest as `Grown` has it."""

    forest: Forest
    reads: tuple[Read, ...]
    bias: np.ndarray | None = None


Block = tuple[tuple[str, ...] | _Forest, np.ndarray, float]


class _OtherError(Exception):
    """A graph that is no sum of weighted features."""


def _sum(content: bytes, head: StepSpec) -> tuple[list[Block], np.ndarray] | None:
    """Reads a head's graph as Σ features · W + bias; None when it computes something else."""
    import onnx
    from onnx import numpy_helper

    from zhinan.steps._packed import unpacked

    graph = onnx.load_from_string(unpacked(content)).graph
    names = dict(zip(head.options.get("inputs") or head.reads, head.reads, strict=True))
    constants = {c.name: numpy_helper.to_array(c) for c in graph.initializer}
    reader = _Reader({name: node for node in graph.node for name in node.output}, constants, names)
    try:
        blocks, bias = reader.sum(graph.output[0].name)
    except _OtherError:
        return None
    return blocks, bias


@dataclass(frozen=True)
class _Reader:
    """Walks a graph from its output to its inputs."""

    nodes: Mapping[str, Any]
    constants: Mapping[str, np.ndarray]
    names: Mapping[str, str]

    def sum(self, name: str) -> tuple[list[Block], np.ndarray]:
        """The blocks and the bias of a value."""
        if name in self.constants:
            return [], self.constants[name].astype(np.float64)
        node = self.nodes.get(name)
        if node is None:
            raise _OtherError
        if node.op_type in ("Sum", "Add"):
            parts = [self.sum(given) for given in node.input]
            bias = sum((bias for _, bias in parts), start=np.zeros(()))
            return [block for blocks, _ in parts for block in blocks], bias
        if node.op_type == "Mul":
            return self._scaled(node)
        if node.op_type == "MatMul":
            return [self._dense(node)], np.zeros(())
        if node.op_type == "Squeeze":
            return [self._sparse(node)], np.zeros(())
        if node.op_type == "Log":
            return [self._logged(node)], np.zeros(())
        raise _OtherError

    def _scaled(self, node: Any) -> tuple[list[Block], np.ndarray]:
        first, second = node.input
        given, factor = (first, second) if second in self.constants else (second, first)
        if factor not in self.constants or self.constants[factor].size != 1:
            raise _OtherError
        by = float(self.constants[factor].item())
        blocks, bias = self.sum(given)
        return [(reads, weight, scale * by) for reads, weight, scale in blocks], bias * by

    def _dense(self, node: Any) -> Block:
        given, weight = self._plain(node.input[0]), node.input[1]
        made = self.nodes.get(given)
        if made is not None and made.op_type == "TreeEnsembleRegressor" and weight in self.constants:
            return self._forest(made), self.constants[weight], 1.0
        if given not in self.names or weight not in self.constants:
            raise _OtherError
        return (self.names[given],), self.constants[weight], 1.0

    def _logged(self, node: Any) -> Block:
        """Log(Add(trees, bias))."""
        chances, bias = self._made_by(node.input[0], "Add").input
        forest, matrix, scale = self._dense(self._made_by(chances, "MatMul"))
        if not isinstance(forest, _Forest) or bias not in self.constants:
            raise _OtherError
        return replace(forest, bias=self.constants[bias].astype(np.float64)), matrix, scale

    def _sparse(self, node: Any) -> Block:
        """Squeeze(Unsqueeze(amounts) · Cast(Gather(W, indices)))."""
        product = self._made_by(node.input[0], "MatMul")
        amounts = self._plain(self._made_by(product.input[0], "Unsqueeze").input[0])
        rows = self._made_by(product.input[1], "Cast", "Gather")
        if rows.op_type == "Cast":
            rows = self._made_by(rows.input[0], "Gather")
        weight, indices = rows.input
        if not {amounts, indices} <= self.names.keys() or weight not in self.constants:
            raise _OtherError
        return (self.names[indices], self.names[amounts]), self.constants[weight], 1.0

    def _forest(self, node: Any) -> _Forest:
        """TreeEnsembleRegressor(Concat(features …, Cast(Add(scores, bias)) …))."""
        from zhinan.recipes._mixed_graph import forest_in

        (given,) = node.input
        made = self.nodes.get(given)
        reads: list[Read] = []
        for name in made.input if made is not None and made.op_type == "Concat" else [given]:
            if name in self.names:
                reads.append(((self.names[name],), None, None))
                continue
            scores, bias = self._made_by(self._made_by(name, "Cast").input[0], "Add").input
            product = self._made_by(scores, "Squeeze", "MatMul")
            block = self._sparse(product) if product.op_type == "Squeeze" else self._dense(product)
            if isinstance(block[0], _Forest):
                raise _OtherError
            reads.append((block[0], block[1], self.constants[bias]))
        return _Forest(forest_in(node), tuple(reads))

    def _plain(self, name: str) -> str:
        """The value itself where it is only cast to another kind of number."""
        node = self.nodes.get(name)
        return node.input[0] if node is not None and node.op_type == "Cast" else name

    def _made_by(self, name: str, *kinds: str) -> Any:
        node = self.nodes.get(name)
        if node is None or node.op_type not in kinds:
            raise _OtherError
        return node
