"""What Zhinan does about each finding and how to have it otherwise, in English and 中文."""

from __future__ import annotations

from collections.abc import Mapping

from zhinan.core import Words
from zhinan.data.advice_of_files import OF_FILES, SOURCE
from zhinan.data.advice_of_people import OF_PEOPLE
from zhinan.data.advice_of_splits import OF_SPLITS
from zhinan.data.advice_of_values import OF_VALUES

__all__ = ["ADVICE", "ONLY_SAID", "advice"]

_NOTHING = Words("nothing: it is only said", "不作处理，仅提示")
_CHOOSE = Words("name the inputs you want under data.inputs", "在 data.inputs 中写明所需的输入列")

_NEAR = (
    Words("kept, all on one side of the split", "保留，但全部划入同一集合"),
    Words(
        "add a column that tells them apart; numbers in the text do so already", "增加能区分的列；文本中的数字已可区分"
    ),
)

ONLY_SAID = (_NOTHING, Words("", ""))
"""For a finding that says of itself what was done."""

ADVICE: Mapping[str, tuple[Words, Words]] = {
    **OF_FILES,
    **OF_PEOPLE,
    **OF_SPLITS,
    **OF_VALUES,
    "free_text_target": (
        Words("checked as it is; a build would take each value for a class", "照常检查；构建时会把每个值当作一个类别"),
        Words("name a target with a few repeated values", "选择取值少且重复的目标列"),
    ),
    "unread_inputs": (
        Words("checked as they are; a build stops with E325", "照常检查；构建会以 E325 停止"),
        Words(
            "add inputs of text, numbers, categories, flags, times or lists",
            "增加文本、数值、类别、是否、时间或列表类型的输入列",
        ),
    ),
    "unread_columns": (
        Words("left out by every recipe, and not asked for by the version", "所有方案均不使用该列，版本也不需要它"),
        Words(
            "name another kind under data.inputs, or describe it in other columns",
            "在 data.inputs 改写其类型，或用其他列描述",
        ),
    ),
    "cleaned": (
        Words("cleaned here and in the version alike", "此处与版本中同样清洗"),
        Words("change data.clean", "修改 data.clean"),
    ),
    "empty_columns": (Words("left out", "已排除"), _CHOOSE),
    "constant_columns": (_NOTHING, _CHOOSE),
    "equal_columns": (_NOTHING, _CHOOSE),
    "nearly_constant": (_NOTHING, _CHOOSE),
    "identifier_columns": (
        Words("left out of the inputs", "不作为输入"),
        Words(
            "name it under data.inputs with its kind; a column that says whose data a row is, under data.person",
            "在 data.inputs 中写明该列及其类型；若表示数据属于谁，请写入 data.person",
        ),
    ),
    "near_duplicates": _NEAR,
    "alike_files": _NEAR,
    "shared_files": (Words("kept, all on one side of the split", "保留，但全部划入同一集合"), Words("", "")),
    "label_conflicts": (
        Words("kept: no answer can be right on all of them", "保留：任何答案都不可能全对"),
        Words("settle them with zhinan label --only suspects", "用 zhinan label --only suspects 裁定"),
    ),
    "near_conflicts": (
        Words("kept: the build looks for wrong labels", "保留：构建时会查找错误标签"),
        Words("settle them with zhinan label --only suspects", "用 zhinan label --only suspects 裁定"),
    ),
    "missing_values": (
        Words("a missing value is a value of its own to recipes", "缺失本身作为一种取值"),
        Words(
            "fill them in the source, or leave the column out of data.inputs",
            "在数据源中补全，或不列入 data.inputs",
        ),
    ),
    "missing_tells": (
        Words("kept: recipes see that it is missing", "保留：配方可见其缺失"),
        Words(
            "leave the column out of data.inputs if it is filled in only after the answer is known",
            "若该列在答案揭晓后才填写，请勿列入 data.inputs",
        ),
    ),
    "outliers": (
        Words("kept, unless data.clean says outliers: clip", "保留，除非 data.clean 写明 outliers: clip"),
        Words(
            "data.clean: {outliers: clip} for inputs, or mend them in the source",
            "输入列可用 data.clean: {outliers: clip}，或在数据源中修正",
        ),
    ),
    "clipped": (
        Words("clipped in train and dev here, and by the version", "此处训练集与开发集中截断，版本同样截断"),
        Words("leave out data.clean.outliers", "去掉 data.clean.outliers"),
    ),
    "odd_lengths": (Words("kept", "保留"), SOURCE),
    "odd_dates": (Words("kept as they are", "按原样保留"), SOURCE),
    "stand_ins": (
        Words("kept as ordinary values", "按普通取值处理"),
        Words(
            "where it means missing, name it under data.clean.missing, or empty the cell in the source",
            "若表示缺失，请写入 data.clean.missing，或在数据源中清空",
        ),
    ),
    "missing_labels": (
        Words("a class like any other", "与其他类别同样处理"),
        Words(
            "empty these cells in the source: zhinan label then asks for them",
            "请清空这些单元格：zhinan label 会请人标注",
        ),
    ),
    "nested_values": (
        Words("kept as they are written", "按原文保留"),
        Words(
            "write each field that matters as a column of its own (in pandas json_normalize does)",
            "请将重要字段写成单独的列（pandas 可用 json_normalize）",
        ),
    ),
    "other_units": (
        Words("kept as they are", "按原样保留"),
        Words("bring them to one unit in the source", "请在数据源中统一单位"),
    ),
    "mixed_values": (
        Words("read as words", "按文字读取"),
        Words(
            "write one unit and numbers only, name the words that mean missing under data.clean.missing, or say the"
            " kind under data.inputs",
            "统一单位并只写数字，在 data.clean.missing 写明表示缺失的词，或在 data.inputs 写明类型",
        ),
    ),
    "grouped_points": (
        Words("the point groups thousands, in training and in serving", "训练与服务中均将点视为千位分隔符"),
        Words(
            "write one of them with another number of digits behind its point, such as 1.2340, if it is a decimal one",
            "若点是小数点，请将其中一个值写成其他小数位数，如 1.2340",
        ),
    ),
    "shortened_numbers": (
        Words("kept as they are written", "按原文保留"),
        Words(
            "export the source again with these columns as text, or with their cells wide enough",
            "请将这些列设为文本格式（或加宽单元格）后重新导出",
        ),
    ),
    "mixed_dates": (
        Words("read as words", "按文字读取"),
        Words(
            "name the words that mean missing under data.clean.missing, or say time under data.inputs: rows of other"
            " values are then left out",
            "在 data.clean.missing 写明表示缺失的词，或在 data.inputs 写明 time：其他取值的行将被排除",
        ),
    ),
    "infinite_values": (
        Words("read as missing, in training and in requests", "训练与预测时均按缺失读取"),
        Words("write a number in the source, if they mean one", "若有具体含义，请在数据源中写成数字"),
    ),
    "dates_read": (
        Words("read as shown; a month, a quarter or a week is its first day", "按所示方式读取；月、季度、周取其首日"),
        Words(
            "data.dates says what comes first (day-month, month-day, year-month); or write dates as YYYY-MM-DD",
            "用 data.dates 说明先后（day-month、month-day、year-month），或写成 YYYY-MM-DD",
        ),
    ),
    "unclear_dates": (
        Words("read as words", "按文字读取"),
        Words(
            "data.dates: day-month (or month-day, or year-month), or write dates as YYYY-MM-DD in the source",
            "data.dates: day-month（或 month-day、year-month），或在数据源中写成 YYYY-MM-DD",
        ),
    ),
    "unsaid_zones": (
        Words("what says no zone is taken for UTC", "未写时区的按 UTC 读取"),
        Words(
            "data.zone: Asia/Shanghai (that of those without), or write each with its own, as 2024-03-05 10:00+08:00",
            "data.zone: Asia/Shanghai（未写明者的时区），或逐一写明，如 2024-03-05 10:00+08:00",
        ),
    ),
    "unclear_zones": (
        Words("read as words", "按文字读取"),
        Words(
            "data.zone: Asia/Shanghai, if the letters are that zone's; or write offsets (+08:00) in the source",
            "若缩写属于某个时区，请写 data.zone: Asia/Shanghai；或在数据源中写成 +08:00 这样的时差",
        ),
    ),
    "mojibake": (
        Words("kept as it is", "按原样保留"),
        Words(
            "export the source again as UTF-8",
            "请以 UTF-8 重新导出",
        ),
    ),
    "languages": (
        Words(
            "encoders are raced; those of English are skipped where more than two letters in five are 汉字",
            "各编码器竞争；汉字占比超过五分之二时跳过英文编码器",
        ),
        Words(
            "name the language's column under data.slices to have each reported",
            "在 data.slices 写明语言列以分别报告",
        ),
    ),
    "rare_values": (
        Words("kept; unseen values are answered too", "保留；未见过的取值也能作答"),
        Words(
            "where they are slips, or mean what others mean, write them as those",
            "若为笔误或与其他取值同义，请统一写法",
        ),
    ),
    "imbalance": (
        Words("nothing is resampled; thresholds follow your lines", "不重采样；阈值依合约条款选择"),
        Words(
            "a line about the rare class, such as its recall, or where a row has one label cost.matrix",
            "为稀有类写条款（如其召回率）；每行一个标签时也可写 cost.matrix",
        ),
    ),
    "few_examples": (
        Words("nothing: so few prove little", "不作处理：样本少则难以证明"),
        Words("label more rows", "标注更多行"),
    ),
    "rare_classes": (
        Words("each keeps a row to learn from", "每类至少保留一行用于训练"),
        Words("merge them in the source, or label more", "在数据源中合并，或多标注"),
    ),
    "untrained_classes": (
        Words("they can only be answered wrongly", "只能答错"),
        Words("add examples, or take them out of the test", "补充样本，或从测试中移除"),
    ),
    "untested_classes": (_NOTHING, Words("add sealed rows of them", "补充其封存样本")),
    "short_classes": (Words("the line may stay UNDECIDED", "该条款可能证据不足"), Words("label more", "标注更多")),
    "label_variants": (
        Words("they stay classes of their own", "仍视为不同类别"),
        Words("write each label in one way", "统一标签写法"),
    ),
    "label_in_text": (
        Words("kept: a proof on such rows flatters", "保留：这些行会使结论虚高"),
        Words("remove the label from the text in the source", "请在数据源中去除文本里的标签"),
    ),
    "leaks": (Words("kept as inputs", "仍作为输入"), _CHOOSE),
    "strong_columns": (Words("kept as inputs", "仍作为输入"), _CHOOSE),
    "passing_columns": (
        Words("left out by every recipe, and not asked for by the version", "所有方案均不使用该列，版本也不需要它"),
        Words("name all inputs, these among them, under data.inputs", "在 data.inputs 中写明所有输入列（包括这些列）"),
    ),
    "against_direction": (
        Words("kept to", "仍遵守该方向"),
        Words(
            "turn it round if you meant the other way; leave it where other columns explain it",
            "若方向写反，请对调；若可由其他列解释，请保留",
        ),
    ),
    "one_moment": (
        Words("split by a hash of each row, as without data.time", "与未写 data.time 时相同，按每行的哈希划分"),
        Words("name a column of several moments, or leave data.time out", "改用含多个时刻的列，或去掉 data.time"),
    ),
    "repeated_unlabeled": (
        Words("left out of what zhinan label asks", "zhinan label 不会询问"),
        Words("", ""),
    ),
    "small_groups": (
        Words(
            "each value is a group, as it is written: of so few rows hardly anything can be proved",
            "每个取值各为一组：行数太少，几乎无法证明",
        ),
        Words(
            "group by a column of few values, such as one of bands of age made in the source",
            "改按取值少的列分组，例如在数据源中生成年龄段列",
        ),
    ),
    "later_columns": (Words("kept as inputs", "仍作为输入"), _CHOOSE),
    "endless_interval": (
        Words("built all the same", "仍会构建"),
        Words(
            "write train.folds, which reads it from all that is not sealed; or bring more of them, or ask for less"
            " (train.interval, a line about coverage)",
            "写 train.folds（由全部未封存的数据得出）；或增加数据，或降低要求（train.interval、coverage 条款）",
        ),
    ),
    "wider_interval": (
        Words(
            "the interval is aimed at the level behind the arrow; a build says how wide that makes it",
            "区间的目标为箭头后的水平；构建时会给出由此产生的宽度",
        ),
        Words(
            "more rows bring the two nearer; a should line widens nothing",
            "数据越多两者越接近；写成 should 条款则不加宽",
        ),
    ),
    "one_answer": (
        Words("nothing: each line is proved as it is written", "不作处理：条款按原文证明"),
        Words(
            "ask for more than that share, or for recall[class] or macro_f1",
            "要求高于该比例，或改用 recall[类别]、macro_f1",
        ),
    ),
}
"""Code of a finding → (what Zhinan does, how to overrule it)."""


def advice(code: str) -> tuple[Words, Words]:
    """What Zhinan does about a finding, and how to have it otherwise."""
    return ADVICE.get(code, ONLY_SAID)
