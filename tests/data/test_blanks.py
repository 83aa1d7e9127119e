"""What says that there is no object is read alike in training and in serving, and so is a field that some lack."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import Loaded, load
from zhinan.package.inputs import columns
from zhinan.serve.openapi import row_of

Product = Callable[..., Contract]

OBJECTS: list[Any] = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3, "b": "x"}, {"a": 4, "b": "y"}]
BLANKS: list[Any] = [None, "", " ", "null", " null ", {}]


def rows_of(cells: list[Any]) -> list[dict[str, Any]]:
    return [{"text": f"hello {i} of mine", "user": cells[i % len(cells)], "label": "ab"[i % 2]} for i in range(60)]


def loaded_of(product: Product, cells: list[Any], **more: Any) -> Loaded:
    lines = "".join(json.dumps(row) + "\n" for row in rows_of(cells))
    return load(product({"rows.jsonl": lines}, target="label", **more))


def asked(loaded: Loaded, rows: Any) -> dict[str, list[Any]]:
    inputs = loaded.dataset.inputs
    return columns({one.name: one.kind for one in inputs}, rows, {one.name: one.notation for one in inputs})[0]


@pytest.mark.parametrize("whole", [{}, {"inputs": {"text": "text", "user": "category"}}])
@pytest.mark.parametrize("by_column", [False, True])
def test_what_says_that_there_is_no_object_is_read_alike(product: Product, whole: Any, by_column: bool) -> None:
    cells = [*OBJECTS, *(BLANKS if not whole else BLANKS[:-1])]
    loaded = loaded_of(product, cells, **whole)
    sent: Any = [{"text": row["text"], "user": row["user"]} for row in rows_of(cells)]
    if by_column:
        sent = {name: [row[name] for row in sent] for name in ("text", "user")}
    given = asked(loaded, sent)
    names = {"user"} if whole else {"user.a", "user.b"}
    assert given.keys() == {"text", *names}
    for name in names:
        assert given[name] == loaded.dataset.frame[name].to_list()
        assert [value is None for value in given[name][: len(cells)]] == [False] * 4 + [True] * (len(cells) - 4)


def test_null_among_lists_is_no_item(product: Product) -> None:
    loaded = loaded_of(product, [["p", "q"], ["q"], "null", None])
    kinds = {one.name: one.kind for one in loaded.dataset.inputs}
    assert kinds["user"] == "list"
    assert loaded.dataset.frame["user"].to_list()[:4] == ['["p", "q"]', '["q"]', None, None]


def test_a_field_that_some_objects_lack_may_be_missing_and_a_slip_of_its_name_may_not(product: Product) -> None:
    loaded = loaded_of(product, [*OBJECTS, {"a": 5}])
    for rows in ([{"text": "t", "user": {"a": 7}}], {"text": ["t"], "user": [{"a": 7}]}):
        assert asked(loaded, rows) == {"text": ["t"], "user.a": [7.0], "user.b": [None]}
    for user in ({"b": "x"}, {"a": 7, "bb": "x"}, "somebody"):
        with pytest.raises(UserError, match="E370"):
            asked(loaded, [{"text": "t", "user": user}])
    with pytest.raises(UserError, match="E370"):
        asked(loaded, [{"text": "t", "user.a": 7}])


def test_the_description_says_how_objects_may_be_given(product: Product) -> None:
    loaded = loaded_of(product, [*OBJECTS, {"a": 5, "at": {"city": "Lima"}}])
    inputs = loaded.dataset.inputs
    manifest = SimpleNamespace(notations={one.name: one.notation for one in inputs})
    version = SimpleNamespace(inputs={one.name: one.kind for one in inputs}, manifest=manifest)
    row = row_of(cast("Any", version))
    assert row["required"] == ["text"]
    assert row["allOf"] == [{"anyOf": [{"required": ["user"]}, {"required": ["user.a", "user.b", "user.at.city"]}]}]
    user = row["properties"]["user"]
    assert (user["type"], user["required"]) == (["object", "string", "null"], ["a"])
    assert user["properties"]["at"]["properties"].keys() == {"city"}
    assert row["properties"]["user.a"] == user["properties"]["a"]
