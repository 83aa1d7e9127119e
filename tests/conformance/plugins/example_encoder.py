"""Random Fourier features of number columns: a smooth, non-linear encoder. A whole plugin in one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from zhinan.core import Plan, Search, StepSpec, register
from zhinan.encoders.columns import Columns, FittedColumns

if TYPE_CHECKING:
    import numpy as np

__all__ = ["FittedFourier", "Fourier"]


@register("encoder", "fourier", kinds=("number",), weights=None)
@dataclass(frozen=True)
class Fourier:
    """Random Fourier features. Choose it for a few numbers whose effects bend and interact.

    Source: Rahimi & Recht, Random features for large-scale kernel machines, NeurIPS 2007.
    """

    waves: Annotated[int, Search(16, 512, log=True)] = 64
    scale: Annotated[float, Search(0.1, 2.0, log=True)] = 0.5
    seed: int = 0

    def fit(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> FittedFourier:
        """Standardises by training rows and draws the waves."""
        import numpy as np

        columns = Columns(knots=0).fit(rows)
        width = columns.plan("").width
        draw = np.random.default_rng(self.seed)
        weight = (self.scale * draw.normal(size=(width, self.waves))).astype(np.float32)
        return FittedFourier(columns, weight, draw.uniform(0, 2 * np.pi, self.waves).astype(np.float32))


@dataclass(frozen=True, eq=False)
class FittedFourier:
    """Waves over standardised columns."""

    columns: FittedColumns
    weight: np.ndarray
    phase: np.ndarray

    def encode(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Features (n, waves) float32."""
        import numpy as np

        waves: np.ndarray = np.cos(self.columns.encode(rows) @ self.weight + self.phase)
        return waves

    def plan(self, prefix: str) -> Plan:
        """A `table` step, then an `onnx` step."""
        from onnx import TensorProto, helper, numpy_helper

        table = self.columns.plan(f"{prefix}.table")
        (reads,) = table.writes
        nodes = [
            helper.make_node("MatMul", [reads, "W"], ["turned"]),
            helper.make_node("Add", ["turned", "b"], ["shifted"]),
            helper.make_node("Cos", ["shifted"], [prefix]),
        ]
        given = helper.make_tensor_value_info(reads, TensorProto.FLOAT, ["n", self.weight.shape[0]])
        out = helper.make_tensor_value_info(prefix, TensorProto.FLOAT, ["n", self.weight.shape[1]])
        held = [numpy_helper.from_array(self.weight, "W"), numpy_helper.from_array(self.phase, "b")]
        graph = helper.make_graph(nodes, "fourier", [given], [out], held)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
        file = f"{prefix}.onnx"
        step = StepSpec("onnx", (reads,), (prefix,), {}, {"graph": file})
        content = model.SerializeToString(deterministic=True)
        return Plan((*table.steps, step), {file: content}, (prefix,), "dense", self.weight.shape[1])
