"""What there is to say about data, in English and 中文, each under a stable code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zhinan.core import Words
from zhinan.data.advice import advice
from zhinan.data.findings_of_files import OF_FILES, Text
from zhinan.data.findings_of_lines import OF_LINES
from zhinan.data.findings_of_people import OF_PEOPLE
from zhinan.data.findings_of_splits import OF_SPLITS
from zhinan.data.findings_of_values import OF_VALUES
from zhinan.data.types import Finding
from zhinan.steps.mask import redact
from zhinan.steps.tidying import tidy

__all__ = ["TEXTS", "finding"]


WIDTH, LEAST = 80, 12
"""Characters of an example, and what is left at least of its longest value."""

_CHOICE = re.compile(r"\(([^|()]*)\|([^|()]*)\)")


TEXTS: dict[str, Text] = {
    **OF_FILES,
    **OF_LINES,
    **OF_PEOPLE,
    **OF_SPLITS,
    **OF_VALUES,
    "free_text_target": Text(
        3,
        "the target has {count} different values, most of them once: it is free text, which no task answers in yet, and"
        " of the sealed rows {share} have a value that train has",
        "目标列有 {count} 个不同的值，多数只出现一次：它是自由文本，目前没有任务能以自由文本作答；"
        "封存样本中 {share} 的值在训练集中出现过",
    ),
    "unread_inputs": Text(
        3,
        "{count} input (column, of kind {kinds}, is|columns, of kinds {kinds}, are) all there is, and no encoder reads"
        " (it|them) yet: a build has nothing to learn from",
        "输入列共 {count} 个，均为尚无编码器可读取的类型（{kinds}）：构建没有可学习的内容",
    ),
    "unread_columns": Text(
        2,
        "{count} input column is of kind {kind}, which no encoder reads yet: it is checked, and then has no say",
        "{count} 个输入列为 {kind} 类型，尚无编码器可读取：仅检查，不参与预测",
    ),
    "cleaned": Text(1, "{count} (value was|values were) cleaned ({rule})", "已清洗 {count} 个值（{rule}）"),
    "clipped": Text(
        1,
        "{count} (number|numbers) of train (lies|lie) far outside the others and (was|were) clipped",
        "训练集中 {count} 个数值远离其余值，已截断",
    ),
    "empty_columns": Text(1, "{count} (column is|columns are) empty and left out", "{count} 列是空的，已排除"),
    "constant_columns": Text(
        1, "{count} input (column always holds|columns always hold) the same value", "{count} 个输入列的值始终相同"
    ),
    "identifier_columns": Text(
        1,
        "{count} (column only names|columns only name) rows, people or things, and (is|are) left out of the inputs",
        "{count} 列只是行、人或物的标识符，未用作输入",
    ),
    "label_conflicts": Text(
        2,
        "{count} (row has the same inputs as one with|rows have the same inputs as others with) another target",
        "{count} 行输入相同但目标不同",
    ),
    "repeats_are_normal": Text(
        1,
        "{count} (row repeats another|rows repeat others): these columns do not identify an example; repeats were kept",
        "{count} 行与其他行重复：这些列不能区分样本，故保留重复行",
    ),
    "missing_values": Text(1, "{count} input (value is|values are) missing", "缺失 {count} 个输入值"),
    "imbalance": Text(
        2,
        "the rarest class has {count} (example|examples), the most common {most}",
        "最少的类别只有 {count} 个样本，最多的有 {most} 个",
    ),
    "few_examples": Text(2, "only {count} labelled (example|examples)", "只有 {count} 个有标注的样本"),
    "rare_classes": Text(
        2,
        "{count} (class has|classes have) fewer than {least} examples",
        "{count} 个类别的样本少于 {least} 个",
    ),
    "untrained_classes": Text(
        3,
        "{count} (class of the sealed set has|classes of the sealed set have) no example to learn from",
        "封存集中有 {count} 个类别没有训练样本",
    ),
    "untested_classes": Text(
        2, "{count} (class does|classes do) not occur in the sealed set", "{count} 个类别未出现在封存集中"
    ),
    "short_classes": Text(
        2,
        "{count} (class has|classes have) fewer sealed examples than (its|their) lines need",
        "{count} 个类别的封存样本少于合约所需",
    ),
    "leaks": Text(
        3,
        "{count} (column alone gives|columns alone give) away the target: (is it|are they) known beforehand?",
        "{count} 列单独即可得知目标：预测时真的已知吗？",
    ),
    "near_duplicates": Text(
        1,
        "{count} (row nearly repeats|rows nearly repeat) another: a text with the same numbers, or a long one whatever"
        " its numbers, and at least 80 % of it alike",
        "{count} 行与另一行近似重复：文本八成以上相同，且数字相同（长文本不论数字）",
    ),
    "alike_files": Text(
        1,
        "{count} (row nearly repeats|rows nearly repeat) another: a picture that looks like it, the same recording, or"
        " a text with the same numbers and at least 80 % of it alike",
        "{count} 行与另一行近似重复：图片相像、录音相同，或文本数字相同且八成以上相同",
    ),
    "shared_files": Text(
        1,
        "{count} (row speaks|rows speak) of a picture or recording that another row speaks of too",
        "{count} 行与另一行使用同一图片或录音",
    ),
    "near_conflicts": Text(
        2,
        "{count} (pair of nearly equal rows has|pairs of nearly equal rows have) different targets",
        "{count} 对近似重复的行目标值不同",
    ),
    "crowded_texts": Text(
        1,
        "{count} texts are too many or too much alike to compare all: near-duplicates were looked for by rare pieces"
        " of them, so a few may be missing",
        "{count} 段文本过多或过于相似，无法两两比较：近似重复按罕见片段查找，可能有少数遗漏",
    ),
    "missing_tells": Text(
        2,
        "whether '{name}' is missing, as in {count} (row|rows), depends on the target: in the shares shown of the rows"
        " with each",
        "“{name}” 是否缺失（{count} 行）与目标有关：所示为各目标值中缺失的比例",
    ),
    "outliers": Text(
        1,
        "{count} (value lies|values lie) very far from the rest of (its column|their columns)",
        "{columns} 列中有 {count} 个值远离其余值",
    ),
    "other_units": Text(
        2,
        "{count} (value is|values are) many times as large, or as small, as the rest of (its column|their columns),"
        " with nothing between: another unit?",
        "{columns} 列中有 {count} 个值比其余值大或小许多倍，且中间没有取值：单位是否不同？",
    ),
    "odd_lengths": Text(
        1, "{count} (text is|texts are) far longer than the rest or hardly a text", "{count} 段文本过长或几乎为空"
    ),
    "odd_dates": Text(
        2,
        "{count} (moment lies|moments lie) in the future or at a computer's zero",
        "{count} 个时间在未来，或是系统零点",
    ),
    "nearly_constant": Text(
        1,
        "{count} input (column holds|columns hold) one value in 99.5 % of rows or more",
        "{count} 个输入列有 99.5% 以上的行取同一个值",
    ),
    "equal_columns": Text(
        1,
        "{count} input (column holds|columns hold) in every row what another one holds",
        "{count} 个输入列与另一列在每一行都相同",
    ),
    "stand_ins": Text(
        2,
        "{count} (value looks like a stand-in|values look like stand-ins) for a missing one",
        "{count} 个值疑似缺失值的占位符",
    ),
    "mixed_values": Text(
        2,
        "{count} (column mixes|columns mix) numbers with words, or several units",
        "{count} 列混有数字与文字，或多种单位",
    ),
    "grouped_points": Text(
        2,
        "{count} (column holds|columns hold) numbers such as 1.234 alone, read as thousands: '{name}' writes decimal"
        " commas",
        "{count} 列的数值均形如 1.234，按千位分隔读取：“{name}” 以逗号为小数点",
    ),
    "shortened_numbers": Text(
        3,
        "{count} (value is|values are) written as 1.38E+10: a spreadsheet cut the last digits off, and numbers"
        " that differed are equal",
        "{count} 个值写作 1.38E+10：电子表格截去了末尾数字，不同的号码已变得相同",
    ),
    "mixed_dates": Text(
        2,
        "{count} (column mixes|columns mix) dates with other words, and (is|are) read as words",
        "{count} 列混有日期与其他文字，按文字读取",
    ),
    "infinite_values": Text(
        1,
        "{count} (number is|numbers are) infinite, as a division by zero leaves, and read as missing",
        "{count} 个数值为无穷大（如除以零所得），按缺失读取",
    ),
    "dates_read": Text(
        1,
        "{count} (column holds|columns hold) dates that do not say by themselves which day they are",
        "{count} 列日期本身未写明是哪一天",
    ),
    "unclear_dates": Text(
        2,
        "{count} (column holds|columns hold) dates whose day and month cannot be told apart, read as words",
        "{count} 列日期的日与月无法区分，按文字读取",
    ),
    "unclear_zones": Text(
        2,
        "{count} (column holds|columns hold) moments with letters that may be those of several zones, read as words",
        "{count} 列时间所写的时区缩写可能指多个时区，按文字读取",
    ),
    "unsaid_zones": Text(
        2,
        "{count} (column holds|columns hold) moments without a zone, taken for UTC, where other moments say theirs",
        "{count} 列含有未写时区的时间（按 UTC 读取），而其他时间写明了时区",
    ),
    "mojibake": Text(
        2,
        "{count} (value was|values were) decoded wrongly once (such as Ã©, 锟斤拷)",
        "{count} 个值含乱码（如 Ã©、锟斤拷）",
    ),
    "languages": Text(1, "texts in {count} languages: {shares}", "文本含 {count} 种语言：{shares}"),
    "rare_values": Text(
        1,
        "{count} different (value of category columns occurs|values of category columns occur) fewer than 5 times",
        "类别列中有 {count} 个取值出现少于 5 次",
    ),
    "label_variants": Text(
        2,
        "{count} (class differs|classes differ) from another only in case, width or punctuation",
        "{count} 个类别仅大小写、全半角或标点不同",
    ),
    "label_in_text": Text(
        3,
        "{count} (text contains its|texts contain their) own label, word for word",
        "{count} 段文本中直接写出了自己的标签",
    ),
    "strong_columns": Text(
        2,
        "{count} (column|columns) alone nearly (gives|give) away the target: (is it|are they) known beforehand?",
        "{count} 列单独几乎即可得知目标：预测时真的已知吗？",
    ),
    "passing_columns": Text(
        2,
        "what {count} (column tells|columns tell) of the target turned into its opposite as '{time}' went on",
        "随着 “{time}” 推移，有 {count} 列与目标的关系变得相反",
    ),
    "against_direction": Text(
        2,
        "with {count} (column|columns) of train.monotone, taken alone, the answer goes the other way",
        "train.monotone 中有 {count} 列单独来看，答案的走向与所写方向相反",
    ),
    "later_columns": Text(
        3,
        "{count} input (column is a moment|columns are moments) after '{time}': known too late",
        "{count} 个输入列的时间晚于 “{time}”：预测时尚不可知",
    ),
    "one_moment": Text(
        2,
        "{count} (row is|rows are) all of one moment: '{time}' parts nothing, and rows are split by a hash",
        "全部 {count} 行处于同一时刻：“{time}” 无法划分，改按哈希划分",
    ),
    "repeated_unlabeled": Text(
        1,
        "{count} (row without a target repeats|rows without a target repeat) others, labelled or not: nobody is asked"
        " for (it|them)",
        "{count} 行缺少目标值且输入与其他行重复：不会请人标注",
    ),
    "small_groups": Text(
        2,
        "{count} (grouping has|groupings have) fewer than {least} rows a group on average",
        "{count} 种分组平均每组不足 {least} 行",
    ),
    "sampled": Text(1, "the columns were looked at in a sample of {count} rows", "列检查基于 {count} 行抽样"),
    "missing_labels": Text(
        2,
        "{count} (row has|rows have) the target '{label}', which reads as if nobody had said it, and is a class",
        "{count} 行的目标值为“{label}”，看似未填写，却被视为一个类别",
    ),
    "nested_values": Text(
        2,
        "{count} (column holds|columns hold) JSON that no columns can be made of (lists of objects, objects of very"
        " many different keys, or objects beside other values), read as (it is|they are) written",
        "{count} 列为无法拆分成列的 JSON（对象的列表、键过多的对象或夹有其他值），按原文读取",
    ),
}


def finding(code: str, count: int, examples: Iterable[str | tuple[str, ...]] = (), **values: object) -> Finding:
    """A finding with its sentence filled in and its first five examples masked.

    Args: examples: a text each; or where a row stands ("" where unknown) and its values, of which each is masked alone:
        beside a line's number and other columns it would look like what it is not. values: what fills the sentence;
        `Words` each in its language.
    """
    text = TEXTS[code]
    shown = tuple(_shown((example,) if isinstance(example, str) else example) for example in list(examples)[:5])
    english = _CHOICE.sub(lambda choice: choice[1 if count == 1 else 2], text.en)
    said = [{k: v if not isinstance(v, Words) else (v.en, v.zh)[zh] for k, v in values.items()} for zh in (0, 1)]
    filled = Words(english.format(count=f"{count:,}", **said[0]), text.zh.format(count=f"{count:,}", **said[1]))
    return Finding(code, filled, count, shown, text.damage, *advice(code))


def _shown(parts: tuple[str, ...]) -> str:
    """A line of an example; its longest values give way, and then those in the middle, so that the last one, often the
    target, is seen too."""
    place, *values = (" ".join(redact(tidy(str(part))[:400]).splitlines()) for part in parts)
    while (over := len(_line(place, values)) - WIDTH) > 0:
        at = max(range(len(values)), key=lambda at: len(values[at]), default=0)
        if values and len(values[at]) > LEAST + 1:
            values[at] = values[at][: max(len(values[at]) - over - 1, LEAST)] + "…"
        elif len(values) > 3:
            values[-3:-1] = ["…"]
        else:
            break
    return _line(place, values)[:WIDTH]


def _line(place: str, values: list[str]) -> str:
    return "  ".join(part for part in (place, " · ".join(values)) if part)
