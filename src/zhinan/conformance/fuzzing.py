"""Feeds a reader with damaged files in a limited child process that goes on to the next, and tells what broke."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.conformance.readers import placed, samples, sound, zstd
from zhinan.core import UserError, find
from zhinan.steps.mask import redact

__all__ = ["Told", "damaged", "fuzz", "main", "mutated"]

MEMORY = 1536 << 20
SECONDS, DEADLY = 1.0, 10.0
"""Seconds of CPU that are too many for one input, and with which the child is ended."""

BATCH = 5_000
"""Inputs of one child: to start one takes as long as to read some hundred of them."""

SHARED = "/dev/shm"  # noqa: S108 what is made in it has a name of chance and one owner
"""Where files lie in memory: on a disk, most of the time would go into making and removing folders."""

PACKED = {b"BZh": bz2, b"\x1f\x8b": gzip, b"\xfd7zXZ": lzma, b"\x28\xb5\x2f\xfd": zstd}
"""First bytes → what packs and unpacks such a file."""


@dataclass
class Told:
    """What came of it. inputs: tried. refused: user errors, as it should be. broken: "seed: what was raised".

    Args:
        slow: "seed: seconds" of CPU above one. deaths: seeds on which the child's memory limit ended it.
    """

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    broken: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    deaths: list[int] = field(default_factory=list)


def damaged(reader: str, seed: int) -> tuple[str, bytes]:
    """The suffix and the content of the input that `fuzz` makes of a seed."""
    good = sorted(samples(find("reader", reader)).items())
    suffix, (content, _) = good[seed % len(good)]
    return suffix, mutated(content, seed)


def mutated(content: bytes, seed: int) -> bytes:
    """A damaged copy; of what is packed, half are sound packages of damaged content, which a checksum lets pass."""
    draw = np.random.default_rng(seed)
    packed = next((way for mark, way in PACKED.items() if content.startswith(mark)), None)
    inside = int(draw.integers(2)) == 1
    if inside and content.startswith(b"PK"):
        return _repacked(content, draw)
    if inside and packed is not None:
        made: bytes = packed.compress(_damaged(packed.decompress(content), draw))
        return made
    return _damaged(content, draw)


def _repacked(content: bytes, draw: np.random.Generator) -> bytes:
    """A zip archive with one damaged member."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        members = source.infolist()
        hurt = members[int(draw.integers(len(members)))]
        for member in members:
            held = source.read(member)
            target.writestr(member, _damaged(held, draw) if member is hurt else held)
    return file.getvalue()


def _damaged(content: bytes, draw: np.random.Generator) -> bytes:
    """Bytes changed, cut out, doubled, swapped or replaced by what trips decoders."""
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


def fuzz(reader: str, inputs: int, *, start: int = 0) -> Told:
    """Reads this many damaged copies of the reader's samples, and after a death of the child goes on with the next.

    Args: start: the first seed.
    """
    with tempfile.TemporaryDirectory(prefix="zhinan-fuzz-", dir=SHARED if os.path.isdir(SHARED) else None) as folder:
        return _fuzzed(reader, range(start, start + inputs), folder)


def _fuzzed(reader: str, seeds: range, folder: str) -> Told:
    told, seed, last = Told(), seeds.start, seeds.stop
    while seed < last:
        stop = min(last, seed + BATCH)
        task = {"reader": reader, "first": seed, "stop": stop, "folder": folder}
        environment = {**os.environ, "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TMPDIR": folder}
        with tempfile.TemporaryFile("w+", dir=folder) as lines:  # a pipe would wake this process for each of them
            ended = subprocess.run(
                [sys.executable, "-m", __name__], input=json.dumps(task), text=True, stdout=lines,
                stderr=subprocess.PIPE, env=environment, check=False, errors="replace", timeout=60 + 3 * (stop - seed),
            )  # fmt: skip
            lines.seek(0)
            for line in lines:
                if line.startswith('{"seed"'):
                    _count(told, json.loads(line))
                    seed += 1
        if seed < stop:
            told.inputs += 1
            if "memory allocation" in ended.stderr or "MemoryError" in ended.stderr:
                told.deaths.append(seed)
            elif ended.returncode == -signal.SIGPROF:
                told.slow.append(f"{seed}: more than {DEADLY:.0f} s")
            else:
                told.broken.append(f"{seed}: the child ended with {ended.returncode} {ended.stderr[-200:]}")
            seed += 1
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
    from zhinan.data import Raw
    from zhinan.data.child import stretches

    place, options = placed(content, suffix, folder)
    try:
        sound(Raw.joined(stretches(reader, str(place), options)))
    except UserError:
        return True, ""
    except Exception as error:  # noqa: BLE001 whatever a reader lets through is what is looked for
        return False, repr(error)[:200]
    finally:
        if place.is_dir():
            shutil.rmtree(place)
    return False, ""


def main() -> None:
    """The child: limits itself, then reads one input after another and prints a line about each."""
    from zhinan.data.child import limit

    task = json.load(sys.stdin)
    limit({"memory": MEMORY, "cpu": 60 + int(DEADLY) * BATCH, "output": 1 << 30})
    good = sorted(samples(find("reader", task["reader"])).items())
    for suffix, (content, _) in good:  # what is imported on first use is no input's time
        _one(task["reader"], content, suffix, Path(task["folder"]))
    redact("13812345678 John Smith 王小明")
    for seed in range(task["first"], task["stop"]):
        suffix, (content, _) = good[seed % len(good)]
        for _ in range(2):  # the system may be slow to give memory once; what is slow is so again
            began = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, DEADLY)
            refused, broken = _one(task["reader"], mutated(content, seed), suffix, Path(task["folder"]))
            seconds = time.process_time() - began
            if seconds <= SECONDS:
                break
        print(json.dumps({"seed": seed, "refused": refused, "broken": broken, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
