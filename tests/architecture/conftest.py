"""The sources as the architecture tests see them: parsed once."""

from __future__ import annotations

import ast
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Source:
    """One Python file: its place, its dotted name and its syntax tree."""

    path: Path
    shown: str
    module: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """`core`, `contract`, … or "" for the package itself."""
        return self.module.partition(".")[2].partition(".")[0]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of the tree, walked once for all that look."""
        return tuple(ast.walk(self.tree))

    def functions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Every function with its name as `file:function`."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{self.shown}:{node.name}", node


def parse(path: Path, root: Path, base: Path) -> Source:
    """Reads one file; `base` is the folder its dotted name is counted from."""
    parts = path.relative_to(base).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(path, path.relative_to(root).as_posix(), module, ast.parse(path.read_text("utf-8"), str(path)))


def parsed(paths: Iterable[Path], root: Path, base: Path) -> list[Source]:
    """Reads files. A million nodes that live to the end are nothing for the garbage collector to look at again and
    again, in these tests and in all that follow."""
    gc.disable()
    try:
        return [parse(path, root, base) for path in paths]
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def package(root: Path) -> list[Source]:
    """Every module of Zhinan."""
    return parsed(sorted((root / "src" / "zhinan").rglob("*.py")), root, root / "src")


@pytest.fixture(scope="session")
def everything(root: Path, package: list[Source]) -> list[Source]:
    """Zhinan, its tests, tools, benchmarks and examples."""
    others = [
        path
        for folder in ("tests", "tools", "benchmarks", "examples")
        for path in sorted((root / folder).rglob("*.py"))
    ]
    return [*package, *parsed(others, root, root)]


@pytest.fixture(scope="session")
def fresh(root: Path) -> Callable[[str], str]:
    """Runs a program in a new interpreter and gives what it printed."""

    def run(program: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root / "src")},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
