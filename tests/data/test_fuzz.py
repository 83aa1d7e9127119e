"""Thousands of damaged files per reader, in one limited child each: no uncaught error, nothing slow, nothing huge."""

from __future__ import annotations

import os
import sys

import pytest

from zhinan.conformance.fuzzing import fuzz
from zhinan.core import entries

INPUTS = 50_000 if os.environ.get("ZHINAN_SOAK") else 2_000


def readers() -> list[str]:
    return [name for name, entry in entries("reader").items() if entry.target.__module__.startswith("zhinan.")]


@pytest.mark.system
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limits on a process")
@pytest.mark.parametrize("reader", readers())
def test_many_damaged_files_break_no_reader(reader: str) -> None:
    told = fuzz(reader, INPUTS)
    assert (told.inputs, told.broken, told.slow, told.deaths) == (INPUTS, [], [], 0)
