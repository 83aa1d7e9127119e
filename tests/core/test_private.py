"""What a process that died left of its private folder goes with the next one; what is in use stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhinan.core.private import private_folder, sweep


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_what_died_is_swept_by_its_like_and_what_lives_is_not(temporary: Path) -> None:
    left, other = temporary / "zhinan-serve-left", temporary / "zhinan-rows-left"
    for folder in (left, other):
        folder.mkdir()
        (folder / "held").touch()
    with private_folder("zhinan-serve-") as mine, private_folder("zhinan-serve-") as another:
        assert mine.name.startswith("zhinan-serve-")
        assert not left.exists()
        assert other.exists()
        assert sweep("zhinan-serve-") == 0
        assert mine.exists()
        assert another.exists()
    assert [*temporary.iterdir()] == [other]
