"""Names of people are found in every manner of writing, and ordinary words, firms, streets and laws are left alone."""

from __future__ import annotations

import re
import time

import polars as pl
import pytest

from zhinan.core import find
from zhinan.data.masking import masked
from zhinan.steps.mask import redact
from zhinan.steps.masks import _english
from zhinan.steps.masks._tables import bits, english

from .pii_scoring import FOLDER, rows

NAMES = [
    ("Hi team, Thandeka Mokoena from accounts called.", "Hi team, [PERSON_NAME] from accounts called."),
    ("thanks, ahmed", "thanks, [PERSON_NAME]"),
    ("my name is xiomara quintanilla and i live in leeds", "my name is [PERSON_NAME] and i live in leeds"),
    ("JOHN SMITH CALLED AGAIN ABOUT HIS REFUND", "[PERSON_NAME] CALLED AGAIN ABOUT HIS REFUND"),
    ("Nguyen Thi Mai left a voicemail", "[PERSON_NAME] left a voicemail"),
    ("Wong Siu Ming booked the room", "[PERSON_NAME] booked the room"),
    ("Nur Aisyah binte Rahman is at gate 4", "[PERSON_NAME] is at gate 4"),
    ("Please reissue the card to Mrs. Delacroix-Huang.", "Please reissue the card to Mrs. [PERSON_NAME]."),
    ("I spoke with Grace yesterday", "I spoke with [PERSON_NAME] yesterday"),
    ("Amara: did you get it?\nChidi: yes", "[PERSON_NAME]: did you get it?\n[PERSON_NAME]: yes"),
    ("van der Berg, Pieter (row 12)", "[PERSON_NAME] (row 12)"),
    ("Signed, Szymon W\u00f3jcik", "Signed, [PERSON_NAME]"),
    ("\u6211\u662f\u6bb7\u6e05\u5229\uff0c\u5de5\u53f73321", "\u6211\u662f[PERSON_NAME]\uff0c\u5de5\u53f73321"),
    ("海涛，记得把报告发给晓燕", "[PERSON_NAME]，记得把报告发给[PERSON_NAME]"),
    ("找阿强拿钥匙，老李昨天来过", "找[PERSON_NAME]拿钥匙，[PERSON_NAME]昨天来过"),
    ("下午高经理给我回电", "下午[PERSON_NAME]经理给我回电"),
    ("患者欧阳娜娜，女，28岁", "患者[PERSON_NAME]，女，28岁"),
    ("請轉告陳美玲小姐，週五回電", "請轉告[PERSON_NAME]小姐，週五回電"),
    ("玛丽·史密斯女士投诉", "[PERSON_NAME]女士投诉"),
    ("收件人：衣春华，电话见后台", "收件人：[PERSON_NAME]，电话见后台"),
    ("我喊訾红梅来，郏文博也在", "我喊[PERSON_NAME]来，[PERSON_NAME]也在"),
    ("張生，請問幾時方便", "[PERSON_NAME]生，請問幾時方便"),
    ("外教奥列格的护照到期", "外教[PERSON_NAME]的护照到期"),
    ("APIS line: FERNANDO/NIMALI MRS", "APIS line: [PERSON_NAME] MRS"),
    ("Student Devansh Kulkarni D.O.B. given", "Student [PERSON_NAME] D.O.B. given"),
    ("T\u0101mati reckons the ute needs pads", "[PERSON_NAME] reckons the ute needs pads"),
    ("Old Mick at the boatyard has it", "[PERSON_NAME] at the boatyard has it"),
    ("ravi shankaran here, still waiting", "[PERSON_NAME] here, still waiting"),
    ("apologies from Cllr Whittingstall", "apologies from Cllr [PERSON_NAME]"),
    ("sarah said no", "[PERSON_NAME] said no"),
    ("张总说合同先别盖章", "[PERSON_NAME]总说合同先别盖章"),
    ("何生你好，你份保單到期", "[PERSON_NAME]生你好，你份保單到期"),
    ("收款人帕特里克", "收款人[PERSON_NAME]"),
    ("阿卜杜拉·艾则孜家的馕", "[PERSON_NAME]家的馕"),
    ("哎大刘你车挡路了", "哎[PERSON_NAME]你车挡路了"),
    ("小雨你把库存表发我，搵阿Ken收", "[PERSON_NAME]你把库存表发我，搵[PERSON_NAME]收"),
    ("方糖姐家的烘焙课真的值", "[PERSON_NAME]家的烘焙课真的值"),
    ("PATIENT: DELGADO, ROSA", "PATIENT: [PERSON_NAME]"),
    ("Passenger HERNANDEZ/MARIA LUISA seat 14C", "Passenger [PERSON_NAME] seat 14C"),
    ("I was told by Mr B. at reception", "I was told by Mr [PERSON_NAME]. at reception"),
    ("hey jas, did you get it", "hey [PERSON_NAME], did you get it"),
    ("Driver Abdi Warsame was polite", "Driver [PERSON_NAME] was polite"),
    ("梁小姐你好，蛋糕整好喇", "[PERSON_NAME]小姐你好，蛋糕整好喇"),
    ("感謝志工簡大姊煮的薑湯", "感謝志工[PERSON_NAME]大姊煮的薑湯"),
    ("Señora Ibáñez has the keys", "Señora [PERSON_NAME] has the keys"),
    ("Cardholder Ewa Lis rang", "Cardholder [PERSON_NAME] rang"),
    ("oi Sparky, you left your drill", "oi [PERSON_NAME], you left your drill"),
    ("我姓欧阳，单名一个锋字", "我姓[PERSON_NAME]，单名一个锋字"),
    ("收貨人黎生，電話見單", "收貨人[PERSON_NAME]生，電話見單"),
    ("唔該轉告蔡太，佢件衫改好喇", "唔該轉告[PERSON_NAME]太，佢件衫改好喇"),
    ("工地联系人贺工，戴安全帽", "工地联系人[PERSON_NAME]工，戴安全帽"),
    ("诺姐，静姐，你们谁有遥控器", "[PERSON_NAME]姐，[PERSON_NAME]姐，你们谁有遥控器"),
    ("汪家、田家都来人了", "[PERSON_NAME]家、[PERSON_NAME]家都来人了"),
    ("谢谢鲁大夫，孩子好多了", "谢谢[PERSON_NAME]大夫，孩子好多了"),
    ("收货人改成钭晓月，别的不变", "收货人改成[PERSON_NAME]，别的不变"),
    ("昨晚是潘晓送回去的", "昨晚是[PERSON_NAME]送回去的"),
    ("Hirer Anders Kvist, vehicle 4", "Hirer [PERSON_NAME], vehicle 4"),
    ("Rota: Mon Ida Keller, Tue Ben Hall", "Rota: Mon [PERSON_NAME], Tue [PERSON_NAME]"),
    ("told ginger about it", "told [PERSON_NAME] about it"),
]  # fmt: skip
NO_NAMES = [
    "戴森的吸尘器和米其林轮胎", "白切雞飯走皮", "井盖松动，月嫂上户", "我阿嬤和阿媽", "Chips and a can of Fanta",
    "Our dog Winston ate the butter", "Ctrl+Alt+Del does nothing", "a little ginger: that's all",
    "the sticker under the telly says so", "Price match with John Lewis?",
    "Dr Pepper or Caesar salad", "restart Jasper Server", "Christian Louboutin heels", "supplier iban on the PDF",
    "Form for LPG/CNG kit", "请找二叔公接", "值班日志：22:40 正常", "已在接送名单里登记",
    "他总说不行", "小心你的钱包", "快递哥说放门口",
    "The New York office and the San Francisco team use Slack and Google Meet.",
    "Can I change my Visa card PIN in Paris?", "Her Hong Kong mobile, 200 Hong Kong dollars",
    "Black Friday at Best Buy",
    "Parkinson's disease; how do I get to Jackson Street from Washington Square?",
    "I've said I'll pay, hasn't it arrived",
    "Bank of America charged me twice", "Sent from my iPhone", "LOVE LOVE LOVE my new one",
    "何时能发货？于是我就去问了客服", "马上到，方便的话请联系我", "和平路的店已经关门了，任何问题都可以问我",
    "李宁的鞋质量不错，王老吉也好喝", "丽江古城很美，张家界也不错", "房间干净、安静，高度不够", "白菜和黄瓜都涨价了",
    "请安排维修师傅上门，谢谢", "温馨提示：请保管好随身物品", "周末去黄山还是去庐山",
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [*NAMES, *((text, text) for text in NO_NAMES)])
def test_a_name_is_replaced_and_nothing_else_is(text: str, wanted: str) -> None:
    assert redact(text, ["person_name"]) == wanted
    hidden, _ = masked(pl.DataFrame({"x": [text]}), {"x": "text"}, ("person_name",), target=None, person=None)
    assert hidden["x"].to_list() == [wanted]


@pytest.mark.parametrize(
    "piece", ["A ", "A b ", "John ", "王小明", "和", "区", "老", "O'", "Mc-", "J. ", "我叫", "陈·"]
)
def test_a_long_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    took = []
    for size in (2_000, 8_000):
        start = time.process_time()
        find("mask", "person_name").target(piece * (size // len(piece)))
        took.append(time.process_time() - start)
    assert took[1] < max(0.3, 12 * took[0]), took


def test_the_tables_know_what_their_sources_say() -> None:
    assert english()["smith"][1] == 3
    assert english()["maria"][0] == 3
    assert english()["parcel"][2] == 2
    assert english()["toronto"][3] == 1
    assert bits("families")["王"] < bits("families")["夔"]
    assert bits("words")["时间"] < bits("words")["时光"]


def test_the_quick_look_at_words_loses_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [row["text"] for part in ("dev", "test") for row in rows(FOLDER / f"{part}.jsonl") if row["lang"] == "en"]
    quick = [_english.names(text) for text in texts]
    monkeypatch.setattr(_english, "_may_tell", lambda word: True)
    assert [_english.names(text) for text in texts] == quick
    worth = find("mask", "person_name").facts["worth"]
    assert all(re.search(worth, text) for text, found in zip(texts, quick, strict=True) if found)
