"""A product compared with somebody else's answers end to end: built, asked, corrected, audited, improved, followed."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from zhinan.contract import Contract, load
from zhinan.data import for_sealed, split
from zhinan.engine import build
from zhinan.engine.building import store_of
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.improve.improving import improve
from zhinan.improve.status import status
from zhinan.package import open_version
from zhinan.store import Event, Store

from ..engine.conftest import told_costs

__all__ = ["told_costs"]

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("told_costs")]

SIGNS = {"card": "lost my card", "login": "cannot log in", "refund": "refund please"}
NEW = {"card": "crypto wallet stolen", "login": "passkey was rejected", "refund": "coins sent twice"}
RELATIVE = "accuracy >= current - 10 pt"


def said(draw: random.Random, signs: dict[str, str], i: int) -> tuple[str, str]:
    right = draw.choice(list(signs))
    words = " ".join(draw.choice(("alpha", "beta", "gamma", "delta", "omega")) for _ in range(4))
    return f"{signs[right]} {words} {i * 7907 % 1013}", right


def desk(folder: Path) -> Contract:
    draw, lines = random.Random(0), ["message,llm,team"]
    for i in range(300):
        text, right = said(draw, SIGNS, i)
        lines.append(f"{text},{right if draw.random() < 0.9 else 'card'},{right}")
    (folder / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    text = (
        "product: desk\ndata: {source: rows.csv, inputs: {message: text}, target: team, current: llm}\n"
        f"must:\n  - accuracy >= 60%\n  - {RELATIVE}\n"
    )
    (folder / "product.yaml").write_text(text, encoding="utf-8")
    return load(folder / "product.yaml")


def audited(contract: Contract, store: Store, right: dict[str, str]) -> None:
    """Somebody labels what of traffic is kept for proof."""
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    parts = split(contract, loaded)
    mine = for_sealed(contract, loaded.pool, (parts.train, parts.dev), parts.sealed)
    rows = zip(loaded.pool.values("_row"), loaded.pool.values("message"), mine, strict=True)
    record(contract, store, loaded, [Opinion(row, right[text], "mei", "sealed") for row, text, one in rows if one])


def test_a_product_beside_somebody_elses_answers_learns_from_its_traffic(tmp_path: Path) -> None:
    contract = desk(tmp_path)
    built = build(contract)
    assert built.outcome == "PROVED", built.verdicts
    draw = random.Random(1)
    asked = [said(draw, NEW, i) for i in range(240)]
    rows = [{"message": text} for text, _ in asked]
    answers = open_version(Path(str(built.path))).predict(rows)
    now, ids = time.time(), [f"{draw.getrandbits(128):032x}" for _ in rows]
    made = [
        Event(ids[i], "prediction", {"version": 1, **answer, "input": row}, now - 9)
        for i, (answer, row) in enumerate(zip(answers, rows, strict=True))
    ]
    words = [
        Event(f"f{i}", "feedback", {"prediction_id": ids[i], "label": right}, now - 5, f"user{i % 120}")
        for i, (_, right) in enumerate(asked)
    ]
    with store_of(contract, None) as store:
        store.add_events("desk", [*made, *words])
        audited(contract, store, dict(asked))
        assert any(one["alarm"] for one in status(contract, store)["monitors"])
    found = improve(contract)
    assert (found.decision, found.challenger) == ("promoted", 2), found.why
    assert found.paired is not None
    assert found.paired["claim"] == "superior"
    told = {one["line"]: one for one in found.verdicts}
    assert told["accuracy >= 60%"]["n"] > told[RELATIVE]["n"], "nobody else was asked about traffic"
    assert told[RELATIVE]["verdict"] == "PROVED"
    answered = open_version(Path(str(built.path)).with_name("2")).predict(rows)
    assert sum(one["label"] == right for one, (_, right) in zip(answered, asked, strict=True)) > 220
    with store_of(contract, None) as store:
        assert not any(one["alarm"] for one in status(contract, store)["monitors"])
