"""An id that is a whole number is one person's, however a program wrote it: in files, the service and feedback."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import load as read_contract
from zhinan.data import load
from zhinan.engine import build
from zhinan.improve.feedback import import_feedback
from zhinan.improve.forgetting import forget
from zhinan.package import open_version
from zhinan.serve.archive import Archive, Prediction
from zhinan.serve.masking import Masking
from zhinan.serve.persons import person_in
from zhinan.steps.mask import KEYLESS
from zhinan.store import Store

Shop = Callable[..., Path]


@pytest.fixture
def numbered(shop: Shop, tmp_path: Path) -> Path:
    """A product whose people are numbers, which one half of its file writes as fractions."""
    product = shop(tmp_path, rows=240, must=("accuracy >= 60%",), more="  person: user_id\n")
    path = product.parent / "messages.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    for i, line in enumerate(lines[1:], 1):
        lines[i] = re.sub(r",u(\d+),", r",\1.0," if i < 120 else r",\1,", line)
    path.write_text("".join(lines), "utf-8")
    return product


def test_rows_of_one_number_are_one_persons(numbered: Path) -> None:
    loaded = load(read_contract(numbered))
    people = loaded.dataset.frame["user_id"]
    assert people.n_unique() == 97
    assert not people.str.contains(".", literal=True).any()


def test_a_forgotten_number_is_forgotten_in_files_in_the_service_and_in_feedback(numbered: Path) -> None:
    contract = read_contract(numbered)
    assert build(contract, until="shallow").stage == "live"
    path = numbered.parent / "said.csv"
    path.write_text("message,channel,user_id,intent\nhi there,app,7.0,card\nhello,app,8.0,card\n", "utf-8")
    with Store(numbered.parent / ".zhinan") as store:
        version = open_version(store.version("shop", 1).path)
        masking, archive = Masking.of(version, KEYLESS), Archive(lambda: store, "shop")
        rows: list[dict[str, Any]] = [{"message": "hi", "channel": "app", "user_id": who} for who in (7, 7.0, "7.0", 8)]
        answers = [Prediction(str(i), {"version": 1, "label": "card"}, 1.0, person_in(row, version), row, masking)
                   for i, row in enumerate(rows)]  # fmt: skip
        assert archive.take(answers).stored == 4
        assert import_feedback(contract, store, path)["new"] == 2
        assert [event.person for event in store.events("shop")] == ["7", "7", "7", "8", "7", "8"]
        lines = numbered.parent.joinpath("messages.csv").read_text("utf-8").splitlines()
        mine = [i for i, line in enumerate(lines, 1) if re.search(r",7(\.0)?,", line)]
        (receipt,) = forget(contract, store, ["7.0"], None)
        assert receipt["files"] == [{"file": "messages.csv", "lines": mine}]
        erased = receipt["erased"]
        assert (erased["rows"], erased["predictions"], erased["feedback"]) == (len(mine), 3, 1)
        assert [event.person for event in store.events("shop")] == ["8", "8"]
        archive.take(answers[:3])
        assert store.count_events("shop") == 2
