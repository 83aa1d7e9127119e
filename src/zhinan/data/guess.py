"""Guesses a contract's data section from a file, with the reason for each guess, for `zhinan new --from`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from zhinan.contract.places import parted_sheet
from zhinan.core import Column, Words, entries
from zhinan.data.cleaning import tidied
from zhinan.data.drawing import USUAL
from zhinan.data.kinds import CLASSES, convert, infer
from zhinan.data.masking import found_in, held_by
from zhinan.data.moments import MOMENT
from zhinan.data.nesting import unnested
from zhinan.data.predictors import gives_away
from zhinan.data.sandbox import read
from zhinan.data.stacking import check_columns, names_in, refuse_parts, tables
from zhinan.data.types import Raw
from zhinan.data.unnamed import SOMEBODY

__all__ = ["infer_contract"]

_TARGETS = (
    "label", "target", "intent", "class", "category", "y", "outcome", "sentiment", "emotion", "topic", "churn",
    "default", "fraud", "rating", "stars", "标签", "类别", "意图", "分类", "目标", "情感", "评分",
)  # fmt: skip
_NUMBERS = (
    "price", "amount", "value", "y", "target", "cost", "total", "revenue", "sales", "salary", "income", "charges",
    "duration", "quantity", "count", "score", "rating", "age", "评分", "价格", "金额", "数量", "销量", "时长", "费用",
)  # fmt: skip
"""What columns of numbers that are to be predicted are called."""
_MOST_CLASSES = 500


def infer_contract(path: str | os.PathLike[str], task: str | None = None) -> dict[str, Any]:
    """What a contract about this file may say.

    Args: path: of a file or folder, or of one sheet as in orders.xlsx[Orders]. task: what is asked for, where somebody
        said so.

    Returns:
        product: a name. data: source, target, inputs {column: kind}, person, time, mask, as product.yaml has them;
        target is None when no column looks like one. task: "classify", "regress", "tag" or None. rows: accepted ones.
        classes: {class: count}, most frequent first; empty for numbers. off: of numbers, by how much their median is
        off on average, else None. why: dotted key → reason in English and 中文.
    Raises: UserError as `read`, E194 for a folder of train and test.
    """
    book, sheet = (os.fspath(path), None) if Path(path).exists() else parted_sheet(os.fspath(path))
    place = Path(book)
    files = tables(place.iterdir()) if place.is_dir() else []
    refuse_parts((file.name for file in files), place.name)
    raws = [read(file, draw=USUAL, options={"sheet": sheet} if sheet else {}) for file in files or [place]]
    for file, raw in zip(files, raws, strict=False):
        check_columns((files[0].name, names_in(raws[0].frame)), (file.name, names_in(raw.frame)))
    parted, _ = unnested([Raw.joined(raws).frame])
    frame = tidied(parted[0]).drop("_line", "_member", strict=False)
    columns = infer(frame, entries("mask"))
    why: dict[str, Words] = {}
    _of_sheets(raws[0], why)
    person = _person(frame, columns, why)
    time = _time(columns, why)
    target, numeric = _target(frame, columns, {person, time}, why, task)
    masks = _masks(frame, columns, target, why)
    inputs = _inputs(frame, columns, {person, time, target}, target, why)
    if not inputs and time is not None:
        inputs = {time: "time"}
        why[f"data.inputs.{time}"] = Words("nothing else is left to learn from", "没有其他可供学习的列")
    classes = {} if target is None or numeric else dict(frame[target].drop_nulls().value_counts(sort=True).iter_rows())
    return {
        "product": re.sub(r"[^\w]+", "-", place.stem.lower()).strip("-") or "product",
        "data": {
            "source": Path(path).name,
            "target": target,
            "inputs": inputs,
            "person": person,
            "time": time,
            "mask": masks,
        },
        "task": None if target is None else "regress" if numeric else _of_labels(columns, target, task),
        "rows": frame.height,
        "classes": classes,
        "off": _off(frame[target], columns) if target is not None and numeric else None,
        "why": why,
    }


def _of_sheets(raw: Raw, why: dict[str, Words]) -> None:
    """Says which sheets of a book are not in the draft."""
    said = next((one for one in raw.findings if one.code == "other_sheets"), None)
    if said is not None:
        names = ", ".join(said.examples)
        why["data.source"] = Words(
            f'{said.what.en} ({names}); several: ["book.xlsx[one]", "book.xlsx[two]"]',
            f'{said.what.zh}（{names}）；读取多个：["book.xlsx[one]", "book.xlsx[two]"]',
        )


def _person(frame: pl.DataFrame, columns: Sequence[Column], why: dict[str, Words]) -> str | None:
    for column in columns:
        if SOMEBODY.search(column.name) and column.kind in ("id", "category", "text", "number"):
            people = frame[column.name].drop_nulls().n_unique()
            if people >= 3:
                rows = f"{frame.height:,}"
                why["data.person"] = Words(
                    f"its name; {people:,} people in {rows} rows", f"列名；{rows} 行中有 {people:,} 人"
                )
                return column.name
    return None


def _time(columns: Sequence[Column], why: dict[str, Words]) -> str | None:
    moments = [column.name for column in columns if column.kind == "time"]
    named = [name for name in moments if MOMENT.search(name)]
    if not named and len(moments) != 1:
        return None
    name = (named or moments)[0]
    why["data.time"] = Words("its values are moments", "其值为日期或时间")
    return name


def _target(
    frame: pl.DataFrame,
    columns: Sequence[Column],
    taken: set[str | None],
    why: dict[str, Words],
    task: str | None,
) -> tuple[str | None, bool]:
    """The column to predict, and whether it is a number."""
    free = [column for column in columns if column.name not in taken]
    amounts = [c.name for c in free if c.kind == "number" and frame[c.name].drop_nulls().n_unique() > 1]
    many = [name for name in amounts if frame[name].drop_nulls().n_unique() > CLASSES]
    fitting = [column.name for column in free if _has_classes(frame[column.name]) and task != "regress"]
    named = [(wanted, fitting, False) for wanted in _TARGETS]
    named += [(wanted, amounts if task == "regress" else many, True) for wanted in _NUMBERS if task != "classify"]
    for wanted, names, numeric in named:
        for name in names:
            if name.casefold() == wanted:
                why["data.target"] = Words(f"named '{name}'", f"列名为“{name}”")
                return name, numeric
    few = [
        c.name for c in free if c.name in fitting and (c.kind in ("category", "flag") or c.name == frame.columns[-1])
    ]
    if few:
        name = few[-1]
        count = frame[name].drop_nulls().n_unique()
        why["data.target"] = Words(f"the last column of few values ({count})", f"最后一个取值较少的列（{count} 个）")
        return name, False
    numbers = amounts if task == "regress" else many if task is None else []
    if numbers:
        why["data.target"] = Words("the last column of numbers", "最后一个数值列")
        return numbers[-1], True
    why["data.target"] = Words("no column has a few repeated values", "没有取值少且重复的列")
    return None, False


def _off(values: pl.Series, columns: Sequence[Column]) -> float:
    """By how much the median of a column is off on average."""
    column = next(c for c in columns if c.name == values.name)
    numbers = convert(values, column)[0].drop_nulls()
    off: float = np.abs(numbers.to_numpy() - np.median(numbers.to_numpy())).mean() if len(numbers) else 0.0
    return float(off)


def _has_classes(values: pl.Series) -> bool:
    known = values.drop_nulls()
    count = known.n_unique()
    return 2 <= count <= min(_MOST_CLASSES, max(20, len(known) // 3)) and count < len(known)


def _masks(frame: pl.DataFrame, columns: Sequence[Column], target: str | None, why: dict[str, Words]) -> list[str]:
    for column in columns:
        if column.kind in ("text", "category", "id") and column.name != target:
            for mask, (count, example) in found_in(frame[column.name]).items():
                shown = f"{column.name}: {example[:40]}"
                words = Words(f"found {count:,} times, such as {shown}", f"出现 {count:,} 次，如 {shown}")
                why.setdefault(f"data.mask.{mask}", words)
            if (held := held_by(frame[column.name], entries("mask"))) is not None:
                words = Words(f"{column.name} is called after it", f"列名 {column.name} 即为此类信息")
                why.setdefault(f"data.mask.{held}", words)
    return [mask for mask in entries("mask") if f"data.mask.{mask}" in why]


def _inputs(
    frame: pl.DataFrame, columns: Sequence[Column], taken: set[str | None], target: str | None, why: dict[str, Words]
) -> dict[str, str]:
    inputs: dict[str, str] = {}
    for column in columns:
        key = f"data.inputs.{column.name}"
        if column.name in taken:
            continue
        if column.kind == "id" or frame[column.name].null_count() == frame.height:
            why[key] = Words(f"left out: {column.why.en}", f"未用作输入：{column.why.zh}")
        elif target is not None and column.kind != "text" and gives_away(frame[column.name], frame[target]):
            why[key] = Words("left out: it alone gives the target away", "未用作输入：仅凭它即可得知目标")
        else:
            inputs[column.name] = column.kind
            why[key] = column.why
    return inputs


def _of_labels(columns: Sequence[Column], target: str, asked: str | None) -> str:
    """Whether a row has one label or several; each cell is one class where that is asked for."""
    several = any(column.name == target and column.kind == "list" for column in columns)
    return "tag" if several and asked != "classify" else "classify"
