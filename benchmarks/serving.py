"""The service against the raw in-process limit of a version, at 32 connections, load generator on the same cores.

python benchmarks/serving.py [VERSION] [--seconds 5] [--repeats 5] [--batch 32] [--no-store]

Without VERSION a graph with the cost of a small text encoder is made (two feed-forward layers over 16 tokens of 384).
Each variant is run several times in shuffled order; medians and their ratio are printed, with latencies, memory (PSS)
per worker and seconds until ready.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import signal
import socket
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.core import Candidate, Column, StepSpec
from zhinan.package import draft, open_version, seal
from zhinan.package.golden import made_up
from zhinan.serve import Limits, Settings, run

CONNECTIONS = 32


def made(folder: Path) -> Path:
    """A version over one text-like number column with the cost of a small encoder."""
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(0)
    nodes, weights = [], []

    def matmul(given: str, name: str, rows: int, columns: int) -> str:
        value = rng.normal(size=(rows, columns), scale=rows**-0.5).astype(np.float32)
        weights.append(numpy_helper.from_array(value, f"{name}.w"))
        nodes.append(helper.make_node("MatMul", [given, f"{name}.w"], [name]))
        return name

    weights.append(numpy_helper.from_array(np.array([-1, 16, 384], np.int64), "shape"))
    nodes.append(helper.make_node("Reshape", [matmul("features", "up", 2, 16 * 384), "shape"], ["tokens"]))
    last = "tokens"
    for layer in range(2):
        inner = matmul(last, f"wide{layer}", 384, 1536)
        nodes.append(helper.make_node("Relu", [inner], [f"relu{layer}"]))
        last = matmul(f"relu{layer}", f"narrow{layer}", 1536, 384)
    nodes.append(helper.make_node("ReduceMean", [last], ["pooled"], axes=[1], keepdims=0))
    logits = matmul("pooled", "logits", 384, 77)
    graph = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 2])],
        [helper.make_tensor_value_info(logits, TensorProto.FLOAT, ["n", 77])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    classes = tuple(f"class {i}" for i in range(77))
    number = {"kind": "number", "fill": 0.0, "center": 0.0, "scale": 1.0, "knots": []}
    steps = (
        StepSpec("table", ("amount",), ("features",), {"columns": [number]}),
        StepSpec("onnx", ("features",), ("logits",), {}, {"graph": "graph.onnx"}),
        StepSpec("choose", ("logits",), ("label", "probability", "all"), {"classes": list(classes)}),
    )
    candidate = Candidate(
        "linear", "frozen", (), steps, {"graph.onnx": model.SerializeToString()}, classes, np.zeros((0, 77))
    )
    columns = (Column("message", "text"), Column("amount", "number"))
    written = draft(
        folder=folder, product="bench", task="classify", candidate=candidate, inputs=columns, masks=["phone"],
        contract=b"product: bench\n", facts={},
    )  # fmt: skip
    return seal(written, into=folder / "versions", number=1, proof={"verdicts": []}, report={}).path


def rows_of(version: Path) -> list[dict[str, Any]]:
    """A few short requests of the version's own schema."""
    return [row for row in made_up(open_version(version).inputs) if max(map(len, map(str, row.values()))) < 200]


def raw(version: Path, seconds: float, processes: int) -> float:
    """Rows a second of `Version.predict` alone, one thread a process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        return sum(pool.starmap(_predict, [(version, seconds)] * processes))


def _predict(version: Path, seconds: float) -> float:
    opened, rows = open_version(version), rows_of(version)
    opened.predict(rows)
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        opened.predict([rows[count % len(rows)]])
        count += 1
    return count / (time.perf_counter() - started)


class Client(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it was answered."""

    def __init__(self, requests: list[bytes], waits: list[float], until: float) -> None:
        self.requests, self.waits, self.until = requests, waits, until
        self.buffer, self.place, self.asked = b"", random.randrange(len(requests)), 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.place += 1
        self.asked = time.perf_counter()
        self.transport.write(self.requests[self.place % len(self.requests)])

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        start = self.buffer.find(b"content-length: ") + 16
        length = int(self.buffer[start : self.buffer.find(b"\r", start)])
        if len(self.buffer) < head + 4 + length:
            return
        if not self.buffer.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self.buffer.decode()))
            return
        self.buffer = b""
        now = time.perf_counter()
        self.waits.append(now - self.asked)
        if now < self.until:
            self.ask()
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()


def load(port: int, rows: list[dict[str, Any]], seconds: float) -> list[float]:
    """Asks for some seconds over 32 connections and gives every request's seconds."""
    bodies = [json.dumps({"inputs": [row]}, ensure_ascii=False).encode() for row in rows]
    head = "POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n"
    requests = [head.format(len(body)).encode() + body for body in bodies]

    async def all_of_them() -> list[float]:
        waits: list[float] = []
        loop, until = asyncio.get_running_loop(), time.perf_counter() + seconds
        made = [
            await loop.create_connection(lambda: Client(requests, waits, until), "127.0.0.1", port)
            for _ in range(CONNECTIONS)
        ]
        await asyncio.gather(*(protocol.done for _, protocol in made))
        return waits

    return asyncio.run(all_of_them())


def served(
    version: Path, rows: list[dict[str, Any]], seconds: float, batch: int, store: Path | None
) -> dict[str, float]:
    """Starts the service, asks it, and stops it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        product=open_version(version).product, source=str(version), store=None if store is None else str(store),
        port=port, workers=os.cpu_count() or 1, limits=Limits(batch=batch),
    )  # fmt: skip
    service = multiprocessing.get_context("spawn").Process(target=run, args=(settings,))
    started = time.perf_counter()
    service.start()
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            break
        except OSError:
            time.sleep(0.01)
    ready = time.perf_counter() - started
    time.sleep(1)
    load(port, rows, min(1.0, seconds))
    waits = load(port, rows, seconds)
    memory = [pss(pid) for pid in children(service.pid or 0)]
    os.kill(service.pid or 0, signal.SIGTERM)
    service.join()
    cuts = statistics.quantiles(waits, n=100)
    return {
        "rps": len(waits) / seconds, "p50": cuts[49] * 1e3, "p95": cuts[94] * 1e3, "p99": cuts[98] * 1e3,
        "ready": ready, "pss": max(memory, default=0.0),
    }  # fmt: skip


def children(pid: int) -> list[int]:
    """The worker processes of a service."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def pss(pid: int) -> float:
    """Proportional memory in MB (Linux)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def main() -> None:
    """Runs the variants in shuffled order and prints medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--batch", type=int, nargs="+", default=[32])
    parser.add_argument("--no-store", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        version = given.version or made(folder)
        rows = rows_of(version)
        store = None if given.no_store else folder / ".zhinan"
        jobs = [("raw", 0), *((f"serve, batches of {batch}", batch) for batch in given.batch)] * given.repeats
        random.shuffle(jobs)
        found: dict[str, list[dict[str, float]]] = {}
        for name, batch in jobs:
            if batch:
                measured = served(version, rows, given.seconds, batch, store)
            else:
                measured = {"rps": raw(version, given.seconds, os.cpu_count() or 1)}
            found.setdefault(name, []).append(measured)
            print(f"{name}: {measured['rps']:.0f} rps", file=sys.stderr)
    limit = statistics.median(run["rps"] for run in found["raw"])
    print(f"raw in-process limit: {limit:.0f} rows/s over {os.cpu_count()} processes")
    for name, runs in sorted(found.items()):
        if name != "raw":
            median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            print(
                f"{name}: {median['rps']:.0f} rps = {median['rps'] / limit:.0%} of the limit, "
                f"p50 {median['p50']:.0f} p95 {median['p95']:.0f} p99 {median['p99']:.0f} ms, "
                f"{median['pss']:.0f} MB a worker, ready in {median['ready']:.2f} s"
            )


if __name__ == "__main__":
    main()
