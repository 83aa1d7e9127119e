"""What there is to say about how numbers, labels and categories are written, in English and 中文."""

from __future__ import annotations

from zhinan.data.findings_of_files import Text

__all__ = ["OF_VALUES"]

OF_VALUES: dict[str, Text] = {
    "changed_midway": Text(
        2,
        "the rows change half-way in {count} (place|places): columns end where others begin, or numbers are of another"
        " size from there on",
        "数据在 {count} 处中途改变：一些列在其他列开始处终止，或数值从该处起换了量级",
    ),
    "joined_labels": Text(
        2,
        "{count} (row has|rows have) a target that joins others, and is a class of its own: several labels in a cell?",
        "{count} 行的目标值由其他类别拼接而成，被视为单独的类别：是否一格写了多个标签？",
    ),
    "number_in_text": Text(
        3,
        "{count} (text contains its|texts contain their) own number, the target, far more often than chance would",
        "{count} 段文本中直接写出了自己的目标数值，远多于巧合",
    ),
    "number_conflicts": Text(
        2,
        "{count} (row has|rows have) the same inputs as others and another number, apart by over half of what"
        " the middle half of all numbers spans",
        "{count} 行与其他行输入相同，目标数值却相差很大：超过全部数值中间一半所跨范围的一半",
    ),
    "doubted_signs": Text(
        3,
        "{count} (column|columns) may be written in two ways: each number of a file has three digits behind the sign"
        " that other files show to be decimal, and may be a thousand times larger",
        "{count} 列可能有两种写法：某文件中每个数的符号后恰有三位，而其他文件表明它是小数点；实际值可能大一千倍",
    ),
    "paired_numbers": Text(
        2,
        "{count} input (column holds|columns hold) several numbers in a cell, such as 140/97, read as words",
        "{count} 个输入列一格内有多个数字（如 140/97），按文字读取",
    ),
    "value_variants": Text(
        1,
        "{count} (group of values differs|groups of values differ) in case, width or punctuation alone, and (is|are)"
        " several values each",
        "{count} 组取值仅大小写、全半角或标点不同，被视为不同取值",
    ),
}
