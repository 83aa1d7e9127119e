"""Codes that screens, logs and panels show, births in rows of people, and what is written like them and stays."""

from __future__ import annotations

import re

import pytest

from zhinan.steps.mask import redact

FOUND = {
    "url_secret": """
        Two-step code texted was ⟦G-730216⟧ and it expired
        Google says ⟦G-104482⟧ but the page wants six digits
        ⟦G-551203⟧ is your verification code
        验证码⟦G-204417⟧输了没反应
        The keypad at the depot asks for ⟦9041⟧ and beeps
        the alarm panel by the stairs only takes ⟦77120⟧
        side entrance, ⟦4471⟧ then hash
        key in ⟦58213⟧ followed by the star
        my son can't log into the reading app, his code is ⟦plum-otter-42⟧
        class login: her code is ⟦red-fox-lamp⟧
        Password hints shouldn't show it. Mine showed ⟦Lighthouse-88⟧. In plain text.
        the password reset is broken, the screen displayed ⟦Walnut77⟧
        OTP又超时，刚才收到的是⟦660 274⟧，前一条是⟦118 903⟧
        验证码第一次是⟦482913⟧，后来又发了⟦118903⟧
        The security code was ⟦482913⟧ and the previous one was ⟦118903⟧
        INFO sms.send tpl=LOGIN_CODE code=⟦550913⟧
        {"type": "otp", "code": "⟦48213⟧"}
        快递柜取件码⟦80-3-5127⟧
        取件码⟦83-27-15⟧打不开门
    """,
    "date_of_birth": """
        CSV row 118: Ferreira, Tiago;⟦1979-06-23⟧;active
        Row 4: Lê Quang Huy | ⟦15/07/1999⟧ | single room
        Handover bed 14: Marguerita Xuereb, ⟦23/08/1938⟧, fall risk
        Ana Lima;⟦02.11.1984⟧;ana@lima.example
        病案首页：邸桂珍，⟦1947-10-30⟧，高血压3级
        本人栾平，⟦1978/05/05⟧，忘记支付密码
        床位3：王芳，⟦1950-02-03⟧，低盐
        我叫冯晓，⟦1990年3月2日⟧，想改名字
    """,
    "plate": """
        white Corolla, ⟦LSR 482 XK⟧, no movement
        the driver of ⟦KJA-418FN⟧ hit me
        clean Prius, plate ⟦PO 5K821⟧.
        Charge point ID 4471-B, plate ⟦NV-812-K⟧
    """,
    "national_id": """
        Belgian eID of the guarantor: ⟦85.07.30-033 28⟧, copy attached.
        Austrian SV number ⟦1237010180⟧?
        Aadhaar mismatch: card shows Meenakshi Sundaram, bank shows Meenakshi S, no. ⟦7349 2281 6503⟧
    """,
}
STAYS = {
    "url_secret": """
        error code G-102033 on the washing machine
        part G-730216 is out of stock
        The garage wants 1200 for a new clutch
        the alarm panel needs 2 batteries
        press 1 then hash for sales
        ext 4471 then hash
        the app says my promo code is summer
        Passwords are fine. It showed error404.
        sms gateway failed, code=1012
        login page returns code=4003
        取件码7-3-4418，帮我去菜鸟拿一下
        取件码8-3-2207，柜门弹不开
        the item code is plum-otter
        log in and look: your code is well-written-here
        lock box needs 1500 screws
        验证码是空的，后来来了3500人
        login ok code=200000
    """,
    "date_of_birth": """
        Row 4: Lê Quang Huy | 15/07/2024 | single room
        Ana Lima;02.11.1984;archived
    """,
    "plate": "an ATM fee of 140 USD for the taxi",
    "national_id": """
        Aadhaar mismatch: card shows Meenakshi Sundaram, bank shows Meenakshi S, no. 7349 2281 6504
    """,
    "mac": """
        Device 00:00:00:00:00:00 shows up in the list
        broadcast to ff:ff:ff:ff:ff:ff, switch port 4
    """,
}


def _each(sentences: dict[str, str]) -> list[tuple[str, str]]:
    return [(kind, line.strip()) for kind, lines in sentences.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("kind", "marked"), _each(FOUND))
def test_what_is_shown_is_hidden(kind: str, marked: str) -> None:
    text = re.sub("[⟦⟧]", "", marked)
    assert redact(text, [kind]) == re.sub("⟦.*?⟧", f"[{kind.upper()}]", marked)


@pytest.mark.parametrize(("kind", "text"), _each(STAYS))
def test_what_is_only_written_alike_stays(kind: str, text: str) -> None:
    assert redact(text, [kind]) == text
