"""Metrics of numbers, tags and rankings give the values of scikit-learn or of their definition, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as reference

from zhinan.contract import parse_line
from zhinan.core import UserError
from zhinan.evaluate.measure import measure
from zhinan.proof import Answered, Judged, Measurement, Ranked, Tagged, Valued

TAGS = ("bug", "docs", "登录")


def found(line: str, on: Answered) -> Measurement:
    return measure(parse_line(line), on)


def value(line: str, on: Answered) -> float:
    return found(line, on).value


def code(line: str, on: Answered) -> str:
    with pytest.raises(UserError) as error:
        found(line, on)
    return error.value.code


def prices(seed: int = 0, n: int = 150) -> Valued:
    draw = np.random.default_rng(seed)
    truth = draw.uniform(20, 90, n)
    answer = truth + draw.normal(1, 6, n)
    columns = {"shop": draw.choice(["one", "two"], n)}
    return Valued(truth, answer, answer - 8, answer + draw.uniform(4, 9, n), {0.9: answer + 7.0}, None, columns)


def issues(seed: int = 0, n: int = 300) -> Tagged:
    draw = np.random.default_rng(seed)
    truth = draw.random((n, len(TAGS))) < 0.35
    answer = np.where(draw.random(truth.shape) < 0.15, ~truth, truth)
    return Tagged(truth, answer, None, TAGS, None, {"repo": draw.choice(["one", "two"], n)})


def searches(seed: int = 0, n: int = 120, items: int = 12) -> tuple[Ranked, Any, Any]:
    draw = np.random.default_rng(seed)
    relevance = draw.choice([0.0, 0.0, 0.0, 1.0, 3.0], (n, items))
    relevance[:, 0] = 1.0
    scores = relevance + draw.normal(0, 1.5, (n, items))
    order = np.argsort(-scores, axis=1)
    ranked = Ranked(np.take_along_axis(relevance, order, axis=1), -np.sort(-relevance, axis=1))
    return ranked, relevance, scores


def test_errors_of_numbers_are_those_of_scikit_learn() -> None:
    on = prices()
    pairs = on.truth, on.answer
    assert value("mae <= 9", on) == pytest.approx(reference.mean_absolute_error(*pairs))
    assert value("rmse <= 9", on) == pytest.approx(reference.root_mean_squared_error(*pairs))
    assert value("mape <= 50%", on) == pytest.approx(reference.mean_absolute_percentage_error(*pairs))
    assert value("r2 >= 0.1", on) == pytest.approx(reference.r2_score(*pairs))
    assert value("pinball(q=0.25) <= 9", replace(on, quantiles=None)) == pytest.approx(
        reference.mean_pinball_loss(*pairs, alpha=0.25)
    )
    assert value("pinball(q=0.9) <= 9", on) == pytest.approx(
        reference.mean_pinball_loss(on.truth, on.answer + 7, alpha=0.9)
    )
    assert value("bias <= 9", on) == pytest.approx(abs((on.answer - on.truth).mean()))
    odd = on.where(np.arange(len(on)) < 149)
    wanted = reference.median_absolute_error(odd.truth, odd.answer)
    assert value("median_absolute_error <= 9", odd) == pytest.approx(wanted)


def test_shares_of_numbers_are_counts_with_their_exact_bound() -> None:
    on = prices()
    near = np.abs(on.truth - on.answer) <= 5
    assert value("within(5) >= 50%", on) == near.mean()
    assert found("within(5) >= 50%", on).lower(0.05) == pytest.approx(Measurement.count(near).lower(0.05))
    assert on.low is not None
    assert on.high is not None
    inside = (on.low <= on.truth) & (on.truth <= on.high)
    assert value("coverage >= 50%", on) == inside.mean()
    assert value("interval_width <= 99", on) == pytest.approx((on.high - on.low).mean())
    assert value("gap(coverage, by=shop) <= 50 pt", on) >= 0


def test_a_distance_is_met_exactly_in_spite_of_rounding() -> None:
    on = Valued(np.array([0.1 + 0.2] * 20), np.array([0.3 + 0.1] * 20))
    assert value("within(0.1) >= 50%", on) == 1


def test_what_a_number_metric_lacks_is_asked_for() -> None:
    on = prices()
    assert code("within >= 50%", on) == "E266"
    assert code("coverage >= 50%", replace(on, low=None, high=None)) == "E275"
    assert code("pinball(q=0.8) <= 9", on) == "E275"
    assert code("mape <= 9%", replace(on, truth=on.truth * (np.arange(len(on)) > 3))) == "E267"
    assert code("parity(mae, by=shop) >= 80%", on) == "E264"
    assert code("accuracy >= 9%", on) == "E263"


@pytest.mark.parametrize("line", ["mae <= 1", "rmse <= 1", "median_absolute_error <= 1", "bias <= 1", "r2 >= 0.5"])
def test_flawless_or_constant_numbers_are_undecided_not_certain(line: str) -> None:
    on = prices()
    assert found(line, replace(on, answer=on.truth)).reason is not None
    assert found("r2 >= 0.5", replace(on, truth=np.full(len(on), 5.0))).reason == "every truth is the same"


def test_a_bias_is_small_only_if_it_is_proved_small_on_both_sides() -> None:
    on = prices()
    for shift in (0.0, 5.0, -5.0):
        moved = found("bias <= 9", replace(on, answer=on.answer + shift))
        assert moved.lower(0.05) <= moved.value <= moved.upper(0.05)
        assert moved.upper(0.05) > abs(shift)


def test_tags_are_those_of_scikit_learn() -> None:
    on = issues()
    pairs = on.truth, on.answer
    assert value("subset_accuracy >= 1%", on) == pytest.approx(reference.accuracy_score(*pairs))
    assert value("hamming_loss <= 99%", on) == pytest.approx(reference.hamming_loss(*pairs))
    for average in ("micro", "macro"):
        for name in ("precision", "recall", "f1"):
            wanted = getattr(reference, f"{name}_score")(*pairs, average=average, zero_division=0)
            assert value(f"{average}_{name} >= 1%", on) == pytest.approx(wanted)
    for name in ("precision", "recall", "f1"):
        each = getattr(reference, f"{name}_score")(*pairs, average=None)
        for tag, wanted in zip(TAGS, each, strict=True):
            assert value(f"{name}[{tag}] >= 1%", on) == pytest.approx(wanted)
    assert value("fpr[bug] <= 99%", on) == pytest.approx(on.answer[~on.truth[:, 0], 0].mean())
    assert value("gap(recall[bug], by=repo) <= 99 pt", on) >= 0
    assert code("recall >= 50%", on) == "E255"
    assert code("accuracy >= 50%", on) == "E263"
    assert code("gap(accuracy, by=repo) <= 50 pt", on) == "E263"
    assert code("recall[dcos] >= 50%", on) == "E031"


def test_many_tags_of_one_row_count_for_less_than_tags_of_many_rows() -> None:
    one = issues(n=200)
    copied = Tagged(np.repeat(one.truth, 10, 1), np.repeat(one.answer, 10, 1), None, tuple(map(str, range(30))))
    alone, alike = (found("micro_recall >= 1%", on) for on in (one, copied))
    assert alike.value == pytest.approx(alone.value)
    assert alike.lower(0.05) == pytest.approx(alone.lower(0.05), abs=0.02)


@pytest.mark.parametrize("k", [3, 10])
def test_rankings_are_those_of_scikit_learn_and_of_their_definition(k: int) -> None:
    on, relevance, scores = searches()
    assert value(f"ndcg@{k} >= 1%", on) == pytest.approx(reference.ndcg_score(relevance, scores, k=k))
    assert value("ndcg >= 1%", on) == pytest.approx(reference.ndcg_score(relevance, scores))
    wanted: dict[str, list[float]] = {name: [] for name in ("recall", "precision", "hit_rate", "mrr", "map")}
    for relevant, score in zip(relevance > 0, scores, strict=True):
        ranks = [i + 1 for i, item in enumerate(np.argsort(-score)[:k]) if relevant[item]]
        wanted["recall"].append(len(ranks) / relevant.sum())
        wanted["precision"].append(len(ranks) / k)
        wanted["hit_rate"].append(bool(ranks))
        wanted["mrr"].append(1 / ranks[0] if ranks else 0)
        wanted["map"].append(sum((i + 1) / rank for i, rank in enumerate(ranks)) / min(relevant.sum(), k))
    for name, each in wanted.items():
        assert value(f"{name}@{k} >= 1%", on) == pytest.approx(np.mean(each)), name
    every = [reference.label_ranking_average_precision_score(r[None] > 0, s[None]) for r, s in
             zip(relevance, scores, strict=True)]  # fmt: skip
    assert value("map >= 1%", on) == pytest.approx(np.mean(every))


def test_a_ranking_asks_for_its_cut_off_and_labels_do_not_take_one() -> None:
    on, *_ = searches()
    assert code("recall >= 9%", on) == code("hit_rate >= 9%", on) == code("precision >= 9%", on) == "E266"
    labels = Judged(np.array(["a", "b"] * 20), np.array(["a", "b"] * 20))
    assert code("recall@3[a] >= 9%", labels) == "E263"


def test_a_query_with_nothing_relevant_leaves_the_score_unknown() -> None:
    on, *_ = searches()
    gains = np.array(on.gains)
    gains[0] = 0
    empty = Ranked(gains, np.where(np.arange(len(on))[:, None] == 0, 0.0, on.ideal))
    assert found("ndcg@5 >= 1%", empty).reason is not None
