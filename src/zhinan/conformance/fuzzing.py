"""Feeds a reader with damaged files in a limited child process that goes on to the next, and tells what broke."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.conformance.readers import placed, samples
from zhinan.core import UserError, find

__all__ = ["Told", "fuzz", "main", "mutated"]

MEMORY = 1536 << 20
SECONDS = 1.0
BATCH = 500


@dataclass
class Told:
    """What came of it. inputs: tried. refused: user errors, as it should be. broken: "seed: what was raised".

    Args:
        slow: "seed: seconds" of CPU above one. deaths: of the child, each of which costs one input.
    """

    inputs: int = 0
    refused: int = 0
    deaths: int = 0
    slowest: float = 0.0
    broken: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)


def mutated(content: bytes, seed: int) -> bytes:
    """A damaged copy: bytes changed, cut out, doubled, swapped or replaced by what trips decoders."""
    draw = np.random.default_rng(seed)
    made = bytearray(content)
    for _ in range(int(draw.integers(1, 5))):
        if not made:
            break
        at, size = int(draw.integers(len(made))), int(draw.integers(1, 33))
        way = int(draw.integers(6))
        if way == 0:
            made[at] ^= 1 << int(draw.integers(8))
        elif way == 1:
            made[at : at + size] = draw.bytes(size)
        elif way == 2:
            del made[at : at + int(draw.integers(1, len(made) + 1))]
        elif way == 3:
            made[at:at] = made[at : at + size] * int(draw.integers(1, 9))
        elif way == 4:
            made[at : at + 4] = int(draw.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000])).to_bytes(4, "little")
        else:
            odd = (b'"', b"\0", b"\xff", b"\r", b"\n", b",", b"{", b"\xef\xbb\xbf", b"\x80\x04")
            made[at:at] = odd[int(draw.integers(len(odd)))]
    return bytes(made)


def fuzz(reader: str, inputs: int, folder: Path, *, start: int = 0) -> Told:
    """Reads this many damaged copies of the reader's samples, and after a death of the child goes on with the next.

    Args: folder: for the files. start: the first seed.
    """
    told, seed, last = Told(), start, start + inputs
    while seed < last:
        stop = min(last, seed + BATCH)
        task = {"reader": reader, "first": seed, "stop": stop, "folder": str(folder)}
        environment = {**os.environ, "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TMPDIR": str(folder)}
        ended = subprocess.run(
            [sys.executable, "-m", __name__], input=json.dumps(task), text=True, capture_output=True,
            env=environment, check=False, errors="replace", timeout=60 + 3 * BATCH,
        )  # fmt: skip
        for line in ended.stdout.splitlines():
            if line.startswith('{"seed"'):
                _count(told, json.loads(line))
                seed += 1
        if seed < stop:
            told.deaths += 1
            told.inputs += 1
            seed += 1
            if "memory allocation" not in ended.stderr and "MemoryError" not in ended.stderr:
                told.broken.append(f"{seed - 1}: the child ended with {ended.returncode} {ended.stderr[-200:]}")
    return told


def _count(told: Told, seen: dict[str, Any]) -> None:
    told.inputs += 1
    told.refused += seen["refused"]
    told.slowest = max(told.slowest, seen["seconds"])
    if seen["broken"]:
        told.broken.append(f"{seen['seed']}: {seen['broken']}")
    if seen["seconds"] > SECONDS:
        told.slow.append(f"{seen['seed']}: {seen['seconds']:.2f} s")


def _one(reader: str, content: bytes, suffix: str, folder: Path) -> tuple[bool, str]:
    from zhinan.data.child import stretches

    with tempfile.TemporaryDirectory(dir=folder) as private:
        place, options = placed(content, suffix, Path(private))
        try:
            for raw in stretches(reader, str(place), options):
                raw.frame.height  # noqa: B018 the rows are asked for
        except UserError:
            return True, ""
        except Exception as error:  # noqa: BLE001 whatever a reader lets through is what is looked for
            return False, repr(error)[:200]
    return False, ""


def main() -> None:
    """The child: limits itself, then reads one input after another and prints a line about each."""
    from zhinan.data.child import limit

    task = json.load(sys.stdin)
    limit({"memory": MEMORY, "cpu": 60 + 3 * BATCH, "output": 1 << 30})
    good = sorted(samples(find("reader", task["reader"])).items())
    for seed in range(task["first"], task["stop"]):
        suffix, (content, _) = good[seed % len(good)]
        began = time.process_time()
        refused, broken = _one(task["reader"], mutated(content, seed), suffix, Path(task["folder"]))
        seconds = time.process_time() - began
        print(json.dumps({"seed": seed, "refused": refused, "broken": broken, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
