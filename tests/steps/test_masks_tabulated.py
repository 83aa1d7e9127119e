"""A table inside a text: below a line that names columns each cell is what its column is called."""

from __future__ import annotations

import pytest

from zhinan.steps.mask import armed, hide


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Export:\nid,name,dob,phone\n2041,Amara,1998-07-30,6135550182\n2042,Piotr,1955-01-12,6135550109",
            "Export:\nid,name,dob,phone\n2041,Amara,[DATE_OF_BIRTH],[PHONE]\n2042,Piotr,[DATE_OF_BIRTH],[PHONE]",
        ),
        (
            "编号 | 电话 | 备注\n7 | 5551234 | 无\n8 | 5551239 | 忙\n完",
            "编号 | 电话 | 备注\n7 | [PHONE] | 无\n8 | [PHONE] | 忙\n完",
        ),
        ("plate;bay\nzz9;4\nxx8;5", "plate;bay\n[PLATE];4\n[PLATE];5"),
    ],
)
def test_cells_below_a_named_column_are_what_it_is_called(text: str, wanted: str) -> None:
    assert hide(text, armed(["phone", "date_of_birth", "plate"], tagger=b"")) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "phone,5551234\nref,8812345",  # a value stands where a column's name would
        "id,phone\n1,none\n2,yes",
        "item,price\n1,8812345\n2,8812346",
        "Bring your phone, please\nand 5512345",
    ],
)
def test_lines_that_are_no_table_stay(text: str) -> None:
    assert hide(text, armed(["date_of_birth", "plate", "phone"], tagger=b"")) == text


def test_a_row_of_another_length_ends_the_table() -> None:
    text = "id,phone\n1,5551234\n1,5551234,x\n2,5551239"
    assert hide(text, armed(["phone"], tagger=b"")) == "id,phone\n1,[PHONE]\n1,5551234,x\n2,5551239"


def test_a_table_may_be_parted_by_spaces_in_chinese() -> None:
    masks = armed(["date_of_birth"], tagger=b"")
    assert hide("序号 姓名 出生日期\n1 左某 2012-09-03", masks) == "序号 姓名 出生日期\n1 左某 [DATE_OF_BIRTH]"
