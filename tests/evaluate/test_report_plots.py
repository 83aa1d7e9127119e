"""Curves and page views of the report: inside their box, in order, and never saying more than the facts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.evaluate.plots import area, forest, learning, reliability
from zhinan.evaluate.report_audit import cannot, hashes, self_report, verify
from zhinan.evaluate.report_engineering import curve, feasible, pareto, recipes
from zhinan.evaluate.report_quality import decisions, explanations, fairness, robustness, suspects, weak_slices
from zhinan.evaluate.report_summary import changed, ranked

shares = st.floats(0, 1).map(lambda x: round(x, 6))
sizes = st.integers(10, 10**6)


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (point.split(",") for point in path.split())]


@given(st.lists(st.tuples(sizes, shares), min_size=2, max_size=9), st.lists(st.tuples(sizes, shares, shares, shares)),
       st.none() | shares)  # fmt: skip
def test_a_learning_curve_lies_inside_its_box(
    points: list[tuple[int, float]], ahead: list[tuple[int, float, float, float]], target: float | None
) -> None:
    band = [dict(zip(("n", "low", "mid", "high"), row, strict=True)) for row in ahead]
    drawn = learning([n for n, _ in points], [e for _, e in points], band, target)
    assert drawn is not None
    left, right, top, bottom = drawn["box"]
    shown = [*drawn["dots"], *places(drawn["band"] or ""), *places(drawn["mid"] or "")]
    assert all(left <= x <= right and top <= y <= bottom for x, y in shown)
    assert all(left <= x <= right for x, _ in drawn["x"])
    assert 2 <= len(drawn["x"]) <= 7
    assert drawn["target"] is None or top <= drawn["target"] <= bottom
    assert len(drawn["dots"]) == len(points)


@given(st.lists(st.tuples(shares, shares, st.integers(0, 10**4)), min_size=1, max_size=20))
def test_every_filled_bin_is_a_dot_of_its_own_size(bins: list[tuple[float, float, int]]) -> None:
    drawn = reliability([{"mean": m, "right": r, "n": n} for m, r, n in bins])
    filled = [n for *_, n in bins if n]
    if not filled:
        assert drawn is None
        return
    assert drawn is not None
    left, right, top, bottom = drawn["box"]
    assert len(drawn["dots"]) == len(filled)
    assert all(left <= d["x"] <= right and top <= d["y"] <= bottom and 2.5 <= d["r"] <= 8 for d in drawn["dots"])


@given(st.lists(st.tuples(shares, shares), min_size=2, max_size=400))
def test_a_curve_keeps_its_ends_and_at_most_a_hundred_points(points: list[tuple[float, float]]) -> None:
    drawn = area(points, diagonal=True)
    assert drawn is not None
    line = places(drawn["line"])
    assert len(line) == min(len(points), 100)
    left, right, top, bottom = drawn["box"]
    ends = [(left + (right - left) * x, bottom - (bottom - top) * y) for x, y in (points[0], points[-1])]
    assert [line[0], line[-1]] == [pytest.approx(end, abs=0.06) for end in ends]


@given(st.lists(st.tuples(shares, shares, shares).map(sorted), min_size=1, max_size=8))
def test_groups_share_one_axis(groups: list[list[float]]) -> None:
    drawn = forest([{"low": low, "value": value, "high": high} for low, value, high in groups])
    for one in drawn:
        assert one is not None
        assert 0 <= one["band"][0] <= one["value"] <= one["band"][1] <= 160
    order = sorted(range(len(groups)), key=lambda i: groups[i][1])
    assert [drawn[i]["value"] for i in order] == sorted(d["value"] for d in drawn if d)  # type: ignore[index]


def test_drawings_without_numbers_are_left_out() -> None:
    assert learning([100], [0.2], [], None) is None
    assert learning([100, None], [0.2, float("nan")], [], None) is None  # type: ignore[list-item]
    assert reliability([]) is None
    assert area([[0, 0]], diagonal=True) is None
    assert forest([{"value": None}]) == [None]


def test_a_forecast_is_told_as_a_range_and_a_refusal_as_what_it_is() -> None:
    band = [{"n": 200, "low": 0.09, "mid": 0.1, "high": 0.12}, {"n": 900, "low": 0.04, "mid": 0.05, "high": 0.07}]
    given_: dict[str, Any] = {"sizes": [100, 200], "errors": [0.2, 0.1], "target": 0.05, "band": band}
    given_["needed"] = {"low": 700, "high": 1400}
    found = curve(given_)
    assert found is not None
    assert [key for key, _ in found["said"]] == ["curve_ahead", "curve_needed"]
    assert found["said"][1][1]["high"] == "1,400"
    refused = curve(given_ | {"needed": None, "band": [], "refused": {"en": "too few", "zh": "太少"}})
    assert refused is not None
    assert [key for key, _ in refused["said"]] == ["said"]
    assert curve({}) is None
    ratio = curve({**given_, "errors": [900.0, 600.0], "line": "mae <= 90% of current", "unit": ""}, "CNY")
    assert ratio is not None
    assert ratio["values"]["last"].endswith("CNY")
    assert feasible({"floor": 0.03}) == []
    assert [key for key, _ in feasible({"floor": 0.09, "target": 0.05, "says": "labels"})][1:] == ["feasible_labels"]


def test_a_weak_part_that_was_not_tested_says_so() -> None:
    rows = weak_slices([
        {"slice": "a", "rows": 40, "rate": 0.3, "overall": 0.1, "p": 0.00001, "sealed": None},
        {"slice": "b", "rows": 40, "rate": 0.3, "p": 0.02, "sealed": {"rows": 50, "rate": 0.2, "p": 0.04}},
        "not a part", {"slice": "c", "accuracy": 0.4},
    ])  # fmt: skip
    assert [row["p"] for row in rows] == ["< 0.001", "0.020"]
    assert rows[0]["sealed"] is None
    assert rows[1]["sealed"]["p"] == "0.040"


def test_the_sign_of_a_weight_is_written_and_its_strength_is_relative() -> None:
    tokens = [{"text": "up", "weight": 2.0}, {"text": "down", "weight": -0.5}, {"text": "flat", "weight": 0.001},
              {"text": "none", "weight": None}]  # fmt: skip
    (found,) = explanations([{"tokens": tokens, "truth": "a", "answer": "b", "against": None}])
    assert [(t["sign"], t["mark"]) for t in found["tokens"]] == [("+", "pos4"), ("−", "neg2"), ("", ""), ("", "")]
    (long,) = explanations([{"tokens": tokens * 100}])
    assert (len(long["tokens"]), long["more"]) == (80, "320")
    (zero,) = explanations([{"tokens": [{"text": "x", "weight": 0.0}]}])
    assert zero["tokens"][0]["mark"] == ""


def test_thresholds_are_listed_the_easiest_first_and_offsets_the_largest_first() -> None:
    told = decisions({"thresholds": {"a": 0.5, "b": 0.125}, "least": 1})
    assert told == {
        "facts": [("least_labels", "1")],
        "each": {"of": "thresholds", "head": "threshold", "rows": [("b", "12.5\xa0%"), ("a", "50.0\xa0%")]},
    }
    moved = decisions({"offsets": {"a": 0.1, "b": -2.0, "c": 0.0}})
    assert moved is not None
    assert moved["each"] == {"of": "offsets", "head": "offset", "rows": [("b", "−2"), ("a", "+0.1")]}


def test_views_of_nothing_are_nothing() -> None:
    assert decisions(None) is None
    assert decisions({"offsets": {"a": 0}, "sets": None}) is None
    assert suspects(None, []) is None
    assert fairness([{"by": "x", "metric": "recall", "groups": []}]) == []
    assert robustness([{"under": "typos", "value": None}], {}) == []
    assert changed([{"line": "a", "change": "same", "was": None}]) == []
    assert self_report([{"test": None}]) is None
    assert hashes({}, {}) == []


def test_only_a_version_with_a_proof_can_be_verified() -> None:
    assert verify({}, {}, None) == []
    assert verify({}, {"path": "v/3"}, 3) == ["zhinan verify v/3"]
    assert verify({"commitment": {"root": "x"}}, {}, 3) == ["zhinan verify @3", "python tools/verify_proof.py @3"]
    assert ("cannot_time", {}) in cannot([{"on": "measured"}])
    assert ("cannot_time", {}) not in cannot([{"on": "sealed"}])


def test_an_unknown_advice_is_still_printed() -> None:
    (one,) = ranked([{"do": "pray", "gain": {"low": None, "high": 2}, "unit": None, "evidence": "x"}])
    assert one["do"] == ("said", {"text": "pray"})
    assert one["gain"] is None


def test_recipes_are_compared_by_what_a_line_measures_whichever_way_dev_names_it() -> None:
    targets = {"accuracy >= 90%": {"op": ">=", "target": 0.9, "unit": "%"}}
    rows = [{"recipe": "linear", "cpu_seconds": 2.0 * i, "dev": {"accuracy >= 90%": 0.8 + i / 20}} for i in (1, 2)]
    found = recipes(rows, targets)
    assert found is not None
    assert (found["keys"], found["metric"]) == (["accuracy"], "accuracy")
    assert found["plot"]["target"] is not None
    two = {"accuracy >= 90%": 0.9, "accuracy >= current": 0.02}
    both = recipes([{"recipe": "linear", "dev": two}], targets)
    assert both is not None
    assert both["keys"] == list(two)


def test_alternatives_show_what_they_cost_and_no_column_that_nobody_fills() -> None:
    row = {"recipe": "linear", "encoder": "ngrams", "dev": {"accuracy": 0.91}, "size_bytes": 6e6, "latency_ms": None}
    found = pareto([row], {})
    assert found is not None
    assert (found["keys"], found["heads"]) == (["accuracy"], ["size"])
    assert found["rows"][0]["costs"] == ["6\u00a0MB"]
    assert pareto([], {}) is None
