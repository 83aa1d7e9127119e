"""How often a line a hair above the truth is PROVED on rows of a time series, and what the caution costs elsewhere.

    python benchmarks/proof.py series

Errors follow an AR(1) process: each score of a row is made of a normal variable whose neighbours have the given
correlation. δ is 5 %, half as many rows are dev; rows are in the order of time, as where a contract names `data.time`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from zhinan.contract import parse_line
from zhinan.evaluate.in_time import measure_in_time
from zhinan.proof import Judged, Valued
from zhinan.proof.series import Series, settled

Floats = npt.NDArray[np.float64]
Answers = Judged | Valued
Row = dict[str, Any]

DELTA, MOST, POWER = 0.05, 0.06, 0.02
ALIKE = (0.0, 0.2, 0.5, 0.8, 0.9, 0.95)
SIZES = (300, 1_000, 3_000)


def run() -> list[Row]:
    """Every score at every size and dependence, at the numbers of draws that docs/proof.md names."""
    return [
        row for what in SCORES for n in SIZES for row in erring(what, n, 1_000 if what in COUNTED else 200)
    ]  # fmt: skip


def erring(what: str, n: int, draws: int, alike: tuple[float, ...] = ALIKE, seed: int = 0) -> Iterator[Row]:
    """False proofs of one score with what they would be without blocks; without dependence the power that is lost."""
    text, draw = SCORES[what]
    for rho in alike:
        rng = np.random.default_rng([seed, n, round(100 * rho)])
        line, truth = parse_line(text), _truth(what)
        higher = line.op == ">="
        plain, found, open_ = (np.zeros(draws) for _ in range(3))
        for i in range(draws):
            dev = measure_in_time(line, draw(rng, n // 2, rho))
            measured = settled(measure_in_time(line, draw(rng, n, rho), like=dev))
            series = measured.evidence
            assert isinstance(series, Series)
            bounds = [one.lower(DELTA) if higher else -one.upper(DELTA) for one in series.counted]
            plain[i], found[i] = bounds[0], min(bounds)
            open_[i] = measured.reason is not None or math.isnan(found[i])
        at, closed = (truth if higher else -truth) - 1e-9, open_ == 0
        wrong = [float(np.mean(plain >= at)), float(np.mean((found >= at) & closed))]
        slack = 2 * math.sqrt(DELTA * (1 - DELTA) / draws)
        yield {
            "what": f"{what}, n = {n:,}, ρ = {rho:g}: false proofs (rows as draws), too few blocks",
            "figure": f"{wrong[1]:.1%} ({wrong[0]:.1%}), {np.mean(open_):.0%}",
            "asked": f"<= {MOST + slack:.1%}", "held": wrong[1] <= MOST + slack,
        }  # fmt: skip
        if not rho:
            easy = float(np.nanquantile(plain, 0.2))
            lost = float(np.mean(plain >= easy) - np.mean((found >= easy) & closed))
            yield {
                "what": f"{what}, n = {n:,}, ρ = 0: lost of a power of 80 %",
                "figure": f"{100 * lost:.1f} pt", "asked": f"<= {100 * POWER:g} pt", "held": lost <= POWER,
            }  # fmt: skip


def _truth(what: str) -> float:
    """The score of very many rows."""
    if what not in _TRUTHS:
        text, draw = SCORES[what]
        on = draw(np.random.default_rng(1), 400_000, 0.0)
        _TRUTHS[what] = COUNTED.get(what) or measure_in_time(parse_line(text), on).value
    return _TRUTHS[what]


def _normal(rng: np.random.Generator, n: int, rho: float) -> Floats:
    from scipy.signal import lfilter

    steps = rng.normal(size=n)
    steps[1:] *= math.sqrt(1 - rho * rho)
    found: Floats = lfilter([1.0], [1.0, -rho], steps)
    return found


def _labels(wrong: float, *, sure: bool = False) -> Callable[[np.random.Generator, int, float], Answers]:
    """Three classes, of which a row is answered with the next one where its variable is among the highest.

    Args: sure: whether it is known how sure answers are, which is less where the variable is higher.
    """
    from scipy.special import ndtr, ndtri

    def draw(rng: np.random.Generator, n: int, rho: float) -> Answers:
        truth = rng.choice(3, n, p=[0.6, 0.3, 0.1])
        behind = _normal(rng, n, rho)
        missed = behind > -float(ndtri(wrong))
        said = np.where(missed, (truth + 1) % 3, truth)
        names, sureness = np.array(["a", "b", "c"]), 0.5 + 0.4 * ndtr(-behind)
        chances = np.where(said[:, None] == np.arange(3), sureness[:, None], (1 - sureness[:, None]) / 2)
        return Judged(
            names[truth], names[said], chances if sure else None, ("a", "b", "c"), moment=np.arange(n),
        )  # fmt: skip

    return draw


def _scored(rng: np.random.Generator, n: int, rho: float) -> Answers:
    truth = rng.random(n) < 0.3
    yes = 1 / (1 + np.exp(-((1 + _normal(rng, n, rho)) * np.where(truth, 1, -1) + rng.normal(size=n))))
    names = np.array(["no", "yes"])
    return Judged(
        names[truth.astype(int)], names[(yes > 0.5).astype(int)], np.column_stack([1 - yes, yes]), ("no", "yes"),
        moment=np.arange(n),
    )  # fmt: skip


def _numbers(rng: np.random.Generator, n: int, rho: float) -> Answers:
    truth = rng.normal(size=n)
    return Valued(truth, truth + np.exp(0.4 * rng.normal(size=n)) * _normal(rng, n, rho), moment=np.arange(n))


SCORES: dict[str, tuple[str, Callable[[np.random.Generator, int, float], Answers]]] = {
    "a share of 80 %": ("accuracy >= 80%", _labels(0.2)),
    "a share of 95 %": ("accuracy >= 95%", _labels(0.05)),
    "a share of 95 %, answers with probabilities": ("accuracy >= 95%", _labels(0.05, sure=True)),
    "recall of a class of 30 %": ("recall[b] >= 80%", _labels(0.2)),
    "a mean, betting": ("brier <= 0.2", _scored),
    "macro-F1": ("macro_f1 >= 80%", _labels(0.2)),
    "AUC": ("auc >= 80%", _scored),
    "MAE": ("mae <= 1", _numbers),
}
COUNTED = {
    "a share of 80 %": 0.8, "a share of 95 %": 0.95, "a share of 95 %, answers with probabilities": 0.95,
    "recall of a class of 30 %": 0.8,
}  # fmt: skip
"""Scores that are quick to draw, with their truths."""
_TRUTHS: dict[str, float] = {}
