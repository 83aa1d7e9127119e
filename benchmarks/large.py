"""Rows per CPU second, peak memory and longest silence of reading and of checking a CSV of a given size.

    python benchmarks/large.py --mb 1000 --only check [--profile] [--json]

Makes the file (seeded, the same each time) in a folder of its own that goes away, runs `load` and the whole of `zhinan
check` each in a process of its own, and watches the memory of that process and its children together, four times a
second: PSS (/proc/PID/smaps_rollup), where shared pages count once. CPU seconds are those of all of them, so that a
busy machine measures the same as a quiet one. The silence is the longest time in which no line of progress came.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

MODES = ("load", "check")
CONTRACT = """product: large
data:
  source: large.csv
  target: topic
  mask: [email, phone]
must:
  - accuracy >= 60%
"""
TOPICS = ("parcel", "refund", "card", "login", "price", "other")
CHUNK = 100_000


def made(path: Path, megabytes: float, seed: int = 0) -> int:
    """Writes a CSV of about so many megabytes; gives its rows. One row in fifty nearly repeats another one."""
    draw = np.random.default_rng(seed)
    syllables = np.array([a + b for a in "bcdfghklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "in")])
    words = np.array(["".join(draw.choice(syllables, draw.integers(1, 4))) for _ in range(8000)])
    weight = 1 / np.arange(3, len(words) + 3)
    rows = 0
    with path.open("wb") as out:
        while out.tell() < megabytes * 1e6:
            frame = _rows(draw, words, weight / weight.sum(), rows)
            left = megabytes * 1e6 - out.tell()
            if left < 12e6:
                frame = frame.head(max(int(left / 140), 100))
            frame.write_csv(out, include_header=rows == 0)
            rows += frame.height
    return rows


def _rows(draw: np.random.Generator, words: Any, weight: Any, start: int) -> pl.DataFrame:
    topic = draw.integers(0, len(TOPICS), CHUNK)
    lengths = draw.integers(6, 22, CHUNK)
    drawn = iter(np.split(draw.choice(words, lengths.sum(), p=weight), np.cumsum(lengths)[:-1]))
    texts = [" ".join(one) + f" {TOPICS[t]}" for one, t in zip(drawn, topic, strict=True)]
    for row in draw.integers(1, CHUNK, CHUNK // 50):
        texts[row] = texts[row - 1] + "s"
    for row in draw.integers(0, CHUNK, CHUNK // 100):
        texts[row] += f" call 13{draw.integers(10**8, 10**9)} or mail a{row}@example.org"
    moment = np.datetime64("2024-01-01", "ms") + 1000 * draw.integers(0, 40_000_000, CHUNK).astype("timedelta64[ms]")
    return pl.DataFrame({
        "order_id": np.arange(start, start + CHUNK) * 7 + 1_000_000,
        "message": texts,
        "channel": np.array(["app", "web", "mail", "phone"])[draw.integers(0, 4, CHUNK)],
        "amount": np.round(draw.lognormal(3, 1, CHUNK), 2),
        "created_at": pl.Series(moment).dt.to_string("%Y-%m-%d %H:%M:%S"),
        "topic": np.array(TOPICS)[np.where(draw.random(CHUNK) < 0.95, topic, draw.integers(0, len(TOPICS), CHUNK))],
    })  # fmt: skip


def worked(mode: str, folder: Path) -> None:
    """One of MODES on the file of a folder."""
    if mode == "load":
        from zhinan.contract import load as read
        from zhinan.data import load

        load(read(folder / "product.yaml"), lambda what, done, total: print(what, file=sys.stderr, flush=True))
    else:
        from zhinan.cli import main

        sys.argv = ["zhinan", "check", str(folder / "product.yaml"), "--store", str(folder / "store")]
        with suppress(SystemExit):
            main()


def measured(mode: str, folder: Path, rows: int) -> dict[str, Any]:
    """CPU and wall seconds, peak PSS and longest silence of one mode in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = spoken = time.monotonic()
    peak, said, silence, stage, at = 0, 0, 0.0, "", ""
    progress = folder / "progress"
    with progress.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, __file__, "--work", mode, str(folder)], stdout=subprocess.DEVNULL, stderr=out
        )
    while child.poll() is None:
        held = sum(map(_pss, _family(child.pid)))
        if progress.stat().st_size > said:
            said, spoken = progress.stat().st_size, time.monotonic()
            stage = progress.read_text("utf-8").strip().rpartition("\n")[2].partition(":")[0]
        silence = max(silence, time.monotonic() - spoken)
        if held > peak:
            peak, at = held, stage
        time.sleep(0.25)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {
        "mode": mode, "status": child.returncode, "rows": rows, "cpu_s": round(cpu, 2),
        "wall_s": round(time.monotonic() - started, 2), "rows_per_cpu_s": round(rows / cpu),
        "peak_mb": round(peak * 1024 / 1e6), "peak_at": at.strip("… "), "silence_s": round(silence, 1),
    }  # fmt: skip


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [one for child in task.read_text().split() for one in _family(int(child))]
    return found


def _pss(pid: int) -> int:
    """Kilobytes; 0 for a process that is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Makes the file and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=28, help="size of the file in megabytes")
    parser.add_argument("--only", choices=MODES, help="one of the two")
    parser.add_argument("--folder", type=Path, help="keep the file here, and take the one that is there")
    parser.add_argument("--profile", action="store_true", help="where the time goes, instead")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.work:
        worked(asked.work[0], Path(asked.work[1]))
        return
    with tempfile.TemporaryDirectory() as made_here:
        folder = asked.folder or Path(made_here)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "product.yaml").write_text(CONTRACT)
        path = folder / "large.csv"
        if not path.exists():
            made(path, asked.mb)
        with path.open("rb") as file:
            rows = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 24), b"")) - 1
        modes = [asked.only] if asked.only else list(MODES)
        if asked.profile:
            import cProfile
            import pstats

            for mode in modes:
                with cProfile.Profile() as profile:
                    worked(mode, folder)
                pstats.Stats(profile).sort_stats("cumulative").print_stats(90)
            return
        found = [measured(mode, folder, rows) for mode in modes]
        megabytes = round(path.stat().st_size / 1e6)
    if asked.json:
        print(json.dumps({"mb": megabytes, "cpus": os.cpu_count(), "runs": found}))
        return
    for one in found:
        print(f"{one['mode']:6} {rows:>10,} rows  {one['cpu_s']:>8.1f} CPU s  {one['rows_per_cpu_s']:>8,} rows/CPU s  "
              f"peak {one['peak_mb']:,} MB in '{one['peak_at']}'  silent for at most {one['silence_s']} s  "
              f"({megabytes:,} MB, wall {one['wall_s']:.0f} s, status {one['status']})")  # fmt: skip


if __name__ == "__main__":
    main()
