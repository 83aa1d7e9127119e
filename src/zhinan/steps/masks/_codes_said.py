"""Secrets that a whole sentence tells: a code and what it opens, a password further on, networks, roles and cookies."""

from __future__ import annotations

from zhinan.core.rules import rule

__all__ = ["SAID"]

_PLACE = (
    r"(?:alarm|door|gate|garage|lock(?:er|box| box)?|key ?safe|safe|padlock|shed|building|lobby|entrance|office|room|"
    r"flat|apartment|house|gym|barrier|lift|elevator|cabinet|vault|stairwell|car ?park|nursery|studio|store ?room|"
    r"basement|bike shed|keypad|intercom)"
)
_BE = r"(?:['’]s| is| was|:| =)(?: now| still| currently)?:?"
_DIGITS = r"(?!(?:19|20)\d\d(?!\d))[#*]?[A-Z]?\d{4,8}[A-Z]?[#*]?(?![\w%-]|[.,:/]\d| (?:am|pm|people|times|years)\b)"
_MIXED = (
    r"(?=[^\s\d]{0,40}\d)(?=[^\sA-Za-z]{0,40}[A-Za-z])(?!\d+(?:st|nd|rd|th|am|pm|k|m|kg|km|gb|mb)\b)(?!(?:https?|www)\b)"
    r"[A-Za-z0-9](?:[A-Za-z0-9_!#$%^*+~@-]|\.(?=\w)){5,39}"
)
"""Letters and digits, and signs between them."""
_OF_PLACE = rule(
    rf"(?i:\b(?:code|pw|pass(?:word|code)?|pin|combo|combination) (?:for|to|of|on) "
    rf"(?:(?:the|my|our|his|her|their|your) )?(?:[a-z'’-]{{2,14}} ){{0,3}}?{_PLACE}(?: (?:door|gate|box|panel))?)"
    rf"(?:(?i: (?:has |was |got )?(?:changed|reset|updated|moved)(?: (?:again|today|to|yesterday))?)?,?)"
    rf"(?: (?:and )?(?:it['’]s|it is)(?: now)?| to|{_BE}) (?P<find>{_DIGITS})"
)
_BESIDE = rule(
    rf"(?i:\b(?:house|home|burglar|shop|office|our|my) alarm(?: code)?(?: is|:)?) (?P<find>{_DIGITS})"
    rf"|(?i:\bpin (?:for|of|on) (?:the|my|her|his|our|their) (?:[a-z]+ ){{0,2}}?"
    rf"(?:card|phone|sim|account|app|tablet|ipad))"
    rf"[,:] (?P<card>{_DIGITS})"
    rf"|(?i:\b(?:locker|box|room|door|gate|safe|lock|unit) \d{{1,4}}[,:]? (?:code|pin|combo)(?: is|:)?)"
    rf" (?P<room>{_DIGITS})"
)
_NEXT_PLACE = rule(
    rf"(?i:\b{_PLACE}(?: code)?:? [#*]?\d{{4,6}}[#*]?(?:,|;| /| and)+ (?:and )?(?:the )?{_PLACE}(?: code)?:?) "
    rf"(?P<find>{_DIGITS})"
)
"""The second of several codes."""
_ROLE = r"(?i:admin|manager|supervisor|cashier|boss|owner|staff|till|cleaner|master|engineer|user|duress)"
_CODES = r"(?i:\b(?:till|pins?|codes?|passcodes?|passwords?|logins?|alarm|keypad|safe)\b)[^\n]{0,60}?"
_ROLES = tuple(
    rule(rf"{_CODES}(?<![A-Za-z]){pair}")
    for pair in (
        rf"{_ROLE}[ :=]{{1,2}}(?P<find>\d{{4,6}})(?=[ ,;/]{{1,3}}(?:and )?{_ROLE}[ :=]{{1,2}}\d{{4,6}}(?!\d))",
        rf"{_ROLE}[ :=]{{1,2}}\d{{4,6}}[ ,;/]{{1,3}}(?:and )?{_ROLE}[ :=]{{1,2}}(?P<find>\d{{4,6}})(?!\d)",
    )
)
"""Who has which code."""
_WHOSE = rule(
    r"(?<![A-Za-z])(?:PIN|(?i:passcode|pass ?phrase|security code|account pin))\b[^\n.;\d]{0,16}[:—–]"
    rf" ?[A-Z][\w'’-]{{1,14}}(?: [A-Z][\w'’-]{{1,14}})?[,/:] ?(?P<find>{_DIGITS})"
)
_FURTHER = rule(
    r"(?i:\bpass(?:word|phrase|code)|\bpwd?\b|\blog-?in\b)[^\n]{0,60}?(?:(?:,|;| —| -| and|, and|, which|, that) )"
    rf"(?i:(?:and )?(?:it['’]s|it is|it was|is|was|that['’]s)(?: now)?:?) [\"“'`]?(?P<find>{_MIXED})"
    r"|(?i:\b(?:access|pass(?:word|code)|log-?in|credentials?)\b)[^\n]{0,60}?"
    r"(?i:\b(?:temporary|temp|new|interim|current|default|old|other|working) one(?:['’]s| is| was|:)) [\"“'`]?"
    rf"(?P<one>{_MIXED})"
    r"|(?i:\b(?:pass(?:word|phrase|code)|log-?in|safe ?word|code ?word)\b)[^\n]{0,90}?"
    r"(?i:\bthe word(?: is)?:?) [\"“'`]?(?P<word>[a-z]{5,20})(?=[.,;!\"”'`\n]|\Z)"
)
_OF_A_DAY = rule(
    r"(?i:\b(?:safe|alarm|pin|code|lock|passcode|keypad|locker|padlock)\b)[^\n.;\d]{0,40}(?i:birthday|birth ?date|"
    r"anniversary|year of birth|wedding day)[^\n.;\d]{0,24}?(?i:\bso\b|that['’]s|i\.e\.|meaning|namely|[=:,(])+,? ?"
    r"(?P<find>\d{4,8})(?![\d/.-]\d|\d)"
)
"""A day that opens something."""
_NETWORK = rule(
    r"(?i:\b(?:wi-?fi|wlan|ssid|hotspot|network)|无线|無線|热点|熱點)[^\n/|，。:：]{0,12}[:：]? ?"
    rf"[^\n/|，。:：]{{2,32}} ?[/|] ?(?!\S*(?i:[gm]hz|mbps|wpa|802|bluetooth))"
    rf"(?P<find>{_MIXED})(?<=[^\s]{{8}})(?![\w/|])"
)
_COOKIE = rule(
    r"(?i:(?<![A-Za-z0-9])[a-z_.-]{0,16}sess(?:ion)?[_-]?id|connect\.sid|(?:remember|auth)_(?:me|token))=(?:s%3A)?"
    r"(?P<find>[A-Za-z0-9%._~-]{12,})"
)
_PAIRING = rule(
    r"(?i:\b(?:pair(?:ing)?[ -](?:code|key|pin|password)|passkey|bluetooth (?:code|pin)))"
    rf"(?i: (?:for|on|of) [a-z '’-]{{2,24}})?(?:{_BE}| ) ?(?P<find>{_DIGITS})"
    r"|(?:配[对對]|[蓝藍]牙|[绑綁]定|[连連]接)(?:密)?[码碼][是为為係:：]{0,2} ?(?P<zh>\d{4,8})(?![\d位个個次])"
)
_ZH = rule(
    r"(?:密[码碼]|口令)(?P<find>(?!(?:password|incorrect|invalid|required|protected|username|security|reminder|strength|"
    r"settings?|generator|manager|expired|notfound|undefined|string)(?![a-z]))[a-z]{8,24})(?![A-Za-z0-9@.:/_-]|[一-龥]{0,2}[错錯])"
    rf"|(?:密[码碼]|(?i:password|passcode|pw)|口令)(?:[係系]|叫做?)[：: “「]{{0,2}}(?P<hk>{_MIXED})"
    r"|(?:密[码碼]|口令|PIN)[^\n，。；;0-9A-Za-z]{0,8}?(?:恢[复復]|重[置设設]|[还還]原|[复復]位|改回|初始化|清零)(?:成了?|[为為]|到|至)"
    r" ?(?P<back>(?=[^\s]{0,20}\d)[#*]?[A-Za-z0-9#*!@._-]{4,20})(?=[了，。,；;！!\s）)]|\Z)"
)
_WHICH = rule(
    rf"(?i:\b{_PLACE})\b(?: [a-z]{{2,12}}){{0,3}} ?[,(–—-] ?(?i:(?:and )?(?:the |its )?(?:code|pin|combo|combination))"
    rf"(?:{_BE})? (?P<find>[#*]?[A-Z]?\d{{4,8}}[A-Z]?[#*]?)(?![\w%-]|[.,:/]\d| (?:am|pm|people|times|years)\b)"
    r"|(?i:\b(?:three|3) (?:digits?|numbers?) (?:on|at) the (?:back|reverse)(?: of (?:it|(?:the|my|her|his) card))?"
    r"(?: are| is|:|,)?) (?P<back>\d{3})(?![\d%]|[.,]\d)"
    r"|(?i:\b(?:pick-?up|collection|parcel|locker) code(?: is|:)?) (?P<parcel>\d{6,8})(?![\d-]|[.,]\d)"
)
"""The code of a place just named, of the back of a card, and of a locker with a parcel."""
_NO_WORD = (
    r"(?!(?i:sha|md|utf|base|bcrypt|aes|min|max|v|ver|rfc|step|iso|windows|ios|android|iphone|ipad|galaxy|pixel|macos|"
    r"chrome|user|room|order|version|form|ticket)[-_]?\d|\d+[-_]?[a-z]{3,}\b)"
)
_ASIDE = rule(
    rf"(?i:\bpass(?:word|phrase|code)|\bpwd?)(?: ?\((?i:(?:it['’]s|it is|is|now|currently|old|new)[ :]{{1,2}})?|"
    r"\b(?:(?! (?:for|on|of|in|to|at|reset|polic))[^\n,.;:?!(]){0,40}, )"
    rf"[\"“'`]?{_NO_WORD}(?P<find>{_MIXED})(?=[\"”'`]?[,)])"
)
"""A password that stands in brackets or between commas behind what is said of it."""
_ZH_SHORT = rule(
    r"(?:取件|开[柜箱]|開[櫃箱]|取[货貨]柜)[码碼](?:是|为|為|[：: ]){0,2}(?P<find>\d{6,8}|\d{3} \d{3})(?![\d-]|"
    r" \d|[位元个個])"
    r"|(?:(?:信用卡|卡[号號]|有效期|[签簽]名[栏欄]|安全[码碼])[^\n。]{0,60}?(?<![号號机機]的)(?<![号號机機])(?:后|後|末)的?|"
    r"(?:卡背|背面)[上的]{0,2})[3三](?:位(?:[数數]字?|[码碼])?|[码碼])[是为為:： ]{0,2}(?P<back>\d{3})(?![\d%]|"
    r"[.,]\d|[元个個位])"
)
"""What opens a locker with a parcel, and the code on the back of a card; where a parcel lies (5-2-3307) stays."""
_NO_CODE = "".join(
    rf"(?<!{word}[ -])"
    for word in (
        "TOEFL",
        "IELTS",
        "UCAS",
        "school",
        "centre",
        "college",
        "station",
        "ICD",
        "promo",
        "discount",
        "coupon",
        "zip",
        "postal",
        "post",
        "area",
        "country",
        "error",
        "fault",
        "product",
        "item",
        "order",
        "part",
        "bar",
        "qr",
        "QR",
        "colour",
        "color",
        "dress",
        "source",
        "tax",
        "sort",
        "bank",
        "branch",
        "HS",
        "airport",
        "currency",
        "class",
        "course",
        "cost",
        "billing",
        "booking",
        "tracking",
        "status",
        "exit",
        "return",
        "response",
        "referral",
        "dialling",
        "dialing",
        "paint",
        "model",
        "stock",
        "machine",
        "procedure",
        "diagnosis",
    )
)
_NO_PLACE = (
    r"(?!(?:error|product|item|order|colour|color|paint|country|area|discount|promo\w*|sale|offer|class|course|part|"
    r"airport|city|state|currency|job|category|reason|is|was)\b)"
)
_ANY_PLACE = rule(
    rf"(?<![A-Za-z]){_NO_CODE}(?i:(?:key ?)?codes?|pins?|passcodes?|combinations?|combos?|key(?:pad|code)(?: number)?)"
    rf"(?i: (?:for|to|of|on|at|in|into|behind|by)(?: {_NO_PLACE}[a-z'’-]{{1,16}}){{1,6}}?)(?:{_BE}| to) "
    rf"(?P<find>{_DIGITS}|\d{{3}}[ -]\d{{3}}(?![\d%-]| \d))"
)
"""Whatever it opens."""
SAID = (
    _ANY_PLACE, _OF_PLACE, _BESIDE, _NEXT_PLACE, *_ROLES, _WHOSE, _FURTHER, _OF_A_DAY, _NETWORK, _COOKIE, _PAIRING,
    _ZH, _WHICH, _ASIDE, _ZH_SHORT,
)  # fmt: skip
"""Where such a secret stands: in the last group of a match that has a name."""
