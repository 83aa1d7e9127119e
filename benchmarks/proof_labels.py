"""Label errors on public data: how many of 3 % flipped labels are found, and how many suspects are none.

    python benchmarks/proof.py labels

Labels of the set's training rows are flipped at random, then looked for as a build looks: two encoders, each row judged
by heads that never saw it (`engine.views`), suspects where both disagree with the label (`proof.label_errors`).
Precision counts only our own flips as right; a wrong label that the set had before counts against it.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhinan.core import Block, find
from zhinan.engine.views import crossed
from zhinan.proof import label_errors, pooled

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
FLIPPED, RECALL, PRECISION, SEEDS = 0.03, 0.6, 0.5, 5

Row = dict[str, Any]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """What was found of our flips: suspects, recall and precision of them, precision where .6 of the flips are in."""

    suspects: int
    recall: float
    precision: float
    at_recall: float


def run(name: str = "waimai_10k", seeds: int = SEEDS) -> list[Row]:
    """Rows of the table."""
    texts, codes = labelled(name)
    blocks = encoded(texts)
    each = [found(blocks, texts, codes, seed) for seed in range(seeds)]
    suspects, recall, precision, at = (
        float(np.mean([getattr(one, key) for one in each])) for key in ("suspects", "recall", "precision", "at_recall")
    )
    of = f"{name}, 3 % of {codes.size:,} labels flipped, {seeds} seeds"
    return [
        {
            "what": f"{of}: {suspects:.0f} suspects",
            "figure": f"recall {recall:.3f}, precision {precision:.3f}",
            "asked": f"≥ {RECALL}, ≥ {PRECISION}",
            "held": recall >= RECALL and precision >= PRECISION,
        },
        {
            "what": f"{of}: precision at recall {RECALL}, whatever the number of suspects",
            "figure": f"{at:.3f}",
            "asked": f"≥ {PRECISION}",
            "held": at >= PRECISION,
        },
    ]


def labelled(name: str) -> tuple[list[str], Codes]:
    """Texts and label codes of a set's training rows."""
    with (DATA / name / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], np.unique([row["label"] for row in rows], return_inverse=True)[1]


def encoded(texts: list[str]) -> list[Block]:
    """Features of the texts by each encoder; neither sees a label."""
    fitted = {name: find("encoder", name).target().fit({"text": texts}) for name in ("ngrams", "use_multilingual")}
    return [Block(name, encoder.encode({"text": texts}), encoder) for name, encoder in fitted.items()]


def found(blocks: list[Block], texts: list[str], codes: Codes, seed: int) -> Found:
    """Flips labels at random and looks for them."""
    rng = np.random.default_rng(seed)
    k, flipped = int(codes.max()) + 1, np.zeros(codes.size, dtype=bool)
    flipped[rng.choice(codes.size, round(FLIPPED * codes.size), replace=False)] = True
    given = np.where(flipped, (codes + rng.integers(1, k, codes.size)) % k, codes)
    views, why = crossed(blocks, given, k, texts, until=math.inf, first=0.0)
    if views is None:
        raise RuntimeError(why.en if why else "no views")
    caught = flipped[label_errors(views, given).rows]
    own = pooled(views, given)[np.arange(given.size), given]
    hits = np.cumsum(flipped[np.argsort(own, kind="stable")])
    needed = int(np.argmax(hits >= RECALL * flipped.sum()))
    at = float(hits[needed] / (needed + 1))
    return Found(caught.size, float(caught.sum() / flipped.sum()), float(caught.mean()), at)
