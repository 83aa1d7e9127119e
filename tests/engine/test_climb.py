"""The climb: cheapest first, within the budget, nothing encoded or trained twice, and the clock never chooses."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import load
from zhinan.core import Candidate, Encoded, Plan, StepSpec, UserError
from zhinan.data import load as load_data
from zhinan.data import split
from zhinan.engine import build, encode, pace
from zhinan.engine import building as room
from zhinan.engine import climb as climbing
from zhinan.engine._kept import keep, recall
from zhinan.engine.climb import Rung, Tried, best, rungs
from zhinan.engine.encode import Encoding
from zhinan.engine.margins import Standing
from zhinan.engine.pace import CERTIFICATION
from zhinan.proof import Measurement
from zhinan.recipes.linear import linear
from zhinan.recipes.prior import prior
from zhinan.steps import Program
from zhinan.store import Store

pytestmark = pytest.mark.usefixtures("told_costs", "quick")
Shop = Callable[..., Path]
Put = Callable[..., None]


@dataclass
class Counting:
    """A pretrained encoder that counts the rows it encodes and takes its time: two letters' shares."""

    seconds: float = 0.0
    wait: Callable[[float], None] = time.sleep
    encoded: list[int] = field(default_factory=list)

    def __repr__(self) -> str:
        return "Counting()"

    def fit(self, rows: Mapping[str, Sequence[Any]], progress: Any = None) -> Counting:
        return self

    def encode(self, rows: Mapping[str, Sequence[Any]], progress: Any = None) -> np.ndarray:
        (texts,) = rows.values()
        self.encoded.append(len(texts))
        self.wait(self.seconds * len(texts))
        if progress:
            progress(len(texts), len(texts))
        return np.array([[len(text or ""), (text or "").count("a")] for text in texts], np.float32).reshape(-1, 2)

    def plan(self, prefix: str) -> Plan:
        columns = [{"kind": "category", "values": ["app", "web"]}]  # it runs, but computes something else
        step = StepSpec("table", ("channel",), (prefix,), {"columns": columns})
        return Plan((step,), {}, (prefix,), "dense", 2)


@pytest.fixture
def counting(registered: Put, ladder: Put) -> Counting:
    """`counting` stands above the n-grams; prior reads n-grams, so its own plan is never packaged."""
    one = Counting()
    registered("encoder", "counting", lambda: one, kinds=("text",), weights="made-up")
    ladder(("prior", "prior", ("ngrams",)), ("frozen", "linear", ("ngrams",)), ("frozen", "linear", ("counting",)))
    return one


@dataclass
class Clock:
    """What the climb takes for the time: it passes where a test lets it pass, however busy the machine is."""

    now: float = 0.0

    def perf_counter(self) -> float:
        return self.now

    def process_time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of a build, of its climb and of the tasting of encoders."""
    made = Clock()
    for part in (room, climbing, encode, pace):
        monkeypatch.setattr(part, "time", made)
    return made


NEVER = ("accuracy >= 99.9%",)


def test_a_second_build_encodes_nothing(shop: Shop, tmp_path: Path, counting: Counting) -> None:
    path = shop(tmp_path, rows=120, wrong=0.3, must=NEVER)
    first = build(path)
    assert [r["encoder"] for r in first.recipes] == ["ngrams", "ngrams", "counting"]
    assert sum(counting.encoded) >= first.data["train"] + first.data["dev"]
    counting.encoded.clear()
    second = build(shop(tmp_path, rows=120, wrong=0.3, must=("accuracy >= 99.8%",)))
    assert counting.encoded == []
    assert [r["dev"].popitem()[1] for r in second.recipes] == [r["dev"].popitem()[1] for r in first.recipes]


def test_features_outlive_the_candidates_made_of_them(shop: Shop, tmp_path: Path, counting: Counting) -> None:
    contract = load(shop(tmp_path, rows=60))
    loaded = load_data(contract)
    parts = split(contract, loaded)
    with Store(tmp_path / ".zhinan") as store:
        first, second = (Encoding(parts.train, parts.dev, loaded.classes, store) for _ in range(2))
        made = first.parts(("counting",))
        assert first.encoded == sum(counting.encoded) == len(parts.train) + len(parts.dev)
        assert second.forecast("counting") == 0
        again = second.parts(("counting",))
        assert second.encoded == 0
    for one, other in zip(made, again, strict=True):
        assert np.array_equal(one.blocks[0].values, other.blocks[0].values)


def test_other_rows_are_other_features(shop: Shop, tmp_path: Path, counting: Counting) -> None:
    with Store(tmp_path / ".zhinan") as store:
        for rows in (60, 90):
            contract = load(shop(tmp_path, rows=rows))
            loaded = load_data(contract)
            parts = split(contract, loaded)
            encoding = Encoding(parts.train, parts.dev, loaded.classes, store)
            encoding.parts(("counting",))
            assert encoding.encoded > 0


def test_damaged_candidates_are_trained_again(shop: Shop, tmp_path: Path, counting: Counting) -> None:
    path = shop(tmp_path, rows=120, wrong=0.3, must=NEVER)
    first = build(path)
    folder = tmp_path / ".zhinan" / "blobs"
    for part in ("contents", "names"):
        blobs = [file for file in folder.rglob("*") if file.is_file() and ("named" in file.parts) == (part == "names")]
        assert blobs
        for i, file in enumerate(blobs):
            if i % 3 == 0:
                file.unlink()
            else:
                file.chmod(0o644)
                file.write_bytes(file.read_bytes()[:-1] + b"?")
        again = build(path)
        assert (again.version, again.verdicts) == (first.version, first.verdicts)


def test_climbing_stops_when_dev_promises_every_line(shop: Shop, tmp_path: Path, counting: Counting) -> None:
    built = build(shop(tmp_path, rows=200, must=("accuracy >= 50%",)))
    assert [r["encoder"] for r in built.recipes] == ["ngrams", "ngrams"]
    assert counting.encoded == []


def test_an_encoder_whose_weights_cannot_be_had_is_shown_as_skipped(
    shop: Shop, tmp_path: Path, registered: Put, ladder: Put
) -> None:
    class Far:
        def fit(self, rows: Any, progress: Any = None) -> Any:
            raise UserError("E200", name="m", reason="offline", file="m.whl", wheel="made-up-weights", version="1")

    registered("encoder", "far", Far, kinds=("text",), weights="made-up")
    ladder(("prior", "prior", ("ngrams",)), ("frozen", "linear", ("far",)), ("frozen", "linear", ("ngrams",)))
    built = build(shop(tmp_path, must=NEVER))
    skipped = {r["encoder"]: r["skipped"] for r in built.recipes if r["skipped"]}
    assert list(skipped) == ["far"]
    assert not any(r["late"] for r in built.recipes), "more time would not help"
    assert "offline" in skipped["far"]
    assert "made-up-weights" in skipped["far"], "it does not name the wheel"


def test_the_budget_leaves_out_what_would_take_too_long(
    shop: Shop, tmp_path: Path, counting: Counting, clock: Clock
) -> None:
    counting.seconds, counting.wait = 0.02, clock.sleep
    path = shop(tmp_path, rows=400, wrong=0.3, must=NEVER)
    built = build(path, budget=CERTIFICATION + 3)
    shown = built.recipes[-1]
    assert shown["encoder"] == "counting"
    assert "forecast" in shown["skipped"]
    assert [r["late"] for r in built.recipes] == [False] * (len(built.recipes) - 1) + [True]
    assert max(counting.encoded) <= 64, "more than a taste was encoded"
    assert built.seconds < CERTIFICATION + 3


def test_a_recipe_is_told_how_long_it_may_take_and_the_whole_is_not_overrun(
    shop: Shop, tmp_path: Path, registered: Put, ladder: Put, clock: Clock
) -> None:
    told: list[float] = []

    def greedy(train: Encoded, dev: Encoded, *, budget: float) -> Candidate:
        told.append(budget)
        clock.sleep(budget)
        return prior(train, dev, budget=budget)

    registered("recipe", "greedy", greedy, level="frozen", tasks=("classify",))
    ladder(("frozen", "greedy", ("ngrams",)), ("frozen", "linear", ("ngrams",)))
    built = build(shop(tmp_path, rows=60, must=NEVER), budget=CERTIFICATION + 4)
    assert told == [4.0]
    assert built.seconds == 4
    assert "budget" in built.recipes[1]["skipped"]


def test_the_first_rung_is_tried_whatever_the_budget(shop: Shop, tmp_path: Path, counting: Counting) -> None:
    built = build(shop(tmp_path, rows=60, must=NEVER), budget=0.01)
    assert [r["skipped"] is None for r in built.recipes] == [True, False, False]
    assert built.outcome == "REFUTED"


def test_of_two_equally_good_rungs_the_earlier_is_taken_however_long_each_took(
    shop: Shop, tmp_path: Path, registered: Put, ladder: Put
) -> None:
    def tardy(train: Encoded, dev: Encoded, *, budget: float) -> Candidate:
        until = time.process_time() + 0.3
        while time.process_time() < until:
            pass
        return linear(train, dev, budget=budget)

    registered("recipe", "tardy", tardy, level="frozen", tasks=("classify",))
    ladder(("frozen", "tardy", ("ngrams",)), ("frozen", "linear", ("ngrams",)))
    built = build(shop(tmp_path, wrong=0.3, must=NEVER))
    assert [r["chosen"] for r in built.recipes] == [True, False]


def test_rungs_that_fit_no_column_are_left_out_and_none_stands_twice(shop: Shop, tmp_path: Path) -> None:
    contract = load(shop(tmp_path))
    inputs = split(contract, load_data(contract)).train.inputs
    every = rungs("classify", inputs)
    assert len(set(every)) == len(every)
    assert every[0].level == "prior"
    texts = rungs("classify", [column for column in inputs if column.kind == "text"])
    assert all("columns" not in rung.encoders for rung in texts)
    table = rungs("classify", [column for column in inputs if column.kind == "category"])
    assert {rung.encoders for rung in table} == {("columns",)}
    assert rungs("classify", []) == ()


def test_columns_no_encoder_reads_are_an_error_that_says_so(shop: Shop, tmp_path: Path, ladder: Put) -> None:
    ladder(("prior", "prior", ("columns",)))
    path = shop(tmp_path)
    path.write_text(path.read_text("utf-8").replace(", channel: category", ""), encoding="utf-8")
    with pytest.raises(UserError) as error:
        build(path)
    assert error.value.code == "E325"


def test_what_is_certified_learned_from_train_and_dev(shop: Shop, tmp_path: Path, registered: Put, ladder: Put) -> None:
    sizes: list[int] = []

    def seen(train: Encoded, dev: Encoded, **options: Any) -> Candidate:
        sizes.append(len(train))
        time.sleep(0.1)
        return linear(train, dev, **options)

    registered("recipe", "seen", seen, level="frozen", tasks=("classify",))
    ladder(("frozen", "seen", ("ngrams",)))
    built = build(shop(tmp_path))
    assert sizes[0] == built.data["train"]
    assert sizes[-1] in (built.data["train"], built.data["train"] + built.data["dev"])
    assert built.recipes[0]["seconds"] >= 0.1 * len(sizes), "the fit that ships is counted"


def test_kept_candidates_compute_what_they_computed(shop: Shop, tmp_path: Path) -> None:
    contract = load(shop(tmp_path, rows=60))
    loaded = load_data(contract)
    parts = split(contract, loaded)
    with Store(tmp_path / ".zhinan") as store:
        train, dev = Encoding(parts.train, parts.dev, loaded.classes, store).parts(("ngrams", "columns"))
        made = linear(train, dev, budget=9)
        keep(store.blobs, "one", made)
        held = recall(store.blobs, "one")
        assert recall(store.blobs, "another") is None
    assert held is not None
    rows = parts.dev.rows()
    first, second = (Program(c.steps, c.files).run(rows)["probabilities"] for c in (made, held))
    assert np.array_equal(first, second)
    assert (held.params, held.classes, held.encoders) == (made.params, made.classes, made.encoders)
    assert np.array_equal(held.dev, made.dev)
    with pytest.raises(UserError):
        best((), contract)


def test_a_line_that_nothing_comes_near_does_not_hide_who_is_better_on_the_others(shop: Shop, tmp_path: Path) -> None:
    contract = load(shop(tmp_path, must=("accuracy >= 70%", "recall[card] >= 99%", "size <= 1 MB")))
    known = Candidate("linear", "shallow", ("columns",), (), {}, ("a",), np.zeros((1, 1)))

    def tried(name: str, accuracy: float) -> Tried:
        margins = dict(zip((line.text for line in contract.must), (accuracy, -50.0, 5.0), strict=True))
        return Tried(Rung("shallow", "linear", (name,)), known, Standing({}, margins, {}))

    poor, good, alike = tried("poor", -4.0), tried("good", 2.0), tried("alike", 2.0)
    assert best((poor, good, alike), contract) is good, "then the earliest"


def test_of_candidates_that_are_all_far_below_a_line_the_nearest_is_taken(shop: Shop, tmp_path: Path) -> None:
    contract = load(shop(tmp_path, must=("accuracy >= 99%",)))
    known = Candidate("linear", "shallow", ("columns",), (), {}, ("a",), np.zeros((1, 1)))

    def tried(name: str, margin: float) -> Tried:
        return Tried(Rung("shallow", name, ("columns",)), known, Standing({}, {contract.must[0].text: margin}, {}))

    floor, near, unknown = tried("prior", -300.0), tried("boost", -90.0), tried("linear", float("-inf"))
    assert best((floor, unknown, near), contract) is near
    assert near.standing is not None
    assert near.standing.least(contract.must) == floor.standing.least(contract.must) == -60.0  # type: ignore[union-attr]


def test_a_mixture_goes_before_its_parts_unless_dev_is_sure_or_a_must_line_is_lost(shop: Shop, tmp_path: Path) -> None:
    known = Candidate("linear", "shallow", ("columns",), (), {}, ("a",), np.zeros((1, 1)))

    def chosen(right: tuple[int, int], target: int, of: tuple[str, ...] = ("columns", "cells"), **more: Any) -> str:
        """Which is best of trees and a mixture that are right on the first of 200 rows, so many each."""
        contract = load(shop(tmp_path, must=(f"accuracy >= {target}%",)))
        contract = replace(contract, data=replace(contract.data, **more))
        (line,) = contract.must
        measured = [Measurement.count(np.arange(200) < count) for count in right]
        standings = [
            Standing({}, {line.text: one.standard_errors(line.op, line.target)}, {line.text: one}) for one in measured
        ]
        rungs = Rung("shallow", "boost", ("cells",)), Rung("shallow", "blend", of)
        return best([Tried(*one) for one in zip(rungs, [known] * 2, standings, strict=True)], contract).rung.recipe

    assert chosen((162, 160), 90) == "blend", "two rows of 200 are chance"
    assert chosen((172, 160), 90) == "boost", "twelve are not"
    assert chosen((162, 160), 81) == "boost", "only the trees meet the line"
    assert chosen((162, 160), 80) == "blend", "both do"
    assert chosen((162, 160), 90, of=("columns", "ngrams")) == "boost", "not its parts"
    assert chosen((162, 160), 90, time="day") == "boost", "older rows say little of which is better later"
