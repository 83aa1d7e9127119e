"""What proofs promise, measured: every benchmarks/proof_*.py in one table.

    python benchmarks/proof.py [NAME …] [--json]

NAME is the end of a file's name: `gate` runs proof_gate.py. Exits with 1 when something asked for did not hold.
"""

from __future__ import annotations

import argparse
import json
import runpy
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def names() -> list[str]:
    """What there is to run."""
    return sorted(path.stem.removeprefix("proof_") for path in HERE.glob("proof_*.py"))


def measured(name: str) -> list[dict[str, Any]]:
    """The rows of one file: what, figure, asked, held; and the seconds they took together."""
    sys.path.insert(0, str(HERE))  # so that one may import another
    start = time.perf_counter()
    rows: list[dict[str, Any]] = runpy.run_path(str(HERE / f"proof_{name}.py"))["run"]()
    return [{"of": name, **row, "seconds": round(time.perf_counter() - start, 1)} for row in rows]


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(names()))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(names())}")
    rows: list[dict[str, Any]] = []
    if not asked.json:
        print("| of | what | figure | asked | held |\n|-|-|-|-|-|")
    for name in asked.names or names():
        found = measured(name)
        rows += found
        if not asked.json:
            for row in found:
                held = "yes" if row["held"] else "**no**"
                print(f"| {row['of']} | {row['what']} | {row['figure']} | {row['asked']} | {held} |", flush=True)
            print(f"{name}: {found[0]['seconds'] if found else 0} s", file=sys.stderr, flush=True)
    if asked.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    return 0 if all(row["held"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
