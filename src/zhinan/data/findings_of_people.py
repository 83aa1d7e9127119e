"""What there is to say about people in data and about their details, in English and 中文."""

from __future__ import annotations

from zhinan.data.findings_of_files import Text

__all__ = ["OF_PEOPLE"]

OF_PEOPLE: dict[str, Text] = {
    "masked": Text(1, "{count} personal (detail was|details were) masked", "已遮盖 {count} 处个人信息"),
    "shared_people": Text(
        2,
        "{count} (person occurs|people occur) both in the sealed set and among the rows to learn from",
        "{count} 人同时出现在封存集和训练数据中",
    ),
    "person_variants": Text(
        2,
        "{count} (person is|people are) written in several ways that differ in case or width only: their rows may stand"
        " on both sides of the split, and forgetting one leaves the others",
        "{count} 人有仅大小写或全半角不同的多种写法：其行可能出现在划分的两侧，且遗忘其中一种不会删除其他",
    ),
    "rows_of_nobody": Text(
        2,
        "{count} (row has|rows have) no person ({share}): each counts as somebody else's, so the same people may stand"
        " on both sides",
        "{count} 行没有写明属于谁（{share}）：每行都算作另一个人，同一人可能出现在两侧",
    ),
    "heavy_person": Text(
        2,
        "one person has {count} rows, {share} of all: where they fall decides how large each part is, and in a proof"
        " many rows of one are worth few",
        "有一个人占 {count} 行（{share}）：其去向决定各部分的大小，且在证明中同一人的许多行只抵少数样本",
    ),
    "row_as_names": Text(
        2,
        "the {count} (name of a column|names of columns) shown (looks|look) like values of a row: the file may have no"
        " line of names, and its first row is then lost",
        "所示 {count} 个列名看起来是数据：文件可能没有列名行，首行数据因此丢失",
    ),
    "unnamed_people": Text(
        3,
        "{count} (column|columns) may say whose a row is, each value several times, and data.person names none: the"
        " same ones stand in train and in the sealed set, and what is proved is of those met before",
        "{count} 列可能表明每行属于谁且有重复，而 data.person 未指定：同一人会同时出现在训练集和封存集中，"
        "所证明的只是对见过的人",
    ),
    "repeated_ids": Text(
        2,
        "{count} (column of ids repeats|columns of ids repeat): rows of one stand on both sides of the split",
        "{count} 个标识列有重复：同一标识的行会出现在划分的两侧",
    ),
    "unnamed_time": Text(
        2,
        "{count} (column holds|columns hold) moments at equal steps, one a row: the rows are a series, and without"
        " data.time they are split by chance, so that tomorrow is learned from for yesterday",
        "{count} 列为等间隔时间且每行一个：这些行是时间序列；未指定 data.time 时按随机划分，等于用明天预测昨天",
    ),
    "personal_data": Text(
        3,
        "{count} of {of} rows ({share}) (seems|seem) to hold somebody's details ({masks}), which data.mask does not"
        " name",
        "{of} 行中有 {count} 行（{share}）似乎含有个人信息（{masks}），而 data.mask 未写明",
    ),
    "personal_perhaps": Text(
        1,
        "{count} of {of} rows ({share}) perhaps (holds|hold) somebody's details ({masks}): told by the words around,"
        " which often mislead",
        "{of} 行中有 {count} 行（{share}）也许含有个人信息（{masks}）：仅凭上下文判断，常有误判",
    ),
    "personal_numbers": Text(
        3,
        "{count} (number of '{name}' looks|numbers of '{name}' look) like {masks}: a column of numbers is not masked",
        "“{name}” 中有 {count} 个数字像是 {masks}：数值列不会被遮盖",
    ),
    "personal_dates": Text(
        2,
        "{count} (column holds|columns hold) dates of birth as moments, which no mask changes",
        "{count} 列以日期类型保存出生日期，任何脱敏项都不会更改",
    ),
    "idle_masks": Text(
        2,
        "{count} (pattern of data.mask finds|patterns of data.mask find) nothing: nothing is hidden by (it|them)",
        "data.mask 中有 {count} 个模式没有找到任何内容，因此未遮盖任何信息",
    ),
}
