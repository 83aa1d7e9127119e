"""Metrics that compare groups of people or traffic: the largest difference, the least ratio, of any other metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhinan.core import UserError, find, register

if TYPE_CHECKING:
    from zhinan.proof import Answered, Measurement

__all__ = ["gap", "parity"]


@register(
    "metric", "gap", zh=("差距",), unit="pt", better="lower", family="quality", per_class=False,
    needs=("answer", "value", "tags", "ranking"), watch="gap",
)  # fmt: skip
def gap(judged: Answered, *, of: str = "accuracy", by: str = "", part: str | None = None) -> Measurement:
    """Gap: the largest difference of another metric between groups of a column. Choose it to be fair to every group.

    In points where that metric is a share, else in its own unit: `gap(mae, by=region) <= 2`. `by=gender*age` crosses
    two columns. Every ordered pair of groups must be within the limit: an intersection–union test, so no correction is
    due.

    Raises: UserError E251 when `by` has fewer than two groups, E031 when the class never occurs in the truth.
    Source: Miettinen & Nurminen, Statistics in Medicine 4 (1985); bootstrap when `of` is not a count.
    """
    from zhinan.proof import Measurement

    return Measurement.gap(_by_group(judged, of, by, part))


@register(
    "metric", "parity", zh=("均等比",), unit="%", better="higher", family="quality", per_class=False,
    needs=("answer", "value", "tags", "ranking"), watch="parity",
)  # fmt: skip
def parity(judged: Answered, *, of: str = "accuracy", by: str = "", part: str | None = None) -> Measurement:
    """Parity: the least ratio of another metric between groups of a column. Choose it for rules such as four fifths.

    `parity(selection_rate[approve], by=gender) >= 80%`: no group is approved less than 80 % as often as another.
    `by=gender*age` crosses two columns.

    Raises: UserError E251 when `by` has fewer than two groups, E031 when the class never occurs in the truth, E264
    for a metric that is no share.
    Source: Koopman, Biometrics 40 (1984), over every ordered pair (intersection–union); bootstrap when `of` is not a
    count.
    """
    from zhinan.proof import Measurement

    if find("metric", of).facts["unit"] != "%":
        raise UserError("E264", metric=of)
    return Measurement.ratio(_by_group(judged, of, by, part))


def _by_group(judged: Answered, of: str, by: str, part: str | None) -> dict[str, Any]:
    """The metric of each group; of no examples where a group lacks the class."""
    from zhinan.evaluate.kinds import apply
    from zhinan.proof import Measurement

    metric = find("metric", of)
    groups = judged.groups(by)
    if len(groups) < 2:
        raise UserError("E251", by=by, only=", ".join(groups))
    options = {} if part is None else {"part": part}
    if part is not None:
        apply(metric, judged, **options)  # a class that no group has is a mistake, not a lack
    parts = {}
    for name, group in groups.items():
        try:
            parts[name] = apply(metric, group, **options)
        except UserError as error:
            if error.code != "E031":
                raise
            parts[name] = Measurement.counts(0, 0)
    return parts
