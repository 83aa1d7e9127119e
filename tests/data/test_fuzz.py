"""Thousands of damaged files per reader, in one limited child each: no uncaught error, nothing slow, nothing huge."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from zhinan.conformance.fuzzing import damaged, fuzz
from zhinan.conformance.readers import placed
from zhinan.core import UserError, entries
from zhinan.data.sandbox import read

INPUTS = 50_000 if os.environ.get("ZHINAN_SOAK") else 2_000


def readers() -> list[str]:
    return [name for name, entry in entries("reader").items() if entry.target.__module__.startswith("zhinan.")]


@pytest.mark.system
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limits on a process")
@pytest.mark.parametrize("reader", readers())
def test_many_damaged_files_break_no_reader(reader: str, tmp_path: Path) -> None:
    told = fuzz(reader, INPUTS)
    assert (told.inputs, told.broken, told.slow) == (INPUTS, [], [])
    # polars and calamine end their process when a damaged file claims more than there is: that costs the file alone
    assert len(told.deaths) <= (INPUTS // 5_000 if reader in ("parquet", "excel") else 0)
    for seed in told.deaths:
        suffix, content = damaged(reader, seed)
        with pytest.raises(UserError, match="E109"):
            read(placed(content, suffix, tmp_path)[0])
