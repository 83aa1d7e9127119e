"""Details are found in the forms that the world writes them in: ⟦⟧ stands around what has to go, all else stays."""

from __future__ import annotations

import re
import time

import pytest

from zhinan.core.patterns import which_of
from zhinan.steps.mask import armed, redact

from .pii_scoring import FOLDER, rows

FORMS = {
    "url_secret": """
        Security word: urgent
        Our memorable phrase is customer service first
        Her secret question is who pays
        safe code of conduct 2024
        PIN the map 2024
        the pin is 2024 edition
        passcode 2023-2024 season
        登录密码2024年更新
        口令是大家2024年定的
        2024 is the year of the code
        My PIN is ⟦1987⟧ and I lost it
        PIN: ⟦2024⟧
        it opens with ⟦1966⟧, same as the cup
        My first pet, for the recovery question, was ⟦Captain Biscuit⟧.
        telephone banking code? caller: ⟦nine nine two oh four one⟧
        SIM卡的PIN⟦1234⟧，
        GET /v1/items?appid=⟦5e90c1d47fb2a8836e0d⟧
        https://x.example/feed?user=tom&auth_key=⟦8f2kd93jfQ1x⟧&lang=en
        https://app.example/reset?code=⟦Jm4XpT8eVq2uRs6B⟧
        https://app.example/invite/⟦k3Jd92mQx7TzLp0wRv5y⟧
        https://open.feishu.cn/open-apis/bot/v2/hook/⟦8b1f5d3e-2c4a-4e6f-9a7b-0c1d2e3f4a5b⟧
        private feed: https://cal.example/ical/⟦m2Vx7nQe9RkT4sYw⟧/basic.ics
        https://x.example/cb?state=⟦af0ifjsldkj29x8a⟧&code=⟦SplxlOBeZQQYbYS6WxSbIA⟧
        Server=db1;User Id=sa;Password=⟦Tr0ub4dor&3⟧;
        SharedAccessKeyName=Root;SharedAccessKey=⟦kU8sB2nQ0xVtYw3zA5cE7gH9jL1mN4pR6tV8xZ0bD2f=⟧
        x-functions-key: ⟦aB3dE5gH7jK9mN1pQ3sT5vX7zB9dF1hJ⟧
        appsecret填的是⟦k0Nv6GsXz3BhJm8R⟧
        密钥已更新为⟦9f2c7e10bd⟧
        提取码：⟦x8kd⟧
        ⟦dckr_pat_9Kx2mLqZs8VtRw3yBn5c⟧ and ⟦hvs.CAESIJ8kd93LmQpZxVt72RwYb⟧
        ⟦pat-na1-8b1f5d3e-2c4a-4e6f-9a7b-0c1d2e3f4a5b⟧ is live
        our ⟦acme_live_key_9Kx2mLqZs8VtRw3yBn5c⟧ leaked
        sshpass -p '⟦deploy#2023⟧' ssh x
        Password - ⟦kitten42!⟧
        password changed from ⟦OldPass1!⟧ to ⟦NewPass2@⟧
        user/pass: admin / ⟦letmein123⟧
        login admin:⟦P@ssw0rd⟧ works
        access code ⟦QX-8817-ZT⟧ for the portal
        Cookie: sessionid=⟦u7d8f9g0h1j2k3l4⟧; path=/
        my card PIN is ⟦4821⟧ and the limit is 500
        Your one-time code is ⟦730 118⟧, valid 5 minutes
        ⟦552 041⟧ is your verification code
        side door code ⟦#7702*⟧ after six
        To unlock the tablet enter ⟦558210⟧
        the new one for the rota page is ⟦maple-Canoe-4471⟧, tell nobody the password
        my code is ⟦Tiger-2204-fern⟧ but it says wrong user
        the vpn password got out: someone pasted ⟦Ox!lane88⟧ on the wall
        guest wifi: ⟦green-otter-lamp⟧
        my recovery phrase is ⟦lemon canoe harbor violin mason tulip⟧
        The security word is ⟦marzipan⟧.
        短信验证码⟦604217⟧，请勿转告
        动态码：⟦71 52 08⟧，如非本人操作请致电
        别在群里发密码！刚才那个⟦Wd#2025beihai⟧赶紧改掉
        数据库口令改成了⟦Rm73-songshu-18⟧，用完退出
        管理员root/⟦Lk!feng6⟧，端口22022
        助记词是⟦river mango skill cedar⟧，抄在本子上
        密保问题我填的是⟦蒲公英⟧
        取件码5-2-3307，在驿站
        PIN must have 6 digits and not 1234 5678 times
        the receipt says auth code 093817
        I changed the password on 2024-03-12 for order INV-2024-abC9
        验证码5分钟内有效
        wifi: TP-Link-8F2a pw: ⟦h3dge!hog⟧
        https://news.example/2024/05/17/the-long-road-home
        https://github.com/psf/requests/commit/4b825dc642cb6eb9a060e54bf8d69288fbee4904
        https://shop.example/item?id=8823917&color=red
        https://x.example/search?q=token+ring&code=404
        https://www.bilibili.com/video/BV1xx411c7mD
        password must contain 8 characters
        token limit 4096, key 1 is stuck
        密码至少8位，包含字母和数字
    """,
    "plate": """
        his tractor reg is ⟦181-KY-2047⟧
        my car SG plate ⟦SLB 4471 K⟧
        rego ⟦1KD 8WZ⟧ is due
        ⟦KA 03 MN 5827⟧ overspeeding
        gate log: ⟦MH12AB9043⟧ in 06:44
        ⟦22 BH 1234 AA⟧ is my bike
        my reg is ⟦yk21 zxc⟧
        German plate ⟦B-MW 1234⟧ on CCTV
        plate ⟦AB-123-CD⟧, two keys
        Dutch kenteken ⟦GX-482-K⟧
        plate ⟦W-48213X⟧
        gate camera read ⟦SLK 3305 G⟧ at 18:44
        gate camera read ⟦SLK 3305 G⟧ at 18:44
        Swiss plate ⟦ZH 482 113⟧
        Turkish plate ⟦34 KPL 482⟧
        matatu ⟦KDG 117F⟧ overtook
        Vietnam plate ⟦51F-482.13⟧
        placa ⟦KPL4D82⟧
        plates: ⟦8XKR204⟧ and ⟦7LPD553⟧
        Uber: silver Prius, ⟦8KDM417⟧
        the plate on the grey van was ⟦LEA-1234⟧
        我架車⟦VN 6281⟧泊咗喺三樓
        車牌⟦BKD-5083⟧擦撞後離開現場
        ⟦京 A 8K72D⟧ 的车主请挪车
        应急车⟦京·X1234应急⟧
        flight BA 178 lands at 6
        Ford F150 XLT for sale
        steel plate 12MM thick
        registration opens 12 MAY 2024
        the car park closes at 10 PM
        SKU ABC-1234 out of stock
        京A股
    """,
    "phone": """
        Pls call HP ⟦9127 4480⟧ when u reach
        my sg number is ⟦8123 4567⟧
        客人留低電話⟦9283 5106⟧
        手机⟦138 123 45678⟧
        手机：⟦138,1234,5678⟧
        我电话⟦幺三八一二三四五六七八⟧
        ring ⟦oh seven nine one one, one two three, four five six⟧
        ⟦415 555-0123⟧
        portable ⟦06 12 34 56 78⟧
        Mobil: ⟦0171/1234567⟧
        móvil ⟦612 345 678⟧
        tel ⟦8 912 345 67 89⟧
        celular ⟦(11) 91234-5678⟧
        send to ⟦0712345678⟧
        Part number 0445-110-369 fits
        msisdn ⟦447902118365⟧, please reprovision
        寫字樓⟦2815 7340⟧，傳真⟦2815 7351⟧
        msisdn ⟦447902118365⟧, please reprovision
        寫字樓⟦2815 7340⟧，傳真⟦2815 7351⟧
        SKU 415-555-0123
        ref 020 7946 0958
        订单 9283 5106
        发票号码53226381
        phone 15 128 256
        order 9127 4480 shipped
    """,
    "date_of_birth": """
        The date of birth as given on your application: ⟦12/05/1990⟧
        Date of birth recorded when he was admitted: ⟦03/04/1985⟧
        The patient's date of birth recorded at admission: ⟦03/04/1985⟧
        DOB of the patient who was discharged ⟦03/04/1985⟧
        Date of birth that we have from when you registered: ⟦12/05/1990⟧
        My date of birth on the account I created is ⟦12/05/1990⟧
        DOB, visit: ⟦03/04/1985⟧
        date of birth, visit ⟦03/04/1985⟧
        出生日期，签发机关登记：⟦1990-05-01⟧
        性別男，⟦1990年5月⟧
        ⟦5月1日⟧，天蝎
        I was born in London. I was admitted 03/04/2019
        Born in Leeds, he was discharged on 03/04/2019
        birth date on file (⟦1948-05-06⟧) doesn't match
        her bday is ⟦6 may⟧
        bday ⟦5/6⟧
        date of birth is the ⟦third of March nineteen sixty-two⟧
        ⟦12/03/1985⟧ (DOB)
        ⟦March 12⟧ is her birthday
        date_of_birth=⟦1985-03-12⟧
        the yob column holds ⟦3 May 1990⟧
        DOB should be ⟦12/03/1985⟧ not ⟦03/12/1985⟧
        when were you born? answer: ⟦22-Sep-84⟧
        DOB on the form is ⟦01/02/1990⟧, the passport says ⟦02/01/1990⟧
        出生日期成了⟦1970-01-01⟧，实际是⟦1971-01-10⟧
        生于⟦民国二十三年三月初四⟧
        出生率下降到2023年1月的水平
        when were you born? answer: ⟦22-Sep-84⟧
        DOB on the form is ⟦01/02/1990⟧, the passport says ⟦02/01/1990⟧
        出生日期成了⟦1970-01-01⟧，实际是⟦1971-01-10⟧
        生于⟦民国二十三年三月初四⟧
        出生率下降到2023年1月的水平
        born in St. Mary's hospital on ⟦17 January 2009⟧
        geboren am ⟦12.03.1985⟧
        他⟦9月17号⟧生日
        我妈⟦农历腊月初九⟧过寿
        我生日⟦3.12⟧
        出生日期从⟦1990-01-02⟧改成⟦1990-01-03⟧
        ⟦八六年三月十二⟧生的
        passport issued 12 Mar 2015
        birth certificate issued 12 Mar 2015
        birthday party 17 January
        生日会员8折，3月12日截止
        2024年3月12日生产
        The report for Oisín Brennan (⟦03-07-1961⟧) has not arrived
        Passenger 2: Amir Haddad, ⟦2018-05-30⟧, child fare
        She says she's ⟦9 Oct 1951⟧, your letter says ⟦9 Oct 1961⟧
        The form takes eight digits for date of birth so I typed ⟦23081972⟧
        DOB: ⟦230872⟧
        My date of birth was entered as today. It should be ⟦7/2/1983⟧.
        "Date of birth?" "⟦Seven, two, eighty-three⟧."
        What's the dob on the policy? I have ⟦7-2-1983⟧
        My mother had me on ⟦August 19th, 1969⟧
        Our daughter arrived on ⟦3 May 2023⟧, 3.2 kg
        (b ⟦02.11.1948⟧)
        born on ⟦New Year's Eve, 1950⟧
        F ⟦1963-02-19⟧
        turning 40 this ⟦19 February⟧
        celebrates her 90th on ⟦19 February⟧
        I came into the world on ⟦19 February 1963⟧
        дата рождения ⟦19.02.1963⟧
        security question: mother's birthday. I put ⟦18 Jan 1950⟧
        DOB - ⟦02/01/1955⟧; cover start 06/01/2020
        儿童票：苏一航，⟦2019-04-11⟧，随行家长苏敏
        孩子登记：乳名豆豆，大名江雨辰，⟦2022.3.9⟧，对花生过敏
        我姥姥⟦民国三十年⟧生人
        奶奶⟦乙亥年⟧生的，属猪
        我女儿⟦2017年3月⟧的，上几年级
        生日⟦870602⟧
        寿辰：⟦八月十五⟧
        生日是⟦中秋节⟧
        ⟦1987年农历六月初二⟧出生
        ⟦腊月二十三⟧生的
        ⟦6.2⟧生的双子座
        “您的出生年月日？”“⟦八七年，六月，二号⟧。”
        生日填的是⟦1987/6/2⟧，改成⟦1987/2/6⟧
        ⟦1987年6月2日⟧，属兔
        出生日期：⟦1987年3月12日⟧，入职日期：2015年7月1日。
        ⟦1959.11.02⟧出生，2024.12.15因胸闷入院
        生产日期2024年6月2日
        宝宝预产期5月1日
    """,
    "ip": """
        ⟦203[.]0[.]113[.]9⟧ is the C2
        from ⟦203.0.113.9⟧-⟦203.0.113.20⟧
        個server ⟦113.254.66.19⟧ 俾人打
        個server ⟦113.254.66.19⟧ 俾人打
        dns ⟦8.8.8.8⟧ answers
        网关⟦58.33.14.207⟧，版本2.14.3.1
        4.18.0.22 broke the printer
        升级5.10.102.1后蓝屏
        见2.3.4.1节
        EUI-64 a4:83:e7:ff:fe:2f:11:09
    """,
    "mac": """
        the microscope's MAC is ⟦18.66.DA.4C.09.F7⟧
        交换机学到的mac：⟦00e0-fc12-9a7b⟧ 端口7
        license A1B2-C3D4-E5F6 expired, version 18.66.10.14.09.17
        new scanner at the till is ⟦30cda7b41f88⟧
        门锁 ⟦3c5ab4910e7d⟧ 离线
        commit 3c5ab4910e7d broke the printer
        container id 3c5ab4910e7d on the server
        radius: ⟦1CBFCE7720D4⟧ rejected
        白名单加⟦A483E72F1109⟧
        ⟦00 1A 2B 3C 4D 5E⟧ mac
        ⟦001a2b-3c4d5e⟧ on the switch
        serial A483E72F1109
        commit a483e72f1109
    """,
    "passport": """
        台胞证⟦01234567⟧
        pp# ⟦M80331764⟧ korea, checked in
        pp# ⟦M80331764⟧ korea, checked in
        Her UK passport is ⟦925665416⟧ and her husband's is ⟦925665430⟧.
    """,
    "iban": """
        IBAN⟦NL91ABNA0417164300⟧
        ⟦GB29  NWBK  6016 1331 9268 19⟧
    """,
    "bank_card": """
        ⟦4111  1111  1111  1111⟧
        ⟦4111.1111.1111.1111⟧
        ⟦41111111 11111111⟧
    """,
    "id_card": """
        ⟦1101 0519 4912 3100 2X⟧
        ⟦110105.19491231.002X⟧
    """,
    "email": """
        ⟦anna(at)example.com⟧
        ⟦anna [at] example [dot] com⟧
        ⟦anna at example dot com⟧
        ⟦anna@example。com⟧
        look at the dot on example.com
    """,
    "postal_address": """
        CV: ⟦Rua Augusta 1508, apto 73, São Paulo – SP, 01304-001⟧ · open to work
        lives at ⟦Via dei Cappellari 9, 00186 Roma⟧, third bell
        ordered from ⟦B-304 Shanti Towers, Baner Road, Pune 411045⟧, 2x ghee
        use ⟦221 Nguyễn Trãi, Quận 5, TP.HCM⟧
        leak at ⟦305 Corniche Bldg, Hamra St, Beirut⟧, hurry
        label says ⟦Herengracht 112-II, 1015 BT Amsterdam⟧ instead
        across from ⟦780 Third Ave, 14th Fl, New York⟧
        ⟦2-8-1 Nishi-Shinjuku, Shinjuku-ku, Tokyo 163-8001⟧
        ⟦Calle 93 # 11-27, Bogotá⟧
        ⟦PSC 473 Box 12, FPO AP 96349⟧ is the ship
        from ⟦12 Fulham Broadway⟧ to ⟦The Old Forge, Mill Lane, Wivelsfield RH17 7QT⟧
        the meeting is at 12 Monday
        5 Star Apartments are booked
        桶装水 ⟦东风化工厂家属院老三栋401⟧
        ⟦四川省南充市仪陇县新政镇石佛岩村4社⟧
        ⟦吉林省延边州图们市月宫街光明委7组⟧
        送到⟦锦绣花园二期6栋1402⟧
        ⟦屯门兆康苑兆丰阁15楼8室⟧
        在⟦望江名邸3栋⟧地下车库
        约在⟦虹桥路1720弄5号⟧门口
        今天5号楼停水通知
    """,
    "person_name": """
        Prescriber: ⟦ADEYEMI, F.⟧ Dose unchanged
        Payment from ⟦MARTINEZ JORGE A⟧ posted
        ⟦Chukwuemeka "Emeka" Nwosu⟧ retired
        Anaesthetist: ⟦Kowalczyk⟧; scrub: ⟦Mbeki⟧; no complications
        lane 3: ⟦A. Thorsteinsdottir⟧ 31.22
        my dentist is ⟦hernandez⟧, the tall one
        my dentist is late, my dog is asleep
        Signed for by ⟦BRIDGES⟧ at 11:47
        Appointment for Master ⟦Oliver Nkemelu⟧
        MASTER BEDROOM and QUEEN SIZE sheets
        幫我問⟦Jacky 溫⟧幾時放飯
        系统告警，⟦匡正⟧请处理
        恭喜⟦温故⟧、⟦池鱼⟧通过初试
        ⟦孔令月⟧和⟦孔令星⟧是姐妹
        ⟦伊万诺夫⟧教授改到三教
        收件人 ⟦普⟧先生
        搵⟦霍⟧生跟開
        剧本杀：⟦阿湛⟧鸽了
        小票还在，黃大仙籤文
        此致 敬礼！
    """,
}


@pytest.mark.parametrize("mask", FORMS)
def test_each_form_is_found_and_what_looks_alike_stays(mask: str) -> None:
    for line in filter(None, map(str.strip, FORMS[mask].splitlines())):
        wanted = re.sub("⟦.*?⟧", f"[{mask.upper()}]", line)
        assert redact(re.sub("[⟦⟧]", "", line), [mask]) == wanted


@pytest.mark.parametrize("name", ["url_secret", "date_of_birth", "mac"])
def test_a_text_of_nothing_but_cues_takes_time_in_proportion(name: str) -> None:
    """One text of 10 KB once held a service for five seconds: at each cue all that follows was looked through."""
    cues = [
        "key ", "password ", "routerkey", "a,a,", "password?", "secret a1,", "login admin/", "password (", "key-a",
        "token_", "-eyJabcdef", "vaccine A", "report A-", "urodz", "child A", "出生", "0::", "Patient Ann-",
        "recovery key ", "password for a", "密码", "Passenger document ",
    ]  # fmt: skip
    rest = (
        " key ABCD-1E34-EFGH-5678 license key=AB12 CD34 EF56 GH78 secret is ab12 cd34 ef56 ab78 router key abcd-1234 "
        "admin zoe/Abcdef1! password: Tr0ub4dor&3 password w4ter-Melon-7x is (a-b1 patient Ann Lee, 1990-01-02 child "
        "Bo, 2012-03-04 urodzony 1990-01-02"
    )  # what makes the gates let every rule look
    find = next(mask.finds for mask in armed([name]) if mask.name == name)

    def seconds(cue: str, size: int) -> float:
        start = time.process_time()
        list(find(cue * (size // len(cue)) + rest))
        return time.process_time() - start

    list(find("".join(cues) + rest))  # which compiles the rules
    slow = [cue for cue in cues if seconds(cue, 8_000) > 0.05 and seconds(cue, 8_000) > 12 * seconds(cue, 2_000)]
    assert slow == []


def test_many_addresses_take_time_in_proportion() -> None:
    """Each address was looked at once for each other: five thousand took a minute."""
    find = next(mask.finds for mask in armed(["ip"]))
    start = time.process_time()
    assert len(list(find("203.0.113.9 " * 2000))) == 2000
    assert time.process_time() - start < 1


def test_the_gates_of_all_masks_together_cost_hardly_more_than_one() -> None:
    """Counted repeats in a few of them once made the machine that looks for all at once twenty times slower."""
    gates = tuple(mask.worth for mask in armed() if mask.worth is not None)
    texts = [row["text"] for row in rows(FOLDER / "dev.jsonl")] * 5

    def seconds(patterns: tuple[str, ...]) -> float:
        look, start = which_of(patterns), time.process_time()
        for text in texts:
            look(text)
        return time.process_time() - start

    assert min(seconds(gates) for _ in range(3)) < 6 * min(seconds(("@",)) for _ in range(3))
