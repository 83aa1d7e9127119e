"""What is decided on dev is what is shipped, certified and kept: thresholds, hand-over, sets."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zhinan.core import Candidate, StepSpec
from zhinan.engine import build
from zhinan.engine._kept import keep, recall
from zhinan.package import open_version
from zhinan.store import Store

pytestmark = pytest.mark.usefixtures("told_costs", "quick")
Shop = Callable[..., Path]


@pytest.mark.parametrize("decided", [None, np.array([1, 0, 1])])
@pytest.mark.parametrize("handed", [None, np.array([False, True, False])])
def test_decisions_survive_an_interrupted_build(
    tmp_path: Path, decided: np.ndarray | None, handed: np.ndarray | None
) -> None:
    step = StepSpec("choose", ("z",), ("a", "b", "c", "d", "e"), {"offsets": [0.0, 1.5], "abstain": 0.5})
    made = Candidate("linear", "shallow", (), (step,), {}, ("no", "yes"), np.full((3, 2), 0.5, np.float32))
    made = replace(made, decided=decided, handed=handed)
    with Store(tmp_path) as store:
        keep(store.blobs, "one", made)
        held = recall(store.blobs, "one")
    assert held is not None
    assert held.steps == made.steps
    assert np.array_equal(held.answers, made.answers)
    for name in ("decided", "handed"):
        before, after = getattr(made, name), getattr(held, name)
        assert (before is None) == (after is None)
        assert before is None or (np.array_equal(before, after) and before.dtype == after.dtype)


def unclear(path: Path, rows: int = 500) -> Path:
    """Half of the messages say what they are about; of the others nobody can tell, 2 in 5 of those are about a card."""
    draw = random.Random(0)
    lines = ["message,channel,user_id,intent"]
    for i in range(rows):
        label = draw.choice(("card", "refund", "refund"))
        said = {"card": "lost my card", "refund": "money back"}[label]
        if draw.random() < 0.5:
            said, label = "please help", "card" if draw.random() < 0.4 else "refund"
        lines.append(f"{said} {draw.choice(('thanks', 'bye', 'now'))} {i},app,u{i},{label}")
    (path.parent / "messages.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_version_hands_over_what_its_contract_needs_handed_over(shop: Shop, tmp_path: Path) -> None:
    line = "auto_rate(precision >= 85%) >= 30%"
    built = build(unclear(shop(tmp_path, must=(line,), more="train: {sets: 98%}\n")), until="shallow")
    assert built.path is not None
    version = open_version(built.path)
    assert version.hands_over
    assert version.gives_sets
    sure, unsure = version.predict(
        [{"message": m, "channel": "app"} for m in ("lost my card bye 7", "please help bye 7")]
    )
    assert (sure["handover"], unsure["handover"]) == (False, True)
    assert (sure["labels"], set(unsure["labels"])) == (["card"], {"card", "refund"})
    (verdict,) = built.verdicts
    assert (verdict["verdict"], verdict["on"]) == ("PROVED", "sealed")
    assert 0.4 < verdict["value"] < 0.7, "the seal saw no row handed over"


def test_offsets_fitted_on_train_are_those_of_the_version_trained_on_all(shop: Shop, tmp_path: Path) -> None:
    built = build(unclear(shop(tmp_path, must=("recall[card] >= 80%", "accuracy >= 50%"))), until="shallow")
    assert built.path is not None
    version = open_version(built.path)
    card = version.classes.index("card")
    assert version.decision["offsets"][card] > 0
    answer = version.predict([{"message": "please help bye 7", "channel": "app"}], probabilities=True)[0]
    assert answer["label"] == "card"
    assert answer["probability"] < 0.5, "the probability told is no longer the calibrated one"
    assert built.outcome == "PROVED"


def test_a_simple_contract_ships_the_most_probable_class(shop: Shop, tmp_path: Path) -> None:
    built = build(shop(tmp_path, rows=120), until="shallow")
    assert built.path is not None
    assert set(open_version(built.path).decision) <= {"classes", "temperature"}
