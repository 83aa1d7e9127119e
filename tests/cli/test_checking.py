"""`zhinan check` fits on one screen in both languages, whatever there is to say, and names the page with the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhinan.cli.checking import LINES, screen, write_page
from zhinan.data.findings import TEXTS, finding
from zhinan.engine import Check
from zhinan.engine.checking import Need

PARTS = ("rows", "accepted", "rejected", "unlabeled", "train", "dev", "sealed", "duplicates", "masked")
COUNTS = dict.fromkeys(PARTS, 1234)
LEDGER = {"openings": [], "left": None, "opening": 1, "delta": 0.025}
SAID = {
    "masks": "phone",
    "most": 5,
    "least": 3,
    "name": "x",
    "kind": "image",
    "usual": "1 s",
    "columns": 2,
    "shares": "en 60 %",
    "time": "at",
    "rule": "x",
}


def check(lines: int, codes: list[str]) -> Check:
    needs = tuple(Need(f"recall[class number {i}] >= 90%", 10, 36, False) for i in range(lines))
    found = tuple(finding(code, 7, [f"rows.csv:{i}  " + "a long example " * 9], **SAID) for i, code in enumerate(codes))
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


def test_the_page_stands_in_the_store_unless_asked_elsewhere(tmp_path: Path) -> None:
    made = check(1, ["leaks"])
    assert write_page(made, None, tmp_path / ".zhinan") == str(tmp_path / ".zhinan" / "shop-check.html")
    asked = tmp_path / "pages" / "mine.html"
    assert write_page(made, asked, tmp_path) == str(asked)
    assert b"recall[class number 0]" in asked.read_bytes()
