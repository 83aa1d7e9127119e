"""What holds for everything registered, of whatever kind."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping

from zhinan.conformance.promises import expect
from zhinan.core.registry import Registered

__all__ = ["PROMISES"]


def _named(entry: Registered) -> None:
    expect(re.fullmatch(r"[a-z][a-z0-9_]*", entry.name), f"name {entry.name!r} is not lower_case")
    aliases = entry.facts.get("zh", ())
    expect(isinstance(aliases, tuple), f"zh must be a tuple of words, got {aliases!r}")
    expect(all(isinstance(word, str) and word.strip() == word != "" for word in aliases), f"zh holds {aliases!r}")


def _described(entry: Registered) -> None:
    first = entry.summary
    expect(len(first) >= 15 and first.rstrip().endswith((".", "!", "?", "。")), f"its first line is {first!r}")


def _schema(entry: Registered) -> None:
    from pydantic import TypeAdapter

    for name, option in entry.parameters().items():
        expect(option.annotation is not inspect.Parameter.empty, f"option {name!r} has no annotation")
        entry.check({name: TypeAdapter(option.annotation).dump_python(option.default, mode="json")})


PROMISES: Mapping[str, Callable[..., None]] = {
    "its name is one lower-case word": _named,
    "its docstring opens with a sentence": _described,
    "every option has a type that its default fits, also as read from YAML": _schema,
}
