"""Where there is no terminal, long work still says every few seconds that it goes on, and nothing after its end."""

from __future__ import annotations

import time

import pytest

from zhinan.cli import progress


def test_a_stage_that_says_nothing_is_named_again_until_it_is_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.02)
    with progress.told(quiet=False, zh=False) as tell:
        tell("near", 5_000, 20_000)
        deadline = time.monotonic() + 5
        said = ""
        while said.count("near-duplicates") < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
            said += capsys.readouterr().err
        tell("compare", 0, 0)
    first, second, *_ = said.splitlines()
    assert first == "… looking for near-duplicates: 5,000 / 20,000"
    assert second.startswith("… looking for near-duplicates: 5,000 / 20,000 (")
    capsys.readouterr()
    time.sleep(0.06)
    assert capsys.readouterr().err == ""
