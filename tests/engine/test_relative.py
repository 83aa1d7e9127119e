"""A whole build whose lines compare with somebody else's answers, and under disturbances; asked before any compute."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import load
from zhinan.core import UserError
from zhinan.engine import build, building, check, proving
from zhinan.engine.proving import prove_version
from zhinan.evaluate import disturb
from zhinan.evaluate.costs import Costs
from zhinan.store import Store

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("told_costs")]
Shop = Callable[..., Path]


def with_answers(path: Path, wrong: int) -> Path:
    """Adds the column llm: the right answer, but `card` in every `wrong`th row; the contract calls it current."""
    file = path.parent / "messages.csv"
    head, *lines = file.read_text("utf-8").splitlines()
    answers = ["card" if i % wrong == 0 else line.rpartition(",")[2] for i, line in enumerate(lines)]
    said = [f"{line},{answer}" for line, answer in zip(lines, answers, strict=True)]
    file.write_text("\n".join([f"{head},llm", *said]) + "\n", encoding="utf-8")
    path.write_text(path.read_text("utf-8").replace("target: intent\n", "target: intent\n  current: llm\n"), "utf-8")
    return path


def shallow(path: Path, **more: Any) -> Any:
    return build(path, until="shallow", **more)


def test_a_column_of_answers_is_beaten_by_a_paired_bound_and_is_no_input(shop: Shop, tmp_path: Path) -> None:
    path = with_answers(shop(tmp_path, rows=400, must=("accuracy >= current - 1 pt", "accuracy >= 105% of current")), 3)
    path.write_text(path.read_text("utf-8").replace("inputs: {message: text, channel: category}", "slices: [channel]"))
    built = shallow(path)
    assert built.outcome == "PROVED"
    difference, ratio = built.verdicts
    assert 0.1 < difference["value"] < 0.4, "a third of its answers are card"
    assert ratio["value"] > 1
    assert "llm" not in json.loads((Path(built.path) / "manifest.json").read_text("utf-8"))["inputs"]
    with Store(tmp_path / ".zhinan") as store:
        again = prove_version(load(path), store, Path(built.path))
    assert [v.value for v in again.verdicts] == [difference["value"], ratio["value"]]


def test_a_line_under_a_disturbance_is_tried_on_dev_and_judged_on_sealed(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("accuracy >= 70%", "accuracy[under typos] >= 40%")
    asked: list[Any] = []
    whole = disturb.disturb
    monkeypatch.setattr(disturb, "disturb", lambda rows, kinds, how: asked.append(how) or whole(rows, kinds, how))
    built = shallow(shop(tmp_path, rows=400, must=lines))
    assert built.outcome == "PROVED"
    assert [v["on"] for v in built.verdicts] == ["sealed", "sealed"]
    tried = [recipe["dev"][lines[1]] for recipe in built.recipes if recipe["dev"]]
    climbed = asked[: len(tried) + 1]  # the report's table of robustness asks the chosen candidate afterwards
    assert climbed == ["typos"] * len(climbed), "each candidate answers disturbed dev rows once, the draft sealed ones"
    assert asked.count("typos") <= len(climbed) + 1
    assert tried[-1] > 0.4


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("accuracy >= current", "E283"),
        ("size <= 80% of current", "E283"),
        ("energy <= 1 Wh", "E281"),
        ("accuracy[under typos] >= 70%", "E280"),
    ],
)
def test_what_cannot_be_judged_is_refused_before_any_compute(
    shop: Shop, tmp_path: Path, line: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhinan.evaluate.costs.readable", lambda: False)
    path = shop(tmp_path, must=(line,))
    if code == "E280":
        path.write_text(path.read_text("utf-8").replace("message: text, ", ""))
    told = list[str]()
    for ask in (lambda: shallow(path, progress=lambda what, done, total: told.append(what)), lambda: check(path)):
        with pytest.raises(UserError) as error:
            ask()
        assert error.value.code == code
        assert error.value.where.startswith("product.yaml:")
    assert set(told) <= {"data", "read", "clean", "mask", "split"}


def test_the_live_version_is_what_current_means_and_its_costs_are_measured_beside(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shallow(shop(tmp_path, rows=400))
    assert first.stage == "live"
    asked: list[Any] = []
    told = building.measure_costs

    def beside(draft: Path, rows: Any, **more: Any) -> Costs:
        asked.append((more["against"], more["prices"]))
        ours = told(draft, rows, **more)
        return replace(ours, current=replace(ours, size=4_000_000, memories=np.full(10, 4e8)))

    for room in (building, proving):
        monkeypatch.setattr(room, "measure_costs", beside)
    must = ("accuracy >= current - 9 pt", "size <= 50% of current", "memory <= current")
    path = shop(tmp_path, rows=400, must=must)
    path.write_text(path.read_text("utf-8") + "cost: {watts: 65}\n")
    built = shallow(path)
    assert [v["verdict"] for v in built.verdicts] == ["PROVED"] * 3
    assert built.verdicts[0]["value"] == 0, "the same recipe on the same rows answers alike"
    assert built.verdicts[1]["value"] == 0.5
    (against, prices), *_ = asked
    assert against[0] == Path(first.path)
    assert set(against[1]) == {"message", "channel"}
    assert prices.watts == 65
    needs = {need.line: need for need in check(path, store=Store(tmp_path / ".zhinan")).needs}
    assert needs[must[0]].need is None, "no number of flawless rows follows from a relative target"
