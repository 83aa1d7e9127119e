"""What the rules know of a find of the tagger: whether it is one."""

from __future__ import annotations

import re

from zhinan.steps.masks._births import of_another_day
from zhinan.steps.masks._children import happens
from zhinan.steps.masks._chinese_costs import families, ordinary, simplified
from zhinan.steps.masks._chinese_cues import BRANDS, NOBODY, SELDOM, SHORT
from zhinan.steps.masks._chinese_cues import TITLES as _TITLES
from zhinan.steps.masks._chinese_sides import announced
from zhinan.steps.masks._cues import NO_PERSON
from zhinan.steps.masks._dates import MONTH
from zhinan.steps.masks._dialling import dialled, is_public
from zhinan.steps.masks._digests import of_content
from zhinan.steps.masks._english_edges import is_made
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import english
from zhinan.steps.masks._tokens import bare
from zhinan.steps.masks._words import FIRMS, NEVER, SHOPS
from zhinan.steps.masks.passport import called_else
from zhinan.steps.masks.plate import may_be_plate

__all__ = ["looks"]

_GUEST = re.compile(
    "(?:住客|客人|旅客|乘客|顾客|顧客|客户|客戶|患者|病人|家属|家屬|本人|同事|朋友|联系|聯繫|聯絡|陪同|我叫|姓名)"
    "[:： ]?\\Z"
)
_NO_NAME_BEHIND = re.compile(
    "(?:国际|商务|度假|大)*(?:酒店|宾馆|賓館|饭店|飯店|山庄|山莊|客栈|客棧|公园|公園|景区|景區|广场|廣場|浴场|小区|"
    "社区|"
    "别墅|城堡|温泉|古镇|古城|机场|大桥|大厦|教堂|滤波|变换|方程|算法|分布|系数|函数|参数|大学|大學|火车站|火車站|地铁站|风景|牌的)"
)
"""What makes a place of the word before it."""
_TITLE = re.compile(rf"老?(?:{_TITLES}|[{''.join(sorted(SHORT))}公])")
_TITLED = re.compile(
    rf"{_TITLE.pattern}|[^一-龥]|[生太家某][^一-龥]|[一-龥](?:[长工员]|先生)|[队处局院]|管家|中介|司仪|\Z"
)
_VERBS = frozenset("祝皮向游付古高经成和于时连应任等万修卡称海茶花仇")
"""Surnames that are more often another word: 祝工作顺利, 皮太厚."""
_INITIAL = re.compile(r"[A-Za-z]\.?\Z")
_NUMERAL = re.compile("[0-9〇零一二三四五六七八九十百]")
_DATE = re.compile(r"\d{1,4}([-/. ])\d{1,2}\1\d{1,4}")
_TOLL_FREE = re.compile(r"(?:\+?1[ .-])?\(?(?:400|8(?:00|22|33|44|55|66|77|88))\)?(?:[ .-]|\d{7}\Z)")
_GLUED = re.compile(r"[A-Za-z0-9]|[-./][A-Za-z0-9]")
_DIGIT = re.compile("[0-9〇零一二三四五六七八九幺洞壹贰叁肆伍陆柒捌玖]")
_ALNUM = re.compile("[A-Za-z0-9]")
_SIZES = {"date_of_birth": (3, 30, 0), "plate": (4, 10, 1), "passport": (6, 10, 6), "url_secret": (6, 99, 1)}
"""Mask → how many letters and digits its finds have, at least and at most, and how many digits."""
_NO_ADDRESS = re.compile(rf"\d (?i:{MONTH}) \d|\d ?月 ?\d{{1,2}} ?[日号號]|\d ?(?:分[钟鐘]|元(?!朗)|人民币|公里)")
"""A date, a price or a way is none, whatever stands beside it."""
_STRETCHED = re.compile(r"(?i)([a-z])\1\1")
_SLANG = re.compile(
    r"(?i:i(?:ve|m|dk|kr|ll|d)|there?s|do ?you|rt|lo+l|omg|ty|thx|pl[sz]|btw|argh?|a+h+|hu(?:hu)+|ha(?:ha)+)"
    r"|happy|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec"
)
"""What people write for other words, wishes and months."""
_LATIN = re.compile(r"[A-Za-zÀ-ÿ][\w'’]*")
_LIST = re.compile(r"[\n:/|]|, [A-Z]")
_FEW, _MOST = 6, 0.8
_PAPERS = re.compile(
    r"(?i)passport|psprt|\bpp\b|\bppt\b|travel|document|\bid\b|visa|nationality|guest|crew|pass\.|scan|passenger|"
    r"reisepass|passeport|"
    r"pasaporte|"
    r"护照|護照|证|證|旅客|乘客|签|簽|境|港澳|国籍|國籍|паспорт"
)
_STATUS = re.compile(r"(?i)\b(?:ok|error|err|status|result|ret|rc|http)\b[^\n]{0,12}code ?[=:] ?\Z")
_NUMBERED = re.compile(r"[号號]\W{0,2}\Z")
_UUID = re.compile(r"(?i)\W*(?:uu|gu)id\b")
_VALUES = re.compile(r"(?i)\binsert into\b[^;]{0,200}\bvalues ?\(")
_TAG = re.compile(r"#[A-Z][a-z]+\d?#?")
_TAGGED = re.compile(r"\s|#\w|\w#|[a-z]_[a-z]")
_FILE = re.compile(r"\.[A-Za-z]")
_HAN = re.compile("[一-龥]")
_HOUSED = re.compile(
    r"[路街巷弄道村屯庄莊寨组組号號楼樓栋幢座单單室层層院社队区區苑园園城厦廈里郡府湾灣庭邨門门寓舍阁閣轩軒厂廠馆館"
    r"箱]|[一-龥][0-9]{1,3}(?:-[0-9]{1,4}){1,2}\Z"
)
_ROOM = re.compile(r"\A\d{1,3}(?:-\d{1,4}){1,3}\Z")
_NO_HOUSE = re.compile("[学學工编編考][号號]|座位|年[级級]")
_COUNTED = re.compile(r"(?i)[a-z] x\d|\d ?(?:oz|gb|ml|mg|kg|%)\b|\d+(?:th|st|nd|rd) gen\b")
_TRAFFIC = re.compile("电池|電池|选手|選手|球员|窗口|线|線|航站|地铁|地鐵|[煤岩]|入住|退房|[晚早]上?[住到入]")
_TRAFFIC_IN = re.compile("[0-9一二三四五六七八九十]号(?:线|航站|电池|選手|选手)|号煤")
_STREET = re.compile(
    r"(?i)\b(?:street|st|road|rd|avenue|ave?|lane|ln|drive|dr|boulevard|bl?vd|court|ct|way|place|pl|square|sq|"
    r"terrace|tce|"
    r"close|crescent|cres|parkway|highway|hwy|row|gardens|grove|mews|walk|quay|hill|rise|green|park|house|flat|apt|"
    r"apartment|unit|suite|room|floor|block|blk|plot|villa|tower|building|bldg|estate|box|rue|via|calle|rua|jalan|jln|"
    r"ul|soi|moo|sector|cross|main|phase|colony|nagar|marg|cottage|farm|lodge|wharf|parade|broadway|esplanade|"
    r"promenade|brow|brae|loop|approach|bag|trail|alley|cove|ridge|yard|path|view|ring|lorong)\b"
    r"|\b\d{1,4}[a-z]? [a-z]{3,}(?:grove|bank|wood|field|brook|side|view|gate|croft|dale|lea|hurst|way)\b|stra(?:ß|"
    r"ss)e\b|str\.|weg\b|platz\b|gasse\b|allee\b|straat\b|laan\b|gracht\b|gatan\b|vej\b|gade\b|veien\b|"
    r"katu\b|"
    r"-(?:ku|shi|gu|dong|ro|gil|daero|chome)\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{5}\b"
)
_ADDRESSED = re.compile(
    r"(?i)(?:address|liv(?:e|es|ing)|ship|deliver|sen[dt]|mail|mov(?:ed?|ing)|home|pick|resid|found|outside|behind|"
    r"opposite|stuck)[^.;\n]{0,24}\Z"
)
_WARE = re.compile(
    r"(?i)(?:\b|(?<=[0-9]))(?:i ?os|ipad(?: (?:mini|air|pro))?|iphone|ipod|mac ?os|os x|android|windows|galaxy|"
    r"version)"
    r"[ -]?[0-9]+(?:\.[0-9]+)*[a-z]?(?![a-z0-9])"
    r"|\b[0-9]+ ?(?:y(?:ea)?rs?|months?|weeks?|days?|h(?:ou)?rs?|min(?:ute)?s?|stars?)\b"
    r"|\b[0-9]+(?:/[0-9]+)?(?:st|nd|rd|th)s?\b"
)
"""Devices, systems, times and fractions: of several words with no other digit, none is a secret."""
_SECRETIVE = re.compile(r"(?i)pass|pw|code|key|token|secret|\bpin\b|login|[密码碼口令]")
_NO_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}(?: [A-Za-z]+)?")
_RECENT = re.compile(r"20[2-9]\d")
_LITTLE = re.compile(
    r"(?i)born|birth|\bb\.|\bbab|b-?day|d\.?o\.?b|child|\bkid|\bson\b|daughter|twin|infant|arriv|nurser|vaccin|"
    r"immuni|paediatr|pediatr|passenger|dependa?nt|toddler|school|"
    r"\bBB|[生诞誕宝寶娃孩儿兒世童苗幼]"
)
"""What is told of somebody small: nobody else was born a few years ago."""
_BORN = re.compile(
    r"(?i)born|birth|\bb\.|b-?day|d[./]?o[./]?b|arriv|neonatal|twin|(?-i:BB)|[降新出才]生|生[日于於辰的]|"
    r"\A[日号號]?生|出世|[诞誕]|[宝寶]"
)
"""What tells of a birth itself: a child's name beside a date of these years does not."""
_SOME_DAY = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?{MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?|"
    r"20\d\d ?年 ?\d{1,2} ?月|(?:[农農阴陰旧舊][历曆]|立[春夏秋冬])?(?:\d{1,2}|[正腊一二三四五六七八九十]{1,2}) ?月 ?"
    r"(?:\d{1,2}|初?[一二三四五六七八九十廿]{1,3}) ?[日号號]?"
)
"""A month, or a day of no year."""
_AROUND = 40
_IOS = re.compile("(?i)ios")
_WORD = re.compile("[A-Za-z]{2}|[\u4e00-\u9fff]")


def _of_a_place(before: str, behind: str) -> bool:
    """Whether what follows makes it the name of a hotel, a park or a school, and nothing before that of a guest."""
    return _NO_NAME_BEHIND.match(behind) is not None and _GUEST.search(before) is None


def looks(mask: str, text: str, span: Span) -> bool:
    """Whether a find has what a mask's finds have at least, and is not what the rules know to be something else."""
    start, end = span
    found, before, behind = text[start:end], text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if mask == "person_name":
        if (
            not any(map(str.isalpha, found))
            or _INITIAL.match(found)
            or NO_PERSON.search(before)
            or _of_a_place(before, behind)
            or _STRETCHED.search(found)
            or _SLANG.fullmatch(found)
            or is_made(found)
            or (_headed(text) and not english().get(bare(found.lower().split()[0]), (0,))[0])
        ):
            return False
        if simplified(found) in SELDOM and not announced(simplified(text), start, end):
            return False
        return not _known_as_no_name(found, simplified(before), simplified(behind))
    if _NUMERAL.search(found) is None:
        return False
    if mask == "postal_address":
        if not any(map(str.isalpha, found)) and not _ROOM.search(found):
            return False
        return _NO_ADDRESS.search(found) is None and _of_a_house(found, before, behind)
    glued = _ALNUM if mask == "url_secret" else _GLUED
    if glued.match(behind) or glued.match(before[:-3:-1]) or not (_WORD.search(before) or _WORD.search(behind)):
        return False
    if mask == "date_of_birth":
        if _VALUES.search(text, 0, start):
            return False
        told = _BORN if _RECENT.search(found) or _SOME_DAY.fullmatch(found) else _LITTLE
        little = (told.search(before) and not happens(before)) or told.search(behind)
        dated = _RECENT.search(found) or _NO_YEAR.fullmatch(found) or _SOME_DAY.fullmatch(found)
        if (dated and not little) or of_another_day(text, span):
            return False
    if mask == "passport" and (called_else(text, span) or not _PAPERS.search(text, max(0, start - 80), end + _AROUND)):
        return False
    if mask == "url_secret" and (
        _UUID.match(found)
        or _FILE.match(behind)
        or _untold(text, span)
        or of_content(text, span)
        or _of_wares(text, span)
        or _STATUS.search(before)
        or (_NUMBERED.search(before) and not _SECRETIVE.search(before))
    ):
        return False
    if mask == "plate" and (not may_be_plate(text, span) or _IOS.match(found)):
        return False
    digits = len(_DIGIT.findall(found))
    if mask == "phone":
        others = _TOLL_FREE.match(found) or is_public(found) or _DATE.fullmatch(found)
        return 7 <= digits <= 15 and dialled(text, span) and not others
    least, most, numbers = _SIZES[mask]
    return least <= sum(map(str.isalnum, found)) <= most and digits >= numbers


def _headed(text: str) -> bool:
    """Whether nearly all words begin with a capital, as those of a headline do, so that capitals say nothing."""
    words = [] if _LIST.search(text) else _LATIN.findall(text)
    return len(words) >= _FEW and sum(map(str.istitle, words)) >= _MOST * len(words)


def _of_a_house(found: str, before: str, behind: str) -> bool:
    """Whether an address has what one has: a street, a postcode or several parts; a 汉字 that numbers houses."""
    if _HAN.search(found):
        if _NO_HOUSE.search(found):
            return False
        return _HOUSED.search(found) is not None and not _TRAFFIC.match(behind) and not _TRAFFIC_IN.search(found)
    return (
        ("," in found and not _COUNTED.search(found))
        or any(form.search(found) for form in (_STREET, _ROOM))
        or _ADDRESSED.search(before) is not None
    )


def _of_wares(text: str, span: Span) -> bool:
    """Whether all digits of a find of several words are those of devices, times and fractions, and nothing before it
    announces a secret."""
    start, end = span
    first = max(0, start - 12)
    if not any(map(str.isspace, text[start:end])) or _SECRETIVE.search(text, max(0, start - _AROUND), start):
        return False
    known = {i for ware in _WARE.finditer(text, first, end + 4) for i in range(*ware.span())}
    return all(i in known for i in range(start, end) if text[i].isdigit())


def _untold(text: str, span: Span) -> bool:
    """Whether a find of several words, of tags or of words joined by lines stands where nothing speaks of secrets."""
    start, end = span
    told = _SECRETIVE.search(text, max(0, start - 60), end + _AROUND) is not None
    return _TAG.search(text, start, end) is not None or (not told and _TAGGED.search(text, start, end) is not None)


def _is_told(surname: str, before: str, behind: str) -> bool:
    """Whether a single 汉字 is somebody's; one that is a verb as well only where the text says so."""
    if surname not in families():
        return _TITLE.match(behind) is not None
    return surname not in _VERBS or _TITLED.match(behind) is not None or before.endswith(("姓", "老", "小"))


def _known_as_no_name(found: str, before: str, behind: str) -> bool:
    """Whether the rules know this as a firm, a brand, a place or a word."""
    words = simplified(found).lower().split()
    alone = len(words) == 1 and (words[0] in SHOPS or (words[0] in NEVER and not english().get(words[0], (0,))[0]))
    han = words[0] if len(words) == 1 and "一" <= words[0][0] <= "龥" else ""
    none = (len(han) == 1 and not _is_told(han, before, behind)) or (len(han) > 3 and han in ordinary())
    return none or alone or " ".join(map(bare, words[:2])) in FIRMS or words[0] in BRANDS or words[0] in NOBODY
