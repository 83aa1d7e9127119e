"""The way forward on a real set of intents: what is forecast covers what really happens, and the budget holds."""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl
import pytest

from zhinan.contract import load as load_contract
from zhinan.data import load as load_data
from zhinan.data import split
from zhinan.engine.climb import best, climb
from zhinan.engine.encode import Encoding
from zhinan.engine.outlook import look_ahead
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.measure import judge_dataset, measure_known
from zhinan.proof import judge
from zhinan.store import Store

pytestmark = pytest.mark.real
ROWS = 2500


def test_half_of_banking77_forecasts_the_error_of_all_of_it(public_data: Path, tmp_path: Path) -> None:
    every = pl.read_csv(public_data / "banking77" / "train.csv").sample(2 * ROWS, seed=0, shuffle=True)
    seen = {}
    for rows in (ROWS, 2 * ROWS):
        folder = tmp_path / str(rows)
        folder.mkdir()
        every.head(rows).write_csv(folder / "messages.csv")
        text = "product: bank\ndata:\n  source: messages.csv\n  target: label\nmust:\n  - accuracy >= 88%\n"
        (folder / "product.yaml").write_text(text, encoding="utf-8")
        contract = load_contract(folder / "product.yaml")
        loaded = load_data(contract)
        parts = split(contract, loaded)
        with Store(folder / ".zhinan") as store:
            encoding = Encoding(parts.train, parts.dev, loaded.classes, store)
            tried = climb(contract, encoding, until=1e12, delta=0.025, sealed=len(parts.sealed), highest="shallow")
            chosen = best(tried, contract)
            assert chosen.standing is not None
            seen[rows] = 1 - chosen.standing.values["accuracy >= 88%"]
            if rows == ROWS:
                found = _undecided(contract, parts)
                start = time.perf_counter()
                outlook = look_ahead(contract, found, (tried, chosen), encoding, parts, until=start + 120, spent=120.0)
                trained = len(parts.train)
            else:
                more = len(parts.train)
    assert outlook.learned is not None
    assert outlook.learned.curve is not None
    low, _, high = outlook.learned.curve.at(more)
    assert more > 1.8 * trained
    noise = 2 * (seen[2 * ROWS] * (1 - seen[2 * ROWS]) / (ROWS * 2 * 0.15)) ** 0.5
    assert low - noise <= seen[2 * ROWS] <= high + noise
    facts = outlook.facts()
    assert facts["suspects"]["count"] > 0
    assert {"more data", "clean labels", "larger recipe"} <= {step["do"] for step in facts["next"]}


def _undecided(contract: object, parts: object) -> Findings:
    """Sealed rows on which four of five answers are right."""
    sealed, line = parts.sealed, contract.must[0]  # type: ignore[attr-defined]
    truth = sealed.values("label")
    said = [label if i % 5 else "other" for i, label in enumerate(truth)]
    on = judge_dataset(sealed, Answers(said), tuple(sorted({*truth, "other"})))
    measured = measure_known(line, on)
    verdict = judge(line.text, line.op, line.target, measured, delta=0.025, lines=1, on="sealed")
    ledger = {"opening": 1, "delta": 0.025, "left": 3}
    return Findings((verdict,), (), {line.text: measured}, ledger, on, tuple(sealed.values("_row")))
