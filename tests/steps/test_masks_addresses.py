"""Addresses are found whole, in the manner of many countries and of hasty typing; what only looks like one is not."""

from __future__ import annotations

import time

import pytest

from zhinan.core import find
from zhinan.steps.mask import redact

ADDRESSES = [
    ("Deliver to {Flat 3, Ashgrove House, 17 Mill Lane, Leeds, LS2 7AB}. Ring twice.", "en"),
    ("my new address is {22b baker st, london nw1 6xe}", "lower case"),
    ("i live at {305 e 47th street, apt 9c, new york}", "lower case"),
    ("SHIP TO: {908 PINE HOLLOW RD, TULSA OK 74107}", "capitals"),
    ("Send it to {P.O. Box 4471, Station A, Toronto, ON M5W 1A1}", "box"),
    ("Office: {Blk 123 Ang Mo Kio Ave 3 #05-678, Singapore 560123}", "Singapore"),
    ("at {Flat B, 12/F, Tower 2, Harbour View, 88 Queen's Road Central, Hong Kong}", "Hong Kong"),
    ("Address: {Plot 23, MG Road, Indiranagar, Bengaluru 560038}", "India"),
    ("Pick-up from {The Old Rectory, Church Road, Little Snoring, Norfolk NR21 0HP}", "named house"),
    ("Old {9 Rue de la Paix, 75002 Paris}; new {Hauptstra\u00dfe 12, 10827 Berlin}", "Europe"),
    ("{Calle Mayor 15, 3\u00ba B, 28013 Madrid}", "Spain"),
    ("Customer address:\n{Unit 5, 88 Collins Street\nMelbourne VIC 3000}", "lines"),
    ("to {Third Floor, 80 Cutler's Yard, Sheffield S1 4WB}", "floor in words"),
    ("Deliver to {9 Chapel Steps, Looe PL13 2QD}, no lift", "postcode"),
    ("Plot: {C-42, Sector 62, Noida, Uttar Pradesh 201309}", "India, by the code"),
    ("we have {27/3 Hazra Lane, Ballygunge, Kolkata - 700029} for you", "India"),
    ("the old one was {Block 52 Lengkok Bahru, #11-204}", "Singapore, no street"),
    ("deliver to {Flat 1102, Tower C, Silver Oak Heights, Kondapur, Hyderabad} no onion", "India, a tower"),
    ("shop at {12/1 Kamaraj Salai, near old bus stand, Madurai 625009}, shut", "India, a landmark"),
    ("booked: {Cwm Isaf Farm, Llanidloes, Powys SY18 6LP}, ask", "a farm"),
    ("{新界沙田大圍美林邨美楓樓1807室}冷氣機滴水", "Hong Kong estate"),
    ("租的房子在{望京西园四区417楼},离地铁近", "an estate's quarter"),
    ("the address is {two one four maple ridge drive} please", "said aloud"),
    ("{新竹縣竹北市光明六路東一段260號}管理室", "Taiwan county"),
    ("位置{佛山市禅城区岭南大道北129号地下二层}", "under ground"),
    ("新家：{成都市金牛区沙湾巷22号附6号4楼}，来玩", "attached number"),
    ("寄回{河南省周口市商水县谭庄镇大武行政村前李组}，收", "group of a village"),
    ("送到{龙湖滟澜山15栋2单元301}就行", "estate by its doors"),
    ("麻烦送到{朝阳区望京街道阜通东大街6号院2号楼1802}", "district"),
    ("地址改成{幸福里小区7栋2单元501}", "estate"),
    ("快递放{翠湖花园12幢1单元}楼下", "estate"),
    ("{台北市大安區忠孝東路四段181號7樓之2}", "Taiwan"),
    ("住址：{四川省成都市武侯区桐梓林北路2号凯莱帝景A座}", "tower"),
    ("户籍地：{河南省周口市太康县城郊乡大施村}", "village"),
    ("物业：{锦绣江南A区8-2-1103}业主报修", "doors"),
    ("从{徐汇区漕溪北路333号}搬到{闵行区七莘路1001弄3号楼}", "two"),
]
NO_ADDRESSES = [
    "Turn left on Main Street and go two blocks.", "We sold 12 Green chairs and 3 Court shoes",
    "In 2021 Wall Street fell", "Flight BA 287 to San Francisco lands at 10:40",
    "a 5 minute drive, 2 way street", "Section 5 Drive letter D is full",
    "上海地铁2号线换乘很方便", "Obs 06:00: HR 88, RR 18, pain 3/10",
    "南京路步行街人太多", "走中山路然后上高架", "我买了2号电池和5号电池", "第3组第5号选手", "高速公路200公里处",
]  # fmt: skip


@pytest.mark.parametrize("text", [text for text, _ in ADDRESSES] + NO_ADDRESSES)
def test_an_address_is_replaced_whole_and_nothing_else_is(text: str) -> None:
    bare = text.replace("{", "").replace("}", "")
    assert redact(bare, ["postal_address"]) == _masked(text)


def _masked(text: str) -> str:
    head, *rest = text.split("{")
    return head + "".join("[POSTAL_ADDRESS]" + part.partition("}")[2] for part in rest)


@pytest.mark.parametrize("piece", ["某市", "区1", "某区某区1号", "1 Aa ", "1 High Street, Aa, ", "Flat 1, ", "小区2栋"])
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    took = []
    for size in (1_500, 6_000):
        start = time.process_time()
        find("mask", "postal_address").target(piece * (size // len(piece)))
        took.append(time.process_time() - start)
    assert took[1] < max(0.3, 12 * took[0]), took
