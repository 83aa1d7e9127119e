"""A small real candidate: two columns through a table, an ONNX graph and a choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.core import Candidate, Column, StepSpec
from zhinan.package import Draft, draft

INPUTS = (Column("message", "text"), Column("channel", "category"), Column("amount", "number"))
CLASSES = ("cancel", "refund", "退货")


def graph(width: int, classes: int) -> bytes:
    """An ONNX graph: logits = features @ weights."""
    from onnx import TensorProto, helper, numpy_helper

    weights = np.random.default_rng(7).normal(size=(width, classes)).astype(np.float32)
    body = helper.make_graph(
        [helper.make_node("MatMul", ["features", "weights"], ["logits"])],
        "head",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", width])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", classes])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def candidate() -> Candidate:
    """table → onnx → choose over channel and amount."""
    columns = [
        {"kind": "category", "values": ["", "app", "web"]},
        {"kind": "number", "fill": 2.0, "center": 2.0, "scale": 3.0, "knots": [0.0, 1.0, 5.0]},
    ]
    steps = (
        StepSpec("table", ("channel", "amount"), ("features",), {"columns": columns}),
        StepSpec("onnx", ("features",), ("logits",), {}, {"graph": "head.onnx"}),
        StepSpec(
            "choose", ("logits",), ("label", "probability", "all", "handover", "labels"), {"classes": list(CLASSES)}
        ),
    )
    return Candidate(
        recipe="linear",
        level="shallow",
        encoders=("columns",),
        steps=steps,
        files={"head.onnx": graph(7, len(CLASSES))},
        classes=CLASSES,
        dev=np.zeros((0, len(CLASSES)), np.float32),
        licences={"head.onnx": "made here"},
    )


@pytest.fixture
def deciding() -> Callable[..., Candidate]:
    """The small candidate with other options of its last step."""

    def made(**options: Any) -> Candidate:
        plain = candidate()
        *before, last = plain.steps
        return replace(plain, steps=(*before, replace(last, options={**last.options, **options})))

    return made


@pytest.fixture
def drafted(tmp_path: Path) -> Callable[..., Draft]:
    """Writes a draft of the small candidate; keyword arguments replace the usual ones."""

    def write(**changed: Any) -> Draft:
        usual: Mapping[str, Any] = {
            "folder": tmp_path / "drafts",
            "product": "support",
            "candidate": candidate(),
            "inputs": INPUTS,
            "masks": ["email", "phone"],
            "contract": b"product: support\n",
            "facts": {"contract_hash": "c" * 64, "fingerprint": "d" * 64, "parent": 2, "threads": 1},
        }
        return draft(**{**usual, **changed})

    return write
