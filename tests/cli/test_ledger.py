"""The sealed set in the command line: refused when spent, overridden aloud, told, and verifiable by anybody."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.cli import ledger
from zhinan.store import Store

pytestmark = pytest.mark.system
Zhinan = Callable[..., Any]
Shop = Callable[..., Path]
TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_proof.py"
ONE = "proof: {openings: 1}\n"


def written(shop: Shop, folder: Path, *must: str, more: str = "") -> Path:
    path = shop(folder, must=must)
    path.write_text(path.read_text("utf-8") + more, encoding="utf-8")
    return path


def test_a_spent_set_is_refused_before_anything_is_trained_and_opened_only_aloud(
    shop: Shop, tmp_path: Path, zhinan: Zhinan
) -> None:
    path = written(shop, tmp_path, "accuracy >= 70%", more=ONE)
    assert zhinan("build", path, "--until", "shallow").code == 0
    assert zhinan("build", path, "--until", "shallow").code == 0, "an unchanged build is free"
    written(shop, tmp_path, "accuracy >= 72%", more=ONE)
    refused = zhinan("build", path, "--until", "shallow", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (3, "E035")
    for words in ("--draft", "--override-ledger"):
        assert words in refused.json["error"]["fix"]
    assert "shallow" not in zhinan("build", path, "--until", "shallow").err, "it was trained before it was refused"
    assert zhinan("build", path, "--until", "shallow", "--override-ledger", "  ").code == 3
    done = zhinan("build", path, "--until", "shallow", "--override-ledger", "board on Friday")
    assert done.code == 2, "a look outside the ledger proved something"
    for words in ("tightened: accuracy >= 70% → 72%", "outside the ledger", "board on Friday", "nothing is proved"):
        assert words in done.out, words
    again = zhinan("build", path, "--until", "shallow", "--override-ledger", "board on Friday", "--json").json
    assert again["ledger"]["override"]["reason"] == "board on Friday"
    assert again["stage"] == "ready"
    proof = json.loads((Path(again["path"]) / "proof.json").read_text("utf-8"))
    assert proof["ledger"]["override"]["reason"] == "board on Friday"
    with Store(tmp_path / ".zhinan") as store:
        assert [row.why for row in store.audit("shop") if row.action == "override"] == ["board on Friday"]
        assert store.verify_audit("shop")
    later = zhinan("prove", "shop@2", "--contract", path, "--override-ledger", "once more")
    assert (later.code, "outside the ledger" in later.out) == (2, True)
    assert zhinan("prove", tmp_path / "messages.csv", "--override-ledger", "why").code == 3
    status = zhinan("status", path, "--json").json["ledger"]
    assert [(row["t"], bool(row["override"])) for row in status["openings"]] == [(1, False), (2, True)]
    assert (status["left"], status["plan"]) == (0, 1)
    said = zhinan("status", path).out
    assert "* outside the ledger" in said
    assert "used up" in said


def test_status_and_check_show_the_ledger(shop: Shop, tmp_path: Path, zhinan: Zhinan) -> None:
    path = written(shop, tmp_path, "accuracy >= 70%")
    before = zhinan("check", path, "--json").json["ledger"]
    assert (before["opening"], before["delta"], before["openings"]) == (1, 0.025, [])
    assert "was never opened" in zhinan("status", path).out
    assert zhinan("build", path, "--until", "shallow").code == 0
    after = zhinan("check", path, "--json").json["ledger"]
    assert (after["opening"], after["delta"]) == (2, pytest.approx(0.05 / 8))
    assert after["left"] == before["left"] - 1
    (row,) = after["openings"]
    assert (row["t"], row["outcome"], row["lines"], row["override"]) == (1, "PROVED", ["accuracy >= 70%"], None)
    for command in ("status", "check"):
        assert "more times" in zhinan(command, path).out
        assert "封存集还可开启" in zhinan(command, path, "--lang", "zh").out


def test_an_edit_is_told_and_charged_for_what_is_new_only(shop: Shop, tmp_path: Path, zhinan: Zhinan) -> None:
    path = written(shop, tmp_path, "accuracy >= 70%", "macro_f1 >= 50%")
    assert zhinan("build", path, "--until", "shallow", "--json").json["diff"] == []
    written(shop, tmp_path, "accuracy >= 65%", "recall[card] >= 40%")
    told = zhinan("build", path, "--until", "shallow", "--json").json
    assert told["diff"] == [
        {"line": "accuracy >= 65%", "change": "loosened", "was": "accuracy >= 70%"},
        {"line": "recall[card] >= 40%", "change": "added", "was": None},
        {"line": "macro_f1 >= 50%", "change": "removed", "was": "macro_f1 >= 50%"},
    ]
    written(shop, tmp_path, "accuracy >= 60%", "recall[card] >= 40%")
    again = zhinan("build", path, "--until", "shallow")
    assert "loosened: accuracy >= 65% → 60%" in again.out
    with Store(tmp_path / ".zhinan") as store:
        assert [opening.lines["lines"] for opening in store.openings("shop")] in (
            [["accuracy >= 70%", "macro_f1 >= 50%"], ["recall[card] >= 40%"]],
            [["accuracy >= 70%", "macro_f1 >= 50%"], ["accuracy >= 65%", "recall[card] >= 40%"]],  # another draft
        )


def test_a_draft_that_is_proved_later_goes_live_with_its_proof_kept_beside_it(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(shop, tmp_path, "accuracy >= 70%")
    monkeypatch.chdir(tmp_path)
    assert zhinan("build", "--until", "shallow", "--draft").code == 2
    folder = tmp_path / ".zhinan" / "versions" / "shop" / "1"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert zhinan("prove", "@1").code == 0
    status = zhinan("status", "--json").json
    assert status["live"] == 1
    assert [(v["version"], v["stage"], v["outcome"]) for v in status["versions"]] == [(1, "live", "PROVED")]
    assert status["ledger"]["left"] == status["openings_left"]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before, "a sealed version was changed"
    told = zhinan("report", "@1", "--json").json
    later = json.loads(Path(told["proof"]).read_text("utf-8"))
    assert (later["outcome"], later["version"]) == ("PROVED", 1)
    assert told["proof"] in zhinan("report", "@1").out
    with Store(tmp_path / ".zhinan") as store:
        committed = store.commitments("shop")[0]
        row = store.version("shop", 1)
        assert committed.root == later["commitment"]["root"]
        assert committed.entry.at < row.at, "the rows were committed to after the version was made"
        assert store.verify_audit("shop")
    checked = zhinan("verify", "@1", "--proof", "--json")
    assert (checked.code, checked.json["ok"], checked.json["on_record"]) == (0, True, True)
    assert path.exists()


def test_the_proof_of_a_build_is_taken_by_the_stand_alone_tool_and_by_verify(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    must = ("accuracy >= 70%", "recall[card] >= 40%", "gap(recall, by=channel) <= 45 pt", "macro_f1 >= 40%")
    path = shop(tmp_path, must=must, more="  person: user_id\n")
    monkeypatch.chdir(tmp_path)
    built = zhinan("build", path, "--until", "shallow", "--json").json
    folder = Path(built["path"])
    content = json.loads((folder / "proof.json").read_text("utf-8"))
    assert set(content["sealed"]["columns"]) == {"channel"}
    run = [sys.executable, "-I", str(TOOL), str(folder), "--root", content["commitment"]["root"], "--json"]
    said = subprocess.run(run, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    checked = {row["line"]: row["checked"].split(":")[0] for row in json.loads(said.stdout)["lines"]}
    assert list(checked.values()) == ["recomputed", "recomputed", "recomputed", "trusted"]
    proved = zhinan("verify", "@latest", "--proof")
    assert proved.code == 0
    for words in ("recomputed", "trusted", "by the root on record", "it cannot show"):
        assert words in proved.out, words
    copied = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copied / "proof.json").chmod(0o644)
    text = (copied / "proof.json").read_text("utf-8")
    (copied / "proof.json").write_text(text.replace('"PROVED"', '"REFUTED"', 1), encoding="utf-8")
    broken = subprocess.run([*run[:3], str(copied)], capture_output=True, text=True, check=False)
    assert (broken.returncode, "REFUSED" in broken.stdout) == (1, True)


def test_nothing_in_a_proof_names_a_person_or_quotes_an_input(shop: Shop, tmp_path: Path, zhinan: Zhinan) -> None:
    must = ("accuracy >= 70%", "gap(recall, by=channel) <= 45 pt")
    path = shop(tmp_path, must=must, more="  person: user_id\n", note="SECRET-NOTE")
    built = zhinan("build", path, "--until", "shallow", "--json").json
    text = (Path(built["path"]) / "proof.json").read_text("utf-8")
    assert '"channel"' in text
    assert "SECRET-NOTE" not in text
    assert not any(f'"u{i}"' in text for i in range(97)), "a person is named"
    with Store(tmp_path / ".zhinan") as store:
        assert store.sealing_key("shop").hex() not in text
    content = json.loads(text)
    rows = [line.split(",") for line in (tmp_path / "messages.csv").read_text("utf-8").splitlines()[1:]]
    assert len(set(content["sealed"]["person"])) > 10
    assert not {row[2] for row in rows} & set(content["sealed"]["person"])


@pytest.mark.parametrize(("zh", "words"), [(False, "labels as they came"), (True, "逐条到来的新标注")])
def test_an_opening_by_labels_as_they_came_is_told_as_such(
    zh: bool, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"t": 1, "delta": 0.025, "at": "2026-01-02T03:04:05+00:00", "outcome": None, "lines": [], "override": None}
    ledger.ledger({"openings": [row], "left": 3}, zh)
    assert words in capsys.readouterr().out
