"""Rows masked per core-second: whole columns, looked through by polars first, against a loop over `redact`.

    python benchmarks/masking.py [ROWS]

Both sides give the same texts, which is checked. Every mask but names and addresses is on, then every one. The texts
are the public messages where they are given (ZHINAN_DATA), else made up, with the labelled sentences mixed in at the
share that the table says.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

from zhinan.core import entries
from zhinan.data.masking import masked
from zhinan.steps.mask import redact

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ZHINAN_DATA", ROOT.parent / "shared" / "data"))
FREE = ("person_name", "postal_address")


def plain(count: int) -> list[str]:
    """Messages of customers in both languages, with few personal details."""
    texts: list[str] = []
    for name in ("banking77", "bitext_customer_service", "chnsenticorp_htl", "waimai_10k"):
        path = DATA / name / "train.csv"
        if path.exists():
            frame = pl.read_csv(path, infer_schema_length=0, ignore_errors=True)
            column = max(frame.columns, key=lambda c: frame[c].fill_null("").str.len_chars().mean() or 0)
            texts += frame[column].drop_nulls().sample(min(count // 4, frame.height), seed=0).to_list()
    texts = texts or ["I have not received my parcel yet, order 4711", "订单还没发货，请尽快处理"]
    return [texts[i % len(texts)] for i in range(count)]


def mixed(count: int, share: float) -> list[str]:
    """`count` texts, this share of which are labelled sentences with personal details."""
    draw = random.Random(0)
    lines = (ROOT / "tests/steps/pii/test.jsonl").read_text("utf-8").splitlines()
    personal = [row["text"] for row in map(json.loads, lines) if row["spans"]]
    return [draw.choice(personal) if draw.random() < share else text for text in plain(count)]


def looped(texts: list[str], masks: tuple[str, ...]) -> list[str]:
    """Text after text, as a service masks them."""
    return [redact(text, masks) for text in texts]


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least CPU-seconds of three runs, all threads together, and what came out."""
    best, made = float("inf"), None
    for _ in range(3):
        start = time.process_time()
        made = work()
        best = min(best, time.process_time() - start)
    return best, made


def main(count: int) -> None:
    """Prints one line a set of masks and share."""
    structured = tuple(name for name in entries("mask") if name not in FREE)
    print(f"{count:,} rows\n{'masks':<12}{'personal':>9}{'columns/s':>12}{'loop/s':>10}{'times':>8}")
    for label, masks in (("structured", structured), ("all", tuple(entries("mask")))):
        for share in (0.0, 0.02, 0.1, 0.3):
            texts = mixed(count, share)
            frame = pl.DataFrame({"text": texts})
            ours, made = seconds(partial(masked, frame, {"text": "text"}, masks, target=None, person=None))
            loop, wanted = seconds(partial(looped, texts, masks))
            assert made[0]["text"].to_list() == wanted
            print(f"{label:<12}{share:>9.0%}{count / ours:>12,.0f}{count / loop:>10,.0f}{loop / ours:>8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
