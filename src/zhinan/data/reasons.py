"""Why a column is taken for what it is, in English and 中文."""

from __future__ import annotations

from collections.abc import Iterable

from zhinan.core import Words

__all__ = ["but_for", "listed", "reason"]

_TEXTS = {
    "nothing": Words("no value at all", "没有任何取值"),
    "masked_name": Words("called after what the mask {mask} hides", "列名所指正是遮盖规则 {mask} 要隐藏的内容"),
    "masked": Words("numbers that a mask hides", "遮盖规则会隐藏的号码"),
    "flag": Words("{words}", "{words}"),
    "list": Words("several values in a cell, written with {how}", "一格多值，以 {how} 书写"),
    "id_name": Words("named like an identifier", "列名像标识符"),
    "unique": Words("a different unique name in each row", "每行各有一个唯一名称"),
    "pictures": Words("names pictures", "图片文件名"),
    "recordings": Words("names recordings", "录音文件名"),
    "file": Words("names a file", "文件名"),
    "no_files": Words("names files that are not here", "所指文件不在此处"),
    "units": Words("numbers in several units: {units}", "数值单位不一：{units}"),
    "letters": Words("moments in {letters}, which may be several zones", "时间的时区缩写 {letters} 可能指多个时区"),
    "unclear": Words("dates whose day and month cannot be told apart", "日期的年、月、日无法区分"),
    "some_dates": Words("{dates} of {of} values are dates", "{of} 个值中有 {dates} 个是日期"),
    "values": Words("{count} different values", "{count} 个不同的值"),
    "category": Words(
        "{count} different values, of about {times} rows each", "{count} 个不同的值，平均每个出现 {times} 次"
    ),
    "text": Words(
        "texts of about {length} characters, {language}",
        "平均 {length} 个字符的文本，{language}",
    ),
    "digits": Words("more digits than a number holds", "位数超过数值可表示的范围"),
    "epoch": Words("moments written as numbers", "写成数字的时间"),
    "rows": Words("numbers the rows", "行的编号"),
    "number": Words("every value is a number", "每个值都是数字"),
    "missing": Words("{count} missing", "{count} 个缺失"),
    "unit": Words("in {unit}", "单位为 {unit}"),
    "bare": Words("which {count} of {of} leave out", "{of} 个中有 {count} 个未写单位"),
    "commas": Words("decimal commas", "以逗号作小数点"),
    "points": Words("points between thousands", "以点作千位分隔符"),
    "pairs": Words("several numbers in a cell, {count} different ones", "一格多个数字，{count} 个不同的值"),
    "scale": Words("{letter} means times 10^{power}", "{letter} 表示乘以 10^{power}"),
    "grouped": Words(
        "every value is a number, its point groups thousands as {name} writes decimal commas",
        "每个值都是数字；列 {name} 以逗号作小数点，故此处的点为千位分隔符",
    ),
    "date": Words("every value is a date", "每个值都是日期"),
    "order": Words("{order}", "{order}"),
    "clock": Words("times of day, {count} different ones", "一天中的时刻，{count} 个不同的值"),
    "versions": Words("numbers of versions, {count} different ones", "版本号，{count} 个不同的值"),
    "unique_codes": Words("codes, of which hardly any stands twice", "代码，几乎不重复"),
    "codes": Words("codes, {count} different ones", "代码，{count} 个不同的值"),
    "said": Words("the contract says so", "契约中写明"),
    "grouping": Words("rows are grouped by it", "按该列分组"),
    "person": Words("whose data a row is", "该行属于谁"),
    "time": Words("when a row happened", "该行发生的时间"),
    "classes": Words("the classes to tell apart", "需要区分的类别"),
    "predicted": Words("the number to predict", "需要预测的数值"),
    "labels": Words("the labels of a row, any number of them", "每行的标签，个数不限"),
    "current": Words("somebody else's answers", "他方给出的回答"),
}


def reason(key: str, **values: object) -> Words:
    """A reason with its values filled in; one that is `Words` in the reader's language."""
    text = _TEXTS[key]
    english = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
    chinese = {name: value.zh if isinstance(value, Words) else value for name, value in values.items()}
    return Words(text.en.format(**english), text.zh.format(**chinese))


def listed(reasons: Iterable[Words], apart: bool = False) -> Words:
    """Several reasons as one. Args: apart: each says something else."""
    held = list(reasons)
    signs = ("; ", "；") if apart else (", ", "，")
    return Words(signs[0].join(one.en for one in held), signs[1].join(one.zh for one in held))


def but_for(why: Words, slips: int) -> Words:
    """A reason that holds for all values but a few slips."""
    return Words(
        why.en.replace("every value", f"every value but {slips}"), why.zh.replace("每个值", f"除 {slips} 个外，每个值")
    )
