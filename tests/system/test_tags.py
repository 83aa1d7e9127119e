"""A product of several labels end to end: built, served, corrected by lists of labels, improved and followed."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import Any

import pytest

from zhinan.cli.demo import _call, _service
from zhinan.contract import Contract, load
from zhinan.engine import build
from zhinan.engine.building import store_of
from zhinan.improve.feedback import import_feedback
from zhinan.improve.improving import improve
from zhinan.improve.status import status
from zhinan.package import open_version

pytestmark = pytest.mark.system

SIGNS = {
    "bug": ("crash", "闪退", "error"),
    "login": ("password", "登录", "sign in"),
    "slow": ("forever", "太慢", "hangs"),
}
NEW = ("white screen", "白屏")
"""What users say of bugs that few said before."""


def said(draw: random.Random, bugs: tuple[str, ...] = SIGNS["bug"]) -> tuple[list[str], list[str]]:
    labels = [label for label in SIGNS if draw.random() < 0.5]
    signs = [draw.choice(bugs if label == "bug" else SIGNS[label]) for label in labels]
    return [*signs, draw.choice(("app", "web")), f"build {draw.randrange(40)}"], labels


def desk(folder: Path) -> Contract:
    draw, lines = random.Random(0), ["signs,tags"]
    for i in range(400):
        signs, labels = said(draw, (*SIGNS["bug"], *NEW) if i % 4 == 0 else SIGNS["bug"])
        labels = [label for label in SIGNS if (label in labels) != (draw.random() < 0.05)]
        lines.append(f"{'|'.join(signs)},{'|'.join(labels) or '[]'}")
    (folder / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    text = (
        "product: desk\ndata: {source: rows.csv, inputs: {signs: list}, target: tags}\n"
        "must:\n  - exact_match >= 25%\n  - micro_f1 >= 40%\n  - recall[bug] >= 30%\n"
    )
    (folder / "product.yaml").write_text(text, encoding="utf-8")
    return load(folder / "product.yaml")


def test_labels_are_served_corrected_and_learned(tmp_path: Path) -> None:
    contract = desk(tmp_path)
    built = build(contract)
    assert built.outcome == "PROVED", built.verdicts
    draw = random.Random(1)
    asked = [said(draw, NEW) for _ in range(80)]
    rows: list[dict[str, Any]] = [{"signs": signs} for signs, _ in asked]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with _service(contract.path, port):
        outputs = _call(port, "POST", "/predict", {"inputs": rows})["outputs"]
        for i, (output, (_, right)) in enumerate(zip(outputs, asked, strict=True)):
            given = {"event_id": f"t-{i}", "prediction_id": output["id"], "labels": right, "person": f"p{i % 12}"}
            assert "error" not in _call(port, "POST", "/feedback", given)
        named = _call(port, "POST", "/feedback", {**given, "event_id": "t-x", "labels": ["bug", "strange"]})
        refused = _call(port, "POST", "/feedback", {**given, "event_id": "t-y", "labels": ["bug", "logn"]})
    assert named["unknown_class"], "a label that the product lacks may be named beside others"
    assert refused["error"]["code"] == "E473", "a slip is none"
    offline = open_version(Path(str(built.path))).predict(rows)
    for one, other in zip(offline, outputs, strict=True):
        assert one["labels"] == other["labels"]
        assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-4)
    (tmp_path / "said.csv").write_text("signs,tags\n白屏|太慢,slow|bug\ncrash,strange\n", encoding="utf-8")
    with store_of(contract, None) as store:
        counts = import_feedback(contract, store, tmp_path / "said.csv")
        assert [one["first"][0]["where"] for one in counts.pop("reasons")] == ["said.csv:3"]
        assert counts == {
            "rows": 2, "new": 1, "repeat": 0, "conflict": 0, "rejected": 1, "unknown_class": 0, "not_counted": 0
        }  # fmt: skip
        told = status(contract, store)
        assert {one["line"]: one["n"] for one in told["monitors"]}.get("recall[bug] >= 30%", 0) > 0, told["monitors"]
    found = improve(contract)
    assert found.taught["used"] > 20, found.taught
    assert found.decision in ("promoted", "kept")
    assert found.paired is not None
