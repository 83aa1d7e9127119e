"""The onnx step gives the rows back in order, however it ran them."""

from __future__ import annotations

import sys
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from zhinan.steps import Program
from zhinan.steps.onnx import Onnx


def model(nodes: list[object], given: dict[str, object], made: dict[str, object], held: list[object] = []) -> bytes:  # noqa: B006
    def info(names: dict[str, object]) -> list[object]:
        return [helper.make_tensor_value_info(name, *about) for name, about in names.items()]  # type: ignore[misc]

    graph = helper.make_graph(nodes, "g", info(given), info(made), held)
    content: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10
    ).SerializeToString()
    return content


def sums() -> bytes:
    """ids (n, length) → the sum of a row, and the largest of the whole batch: an output that feels its mates."""
    nodes = [
        helper.make_node("ReduceSum", ["ids", "last"], ["sum"], keepdims=1),
        helper.make_node("ReduceMax", ["ids"], ["top"], keepdims=1),
        helper.make_node("Mul", ["sum", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "top"], ["most"]),
    ]
    held = [numpy_helper.from_array(np.array([1]), "last"), numpy_helper.from_array(np.array([0]), "zero")]
    ids = {"ids": (TensorProto.INT64, ["n", "length"])}
    return model(nodes, ids, {"sum": (TensorProto.INT64, ["n", 1]), "most": (TensorProto.INT64, ["n", 1])}, held)


def padded(lengths: list[int]) -> np.ndarray:
    ids = np.full((len(lengths), max(lengths, default=1)), -1, np.int64)
    for i, length in enumerate(lengths):
        ids[i, :length] = 100 + i
    return ids


@given(st.lists(st.integers(1, 9), max_size=30), st.integers(1, 20), st.integers(1, 3))
def test_bucketed_rows_come_back_in_order_and_without_padding(lengths: list[int], tokens: int, threads: int) -> None:
    step = Onnx(("ids",), ("sum",), {"graph": sums()}, batch="bucketed", tokens=tokens, threads=threads)
    written = step.run({"ids": padded(lengths)})["sum"]
    assert written[:, 0].tolist() == [length * (100 + i) for i, length in enumerate(lengths)]


def test_one_keeps_a_row_from_feeling_its_mates() -> None:
    ids = {"ids": np.array([[1, 2], [7, 8], [3, 4]])}
    together = Onnx(("ids",), ("most",), {"graph": sums()}).run(ids)["most"]
    alone = Onnx(("ids",), ("most",), {"graph": sums()}, batch="one").run(ids)["most"]
    assert together[:, 0].tolist() == [8, 8, 8]
    assert alone[:, 0].tolist() == [2, 8, 4]


@pytest.mark.parametrize("batch", ["rows", "one", "bucketed"])
def test_no_rows_give_no_rows(batch: str) -> None:
    step = Onnx(("ids",), ("sum",), {"graph": sums()}, batch=batch)  # type: ignore[arg-type]
    written = step.run({"ids": np.empty((0, 4), np.int64)})["sum"]
    assert written.shape == (0, 1)
    assert written.dtype == np.int64


def test_values_and_the_graphs_own_names_may_differ() -> None:
    step = Onnx(("a.ids",), ("b", "a"), {"graph": sums()}, inputs=("ids",), outputs=("most", "sum"))
    written = step.run({"a.ids": np.array([[1, 2]])})
    assert {name: array.tolist() for name, array in written.items()} == {"b": [[2]], "a": [[3]]}


def test_a_step_that_names_what_the_graph_lacks_is_refused_when_opened() -> None:
    with pytest.raises(ValueError, match="total"):
        Onnx(("ids",), ("total",), {"graph": sums()})
    with pytest.raises(ValueError, match="tokens"):
        Onnx(("tokens",), ("sum",), {"graph": sums()})


def test_a_packed_graph_is_the_same_graph() -> None:
    step = Onnx(("ids",), ("sum",), {"graph": zlib.compress(sums())})
    assert step.run({"ids": np.array([[1, 2]])})["sum"].tolist() == [[3]]


def test_a_graph_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        Onnx(("ids",), ("sum",), {"graph": zlib.compress(sums())[:-8]})


def test_progress_reaches_the_end() -> None:
    told: list[tuple[int, int]] = []
    step = Onnx(("ids",), ("sum",), {"graph": sums()}, batch="bucketed", tokens=4)
    step.compute([padded([3, 1, 2, 3])], lambda done, rows: told.append((done, rows)))
    assert told[-1] == (4, 4)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_it_runs_inside_a_program() -> None:
    from zhinan.core import StepSpec

    spec = StepSpec("onnx", ("ids",), ("sum",), {"batch": "bucketed"}, {"graph": "g.onnx"})
    assert Program([spec], {"g.onnx": sums()}).run({"ids": padded([2])})["sum"].tolist() == [[200]]


def test_a_graph_is_not_held_a_second_time_beside_its_session() -> None:
    graph = bytes(bytearray(sums()))
    before = sys.getrefcount(graph)
    step = Onnx(("ids",), ("most",), {"graph": graph})
    assert sys.getrefcount(graph) == before
    assert step.run({"ids": np.array([[1, 2]])})["most"].tolist() == [[2]]
