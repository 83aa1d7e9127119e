"""The step that turns numbers, categories, flags, times and lists into one float array, by what was learned."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from zhinan.core import register
from zhinan.steps.values.lists import items_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["LARGEST", "Table", "days", "in_utc"]

LARGEST = 1e150
"""Numbers beyond are taken for this, so that differences and squares stay finite."""


@register("step", "table")
class Table:
    """One block of features a column, side by side; writes one float32 array (n, width).

    Options: `columns`, in the order of `reads`, each with `kind` and what its features need:

    - number: `fill`, `center`, `scale`, `knots` → standardised value, piecewise-linear parts between the knots
      (Gorishniy et al., NeurIPS 2022, so that a linear head can bend), and whether it was missing;
    - category: `values` → one 0/1 a known value; an unknown one is all zeros; missing is the value "";
    - flag → +1, −1, or 0 when missing;
    - list: `values` → one 0/1 a known item, and whether it was missing;
    - time: `center`, `scale` (days since 1970) → standardised day, hour, weekday and month as angles, missing.
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        columns: tuple[dict[str, Any], ...] = (),
    ) -> None:
        self._reads = reads
        (self._features,) = writes
        self._columns = columns

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the features of the batch."""
        import numpy as np

        make: Mapping[str, Callable[..., np.ndarray]] = {
            "number": _number, "category": _category, "flag": _flag, "time": _time, "list": _list,
        }  # fmt: skip
        blocks = [make[c["kind"]](values[name], c) for name, c in zip(self._reads, self._columns, strict=True)]
        return {self._features: np.concatenate(blocks, axis=1, dtype=np.float32)}


def _number(values: Sequence[float | None], column: Mapping[str, Any]) -> np.ndarray:
    import numpy as np

    raw = np.array([math.nan if v is None else v for v in values], np.float64)
    missing = ~np.isfinite(raw)
    filled = np.where(missing, column["fill"], raw).clip(-LARGEST, LARGEST)
    low, high = np.array(column["knots"][:-1]), np.array(column["knots"][1:])
    with np.errstate(over="ignore"):  # a tiny scale: what is infinite is clipped
        standard = np.clip((filled - column["center"]) / column["scale"], -5, 5)
        parts = np.clip((filled[:, None] - low) / (high - low), 0, 1) if len(low) else np.empty((len(raw), 0))
    return np.column_stack([standard, parts, missing])


def _category(values: Sequence[str | None], column: Mapping[str, Any]) -> np.ndarray:
    import numpy as np

    place = {value: i for i, value in enumerate(column["values"])}
    codes: np.ndarray = np.array([place.get("" if v is None else v, -1) for v in values], np.int64)
    hot: np.ndarray = codes[:, None] == np.arange(len(place))
    return hot.astype(np.float64)


def _list(values: Sequence[str | None], column: Mapping[str, Any]) -> np.ndarray:
    import numpy as np

    place = {value: i for i, value in enumerate(column["values"])}
    hot: np.ndarray = np.zeros((len(values), len(place) + 1))
    for row, value in enumerate(values):
        found = [len(place)] if value is None else [place[item] for item in items_of(value) if item in place]
        hot[row, found] = 1.0
    return hot


def _flag(values: Sequence[bool | None], column: Mapping[str, Any]) -> np.ndarray:
    import numpy as np

    return np.array([[0.0 if v is None else 1.0 if v else -1.0] for v in values]).reshape(len(values), 1)


def days(moment: datetime) -> float:
    """Days since 1970 in UTC, wherever the machine stands; a moment without a zone is in UTC."""
    return in_utc(moment).timestamp() / 86_400


def in_utc(moment: datetime) -> datetime:
    """The same moment, told in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _time(values: Sequence[datetime | None], column: Mapping[str, Any]) -> np.ndarray:
    import numpy as np

    rows = []
    for moment in values:
        if moment is None:
            rows.append([0.0] * 7 + [1.0])
            continue
        utc = in_utc(moment)
        day = (days(moment) - column["center"]) / column["scale"]
        turns = (utc.hour + utc.minute / 60) / 24, utc.weekday() / 7, (utc.month - 1) / 12
        angles = [wave(2 * math.pi * t) for t in turns for wave in (math.sin, math.cos)]
        rows.append([max(-5.0, min(5.0, day)), *angles, 0.0])
    return np.array(rows).reshape(len(rows), 8)
