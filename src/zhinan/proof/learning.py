"""How many more training labels would do: a learning curve's forecast as a range, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhinan.core import Words

__all__ = ["FARTHEST", "FEWEST_POINTS", "Curve", "Range", "learning_curve"]

FARTHEST = 5.0
"""Nothing is forecast beyond this many times the largest size measured."""
FEWEST_POINTS = 5
"""With fewer sizes a curve of three parameters fits anything."""
LEVEL, WIDE, DRAWS = 0.8, 0.95, 400
"""Share of the bootstrap that a range of errors and one of sizes span before they are widened, and how many curves it
draws. Sizes are given more room: they are only given when both ends are near, which favours lucky dev sets."""

Floats = npt.NDArray[np.float64]
_TINY = 1e-12
_POWERS = np.concatenate([np.linspace(0.02, 1, 50), np.linspace(1.05, 2, 20)])


class Range(NamedTuple):
    """Training examples in all: fewer than `low` hardly do, `high` probably do."""

    low: int
    high: int


@dataclass(frozen=True, eq=False)
class Curve:
    """A fitted learning curve. It answers with ranges, never with a point alone.

    Args:
        sizes, errors: shape (k,), ascending training sizes and the dev errors there. n: dev examples behind each.
        spread: standard deviation of an error as a part of it; None of a rate, whose deviation follows from n.
        unit: of the errors.
        scale, power, floor: shape (DRAWS,), curves scale·(size/largest)^−power + floor of the bootstrap.
        noise: shape (DRAWS,), standard deviations by which the dev set itself is off.
        slips: how far forecasts of the measured points were too high and too low, in log error per log size.
    """

    sizes: Floats
    errors: Floats
    n: int
    spread: float | None
    unit: str
    scale: Floats
    power: Floats
    floor: Floats
    noise: Floats
    slips: tuple[float, float]

    @property
    def farthest(self) -> int:
        """The largest size that is forecast."""
        return int(FARTHEST * self.sizes[-1]) if self.sizes.size else 0

    def at(self, size: float) -> tuple[float, float, float]:
        """Error to expect with that many training examples: low, middle, high.

        Raises:
            ValueError: a size that `refusal` refuses.
        """
        refused = self._unfit()
        if refused is not None or not 0 < size <= self.farthest:
            raise ValueError(f"no forecast at {size}: " + (refused.en if refused else f"ask for 1 to {self.farthest}"))
        low, middle, high = self._band(np.asarray([size], dtype=float), LEVEL)[:, 0]
        return float(low), float(middle), float(high)

    def needed(self, error: float) -> Range | None:
        """Training examples in all with which the error falls to `error`; None where `refusal` says why."""
        return None if self.refusal(error) else self._range(error)

    def least(self, error: float) -> int | None:
        """Training examples below which the error is hardly reached, also where no other end of a range is known.

        None where even the largest size that is forecast is not enough, or nothing is forecast.
        """
        if self._unfit() is not None:
            return None
        reached = self._band(np.asarray([self.farthest], dtype=float), WIDE)[0, 0] <= error
        return self._first(error, 0) if reached else None

    def refusal(self, error: float) -> Words | None:
        """Why no number of training examples is forecast for an error; None when there is a range."""
        unfit = self._unfit()
        if unfit is not None:
            return unfit
        low, _, high = self._band(np.asarray([self.farthest], dtype=float), WIDE)[:, 0]
        if low > error:
            number = f"{error:,.0f}" if error >= 1000 else f"{error:.3g}"
            told = f"{error:.1%}" if self.unit == "%" else f"{number} {self.unit}".rstrip()
            floor = float(np.quantile(self.floor, (1 - WIDE) / 2))
            if floor * math.exp(-self.slips[0] * math.log(FARTHEST)) > error:
                return Words(
                    f"the curve flattens above {told}: more labels alone are not forecast to reach it",
                    f"曲线在 {told} 以上就趋于平缓：仅增加标注预计达不到",
                )
            return Words(
                f"even {self.farthest:,} training examples are not forecast to reach {told}, "
                f"and beyond {FARTHEST:g} times today's number nothing is forecast",
                f"即使 {self.farthest:,} 条训练样本预计也达不到 {told}；超过现有数量 {FARTHEST:g} 倍不作预测",
            )
        if high > error:
            least = self._first(error, 0)
            if least <= self.sizes[-1]:
                return Words(
                    f"today's training examples may be enough, or over {FARTHEST:g} times as many too few: "
                    "the dev set is too small to forecast it",
                    f"现有训练样本可能已经足够，也可能 {FARTHEST:g} 倍仍不够：开发集太小，无法预测",
                )
            return Words(
                f"at least {least:,} training examples, perhaps over {FARTHEST:g} times today's number: not forecast",
                f"至少需要 {least:,} 条训练样本，也可能超过现有数量的 {FARTHEST:g} 倍，故不作预测",
            )
        return None

    def _unfit(self) -> Words | None:
        if self.sizes.size >= FEWEST_POINTS:
            return None
        return Words(
            f"the learning curve has {self.sizes.size} points, {FEWEST_POINTS} are needed",
            f"学习曲线只有 {self.sizes.size} 个点，至少需要 {FEWEST_POINTS} 个",
        )

    def _range(self, error: float) -> Range:
        return Range(self._first(error, 0), self._first(error, 2))

    def _first(self, error: float, row: int) -> int:
        """First size at which the low (0) or high (2) end of the range has fallen to the error."""
        sizes = np.unique(np.geomspace(self.sizes[0], self.farthest, 400).round())
        return int(sizes[np.argmax(self._band(sizes, WIDE)[row] <= error)])

    def _band(self, sizes: Floats, level: float) -> Floats:
        """Low, middle and high error at each size, shape (3, m): more examples never make it worse."""
        known = np.append(sizes, self.sizes[-1])
        off = np.log(np.maximum(known / self.sizes[-1], 1.0))
        curves = self.scale[:, None] * (known / self.sizes[-1]) ** -self.power[:, None] + self.floor[:, None]
        curves = curves + self.noise[:, None] * _deviation(curves, self.n, self.spread)
        band = np.quantile(curves, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
        band[0] *= np.exp(-self.slips[0] * off)
        band[2] *= np.exp(self.slips[1] * off)
        band[2] = np.where(known > self.sizes[-1], np.minimum(band[2], band[2, -1]), band[2])
        result: Floats = np.clip(band[:, :-1], 0.0, _most(self.spread))
        return result


def learning_curve(
    sizes: npt.ArrayLike,
    errors: npt.ArrayLike,
    n: int,
    *,
    spread: float | None = None,
    unit: str = "%",
    seed: int = 0,
) -> Curve:
    """Fits err(size) = a·size^−b + c, none of them negative, to the dev errors of nested subsamples.

    Choose it to say how many more training labels a line needs. The range spans a bootstrap of the dev noise, or of
    the curve's own misfit where that is larger, and is widened by how far forecasts went wrong on this very curve:
    each of its points was forecast from those before it. It covers the truth on at least 80 % of the real curves that
    benchmarks/proof_curves.py tries.

    Args:
        sizes: shape (k,), training examples, each once. errors: shape (k,), none below 0; of a rate none above 1.
        n: dev examples behind each. spread: of errors that are no rates, such as euros, the standard deviation of one
            as a part of it. unit: of the errors. seed: of the bootstrap.

    Raises:
        ValueError: sizes that repeat or are not positive, errors outside their range, no dev examples, no spread.

    Source: Mahmood et al., How much more data do I need?, CVPR 2022; noise of a rate, weighted least squares.
    """
    size, error = np.asarray(sizes, dtype=float), np.asarray(errors, dtype=float)
    inside = np.isfinite(error) & (error >= 0) & (error <= _most(spread)) & (size > 0)
    sound = size.shape == error.shape and n >= 1 and bool(np.all(inside)) and (spread is None or 0 < spread < math.inf)
    if not sound or np.unique(size).size < size.size:
        raise ValueError("a learning curve needs different positive sizes, an error in range for each, and dev rows")
    order = np.argsort(size)
    size, error = size[order], error[order]
    if size.size < FEWEST_POINTS:
        nothing = np.zeros(0)
        return Curve(size, error, n, spread, unit, nothing, nothing, nothing, nothing, (0.0, 0.0))
    rng = np.random.default_rng(seed)
    noise = _deviation(error, n, spread)
    scale, power, floor = _fit(size, error[None], noise)
    fitted = (scale * (size / size[-1]) ** -power + floor).reshape(-1)
    misfit = float((((error - fitted) / noise) ** 2).sum() / max(size.size - 3, 1))
    seen = fitted + noise * math.sqrt(max(misfit, 1.0)) * rng.standard_normal((DRAWS, size.size))
    least = 1e-4 if spread is None else 1e-4 * float(error.max())
    drawn = _fit(size, np.clip(seen, least, _most(spread)), noise)
    slips = _slips(size, error, n, spread)
    return Curve(size, error, n, spread, unit, *drawn, rng.standard_normal(DRAWS), slips)


def _most(spread: float | None) -> float:
    """The largest error there is."""
    return 1.0 if spread is None else math.inf


def _slips(sizes: Floats, errors: Floats, n: int, spread: float | None) -> tuple[float, float]:
    """How fast forecasts of the later points from the earlier ones went too high and too low, at worst."""
    high, low = 0.0, 0.0
    noise = _deviation(errors, n, spread)
    least = 0.5 / n if spread is None else max(1e-4 * float(errors.max()), _TINY)
    for known in range(FEWEST_POINTS - 1, sizes.size):
        scale, power, floor = _fit(sizes[:known], errors[None, :known], noise[:known])
        forecast = (scale * (sizes[known:] / sizes[known - 1]) ** -power + floor).reshape(-1)
        seen = np.maximum(errors[known:], least)
        slip = np.log(np.maximum(forecast, least) / seen) / np.log(sizes[known:] / sizes[known - 1])
        high, low = max(high, float(slip.max())), max(low, float(-slip.min()))
    return high, low


def _deviation(error: Floats, n: int, spread: float | None) -> Floats:
    """Standard deviation of a dev error, never 0."""
    result: Floats = (
        np.sqrt(np.maximum(error * (1 - error), 0.5 / n) / n)
        if spread is None
        else np.maximum(spread * np.abs(error), _TINY)
    )
    return result


def _fit(sizes: Floats, errors: Floats, deviation: Floats) -> tuple[Floats, Floats, Floats]:
    """Scale, power and floor, each of shape (m,), of m curves of errors (m, k): weighted least squares, none negative.

    For each power of a grid the rest is a line with a non-negative slope and start.
    """
    basis = (sizes / sizes[-1])[None, :] ** -_POWERS[:, None]
    weight = deviation**-2 / (deviation**-2).sum()
    mean, square = basis @ weight, basis**2 @ weight
    level, cross = errors @ weight, (errors * weight) @ basis.T
    scale = (cross - level[:, None] * mean) / np.maximum(square - mean**2, 1e-12)
    floor = level[:, None] - scale * mean
    scale, floor = np.where(floor < 0, cross / square, scale), np.maximum(floor, 0.0)
    flat = scale < 0
    scale, floor = np.where(flat, 0.0, scale), np.where(flat, level[:, None], floor)
    misfit = -2 * (scale * cross + floor * level[:, None]) + scale**2 * square + 2 * scale * floor * mean + floor**2
    best = misfit.argmin(axis=1)
    row = np.arange(len(errors))
    return scale[row, best], _POWERS[best], floor[row, best]
