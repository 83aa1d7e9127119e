"""Folds in a build: answers to all rows by fits that never saw them, and the sealed set judges as ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import load
from zhinan.core import Plan, StepSpec, UserError
from zhinan.data import fold_rows, split
from zhinan.data import load as load_data
from zhinan.engine import build, check
from zhinan.engine.encode import Encoding
from zhinan.engine.folding import cross_fitted, settled
from zhinan.engine.lineage import lineage_of
from zhinan.store import Store

pytestmark = pytest.mark.usefixtures("told_costs", "quick")
Shop = Callable[..., Path]


@dataclass
class Remembering:
    """An encoder that reads the answer off a row if it was fitted on that row, and nothing otherwise."""

    known: frozenset[str] = frozenset()

    def fit(self, rows: Mapping[str, Sequence[Any]]) -> Remembering:
        return Remembering(frozenset(next(iter(rows.values()))))

    def encode(self, rows: Mapping[str, Sequence[Any]], progress: Any = None) -> np.ndarray:
        (texts,) = rows.values()
        said = [(1.0 if text.endswith("!") else -1.0) if text in self.known else 0.0 for text in texts]
        return np.array(said, np.float32)[:, None]

    def plan(self, prefix: str) -> Plan:
        step = StepSpec("table", ("message",), (prefix,), {"columns": [{"kind": "category", "values": ["a"]}]})
        return Plan((step,), {}, (prefix,), "dense", 1)


def test_an_encoder_that_memorises_looks_no_better_than_chance(registered: Any, tmp_path: Path) -> None:
    registered("encoder", "remembering", Remembering, kinds=("text",))
    names = [f"message {i * 7919 % 1000:03d}{'!' if i % 2 else '?'}" for i in range(240)]
    pl.DataFrame({"message": names, "label": ["yes" if n.endswith("!") else "no" for n in names]}).write_csv(
        tmp_path / "rows.csv"
    )
    (tmp_path / "product.yaml").write_text(
        "product: x\ndata: {source: rows.csv, target: label, inputs: {message: text}}\nmust: [accuracy >= 50%]\n"
        "train: {folds: 4}\n",
        encoding="utf-8",
    )
    contract = load(tmp_path / "product.yaml")
    loaded = load_data(contract)
    parts = split(contract, loaded)
    with Store(tmp_path / ".zhinan") as store:
        plain = Encoding(parts.train, parts.dev, loaded.classes, store)
        encoding = plain.folded(fold_rows(contract, parts.train, parts.dev))
        made = cross_fitted(encoding, "linear", ("remembering",), until=float("inf"), asked={})
    truth = encoding.target(encoding.answered)
    assert len(made.dev) == len(truth) == len(parts.train) + len(parts.dev)
    assert 0.3 < float((made.dev.argmax(axis=1) == truth).mean()) < 0.7


def test_a_build_with_folds_is_proved_and_differs_only_in_what_it_was_compared_on(
    shop: Shop, ladder: Callable[..., None], tmp_path: Path
) -> None:
    ladder(("prior", "prior", ("ngrams",)), ("shallow", "linear", ("ngrams", "columns")))
    must = ("accuracy >= 70%",)
    path = shop(tmp_path / "plain", must=must)
    folds = shop(tmp_path / "folds", must=must, more="train: {folds: 3}\n")
    plain, made = build(path, until="shallow"), build(folds, until="shallow")
    assert plain.outcome == made.outcome == "PROVED"
    sealed = [(v["line"], v["on"], v["n"]) for v in made.verdicts]
    assert sealed == [(v["line"], v["on"], v["n"]) for v in plain.verdicts]
    assert [r["recipe"] for r in made.recipes][:2] == [r["recipe"] for r in plain.recipes][:2]
    told = dict(made.data)
    assert (told.pop("folds"), told.pop("answered")) == (3, told["train"] + told["dev"])
    assert told == plain.data
    with Store(tmp_path / "folds" / ".zhinan") as store:
        uses = {row["part"]: row["uses"] for row in lineage_of(store, "shop", made.version or 0).named()}
    assert uses["train"] == uses["dev"] == ["compared", "trained"]
    again = build(folds, until="shallow")
    assert [r["dev"] for r in again.recipes] == [r["dev"] for r in made.recipes]


def test_numbers_keep_their_interval_when_every_row_was_answered_by_another_fit(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    size, kind = draw.uniform(1, 10, 700), draw.choice(["flat", "house"], 700)
    price = np.exp(2 + 0.2 * size + np.where(kind == "house", 0.5, 0) + draw.normal(0, 0.15, 700))
    pl.DataFrame({"size": size, "kind": kind, "price": price.round(2)}).write_csv(tmp_path / "homes.csv")
    (tmp_path / "product.yaml").write_text(
        "product: homes\ndata: homes.csv\ntarget: price\nmust: [rmse <= 14, coverage >= 82%]\ntrain: {folds: 3}\n",
        encoding="utf-8",
    )
    built = build(tmp_path / "product.yaml", until="shallow")
    assert built.outcome == "PROVED", built.verdicts
    tried = {row["recipe"]: row["dev"]["rmse <= 14"] for row in built.recipes if row["dev"]}
    assert tried["linear"] < tried["prior"] / 2


def test_what_ships_takes_the_commonest_word_and_the_median_of_those_who_chose_it() -> None:
    chosen = [
        {"setting": "small", "l2": (1.0, 10.0)}, {"setting": "large", "l2": (100.0, 100.0)},
        {"setting": "small", "l2": (3.0, 0.1)}, {"setting": "small", "l2": (0.1, 1.0)},
    ]  # fmt: skip
    assert settled(chosen) == ({"setting": "small", "l2": (1.0, 1.0)}, [0, 2, 3])
    scales: list[Mapping[str, Any]] = [{"scale": (5.0, 2.0)}, {"scale": (1.0, 1.0, 0.5)}, {"scale": (2.0, 3.0, 0.1)}]
    assert settled(scales) == ({"scale": (1.5, 2.0, 0.3)}, [1, 2]), "logarithms are another scale"


@pytest.mark.parametrize(
    ("line", "train", "code"),
    [("accuracy[under typos] >= 60%", "", "E326"), ("accuracy >= 60%", ", augment: [typos]", "E328")],
)
def test_what_needs_rows_that_nobody_saw_is_refused_beside_folds(
    line: str, train: str, code: str, shop: Shop, tmp_path: Path
) -> None:
    path = shop(tmp_path, must=(line,), more=f"train: {{folds: 3{train}}}\n")
    with pytest.raises(UserError) as raised:
        check(path)
    assert raised.value.code == code


@pytest.mark.parametrize("folds", ["1", "21", "2.5", '"5"', "true", "[5]"])
def test_what_is_no_number_of_folds_is_refused_where_it_stands(folds: str, shop: Shop, tmp_path: Path) -> None:
    path = shop(tmp_path, more=f"train: {{folds: {folds}}}\n")
    with pytest.raises(UserError) as raised:
        load(path)
    assert (raised.value.code, raised.value.where) == ("E012", "product.yaml:6:16")
