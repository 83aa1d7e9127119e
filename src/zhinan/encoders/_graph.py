"""A small writer of ONNX graphs: nodes in, deterministic bytes out. Both pretrained encoders are written with it."""

from __future__ import annotations

from typing import Any, Literal, overload

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

__all__ = ["CONTRIB", "OPSET", "Writer"]

OPSET = 21
CONTRIB = "com.microsoft"
"""Operators that onnxruntime adds to the standard ones, present in every build of it since 1.17."""


class Writer:
    """Collects nodes and constants in the order they are added; every name follows from that order."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def constant(self, name: str, value: Any) -> str:
        """Adds an array and gives its name."""
        if name in self._constants:
            raise ValueError(f"constant {name!r} is there already")
        array = np.asarray(value)
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name)
        return name

    @overload
    def node(self, op: str, *reads: str, outputs: Literal[1] = 1, domain: str = "", **attributes: Any) -> str: ...
    @overload
    def node(self, op: str, *reads: str, outputs: int, domain: str = "", **attributes: Any) -> list[str]: ...
    def node(self, op: str, *reads: str, outputs: int = 1, domain: str = "", **attributes: Any) -> str | list[str]:
        """Adds a node and gives the name of its output, or of all outputs when there are several."""
        name = f"{op}_{len(self._nodes)}"
        writes = [name] if outputs == 1 else [f"{name}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(op, reads, writes, name=name, domain=domain, **attributes))
        return writes[0] if outputs == 1 else writes

    def write(self, name: str, output: str, width: int) -> bytes:
        """The graph that reads `ids` int64 (n, length) and writes `embedding` float32 (n, width), as bytes."""
        self._nodes.append(helper.make_node("Identity", [output], ["embedding"], name="embedding"))
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"])
        embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", width])
        graph = helper.make_graph(self._nodes, name, [ids], [embedding], list(self._constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="zhinan")
        content: bytes = model.SerializeToString(deterministic=True)
        return content
