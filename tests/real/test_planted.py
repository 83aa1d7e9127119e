"""Defects planted in 1 % of the rows of public data are found: copies, contradictions, leaked rows and columns."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def planted(root: Path) -> ModuleType:
    """The benchmark, which plants and measures."""
    spec = importlib.util.spec_from_file_location("planted", root / "benchmarks" / "checks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("public_data")
@pytest.mark.parametrize("name", ["banking77", "taiwan_credit_default"])
def test_planted_defects_are_found(planted: ModuleType, name: str) -> None:
    told = planted.measure(name, 3000, 0)
    assert len(told) == (6 if name == "banking77" else 4)
    for kind, recall, precision, _ in told:
        assert recall >= 0.95, kind
        assert precision >= 0.8, kind
