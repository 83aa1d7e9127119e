"""Certification: the seal opens once, only when it may prove something, and is charged before anybody looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract, parse
from zhinan.core import Column, Dataset, UserError
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.certify import Findings, certify
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.measure import is_cost, judge_dataset, measure
from zhinan.store import Store

CLASSES = ("card", "refund")
COSTS = Costs(np.full(400, 0.004), np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 5_000_000)


class Answering:
    """A version that answers `right` of its rows right; it counts how often it was asked."""

    def __init__(self, right: float, name: str = "draft-1") -> None:
        self.right, self.asked = right, 0
        body = {"steps": [name], "inputs": {}, "output": {}, "files": {}}
        self.manifest = SimpleNamespace(steps=(), as_dict=lambda: body)
        self.classes, self.hands_over = CLASSES, False

    def run(self, values: Mapping[str, list[Any]]) -> dict[str, Any]:
        self.asked += 1
        codes = np.array(
            [("refund" in text) ^ (int(text.split()[1]) % 100 >= 100 * self.right) for text in values["m"]]
        )
        probability = np.eye(2)[codes.astype(int)]
        labels = [CLASSES[i] for i in codes.astype(int)]
        return {"label": labels, "probabilities": probability, "handover": np.zeros(len(codes), bool)}


def part(n: int, first: int = 0) -> Dataset:
    labels = [CLASSES[i % 2] for i in range(n)]
    frame = pl.DataFrame({
        "m": [f"{label} {first + i // 2}" for i, label in enumerate(labels)],
        "channel": ["app" if i % 3 else "web" for i in range(n)],
        "intent": labels,
        "_row": [f"row {first + i}" for i in range(n)],
    })  # fmt: skip
    return Dataset(frame, (Column("m", "text"),), Column("intent", "category"), None, None, f"{n} from {first}")


def contract(*must: str, more: str = "", confidence: str = "95%") -> Contract:
    lines = "".join(f"  - {line}\n" for line in must)
    return parse(f"product: shop\ndata: messages.csv\ntarget: intent\nmust:\n{lines}confidence: {confidence}\n{more}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        yield opened


def run(given: Contract, version: Any, store: Store, *, dev: float = 0.97, rows: int = 400, **more: Any) -> Findings:
    on = part(200, 10_000)
    seen = Answering(dev).run(on.rows())
    judged = judge_dataset(on, Answers(seen["label"], seen["probabilities"]), CLASSES)
    on_dev = {line.text: measure(line, judged) for line in (*given.must, *given.should) if not is_cost(line)}
    return certify(given, version, on_dev=on_dev, sealed=part(rows), costs=COSTS, store=store, **more)


def test_a_good_draft_is_proved_at_the_error_of_its_opening(store: Store) -> None:
    version = Answering(0.97)
    found = run(contract("accuracy >= 90%", "recall[refund] >= 85%", "size <= 60 MB"), version, store)
    assert found.outcome == "PROVED"
    assert [v.on for v in found.verdicts] == ["sealed", "sealed", "measured"]
    assert found.ledger["opening"] == 1
    assert found.ledger["delta"] == pytest.approx(0.025)
    assert found.ledger["left"] > 0
    (opening,) = store.openings("shop")
    assert opening.result is not None
    assert opening.result["verdicts"] == {"accuracy >= 90%": "PROVED", "recall[refund] >= 85%": "PROVED"}
    assert (opening.result["outcome"], opening.result["left"]) == ("PROVED", found.ledger["left"])
    first, kept = found.verdicts[0], opening.result["lines"][0]
    assert (kept["value"], kept["bound"], kept["n"], kept["delta"]) == (first.value, first.bound, first.n, 0.025)


@pytest.mark.parametrize(
    ("must", "more"),
    [
        (("accuracy >= 99.9%",), {"dev": 0.8}),
        (("accuracy >= 80%", "size <= 1 MB"), {}),
        (("accuracy >= 80%",), {"seal": "closed"}),
        (("size <= 60 MB",), {}),
    ],
    ids=["dev refutes", "a cost is refuted", "asked for", "nothing to see"],
)
def test_the_seal_stays_closed(store: Store, must: tuple[str, ...], more: dict[str, Any]) -> None:
    version = Answering(0.97)
    found = run(contract(*must), version, store, **more)
    assert store.openings("shop") == ()
    assert version.asked == 0
    assert found.sealed is None
    assert found.ledger["opening"] is None
    assert found.ledger["left"] > 0
    assert {v.on for v in found.verdicts} <= {"dev", "measured"}
    assert all(v.verdict != "PROVED" for v in found.verdicts if v.on == "dev")
    assert found.proof(contract(*must))["sealed"] is None


def test_the_opening_is_on_record_before_anything_is_looked_at(store: Store) -> None:
    class Dying(Answering):
        def run(self, values: Mapping[str, list[Any]]) -> dict[str, Any]:
            (opening,) = store.openings("shop")
            assert opening.result is None
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(contract("accuracy >= 90%"), Dying(0.97), store)
    found = run(contract("accuracy >= 90%"), Answering(0.97), store)
    assert found.ledger["opening"] == 1, "the same look was charged twice"
    assert len(store.openings("shop")) == 1


def test_the_same_draft_by_the_same_lines_is_free_and_not_even_asked_again(store: Store) -> None:
    version, given = Answering(0.97), contract("accuracy >= 90%", "recall[card] >= 80%")
    first = run(given, version, store)
    asked = version.asked
    again = run(contract("recall[card] >= 80%", "accuracy >= 90%"), version, store)
    assert version.asked == asked
    assert again.ledger == first.ledger
    assert {v.line: v.bound for v in again.verdicts} == {v.line: v.bound for v in first.verdicts}


def test_adding_a_cost_line_charges_nothing(store: Store) -> None:
    version = Answering(0.9)
    first = run(contract("accuracy >= 93%"), version, store)
    second = run(contract("accuracy >= 93%", "size <= 60 MB", "memory <= 1 GB"), version, store)
    assert (first.outcome, second.outcome) == ("REFUTED", "UNDECIDED")  # three lines share the error of refuting
    assert second.ledger["opening"] == 1


def test_another_draft_is_another_opening_at_a_smaller_error(store: Store) -> None:
    deltas = [run(contract("accuracy >= 80%"), Answering(0.97, f"{i}"), store).ledger["delta"] for i in range(3)]
    assert deltas == pytest.approx([0.05 / 2, 0.05 / 8, 0.05 / 32])


def test_an_exhausted_set_is_not_opened_again(store: Store) -> None:
    given = contract("accuracy >= 90%")

    def openings() -> None:
        for i in range(20):
            run(given, Answering(0.99, f"draft {i}"), store, rows=60)

    with pytest.raises(UserError) as error:
        openings()
    assert error.value.code == "E030"
    assert 0 < len(store.openings("shop")) < 20


def test_a_declared_plan_shares_the_error_and_ends(store: Store) -> None:
    given = contract("accuracy >= 80%", more="proof: {openings: 2}\n")
    ledgers = [run(given, Answering(0.97, f"draft {i}"), store).ledger for i in range(2)]
    assert [ledger["delta"] for ledger in ledgers] == [0.025, 0.025]
    assert [ledger["left"] for ledger in ledgers] == [1, 0]
    with pytest.raises(UserError) as error:
        run(given, Answering(0.97, "one too many"), store)
    assert error.value.code == "E035"
    assert len(store.openings("shop")) == 2


def test_a_should_line_is_judged_and_never_gates(store: Store) -> None:
    given = contract("accuracy >= 80%", more="should:\n  - accuracy >= 99.9%\n  - size <= 1 KB\n")
    found = run(given, Answering(0.9), store)
    assert found.outcome == "PROVED"
    assert [v.verdict for v in found.shoulds] == ["REFUTED", "REFUTED"]


def test_a_class_that_no_sealed_row_has_is_undecided_with_the_number_needed(store: Store) -> None:
    given = contract("accuracy >= 80%", "recall[complaint] >= 80%")
    flawless = measure(given.must[0], judge_dataset(part(60), Answers(part(60).values("intent")), CLASSES))
    on_dev = {line.text: flawless for line in given.must}
    found = certify(given, Answering(0.97), on_dev=on_dev, sealed=part(400), costs=COSTS, store=store)
    verdict = found.verdicts[1]
    assert (verdict.verdict, verdict.n, verdict.value) == ("UNDECIDED", 0, None)
    assert verdict.to_decide is not None
    assert found.outcome == "UNDECIDED"
