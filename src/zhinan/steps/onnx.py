"""The step that runs an ONNX graph on the CPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from zhinan.core import register
from zhinan.steps._packed import unpacked

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Onnx"]


@register("step", "onnx")
class Onnx:
    """Runs file `graph` (plain or zlib-packed) on named arrays with a row an example.

    Args:
        threads: cores to use. "rows" gives them to the one run; the others run so many batches side by side.
        batch: "rows", all rows in one run. "one", a row a run, for graphs whose outputs depend on batch-mates.
            "bucketed", for token ids padded with −1: rows of equal length run together, so there is no padding and no
            row can feel another one.
        tokens: most tokens of a bucketed run; the fastest number keeps a run inside a core's cache.
        inputs, outputs: the graph's names of what is read and written, in that order; left out, the same names.
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        threads: int = 1,
        batch: Literal["rows", "one", "bucketed"] = "rows",
        tokens: int = 512,
        inputs: tuple[str, ...] = (),
        outputs: tuple[str, ...] = (),
    ) -> None:
        self._reads, self._writes = reads, writes
        self._inputs, self._outputs = tuple(inputs) or reads, tuple(outputs) or writes
        self._threads, self._batch, self._tokens = threads, batch, tokens
        self._session = _open(files["graph"], threads if batch == "rows" else 1)
        _same("inputs", self._inputs, [i.name for i in self._session.get_inputs()], exact=True)
        _same("outputs", self._outputs, [o.name for o in self._session.get_outputs()], exact=False)

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the graph's outputs for the batch, in the order of its rows."""
        return dict(zip(self._writes, self.compute([values[name] for name in self._reads]), strict=True))

    def compute(self, arrays: list[np.ndarray], progress: Callable[[int, int], None] | None = None) -> list[np.ndarray]:
        """The outputs (n, …) for inputs (n, …) given in the order of `inputs`.

        Args:
            progress: told (rows done, all rows) after each run.
        """
        import numpy as np

        n = len(arrays[0])
        if self._batch == "rows" and n:
            made: list[np.ndarray] = self._session.run(self._outputs, dict(zip(self._inputs, arrays, strict=True)))
            if progress:
                progress(n, n)
            return made
        outputs = self._empty(n)
        done = 0
        for places, written in self._runs(arrays, self._batches(arrays, n)):
            for output, part in zip(outputs, written, strict=True):
                output[places] = part
            done += len(places)
            if progress:
                progress(done, n)
        return [np.ascontiguousarray(output) for output in outputs]

    def _batches(self, arrays: list[np.ndarray], n: int) -> Iterator[tuple[np.ndarray, int | None]]:
        """Rows to run together, and how many columns of them are in use."""
        import numpy as np

        if self._batch != "bucketed":
            yield from ((np.array([i]), None) for i in range(n))
            return
        lengths = np.max([(array >= 0).sum(1) for array in arrays], axis=0)
        order = np.argsort(-lengths, kind="stable")  # longest first: no surprise at the end
        for group in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1) if n else []:
            length = int(lengths[group[0]])
            most = max(self._tokens // max(length, 1), 1)
            yield from ((group[i : i + most], length) for i in range(0, len(group), most))

    def _runs(
        self, arrays: list[np.ndarray], batches: Iterator[tuple[np.ndarray, int | None]]
    ) -> Iterator[tuple[np.ndarray, list[np.ndarray]]]:
        def one(batch: tuple[np.ndarray, int | None]) -> tuple[np.ndarray, list[np.ndarray]]:
            places, length = batch
            given = [array[places] if length is None else array[places, :length] for array in arrays]
            return places, self._session.run(self._outputs, dict(zip(self._inputs, given, strict=True)))

        if self._threads == 1:
            yield from map(one, batches)
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(one, batches)

    def _empty(self, n: int) -> list[np.ndarray]:
        import numpy as np

        by_name = {output.name: output for output in self._session.get_outputs()}
        outputs = [by_name[name] for name in self._outputs]
        return [np.empty((n, *(d for d in o.shape[1:] if isinstance(d, int))), _DTYPES[o.type]) for o in outputs]


_DTYPES = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(int64)": "int64", "tensor(bool)": "bool"}


def _open(graph: bytes, threads: int) -> Any:
    """A session on so many cores, whose idle threads sleep.

    Graphs are written in the operators that are to run, so no operator is exchanged for another: what onnxruntime's
    further rewriting gives differs from release to release.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(unpacked(graph), options, providers=["CPUExecutionProvider"])
    session.disable_fallback()
    session._model_bytes = None  # the whole graph once more, for the fallback
    return session


def _same(what: str, named: tuple[str, ...], found: list[str], *, exact: bool) -> None:
    """Raises ValueError when a step names what its graph does not have."""
    if set(named) - set(found) or (exact and set(found) - set(named)):
        raise ValueError(f"the graph's {what} are {found}, the step names {list(named)}")
