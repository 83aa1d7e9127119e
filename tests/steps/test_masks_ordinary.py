"""What public texts say that no mask hides, rules and tagger together, and the names beside which small words stand."""

from __future__ import annotations

import pytest

from zhinan.steps.mask import armed, hide_all

ORDINARY = """
    best way to pass time!
    so easy to pass levels!!
    17 Things You Should Know Before You Go
    4 oz, 99% Natural Lotion
    32GB A1367 4th Gen
    Boots Size 10 Black
    5 Year Tax Saving Deposit
    our 5th Echo Device
    5号楼离前台有点远，走了很久
    9/7号到的，27号私下问了前台
    离2号线很近
    3号航站楼出来就是
    4、5星的酒店都住过
    开的3天大床房
    7-10号入住，服务不错
    667 m2 of land
    三康8号产量高
    我是2008年7月1日入住的
    我是8月3日晚上到的
    今天是2019年5月4日
    依旧是2023年5月1日的生产日期
    today, 19th December, 2019
    between october 7th and october 10th
    6月27至29日填报
    RMB25 for the ride
    it cost EGP 250m
    SSC2011 results are out
    Sickkkkk app, Awesssommme
    Goooood game, Luuurve it
    Love Candy Saga on my phone
    I Love This Game And My Kids Love It Too
    Amazing Pics And Nice Sound, Really Huge Fan
    de-registered and de-stress
    汤太咸了，花卷不错
    宁静的夜里，牵强的理由
    修了一下，称了一下，和以前一样
    好的，谢谢
    今天花生很香
    pre-EMI interest and De-pledge of shares
    hashtags #summer2023 #fun4all
    Hola, buenos días, que estés bien
    theres no way Ive seen this, Idk
    某市区可吸入颗粒物超标
    2纲6目9科23属
    走到市中心大约十分钟
    大冷天喝一碗热腾腾的汤
    版本号0755-2010-3
    评分 8号楼 满意
    我买了2号电池和5号电池
    The recorded exchange rates are on 1-800-555-0000, day and night.
    uuid 3f2b8c1e-77aa-4d0b-9c31-52e1f0a9d7b4 appears twice in the table orders
    Mine says PR 448812, the wrong bag tag
    Booking reference QX7L2P, the SKU is LMP-2204-BRS, my claim number is CLM-88120
    #Person1# tells #Person2# that #Person1# passed the driving test
    RE2014_app_and_play_store_apps is the name of the list
    今年立冬11月7日，周年庆9月9日
"""


def test_nothing_is_hidden_in_ordinary_texts() -> None:
    lines = [line.strip() for line in ORDINARY.splitlines() if line.strip()]
    assert hide_all(lines, armed()) == lines


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("宋阿姨，您的挂号信到了", "[PERSON_NAME]阿姨，您的挂号信到了"),
        ("萧小姐，补 12 元", "[PERSON_NAME]小姐，补 12 元"),
        ("Dear Hugo Altamirano, hello", "Dear [PERSON_NAME], hello"),
        ("Rebook Kenji Mori to the 10:40", "Rebook [PERSON_NAME] to the 10:40"),
        ("My PPS is lost, my SIN too", "My PPS is lost, my SIN too"),
        ("The Nelson Mandela Bridge is closed", "The Nelson Mandela Bridge is closed"),
        ("Exchange: the Hoffstetter family of Freiburg", "Exchange: the [PERSON_NAME] family of Freiburg"),
        ("Applicant 1 Farzaneh Rostami, from Tehran", "Applicant 1 [PERSON_NAME], from Tehran"),
        ("1 石头生 411524197906114731", "1 [PERSON_NAME] [ID_CARD]"),
        ("联系电话 13052078841", "联系电话 [PHONE]"),
        ("Name Jo Ford. Address 48 Protea Avenue, Durbanville", "Name [PERSON_NAME]. Address [POSTAL_ADDRESS]"),
    ],
)
def test_names_and_addresses_go_without_what_stands_beside_them(text: str, hidden: str) -> None:
    assert hide_all([text], armed()) == [hidden]
