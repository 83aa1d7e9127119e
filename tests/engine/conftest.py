"""Builds without their slowest part: costs are told, not measured, where a test is about something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.engine import building, proving
from zhinan.evaluate.costs import Costs


@pytest.fixture
def told_costs(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Every draft answers in so many milliseconds (4 unless told) and weighs 2 MB."""

    def tell(milliseconds: float = 4.0) -> None:
        def measured(draft: Path, rows: Any, **more: Any) -> Costs:
            latencies = np.full(400, milliseconds / 1000)
            return Costs(latencies, np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 2_000_000)

        for room in (building, proving):
            monkeypatch.setattr(room, "measure_costs", measured)

    tell()
    return tell
