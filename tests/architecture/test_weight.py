"""Starting is light: asking what Zhinan can do, or serving, loads no library that this does not need."""

from __future__ import annotations

from collections.abc import Callable

import pytest

HEAVY = {"numpy", "onnx", "onnxruntime", "polars", "scipy", "sklearn", "sqlalchemy", "tokenizers", "torch"}
NOT_SERVED = {"lightgbm", "onnx", "pandas", "polars", "scipy", "sklearn", "torch", "transformers"}

LOADED = "\nimport sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def _loaded(fresh: Callable[[str], str], program: str) -> set[str]:
    return set(fresh(program + LOADED).splitlines()[-1].split())


def test_importing_zhinan_loads_no_heavy_library(fresh: Callable[[str], str]) -> None:
    assert _loaded(fresh, "import zhinan") & (HEAVY | {"pydantic", "yaml", "typer", "rich"}) == set()


def test_listing_everything_registered_loads_no_heavy_library(fresh: Callable[[str], str]) -> None:
    program = """
from zhinan.core import entries
from zhinan.core.registry import KINDS
for kind in KINDS:
    for entry in entries(kind).values():
        entry.summary, entry.parameters(), dict(entry.facts)
"""
    assert _loaded(fresh, program) & HEAVY == set()


def test_the_start_of_the_command_line_loads_no_heavy_library(fresh: Callable[[str], str]) -> None:
    program = """
import sys
from zhinan.cli import main
sys.argv = ["zhinan", "--help"]
try:
    main()
except SystemExit as done:
    assert done.code in (0, None)
"""
    assert _loaded(fresh, program) & HEAVY == set()


@pytest.mark.parametrize("room", ["zhinan.serve", "zhinan.package", "zhinan.steps"])
def test_serving_loads_no_training_library(fresh: Callable[[str], str], room: str) -> None:
    program = f"""
import importlib, pkgutil
room = importlib.import_module({room!r})
for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
    assert _loaded(fresh, program) & NOT_SERVED == set()
