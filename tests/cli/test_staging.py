"""`zhinan promote` and `zhinan rollback` say what is to know of what they put live, and refuse what must not be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.serve.conftest import Place

from zhinan.store.erasing import enter_forgotten

Zhinan = Callable[..., Any]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A folder with the product `support`, of which version 1 is live and 2 is ready."""
    text = "product: support\ntask: classify\ndata: {source: rows.csv, target: label}\nmust:\n  - accuracy >= 90%\n"
    (tmp_path / "product.yaml").write_text(text, "utf-8")
    (tmp_path / "rows.csv").write_text("message,label\nhello,refund\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return Place.live(tmp_path)


def ask_to_be_forgotten(place: Place, *numbers: int) -> None:
    """Somebody whose rows are in these versions."""
    state = {"versions": [*numbers], "sources": [], "erased": {}, "done": False}
    with place.store as store:
        enter_forgotten(store, "support", {"ann": ["code"]}, lambda person, held: state)


def test_a_version_that_knows_a_forgotten_person_goes_and_never_comes_back(place: Place, zhinan: Zhinan) -> None:
    place.add(3)
    ask_to_be_forgotten(place, 1, 3)
    shown = zhinan("status")
    assert "1 person waits to be forgotten in @1: zhinan forget" in shown.out
    assert zhinan("status", "--json").json["forgetting"] == [{"person": "ann", "versions": [1]}]
    promoted = zhinan("promote", "@2", "--json")
    assert promoted.json == {"live": 2, "previous": None}
    assert "erased, as a forgotten person's rows are in it: @1" in promoted.err
    assert zhinan("rollback", "--json").json["error"]["code"] == "E403"
    assert "1 person is forgotten without a receipt: zhinan forget" in zhinan("status").out


def test_a_version_without_the_person_is_the_only_way(place: Place, zhinan: Zhinan) -> None:
    with place.store as store:
        store.promote("support", 2, revision=1, who="t", why="")
    ask_to_be_forgotten(place, 1)
    for command in (("rollback",), ("promote", "@1")):
        refused = zhinan(*command, "--json")
        assert (refused.code, refused.json["error"]["code"]) == (3, "E556")
