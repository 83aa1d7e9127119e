"""Forecasts of how many training labels it takes, against what those labels then did.

    python benchmarks/proof.py curves

A `linear` head on cached features is fitted on nested subsamples of public sets. A curve is shown five to eight of the
sizes with their errors on dev, forecasts the larger ones up to five times beyond, and is held to the error measured
there on the set's own test file, which no curve has seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Block, Encoded, find
from zhinan.proof import learning_curve

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
ASKED, LARGEST, FARTHEST = 0.8, 8000, 5

Row = dict[str, Any]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Case:
    """A set: the column with its labels, its encoder, the head's strength, and how many random orders are tried."""

    name: str
    target: str
    encoder: str
    l2: float
    orders: int


CASES = (
    Case("banking77", "label", "ngrams", 1.0, 2),
    Case("thucnews_titles", "label", "ngrams", 1.0, 4),
    Case("taiwan_credit_default", "default", "columns", 0.1, 8),
)


@dataclass(frozen=True)
class Seen:
    """One random order: sizes, the error of each on dev and on test, dev rows. Arrays of shape (k,)."""

    sizes: npt.NDArray[np.float64]
    dev: npt.NDArray[np.float64]
    test: npt.NDArray[np.float64]
    rows: int


def run() -> list[Row]:
    """Rows of the table."""
    return [row for case in CASES for row in judged(case.name, seen(case))]


def seen(case: Case) -> list[Seen]:
    """The learning curves of a set, one for each random order of its training file."""
    train, test = (pl.read_csv(DATA / case.name / f"{part}.csv") for part in ("train", "test"))
    columns = ["text"] if case.encoder == "ngrams" else [name for name in train.columns if name != case.target]
    classes = sorted({str(label) for label in train[case.target]})
    code = {label: number for number, label in enumerate(classes)}
    target, wanted = (np.asarray([code[str(label)] for label in part[case.target]]) for part in (train, test))
    fitted = find("encoder", case.encoder).target().fit(_rows(train, columns))
    values, unseen = (fitted.encode(_rows(part, columns)) for part in (train, test))
    found = []
    for order in range(case.orders):
        shuffled = np.random.default_rng(order).permutation(len(target))
        dev, pool = shuffled[: len(target) // 5], shuffled[len(target) // 5 :]
        most = min(len(pool), LARGEST)
        sizes = np.unique(np.round(most * 2.0 ** (-np.arange(13) / 2)).astype(int))
        sizes = sizes[sizes >= max(50, 2 * len(classes))]
        asked, answers = _stacked(values[dev], unseen), np.append(target[dev], wanted)
        errors = []
        for size in sizes:
            some = pool[:size]
            head = find("recipe", "linear").target(
                Encoded((Block(case.encoder, values[some], fitted),), target[some], tuple(classes)),
                Encoded((Block(case.encoder, asked, fitted),), answers, tuple(classes)),
                budget=60.0,
                l2=(case.l2,),
            )  # fmt: skip
            wrong = head.answers != answers
            errors.append((wrong[: len(dev)].mean(), wrong[len(dev) :].mean()))
        on_dev, on_test = np.asarray(errors).T
        found.append(Seen(sizes.astype(float), on_dev, on_test, len(dev)))
    return found


def judged(name: str, curves: list[Seen]) -> list[Row]:
    """How often the range of errors, and that of sizes, held what came."""
    errors, widths, sizes = [], [], []
    for one in curves:
        for first in range(4):
            for last in range(first + 5, min(first + 9, one.sizes.size)):
                shown = slice(first, last)
                curve = learning_curve(one.sizes[shown], one.dev[shown], one.rows)
                later = (one.sizes > one.sizes[last - 1]) & (one.sizes <= FARTHEST * one.sizes[last - 1])
                for size, error in zip(one.sizes[later], one.test[later], strict=True):
                    low, _, high = curve.at(size)
                    errors.append(low <= error <= high)
                    widths.append((high - low) / error)
                    needed = curve.needed(error)
                    if needed is not None:
                        sizes.append(needed.low <= size <= needed.high)
    held, enough = float(np.mean(errors)), float(np.mean(sizes)) if sizes else 1.0
    return [
        {
            "what": f"{name}: the error 1.4 to 5 times beyond lies in the range, {len(errors)} forecasts",
            "figure": f"{held:.0%} (the range spans {np.median(widths):.0%} of the error)",
            "asked": f">= {ASKED:.0%}",
            "held": held >= ASKED,
        },
        {
            "what": f"{name}: the labels it took lie in the range, where one was given ({len(sizes)} of {len(errors)})",
            "figure": f"{enough:.0%}",
            "asked": f">= {ASKED:.0%}",
            "held": enough >= ASKED,
        },
    ]


def _rows(part: pl.DataFrame, columns: list[str]) -> dict[str, list[Any]]:
    whole = [name for name in columns if part[name].dtype.is_integer()]
    typed = part.with_columns(pl.col(whole).cast(pl.Float64)) if whole else part
    return {name: typed[name].to_list() for name in columns}


def _stacked(first: Any, second: Any) -> Any:
    if isinstance(first, np.ndarray):
        return np.concatenate([first, second])
    import scipy.sparse as sp

    return sp.csr_array(sp.vstack([first, second]))
