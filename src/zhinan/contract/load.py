"""product.yaml → a frozen Contract, or the first thing wrong with it as file:line:col."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhinan.contract.frozen import FrozenMap
from zhinan.contract.keys import BY_NAME, KEYS, Key, children, words
from zhinan.contract.lines import in_use
from zhinan.contract.lint import lint
from zhinan.contract.places import without_queries, without_query
from zhinan.contract.sources import READERS
from zhinan.contract.tree import MAX_BYTES, MapNode, Node, Scalar, kind_of, read, shown
from zhinan.contract.types import (
    CleanSpec,
    Contract,
    CostSpec,
    DataSpec,
    ImproveSpec,
    ProofSpec,
    ServeSpec,
    TrainSpec,
)
from zhinan.contract.values import Setting
from zhinan.core import UserError, Words, suggest

__all__ = ["load", "parse"]


def load(path: str | Path = "product.yaml") -> Contract:
    """The contract in a file, or in the product.yaml of a folder.

    Raises:
        UserError: E001–E029 with file:line:col; nothing has been computed by then.
    """
    path = Path(path)
    if path.is_dir():
        path /= "product.yaml"
    if not path.is_file():
        others = [other.name for other in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        raise UserError("E001", str(path), suggestion=suggest(path.name, others) if others else _NEW)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError("E001", str(path), suggestion=Words(str(error.strerror), str(error.strerror))) from error
    if len(content) > MAX_BYTES:
        raise UserError("E002", path.name, limit=MAX_BYTES // 1024)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace").split("\n")
        raise UserError("E003", f"{path.name}:{len(before)}:{len(before[-1]) + 1}") from error
    return parse(text, path)


def parse(text: str, path: str | Path = "product.yaml") -> Contract:
    """The contract in a text. `path` names the file in messages; its folder is the root of relative paths.

    Raises:
        UserError: as `load`.
    """
    path = Path(path)
    tree = read(text, path.name, words())
    setting = Setting(tree, path.parent.resolve(), {})
    values: dict[str, Any] = {}
    _section(tree.top, "", values, setting)
    _complete(values, tree.top)
    contract = Contract(
        product=values["product"],
        goal=without_query(values.get("goal", "")),
        data=DataSpec(**_under("data", values), clean=CleanSpec(**_under("data.clean", values))),
        task=values.get("task"),
        must=tuple(line for line in values["must"] if not in_use(line)),
        in_use=tuple(line for line in values["must"] if in_use(line)),
        should=values.get("should", ()),
        confidence=values.get("confidence", Contract.confidence),
        budget=values.get("budget", Contract.budget),
        proof=ProofSpec(**_under("proof", values)),
        cost=_cost(_under("cost", values), setting),
        train=TrainSpec(**_under("train", values)),
        serve=ServeSpec(**_under("serve", values)),
        improve=ImproveSpec(**_under("improve", values)),
        path=path,
        root=setting.root,
        where=FrozenMap(setting.where),
        text=_without_secrets(text, values),
    )
    lint(contract)
    return contract


def _without_secrets(text: str, values: dict[str, Any]) -> str:
    held = [source for key in ("source", "test", "unlabeled") for source in values.get(f"data.{key}", ())]
    try:
        return without_queries(text, held, values.get("goal", ""))
    except ValueError as error:
        problem = Words("has an address written with escapes", "含有以转义写成的网址")
        fix = Words("write it plainly, as a browser shows it", "请按浏览器所示直接写出")
        raise UserError("E015", error.args[1].where, key="data", problem=problem, fix=fix) from None


def _section(node: MapNode, parent: str, values: dict[str, Any], setting: Setting) -> None:
    """Reads the keys of one section into `values` by dotted name."""
    known = children(parent)
    for word, item in node.items:
        at = str(word.at)
        key = known.get(word.text)
        if key is None:
            raise _unknown(word, parent, known)
        if key.later:
            raise UserError("E014", at, feature=Words(f"the key '{key.name}'", f"键“{key.name}”"))
        if key.name in setting.where:
            raise UserError("E007", at, key=key.name, first=setting.where[key.name])
        setting.where[key.name] = str(item.at)
        if key.shape != "section":
            values[key.name] = READERS[key.shape](item, key, setting)
        elif key.name == "data" and isinstance(item, Scalar) and item.value is not None:
            source = BY_NAME["data.source"]
            values[source.name] = READERS[source.shape](item, source, setting)
            setting.where[source.name] = str(item.at)
        else:
            _section(_mapping(item, key), key.name, values, setting)


def _mapping(node: Node, key: Key) -> MapNode:
    if isinstance(node, MapNode) and node.items:
        return node
    if isinstance(node, MapNode) or (isinstance(node, Scalar) and node.value is None):
        raise UserError("E018", str(node.at), key=key.name, example=key.example)
    names = ", ".join(children(key.name))
    wanted = Words(f"keys under it ({names})", f"其下的键（{names}）")
    raise UserError("E012", str(node.at), key=key.name, wanted=wanted, found=kind_of(node))


def _unknown(word: Scalar, parent: str, known: dict[str, Key]) -> UserError:
    place = Words(f"'{parent}'", f"“{parent}”") if parent else Words("product.yaml", "product.yaml")
    if wide := word.text.partition("：")[0].strip() if "：" in word.text else "":
        return UserError("E009", str(word.at), key=shown(wide))
    elsewhere = next((key.name for key in KEYS if key.leaf == word.text), None)
    near = suggest(word.text[:80], known)
    if elsewhere:
        home = elsewhere.rpartition(".")[0]
        near = Words(f"it belongs under '{home}'", f"它应写在“{home}”下") if home else Words(
            "it belongs at the top of the file", "它应写在文件顶层")  # fmt: skip
    return UserError("E011", str(word.at), key=shown(word.text), place=place, suggestion=near)


def _complete(values: dict[str, Any], top: MapNode) -> None:
    """Refuses a contract that lacks a key it needs. A folder of classes needs no target."""
    for key in KEYS:
        if not key.required or key.name in values or key.shape == "section":
            continue
        if key.name == "data.target" and all(source.is_folder for source in values["data.source"]):
            values[key.name] = "label"  # the readers of folders call it so
            continue
        raise UserError("E013", str(top.at), key=key.name, example=key.example)


def _under(parent: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values that stand directly in a section, by their last word."""
    return {name.rpartition(".")[2]: value for name, value in values.items() if name.rpartition(".")[0] == parent}


def _cost(given: dict[str, Any], setting: Setting) -> CostSpec:
    """The prices, all in one currency."""
    money = {name: given.pop(name) for name in ("price", "current") if name in given}
    currencies = {name: currency for name, (_, currency) in money.items()}
    if len(set(currencies.values())) > 1:
        at = setting.where["cost.current"]
        raise UserError("E055", at, line="cost.current", currency=currencies["current"], declared=currencies["price"])
    amounts = {name: amount for name, (amount, _) in money.items()}
    return CostSpec(**given, **amounts, currency=next(iter(currencies.values()), None))


_NEW = Words("zhinan new DIR --from DATA writes one", "zhinan new 目录 --from 数据 可生成一份")
