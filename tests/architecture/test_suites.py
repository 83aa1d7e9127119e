"""The suites: each test is in one that runs, what lasts longest is known by its name, and a soak forgets nobody."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ..conftest import LONGEST

SWITCH = "ZHINAN_SOAK=1"


def test_the_longest_tests_are_where_the_list_says(root: Path) -> None:
    assert [name for name in LONGEST if not (root / name).is_file()] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed here")
def test_a_soak_runs_every_test_that_has_one(root: Path) -> None:
    asked = subprocess.run(["make", "-n", "soak"], cwd=root, capture_output=True, encoding="utf-8", check=True).stdout
    lines = [line for line in asked.splitlines() if SWITCH in line]
    runs = [name for line in lines for name in line.split() if name.startswith("tests/")]
    name = f'"{SWITCH.removesuffix("=1")}"'
    soaked = [path for path in (root / "tests").rglob("*.py") if name in path.read_text("utf-8")]
    assert sorted(runs) == sorted(path.relative_to(root).as_posix() for path in soaked)
    assert len(runs) > 5
