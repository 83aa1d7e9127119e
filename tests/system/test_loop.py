"""The story of examples/support/loop.py: decay, alarm, proof, promotion under load, a lie, a rollback, a farewell."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.system


def test_it_decays_is_replaced_unnoticed_refuses_a_liar_rolls_back_and_forgets(root: Path, tmp_path: Path) -> None:
    """One test, so that the story is played once wherever tests run side by side."""
    told = _played(root, tmp_path)
    assert 2 <= told["alarm"] <= told["promoted"], "the alarm comes after the new kind, the promotion after the alarm"
    assert told["holds"]
    assert told["asked"] > 100
    assert told["failed"] == 0, "nobody notices the switch"
    assert told["refused"]
    assert told["named"] == ["mallory"]
    assert told["rolled_back"] == 1
    receipt = told["receipt"]
    assert receipt["erased"]["rows"] > 0
    assert receipt["erased"]["feedback"] >= told["promoted"], "a word a day"
    assert receipt["versions"] == {"trained_on": [1, 2, 3], "deleted": [1, 2, 3], "pending": []}
    assert receipt["retrained"]["outcome"] == "PROVED"
    assert told["verified"] is True
    assert told["left"] == [told["answers"]] == [receipt["retrained"]["version"]]
    assert "customer1," not in (tmp_path / "messages.csv").read_text("utf-8").replace("\n", ",\n")
    picture = (tmp_path / "loop.svg").read_text("utf-8")
    assert all(f">{word}<" in picture for word in ("alarm", "promoted", "refused", "rolled back", "forgotten"))


def _played(root: Path, folder: Path) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("loop", root / "examples" / "support" / "loop.py")
    assert spec is not None
    assert spec.loader is not None
    loop = importlib.util.module_from_spec(spec)
    sys.modules["loop"] = loop
    spec.loader.exec_module(loop)
    found: dict[str, Any] = loop.Story(folder, quiet=True).run()
    return found
