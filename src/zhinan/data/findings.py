"""What there is to say about data, in English and 中文, each under a stable code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zhinan.core import Words
from zhinan.data.advice import ADVICE, ONLY_SAID
from zhinan.data.types import Finding
from zhinan.steps.mask import redact, tidy

__all__ = ["TEXTS", "Text", "finding"]


class Text(NamedTuple):
    """A finding's damage (1–3) and its sentence in both languages; `{count}` and other values are filled in."""

    damage: int
    en: str
    zh: str


TEXTS: dict[str, Text] = {
    "free_text_target": Text(
        3,
        "the target has {count} different values, most of them once: it is free text, which no task answers in yet",
        "目标列有 {count} 个不同的值，多数只出现一次：它是自由文本，目前没有任务能以自由文本作答",
    ),
    "blank_pictures": Text(
        2, "{count} pictures show nothing: they are of one colour", "{count} 张图片没有内容（单一颜色）"
    ),
    "small_pictures": Text(1, "{count} pictures are smaller than 16 pixels", "{count} 张图片小于 16 像素"),
    "moving_pictures": Text(1, "{count} pictures have several frames", "{count} 张图片含有多帧"),
    "located_pictures": Text(
        3, "{count} pictures say where they were taken (EXIF GPS)", "{count} 张图片含有拍摄地点（EXIF GPS）"
    ),
    "mixed_colours": Text(
        1, "{count} pictures have another colour mode than most", "{count} 张图片的颜色模式与多数不同"
    ),
    "sizes_apart": Text(1, "pictures of {count} very different sizes", "图片有 {count} 种尺寸，相差很大"),
    "silent_recordings": Text(2, "{count} recordings are silent", "{count} 段录音没有声音"),
    "clipped_recordings": Text(
        2, "{count} recordings are clipped: too loud for their format", "{count} 段录音削波失真"
    ),
    "mixed_rates": Text(2, "{count} recordings have another sample rate than most", "{count} 段录音的采样率与多数不同"),
    "mixed_channels": Text(
        1, "{count} recordings have another number of channels than most", "{count} 段录音的声道数与多数不同"
    ),
    "lengths_apart": Text(
        1,
        "{count} recordings are over four times longer or shorter than the usual {usual} s",
        "{count} 段录音比常见的 {usual} 秒长或短四倍以上",
    ),
    "unread_columns": Text(
        3,
        "{count} input column is of kind {kind}, which no encoder reads yet: it is checked, and then has no say",
        "{count} 个输入列为 {kind} 类型，尚无编码器可读取：仅检查，不参与预测",
    ),
    "forgotten": Text(
        2,
        "{count} rows are of people who asked to be forgotten; the files still hold them",
        "{count} 行属于要求被遗忘的人；文件中仍保留着这些行",
    ),
    "rejected": Text(2, "{count} rows could not be taken", "{count} 行无法读取"),
    "set_aside": Text(
        2,
        "the data are more than may be held: {held} rows, drawn by what they hold or whose they are, are used; {count}"
        " more are not",
        "数据超出可保留的限额：按内容或所属的人抽取 {held} 行使用，其余 {count} 行未使用",
    ),
    "unlabeled": Text(1, "{count} rows have no target and are set aside", "{count} 行没有目标值，已搁置"),
    "masked": Text(1, "{count} personal details were masked", "已遮盖 {count} 处个人信息"),
    "cleaned": Text(1, "{count} values were cleaned ({rule})", "已清洗 {count} 个值（{rule}）"),
    "clipped": Text(
        1,
        "{count} numbers of train lie far outside the others and were clipped",
        "训练集中 {count} 个数值远离其余值，已截断",
    ),
    "unnamed_columns": Text(1, "{count} columns have no name", "{count} 列没有列名"),
    "mislabelled": Text(
        1,
        "{count} file is not what its name says, and was read as what it is",
        "{count} 个文件的内容与扩展名不符，已按实际格式读取",
    ),
    "fetched": Text(1, "{count} file was fetched", "已获取 {count} 个文件"),
    "other_sheets": Text(1, "{count} more sheets were not read", "另有 {count} 个工作表未读取"),
    "empty_columns": Text(1, "{count} columns are empty and left out", "{count} 列是空的，已排除"),
    "constant_columns": Text(1, "{count} input columns always hold the same value", "{count} 个输入列的值始终相同"),
    "identifier_columns": Text(
        1,
        "{count} columns only name rows, people or things, and are left out of the inputs",
        "{count} 列只是行、人或物的标识符，未用作输入",
    ),
    "duplicates": Text(
        1,
        "{count} repeated rows (same inputs, same target) left out of train",
        "{count} 行重复（输入与目标相同），已从训练集去除",
    ),
    "label_conflicts": Text(2, "{count} rows share their inputs with another target", "{count} 行输入相同但目标不同"),
    "overlap": Text(
        2,
        "{count} rows repeat the inputs of a sealed row, or of one to compare on, and were left out",
        "{count} 行与封存集或开发集的输入重复，已去除",
    ),
    "near_overlap": Text(
        2,
        "{count} rows nearly repeat a sealed row, or one to compare on, and were left out",
        "{count} 行与封存集或开发集的某行近似重复，已去除",
    ),
    "repeats_are_normal": Text(
        1,
        "{count} rows repeat others: these columns do not identify an example, so repeats were kept",
        "{count} 行与其他行重复：这些列不能区分样本，故保留重复行",
    ),
    "missing_values": Text(1, "{count} input values are missing", "缺失 {count} 个输入值"),
    "imbalance": Text(
        2,
        "the rarest class has {count} examples, the most common {most}",
        "最少的类别只有 {count} 个样本，最多的有 {most} 个",
    ),
    "few_examples": Text(2, "only {count} labelled examples", "只有 {count} 个有标注的样本"),
    "rare_classes": Text(
        2,
        "{count} classes have fewer than {least} examples",
        "{count} 个类别的样本少于 {least} 个",
    ),
    "untrained_classes": Text(
        3, "{count} classes of the sealed set have no example to learn from", "封存集中有 {count} 个类别没有训练样本"
    ),
    "untested_classes": Text(2, "{count} classes do not occur in the sealed set", "{count} 个类别未出现在封存集中"),
    "short_classes": Text(
        2, "{count} classes have fewer sealed examples than their lines need", "{count} 个类别的封存样本少于合约所需"
    ),
    "future_rows": Text(
        2, "{count} rows to learn from are later than the first sealed row", "{count} 行训练数据晚于封存集最早的一行"
    ),
    "shared_people": Text(
        2,
        "{count} people occur both in the sealed set and among the rows to learn from",
        "{count} 人同时出现在封存集和训练数据中",
    ),
    "personal_data": Text(
        3, "{count} values seem to hold {masks} and are not masked", "{count} 个值似乎含有 {masks}，但未遮盖"
    ),
    "personal_numbers": Text(
        3,
        "{count} numbers of '{name}' look like {masks}: a column of numbers is not masked",
        "“{name}” 中有 {count} 个数字像是 {masks}：数值列不会被遮盖",
    ),
    "leaks": Text(
        3,
        "{count} columns alone give away the target: are they known before the answer?",
        "{count} 列单独即可得知目标：预测时真的已知吗？",
    ),
    "near_duplicates": Text(
        1,
        "{count} rows nearly repeat another: a text with the same numbers and at least 80 % of it alike, or the"
        " same picture or recording",
        "{count} 行与另一行近似重复：文本数字相同且八成以上相同，或图片、录音相同",
    ),
    "near_conflicts": Text(
        2, "{count} pairs of nearly equal rows have different targets", "{count} 对近似重复的行目标值不同"
    ),
    "crowded_texts": Text(
        1,
        "{count} texts are too many or too much alike to compare all: near-duplicates were looked for by rare pieces"
        " of them, so a few may be missing",
        "{count} 段文本过多或过于相似，无法两两比较：近似重复按罕见片段查找，可能有少数遗漏",
    ),
    "missing_tells": Text(
        2,
        "whether '{name}' is missing ({count} rows) depends on the target",
        "“{name}” 是否缺失（{count} 行）与目标有关",
    ),
    "outliers": Text(
        1, "{count} values of {columns} columns lie very far from the rest", "{columns} 列中有 {count} 个值远离其余值"
    ),
    "odd_lengths": Text(
        1, "{count} texts are far longer than the rest or hardly a text", "{count} 段文本过长或几乎为空"
    ),
    "odd_dates": Text(
        2, "{count} moments lie in the future or at a computer's zero", "{count} 个时间在未来，或是系统零点"
    ),
    "nearly_constant": Text(
        1,
        "{count} input columns hold one value in 99.5 % of rows or more",
        "{count} 个输入列有 99.5% 以上的行取同一个值",
    ),
    "stand_ins": Text(2, "{count} values look like stand-ins for a missing one", "{count} 个值疑似缺失值的占位符"),
    "mixed_values": Text(
        2, "{count} columns mix numbers with words, or several units", "{count} 列混有数字与文字，或多种单位"
    ),
    "mojibake": Text(
        2, "{count} values were decoded wrongly once (such as Ã©, 锟斤拷)", "{count} 个值含乱码（如 Ã©、锟斤拷）"
    ),
    "languages": Text(1, "texts in {count} languages: {shares}", "文本含 {count} 种语言：{shares}"),
    "rare_values": Text(
        1,
        "{count} different values of category columns occur fewer than 5 times",
        "类别列中有 {count} 个取值出现少于 5 次",
    ),
    "label_variants": Text(
        2,
        "{count} classes differ from another only in case, width or punctuation",
        "{count} 个类别仅大小写、全半角或标点不同",
    ),
    "label_in_text": Text(
        3, "{count} texts contain their own label, word for word", "{count} 段文本中直接写出了自己的标签"
    ),
    "strong_columns": Text(
        2,
        "{count} columns alone nearly give away the target: are they known before the answer?",
        "{count} 列单独几乎即可得知目标：预测时真的已知吗？",
    ),
    "later_columns": Text(
        3,
        "{count} input columns are moments after '{time}': they are known too late",
        "{count} 个输入列的时间晚于 “{time}”：预测时尚不可知",
    ),
    "drift": Text(1, "{count} columns look different in the sealed set", "{count} 列在封存集中的分布不同"),
    "sampled": Text(1, "the columns were looked at in a sample of {count} rows", "列检查基于 {count} 行抽样"),
}


def finding(code: str, count: int, examples: Iterable[str] = (), **values: object) -> Finding:
    """A finding with its sentence filled in and its first five examples masked."""
    text = TEXTS[code]
    shown = tuple(redact(tidy(str(e))[:400])[:80] for e in list(examples)[:5])
    filled = Words(text.en.format(count=f"{count:,}", **values), text.zh.format(count=f"{count:,}", **values))
    do, overrule = ADVICE.get(code, ONLY_SAID)
    return Finding(code, filled, count, shown, text.damage, do, overrule)
