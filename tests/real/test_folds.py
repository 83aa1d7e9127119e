"""On public data: with folds the dev figure is surer, and nearer to what the sealed rows say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhinan.contract import parse
from zhinan.core import Candidate, Dataset, find
from zhinan.data import fold_rows, split
from zhinan.data import load as load_data
from zhinan.engine.encode import Encoding
from zhinan.engine.folding import cross_fitted
from zhinan.steps import Program
from zhinan.store import Store

pytestmark = pytest.mark.real

SPLITS = 3


def right(encoding: Encoding, part: Dataset, chances: np.ndarray) -> np.ndarray:
    return chances.argmax(axis=1) == encoding.target(part)


def on_sealed(encoding: Encoding, made: Candidate, sealed: Dataset) -> float:
    said = Program(made.steps, made.files).run(sealed.rows())
    return float(right(encoding, sealed, said["probabilities"]).mean())


def test_dev_figures_of_german_credit_are_surer_with_folds(public_data: Path, tmp_path: Path) -> None:
    source = public_data / "german_credit" / "train.csv"
    (tmp_path / "train.csv").write_bytes(source.read_bytes())
    errors: dict[str, list[float]] = {"one part": [], "folds": []}
    away: dict[str, list[float]] = {"one part": [], "folds": []}
    with Store(tmp_path / ".zhinan") as store:
        for i in range(SPLITS):
            text = (
                f"product: credit{i}\ndata: train.csv\ntarget: target\nmust: [accuracy >= 70%]\ntrain: {{folds: 5}}\n"
            )
            contract = parse(text, tmp_path / "product.yaml")
            loaded = load_data(contract)
            parts = split(contract, loaded)
            plain = Encoding(parts.train, parts.dev, loaded.classes, store)
            folded = plain.folded(fold_rows(contract, parts.train, parts.dev))
            train, dev = plain.parts(("columns",))
            once = find("recipe", "linear").target(train, dev, budget=60.0)
            crossed = cross_fitted(folded, "linear", ("columns",), until=float("inf"), asked={})
            for name, encoding, made in (("one part", plain, once), ("folds", folded, crossed)):
                hits = right(encoding, encoding.answered, made.dev)
                errors[name].append(float(hits.std() / len(hits) ** 0.5))
                away[name].append(float(hits.mean()) - on_sealed(encoding, made, parts.sealed))
    assert max(errors["folds"]) < 0.6 * min(errors["one part"]), errors
    assert np.square(away["folds"]).mean() < np.square(away["one part"]).mean(), away
    assert abs(np.mean(away["folds"])) < 0.03, away


def test_trees_and_what_is_mixed_answer_every_row_by_fits_that_never_saw_it(public_data: Path, tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_bytes((public_data / "german_credit" / "train.csv").read_bytes())
    text = "product: credit\ndata: train.csv\ntarget: target\nmust: [accuracy >= 70%]\ntrain: {folds: 3}\n"
    contract = parse(text, tmp_path / "product.yaml")
    loaded = load_data(contract)
    parts = split(contract, loaded)
    with Store(tmp_path / ".zhinan") as store:
        encoding = Encoding(parts.train, parts.dev, loaded.classes, store)
        encoding = encoding.folded(fold_rows(contract, parts.train, parts.dev))
        for recipe, encoders in (("boost", ("cells",)), ("blend", ("columns", "cells"))):
            made = cross_fitted(encoding, recipe, encoders, until=float("inf"), asked={})
            share = right(encoding, encoding.answered, made.dev).mean()
            seen = Program(made.steps, made.files).run(encoding.answered.rows())["probabilities"]
            assert 0.68 < share < right(encoding, encoding.answered, seen).mean() - 0.02  # what ships has seen the rows
            assert on_sealed(encoding, made, parts.sealed) == pytest.approx(share, abs=0.06)
