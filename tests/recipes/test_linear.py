"""The linear recipe: better than the prior, packaged as it was measured, sane when a class is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from zhinan.core import Block, Candidate, Encoded
from zhinan.encoders.columns import Columns
from zhinan.encoders.ngrams import NGrams
from zhinan.recipes._heads import fit_head, log_loss, mixing
from zhinan.recipes._threads import SMALL, few_threads
from zhinan.recipes.linear import linear
from zhinan.recipes.prior import prior
from zhinan.steps import Program

CLASSES = ("card", "login", "refund", "退货")
PHRASES = {
    "card": ("lost my card", "卡丢了", "card was stolen"),
    "login": ("cannot log in", "登录不了", "wrong password"),
    "refund": ("money back please", "退款", "refund me"),
    "退货": ("send it back", "我要退货", "return the shoes"),
}


def rows(n: int, seed: int, labels: Sequence[str] = CLASSES) -> tuple[dict[str, list[Any]], np.ndarray]:
    """Bilingual messages and an amount that says a little about the label."""
    draw = np.random.default_rng(seed)
    said = draw.choice(list(labels), n)
    message = [f"{draw.choice(['hi', '您好', 'ok'])} {draw.choice(PHRASES[c])} {draw.integers(99)}" for c in said]
    amount = [None if i % 17 == 0 else float(CLASSES.index(c) + draw.normal()) for i, c in enumerate(said)]
    return {"message": message, "amount": amount}, np.array([CLASSES.index(c) for c in said])


def encoded(
    parts: Sequence[tuple[dict[str, list[Any]], np.ndarray]],
    encoders: Sequence[str] = ("ngrams", "columns"),
    classes: tuple[str, ...] = CLASSES,
) -> list[Encoded]:
    made = {"ngrams": (NGrams(), "message"), "columns": (Columns(), "amount")}
    fitted = [(name, made[name][0].fit({made[name][1]: parts[0][0][made[name][1]]})) for name in encoders]
    return [
        Encoded(tuple(Block(name, one.encode(given), one) for name, one in fitted), target, classes)
        for given, target in parts
    ]


def answers(candidate: Candidate, given: dict[str, list[Any]]) -> np.ndarray:
    return np.asarray(Program(candidate.steps, candidate.files).run(given)["probabilities"])


def loss(candidate: Candidate, dev: Encoded) -> float:
    return log_loss(np.log(np.clip(candidate.dev, 1e-12, 1)), dev.target)


@pytest.mark.parametrize("encoders", [("ngrams",), ("columns",), ("ngrams", "columns")])
def test_dev_log_loss_beats_the_prior_and_the_packaged_steps_give_the_same_probabilities(
    encoders: tuple[str, ...],
) -> None:
    parts = [rows(160, 1), rows(60, 2)]
    train, dev = encoded(parts, encoders)
    found, floor = linear(train, dev, budget=60), prior(train, dev, budget=60)
    assert loss(found, dev) < loss(floor, dev) - 0.05
    assert found.dev.dtype == np.float32
    assert np.abs(answers(found, parts[1][0]) - found.dev).max() <= 1e-4
    assert found.encoders == encoders
    assert found.classes == CLASSES


def test_the_prior_answers_every_row_with_the_shares_in_train() -> None:
    parts = [rows(200, 1, ("card", "card", "login")), rows(20, 2)]
    train, dev = encoded(parts)
    found = prior(train, dev, budget=1)
    shares = (np.bincount(train.target, minlength=4) + 1) / (200 + 4)
    assert np.abs(found.dev - shares).max() < 1e-6
    assert np.abs(answers(found, parts[1][0]) - shares).max() <= 1e-4


def test_two_classes_are_one_question() -> None:
    parts = [rows(80, seed, ("card", "login")) for seed in (1, 2)]
    for encoders in (("ngrams",), ("columns",)):
        train, dev = encoded(parts, encoders, ("card", "login"))
        found = linear(train, dev, budget=60)
        assert found.dev.shape == (80, 2)
        assert np.allclose(found.dev.sum(1), 1, atol=1e-6)
        assert np.abs(answers(found, parts[1][0]) - found.dev).max() <= 1e-4
    assert (found.dev.argmax(1) == dev.target).mean() > 0.6


def test_a_class_absent_from_train_never_wins_and_spoils_no_probability() -> None:
    parts = [rows(120, 1, CLASSES[:3]), rows(60, 2, CLASSES[:3])]
    whole = linear(*encoded(parts), budget=60)
    given, target = parts[1]
    strange = {name: [*values, values[0]] for name, values in given.items()}, np.append(target, 3)
    train, dev = encoded([parts[0], strange])
    found = linear(train, dev, budget=60)
    assert found.dev[:, 3].max() < 1e-6
    assert np.abs(answers(found, strange[0]) - found.dev).max() <= 1e-4
    assert np.abs(found.dev[:-1] - whole.dev).max() < 1e-3, "one row that cannot be right flattened all the others"


def test_one_class_in_train_is_answered_always() -> None:
    train, dev = encoded([rows(12, 1, ("login",)), rows(8, 2)])
    found = linear(train, dev, budget=60)
    assert (found.dev.argmax(1) == CLASSES.index("login")).all()
    assert np.isfinite(found.dev).all()


def test_a_dev_part_of_absent_classes_only_still_gives_finite_answers() -> None:
    train, dev = encoded([rows(40, 1, CLASSES[:2]), rows(5, 2, CLASSES[2:])])
    assert np.isfinite(linear(train, dev, budget=60).dev).all()


def test_chosen_settings_refit_on_more_rows_give_a_head_of_the_same_kind() -> None:
    parts = [rows(160, 1), rows(60, 2)]
    train, dev = encoded(parts)
    first = linear(train, dev, budget=60)
    blocks = tuple(Block(b.encoder, b.values, b.fitted) for b in train.blocks)
    again = linear(Encoded(blocks, train.target, CLASSES), dev, budget=60, **dict(first.params))
    assert again.params == first.params
    assert np.abs(again.dev - first.dev).max() < 1e-6
    assert again.files["head.onnx"] == first.files["head.onnx"], "the same rows and settings give other bytes"


def test_a_spent_budget_still_gives_a_candidate() -> None:
    train, dev = encoded([rows(60, 1), rows(30, 2)])
    found = linear(train, dev, budget=-5)
    assert found.params["l2"] == (1.0, 3.0)


def test_a_head_is_fitted_once_however_often_it_is_stacked(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhinan.recipes import _heads

    calls: list[bool] = []
    monkeypatch.setattr(_heads, "fit_head", lambda *given: calls.append(sp.issparse(given[0])) or fit_head(*given))
    train, dev = encoded([rows(60, 1), rows(30, 2)])
    linear(Encoded(train.blocks[:1], train.target, CLASSES), Encoded(dev.blocks[:1], dev.target, CLASSES), budget=60)
    alone = calls.count(True)
    linear(train, dev, budget=60)
    assert calls.count(True) == alone > 0, "the n-gram head was fitted again"
    assert False in calls


def test_the_mix_of_heads_is_no_worse_than_the_best_of_them() -> None:
    draw = np.random.default_rng(0)
    target = draw.integers(0, 3, 200)
    good, noise = draw.normal(size=(200, 3)) + 2 * np.eye(3)[target], 3 * draw.normal(size=(200, 3))
    (alone,) = mixing([good], target)
    both = mixing([good, noise], target)
    assert min(both) >= 0
    assert log_loss(both[0] * good + both[1] * noise, target) <= log_loss(alone * good, target) + 1e-4
    assert both[1] < 0.2 * both[0]
    mean = mixing([good, noise], target, alike=1.0)
    assert mean[0] == pytest.approx(alone / 2), "a plain mean of both, each at its own temperature"
    assert mixing([good, noise], target, alike=0.5) == pytest.approx((np.array(both) + mean) / 2)


def test_separable_dev_rows_give_a_finite_temperature() -> None:
    target = np.arange(40) % 2
    (weight,) = mixing([100 * np.eye(2)[target]], target)
    assert np.isfinite(weight)
    assert weight > 0


def test_packaged_steps_decide_what_was_decided_on_dev() -> None:
    import polars as pl

    from zhinan.contract import parse
    from zhinan.core import Column, Dataset
    from zhinan.evaluate.decisions import decide
    from zhinan.steps.choose import decided

    parts = [rows(160, 1), rows(90, 2)]
    for _, codes in parts:
        codes[::3] = np.random.default_rng(5).integers(0, 4, len(codes[::3]))  # nothing is flawless
    train, dev = encoded(parts)
    given, target = parts[1]
    frame = pl.DataFrame({**given, "intent": [CLASSES[i] for i in target]}).with_columns(_row=pl.col("message"))
    part = Dataset(frame, (Column("message", "text"),), Column("intent", "category"), None, None, "")
    must = "  - recall[card] >= 90%\n  - accuracy >= 30%\n  - auto_rate(precision >= 60%) >= 30%\n"
    asked = parse(f"product: shop\ndata: a.csv\ntarget: intent\nmust:\n{must}train: {{sets: 80%}}\n")
    found = decide(linear(train, dev, budget=60), part, asked)
    options = found.steps[-1].options
    assert {"offsets", "sets"} <= set(options)
    outputs = Program(found.steps, found.files).run(given)
    assert np.abs(outputs["probabilities"] - found.dev).max() <= 1e-4
    codes = decided(np.asarray(found.dev, np.float64), tuple(options["offsets"]))
    assert outputs["label"] == [CLASSES[i] for i in codes]
    sure = found.dev[np.arange(len(codes)), codes]
    assert outputs["handover"].tolist() == (sure < options.get("abstain", 0)).tolist()
    assert all(label in held for label, held in zip(outputs["label"], outputs["labels"], strict=True))


def test_few_rows_choose_a_strength_and_weights_by_all_that_were_left_out_not_by_a_small_dev_part() -> None:
    draw = np.random.default_rng(0)
    values = draw.normal(size=(260, 60)).astype(np.float32)
    target = (values[:, 0] + draw.normal(size=260) > 0).astype(np.int64)

    def part(rows: slice) -> Encoded:
        return Encoded((Block("columns", values[rows], Columns().fit({"x": [0.0, 1.0]})),), target[rows], ("no", "yes"))

    strengths = {linear(part(slice(60, None)), part(slice(k, k + 6)), budget=60).params["l2"] for k in range(0, 60, 20)}
    assert strengths <= {(10.0,), (30.0,), (100.0,)}, "59 of 60 features are noise, whichever six rows are asked"


def test_a_small_fit_keeps_to_one_thread_and_leaves_the_others_to_larger_ones() -> None:
    def threads() -> set[int]:
        return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    with threadpool_limits(2, "blas"):
        with few_threads(SMALL - 1):
            assert threads() == {1}
        with few_threads(SMALL):
            assert threads() == {2}
        assert threads() == {2}


@given(st.integers(0, 2**32 - 1), st.floats(0, 300))
def test_two_classes_lose_what_any_number_of_them_would(seed: int, size: float) -> None:
    draw = np.random.default_rng(seed)
    logits, target = size * draw.normal(size=(9, 2)), draw.integers(0, 2, 9)
    third = np.column_stack([logits, np.full(9, -np.inf)])
    assert log_loss(logits, target) == pytest.approx(log_loss(third, target), rel=1e-12, abs=1e-12)
