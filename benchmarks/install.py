"""How heavy Zhinan is to install and to start: MB of each wheel, and start times as multiples of an empty interpreter.

python benchmarks/install.py            # wheels (downloaded into a temporary folder) and start times
python benchmarks/install.py --starts   # start times only
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT_MB = 200
STARTS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import zhinan": [sys.executable, "-c", "import zhinan"],
    "zhinan --help": [
        sys.executable,
        "-c",
        "import sys; sys.argv[:] = ['zhinan', '--help']; from zhinan.cli import main; main()",
    ],
    "zhinan list": [
        sys.executable,
        "-c",
        "import sys; sys.argv[:] = ['zhinan', 'list']; from zhinan.cli import main; main()",
    ],
}


def wheels() -> dict[str, float]:
    """MB (10⁶ bytes) of every wheel that the base install downloads on this platform, largest first."""
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", folder]
        subprocess.run([*command, *dependencies], check=True, stderr=subprocess.DEVNULL)
        sizes = {path.name: path.stat().st_size / 1e6 for path in Path(folder).iterdir()}
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def starts(rounds: int = 15) -> dict[str, float]:
    """Median seconds of each start, the commands taking turns so that a busy machine is unfair to none."""
    seconds: dict[str, list[float]] = {name: [] for name in STARTS}
    for turn in range(rounds + 1):
        for name, command in STARTS.items():
            begun = time.perf_counter()
            subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
            if turn:  # the first turn fills the disk cache and writes byte code
                seconds[name].append(time.perf_counter() - begun)
    return {name: statistics.median(values) for name, values in seconds.items()}


def main() -> None:
    """Prints both tables, then one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", action="store_true", help="skip the wheels")
    result: dict[str, object] = {}
    if not parser.parse_args().starts:
        sizes = wheels()
        for name, size in sizes.items():
            print(f"{size:8.2f} MB  {name}")
        total = sum(sizes.values())
        print(f"{total:8.2f} MB  in {len(sizes)} wheels ({'within' if total <= LIMIT_MB else 'OVER'} {LIMIT_MB} MB)\n")
        result["wheels_mb"] = round(total, 2)
    took = starts()
    bare = took["python -c pass"]
    for name, value in took.items():
        print(f"{value * 1e3:8.1f} ms  {value / bare:5.1f} × bare  {name}")
    result["ratio_to_bare"] = {name: round(value / bare, 2) for name, value in took.items()}
    result["above_bare_s"] = {name: round(value - bare, 4) for name, value in took.items()}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
