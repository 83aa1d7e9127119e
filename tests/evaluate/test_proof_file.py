"""A proof shows what its lines need and nothing more; what it commits to cannot be guessed and does not move."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zhinan.core import Dataset
from zhinan.evaluate import commitment
from zhinan.evaluate.commitment import commit, leaf
from zhinan.proof import merkle_root
from zhinan.store import Store

from .made_up_sealed import Answering, certified, contract, proof, sealed


def test_the_root_is_on_record_before_the_opening_and_the_first_time_counts(tmp_path: Path) -> None:
    given, rows = contract("accuracy >= 80%"), sealed(60)
    with Store(tmp_path) as store:
        before = commit(given, rows, store)
        found = certified(given, Answering(0.9), store, rows)
        assert found.part is not None
        after = commit(given, found.part, store)
        (opening,) = store.openings("shop")
        assert (after.root, after.entry) == (before.root, before.entry)
        assert before.entry.at <= opening.at
        assert before.as_dict() == {
            "root": before.root, "rows": 60, "audit": before.entry.hash, "at": before.as_dict()["at"],
        }  # fmt: skip


def test_an_edited_contract_shows_other_columns_under_the_same_root(tmp_path: Path) -> None:
    rows = sealed(80)
    with Store(tmp_path) as store:
        shown = []
        for line in ("accuracy >= 50%", "gap(recall, by=channel) <= 60 pt", "accuracy[sex=f] >= 40%"):
            given = contract(line)
            committed = commit(given, rows, store)
            found = certified(given, Answering(0.9), store, rows)
            content = found.proof(given, committed, 1)
            shown.append((set(content["sealed"]["columns"]), content["commitment"]["root"]))
    assert [columns for columns, _ in shown] == [set(), {"channel"}, {"sex"}]
    assert len({root for _, root in shown}) == 1


def test_what_is_not_needed_is_not_shown_and_names_nobody(tmp_path: Path) -> None:
    content = proof(tmp_path, 90, person=True)
    text = json.dumps(content, ensure_ascii=False)
    rows = sealed(90, person=True)
    assert not any(f'"{value}"' in text for name in ("m", "_row") for value in rows.values(name))
    assert not any(f'"{who}"' in text for who in rows.values("who") if who is not None)
    assert set(content["sealed"]["columns"]) == {"channel", "sex"}
    assert set(content["commitment"]["hidden"]) == {"m", "who"}
    assert set(content["commitment"]["keys"]) == {"channel", "sex"}
    named = Counter(who for who in rows.values("who") if who is not None)
    coded = Counter(who for who in content["sealed"]["person"] if who is not None)
    assert sorted(named.values()) == sorted(coded.values()), "a person's rows are no longer together"


@pytest.mark.parametrize("column", ["who", "m", "code"], ids=["the person", "an input that is text", "too many values"])
def test_a_column_that_may_name_somebody_is_never_shown(tmp_path: Path, column: str) -> None:
    rows = sealed(150, person=True)
    frame = rows.frame.with_columns(pl.Series("code", [f"c{i}" for i in range(150)]))
    rows = Dataset(frame, rows.inputs, rows.target, "who", None, "with codes")
    value = str(rows.values(column)[1])
    given = contract(f'accuracy[{column}="{value}"] >= 10%', "accuracy >= 50%", person=True)
    with Store(tmp_path) as store:
        found = certified(given, Answering(1.0), store, rows)
        content = found.proof(given, commit(given, rows, store), 1)
    assert content["sealed"]["columns"] == {}
    assert column in content["commitment"]["hidden"]


def test_the_same_rows_get_other_codes_in_another_store_so_that_none_can_be_guessed(tmp_path: Path) -> None:
    one, two = (proof(tmp_path / name, 40) for name in ("one", "two"))
    assert not set(one["sealed"]["rows"]) & set(two["sealed"]["rows"])
    assert one["commitment"]["root"] != two["commitment"]["root"]
    assert not set(one["commitment"]["hidden"].values()) & set(two["commitment"]["hidden"].values())


def test_a_hidden_column_cannot_be_guessed_even_when_all_its_values_are_one(tmp_path: Path) -> None:
    rows = sealed(30)
    frame = rows.frame.with_columns(pl.lit("yes").alias("consent"))
    rows = Dataset(frame, rows.inputs, rows.target, None, None, "consenting")
    given = contract("accuracy >= 50%")
    with Store(tmp_path) as store:
        found = certified(given, Answering(1.0), store, rows)
        content = found.proof(given, commit(given, rows, store), 1)
    from zhinan.evaluate.commitment import leaf

    codes = content["sealed"]["rows"]
    for key in ("", "0" * 32, *codes[:3]):
        guess = merkle_root([leaf("cell", key, code, "yes") for code in codes])
        assert guess != content["commitment"]["hidden"]["consent"]


def test_equal_rows_are_told_apart(tmp_path: Path) -> None:
    rows = sealed(20)
    twice = Dataset(pl.concat([rows.frame, rows.frame]), rows.inputs, rows.target, None, None, "twice")
    with Store(tmp_path) as store:
        codes = commit(contract("accuracy >= 50%"), twice, store).codes
    assert len(set(codes)) == 40


def test_a_line_tells_how_it_was_counted(tmp_path: Path) -> None:
    must = ("recall[card] >= 50%", "gap(recall, by=channel) <= 60 pt", "size <= 1 GB")
    content: Any = proof(tmp_path, 120, must=must)
    recall, gap, size = content["verdicts"]
    assert recall["counted"]["n"] == recall["n"] == content["sealed"]["truth"].count("card")
    assert recall["value"] == recall["counted"]["hits"] / recall["n"]
    assert (recall["metric"], recall["part"], recall["op"], recall["target"]) == (
        "recall", ["card", None, None, None], ">=", 0.5,
    )  # fmt: skip
    assert (recall["opening"], recall["delta"], recall["method"]) == (1, pytest.approx(0.025), "Clopper–Pearson")
    assert sum(group["n"] for group in gap["counted"]["groups"]) == 120
    assert (size["opening"], size["counted"], size["on"]) == (None, None, "measured")
    assert content["format"] == 2
    assert content["meaning"]["must"]


def test_a_proof_says_what_counts_for_a_line_that_use_judges(tmp_path: Path) -> None:
    given = contract("accuracy >= 50%", "satisfaction >= 60%", "handle_time(done) <= 5 min", "error_rate <= 1%")
    with Store(tmp_path) as store:
        content = certified(given, Answering(0.9), store, sealed(40)).proof(given, None, 1)
    assert [row.get("takes") for row in content["in_use"]] == [
        {"event": "", "least": 0.0, "most": 5.0},
        {"event": "done", "least": 0.0, "most": None},
        None,
    ]


def test_rows_are_hashed_once_however_often_they_are_committed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, rows, hashed = contract("accuracy >= 80%"), sealed(60), list[tuple[object, ...]]()
    monkeypatch.setattr(commitment, "leaf", lambda *content: hashed.append(content) or leaf(*content))
    with Store(tmp_path) as store:
        first = commit(given, rows, store)
        count = len(hashed)
        again = commit(given, replace(rows, inputs=()), store)
        assert (again.root, again.codes, again.columns, len(hashed)) == (first.root, first.codes, first.columns, count)
        other = commit(given, replace(rows, frame=rows.frame.with_columns(channel=pl.lit("post"))), store)
        assert other.root != first.root
    with Store(tmp_path / "elsewhere") as store:
        assert commit(given, rows, store).codes != first.codes


def test_a_cell_is_hashed_as_json_writes_it() -> None:
    words = ["plain", 'a "quoted" one', "back\\slash", "tab\t\x00\u2028", "卡丢了 😀", ""]
    codes = [f"{i:032x}" for i in range(len(words))]
    made = commitment._cells("ab" * 16, codes, words, range(len(words)))
    assert made == [leaf("cell", "ab" * 16, *pair) for pair in zip(codes, words, strict=True)]
