"""Errors of kinds, cleaning and augmentation: E170–E179."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E170": Entry(
        "column '{name}' mixes units: {units}",
        "write all its numbers in one unit, or split the column",
        "列 “{name}” 混用了多个单位：{units}",
        "请将该列数值统一为一个单位，或拆成多列",
    ),
    "E171": Entry(
        "'{name}' holds several labels a row, and no recipe answers with several labels yet",
        "zhinan check and its split work on it, and zhinan prove judges predictions of several labels made elsewhere; "
        "write task: classify to take every combination as one class",
        "“{name}” 每行有多个标签，目前尚无可输出多个标签的模型",
        "zhinan check 与数据划分可用，zhinan prove 可检验在别处得到的多标签预测；"
        "若要把每种组合当作一个类别，请写 task: classify",
    ),
    "E172": Entry(
        "train.augment varies texts, and no input is a text (inputs are of kind {kinds})",
        "leave train.augment out, or say in data.inputs which column is a text",
        "train.augment 只作用于文本，而输入中没有文本列（现有类型：{kinds}）",
        "请删除 train.augment，或在 data.inputs 中指明文本列",
    ),
}
