"""E130–E149: what can be wrong with a source of data before its first row is judged."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E130": Entry(
        "the file is {what}, a format whose reading may run code; it is never read",
        "save the rows as Parquet or CSV, such as frame.to_parquet('rows.parquet')",
        "该文件是{what}，读取这种格式可能执行代码，因此一律不读取",
        "请将数据另存为 Parquet 或 CSV，例如 frame.to_parquet('rows.parquet')",
    ),
    "E131": Entry(
        "the file is {what}, although its name ends in '{suffix}'",
        "save the rows as CSV, Parquet or Excel (zhinan list readers)",
        "文件名以 “{suffix}” 结尾，实际却是{what}",
        "请将数据另存为 CSV、Parquet 或 Excel（zhinan list readers）",
    ),
    "E132": Entry(
        "the file is damaged: {reason}",
        "open it where it came from, and save it again",
        "文件已损坏：{reason}",
        "请在原程序中打开并重新保存",
    ),
    "E135": Entry("there is no sheet '{name}'", "{suggestion}", "没有工作表 “{name}”", "{suggestion}"),
}
