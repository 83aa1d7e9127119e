"""Reads YAML strictly and remembers where everything stands; PyYAML's loaders hang on bombs and drop duplicate keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from zhinan.core import UserError, Words

__all__ = [
    "FORBIDDEN", "MAX_BYTES", "MAX_DEPTH", "ListNode", "MapNode", "Node", "Place", "Scalar", "Tree", "kind_of", "read",
    "shown", "value_at",
]  # fmt: skip

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_VALUES = 5000
MAX_DIGITS = 40

FORBIDDEN = re.compile(
    "[^\n\r\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Control characters, tabs, line breaks editors do not count, text-direction overrides and half characters."""

INVISIBLE_INDENT = re.compile("^ *(?:- +)*([\xa0\u2000-\u200f\u202f\u205f\u2060\u3000])", re.MULTILINE)
KEY_LIKE = re.compile(r"[\s　]*(?:- +)?[\"']?(\w+)[\"']?[\s　]*：")
INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Place:
    """A position in the file, counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Scalar:
    """A single value. `value` follows YAML 1.2's core schema (`no` is text), `text` is what was written."""

    at: Place
    value: bool | int | float | str | None
    text: str
    style: str


@dataclass(frozen=True)
class ListNode:
    """A list of nodes."""

    at: Place
    items: tuple[Node, ...]


@dataclass(frozen=True)
class MapNode:
    """Keys and values in the order they were written; keys are texts and differ."""

    at: Place
    items: tuple[tuple[Scalar, Node], ...]


Node = Scalar | ListNode | MapNode


@dataclass(frozen=True)
class Tree:
    """A whole file: its top mapping and its lines of text."""

    top: MapNode
    lines: tuple[str, ...]

    def after(self, place: Place) -> str:
        """What the file says from there to the end of that line."""
        return self.lines[place.line - 1][place.column - 1 :] if place.line <= len(self.lines) else ""


def shown(text: object, most: int = 60) -> str:
    """A user's own text, short enough for a message and in one line."""
    line = " ".join(FORBIDDEN.sub("�", str(text)).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def read(text: str, file: str, keys: Collection[str]) -> Tree:
    """The tree of one strict YAML document.

    Args:
        text: the whole file. file: its name in messages. keys: words that are keys, to recognise `target：x`.
    Raises:
        UserError: E002, E004–E009, E012, E017 or E053 at the first thing that is not allowed.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES or len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise UserError("E002", file, limit=MAX_BYTES // 1024)
    lines = tuple(re.split("\r\n|\r|\n", text))
    for forbidden in (FORBIDDEN, INVISIBLE_INDENT):
        if found := forbidden.search(text):
            _refuse_character(text, found.start(found.lastindex or 0), file)
    reader = _Reader(lines, file, frozenset(keys))
    try:
        top = reader.document(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        at = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        reader.refuse_wide_colon(at.line)
        raise UserError("E005", str(at), problem=shown(getattr(error, "problem", None) or "unreadable")) from error
    return Tree(top, lines)


def value_at(text: str, *keys: str) -> bool | int | float | str | None:
    """The single value under these keys of a contract that was read before; None when it is not there."""
    node: Node | None = read(text, "contract.yaml", ()).top
    for key in keys:
        node = {k.value: v for k, v in node.items}.get(key) if isinstance(node, MapNode) else None
    return node.value if isinstance(node, Scalar) else None


def _refuse_character(text: str, index: int, file: str) -> NoReturn:
    before = re.split("\r\n|\r|\n", text[:index])
    names = {"\t": Words("a tab", "制表符"), "\0": Words("a NUL character", "NUL 字符")}
    code = f"U+{ord(text[index]):04X}"
    name = names.get(text[index], unicodedata.name(text[index], code))
    name = name if isinstance(name, Words) or name == code else f"{name} ({code})"
    raise UserError("E004", f"{file}:{len(before)}:{len(before[-1]) + 1}", name=name)


class _Reader:
    """Turns parse events into nodes; nothing is expanded, so nothing can grow."""

    def __init__(self, lines: tuple[str, ...], file: str, keys: frozenset[str]) -> None:
        self.lines = lines
        self.file = file
        self.keys = keys
        self.values = 0

    def document(self, events: Iterator[Any]) -> MapNode:
        next(events)  # start of the stream
        event = next(events)
        if isinstance(event, yaml.StreamEndEvent):
            found = Words("empty", "空文件")
            raise UserError("E012", f"{self.file}:1:1", key=self.file, wanted=_MAPPING, found=found)
        if event.version or event.tags:
            self.refuse(self.place(event), Words("a % directive", "% 指令"))
        top = self.node(next(events), events, 1)
        next(events)  # end of the document
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.refuse(self.place(after), Words("a second document", "第二个文档"))
        if not isinstance(top, MapNode):
            self.refuse_wide_colon(len(self.lines))
            found = Words("a list", "列表") if isinstance(top, ListNode) else Words("text", "文本")
            raise UserError("E012", str(top.at), key=self.file, wanted=_MAPPING, found=found)
        return top

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        at = self.place(event)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(at, Words(f"an alias (*{shown(event.anchor, 20)})", f"别名（*{shown(event.anchor, 20)}）"))
        if event.anchor is not None:
            self.refuse(at, Words(f"an anchor (&{shown(event.anchor, 20)})", f"锚点（&{shown(event.anchor, 20)}）"))
        if event.tag is not None:
            self.refuse(at, Words(f"a tag ({shown(event.tag, 30)})", f"标签（{shown(event.tag, 30)}）"))
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, at)
        if depth > MAX_DEPTH:
            raise UserError("E008", str(at), limit=MAX_DEPTH)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self.node(event, events, depth + 1))
            return ListNode(at, tuple(items))
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.key(self.node(event, events, depth + 1), pairs)
            pairs[key.text] = (key, self.node(next(events), events, depth + 1))
        return MapNode(at, tuple(pairs.values()))

    def key(self, key: Node, pairs: dict[str, tuple[Scalar, Node]]) -> Scalar:
        if not isinstance(key, Scalar):
            self.refuse(key.at, Words("a key that is a list or a mapping", "由列表或映射充当的键"))
        if key.style == "" and key.text == "<<":
            self.refuse(key.at, Words("a merge key (<<)", "合并键（<<）"))
        if key.text in pairs:
            raise UserError("E007", str(key.at), key=shown(key.text), first=str(pairs[key.text][0].at))
        if not isinstance(key.value, str):
            raise UserError("E012", str(key.at), key=shown(key.text), wanted=_KEY, found=kind_of(key))
        return key

    def scalar(self, event: Any, at: Place) -> Scalar:
        text, style = event.value, event.style or ""
        self.values += 1
        if self.values > MAX_VALUES:
            raise UserError("E053", str(at), limit=MAX_VALUES)
        if found := FORBIDDEN.search(text):
            raise UserError("E004", str(at), name=f"U+{ord(found[0]):04X}")
        if style:
            return Scalar(at, text, text, style)
        if (wide := KEY_LIKE.match(text)) and wide[1] in self.keys:
            raise UserError("E009", str(at), key=wide[1])
        if event.start_mark.line != event.end_mark.line:
            raise UserError("E017", str(at), text=shown(text, 40))
        if len(text) > MAX_DIGITS and (INT.fullmatch(text) or FLOAT.fullmatch(text)):
            raise UserError("E005", str(at), problem=f"a number of {len(text)} digits")
        return Scalar(at, _core(text), text, style)

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def refuse(self, at: Place, feature: Words) -> NoReturn:
        raise UserError("E006", str(at), feature=feature)

    def refuse_wide_colon(self, until: int) -> None:
        """A key followed by a full-width colon is text to YAML, which then fails somewhere later: name the cause."""
        for number, line in enumerate(self.lines[:until], 1):
            wide = KEY_LIKE.match(line)
            if wide and wide[1] in self.keys:
                raise UserError("E009", f"{self.file}:{number}:{wide.end()}", key=wide[1])


def kind_of(node: Node) -> Words:
    """What a node is, in words."""
    if isinstance(node, ListNode):
        return Words("a list", "列表")
    if isinstance(node, MapNode):
        return Words("a mapping", "映射")
    if node.value is None:
        return Words("nothing", "空值")
    if isinstance(node.value, bool):
        return Words(f"the truth value {node.text}", f"布尔值 {node.text}")
    if isinstance(node.value, str):
        return Words(f"'{shown(node.text)}'", f"“{shown(node.text)}”")
    return Words(f"the number {shown(node.text)}", f"数字 {shown(node.text)}")


def _core(text: str) -> bool | int | float | str | None:
    """A plain scalar by YAML 1.2's core schema: `no`, `on` and `12:30` are text, `1e3` is a number."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


_MAPPING = Words("keys with values, such as 'product: my-product'", "带值的键，例如 product: my-product")
_KEY = Words("a key that is text (put it in quotes)", "文本形式的键（请加引号）")
