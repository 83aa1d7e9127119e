"""How often each bound of a measurement errs: by enumeration where it can be counted, by simulation elsewhere.

    python benchmarks/proof.py bounds

A gate's bounds may err at most δ. Bootstrap ones are asked for 3 to 6.5 % of errors a side at 5 %, from 200 examples.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhinan.proof import Measurement, clopper_pearson, relative, tang, tango
from zhinan.proof.bootstrap import resampled_sums
from zhinan.proof.difference import difference_bounds
from zhinan.proof.ratio import ratio_bounds

Floats = npt.NDArray[np.float64]
Row = dict[str, Any]

DELTAS = (0.05, 0.00625, 0.0008)
"""Of a first, a second and a third opening at 90 % and 95 %: later openings live far out in the tails."""
SIZES = ((60, 60), (40, 120), (120, 40), (12, 30))
RATES = (0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 1.0)


def run() -> list[Row]:
    """Every bound, at the numbers of streams that the page shows."""
    return [*enumerated(), *simulated(1000), *resampled(2000)]


def enumerated() -> list[Row]:
    """Bounds of counts: the chance of an error summed over every table there is, at the worst of many truths."""
    found = {
        "a rate, Clopper–Pearson": max(_rate(n) for n in (10, 60, 500)),
        "a gap of two rates, strict Miettinen–Nurminen": max(_gap(n1, n2) for n1, n2 in SIZES),
        "a ratio of two rates, strict Koopman": max(_ratio(n1, n2) for n1, n2 in SIZES),
        "a paired difference, strict Tango": max(_paired_difference(n) for n in (40, 150)),
        "a paired ratio, strict Tang": _paired_ratio(30),
    }
    return [
        {"what": what, "figure": f"{worst:.2f} δ", "asked": "<= 1.05 δ", "held": bool(worst <= 1.05)}
        for what, worst in found.items()
    ]


def simulated(streams: int, only: str = "") -> list[Row]:
    """Bounds that hold at any sample size but cannot be enumerated; errors a side at 5 %."""
    rng = np.random.default_rng(0)
    rows = []
    for what, measure in _KINDS.items():
        if only not in what:
            continue
        wrong = np.zeros(2)
        for _ in range(streams):
            measured, truth = measure(rng)
            wrong += [measured.lower(0.05) > truth, measured.upper(0.05) < truth]
        worst, slack = float(wrong.max()) / streams, 4 * math.sqrt(0.05 * 0.95 / streams)
        rows.append(
            {"what": what, "figure": f"{worst:.1%}", "asked": f"<= {0.05 + slack:.1%}", "held": worst <= 0.05 + slack}
        )
    return rows


def resampled(streams: int, only: str = "", least: float = 0.03, most: float = 0.065) -> list[Row]:
    """Bootstrap bounds of scores that are neither counts nor means; errors a side at 5 %."""
    rng = np.random.default_rng(1)
    rows = []
    for what, (truth, draw, score) in _SCORES.items():
        if only not in what:
            continue
        wrong = np.zeros(2)
        for _ in range(streams):
            found = resampled_sums(draw(rng), score, seed=int(rng.integers(2**31)))
            wrong += [found.lower(0.05) > truth, found.upper(0.05) < truth]
        share = wrong / streams
        rows.append(
            {
                "what": what,
                "figure": f"{share[0]:.1%} below, {share[1]:.1%} above",
                "asked": f"{least:.1%} to {most:.1%}",
                "held": bool(np.all((share >= least) & (share <= most))),
            }
        )
    return rows


def _rate(n: int) -> float:
    hits = np.arange(n + 1)
    return max(
        chance[wrong].sum() / delta
        for delta, rate in itertools.product(DELTAS, RATES)
        for chance in [stats.binom.pmf(hits, n, rate)]
        for low, high in [clopper_pearson(hits, n, delta)]
        for wrong in (low > rate, high < rate)
    )


def _two_rates(n1: int, n2: int, bounds: Callable[..., tuple[Floats, Floats]]) -> Iterator[tuple[float, Any]]:
    """δ and a function of two rates and the truth to the chance of an error."""
    x1, x2 = np.meshgrid(np.arange(n1 + 1.0), np.arange(n2 + 1.0), indexing="ij")
    for delta in DELTAS:
        low, high = bounds(x1, n1, x2, n2, delta)

        def error(p1: float, p2: float, truth: float, low: Floats = low, high: Floats = high) -> float:
            chance = np.outer(stats.binom.pmf(np.arange(n1 + 1), n1, p1), stats.binom.pmf(np.arange(n2 + 1), n2, p2))
            return max(float(chance[low > truth].sum()), float(chance[high < truth].sum()))

        yield delta, error


def _gap(n1: int, n2: int) -> float:
    return max(
        error(rate + gap, rate, gap) / delta
        for delta, error in _two_rates(n1, n2, difference_bounds)
        for gap in (0.0, 0.02, 0.05, 0.15, 0.3)
        for rate in (0.0, *RATES, 1 - gap)
        if rate + gap <= 1
    )


def _ratio(n1: int, n2: int) -> float:
    return max(
        error(rate * ratio, rate, ratio) / delta
        for delta, error in _two_rates(n1, n2, ratio_bounds)
        for rate, ratio in itertools.product(RATES, (0.5, 0.8, 0.9, 1.0))
    )


def _paired_difference(n: int) -> float:
    wins, losses = (a.reshape(-1) for a in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"))
    known = wins + losses <= n
    wins, losses = wins[known], losses[known]
    worst = 0.0
    for delta in DELTAS:
        low, high = tango(wins, losses, n, delta, strict=True)
        for gap, lose in itertools.product((-0.05, -0.01, 0.0, 0.01, 0.05), (0.0, 0.002, 0.01, 0.03, 0.1, 0.3)):
            win = lose + gap
            if win >= 0:
                chance = stats.multinomial.pmf(
                    np.stack([wins, losses, n - wins - losses], 1), n, [win, lose, 1 - win - lose]
                )
                worst = max(worst, chance[low > gap].sum() / delta, chance[high < gap].sum() / delta)
    return float(worst)


def _paired_ratio(n: int) -> float:
    cells = np.asarray([c for c in itertools.product(range(n + 1), repeat=3) if sum(c) <= n])
    both, wins, losses = cells.T
    table = np.column_stack([cells, n - cells.sum(axis=1)])
    worst = 0.0
    for delta in DELTAS:
        low, high = tang(both, wins, losses, n, delta, strict=True)
        for ratio, rate, apart in itertools.product((0.5, 0.8, 1.0, 1.25), (0.1, 0.5, 0.8), (0.02, 0.1)):
            # p11 + p12 = ratio·rate, p11 + p21 = rate
            lose = apart + max(0.0, rate * (1 - ratio))
            shared = rate - lose
            win = rate * ratio - shared
            if min(shared, win) >= 0 and shared + win + lose <= 1:
                chance = stats.multinomial.pmf(table, n, [shared, win, lose, 1 - shared - win - lose])
                worst = max(worst, chance[low > ratio].sum() / delta, chance[high < ratio].sum() / delta)
    return float(worst)


def _persons(rng: np.random.Generator, persons: int) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(persons), rng.integers(1, 10, persons))


def _rate_by_person(rng: np.random.Generator) -> tuple[Measurement, float]:
    person = _persons(rng, 60)
    return Measurement.count(rng.random(person.size) < rng.beta(9, 1, 60)[person], person), 0.9


def _mean_by_person(rng: np.random.Generator) -> tuple[Measurement, float]:
    person = _persons(rng, 60)
    return Measurement.mean(rng.beta(4, 1, 60)[person], person), 0.8


def _difference_by_person(rng: np.random.Generator) -> tuple[Measurement, float]:
    person = _persons(rng, 60)
    ours, current = (rng.random(person.size) < rng.beta(9, 1, 60)[person] for _ in range(2))
    return relative(Measurement.count(ours, person), Measurement.count(current, person), "difference"), 0.0


def _gap_of_means(rng: np.random.Generator) -> tuple[Measurement, float]:
    return Measurement.gap({"a": Measurement.mean(rng.beta(9, 1, 150)), "b": Measurement.mean(rng.beta(8, 2, 60))}), 0.1


def _share_of_means(rng: np.random.Generator) -> tuple[Measurement, float]:
    current = rng.beta(4, 2, 100)
    ours = np.clip(current * rng.uniform(0, 0.4, 100), 0, 1)
    return relative(Measurement.mean(ours), Measurement.mean(current), "ratio"), 0.2


def _latency(rng: np.random.Generator) -> tuple[Measurement, float]:
    return Measurement.quantile(rng.exponential(size=200), 0.95), -math.log(0.05)


def _latency_in_blocks(rng: np.random.Generator) -> tuple[Measurement, float]:
    # a block is slower than another by a factor that its 20 requests share
    times = rng.exponential(size=(12, 20)) * np.exp(rng.normal(0, 0.1, (12, 1)))
    return Measurement.quantile(times.reshape(-1), 0.9, np.repeat(np.arange(12), 20)), _LATENCY


def _latency_quantile() -> float:
    rng = np.random.default_rng(2)
    return float(np.quantile(rng.exponential(size=1_000_000) * np.exp(rng.normal(0, 0.1, 1_000_000)), 0.9))


_LATENCY = _latency_quantile()
_KINDS: dict[str, Callable[[np.random.Generator], tuple[Measurement, float]]] = {
    "a rate by person": _rate_by_person,
    "a mean of scores, betting": lambda rng: (Measurement.mean(rng.beta(9, 1, 100)), 0.9),
    "a mean of scores by person, betting": _mean_by_person,
    "a gap of means, betting on pairs": _gap_of_means,
    "a paired difference by person": _difference_by_person,
    "a share of a mean, betting": _share_of_means,
    "p95, order statistics": _latency,
    "p90 in blocks, order statistics": _latency_in_blocks,
}


def _f1(totals: Floats) -> Floats:
    below = 2 * totals[:, 0] + totals[:, 1] + totals[:, 2]
    return np.divide(2 * totals[:, 0], below, out=np.full(len(totals), math.nan), where=below > 0)


def _macro_f1(totals: Floats) -> Floats:
    table = totals.reshape(-1, 3, 3)
    hits = np.diagonal(table, axis1=1, axis2=2)
    result: Floats = (2 * hits / np.maximum(table.sum(axis=1) + table.sum(axis=2), 1e-9)).mean(axis=1)
    return result


def _mean(totals: Floats) -> Floats:
    result: Floats = totals[:, 0] / totals[:, 1]
    return result


_CONFUSION = np.asarray([0.63, 0.05, 0.02, 0.03, 0.15, 0.02, 0.02, 0.015, 0.065])
_BINARY = np.asarray([0.25, 0.05, 0.06, 0.64])
_ERRORS = np.minimum(np.arange(25.0), 24)
_ERROR_SHARES = 0.8 ** np.arange(25) / (0.8 ** np.arange(25)).sum()
# hits and answers of ours, hits and answers of the current one: precisions of .9 and .85 whose answers overlap
_PRECISIONS = np.asarray(
    [[1, 1, 1, 1], [1, 1, 0, 1], [0, 1, 1, 1], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]]
)
_PRECISION_SHARES = np.asarray([0.30, 0.03, 0.02, 0.02, 0.06, 0.02, 0.55])


def _rows(cells: Floats, shares: Floats, n: int) -> Callable[[np.random.Generator], Floats]:
    return lambda rng: cells[rng.choice(len(cells), n, p=shares)]


def _by_person(cells: Floats, shares: Floats, persons: int) -> Callable[[np.random.Generator], Floats]:
    """Three rows a person; the second and third are copies of the first with chance .5."""

    def draw(rng: np.random.Generator) -> Floats:
        picked = rng.choice(len(cells), (persons, 3), p=shares)
        copied = rng.random((persons, 3)) < 0.5
        picked = np.where(copied, picked[:, :1], picked)
        result: Floats = cells[picked].sum(axis=1)
        return result

    return draw


def _precision_gap(totals: Floats) -> Floats:
    result: Floats = totals[:, 0] / totals[:, 1] - totals[:, 2] / totals[:, 3]
    return result


def _scores() -> dict[str, tuple[float, Callable[[np.random.Generator], Floats], Callable[[Floats], Floats]]]:
    nine, four = np.eye(9), np.eye(4)
    errors = np.column_stack([_ERRORS, np.ones(25)])
    squares = np.column_stack([_ERRORS**2, np.ones(25)])

    def truth(cells: Floats, shares: Floats, score: Callable[[Floats], Floats]) -> float:
        return float(score((shares @ cells)[None])[0])

    def root(totals: Floats) -> Floats:
        return np.sqrt(_mean(totals))

    every: dict[str, tuple[Floats, Floats, Callable[[Floats], Floats]]] = {
        "macro-F1": (nine, _CONFUSION, _macro_f1),
        "F1 of a class": (four, _BINARY, _f1),
        "MAE": (errors, _ERROR_SHARES, _mean),
        "RMSE": (squares, _ERROR_SHARES, root),
        "a difference of precisions": (_PRECISIONS.astype(float), _PRECISION_SHARES, _precision_gap),
    }
    found = {}
    for name, (cells, shares, score) in every.items():
        at = truth(cells, shares, score)
        found[f"{name}, BCa, n = 200"] = (at, _rows(cells, shares, 200), score)
        found[f"{name}, BCa, 200 persons"] = (at, _by_person(cells, shares, 200), score)
    return found


_SCORES = _scores()
