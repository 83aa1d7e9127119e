"""The shipped example end to end, as `make demo` runs it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


def test_the_demo_proves_serves_asks_for_more_and_lets_fresh_labels_decide(tmp_path: Path, computed: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "zhinan", "demo", "--json", "-q", "--folder", str(tmp_path), "--port", str(port)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    shutil.copytree(tmp_path / ".zhinan" / "blobs", tmp_path / "computed")
    (tmp_path / "computed").rename(computed)
    shown = json.loads(done.stdout)

    build = shown["build"]
    assert (build["outcome"], build["stage"], build["ledger"]["opening"]) == ("PROVED", "live", 1)
    assert {v["verdict"] for v in build["verdicts"]} == {"PROVED"}
    first, second, _ = (answer["outputs"][0] for answer in shown["answers"])
    assert first["label"] == second["label"] == "lost_or_stolen_card"
    assert shown["contract"]["outcome"] == "PROVED"

    added = shown["added"]
    assert added["outcome"] == "UNDECIDED"
    (channel,) = (v for v in added["verdicts"] if v["line"].startswith("accuracy[channel"))
    assert (channel["verdict"], channel["on"]) == ("UNDECIDED", "sealed")
    assert channel["to_decide"]["examples"] > 0
    assert added["ledger"]["opening"] == 2

    labelled = shown["labelled"]
    assert labelled["labelled"]["new"] > 400
    assert labelled["outcome"] == "PROVED"
    (channel,) = (v for v in labelled["verdicts"] if v["line"].startswith("accuracy[channel"))
    assert (channel["verdict"], channel["on"]) == ("PROVED", "fresh")
    assert channel["bound"] > 0.7
