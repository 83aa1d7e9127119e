"""What Zhinan does about each finding about how values are written, and how to have it otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from zhinan.core import Words

__all__ = ["OF_VALUES"]

OF_VALUES: Mapping[str, tuple[Words, Words]] = {
    "changed_midway": (
        Words("kept as it stands", "原样保留"),
        Words(
            "write each field under one name, and in one unit, in all rows",
            "请在所有行中以同一名称、同一单位书写每个字段",
        ),
    ),
    "joined_labels": (
        Words("each of these is a class like any other", "每种组合均视为一个类别"),
        Words("say task: tag if a row may have several labels", "若一行可有多个标签，请写明 task: tag"),
    ),
    "number_in_text": (
        Words(
            "kept: a proof on such rows flatters, unless reading it is the task",
            "保留：除非任务就是读出它，否则结论虚高",
        ),
        Words("remove the number from the text in the source", "请在数据源中去除文本里的该数值"),
    ),
    "number_conflicts": (
        Words("kept, and together in one part of the split", "保留，并置于同一划分中"),
        Words("mend the number, or add what tells such rows apart", "修正数值，或加入能区分这些行的列"),
    ),
    "doubted_signs": (
        Words("read with the sign that the others show", "按其他文件所示的小数点读取"),
        Words("write numbers in one way in all files", "请在所有文件中统一数字写法"),
    ),
    "paired_numbers": (
        Words("read as words", "按文字读取"),
        Words("write each number in a column of its own", "请将各个数字写入单独的列"),
    ),
    "value_variants": (
        Words("they stay values of their own", "仍视为不同取值"),
        Words("write each value in one way", "请统一取值写法"),
    ),
}
