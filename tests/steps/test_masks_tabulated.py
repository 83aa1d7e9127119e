"""A table inside a text: below a line that names columns each cell is what its column is called."""

from __future__ import annotations

import re

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
        ("name, phone\nAnn, 5551234", "name, phone\nAnn, [PHONE]"),
        ("客户编号,联系电话\n7,5551234", "客户编号,联系电话\n7,[PHONE]"),
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


@pytest.mark.parametrize(
    "text",
    [
        "Forgot my password, sorry\nThanks, all",
        "I forgot the password, and\nmy phone is broken, too\nPlease, help\nThanks, all",
        "我忘了密码,急\n谢谢,再见",
        "See the wifi password; it is on the wall\nThen log in; easy as pie",
        "My surname, please\nThen, coffee",
        "Password, please\nThen, coffee",
    ],
)
def test_two_lines_of_sentences_with_one_comma_are_no_table(text: str) -> None:
    assert hide(text, armed(["url_secret", "person_name", "phone"], tagger=b"")) == text


def test_a_cell_in_quotes_may_hold_what_parts_cells() -> None:
    text = (
        'id,name,phone,address\n1,Ann Lee,5551234,"1 High St, Leeds"\n2,"Bo ""B"", Chan","5551239",York\n'
        '3,Cy,5551230,"2 Low St, upstairs\nHull"\n4,Di 5" Oh,5551231,"3 Mid St, Hull"'
    )
    hidden = hide(text, armed(["phone"], tagger=b""))
    assert hidden == re.sub("555[0-9]{4}", "[PHONE]", text)


@pytest.mark.parametrize("other", ["1,5551234,x", "see below", "1,5551234,x\n2,5551234,y,z"])
def test_a_row_of_another_length_is_passed_over(other: str) -> None:
    text = f"id,phone\n1,5551234\n{other}\n2,5551239"
    assert hide(text, armed(["phone"], tagger=b"")) == f"id,phone\n1,[PHONE]\n{other}\n2,[PHONE]"


@pytest.mark.parametrize("between", ["\n", "see below\nand there\n"])
def test_an_empty_line_or_a_sentence_ends_a_table(between: str) -> None:
    text = f"id,phone\n1,5551234\n{between}item,price\n2,8812345"
    assert hide(text, armed(["phone"], tagger=b"")) == text.replace("5551234", "[PHONE]")


def test_a_table_may_be_parted_by_spaces_in_chinese() -> None:
    masks = armed(["date_of_birth"], tagger=b"")
    assert hide("序号 姓名 出生日期\n1 左某 2012-09-03", masks) == "序号 姓名 出生日期\n1 左某 [DATE_OF_BIRTH]"
