"""A build killed at any moment is finished by the next one, with the result of a build that nobody disturbed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import load
from zhinan.package import open_version, verify
from zhinan.store import Store, spend

pytestmark = pytest.mark.system
KILLS = 20 if "ZHINAN_SOAK" in os.environ else 3
MUST = ("accuracy >= 70%", "gap(recall, by=channel) <= 40 pt", "size <= 60 MB")


def command(path: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "zhinan", "build", str(path), "--until", "shallow", "--json", "-q", *more]


def finished(path: Path, *more: str) -> dict[str, Any]:
    done = subprocess.run(command(path, *more), capture_output=True, text=True, check=False)
    if done.returncode == 3 and "E302" in done.stdout and more:  # killed before there was anything to resume
        return finished(path)
    assert done.returncode == 0, done.stderr
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def killed(path: Path, after: float) -> None:
    process = subprocess.Popen(command(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.kill()
    process.wait()


def test_killed_builds_end_like_undisturbed_ones(shop: Callable[..., Path], tmp_path: Path) -> None:
    start = time.monotonic()
    calm = finished(shop(tmp_path / "calm", must=MUST))
    whole = time.monotonic() - start
    draw = random.Random(os.urandom(8))
    for name, more in {"run again": (), "resumed": ("--resume",)}.items():
        moments = [draw.uniform(0.15, 1.05) * whole for _ in range(KILLS)]
        path = shop(tmp_path / name, must=MUST)
        for moment in moments:
            killed(path, moment)
        told = f"{name}: killed after {[round(m, 3) for m in moments]} s of {whole:.1f}"
        _alike(path, finished(path, *more), calm, told)


def _alike(path: Path, stormy: dict[str, Any], calm: dict[str, Any], told: str) -> None:
    assert stormy["verdicts"] == calm["verdicts"], told
    assert stormy["ledger"] == calm["ledger"], told
    assert (stormy["version"], stormy["stage"]) == (1, "live"), told
    assert [r["dev"] | {"size <= 60 MB": 0} for r in stormy["recipes"]] == [
        r["dev"] | {"size <= 60 MB": 0} for r in calm["recipes"]
    ], told
    drafts = [open_version(built["path"]).manifest.draft for built in (stormy, calm)]
    assert drafts[0] == drafts[1], told
    assert verify(Path(stormy["path"])).ok
    with Store(path.parent / ".zhinan") as store:
        assert len(store.openings("shop")) == 1, told
        assert len(store.versions("shop")) == 1, told
        assert len(store.verdicts("shop", 1)) == 3, told
        assert store.verify_audit("shop"), told
    versions = [folder.name for folder in (path.parent / ".zhinan" / "versions" / "shop").iterdir()]
    assert [name for name in versions if not name.startswith(".")] == ["1"], told


def test_time_spent_before_the_kill_counts_when_resumed(shop: Callable[..., Path], tmp_path: Path) -> None:
    path = shop(tmp_path)
    with Store(tmp_path / ".zhinan") as store:
        run = store.start_run("shop", f"build-{load(path).hash}", {"budget": 60})
        spend(store, run.id, 5e5)
        spend(store, run.id, 5e5)
    resumed = finished_or_not(path, "--resume")
    assert [r["skipped"] is None for r in resumed["recipes"]] == [True, False, False]
    assert all(r["skipped"] is None for r in finished_or_not(path)["recipes"])


def finished_or_not(path: Path, *more: str) -> dict[str, Any]:
    done = subprocess.run(command(path, *more), capture_output=True, text=True, check=False)
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown
