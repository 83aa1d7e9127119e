"""What there is to say about the parts that rows are split into, in English and 中文."""

from __future__ import annotations

from zhinan.data.findings_of_files import Text

__all__ = ["OF_SPLITS"]

OF_SPLITS: dict[str, Text] = {
    "duplicates": Text(
        1,
        "{count} repeated (row|rows) left out of train: the same inputs and the same target stand there"
        " already{others}",
        "{count} 行重复（输入与目标相同），已从训练集去除{others}",
    ),
    "overlap": Text(
        2,
        "{count} (row repeats|rows repeat) the inputs of a sealed row, or of one to compare on: left out",
        "{count} 行与封存集或开发集的输入重复，已去除",
    ),
    "near_overlap": Text(
        2,
        "{count} (row nearly repeats|rows nearly repeat) a sealed row, or one to compare on: left out",
        "{count} 行与封存集或开发集的某行近似重复，已去除",
    ),
    "lopsided_split": Text(
        2,
        "the split came out lopsided, of {count} (row|rows) train {train}, dev {dev}, sealed {sealed}: whole people,"
        " moments or units fall on one side, and there are few",
        "划分很不均衡：{count} 行中训练 {train}、开发 {dev}、封存 {sealed}；同一人、同一时刻或同一单元的行"
        "整体落在一侧，而它们为数不多",
    ),
    "sealed_copies": Text(
        2,
        "the {count} sealed rows are {different} different examples: copies, and rows of one picture or recording,"
        " weigh together as one draw in every bound",
        "封存集的 {count} 行只是 {different} 个不同样本：在每个界中，重复的行与出自同一图片或录音的行合算一次抽样",
    ),
    "future_rows": Text(
        2,
        "{count} (row|rows) to learn from (is|are) later than the first sealed row",
        "{count} 行训练数据晚于封存集最早的一行",
    ),
    "torn_moment": Text(
        1,
        "{count} (row|rows) to learn from (is|are) of the very moment at which the sealed set begins",
        "{count} 行训练数据与封存集最早的一行处于同一时刻",
    ),
    "split_columns": Text(
        2,
        "{count} input (column seems|columns seem) to say in which part of somebody's split a row is: no new row has"
        " (it|them)",
        "{count} 个输入列似乎表示该行属于某次划分的哪一部分：新数据没有该列",
    ),
    "drift": Text(
        1,
        "{count} (column looks|columns look) different in the sealed set (0% would be alike, 100% have nothing in"
        " common)",
        "{count} 列在封存集中的分布不同（0% 为相同，100% 为毫无重合）",
    ),
    "class_mix": Text(
        1,
        "the sealed set mixes the classes otherwise (train → sealed): {count} of its {of} rows ({share}) would have to"
        " be of another class to be as in train",
        "封存集的类别构成与训练集不同（训练 → 封存）：{of} 行中需有 {count} 行（{share}）换成其他类别才会一致",
    ),
    "shared_texts": Text(
        2,
        "{count} of {of} sealed rows ({share}) hold a text that rows to learn from hold too, beside other values: what"
        " is proved is in part of texts met before",
        "{of} 行封存样本中有 {count} 行（{share}）含有训练数据中也出现的文本（其余列不同）：所证明的部分是见过的文本",
    ),
}
