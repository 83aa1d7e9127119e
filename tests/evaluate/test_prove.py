"""`prove` on anybody's predictions: chance never passes, five rows decide nothing, and no answer is a right answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zhinan.core import UserError
from zhinan.evaluate.prove import Proof, prove

TRUE = ["refund", "card", "登录"] * 40


def wrong(count: int) -> list[str]:
    return ["?"] * count + TRUE[count:]


def code(**given: Any) -> str:
    with pytest.raises(UserError) as error:
        prove(**{"y_true": TRUE, "y_pred": TRUE, "must": ["accuracy >= 90%"], **given})
    return error.value.code


def test_good_answers_are_proved_bad_ones_refuted_and_close_ones_undecided() -> None:
    assert prove(TRUE, wrong(2), ["accuracy >= 90%"]).outcome == "PROVED"
    assert prove(TRUE, wrong(40), ["accuracy >= 90%"]).outcome == "REFUTED"
    close = prove(TRUE, wrong(8), ["accuracy >= 90%"])
    assert close.outcome == "UNDECIDED"
    assert close.verdicts[0].to_decide is not None


def test_the_outcome_is_the_worst_line_and_the_keys_are_those_promised() -> None:
    found = prove(TRUE, wrong(2), ["accuracy >= 90%", "recall[登录] >= 99.9%"], channel=["app", "web"] * 60)
    shown = found.to_dict()
    assert set(shown) == {"outcome", "verdicts", "n", "confidence"}
    assert [set(v) for v in shown["verdicts"]] == [{"line", "verdict", "value", "bound", "n", "on", "to_decide"}] * 2
    assert (found.outcome, found.n, found.confidence) == ("UNDECIDED", 120, 0.95)
    assert [v.n for v in found.verdicts] == [120, 40]


def test_five_rows_are_undecided_with_the_number_needed() -> None:
    (verdict,) = prove(TRUE[:5], TRUE[:5], ["accuracy >= 90%"]).verdicts
    assert verdict.verdict == "UNDECIDED"
    assert verdict.to_decide is not None
    assert 5 + verdict.to_decide["examples"] >= 29  # .9^29 < .05: no fewer flawless answers prove 90 %


def test_random_labels_are_proved_as_rarely_as_promised() -> None:
    """300 sets of 60 answers whose true accuracy is just below the line pass at most 5 % (+ 2 s.e.) of the time."""
    draw = np.random.default_rng(0)
    passed = 0
    for _ in range(300):
        said = np.where(draw.random(60) < 0.695, "right", "wrong")
        passed += prove(["right"] * 60, said.tolist(), ["accuracy >= 70%"]).outcome == "PROVED"
    assert passed <= 300 * 0.05 + 2 * (300 * 0.05 * 0.95) ** 0.5


def test_guesses_are_never_proved() -> None:
    draw = np.random.default_rng(1)
    for n in (5, 12, 60):
        for i in range(12):
            true, said = draw.choice(["a", "b", "c"], (2, n))
            true[0] = "a"
            must = ["recall[a] >= 60%"] if i else ["macro_f1 >= 60%"]
            assert prove(true, said, ["accuracy >= 60%", *must]).outcome != "PROVED"


def test_one_constant_answer_is_never_proved_of_all_classes() -> None:
    for must in ("macro_recall >= 60%", "recall[card] >= 50%", "precision[refund] >= 60%", "macro_f1 >= 50%"):
        assert prove(TRUE, ["refund"] * 120, [must]).outcome != "PROVED"


def test_flawless_leaked_answers_do_not_prove_perfection() -> None:
    for must in ("accuracy >= 100%", "macro_f1 >= 99.9%", "recall[card] >= 99%"):
        assert prove(TRUE, TRUE, [must]).outcome != "PROVED"


@pytest.mark.parametrize("nothing", [None, float("nan"), np.float32("nan"), "", "  "])
@pytest.mark.parametrize("side", ["y_true", "y_pred"])
def test_a_missing_label_is_refused_and_never_equals_another_missing_one(nothing: Any, side: str) -> None:
    assert code(**{side: [nothing, *TRUE[1:]]}) == "E260"
    assert code(y_true=[nothing] * 120, y_pred=[nothing] * 120) == "E260"


def test_nonsense_is_refused_before_anything_is_counted() -> None:
    assert code(y_pred=TRUE[:-1]) == "E032"
    assert code(must=[]) == "E257"
    assert code(must=["latency_p95 <= 20 ms"]) == "E256"
    assert code(confidence=1.0) == code(confidence=0.2) == code(confidence=1 - 1e-13) == "E258"
    assert code(must=["recall >= 90%"]) == "E255"
    assert code(must=["accurcy >= 90%"]) == "E019"
    assert code(probability=[[0.5, float("nan"), 0.5]] * 120, must=["auc >= 90%"]) == "E033"
    assert code(channel=["app"] * 3) == "E032"


def test_probabilities_of_the_second_of_two_labels_are_enough() -> None:
    draw = np.random.default_rng(2)
    true = draw.integers(0, 2, 200)
    chance = np.clip(0.5 + 0.35 * (2 * true - 1) + draw.normal(0, 0.2, 200), 0, 1)
    said = (chance > 0.5).astype(float)
    one: Proof = prove(true, said, ["auc >= 80%"], probability=chance)
    two = prove(true, said, ["auc[1] >= 80%"], probability=np.column_stack([1 - chance, chance]), classes=[0, 1])
    assert one.outcome == two.outcome == "PROVED"
    assert one.verdicts[0].value == two.verdicts[0].value


def test_rows_of_the_same_people_prove_less() -> None:
    true, said = ["x"] * 400, (["x"] * 10 + ["y"]) * 36 + ["x"] * 4
    alone = prove(true, said, ["accuracy >= 85%"]).verdicts[0]
    alike = prove(true, sorted(said), ["accuracy >= 85%"], person=[i // 20 for i in range(400)]).verdicts[0]
    assert alone.verdict == "PROVED"
    assert alike.verdict == "UNDECIDED"
    assert alike.bound is not None
    assert alone.bound is not None
    assert alike.bound < alone.bound


@pytest.mark.parametrize("line", ["r2 >= 0.5", "auc >= 50%", "average_precision >= 50%"])
def test_no_rows_and_classes_that_never_occur_prove_nothing(line: str) -> None:
    classes = ["a", "b"]
    assert prove([], [], [line], probability=np.zeros((0, 2)), classes=classes).outcome == "UNDECIDED"


def test_more_rows_are_not_asked_for_where_rows_are_not_what_lacks() -> None:
    (verdict,) = prove(["a", "b"] * 100, ["a", "b"] * 100, ["auc >= 60%"], probability=[0.5] * 200).verdicts
    assert (verdict.verdict, verdict.bound, verdict.to_decide) == ("UNDECIDED", None, None)
