"""Numbers that countries give to persons are found by their form, or by name and check digit, and nothing else."""

from __future__ import annotations

import re

import pytest

from zhinan.core.patterns import which_of
from zhinan.steps.mask import armed, redact
from zhinan.steps.masks._check_digits import CHECKS
from zhinan.steps.masks._national import NUMBERS

FOUND = """
    SSN on the W-9 reads ⟦417-62-8093⟧ but the name's blank.
    my ssn is ⟦417628093⟧ and hers ⟦219-09-9999⟧
    Social: ⟦229 48 1076⟧. Thanks
    I filed with my ITIN ⟦912-78-1234⟧
    她的美国社保号是⟦417-62-8093⟧
    My NI number is ⟦PR 48 21 07 C⟧, do you need the P45 as well?
    nat ins ⟦pr482107c⟧
    NINO=⟦AB123456C⟧, SSN#⟦417628093⟧
    my social security number ends up being ⟦417 62 8093⟧ on the form
    licence no. ⟦12345678⟧ (NSW)
    C.F. ⟦RSS MRA 85T10 A562S⟧
    Steuernummer ⟦12/345/67890⟧
    numéro national ⟦85.07.30-033 28⟧
    DNI N° ⟦32964233⟧, RG ⟦12.345.678-9⟧
    CCCD số ⟦001090012345⟧
    ID (Israel) ⟦039337423⟧, מספר זהות ⟦039337423⟧
    身份证⟦110105491231002x⟧，她的英国国民保险号⟦QQ123456C⟧
    健保卡號 ⟦0000 1234 5678⟧
    NHS number ⟦485 777 3456⟧ was mistyped
    NHS no. for the child, as on the red book: ⟦4857773457⟧
    Her NHS letter came, it says ⟦485 777 3457⟧
    licence ⟦MORGA 657054 SM9IJ⟧ attached
    ⟦1EG4-TE5-MK73⟧ is on the card
    My Irish PPS number is ⟦7214836K⟧.
    the PPSN: ⟦1234567T⟧
    SIN ⟦046 454 286⟧, Canadian
    加拿大工卡⟦046 454 286⟧
    Australian TFN ⟦123 456 782⟧, super fund attached. Medicare ⟦2123 45670 1⟧
    IRD number ⟦49-091-850⟧
    My Spanish DNI is ⟦68889456V⟧, and the NIE on the old contract was ⟦Y2918374X⟧.
    la señora, ⟦12345678Z⟧, paga mañana
    codice fiscale ⟦RSSMRA85T10A562S⟧; moglie ⟦VRDLGU80A41H501X⟧
    codice fiscale, the letters as on her card, ⟦RSSMRA85T10A56NH⟧
    son numéro de sécu: ⟦1 84 12 75 108 123 47⟧
    ⟦184127510812347⟧
    Steuer-ID ⟦86 095 742 719⟧, Tax ID (Germany): ⟦98553073561⟧.
    Sozialversicherungsnummer ⟦15 070649 C 103⟧
    The BSN on the payslip is ⟦111222333⟧, could you check that
    rijksregister ⟦84.06.17-213.16⟧, plate
    My tax number ⟦24067893148⟧, tax class 1
    her tax number: ⟦1234 5678⟧
    Portuguese NIF ⟦506160998⟧ for Duarte
    NIF ⟦123456789⟧, Cartão de Cidadão ⟦12345678 9 ZZ4⟧
    PESEL ⟦44051401458⟧, as it's written on her card
    ⟦44051401458⟧ (PESEL)
    My Swedish personnummer's ⟦19811218-9876⟧, that's twelve digits
    kund ⟦811218-9876⟧ ringde
    fødselsnummer ⟦29039612345⟧
    My Danish CPR is ⟦140784-4588⟧ and the nurse wrote it down
    Finnish henkilötunnus: ⟦170384-291E⟧. The dash is part of it.
    patient ⟦131052-308T⟧ discharged
    AHV ⟦756.9217.0769.85⟧
    SVNR ⟦1237 010180⟧ in Wien
    rodné číslo ⟦710319/2745⟧
    CNP ⟦1630615123457⟧, ЕГН ⟦7523169263⟧, AMKA ⟦01018001238⟧, ΑΦΜ ⟦094014201⟧
    Turkish ID ⟦99537736032⟧ on her residence card. T.C. kimlik no: ⟦10000000146⟧
    РНОКПП ⟦1759013718⟧, СНИЛС ⟦112-233-445 95⟧, ИНН ⟦500100732259⟧
    Brazilian CPF ⟦283.778.660-80⟧, contact by WhatsApp; meu cpf é ⟦39053344705⟧
    CURP ⟦GOMC900514MDFRRL09⟧, RFC ⟦GOMC900514AB1⟧
    CUIL ⟦20-32964233-0⟧, DNI ⟦32.964.233⟧
    RUT ⟦12.531.909-2⟧ y cédula de ciudadanía ⟦1.032.456.789⟧
    Emirates ID ⟦784-1980-1234567-8⟧, Iqama ⟦1010000014⟧
    Teudat zehut ⟦039337423⟧, ת.ז. ⟦039337423⟧
    Egyptian ID ⟦29001011234567⟧
    Hey, ID number please? - ⟦840723 5291 08 4⟧ - ta
    my SA ID is ⟦8001015009087⟧
    NIN ⟦12345678901⟧, BVN ⟦22123456789⟧
    KRA PIN ⟦A012345678Z⟧
    My son's Aadhaar is ⟦4821 7730 9167⟧ and the school wants it; the आधार of his sister ⟦2341 2341 2346⟧
    PAN ⟦ABCPD1234E⟧, and the other ⟦BNZPM2501F⟧
    NRIC ⟦S7947525D⟧; her FIN ⟦G1234567X⟧
    MyKad ⟦880412-14-5567⟧
    เลขบัตรประชาชน ⟦1-2345-67890-12-1⟧
    NIK ⟦3174051205900001⟧, KTP
    CCCD ⟦001090012345⟧, SSS ⟦34-1234567-8⟧
    주민등록번호 ⟦900101-1234567⟧
    Payee says his My Number is ⟦482019372655⟧, can payroll confirm
    マイナンバー：⟦1234 5678 9018⟧
    身份證 ⟦K822624(5)⟧，姓關，申請換智能卡。
    HKID ⟦WX934682(A)⟧ 系統話invalid
    單親媽媽申領書簿津貼，證件⟦E927416(6)⟧
    業主持⟦A123456(3)⟧領匙
    澳門身份證⟦5345526(6)⟧
    身分證字號⟦A129482710⟧，戶籍臺北；居留證⟦F804229547⟧；房客⟦F123456784⟧
    My driver's licence is ⟦D657-9503-7264⟧, state of Illinois
    License: DL ⟦K5252475⟧, California
    his national ID card number is ⟦AB 123456⟧
    kennitala ⟦120174-3399⟧, isikukood ⟦37605030299⟧
"""
STAYS = """
    Order 417-62-8093 shipped in two parts
    order no. 123-45-6789 and part number 078-05-1120
    call 388 529 2602 about the order
    The NHS is wonderful, order 4857773457
    your booking ID is 8001015009087
    SKU 40-88213-B is back in stock, model AB123456C
    invoice 12345678Z is overdue
    tracking A123456784, 单号A123456784
    the ratio was 756.9217
    ISBN 978-3-16-148410-0
    13812345678 is my phone
    1700000000000
    2024-11-28 12:30:45
    total 283.778.660 COP
    see report 811218-9875
    A1234567
    SIN is a word in English, see page 123
    card 4539 7120 6648 1831
    The social distancing rule was dropped in 2021
    a tin of 400 g, 12 tins, 240 000 in stock
    My ID is on the table, 12 people saw it.
    IC 7805 costs 12 yuan
    TIN opener 250g
    PAN size 28 cm
    NIE wieder, 20 Jahre
    the RUN took 12 min
    身份证有效期20260101到20360101
    身份证复印件3份
    订单号A123456784，手机13812345678
    证件照2寸，共8张
    驾照C1，2015年拿的
    差旅费12345678元
    会员号4857773457
    Room 811218-98
    driving licence category B, 2 years
    SSN is required
    Tax numbers rose by 24067 last year
    social security office opens at 9:00
    v1.2.840.10008.1.2
    IP 10.44.7.81
    GTIN 4006381333931, EAN 7569217076985
    commit 9f3c2e71ab4d
    paid 1.032.456.789 pesos
    €12345678Z
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("line", lines(FOUND))
def test_a_number_is_found_by_its_form_or_its_name(line: str) -> None:
    worth = which_of((str(armed(["national_id"])[0].worth),))
    text = re.sub("[⟦⟧]", "", line)
    assert redact(text, ["national_id"]) == re.sub("⟦.*?⟧", "[NATIONAL_ID]", line)
    assert worth(text)


@pytest.mark.parametrize("line", lines(STAYS))
def test_what_looks_like_one_and_is_called_something_else_stays(line: str) -> None:
    assert redact(line, ["national_id"]) == line


@pytest.mark.parametrize(
    "line",
    [
        "NHS patient, ring 485 777 3456",
        "PESEL? Her code, I think, was 44051401459",
        "codice fiscale, the letters as on her card, RSSMRA85T10A56NK",
    ],
)
def test_further_from_its_name_a_number_needs_its_check_digit(line: str) -> None:
    assert redact(line, ["national_id"]) == line


EXAMPLES = {
    "luhn": "046454286", "verhoeff": "234123412346", "nhs": "4857773457", "tfn": "123456782", "medicare": "2123456701",
    "ird": "49091850", "dni": "X1234567L", "pps": "1234567T", "nir": "184127510812347", "steuer": "86095742719",
    "rente": "15070649C103", "bsn": "111222333", "rijksregister": "85073003328", "nif": "123456789",
    "pesel": "44051401458", "personnummer": "8112189876", "fodselsnummer": "11077941012", "cpr": "2110625629",
    "hetu": "131052308T", "ahv": "7569217076985", "svnr": "1237010180", "rc": "7103192745", "cnp": "1630615123457",
    "egn": "7523169263", "tckn": "10000000146", "rnokpp": "1759013718", "snils": "11223344595", "inn": "500100732259",
    "cpf": "39053344705", "cuil": "20329642330", "rut": "125319092", "nric": "S1234567D", "thai": "1234567890121",
    "my number": "123456789018", "hkid": "A1234563", "taiwan": "A123456789", "codice": "RSSMRA85T10A562S",
    "iin": "680808392064", "isikukood": "37605030299",
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_a_wrong_digit_fails_the_check(name: str) -> None:
    right = EXAMPLES[name]
    assert CHECKS[name](right)
    others = [right[:3] + digit + right[4:] for digit in "0123456789" if digit != right[3]]
    assert sum(map(CHECKS[name], others)) <= 1


def test_every_number_says_whose_it_is_and_how_it_is_called() -> None:
    assert len(NUMBERS) >= 60
    assert len({number.what for number in NUMBERS}) == len(NUMBERS)
    assert all(number.cues and number.bare for number in NUMBERS)
