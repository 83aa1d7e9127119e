"""Details with a form are found glued to their label, in words, in brackets and on a command line."""

from __future__ import annotations

import pytest

from zhinan.steps.mask import redact


@pytest.mark.parametrize(
    ("mask", "text", "wanted"),
    [
        ("mac", "MAC：00-1A-2B-3C-4D-5E", "MAC：[MAC]"),
        ("date_of_birth", "生日是九月三号", "生日是[DATE_OF_BIRTH]"),
        ("date_of_birth", "出生于一九八五年六月十二日", "出生于[DATE_OF_BIRTH]"),
        ("date_of_birth", "d.o.b. 12/4/82", "d.o.b. [DATE_OF_BIRTH]"),
        ("date_of_birth", "she turns 40 on 3 May", "she turns 40 on [DATE_OF_BIRTH]"),
        ("date_of_birth", "Birthdays in June: Bo (9 June)", "Birthdays in June: Bo ([DATE_OF_BIRTH])"),
        ("date_of_birth", "他是農曆正月初八生的", "他是[DATE_OF_BIRTH]生的"),
        ("date_of_birth", "生日民国七十年", "生日民国七十年"),
        ("date_of_birth", "出生日期填民國61年2月9日", "出生日期填[DATE_OF_BIRTH]"),
        ("date_of_birth", "Ms Ode, female, 1979/06/08, ID 1", "Ms Ode, female, [DATE_OF_BIRTH], ID 1"),
        ("date_of_birth", "男，2019年5月入职", "男，2019年5月入职"),
        ("date_of_birth", "Patient Ada Ode (2 Aug 1949) rang", "Patient Ada Ode ([DATE_OF_BIRTH]) rang"),
        ("date_of_birth", "Patient Ada Ode (2 Aug 2026) rang", "Patient Ada Ode (2 Aug 2026) rang"),
        ("date_of_birth", "Nan turns ninety-one on 2 June", "Nan turns ninety-one on [DATE_OF_BIRTH]"),
        ("date_of_birth", "DOB? Uh, the third of June, fifty-one.", "DOB? Uh, the [DATE_OF_BIRTH]."),
        ("date_of_birth", "我爸五二年腊月初八生的", "我爸[DATE_OF_BIRTH]生的"),
        ("date_of_birth", "阿婆昭和十五年七月出生", "阿婆[DATE_OF_BIRTH]出生"),
        ("date_of_birth", "宝宝今年元旦生的", "宝宝[DATE_OF_BIRTH]生的"),
        ("date_of_birth", "今年元旦产生的费用", "今年元旦产生的费用"),
        ("date_of_birth", "1999/01生，本科", "[DATE_OF_BIRTH]生，本科"),
        ("plate", "the driver in WP 4418 N was late", "the driver in [PLATE] was late"),
        ("plate", "hail damage to vehicle 12-XKP-4", "hail damage to vehicle [PLATE]"),
        ("plate", "motorcycle 59-X3 284.17 ran the light", "motorcycle [PLATE] ran the light"),
        ("iban", "IT60 X 05428 11101 000000123456", "[IBAN]"),
        ("phone", "07700.900.455", "[PHONE]"),
        ("phone", "会议号 882 3314，密码在邮件里", "会议号 882 3314，密码在邮件里"),
        ("landline", "Landline at the cottage is 01632960955", "Landline at the cottage is [LANDLINE]"),
        ("landline", "家里固话还是7720935，没变", "家里固话还是[LANDLINE]，没变"),
        ("url_secret", "the password in the config is w1nter-Pen-19", "the password in the config is [URL_SECRET]"),
        ("url_secret", "passphrase was pasted here (blue!Tin_77)", "passphrase was pasted here ([URL_SECRET])"),
        ("url_secret", "the password for room 12 is on the fridge", "the password for room 12 is on the fridge"),
        ("ip", "gone since the 5.3.1.9 update", "gone since the 5.3.1.9 update"),
        ("phone", "(+852) 9123 4567", "[PHONE]"),
        ("ip", "IPv6:2001:db8:0:0:8:800:200c:417a", "IPv6:[IP]"),
        ("ip", "std::vector and a::b stay", "std::vector and a::b stay"),
        ("passport", "Passport#K1234567", "Passport#[PASSPORT]"),
        (
            "date_of_birth",
            "生日报给行政：阿杜7月19号，她十二月三日",
            "生日报给行政：阿杜[DATE_OF_BIRTH]，她[DATE_OF_BIRTH]",
        ),
        ("date_of_birth", "Age check failed: you entered 07/31/2009", "Age check failed: you entered [DATE_OF_BIRTH]"),
        ("date_of_birth", "DOB (as on passport) 3 June 1984", "DOB (as on passport) [DATE_OF_BIRTH]"),
        ("date_of_birth", "the age of this offer ends 3 May", "the age of this offer ends 3 May"),
        ("ip", "Firmware 3.0.0.4 on two, 1.9.1.17 on one", "Firmware 3.0.0.4 on two, 1.9.1.17 on one"),
        ("ip", "subnet 10.20.0.0/16, router 192.168.1.1", "subnet 10.20.0.0/16, router 192.168.1.1"),
        ("ip", "host 10.20.30.44 is down", "host [IP] is down"),
        ("mac", "桩体MAC：8CAAB5F0632D", "桩体MAC：[MAC]"),
        ("passport", "二厨，证件ED4718206", "二厨，证件[PASSPORT]"),
        ("passport", "Passport number: LA123456", "Passport number: [PASSPORT]"),
        ("passport", "order LA123456 for a passport cover", "order LA123456 for a passport cover"),
        ("landline", "0371 6557 2093", "[LANDLINE]"),
        ("landline", "your helpline (0800 555 0100)", "your helpline (0800 555 0100)"),
        ("phone", "call 98407 21653", "call [PHONE]"),
        ("url_secret", "token 是 7f3a9c2e11d04b8a", "token 是 [URL_SECRET]"),
        ("url_secret", "curl -u admin:Zx81!qp https://x.example", "curl -u admin:[URL_SECRET] https://x.example"),
        ("url_secret", "mysql -uroot -pS3cr3t99", "mysql -uroot -p[URL_SECRET]"),
    ],
)
def test_a_detail_is_found_however_it_is_announced(mask: str, text: str, wanted: str) -> None:
    assert redact(text, [mask]) == wanted
