"""The command line called in this process: what it prints on each side, and its exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from zhinan.cli.run import run


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on standard output; fails when anything else is there."""
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.fixture
def zhinan(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Runs `zhinan ARGUMENTS…`."""
    for name in ("LC_ALL", "LC_MESSAGES", "ZHINAN_STORE", "ZHINAN_KEY", "ZHINAN_KEY_FILE"):
        monkeypatch.setenv(name, "")  # noted, so that what a command sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        sys.stdout.flush()
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return call
