"""The service against the raw in-process limit and against other servers, the load generator on the same cores.

python benchmarks/serving.py [VERSION] [--peers PYTHON] [--seconds 2] [--repeats 5] [--connections 1 16 32 64]
                             [--only NAME…]

Without VERSION a classifier on MiniLM in int8 is made (`zhinan weights get minilm-l6-en`). PYTHON is the interpreter of
an environment with litserve, bentoml, mlflow, fastapi, uvicorn, onnxruntime and tokenizers; each serves the very graphs
(serving_peers.py). Everybody has one worker a core and one thread a worker. Every variant is started anew in each
repeat, in shuffled order, is warmed for a second, and asked over each number of connections; medians are printed. Ready
is the first answered prediction; memory the proportional set size of all processes, by worker, of ours the record
process apart; core-ms what a request costs the server in CPU time. `quiet` is ours with `serve: {keep_inputs: none}`:
the others keep no inputs either. Last, what the event store takes.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import multiprocessing
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.core import Candidate, Column, StepSpec
from zhinan.package import draft, open_version, publishing
from zhinan.package.golden import made_up
from zhinan.store import Event, EventWriter, Store

HERE = Path(__file__).resolve().parent
SUPPORT = HERE.parent / "examples" / "support" / "messages.csv"
PEERS = ("fastapi", "litserve", "bentoml", "mlflow")
OURS, QUIET, RAW = "zhinan", "quiet", "raw"
RECORDS = "zhinan-records"
CLASSES = 77
WORKERS = os.cpu_count() or 1


def made(folder: Path, contract: str = "product: bench\n") -> Path:
    """A version: MiniLM in int8 and a linear head on it. Its parts are left in the folder for the others."""
    from onnx import TensorProto, helper, numpy_helper

    from zhinan.encoders.minilm import MiniLM
    from zhinan.steps._packed import unpacked

    encoder = MiniLM(threads=1).fit({"text": []})
    plan = encoder.plan("embedding")
    weights = np.random.default_rng(0).normal(size=(encoder.width, CLASSES)).astype(np.float32)
    folder.mkdir(exist_ok=True)
    (folder / "encoder.onnx").write_bytes(unpacked(encoder.graph))
    (folder / "tokenizer.json").write_bytes(unpacked(encoder.tokenizer))
    np.savez(folder / "head.npz", weights=weights)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["embedding", "weights"], ["logits"])],
        "head",
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", encoder.width])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", CLASSES])],
        [numpy_helper.from_array(weights, "weights")],
    )
    head = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    classes = tuple(f"class {i}" for i in range(CLASSES))
    steps = (
        *plan.steps,
        StepSpec("onnx", ("embedding",), ("logits",), {}, {"graph": "head.onnx"}),
        StepSpec(
            "choose", ("logits",), ("label", "probability", "all", "handover", "labels"), {"classes": list(classes)}
        ),
    )
    files = {**plan.files, "head.onnx": head.SerializeToString()}
    candidate = Candidate("linear", "frozen", (), steps, files, classes, np.zeros((0, CLASSES)))
    written = draft(
        folder=folder, product="bench", candidate=candidate, inputs=(Column("text", "text"),),
        masks=[], contract=contract.encode(), facts={},
    )  # fmt: skip
    versions = folder / "versions"
    with publishing(written, into=versions, number=1, proof={"verdicts": []}, report={}) as publish:
        publish()
    return versions / "1"


def rows_of(version: Path, own: bool) -> list[dict[str, Any]]:
    """What is asked: customers' messages, or made-up rows of another version's schema."""
    if not own:
        return [row for row in made_up(open_version(version).inputs) if max(map(len, map(str, row.values()))) < 200]
    with SUPPORT.open(encoding="utf-8", newline="") as file:
        return [{"text": row["message"]} for row in csv.DictReader(file)]


def raw(version: Path, rows: list[dict[str, Any]], seconds: float) -> dict[str, float]:
    """`Version.predict` alone, one row at a time, one thread a process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(WORKERS) as pool:
        runs = pool.starmap(_predict, [(version, rows, seconds, place) for place in range(WORKERS)])
    return {"rps": sum(run[0] for run in runs), "core-ms": statistics.mean(run[1] for run in runs)}


def _predict(version: Path, rows: list[dict[str, Any]], seconds: float, place: int) -> tuple[float, float]:
    opened = open_version(version)
    mine = rows[place::WORKERS]
    for row in mine[:200]:
        opened.predict([row])
    count, started, spent = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - started < seconds:
        opened.predict([mine[count % len(mine)]])
        count += 1
    return count / (time.perf_counter() - started), (time.process_time() - spent) / count * 1e3


class Client(asyncio.Protocol):
    """One client that asks again as soon as it was answered, on the same connection for as long as the server keeps it
    (RFC 9112, 9.6); until a new one is made the next request waits."""

    def __init__(self, port: int, requests: list[bytes], waits: list[float], until: float) -> None:
        self.port, self.requests, self.waits, self.until = port, requests, waits, until
        self.buffer, self.place, self.asked = b"", random.randrange(len(requests)), 0.0
        self.ended = False
        self.loop = asyncio.get_running_loop()
        self.done = self.loop.create_future()

    async def connect(self) -> None:
        try:
            await self.loop.create_connection(lambda: self, "127.0.0.1", self.port)
        except OSError as error:
            self.done.set_exception(error)

    def connection_made(self, transport: Any) -> None:
        self.transport, self.ended = transport, False
        self.place += 1
        transport.write(self.requests[self.place % len(self.requests)])

    def ask(self) -> None:
        self.asked = time.perf_counter()
        if self.ended:
            self.transport.close()
            self.connecting = self.loop.create_task(self.connect())
        else:
            self.connection_made(self.transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].lower()
        start = head.find(b"content-length: ") + 16
        length = int(head[start:].partition(b"\r")[0])
        if len(self.buffer) < end + 4 + length:
            return
        if not head.startswith(b"http/1.1 200"):
            self.done.set_exception(RuntimeError(self.buffer.decode()))
            return
        self.buffer = b""
        self.ended = b"\r\nconnection: close" in head
        now = time.perf_counter()
        self.waits.append(now - self.asked)
        if now < self.until:
            self.ask()
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended and not self.done.done():
            self.done.set_exception(RuntimeError(f"the connection was lost: {error}"))


def load(port: int, requests: list[bytes], seconds: float, connections: int) -> list[float]:
    """Asks for some seconds over so many connections and gives every request's seconds."""

    async def all_of_them() -> list[float]:
        waits: list[float] = []
        until = time.perf_counter() + seconds
        clients = [Client(port, requests, waits, until) for _ in range(connections)]
        for client in clients:
            client.asked = time.perf_counter()
            await client.connect()
        await asyncio.gather(*(client.done for client in clients))
        return waits

    return asyncio.run(all_of_them())


def requests_of(rows: list[dict[str, Any]], name: str) -> tuple[str, list[bytes]]:
    """The path and the requests that ask for each row, as the server takes them."""
    path = "/invocations" if name == "mlflow" else "/predict"
    shape: Callable[[dict[str, Any]], Any] = {
        OURS: lambda row: {"inputs": [row]},
        QUIET: lambda row: {"inputs": [row]},
        "mlflow": lambda row: {"dataframe_records": [row]},
        "bentoml": lambda row: {"text": [row["text"]]},
    }.get(name, lambda row: row)
    bodies = [json.dumps(shape(row), ensure_ascii=False).encode() for row in rows]
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {{}}\r\n\r\n"
    return path, [head.format(len(body)).encode() + body for body in bodies]


def started(name: str, version: Path, port: int, folder: Path, asked: argparse.Namespace) -> Any:
    """A server's process."""
    if name not in (OURS, QUIET):
        program = [asked.peers, str(HERE / "serving_peers.py"), name, str(folder), str(port), str(WORKERS)]
        quiet = {} if asked.loud else {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
        environment = {**os.environ, **one, "TOKENIZERS_PARALLELISM": "false"}
        environment.pop("PYTHONPATH", None)
        return subprocess.Popen(program, env=environment, start_new_session=True, **quiet)
    command = [sys.executable, "-m", "zhinan", "serve", str(version), "--port", str(port), "--workers", str(WORKERS)]
    quiet = {} if asked.loud else {"stderr": subprocess.DEVNULL}
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }  # as pip leaves it, also of a checkout
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command += ["--store", str(folder / ".zhinan")]
    return subprocess.Popen(command, env=environment, start_new_session=True, **quiet)


def measured(
    name: str, version: Path, rows: list[dict[str, Any]], folder: Path, asked: argparse.Namespace
) -> dict[str, float]:
    """Starts a server, asks it over each number of connections, and stops it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path, requests = requests_of(rows, name)
    before = time.perf_counter()
    server = started(name, version, port, folder, asked)
    try:
        _first(f"http://127.0.0.1:{port}{path}", requests[0].partition(b"\r\n\r\n")[2])
        found = {"ready": time.perf_counter() - before}
        time.sleep(0.5)  # the other workers
        load(port, requests, asked.warm, 16)
        count, spent = 0, sum(map(cpu, tree(server.pid)))
        for connections in random.sample(asked.connections, len(asked.connections)):
            waits = load(port, requests, asked.seconds, connections)
            count += len(waits)
            cuts = statistics.quantiles(waits, n=100)
            found |= {f"rps {connections}": len(waits) / asked.seconds, f"p50 {connections}": cuts[49] * 1e3,
                      f"p95 {connections}": cuts[94] * 1e3}  # fmt: skip
        found["core-ms"] = (sum(map(cpu, tree(server.pid))) - spent) / count * 1e3
        recording = [pid for pid in tree(server.pid) if Path(f"/proc/{pid}/comm").read_text().strip() == RECORDS]
        found["records pss"] = sum(map(pss, recording))
        found["pss"] = (sum(map(pss, tree(server.pid))) - found["records pss"]) / WORKERS
    finally:
        _stop(server)
    return found


def _first(url: str, body: bytes) -> None:
    """Waits for the first answer."""
    asked = urllib.request.Request(url, body, {"content-type": "application/json"})
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(asked, timeout=10).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def _stop(server: Any) -> None:
    os.killpg(server.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def tree(pid: int) -> list[int]:
    """A process and all that it started."""
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [child for task in tasks for child in (task / "children").read_text().split()]
        return [pid, *(inner for child in children for inner in tree(int(child)))]
    return []


def pss(pid: int) -> float:
    """Proportional memory in MB (Linux)."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used (Linux)."""
    with suppress(OSError):
        after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after[11]) + int(after[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def stored(folder: Path, seconds: float) -> float:
    """Events a second that `EventWriter` acknowledges, each after its fsync, to 400 that ask at once."""

    async def ask(writer: EventWriter, who: int, until: float) -> int:
        count = 0
        while time.perf_counter() < until:
            payload = {"prediction_id": f"{who}-{count}", "label": "refund"}
            await writer.add("bench", Event(f"{who}-{count}", "feedback", payload, time.time(), f"u{who}"))
            count += 1
        return count

    async def all_of_them() -> float:
        with Store(folder) as store, EventWriter(store) as writer:
            began = time.perf_counter()
            counts = await asyncio.gather(*(ask(writer, who, began + seconds) for who in range(400)))
            return sum(counts) / (time.perf_counter() - began)

    return asyncio.run(all_of_them())


def told(found: dict[str, list[dict[str, float]]], connections: list[int]) -> None:
    """Prints medians."""
    limit = {key: statistics.median(run[key] for run in found[RAW]) for key in ("rps", "core-ms")}
    print(f"raw limit: {limit['rps']:.0f} rows/s in {WORKERS} processes, {limit['core-ms']:.2f} core-ms a row")
    columns = (*(f"rps {c}, p50/p95 ms" for c in connections), "of the limit", "core-ms", "MB", "ready s")
    print(f"| server | {' | '.join(columns)} |\n|-|{'-|' * len(columns)}")
    for name in (OURS, QUIET, *PEERS):
        runs = found.get(name)
        if runs:
            median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            cells = [
                f"{median[f'rps {c}']:.0f}, {median[f'p50 {c}']:.0f}/{median[f'p95 {c}']:.0f}" for c in connections
            ]
            best = max(median[f"rps {c}"] for c in connections) / limit["rps"]
            cells += [f"{best:.0%}", f"{median['core-ms']:.2f}", f"{median['pss']:.0f}", f"{median['ready']:.2f}"]
            print(f"| {name} | {' | '.join(cells)} |")
            if median["records pss"]:
                print(f"  its record process: {median['records pss']:.0f} MB")


def main() -> None:
    """Runs the variants in shuffled order and prints medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?", type=Path)
    parser.add_argument("--peers")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--warm", type=float, default=1.0)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16, 32, 64])
    parser.add_argument("--loud", action="store_true", help="show what the others print")
    asked = parser.parse_args()
    names = [RAW, OURS, *((QUIET, *PEERS) if asked.version is None else ())]
    names = [name for name in names if asked.peers or name not in PEERS]
    names = [name for name in names if not asked.only or name == RAW or name in asked.only]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        version = asked.version or made(folder)
        quiet = made(folder / QUIET, "product: bench\nserve: {keep_inputs: none}\n") if QUIET in names else version
        rows = rows_of(version, own=asked.version is None)
        found: dict[str, list[dict[str, float]]] = {}
        events = []
        for _ in range(asked.repeats):
            for name in random.sample(names, len(names)):
                if name == RAW:
                    run_of = raw(version, rows, asked.seconds)
                else:
                    run_of = measured(name, quiet if name == QUIET else version, rows, folder, asked)
                found.setdefault(name, []).append(run_of)
                print(name, {key: round(value, 2) for key, value in run_of.items()}, file=sys.stderr)
            events.append(stored(folder / "events", asked.seconds))
        told(found, asked.connections)
        print(f"event store: {statistics.median(events):.0f} events/s, group-committed on SQLite, fsync each group")


if __name__ == "__main__":
    main()
