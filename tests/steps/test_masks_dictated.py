"""Numbers and addresses as people dictate, space out and group them, and lists of digits that are none."""

from __future__ import annotations

import pytest

from .marked import hides_what_is_marked

FORMS = {
    "bank_card": """
        账号 ⟦6228480329 4817 2065 7⟧，农行
        卡号⟦622202 0000 0000 00000⟧
        my card is ⟦45397 12066 48183 1⟧ ok
        Visa ⟦4539712-066481831⟧
        编号 6228480329 4817 2065 7
        my card is 45397 12066 48182 1
    """,
    "phone": """
        he's on ⟦0 7 7 0 2 5 5 8 1 1 6⟧, tell him
        my number is ⟦oh seven seven double oh nine hundred three one six⟧
        联络我哋：⟦2391 5506⟧（星期一至五），联络他们 ⟦2391 5507⟧
        爷爷家⟦0351 7023 886⟧没人接，0800 1234 567 is free
        Whatsapp me ⟦+44 7 7 1 8 - 4 0 2 - 9 1 6⟧ the site blocks numbers lol
        应该是⟦1 3 9 5 8 0 4 4 7 1 2⟧。
        The witness gave her phone as ⟦07 4 4 2 6 8 3 9 3 8⟧ and her address
        幫我打畀契媽，⟦9-6-0-4 8-2-1-7⟧。
        ring me: ⟦2-1-2-5-5-5-0-1-4-8⟧
        ⟦0.4.1.2.7.7.7.1.0.8⟧
        号码⟦一 三 九 五 八 零 四 四 七 一 二⟧
        一 三 五 七 九 跳着数
        my mobile ⟦7 7 0 2 5 5 8 1 1 6⟧
        my phone is ⟦zero four one two, triple seven, one oh eight⟧.
        ⟦oh seven nine double one, four six two, three oh eight⟧
        call him on ⟦nine six oh four, eight two one seven⟧ tonight
        轉數快畀⟦5396 8014⟧，名係CHOI
        PayMe收款：KO Nga Man 6-8-4-1 即係⟦6841 2073⟧
        FPS ⟦93718264⟧
        媽咪⟦9033 6185⟧。
        佢電話轉咗，而家用⟦6128 4073⟧㗎
        你有冇⟦9284 1167⟧呢個人嘅WhatsApp
        rows 1 2 3 4 5 6 7 8 9 and 10
        9 8 7 6 5 4 3 2 1 0 lift off
        lotto 4 8 1 5 1 6 2 3 4 2
        set 0 0 0 1 0 1 1 0 1 0
        sudoku row 5 3 4 6 7 8 9 1 2
        0 1 0 1 1 0 1 0 1 0 1
        pi is 3.1 4 1 5 9 2 6 5
        marks 7-8-9-6-7-8-8
        one two three four five six seven
        the code is one two three four five six seven eight
        nil nil, two one, three two, one nil
        訂單編號6841 2073嘅貨幾時到
        張單單號 6841 2073，唔該
        八達通卡號 6841 2073 唔見咗
        尾號6841 2073
        收咗6841 2073蚊
        6841 2073 is a part
        call centre 2024 2025
        客户：4471 0028 3391 5060。
        師傅4471 0028 3391 5060
    """,
    "landline": """
        Signature:⏎14 Sráid an Droichid⏎⟦091 567 204⟧⏎ciaran
        row 091 567 204 of the table
    """,
    "email": """
        My email is ⟦jemima dot okafor at tealbridge dot example⟧, all lower case.
        ⟦jo underscore bo at gmail dot com⟧
        write to ⟦ann dash lee at mail dot firm dot co.uk⟧
        it's ⟦j dot p dot morgan at example dot org⟧
        邮箱是⟦zhangsan点li艾特163点com⟧
        邮箱⟦wang下划线hao艾特qq点com⟧
        we met at noon dot
        look at the dot com boom
        a polka dot dress at home
        connect the dots at example
        she is good at dot painting
    """,
}  # fmt: skip


@pytest.mark.parametrize("mask", FORMS)
def test_what_is_dictated_is_found_and_other_digits_stay(mask: str) -> None:
    hides_what_is_marked(mask, FORMS[mask])
