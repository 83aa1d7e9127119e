"""Where the contract names when rows were, no verdict takes those near in time for draws of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.signal import lfilter

from zhinan.contract import parse_line
from zhinan.core import Column, Dataset
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.certify import certify
from zhinan.evaluate.commitment import commit
from zhinan.evaluate.in_time import measure_in_time, series_facts
from zhinan.evaluate.measure import judge_dataset, measure
from zhinan.proof import Judged, Tagged, Valued, judge
from zhinan.proof.series import Series
from zhinan.store import Store

from .made_up_reports import card, support
from .made_up_sealed import CLASSES, COSTS, InRuns, contract

LABELS = (
    "accuracy >= 70%", "recall[b] >= 70%", "precision[b] >= 70%", "f1[b] >= 70%", "macro_f1 >= 70%", "auc >= 70%",
    "brier <= 0.5", "calibration_error <= 20%", "gap(accuracy, by=side) <= 40 pt", "accuracy >= current - 5 pt",
    "macro_f1 >= current - 5 pt", "precision[b] >= current - 5 pt", "accuracy >= 90% of current",
)  # fmt: skip
NUMBERS = (
    "mae <= 2",
    "rmse <= 2",
    "bias <= 1",
    "median_absolute_error <= 2",
    "within(1) >= 50%",
    "coverage >= 80%",
    "r2 >= 0.1",
)
TAGS = ("micro_f1 >= 50%", "subset_accuracy >= 50%", "recall[b] >= 50%", "hamming_loss <= 40%")


def normal(rho: float, seed: int = 0, n: int = 600) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(size=n)
    steps[1:] *= np.sqrt(1 - rho * rho)
    return np.asarray(lfilter([1.0], [1.0, -rho], steps))


def labels(rho: float) -> Judged:
    rng, names = np.random.default_rng(1), np.array(["a", "b"])
    truth = rng.integers(2, size=600)
    sure = 1 / (1 + np.exp(-1.5 - normal(rho)))
    yes = np.where(truth == 1, sure, 1 - sure)
    theirs = np.where(normal(rho, 1) > 1, 1 - truth, truth)
    side = np.where(rng.random(600) < 0.5, "left", "right")
    current = Judged(names[truth], names[theirs], classes=("a", "b"), columns={"side": side})
    return Judged(
        names[truth], names[(yes > 0.5).astype(int)], np.column_stack([1 - yes, yes]), ("a", "b"),
        columns={"side": side}, current=current, moment=np.arange(600),
    )  # fmt: skip


def numbers(rho: float) -> Valued:
    truth = 3 * normal(0.0, 2)
    answer = truth + normal(rho)
    return Valued(truth, answer, answer - 1.5, answer + 1.5, moment=np.arange(600))


def tags(rho: float) -> Tagged:
    truth = np.random.default_rng(1).random((600, 2)) < 0.5
    return Tagged(truth, truth ^ (normal(rho) > 1)[:, None], classes=("a", "b"), moment=np.arange(600))


@pytest.mark.parametrize(
    ("line", "rows"),
    [(line, rows) for lines, rows in ((LABELS, labels), (NUMBERS, numbers), (TAGS, tags)) for line in lines],
)  # fmt: skip
def test_every_kind_of_line_sees_that_rows_near_in_time_err_alike(line: str, rows: Any) -> None:
    found = measure_in_time(parse_line(line), rows(0.9))
    series = found.evidence
    assert isinstance(series, Series)
    assert series.length > 5
    assert found.value == measure(parse_line(line), rows(0.9)).value
    low, high = found.lower(0.05), found.upper(0.05)
    assert low <= series.plain.lower(0.05)
    assert high >= series.plain.upper(0.05)
    assert series.worth(0.05) < 500
    mixed = replace(rows(0.9), moment=np.random.default_rng(3).permutation(600))
    alone = measure_in_time(parse_line(line), mixed).evidence
    assert isinstance(alone, Series)
    assert alone.length <= series.length / 2


def test_rows_count_in_the_order_of_time_however_they_stand_in_the_file() -> None:
    rows, order = replace(labels(0.9), current=None, columns={}), np.random.default_rng(0).permutation(600)
    shuffled: Any = replace(rows, **{name: values[order] for name, values in rows.by_row().items() if len(values)})
    one, two = (measure_in_time(parse_line("accuracy >= 70%"), on) for on in (rows, shuffled))
    assert one.lower(0.05) == pytest.approx(two.lower(0.05))


def test_a_class_whose_rows_are_of_few_blocks_proves_nothing() -> None:
    truth, wrong = np.full(2_000, "a"), np.repeat(np.random.default_rng(0).random(100) < 0.1, 20)
    for start in (300, 1_000, 1_700):
        truth[start : start + 30], wrong[start : start + 30] = "b", False
    rows = Judged(truth, np.where(wrong, "b", truth), classes=("a", "b"), moment=np.arange(2_000))
    line = parse_line("recall[b] >= 30%")
    found = measure_in_time(line, rows)
    assert isinstance(found.evidence, Series)
    assert found.evidence.blocks >= 10
    assert found.lower(0.05) > 0.3
    told = judge(line.text, line.op, line.target, found, delta=0.05, lines=1, on="sealed")
    assert told.verdict == "UNDECIDED"
    assert "blocks of time" in told.why
    alone = replace(rows, moment=np.random.default_rng(0).permutation(2_000))
    proved = judge(line.text, line.op, line.target, measure_in_time(line, alone), delta=0.05, lines=1, on="sealed")
    assert proved.verdict == "PROVED"


def test_blocks_of_a_relative_line_of_few_answers_are_as_long_as_of_the_line_itself() -> None:
    rng, names = np.random.default_rng(0), np.array(["a", "b"])
    truth = (rng.random(3_000) < 0.2).astype(int)
    said, theirs = (np.where(rng.random(3_000) < 0.1, 1 - truth, truth) for _ in range(2))
    said = np.where((normal(0.9, n=3_000) > 1) & (rng.random(3_000) < 0.5), 1, said)
    current = Judged(names[truth], names[theirs], classes=("a", "b"))
    rows = Judged(names[truth], names[said], classes=("a", "b"), current=current, moment=np.arange(3_000))
    found = measure_in_time(parse_line("precision[b] >= current - 10 pt"), rows).evidence
    assert isinstance(found, Series)
    ((places, _),) = found._pulls
    counts = (said == 1) | (theirs == 1)
    assert np.array_equal(np.sort(places), np.flatnonzero(counts))  # in time, not among each other


def test_without_a_time_nothing_changes() -> None:
    rows = replace(labels(0.9), moment=None)
    assert not isinstance(measure_in_time(parse_line("accuracy >= 70%"), rows).evidence, Series)


@pytest.mark.parametrize("known", [True, False])
def test_answers_without_an_error_go_by_how_sure_they_are_else_by_how_long_the_truth_stays(known: bool) -> None:
    truth = np.where(normal(0.95, 3) > 0, "b", "a")
    sure = 0.8 + 0.19 / (1 + np.exp(-normal(0.95, 4)))
    chances = np.where(truth[:, None] == np.array(["a", "b"]), sure[:, None], 1 - sure[:, None])
    rows = Judged(truth, truth, chances if known else None, ("a", "b"), moment=np.arange(600))
    found = measure_in_time(parse_line("accuracy >= 90%"), rows)
    assert found.lower(0.05) < 0.9 < measure(parse_line("accuracy >= 90%"), rows).lower(0.05)


def series(n: int, first: int, *, named: bool) -> Dataset:
    labels = [CLASSES[i % 3] for i in range(n)]
    start = datetime(2024, 1, 1)
    frame = pl.DataFrame({
        "m": [f"{label} {first + i}" for i, label in enumerate(labels)],
        "at": [start + timedelta(days=first + i) for i in range(n)],
        "intent": labels,
        "_row": [f"{(first + i) * 2_654_435_761 % 2**32:010d}" for i in range(n)],
    }).sort("_row")  # fmt: skip
    inputs, target = (Column("m", "text"), Column("at", "time")), Column("intent", "category")
    return Dataset(frame, inputs, target, None, "at" if named else None, f"{n} from {first}")


@pytest.mark.parametrize("named", [True, False])
def test_a_line_is_proved_by_blocks_where_time_is_named_and_everybody_is_told(tmp_path: Path, named: bool) -> None:
    given, version = contract("accuracy >= 85%"), InRuns(0.9)
    (line,) = given.must
    dev, sealed = series(400, 0, named=named), series(1_200, 400, named=named)
    seen = version.run(dev.rows())
    on_dev = {line.text: measure_in_time(line, judge_dataset(dev, Answers(seen["label"]), CLASSES))}
    with Store(tmp_path) as store:
        commit(given, sealed, store)
        found = certify(given, version, on_dev=on_dev, sealed=sealed, costs=COSTS, store=store)  # type: ignore[arg-type]
        proof = found.proof(given, commit(given, sealed, store), 1)
    (verdict,) = found.verdicts
    facts = series_facts(found.measured, {line.text: 0.025})
    told = card(support() | {"series": facts}).replace("\u00a0", " ")
    if not named:
        assert (verdict.verdict, facts) == ("PROVED", [])
        assert "blocks of" not in told
        return
    assert verdict.verdict == "UNDECIDED"
    assert verdict.bound is not None
    assert verdict.bound < 0.85
    (row,) = facts
    assert row["block"] > 40
    assert row["worth"] < 100
    assert f"were drawn as {row['blocks']} blocks of {row['block']} in a row" in told
    assert f"每块连续 {row['block']} 行" in told
    assert " blocks of " in proof["verdicts"][0]["method"]
