"""The grammar of a must line: `metric[@k][[part]][(args)] OP number unit`. Knows no metric; lines.py gives it meaning.

    line      = reference [ "(" argument { "," argument } ")" ] ( ">=" | "<=" ) target
    reference = name [ "@" integer ] [ "[" part { "," part } "]" ]
    part      = label | column "=" value | "under" disturbance
    argument  = name "=" ( text | reference ) | text | reference | condition
    condition = reference ( ">=" | "<=" ) number unit
    target    = number unit | "current" [ ( "+" | "-" ) number unit ] | number "% of current"
    label, column, value, text = a quoted text | anything without  [ ] , = "

Everything outside quotes is NFKC-normalised first, so `９０％` and `（` are what they look like.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NoReturn

from zhinan.contract.tree import FORBIDDEN, shown
from zhinan.contract.types import Part
from zhinan.core import UserError, Words

__all__ = [
    "MAX_LINE",
    "Argument",
    "Quantity",
    "Reference",
    "Sentence",
    "Spot",
    "parse_sentence",
    "quoted",
    "render_part",
    "render_text",
]

MAX_LINE = 500
Spot = Callable[[int], str]
"""Offset in the text given → where that is for the user."""

QUOTES = '"＂“”'
QUOTED = re.compile(rf"[{QUOTES}]((?:\\.|[^\\{QUOTES}])*)[{QUOTES}]")
ESCAPE = re.compile(rf"\\([\\{QUOTES}])")
NAME = re.compile(r"[^\[\]()@<>=≥≤≦≧⩽⩾≠,\"“”]+")
LABEL = re.compile(r"[^\[\],=\"“”]+")
NAMED = re.compile(r"\s*(\w+)\s*=(?![=<>])")
OPERATOR = re.compile(r"[<>=≥≤≦≧⩽⩾≠]+")
OPERATORS = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<="}
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?(?![0-9.])")
UNIT = re.compile(r"%|[^\W\d]+")
CUTOFF = re.compile(r"[1-9][0-9]{0,5}(?![0-9])")
CURRENT = re.compile(r"current(?!\w)")
OF_CURRENT = re.compile(r"of\s+current(?!\w)")

SHAPE = Words(
    "write  metric[part](args) >= number unit,  such as  recall[refund] >= 85%",
    "写法：指标[部分](参数) >= 数值 单位，例如 recall[refund] >= 85%",
)
UNCLOSED = Words(
    "close the bracket; if the name holds ' #' or ': ', put the whole line in single quotes",
    "请补上右括号；若名称中含有“ #”或“: ”，请给整行加单引号",
)
ONE_CLASS = Words("name one class; write one line per class", "只写一个类别；每个类别各写一行")
QUOTE_IT = Words('put the name in double quotes: ["…"]', '请给名称加双引号：["…"]')


@dataclass(frozen=True)
class Reference:
    """A metric by name, with its cut-off and part, and where each stands."""

    name: str
    name_at: int
    k: int | None
    k_at: int
    part: Part | None
    part_at: int


@dataclass(frozen=True)
class Quantity:
    """A number and the unit behind it. `relative`: it is a difference from `current`, or a share of it."""

    number: str
    number_at: int
    unit: str
    unit_at: int
    relative: Literal["difference", "ratio"] | None = None


@dataclass(frozen=True)
class Argument:
    """One argument: its name when it was given, and a text, a reference or a condition."""

    at: int
    name: str | None
    text: str
    text_at: int
    reference: Reference | None
    condition: bool


@dataclass(frozen=True)
class Sentence:
    """A line taken apart."""

    subject: Reference
    arguments: tuple[Argument, ...]
    arguments_at: int
    op: str
    op_at: int
    target: Quantity


def parse_sentence(text: str, spot: Spot) -> Sentence:
    """Takes a line apart.

    Raises:
        UserError: E004, E020 or E021, at `spot` of the first character that does not fit.
    """
    return _Parser(text, spot).sentence()


def render_text(text: str) -> str:
    """A label, column, value or text as the canonical form writes it: bare where that reads back the same."""
    padded = f"={text}="
    bare = (
        LABEL.fullmatch(text)
        and NAME.fullmatch(text)
        and text == text.strip()
        and not re.search(r"(^|\s)under(\s|$)", text)
        and unicodedata.normalize("NFKC", padded) == padded
    )
    return text if bare else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, which reads back the same whatever it holds."""
    return '"' + re.sub(rf"([\\{QUOTES}])", r"\\\1", text) + '"'


def render_part(part: Part | None) -> str:
    """A part in brackets, or nothing."""
    if part is None:
        return ""
    pieces = [] if part.label is None else [render_text(part.label)]
    if part.column is not None and part.value is not None:
        pieces.append(f"{render_text(part.column)}={render_text(part.value)}")
    if part.under is not None:
        pieces.append(f"under {part.under}")
    return f"[{', '.join(pieces)}]"


class _Parser:
    """Recursive descent over the normalised text; `at` is the next character."""

    def __init__(self, text: str, spot: Spot) -> None:
        if len(text) > MAX_LINE:
            wanted = Words(f"a line of at most {MAX_LINE} characters", f"不超过 {MAX_LINE} 个字符的一行")
            raise UserError("E020", spot(0), wanted=wanted, found=str(len(text)), fix=SHAPE)
        if found := re.search("\n|\r", text) or FORBIDDEN.search(text):
            raise UserError("E004", spot(found.start()), name=f"U+{ord(found[0]):04X}")
        self.text, self.origin = _normalised(text)
        self.spot = spot
        self.at = 0

    def sentence(self) -> Sentence:
        subject = self.reference()
        arguments_at = self.skip()
        arguments = self.arguments() if self.take("(") else ()
        op_at = self.skip()
        op = self.operator()
        target = self.target()
        if self.skip() < len(self.text):
            self.fail(Words("the end of the line", "行尾"))
        return Sentence(subject, arguments, self.origin[arguments_at], op, self.origin[op_at], target)

    def reference(self) -> Reference:
        name_at = self.skip()
        name = self.match(NAME).strip()
        if not name:
            self.fail(Words("the name of a metric", "指标名称"))
        k, k_at = None, self.at
        if self.take("@"):
            k_at = self.skip()
            cutoff = self.match(CUTOFF)
            if not cutoff:
                self.fail(Words("a whole number of at least 1 after @", "@ 后的正整数"))
            k = int(cutoff)
        part_at = self.skip()
        part = self.parts() if self.take("[") else None
        return Reference(name, self.origin[name_at], k, self.origin[k_at], part, self.origin[part_at])

    def parts(self) -> Part:
        label = column = value = under = None
        while True:
            start = self.skip()
            quoted = self.peek() == '"'
            text = self.text_of(LABEL, Words("a class, column=value or 'under …'", "类别、列=值 或 under …"), UNCLOSED)
            if self.take("="):
                if column is not None:
                    self.fail(Words("only one column=value", "只能有一个 列=值"), at=start)
                column = text
                value = self.text_of(LABEL, Words("a value after '='", "“=”后的值"), UNCLOSED)
            elif not quoted and re.match(r"under(\s|$)", text):
                if under is not None:
                    self.fail(Words("only one 'under'", "只能有一个 under"), at=start)
                under = " ".join(text.split()[1:])
                if not re.fullmatch(r"[^\W\d]\w*", under):
                    self.fail(Words("a disturbance, such as 'under typos'", "扰动，例如 under typos"), at=start)
            elif label is not None:
                self.fail(Words("only one class", "只能有一个类别"), ONE_CLASS, at=start)
            elif not quoted and re.search(r"\sunder(\s|$)", text):
                fix = Words("write [class, under typos], or quote it", "请写 [类别, under typos]，或给它加引号")
                self.fail(Words("a comma before 'under'", "under 前的逗号"), fix, at=start)
            else:
                label = text
            if self.take("]"):
                return Part(label, column, value, under)
            if not self.take(","):
                self.fail(Words("',' or ']'", "“,”或“]”"), UNCLOSED)

    def arguments(self) -> tuple[Argument, ...]:
        found = []
        while True:
            found.append(self.argument())
            if self.take(")"):
                return tuple(found)
            if not self.take(","):
                self.fail(Words("',' or ')'", "“,”或“)”"), UNCLOSED)

    def argument(self) -> Argument:
        start, name = self.skip(), None
        if named := NAMED.match(self.text, self.at):
            name, self.at = named[1], named.end()
        value_at = self.skip()
        if self.peek() == '"':
            text = self.text_of(NAME, _ARGUMENT, UNCLOSED)
            return Argument(self.origin[start], name, text, self.origin[value_at], None, False)
        if not NAME.match(self.text, self.at):
            self.fail(_ARGUMENT)
        reference = self.reference()
        condition = bool(OPERATOR.match(self.text, self.skip()))
        if condition:
            self.operator()
            if self.quantity(Words("a number", "数值")).relative:
                self.fail(Words("a number and unit", "数值和单位"))
        text = self.text[value_at : self.at].strip()
        return Argument(self.origin[start], name, text, self.origin[value_at], reference, condition)

    def operator(self) -> str:
        start = self.skip()
        written = self.match(OPERATOR)
        if not written:
            self.fail(Words("'>=' or '<='", "“>=”或“<=”"))
        if written not in OPERATORS:
            near = ">=" if set(written) & set(">≧⩾") else "<=" if set(written) & set("<≦⩽") else ">= / <="
            raise UserError("E021", self.place(start), op=written, near=near)
        return OPERATORS[written]

    def target(self) -> Quantity:
        start = self.skip()
        if not self.match(CURRENT):
            return self.quantity(Words("a number, such as 90%", "数值，例如 90%"))
        if self.skip() == len(self.text):
            return Quantity("0", self.origin[start], "", self.origin[start], "difference")
        minus = self.peek() == "-"
        if not (self.take("+") or self.take("-")):
            self.fail(Words("'+' or '-' after current", "current 后的“+”或“-”"))
        wanted, at = Words("a number, such as 1 pt", "数值，例如 1 pt"), self.skip()
        away = self.quantity(wanted)
        if away.relative or away.number.startswith("-"):
            self.fail(wanted, at=at)
        return replace(away, number=f"-{away.number}" if minus else away.number, relative="difference")

    def quantity(self, wanted: Words) -> Quantity:
        number_at = self.skip()
        number = self.match(NUMBER)
        if not number:
            self.fail(wanted)
        unit_at = self.skip()
        unit = self.match(UNIT)
        self.skip()
        ratio = unit == "%" and bool(self.match(OF_CURRENT))
        return Quantity(number, self.origin[number_at], unit, self.origin[unit_at], "ratio" if ratio else None)

    def text_of(self, bare: re.Pattern[str], wanted: Words, fix: Words) -> str:
        start = self.skip()
        if quoted := QUOTED.match(self.text, self.at):
            self.at = quoted.end()
            text = ESCAPE.sub(r"\1", quoted[1])
        elif self.peek() in QUOTES and self.peek():
            self.fail(Words("a closing quote", "右引号"))
        else:
            text = self.match(bare).strip()
        if not text:
            self.fail(wanted, fix, at=start)
        if self.skip() < len(self.text) and self.peek() in QUOTES:
            self.fail(Words("no quote inside a name", "名称中不应出现引号"), QUOTE_IT)
        return text

    def skip(self) -> int:
        while self.at < len(self.text) and self.text[self.at] == " ":
            self.at += 1
        return self.at

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, character: str) -> bool:
        self.skip()
        taken = self.peek() == character
        self.at += taken
        return taken

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def place(self, at: int) -> str:
        return self.spot(self.origin[at])

    def fail(self, wanted: Words, fix: Words = SHAPE, at: int | None = None) -> NoReturn:
        at = self.at if at is None else at
        rest = self.text[at:].strip()
        found = Words(f"'{shown(rest, 24)}'", f"“{shown(rest, 24)}”") if rest else Words("the end of the line", "行尾")
        raise UserError("E020", self.place(at), wanted=wanted, found=found, fix=fix)


def _normalised(text: str) -> tuple[str, list[int]]:
    """NFKC outside quotes, `"` for every quote, and for each character where it came from (one more for the end)."""
    pieces: list[str] = []
    origin: list[int] = []
    done = 0
    for quoted in [*QUOTED.finditer(text), None]:
        end = quoted.start() if quoted else len(text)
        normal = " ".join(re.split(r"\s", unicodedata.normalize("NFKC", text[done:end])))
        pieces.append(normal)
        origin.extend(_origins(text[done:end], len(normal), done))
        if quoted:
            pieces.append(f'"{quoted[1]}"')
            origin.extend(range(quoted.start(), quoted.end()))
            done = quoted.end()
    return "".join(pieces), [*origin, len(text)]


def _origins(raw: str, length: int, start: int) -> list[int]:
    if length == len(raw):
        return list(range(start, start + length))
    origins: list[int] = []
    for index in range(len(raw)):
        grown = len(unicodedata.normalize("NFKC", raw[: index + 1]))
        origins.extend([start + index] * (grown - len(origins)))
    return (origins + [start + len(raw)] * length)[:length]


_ARGUMENT = Words("an argument, such as by=channel", "参数，例如 by=channel")
