"""The report in a real browser: phone and desktop, light and dark, both languages, keyboard, paper, axe, no script."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from zhinan.evaluate.check_page import render_check
from zhinan.evaluate.report import render

from .made_up_checks import facts as check_facts
from .made_up_reports import bank, bare, hostile, rich

pytestmark = pytest.mark.system

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOOKS = [
    {"width": width, "theme": theme, "lang": lang}
    for width in (360, 1280)
    for theme in ("light", "dark")
    for lang in ("en", "zh-CN")
]


def _browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    absent = [*(["chromium"] if found is None else []), *(name for name in ("node", "npm") if not shutil.which(name))]
    if absent or found is None:
        pytest.skip(f"not installed here: {', '.join(absent)}")
    return found


@pytest.fixture(scope="module")
def runner(request: pytest.FixtureRequest, root: Path) -> Path:
    """The script beside its pinned packages, in pytest's cache folder, which git ignores."""
    _browser()
    folder = Path(request.config.cache.mkdir("browser"))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run side by side, and npm empties the folder first
        _install(root / "tests" / "browser", folder)
    return folder / "report.mjs"


def _install(source: Path, folder: Path) -> None:
    pinned = (source / "package-lock.json").read_bytes()
    stamp = folder / "installed"
    for file in ("package.json", "package-lock.json", "report.mjs"):
        shutil.copy(source / file, folder / file)
    if not stamp.exists() or stamp.read_bytes() != pinned:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=600, check=False)
        assert done.returncode == 0, done.stderr
        stamp.write_bytes(pinned)


def long_and_foreign() -> dict[str, Any]:
    """Names that are very long, without a space, and written from right to left."""
    return hostile(rich(), "w" * 180 + "\u202e" + "ש\u05c1לום" * 20)


def _problems(runner: Path, pages: list[dict[str, Any]], tmp_path: Path) -> dict[str, Any]:
    listed = tmp_path / "pages.json"
    listed.write_text(json.dumps(pages), encoding="utf-8")
    command = ["node", str(runner), _browser(), str(listed)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    return cast("dict[str, Any]", json.loads(done.stdout))


def test_the_report_is_whole_for_every_reader_and_breaks_no_rule(runner: Path, tmp_path: Path) -> None:
    corners = [LOOKS[1], LOOKS[-2]]
    pages = []
    for name, facts, looks, axe in (
        ("rich", rich(), LOOKS, True),
        ("bank", bank(), corners, True),
        ("long", long_and_foreign(), [LOOKS[0], LOOKS[-1]], False),
        ("bare", bare(), [LOOKS[0]], False),
    ):
        file = tmp_path / f"{name}.html"
        file.write_bytes(render(facts)["report.html"])
        pages.append({"file": str(file), "looks": looks, "axe": axe})
    found = _problems(runner, pages, tmp_path)
    assert found["problems"] == []
    assert found["runs"] == 3 * (len(LOOKS) + len(corners))
    assert found["rules"] > 30


def test_the_checks_find_what_is_wrong(runner: Path, tmp_path: Path) -> None:
    """The same page with one promise broken at a time: each is noticed, so the test above can fail."""
    whole = render(bare())["report.html"].decode()
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    start, end = whole.index("default-src"), whole.index('">', whole.index("default-src"))
    open_ = whole[:start] + policy + whole[end:]
    broken = {
        "pale": ".soft{color:#bbb!important}", "wide": "h1{width:90rem}", "blind": "*{outline:none!important}",
        "torn": "@media print{#audit{display:none!important}}", "both": "span[lang]{display:inline!important}",
    }  # fmt: skip
    pages = []
    for name, rule in broken.items():
        file = tmp_path / f"{name}.html"
        at = open_.index("</style>")
        file.write_text(open_[:at] + rule + open_[at:], encoding="utf-8")
        pages.append({"file": str(file), "looks": [LOOKS[0]], "axe": True})
    blocked = tmp_path / "blocked.html"
    blocked.write_text(whole.replace("<style>", "<style> "), encoding="utf-8")
    pages.append({"file": str(blocked), "looks": [LOOKS[0]], "axe": False})
    listed = tmp_path / "pages.json"
    listed.write_text(json.dumps(pages), encoding="utf-8")
    command = ["node", str(runner), _browser(), str(listed)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)["problems"]
    for name, words in {
        "pale": "color-contrast", "wide": "too wide", "blind": "cannot be seen", "torn": "on paper",
        "both": "shows zh-CN too", "blocked": "Content Security Policy",
    }.items():  # fmt: skip
        assert any(problem.startswith(f"{name}.html") and words in problem for problem in said), (name, said)


def test_the_page_of_a_check_is_whole_for_every_reader_and_breaks_no_rule(runner: Path, tmp_path: Path) -> None:
    pages = []
    for name, text, looks in (("check", "app", LOOKS), ("check-long", "w" * 180 + "ש\u05c1לום" * 20, LOOKS[:2])):
        file = tmp_path / f"{name}.html"
        file.write_bytes(render_check(check_facts(text)))
        pages.append({"file": str(file), "looks": looks, "axe": True, "untabbed": True})
    found = _problems(runner, pages, tmp_path)
    assert found["problems"] == []
    assert found["runs"] == len(LOOKS) + 2
    assert found["rules"] > 20
