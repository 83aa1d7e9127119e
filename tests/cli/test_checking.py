"""`zhinan check` fits on one screen in both languages, whatever there is to say, and names the page with the rest."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from zhinan.cli.checking import LINES, screen, write_page
from zhinan.core import UserError
from zhinan.data.findings import TEXTS, finding
from zhinan.engine import Check
from zhinan.engine.checking import Need

PARTS = ("rows", "accepted", "rejected", "unlabeled", "train", "dev", "sealed", "duplicates", "masked")
COUNTS = dict.fromkeys(PARTS, 1234)
LEDGER = {"openings": [], "left": None, "opening": 1, "delta": 0.025}


def check(lines: int, codes: list[str]) -> Check:
    needs = tuple(Need(f"recall[class number {i}] >= 90%", 10, 36, False) for i in range(lines))
    named = {code: {*re.findall(r"{(\w+)}", TEXTS[code].en + TEXTS[code].zh)} - {"count"} for code in codes}
    said = [f"rows.csv:{i}  " + "a long example " * 9 for i in range(len(codes))]
    found = tuple(
        finding(code, 7, [example], **dict.fromkeys(named[code], "some"))
        for code, example in zip(codes, said, strict=True)
    )
    return Check(needs, found, COUNTS, LEDGER, "shop")


@pytest.mark.parametrize("zh", [False, True])
@pytest.mark.parametrize(("lines", "codes"), [(1, []), (2, ["leaks"]), (60, []), (3, [*TEXTS]), (60, [*TEXTS])])
def test_the_screen_holds_forty_lines(
    lines: int, codes: list[str], zh: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    screen(check(lines, codes), "shop-check.html", zh)
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) <= LINES
    assert shown[-1].endswith("shop-check.html")
    if len(codes) > LINES:
        assert any("on the page" in line or "见页面" in line for line in shown)


def test_columns_that_are_named_stand_side_by_side_and_of_rows_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    found = (
        finding("stand_ins", 3, ["bmi = 0: 11", "insulin = 0: 374"]),
        finding("overlap", 2, ["a.csv:1  x", "a.csv:2  y"]),
    )
    screen(Check((), found, COUNTS, LEDGER, "shop"), "shop-check.html", False)
    shown = capsys.readouterr().out
    assert "    bmi = 0: 11 · insulin = 0: 374\n" in shown
    assert "    a.csv:1  x\n" in shown


def test_what_is_done_and_how_to_have_it_otherwise_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    for zh, said in ((False, "→ kept as inputs. Otherwise: name"), (True, "→ 仍作为输入。如需改变：在 data.inputs")):
        screen(Check((), (finding("leaks", 1, ["team"]),), COUNTS, LEDGER, "shop"), "shop-check.html", zh)
        assert said in capsys.readouterr().out


def test_many_openings_leave_room_for_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    row = {
        "delta": 0.02,
        "at": "2026-01-01T00:00",
        "outcome": "REFUTED",
        "lines": ["accuracy >= 90%"],
        "override": True,
    }
    ledger = {**LEDGER, "openings": [{"t": t, **row} for t in range(1, 41)], "left": 3}
    screen(replace(check(60, [*TEXTS]), ledger=ledger), "shop-check.html", False)
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) <= LINES
    assert sum(line.startswith("●") for line in shown) > 3
    assert [line.split()[0] for line in shown if "REFUTED" in line] == ["35*", "36*", "37*", "38*", "39*", "40*"]


def test_a_page_that_cannot_be_written_is_a_users_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "page.html", tmp_path):
        with pytest.raises(UserError) as caught:
            write_page(check(1, []), place, tmp_path, encrypted=False)
        assert caught.value.code == "E318"


def test_the_page_stands_in_the_store_unless_asked_elsewhere(tmp_path: Path) -> None:
    made = check(1, ["leaks"])
    kept = tmp_path / ".zhinan"
    assert write_page(made, None, kept, encrypted=False) == str(kept / "shop-check.html")
    asked = tmp_path / "pages" / "mine.html"
    assert write_page(made, asked, tmp_path, encrypted=True) == str(asked)
    assert b"recall[class number 0]" in asked.read_bytes()


def test_with_a_key_the_page_in_the_store_shows_no_value_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    column = {
        "name": "amount",
        "kind": "number",
        "why": {"en": "", "zh": ""},
        "role": "input",
        "rows": 9,
        "missing": 0,
        "distinct": 9,
    }
    spread = {"middle": 4711.0, "top": [{"value": "canary", "n": 3}]}
    made = replace(check(1, ["outliers"]), columns=[{**column, **spread}])
    (tmp_path / "shop-check.html").touch(0o644)
    for page, encrypted, whole in ((None, True, False), (None, False, True), (tmp_path / "asked.html", True, True)):
        written = Path(write_page(made, page, tmp_path, encrypted))
        shown = written.read_text("utf-8")
        assert [value in shown for value in ("a long example", "4,711", "canary")] == [whole] * 3
        assert "amount" in shown
        assert os.name == "nt" or written.stat().st_mode & 0o777 == 0o600


def test_json_says_a_finding_in_both_languages() -> None:
    (told,) = check(1, ["leaks"]).to_dict()["findings"]
    for key in ("what", "do", "overrule"):
        assert told[key]["en"] != told[key]["zh"]
