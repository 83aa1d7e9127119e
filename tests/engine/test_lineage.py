"""What a version knows can be named by file and line, and what was computed from its data can be erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.cli.run import run
from zhinan.core import UserError
from zhinan.core.keys import KEYLESS
from zhinan.engine import build
from zhinan.engine.lineage import lineage_of, names_of
from zhinan.steps.mask import armed, kept_person, person_secret
from zhinan.steps.masks._tagger import packed
from zhinan.steps.masks._tagger_features import keyed
from zhinan.steps.tidying import tidy
from zhinan.store import Store


@pytest.fixture(scope="module")
def built(shop: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    product = shop(tmp_path_factory.mktemp("lineage"), rows=300, more="  person: user_id\n")
    assert build(product, until="shallow").version == 1
    return product


def code(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(UserError) as error:
        act(*arguments, **named)
    return error.value.code


def test_rows_are_named_by_person_place_and_id(built: Path) -> None:
    lines = (built.parent / "messages.csv").read_text("utf-8").splitlines()
    with Store(built.parent / ".zhinan") as store:
        whole = lineage_of(store, "shop", 1)
        assert whole.rows.height == sum(n for by in whole.counts().values() for n in by.values()) == 300
        mine = lineage_of(store, "shop", 1, person="u7").named()
        assert [lines[row["line"] - 1].split(",")[2] for row in mine] == ["u7"] * len(mine)
        assert len(mine) == sum(line.split(",")[2] == "u7" for line in lines)
        assert len({row["part"] for row in mine}) == 1, "a person is on one side"
        (row,) = lineage_of(store, "shop", 1, place=f"messages.csv:{mine[0]['line']}").named()
        assert row == mine[0]
        assert row in lineage_of(store, "shop", 1, row=row["row"]).named()
        uses = {row["part"]: row["uses"] for row in whole.named()}
        assert uses["train"] == ["trained"]
        assert uses["dev"] == ["compared", "trained"]
        assert uses["sealed"] == ["proved"]
        assert "u7" not in str(whole.rows["person"].unique().to_list())
        assert code(lineage_of, store, "shop", 1, person="nobody") == "E161"
        assert code(lineage_of, store, "shop", 1, row="zz") == "E161"
        with pytest.raises(UserError, match=r"FILE is one of: messages\.csv;"):
            lineage_of(store, "shop", 1, place="elsewhere.csv:2")
        store.add_version("shop", "another", "x", outcome="PROVED", summary={})
        assert code(lineage_of, store, "shop", 2) == "E160"


def test_the_command_shows_counts_and_rows(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lineage", "@1", "--contract", str(built), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["product"], said["version"], said["total"], said["files"]) == ("shop", 1, 300, ["messages.csv"])
    assert "rows" not in said
    assert run(["lineage", "@1", "--contract", str(built), "--file", "messages.csv:2", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["line"], set(row)) == (2, {"row", "file", "line", "part", "why", "person", "reason", "uses"})
    assert run(["lineage", "@1", "--contract", str(built), "--file", "messages.csv", "--lang", "en"]) == 3
    assert "FILE:LINE" in capsys.readouterr().err


def test_what_was_computed_from_the_data_is_listed_and_can_be_erased(built: Path) -> None:
    with Store(built.parent / ".zhinan") as store:
        known = store.version("shop", 1).summary["lineage"]
        train = known["parts"]["train"]
        names = store.derived(train)
        assert known["rows"] in names
        assert len(names) >= 4, "candidates, their files and the lineage"
        listed = {name for part in known["parts"].values() for name in store.derived(part)}
        kept = {path.relative_to(store.blobs.folder).as_posix().replace("/", "") for path in store.blobs.files()}
        assert {name.replace("/", "") for name in listed} == kept, "something was computed that nobody could erase"
        for part in known["parts"].values():
            store.erase_derived(part)
        assert store.blobs.files() == ()
        assert store.derived(train) == ()
        assert code(lineage_of, store, "shop", 1) == "E410"


def test_a_person_is_found_whatever_weights_hid_their_name_then() -> None:
    masks = {"masks": {"person_name": "mask"}, "pipelines": {}, "person": KEYLESS}
    name = " zorblax"
    then = armed(["person_name"], tagger=packed({keyed("w=zorblax", 0): [0, 640, *[0] * 8]}, [[0] * 10] * 10))
    kept = kept_person(tidy(name), then, person_secret(KEYLESS))
    assert kept != tidy(name)
    assert {kept, tidy(name)} <= {*names_of(masks, name)}
