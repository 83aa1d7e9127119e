"""No bound errs more often than it promises, also at a late opening's small δ (benchmarks/proof_bounds.py, small)."""

from __future__ import annotations

import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.proof import koopman, miettinen_nurminen, tang, tango


@pytest.fixture(scope="module")
def bounds(root: Path) -> dict[str, Callable[..., Any]]:
    return runpy.run_path(str(root / "benchmarks" / "proof_bounds.py"))


def test_bounds_of_counts_err_at_most_as_promised_over_every_table(bounds: dict[str, Callable[..., Any]]) -> None:
    found = {row["what"]: row for row in bounds["enumerated"]()}
    assert len(found) == 5
    assert all(row["held"] for row in found.values()), found


def test_the_published_score_bounds_err_more_which_is_why_a_gate_uses_the_strict_ones() -> None:
    from scipy import stats

    # 5 of 100 against 0 of 300 is more often seen than the score test believes
    x1, x2 = np.meshgrid(np.arange(101.0), np.arange(301.0), indexing="ij")
    chance = np.outer(stats.binom.pmf(np.arange(101), 100, 0.04), stats.binom.pmf(np.arange(301), 300, 0.05))
    published, strict = (koopman(x1, 100, x2, 300, 0.0008, strict=s)[0] > 0.8 for s in (False, True))
    assert chance[published].sum() > 2 * 0.0008 > 2 * chance[strict].sum()


@pytest.mark.parametrize("kind", ["by person", "mean", "order statistics"])
def test_other_bounds_of_any_size_err_at_most_as_promised(bounds: dict[str, Callable[..., Any]], kind: str) -> None:
    rows = bounds["simulated"](120, kind)
    assert rows
    assert all(row["held"] for row in rows), rows


@pytest.mark.parametrize("score", ["macro-F1, BCa, n", "a difference of precisions, BCa, 200 persons", "MAE, BCa, n"])
def test_bootstrap_bounds_err_about_as_often_as_promised(bounds: dict[str, Callable[..., Any]], score: str) -> None:
    streams = 250
    slack = 4 * math.sqrt(0.05 * 0.95 / streams)
    rows = bounds["resampled"](streams, score, 0.03 - slack, 0.065 + slack)
    assert len(rows) == 1
    assert rows[0]["held"], rows


@pytest.mark.parametrize("delta", [0.05, 0.001])
def test_strict_bounds_are_never_narrower_and_approach_the_published_ones(delta: float) -> None:
    for n in (50, 5000):
        hits = np.asarray([0, n // 10, n // 2, n - n // 50, n])
        pairs = [
            (miettinen_nurminen(hits, n, hits[::-1], n, delta, strict=s) for s in (True, False)),
            (koopman(hits, n, n // 2, n, delta, strict=s) for s in (True, False)),
            (tango(hits // 5, n // 10, n, delta, strict=s) for s in (True, False)),
            (tang(n // 4, hits // 5, n // 10, n, delta, strict=s) for s in (True, False)),
        ]
        for strict, published in pairs:
            assert np.all(strict[0] <= published[0] + 1e-9)
            assert np.all(strict[1] >= published[1] - 1e-9)
            if n == 5000:
                known = np.isfinite(published[1]) & (published[0] > 0)
                assert strict[0][known] == pytest.approx(published[0][known], abs=0.01)
                assert strict[1][known] == pytest.approx(published[1][known], abs=0.02)
