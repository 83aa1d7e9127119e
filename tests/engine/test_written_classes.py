"""A class is one, however a file writes its number: 1, 1.0 and "1.0" are the class 1, in data, labels and feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from zhinan import prove
from zhinan.contract import load as read_contract
from zhinan.core import find
from zhinan.data import load
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.serve.feedback import Terms, read_feedback
from zhinan.steps.kept import Keeper
from zhinan.steps.values.written import class_of
from zhinan.store import Store


@pytest.mark.parametrize(
    ("said", "classes", "named"),
    [
        ("1.0", ("0", "1"), "1"), (1, ("0", "1"), "1"), (1.0, ("0.0", "1.0"), "1.0"), ("1", ("0.0", "1.0"), "1.0"),
        (True, ("false", "true"), "true"), ("true", ("False", "True"), "True"), ("True", ("false", "true"), "true"),
        ("1.0", ("1", "1.0"), "1.0"), ("1.5", ("1", "2"), None), ("one", ("1",), None), (["1"], ("1",), None),
        (None, ("1",), None), ("v1.0", ("v1",), None), ("01", ("1",), None),
    ],
)  # fmt: skip
def test_equal_numbers_and_flags_name_one_class(said: Any, classes: tuple[str, ...], named: str | None) -> None:
    assert class_of(said, classes) == named


def test_labels_of_a_pool_name_the_classes_that_the_data_write(tmp_path: Path) -> None:
    for name, ending in (("a.csv", ""), ("b.csv", ".0")):
        rows = (f"message {name} {i} of mine,{i % 2}{ending}\n" for i in range(30))
        (tmp_path / name).write_text("text,label\n" + "".join(rows))
    (tmp_path / "more.csv").write_text("text\n" + "".join(f"question {i} of theirs\n" for i in range(30)))
    (tmp_path / "product.yaml").write_text(
        "product: x\ndata:\n  source: [a.csv, b.csv]\n  unlabeled: more.csv\n  target: label\n"
        "must:\n  - accuracy >= 50%\n"
    )
    contract = read_contract(tmp_path / "product.yaml")
    assert load(contract).classes == ("0", "1")
    with Store(tmp_path / ".zhinan") as store:
        loaded, _ = load_labelled(contract, store)
        assert loaded.pool is not None
        row = loaded.pool.values("_row")[0]
        assert record(contract, store, loaded, [Opinion(row, "1.0", "mei", "train")])["new"] == 1
        assert record(contract, store, loaded, [Opinion(row, "1", "mei", "train")])["repeat"] == 1
        loaded, _ = load_labelled(contract, store)
    assert (loaded.classes, loaded.labels) == (("0", "1"), {row: "1"})


@pytest.mark.parametrize(
    ("task", "given", "kept"),
    [
        ("classify", {"label": "1.0"}, "1"), ("classify", {"label": 1}, "1"),
        ("tag", {"labels": ["1.0", "0"]}, '["0", "1"]'), ("tag", {"labels": ["1.0", "later"]}, '["1", "later"]'),
    ],
)  # fmt: skip
def test_feedback_names_the_classes_of_the_version(task: str, given: dict[str, Any], kept: str) -> None:
    terms = Terms(find("task", task).target(), ("0", "1"), None, Keeper((), ""), True, ())
    body = {"event_id": "e1", "prediction_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12, **given}
    assert read_feedback(cast("Any", body), terms).payload[next(iter(given))] == kept


def test_answers_of_another_library_are_judged_by_what_they_mean() -> None:
    truth = ["0", "1", "other"] * 60
    assert prove(truth, ["0.0", "1.0", "other"] * 60, ["accuracy >= 90%"]).verdicts[0].value == 1.0
