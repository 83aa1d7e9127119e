"""Columns that say to which part of somebody's split a row belongs: no new row has such a value."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from zhinan.core import Column

__all__ = ["markers"]

_MOST = 20
"""Different values of such a column."""

_CUTS = {"fold", "folds", "kfold", "split", "splits", "partition", "subset", "holdout"}
_PARTS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval", "cv"}
"""Alone such a word may be the name of anything: a laboratory's test, whether a value is valid."""

_BESIDE = {"is", "in", "for", "of", "the", "set", "data", "flag", "id", "no", "outer", "inner"}
_LETTERS = 2
_CHINESE = re.compile("(?:是否|所属)?(?:训练|测试|验证|开发)集?|(?:数据集?|样本)?划分|分?折(?:号|次)?")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def markers(frame: pl.DataFrame, columns: Iterable[Column]) -> list[str]:
    """The columns that, by their names alone, say to which part of a split a row belongs, and have few values.

    `fold`, `is_test` and `ua_test` do; `test`, `fold_change` and `blood_test` do not: every word of a name speaks of
    parts, or is one or two letters.
    """
    return [column.name for column in columns if _speaks(column.name) and frame[column.name].n_unique() <= _MOST]


def _speaks(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    if _CHINESE.fullmatch(name):
        return True
    if any(word not in _CUTS | _PARTS | _BESIDE and len(word) > _LETTERS for word in words):
        return False
    return not _CUTS.isdisjoint(words) or (len(words) > 1 and not _PARTS.isdisjoint(words))
