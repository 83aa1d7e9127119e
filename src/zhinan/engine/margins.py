"""How far a candidate is from the lines on dev, in standard errors: what the search compares and stops on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zhinan.contract import Contract, Line
from zhinan.core import Candidate, Dataset
from zhinan.evaluate.answering import answer_rows
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.current import Current, beside, disturbances, fair
from zhinan.evaluate.disturb import disturbed, sample, under
from zhinan.evaluate.in_time import measure_in_time
from zhinan.evaluate.measure import is_cost, judge_dataset, measure_known
from zhinan.evaluate.thresholds import ENOUGH
from zhinan.proof import Answered, Measurement, relative
from zhinan.steps import Program

__all__ = ["Standing", "stand"]

HOPELESS = -10 * ENOUGH
"""Standard errors from which a line is given up: the other lines decide first which candidate is better."""

COST_ERROR = 0.1
"""Cost figures of one machine repeat within about a tenth."""


@dataclass(frozen=True)
class Standing:
    """Where a candidate stands on dev.

    Args:
        values: line text → measured value. margins: line text → standard errors above the target, at most `ENOUGH`.
        measurements: line text → the measurement.
    """

    values: Mapping[str, float]
    margins: Mapping[str, float]
    measurements: Mapping[str, Measurement]

    def shown(self) -> dict[str, float | None]:
        """The values as JSON has them: None for what is not a number."""
        return {text: None if math.isnan(value) else value for text, value in self.values.items()}

    def least(self, lines: Sequence[Line]) -> float:
        """The smallest margin over some lines; what has no value counts as far below."""
        return max(min((self.margins[line.text] for line in lines), default=ENOUGH), HOPELESS)

    def ascending(self, lines: Sequence[Line]) -> tuple[list[float], list[float]]:
        """The margins over some lines, the smallest first, rounded so that noise of the arithmetic decides nothing.

        Those that are given up count alike; only where all are alike, second, as they are: far is better than farther.
        """
        far = sorted(round(self.margins[line.text], 6) for line in lines)
        return [max(one, HOPELESS) for one in far], far

    def behind(self, other: Standing, line: Line) -> float:
        """Standard errors of their difference on the same rows by which the other is better on a line.

        Of costs, which repeat within `COST_ERROR`, the difference of the margins; so where either has no value.
        """
        ours, theirs = self.margins[line.text], other.margins[line.text]
        if is_cost(line) or not (math.isfinite(ours) and math.isfinite(theirs)):
            return 0.0 if ours == theirs else theirs - ours
        apart = relative(other.measurements[line.text], self.measurements[line.text], "difference")
        return apart.standard_errors(line.op, 0.0)

    def will_hold(self, lines: Sequence[Line], *, delta: float, sealed: int, dev: int) -> bool:
        """Whether dev promises every line a proof on the sealed set with probability about .95.

        The distance to the target must cover the sealed bound at `delta` and the noise of both estimates.
        """
        from scipy.special import ndtri

        growth = math.sqrt(dev / max(sealed, 1))
        needed = float(ndtri(1 - delta)) * growth + float(ndtri(0.95)) * math.hypot(1, growth)
        costs = all(self.margins[line.text] > 0 for line in lines if is_cost(line))
        quality = [line for line in lines if not is_cost(line)]
        return costs and self.least(quality) >= min(needed, ENOUGH)


def stand(
    candidate: Candidate, dev: Dataset, contract: Contract, costs: Costs | None, current: Current | None = None
) -> Standing:
    """Measures a candidate's dev answers against all lines, its answers to disturbed rows where a line asks for them.

    Args:
        costs: rough figures for the cost lines, if any. current: what relative lines compare with, if any does.
    """
    lines = (*contract.must, *contract.should)
    on = {how: _judged(candidate, dev, contract, current, how) for how in disturbances(lines)}
    values, margins, measurements = {}, {}, {}
    for line in lines:
        cost = is_cost(line)
        if cost and costs is None:
            raise ValueError("cost lines need rough costs")
        measured = measure_in_time(line, costs if cost and costs is not None else on[under(line)])
        measured = fair(measured, line, current, dev)
        if not cost:
            margin = measured.standard_errors(line.op, line.target)
        elif math.isnan(measured.value):
            margin = ENOUGH  # memory shows only in a process of its own, when the draft is certified
        else:
            scale = abs(line.target)
            if line.relative == "difference" and costs is not None:  # a difference is as unsure as what it is between
                scale = abs(measure_known(replace(line, relative=None), costs).value)
            away = (measured.value - line.target) / max(scale, 1e-12)
            margin = (away if line.op == ">=" else -away) / COST_ERROR
        values[line.text] = measured.value
        margins[line.text] = -math.inf if math.isnan(margin) else min(float(margin), ENOUGH)
        measurements[line.text] = measured
    return Standing(values, margins, measurements)


def _judged(
    candidate: Candidate, dev: Dataset, contract: Contract, current: Current | None, how: str | None
) -> Answered:
    """A candidate's answers to dev beside the truth; under a disturbance, to a sample of it, by its steps."""
    if how is None:
        answers = said_of(candidate)
    else:
        dev = sample(dev)
        run = Program(candidate.steps, candidate.files).run
        answers = answer_rows(run, disturbed(dev, how), hands_over=candidate.handed is not None)
    return beside(judge_dataset(dev, answers, candidate.classes), dev, contract, current, how)
