"""Metrics of what probabilities mean: whether .8 comes true in four cases of five, and how sharp they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, register

if TYPE_CHECKING:
    import numpy as np

    from zhinan.proof import Judged, Measurement

__all__ = ["brier", "calibration_error", "log_loss"]

LEAST = 1e-15
"""A probability of the truth below this counts as this, as 0 would cost infinitely much."""
OFF_BY = 0.01
"""Probabilities of a row may add up to 1 ± this."""


@register(
    "metric", "brier", zh=("布里尔分数",), unit="", better="lower", family="quality", per_class=True,
    needs="probability",
)  # fmt: skip
def brier(judged: Judged, *, part: str | None = None) -> Measurement:
    """Brier score: mean squared distance of probabilities from what came true. Choose it as one score for both.

    Of a class, or of two classes, it is (p − came true)², 0 to 1; of more classes their sum, 0 to 2.

    Raises: UserError E250 without probabilities, E031 when the class never occurs, E279 when they do not add up to 1.
    Source: Brier, Monthly Weather Review 78 (1950); mean with its betting bound, Waudby-Smith & Ramdas (2023).
    """
    import numpy as np

    from zhinan.proof import Measurement
    from zhinan.proof.combined import Scaled

    p, came = _chances(judged, "brier", part)
    most = 2.0 if p.shape[1] > 2 else 1.0
    scores = ((p - came) ** 2).sum(axis=1) / (1.0 if p.shape[1] != 2 else 2.0)
    found = Measurement.mean(np.clip(scores / most, 0.0, 1.0), judged.person)
    evidence = Scaled(found.evidence, most)
    return Measurement(evidence.value, found.n, found.bound, found.reason, evidence)


@register(
    "metric", "log_loss", zh=("对数损失", "交叉熵"), unit="", better="lower", family="quality", per_class=False,
    needs="probability",
)  # fmt: skip
def log_loss(judged: Judged) -> Measurement:
    """Log loss: mean −ln of the probability given to the truth. Choose it when a sure mistake is the worst mistake.

    A truth that was given no probability at all costs −ln 1e−15, about 34.5.

    Raises: UserError E250 without probabilities, E279 when those of a row do not add up to 1.
    Source: Good, JRSS-B 14 (1952); BCa bootstrap, Efron, JASA 82 (1987), since the loss has no bound.
    """
    import numpy as np

    from zhinan.proof import Measurement

    p, came = _chances(judged, "log_loss", None)
    losses = -np.log(np.clip((p * came).sum(axis=1), LEAST, 1.0))
    spread = float(np.ptp(losses)) if losses.size else 0.0
    degenerate = None if spread > 1e-9 else "every row has the same loss"
    return Measurement.bootstrap(
        lambda rows: float(losses[rows].mean()), len(judged), person=judged.person, degenerate=degenerate
    )


@register(
    "metric", "calibration_error", zh=("校准误差",), unit="%", better="lower", family="quality", per_class=True,
    needs="probability",
)  # fmt: skip
def calibration_error(judged: Judged, *, bins: int = 10, part: str | None = None) -> Measurement:
    """Calibration error: how far probabilities are from how often they come true. Choose it if people act on them.

    Without a class it judges the probability of the label answered, in bins with equally many examples. The value is
    the plain one, which on few examples is too large rather than too small.

    Raises: UserError E250 without probabilities, E031 when the class never occurs, E266 for fewer than 2 bins.
    Source: Guo et al., ICML 2017; bounds by intersection–union over signs and a split sample, see proof/combined.py.
    """
    import numpy as np

    from zhinan.evaluate._tables import true_rows
    from zhinan.proof import Measurement
    from zhinan.proof.combined import Miscalibration

    if judged.probability is None:
        raise UserError("E250", metric="calibration_error")
    if bins < 2:
        raise UserError("E266", metric="calibration_error", example="calibration_error(bins=10) <= 5%")
    names = np.asarray(judged.classes, dtype=str)
    if part is None:
        asked = judged.answer[:, None] == names[None, :]
        right = judged.answer == judged.truth
    else:
        right = true_rows(judged, part)
        asked = np.broadcast_to(names == part, judged.probability.shape)
    sure = np.where(asked, judged.probability, 0.0).max(axis=1, initial=0.0)
    size = len(judged)
    codes = np.empty(size, dtype=np.int64)
    codes[np.lexsort((right, sure))] = np.arange(size) * bins // max(size, 1)
    codes = _joined(codes, sure)
    evidence = Miscalibration(right - np.clip(sure, 0.0, 1.0), codes, judged.person)
    plain = Measurement.count(right, judged.person)
    return Measurement(evidence.value, size, "betting on every choice of signs", plain.reason, evidence)


def _joined(codes: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """Equal probabilities belong to one bin: the first in which they occur."""
    import numpy as np

    _values, inverse = np.unique(sure, return_inverse=True)
    first = np.full(int(inverse.max(initial=-1)) + 1, codes.size, dtype=np.int64)
    np.minimum.at(first, inverse, codes)
    joined: np.ndarray = first[inverse]
    return joined


def _chances(judged: Judged, metric: str, part: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and what came true, (n, classes), or (n, 1) of one class."""
    import numpy as np

    from zhinan.evaluate._tables import true_rows

    if judged.probability is None:
        raise UserError("E250", metric=metric)
    if part is not None:
        mine = np.asarray(judged.classes, dtype=str) == part
        return judged.probability @ mine[:, None], true_rows(judged, part)[:, None].astype(float)
    sums = judged.probability.sum(axis=1)
    off = np.flatnonzero(np.abs(sums - 1) > OFF_BY)
    if off.size:
        raise UserError("E279", f"row {int(off[0]) + 1}", metric=metric, total=f"{sums[off[0]]:.3f}")
    came = judged.truth[:, None] == np.asarray(judged.classes, dtype=str)[None, :]
    return judged.probability, came.astype(float)
