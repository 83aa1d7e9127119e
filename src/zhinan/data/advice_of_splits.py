"""What Zhinan does about each finding about the parts of the split, and how to have it otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from zhinan.core import Words

__all__ = ["OF_SPLITS"]

_OTHERS = Words("give a data.test of rows that repeat none of these", "提供不与这些行重复的 data.test")

OF_SPLITS: Mapping[str, tuple[Words, Words]] = {
    "duplicates": (
        Words("kept once in train; each stays on one side of the split", "训练集中只保留一次，且不跨集合"),
        Words("add a column that tells them apart", "增加一个能区分它们的列"),
    ),
    "overlap": (
        Words("left out of what learns; the sealed set keeps all its rows", "从训练数据中去除，封存集保持完整"),
        _OTHERS,
    ),
    "near_overlap": (
        Words("left out of what learns; the sealed set keeps all its rows", "从训练数据中去除，封存集保持完整"),
        _OTHERS,
    ),
    "lopsided_split": (
        Words("kept: what is learned from may be little, or what proves", "保留：可供学习或用于证明的行可能很少"),
        Words("add rows of more people or moments, or give a data.test", "增加更多人或更多时刻的行，或提供 data.test"),
    ),
    "sealed_copies": (
        Words("kept; a proof needs more rows for them", "保留；证明因此需要更多行"),
        Words(
            "add rows that differ, or name data.person where people write the same independently of each other",
            "增加不同的样本；若是不同的人各自写下相同内容，请指定 data.person",
        ),
    ),
    "future_rows": (Words("kept", "保留"), Words("give a later data.test", "使用更晚的 data.test")),
    "torn_moment": (
        Words("kept; within one moment a hash of each row decides", "保留；同一时刻内按各行的哈希划分"),
        Words(
            "give a finer data.time, or the rows of the last moments as data.test",
            "提供更细的 data.time，或将最后时刻的行作为 data.test",
        ),
    ),
    "split_columns": (
        Words("kept as inputs, and asked for by the version", "仍作为输入，版本也会要求提供"),
        Words(
            "name the inputs you want under data.inputs; to prove on that part, give its rows as the file of data.test",
            "在 data.inputs 中写明所需的输入列；若要在该部分上证明，请把其中的行写入 data.test 的文件",
        ),
    ),
    "drift": (
        Words("nothing: the proof holds for rows like the sealed ones", "不作处理：结论适用于与封存集同分布的数据"),
        Words("train on data like that which will come", "使用与未来数据相似的训练数据"),
    ),
    "class_mix": (
        Words("nothing: the proof holds for rows like the sealed ones", "不作处理：结论适用于与封存集同分布的数据"),
        Words(
            "learn from a mix like the one that will come, or write lines that no mix changes, such as recall[class]",
            "使训练数据的类别构成与未来一致，或写不受占比影响的条款，如 recall[类别]",
        ),
    ),
    "shared_texts": (
        Words("kept: only rows that repeat as a whole are left out of what learns", "保留：仅去除整行重复的训练数据"),
        Words(
            "give a data.test of texts that are new, or name the column under data.person: its rows then stand on one"
            " side; leave it where the product meets the same texts again",
            "提供文本全新的 data.test，或将该列写入 data.person（相同文本归入同一侧）；若产品会再遇到相同文本，可不改",
        ),
    ),
}
