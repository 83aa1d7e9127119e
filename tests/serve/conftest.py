"""A product with two sealed versions in a store, and a worker to talk to without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from tests.sealing import seal

from zhinan.core import Candidate, Column, StepSpec
from zhinan.package import draft
from zhinan.package.manifest import sealed_digest
from zhinan.serve.app import Worker
from zhinan.serve.settings import Settings
from zhinan.store import Store

CLASSES = ("cancel", "lost card", "refund")
INPUTS = (Column("message", "text"), Column("channel", "category"), Column("amount", "number"))
VERDICT = {"line": "accuracy >= 90%", "verdict": "PROVED", "value": 0.93, "n": 800}


def candidate(seed: int, **decides: Any) -> Candidate:
    """table → onnx → choose, with weights of its own; more options of the choice by name."""
    from onnx import TensorProto, helper, numpy_helper

    weights = np.random.default_rng(seed).normal(size=(4, 3)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["features", "weights"], ["logits"])],
        "head",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    columns = [
        {"kind": "category", "values": ["app", "web"]},
        {"kind": "number", "fill": 0.0, "center": 0.0, "scale": 1.0, "knots": []},
    ]
    steps = (
        StepSpec("table", ("channel", "amount"), ("features",), {"columns": columns}),
        StepSpec("onnx", ("features",), ("logits",), {}, {"graph": "head.onnx"}),
        StepSpec(
            "choose",
            ("logits",),
            ("label", "probability", "all", "handover", "labels"),
            {"classes": list(CLASSES), **decides},
        ),
    )
    files = {"head.onnx": model.SerializeToString()}
    return Candidate("linear", "shallow", (), steps, files, CLASSES, np.zeros((0, 3), np.float32))


@dataclass(frozen=True)
class Place:
    """A folder with a store and versions 1 (live) and 2 of the product `support`."""

    folder: Path

    @property
    def store(self) -> Store:
        return Store(self.folder / ".zhinan")

    @property
    def settings(self) -> Settings:
        """A service that follows the live stage."""
        return Settings(product="support", source=None, store=str(self.folder / ".zhinan"))

    @property
    def fixed(self) -> Settings:
        """A service of version 1 that keeps nothing."""
        return replace(self.settings, source=str(self.folder / "versions" / "1"), store=None)

    def add(
        self,
        number: int,
        contract: bytes = b"product: support\n",
        masks: Sequence[Any] = ("email",),
        in_use: Sequence[Any] = (),
        **decides: Any,
    ) -> Path:
        """Seals a version and records it; in_use of its proof, and more options of its choice by name."""
        made = draft(
            folder=self.folder / "drafts", product="support", candidate=candidate(number, **decides),
            inputs=INPUTS, masks=masks, contract=contract, facts={},
        )  # fmt: skip
        proof = {"outcome": "PROVED", "verdicts": [VERDICT], "in_use": list(in_use)}
        version = seal(made, into=self.folder / "versions", number=number, proof=proof, report={})
        digest = sealed_digest(version.manifest.draft, "PROVED", None)
        with self.store as store:
            assert store.add_version("support", digest, version.path, outcome="PROVED", summary={}) == number
        return version.path

    @classmethod
    def live(cls, folder: Path) -> Place:
        """A product with version 1 live and version 2 ready."""
        made = cls(folder)
        made.add(1)
        made.add(2)
        with made.store as store:
            store.promote("support", 1, revision=0, who="test", why="first")
        return made


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.live(tmp_path)


@pytest.fixture
def talk() -> Callable[..., Any]:
    """Starts a worker as its server would, lets somebody talk to it, and stops it."""
    return _talk


@pytest.fixture
def ask() -> Callable[..., httpx.Response]:
    """One request to a worker of its own: settings, method, path, body, headers."""

    def asked(settings: Settings, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return _talk(settings, lambda client: client.request(method, path, json=body, headers=headers))

    return asked


def _talk(settings: Settings, say: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
    async def conversation() -> Any:
        worker = Worker(settings)
        heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        life = asyncio.create_task(worker.app({"type": "lifespan"}, heard.get, said.put))
        await heard.put({"type": "lifespan.startup"})
        started = await said.get()
        assert started["type"] == "lifespan.startup.complete", started
        try:
            transport = httpx.ASGITransport(worker.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await say(client)
        finally:
            await heard.put({"type": "lifespan.shutdown"})
            await life

    return asyncio.run(conversation())
