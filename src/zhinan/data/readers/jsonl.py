"""Reads JSON Lines: one object a line, the union of their keys as columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.core import UserError, Words, register
from zhinan.core.strict import once, refuse

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["HALF", "is_halved", "jsonl", "object_of", "row_of", "text_of_value"]

HALF = Words("half of a surrogate pair", "含有不成对的代理字符")
"""Why such a row is rejected."""


@register("reader", "jsonl", suffixes=(".jsonl", ".ndjson"), magic=())
def jsonl(path: Path, *, encoding: str | None = None) -> Iterator[Raw]:
    """JSON Lines. Numbers keep the digits they are written with; a nested value is kept as its JSON text.

    Raises: UserError E103–E107 when no row can be read.
    Source: RFC 8259, read strictly: no NaN, no key twice, no half of a surrogate pair.
    """
    from zhinan.data.decode import Text
    from zhinan.data.delimited import REASONS, Rows, names_of

    text = Text(path, encoding)
    keys: dict[str, None] = {}
    rows = Rows((), text.encoding)
    for block in text.blocks():
        found: list[tuple[int, dict[str, str | None]]] = []
        for i, line in enumerate(block.lines()):
            if not line.strip():
                continue
            row = REASONS["damaged"] if i in block.damaged else REASONS["nul"] if "\0" in line else row_of(line)
            if isinstance(row, dict):
                keys.update(dict.fromkeys(row))
                found.append((block.first + i, row))
            else:
                rows.reject(block.first + i, row, line)
        rows.names, _ = names_of(list(keys), path.name)
        for number, row in found:
            rows.add(number, [row.get(key) for key in keys])
        yield rows.take()
    if not keys:
        raise UserError("E104", path.name)
    yield rows.take(names_of(list(keys), path.name)[1])


def row_of(line: str) -> dict[str, str | None] | Words:
    """The values of one object written as JSON, or why it is no row."""
    from zhinan.data.delimited import MAX_FIELD, REASONS

    try:
        value = object_of(line)
        if not isinstance(value, dict):
            return Words("not a JSON object", "不是 JSON 对象")
        row = {key: text_of_value(item) for key, item in value.items()}
        if nested := [key for key, item in value.items() if isinstance(item, dict | list)]:
            plain = json.loads(line)  # numbers as such, not as texts
            row |= {key: json.dumps(plain[key], ensure_ascii=False) for key in nested}
        if is_halved("".join((*row, *filter(None, row.values())))):
            return HALF
    except (ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:60]
        if isinstance(error, json.JSONDecodeError):
            reason = f"{error.msg.removesuffix(' at')} at character {error.colno}"
        return Words(f"not valid JSON: {reason}", f"不是有效的 JSON：{reason}")
    if any("\0" in item for item in row.values() if item):
        return REASONS["nul"]
    return REASONS["huge"] if any(len(item) > MAX_FIELD for item in row.values() if item) else row


def is_halved(text: str) -> bool:
    """Whether it holds half of a surrogate pair, which is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def text_of_value(value: Any) -> str | None:
    """A value of an object read strictly, as text; None for null and for what is nested."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None


object_of = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=refuse, object_pairs_hook=once).decode
"""Made once: `json.loads` would make it anew for every line."""
