"""What there is to say about data, in English and 中文, each under a stable code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zhinan.core import Words
from zhinan.data.types import Finding
from zhinan.steps.mask import redact, tidy

__all__ = ["TEXTS", "Text", "finding"]


class Text(NamedTuple):
    """A finding's damage (1–3) and its sentence in both languages; `{count}` and other values are filled in."""

    damage: int
    en: str
    zh: str


TEXTS: dict[str, Text] = {
    "rejected": Text(2, "{count} rows could not be taken", "{count} 行无法读取"),
    "unlabeled": Text(1, "{count} rows have no target and are set aside", "{count} 行没有目标值，已搁置"),
    "masked": Text(1, "{count} personal details were masked", "已遮盖 {count} 处个人信息"),
    "unnamed_columns": Text(1, "{count} columns have no name", "{count} 列没有列名"),
    "mislabelled": Text(
        1,
        "{count} file is not what its name says, and was read as what it is",
        "{count} 个文件的内容与扩展名不符，已按实际格式读取",
    ),
    "other_sheets": Text(1, "{count} more sheets were not read", "另有 {count} 个工作表未读取"),
    "empty_columns": Text(1, "{count} columns are empty and left out", "{count} 列是空的，已排除"),
    "constant_columns": Text(1, "{count} input columns always hold the same value", "{count} 个输入列的值始终相同"),
    "identifier_columns": Text(
        1,
        "{count} columns only identify a row and are left out of the inputs",
        "{count} 列只是标识符，未用作输入",
    ),
    "duplicates": Text(
        1,
        "{count} repeated rows (same inputs, same target) left out of train",
        "{count} 行重复（输入与目标相同），已从训练集去除",
    ),
    "label_conflicts": Text(2, "{count} rows share their inputs with another target", "{count} 行输入相同但目标不同"),
    "overlap": Text(
        3,
        "{count} rows repeat the inputs of a sealed row, or of one to compare on, and were left out",
        "{count} 行与封存集或开发集的输入重复，已去除",
    ),
    "near_overlap": Text(
        3,
        "{count} rows nearly repeat a sealed row, or one to compare on, and were left out",
        "{count} 行与封存集或开发集的某行近似重复，已去除",
    ),
    "repeats_are_normal": Text(
        1,
        "{count} rows repeat others: these columns do not identify an example, so repeats were kept",
        "{count} 行与其他行重复：这些列不能区分样本，故保留重复行",
    ),
    "missing_values": Text(1, "{count} input values are missing", "缺失 {count} 个输入值"),
    "imbalance": Text(
        2,
        "the rarest class has {count} examples, the most common {most}",
        "最少的类别只有 {count} 个样本，最多的有 {most} 个",
    ),
    "few_examples": Text(2, "only {count} labelled examples", "只有 {count} 个有标注的样本"),
    "rare_classes": Text(2, "{count} classes have fewer than {least} examples", "{count} 个类别的样本少于 {least} 个"),
    "untrained_classes": Text(
        3, "{count} classes of the sealed set have no example to learn from", "封存集中有 {count} 个类别没有训练样本"
    ),
    "untested_classes": Text(2, "{count} classes do not occur in the sealed set", "{count} 个类别未出现在封存集中"),
    "short_classes": Text(
        2, "{count} classes have fewer sealed examples than their lines need", "{count} 个类别的封存样本少于合约所需"
    ),
    "future_rows": Text(
        2, "{count} rows to learn from are later than the first sealed row", "{count} 行训练数据晚于封存集最早的一行"
    ),
    "shared_people": Text(
        2,
        "{count} people occur both in the sealed set and among the rows to learn from",
        "{count} 人同时出现在封存集和训练数据中",
    ),
    "personal_data": Text(
        3, "{count} values seem to hold {masks} and are not masked", "{count} 个值似乎含有 {masks}，但未遮盖"
    ),
    "leaks": Text(
        3,
        "{count} columns alone give away the target: are they known before the answer?",
        "{count} 列单独即可得知目标：预测时真的已知吗？",
    ),
}


def finding(code: str, count: int, examples: Iterable[str] = (), **values: object) -> Finding:
    """A finding with its sentence filled in and its first five examples masked."""
    text = TEXTS[code]
    shown = tuple(redact(tidy(str(e))[:400])[:80] for e in list(examples)[:5])
    filled = Words(text.en.format(count=f"{count:,}", **values), text.zh.format(count=f"{count:,}", **values))
    return Finding(code, filled, count, shown, text.damage)
