"""How many events a second the store takes, each acknowledged after its fsync, and what they cost whom.

python benchmarks/events.py [--seconds 3] [--repeats 3] [--clients 400] [--processes 1] [--postgresql]

A PostgreSQL of its own is started from the programs on this machine (Debian: apt-get install postgresql) with its
settings as they come, fsync included. On a busy machine the CPU seconds say more than the events a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhinan.store import Event, EventWriter, Store


@contextmanager
def server() -> Iterator[tuple[str, Path]]:
    """The address of a PostgreSQL of our own, and the file with the number of its process."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))
    home, folder = Path(found).resolve().parent, Path(tempfile.mkdtemp(prefix="pg-"))
    asking: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        asking = ["runuser", "-u", "postgres", "--"]

    def run(name: str, *options: str) -> None:
        command = [*asking, str(home / name), "-D", str(folder / "data"), *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run("initdb", "-U", "owner", "--auth=trust", "-E", "UTF8")
    run("pg_ctl", "-o", f"-k {folder} -c listen_addresses=", "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://owner@/postgres?host={folder}", folder / "data" / "postmaster.pid"
    finally:
        run("pg_ctl", "-m", "fast", "stop")
        shutil.rmtree(folder)


def ticks(pid: int, *, children: bool) -> float:
    """CPU seconds of a process, with those of its children that ended and, if asked, those that run (Linux)."""
    try:
        after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it ended since: its parent counts it
        return 0.0
    own = sum(map(int, after[11:15])) / os.sysconf("SC_CLK_TCK")
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if children else []
    return own + sum(ticks(int(child), children=False) for child in below)


def stored(place: str, name: str, clients: int, seconds: float) -> tuple[int, float, float]:
    """Events that one process stores for so many clients that ask at once; wall and CPU seconds."""

    async def ask(writer: EventWriter, who: int, until: float) -> int:
        count = 0
        while time.perf_counter() < until:
            payload = {"prediction_id": f"{name}-{who}-{count}", "label": "refund"}
            made = Event(f"{name}-{who}-{count}", "feedback", payload, time.time(), f"u{who}")
            await writer.add("bench", made)
            count += 1
        return count

    async def all_of_them() -> tuple[int, float, float]:
        with Store(place, keys=()) as store, EventWriter(store) as writer:
            began, used = time.perf_counter(), time.process_time()
            counts = await asyncio.gather(*(ask(writer, who, began + seconds) for who in range(clients)))
            return sum(counts), time.perf_counter() - began, time.process_time() - used

    return asyncio.run(all_of_them())


def measured(place: str, pid: int | None, processes: int, clients: int, seconds: float) -> dict[str, float]:
    """One run: events a second, and CPU milliseconds an event of clients and server."""
    Store(place, keys=()).close()
    before = ticks(pid, children=True) if pid is not None else 0.0
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        asked = [(place, str(time.time_ns() + number), clients // processes, seconds) for number in range(processes)]
        runs = pool.starmap(stored, asked)
    after = ticks(pid, children=True) if pid is not None else 0.0
    count = sum(run[0] for run in runs)
    return {
        "events/s": count / max(run[1] for run in runs),
        "client CPU s/1,000": 1000 * sum(run[2] for run in runs) / count,
        "server CPU s/1,000": 1000 * (after - before) / count,
    }


def main() -> None:
    """Prints a row a database: medians, and of each figure the least and most."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--clients", type=int, default=400)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="nothing but PostgreSQL")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, server() as (address, file):
        pid = int(file.read_text().split()[0])
        places: dict[str, tuple[str, int | None]] = {"PostgreSQL": (f"{address}&folder={folder}/p", pid)}
        if not asked.postgresql:
            places = {"SQLite": (f"{folder}/s", None), **places}
        for _ in range(asked.repeats):
            for name, (place, server_pid) in places.items():
                found.setdefault(name, []).append(
                    measured(place, server_pid, asked.processes, asked.clients, asked.seconds)
                )
    if asked.json:
        print(json.dumps(found))
        return
    columns = list(next(iter(found.values()))[0])
    print(f"| median (least–most) | {' | '.join(columns)} |\n|-|{'-|' * len(columns)}")
    for name, runs in found.items():
        cells = []
        for column in columns:
            values = [run[column] for run in runs]
            digits = 0 if column == "events/s" else 3
            cells.append(
                f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
            )
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
