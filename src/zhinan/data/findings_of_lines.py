"""What there is to say about a contract's lines beside its data, in English and 中文."""

from __future__ import annotations

from zhinan.data.findings_of_files import Text

__all__ = ["OF_LINES"]

OF_LINES: dict[str, Text] = {
    "endless_interval": Text(
        3,
        "every interval will be endless: dev has {count} independent (example|examples) (rows of one person are one),"
        " and to hold the truth {level} of the time takes {need}",
        "所有区间都会宽到极限而没有信息：目标为 {level} 的区间需要 {need} 个独立样本（同一人的行只算一个），"
        "开发集只有 {count} 个",
    ),
    "wider_interval": Text(
        1,
        "{count} (line|lines) about coverage (makes|make) each interval wider than it asks, so that it can be proved",
        "{count} 条 coverage 条款为了可被证明，会使每个区间比条款本身要求的更宽",
    ),
    "one_answer": Text(
        2,
        "always answering '{label}' is right in {share} of the rows to learn from and meets {count} (line|lines)",
        "总是回答“{label}”在训练数据中有 {share} 正确：{count} 条条款因此即可满足",
    ),
}
