"""Builds without their slowest part: costs are told, not measured, where a test is about something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.core import registry
from zhinan.core.registry import Registered
from zhinan.engine import building, proving
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.timing import Timing
from zhinan.tasks.classify import Classify


@pytest.fixture
def told_costs(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Every draft answers in so many milliseconds (4 unless told) and weighs 2 MB."""

    def tell(milliseconds: float = 4.0) -> None:
        def measured(draft: Path, rows: Any, **more: Any) -> Costs:
            latencies = milliseconds / 1000 * np.tile(np.linspace(0.9, 1.1, 40), 10)
            return Costs(latencies, np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 2_000_000)

        for room in (building, proving):
            monkeypatch.setattr(room, "measure_costs", measured)

    monkeypatch.setattr(Timing, "begin", lambda self: None)
    tell()
    return tell


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a thing into the registry for one test: (kind, name, target, **facts)."""

    def put(kind: str, name: str, target: Any, /, **facts: Any) -> None:
        registry.entries(kind)
        monkeypatch.setitem(registry._things, (kind, name), Registered(kind, name, target, None, facts))

    return put


@pytest.fixture
def ladder(registered: Callable[..., None]) -> Callable[..., None]:
    """Makes these the rungs of `classify`: (level, recipe, encoders)."""

    def put(*rungs: tuple[str, str, tuple[str, ...]]) -> None:
        registered("task", "classify", lambda: Classify(ladder=rungs), target="category")

    return put
