"""Numbers and drawings of the report: rounded to the honest side, drawn inside their box, nothing lost in a summary."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.evaluate.charts import blocks, heat, interval, scatter, splits
from zhinan.evaluate.figures import GAP, amount, bytes_, count, duration, general, share

shares = st.floats(0, 1).map(lambda x: round(x, 6))


def number(text: str) -> float:
    return float(text.split(GAP, maxsplit=1)[0].replace(",", ""))


@given(shares)
def test_a_printed_bound_is_itself_a_bound(value: float) -> None:
    low, high = number(amount(value, "%", "down")), number(amount(value, "%", "up"))
    assert low <= round(100 * value, 4) <= high
    assert high - low <= 0.0101


@given(st.floats(1e-6, 1e9))
def test_a_printed_cost_bound_is_itself_a_bound(seconds: float) -> None:
    known = float(f"{seconds:.12g}")
    assert number(amount(seconds, "s", "down")) <= known <= number(amount(seconds, "s", "up"))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.9, "%", "90 %"), (0.89713, "%", "89.71 %"), (0.15000000000000002, "pt", "15 pt"), (0.02, "ms", "20 ms"),
        (0.00312, "ms", "3.12 ms"), (12_412_345, "MB", "12.4 MB"), (1240.4, "rps", "1,240 rps"), (0.0, "ms", "0 ms"),
        (4.25, "", "4.25"), (float("nan"), "%", "–"), (None, "ms", "–"), (-1234.5, "", "-1,234"),
        (7, "parsec", "7 parsec"),
    ],
)  # fmt: skip
def test_amounts_are_written_in_the_units_of_the_contract(value: float | None, unit: str, text: str) -> None:
    assert amount(value, unit) == text.replace(" ", GAP)


def test_other_figures_read_like_speech() -> None:
    written = [duration(0.42), duration(41.26), duration(131), duration(3900), bytes_(812_000), bytes_(2.5e9),
               count(3080), share(0.9306), general(0.000625), general(True), general(None),
               general(1234567)]  # fmt: skip
    assert [text.replace(GAP, " ") for text in written] == [
        "420 ms", "41.3 s", "2 min 11 s", "1 h 5 min", "812 KB", "2.5 GB", "3,080", "93.1 %", "0.000625", "True", "–",
        "1,234,567",
    ]  # fmt: skip


@given(shares, shares, shares, st.sampled_from([">=", "<="]), st.sampled_from(["%", "pt", "ms", ""]))
def test_the_band_lies_in_the_shade_exactly_when_the_bound_meets_the_target(
    value: float, bound: float, target: float, op: str, unit: str
) -> None:
    drawn = interval(value, bound, target, op, unit)
    places = [drawn["value"], drawn["target"], *drawn["good"], *(drawn["band"] or ())]
    assert all(0 <= place <= drawn["width"] for place in places)
    if drawn["band"] is None:
        assert bound == value
        return
    proves = (bound < value) == (op == ">=")
    inside = drawn["good"][0] <= drawn["band"][0] and drawn["band"][1] <= drawn["good"][1]
    if proves and abs(drawn["bound"] - drawn["target"]) > 0.2:
        assert inside == (bound >= target if op == ">=" else bound <= target)


@given(st.integers(2, 40), st.integers(0, 10**6))
def test_a_summarised_confusion_matrix_loses_no_example(size: int, seed: int) -> None:
    rng = random.Random(seed)
    counts = [[rng.choice((0, 0, 0, 0, 1, 3)) for _ in range(size)] for _ in range(size)]
    found = heat([f"c{i}" for i in range(size)], counts)
    total = sum(map(sum, counts))
    assert sum(row["total"] for row in found["rows"]) == found["examples"] == total
    assert sum(cell["n"] for row in found["rows"] for cell in row["cells"]) == total
    assert len(found["rows"]) == (size if size <= 20 else 21)
    assert (found["rest"] is None) == (size <= 20)
    if found["rest"]:
        own = found["rows"][-1]["cells"][-1]["n"]
        assert own == found["rest"]["right"] + found["rest"]["among"]


def test_the_classes_shown_are_those_with_most_mistakes() -> None:
    size = 30
    counts = [[9 if i == j else 0 for j in range(size)] for i in range(size)]
    counts[29][28] = 5
    found = heat([f"c{i}" for i in range(size)], counts)
    assert {"c28", "c29"} <= {row["name"] for row in found["rows"]}
    assert found["pairs"] == [{"truth": "c29", "answer": "c28", "n": 5, "share": 5 / 14}]


@given(st.lists(st.tuples(st.floats(0, 1e5), shares), min_size=2, max_size=9), st.none() | shares)
def test_every_point_of_the_scatter_is_inside_its_box(points: list[tuple[float, float]], target: float | None) -> None:
    drawn = scatter([(str(i), seconds, quality, False) for i, (seconds, quality) in enumerate(points)], target)
    assert drawn is not None
    left, right, top, bottom = drawn["box"]
    assert all(left <= p["x"] <= right and top <= p["y"] <= bottom for p in drawn["points"])
    assert all(left <= x <= right for x, _ in drawn["x"])
    assert drawn["target"] is None or top <= drawn["target"] <= bottom
    assert 2 <= len(drawn["y"]) <= 7


@given(st.lists(st.floats(0.01, 1e4), min_size=2, max_size=12), st.none() | st.floats(1e-5, 10))
def test_every_block_is_inside_its_box(values: list[float], target: float | None) -> None:
    drawn = blocks(values, target)
    assert drawn is not None
    _, right, top, bottom = drawn["box"]
    assert all(top <= b["y"] <= bottom and b["x"] + b["width"] <= right for b in drawn["bars"])
    assert drawn["target"] is None or top <= drawn["target"] <= bottom


def test_small_drawings_are_left_out() -> None:
    assert scatter([("1", 1.0, 0.5, True)], 0.9) is None
    assert blocks([3.0], 0.02) is None
    assert splits({}) == []
    assert math.isclose(splits({"train": 3, "dev": 1})[1]["x"], 270)
