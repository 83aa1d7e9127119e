"""Looks at pictures and recordings in limited child processes: one that kills its child costs one row, not the run."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from zhinan.core import Kind, UserError, Words
from zhinan.data import children
from zhinan.data.sandbox import Limits, say_once

__all__ = ["MEDIA", "Media", "inspect", "near_pairs"]

MEDIA: tuple[Kind, ...] = ("image", "audio")

_PATIENCE = 20.0
"""Seconds one file may take."""

_AT_ONCE = 500
_WORKERS = 2
_NEAR = 3.0
"""Two pictures are near when their patterns differ by less than so many of 255 grey levels a cell, on average."""

_FLAT = 4.0
"""Standard deviation of grey levels from which a picture shows something."""

_BLOCK = 1024


@dataclass(frozen=True)
class Media:
    """One column's files.

    Args:
        facts: one row a different name: `name`, `digest` and the facts of `pictures.of_file` or `sounds.of_file`.
        refused: name → why it is not taken.
    """

    kind: Kind
    facts: pl.DataFrame
    refused: dict[str, Words]


def inspect(kind: Kind, root: Path, names: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Media:
    """The facts of each named file under `root`, each name once.

    Raises: UserError E192 when the library for recordings is not installed.
    """
    if kind == "audio":
        _needs_soundfile()
    wanted = sorted(set(names))
    found: dict[str, dict[str, Any]] = {}
    refused = {name: _OUTSIDE for name in wanted if not _inside(root, name)}
    free = [name for name in wanted if name not in refused]
    groups = [free[i : i + _AT_ONCE] for i in range(0, len(free), _AT_ONCE)]
    with ThreadPoolExecutor(_WORKERS) as pool:
        for facts in pool.map(lambda group: _facts(kind, root, group), groups):
            found |= facts
            if progress:
                progress(len(found), len(wanted))
    refused |= {name: Words(*facts["refused"]) for name, facts in found.items() if "refused" in facts}
    taken = [{"name": name, **facts} for name, facts in sorted(found.items()) if name not in refused]
    frame = pl.DataFrame(taken, infer_schema_length=None) if taken else pl.DataFrame(schema={"name": pl.String})
    return Media(kind, frame, refused)


_OUTSIDE = Words("outside of the product's folder", "在产品目录之外")
_DIED = Words("decoding it broke down or took too much memory", "解码时程序中断或内存过大")
_SLOW = Words("decoding took too long", "解码时间过长")


def _inside(root: Path, name: str) -> bool:
    return (root / name.rpartition("#")[0] if ".npz#" in name else root / name).resolve().is_relative_to(root.resolve())


def _needs_soundfile() -> None:
    from importlib.util import find_spec

    if find_spec("soundfile") is None:
        raise UserError("E192")


def _facts(kind: Kind, root: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """Facts by name; a child that dies over a file is followed by one that begins behind it."""
    found: dict[str, dict[str, Any]] = {}
    while names:
        lines, death = _one_child(kind, root, names)
        found |= dict(zip(names, lines, strict=False))
        names = names[len(lines) :]
        if names:
            found[names[0]] = {"refused": [death.en, death.zh]}
            names = names[1:]
    return found


def _one_child(kind: Kind, root: Path, names: list[str]) -> tuple[list[dict[str, Any]], Words]:
    """The facts of the first names, as far as one child came, and why it came no further."""
    limits = Limits(memory=2 << 30, cpu=3600, output=1 << 30)
    with tempfile.TemporaryDirectory(prefix="zhinan-") as private:
        into = Path(private) / "facts.jsonl"
        into.touch()
        task = {"kind": kind, "root": str(root), "names": names, "into": str(into), "limits": vars(limits)}
        with subprocess.Popen(
            children.command("zhinan.data.media_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=children.environment(Path(private)),
        ) as child:
            if child.stdin is None:
                raise ValueError("a child without standard input")
            with child.stdin as pipe:
                pipe.write(json.dumps(task).encode())
            slow = _wait(child, into)
        lines = [json.loads(line) for line in into.read_text("utf-8").splitlines(True) if line.endswith("\n")]
    for limit in {limit for line in lines for limit in line.pop("unlimited")}:
        say_once(limit)
    return lines, _SLOW if slow else _DIED


def _wait(child: subprocess.Popen[bytes], into: Path) -> bool:
    """Waits for the end; a child that says nothing for too long is ended. Returns whether it was."""
    size, since = 0, time.monotonic()
    while True:
        try:
            child.wait(0.05)
            return False
        except subprocess.TimeoutExpired:
            if into.stat().st_size != size:
                size, since = into.stat().st_size, time.monotonic()
            elif time.monotonic() - since > _PATIENCE:
                child.kill()
                child.wait()
                return True


def near_pairs(media: Media) -> list[tuple[str, str]]:
    """Pairs of names whose files are the same, or whose pictures look alike (scaled, re-encoded, re-saved).

    Flat pictures look alike by chance and are left out.
    """
    facts = media.facts
    if facts.is_empty():
        return []
    pairs = [
        (group[0], name)
        for group in facts.group_by("digest", maintain_order=True).agg("name")["name"].to_list()
        for name in group[1:]
    ]
    return pairs if media.kind == "audio" else [*pairs, *_alike(facts.unique("digest", maintain_order=True))]


def _alike(facts: pl.DataFrame) -> list[tuple[str, str]]:
    """Pairs of patterns that differ by less than _NEAR grey levels a cell; exact, in blocks ordered by brightness.

    Two patterns cannot be nearer than their mean levels are, so a block meets only those of like brightness; there a
    matrix product gives the squared distances, and the few that can be near are compared cell by cell.
    """
    import numpy as np

    held = facts.filter(pl.col("spread") > _FLAT)
    if held.height < 2:
        return []
    patterns = np.frombuffer(bytes.fromhex("".join(held["pattern"])), np.uint8).reshape(held.height, -1)
    order = np.argsort(patterns.mean(1), kind="stable")
    values = patterns[order].astype(np.float32)
    level, squares = values.mean(1), (values**2).sum(1)
    names = held["name"].gather(order).to_list()
    found = []
    for begin in range(0, len(values), _BLOCK):
        block = slice(begin, min(begin + _BLOCK, len(values)))
        end = int(np.searchsorted(level, level[block.stop - 1] + _NEAR, "right"))
        apart = squares[block, None] + squares[None, begin:end] - 2 * (values[block] @ values[begin:end].T)
        for one, other in np.argwhere(np.triu(apart < values.shape[1] * (4 * _NEAR) ** 2, 1)):
            if np.abs(values[begin + one] - values[begin + other]).mean() < _NEAR:
                found.append((names[begin + one], names[begin + other]))
    return found
