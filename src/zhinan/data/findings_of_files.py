"""What there is to say about files and their rows as they stand there, in English and 中文."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["OF_FILES", "Text"]


class Text(NamedTuple):
    """A finding's damage (1–3) and its sentence in both languages; `{count}` and other values are filled in.

    (for one|for several): English has words that follow the count.
    """

    damage: int
    en: str
    zh: str


OF_FILES: dict[str, Text] = {
    "blank_pictures": Text(
        2,
        "{count} (picture shows nothing: it is|pictures show nothing: they are) of one colour",
        "{count} 张图片没有内容（单一颜色）",
    ),
    "small_pictures": Text(1, "{count} (picture is|pictures are) smaller than 16 pixels", "{count} 张图片小于 16 像素"),
    "moving_pictures": Text(1, "{count} (picture has|pictures have) several frames", "{count} 张图片含有多帧"),
    "located_pictures": Text(
        3,
        "{count} (picture says where it was|pictures say where they were) taken (EXIF GPS)",
        "{count} 张图片含有拍摄地点（EXIF GPS）",
    ),
    "mixed_colours": Text(
        1, "{count} (picture has|pictures have) another colour mode than most", "{count} 张图片的颜色模式与多数不同"
    ),
    "sizes_apart": Text(1, "pictures of {count} very different sizes", "图片有 {count} 种尺寸，相差很大"),
    "silent_recordings": Text(2, "{count} (recording is|recordings are) silent", "{count} 段录音没有声音"),
    "clipped_recordings": Text(
        2,
        "{count} (recording is clipped: too loud for its|recordings are clipped: too loud for their) format",
        "{count} 段录音削波失真",
    ),
    "mixed_rates": Text(
        2, "{count} (recording has|recordings have) another sample rate than most", "{count} 段录音的采样率与多数不同"
    ),
    "mixed_channels": Text(
        1,
        "{count} (recording has|recordings have) another number of channels than most",
        "{count} 段录音的声道数与多数不同",
    ),
    "lengths_apart": Text(
        1,
        "{count} (recording is|recordings are) over four times longer or shorter than the usual {usual} s",
        "{count} 段录音比常见的 {usual} 秒长或短四倍以上",
    ),
    "forgotten": Text(
        2,
        "{count} (row is of a person|rows are of people) who asked to be forgotten; the files still hold (it|them)",
        "{count} 行属于要求被遗忘的人；文件中仍保留着这些行",
    ),
    "rejected": Text(2, "{count} (row|rows) could not be taken", "{count} 行无法读取"),
    "set_aside": Text(
        2,
        "the data are more than may be held: {held} rows, drawn by what they hold or whose they are, are used; {count}"
        " more are not",
        "数据超出可保留的限额：按内容或所属的人抽取 {held} 行使用，其余 {count} 行未使用",
    ),
    "unlabeled": Text(
        1, "{count} (row has no target and is|rows have no target and are) set aside", "{count} 行没有目标值，已搁置"
    ),
    "unnamed_columns": Text(1, "{count} (column has|columns have) no name", "{count} 列没有列名"),
    "mislabelled": Text(
        1,
        "{count} (file is|files are) not what the name says, and read as what (it is|they are)",
        "{count} 个文件的内容与扩展名不符，已按实际格式读取",
    ),
    "guessed_encoding": Text(
        1,
        "{count} (file is|files are) not UTF-8: (its|their) encoding was guessed",
        "{count} 个文件不是 UTF-8：编码为推测所得",
    ),
    "fetched": Text(1, "{count} (file was|files were) fetched", "已获取 {count} 个文件"),
    "other_files": Text(
        2,
        "{count} (file|files) in a folder or an archive (was|were) not read",
        "文件夹或压缩包中有 {count} 个文件未读取",
    ),
    "other_sheets": Text(
        1,
        "sheet '{name}' was read, and not {count} (other|others)",
        "读取了工作表“{name}”，另有 {count} 个工作表未读取",
    ),
    "uncomputed_formulas": Text(
        2,
        "{count} (cell holds a formula|cells hold formulas) that nothing has computed yet: read as empty",
        "{count} 个单元格是尚未计算的公式，按空值读取",
    ),
    "merged_cells": Text(
        1,
        "{count} empty (cell of a merged range was|cells of merged ranges were) given the range's value",
        "合并单元格中有 {count} 个空格已按合并区域的值填入",
    ),
    "personal_files": Text(
        2,
        "{count} of {of} rows ({share}) (names a file whose name seems|name files whose names seem) to hold somebody's"
        " details ({masks}): files are read under their own names",
        "{of} 行中有 {count} 行（{share}）的文件名似乎含有个人信息（{masks}）：文件按原名读取，不会改名",
    ),
    "parted_objects": Text(
        1,
        "{count} (column of JSON objects was|columns of JSON objects were) parted into a column for each field",
        "{count} 列 JSON 对象已按字段拆分成列",
    ),
    "preamble": Text(
        1,
        "{count} (line|lines) above the names of the columns (was|were) passed over",
        "列名之上的 {count} 行已跳过",
    ),
    "more_names": Text(
        1,
        "{count} (row|rows) below the names of the columns (goes|go) on with them, as exports of surveys have it",
        "列名之下的 {count} 行是列名的延续（问卷导出的写法）",
    ),
    "escaped_quotes": Text(
        1,
        "quotes within texts are written with a backslash in {count} file",
        "{count} 个文件中，文本内的引号以反斜杠转义",
    ),
    "repeated_names": Text(
        1,
        "{count} (row repeats the names of the columns and was|rows repeat the names of the columns and were) left out",
        "{count} 行重复列名，已排除",
    ),
    "totals": Text(
        1,
        "{count} (row of totals was|rows of totals were) left out: (it is no example|they are no examples)",
        "{count} 行合计行已排除：它们不是样本",
    ),
}
