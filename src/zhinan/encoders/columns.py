"""The encoder of tables: numbers, categories, flags, times and lists side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from zhinan.core import Plan, Search, StepSpec, register
from zhinan.steps.values.lists import is_written, items_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Columns", "FittedColumns"]

MOST_ITEMS = 1000
"""Different items of lists that get a feature each."""


@register("encoder", "columns", kinds=("number", "category", "flag", "time", "list"), weights=None)
@dataclass(frozen=True)
class Columns:
    """Typed columns as features a linear head can use. Choose it for tables, or beside a text for its context."""

    knots: Annotated[int, Search(0, 16)] = 8
    rare: Annotated[int, Search(1, 50)] = 5

    def fit(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> FittedColumns:
        """Learns centres, scales, knots and the categories and items seen at least `rare` times (fewer in few rows)."""
        return FittedColumns(tuple(rows), tuple(self._learn(values) for values in rows.values()))

    def _learn(self, values: Sequence[Any]) -> dict[str, Any]:
        first = next((v for v in values if v is not None), "")
        if isinstance(first, bool):
            return {"kind": "flag"}
        if isinstance(first, (int, float)):
            return self._number(values)
        if not isinstance(first, str):
            return self._time(values)
        lists = first != "" and all(v is None or is_written(v) for v in values)
        return self._list(values) if lists else self._category(values)

    def _number(self, values: Sequence[float | None]) -> dict[str, Any]:
        import numpy as np

        from zhinan.steps.table import LARGEST

        known = np.array([v for v in values if v is not None], np.float64)
        known = known[np.isfinite(known)].clip(-LARGEST, LARGEST)
        if not known.size:
            return {"kind": "number", "fill": 0.0, "center": 0.0, "scale": 1.0, "knots": []}
        low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
        unit = float(np.abs(known).max()) or 1.0  # squares of huge values would overflow
        inner, every = (float((v / unit).std()) * unit for v in (known.clip(low, high), known))
        spread = inner or every or 1.0
        knots = np.unique(np.quantile(known, np.linspace(0, 1, self.knots + 1))) if self.knots else np.empty(0)
        return {
            "kind": "number",
            "fill": float(middle),
            "center": float(middle),
            "scale": spread,
            "knots": knots.tolist() if len(knots) > 2 else [],
        }

    def _category(self, values: Sequence[str | None]) -> dict[str, Any]:
        from collections import Counter

        counts = Counter("" if v is None else v for v in values)
        least = min(self.rare, max(len(values) // 10, 1))
        return {"kind": "category", "values": sorted(v for v, n in counts.items() if n >= least) or [""]}

    def _list(self, values: Sequence[str | None]) -> dict[str, Any]:
        from collections import Counter

        counts = Counter(item for v in values if v is not None for item in items_of(v))
        least = min(self.rare, max(len(values) // 10, 1))
        often = [item for item, n in counts.most_common(MOST_ITEMS) if n >= least]
        return {"kind": "list", "values": sorted(often)}

    def _time(self, values: Sequence[Any]) -> dict[str, Any]:
        import numpy as np

        from zhinan.steps.table import days

        seen = np.array([days(v) for v in values if v is not None])
        center, scale = (float(seen.mean()), float(seen.std()) or 1.0) if seen.size else (0.0, 1.0)
        return {"kind": "time", "center": center, "scale": scale}


@dataclass(frozen=True)
class FittedColumns:
    """Columns with what was learned from training rows, ready to encode any rows."""

    columns: tuple[str, ...]
    learned: tuple[dict[str, Any], ...]

    def encode(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Features (n, width) float32, computed by the very step that serves."""
        from zhinan.steps.table import Table

        features: np.ndarray = Table(self.columns, ("features",), {}, columns=self.learned).run(rows)["features"]
        return features

    @property
    def sources(self) -> list[tuple[str, ...]]:
        """The column that each feature is made of."""
        pairs = zip(self.columns, self.learned, strict=True)
        return [(name,) for name, one in pairs for _ in range(FittedColumns((name,), (one,)).plan("one").width)]

    def rising(self, column: str) -> np.ndarray:
        """Which features (width,) rise with the numbers of a column; that it is missing is none of them."""
        import numpy as np

        numbers = {name for name, one in zip(self.columns, self.learned, strict=True) if one["kind"] == "number"}
        found = np.array([column in numbers and made_of == (column,) for made_of in self.sources])
        found[np.flatnonzero(found)[-1:]] = False
        return found

    def plan(self, prefix: str) -> Plan:
        """One `table` step."""
        empty: dict[str, list[Any]] = {name: [] for name in self.columns}
        step = StepSpec("table", self.columns, (prefix,), {"columns": list(self.learned)})
        return Plan((step,), {}, (prefix,), "dense", self.encode(empty).shape[1])
