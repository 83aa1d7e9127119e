"""An improvement that dies at any moment: one version is live, the audit whole, the ledger charged once, none torn."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import load
from zhinan.engine import build
from zhinan.package import open_version
from zhinan.store import Store

from ..store.faults import DIED
from .test_improving import asked, audited, taught

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a death is that of a child"),
    pytest.mark.usefixtures("told_costs"),
]

SOAK = "ZHINAN_SOAK" in os.environ
KILLS = int(os.environ.get("ZHINAN_ROUNDS", "200")) if SOAK else 1
Turn = Callable[[int, float], dict[str, Any]]


@pytest.fixture
def begun(shop: Callable[..., Path], tmp_path: Path, quick: None) -> Path:
    """A product whose users taught its live version something, as it stands before every improvement."""
    contract = load(shop(tmp_path / "product", rows=160, must=("accuracy >= 60%",)))
    assert build(contract, until="shallow").stage == "live"
    with Store(contract.root / ".zhinan") as store:
        words = asked(store, 160)
        taught(store, words)
        audited(contract, store)
    shutil.copytree(contract.root, tmp_path / "begun")
    return contract.path


@pytest.fixture
def turn(begun: Path) -> Iterator[Turn]:
    """Improves in a process that dies before its n-th step, or is killed after some seconds."""
    command = [sys.executable, "-m", "tests.improve.improving_children", str(begun)]
    paths = os.pathsep.join(path for path in (os.getcwd(), *sys.path) if path)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        into, out = process.stdin, process.stdout
        assert out.readline() == "ready\n"

        def take(point: int, seconds: float) -> dict[str, Any]:
            into.write(f"{point} {seconds}\n")
            into.flush()
            told: dict[str, Any] = json.loads(out.readline())
            assert told["status"] in (0, DIED, -9), "it failed instead"
            return told

        yield take
        into.close()


def again(path: Path) -> None:
    """The product as it was before."""
    shutil.rmtree(path.parent)
    shutil.copytree(path.parent.parent / "begun", path.parent)


def whole(path: Path) -> int:
    """Who is live; and nothing is torn."""
    with Store(path.parent / ".zhinan") as store:
        assert store.verify_audit("shop")
        stages, rows = store.stages("shop"), store.versions("shop")
        assert stages.live in {row.number for row in rows}
        for row in rows:
            assert open_version(row.path).manifest.outcome == row.outcome
        assert len(rows) <= 2
        assert len(store.openings("shop")) <= 2, "the seal is charged once an improvement, however often it is begun"
        assert [row.action for row in store.audit("shop")].count("promote") == stages.revision == stages.live
        assert stages.live is not None
        return stages.live


def ended(path: Path, told: dict[str, Any], where: str) -> None:
    """The call that was left alone has promoted the challenger, or found that it had been."""
    assert told["status"] == 0, where
    assert told["decision"] in ("promoted", "nothing new"), where
    assert whole(path) == 2, where


def test_an_improvement_that_dies_tears_nothing_and_the_next_call_ends_it(begun: Path, turn: Turn) -> None:
    """Before each of its steps in turn, then killed at moments that nobody chose."""
    start = time.monotonic()
    calm = turn(0, 0)
    ended(begun, calm, "undisturbed")
    steps, lasts, draw = int(calm["steps"]), time.monotonic() - start, random.Random(os.urandom(8))
    seen = Counter[int]()
    points = range(1, steps + 1) if SOAK else (steps - 10 - draw.randrange(20),)
    for point in points:
        again(begun)
        fell = turn(point, 0)["status"] == DIED  # how many steps there are differs by some from run to run
        assert fell or point > steps - 10, f"no step {point} of {steps}"
        seen[whole(begun)] += 1
        if not SOAK or point % 10 == 0:
            ended(begun, turn(0, 0), f"died before step {point} of {steps}")
    print(f"died before each of {len(points)} of {steps} steps; live afterwards, and how often: {dict(seen)}")
    again(begun)
    killed = promoted = 0
    for _ in range(KILLS):
        killed += turn(0, draw.uniform(0, 1.1) * lasts)["status"] == -9
        if whole(begun) == 2:
            promoted += 1
            again(begun)
    ended(begun, turn(0, 0), "after all kills")
    print(f"{KILLS} rounds, {killed} killed, {promoted} promoted before that; the last call ended what was left")
