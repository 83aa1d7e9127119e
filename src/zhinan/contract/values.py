"""Reads one value of product.yaml by the shape its key declares; a value of another shape is refused, never bent."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, get_args

from zhinan.contract.durations import AMOUNT, duration
from zhinan.contract.frozen import FrozenMap
from zhinan.contract.keys import Key
from zhinan.contract.lines import read_line
from zhinan.contract.tree import ListNode, MapNode, Node, Place, Scalar, Tree, kind_of, shown
from zhinan.contract.types import Direction, Line
from zhinan.contract.units import UNITS, written
from zhinan.core import Kind, UserError, Words, find, suggest
from zhinan.core.names import is_product
from zhinan.core.zones import known_zones

__all__ = ["READERS", "Setting", "misshaped", "names_of", "path_of", "text_of"]

KINDS: tuple[str, ...] = get_args(Kind)
CURRENCIES = tuple(name for name, unit in UNITS.items() if unit.dimension == "money")
MAX_LINES = 200
DIRECTION = re.compile(r"(up|down)(?:\[([^\[\]]+)\])?")


@dataclass(frozen=True)
class Setting:
    """What reading a value needs besides the value: the file's tree, its folder, and where each part stands."""

    tree: Tree
    root: Path
    where: dict[str, str]


def _duration(node: Node, key: Key, setting: Setting) -> float:
    return duration(_amount(node, key), str(node.at))


def _amount(node: Node, key: Key) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.text
    return text_of(node, key)


def text_of(node: Node, key: Key, wanted: Words | None = None) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
        return node.value
    if isinstance(node, Scalar) and node.style == "" and node.value is not None:
        wanted = Words(f'text; put it in quotes: "{shown(node.text)}"', f'文本；请加引号："{shown(node.text)}"')
    raise misshaped(node, key, wanted or Words(f"text, such as {key.example}", f"文本，例如 {key.example}"))


def misshaped(node: Node, key: Key, wanted: Words) -> UserError:
    if isinstance(node, Scalar) and (node.value is None or not node.text.strip()):
        return UserError("E018", str(node.at), key=key.name, example=key.example)
    return UserError("E012", str(node.at), key=key.name, wanted=wanted, found=kind_of(node))


def _name(node: Node, key: Key, setting: Setting) -> str:
    name = unicodedata.normalize("NFKC", text_of(node, key))
    if not is_product(name):
        fix = Words("use up to 64 letters, digits, - _ .", "请使用不超过 64 个字母、数字、- _ .")
        problem = Words("is no product name", "不是合法的产品名")
        raise UserError("E015", str(node.at), key=shown(name), problem=problem, fix=fix)
    return name


def _goal(node: Node, key: Key, setting: Setting) -> str:
    return text_of(node, key).strip()


def _column(node: Node, key: Key, setting: Setting) -> str:
    return text_of(node, key, Words("the name of a column", "列名"))


def path_of(node: Node, key: Key, setting: Setting) -> Path:
    text, at = text_of(node, key, Words("a path", "路径")), str(node.at)
    if re.match(r"\w[\w+.-]*://", text):
        raise UserError("E014", at, feature=Words("data from a network or database", "来自网络或数据库的数据"))
    path = Path(os.path.normpath(setting.root / text))
    try:
        inside = path.is_relative_to(setting.root) and path.resolve().is_relative_to(setting.root.resolve())
    except (OSError, RuntimeError) as error:  # a loop of links, a name the system does not allow
        raise UserError("E016", at, path=shown(text)) from error
    if not inside or path == setting.root:
        raise UserError("E016", at, path=shown(text))
    return path


def _items(node: Node, key: Key) -> tuple[Node, ...]:
    if not isinstance(node, ListNode):
        raise misshaped(node, key, Words(f"a list, such as {key.example}", f"列表，例如 {key.example}"))
    return node.items


def names_of(node: Node, key: Key, setting: Setting, read: Callable[[str, str], str]) -> tuple[str, ...]:
    """Texts of a list, each once."""
    found: dict[str, None] = {}
    for index, item in enumerate(_items(node, key)):
        value = read(text_of(item, key), str(item.at))
        if value in found:
            problem, fix = Words("is listed twice", "重复列出"), Words("keep one", "只保留一个")
            raise UserError("E015", str(item.at), key=shown(value), problem=problem, fix=fix)
        found[value] = None
        setting.where[f"{key.name}.{index}"] = str(item.at)
    return tuple(found)


def _columns(node: Node, key: Key, setting: Setting) -> tuple[str, ...]:
    return names_of(node, key, setting, lambda text, at: text)


def _task(node: Node, key: Key, setting: Setting) -> str:
    return find("task", text_of(node, key)[:80], str(node.at)).name


def _kinds(node: Node, key: Key, setting: Setting) -> FrozenMap[str]:
    if not isinstance(node, MapNode) or not node.items:
        wanted = Words(f"columns with their kinds, such as {key.example}", f"列及其类型，例如 {key.example}")
        raise misshaped(node, key, wanted)
    kinds = {}
    for column, item in node.items:
        kind = text_of(item, key, Words(f"a kind ({', '.join(KINDS)})", f"类型（{', '.join(KINDS)}）"))
        if kind not in KINDS:
            wrong = Words("kind", "类型")
            raise UserError("E052", str(item.at), kind=wrong, name=shown(kind), suggestion=suggest(kind[:80], KINDS))
        kinds[column.text] = kind
        setting.where[f"{key.name}.{column.text}"] = str(column.at)
    return FrozenMap(kinds)


def _lines(node: Node, key: Key, setting: Setting) -> tuple[Line, ...]:
    items = _items(node, key)
    if not items:
        raise UserError("E018", str(node.at), key=key.name, example=key.example)
    if len(items) > MAX_LINES:
        problem = Words(f"has more than {MAX_LINES} lines", f"超过 {MAX_LINES} 行")
        fix = Words("keep what the product needs", "只保留产品需要的条件")
        raise UserError("E015", str(items[MAX_LINES].at), key=key.name, problem=problem, fix=fix)
    for index, item in enumerate(items):
        setting.where[f"{key.name}.{index}"] = str(item.at)
    return tuple(_line(item, key, setting.tree) for item in items)


def _line(node: Node, key: Key, tree: Tree) -> Line:
    raw = tree.after(node.at)
    if isinstance(node, MapNode) and "[" in raw.partition(": ")[0]:
        line = shown(raw, 120)
        raise UserError("E010", str(node.at), line=line, quoted=line.replace("'", "''"))
    text = text_of(node, key, Words("a line such as accuracy >= 90%", "一行条件，例如 accuracy >= 90%"))
    at = node.at
    quote = next((length for length in (0, 1) if raw[length:].startswith(text)), None)  # None: escapes, several lines

    def spot(offset: int) -> str:
        return str(at if quote is None else Place(at.file, at.line, at.column + quote + offset))

    return read_line(text.rstrip("\n"), spot, str(at))


def _confidence(node: Node, key: Key, setting: Setting) -> float:
    text, at = unicodedata.normalize("NFKC", _amount(node, key)).strip(), str(node.at)
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,9})?) *(%?)", text)
    number = Decimal(found[1]) if found else Decimal(0)
    if found and not found[2]:
        likely = number * 100 if number <= 1 else number
        raise UserError("E022", at, metric=key.name, number=found[1], near=f"{likely:f}".rstrip("0").rstrip(".") + "%")
    if not found or not Decimal(50) <= number <= Decimal("99.99"):
        fix = Words("give 50% to 99.99%", "请给出 50% 到 99.99%")
        raise UserError("E015", at, key=shown(text), problem=Words("is no confidence", "不是合法的置信度"), fix=fix)
    return float(number / 100)


def _count(node: Node, key: Key, setting: Setting, low: int = 1, high: int = 1000) -> int:
    if isinstance(node, Scalar) and type(node.value) is int and low <= node.value <= high:
        return node.value
    raise misshaped(node, key, Words(f"a whole number from {low} to {high}", f"{low} 到 {high} 的整数"))


def _share(node: Node, key: Key, setting: Setting) -> float:
    return _percent(node, key, "%", Decimal(50), Decimal("99.9"))


def _points(node: Node, key: Key, setting: Setting) -> float:
    return _percent(node, key, "pt", Decimal(0), Decimal(50))


def _percent(node: Node, key: Key, unit: str, low: Decimal, high: Decimal) -> float:
    """A number with `%` or `pt` behind it, as a fraction."""
    text, at = unicodedata.normalize("NFKC", _amount(node, key)).strip(), str(node.at)
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,9})?) *([^\d\s.]\S*)?", text)
    number = Decimal(found[1]) if found else Decimal(-1)
    if found and not found[2]:
        likely = number * 100 if 0 < number < 1 else number
        raise UserError("E022", at, metric=key.name, number=found[1], near=written(likely, unit))
    if found and found[2] != unit:
        near = Words(f"did you mean {written(number, unit)}?", f"是不是 {written(number, unit)}？")
        raise UserError("E023", at, metric=key.name, unit=shown(found[2]), suggestion=near)
    if not low <= number <= high:
        fix = Words(f"give {written(low, unit)} to {written(high, unit)}", f"请给出 {written(low, unit)} 到 "
                    f"{written(high, unit)}")  # fmt: skip
        raise UserError("E015", at, key=shown(text), problem=Words(f"is not right for {key.name}",
                        f"不适合 {key.name}"), fix=fix)  # fmt: skip
    return float(number / 100)


def _money(node: Node, key: Key, setting: Setting) -> tuple[float, str]:
    """An amount above zero and its currency."""
    text, at = unicodedata.normalize("NFKC", _amount(node, key)).strip(), str(node.at)
    found = AMOUNT.fullmatch(text)
    number = Decimal(found[1]) if found else Decimal(0)
    if found and found[2] is None:
        raise UserError("E022", at, metric=key.name, number=found[1], near=f"{found[1]} USD / {found[1]} CNY")
    if found and found[2] not in CURRENCIES:
        near = suggest(found[2][:40], CURRENCIES)
        raise UserError("E023", at, metric=key.name, unit=shown(found[2]), suggestion=near)
    if found is None or number <= 0:
        wanted = Words(f"give an amount such as {key.example}", f"请给出金额，例如 {key.example}")
        raise UserError("E015", at, key=shown(text), problem=Words("is no price", "不是合法的价格"), fix=wanted)
    return float(number), found[2]


def _watts(node: Node, key: Key, setting: Setting) -> float:
    text, at = unicodedata.normalize("NFKC", _amount(node, key)).strip(), str(node.at)
    found = re.fullmatch(r"(\d{1,5}(?:\.\d{1,9})?)( *W)?", text)
    if found is None or not 0 < float(found[1]) <= 20_000:
        wanted = Words("give watts above 0, such as 65", "请给出大于 0 的瓦数，例如 65")
        raise UserError("E015", at, key=shown(text), problem=Words("is no power", "不是合法的功率"), fix=wanted)
    return float(found[1])


def _matrix(node: Node, key: Key, setting: Setting) -> FrozenMap[FrozenMap[float]]:
    """Truth → answer → cost; labels as they are written, numbers or not."""
    wanted = Words(
        f"{{truth: {{answer: number}}}}, such as {key.example}", f"{{真实: {{答案: 数值}}}}，例如 {key.example}"
    )
    if not isinstance(node, MapNode) or not node.items:
        raise misshaped(node, key, wanted)
    matrix = {}
    for true, row in node.items:
        setting.where[f"{key.name}.{true.text}"] = str(true.at)
        if not isinstance(row, MapNode) or not row.items:
            raise misshaped(row, key, wanted)
        costs = {}
        for answer, item in row.items:
            setting.where[f"{key.name}.{true.text}.{answer.text}"] = str(answer.at)
            number = item.value if isinstance(item, Scalar) else None
            if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1e9:
                raise misshaped(
                    item, key, Words("a number from 0 to 1e9 for each mistake", "每种错误一个 0 到 1e9 的数")
                )
            costs[answer.text] = float(number)
        matrix[true.text] = FrozenMap(costs)
    return FrozenMap(matrix)


def _directions(node: Node, key: Key, setting: Setting) -> FrozenMap[Direction]:
    """Column → up or down, and the class it is meant of where one is named."""
    wanted = Words(f"columns with up or down, such as {key.example}", f"列及 up 或 down，例如 {key.example}")
    if not isinstance(node, MapNode) or not node.items:
        raise misshaped(node, key, wanted)
    found = {}
    for column, item in node.items:
        text = unicodedata.normalize("NFKC", text_of(item, key, wanted)).strip()
        told = DIRECTION.fullmatch(text)
        if told is None:
            raise UserError("E204", str(item.at), column=shown(column.text), found=shown(text))
        found[column.text] = Direction("up" if told[1] == "up" else "down", told[2] or "")
        setting.where[f"{key.name}.{column.text}"] = str(column.at)
    return FrozenMap(found)


def _choice(node: Node, key: Key, setting: Setting) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, bool):  # true and false are words here
        return _known(key, node.text, str(node.at))
    return _known(key, text_of(node, key), str(node.at))


def _choices(node: Node, key: Key, setting: Setting) -> tuple[str, ...]:
    return names_of(node, key, setting, partial(_known, key))


def _known(key: Key, text: str, at: str) -> str:
    if text not in key.choices:
        kind = Words(f"value of {key.name}", f" {key.name} 的取值")
        raise UserError("E052", at, kind=kind, name=shown(text), suggestion=suggest(text[:80], key.choices))
    return text


def _zone(node: Node, key: Key, setting: Setting) -> str:
    name = text_of(node, key)
    if name not in known_zones():
        near = suggest(name[:80], known_zones())
        usual = Words("give the name of a place, such as Asia/Shanghai", "请写地区名称，如 Asia/Shanghai")
        fix = near if near.en.startswith("did you") and "/" in name else usual
        raise UserError("E052", str(node.at), kind=Words("time zone", "时区"), name=shown(name), suggestion=fix)
    return name


READERS: Mapping[str, Callable[[Node, Key, Setting], Any]] = {
    "choice": _choice,
    "choices": _choices,
    "column": _column,
    "columns": _columns,
    "confidence": _confidence,
    "count": _count,
    "directions": _directions,
    "duration": _duration,
    "folds": lambda node, key, setting: _count(node, key, setting, 2, 20),
    "kinds": _kinds,
    "lines": _lines,
    "matrix": _matrix,
    "money": _money,
    "name": _name,
    "path": path_of,
    "points": _points,
    "share": _share,
    "task": _task,
    "text": _goal,
    "watts": _watts,
    "zone": _zone,
}
"""Shape → the function that reads it."""
