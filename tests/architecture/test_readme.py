"""The README is executed: its blocks run one after another in a folder that holds a copy of the shipped example.

A comment on the line before a block says what else to do with it:
`<!-- not run: REASON -->`, `<!-- file: NAME -->` (written, not run), `<!-- background: PORT -->` (runs until the end).
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BLOCK = re.compile(
    r"(?:^<!--\s*(?P<verb>not run|file|background):\s*(?P<note>[^>]*?)\s*-->\n+)?"
    r"^```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
RUNS = {
    "bash": ["bash", "-euo", "pipefail", "-c"],
    "sh": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-c"],
}


@dataclass(frozen=True)
class Block:
    """One fenced block, with what the comment above it asks."""

    language: str
    text: str
    verb: str
    note: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for match in BLOCK.finditer(page.read_text("utf-8")):
        yield Block(match["language"], match["text"], match["verb"] or "", match["note"] or "")


def commands(page: Path) -> list[tuple[str, ...]]:
    """What a reader types, without comments and without what may be translated: quoted words and prose."""
    typed = []
    for block in blocks(page):
        if block.language in RUNS:
            lines = (line.strip() for line in block.text.splitlines())
            typed += [(block.language, _plain(line)) for line in lines if line and not line.startswith("#")]
    return typed


def _plain(line: str) -> str:
    try:
        return " ".join(shlex.split(line, comments=True))
    except ValueError:  # one line of a longer quotation
        return line


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        assert process.poll() is None, f"it ended with {process.returncode}"
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on port {port} after 300 s")


@pytest.mark.system
def test_every_block_of_the_readme_runs(root: Path, tmp_path: Path, computed: Path) -> None:
    """From nothing, but for what the demo's build of the same example computed, where that was first."""
    folder = tmp_path / "readme"
    shutil.copytree(root / "examples" / "support", folder, ignore=shutil.ignore_patterns(".zhinan"))
    if computed.is_dir():
        shutil.copytree(computed, folder / ".zhinan" / "blobs")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(root / "src"), "PYTHONUTF8": "1"}
    running: list[subprocess.Popen[bytes]] = []
    ran = 0
    try:
        for block in blocks(root / "README.md"):
            if block.verb == "file":
                (folder / block.note).write_text(block.text, encoding="utf-8")
            elif block.language not in RUNS or block.verb == "not run":
                continue
            elif block.verb == "background":
                running.append(subprocess.Popen([*RUNS[block.language], f"exec {block.text}"], cwd=folder, env=env))
                _wait(int(block.note), running[-1])
            else:
                done = subprocess.run(
                    [*RUNS[block.language], block.text],
                    cwd=folder,
                    env=env,
                    capture_output=True,
                    encoding="utf-8",
                    check=False,
                )
                assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
            ran += 1
    finally:
        for process in running:
            process.terminate()
            process.wait(30)
    assert ran, "README.md has no block that runs"


def test_what_is_not_run_says_why(root: Path) -> None:
    assert [block.text for block in blocks(root / "README.md") if block.verb == "not run" and len(block.note) < 8] == []


def test_both_readmes_tell_the_same_commands(root: Path) -> None:
    assert commands(root / "README.zh-CN.md") == commands(root / "README.md")


def test_the_first_command_stands_on_the_first_screen(root: Path) -> None:
    for name in ("README.md", "README.zh-CN.md"):
        first = next(BLOCK.finditer((root / name).read_text("utf-8")))
        assert (root / name).read_text("utf-8")[: first.start("text")].count("\n") < 15


def test_the_runner_sees_blocks_and_their_comments(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "x\n\n<!-- not run: needs a GPU -->\n```bash\na b\n```\n\n```python\nc  # d\n```\n\n"
        "<!-- file: p.yaml -->\n\n```yaml\ne: 1\n```\n",
        encoding="utf-8",
    )
    assert [(b.language, b.verb, b.note) for b in blocks(page)] == [
        ("bash", "not run", "needs a GPU"),
        ("python", "", ""),
        ("yaml", "file", "p.yaml"),
    ]
    assert commands(page) == [("bash", "a b"), ("python", "c")]
