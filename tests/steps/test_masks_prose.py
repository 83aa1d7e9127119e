"""Everyday sentences that look as if a rule were meant: numbers, doors, passwords, records and cars in plain talk."""

from __future__ import annotations

import pytest

from .marked import hides_what_is_marked

PLAIN = {
    "plate": """
        12월 2024년 매출
        회원 100명 2000원
        총 50개 1200원
        가격은 10만 5000원
        100주 2000원에 샀어요
        제12호 2024년 1월
        예산은 300조 5000억
        30대 1500명이 참여했다
        AJ 1這個品牌很好
        呢支防曬UV 50係日本品牌
        RX 7900牌子好唔好
        PS 5遊戲機停在主畫面
        The driver came with the XS 1000 charger
        tag: a b c d e
    """,
    "url_secret": """
        log in with two-factor authentication
        sign in using single-sign-on
        unlock it using state-of-the-art tools
        open it with a well-known app
        A cake with the words get well soon to my mother
        The card with the words happy anniversary as a title
        He ended with the words see you tomorrow and left
        Start the letter with the words dear sir or madam.
        Her password was stolen and she wrote to us
        my password is longer and it still fails
        The passphrase for the wallet is missing.
        password for my account is unknown.
        The password for the portal is working.
        We switched the account to Premium2
        暗号是情侣之间的事。
        我填的是男，结果密保页面打不开
        密码：大写字母加数字
        口令红包2024
        密码保护2024，已经上线
        按1001进入人工服务
        The lift: 1600 kilograms
        The gate is 1200 metres away
        Gate is B1234 for boarding
        Gate: B12A
        gift voucher for Christmas 2024-2025 season
    """,
    "date_of_birth": """
        Our size M 01/02/2005
        Bob Dylan, Desire, January 5, 1976, LP
        Fleetwood Mac, Rumours, 4 February 1977, vinyl
    """,
}
KEPT = {
    "plate": """
        번호판 ⟦12가 3456⟧ 차량
        주차된 ⟦123허 4567⟧은 흰색입니다
        呢部車⟦PS 1234⟧泊喺門口
    """,
    "url_secret": """
        unzip with ⟦sunny-river-42⟧
        Please verify with the words ⟦amber kettle nine⟧ at the door.
        With the code words ⟦red fox⟧ when you arrive.
        Her password was ⟦marmalade⟧ and she forgot it.
        I reset the account to ⟦Welcome22!⟧ today.
        密码是⟦大写的K小写的t八八二零⟧，
        按⟦2580#⟧开门
        Side gate: ⟦C1928X⟧.
    """,
}


@pytest.mark.parametrize("mask", PLAIN)
def test_plain_talk_stays_as_it_is(mask: str) -> None:
    hides_what_is_marked(mask, PLAIN[mask])


@pytest.mark.parametrize("mask", KEPT)
def test_what_is_told_beside_it_is_still_hidden(mask: str) -> None:
    hides_what_is_marked(mask, KEPT[mask])
