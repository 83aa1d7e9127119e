"""Predicting a number, with an interval that holds the truth as often as it says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from zhinan.core import Loss, register
from zhinan.tasks._ladder import OF_NUMBERS, Rung

__all__ = ["Regress"]

_SQUARED = frozenset({"rmse", "r2", "bias"})
"""Metrics that the mean of what may come serves best; the others are served by its median."""
LARGEST = 1e15
"""Of a right answer as somebody says it, either way from zero: sums of squares stay far from where floats end."""


@register("task", "regress", target="number", zh=("回归", "预测数值"))
@dataclass(frozen=True)
class Regress:
    """Give each row a number: a price, a duration, a rating, an amount. Judged on how far off it is.

    Attributes:
        metrics: what is measured on dev when the contract names nothing else.
        ladder: the rungs tried in order.
    """

    outputs: ClassVar[tuple[str, ...]] = ("value", "low", "high")
    step: ClassVar[str] = "value"
    judged: ClassVar[str] = "numbers"
    label: ClassVar[str] = "value"
    private: ClassVar[tuple[str, ...]] = ("train.interval", "train.monotone")

    metrics: tuple[str, ...] = ("mae", "rmse", "coverage")
    ladder: tuple[Rung, ...] = OF_NUMBERS

    def loss(self, metrics: Sequence[str]) -> Loss:
        """Squared where the first metric that an error enters is one of squares; else absolute."""
        numbers = [name for name in metrics if name not in ("coverage", "interval_width")]
        return "squared" if numbers and numbers[0] in _SQUARED else "absolute"

    def shaped(
        self, told: Mapping[str, Any], classes: Sequence[str], options: Mapping[str, Any], every: bool = True
    ) -> list[dict[str, Any]]:
        """{"value", "low", "high"}, and "unit" where the training data wrote one."""
        columns = [told[key].tolist() for key in self.outputs]
        unit = {"unit": options["unit"]} if options.get("unit") else {}
        return [dict(zip(self.outputs, row, strict=True)) | unit for row in zip(*columns, strict=True)]

    def brief(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """As it is."""
        return dict(answer)

    def output(self, classes: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
        """JSON Schema of one answer."""
        share = options.get("level")
        held = "" if share is None else f" of an interval that holds the truth in {share:.1%} of such rows"
        unit = options.get("unit")
        own = f"In {unit}." if unit else "In the target's own unit."
        named: dict[str, Any] = {"unit": {"type": "string", "enum": [unit]}} if unit else {}
        properties: dict[str, Any] = {
            "value": {"type": "number", "description": own},
            "low": {"type": "number", "description": f"Lower end{held}."},
            "high": {"type": "number", "description": f"Upper end{held}."},
            **named,
        }
        return {"type": "object", "properties": properties, "required": list(properties)}

    def recorded(self, output: Any) -> bool:
        """Whether it is three numbers, and perhaps their unit."""
        return (
            isinstance(output, dict)
            and output.keys() - {"unit"} == set(self.outputs)
            and isinstance(output.get("unit", ""), str)
            and all(isinstance(output[key], float) and math.isfinite(output[key]) for key in self.outputs)
        )

    def mismatch(
        self,
        recorded: Mapping[str, Any],
        given: Mapping[str, Any],
        tolerance: float,
        classes: Sequence[str] = (),
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> str | None:
        """Each number may move by the tolerance times its size or the target's spread, whichever is larger."""
        if recorded.get("unit") != given.get("unit"):
            return "another unit"
        spread = abs(float(options.get("spread", 1.0)))
        for key in self.outputs:
            distance = abs(recorded[key] - given[key])
            if not distance <= tolerance * max(spread, abs(recorded[key])):
                return f"{key} moved by {distance:.2g}"
        return None

    def right(self, said: Any, classes: Sequence[str]) -> float | None:
        """A number from −1e15 to 1e15, or a text that is one."""
        if isinstance(said, bool) or not isinstance(said, (int, float, str)):
            return None
        try:
            number = float(said)
        except (ValueError, OverflowError):
            return None
        return number if abs(number) <= LARGEST else None

    def kept(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The value and its interval."""
        return {key: answer[key] for key in self.outputs}
