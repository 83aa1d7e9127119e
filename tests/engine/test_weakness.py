"""Weak slices: a planted one is found on dev, tested once on the sealed rows, and nobody is shown."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract, parse
from zhinan.core import Candidate, Column, Dataset
from zhinan.engine.weakness import Looks, weak_slices
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.measure import judge_dataset

CLASSES = ("no", "yes")
SAID = (
    "where is my parcel",
    "please help me now",
    "包裹在哪里呢怎么还没有送到我家里",
    "请帮帮我吧我不知道应该怎么办好",
)


def contract_of(more: str = "") -> Contract:
    return parse(f"product: p\ndata:\n  source: m.csv\n  target: label\n{more}must:\n  - accuracy >= 90%\n")


def made(rows: int, seed: int, weak: str = "none") -> tuple[Dataset, np.ndarray]:
    """Rows, and which of them are answered wrong: 6 %, and half of those in the weak group."""
    draw = np.random.default_rng(seed)
    channel = draw.choice(["app", "web", "mail"], rows)
    paid = draw.random(rows) < 0.5
    text = [f"{draw.choice(SAID)} {'refund' if draw.random() < 0.2 else 'thanks'} {i}" for i in range(rows)]
    groups = {
        "channel": channel == "mail",
        "word": np.array(["refund" in t for t in text]),
        "汉字": np.array(["包裹" in t or "请帮" in t for t in text]),
        "both": (channel == "mail") & paid,
        "none": np.zeros(rows, bool),
    }
    wrong = draw.random(rows) < np.where(groups[weak], 0.5, 0.06)
    frame = pl.DataFrame(
        {
            "_row": [f"r{seed}-{i}" for i in range(rows)], "message": text, "channel": channel.tolist(),
            "paid": paid.tolist(), "label": draw.choice(CLASSES, rows).tolist(), "region": ["n", "s"] * (rows // 2),
        }
    )  # fmt: skip
    inputs = (Column("message", "text"), Column("channel", "category"), Column("paid", "flag"))
    return Dataset(frame, inputs, Column("label", "category"), None, None, f"{seed}"), wrong


def answers_of(part: Dataset, wrong: np.ndarray) -> np.ndarray:
    truth = np.array([CLASSES.index(label) for label in part.values("label")])
    return np.where(wrong, 1 - truth, truth)


def found_in(weak: str, *, opened: bool = True, more: str = "", seed: int = 1) -> list[dict[str, object]]:
    train, _ = made(800, 0)
    dev, missed = made(600, seed, weak)
    sealed, lost = made(600, seed + 1, weak)
    chances = np.eye(2)[answers_of(dev, missed)]
    chosen = Candidate("linear", "frozen", (), (), {}, CLASSES, chances.astype(np.float32))
    on = judge_dataset(sealed, Answers([CLASSES[a] for a in answers_of(sealed, lost)]), CLASSES)
    ledger = {"opening": 1, "delta": 0.05, "left": 3}
    findings = Findings((), (), {}, ledger, on if opened else None, tuple(sealed.values("_row")))
    slices = weak_slices(contract_of(more), chosen, (train, dev, sealed), findings)
    assert slices is not None
    assert weak_slices(contract_of(more), chosen, (train, dev, sealed), findings, until=0.0) is None, "no time"
    return slices


@pytest.mark.parametrize(
    ("weak", "said"),
    [
        ("channel", "channel=mail"),
        ("word", "word(message)=refund"),
        ("汉字", "language(message)=汉字"),
        ("both", "mail"),
    ],
)
def test_a_planted_weak_slice_is_found_and_stands_the_test_on_sealed_rows(weak: str, said: str) -> None:
    found = found_in(weak)
    first = found[0]
    assert said in str(first["slice"])
    if weak == "both":
        assert "paid=true" in str(first["slice"])
    assert first["rate"] > 0.35 > first["overall"]  # type: ignore[operator]
    assert first["rows"] >= 30  # type: ignore[operator]
    sealed = first["sealed"]
    assert isinstance(sealed, dict)
    assert sealed["p"] < 0.01
    assert sealed["rate"] > 0.35
    assert sealed["held"] is True
    assert json.loads(json.dumps(found)) == found


def test_a_closed_seal_is_not_tested_on() -> None:
    assert all(one["sealed"] is None for one in found_in("channel", opened=False))


def test_where_nothing_is_weak_hardly_anything_is_named() -> None:
    stood = sum(
        isinstance(one["sealed"], dict) and one["sealed"]["held"] for seed in range(1, 13, 2)
        for one in found_in("none", seed=seed)
    )  # fmt: skip
    assert stood <= 1


def test_slices_named_by_the_contract_are_looked_at_though_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    train, _ = made(800, 0)
    looks = Looks.of(contract_of("  slices: [region]\n"), train)
    assert "region" in looks.columns
    assert "region" not in Looks.of(contract_of(), train).columns
    assert "region" in looks.see(train)


def test_every_part_is_looked_at_alike() -> None:
    train, _ = made(800, 0)
    dev, _ = made(60, 5)
    looks = Looks.of(contract_of(), train)
    there, here = looks.see(train), looks.see(dev)
    assert all(len(values) == 60 for values in here.values())
    for name in ("length(message)", "language(message)"):
        assert set(here[name].tolist()) <= set(there[name].tolist())
    assert {"包裹", "refund"} <= set(looks.words["message"])
    assert "where" not in looks.words["message"]


def test_a_column_that_tells_rows_apart_is_no_group() -> None:
    train, _ = made(800, 0)
    frame = train.frame.with_columns(pl.Series("channel", [f"c{i}" for i in range(800)]))
    assert "channel" not in Looks.of(contract_of(), replace(train, frame=frame)).columns
