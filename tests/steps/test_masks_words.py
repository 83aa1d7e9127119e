"""Passports, plates, births and secrets that other words than the usual ones tell, and what they do not tell."""

from __future__ import annotations

import pytest

from zhinan.steps.masks._births_said import headed

from .marked import hides_what_is_marked

FORMS = {
    "passport": """
        臺胞證⟦62936237⟧，入境核對無誤
        小三通船班，旅客翁倩，台胞證⟦04182937⟧，座位 12B。
        回鄉證⟦H56564937⟧下個月過期，舊的是回鄉證⟦H5656493701⟧
        台胞证号码：⟦06291837⟧
        我弟媳的港澳证件是⟦CB4632707⟧，我自己的是⟦CA9017348⟧，登记反了
        往来港澳通行证⟦C12345678⟧
        Our au pair arrives Sunday on ⟦P8996265B⟧, a Philippine passport, ETA 14:20
        ⟦NWR8K3P41⟧ is her Dutch passport
        ⟦AB9246342⟧ (my passport), row 12
        паспорт ⟦4510 123456⟧, パスポート ⟦TK1234567⟧
        Pa55port: ⟦NWR8K3P41⟧
        Hotel safe: he forgot his code, ID checked against ⟦TK7186890⟧.
        ID was verified, ⟦TK7186890⟧
        bought NWR8K3P41, a passport cover
        order P8996265B, a passport holder
        part 12345678A, passport photo booth
        台胞证办理需62936元
    """,
    "date_of_birth": """
        name,dob,phone⏎Ewa Kowalczyk,⟦1984-06-30⟧,+48 601⏎Piotr Zięba,⟦1979-12-01⟧,+48 512
        Name;Date of birth;Joined⏎Bo;⟦3/11/1972⟧;4/5/2020⏎Al;⟦1 May 1980⟧;6/7/2021⏎⏎Al;1 May 2022;3
        姓名|出生日期|入职⏎王一|⟦1990-01-02⟧|2020-03-04
        id\tbirth_date⏎7\t⟦1990-01-02⟧
        dob;note⏎⟦1990-01-02⟧;dob is checked⏎⟦1990-01-03⟧;x⏎id;dob⏎7;⟦1990-01-04⟧⏎7;x;1990-01-04
        dob,note⏎⟦1990-01-02⟧,a|dob|b⏎⟦1990-01-03⟧,x
        D.0.B.: ⟦08-O4-1967⟧  Pa55port
        births: Rowan Tindall, b. ⟦3.iii.2024⟧, to Leah
        geb. ⟦12. XI. 1954⟧, * ⟦2.ii.1960⟧
        born ⟦4 iv 1970⟧
        I put my daughter's birthday by mistake, ⟦11/11/2014⟧, mine is ⟦06/02/1983⟧.
        My birthday is ⟦1/2/1980⟧ and my wife's is ⟦3/4/1981⟧
        我生日⟦1990.12.05⟧，她⟦1990.05.12⟧。
        老公生日是⟦1990-12-05⟧；我的是⟦1991-05-12⟧
        Her date of birth on the card, ⟦07 Sep 2019⟧, doesn't match the one we hold, ⟦09 Jul 2019⟧.
        DOB on file: ⟦09 Jul 2019⟧
        请核对：谭咏（非谭咏麟），⟦1982年10月11日⟧，O型。
        核實一下：陳大文，⟦1971-10-11⟧，男
        opened an account in my name: Constance Redfearn, ⟦12/12/1962⟧, WK 73 10 46 B.
        my full name: Bo Ode (⟦1962-12-12⟧)
        name,due,phone⏎Ewa,2024-06-30,1⏎Bo,2024-12-01,2
        dob is on the form⏎arrived 2024-06-30
        name,dob⏎Bo,unknown⏎the order of 3/11/2022 is late
        请核对：订单，2012年10月11日，三件
        请核对合同金额，2015-03-01，谢谢
        b. 12 of the contract
        Renewal date on my policy is 3 March 2027, the grant deadline is 15 January 2027
        chapter b. 3.iii
        section 3.iii.2024 of the act
        please confirm the details: Room 4, 12/12/1962
        生日⟦1990.12.05⟧，2020.01.02入职，她2020.01.05入职
    """,
    "plate": """
        閣下之車輛（⟦VK 4827⟧）於3月8日違例停泊
        屋苑保安：⟦XJ 8892⟧違泊，車主湯生話即刻落嚟。
        邊個係⟦VK 4827⟧車主？
        ⟦KX 123⟧阻住出口
        違泊：⟦TR 4410⟧
        座駕⟦AB 1234⟧
        ⟦闽D·F2918学⟧ 这辆教练车压线了。
        ⟦京A12345⟧学校门口停着
        ⟦闽D·2918学⟧ 压线
        signed 3:11 P.M., hostname AB12 CDE
        UPS 11 PM, 12 AM
        printer AB12 CDE is offline
        AM 1030播車主專訪
        FM 997嘅車主節目
    """,
    "url_secret": """
        pw for the alarm is ⟦4907⟧ then star, don't text it
        The code to the nursery door changed, it's ⟦C1594Z⟧ from Monday.
        the code for the back gate is still ⟦1379#⟧
        code to the bike shed: ⟦2468⟧
        house alarm ⟦4821⟧, the fob's in the drawer
        PIN for the debit card, ⟦3861⟧, and locker 23 code ⟦7719⟧
        sim pin ⟦0000⟧, puk ⟦12345678⟧
        our combo for the store room is now ⟦661204⟧
        key safe ⟦2750⟧, alarm ⟦61934⟧, then text Bernadette
        He keeps a note in the till: admin ⟦7788⟧ manager ⟦9901⟧.
        alarm codes: owner ⟦1379⟧, cleaner ⟦2468⟧
        They want a name and a PIN: Raf, ⟦440917⟧.
        asks for a password and it's ⟦elephants.never.4get⟧.
        The password hint is "first pet", which was ⟦Gromit2009⟧, so much for hints.
        I've reset her access; the temporary one is ⟦Heron-Kettle-491⟧ and it expires
        password was reset, the new one's ⟦Otter9-Fen⟧
        Login for the tip is my plate, and the word ⟦wheelbarrow⟧.
        I set the safe to his birthday, so ⟦140662⟧, please change it
        alarm is our anniversary, that's ⟦0406⟧
        Wi-Fi: BTHub6-7PQR / ⟦f3kd9uPmYcXa⟧
        热点：Xiaomi_A1 / ⟦mianmian8899⟧
        session cookie: PHPSESSID=⟦q8f2v0lk3m7tj5dh1n9cb4ea6s⟧; path=/; secure
        JSESSIONID=⟦0000A1b2C3d4E5f6G7h8⟧
        pairing code for the headset is ⟦0482⟧
        the passkey: ⟦739201⟧
        藍牙喇叭配對碼⟦0482⟧。
        蓝牙码：⟦1234⟧
        账号guest，密码⟦xiaoxiongbinggan⟧。
        個Wi-Fi password係⟦nasiLemak_852⟧，唔好貼出去。
        門口密碼係⟦Kowloon88⟧
        门锁管理员密码恢复成⟦123456#0⟧了
        保险箱密码重置为⟦8821⟧。
        the code of conduct for the office is 12 pages
        the code for the blue door paint is on the tin
        the code to the room rate was changed in 2019
        The gate is 2750 mm, door 1981 mm
        gate 4417, door 12
        office alarm 1080p, room 23 code red
        pin for the card holder, 1234 were sold
        set an alarm to wake me up at 5:30am
        admin 7788 is my extension
        PIN: see page, 440917 people read it
        the password is wrong and it's annoying
        asks for a password and it's 10am
        the new one is 500ml
        my account was charged and the new one is iPhone15
        the safe arrived on his birthday, 14/06/62
        Wi-Fi: 2.4GHz / 5GHz, works with Bluetooth5
        Wi-Fi: fast / reliable
        sessid=4
        the pairing code is on the box
        配对失败1234次
        密码password，密码incorrect
        密码恢复成功，密码重置为空
        密码重置需要24小时
    """,
}  # fmt: skip


@pytest.mark.parametrize("mask", FORMS)
def test_what_other_words_tell_is_found_and_what_they_do_not_tell_stays(mask: str) -> None:
    hides_what_is_marked(mask, FORMS[mask])


@pytest.mark.parametrize(("text", "found"), [("dob,a\n", 0), ("dob,a\n1990-01-01,b\n", 60), ("dob|a;b,c\n", 0)])
def test_a_row_is_read_once_however_many_heads_stand_above_it(text: str, found: int) -> None:
    assert len([*headed(60 * text)]) == found
