"""Reads the key that says what is de-identified: registered masks, patterns of the contract's own, presidio."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from zhinan.contract.keys import Key
from zhinan.contract.tree import MapNode, Node, Scalar, shown
from zhinan.contract.values import Setting, names_of, path_of, text_of
from zhinan.core import MaskSpec, Mode, UserError, Words, entries, find, suggest
from zhinan.core.patterns import compiled

__all__ = ["MODES", "READERS"]

MODES: tuple[str, ...] = get_args(Mode)
OWN_MASK = re.compile(r"[a-z][a-z0-9_]{0,39}")
PARTS = ("pattern", "presidio", "mode")


def _masks(node: Node, key: Key, setting: Setting) -> tuple[MaskSpec, ...]:
    """A list of masks, or a mapping of each to its mode, or to one of its own with a pattern or a pipeline."""
    if not isinstance(node, MapNode):
        listed = names_of(node, key, setting, lambda text, at: find("mask", text[:80], at).name)
        return tuple(MaskSpec(name) for name in listed)
    if not node.items:
        raise UserError("E012", str(node.at), key=key.name, wanted=key.example, found=Words("empty", "空的"))
    specs: dict[str, MaskSpec] = {}
    for name, item in node.items:
        spec = _own(name, item, key, setting) if isinstance(item, MapNode) else _moded(name, item, key)
        if spec.name in specs:
            problem, fix = Words("is listed twice", "重复列出"), Words("keep one", "只保留一个")
            raise UserError("E015", str(name.at), key=shown(spec.name), problem=problem, fix=fix)
        specs[spec.name] = spec
        setting.where[f"{key.name}.{spec.name}"] = str(name.at)
    return tuple(specs.values())


def _moded(name: Scalar, node: Node, key: Key) -> MaskSpec:
    return MaskSpec(find("mask", name.text[:80], str(name.at)).name, _mode(node, key))


def _mode(node: Node, key: Key) -> Mode:
    text = text_of(node, key, Words(f"a mode ({', '.join(MODES)})", f"方式（{', '.join(MODES)}）"))
    if text not in MODES:
        raise UserError("E155", str(node.at), name=shown(text), suggestion=suggest(text[:80], MODES))
    return cast(Mode, text)


def _own(name: Scalar, node: MapNode, key: Key, setting: Setting) -> MaskSpec:
    """The contract's own mask: {pattern: REGEX, mode: mask} or {presidio: FOLDER, mode: mask}."""
    own, at = name.text, str(name.at)
    taken = own in entries("mask") or any(own in entry.facts.get("zh", ()) for entry in entries("mask").values())
    if not OWN_MASK.fullmatch(own) or taken:
        fix = Words("call it by a lower-case word of its own, such as order_no", "请用独有的小写英文名，例如 order_no")
        problem = Words("names a mask of ours", "是内置脱敏项的名称") if taken else Words("is no name", "不是合法名称")
        raise UserError("E015", at, key=shown(own), problem=problem, fix=fix)
    given = {word.text: (word, value) for word, value in node.items}
    for word, (written_at, _) in given.items():
        if word not in PARTS:
            place = Words(f"the mask '{own}'", f"脱敏项“{own}”")
            raise UserError(
                "E011", str(written_at.at), key=shown(word), place=place, suggestion=suggest(word[:80], PARTS)
            )
    found = [word for word in ("pattern", "presidio") if word in given]
    if not found:
        raise UserError("E013", at, key=f"{shown(own)}.pattern", example="pattern: 'ORD-[0-9]{8}'")
    if len(found) > 1:
        fix = Words("make it two masks", "请写成两个脱敏项")
        problem = Words("has a pattern and a pipeline", "同时写了 pattern 与 presidio")
        raise UserError("E015", at, key=shown(own), problem=problem, fix=fix)
    value = given[found[0]][1]
    mode = _mode(given["mode"][1], key) if "mode" in given else "mask"
    if found[0] == "presidio":
        return MaskSpec(own, mode, pipeline=str(path_of(value, key, setting)))
    pattern = text_of(value, key, Words("a regular expression", "正则表达式"))
    compiled(pattern, str(value.at))
    return MaskSpec(own, mode, pattern)


READERS: Mapping[str, Callable[[Node, Key, Setting], Any]] = {"masks": _masks}
"""Shape → the function that reads it."""
