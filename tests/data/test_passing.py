"""A column whose message turns into its opposite with time is left out and said; one whose message lasts never is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract
from zhinan.core import Column, Dataset
from zhinan.data import check, load, split
from zhinan.data.passing import Turned, turned
from zhinan.engine import proving
from zhinan.engine.encode import heard
from zhinan.store import Store

Product = Callable[..., Contract]

INPUTS = tuple(Column(name, "category") for name in ("season", "steady", "noise"))


def drawn(seed: int, rows: int, *, good: int, persons: int | None = None, numbers: bool = False) -> Dataset:
    """Rows of which `steady` tells always the same, and `season` that the months up to 3 are good, or bad (−1)."""
    draw = np.random.default_rng(seed)
    who = np.arange(rows) if persons is None else draw.integers(0, persons, rows)
    values = {name: draw.integers(0, 6, rows if persons is None else persons)[who] for name in ("season", "steady")}
    chance = 0.5 + 0.2 * good * np.where(values["season"] < 3, 1, -1) + 0.2 * np.where(values["steady"] < 3, 1, -1)
    label = (draw.random(rows if persons is None else persons)[who] < chance).astype(float)
    frame = pl.DataFrame({name: held.astype(str) for name, held in values.items()}).with_columns(
        pl.Series("noise", draw.integers(0, 6, rows).astype(str)), pl.Series("who", who.astype(str)),
        pl.Series("label", 7 * label if numbers else np.where(label > 0, "yes", "no")),
    )  # fmt: skip
    target = Column("label", "number" if numbers else "category")
    return Dataset(frame, INPUTS, target, None if persons is None else "who", None, "")


def names(found: list[Turned]) -> list[str]:
    return [one.name for one in found]


@pytest.mark.parametrize("numbers", [False, True])
def test_what_turns_round_is_found_and_what_lasts_is_not(numbers: bool) -> None:
    earlier, later = drawn(0, 900, good=1, numbers=numbers), drawn(1, 300, good=-1, numbers=numbers)
    (found,) = turned(earlier, later, INPUTS)
    assert found.name == "season"
    assert found.follows + 3 * found.error < 0
    assert not turned(earlier, drawn(2, 300, good=1, numbers=numbers), INPUTS)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_a_column_that_lasts_is_never_left_out(seed: int) -> None:
    assert not turned(drawn(seed, 400, good=1), drawn(seed + 1, 150, good=1), INPUTS[:2])


def test_many_rows_of_few_persons_are_few() -> None:
    earlier, alone, few = drawn(0, 900, good=1), drawn(1, 400, good=-1), drawn(2, 400, good=-1, persons=35)
    assert names(turned(earlier, alone, INPUTS)) == ["season"]
    assert names(turned(earlier, few, INPUTS)) == []


def test_columns_that_say_exactly_the_opposite_are_told_whatever_their_error() -> None:
    """As good as never seen but in made-up data: later rows leave nothing unexplained."""
    inputs = (Column("a", "category"), Column("b", "category"))
    frame = pl.DataFrame({"a": ["x", "y"] * 64, "b": ["u", "v"] * 64, "label": [1.0, -1.0] * 64})
    earlier, later = (
        Dataset(rows, inputs, Column("label", "number"), None, None, "")
        for rows in (frame, frame.with_columns(-pl.col("label")))
    )
    assert names(turned(earlier, later, inputs)) == ["a", "b"]


@pytest.mark.parametrize("persons", [2, 3, 10])
def test_the_rows_of_a_handful_of_persons_say_nothing(persons: int) -> None:
    """Two or three that happen to agree are no measure of how persons differ."""
    earlier = drawn(0, 900, good=1)
    assert not any(turned(earlier, drawn(seed, 120, good=0, persons=persons), INPUTS[:1]) for seed in range(60))


def table(rows: int = 1200) -> str:
    """Whoever came in months up to June paid in the first five ninths of the time, and did not later."""
    draw = np.random.default_rng(3)
    lines = ["at,month,job,label"]
    for i in range(rows):
        month, job = draw.integers(1, 13), draw.integers(0, 4)
        good = (month <= 6) == (i < rows * 5 // 9)
        label = draw.random() < 0.5 + 0.25 * (1 if good else -1) + 0.15 * (1 if job < 2 else -1)
        lines.append(f"{2000 + i // 365}-{1 + i % 365 // 31:02}-{1 + i % 28:02},{month},job {job},{'ny'[label]}")
    return "\n".join(lines) + "\n"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("named", [False, True])
def test_a_build_leaves_it_out_unless_it_was_asked_for_by_name(product: Product, named: bool) -> None:
    asked: dict[str, Any] = {"inputs": "{month: number, job: category}"} if named else {}
    contract = product({"rows.csv": table()}, target="label", time="at", **asked)
    loaded = load(contract)
    parts = split(contract, loaded)
    said = {one.code: one for one in check(contract, loaded, parts)}
    left = {column.name for column in heard(contract, parts).train.inputs}
    assert ("month" in left) == named
    assert "job" in left
    assert ("passing_columns" in said) != named
    assert named or said["passing_columns"].examples[0].startswith("month: -")


@pytest.mark.usefixtures("quick")
def test_without_a_time_nothing_is_left_out(product: Product) -> None:
    contract = product({"rows.csv": table()}, target="label")
    parts = split(contract, loaded := load(contract))
    assert "passing_columns" not in {one.code for one in check(contract, loaded, parts)}
    assert heard(contract, parts).train.inputs == parts.train.inputs


@pytest.mark.usefixtures("quick")
def test_a_version_that_asks_for_it_is_proved_with_it(
    product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its contract named all inputs when it was built, and names none when it is proved."""
    contract = product({"rows.csv": table()}, target="label", time="at")
    parts = split(contract, load(contract))
    assert [column.name for column in heard(contract, parts).train.inputs] == ["job"]
    given: list[set[str]] = []

    def run(rows: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        given.append(set(rows))
        said = np.asarray([month <= 6 for month in rows["month"]])
        label, chances = np.where(said, "y", "n").tolist(), np.column_stack([~said, said]).astype(float)
        return {"label": label, "probabilities": chances, "handover": np.zeros(len(said), bool)}

    version = SimpleNamespace(
        product="router", path=tmp_path, inputs={"month": "number", "job": "category"}, classes=("n", "y"), run=run,
        manifest=SimpleNamespace(facts={"data": parts.counts["fingerprint"], "sealed": parts.sealed.fingerprint}),
        hands_over=False, number=None,
    )  # fmt: skip
    for name, told in (("open_version", version), ("measure_costs", None)):
        monkeypatch.setattr(proving, name, lambda *_, told=told, **__: told)
    monkeypatch.setattr(proving, "certify", lambda *_, sealed, **__: sealed)
    with Store(tmp_path / ".zhinan") as store:
        sealed: Any = proving.prove_version(contract, store, tmp_path)
    assert [column.name for column in sealed.inputs] == ["month", "job"]
    assert given
    assert all(names == {"month", "job"} for names in given)
