"""What a process that died left of its private folder goes with the next one; what is in use stays."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from zhinan.core import private
from zhinan.core.locking import locked
from zhinan.core.private import PREFIX, private_folder, sweep

KEEPER = (
    "import sys, time\nfrom zhinan.core.private import private_folder\n"
    "with private_folder() as folder:\n    (folder / 'part.arrow').write_text('13812345678')\n"
    "    print(folder, flush=True)\n    time.sleep(60)\n"
)


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


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of files")
def test_a_killed_process_leaves_nothing_for_long(tmp_path: Path) -> None:
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER], stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert keeper.stdout is not None
    folder = Path(keeper.stdout.readline().strip())
    assert sweep() == 0
    assert (folder / "part.arrow").exists(), "a folder in use was swept"
    keeper.send_signal(signal.SIGKILL)
    keeper.wait()
    keeper.stdout.close()
    with private_folder() as mine:
        assert not folder.exists()
        assert mine.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob(f"{PREFIX}*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of files")
def test_a_folder_that_is_just_being_made_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, swept = private.locked, []

    def others_come_first(file: IO[str]) -> bool | None:
        if not swept:
            swept.append(0)  # so that the sweep's own locks are taken at once
            swept[0] = sweep()
        return locked(file)

    monkeypatch.setattr(private, "locked", others_come_first)
    with private_folder() as folder:
        assert (folder / "held").exists()
    assert swept == [0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of files")
def test_a_file_system_without_locks_says_that_there_are_none(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("fcntl.flock", unsupported)
    left = temporary / "zhinan-rows-left"
    left.mkdir()
    (left / "held").touch()
    with (left / "held").open() as file:
        assert locked(file) is None
    assert sweep() == 0, "it is young"
    os.utime(left, (0, 0))
    assert sweep() == 1
