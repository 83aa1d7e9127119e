"""A version that hands over, gives sets or weighs its answers shows so, and replays its golden rows."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sealing import seal

from zhinan.core import Candidate
from zhinan.package import Draft, open_version
from zhinan.tasks.classify import Classify

mismatch = Classify().mismatch
CLASSES = ("cancel", "refund", "退货")
ROWS = [{"message": "hi", "channel": channel, "amount": amount} for channel in ("web", "app") for amount in range(6)]


def test_handover_and_sets_are_shown_only_where_the_version_has_them(
    drafted: Callable[..., Draft], deciding: Callable[..., Candidate]
) -> None:
    seen = {}
    sure = sorted(answer["probability"] for answer in open_version(drafted().path).predict(ROWS))[len(ROWS) // 2]
    for name, options in {"plain": {}, "hands": {"abstain": sure}, "sets": {"sets": 0.1}}.items():
        version = open_version(drafted(candidate=deciding(**options)).path)
        assert (version.hands_over, version.gives_sets) == (name == "hands", name == "sets")
        seen[name] = version.predict(ROWS)
        json.dumps(seen[name])
    assert {frozenset(answer) for answer in seen["plain"]} == {frozenset({"label", "probability"})}
    assert [a["handover"] for a in seen["hands"]] == [a["probability"] < sure for a in seen["hands"]]
    assert len({a["handover"] for a in seen["hands"]}) == 2
    assert all(a["label"] in a["labels"] and "handover" not in a for a in seen["sets"])


def test_many_rows_are_answered_as_each_alone(
    drafted: Callable[..., Draft], deciding: Callable[..., Candidate]
) -> None:
    costs = [[0, 1, 5], [2, 0, 1], [1, 1, 0]]
    for options in ({"offsets": [0, 1.5, -0.5], "abstain": 0.7, "sets": 0.2}, {"costs": costs, "sets": 0.3}):
        version = open_version(drafted(candidate=deciding(**options)).path)
        together = version.predict(ROWS, probabilities=True)
        assert together == [version.predict([row], probabilities=True)[0] for row in ROWS]
        assert any(a["probability"] < max(a["probabilities"].values()) for a in together), "nothing was decided"


def test_golden_rows_hold_what_a_version_that_hands_over_says(
    drafted: Callable[..., Draft], deciding: Callable[..., Candidate]
) -> None:
    made = drafted(candidate=deciding(abstain=0.9, sets=0.1))
    for line in (made.path / "golden.jsonl").read_text("utf-8").splitlines():
        assert set(json.loads(line)["output"]) == {"label", "probability", "probabilities", "handover", "labels"}
    assert open_version(made.path).number is None


def test_a_label_may_swap_where_the_decision_is_a_tie_and_nowhere_else() -> None:
    def answer(label: str, first: float, second: float) -> dict[str, Any]:
        chances = dict(zip(CLASSES, (first, second, 1 - first - second), strict=True))
        return {"label": label, "probability": chances[label], "probabilities": chances}

    cancel, refund, _ = CLASSES
    thrice = {"offsets": [0.0, math.log(3), 0.0]}  # refund counts threefold
    assert mismatch(answer(cancel, 0.5, 0.3), answer(refund, 0.5, 0.3), 1e-4, CLASSES) == "another label"
    assert mismatch(answer(cancel, 0.6, 0.2), answer(refund, 0.6, 0.2), 1e-4, CLASSES, thrice) is None
    assert mismatch(answer(cancel, 0.6, 0.1), answer(refund, 0.6, 0.1), 1e-4, CLASSES, thrice) == "another label"
    assert mismatch(answer(cancel, 0.4, 0.4), answer(refund, 0.4, 0.4), 1e-4, CLASSES) is None
    assert mismatch(answer(refund, 0.4, 0.4), answer(cancel, 0.4, 0.4), 1e-4, CLASSES, thrice) == "another label"


def test_an_answer_that_hands_over_is_not_one_that_does_not() -> None:
    plain = {"label": "a", "probability": 1.0, "probabilities": {"a": 1.0}}
    assert "handover" in str(mismatch(plain, {**plain, "handover": False}, 1e-4))
    assert mismatch(plain, plain, 1e-4) is None


@pytest.mark.parametrize("options", [{"abstain": "often"}, {"isotonic": [[0, 1]]}, {"offsets": "many"}])
def test_options_of_the_wrong_kind_are_refused(
    drafted: Callable[..., Draft], deciding: Callable[..., Candidate], options: dict[str, Any]
) -> None:
    with pytest.raises(Exception, match="E902"):
        drafted(candidate=deciding(**options))


def test_an_exported_version_decides_as_before(
    drafted: Callable[..., Draft], deciding: Callable[..., Candidate], tmp_path: Path
) -> None:
    made = drafted(candidate=deciding(offsets=[0, 1.5, -0.5], abstain=0.7, sets=0.2))
    before = open_version(made.path).predict(ROWS, probabilities=True)
    proof, report = {"outcome": "PROVED", "verdicts": []}, {"report.html": b"", "card.md": b""}
    after = seal(made, into=tmp_path / "v", number=1, proof=proof, report=report)
    assert after.predict(ROWS, probabilities=True) == before
