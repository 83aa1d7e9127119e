"""Rows on their way from the reader's process outlive nobody: the next start sweeps what a killed one left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from zhinan.data.private import PREFIX, private_folder, sweep

KEEPER = (
    "import sys, time\nfrom zhinan.data.private import private_folder\n"
    "with private_folder() as folder:\n    (folder / 'part.arrow').write_text('13812345678')\n"
    "    print(folder, flush=True)\n    time.sleep(60)\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of files")
def test_a_killed_process_leaves_nothing_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
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
