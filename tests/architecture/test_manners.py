"""Manners a reader relies on: exact names, no rag-bag modules, no swallowed errors, nothing that runs data as code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

RAG_BAGS = {"util", "utils", "common", "helper", "helpers", "manager", "managers", "mixin", "mixins", "misc"}
UNSAFE_MODULES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
UNSAFE_CALLS = {
    "eval", "exec", "compile", "torch.save", "torch.load", "yaml.load", "yaml.safe_load", "yaml.full_load",
    "yaml.unsafe_load", "os.system", "os.popen",
}  # fmt: skip
POSIX_ONLY = {"fcntl", "grp", "pwd", "resource", "termios"}

ARGUED: Mapping[str, str] = {
    "src/zhinan/core/registry.py: eval": "annotations of our own registered sources, as typing.get_type_hints does",
}


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _public(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def _assigned(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (target.id for target in targets if isinstance(target, ast.Name))
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        if isinstance(node, ast.If):
            yield from _assigned(node.body)


def _listed(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        target = (
            node.targets[0]
            if isinstance(node, ast.Assign)
            else node.target
            if isinstance(node, ast.AnnAssign)
            else None
        )
        if isinstance(target, ast.Name) and target.id == "__all__":
            return list(ast.literal_eval(node.value))  # type: ignore[union-attr, arg-type]
    return None


def test_all_names_exactly_the_public_functions_and_classes(package: list[Any]) -> None:
    wrong = []
    for source in package:
        listed, public = _listed(source.tree), set(_public(source.tree.body))
        lazy = any(getattr(node, "name", "") == "__getattr__" for node in source.tree.body)
        if listed is None:
            wrong.append(f"{source.shown}: no __all__")
            continue
        unlisted = public - set(listed)
        absent = set() if lazy else set(listed) - public - set(_assigned(source.tree.body))
        if unlisted or absent or len(listed) != len(set(listed)):
            wrong.append(f"{source.shown}: not in __all__ {sorted(unlisted)}, not in the file {sorted(absent)}")
    assert not wrong, "\n".join(wrong)


def test_every_name_a_room_promises_can_be_had(fresh: Callable[[str], str]) -> None:
    program = """
import importlib, pathlib, zhinan
absent = []
for door in sorted(pathlib.Path(zhinan.__file__).parent.rglob("__init__.py")):
    place = door.parent.relative_to(pathlib.Path(zhinan.__file__).parent.parent)
    module = importlib.import_module(".".join(place.parts))
    for name in module.__all__:
        try:
            getattr(module, name)
        except (AttributeError, ImportError) as error:
            absent.append(f"{module.__name__}.{name}: {error}")
print("\\n".join(absent))
"""
    assert fresh(program) == ""


def test_no_rag_bags(everything: list[Any]) -> None:
    wrong = []
    for source in everything:
        words = {word for part in source.shown.removesuffix(".py").split("/") for word in part.lower().split("_")}
        for node in source.nodes:
            if isinstance(node, ast.ClassDef):
                words |= {word.lower() for word in re.findall(r"[A-Z]+[a-z0-9]*", node.name)}
        wrong += [f"{source.shown}: {word}" for word in sorted(words & RAG_BAGS)]
    assert not wrong, "\n".join(wrong)


def test_every_file_opens_with_why_it_exists(package: list[Any]) -> None:
    assert [source.shown for source in package if not ast.get_docstring(source.tree)] == []


def test_no_error_is_swallowed(everything: list[Any]) -> None:
    wrong = []
    for source in everything:
        for node in source.nodes:
            if isinstance(node, ast.ExceptHandler):
                kinds = [node.type] if not isinstance(node.type, ast.Tuple) else list(node.type.elts)
                blind = any(kind is None or _dotted(kind) in {"Exception", "BaseException"} for kind in kinds)
                idle = all(isinstance(s, ast.Pass | ast.Continue) or _is_ellipsis(s) for s in node.body)
                if node.type is None or (blind and idle):
                    wrong.append(f"{source.shown}:{node.lineno}")
            elif isinstance(node, ast.Call) and _dotted(node.func).endswith("suppress"):
                wrong += [
                    f"{source.shown}:{node.lineno}" for a in node.args if _dotted(a) in {"Exception", "BaseException"}
                ]
    assert not wrong, "\n".join(wrong)


def _is_ellipsis(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...


def test_nothing_runs_data_as_code(package: list[Any]) -> None:
    found = []
    for source in package:
        for node in source.nodes:
            if isinstance(node, ast.Import):
                found += [f"{source.shown}: {a.name}" for a in node.names if a.name.partition(".")[0] in UNSAFE_MODULES]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in UNSAFE_MODULES:
                found.append(f"{source.shown}: {node.module}")
            elif isinstance(node, ast.Call) and _dotted(node.func) in UNSAFE_CALLS:
                found.append(f"{source.shown}: {_dotted(node.func)}")
            elif isinstance(node, ast.keyword) and node.arg == "allow_pickle" and not _is_false(node.value):
                found.append(f"{source.shown}: allow_pickle")
    assert [name for name in found if name not in ARGUED] == []


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def test_every_module_can_be_imported_on_windows(package: list[Any]) -> None:
    wrong = [
        f"{source.shown}: {name}"
        for source in package
        for node in source.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        if name in POSIX_ONLY
    ]
    assert not wrong, "\n".join(wrong)


def test_inheritance_is_at_most_one_deep(package: list[Any]) -> None:
    ours: dict[str, list[str]] = {}
    for source in package:
        for node in source.nodes:
            if isinstance(node, ast.ClassDef):
                ours[node.name] = [base.id for base in node.bases if isinstance(base, ast.Name)]
    deep = [
        name for name, bases in ours.items() if any(grand in ours for base in bases for grand in ours.get(base, []))
    ]
    assert deep == []
