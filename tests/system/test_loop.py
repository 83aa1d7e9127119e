"""The story of examples/support/loop.py: decay, alarm, proof, promotion under load, a refused lie, a rollback."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.system


def test_it_decays_is_replaced_unnoticed_refuses_a_liar_and_rolls_back(root: Path, tmp_path: Path) -> None:
    """One test, so that the story is played once wherever tests run side by side."""
    told = _played(root, tmp_path)
    assert 3 <= told["alarm"] <= told["promoted"], "the alarm comes after the new kind, the promotion after the alarm"
    assert told["holds"]
    assert told["asked"] > 100
    assert told["failed"] == 0, "nobody notices the switch"
    assert told["refused"]
    assert told["named"] == ["mallory"]
    assert told["rolled_back"] == 1
    picture = (tmp_path / "loop.svg").read_text("utf-8")
    assert ">alarm<" in picture
    assert ">promoted<" in picture


def _played(root: Path, folder: Path) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("loop", root / "examples" / "support" / "loop.py")
    assert spec is not None
    assert spec.loader is not None
    loop = importlib.util.module_from_spec(spec)
    sys.modules["loop"] = loop
    spec.loader.exec_module(loop)
    found: dict[str, Any] = loop.Story(folder, quiet=True).run()
    return found
