"""Objects within rows as columns of their own, alike in training and in serving: {"user": {"age": 3}} has user.age."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any

from zhinan.core.strict import once, refuse
from zhinan.steps.values.written import is_absent

__all__ = ["BLANK", "are_nested", "flattened", "heads_of", "is_blank", "object_of", "opened"]

_DEEPEST = 8
"""Objects within objects; what lies deeper is kept as it is."""
BLANK = r"^\s*(?:null\s*)?$"
"""A regular expression (for Python and for polars) that finds the texts which write that there is no object."""
_NOTHING = re.compile(BLANK)


def flattened(held: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an object by their dotted names; lists stay as they are, and an empty object has none.

    Raises: ValueError where two of them have one name.
    """
    return _flat(held, _DEEPEST)


def _flat(held: Mapping[str, Any], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in held.items():
        inner = {key: value}
        if isinstance(value, Mapping) and depth:
            inner = {f"{key}.{name}": leaf for name, leaf in _flat(value, depth - 1).items()}
        if not found.keys().isdisjoint(inner):
            raise ValueError("a name stands twice")
        found |= inner
    return found


def object_of(value: Any) -> Mapping[str, Any] | None:
    """An object, also one that is written as JSON; None for anything else.

    Source: RFC 8259, read strictly: no NaN, no key twice, no half of a surrogate pair.
    """
    if not isinstance(value, str):
        return value if isinstance(value, Mapping) else None
    if not value.lstrip().startswith("{"):
        return None
    try:
        found = _STRICT.decode(value)
        if _SURROGATE.search(value):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_STRICT = json.JSONDecoder(parse_constant=refuse, object_pairs_hook=once)


def are_nested(texts: Iterable[str]) -> bool:
    """Whether texts write objects or lists as JSON, and some of the lists hold such."""
    some = False
    for text in texts:
        if _NOTHING.match(text):
            continue
        try:
            found = json.loads(text) if text[:1] in ("{", "[") else None
        except (ValueError, RecursionError):
            return False
        if not isinstance(found, dict | list):
            return False
        some = some or isinstance(found, dict) or any(isinstance(item, dict | list) for item in found)
    return some


def heads_of(names: Iterable[str]) -> set[str]:
    """What may hold columns of these names: a.b.c stands in a or in a.b."""
    return {name[:at] for name in names if "." in name for at, sign in enumerate(name) if sign == "." and at}


def is_blank(value: Any) -> bool:
    """Whether a value in the place of an object says that there is none: missing, an empty text, JSON's null."""
    return is_absent(value) or (isinstance(value, str) and _NOTHING.match(value) is not None)


def opened(row: Mapping[str, Any], wanted: Collection[str]) -> Mapping[str, Any]:
    """A row with the columns that its objects hold; the same row where it lacks none of the wanted ones.

    An object may be written as JSON. Where it is missing or empty, so are its values. What the row itself names goes
    first.
    """
    lacking = [name for name in wanted if name not in row]
    heads = [head for head in heads_of(lacking) if head in row]
    if not heads:
        return row
    found: dict[str, Any] = {}
    for head in heads:
        held = object_of(row[head])
        if held:
            with suppress(ValueError):  # as deep as training goes
                found |= {f"{head}.{name}": value for name, value in flattened(held).items()}
        elif held is not None or is_blank(row[head]):
            found[head] = None
    gone = {name for name, value in found.items() if value is None}
    found |= {name: None for name in lacking if name not in found and not gone.isdisjoint(heads_of([name]))}
    return {**found, **row}
