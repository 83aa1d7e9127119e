"""Weak slices: a planted one is found on dev and confirmed on sealed; where answers are no worse, few are called weak.

    python benchmarks/proof.py slices

Answers of banking77 by an n-gram head, right and wrong as they are, except in one slice (messages of one length from
one made-up channel) where further answers are made wrong. Dev and sealed are halves of the set's test file.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhinan.core import find
from zhinan.proof import Slice, mine_slices, test_slices
from zhinan.recipes._heads import fit_head

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
SPOILED, SEEDS, STREAMS, Q = 0.15, 40, 300, 0.05
PLANTED = (("channel", "mail"), ("length", "long"))

Row = dict[str, Any]
Columns = dict[str, npt.NDArray[np.str_]]
Bools = npt.NDArray[np.bool_]


def run() -> list[Row]:
    """Rows of the table."""
    length, missed = answered("banking77")
    return [*planted(length, missed), false_discoveries()]


def answered(name: str) -> tuple[npt.NDArray[np.str_], Bools]:
    """Length bands of the test texts, and which of them a head on n-grams gets wrong."""
    parts = {}
    for part in ("train", "test"):
        with (DATA / name / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            parts[part] = list(csv.DictReader(file))
    classes, target = np.unique([row["label"] for row in parts["train"]], return_inverse=True)
    texts = {part: {"text": [row["text"] for row in rows]} for part, rows in parts.items()}
    encoder = find("encoder", "ngrams").target().fit(texts["train"])
    head = fit_head(encoder.encode(texts["train"]), target, len(classes), 1.0)
    answer = classes[head.logits(encoder.encode(texts["test"])).argmax(axis=1)]
    size = np.asarray([len(text) for text in texts["test"]["text"]])
    bands = np.asarray(["short", "middle", "long"])[np.searchsorted(np.quantile(size, [1 / 3, 2 / 3]), size)]
    return bands, answer != np.asarray([row["label"] for row in parts["test"]])


def planted(length: npt.NDArray[np.str_], missed: Bools) -> list[Row]:
    """How often the planted slice is found with exactly its conditions, and how often it is confirmed."""
    exact, confirmed, rates, sizes = 0, 0, [], []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        columns: Columns = {
            "length": length,
            "channel": rng.choice(["app", "web", "mail", "phone"], length.size),
            "language": rng.choice(["en", "zh"], length.size),
            "tier": rng.choice(["free", "plus", "team"], length.size),
        }
        inside = (columns["channel"] == "mail") & (length == "long")
        wrong = missed | (inside & (rng.random(length.size) < SPOILED))
        dev = rng.random(length.size) < 0.5
        tested = halves(columns, wrong, dev)
        hit = [one for one in tested if tuple(sorted(one.conditions)) == PLANTED]
        exact += bool(hit)
        confirmed += bool(hit and hit[0].held)
        rates.append(float(wrong[inside].mean()))
        sizes.append(int((inside & dev).sum()))
    what = f"banking77, a slice of {np.mean(sizes):.0f} dev rows {np.mean(rates):.0%} wrong (all: {missed.mean():.0%})"
    return [
        {
            "what": f"{what}: found on dev",
            "figure": f"{exact / SEEDS:.0%}",
            "asked": "≥ 80 %",
            "held": exact >= 0.8 * SEEDS,
        },
        {
            "what": f"{what}: confirmed on sealed",
            "figure": f"{confirmed / SEEDS:.0%}",
            "asked": "≥ 80 %",
            "held": confirmed >= 0.8 * SEEDS,
        },
    ]


def halves(columns: Columns, wrong: Bools, dev: Bools) -> tuple[Slice, ...]:
    """Slices mined on one half and tested on the other."""
    mined = mine_slices({name: values[dev] for name, values in columns.items()}, wrong[dev])
    return test_slices(mined, {name: values[~dev] for name, values in columns.items()}, wrong[~dev], Q)


def false_discoveries() -> Row:
    """Share of confirmed slices that are none, made-up rows, half of the runs with one slice truly weak."""
    rng, shares = np.random.default_rng(0), []
    for stream in range(STREAMS):
        columns: Columns = {f"c{i}": rng.choice(list("abcd"), 2000) for i in range(6)}
        weak = (columns["c0"] == "a") & (stream % 2 == 1)
        tested = halves(columns, rng.random(2000) < np.where(weak, 0.25, 0.1), np.arange(2000) < 1000)
        held = [one for one in tested if one.held]
        false = [one for one in held if stream % 2 == 0 or ("c0", "a") not in one.conditions]
        shares.append(len(false) / max(len(held), 1))
    share, error = float(np.mean(shares)), float(np.std(shares)) / STREAMS**0.5
    return {
        "what": f"confirmed slices that are none, {STREAMS} made-up sets",
        "figure": f"{share:.1%} ± {error:.1%}",
        "asked": f"≤ {Q:.0%} (+ 2 s.e.)",
        "held": share <= Q + 2 * error,
    }
