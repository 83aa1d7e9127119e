"""How often the 95 % bounds of every quality metric cover the truth, by simulation. Run it after touching a metric.

python benchmarks/metric_bounds.py [METRIC…] [--runs 400] [--rows 200]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Mapping

import numpy as np

from zhinan.contract import Line, parse_line
from zhinan.evaluate.measure import measure
from zhinan.proof import Answered, Judged, Ranked, Tagged, Valued

CLASSES = np.array(["a", "b", "c"])
SHARES = np.array([0.55, 0.3, 0.15])
LARGE = 400_000
"""Rows that stand for the whole population."""
PLAIN = ", plain"


def labels(draw: np.random.Generator, n: int) -> Judged:
    """Three unbalanced classes, four of five answers right, probabilities a little too sure."""
    truth = draw.choice(3, n, p=SHARES)
    scores = draw.normal(0, 1, (n, 3)) + 2.0 * np.eye(3)[truth] + 0.8 * np.log(SHARES)
    probability = np.exp(1.3 * scores)
    probability /= probability.sum(axis=1, keepdims=True)
    group = np.where(draw.random(n) < 0.5, "one", "two")
    handover = probability.max(axis=1) < 0.55
    answer = CLASSES[scores.argmax(axis=1)]
    return Judged(
        CLASSES[truth], answer, probability, tuple(CLASSES), None, {"group": group}, handover, {"a": {"b": 3.0}}
    )


def numbers(draw: np.random.Generator, n: int) -> Valued:
    """Prices with skewed errors that grow with the price, and intervals of nine in ten."""
    truth = np.exp(draw.normal(3, 0.4, n))
    answer = truth + 0.1 + truth * 0.15 * (draw.gamma(2, 1, n) - 2) / math.sqrt(2)
    width = 0.25 * answer * draw.uniform(0.5, 1.5, n)
    return Valued(truth, answer, answer - width, answer + width, None, None, {})


def plain(draw: np.random.Generator, n: int) -> Valued:
    """Normal errors of one size."""
    truth = draw.normal(50, 10, n)
    return Valued(truth, truth + draw.normal(0.5, 4, n))


def tags(draw: np.random.Generator, n: int) -> Tagged:
    """Three tags that come together, five of six decisions right."""
    truth = draw.random((n, 3)) < draw.beta(2, 3, n)[:, None]
    return Tagged(truth, np.where(draw.random((n, 3)) < 0.17, ~truth, truth), None, tuple(CLASSES))


def rankings(draw: np.random.Generator, n: int) -> Ranked:
    """Twelve items a query, a few relevant."""
    relevance = draw.choice([0.0, 1.0, 2.0], (n, 12), p=[0.7, 0.2, 0.1])
    relevance[:, 0] = 1.0
    order = np.argsort(-(relevance + draw.normal(0, 1, (n, 12))), axis=1)
    return Ranked(np.take_along_axis(relevance, order, axis=1), -np.sort(-relevance, axis=1))


LINES: Mapping[str, tuple[Callable[[np.random.Generator, int], Answered], str]] = {
    "accuracy": (labels, ">= 50%"), "recall[c]": (labels, ">= 50%"), "precision[c]": (labels, ">= 50%"),
    "f1[b]": (labels, ">= 50%"), "macro_f1": (labels, ">= 50%"), "macro_recall": (labels, ">= 50%"),
    "fpr[a]": (labels, "<= 50%"), "selection_rate[a]": (labels, ">= 50%"), "mcc": (labels, ">= 0.5"),
    "kappa": (labels, ">= 0.5"), "accuracy@2": (labels, ">= 50%"), "auc[b]": (labels, ">= 50%"),
    "average_precision[b]": (labels, ">= 50%"), "brier": (labels, "<= 1"), "log_loss": (labels, "<= 1"),
    "calibration_error": (labels, "<= 50%"), "gap(accuracy, by=group)": (labels, "<= 50 pt"),
    "parity(accuracy, by=group)": (labels, ">= 50%"), "auto_rate(accuracy >= 60%)": (labels, ">= 50%"),
    "expected_cost": (labels, "<= 1"), "mae": (numbers, "<= 9"), "rmse": (numbers, "<= 9"),
    "median_absolute_error": (numbers, "<= 9"), "mape": (numbers, "<= 50%"), "bias": (numbers, "<= 9"),
    "r2": (numbers, ">= 0.5"), "mae, plain": (plain, "<= 9"), "rmse, plain": (plain, "<= 9"),
    "r2, plain": (plain, ">= 0.5"),
    "within(3)": (numbers, ">= 50%"), "coverage": (numbers, ">= 50%"),
    "interval_width": (numbers, "<= 99"), "pinball(q=0.9)": (numbers, "<= 9"), "subset_accuracy": (tags, ">= 50%"),
    "hamming_loss": (tags, "<= 50%"), "micro_f1": (tags, ">= 50%"), "micro_recall": (tags, ">= 50%"),
    "micro_precision": (tags, ">= 50%"), "ndcg@5": (rankings, ">= 50%"), "recall@5": (rankings, ">= 50%"),
    "precision@5": (rankings, ">= 50%"), "hit_rate@3": (rankings, ">= 50%"), "mrr": (rankings, ">= 50%"),
    "map@10": (rankings, ">= 50%"),
}  # fmt: skip


def coverage(line: Line, make: Callable[[np.random.Generator, int], Answered], n: int, runs: int) -> dict[str, object]:
    """Share of runs in which each bound is on the right side of the truth, at δ = .05."""
    truth = measure(line, make(np.random.default_rng(99), LARGE)).value
    draw = np.random.default_rng(7)
    below = above = decided = 0
    widths, bound = [], ""
    for _ in range(runs):
        found = measure(line, make(draw, n))
        low, high = found.lower(0.05), found.upper(0.05)
        bound = found.bound
        if found.reason is None and math.isfinite(low) and math.isfinite(high):
            decided += 1
            below += low <= truth
            above += high >= truth
            widths.append(high - low)
    return {
        "truth": truth, "lower": below / max(decided, 1), "upper": above / max(decided, 1), "decided": decided / runs,
        "width": float(np.mean(widths)) if widths else None, "bound": bound,
    }  # fmt: skip


def main() -> None:
    """Prints a row for each metric, and all of it as JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("metrics", nargs="*")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = {}
    for name, (make, target) in LINES.items():
        if asked.metrics and not any(name.startswith(wanted) for wanted in asked.metrics):
            continue
        start = time.monotonic()
        rows[name] = seen = coverage(parse_line(f"{name.removesuffix(PLAIN)} {target}"), make, asked.rows, asked.runs)
        print(
            f"{name:30} truth {seen['truth']:8.4f}  lower {seen['lower']:.3f}  upper {seen['upper']:.3f}  "
            f"decided {seen['decided']:.2f}  {seen['bound']}  ({time.monotonic() - start:.0f} s)",
            file=sys.stderr, flush=True,
        )  # fmt: skip
    if asked.json:
        print(json.dumps({"rows": asked.rows, "runs": asked.runs, "metrics": rows}, ensure_ascii=False))


if __name__ == "__main__":
    main()
