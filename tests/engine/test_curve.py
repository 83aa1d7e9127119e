"""The learning curve and feasibility: nested, within the time left, ranges only, and no word where none is earned."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract, Line, parse_line
from zhinan.contract import load as load_contract
from zhinan.core import Block, Candidate, Encoded
from zhinan.data import Split, split
from zhinan.data import load as load_data
from zhinan.engine import refits as room
from zhinan.engine.climb import Rung, Tried, climb
from zhinan.engine.curve import Aim, Learned, aim_of, feasible_facts, learned, unit_of
from zhinan.engine.encode import Encoding
from zhinan.engine.refits import Refits
from zhinan.evaluate.certify import Findings
from zhinan.proof import Measurement, judge, learning_curve
from zhinan.store import Store

Shop = Callable[..., Path]
FAR = 1e12


def looked(contract: Contract, values: dict[str, tuple[int, int]]) -> Findings:
    """Findings that saw so many hits of so many rows for each line."""
    measured = {line.text: Measurement.counts(*values[line.text]) for line in contract.must}
    verdicts = tuple(
        judge(line.text, line.op, line.target, measured[line.text], delta=0.05, lines=len(contract.must), on="sealed")
        for line in contract.must
    )
    return Findings(verdicts, (), measured, {"opening": 1, "delta": 0.05, "left": 3}, None, ())


@pytest.fixture(scope="module")
def tried(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> tuple[Contract, Split, Encoding, tuple[Tried, ...]]:
    """A climbed product of 500 rows, 30 % of whose labels are drawn at random."""
    folder = tmp_path_factory.mktemp("product")
    contract = load_contract(shop(folder, rows=500, wrong=0.3, must=("accuracy >= 90%", "recall[card] >= 80%")))
    loaded = load_data(contract)
    parts = split(contract, loaded)
    with Store(folder / ".zhinan") as store:
        encoding = Encoding(parts.train, parts.dev, loaded.classes, store)
        found = climb(contract, encoding, until=FAR, delta=0.025, sealed=len(parts.sealed), highest="shallow")
        yield contract, parts, encoding, found


def refits_of(tried: Any, folder: Path, until: float = FAR) -> Refits:
    _, _, encoding, found = tried
    chosen = found[-1]
    train, dev = encoding.parts(chosen.rung.encoders)
    from zhinan.store import Blobs

    return Refits(chosen.candidate, train, dev, Blobs(folder), until, "key")


def aimed(tried: Any, first: tuple[int, int] = (80, 100), second: tuple[int, int] = (40, 50)) -> Aim | None:
    contract, parts, _, found = tried
    seen = looked(contract, {"accuracy >= 90%": first, "recall[card] >= 80%": second})
    return aim_of(contract, seen, found[-1], parts.dev)


def test_the_aim_is_the_first_line_that_is_not_proved(tried: Any) -> None:
    contract, parts, _, found = tried
    aim = aimed(tried)
    assert aim is not None
    chosen = found[-1]
    assert aim.line.text == "accuracy >= 90%"
    assert aim.target == pytest.approx(0.1)
    assert aim.error == pytest.approx(1 - chosen.standing.values["accuracy >= 90%"])
    assert aim.n == len(parts.dev)
    second = aimed(tried, first=(9999, 10000))
    assert second is not None
    assert second.line.text == "recall[card] >= 80%"
    assert second.n < len(parts.dev)
    both = aimed(tried, first=(9999, 10000), second=(9999, 10000))
    assert both is not None
    assert both.line.text == "accuracy >= 90%"
    assert contract.must[0].text == both.line.text


def test_a_relative_line_aims_at_what_the_current_answers_reach(tried: Any) -> None:
    contract, parts, _, found = tried
    chosen = found[-1]
    for text, target in (("accuracy >= current - 1 pt", 0.79), ("accuracy >= 105% of current", 0.84)):
        line = parse_line(text)
        value = chosen.standing.values["accuracy >= 90%"]
        compared = value - 0.8 if line.relative == "difference" else value / 0.8
        one = replace(contract, must=(line,))
        standing = replace(chosen.standing, values={line.text: compared})
        seen = looked(one, {line.text: (50, 100)})
        aim = aim_of(one, seen, replace(chosen, standing=standing), parts.dev)
        assert aim is not None
        assert aim.target == pytest.approx(1 - target)


def test_lines_that_no_more_labels_would_mend_have_no_curve(tried: Any) -> None:
    contract, parts, _, found = tried
    for text in ("size <= 5 MB", "accuracy[under typos] >= 80%"):
        one = replace(contract, must=(parse_line(text),))
        seen = looked(one, {parse_line(text).text: (50, 100)})
        assert aim_of(one, seen, found[-1], parts.dev) is None


def test_the_curve_ends_in_the_candidate_itself_and_is_fitted_once(tried: Any, tmp_path: Path) -> None:
    contract, parts, _, _ = tried
    aim = aimed(tried)
    assert aim is not None
    refits = refits_of(tried, tmp_path)
    fits: list[int] = []
    fit = refits.fit
    refits.fit = lambda part, held: (fits.append(len(part)), fit(part, held))[1]  # type: ignore[assignment]
    one = learned(refits, aim, parts.train, parts.dev, contract)
    assert len(one.sizes) >= 6
    assert one.sizes[-1] == len(parts.train)
    assert one.errors[-1] == aim.error
    assert sorted(fits)[-1] < len(parts.train), "the candidate itself was fitted again"
    assert one.sizes[:-1].tolist() == sorted(fits)
    fits.clear()
    again = learned(refits, aim, parts.train, parts.dev, contract)
    assert fits == []
    assert np.array_equal(again.errors, one.errors)
    shown = one.facts()
    assert json.loads(json.dumps(shown)) == shown
    assert shown["target"] == aim.target
    assert all(point["low"] <= point["mid"] <= point["high"] for point in shown["band"])
    assert (shown["needed"] is None) != (shown["refused"] is None)
    assert max(point["n"] for point in shown["band"]) <= 5 * len(parts.train)


def test_parts_are_nested(tried: Any, tmp_path: Path) -> None:
    contract, parts, _, _ = tried
    aim = aimed(tried)
    assert aim is not None
    refits = refits_of(tried, tmp_path)
    seen: list[set[bytes]] = []
    fit = refits.fit

    def spy(part: Encoded, held: Encoded) -> Candidate:
        rows = part.blocks[0].values
        seen.append({rows[[i]].toarray().tobytes() for i in range(len(part))})
        return fit(part, held)

    refits.fit = spy  # type: ignore[method-assign]
    learned(refits, aim, parts.train, parts.dev, contract)
    curve = sorted(seen, key=len)
    assert all(small <= large for small, large in itertools.pairwise(curve))


def test_without_time_there_is_a_reason_and_no_curve(
    tried: Any, tmp_path: Path, registered: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, parts, _, _ = tried
    aim = aimed(tried)
    assert aim is not None
    fitted: list[int] = []

    class Clock:
        now = 0.0

        @classmethod
        def perf_counter(cls) -> float:
            return cls.now

    refits = refits_of(tried, tmp_path, until=10.0)

    def slow(train: Encoded, dev: Encoded, *, budget: float, **params: Any) -> Candidate:
        Clock.now += 0.04 * len(train)
        fitted.append(len(train))
        return replace(refits.candidate, decided=None, handed=None)

    registered("recipe", "linear", slow, level="frozen", tasks=("classify",))
    monkeypatch.setattr(room, "time", Clock)
    one = learned(refits, aim, parts.train, parts.dev, contract)
    assert one.curve is None
    assert one.why is not None
    assert "forecast" in one.why.en
    assert Clock.now <= 11, "the budget was overrun"
    assert 0 < len(one.sizes) < 6
    assert one.labels() is None
    assert one.facts()["refused"]["zh"].startswith("未计算")
    refits.until = Clock.now + 100
    later = learned(refits, aim, parts.train, parts.dev, contract)
    assert later.curve is not None
    assert len(set(fitted)) == len(fitted), "what was fitted in time was fitted again"


def curve_of(target: float, *, floor: float, n: int = 4000) -> Learned:
    """A curve 0.6·(size/100)^−.5 + floor, measured without noise up to 3,200 rows."""
    sizes = np.round(3200 * 2.0 ** (-np.arange(9) / 2)).astype(int)[::-1]
    errors = 0.6 * (sizes / 100) ** -0.5 + floor
    line = parse_line("accuracy >= 90%")
    aim = Aim(line, line, target, float(errors[-1]), n)
    return Learned(aim, sizes, errors, learning_curve(sizes, errors, n))


def test_labels_are_a_range_around_what_is_really_needed() -> None:
    one = curve_of(0.08, floor=0.0)  # reached at 5,625 rows: 2,425 more
    labels = one.labels()
    assert labels is not None
    assert labels["low"] <= 2425 <= labels["high"]
    assert labels["low"] < labels["high"]
    assert all(len(str(count).rstrip("0")) <= 2 for count in labels.values())
    needed = one.facts()["needed"]
    assert needed["low"] < needed["high"]


def test_out_of_reach_is_said_and_no_number_given() -> None:
    one = curve_of(0.02, floor=0.05)
    assert one.labels() is None
    assert one.facts()["needed"] is None
    assert one.facts()["refused"]["en"]


def test_a_target_already_reached_needs_no_labels() -> None:
    assert curve_of(0.3, floor=0.0).labels() is None


@pytest.mark.parametrize(
    ("flipped", "target", "more", "says"),
    [(0.0, 0.05, False, "recipe"), (0.3, 0.05, False, "labels"), (0.3, 0.05, True, None), (0.3, 0.4, True, "recipe")],
)
def test_whether_labels_leave_room_is_told_from_neighbours(
    flipped: float, target: float, more: bool, says: str | None
) -> None:
    draw = np.random.default_rng(0)
    target_codes = draw.integers(0, 2, 1500)
    values = (np.eye(2)[target_codes] + 0.02 * draw.normal(size=(1500, 2))).astype(np.float32)
    noisy = np.where(draw.random(1500) < flipped, 1 - target_codes, target_codes)

    class Made:
        classes = ("a", "b")

        def parts(self, names: tuple[str, ...]) -> tuple[Encoded, Encoded]:
            halves = [slice(0, 1000), slice(1000, 1500)]
            return tuple(  # type: ignore[return-value]
                Encoded((Block(names[0], values[half], None),), noisy[half], ("a", "b"))  # type: ignore[arg-type]
                for half in halves
            )

    line = parse_line("accuracy >= 95%")
    aim = Aim(line, line, target, flipped + 0.01, 500)
    one = Tried(Rung("shallow", "linear", ("columns",)), candidate=object())  # type: ignore[arg-type]
    facts = feasible_facts(Made(), aim, [one], FAR, more=more)  # type: ignore[arg-type]
    assert facts is not None
    assert facts["says"] == says
    assert facts["encoder"] == "columns"
    assert facts["floor"] <= aim.error
    best = min(flipped, 1 - flipped)
    assert facts["floor"] <= best + 0.05
    assert feasible_facts(Made(), aim, [one], 0.0, more=more) is None, "there was no time"  # type: ignore[arg-type]
    proven = replace(aim, error=0.001)
    if flipped:
        assert feasible_facts(Made(), proven, [one], FAR, more=more) is None, "a recipe does better than the estimate"  # type: ignore[arg-type]


def test_of_other_metrics_the_bound_says_nothing(tried: Any) -> None:
    _, _, encoding, found = tried
    for text in ("recall[card] >= 80%", "macro_f1 >= 80%"):
        line: Line = parse_line(text)
        assert feasible_facts(encoding, Aim(line, line, 0.2, 0.3, 50), found, FAR, more=False) is None


def test_a_line_that_is_a_share_of_todays_tells_its_errors_in_the_metrics_own_unit() -> None:
    units = {
        "mae <= 90% of current": "", "mae <= current - 5": "", "accuracy >= 105% of current": "pt",
        "accuracy >= current - 1 pt": "pt", "accuracy >= 90%": "pt", "r2 >= 0.4": "",
    }  # fmt: skip
    assert {text: unit_of(parse_line(text)) for text in units} == units
