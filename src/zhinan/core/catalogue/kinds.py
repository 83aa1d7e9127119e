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
        "column '{name}': {letters} may be the letters of several zones, or of none that is known",
        "say data.zone, such as Asia/Shanghai, if they are its letters; or write offsets (+08:00) in the source",
        "列 “{name}”：{letters} 可能指多个时区，或不是已知时区",
        "若是某个时区的缩写，请写明 data.zone（例如 Asia/Shanghai）；或在数据源中写成 +08:00 这样的时差",
    ),
    "E172": Entry(
        "train.augment varies texts, and no input is a text (inputs are of kind {kinds})",
        "leave train.augment out, or say in data.inputs which column is a text",
        "train.augment 只作用于文本，而输入中没有文本列（现有类型：{kinds}）",
        "请删除 train.augment，或在 data.inputs 中指明文本列",
    ),
}
