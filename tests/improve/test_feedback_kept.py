"""Of feedback from a file as much is kept, and as much hidden, as of what the service is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhinan.contract import parse
from zhinan.core import MaskSpec, UserError
from zhinan.improve.feedback import import_feedback
from zhinan.store import Store

from ..serve.conftest import Place, place

__all__ = ["place"]

CONTRACT = "product: support\ndata: {source: m.csv, target: intent}\nmust: [accuracy >= 80%]\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A right answer about an input."""
    made = tmp_path / "feedback.csv"
    made.write_text("message,channel,amount,intent\norder 4711-x,web,2,refund\n", "utf-8")
    return made


def promoted(place: Place) -> None:
    """The third version goes live, and a fourth is the newest."""
    place.add(4)
    with place.store as store:
        store.promote("support", 3, revision=1, who="test", why="")


def test_where_the_live_version_keeps_no_inputs_none_is_stored_from_a_file(place: Place, path: Path) -> None:
    place.add(3, b"product: support\nserve: {keep_inputs: none}\n")
    promoted(place)
    with place.store as store, pytest.raises(UserError, match="E504"):
        import_feedback(parse(CONTRACT), store, path)


@pytest.mark.parametrize("own", ["", "mask: {order: {pattern: order}}"], ids=["none now", "another now"])
def test_what_a_pattern_of_the_live_version_finds_is_hidden_in_rows_of_a_file(
    place: Place, path: Path, own: str
) -> None:
    place.add(3, masks=(MaskSpec("order", "mask", r"\d{4}-x"),))
    promoted(place)
    contract = parse(CONTRACT.replace("target: intent", f"target: intent, {own}" if own else "target: intent"))
    with place.store as store:
        assert import_feedback(contract, store, path)["new"] == 1
        (event,) = store.events("support", "feedback")
    assert event.payload["input"]["message"] == ("[ORDER] [ORDER]" if own else "order [ORDER]")


@pytest.mark.parametrize("secret", ["order4711-x", "47 11-x", "o.k: 4711-x"])
@pytest.mark.parametrize("before", ["", f"{'x' * 73},"], ids=["whole", "cut in the middle"])
def test_the_own_patterns_of_a_product_hide_in_rows_that_cannot_be_read(
    place: Place, tmp_path: Path, before: str, secret: str
) -> None:
    good = "".join(f"hello {i},web,2,refund\n" for i in range(40))
    path = tmp_path / "feedback.csv"
    path.write_text(f"message,channel,amount,intent\n{good}{before}{secret},web,2,refund,too,many\n", "utf-8")
    contract = parse(CONTRACT.replace("target:", "mask: {order: {pattern: '(order|47 |o.k: )\\d{1,4}-x'}}, target:"))
    with place.store as store:
        (reason,) = import_feedback(contract, store, path)["reasons"]
    assert reason["code"] == "E374"
    assert [one["row"] for one in reason["first"]] == [f"{before}…" if before else "[ORDER],web,2,refund,too,many"]


def test_the_objects_of_a_row_in_a_file_are_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text('{"message": "hello", "more": {"channel": "web"}, "intent": "refund"}\n', "utf-8")
    with Store(tmp_path / "empty") as store:
        assert import_feedback(parse(CONTRACT), store, path)["new"] == 1
        (event,) = store.events("support", "feedback")
    assert event.payload["input"] == {"message": "hello", "more.channel": "web"}
