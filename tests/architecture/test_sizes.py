"""Guide sizes, in one place. A case that needs more is named in ARGUED with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

FILE_LINES = 400
FUNCTION_LINES = 60
ARGUMENTS = 8

ARGUED: Mapping[str, str] = {
    "src/zhinan/engine/building.py:build": "the options of the command, and rows that Python code holds already",
    "src/zhinan/evaluate/prove.py:prove": "one keyword for each thing that may be known beside anybody's answers",
    "src/zhinan/recipes/blend.py:blend": "its signature is the schema: a setting for each thing that it adds up",
    "src/zhinan/steps/value.py:__init__": "its signature is the schema: all that makes a number of a score",
    "src/zhinan/package/drafting.py:draft": "one keyword for each thing that a version holds",
    "src/zhinan/steps/clean.py:__init__": "its signature is the schema: each thing done to a value is an option",
    "src/zhinan/steps/choose.py:__init__": "its signature is the schema: each way to decide is an option of its own",
}
"""`path` or `path:function` → why it may be larger."""


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def _unargued(measured: Iterable[tuple[str, int]], limit: int) -> list[str]:
    return [f"{name}: {size} > {limit}" for name, size in measured if size > limit and name not in ARGUED]


def test_a_file_can_be_read_in_one_sitting(everything: list[Any]) -> None:
    sizes = ((source.shown, len(source.path.read_text("utf-8").splitlines())) for source in everything)
    assert _unargued(sizes, FILE_LINES) == []


def test_a_function_fits_on_a_screen(everything: list[Any]) -> None:
    sizes = [
        (name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for source in everything
        for name, node in source.functions()
    ]
    assert _unargued(sizes, FUNCTION_LINES) == []


def test_a_function_takes_few_arguments(everything: list[Any]) -> None:
    sizes = [
        (name, _arguments(node))
        for source in everything
        if not source.module.startswith("zhinan.cli")  # a command's arguments are its options: COMMANDS are promised
        for name, node in source.functions()
    ]
    assert _unargued(sizes, ARGUMENTS) == []


def test_every_argued_exception_is_still_needed(everything: list[Any]) -> None:
    names = {source.shown for source in everything}
    names |= {name for source in everything for name, _ in source.functions()}
    assert set(ARGUED) <= names
