"""What to do next: ranked by gain, with gains that really come about and reasons in both languages."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.contract import Contract, parse, parse_line
from zhinan.core import Column, Dataset, Words
from zhinan.engine.climb import Rung
from zhinan.engine.curve import Aim, Learned
from zhinan.engine.next_steps import Step, _mended, label_test_rows, larger_recipe, more_data, ranked, relaxed
from zhinan.engine.suspects import Doubts
from zhinan.evaluate.certify import Findings
from zhinan.proof import Judged, Measurement, Tagged, clopper_pearson, judge, learning_curve

DELTA = 0.05
SAID = Words("because", "因为")


def looked(*lines: tuple[str, int, int]) -> tuple[Contract, Findings]:
    """A contract and what the sealed rows said: (line, hits, rows)."""
    text = "product: p\ndata: m.csv\ntarget: y\nmust:\n" + "".join(f"  - {line}\n" for line, *_ in lines)
    contract = parse(text)
    measured = {line.text: Measurement.counts(hits, n) for line, (_, hits, n) in zip(contract.must, lines, strict=True)}
    verdicts = tuple(
        judge(line.text, line.op, line.target, measured[line.text], delta=DELTA, lines=len(lines), on="sealed")
        for line in contract.must
    )
    return contract, Findings(verdicts, (), measured, {"opening": 1, "delta": DELTA, "left": 3}, None, ())


def aim(error: float = 0.12) -> Aim:
    line = parse_line("accuracy >= 90%")
    return Aim(line, line, 0.1, error, 500)


STEPS = st.builds(
    Step,
    st.sampled_from(["clean labels", "more data", "larger recipe", "relax", "label test rows"]),
    st.none() | st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)).map(lambda ends: (min(ends), max(ends))),
    st.just("pt"),
    st.just(SAID),
)


@given(st.lists(STEPS | st.none(), max_size=8))
def test_steps_stand_by_the_middle_of_their_gain(steps: list[Step | None]) -> None:
    found = ranked(steps)
    assert sorted(map(id, found)) == sorted(id(step) for step in steps if step is not None)
    gains = [sum(step.gain) for step in found if step.gain is not None and step.gain[1] > 0]
    assert gains == sorted(gains, reverse=True)
    places = [0 if s.gain and s.gain[1] > 0 else 3 if s.gain else 2 if s.do == "relax" else 1 for s in found]
    assert places == sorted(places)


def test_more_test_rows_move_the_bound_as_far_as_told() -> None:
    contract, found = looked(("accuracy >= 90%", 460, 500))
    more = found.verdicts[0].to_decide
    assert more is not None
    step = label_test_rows(contract, found)
    assert step is not None
    assert step.gain is not None
    draw = np.random.default_rng(0)
    bound = clopper_pearson(460, 500, DELTA)[0]
    truth = draw.beta(460.5, 40.5, 20_000)  # what 460 of 500 leave open
    hits = 460 + draw.binomial(more["examples"], truth)
    new = clopper_pearson(hits, 500 + more["examples"], DELTA)[0]
    inside = (new - bound >= step.gain[0]) & (new - bound <= step.gain[1])
    assert abs(inside.mean() - 0.8) < 0.04
    assert f"{more['examples']:,}" in step.evidence.en
    assert f"{more['examples']:,}" in step.evidence.zh


@pytest.mark.parametrize(
    ("hits", "rows"), [(4900, 5000), (430, 500), (100, 500)], ids=["proved", "on the wrong side", "refuted"]
)
def test_more_test_rows_are_no_help_where_they_decide_against_or_nothing(hits: int, rows: int) -> None:
    assert label_test_rows(*looked(("accuracy >= 90%", hits, rows))) is None


def test_of_several_open_lines_the_one_that_needs_most_rows_is_told() -> None:
    contract, found = looked(("accuracy >= 90%", 460, 500), ("recall[a] >= 80%", 81, 100))
    step = label_test_rows(contract, found)
    assert step is not None
    assert "recall" in step.evidence.en


def test_where_rows_are_drawn_with_people_how_many_people_those_rows_are_is_told() -> None:
    contract, found = looked(("accuracy >= 90%", 460, 500))
    rows = np.array(["a"] * 500)
    found = replace(found, sealed=Judged(rows, rows, person=np.arange(500) // 10))
    alone = label_test_rows(contract, found)
    step = label_test_rows(replace(contract, data=replace(contract.data, person="who")), found)
    assert step is not None
    assert alone is not None
    more = (found.verdicts[0].to_decide or {})["examples"]
    assert f"{more:,} more test rows, of about {math.ceil(more / 10):,} more people, decide" in step.evidence.en
    assert "people" not in alone.evidence.en


def curve(floor: float) -> Learned:
    sizes = np.round(3200 * 2.0 ** (-np.arange(9) / 2)).astype(int)[::-1]
    errors = 0.6 * (sizes / 100) ** -0.5 + floor
    return Learned(replace(aim(), error=float(errors[-1])), sizes, errors, learning_curve(sizes, errors, 4000))


def test_more_data_gains_what_the_true_curve_gains() -> None:
    step = more_data(curve(0.0))
    assert step is not None
    assert step.gain is not None
    truth = 0.6 * (32**-0.5 - 64**-0.5)
    assert step.gain[0] <= truth <= step.gain[1]
    assert "3,200 more" in step.evidence.en
    assert "8" in step.evidence.zh
    flat = more_data(curve(0.3))
    assert flat is not None
    assert flat.gain is not None
    assert "target" in flat.evidence.en
    assert more_data(None) is None
    assert more_data(Learned(aim(), np.zeros(0), np.zeros(0), None, SAID)) is None


def test_a_larger_recipe_gains_at_most_down_to_what_cannot_be_avoided() -> None:
    left = [Rung("frozen", "linear", ("ngrams", "minilm"))]
    facts = {"encoder": "minilm", "floor": 0.05, "target": 0.1, "says": "recipe"}
    step = larger_recipe(aim(), facts, left, ["ngrams", "minilm"])
    assert step is not None
    assert step.gain == pytest.approx((0.0, 0.07))
    assert "minilm" in step.evidence.en
    unknown = larger_recipe(aim(), facts, left, ["ngrams"])
    assert unknown is not None
    assert unknown.gain is None, "an encoder that nobody tried was bounded by another one"
    assert larger_recipe(aim(), None, left, ["ngrams"]) is not None
    assert larger_recipe(aim(), facts, [], ["ngrams"]) is None


def test_mended_labels_of_a_row_keep_those_that_the_candidate_does_not_know() -> None:
    flags = np.array([[True, False, True], [False, True, False]])
    judged = Tagged(flags, flags, classes=("a", "b", "new"))
    dev = Dataset(pl.DataFrame({"_row": ["r1", "r2"]}), (), Column("labels", "list"), None, None, "d")
    doubts = Doubts(({"row": "r1", "part": "dev", "given": '["a", "new"]', "suggested": '["a", "b"]'},), 1.0, None)
    assert _mended(judged, dev, doubts, known=2).truth.tolist() == [[True, True, True], [False, True, False]]


def test_each_line_to_relax_is_a_step_of_its_own() -> None:
    changes = [{"line": "accuracy >= 90%", "to": "accuracy >= 88.1%"}, {"line": "f1[a] >= 90%", "to": "f1[a] >= 80%"}]
    assert [step.do for step in relaxed(changes, False)] == ["relax", "relax"]
    assert "All open lines" in relaxed(changes, False)[0].evidence.en
    assert "All open lines" not in relaxed(changes[:1], True)[0].evidence.en
    shown = relaxed(changes[:1], True)[0].to_dict()
    assert shown["gain"] is None
    assert "88.1%" in shown["evidence"]["zh"]
