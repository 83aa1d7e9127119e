"""Rows masked per core-second: one by one, in groups as a service keeps them, and as columns, against a plain loop.

    python benchmarks/masking.py [ROWS]

The plain loop is the same rules as anybody would write them: each text is read with each mask's regular expressions by
`re`, one after the other. What tells beforehand that a rule finds nothing is off: the looks of RE2 and polars, and the
bounds of what stands around a Chinese name. What the tagger finds, the loop is given; all others read each text with it
anew. All give the same texts, which is checked.

Every mask but names and addresses is on, then every one. The texts are the public messages where they are given
(ZHINAN_DATA), else made up, with the labelled sentences mixed in at the share that the table says. "new" is a column
masked for the first time, after one of other texts: what is remembered of words and characters helps less there, and
rules that no text needed so far are compiled.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

from zhinan.core import entries
from zhinan.data.masking import masked
from zhinan.steps.mask import armed, finds, hide_all, replaced
from zhinan.steps.masks import _chinese, _tagged
from zhinan.steps.masks._gates import Gate
from zhinan.steps.masks._spans import narrow

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ZHINAN_DATA", ROOT.parent / "shared" / "data"))
FREE = ("person_name", "postal_address")
GROUPS = (1, 26, 200)


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


@contextmanager
def unaided() -> Iterator[None]:
    """Nothing is told beforehand: every rule reads every text."""
    with (
        patch.object(Gate, "__call__", lambda gate, text: gate.patterns),
        patch.object(_chinese, "most_left", lambda: Always(_chinese.MOST_LEFT)),
        patch.object(_chinese, "most_right", lambda: Always(_chinese.MOST_RIGHT)),
    ):
        yield


class Always(dict[str, float]):
    """The same for every key."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __missing__(self, key: str) -> float:
        return self.value


def looped(texts: list[str], masks: tuple[str, ...]) -> list[str]:
    """Text after text, and rule after rule: the plain loop."""
    done, ready = [], armed(masks)
    with unaided():
        for text in texts:
            looked = narrow(text)
            done.append(replaced(text, looked, finds(looked, ready)))
    return done


def served(texts: list[str], masks: tuple[str, ...], group: int = 1) -> list[str]:
    """So many texts at a time, as a service masks them."""
    ready = armed(masks)
    return [text for at in range(0, len(texts), group) for text in hide_all(texts[at : at + group], ready)]


def seconds(work: Callable[[], Any], *, anew: bool = True) -> tuple[float, Any]:
    """The least CPU-seconds of three runs, all threads together, and what came out.

    Args: anew: whether the tagger reads again what it has just read.
    """
    best, made = float("inf"), None
    for _ in range(3):
        if anew:
            _tagged._tagger(None)._known.clear()
        start = time.process_time()
        made = work()
        best = min(best, time.process_time() - start)
    return best, made


def main(count: int) -> None:
    """Prints one line a set of masks and share."""
    structured = tuple(name for name in entries("mask") if name not in FREE)
    print(f"{count:,} rows a core-second, and how many times the plain loop's")
    ways = "".join(f"{way:>17}" for way in (*(f"groups of {group}" for group in GROUPS), "columns", "new"))
    print(f"{'masks':<12}{'personal':>9}{'plain':>9}{ways}")
    for label, masks in (("structured", structured), ("all", tuple(entries("mask")))):
        for share in (0.0, 0.02, 0.1, 0.3):
            texts = mixed(2 * count, share)
            random.Random(1).shuffle(texts)
            other, texts = texts[:count], texts[count:]
            masking = partial(masked, kinds={"text": "text"}, masks=masks, target=None, person=None)
            masking(pl.DataFrame({"text": other}))
            frame = pl.DataFrame({"text": texts})
            start = time.process_time()
            masking(frame)
            new = time.process_time() - start
            plain, wanted = seconds(partial(looped, texts, masks), anew=False)
            groups = [seconds(partial(served, texts, masks, group)) for group in GROUPS]
            columns, made = seconds(partial(masking, frame))
            assert all(shown == wanted for shown in (made[0]["text"].to_list(), *(shown for _, shown in groups)))
            spents = [*(spent for spent, _ in groups), columns, new]
            figures = "".join(f"{count / spent:>10,.0f}{plain / spent:>6.1f}×" for spent in spents)
            print(f"{label:<12}{share:>9.0%}{count / plain:>9,.0f}{figures}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
