"""How telephone numbers are written, for the masks `phone` and `landline`."""

from __future__ import annotations

from itertools import pairwise

from zhinan.core.rules import rule

__all__ = [
    "ANNOUNCED", "CANTONESE", "DICTATED", "FIXED", "FIXED_ANNOUNCED", "FOUR_FOUR", "HONG_KONG", "IN_ROW",
    "LOCAL_ANNOUNCED", "OF_SOMEBODY", "PERSONAL", "SEVEN_ANNOUNCED", "SPACED", "WORTH", "dialled", "dialled_part",
    "in_hong_kong", "in_row", "is_public", "spaced",
]  # fmt: skip

# A plain number is bounded by anything but a digit; a grouped one must not be part of a longer grouped number.
_PLAIN, _END = r"(?<!\d)(?<!\d\.)", r"(?!\d)(?!\.\d)"
_GROUPED, _STOP = r"(?<!\d)(?<!\d[.-])", r"(?!\d)(?![.-]\d)"
_CHINA = r"(?:(?:\+|00)?86|\((?:\+|00)?86\))[ -]{0,2}"
_CALLABLE = r"(?!400|8(?:00|33|44|55|66|77|88))"  # not a public line
_OWN = r"(?!\(?0(?:80[08]|84[345]|300|333|345)\)?[ -]\d{3}[ -])"  # lines of firms, UK
_EXTENSION = (
    r"(?: ?(?:ext|x|分机|转)[. :]{0,2}\d{1,5}|[- #]\d{1,5}(?! ?(?:小[时時]|[天点點楼樓层層元人]|hours?\b|hrs?\b|"
    r"h\b)))?"
)
_LINE = (
    r"(?i:landline|home phone|office(?: (?:phone|line))?|desk (?:phone|line)|house phone|reception|front desk|"
    r"switchboard|fax(?: (?:no|number|line))?|direct (?:line|dial)|(?-i:DID|DDI))"
)
_LINE_ZH = (
    r"座机|座機|市話|家用電話|辦公室(?:電話)?|固话|固定电话|(?:办公|办公室|家庭|家里|单位|公司)(?:的)?电话|总机|"
    r"传真|傳真|(?:寫字樓|公司|屋企|辦公室)(?:電話)?"
)
_SAYING = (
    r"(?:(?: (?:of|for|in))? [A-Z][a-z]{1,14}(?=:))?(?i:(?: at (?:the|my|his|her|our|their) [a-z]{1,12})?"
    r"(?: (?:me|us|him|her|is|no|number|at|on|to)){0,3})[ .:#]{0,3}"
)
_SAYING_ZH = r"(?:号码|号|电话|號碼|電話)?(?:[换換改变變][成为為到]?了?)?[还還就]?[ .:#是为為]{0,3}"

_ONE_SAID = "zero|nought|oh|one|two|three|four|five|six|seven|eight|nine"
_SPOKEN = rf"(?i:\b(?:double |triple )?(?:{_ONE_SAID})(?: hundred)?\b)"
"""A digit that is said as a word."""

_SAID = "[零〇○一二三四五六七八九幺洞]"

_MOBILES = (
    rf"{_PLAIN}(?:{_CHINA})?1[3-9]\d{{9}}{_END}",  # 13812345678, +8613812345678
    rf"{_GROUPED}(?:{_CHINA})?1[3-9]\d(?P<cn>[ .-])\d{{4}}(?P=cn)\d{{4}}{_STOP}",  # 138 1234 5678
    rf"{_GROUPED}(?:{_CHINA})?1[3-9]\d[ -]\d{{8}}{_STOP}",  # 138 12345678
    rf"{_GROUPED}{_CHINA}1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_STOP}",
    rf"{_GROUPED}(?:\+?1[ .-]?)?\({_CALLABLE}[2-9]\d{{2}}\)[ .-]?\d{{3}}[ .-]\d{{4}}{_EXTENSION}{_STOP}",
    rf"{_GROUPED}(?:\+?1[ .-])?{_CALLABLE}[2-9]\d{{2}}(?P<us>[ .-])\d{{3}}(?P=us)\d{{4}}{_EXTENSION}{_STOP}",
    rf"{_GROUPED}{_CALLABLE}[2-9]\d{{2}}[ /]\d{{3}}-\d{{4}}{_EXTENSION}{_STOP}",
    rf"{_GROUPED}1(?!800|860)[3-9]\d{{2}}(?P<odd>[ -])\d{{4}}(?P=odd)\d{{3}}{_STOP}",
    r"(?<![一二三四五六七八九零〇幺两十百])[一幺][三四五六七八九][一二三四五六七八九零〇幺]{9}(?![一二三四五六七八九"
    r"零〇幺十百])",
    rf"{_SPOKEN}(?:(?:,? |-){_SPOKEN}){{6,14}}",
    rf"(?<!{_SAID})[一幺][三四五六七八九]{_SAID}(?P<said>[,，、 ·-]{{1,2}}){_SAID}{{4}}(?P=said){_SAID}{{4}}"
    rf"(?!{_SAID}|[十百])",
    rf"(?<!{_SAID})(?<!{_SAID} )[一幺] [三四五六七八九](?: {_SAID}){{9}}(?! ?{_SAID}|[十百])",
    rf"{_GROUPED}04\d\d(?P<au>[ -])\d{{3}}(?P=au)\d{{3}}{_STOP}",  # 0412 345 678
    rf"{_PLAIN}07\d{{3}}[ .-]?\d{{3}}[ .-]?\d{{3}}{_END}",  # 07911 123456
    rf"{_GROUPED}0[67](?P<fr>[ .])\d\d(?:(?P=fr)\d\d){{3}}{_STOP}",  # 06 39 98 12 40
    r"(?:(?<=[A-Za-z] )|(?<=[:：,，(])|(?<=[:,，] )|(?<=[一-龥])|\A)[6-9]\d{4} \d{5}(?![\d%]| \d|[.,:/-]\d)",  # India
    rf"{_PLAIN}09\d{{2}}(?P<tw>[ -]?)\d{{3}}(?P=tw)\d{{3}}{_END}",  # 0912-345-678
)
_FIXED = (
    rf"{_GROUPED}(?:\(0\d{{2,3}}\) ?|0\d{{2,3}}(?:[ /.]|-|[—–]{{1,2}}))\d{{7,8}}{_EXTENSION}{_STOP}",  # 010-12345678
    rf"{_GROUPED}{_OWN}(?<!\d{{4}} )(?:\(0\d{{1,3}}\) ?|0\d{{1,3}}[ -])\d{{3,4}}[ -]\d{{4}}{_EXTENSION}{_STOP}",
    rf"{_GROUPED}(?:\+|00)86[ -]?\(?0?(?:10|2\d|[3-9]\d{{2}})\)?[ -]?\d{{3,4}}[ -]?\d{{4}}{_EXTENSION}{_STOP}",
    rf"{_GROUPED}(?<!\d{{4}} )(?:\(0[12]\d{{1,3}}\) ?|0[12]\d{{1,3}}[ -])\d{{3,4}}[ -]\d{{3,4}}{_STOP}",  # 020 …
    rf"{_GROUPED}\(0\)[ ]?\d{{2,4}}[ -]\d{{3,4}}[ -]\d{{3,4}}{_STOP}",  # (0)20 7946 0355
    rf"{_GROUPED}(?:\(01\d{{3}}\) ?|01\d{{3}}[ -])\d{{5,6}}{_STOP}",  # 01632 960001
    rf"{_GROUPED}(?<!\d{{4}} )(?!0(?:3[03]0|333|345|370|500|8[047]))0[3-9]\d\d[ -]\d{{4}}[ -]\d{{3}}"  # 0351 7023 886
    rf"{_STOP}",
    rf"{_GROUPED}0[1-59](?P<bureau>[ .])\d\d(?:(?P=bureau)\d\d){{3}}{_STOP}",  # 01 44 52 80 19
    r"(?m:(?<=\n)|\A)0[1-9]\d ?[ -]?\d{3} \d{3,4}(?m:(?=\r?\n)|\Z)",  # alone on its line: 091 567 204
    rf"(?<!{_SAID})[零〇○洞]{_SAID}{{2,3}}(?P<line>[,，、 ·-]{{1,2}}){_SAID}{{3,4}}(?P=line){_SAID}{{4}}"
    rf"(?!{_SAID}|[十百])",
)
_INTERNATIONAL = (
    r"(?<![\d+-])85[23][ -]\d{4}[ -]?\d{4}(?![\d-])|(?<![\d+])(?:\+[1-9]|00(?:1|44|852|853|886|33|49|61|65|81|"
    r"82)[ .-])"
    rf"\d{{0,3}}(?:[ .-]?\(0?\d{{0,4}}\))?(?:[ .-]?\d){{5,14}}{_STOP}"  # +44 20 7946 0958
)
_CALLED = (
    rf"(?:\b(?i:phone|tel|telephone|mobile|cell|call|text|whatsapp|ring){_SAYING}"
    rf"|(?:电话|電話|手机|手機|致电|致電|拨打|联系方式|号码){_SAYING_ZH})"
)

_TEN = rf"(?:\+?1[ .-]?)?{_CALLABLE}[2-9]\d{{2}}[2-9]\d{{6}}"
_INDIA = r"[6-9]\d{4}[ -]\d{5}"
_LOCAL = r"(?!400|800|20[012]\d)[2-9]\d{2,3}[ -]?\d{4}"

_BRACKETED = rf"\((?:\+|00)[1-9]\d{{0,2}}\)(?:[ .-]?\d){{6,12}}{_STOP}"  # (+852) 9123 4567

PERSONAL = rule(
    "|".join(
        (
            *_MOBILES,
            *_FIXED,
            _INTERNATIONAL,
            _BRACKETED,
            rf"{_CALLED}(?P<find>{_TEN}|{_INDIA}|"
            rf"0\d{{9,11}}){_END}",
        )
    )
)
"""Every number that belongs to somebody."""
FIXED = rule("|".join(_FIXED))
"""Numbers that are a fixed line's by their form."""
LOCAL_ANNOUNCED = rule(rf"(?:电话|電話|致电|致電|拨打){_SAYING_ZH}(?P<find>{_LOCAL}{_EXTENSION}){_STOP}")
"""Numbers without an area code that a word calls one to dial."""
SEVEN_ANNOUNCED = rule(
    rf"(?i:\b(?:number|phone|tel|call|mobile|cell){_SAYING}[ (]{{0,2}})(?P<find>(?!800)[2-9]\d{{2}}-\d{{4}}){_STOP}"
)
"""Seven digits that a word calls a number."""
FIXED_ANNOUNCED = rule(
    rf"(?:\b{_LINE}{_SAYING}|(?:{_LINE_ZH}){_SAYING_ZH})"
    rf"(?P<find>\(?(?:0\d{{2,3}}\)?[ -]?)?{_LOCAL}{_EXTENSION}|0\d{{9,11}}|{_TEN}"
    rf"|(?:\+?1[ .-]?)?\(?[2-9]\d{{2}}\)?[ .-]\d{{3}}[ .-]\d{{4}}{_EXTENSION}){_STOP}"
)
"""Numbers that a word before them calls a fixed line's."""
_CUES = (
    r"(?:(?<![A-Za-z])(?i:(?:tele|cell|hand|mobile |cell |home |work |office )?phones?|tel|tél|mob(?:ile?|iel)?|cell|"
    r"land ?line|fixed line|celular|cel|m[oó]vil|handy|gsm|natel|portable|cep|hp|ph|fax|whats ?app|wa|viber|zalo|sms|"
    r"txt|text|call|ring|dial|"
    r"direct (?:line|dial)|pager|(?-i:DID|DDI)|msisdn|m-?pesa|momo|contact|(?:promos?|spam|texts|sms|messages|"
    r"calls) (?:on|to|from|at)|reach (?:me|us|him|"
    r"her|them)|appelez|llam[ae]|ligue|chiama|send to|"
    r"(?:my|his|her|our|their|your|the|new|old)(?: (?:new|old|sg|uk|us|hk|work|home|own|private|personal|direct|"
    r"local|"
    r"contact))? (?:line|(?:mobile |phone )?(?:number|num|no|nr)))(?![A-Za-z])|电话|電話|手机|手機|手提|致电|致電|"
    r"拨打|撥打|打俾|打畀|打给|打來|聯絡|聯繫|联系方式|联系|联络|揾|搵|(?<![一-龥])(?:号码|號碼)|携帯|휴대폰|тел|"
    r"加[vV]|[vV][xX]|座机|座機|市話)"
)
_LEADING = (
    r"(?:['’]s|[ .:#=(–—-]|(?i:me|us|him|her|no|nr|num|number|is|are|was|at|on|to|le|al|op)(?![a-z])|"
    r"[我佢他她][哋们們]?|"
    r"号码?|號碼?|是|为|為){0,8}"
)
_ANYHOW = (
    r"(?:\(?(?!0(?:80[08]|84[345]|300|333|345|500)\)?[ -])0\d{1,4}\)?(?:[ ./-]{1,3}\d{2,8}){1,5}"
    r"|(?!400|800|20[012]\d)[2-9]\d{2,4}(?:[ .-]\d{2,5}){1,3}|\(\d{2,3}\) ?\d{3,5}[ -]\d{4}"
    r"|[78] \(?\d{3}\)? \d{3}[ -]?\d{2}[ -]?\d{2}|0\d{8,11}|(?!400|800|20[012]\d)[2-9]\d{7}"
    rf"|[1-9]\d(?:[ .]\d{{2,4}}){{3,4}}|{_CALLABLE}[6-9]\d{{9}}|{_TEN}|(?:44|61|91|65|852|353|27|234|254|60|63|62|"
    rf"66|84|64)\d{{8,10}}|1(?!800[ -]|"
    rf"860[ -])[3-9](?:[ ,.。·-]{{0,2}}\d){{9}})"
)
"""Groups of digits as the countries of the world set them, without the country's code."""
ANNOUNCED = rule(rf"{_CUES}{_LEADING}(?<!\d)(?P<find>{_ANYHOW}{_EXTENSION}){_STOP}(?! ?[%€$£]|[年月元个])")
"""What a word just before it calls a telephone number, or somebody to call."""
OF_SOMEBODY = rule(
    r"(?<![A-Za-z])(?i:mobile|cell|handset|landline|whats ?app|(?:tele|cell)?phone|fax|number|line)"
    r"(?: (?i:of|for|is|to reach|at))? (?:(?i:my|our|his|her|their|the|mrs?|ms|dr)\.? )?"
    r"[A-Za-z][a-z'’-]{1,14}(?: [A-Za-z][a-z'’-]{1,14}){0,2}[,:] "
    rf"(?P<find>(?!20[012]\d)[2-9]\d{{2,3}}[ .-]\d{{4}}){_STOP}(?! ?[%€$£]|[ -]?\d)"
)
"""A local number behind whose it is."""
IN_ROW = rule(r"(?<=[,;|\t]) ?(?P<find>[2-9]\d{3}[ -]\d{4}) ?(?=[,;|\t\n]|\Z)")
"""A cell of its own."""
_ROW_OF = rule(
    r"@[\w-]+\.|(?<![A-Za-z0-9])[A-Z]\d{7}[A-Z]|(?:\A|[,;|\t\n]) ?(?:[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){1,3}|"
    r"[一-龥]{2,4}) ?(?=[,;|\t])"
)
"""What a row of a person has."""
DICTATED = rule(rf"{_CUES}[^\n\d，。；,]{{0,6}}?(?P<find>{_SAID}{{7,12}})(?!{_SAID}|[十百千万萬])")
"""Digits in 汉字, one after the other."""
_KIN = "媽咪|爹[哋地]|阿[媽爸妹弟哥]|家[姐長]|老[公婆]|[男女]友|監護人|外傭|[司業事機]主|司機|師傅|同事|本人|客人?"
HONG_KONG = rule(
    r"(?<![A-Za-z])(?:[轉转][數数]快|(?i:pay ?me|fps|alipay ?hk|whatsapp|signal)(?![a-z])|[過入]數|轉[賬帳錢]|"
    rf"打[俾畀比]|搵|聯絡|即係|{_KIN})[^\n\d，。；;,]{{0,12}}[：:， ]?(?P<find>[2-9]\d{{3}}[ -]?\d{{4}}){_STOP}"
    r"(?! \d| ?[%元蚊個号號分])"
)
"""Eight digits beside somebody to pay or to call."""
CANTONESE = rule("[唔嘅佢喺咗畀啲冇哋嚟攞嗰噉俾揾搵]")
FOUR_FOUR = rule(rf"(?<![\d#*$A-Za-z.-])(?<!\d[ -])[5679]\d{{3}} \d{{4}}(?![ -]?\d|[%元蚊個]){_STOP}")
"""How a mobile number is written in Hong Kong: one only among Cantonese words."""
SPACED = rule(
    r"(?<![\d.,:/A-Za-z-])(?<!\d[ .-])\+?(?:\d{1,3}[ .-]{1,3})?\d(?:[ .-]{1,3}\d){6,13}(?!\d|[ .-]{1,3}\d|[.:,/]\d)"
)
"""Digit by digit."""
_OTHERS = rule(
    r"(?i:\b(?:case|claim|policy|docket|file|loyalty|member(?:ship)?|student|part|item|model|serial|sku|order|ref(?:erence)?|invoice|ticket|tracking|batch|lot|oem|nhs|ssn|ein|vat|"
    r"isbn|cat(?:alog(?:ue)?)?|article|product|acct|stack|dump|asset|bin|upc|ean|fits?|p/n|s/n)(?: ?(?:number|no|"
    r"num|nr|"
    r"#))?(?: is| was)?\.?|"
    r"(?i:\b(?:meeting|webinar|conference|zoom)(?: (?:id|number|no))?)(?: is| was)?|(?i:\b(?:lottery|draw|sizes?)"
    r"(?: numbers?)?|\be-?ticket|\bpnr)|(?:会议|會議) ?(?:号码?|號碼?|ID)?|[客机機]?票[号號]|"
    r"[保订訂][单單][号號][码碼]?|"
    r"[中开開][奖獎][号號]?[码碼]?|料号|"
    r"型号|货号|订单号?|单号|序列号|批号|件号|貨號|訂單)[ .:#是为為]{0,3}\Z|\b1Z[ A-Z0-9]{3,12}\Z"
)
"""What makes a part, an order or a patient's number of grouped digits behind it."""
_PUBLIC = rule(r"\(?0(?:80[08]|84[345]|300|333|345|500)\)?[ -]?\d|1[38]00[ -]\d{3}[ -]\d{3}\Z")
"""Lines of firms in the UK, which nobody pays for or which are no place's."""
_PUBLIC_SAID = rule(r"(?:oh|zero) eight (?:hundred|(?:zero|oh) (?:zero|oh))")
_HOTLINE = rule(
    r"(?:(?i:\b(?:hot ?line|help ?line|toll[- ]?free|freephone|customer (?:services?|care)|(?:customs|enquir(?:y|ies)) "
    r"(?:line|number)?|lost (?:property|and found|(?:[a-z]+ )?cards?))\b)|熱線|热线|客服|"
    r"[专專][线線])[^\n\d.;。；]{0,24}\Z"
)
_SOMEBODY = rule(r"[，,]? ?(?:搵|找|(?i:ask(?:ing)? for|speak to) [A-Z])")
_OWN_FORM = rule(r"\+|00|\(\+|1[3-9]\d")
_CALLS = rule(rf"(?:{_CUES}|打[俾畀比])[^\n\d]{{0,24}}\Z")
_NO_CALL = rule(
    r"(?:[編单單房帳賬戶卡尾碼密參考件][號号碼口]?|[訂定]單|[會会][員员]|密碼|尾數|HK|[訂单單]號)[ :：#係是為]{0,3}\Z"
)
_NUMBER = rule(r"(?i:\b(?:number|phone|cell|mobile|call|reach)\b)[^\n\d]*\Z")
_WORD = rule(rf"double|triple|{_ONE_SAID}")
_CODE = rule(
    r"[0-9][A-Za-z0-9]*[A-Za-z]\Z|(?<![A-Za-z])(?!(?i:tel|ph|mob|fax|cell|hp|wa|did|ddi|gsm|vx|wx|qq|no|nr))"
    r"[A-Z]{2,4}\Z"
)
_SEVEN = r"(?:[0-9][ .()-]{0,3}){7}"
WORTH = (
    rf"(?:[0-9][ .()/-]{{0,3}}){{10}}|[^0-9]{_SEVEN}|{_SEVEN}[^0-9]|"
    rf"[一幺] ?[三四五六七八九](?:[一二三四五六七八九零〇幺]{{2}}|[零〇○一二三四五六七八九幺洞][,，、 ·-]|"
    rf" [零〇○一二三四五六七八九幺洞] )|"
    r"[零〇○洞][零〇○一二三四五六七八九幺洞]{2,3}[,，、 ·-]|"
    r"(?i:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)[ ,-]{1,2}(?:zero|oh|one|two|three|four|five|"
    r"six|seven|"
    r"eight|nine|double|triple)[ ,-])|1[3-9][0-9]?[,。·]"
)
"""Seven to nine bare digits are nobody's number without a word or a sign beside them."""


def dialled(text: str, span: tuple[int, int]) -> bool:
    """Whether a find can be dialled: it has as many digits (ITU-T E.164, and an extension) and ends no longer code."""
    if (
        _CODE.search(text[max(0, span[0] - 12) : span[0]])
        or _of_everybody(text, span)
        or _PUBLIC.fullmatch(text, *span)
    ):
        return False
    if _OTHERS.search(text, max(0, span[0] - 24), span[0]) and not _OWN_FORM.match(text, span[0]):
        return False
    if not any("0" <= c <= "9" for c in text[slice(*span)]):
        return _is_said(text, span)
    return 7 <= sum("0" <= c <= "9" for c in text[slice(*span)]) <= 20


_ASIDE = rf"(?:(?!{_SAID}|[壹贰叁肆伍陆柒捌玖两])[一-龥]|[ ,，、.:：;；])+"
_EDGE, _LAST = rule(_ASIDE), rule(rf"{_ASIDE}\Z")


def dialled_part(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """A find without the 汉字 and signs at its ends that are dialled by nobody."""
    start, end = span
    if first := _EDGE.match(text, start, end):
        start = first.end()
    last = _LAST.search(text, start, end)
    return start, last.start() if last else end


def in_row(text: str, span: tuple[int, int]) -> bool:
    """Whether the line of a cell tells of a person."""
    first, last = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    return dialled(text, span) and _ROW_OF.search(text, first, last if last >= 0 else len(text)) is not None


def is_public(found: str) -> bool:
    """Whether a number is a line of a firm, which belongs to nobody."""
    return _PUBLIC.match(found) is not None


def _of_everybody(text: str, span: tuple[int, int]) -> bool:
    """Whether a local number is called a hotline."""
    short = sum("0" <= c <= "9" for c in text[slice(*span)]) <= 8
    called = short and _HOTLINE.search(text, max(0, span[0] - 40), span[0]) is not None
    return called and _SOMEBODY.match(text, span[1]) is None


def _is_said(text: str, span: tuple[int, int]) -> bool:
    """Whether words are as many digits as a number has: nine, or seven behind what calls them one."""
    said = text[slice(*span)].lower()
    if not said.isascii():
        return True
    if _PUBLIC_SAID.match(said):
        return False
    count = len(_WORD.findall(said)) + said.count("triple") + 2 * said.count("hundred")  # "triple seven" are three
    return count >= 9 or (count >= 7 and _CALLS.search(text, max(0, span[0] - 32), span[0]) is not None)


def spaced(text: str, span: tuple[int, int]) -> bool:
    """Whether single digits are a telephone number: by how they begin, or by what stands before them."""
    number = "".join(c for c in text[slice(*span)] if c.isdigit())
    steps = {int(b) - int(a) for a, b in pairwise(number)}
    if len(steps) < 3 or len(set(number)) < 4:  # somebody counts
        return False
    if text[span[0]] == "+" or (number[0] == "0" and number[1] != "0" and len(number) in (10, 11)):
        return dialled(text, span)
    if len(number) == 10 and number[0] in "23456789" and _NUMBER.search(text, max(0, span[0] - 48), span[0]):
        return dialled(text, span)
    mobile = len(number) == 11 and number[0] == "1" and number[1] in "3456789"
    return (mobile or _CALLS.search(text, max(0, span[0] - 32), span[0]) is not None) and dialled(text, span)


def in_hong_kong(text: str, span: tuple[int, int]) -> bool:
    """Whether eight digits among Cantonese words are not called something else."""
    return not _NO_CALL.search(text, max(0, span[0] - 12), span[0]) and dialled(text, span)
