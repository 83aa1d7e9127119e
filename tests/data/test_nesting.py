"""Objects within rows become columns of their own, and a request may have the objects or the columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import Loaded, check, load
from zhinan.data.drawing import Draw
from zhinan.data.guess import infer_contract
from zhinan.data.nesting import WIDEST, unnested
from zhinan.data.written import texts_of
from zhinan.package.inputs import columns
from zhinan.package.notes import Notes
from zhinan.serve.persons import person_in
from zhinan.steps.values.nested import flattened, is_blank, opened

Product = Callable[..., Contract]


def row(i: int) -> dict[str, Any]:
    address = None if i % 5 == 0 else {"city": ("Berlin", "北京", "Lima")[i % 3]}
    user = None if i % 7 == 0 else {"id": f"u{i % 40}", "age": 20 + i % 30, "vip": i % 2 == 0, "address": address}
    items = [{"sku": i, "n": 1}] if i % 4 else []
    return {"text": f"message {i} of mine", "user": user, "tags": [["a", "b"], ["b"], []][i % 3], "items": items}


ROWS = [{**row(i), "label": "ab"[i % 2]} for i in range(120)]
LINES = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in ROWS)
FIELDS = ["user.id", "user.age", "user.vip", "user.address.city"]


@pytest.fixture
def loaded(product: Product) -> Loaded:
    return load(product({"rows.jsonl": LINES}, target="label", person="user.id"))


def asked(loaded: Loaded, rows: Any) -> dict[str, list[Any]]:
    inputs = loaded.dataset.inputs
    return columns({one.name: one.kind for one in inputs}, rows, {one.name: one.notation for one in inputs})[0]


def test_the_fields_of_objects_are_columns_and_it_is_said(loaded: Loaded) -> None:
    kinds = {column.name: column.kind for column in loaded.columns}
    assert kinds == {
        "text": "text", "user.id": "id", "user.age": "number", "user.vip": "flag", "user.address.city": "category",
        "tags": "list", "items": "text", "label": "category",
    }  # fmt: skip
    (said,) = (found for found in loaded.findings if found.code == "parted_objects")
    assert said.examples == (f"user → {', '.join(FIELDS)}",)
    assert loaded.dataset.frame["user.age"].to_list()[:3] == [None, 21.0, 22.0]


def test_lists_of_objects_stay_json_and_it_is_said(product: Product) -> None:
    contract = product({"rows.jsonl": LINES}, target="label")
    assert next(found for found in check(contract, load(contract)) if found.code == "nested_values").examples == (
        "items",
    )


def test_a_request_with_objects_is_read_as_the_training_rows_were(loaded: Loaded) -> None:
    sent = asked(loaded, [row(i) for i in range(120)])
    for column in loaded.dataset.inputs:
        assert sent[column.name] == loaded.dataset.frame[column.name].to_list(), column.name
    flat = {"text": "t", "user.age": 3, "user.vip": True, "user.address.city": "Lima", "tags": ["a"], "items": []}
    nested = {**flat, "user": json.dumps({"age": 3, "vip": True, "address": {"city": "Lima"}})}
    for name in FIELDS[1:]:
        del nested[name]
    assert asked(loaded, [flat]) == asked(loaded, [nested]) == asked(loaded, {k: [v] for k, v in nested.items()})
    assert asked(loaded, pl.DataFrame(ROWS, infer_schema_length=None)) == sent


def test_a_request_without_a_field_that_never_was_missing_or_with_no_object_is_refused(loaded: Loaded) -> None:
    whole = row(1)
    held = {name: value for name, value in whole["user"].items() if name != "address"}  # some users have no address
    assert asked(loaded, [{**whole, "user": held}])["user.address.city"] == [None]
    for user in ({"age": 3}, "somebody", 7):
        with pytest.raises(UserError, match="E370"):
            asked(loaded, [{**whole, "user": user}])
    with pytest.raises(UserError, match="E371") as caught:
        asked(loaded, {name: [value, row(2)[name] if name != "user" else "somebody"] for name, value in whole.items()})
    assert (caught.value.where, caught.value.values["column"]) == ("row 2", "user.age")
    with pytest.raises(UserError, match="E371"):
        asked(loaded, [{**whole, "text": {"de": "ein Objekt"}}])


def test_the_person_of_a_request_may_stand_in_an_object(loaded: Loaded) -> None:
    version = cast("Any", SimpleNamespace(person_columns=("user.id", "person"), person_column="user.id"))
    assert [person_in(one, version) for one in (row(1), row(7), {"user.id": "u9"})] == ["u1", None, "u9"]


def test_an_object_that_is_read_is_no_ignored_column(loaded: Loaded) -> None:
    program = cast("Any", SimpleNamespace(specs=(), only=lambda *names: None))
    notes = Notes(program, [one.name for one in loaded.dataset.inputs])
    assert notes.of([row(1)], {}, ("user.id",)) == {}
    assert notes.of([{**row(1), "more": {"a": 1}}], {}, ("user.id",)) == {"ignored_columns": 1}


@pytest.mark.parametrize(
    "rows",
    [
        [{"m": {f"u{i}": i}, "x": "a"} for i in range(WIDEST + 1)],
        [{"m": {"a": 1}, "m.a": 2}],
        [{"m": {"a.b": 1, "a": {"b": 2}}, "x": "a"}],
        [{"m": {"a": 1}, "x": "a"}, {"m": "none", "x": "b"}],
        [{"m": {}, "x": "a"}],
        [{"m": {"a": "\ud800"}, "x": "a"}],
    ],
)
def test_what_no_columns_can_be_made_of_stays_as_it_is_written(rows: list[dict[str, Any]]) -> None:
    keys = dict.fromkeys(key for one in rows for key in one)
    frame = pl.DataFrame(
        {key: [one[key] if isinstance(one[key], str) else json.dumps(one[key]) for one in rows] for key in keys}
    )
    (same,), parted = unnested([frame])
    assert (same.equals(frame), parted) == (True, {})


def test_a_column_that_the_contract_names_is_left_whole(product: Product) -> None:
    loaded = load(product({"rows.jsonl": LINES}, target="label", inputs={"text": "text", "user": "text"}))
    assert json.loads(loaded.dataset.frame["user"][1]) == ROWS[1]["user"]
    assert asked(loaded, [ROWS[1]])["user"] == [loaded.dataset.frame["user"][1]]
    both = load(
        product({"rows.jsonl": LINES}, target="label", inputs={"text": "text", "user": "text", "user.age": "number"})
    )
    assert [one.name for one in both.dataset.inputs] == ["text", "user", "user.age"]


def test_source_and_test_have_the_same_columns(product: Product) -> None:
    few = "".join(json.dumps({**one, "user": {"age": 5}}) + "\n" for one in ROWS[:20])
    test = load(product({"rows.jsonl": LINES, "test.jsonl": few}, target="label", test="test.jsonl")).test
    assert test is not None
    assert test.frame.select("user.age", "user.vip").row(0) == (5.0, None)


def test_of_more_than_may_be_held_people_in_objects_are_drawn_whole() -> None:
    frame = pl.DataFrame({"user": [json.dumps({"id": f"u{i % 50}", "n": i}) for i in range(1000)]})
    drawn = Draw(person="user.id").drawn(frame, "8" + "0" * 31)
    kept = [json.loads(text)["id"] for text in drawn["user"]]
    assert 0 < len(kept) < 1000
    assert {kept.count(person) for person in kept} == {20}


def test_a_drafted_contract_names_the_fields(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(LINES, "utf-8")
    drafted = infer_contract(tmp_path / "rows.jsonl")["data"]
    assert (drafted["target"], drafted["inputs"]["user.address.city"]) == ("label", "category")


def test_objects_are_flat_to_a_depth_and_the_rest_is_kept() -> None:
    deep: dict[str, Any] = {"x": 1}
    for _ in range(12):
        deep = {"a": deep}
    assert list(flattened(deep)) == [".".join("a" * 9)]
    assert flattened({"a": {}, "b": [{"c": 1}], "d.e": {"f": None}}) == {"b": [{"c": 1}], "d.e.f": None}
    same = {"a": {"b": 1}}
    assert opened(same, ("a", "c")) is same
    assert opened({"a.b": 1, "a": {"b": 2, "c": 3}}, ("a.b", "a.c"))["a.b"] == 1


def test_an_object_is_as_deep_in_a_request_as_in_training() -> None:
    deep: dict[str, Any] = {"x": 1}
    for level in range(12):
        deep = {f"l{level}": deep}
    (trained,) = (f"user.{name}" for name in flattened(deep))
    assert trained in opened({"user": deep}, [trained])


@pytest.mark.parametrize("held", [5, "xyz"])
def test_one_value_in_the_place_of_a_column_of_objects_is_refused(held: Any) -> None:
    with pytest.raises(UserError, match="E372"):
        columns({"a.b": "number"}, {"a": held})


def test_what_stands_in_the_place_of_an_object_is_missing_or_refused() -> None:
    for rows in ([{"a": float("nan")}], {"a": [float("nan")]}):
        assert columns({"a.b": "number"}, rows)[0] == {"a.b": [None]}
    for rows in ([{"a": np.zeros(2)}], {"a": [np.zeros(2)]}):
        with pytest.raises(UserError, match="E370"):
            columns({"a.b": "number"}, rows)


def test_json_is_written_alike_in_training_and_in_serving() -> None:
    held = {
        "t": datetime(2026, 1, 2, 3),
        "n": float("nan"),
        "far": [float("inf"), Decimal("1.50"), np.int64(3)],
        "b": b"x",
    }
    written = '{"t": "2026-01-02T03:00:00", "n": null, "far": [null, "1.5", 3], "b": "x"}'
    assert texts_of(pl.Series("a", [held], pl.Object))[0] == written
    assert columns({"a": "text"}, [{"a": held}], {"a": {"json": "true"}})[0] == {"a": [written]}


def test_an_object_that_holds_itself_is_no_text() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    with pytest.raises(UserError, match="E371"):
        columns({"a": "text"}, [{"a": endless}], {"a": {"json": "true"}})


@pytest.mark.parametrize("around", ["", " ", "\n", " " * 200_000])
def test_that_there_is_no_object_is_seen_in_a_text_of_any_length(around: str) -> None:
    """By steps that grow with the text alone: a request may be of nothing but blanks."""
    assert is_blank(around)
    assert is_blank(f"{around}null{around}")
    assert not is_blank(f"{around}x")
    assert not is_blank(f"{around}null{around}x")
