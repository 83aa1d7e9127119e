"""Rows per CPU second of cleaning 中文 with every option, and a plain Python loop over the same texts beside it.

    python benchmarks/cleaning.py [--times 4]

The texts are those of waimai_10k (meals, 73 bytes on average) and chnsenticorp_htl (hotels, 371 bytes), each set so
many times over. The least CPU time of five turns counts, of both in turn, so that a busy machine measures the same.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import polars as pl

from zhinan.contract.types import CleanSpec
from zhinan.core import Column
from zhinan.data.cleaned import cleaned
from zhinan.data.cleaning import tidied
from zhinan.steps.clean import clean_text, is_missing, missing_words, rules_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
EVERYTHING = CleanSpec(unicode="nfkc", encoding="repair", html="text", chinese="simplified", whitespace="collapse",
                       missing=("无", "n/a"))  # fmt: skip
SETS = {"waimai_10k": "text", "chnsenticorp_htl": "text"}
TURNS, LOOPED = 5, 5000


def main() -> None:
    """Prints a line a set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=4, help="how often each set is repeated")
    asked = parser.parse_args()
    rules = rules_of(**EVERYTHING.texts())
    words = missing_words(EVERYTHING.missing, rules)
    for name, column in SETS.items():
        once = pl.read_csv(DATA / name / "train.csv", infer_schema=False).select(column)
        frame = tidied(pl.concat([once] * asked.times))
        some = once[column].drop_nulls().head(LOOPED).to_list()
        ours, python = [], []
        for _ in range(TURNS):
            start = time.process_time()
            cleaned(frame, {column: Column(column, "text", "")}, EVERYTHING, ())
            ours.append((time.process_time() - start) / frame.height)
            start = time.process_time()
            for text in some:
                is_missing(clean_text(text, rules), words)
            python.append((time.process_time() - start) / len(some))
        print(f"{name:18} {1 / min(ours):>9,.0f} rows/CPU s   plain Python {1 / min(python):>8,.0f}   "
              f"{min(python) / min(ours):.1f} ×   ({frame.height:,} rows)")  # fmt: skip


if __name__ == "__main__":
    main()
