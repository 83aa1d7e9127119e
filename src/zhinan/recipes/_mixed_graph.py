"""Writes linear heads and trees, added with weights, as one ONNX graph that reads the encoders' features."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

from zhinan.core import Plan
from zhinan.recipes._forest import Forest, Tree
from zhinan.recipes._heads import OPSET, Head
from zhinan.recipes._trees import Trees

__all__ = ["forest_in", "mixed_graph"]

ML = "ai.onnx.ml"


def mixed_graph(
    plans: Mapping[str, Plan], heads: Mapping[str, Head], trees: Sequence[Trees], weights: Sequence[float], name: str
) -> bytes:
    """Σ weight · term + bias as packed bytes. Terms: a head for each encoder in `heads`, in order, then `trees`.

    Args:
        plans: how the encoders' features are written. name: of the output, float32 (n, classes).
    """
    writer = _Writer(plans)
    sums, bias = [], np.zeros(1)
    for (encoder, head), weight in zip(heads.items(), weights, strict=False):
        sums.append(writer.scaled(writer.linear(encoder, head.weight), weight))
        bias = bias + weight * head.bias.astype(np.float64)
    for grown, weight in zip(trees, weights[len(heads) :], strict=True):
        sums.append(writer.scaled(writer.trees(grown), weight))
        bias = bias + (np.zeros_like(grown.bias) if grown.chances else weight * grown.bias)
    return writer.write([*sums, writer.constant("bias", bias.astype(np.float32))], name, len(bias))


class _Writer:
    """Collects nodes and constants in the order they are added; every name follows from that order."""

    def __init__(self, plans: Mapping[str, Plan]) -> None:
        self._plans = plans
        self._nodes: list[NodeProto] = []
        self._inputs: dict[str, ValueInfoProto] = {}
        self._constants: dict[str, TensorProto] = {}
        self._fed: dict[tuple[str, ...], str] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self._constants.setdefault(name, numpy_helper.from_array(value, name))
        return name

    def node(self, op: str, *reads: str, domain: str = "", **attributes: Any) -> str:
        name = f"{op}{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, reads, [name], domain=domain, **attributes))
        return name

    def scaled(self, name: str, weight: float) -> str:
        return self.node("Mul", name, self.constant(f"a{len(self._nodes)}", np.array(weight, np.float32)))

    def linear(self, encoder: str, weight: np.ndarray, *, exact: bool = False) -> str:
        """features · weight of one block; sparse features gather their rows of the weight. `exact`: in float64."""
        plan, key = self._plans[encoder], f"W{len(self._nodes)}"
        kind = TensorProto.DOUBLE if exact else TensorProto.FLOAT
        if plan.form == "dense":
            (features,) = self._read(encoder)
            held = self.constant(key, weight.astype(np.float64 if exact else np.float32))
            return self.node("MatMul", self.node("Cast", features, to=kind) if exact else features, held)
        indices, amounts = self._read(encoder)
        one = self.constant("one", np.array([1], np.int64))
        rows = self.node("Gather", self.constant(key, weight.astype(np.float16)), indices, axis=0)
        rows = self.node("Cast", rows, to=kind)
        amounts = self.node("Unsqueeze", self.node("Cast", amounts, to=kind) if exact else amounts, one)
        return self.node("Squeeze", self.node("MatMul", amounts, rows), one)

    def trees(self, trees: Trees) -> str:
        """The forest's raw scores times its matrix; of chances the logarithms, bias included."""
        read = (*trees.dense, *(f"{name} {id(head)}" for name, head in trees.stacked.items()))
        if read not in self._fed:
            self._fed[read] = self._features(trees)
        raw = self.node("TreeEnsembleRegressor", self._fed[read], domain=ML, **_attributes(trees.forest))
        made = self.node("MatMul", raw, self.constant(f"M{len(self._nodes)}", trees.matrix.astype(np.float32)))
        if not trees.chances:
            return made
        bias = self.constant(f"c{len(self._nodes)}", trees.bias.astype(np.float32))
        return self.node("Log", self.node("Add", made, bias))

    def _features(self, trees: Trees) -> str:
        """What the trees read, side by side."""
        parts = [self._read(encoder)[0] for encoder in trees.dense]
        for encoder, head in trees.stacked.items():
            shift = self.constant(f"b{len(self._nodes)}", head.bias.astype(np.float64))
            scores = self.node("Add", self.linear(encoder, head.weight, exact=True), shift)
            parts.append(self.node("Cast", scores, to=TensorProto.FLOAT))
        return parts[0] if len(parts) == 1 else self.node("Concat", *parts, axis=1)

    def _read(self, encoder: str) -> tuple[str, ...]:
        plan = self._plans[encoder]
        shapes: list[tuple[int, list[str | int | None]]]
        if plan.form == "dense":
            shapes = [(TensorProto.FLOAT, ["n", plan.width])]
        else:
            shapes = [(kind, ["n", f"{encoder} length"]) for kind in (TensorProto.INT64, TensorProto.FLOAT)]
        for name, (kind, shape) in zip(plan.writes, shapes, strict=True):
            self._inputs[name] = helper.make_tensor_value_info(name, kind, shape)
        return plan.writes

    def write(self, sums: Sequence[str], name: str, width: int) -> bytes:
        self._nodes.append(helper.make_node("Sum", sums, [name]))
        output = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])
        order = [n for plan in self._plans.values() for n in plan.writes]
        inputs = [self._inputs[n] for n in order if n in self._inputs]
        graph = helper.make_graph(self._nodes, "head", inputs, [output], list(self._constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(ML, 3)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        checker.check_model(model)
        return zlib.compress(model.SerializeToString(deterministic=True))


def _attributes(forest: Forest) -> dict[str, Any]:
    """The forest as `TreeEnsembleRegressor` wants it; `nodes_hitrates` hold the covers, which explanations need.

    Source: ONNX operators, ai.onnx.ml 3.
    """
    tree_id = np.repeat(np.arange(len(forest.trees)), [len(tree.feature) for tree in forest.trees])
    node_id = np.concatenate([np.arange(len(tree.feature)) for tree in forest.trees])
    feature, threshold, missing, left, right, value, cover = (
        np.concatenate([getattr(tree, part) for tree in forest.trees])
        for part in ("feature", "threshold", "missing", "left", "right", "value", "cover")
    )
    output = np.repeat([tree.output for tree in forest.trees], [len(tree.feature) for tree in forest.trees])
    leaf = feature < 0
    return {
        "nodes_treeids": tree_id.tolist(),
        "nodes_nodeids": node_id.tolist(),
        "nodes_featureids": np.maximum(feature, 0).tolist(),
        "nodes_modes": ["LEAF" if one else "BRANCH_LEQ" for one in leaf.tolist()],
        "nodes_values": threshold.tolist(),
        "nodes_hitrates": cover.tolist(),
        "nodes_missing_value_tracks_true": missing.astype(np.int64).tolist(),
        "nodes_truenodeids": np.maximum(left, 0).tolist(),
        "nodes_falsenodeids": np.maximum(right, 0).tolist(),
        "target_treeids": tree_id[leaf].tolist(),
        "target_nodeids": node_id[leaf].tolist(),
        "target_ids": output[leaf].tolist(),
        "target_weights": value[leaf].astype(np.float32).tolist(),
        "n_targets": forest.outputs,
        "aggregate_function": "SUM",
        "post_transform": "NONE",
    }


def forest_in(node: NodeProto) -> Forest:
    """The forest that a `TreeEnsembleRegressor` written here holds."""
    held = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    tree_id = np.array(held["nodes_treeids"])
    leaf = np.array([mode == b"LEAF" for mode in held["nodes_modes"]])
    value, output = np.zeros(len(leaf)), np.zeros(len(leaf), np.int64)
    value[leaf], output[leaf] = held["target_weights"], held["target_ids"]
    parts = {
        "feature": np.where(leaf, -1, held["nodes_featureids"]),
        "threshold": np.array(held["nodes_values"], np.float32),
        "missing": np.array(held["nodes_missing_value_tracks_true"], bool),
        "left": np.where(leaf, -1, held["nodes_truenodeids"]),
        "right": np.where(leaf, -1, held["nodes_falsenodeids"]),
        "value": value,
        "cover": np.array(held["nodes_hitrates"], np.float64),
    }
    cuts = np.flatnonzero(np.diff(tree_id)) + 1
    split = {name: np.split(array, cuts) for name, array in parts.items()}
    outputs = [int(one[-1]) for one in np.split(output, cuts)]  # the last node of a tree is a leaf
    trees = [Tree(**{name: split[name][i] for name in parts}, output=one) for i, one in enumerate(outputs)]
    return Forest(tuple(trees), int(held["n_targets"]))
