"""Finds Chinese names: a text is cut into words in the likeliest way, and names are among the words it is cut into.

Every cost is in bits: a word costs what its rarity says, a name what its surname and its characters say, less what the
words on both sides speak for. A name is found where the cheapest way to cut the text goes through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import bits, section
from zhinan.steps.masks._words import listed

__all__ = ["NO_PART", "TITLES", "names"]

_HAN = "\u4e00-\u9fa5"
_RUN = re.compile(f"[{_HAN}]{{2,}}")
_TYPICAL_ONE, _TYPICAL_TWO = 3, 4
_UNKNOWN = 23
_PART = 3
"""What a character costs more than its rarity where it is part of a word that we do not know."""
_NAME, _GIVEN, _PET, _TITLED = 9, 18, 15, 8
"""What being a full name, a given name alone, a pet name or a surname before a title costs before its characters."""
TITLES = "|".join(sorted(listed(
    """
    上尉 上校 专员 中校 主任 主管 书记 书记员 代表 会计 会长 伯伯 兄 兄弟 先森 先生 公子 助理 医师 医生 博士 厂长
    叔叔 台长 司机 同学 同志 哥哥 处长 大使 大叔 大哥 大夫 大妈 大姐 大嫂 大爷 太太 夫人 女仕 女儿 女士 奶奶 妈妈
    妹妹 姐姐 姑娘 委员 宝宝 审判员 客服 家属 导师 导游 小姐 小朋友 少校 局长 工程师 市长 师傅 店长 弟弟 律师 总监
    总经理 总裁 所长 护士 教授 教练 村长 校长 检察官 法官 法师 爷爷 爸爸 班长 社长 科长 秘书 站长 童鞋 组长 经理
    编辑 老师 老弟 老板 老板娘 董事 董事长 行长 警官 警察 议员 记者 道长 部长 镇长 队长 阿姨 院长 顾问
    """
), key=lambda word: (-len(word), word)))  # fmt: skip
_CALLED = re.compile(f"(?:{TITLES})")
_SHORT = frozenset("总工哥姐叔姨嫂董导爷婶伯师")
_SAYS = re.compile(
    r"(?:(?:姓名|名字|名|称呼|户名|本人|联系人|收件人|收货人|寄件人|发件人|患者|病人|乘客|旅客|乘机人|入住人|持卡人|"
    r"开户人|"
    r"投保人|被保险?人|受益人|申请人|经办人|经手人|负责人|代理人|法人|代表人?|签名|签字|署名|落款|签收人|取件人|"
    r"领取人|报案人|报修人|"
    r"监护人|紧急联系人|汇款人|收款人|付款人|户主|"
    r"姓名和电话|抬头|此致|致|预约人|预订人|订票人|购买人|投诉人|被投诉人|举报人|证人|原告|被告|上诉人|委托人|当事人|"
    r"作者|"
    r"主讲人?|讲师|主持人|记录人?|审核人?|审批人?|复核人?|值班员?|操作员|维修员|检查人|制表人?|填表人|交班人?|"
    r"接班人?|跟进人?|处理人)"
    r"(?:的)?(?:姓名|名字|名称)?(?:是|为|叫|写的是|写|填的?是?|：)?[ :,，（(“\"|=【\[—-]{0,2}"
    r"|(?:我|他|她|名字?|大名|真名|本名|小名|乳名|全名|孩子|宝宝|儿子|女儿|人)(?:就|也|都)?(?:叫做?|名叫|名为|唤作|"
    r"是叫)[ :“\"]{0,2}"
    r"|(?:名叫|叫做|叫作|名为|姓名为|化名|原名|曾用名|署名|我是|这里是|转账给|汇款给|转给|打给|寄给|写给|送给|发给|"
    r"交给|"
    r"尊敬的|亲爱的|敬爱的|你好[，, ]?我是|抄送|@|艾特))[ :，“\"]{0,2}\Z"
)
_ROLE = re.compile(
    r"(?:同事|同学|室友|朋友|闺蜜|老公|老婆|丈夫|妻子|爱人|先生|太太|女友|男友|对象|儿子|女儿|孩子|父亲|母亲|爸爸?|"
    r"妈妈?|爷爷|奶奶|外公|外婆|"
    r"姥姥|姥爷|哥哥?|姐姐?|弟弟?|妹妹?|表[哥姐弟妹]|堂[哥姐弟妹]|舅舅|姑姑|姨妈|叔叔|侄[子女]|外甥女?|邻居|客服|"
    r"顾问|经理|主任|医生|医师|大夫|"
    r"护士|老师|教授|律师|师傅|保安|店员|前台|中介|经纪人|快递员|外卖员|骑手|司机|会计|出纳|主管|总监|助理|秘书|组长|"
    r"班长|队长|店长|院长|校长|"
    r"老板|合伙人|实习生|新人|候选人|面试者|嘉宾|选手|队员|导游|教练|工程师|设计师|技师|记者|编辑|主播|博主|楼主|"
    r"同志|战友|老乡|亲戚|家属|"
    r"嫌疑人|受害人|死者|伤者|病号|患儿|患者|病人|产妇|老人|男子|女子|姑娘|小伙|男孩|女孩|职员|员工|客户|顾客|用户|"
    r"专员|代表|家长|业主|房东|租客|租户|车主|会员|学生|学员|应为|改为|更正为|管理员|"
    r"采购|销售|财务|人事|法务|"
    r"运营|研发|仓管|物业|维修工?|保洁|厨师|店主|卖家|买家|网友|粉丝|队友|搭档|领导|上司|下属|徒弟|师父|恩师|校友|"
    r"球员|演员|歌手|导演|作家|画家)"
    r"(?:是|叫|：|:)? ?\Z"
)
_VERB = re.compile(
    r"(?:[找给跟和与同让由被叫问帮替对向及是请见陪带派催靠属等]|通知|联系|感谢|谢谢|多谢|麻烦|拜托|告诉|提醒|转告|"
    r"询问|委托|咨询|约了?|问了|找了|"
    r"转[给到]|交[给到]|发[给到]|接到|收到|认识|遇到|看到|听|按照|根据|关于|喂|嗨|哈喽|嘿|辛苦|欢迎|恭喜|祝|其中|"
    r"还有|以及|包括|"
    r"[、，,:“\"（(《|/]) ?\Z"
)
_LINE = re.compile(r"(?:\A|[\n\]】）)]|\d{1,2}:\d\d(?::\d\d)?) ?[\u4e00-\u9fa5]{2,4}\Z")
_SPEAKS = re.compile(
    r"(?:说|问|叫|在|已|也|来|去|的|和|与|跟|同|收|给|打|把|被|让|要|想|会|从|是|先|刚|还|都|就|今|明天|昨|电话|手机|"
    r"微信|邮箱|身份证|签|负责|"
    r"处理|接|住|您|你|好|男|女|到|向|对|将|因|于|不|没|有|自|反映|反馈|表示|回|发|写|提|申请|购买|下单|投诉|咨询|"
    r"预约|出生|确认|走|"
    r"这|那|以前|现|目前|亲|本|报|查|请|入|离|加|做|教|带|拿|陪|等|及|或|转|代|未|曾|又|再|可|能|应|吃|用|买|看|听|"
    r"拍|骂|家|他|她|我|麻烦|登|联|离|拒|同意|保管|值|巡|核|审|支付|"
    r"退|换|修|挂|取|领|补|催|订|约|搬|寄|留|填|输|扫|开|"
    r"调|操作|完成|上|下|进|出|起|抱|帮|嫁|娶|病|哭|笑|吵|跑|坐|站|睡|摔|服|诊|工号|学号|编号|护照|车牌|名下|夫妇|"
    r"夫妻|一家|等人|两人|二人|均|各|担任|毕业|"
    r"就读|居住|籍贯|享年|主动|总是|希望|需要|建议|解释|承诺|安排|介绍|推荐|答应|道歉|耐心|热情|态度|服务|最近|上周|"
    r"下周|周[一二三四五六日]|星期)"
)
_THING = re.compile(
    r"(?:[路街巷镇村桥县区湖山寺庙氏]|大道|大街|胡同|大厦|集团|公司|银行|医院|大学|中学|小学|杯|奖|定[理律]|故居|"
    r"纪念|酒店|饭店|餐厅|超市|"
    r"广场|机场|车站|地铁|股份|有限|科技|牌|版|式|型|效应|病|综合征|公园|中心|站|村|里弄|小区)"
)
NO_PART = frozenset(
    "的了是在我你您他她它这那不没就都也很吗呢吧啊呀哦么什怎哪谁个们些及或把被给从到为请问要能说让又还已因由将号话码"
)
_BRANDS = listed(
    """
    万能 任何 何时 全家 关公 包公 周大福 周杰 周生生 周黑鸭 和平 孔子 孟子 安全 安利 安静 小便 小区 小吃 小哥 小型
    小姐 小学 小宝 小家 小店 小心 小时 小白 小票 小程 小米 小红 小组 小编 小说 小费 常常 庄子 应该 康师傅 张小泉
    张裕 方便 方向 方案 明白 李宁 李锦记 杜康 毛病 江南 海底捞 温度 牛顿 王老吉 王者 王致和 白云 白天 祖国 老乡 老人
    老公 老化 老外 老大 老婆 老子 老字 老实 老家 老师 老干妈 老年 老总 老旧 老是 老板 金华 阿哥 阿姨 阿里 雷锋 马上
    马应龙 马拉松 马达 高兴 高德 高铁
    """
)
_FOREIGN = (
    "阿埃艾爱安奥巴贝本比彼宾波伯布查达大戴丹道德登蒂丁杜顿多恩尔法菲费芬弗福盖戈格根古哈海汉豪赫亨胡华霍"
    "基吉济加杰金凯坎康考科克肯孔库拉莱兰朗劳勒雷里莉丽利连列林琳隆卢鲁露伦罗洛马玛迈麦曼梅蒙米密明莫默姆"
    "穆纳娜南内尼妮宁纽诺欧帕派佩彭皮普齐奇乔琼让热瑞萨塞桑瑟森沙莎山舍圣施史舒司丝斯松苏索塔泰坦汤特提廷"
    "图托瓦万威维温沃乌西希夏香肖谢辛休雅亚扬耶伊依因英尤于约泽扎詹珍朱兹佐"
)
_DOTTED = re.compile(f"(?:[{_HAN}]{{1,6}}|[A-Z])[·•](?:[{_HAN}]{{1,7}}[·•])?[{_HAN}]{{1,7}}")
_AFTER_CALL = re.compile(
    rf"(?:我叫|名叫|姓名[:：是为]|联系人[:：]|收件人[:：]|收货人[:：]|患者[:：]|乘客[:：]|名字[叫是]) "
    rf"?(?P<find>[{_HAN}]{{2,5}})(?=[^{_HAN}]|\Z)"
)


_SURNAME = re.compile(
    rf"(?:(?:[我他她您]|本人|客户|老板|个|位|人)姓(?P<a>[{_HAN}]{{1,2}}?)(?=[^{_HAN}]|\Z|的)"
    rf"|(?:姓名|联系人|收件人|收货人|患者|户名)[:： ]?(?P<b>[{_HAN}])(?=[ （(*＊某]|[^{_HAN}]{{0,2}}[（(*＊]))"
)
_PARTS = "|".join(sorted(listed(
    """
    丹增 乌兰 买买提 买合 仁青 其其格 努尔 卓玛 古丽 吐尔逊 呼和 图雅 多吉 央金 娜仁 尼玛 巴桑 巴特尔 布和 帕提 平措
    强巴 德吉 才让 扎西 拉姆 拉珍 旺堆 旺姆 普布 曲珍 木拉提 格桑 桑吉 次仁 洛桑 热依汗 玛依拉 白玛 米玛 索朗 艾力
    艾尔肯 艾山 苏日 萨仁 贡布 边巴 达瓦 那日 阿依 阿卜杜 顿珠
    """
), key=lambda word: (-len(word), word)))  # fmt: skip
_PLATEAU = re.compile(f"(?:{_PARTS}){{2}}")


@cache
def _words() -> dict[str, float]:
    """Ordinary words; what only says how somebody is called is none."""
    known: dict[str, float] = dict(bits("words"))
    families, only = bits("families"), bits("only")
    for word in list(known):
        pet = word[0] in "老小" and len(word) == 2 and families.get(word[1], 99) <= 7
        pet = pet or (word[0] in "小阿" and len(word) == 2 and only.get(word[1], 99) <= 7)
        called = word[0] in families and len(word) > 2 and _CALLED.fullmatch(word, 1)
        short = len(word) == 2 and families.get(word[0], 99) <= 8 and word[1] in "总哥姐"
        if word not in _BRANDS and ((pet and known[word] > 14) or called or short):
            del known[word]
    for word in _BRANDS:
        known.setdefault(word, 13)
    for place in section("places"):
        for known_as in (place, place[:-1]):
            if len(known_as) > 1:
                known[known_as] = min(known.get(known_as, 17), 17)
    for char, rarity in bits("chars").items():
        surname = max(0.0, rarity - families.get(char, 99) - 3.0)
        known[char] = min(known.get(char, 99), rarity + _PART) + surname
    return known


@cache
def _simple() -> dict[int, str]:
    return str.maketrans(section("simple"))


def names(text: str) -> list[Span]:
    """Spans of Chinese names; the title behind a name is no part of it."""
    text = text.translate(_simple())
    found = [span for run in _RUN.finditer(text) for span in _in_run(text, *run.span())]
    found += [span for match in _DOTTED.finditer(text) for span in _dotted(text, *match.span())]
    found += [m.span(m.lastgroup or 0) for m in _SURNAME.finditer(text) if m[m.lastgroup or 0] in bits("families")]
    found += [match.span() for match in _PLATEAU.finditer(text)]
    found += [
        span
        for match in _AFTER_CALL.finditer(text)
        if (span := match.span("find")) and _unlike_words(text[slice(*span)])
    ]
    return found + _again(text, found)


def _again(text: str, found: list[Span]) -> list[Span]:
    """Where a name that was found, or its given name of two characters, stands once more."""
    more = []
    for name in {text[start:end] for start, end in found if end - start > 2}:
        for part in {name, name[1:]} if len(name) == 3 else {name}:
            if part == name or (len(part) == 2 and part not in _words() and part[0] not in NO_PART):
                more += [match.span() for match in re.finditer(re.escape(part), text)]
    return more


def _unlike_words(name: str) -> bool:
    return not (set(name) & NO_PART) and _words().get(name, 99) > 17


def _in_run(text: str, start: int, end: int) -> list[Span]:
    """Names on the cheapest way through a run of 汉字."""
    words = _words()
    candidates: dict[int, list[tuple[int, float]]] = {}
    for stop, begin, cost in _candidates(text, start, end):
        candidates.setdefault(stop, []).append((begin, cost))
    if not candidates:
        return []
    best, back = [0.0], [start]
    for i in range(start + 1, end + 1):
        cost, left = best[-1] + words.get(text[i - 1], _UNKNOWN), i - 1
        for size in range(2, min(4, i - start) + 1):
            rarity = words.get(text[i - size : i])
            if rarity is not None and best[i - size - start] + rarity < cost:
                cost, left = best[i - size - start] + rarity, i - size
        for begin, price in candidates.get(i, ()):
            if best[begin - start] + price < cost:
                cost, left = best[begin - start] + price, ~begin
        best.append(cost)
        back.append(left)
    found, i = [], end
    while i > start:
        left = back[i - start]
        if left < 0:
            left = ~left
            found.append((left, i))
        i = left
    return found


def _candidates(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """(end, begin, cost) of everything in a run that may be a name."""
    families, only, first, second = bits("families"), bits("only"), bits("first"), bits("second")
    words, chars = _words(), bits("chars")
    for begin in range(start, end):
        char = text[begin]
        for size in (1, 2):
            family = families.get(text[begin : begin + size]) if begin + size <= end else None
            if family is None:
                continue
            at = begin + size
            family += max(0, 3 + family - chars.get(char, 20))
            known = chars.get(char, 20) > family and text[begin : at + 2] not in words
            if known and (titled := _titled(text, at)):
                yield at, begin, _TITLED + family - 10 * titled - _left(text, begin)
            if at < end and text[at] not in NO_PART and not _titled(text, at):
                cost = min(only.get(text[at], 99), second.get(text[at], 14) + 3, first.get(text[at], 14) + 4)
                cost += max(0, _TYPICAL_ONE + cost - chars.get(text[at], 20))
                yield at + 1, begin, _NAME + family + cost - _around(text, begin, at + 1)
            if at + 1 < end and {*text[at : at + 2]}.isdisjoint(NO_PART) and not _CALLED.match(text, at):
                cost = first.get(text[at], 16) + second.get(text[at + 1], 16)
                cost += max(0, _TYPICAL_TWO + cost - chars.get(text[at], 20) - chars.get(text[at + 1], 20))
                yield at + 2, begin, _NAME + family + cost - _around(text, begin, at + 2)
        if begin + 1 < end:
            after = text[begin + 1]
            if char in "老小阿" and text[begin : begin + 2] not in words:
                own = (
                    min(families.get(after, 99) + 2 * (char == "阿"), only.get(after, 99), second.get(after, 99) + 2)
                    if char != "老"
                    else families.get(after, 99)
                )
                if own <= 10:
                    yield begin + 2, begin, _PET + own - _around(text, begin, begin + 2)
            if text[begin : begin + 2] not in words and {char, after}.isdisjoint(NO_PART):
                cost = first.get(char, 16) + second.get(after, 16)
                odds = chars.get(char, 20) + chars.get(after, 20) - cost
                if odds > 3:
                    yield begin + 2, begin, _GIVEN + cost - _around(text, begin, begin + 2)


def _titled(text: str, at: int) -> float:
    """How surely a title stands here: 1 for a word, less for a single 汉字 that may begin another word."""
    if _CALLED.match(text, at):
        return 1.0
    if text[at : at + 1] in _SHORT and text[at : at + 2] not in _words():
        return 0.7
    return 0.0


def _around(text: str, begin: int, end: int) -> float:
    """What both sides speak for a name, in bits."""
    return _left(text, begin) + _right(text, end)


def _left(text: str, begin: int) -> float:
    if begin == 0:
        return 1.0
    before = text[max(0, begin - 12) : begin]
    if _SAYS.search(before):
        return 18.0
    if _ROLE.search(before):
        return 11.0 if before[-1] not in ":：是叫" else 15.0
    if _VERB.search(before):
        return 5.0
    return (0.0 if before[-1] in "的里为中" else -2.0) if _HAN[0] <= before[-1] <= _HAN[2] else 1.0


def _right(text: str, end: int) -> float:
    if text[end : end + 1] in (":", "：") and _LINE.search(text, max(0, end - 40), end):
        return 13.0
    if end == len(text) or not _HAN[0] <= text[end] <= _HAN[2]:
        return 2.0
    if titled := _titled(text, end):
        return 8.0 * titled
    if _THING.match(text, end):
        return -8.0
    return 2.0 if _SPEAKS.match(text, end) else -1.0


def _dotted(text: str, start: int, end: int) -> Iterator[Span]:
    """A foreign name with its dot; what is written before it without a space is cut off."""
    dot = start + re.search("[·•]", text[start:end]).start()  # type: ignore[union-attr]
    begin = dot
    while begin > start and text[begin - 1] in _FOREIGN:
        begin -= 1
    stop = end
    while stop > dot + 1 and text[stop - 1] not in _FOREIGN:
        stop -= 1
    if text[start:dot].isascii():
        begin = start
    if dot - begin >= 1 and stop - dot > 2:
        yield begin, stop
