"""Reads JSON from strangers: strictly, in bounded depth, and without ever repeating what it said."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from zhinan.core import UserError, Words

__all__ = ["read_json"]

_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class _LooseError(ValueError):
    """A liberty that Python's reader would allow."""

    def __init__(self, reason: Words) -> None:
        super().__init__(reason.en)
        self.reason = reason


def read_json(body: bytes, depth: int) -> Any:
    """The value in a body.

    Raises: UserError E460 for anything that is not RFC 8259 JSON in UTF-8: NaN, infinities, a key twice, half
        characters, a byte-order mark, or more than `depth` levels.
    """
    try:
        value = _DECODER.decode(body.decode())
        if body.count(b"[") + body.count(b"{") > depth and _deeper(value, depth):
            raise _LooseError(Words(f"more than {depth} levels", f"嵌套超过 {depth} 层"))
        if _HALF_CHARACTER.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except _LooseError as error:
        raise UserError("E460", reason=error.reason) from None
    except UnicodeError:
        raise UserError("E460", reason=Words("not valid Unicode", "不是有效的 Unicode")) from None
    except RecursionError:
        raise UserError("E460", reason=Words(f"more than {depth} levels", f"嵌套超过 {depth} 层")) from None
    except ValueError:
        raise UserError("E460", reason=Words("it cannot be parsed", "无法解析")) from None
    return value


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _LooseError(Words("a key stands twice", "有重复的键"))
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _LooseError(Words("a number is too large", "数字过大"))
    return number


def _refuse(text: str) -> NoReturn:
    raise _LooseError(Words("NaN and Infinity are not JSON", "NaN 与 Infinity 不是 JSON"))


def _deeper(value: Any, depth: int) -> bool:
    """Whether a value has more than `depth` levels of lists and objects."""
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for outer in level
            if isinstance(outer, (list, dict))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(inner, (list, dict)) for inner in level)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_refuse)
