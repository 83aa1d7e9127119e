"""What encryption at rest costs: blobs, events and one build, with a key and without.

python benchmarks/encryption.py [--megabytes 256] [--events 20000] [--repeats 5]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from zhinan.core.keys import Key, new_key
from zhinan.store import Event, Store, rotate


def main() -> None:
    """Prints a row a kind of work, CPU seconds without and with a key, median (least–most)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    content = os.urandom(asked.megabytes << 20)
    work: dict[str, Callable[[Store], float]] = {
        f"remember {asked.megabytes} MB": lambda store: _timed(lambda: store.blobs.remember("k", content)),
        f"recall {asked.megabytes} MB": lambda store: _timed(lambda: store.blobs.recall("k")),
        f"put {asked.megabytes} MB": lambda store: _timed(lambda: store.blobs.put(content)),
        f"store {asked.events:,} events, 100 a commit": lambda store: _events(store, asked.events),
        f"read {asked.events:,} events": lambda store: _timed(lambda: store.events("p", limit=asked.events)),
    }
    print("| work | CPU seconds without a key | with a key | ratio |\n|-|-|-|-|")
    seconds: dict[tuple[str, int], list[float]] = {}
    for _ in range(asked.repeats):
        for keys in ((), (new_key(),)):
            for name, took in _round(work, keys).items():
                seconds.setdefault((name, len(keys)), []).append(took)
    for name in work:
        plain, sealed = seconds[name, 0], seconds[name, 1]
        ratio = statistics.median(sealed) / statistics.median(plain)
        print(f"| {name} | {_shown(plain)} | {_shown(sealed)} | {ratio:.2f} |")
    print(f"| rotate all of it | | {_shown([_rotation(asked.events, content) for _ in range(2)])} | |")


def _round(work: dict[str, Callable[[Store], float]], keys: tuple[Key, ...]) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp())
    try:
        with Store(folder, keys=keys) as store:
            return {name: act(store) for name, act in work.items()}
    finally:
        shutil.rmtree(folder)


def _rotation(events: int, content: bytes) -> float:
    folder, old = Path(tempfile.mkdtemp()), new_key()
    try:
        with Store(folder, keys=(old,)) as store:
            _events(store, events)
            store.blobs.remember("k", content)
        with Store(folder, keys=(new_key(), old)) as store:
            return _timed(lambda: rotate(store))
    finally:
        shutil.rmtree(folder)


def _events(store: Store, count: int) -> float:
    def add() -> None:
        for start in range(0, count, 100):
            made = [_event(i) for i in range(start, start + 100)]
            store.add_events("p", made)

    return _timed(add)


def _event(i: int) -> Event:
    return Event(str(i), "prediction", {"input": {"message": f"my card {i} has not arrived " * 3}}, 1.0, f"u{i % 97}")


def _timed(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def _shown(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"


if __name__ == "__main__":
    main()
