"""In forms and lists of children the date behind a name is one of birth; what happens to them on a day is none."""

from __future__ import annotations

import pytest

from zhinan.steps.mask import redact


def hidden(text: str) -> str:
    return redact(text, ["date_of_birth"]).replace("[DATE_OF_BIRTH]", "⟦⟧")


@pytest.mark.parametrize("text", [
    "Nursery form. Name: Mia Fox ⟦03/05/2022⟧",
    "Nursery application\nName: Mia Fox, ⟦03/05/2022⟧\nParent: Ann Fox",
    "Vaccination list: Ben Hall ⟦14/02/2021⟧, Amy Cole ⟦02/03/2022⟧; Tom Reed ⟦11/11/2020⟧",
    "Class list:\nBen Hall ⟦14/02/2021⟧\nAmy Cole ⟦02/03/2022⟧",
    "Preschool places: Oliver Dunn ⟦2021-04-19⟧, Isla Webb ⟦2020-11-02⟧",
    "Kindergarten enrolment: Emma Stone, ⟦5 June 2020⟧",
    "Child 1: Mia Fox (F) ⟦03/05/2022⟧",
    "Passengers: Mia Fox (infant) ⟦03/05/2022⟧, Ben Fox (child) ⟦14/02/2019⟧",
    "Dependants: Mia Fox ⟦03/05/2022⟧, Tom Fox ⟦01/01/2016⟧",
    "Immunisation record for Leo Grant ⟦22/08/2021⟧",
    "Twins Ada and Ben, ⟦5 May 2021⟧",
    "入园登记表：李小米，女，⟦2021年3月5日⟧",
    "接种名单：王子涵 ⟦2021-03-05⟧，李沐宸 ⟦2020-11-12⟧",
    "托班名单：陈一诺⟦2022.3.4⟧、王子涵⟦2022.5.6⟧",
    "宝宝王子涵⟦2021.3.5⟧",
    "乘机人：陈一诺（婴儿）⟦2023-06-01⟧",
    "我闺女萌萌，⟦2021年6月18号⟧的，够岁数吗？",
    "Add my newborn to the policy: Mia Fox, ⟦03/05/2024⟧, female",
    "给孩子投保：陈一诺，男，⟦2020年6月1日⟧",
])  # fmt: skip
def test_what_stands_behind_a_childs_name_is_a_date_of_birth(text: str) -> None:
    parts = text.replace("⟧", "⟦").split("⟦")
    assert hidden("".join(parts)) == "⟦⟧".join(parts[::2])


@pytest.mark.parametrize("text", [
    "Mia Fox 03/05/2022",
    "The nursery is great, my son loves it. Mary Smith, 03/05/2022",
    "My daughter loves this toy! - Mary Smith 03/05/2022",
    "Nursery form. Signed: Mary Fox 03/05/2025",
    "Vaccination appointment for Mia Fox 03/05/2025",
    "Vaccination list: flu jab Mia Fox 03/05/2025",
    "Order for child seat: Mia Fox 03/05/2022",
    "Child seat, John Smith, 12 May 2023, 2 pieces",
    "School trip Mia Fox 03/05/2025",
    "nursery session Mia Fox 03/05/2025 10am",
    "Baby Stroller, 12/05/2023",
    "Children's menu, Peter Miller, 2023-05-06",
    "Nursery fees list: invoice of 03/05/2025 and of 03/06/2025",
    "孩子很喜欢，王丽 2022-03-04",
    "儿童座椅订单 王丽 2022-03-04",
    "宝宝推车 收货人王丽 2022-03-04 下单",
    "儿童座椅 已发货，2022-03-04",
    "幼儿园缴费 王子涵 2022-03-04",
    "疫苗预约 王子涵 2022/1/8",
    "接种记录：王子涵 2022-03-04 接种百白破",
])  # fmt: skip
def test_a_day_on_which_something_happens_stays(text: str) -> None:
    assert hidden(text) == text
