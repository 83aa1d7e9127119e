"""Secrets, births and plates that only words around them tell, and what looks like one and is none."""

from __future__ import annotations

import re

import pytest

from zhinan.core.patterns import which_of
from zhinan.steps.mask import armed, redact
from zhinan.steps.masks.plate import may_be_plate

FORMS = {
    "url_secret": """
        Recovery codes: ⟦7f3a-92bc⟧ ⟦81de-44a0⟧ ⟦c09b-7712⟧
        2FA backup codes: ⟦3kd8-91fa⟧, ⟦77ql-0c2e⟧, ⟦p5m1-x8x8⟧
        the bitlocker recovery key ⟦112233-445566-778899-001122-334455-667788-990011-223344⟧
        恢复码：⟦8f3a-92bc⟧
        备用恢复码有两个，⟦48219930⟧和⟦11776204⟧
        WPA2 PSK = ⟦mistyharbour2024⟧
        预共享密钥⟦Lv9_tunnel⟧，PSK写的是⟦abc12345xyz⟧
        WiFi key for the flat is ⟦moss-otter-1927⟧, all small
        Tether password on my phone is ⟦kiwi4321⟧
        password for the zip: ⟦Badger#Lane⟧
        The password is "⟦kestrel⟧".
        pw is "⟦open sesame⟧"
        my telephone password is ⟦buttercup⟧.
        口令：⟦天王盖地虎⟧
        密码是“⟦芝麻开门⟧”
        压缩包密码：⟦yang桃2046⟧，中间是汉字
        她说wifi密码特好记，⟦suiayi1958⟧。
        取款密码是生日，对，⟦四七零六一九⟧
        保险柜密码⟦左三圈27右两圈14左一圈60⟧
        Her birthday (30 May) is the alarm code too, ⟦3005⟧, which is daft.
        the pin for the card ending 0021 is ⟦9034⟧
        mysql -uroot -p'⟦abc 123 def⟧' shop
        用mysql -h db -u app -p⟦tiaotiao99⟧连
        unzip -P ⟦hunter2⟧ files.zip, or 7z x b.7z -p⟦Marmalade9⟧
        docker login -u ci -p ⟦dckr1234x⟧ registry.example
        smbclient //srv/share -U bob%⟦tulip77x⟧
        echo ⟦hunter22⟧ | sudo -S reboot
        CREATE USER app IDENTIFIED BY '⟦t1gerlily⟧'
        The bot token (⟦7719203:AAHq-xPz83Kd⟧) leaked
        Use ⟦448120⟧ to verify
        Type ⟦brick.Saddle.62⟧ at the sudo prompt
        The password is "incorrect" again
        Password is required.
        my password is expired, the password is wrong.
        密码“错误”，口令是什么
        密码输错了，扣了1000000元
        recovery codes are sent to 07700 900455 at 2024-05-03
        取件码80-3-5127，在柜里
        My 2FA codes never arrive, case 00412345, order 20240912
        Our recovery codes arrived. Tracking RB123456789CN
        Ticket 00412345: recovery codes in case I lose it: ⟦7f3a-92bc⟧. Order 20240912, backup codes ⟦81de-44a0⟧
        恢复码收不到，工单 20240912
        Use 123456 as your reference number, ⟦448120⟧ is your code
        密码输错了，就123456
        密码是“太简单”，密码为“不符合”
        password is broken.
        The password is default. My password was garbage.
        Two-factor code: ⟦119 640⟧, two-step code ⟦882119⟧
        Two-factor authentication takes 2 minutes
        There's a key safe, code ⟦1957⟧.
        lock box (code ⟦4471⟧), the garage door on the left - code ⟦1066⟧
        a gate, built 1957, and a door, code of practice 1957
        our alarm word is ⟦tangerine⟧.
        Rotate Bettany's password (⟦bluebell88⟧) please
        Reset the password (now ⟦Tulip_88⟧)
        password (sha256), password (min8 characters), password (optional), password (8chars)
        The password you gave me, ⟦winter_coat_4⟧, doesn't work
        The passcode she sent, ⟦river22bank⟧, is rejected
        The password for the laptop, windows11, has expired, order 12345, too
        The password for the server, db_prod_1, was rotated. Password reset for user_42, node_18, node_19.
        快递放丰巢柜了，取件码⟦83920174⟧。
        凭取件码 ⟦839201⟧ 开柜，开箱码：⟦48213377⟧
        Your pick-up code is ⟦482913⟧, locker code: ⟦77120934⟧
        取件码5-2-1187，提货码382910, collection code 4471
        信用卡，有效期06/28，后三位⟦417⟧，持卡人
        卡背三位是⟦417⟧，背面的三位数是⟦614⟧
        The three digits on the back are ⟦614⟧
        信用卡尾号417，手机号后三位417，卡号后三位417
    """,
    "date_of_birth": """
        On ⟦April the 28th, 1965⟧ I was born above the bakery
        date of birth ⟦sixth of the sixth sixty-six⟧
        a leap baby, ⟦29 February 1996⟧
        née le ⟦3 novembre 1972⟧, Geburtsdatum: ⟦3. November 1972⟧
        Her birthday falls on ⟦11/03⟧
        the baby was born at 3.15am on ⟦3 May 2024⟧
        DOB: ⟦1972. 11. 3⟧
        F, 52 (⟦03/11/1972⟧) and (⟦1972-11-03⟧, F)
        D O B ⟦3/11/1972⟧
        Mum's birthday is ⟦Nov 3rd⟧ and dad's is ⟦Dec 4th⟧
        冥诞⟦5月3日⟧，新生儿⟦2024年5月3日⟧
        我们家闹闹⟦2016年3月⟧的，想报乐高班
        我们家空调2016年3月的，不制冷
        我是7月29日入住的，2008年6月7日开始住了三晚
        2023年5月3日发生的事，5月3日生意不好
        孟非凡 男 ⟦19890411⟧ 汉族
        王小明，男，⟦20101212⟧，小学
        衬衫 男 20190411款
        孕妇毕晓燕，⟦1994.06.21⟧，孕28周
        患儿王豆豆（⟦2018.05.06⟧），租客张伟，⟦1988.12.01⟧，押一付三
        租客张伟，2021.12.01起租
        Claimant Sheila Bannister, NI number TN 50 73 11 A, ⟦03/11/1959⟧.
        Patient Tom Reed, NHS 485 777 3456, ⟦12 March 1961⟧.
        Claimant Ann Lee, claim ref 99-12, paid 03/11/2019
        Esteban was born on ⟦March 3rd, 1979⟧, I on ⟦July 21st, 1981⟧.
        I was born on ⟦3 March 1979⟧ and my wife in ⟦May 1981⟧
        born on ⟦3 March 1979⟧, my surgery on 5 May 2021
        Born on ⟦3 March 1979⟧, died on 5 May 2020
        老公⟦1979年3月3日⟧生，我⟦1981年7月21日⟧。
        我⟦1990年5月3日⟧出生，他2019年3月5日入职
        INSERT INTO users VALUES (817,'Kwesi Appiah','⟦1986-11-23⟧');
        INSERT INTO users VALUES (817,'Kwesi Appiah','1986-11-23','2009-01-02');
        insert into u (n,DOB) values ('x','⟦1990-01-02⟧')
        insert into u (XDob,n,Xdob) values ('1990-01-02',7,'1990-01-02')
        INSERT INTO u (n,dob,visits) VALUES (',','⟦1986-11-23⟧',7),('x','⟦1990-01-02⟧',8)
        保单生效日2026年3月1日，失效日2027年2月28日
    """,
    "plate": """
        white Hiace ⟦GR 4471-21⟧, our driver
        车牌：⟦皖A/12345⟧
        truck plate ⟦XQ 47 TB⟧
        kimlik 53114477046, truck ⟦34 HKN 729⟧; the taxi was ⟦06 BJ 1234⟧
        Kjersti parked at the back: ⟦EK 41882⟧
        van for Beverly Hills, CA 90210, car for FR 75009 Paris, parked at 10 AM 2024
        摩托⟦MTK-2916⟧是阿賢的，摩托车：⟦NMB-583⟧
        本田摩托CBR-1000，摩托罗拉MTK-6582芯片
        part number AB12 CDE fits
        型号KF-35GW，LG GT350评测，尼康D90套机，松下TM300最新价
        E3 2010展会，CGDC 2010演讲人，3D《赤壁OL》新副本
        Serial number SN-7Q4-00812, Model number KSM-150-PS
    """,
    "mac": """
        Bluetooth address of the headset: ⟦94 DB 56 0A 7C 18⟧.
        MAC ⟦30_CD_A7_B4_1F_88⟧
    """,
    "passport": """
        Passenger Oleksandr Hrytsenko, document ⟦FX528174⟧, seat 14A.
        the document FX52817 was sent
        酒店登记：田中由美 ⟦TK2093847⟧ 两晚
        民宿登记 Kim ⟦TK2093847⟧
        Hotel register: Yumi Tanaka ⟦TK2093847⟧, two nights
        酒店登记：订单AB1234567
        guest register, booking AB1234567
        The guest uploaded document DOC12345 yesterday
        the guest's document ⟦FX528174⟧, crew identity document ⟦FX528175⟧, guest Ann Lee document number ⟦FX528176⟧
    """,
}


@pytest.mark.parametrize("mask", FORMS)
def test_what_only_words_tell_is_found_and_what_they_do_not_tell_stays(mask: str) -> None:
    worth = which_of((str(next(one.worth for one in armed([mask]))),))
    for line in filter(None, map(str.strip, FORMS[mask].splitlines())):
        text = re.sub("[⟦⟧]", "", line)
        assert redact(text, [mask]) == re.sub("⟦.*?⟧", f"[{mask.upper()}]", line)
        assert "⟦" not in line or worth(text), line


@pytest.mark.parametrize(
    "text",
    ["在丽江丽王酒店住", "早餐尚可，桑拿没开，毛巾也旧", "走到春熙路要15分钟", "价格比新悦贵100元"],
)
def test_words_of_reviews_are_neither_names_nor_addresses(text: str) -> None:
    assert redact(text, ["person_name", "postal_address"]) == text


@pytest.mark.parametrize(
    "line",
    [
        "我叫⟦马哲⟧，电话不便给",
        "同事⟦马哲⟧说他明天来",
        "⟦付清⟧女士来电",
        "客户⟦胡开文⟧",
        "客户⟦江浙⟧女士",
        "患者⟦高一⟧，男，45岁",
        "收件人：⟦丰茂⟧",
        "我叫⟦丰盛⟧",
        "收货人⟦文科⟧",
        "联系人：⟦尚可⟧",
        "押金付清，孩子高一，早餐丰盛，江浙菜尚可，古木参天",
    ],
)
def test_a_word_that_is_somebodys_name_is_hidden_where_a_name_is_announced(line: str) -> None:
    assert redact(re.sub("[⟦⟧]", "", line), ["person_name"]) == re.sub("⟦.*?⟧", "[PERSON_NAME]", line)


@pytest.mark.parametrize(
    ("before", "behind", "wanted"),
    [("这个品牌", "的照片", False), ("知识", "摄影", False), ("我的", "停在门口", True), ("车牌识别", "", True)],
)
def test_a_brand_and_a_photo_are_no_vehicle(before: str, behind: str, wanted: bool) -> None:
    assert may_be_plate(f"{before}KX20ABC{behind}", (len(before), len(before) + 7)) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "use to be a great app on iOS 5 Having iOS 7 and the latest version",
        "It is a great app ? but watch out for iPad2 iOS7 hassles",
        "beyond amazing on my wife's iPhone 4! As a heavy user of Dragon",
        "some incompatibility of iPad2 with iOS7 Previous review, After s",
        "ive been using for almost 1yr!!!!!! OmgYou can do so much on this",
        "It wont open on my ipad 3 Help! Crash! Crash! Crash!",
        "worked for me I'm on the latest IOS 704 and the most recent version",
        "This is applicable with effect from 24th January, 2011.",
        "in a new format. With effect from July 13th, 2009 we have started",
        "Mercedez 5/14 yay",
    ],
)
def test_devices_times_and_days_of_effect_are_nobodys(text: str) -> None:
    assert redact(text, ["url_secret", "date_of_birth", "plate"]) == text


def test_a_secret_of_such_words_is_one_where_it_is_announced() -> None:
    assert "iPad2" not in redact("wifi password: iPad2-iOS7", ["url_secret"])
    assert redact("born 5/14/1984", ["date_of_birth"]) == "born [DATE_OF_BIRTH]"
