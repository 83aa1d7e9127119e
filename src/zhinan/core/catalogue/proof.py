"""E030–E049: what cannot be judged, and a sealed set that is used up."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E030": Entry(
        "the sealed set is used up: at opening {opening} even flawless answers could not prove '{line}'",
        "add freshly labelled test examples; opening {opening} can prove it from {need} examples (it has {have}). "
        "`--draft` builds without opening; `--override-ledger REASON` looks once more, and proves nothing",
        "封存集已用尽：第 {opening} 次打开时，即使全部答对也无法证明“{line}”",
        "请加入新标注的测试样本；第 {opening} 次打开至少需要 {need} 条（现有 {have} 条）。"
        "`--draft` 不开启封存集；`--override-ledger 理由` 可再看一次，但不构成证明",
    ),
    "E031": Entry(
        "the class '{part}' never occurs in the true labels of these examples, so nothing can be said about it",
        "{suggestion}",
        "这些样本的真实标签里没有类别“{part}”，无法判断",
        "{suggestion}",
    ),
    "E032": Entry(
        "'{name}' has {got} values where the labels have {wanted}",
        "give one value for each example, in the same order",
        "“{name}”有 {got} 个值，而标签有 {wanted} 个",
        "请为每个样本各给一个值，顺序一致",
    ),
    "E033": Entry(
        "probabilities of shape {shape} are not numbers from 0 to 1 for each of {classes} classes",
        "give one row for each example and one column for each class, without missing values",
        "形状为 {shape} 的概率不是 {classes} 个类别各一个 0 到 1 之间的数",
        "每个样本一行、每个类别一列，且不得缺失",
    ),
    "E034": Entry(
        "there is no column '{column}' beside these answers",
        "{suggestion}",
        "这些答案旁没有列“{column}”",
        "{suggestion}",
    ),
    "E035": Entry(
        "the plan of {plan} openings of the sealed set is used up: this would be opening {opening}",
        "add freshly labelled test examples; a plan made before the first opening may not be changed after it. "
        "`--draft` builds without opening; `--override-ledger REASON` looks once more, and proves nothing",
        "计划的 {plan} 次封存集打开已用完：这将是第 {opening} 次",
        "请加入新标注的测试样本；首次打开之前定下的计划之后不得更改。"
        "`--draft` 不开启封存集；`--override-ledger 理由` 可再看一次，但不构成证明",
    ),
}
