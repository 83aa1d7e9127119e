"""Numbers made of other numbers of a row: what trees would need many splits for, one ratio or one mean says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["derived", "spoken"]


def derived(numbers: Mapping[str, np.ndarray], made: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """Features (n, len(made)) float32; missing where one of the numbers is, or where there is nothing to divide by.

    Summed up in float64, column after column: no row may feel how many came with it.

    Args:
        numbers: column → (n,) float32, NaN where a value is missing.
        made: `how` (a word of `_MAKE`) and `of`, the columns in order.
    """
    import numpy as np

    rows = len(next(iter(numbers.values())))
    found = np.empty((rows, len(made)), np.float32)
    with np.errstate(all="ignore"):
        for place, one in enumerate(made):
            found[:, place] = _MAKE[one["how"]](*(numbers[name].astype(np.float64) for name in one["of"]))
    found[~np.isfinite(found)] = np.nan
    return found


def spoken(one: Mapping[str, Any]) -> str:
    """What is made, as a person would write it: "bill / limit", "mean(bill1, bill2, bill3)"."""
    sign = {"ratio": " / ", "less": " - "}.get(one["how"])
    return sign.join(one["of"]) if sign else f"{one['how']}({', '.join(one['of'])})"


def _mean(*numbers: np.ndarray) -> np.ndarray:
    total = numbers[0]
    for one in numbers[1:]:
        total = total + one
    return total / len(numbers)


def _spread(*numbers: np.ndarray) -> np.ndarray:
    """The standard deviation within the row."""
    middle = _mean(*numbers)
    squares: np.ndarray = _mean(*((one - middle) ** 2 for one in numbers)) ** 0.5
    return squares


def _most(*numbers: np.ndarray) -> np.ndarray:
    import numpy as np

    found: np.ndarray = np.maximum.reduce(numbers)
    return found


def _least(*numbers: np.ndarray) -> np.ndarray:
    import numpy as np

    found: np.ndarray = np.minimum.reduce(numbers)
    return found


_MAKE: Mapping[str, Callable[..., Any]] = {
    "ratio": lambda first, second: first / second, "less": lambda first, second: first - second,
    "mean": _mean, "max": _most, "min": _least, "spread": _spread, "change": lambda *all: all[0] - all[-1],
}  # fmt: skip
