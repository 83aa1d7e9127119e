"""Reads the keys that say where rows come from: files, folders, patterns, addresses and queries, alone or in a list."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from zhinan.contract.encodings import ENCODINGS, codec_of
from zhinan.contract.frozen import FrozenMap
from zhinan.contract.keys import Key
from zhinan.contract.masks import READERS as MASKS
from zhinan.contract.places import STORES, Source, parted_sheet
from zhinan.contract.queries import examine
from zhinan.contract.tree import ListNode, MapNode, Node, Scalar, kind_of, shown
from zhinan.contract.units import UNITS
from zhinan.contract.values import READERS as VALUES
from zhinan.contract.values import Setting
from zhinan.core import UserError, Words, suggest

__all__ = ["READERS"]

PARTS = ("path", "sheet", "encoding", "query", "dsn", "params")
MAX_SOURCES = 1000
ADDRESS = re.compile(r"[A-Za-z][\w+.-]*://")
VARIABLE = re.compile(r"[A-Za-z_]\w{0,127}")
HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:]+")

_WANTED = Words(
    "a path, an address, {path, sheet, encoding}, {query, dsn}, or a list of those",
    "路径、网址、{path, sheet, encoding}、{query, dsn}，或它们的列表",
)


def _sources(node: Node, key: Key, setting: Setting) -> tuple[Source, ...]:
    if not isinstance(node, ListNode):
        return (_source(node, key, setting),)
    if not node.items:
        raise UserError("E018", str(node.at), key=key.name, example=key.example)
    if len(node.items) > MAX_SOURCES:
        problem = Words("lists too many files", "列出的文件过多")
        fix = Words("use a pattern, such as data/*.csv", "请使用通配符，例如 data/*.csv")
        raise UserError("E015", str(node.items[MAX_SOURCES].at), key=key.name, problem=problem, fix=fix)
    found: list[Source] = []
    for index, item in enumerate(node.items):
        source = _source(item, key, setting)
        if source in found:
            problem, fix = Words("is listed twice", "重复列出"), Words("keep one", "只保留一个")
            raise UserError("E015", str(item.at), key=shown(source.name(setting.root)), problem=problem, fix=fix)
        found.append(source)
        setting.where[f"{key.name}.{index}"] = str(item.at)
    return tuple(found)


def _source(node: Node, key: Key, setting: Setting) -> Source:
    if isinstance(node, MapNode):
        return _described(node, key, setting)
    if isinstance(node, Scalar) and isinstance(node.value, str) and ADDRESS.match(node.value):
        return Source(url=_address(node.value, str(node.at)), where=str(node.at))
    if isinstance(node, Scalar):
        path, sheet = parted_sheet(node.value) if isinstance(node.value, str) else (node.value, None)
        return Source(path=VALUES["path"](replace(node, value=path), key, setting), sheet=sheet, where=str(node.at))
    raise UserError("E012", str(node.at), key=key.name, wanted=_WANTED, found=kind_of(node))


def _address(text: str, at: str) -> str:
    scheme = text.partition("://")[0]
    fix = Words("give https://host/file.csv, without a password", "请写 https://主机/文件.csv，且不含密码")
    wrong = UserError("E015", at, key=f"{scheme}://…", problem=Words("is no address", "不是合法的网址"), fix=fix)
    try:
        parts = urlsplit(text)
        _ = parts.port  # read here, where a bad one is the contract's fault
    except ValueError:
        raise wrong from None
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise wrong
    if parts.scheme == "file":
        raise UserError("E016", at, path="file://…")
    if parts.scheme not in ("http", "https", *STORES):
        raise UserError("E149", at, scheme=parts.scheme[:20])
    return text


def _described(node: MapNode, key: Key, setting: Setting) -> Source:
    given = {word.text: (word, item) for word, item in node.items}
    for word, _ in given.values():
        if word.text not in PARTS:
            place = Words(f"'{key.name}'", f"“{key.name}”")
            near = suggest(word.text[:80], PARTS)
            raise UserError("E011", str(word.at), key=shown(word.text), place=place, suggestion=near)
    both = ("path" in given, "query" in given)
    odd = {"sheet", "encoding"} if both == (False, True) else {"dsn", "params"}
    if sum(both) != 1 or odd & given.keys() or (both[1] and "dsn" not in given):
        raise UserError("E012", str(node.at), key=key.name, wanted=_WANTED, found=kind_of(node))
    texts = {name: _text(item, key, setting) for name, (_, item) in given.items() if name not in ("path", "params")}
    at = str(node.at)
    if "path" in given:
        if not isinstance(given["path"][1], Scalar):
            at, wanted = str(given["path"][1].at), Words("a path or an address", "路径或网址")
            raise UserError("E012", at, key=f"{key.name}.path", wanted=wanted, found=kind_of(given["path"][1]))
        inner = _source(given["path"][1], key, setting)
        encoding = _encoding(texts["encoding"], given["encoding"][1]) if "encoding" in given else None
        return Source(path=inner.path, url=inner.url, sheet=texts.get("sheet"), encoding=encoding, where=at)
    dsn = texts["dsn"]
    if not VARIABLE.fullmatch(dsn):
        problem = Words("is no name of an environment variable", "不是环境变量名")
        fix = Words("put the DSN into one, and give its name: dsn: SHOP_DSN", "请放入变量并写其名称：dsn: SHOP_DSN")
        raise UserError("E015", str(given["dsn"][1].at), key="dsn", problem=problem, fix=fix)
    params = _params(given["params"][1], key) if "params" in given else FrozenMap[Any]()
    refused = examine(texts["query"], params)
    if isinstance(refused, Words):
        raise UserError("E136", str(given["query"][1].at), reason=refused)
    return Source(query=texts["query"].strip(), dsn=dsn, params=params, where=str(given["query"][1].at))


def _encoding(name: str, node: Node) -> str:
    codec = codec_of(name)
    if codec is None:
        problem = Words("is no encoding of text that can be read", "不是可读取的文本编码")
        near = suggest(name[:40], ENCODINGS)
        raise UserError("E015", str(node.at), key=shown(name), problem=problem, fix=near)
    return codec


def _text(node: Node, key: Key, setting: Setting) -> str:
    text: str = VALUES["text"](node, key, setting)
    return text


def _params(node: Node, key: Key) -> FrozenMap[Any]:
    wanted = Words("{name: value} for each :name in the query", "查询中每个 :name 的 {名称: 值}")
    if not isinstance(node, MapNode):
        raise UserError("E012", str(node.at), key=f"{key.name}.params", wanted=wanted, found=kind_of(node))
    found = {}
    for word, item in node.items:
        value = item.value if isinstance(item, Scalar) else item
        if not isinstance(value, str | int | float | bool | datetime.date):
            wanted = Words("a text, a number, true or false, or a date", "文本、数字、true 或 false、日期")
            name = f"{key.name}.params.{shown(word.text)}"
            raise UserError("E012", str(item.at), key=name, wanted=wanted, found=kind_of(item))
        found[word.text] = value
    return FrozenMap(found)


def _hosts(node: Node, key: Key, setting: Setting) -> tuple[str, ...]:
    names: tuple[str, ...] = VALUES["columns"](node, key, setting)
    for index, name in enumerate(names):
        if not HOST.fullmatch(name):
            at = setting.where[f"{key.name}.{index}"]
            problem = Words("is no host", "不是主机名")
            fix = Words("give the name alone, such as data.example.org", "请只写主机名，例如 data.example.org")
            raise UserError("E015", at, key=shown(name), problem=problem, fix=fix)
    return tuple(name.strip("[]").lower() for name in names)


def _size(node: Node, key: Key, setting: Setting) -> int:
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(MB|GB)\s*", _text(node, key, setting))
    if found is None or not Decimal(found[1]):
        wanted = Words("a size in MB or GB, such as 4 GB", "以 MB 或 GB 为单位的大小，例如 4 GB")
        raise UserError("E012", str(node.at), key=key.name, wanted=wanted, found=kind_of(node))
    return int(Decimal(found[1]) * UNITS[found[2]].factor)


READERS: Mapping[str, Callable[[Node, Key, Setting], Any]] = {
    **VALUES,
    **MASKS,
    "hosts": _hosts,
    "size": _size,
    "sources": _sources,
}
"""Shape → the function that reads it: those of values.py, and these."""
