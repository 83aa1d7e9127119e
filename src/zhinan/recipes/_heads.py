"""Linear heads: fitting them, and writing them as one ONNX graph that reads the encoders' features."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from zhinan.core import Block, Candidate, Encoded, StepSpec
from zhinan.recipes._logistic import WEIGHTS, newton
from zhinan.recipes._threads import few_threads
from zhinan.recipes._written import GRAPH, Written

__all__ = ["Head", "assemble", "fit_bounded", "fit_head", "graphs", "log_loss", "mixed", "mixing", "told"]

OPSET = 21

LIGHT, NOTHING, HEAVY = math.exp(-5), math.exp(-12), math.exp(5)
"""The least weight of a lone head and of one of several, and the most of any."""


@dataclass(frozen=True)
class Head:
    """weight (width, classes) float32, exactly representable in float16; bias (classes,) float32; its strength l2."""

    weight: np.ndarray
    bias: np.ndarray
    l2: float

    def logits(self, values: np.ndarray | sp.csr_array) -> np.ndarray:
        """Scores (n, classes) of features (n, width)."""
        scores: np.ndarray = np.asarray(values @ self.weight) + self.bias
        return scores


def fit_head(
    values: np.ndarray | sp.csr_array, target: np.ndarray, classes: int, l2: float, start: Head | None = None
) -> Head:
    """One regularised linear head.

    Sparse features: L2-loss linear SVM, one against the rest (Fan et al., LIBLINEAR, JMLR 9, 2008), which is far
    cheaper than a multinomial fit and as good after a temperature. Dense features: multinomial logistic regression, of
    few by `newton`.
    Several labels a row: a logistic head for each, `fit_apart`.

    Args:
        values: (n, width). target: codes in [0, classes), shape (n,); a class may be absent, it then never wins. Or
            of several labels a row (n, classes) bool.
        l2: strength, the inverse of scikit-learn's C. start: a head to set out from, as of `newton`.
    """
    if target.ndim == 2:
        from zhinan.recipes._several import fit_apart

        weight, bias = fit_apart(values, target, l2)
        return Head(weight.astype(np.float16).astype(np.float32), bias.astype(np.float32), l2)
    seen = np.unique(target)
    weight, bias = np.zeros((values.shape[1], 1)), np.zeros(1)
    if len(seen) > 1:
        near = None if start is None else (start.weight[:, seen], start.bias[seen])
        weight, bias = _separated(values, target, l2, near)
    full = np.zeros((values.shape[1], classes), np.float32)
    full[:, seen] = weight
    offset = np.full(classes, -1e4, np.float32)
    offset[seen] = bias
    return Head(full.astype(np.float16).astype(np.float32), offset, l2)


def _separated(
    values: np.ndarray | sp.csr_array, target: np.ndarray, l2: float, start: tuple[np.ndarray, np.ndarray] | None
) -> tuple[np.ndarray, np.ndarray]:
    """weight (width, seen) and bias (seen,) of the classes that occur, in order of their codes."""
    classes = len(np.unique(target))
    if not sp.issparse(values) and values.shape[1] * (classes if classes > 2 else 1) <= WEIGHTS:
        return newton(values, target, l2, start)
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    if sp.issparse(values):
        model = LinearSVC(C=1 / l2, random_state=0, max_iter=5000)
    else:
        model = LogisticRegression(C=1 / l2, max_iter=2000, tol=1e-3)
    with few_threads(values.size * classes):
        model.fit(values, target)
    weight, bias = model.coef_.T, model.intercept_
    if weight.shape[1] == 1:
        return np.hstack([-weight, weight]) / 2, np.array([-bias[0], bias[0]]) / 2
    return weight, bias


def fit_bounded(values: np.ndarray, target: np.ndarray, l2: float, ways: Sequence[tuple[np.ndarray, int]]) -> Head:
    """A logistic head for two classes some of whose weights have a sign given.

    Args:
        values: (n, width). target: codes 0 and 1. l2: as of `fit_head`.
        ways: (features (width,) bool, 1 or −1): those features may only speak for the second class, or for the first.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    sign = 2.0 * target - 1.0
    features = np.asarray(values, np.float64)
    low, high = np.full(features.shape[1] + 1, -np.inf), np.full(features.shape[1] + 1, np.inf)
    for some, way in ways:
        (low if way > 0 else high)[:-1][some] = 0.0

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (features @ x[:-1] + x[-1])
        pull = -sign * expit(-margin)
        gradient = np.append(features.T @ pull + l2 * x[:-1], pull.sum())
        return float(np.logaddexp(0, -margin).sum() + l2 / 2 * x[:-1] @ x[:-1]), gradient

    start = np.zeros(features.shape[1] + 1)
    with few_threads(features.size):
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=list(zip(low, high, strict=True))).x
    weight = np.stack([-found[:-1], found[:-1]], axis=1) / 2
    bias = np.array([-found[-1], found[-1]], np.float32) / 2
    return Head(weight.astype(np.float16).astype(np.float32), bias, l2)


def log_loss(logits: np.ndarray, target: np.ndarray) -> float:
    """Mean negative log likelihood of the target, in nats (of several labels a row in nats a label); 0 of nothing."""
    from scipy.special import log_softmax

    if not len(target):
        return 0.0
    if logits.shape[1] == 2 and target.ndim == 1:
        return float(np.logaddexp(0, np.where(target == 1, -1.0, 1.0) * (logits[:, 1] - logits[:, 0])).mean())
    if target.ndim == 2:
        from zhinan.recipes._several import lost

        return float(lost(logits, target).mean())
    return float(-log_softmax(logits, axis=1)[np.arange(len(target)), target].mean())


def mixing(logits: Sequence[np.ndarray], target: np.ndarray, alike: float = 0.0) -> tuple[float, ...]:
    """Weights ≥ 0 of several heads whose weighted sum has the least log loss; for one head, 1 / its temperature.

    Convex, so the found optimum is the only one (Guo et al., ICML 2017, for the one-head case).

    Args:
        alike: how far they are drawn towards those of a plain mean, each head at its own temperature.
    """
    alone = np.concatenate([_least([one], target, np.ones(1), LIGHT) for one in logits])
    if len(logits) == 1:
        return (float(alone[0]),)
    start = alone / len(logits)
    weights = (1 - alike) * _least(logits, target, start, NOTHING) + alike * start
    return tuple(weights.tolist())


def _least(logits: Sequence[np.ndarray], target: np.ndarray, start: np.ndarray, lightest: float) -> np.ndarray:
    """The weights (heads,) of least log loss, none below the lightest: a smooth search with bounds."""
    from scipy.optimize import minimize
    from scipy.special import expit, softmax

    if not len(target):
        return start
    held = np.stack([np.asarray(one, np.float64) for one in logits])
    if held.shape[2] == 2 and target.ndim == 1:  # two classes are one label that rows have or not
        held, target = held[:, :, 1:] - held[:, :, :1], target[:, None] == 1
    several = target.ndim == 2
    truth = target if several else target[:, None] == np.arange(held.shape[2])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = np.tensordot(weights, held, 1)
        off = (expit(scores) if several else softmax(scores, axis=1)) - truth
        return log_loss(scores, target), np.tensordot(held, off, 2) / (off.size if several else len(off))

    bounds = [(lightest, HEAVY)] * len(held)
    with few_threads(held.size):
        made = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12, "gtol": 1e-7})
    found: np.ndarray = made.x
    return found


def mixed(logits: Sequence[np.ndarray], weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """The weighted sum of several heads' logits."""
    total: np.ndarray = np.sum([w * z for w, z in zip(weights, logits, strict=True)], axis=0)
    return total


def assemble(
    recipe: str,
    level: str,
    train: Encoded,
    heads: Sequence[Head],
    weights: Sequence[float],
    *,
    dev: np.ndarray,
    params: Mapping[str, Any],
) -> Candidate:
    """Packs encoders, heads and the final choice into a candidate; `dev` are its mixed logits on dev."""
    steps, files, licences = graphs(train.blocks, heads, weights, "logits")
    last, facts = told(train, dev)
    return Candidate(
        recipe=recipe,
        level=level,
        encoders=tuple(block.encoder for block in train.blocks),
        steps=(*steps, last),
        files=files,
        classes=train.classes,
        params=params,
        licences=licences,
        **facts,
    )


def told(train: Encoded, logits: np.ndarray) -> tuple[StepSpec, dict[str, Any]]:
    """The step that answers from logits (n_dev, classes), and what a candidate says of dev by them, with its task."""
    from zhinan.steps.choose import softmax
    from zhinan.steps.tag import alone, given

    options = {"classes": list(train.classes)}
    if train.several:
        chances = alone(logits).astype(np.float32)
        last = StepSpec("tag", ("logits",), ("labels", "probabilities"), options)
        return last, {"dev": chances, "decided": given(chances), "task": "tag"}
    writes = ("label", "probability", "probabilities", "handover", "labels")
    return StepSpec("choose", ("logits",), writes, options), {"dev": softmax(logits).astype(np.float32)}


def graphs(
    blocks: Sequence[Block], heads: Sequence[Head], weights: Sequence[float], name: str
) -> tuple[tuple[StepSpec, ...], Mapping[str, bytes], dict[str, str]]:
    """Steps, files and licences of encoders and the head that reads them all and writes `name`."""
    plans = [block.fitted.plan(block.encoder) for block in blocks]
    parts = [(p.form, p.writes, h, w) for p, h, w in zip(plans, heads, weights, strict=True)]
    reads = tuple(one for plan in plans for one in plan.writes)
    steps = [step for plan in plans for step in plan.steps]
    steps.append(StepSpec("onnx", reads, (name,), {}, {"graph": GRAPH}))
    files = {one: content for plan in plans for one, content in plan.files.items()}
    licences = {one: text for plan in plans for one, text in plan.licences.items()}
    return tuple(steps), Written(files, lambda: _graph(parts, name)), licences


def _graph(parts: Sequence[tuple[str, tuple[str, ...], Head, float]], name: str) -> bytes:
    """Σ weight · (features · W) + b as ONNX. Sparse features gather their rows of W (kept in float16)."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, inputs, constants, sums = [], [], [], []
    bias = np.zeros(parts[0][2].bias.shape, np.float64)
    for i, (form, reads, head, weight) in enumerate(parts):
        bias += weight * head.bias
        kind = np.float16 if form == "sparse" else np.float32
        constants.append(numpy_helper.from_array(head.weight.astype(kind), f"W{i}"))
        constants.append(numpy_helper.from_array(np.array(weight, np.float32), f"a{i}"))
        if form == "sparse":
            indices, values = reads
            inputs.append(helper.make_tensor_value_info(indices, TensorProto.INT64, ["n", f"m{i}"]))
            inputs.append(helper.make_tensor_value_info(values, TensorProto.FLOAT, ["n", f"m{i}"]))
            nodes += [
                helper.make_node("Gather", [f"W{i}", indices], [f"g{i}"], axis=0),
                helper.make_node("Cast", [f"g{i}"], [f"rows{i}"], to=TensorProto.FLOAT),
                helper.make_node("Unsqueeze", [values, "one"], [f"v{i}"]),
                helper.make_node("MatMul", [f"v{i}", f"rows{i}"], [f"s{i}"]),
                helper.make_node("Squeeze", [f"s{i}", "one"], [f"z{i}"]),
            ]
        else:
            inputs.append(helper.make_tensor_value_info(reads[0], TensorProto.FLOAT, ["n", head.weight.shape[0]]))
            nodes.append(helper.make_node("MatMul", [reads[0], f"W{i}"], [f"z{i}"]))
        nodes.append(helper.make_node("Mul", [f"z{i}", f"a{i}"], [f"w{i}"]))
        sums.append(f"w{i}")
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "one"))
    constants.append(numpy_helper.from_array(bias.astype(np.float32), "bias"))
    nodes.append(helper.make_node("Sum", [*sums, "bias"], [name]))
    output = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", len(bias)])
    graph = helper.make_graph(nodes, "head", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content
