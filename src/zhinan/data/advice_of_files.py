"""What Zhinan does about each finding about files and their rows, and how to have it otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from zhinan.core import Words

__all__ = ["OF_FILES", "SOURCE"]

SOURCE = Words("mend it in the source", "请在数据源中修正")

OF_FILES: Mapping[str, tuple[Words, Words]] = {
    "parted_objects": (
        Words("rows to be answered may have the objects or the columns", "待预测的行可用对象，也可用拆分后的列"),
        Words(
            "name the column itself under data.inputs, such as user: text, to have it as it is written",
            "若要按原文使用，请在 data.inputs 中写明该列本身，例如 user: text",
        ),
    ),
    "blank_pictures": (Words("kept", "保留"), SOURCE),
    "located_pictures": (
        Words("the files stay as they are; nothing of it is stored", "文件保持原样，不会存储该信息"),
        Words("strip it in the source (exiftool -gps:all=)", "请在数据源中去除（exiftool -gps:all=）"),
    ),
    "silent_recordings": (Words("kept", "保留"), SOURCE),
    "clipped_recordings": (Words("kept", "保留"), SOURCE),
    "forgotten": (
        Words("not taken: nothing is learned from them, nothing of them is stored", "不读取：既不学习，也不存储"),
        Words("delete these lines in the source", "请在数据源中删除这些行"),
    ),
    "rejected": (Words("left out; a build stops above 5 %", "已排除；超过 5% 则停止"), SOURCE),
    "set_aside": (
        Words("what is learned and proved is of a random part", "仅用随机抽取的部分学习和证明"),
        Words("data.most: 4 GB", "data.most: 4 GB"),
    ),
    "unlabeled": (Words("kept for zhinan label", "留待 zhinan label 标注"), Words("label them", "请标注")),
    "preamble": (
        Words("the first line with a name for each column is taken for the names", "以首个列名齐全的行为列名"),
        Words(
            "take these lines out of the file, or name the columns in its first line", "请删除这些行，或把列名写在首行"
        ),
    ),
    "more_names": (
        Words("not read as rows; answers are named after their question", "不作为数据读取；选项列以其问题命名"),
        Words("write one row of names", "请只写一行列名"),
    ),
    "escaped_quotes": (
        Words(r"read so: \" is a quote, and \\ a backslash", r"照此读取：\" 为引号，\\ 为反斜杠"),
        Words('double the quotes in the source, as CSV wants it ("")', '请在数据源中按 CSV 的惯例写两个引号（""）'),
    ),
    "repeated_names": (Words("left out", "已排除"), SOURCE),
    "uncomputed_formulas": (
        Words("read as empty", "按空值读取"),
        Words(
            "open the file in a spreadsheet program and save it, which computes them",
            "请用电子表格软件打开并保存该文件，公式即会计算",
        ),
    ),
    "totals": (
        Words("left out", "已排除"),
        Words("write something else than a word for a total into the first cell", "首个单元格请勿写“合计”等字样"),
    ),
    "other_files": (
        Words("passed over", "已跳过"),
        Words(
            "give them an ending that is read, or name them under data.source",
            "改用可读取的扩展名，或在 data.source 中写明",
        ),
    ),
    "other_sheets": (
        Words("passed over", "已跳过"),
        Words(
            "name the one you want, as in source: {path: book.xlsx, sheet: Orders}",
            "请写明所需的工作表，例如 source: {path: book.xlsx, sheet: Orders}",
        ),
    ),
    "guessed_encoding": (
        Words("read in the one it is most like", "按最相符的编码读取"),
        Words(
            "say it, as in source: {path: rows.csv, encoding: big5}",
            "请写明编码，例如 source: {path: rows.csv, encoding: big5}",
        ),
    ),
    "merged_cells": (
        Words("each row of the range is read with its value", "合并区域的每一行都读作该值"),
        Words("unmerge the cells in the sheet, and fill in what each row is to hold", "请在表中取消合并并逐行填写"),
    ),
    "personal_files": (
        Words("kept; no encoder reads a name, and examples are masked here", "保留；编码器不读文件名，此处示例已遮盖"),
        Words("rename the files in the source", "请在数据源中重命名文件"),
    ),
}
"""Code of a finding → (what Zhinan does, how to overrule it)."""
