"""The one registry of what Zhinan can do, found by walking folders and entry points. A signature is its schema."""

from __future__ import annotations

import builtins
import collections.abc
import difflib
import importlib
import inspect
import pkgutil
import re
import sys
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from zhinan.core.errors import UserError, suggest

__all__ = ["KINDS", "Parameter", "Registered", "Search", "entries", "find", "register"]

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "task": "zhinan.tasks",
        "reader": "zhinan.data.readers",
        "encoder": "zhinan.encoders",
        "recipe": "zhinan.recipes",
        "metric": "zhinan.evaluate.metrics",
        "mask": "zhinan.steps.masks",
        "step": "zhinan.steps",
    }
)
"""Kind → the folder whose files hold the built-in ones."""

ENTRY_POINTS = "zhinan"
CLOSED = frozenset({"step"})

T = TypeVar("T", bound=Callable[..., Any])


class Search:
    """The search space of a parameter, written in its annotation: `Annotated[float, Search(1e-3, 1e2, log=True)]`."""

    def __init__(self, *bounds: Any, log: bool = False) -> None:
        self.bounds = bounds
        self.log = log

    def __repr__(self) -> str:
        return f"Search({', '.join(map(repr, self.bounds))}{', log=True' if self.log else ''})"


@dataclass(frozen=True)
class Parameter:
    """One option of a registered thing, read from its signature."""

    name: str
    annotation: Any
    default: Any
    search: Search | None


@dataclass(frozen=True)
class Registered:
    """A registered thing: what it is, where it lives and which facts its author stated."""

    kind: str
    name: str
    target: Callable[..., Any]
    extra: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """First sentence of the thing's docstring, or of its module's."""
        for text in (self.target.__doc__, sys.modules[self.target.__module__].__doc__):
            if text and not text.startswith(f"{self.target.__name__}("):
                return text.strip().split("\n", 1)[0]
        return ""

    def parameters(self) -> dict[str, Parameter]:
        """The options a user may set: keyword-only arguments (or dataclass fields) that have a default."""
        is_class = inspect.isclass(self.target)
        space = vars(sys.modules[self.target.__module__])
        found = {}
        for name, parameter in inspect.signature(self.target).parameters.items():
            keyword = parameter.kind is inspect.Parameter.KEYWORD_ONLY or is_class
            if not keyword or parameter.default is inspect.Parameter.empty:
                continue
            annotation = parameter.annotation
            if isinstance(annotation, str):
                annotation = eval(annotation, dict(space))  # noqa: S307 — our own source, as typing.get_type_hints does
            search = next((m for m in getattr(annotation, "__metadata__", ()) if isinstance(m, Search)), None)
            plain = typing.get_args(annotation)[0] if search else annotation
            found[name] = Parameter(name, plain, parameter.default, search)
        return found

    def check(self, options: Mapping[str, Any], where: str = "") -> dict[str, Any]:
        """Validates options given by a user against the signature.

        Raises:
            UserError: E901 for an unknown option, E902 for a value of the wrong type.
        """
        known = self.parameters()
        checked = {}
        for option, value in options.items():
            if option not in known:
                raise UserError(
                    "E901", where, kind=self.kind, name=self.name, option=option, suggestion=suggest(option, known)
                )
            checked[option] = _plainly(value, known[option].annotation)
            if checked[option] is not None:
                continue
            from pydantic import TypeAdapter, ValidationError

            try:
                checked[option] = TypeAdapter(known[option].annotation).validate_python(value)
            except ValidationError as error:
                raise UserError(
                    "E902",
                    where,
                    kind=self.kind,
                    name=self.name,
                    option=option,
                    reason=error.errors()[0]["msg"],
                    wanted=known[option].annotation,
                ) from error
        return checked

    def missing(self) -> list[str]:
        """Distributions of the extra this thing needs that are not installed; empty when it can run."""
        if self.extra is None:
            return []
        from importlib.metadata import requires

        wanted = []
        for line in requires(__name__.partition(".")[0]) or ():
            if re.search(rf"extra\s*==\s*['\"]{re.escape(self.extra)}['\"]", line):
                wanted.append(re.split(r"[\s\[<>=!~;(]", line, maxsplit=1)[0])
        return [name for name in wanted if not _installed(name)]

    def require(self) -> None:
        """Raises UserError E900 when the extra this thing needs is not installed."""
        missing = self.missing()
        if missing:
            raise UserError("E900", kind=self.kind, name=self.name, extra=self.extra, missing=", ".join(missing))


_PLAIN = (bool, int, float, str)


def _plainly(value: Any, wanted: Any) -> Any:
    """What pydantic makes of a value that is what is wanted; None where it has to be asked, whose import takes long."""
    parts = typing.get_args(wanted)
    match typing.get_origin(wanted):
        case None if wanted in _PLAIN and type(value) is wanted:
            return value
        case typing.Literal if type(value) is str and value in parts:
            return value
        case collections.abc.Mapping if type(value) is dict and parts == (str, str):
            told = all(type(one) is str for pair in value.items() for one in pair)
            return dict(value) if told else None
        case builtins.tuple if type(value) in (list, tuple):
            each = parts[:1] * len(value) if parts[1:] == (...,) else parts
            told = len(each) == len(value) and all(
                one in _PLAIN and type(v) is one for one, v in zip(each, value, strict=True)
            )
            return tuple(value) if told else None
    return None


_things: dict[tuple[str, str], Registered] = {}
_walked: set[str] = set()


def register(kind: str, name: str, *, extra: str | None = None, **facts: Any) -> Callable[[T], T]:
    """Decorator that adds a function or class to the registry.

    Args:
        kind: one of `KINDS`.
        name: the word users write; unique within its kind.
        extra: the optional dependency group it needs, as in `pip install zhinan[extra]`.
        facts: whatever its kind asks for (a metric: unit, better, zh …); shown by `zhinan list`.

    Raises:
        ValueError: unknown kind, a name registered twice, or a third party adding to a closed kind.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; kinds are {', '.join(KINDS)}")

    def add(target: T) -> T:
        there = _things.get((kind, name))
        if there and (there.target.__module__, there.target.__qualname__) != (target.__module__, target.__qualname__):
            raise ValueError(f"{kind} {name!r} is registered twice: {there.target.__module__} and {target.__module__}")
        if kind in CLOSED and not target.__module__.startswith(KINDS[kind] + "."):
            raise ValueError(f"the set of {kind}s is closed: {name!r} from {target.__module__} is refused")
        _things[kind, name] = Registered(kind, name, target, extra, MappingProxyType(facts))
        return target

    return add


def entries(kind: str) -> dict[str, Registered]:
    """Everything registered of a kind, by name, in alphabetical order."""
    if kind not in KINDS:
        raise UserError("E019", kind="kind", name=kind, suggestion=suggest(kind, KINDS))
    if kind not in _walked:
        folder = importlib.import_module(KINDS[kind])
        for module in pkgutil.iter_modules(folder.__path__):
            if not module.name.startswith("_"):
                importlib.import_module(f"{folder.__name__}.{module.name}")
        if kind not in CLOSED:
            for point in _points(tuple(sys.path)):
                point.load()
        _walked.add(kind)
    return {name: _things[k, name] for k, name in sorted(_things) if k == kind}


@cache
def _points(path: tuple[str, ...]) -> tuple[Any, ...]:
    """What third parties add; looking for it reads a file of every installed package, once for all kinds."""
    from importlib.metadata import entry_points

    return tuple(entry_points(group=ENTRY_POINTS))


def find(kind: str, name: str, where: str = "") -> Registered:
    """The thing of that kind and name, or alias in 中文.

    Raises:
        UserError: E019 with the nearest right word, or that of what is `called` so by others (a fact of some).
    """
    known = entries(kind)
    if name in known:
        return known[name]
    aliases = {alias: entry for entry in known.values() for alias in entry.facts.get("zh", ())}
    if name in aliases:
        return aliases[name]
    called = {word: entry.name for entry in known.values() for word in entry.facts.get("called", ())}
    meant = next((called[word] for word in difflib.get_close_matches(name.casefold(), called, 1, 0.85)), name)
    near = suggest(meant, known if name.isascii() else aliases or known)
    raise UserError("E019", where, kind=kind, name=name, suggestion=near)


def _installed(distribution: str) -> bool:
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True
