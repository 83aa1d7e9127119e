"""Pretrained sentence encoders: texts per core-second, and what an embedding changes by its batch-mates.

python benchmarks/encoders.py [CSV with a text column] [--rows 2000] [--repeats 3]
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from pathlib import Path

import numpy as np

from zhinan.core import entries

SUPPORT = Path(__file__).resolve().parents[1] / "examples" / "support" / "messages.csv"


def main() -> None:
    """Prints a row an encoder with weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", type=Path, default=SUPPORT)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    with asked.source.open(encoding="utf-8", newline="") as file:
        texts = [row.get("text") or row.get("message") or "" for row in csv.DictReader(file)][: asked.rows]
    print("| encoder | texts per core-second, median (least–most) | largest change by batch-mates |\n|-|-|-|")
    for name, entry in entries("encoder").items():
        if entry.facts["weights"] is None:
            continue
        fitted = entry.target(threads=1).fit({"text": texts})
        fitted.encode({"text": texts[:50]})
        rates = []
        for _ in range(asked.repeats):
            start = time.process_time()
            together = fitted.encode({"text": texts})
            rates.append(len(texts) / (time.process_time() - start))
        alone = np.concatenate([fitted.encode({"text": [text]}) for text in texts[:200]])
        change = float(np.abs(together[:200] - alone).max())
        print(f"| {name} | {statistics.median(rates):.0f} ({min(rates):.0f}–{max(rates):.0f}) | {change:.1e} |")


if __name__ == "__main__":
    main()
