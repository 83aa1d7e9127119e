"""After certification: what the report and the offer are told, as JSON, and never beyond the time that is left."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import Contract
from zhinan.contract import load as load_contract
from zhinan.data import Split, split
from zhinan.data import load as load_data
from zhinan.engine import outlook as room
from zhinan.engine.climb import Tried, climb
from zhinan.engine.encode import Encoding
from zhinan.engine.offer import offer
from zhinan.engine.outlook import Outlook, look_ahead
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.measure import judge_dataset, measure_known
from zhinan.proof import judge
from zhinan.store import Store

Shop = Callable[..., Path]
Climbed = tuple[Contract, Split, Encoding, tuple[Tried, ...]]


@pytest.fixture(scope="module")
def climbed(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Climbed]:
    folder = tmp_path_factory.mktemp("product")
    contract = load_contract(shop(folder, rows=600, wrong=0.25, must=("accuracy >= 80%",)))
    loaded = load_data(contract)
    parts = split(contract, loaded)
    with Store(folder / ".zhinan") as store:
        encoding = Encoding(parts.train, parts.dev, loaded.classes, store)
        found = climb(contract, encoding, until=1e12, delta=0.025, sealed=len(parts.sealed), highest="shallow")
        yield contract, parts, encoding, found


def certified(climbed: Climbed, right: float) -> Findings:
    """The seal opened on a version that is right on this share of the sealed rows."""
    contract, parts, encoding, _ = climbed
    truth, classes = parts.sealed.values("intent"), encoding.classes
    stays = int(right * len(truth))
    said = [t if i < stays else classes[classes.index(t) - 1] for i, t in enumerate(truth)]
    on = judge_dataset(parts.sealed, Answers(said), classes)
    measured = {line.text: measure_known(line, on) for line in contract.must}
    verdicts = tuple(
        judge(line.text, line.op, line.target, measured[line.text], delta=0.025, lines=1, on="sealed")
        for line in contract.must
    )
    rows = tuple(parts.sealed.values("_row"))
    return Findings(verdicts, (), measured, {"opening": 1, "delta": 0.025, "left": 3}, on, rows)


def ahead(climbed: Climbed, found: Findings, seconds: float = 300.0) -> Outlook:
    contract, parts, encoding, tried = climbed
    until = time.perf_counter() + seconds
    return look_ahead(contract, found, (tried, tried[-1]), encoding, parts, until=until, spent=60.0)


def test_an_open_contract_gets_every_fact_and_a_ranked_way_forward(climbed: Climbed) -> None:
    contract, parts, _, tried = climbed
    found = certified(climbed, 0.82)
    assert found.outcome == "UNDECIDED"
    outlook = ahead(climbed, found)
    facts = outlook.facts()
    assert facts.keys() == {"curve", "feasible", "suspects", "weak_slices", "next"}
    assert json.loads(json.dumps(facts)) == facts
    assert facts["curve"]["sizes"][-1] == len(parts.train)
    assert facts["suspects"]["count"] >= 1
    assert {"label test rows", "relax", "more data", "clean labels"} <= {step["do"] for step in facts["next"]}
    assert all(step["evidence"]["en"] and step["evidence"]["zh"] for step in facts["next"])
    made = offer(contract, found, tried, outlook)
    assert made is not None
    assert json.loads(json.dumps(made)) == made
    assert made["suspect_labels"] == facts["suspects"]["count"] == len(outlook.relabel())
    assert made["next"] == facts["next"]
    assert made["pareto"][0]["latency_ms"] > 0
    assert made["relax"]["line"] == "accuracy >= 80%"


def test_a_proved_contract_gets_facts_for_the_report_and_no_offer(climbed: Climbed) -> None:
    contract, _, _, tried = climbed
    found = certified(climbed, 0.99)
    assert found.outcome == "PROVED"
    outlook = ahead(climbed, found)
    assert outlook.facts()["curve"] is not None
    assert outlook.steps == ()
    assert offer(contract, found, tried, outlook) is None


def test_without_time_nothing_is_fitted_and_the_verdicts_still_lead_somewhere(
    climbed: Climbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*given: Any, **more: Any) -> Any:
        raise AssertionError("there was no time for this")

    for name in ("learned", "doubted", "feasible_facts", "rough_costs", "weak_slices", "clean_labels"):
        monkeypatch.setattr(room, name, never)
    contract, _, _, tried = climbed
    found = certified(climbed, 0.82)
    outlook = ahead(climbed, found, seconds=-1.0)
    facts = outlook.facts()
    assert (facts["curve"], facts["feasible"], facts["suspects"], facts["weak_slices"]) == (None, None, None, None)
    assert {step["do"] for step in facts["next"]} == {"label test rows", "relax"}
    made = offer(contract, found, tried, outlook)
    assert made is not None
    assert (made["labels"], made["suspect_labels"], made["weak_slices"]) == (None, None, None)


def test_a_second_look_fits_nothing(climbed: Climbed, monkeypatch: pytest.MonkeyPatch) -> None:
    found = certified(climbed, 0.82)
    first = ahead(climbed, found).facts()
    fitted: list[int] = []
    fit = room.Refits.fit

    def counted(self: Any, part: Any, held: Any) -> Any:
        fitted.append(len(part))
        return fit(self, part, held)

    monkeypatch.setattr(room.Refits, "fit", counted)
    again = ahead(climbed, found).facts()
    assert len(fitted) <= 1, "only the fit without doubted labels is made anew"
    assert again["curve"] == first["curve"]
    assert again["suspects"] == first["suspects"]
