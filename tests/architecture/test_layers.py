"""One ladder of rooms: reading order = data flow = import order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

LADDER = (
    "core", "contract", "proof", "store", "steps", "package", "data", "tasks", "encoders", "recipes", "evaluate",
    "engine", "serve", "improve", "needs", "studio", "conformance", "cli", "__main__",
)  # fmt: skip
SERVE_MAY = {"core", "contract", "proof", "store", "steps", "package", "serve"}
BY_NAME = {"zhinan.core.registry", "zhinan.core.errors"}
DOTTED = re.compile(rf"zhinan\.({'|'.join(LADDER)})(\.\w+)*")


def imported(tree: ast.Module, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import of ours, wherever it stands, relative ones resolved."""
    here = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name != "zhinan")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "zhinan":
            yield node.lineno, f"zhinan.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(here[: len(here) - node.level + 1]) + "." if node.level else ""
            origin = (start + (node.module or "")).rstrip(".")
            names = [f"{origin}.{alias.name}" for alias in node.names] if origin == "zhinan" else [origin]
            yield from ((node.lineno, name) for name in names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
            yield node.lineno, node.value  # a module named in text is imported, or run as `python -m`, by that name


def allowed(room: str, target: str) -> bool:
    """Whether a file of `room` may import the dotted name `target`."""
    parts = target.split(".")
    if parts[0] != "zhinan" or room == "" or target == "zhinan.__version__":
        return True
    if room == "serve":
        return parts[1] in SERVE_MAY
    if parts[1] not in LADDER:  # the façade itself
        return room in LADDER[LADDER.index("conformance") :]
    return parts[1] in LADDER[: LADDER.index(room) + 1]


def test_every_room_stands_on_the_ladder(package: list[Any]) -> None:
    assert {source.room for source in package} - {""} <= set(LADDER)


def test_a_room_imports_only_rooms_above_it(package: list[Any]) -> None:
    wrong = [
        f"{source.shown}:{line} imports {target}"
        for source in package
        if source.module != "zhinan.core.registry"  # KINDS names the folders it walks
        for line, target in imported(source.tree, source.module, source.path.name == "__init__.py")
        if not allowed(source.room, target)
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_registry_the_catalogue_and_room_doors_import_by_name(package: list[Any]) -> None:
    wrong = [
        f"{source.shown}:{node.lineno}"
        for source in package
        if source.module not in BY_NAME and source.path.name != "__init__.py"
        for node in source.nodes
        if (isinstance(node, ast.Attribute) and node.attr == "import_module")
        or (isinstance(node, ast.Name) and node.id in {"import_module", "__import__"})
    ]
    assert not wrong, "\n".join(wrong)


def test_the_layer_test_sees_imports_inside_functions_and_relative_ones() -> None:
    inside = ast.parse("def f():\n    from zhinan.engine import build\n    from . import x\n    from ..cli import y")
    found = dict.fromkeys(name for _, name in imported(inside, "zhinan.proof.bounds", False))
    assert list(found) == ["zhinan.engine", "zhinan.proof", "zhinan.cli"]
    assert [allowed("proof", name) for name in found] == [False, True, False]
    assert not allowed("serve", "zhinan.evaluate.costs")
    facade = ast.parse("import zhinan\nzhinan.__version__\nzhinan.build")
    assert [name for _, name in imported(facade, "zhinan.engine.climb", False)] == [
        "zhinan.__version__",
        "zhinan.build",
    ]
    assert not allowed("engine", "zhinan.build")
