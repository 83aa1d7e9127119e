"""Intervals of numbers: they hold the truth as often as they say, whatever the recipe, and for people too."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract, parse
from zhinan.core import Candidate, Column, Dataset, StepSpec
from zhinan.evaluate.answers import Values, said_of
from zhinan.evaluate.conformal import Look, aims, decide_value, interval_facts, lacking, margin, wanted, widths
from zhinan.evaluate.decisions import carry
from zhinan.evaluate.report_quality import TEXTS, numbers
from zhinan.proof import Measurement, clopper_pearson
from zhinan.steps import Program
from zhinan.tasks.regress import Regress

TARGET = Column("y", "number")


def contract(*must: str, more: str = "") -> Contract:
    lines = "".join(f"  - {line}\n" for line in must or ("mae <= 9",))
    return parse(f"product: p\ndata: d.csv\ntarget: y\nmust:\n{lines}{more}")


def dev_of(truth: Any, person: list[str] | None = None) -> Dataset:
    columns: dict[str, Any] = {"_row": [str(i) for i in range(len(truth))], "y": list(map(float, truth))}
    columns |= {"who": person} if person else {}
    return Dataset(pl.DataFrame(columns), (Column("x", "number"),), TARGET, "who" if person else None, None, "f")


def candidate(scores: Any, **options: Any) -> Candidate:
    given = {"center": 0.0, "scale": 1.0, "reach": (-1e6, 1e6), **options}
    step = StepSpec("value", ("scores",), ("value", "low", "high"), given)
    return Candidate("linear", "shallow", ("columns",), (step,), {}, (), np.asarray(scores, np.float32), task="regress")


def test_the_margin_is_the_finite_sample_quantile() -> None:
    off = np.arange(1.0, 20.0)  # 19 rows: ceil(20 · .9) = 18
    assert margin(off, 0.9) == 18
    assert margin(off, 0.96) == math.inf  # ceil(20 · .96) = 20: so few rows promise nothing


def test_people_with_many_rows_do_not_speak_for_the_others() -> None:
    off = np.array([0.1] * 180 + [9.0] * 20)  # one person is easy to predict and has nearly all rows
    person = np.array(["a"] * 180 + [f"p{i}" for i in range(20)])
    assert margin(off, 0.8) == 0.1
    assert margin(off, 0.8, person) == 9.0


def test_what_is_packaged_is_fitted_on_all_of_dev_and_what_is_seen_is_not() -> None:
    draw = np.random.default_rng(0)
    truth = draw.normal(0, 1, 200)
    made = decide_value(candidate(np.zeros((200, 1))), dev_of(truth), contract())
    down, up = made.steps[-1].options["margins"]
    assert (down, up) == (margin(np.abs(truth), 0.9),) * 2
    said = said_of(made)
    assert isinstance(said, Values)
    assert said.high is not None
    assert len(set(said.high.tolist())) > 1  # a margin for each fold, from the others
    answered = Program(made.steps, {}).run({"scores": made.dev})
    assert answered["high"] == pytest.approx(up)
    assert interval_facts(made, dev_of(truth))["coverage"] == pytest.approx(0.9, abs=0.06)


def test_rows_that_are_harder_get_wider_intervals_where_that_is_narrower_on_average() -> None:
    draw = np.random.default_rng(1)
    size = draw.choice([0.2, 5.0], 600)
    truth = draw.normal(0, 1, 600) * size
    made = decide_value(candidate(np.column_stack([np.zeros(600), np.log(size)])), dev_of(truth), contract())
    assert made.steps[-1].options["local"] is True
    plain = decide_value(candidate(np.zeros((600, 1))), dev_of(truth), contract())
    widths = [interval_facts(one, dev_of(truth))["width"] for one in (made, plain)]
    assert widths[0] < 0.8 * widths[1]


def test_one_tail_that_is_longer_gets_the_longer_margin() -> None:
    truth = np.random.default_rng(2).exponential(1, 800)
    made = decide_value(candidate(np.zeros((800, 1))), dev_of(truth - 0.2), contract())
    down, up = made.steps[-1].options["margins"]
    assert up > 2 * down


def test_a_must_line_about_coverage_makes_intervals_that_can_prove_it() -> None:
    dev = dev_of(np.arange(400.0))
    assert wanted(contract(), dev) == 0.9
    assert wanted(contract(more="train: {interval: 80%}\n"), dev) == 0.8
    asked = wanted(contract("coverage >= 90%"), dev)
    assert 0.93 < asked < 0.99
    assert wanted(contract("coverage >= 90%"), dev_of(np.arange(4000.0))) < asked


@pytest.mark.parametrize(("known", "judged"), [(196, 559), (196, 196), (800, 800)])
def test_an_interval_is_aimed_so_that_the_sealed_rows_prove_the_line_nine_times_in_ten_and_no_wider(
    known: int, judged: int
) -> None:
    dev = dev_of(np.zeros(known))
    level = wanted(contract("coverage >= 95%"), dev, Look(judged, 0.025))
    draw, proved = np.random.default_rng(0), []
    for rank in (math.ceil((known + 1) * level), math.ceil((known + 1) * level) - 2):
        held = draw.beta(rank, known + 1 - rank, 20_000)  # coverage of a margin of that rank
        bound = clopper_pearson(draw.binomial(judged, held), judged, 0.025)[0]
        proved.append(float((bound >= 0.95).mean()))
    assert proved[0] >= 0.89
    assert proved[1] < 0.9
    off = np.random.default_rng(1).normal(0, 1, known)
    made = decide_value(candidate(np.zeros((known, 1))), dev_of(off), contract("coverage >= 95%"), Look(judged, 0.025))
    ends = np.asarray(made.answers)
    assert (ends[:, 2] - ends[:, 1]).max() < 8, "no row's interval is all there is"


def test_an_interval_is_aimed_higher_where_rows_repeat_each_other_so_that_they_still_prove_the_line() -> None:
    unit = np.concatenate([np.arange(1000), 1000 + np.repeat(np.arange(300), 3)])
    draw = np.random.default_rng(2)

    def off() -> np.ndarray:
        return draw.normal(0, 1, 1300)[unit]

    copies, asked, seal = [f"u{one}" for one in unit], contract("coverage >= 90%"), Look(len(unit), 0.025)
    proved = []
    for dev in (dev_of(off(), copies), dev_of(off())):
        level, right = wanted(asked, dev, seal), 0
        for _ in range(100):
            inside = np.abs(off()) <= margin(np.abs(off()), level, unit)
            right += Measurement.count(inside, unit).lower(0.025) >= 0.9
        proved.append(right)
    assert proved[0] >= 85 > 80 > proved[1]


def test_rows_that_repeat_each_other_so_much_that_none_could_prove_the_line_get_the_widest_interval() -> None:
    unit = np.concatenate([np.arange(400), 400 + np.repeat(np.arange(8), 20)])
    dev = dev_of(np.random.default_rng(3).normal(0, 1, 408)[unit], [f"u{one}" for one in unit])
    assert wanted(contract("coverage >= 90%"), dev, Look(560, 0.025)) == pytest.approx(0.99)


def test_so_few_rows_that_no_margin_could_prove_the_line_get_the_widest_interval() -> None:
    assert wanted(contract("coverage >= 95%"), dev_of(np.zeros(30)), Look(40, 0.025)) == pytest.approx(0.995)


def test_what_a_line_about_coverage_costs_is_told_beside_what_the_interval_is_without_it() -> None:
    truth = np.random.default_rng(4).normal(0, 1, 500)
    asked = contract("coverage >= 95%", "mae <= 9")
    made = decide_value(candidate(np.zeros((500, 1))), dev_of(truth), asked)
    usual, costly = widths(made, dev_of(truth), asked)
    assert (usual["line"], usual["level"], costly["line"]) == (None, 0.9, "coverage >= 95%")
    assert costly["level"] == aims(asked, dev_of(truth))["coverage >= 95%"] == made.steps[-1].options["level"] > 0.95
    assert costly["width"] == interval_facts(made, dev_of(truth))["width"]
    assert costly["width"] > 1.2 * usual["width"]
    for without in (contract(), contract("coverage >= 50%")):
        assert widths(made, dev_of(truth), without) == ()


def test_the_unit_that_the_data_write_is_in_each_answer_also_after_training_on_dev_too() -> None:
    truth = np.random.default_rng(5).normal(0, 1, 60)
    plain = dev_of(truth)
    written = replace(plain, target=Column("y", "number", "", {"unit": "CNY"}))
    for dev, unit in ((written, "CNY"), (plain, None)):
        made = decide_value(candidate(np.zeros((60, 1))), dev, contract())
        again = carry(candidate(np.zeros((60, 1)), center=1.0), made)
        assert (made.steps[-1].options.get("unit"), again.steps[-1].options.get("unit")) == (unit, unit)
        step = Program(again.steps, {}).run({"scores": again.dev})
        (first, *_) = Regress().shaped(step, (), again.steps[-1].options)
        assert first.get("unit") == unit
        assert Regress().recorded(first)
        described = Regress().output((), again.steps[-1].options)
        assert described["required"] == list(first)
    assert Regress().mismatch(first, {**first, "unit": "kg"}, 1e-4) == "another unit"


def test_the_margins_of_the_compared_candidate_are_carried_to_the_one_trained_on_dev_too() -> None:
    dev = dev_of(np.random.default_rng(3).normal(0, 1, 100))
    chosen = decide_value(candidate(np.zeros((100, 1)), limits=(-9, 9)), dev, contract())
    again = carry(candidate(np.zeros((100, 1)), center=5.0, limits=(-20, 20)), chosen)
    options = again.steps[-1].options
    assert (options["center"], options["limits"]) == (5.0, (-20, 20))
    assert options["margins"] == chosen.steps[-1].options["margins"]


def test_coverage_over_many_draws_is_at_least_nominal_whatever_the_form() -> None:
    held = []
    for seed in range(60):
        draw = np.random.default_rng(seed)
        size = np.exp(draw.normal(0, 0.7, 260))
        truth, guess = draw.standard_t(4, 260) * size, np.log(size) + draw.normal(0, 0.3, 260)
        scores = np.column_stack([np.zeros(260), guess])
        made = decide_value(candidate(scores[:60]), dev_of(truth[:60]), contract())
        out = Program(made.steps, {}).run({"scores": scores[60:]})
        held.append(float(((out["low"] <= truth[60:]) & (truth[60:] <= out["high"])).mean()))
    error = float(np.std(held) / math.sqrt(len(held)))
    assert np.mean(held) >= 0.9 - 2 * error


def test_too_few_rows_or_people_for_any_interval_are_told_with_how_many_it_takes() -> None:
    draw, asked = np.random.default_rng(6), contract(more="train: {interval: 90%}\n")
    for have in (8, 9):
        people = [f"p{i % have}" for i in range(400)]
        for dev in (dev_of(draw.normal(0, 1, 400), people), dev_of(draw.normal(0, 1, have))):
            made = decide_value(candidate(np.zeros((len(dev), 1))), dev, asked)
            endless = max(made.steps[-1].options["margins"]) >= 1e9
            told = interval_facts(made, dev)["lacks"]
            assert told == lacking(dev, 0.9) == ({"level": 0.9, "have": 8, "need": 9} if have < 9 else None)
            assert endless is (have < 9)
    assert lacking(dev_of(np.zeros(98)), 0.99) == {"level": 0.99, "have": 98, "need": 99}


def test_tails_are_told_apart_only_where_people_are_enough_for_a_margin_of_each() -> None:
    truth = np.random.default_rng(2).exponential(1, 800) - 0.2
    for people, apart in ((15, False), (40, True)):
        made = decide_value(
            candidate(np.zeros((800, 1))), dev_of(truth, [f"p{i % people}" for i in range(800)]), contract()
        )
        down, up = made.steps[-1].options["margins"]
        assert up < 1e9
        assert (down != up) is apart


def test_the_report_says_of_an_endless_interval_why_instead_of_what_it_is_meant_to_do() -> None:
    seen = {"level": 0.9, "coverage": 1.0, "width": 1e7, "form": "alike", "n": 60}
    for lacks, keys in ((None, "interval_promise"), ({"level": 0.9, "have": 6, "need": 9}, "interval_lacks")):
        told = numbers({"points": [(1.0, 2.0, True)], "interval": {**seen, "lacks": lacks}})
        assert told is not None
        assert told["said"][0][0] == keys
        assert set(re.findall(r"{(\w+)}", TEXTS[keys][0])) == set(told["said"][0][1])
