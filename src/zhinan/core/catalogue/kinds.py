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
    "E172": Entry(
        "train.augment varies texts, and no input is a text (inputs are of kind {kinds})",
        "leave train.augment out, or say in data.inputs which column is a text",
        "train.augment 只作用于文本，而输入中没有文本列（现有类型：{kinds}）",
        "请删除 train.augment，或在 data.inputs 中指明文本列",
    ),
}
