"""A product of numbers end to end: proved, answered alike everywhere, corrected, explained and labelled by numbers."""

from __future__ import annotations

import csv
import json
import math
import random
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zhinan.cli.demo import _call, _service
from zhinan.package import open_version

pytestmark = pytest.mark.system

KINDS = ("flat", "house", "studio")


def zhinan(*arguments: str, code: int = 0) -> Any:
    command = [sys.executable, "-m", "zhinan", *arguments, "--json", "-q"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=900, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def homes(folder: Path, n: int = 900) -> Path:
    """Prices that rise with size, fall with distance for all but houses, and have a long tail."""
    draw = random.Random(0)
    with (folder / "homes.csv").open("w", encoding="utf-8", newline="") as file, \
            (folder / "waiting.csv").open("w", encoding="utf-8", newline="") as other:  # fmt: skip
        known, waiting = csv.writer(file), csv.writer(other)
        known.writerow(("size", "distance", "kind", "price"))
        waiting.writerow(("size", "distance", "kind"))
        for i in range(n + 60):
            size, far, kind = draw.uniform(1, 10), draw.uniform(0, 5), draw.choice(KINDS)
            bend = -0.2 * far if kind != "house" else 0.1 * far
            price = math.exp(3 + 0.15 * size + bend + draw.gauss(0, 0.1))
            row = (f"{size:.3f}", f"{far:.3f}", kind)
            if i < n:
                known.writerow((*row, f"{price:.2f}"))
            else:
                waiting.writerow(row)
    return folder / "homes.csv"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("homes")
    homes(folder)
    path = folder / "product.yaml"
    path.write_text(
        "product: homes\ndata:\n  source: homes.csv\n  unlabeled: waiting.csv\n  target: price\n"
        "train:\n  monotone: {size: up}\nmust:\n  - mae <= 8\n  - coverage >= 85%\n",
        encoding="utf-8",
    )
    return path, zhinan("build", str(path))


def test_a_generated_table_of_numbers_is_proved(product: tuple[Path, Any]) -> None:
    _, built = product
    assert built["outcome"] == "PROVED", built["verdicts"]
    assert {v["verdict"] for v in built["verdicts"]} == {"PROVED"}
    tried = {row["recipe"]: row["dev"] for row in built["recipes"] if row["dev"]}
    assert tried["linear"]["mae <= 8"] < tried["prior"]["mae <= 8"]


def test_offline_alone_and_in_a_batch_the_service_says_the_same_and_hears_the_right_number(
    product: tuple[Path, Any],
) -> None:
    path, built = product
    rows: list[dict[str, Any]] = [{"size": 1 + i / 4, "distance": i % 5, "kind": KINDS[i % 3]} for i in range(30)]
    rows.append({"size": None, "distance": None, "kind": None})
    offline = open_version(Path(built["path"])).predict(rows)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with _service(path, port):
        together = _call(port, "POST", "/predict", {"inputs": rows})["outputs"]
        alone = [_call(port, "POST", "/predict", {"inputs": [row]})["outputs"][0] for row in rows]
        given = {"event_id": "n-1", "prediction_id": alone[0]["id"], "value": 31.5}
        taken = _call(port, "POST", "/feedback", given)
        refused = _call(port, "POST", "/feedback", {**given, "event_id": "n-2", "value": "dear"})
    for one, batch, single in zip(offline, together, alone, strict=True):
        for key in ("value", "low", "high"):
            assert batch[key] == pytest.approx(one[key], rel=1e-4)
            assert single[key] == pytest.approx(one[key], rel=1e-4)
    assert "error" not in taken
    assert refused["error"]["code"] == "E473", refused


def test_an_answer_is_explained_by_its_columns_and_the_parts_add_up(product: tuple[Path, Any]) -> None:
    _, built = product
    (one,) = zhinan("explain", built["path"], "size=9", "distance=1", "kind=house")["explanations"]
    assert one["low"] <= one["value"] <= one["high"]
    assert {part["column"] for part in one["parts"]} == {"size", "distance", "kind"}
    assert one["exact"], one
    assert next(part["weight"] for part in one["parts"] if part["column"] == "size") > 0


def test_numbers_are_asked_for_in_a_file_and_taken_back(product: tuple[Path, Any]) -> None:
    path, _ = product
    sheet = path.parent / "ask.csv"
    zhinan("label", str(path), "--to", str(sheet), "--limit", "8", "--by", "mei")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        asked = list(csv.DictReader(file))
    assert asked, "something is waiting"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(asked[0]))
        writer.writeheader()
        for i, row in enumerate(asked):
            writer.writerow({**row, "label": f"{40 + i}.5"})
    told = zhinan("label", str(path), "--from", str(sheet), "--by", "mei")
    assert told["labelled"]["new"] == len(asked)


def test_a_contract_is_drafted_from_a_table_whose_target_is_a_number(tmp_path: Path) -> None:
    source = homes(tmp_path)
    drafted = Path(zhinan("new", str(tmp_path / "drafted"), "--from", str(source))["product"])
    text = drafted.read_text(encoding="utf-8")
    assert "price" in text
    assert "mae" in text
    assert "mae" in str(zhinan("check", str(drafted))["lines"])
