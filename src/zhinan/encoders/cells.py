"""The encoder of tables for trees: cells as they are, nothing scaled, nothing filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from zhinan.core import Plan, Search, StepSpec, register

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Cells", "FittedCells"]


@register("encoder", "cells", kinds=("number", "category", "flag", "time"), weights=None, gaps=True)
@dataclass(frozen=True)
class Cells:
    """Typed columns as trees read them, NaN where a value is missing. Choose it for boosting, `columns` for heads.

    Trees send a missing value the way that rows without one went in training; where there were none, with most rows.

    Attributes:
        shown: most values of a category that get a feature of their own, the commonest first; where there are more,
            the place among all of them is a feature too, in natural order ("2 years" before "10 years").
        rare: a value is known when so many training rows hold it (fewer in few rows); one of a single person neither
            teaches anything nor has a place in what is packaged.
    """

    shown: Annotated[int, Search(0, 64)] = 32
    rare: Annotated[int, Search(1, 50)] = 5

    def fit(self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None) -> FittedCells:
        """Learns each category's values; numbers, flags and times need nothing learned."""
        return FittedCells(tuple(rows), tuple(self._learn(values) for values in rows.values()))

    def _learn(self, values: Sequence[Any]) -> dict[str, Any]:
        first = next((v for v in values if v is not None), "")
        if isinstance(first, bool):
            return {"kind": "flag"}
        if isinstance(first, (int, float)):
            return {"kind": "number"}
        return self._category(values) if isinstance(first, str) else {"kind": "time"}

    def _category(self, values: Sequence[str | None]) -> dict[str, Any]:
        from collections import Counter

        counts = Counter("" if v is None else v for v in values)
        least = min(self.rare, max(len(values) // 10, 1))
        often = sorted((v for v, n in counts.items() if n >= least), key=lambda v: (-counts[v], v))
        shown = sorted(often[: self.shown], key=_natural)
        every = sorted(often, key=_natural) or [""] if len(often) > self.shown or not shown else []
        return {"kind": "category", "shown": shown, **({"values": every} if every else {})}


def _natural(value: str) -> tuple[tuple[int, float, str], ...]:
    """A key that sorts numbers inside texts by what they are worth."""
    parts = [part for part in re.split(r"([0-9]+)", value) if part]
    return (*((0, float(p[:300]), "") if p[0] in "0123456789" else (1, 0.0, p) for p in parts), (2, 0.0, value))


@dataclass(frozen=True)
class FittedCells:
    """Columns with the categories learned from training rows, ready to encode any rows.

    made: numbers made of other numbers, as of the step `cells`: a recipe adds those that help.
    """

    columns: tuple[str, ...]
    learned: tuple[dict[str, Any], ...]
    made: tuple[dict[str, Any], ...] = ()

    @property
    def sources(self) -> list[tuple[str, ...]]:
        """The columns that each feature is made of."""
        from zhinan.steps.cells import feature_names

        return [columns for columns, _ in feature_names(self.columns, self.learned, self.made)]

    def rising(self, column: str) -> np.ndarray:
        """Which features (width,) rise with the numbers of a column."""
        import numpy as np

        numbers = [name for name, one in zip(self.columns, self.learned, strict=True) if one["kind"] == "number"]
        return np.array([column in numbers and made_of == (column,) for made_of in self.sources])

    def encode(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Features (n, width) float32, NaN where nothing stands, computed by the very step that serves."""
        from zhinan.steps.cells import Cells as Step

        features: np.ndarray = Step(self.columns, ("features",), {}, **self._options).run(rows)["features"]
        return features

    def plan(self, prefix: str) -> Plan:
        """One `cells` step."""
        empty: dict[str, list[Any]] = {name: [] for name in self.columns}
        step = StepSpec("cells", self.columns, (prefix,), {name: list(held) for name, held in self._options.items()})
        return Plan((step,), {}, (prefix,), "dense", self.encode(empty).shape[1])

    @property
    def _options(self) -> dict[str, tuple[dict[str, Any], ...]]:
        return {"columns": self.learned, **({"made": self.made} if self.made else {})}
