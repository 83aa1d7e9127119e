"""Reads a JSON document: a list of objects, a table column by column, or the boxes drawn in pictures (COCO)."""

from __future__ import annotations

import json as syntax
import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.core import UserError, Words, register

if TYPE_CHECKING:
    from zhinan.data.decode import Text
    from zhinan.data.types import Raw

__all__ = ["json"]

BOX = ("image", "label", "x", "y", "width", "height")
_GAP = re.compile(r"[ \t\r\n]*")
_SIGN = re.compile(r"[ \t\r\n]*[{,:][ \t\r\n]*")
"""What stands before a key or a value of an object."""


@register("reader", "json", suffixes=(".json",), magic=())
def json(path: Path, *, encoding: str | None = None) -> Raw:
    """A JSON list of objects, each a row as in JSON Lines, or the boxes that a COCO file draws in pictures.

    The list may stand under the one key of an object that holds such a list, as in {"data": […]}. An object whose
    values are columns, as lists or as objects of the same keys (as pandas writes them), is a table too.

    A box is a row of `image`, `label`, `x`, `y`, `width` and `height` in pixels; a row's line is its number. A box of
    a picture or category that is not declared, or that is not inside of its picture, is rejected.

    Raises: UserError E103 encoding, E104–E107 no usable columns, E191 none of these.
    Source: RFC 8259; cocodataset.org/#format-data.
    """
    from zhinan.data.decode import Text

    file = Text(path, encoding)
    text, damaged = _decoded(file)
    start = _GAP.match(text).end()  # type: ignore[union-attr]  # matches everywhere
    if text[start : start + 1] == "[":
        return _listed(text, start + 1, damaged, file)
    if damaged:
        raise UserError("E103", f"{path.name}:{text.count(chr(10), 0, damaged[0]) + 1}", byte="U+FFFD")
    try:
        held = syntax.loads(text)
        if held.keys() >= {"images", "annotations", "categories"}:
            return _boxes(held, path)
        lists = [key for key, value in held.items() if _are_objects(value)]
        if len(lists) == 1:
            begins, ends = _place_of(lists[0], text, start)
            return _listed(text[:ends], begins + 1, damaged, file)
        return _columns(text, file)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, StopIteration):
        raise UserError("E191", path.name) from None


def _decoded(text: Text) -> tuple[str, list[int]]:
    """All of a file, and the places where U+FFFD stands for what is not valid in its encoding."""
    lines: list[str] = []
    damaged: list[int] = []
    at = 0
    for block in text.blocks():
        for i, line in enumerate(block.lines()):
            if i in block.damaged:
                damaged += [at + found.start() for found in re.finditer("\ufffd", line)]
            lines.append(line)
            at += len(line)
    return "".join(lines), damaged


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _place_of(wanted: str, text: str, place: int) -> tuple[int, int]:
    """Where the value of a key of the object that begins at `place` begins and ends."""
    decoder = syntax.JSONDecoder()
    while True:
        key, end = decoder.raw_decode(text, _SIGN.match(text, place).end())  # type: ignore[union-attr]
        begins = _SIGN.match(text, end).end()  # type: ignore[union-attr]
        _, place = decoder.raw_decode(text, begins)
        if key == wanted:
            return begins, place


def _columns(text: str, file: Text) -> Raw:
    """A table written column by column. Raises: ValueError for what is none."""
    from zhinan.data.delimited import MAX_FIELD, REASONS, Rows, names_of
    from zhinan.data.readers.jsonl import HALF, is_halved, object_of, text_of_value

    held = object_of(text)
    labels = [tuple(column) if isinstance(column, dict) else len(column) for column in held.values()]
    columns = [list(column.values()) if isinstance(column, dict) else column for column in held.values()]
    plain = all(isinstance(column, list) for column in columns)
    if not held or not plain or len({*labels}) != 1 or any(isinstance(v, dict | list) for c in columns for v in c):
        raise ValueError("no table")
    if is_halved("".join(held)):
        raise ValueError("half of a surrogate pair in a name")
    names, findings = names_of(list(held), file.path.name)
    rows = Rows(names, file.encoding)
    for number, values in enumerate(zip(*columns, strict=True), 1):
        texts = [text_of_value(value) for value in values]
        whole = "".join(filter(None, texts))
        if is_halved(whole):
            rows.reject(number, HALF)
        elif "\0" in whole or len(whole) > MAX_FIELD:
            rows.reject(number, REASONS["nul" if "\0" in whole else "huge"], whole[:400])
        else:
            rows.add(number, texts)
    return rows.take(findings)


def _listed(text: str, place: int, damaged: list[int], file: Text) -> Raw:
    from zhinan.data.delimited import REASONS, Rows, names_of
    from zhinan.data.readers.jsonl import row_of

    keys: dict[str, None] = {}
    found: list[tuple[int, dict[str, str | None]]] = []
    rows, path = Rows((), file.encoding), file.path
    for line, start, end in _elements(text, place, path.name):
        element = text[start:end]
        hurt = bisect_left(damaged, start) < bisect_left(damaged, end)
        row = REASONS["damaged"] if hurt else row_of(element)
        if isinstance(row, dict):
            keys.update(dict.fromkeys(row))
            found.append((line, row))
        else:
            rows.reject(line, row, element)
    if not keys:
        raise UserError("E104", path.name)
    rows.names, findings = names_of(list(keys), path.name)
    for line, row in found:
        rows.add(line, [row.get(key) for key in keys])
    return rows.take(findings)


def _elements(text: str, place: int, name: str) -> Iterator[tuple[int, int, int]]:
    """Each element's number, and where it begins and ends. Raises: UserError E191 where the list breaks off."""
    decoder = syntax.JSONDecoder()
    number = 0
    place = _GAP.match(text, place).end()  # type: ignore[union-attr]
    while text[place : place + 1] != "]":
        try:
            _, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            raise UserError("E191", f"{name}:{text.count(chr(10), 0, place) + 1}") from None
        number += 1
        yield number, place, end
        place = _GAP.match(text, end).end()  # type: ignore[union-attr]
        if text[place : place + 1] == ",":
            place = _GAP.match(text, place + 1).end()  # type: ignore[union-attr]
        elif text[place : place + 1] != "]":
            raise UserError("E191", f"{name}:{text.count(chr(10), 0, place) + 1}")
    if text[place + 1 :].strip():
        raise UserError("E191", f"{name}:{text.count(chr(10), 0, place) + 1}")


def _boxes(held: dict[str, Any], path: Path) -> Raw:
    from zhinan.data.delimited import Rows

    files = {image["id"]: image for image in held["images"]}
    names = {category["id"]: str(category["name"]) for category in held["categories"]}
    folder = _folder(path, [str(image["file_name"]) for image in files.values()])
    rows = Rows(BOX, "utf-8")
    for number, box in enumerate(held["annotations"], 1):
        reason = _unfit(box, files, names)
        if reason is None:
            file = folder + str(files[box["image_id"]]["file_name"])
            rows.add(number, [file, names[box["category_id"]], *(repr(float(v)) for v in box["bbox"])])
        else:
            rows.reject(number, reason)
    return rows.take()


def _folder(path: Path, files: list[str]) -> str:
    """Where the pictures stand beside the annotations: here, or in `images`."""
    first = files[0] if files else ""
    return "images/" if not (path.parent / first).is_file() and (path.parent / "images" / first).is_file() else ""


def _unfit(box: Any, files: dict[Any, Any], names: dict[Any, str]) -> Words | None:
    try:
        image, (x, y, width, height) = files[box["image_id"]], map(float, box["bbox"])
        if box["category_id"] not in names:
            return Words("its category is not declared", "类别未声明")
        inside = x >= 0 and y >= 0 and x + width <= image["width"] + 1 and y + height <= image["height"] + 1
    except (KeyError, TypeError, ValueError):
        return Words("not a box of a declared picture", "不是已声明图片中的框")
    if not (width > 0 and height > 0):
        return Words("a box without an area", "框的面积为零")
    return None if inside else Words("a box that leaves its picture", "框超出图片范围")
