"""A line relative to `current` compares with a column of answers or with the live version, on the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract, parse
from zhinan.core import Column, Dataset, UserError
from zhinan.evaluate import current as room
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.certify import Findings, certify
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.current import beside, current_of, disturbances, fair
from zhinan.evaluate.in_time import measure_in_time
from zhinan.evaluate.measure import is_cost, judge_dataset, measure
from zhinan.proof.series import Series, settled
from zhinan.store import Store

CLASSES = ("card", "refund")
COSTS = Costs(np.full(400, 0.004), np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 5_000_000)


class Keyword:
    """Answers refund where it reads the word, except in the rows whose number is below `wrong`; counts its rows."""

    def __init__(self, wrong: int, name: str = "draft", reads: str = "m") -> None:
        self.wrong, self.reads, self.asked = wrong, reads, 0
        body = {"steps": [name], "inputs": {}, "output": {}, "files": {}}
        self.manifest = SimpleNamespace(steps=(), as_dict=lambda: body, facts={"sealed": "2000 from 0"})
        self.classes, self.hands_over, self.inputs, self.path = CLASSES, False, {reads: "text"}, Path(name)

    def run(self, values: Mapping[str, list[Any]]) -> dict[str, Any]:
        texts = values[self.reads]
        self.asked += len(texts)
        said = np.array([("refund" in text) ^ (number(text) < self.wrong) for text in texts]).astype(int)
        labels = [CLASSES[code] for code in said]
        return {"label": labels, "probabilities": np.eye(2)[said], "handover": np.zeros(len(said), bool)}


def number(text: str) -> int:
    return int("".join(letter for letter in text if letter.isdigit()) or 0)


def part(n: int, first: int = 0, llm_wrong: int = 40) -> Dataset:
    labels = [CLASSES[i % 2] for i in range(n)]
    llm: list[str | None] = [label if i >= llm_wrong else "card" for i, label in enumerate(labels)]
    llm[-1] = None
    frame = pl.DataFrame({
        "m": [f"{label} {i}" for i, label in enumerate(labels)],
        "old": [f"{label} {i}" for i, label in enumerate(labels)],
        "llm": llm,
        "intent": labels,
        "_row": [f"row {first + i}" for i in range(n)],
    })  # fmt: skip
    return Dataset(frame, (Column("m", "text"),), Column("intent", "category"), None, None, f"{n} from {first}")


def contract(*must: str, current: bool = False, more: str = "") -> Contract:
    lines = "".join(f"  - {line}\n" for line in must)
    column = ", current: llm" if current else ""
    return parse(f"product: shop\ndata: {{source: a.csv, target: intent{column}}}\nmust:\n{lines}{more}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        yield opened


@pytest.fixture
def live(store: Store, monkeypatch: pytest.MonkeyPatch) -> Keyword:
    """A live version that answers 40 of the first rows wrong."""
    version = Keyword(40, "live", reads="old")
    store.add_version("shop", "d" * 64, "somewhere", outcome="PROVED", summary={})
    store.promote("shop", 1, revision=0, who="test", why="test")
    monkeypatch.setattr("zhinan.package.open_version", lambda path, threads: version)
    return version


def run(given: Contract, version: Any, store: Store, rows: int = 2000) -> Findings:
    dev = part(300, 100_000)
    current = current_of(given, store, dev)
    judged = {
        how: beside(judge_dataset(dev, Answers(dev.values("intent")), CLASSES), dev, given, current, how)
        for how in disturbances((*given.must, *given.should))
    }
    asked = [line for line in (*given.must, *given.should) if not is_cost(line)]
    on_dev = {line.text: measure(line, judged[line.part.under if line.part else None]) for line in asked}
    return certify(given, version, on_dev=on_dev, sealed=part(rows, 0), costs=COSTS, store=store)


def test_a_line_is_judged_against_the_column_of_answers_row_by_row(store: Store) -> None:
    given = contract("accuracy >= current - 1 pt", "accuracy >= 101% of current", current=True)
    found = run(given, Keyword(0), store)
    ours, theirs = 1.0, 1 - 21 / 2000  # 40 rows answered card, of which 20 are, and one not answered
    assert [v.value for v in found.verdicts] == pytest.approx([ours - theirs, ours / theirs])
    assert [v.verdict for v in found.verdicts] == ["PROVED", "UNDECIDED"]
    worse = run(contract("accuracy >= current - 1 pt", current=True), Keyword(120, "worse"), store)
    assert worse.verdicts[0].verdict == "REFUTED"
    assert worse.verdicts[0].value == pytest.approx(1 - 120 / 2000 - theirs)


def test_without_a_column_the_live_version_answers_its_own_columns_once(store: Store, live: Keyword) -> None:
    given = contract("accuracy >= current", "accuracy >= 90%")
    found = run(given, Keyword(0), store)
    assert [v.verdict for v in found.verdicts] == ["PROVED", "PROVED"]
    assert found.verdicts[0].value == pytest.approx(40 / 2000)
    asked = live.asked
    run(given, Keyword(0), store)
    assert live.asked == asked, "what a version answers to the same rows is known"


def test_rows_that_the_live_version_may_have_learned_from_prove_a_line_and_never_refute_it(
    store: Store, live: Keyword
) -> None:
    given = contract("accuracy >= current - 1 pt")
    worse = run(given, Keyword(200, "worse"), store)
    assert worse.verdicts[0].verdict == "REFUTED", "its sealed set is new to it"
    live.manifest.facts["sealed"] = "another set"
    other = run(contract("accuracy >= current - 0.9 pt"), Keyword(200, "worse again"), store)
    assert other.verdicts[0].verdict == "UNDECIDED"
    assert other.verdicts[0].value == worse.verdicts[0].value
    better = run(given, Keyword(0, "better"), store)
    assert better.verdicts[0].verdict == "PROVED"
    assert "may have learned" in better.verdicts[0].why

    dev, current = part(300, 100_000), current_of(given, store, part(300, 100_000))
    assert current is not None
    assert current.may_have_learned(dev)
    answered = beside(judge_dataset(dev, Answers(["card"] * 300), CLASSES), dev, given, current)
    on_dev = fair(measure(given.must[0], answered), given.must[0], current, dev)
    assert on_dev.value < -0.3
    assert on_dev.upper(0.05) == np.inf
    assert -100 < on_dev.standard_errors(">=", -0.01) < -5, "the search can still tell a bad candidate from a worse one"
    column = current_of(contract("accuracy >= current", current=True), store, dev)
    assert column is not None
    assert not column.may_have_learned(dev)


def test_a_candidate_is_compared_with_a_version_that_learned_without_a_look_at_blocks(
    store: Store, live: Keyword, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, dev = contract("accuracy >= current - 1 pt"), part(300, 100_000)
    live.manifest.facts["sealed"] = "another set"
    current = current_of(given, store, dev)
    answered = beside(judge_dataset(dev, Answers(["card"] * 300), CLASSES), dev, given, current)
    asked: list[float] = []
    monkeypatch.setattr(Series, "asked", lambda _, doubt: asked.append(doubt) or 30)
    on_dev = fair(measure_in_time(given.must[0], replace(answered, moment=np.arange(300))), given.must[0], current, dev)
    assert on_dev.standard_errors(">=", -0.01) < -5
    assert not asked
    settled_ = settled(on_dev)
    assert "may have learned" in settled_.bound
    assert "10 blocks of 30 rows by time" in settled_.bound
    assert settled_.upper(0.05) == np.inf


def test_another_current_is_another_question_and_so_another_opening(store: Store, live: Keyword) -> None:
    given, draft = contract("accuracy >= current - 1 pt"), Keyword(0)
    first = run(given, draft, store)
    again = run(given, draft, store)
    body = {"steps": ["new"], "inputs": {}, "output": {}}
    live.manifest = SimpleNamespace(steps=(), as_dict=lambda: body, facts={})
    other = run(given, draft, store)
    assert [f.ledger["opening"] for f in (first, again, other)] == [1, 1, 2]


def test_a_relative_line_that_nothing_can_answer_is_refused_before_any_compute(store: Store) -> None:
    for must, more, told in [
        ("accuracy >= current", "", "data.current"),
        ("size <= 80% of current", "", "put a version live first"),
        ("cost <= 20% of current", "cost: {price: 1 USD}\n", "cost.current"),
    ]:
        for place in (store, None):
            with pytest.raises(UserError) as error:
                current_of(contract(must, more=more), place, part(10))
            assert (error.value.code, error.value.where) == ("E283", "product.yaml:4:5")
            assert told in error.value.fix()
    with pytest.raises(UserError, match="E283"):
        current_of(contract("size <= 80% of current", current=True), store, part(10))


def test_nothing_is_opened_where_no_line_asks_or_the_contract_says_it(
    store: Store, live: Keyword, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(path: str, threads: int) -> None:
        raise AssertionError("the live version was opened")

    monkeypatch.setattr("zhinan.package.open_version", never)
    assert current_of(contract("accuracy >= 90%"), store, part(10)) is None
    column = current_of(contract("accuracy >= current", current=True), store, part(10))
    assert column is not None
    assert (column.name, column.against(part(10), 5)) == ("column llm", None)
    declared = contract("cost <= 20% of current", more="cost: {price: 1 USD, current: 3 USD}\n")
    money = current_of(declared, store, part(10))
    assert money is not None
    assert money.against(part(10), 5) is None


def test_costs_are_compared_with_the_live_version_on_its_own_columns(store: Store, live: Keyword) -> None:
    found = current_of(contract("size <= 80% of current"), store, part(10))
    assert found is not None
    assert found.against(part(10), 3) == (Path("live"), {"old": part(10).values("old")[:3]})
    quality = current_of(contract("accuracy >= current"), store, part(10))
    assert quality is not None
    assert quality.against(part(10), 3) is None


def test_a_live_version_that_reads_another_column_cannot_be_compared_with(store: Store, live: Keyword) -> None:
    live.inputs = {"subject": "text"}
    with pytest.raises(UserError) as error:
        current_of(contract("accuracy >= current"), store, part(10))
    assert error.value.code == "E284"
    assert "subject" in error.value.what()


def test_a_line_under_a_disturbance_is_judged_on_disturbed_rows_in_the_same_opening(store: Store) -> None:
    draft = Keyword(0)
    found = run(contract("accuracy >= 90%", "accuracy[under case] >= 90%", "recall[card, under case] >= 90%"),
                draft, store)  # fmt: skip
    whole, case, recall = found.verdicts
    assert (whole.verdict, whole.value) == ("PROVED", 1.0)
    assert (case.verdict, recall.verdict) == ("REFUTED", "PROVED")
    assert case.value == 0.5, "in capitals the word refund is not read"
    assert found.ledger["opening"] == 1
    assert draft.asked == 2 * 2000, "each disturbed set is answered once"
    assert list(found.disturbed) == ["case"]
    run(contract("accuracy[under case] >= 50%"), draft, store)
    assert draft.asked == 2 * 2000, "answers to disturbed rows are kept too"


def test_under_a_disturbance_the_live_version_reads_disturbed_rows_too(store: Store, live: Keyword) -> None:
    found = run(contract("accuracy[under case] >= current - 1 pt"), Keyword(0), store)
    assert found.verdicts[0].verdict == "PROVED"
    value = found.verdicts[0].value
    assert value is not None
    assert abs(value) < 0.05, "both lose the same words"


def test_what_mistakes_cost_stands_beside_the_rows_of_both(store: Store) -> None:
    given = contract("accuracy >= current", current=True, more="cost: {matrix: {refund: {card: 5}}}\n")
    rows = part(20)
    judged = beside(judge_dataset(rows, Answers(rows.values("intent")), CLASSES), rows, given,
                    current_of(given, store, rows))  # fmt: skip
    assert judged.current is not None
    assert judged.matrix == judged.current.matrix == {"refund": {"card": 5.0}}
    assert judged.current.answer[-1] == "", "a row without an answer is answered wrong"
    assert room.disturbances(given.must) == (None,)
