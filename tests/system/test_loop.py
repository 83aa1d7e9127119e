"""The story of examples/support/loop.py: decay, alarm, proof, promotion under load, a refused lie, a rollback."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def told(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("loop", root / "examples" / "support" / "loop.py")
    assert spec is not None
    assert spec.loader is not None
    loop = importlib.util.module_from_spec(spec)
    sys.modules["loop"] = loop
    spec.loader.exec_module(loop)
    folder = tmp_path_factory.mktemp("loop")
    found: dict[str, Any] = loop.Story(folder, quiet=True).run()
    return {**found, "picture": (folder / "loop.svg").read_text("utf-8")}


def test_the_alarm_comes_after_the_new_kind_and_the_promotion_after_the_alarm(told: dict[str, Any]) -> None:
    assert 3 <= told["alarm"] <= told["promoted"]
    assert told["holds"]


def test_nobody_notices_the_switch(told: dict[str, Any]) -> None:
    assert told["asked"] > 100
    assert told["failed"] == 0


def test_a_liar_is_named_and_his_challenger_refused(told: dict[str, Any]) -> None:
    assert told["refused"]
    assert told["named"] == ["mallory"]


def test_the_version_before_answers_again_and_the_picture_shows_both_moments(told: dict[str, Any]) -> None:
    assert told["rolled_back"] == 1
    assert ">alarm<" in told["picture"]
    assert ">promoted<" in told["picture"]
