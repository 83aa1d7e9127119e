"""E500–E549: feedback, stages and what follows from them."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E500": Entry(
        "the feedback has no column '{column}' with the right answers",
        "{suggestion}",
        "反馈中没有存放正确答案的列“{column}”",
        "{suggestion}",
    ),
    "E550": Entry(
        "nobody is named, and no forgetting waits to be finished",
        "name persons as the column data.person has them, or give a file with one a line: zhinan forget --from FILE",
        "没有指定任何人，也没有待完成的遗忘请求",
        "请按 data.person 列中的写法给出姓名或编号，或提供每行一个的文件：zhinan forget --from FILE",
    ),
    "E551": Entry(
        "nothing is known of person {place} of {count}: no row, event or version",
        "write the name as the column data.person of the data has it; nothing was erased",
        "第 {place} 个人（共 {count} 个）没有任何行、事件或版本",
        "请按数据中 data.person 列的写法填写；尚未删除任何内容",
    ),
    "E552": Entry(
        "a person asked to be forgotten while this was built from their rows; it was not kept",
        "build again: their rows are left out now",
        "构建期间有人要求被遗忘，而构建用到了其数据；结果未保留",
        "请重新构建：其数据现已排除",
    ),
    "E553": Entry(
        "this is no receipt of a forgetting: {reason}",
        "give the file that zhinan forget wrote, from receipts/ in the store's folder",
        "这不是遗忘凭证：{reason}",
        "请给出 zhinan forget 写入的文件（位于存储文件夹的 receipts/）",
    ),
    "E554": Entry(
        "the receipt is not what the audit of '{product}' has on record",
        "it was changed, or is of another store (--store)",
        "凭证与“{product}”的审计记录不符",
        "它被改动过，或属于其他存储（--store）",
    ),
}
