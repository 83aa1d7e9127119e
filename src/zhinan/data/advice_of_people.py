"""What Zhinan does about findings of people and their details and how to have it otherwise, in English and 中文."""

from __future__ import annotations

from collections.abc import Mapping

from zhinan.core import Words

__all__ = ["OF_PEOPLE"]

_NOTHING = Words("nothing: it is only said", "不作处理，仅提示")

OF_PEOPLE: Mapping[str, tuple[Words, Words]] = {
    "person_variants": (
        Words("taken for different people", "视为不同的人"),
        Words("write each person in one way in the source", "请在数据源中统一每个人的写法"),
    ),
    "rows_of_nobody": (
        Words("each is a person of its own", "每行各算一人"),
        Words("fill the column in, or leave these rows out of the source", "请补全该列，或在数据源中去掉这些行"),
    ),
    "heavy_person": (
        Words("kept together, in one part", "保持在同一部分"),
        Words(
            "if it is a robot or a front desk, leave these rows empty in that column, or out of the source; or give a"
            " data.test",
            "若其实是机器人或公用账号，请将这些行的该列留空或去掉这些行；或提供 data.test",
        ),
    ),
    "row_as_names": (
        Words("read as names of columns", "按列名读取"),
        Words(
            "write a line with the names of the columns above it, or rename the columns",
            "在其上方写一行列名，或重命名这些列",
        ),
    ),
    "unnamed_people": (
        Words("rows are split without regard to it", "划分时不考虑该列"),
        Words(
            "write data.person: the column, so that each one's rows stay on one side; leave it where the product"
            " answers the same ones again",
            "在 data.person 中写该列名，使同一人的行保持在同一侧；若产品始终服务同一批人，可不改",
        ),
    ),
    "repeated_ids": (
        Words("left out of the inputs; rows are split without regard to it", "不作为输入；划分时不考虑该列"),
        Words(
            "write data.person: the column, where rows of one are alike and the product meets new ones",
            "若同一标识的行彼此相似且产品会遇到新的标识，请在 data.person 中写该列名",
        ),
    ),
    "unnamed_time": (
        Words("split by a hash of each row", "按每行哈希划分"),
        Words(
            "write data.time: the column; the newest rows are then sealed",
            "在 data.time 中写该列名；最新的行即为封存集",
        ),
    ),
    "personal_dates": (
        Words("kept as moments", "按日期保留"),
        Words(
            "date_of_birth under data.mask hides a column that is called so; or leave it out, and give an age instead",
            "在 data.mask 中写明 date_of_birth，即会遮盖如此命名的列；或不列入，改用年龄",
        ),
    ),
    "idle_masks": (
        _NOTHING,
        Words(
            "try the pattern on a value of the data: it is a regular expression, and case counts",
            "请用数据中的值试一下该模式：它是正则表达式，且区分大小写",
        ),
    ),
    "personal_numbers": (
        Words("kept as numbers; their values are shown nowhere", "按数值保留；不显示其取值"),
        Words("name its kind under data.inputs as id, or leave it out", "在 data.inputs 中写为 id，或不列入"),
    ),
    "personal_data": (
        Words("kept as they are; each is shown masked here", "按原样保留；此处示例已遮盖"),
        Words("name these masks under data.mask", "在 data.mask 中写明这些脱敏项"),
    ),
    "personal_perhaps": (
        Words("kept as they are; each is shown masked here", "按原样保留；此处示例已遮盖"),
        Words(
            "look at these rows, and add to data.mask what is somebody's: of things it hides words that teach",
            "请查看这些行，确属个人信息的加入 data.mask：若只是事物名称，遮盖会损失可学习的词",
        ),
    ),
    "shared_people": (
        Words("kept", "保留"),
        Words(
            "give a data.test of other people; or leave data.time out: it parts rows by when they happened",
            "使用其他人的 data.test；若写有 data.time（按时间划分），请去掉它",
        ),
    ),
    "masked": (
        Words("masked before anything is stored or learned", "在存储与训练之前遮盖"),
        Words("change data.mask", "修改 data.mask"),
    ),
}
