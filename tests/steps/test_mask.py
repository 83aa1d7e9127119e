"""Personal details are replaced and nothing else is; loading and serving touch a text in exactly the same way."""

from __future__ import annotations

import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import MaskSpec, UserError, entries
from zhinan.data.masking import masked
from zhinan.steps.mask import Mask, redact
from zhinan.steps.tidying import tidy

EMAILS = [
    ("write to anna@example.com", "write to [EMAIL]"),
    ("邮箱abc@163.com谢谢", "邮箱[EMAIL]谢谢"),
    ("我的邮箱是：zhang.san@qq.com，请回复", "我的邮箱是：[EMAIL]，请回复"),
    ("<bob.o'neil+tag@mail.example.co.uk>", "<[EMAIL]>"),
    ("josé@exemple.fr", "[EMAIL]"),
    ("иван@example.org", "[EMAIL]"),
    ("A_B-C%d@sub-domain.example.io.", "[EMAIL]."),
    ("13812345678@139.com", "[EMAIL]"),
    ("mailto:me@x.cn?subject=hi", "mailto:[EMAIL]?subject=hi"),
    ("a@b.com,c@d.org;e@f.net", "[EMAIL],[EMAIL];[EMAIL]"),
    ("发到ｍe＠example.com吧", "发到[EMAIL]吧"),
    ("contact: UPPER@EXAMPLE.COM!", "contact: [EMAIL]!"),
    ("reach me at anna @ example.com", "reach me at [EMAIL]"),
    ("x" * 70 + "@example.com", "[EMAIL]"),
]
NOT_EMAILS = [
    "icon@2x.png", "logo@3x.jpg is blurred", "lodash@4.17.21", "pkg@1.2.3-rc.next", "follow @anna on X",
    "meet @ 5.30 pm", "a@b", "50 pcs @ 3.20 each", "user@localhost", "@@@@", "me@", "@example.com", "＠小明 你好",
    "5@ 3", "react@18.2.0 broke",
]  # fmt: skip
PHONES = [
    ("13812345678", "[PHONE]"),
    ("手机13812345678丢了", "手机[PHONE]丢了"),
    ("我叫李四19912345678请回电", "我叫李四[PHONE]请回电"),
    ("手机１３８１２３４５６７８", "手机[PHONE]"),
    ("13812345678,13912345678", "[PHONE],[PHONE]"),
    ("13812345678/13912345678", "[PHONE]/[PHONE]"),
    ("138 1234 5678", "[PHONE]"),
    ("138-1234-5678", "[PHONE]"),
    ("138 1234 5678 139 1234 5678", "[PHONE] [PHONE]"),
    ("+86 13812345678", "[PHONE]"),
    ("+86-138-1234-5678", "[PHONE]"),
    ("+8613812345678", "[PHONE]"),
    ("8613812345678", "[PHONE]"),
    ("008613812345678", "[PHONE]"),
    ("(+86)13812345678", "[PHONE]"),
    ("+86 138 12345678", "[PHONE]"),
    ("vx13812345678", "vx[PHONE]"),
    ("电话：010-62781234。", "电话：[PHONE]。"),
    ("座机 0755-26712345转8001", "座机 [PHONE]"),
    ("(021)55551234", "[PHONE]"),
    ("（021）55551234", "[PHONE]"),
    ("021 5555 1234", "[PHONE]"),
    ("电话01062781234", "电话[PHONE]"),
    ("(415) 555-0132", "[PHONE]"),
    ("415-555-0132", "[PHONE]"),
    ("415.555.0132", "[PHONE]"),
    ("1-415-555-0132", "[PHONE]"),
    ("+1 415 555 0132", "[PHONE]"),
    ("+1 (415) 555-0132", "[PHONE]"),
    ("call 4155550132 please", "call [PHONE] please"),
    ("my phone number is 4155550132", "my phone number is [PHONE]"),
    ("text me at 4155550132!", "text me at [PHONE]!"),
    ("07911123456", "[PHONE]"),
    ("07911 123456", "[PHONE]"),
    ("07911 123 456", "[PHONE]"),
    ("020 7946 0958", "[PHONE]"),
    ("(020) 7946 0958", "[PHONE]"),
    ("01632 960001", "[PHONE]"),
    ("0161 496 0000", "[PHONE]"),
    ("+44 20 7946 0958", "[PHONE]"),
    ("+44 (0)20 7946 0958", "[PHONE]"),
    ("+447911123456", "[PHONE]"),
    ("0044 20 7946 0958", "[PHONE]"),
    ("+33 6 12 34 56 78", "[PHONE]"),
    ("+49-30-1234567", "[PHONE]"),
    ("+2348126130495", "[PHONE]"),
    ("+852 2123 4567", "[PHONE]"),
    ("+44 20 7946 0958 2024-01-01", "[PHONE] 2024-01-01"),
    ("call 415-555-0132, then 415-555-0199.", "call [PHONE], then [PHONE]."),
]
NOT_PHONES = [
    "order 20240115138123456789", "订单号2024011513812345678", "订单 813812345678", "1381234567", "138123456789",
    "0.13812345678", "13812345678.50 CNY", "price 1,299.00", "￥12,345,678", "2024-01-15", "2024-01-15 12:30:45",
    "01-02-2024", "2024/01/15", "15.01.2024", "192.168.1.100", "version 10.15.7.1234", "v2.10.1234", "1700000000",
    "1700000000000", "4155550132", "order 302-4155551", "112-4155551-1234567", "800-555-0132", "(866) 555-0132",
    "400-820-8820", "call 4008208820", "12345678", "555-1234", "3+4=7", "+20%", "+1.5 million", "+100 points",
    "10:30-11:45", "1 000 000", "ISBN 978-3-16-148410-0", "SKU 4155-550-132", "1-2-3-4-5-6-7-8", "4111 1111 1111 1111",
    "lat 40.712776, lon -74.005974", "6222 0212 3456 7890 123", "2023-2024 2024-2025", "AB13-0001-2222",
]  # fmt: skip
ID_CARDS = [
    ("11010519491231002X", "[ID_CARD]"),
    ("11010519491231002x", "[ID_CARD]"),
    ("身份证11010519491231002X请核对", "身份证[ID_CARD]请核对"),
    ("440524188001010014", "[ID_CARD]"),
    ("110105 19491231 002X", "[ID_CARD]"),
    ("110105-19491231-002X", "[ID_CARD]"),
    ("id11010519491231002X.", "id[ID_CARD]."),
    ("１１０１０５１９４９１２３１００２Ｘ", "[ID_CARD]"),
    ("11010519491231002X,440524188001010014", "[ID_CARD],[ID_CARD]"),
]
NOT_ID_CARDS = [
    "110105194912310021", "11010519491331002X", "11010519490230002X", "010105194912310021", "1101051949123100",
    "911010519491231002X", "11010519491231002XY", "order 202401151381234567", "440524188001010015",
]  # fmt: skip
BANK_CARDS = [
    ("4111111111111111", "[BANK_CARD]"),
    ("4111 1111 1111 1111", "[BANK_CARD]"),
    ("4111-1111-1111-1111", "[BANK_CARD]"),
    ("card 5500005555555559 was charged", "card [BANK_CARD] was charged"),
    ("378282246310005", "[BANK_CARD]"),
    ("3782 822463 10005", "[BANK_CARD]"),
    ("6222021234567890128", "[BANK_CARD]"),
    ("银行卡6222021234567890128被盗刷", "银行卡[BANK_CARD]被盗刷"),
    ("6222 0212 3456 7890 128", "[BANK_CARD]"),
    ("622202 1234567890128", "[BANK_CARD]"),
    ("4222222222222", "[BANK_CARD]"),
    ("2223003122003222", "[BANK_CARD]"),
    ("４１１１１１１１１１１１１１１１", "[BANK_CARD]"),
]
NOT_BANK_CARDS = [
    "4111111111111112", "41111111111111111111", "411111111111", "1700000000000", "1234567812345670", "0000000000000000",
    "0.4111111111111111", "4111 1111 1111 1112", "4111-1111 1111-1111", "9781234567897", "2024011512345678",
    "8000000000000",
]  # fmt: skip


@pytest.mark.parametrize(
    ("mask", "text", "wanted"),
    [
        *(("email", *case) for case in EMAILS),
        *(("phone", *case) for case in PHONES),
        *(("id_card", *case) for case in ID_CARDS),
        *(("bank_card", *case) for case in BANK_CARDS),
        *(("email", text, text) for text in NOT_EMAILS),
        *(("phone", text, text) for text in NOT_PHONES),
        *(("id_card", text, text) for text in NOT_ID_CARDS),
        *(("bank_card", text, text) for text in NOT_BANK_CARDS),
    ],
)
def test_a_mask_replaces_its_finds_and_nothing_else(mask: str, text: str, wanted: str) -> None:
    assert redact(text, [mask]) == wanted


def test_all_masks_together_take_each_find_once_whatever_their_order() -> None:
    text = "13812345678@139.com, 13812345678, 11010519491231002X, 6222021234567890128"
    wanted = "[EMAIL], [PHONE], [ID_CARD], [BANK_CARD]"
    assert redact(text) == wanted
    assert redact(text, ["phone", "bank_card", "id_card", "email"]) == wanted
    assert redact(wanted) == wanted


@given(st.text())
def test_masking_and_tidying_twice_is_doing_it_once(text: str) -> None:
    once = redact(tidy(text))
    assert redact(tidy(once)) == once


@given(st.integers(13000000000, 19999999999), st.sampled_from("汉，。：（） \n"), st.sampled_from("了，。）\n "))
def test_every_mainland_mobile_is_found_whatever_is_glued_to_it(number: int, left: str, right: str) -> None:
    assert redact(f"{left}{number}{right}", ["phone"]) == f"{left}[PHONE]{right}"


@given(st.integers(13000000000, 19999999999), st.integers(0, 9), st.booleans())
def test_a_longer_run_of_digits_is_no_mobile(number: int, digit: int, left: bool) -> None:
    text = f"{digit}{number}" if left else f"{number}{digit}"
    assert redact(text, ["phone"]) == text


def test_brackets_that_are_no_placeholder_protect_nothing() -> None:
    assert redact("[E12345678] [PHONE] [13812345678]") == "[[PASSPORT]] [PHONE] [[PHONE]]"
    own = MaskSpec("order_no", "mask", "ORD")
    assert redact("[ORDER_NO]", [own]) == "[ORDER_NO]"
    assert redact("[ORDER_NR]", [own]) == "[[ORDER_NO]ER_NR]"


def test_many_finds_take_time_in_proportion() -> None:
    """Ten thousand finds in one text were looked through for each of them."""
    text = "a@b.com " * 10_000
    start = time.process_time()
    assert redact(text, ["email"]).count("[EMAIL]") == 10_000
    assert time.process_time() - start < 1


@pytest.mark.parametrize("space", "\u00a0\u2007\u2009\u202f")
@pytest.mark.parametrize("hyphen", "\u2010\u2011\u2012\u2013\u2212")
def test_typographic_spaces_and_hyphens_hide_no_number(space: str, hyphen: str) -> None:
    assert redact(f"4111{space}1111{space}1111{space}1111", ["bank_card"]) == "[BANK_CARD]"
    assert redact(f"call 415{hyphen}555{hyphen}0132 now", ["phone"]) == "call [PHONE] now"
    frame = pl.DataFrame({"x": [f"138{space}1234{space}5678", f"138{hyphen}1234{hyphen}5678", "x"]})
    hidden, _ = masked(frame, {"x": "text"}, ("phone",), target=None, person=None)
    assert hidden["x"].to_list() == ["[PHONE]", "[PHONE]", "x"]


def test_hostile_texts_end() -> None:
    """A pattern that backtracks would hang here for minutes."""
    for text in (
        "+1" + "1" * 40,
        "+1 2",
        "a@" + "a." * 20,
        "0" * 30,
        "1 ",
        "(415) ",
        "a.b-c@",
        "86 ",
        "call me at ",
        "4111 ",
    ):
        for mask in entries("mask"):
            assert isinstance(redact(text * 2000, [mask]), str)


def test_tidying_removes_control_characters_and_outer_space_and_nothing_else() -> None:
    assert tidy("\ufeff  a\x00b\x07\tc\r\nd\u3000 ") == "ab\tc\r\nd"
    for text in ("ＦＵＬＬ　width ﬁ é 👩‍💻 می‌خواهم", "1️⃣ ❤️ 5 🏴󠁧󠁢󠁥󠁮󠁧󠁿 葛󠄀 2 \u200dه"):
        assert tidy(text) == text


@pytest.mark.parametrize("unseen", [
    "\u200b", "\u2060", "\u00ad", "\u202a", "\ufeff", "\u200c", "\u200d", "\ufe0f", "\u061c", "\u034f", "\u180e",
    "\u2061", "\u2064", "\u206a", "\u00ad\u00ad", "\u200b\u200d", "\u200d\u00ad\u200b", "\U000e0100", "\u115f",
])  # fmt: skip
def test_what_nobody_sees_hides_no_number(unseen: str) -> None:
    text = f"call 138{unseen}0013{unseen}8000 now"
    assert redact(tidy(text)) == "call [PHONE] now"
    assert redact(tidy(f"１３８{unseen}００１３８０００")) == "[PHONE]"
    assert Mask(("x",), ("x",), {}, masks={"phone": "mask"}).run({"x": [text]}) == {"x": ["call [PHONE] now"]}


@pytest.mark.parametrize("blank", "\xa0\u1680\u2000\u2002\u2003\u2005\u200a\u202f\u205f\u2800\u3000\u3164\uffa0")
def test_whatever_looks_like_a_space_is_one_to_a_mask(blank: str) -> None:
    assert redact(tidy(f"call 138{blank}0013{blank}8000 now")) == "call [PHONE] now"


def test_a_soft_hyphen_that_is_part_of_a_wrongly_decoded_letter_stays() -> None:
    assert tidy("Ã\u00ad") == "Ã\u00ad"


def test_the_step_tidies_masks_and_passes_what_is_no_text() -> None:
    step = Mask(("a", "b"), ("a", "b"), {}, masks={"phone": "mask", "email": "mask"})
    values = {"a": [" 13812345678 ", None], "b": ["x@y.com 4111111111111111", 5], "c": ["13812345678"]}
    assert step.run(values) == {"a": ["[PHONE]", None], "b": ["[EMAIL] 4111111111111111", 5]}
    assert values["a"][0] == " 13812345678 "


def test_the_step_without_masks_still_tidies() -> None:
    assert Mask(("a",), ("b",), {}).run({"a": ["\x00 x "]}) == {"b": ["x"]}


def test_a_mask_may_be_named_in_chinese_and_an_unknown_one_is_refused_at_once() -> None:
    assert redact("13812345678", ["手机号"]) == "[PHONE]"
    with pytest.raises(UserError, match="did you mean 'phone'") as caught:
        Mask(("a",), ("a",), {}, masks={"phon": "mask"})
    assert caught.value.code == "E019"
