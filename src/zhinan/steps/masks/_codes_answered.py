"""Secrets that answer a question, are said digit by digit or turned, and codes that whoever holds them may redeem."""

from __future__ import annotations

from zhinan.core.rules import rule

__all__ = ["ANSWERED", "ANSWERED_WORTH"]

_ONE = "zero|nought|oh|one|two|three|four|five|six|seven|eight|nine"
_ALOUD = rf"(?i:(?:double |triple )?(?:{_ONE})(?:,? (?:double |triple )?(?:{_ONE})){{2,7}})(?![a-z])"
_DIGITS = r"[#*]?(?:\d{4,8}|\d{3}[ -]\d{3}|\d(?:[ -]\d){3,7})[#*]?(?![\w%-]| ?\d|[.,:/]\d)"
_MIXED = r"(?=[^\s\d]{0,30}\d)(?=[^\sA-Za-z]{0,30}[A-Za-z])[A-Za-z0-9][A-Za-z0-9_!#$%^*+~@-]{4,30}(?![A-Za-z0-9_@/:.-])"
_WHO = (
    r"(?:\s{1,2}|\n)(?:[-–—]\s|[\"“]|(?:[A-Z][A-Za-z]{0,11}|(?i:customer|cust|caller|client|user|agent|agt|answer|"
    r"me|him|her))"
    r"(?: ?\d)?\s?:\s?)(?i:(?:yes|yeah|yep|yup|sure|right|ok|okay|um+|uh+|erm?|it['’]s|it is|that['’]s|that is|so|well|"
    r"of course|the|i think|i believe|should be|it should be)[, ]{1,2}){0,4}[\"“]?"
)
"""Somebody else begins to speak, and answers."""
_NO_ANSWER = (
    r"(?!(?i:i|we|he|she|they|you|what|which|why|who|no|not|none|never|sorry|please|can|could|don['’]?t|forgot(?:ten)?|"
    r"click|hold|wait|hang|one|let|just|sent|done|thanks?|thank|hi|hello|there|here|my|is|are|it|sure|yes|ok|okay|"
    r"in|on|"
    r"at|if|why|when|where|how|both|same|all|still|too)\b)"
)
_ASKED_CODE = rule(
    r"(?<![A-Za-z])(?i:passwords?|passphrase|passcode|pin|otp|(?<!order )(?<!promo )(?<!zip )(?<!area )(?<!country )"
    r"(?<!product )(?<!discount )(?<!error )(?<!item )code)\b[^\n?.!]{0,40}(?:[?.!][\"”]?|\n)"
    rf"{_WHO}(?P<find>{_DIGITS}|{_ALOUD}|{_MIXED})"
)
_ASKED_WORD = rule(
    r"(?<![A-Za-z])(?i:passwords?|passphrase|(?:memorable|safe|security|secret|code) (?:word|answer|phrase|place)|"
    r"first (?:pet|school|car|teacher|street)|maiden name)\b[^\n?.!]{0,40}\?[\"”]?"
    rf"(?:{_WHO}|\s)(?:{_NO_ANSWER}(?P<find>[A-Za-z][\w'’-]{{3,16}}(?: {_NO_ANSWER}[a-z][\w'’-]{{2,16}}){{0,2}}))"
    r"(?=[.,;!\"”\n]|\s*\Z)"
)
_SPELT = rule(
    rf"(?<![A-Za-z])(?i:codes?|pin|passcode|combination|combo|alarm|keypad)(?:['’]s| is| was|:|,)?(?: now|"
    rf" still)? (?P<find>{_ALOUD})"
)
_GROUPS = r"(?=[A-Z0-9 -]{0,40}\d)(?=[0-9 -]{0,40}[A-Z])[A-Z0-9]{3,6}(?:[ -][A-Z0-9]{3,6}){1,6}(?![\w-])"
_ONE_GROUP = r"(?=[^\s\d]{0,20}\d)(?=[^\s]{0,20}[a-z])(?=[^\sA-Za-z]{0,20}[A-Za-z])[A-Za-z0-9]{6,16}(?![\w./:@-])"
_REDEEM = rule(
    r"(?<![A-Za-z])(?i:(?:gift ?(?:card)?|redeem|redemption|share|sharing|invite|invitation|referral|activation|"
    r"licen[cs]e|"
    r"product|steam|game|voucher|cd|registration|release|unlock|access|auth(?:ori[sz]ation)?|e-?gift) (?:codes?|"
    r"keys?|pins?))"
    rf"(?i: (?:for|to|of) (?:the |my |our )?[a-z]+)?(?: is|:|,)? ?(?P<find>{_GROUPS}|{_ONE_GROUP})"
)
_COMBINATION = rule(
    r"(?<![A-Za-z])(?i:lock(?:er|box)?|safe|combination|padlock|suitcase|briefcase|(?:release|entry|door|gate) code)"
    r"(?i:\s(?:code|combination|number|is|set|to|was|on|it)){0,3}[:,]?\s(?P<find>\d{1,2}(?:-\d{1,2}){2,3})(?![\d-])"
    r"|行李箱(?:密[码碼])?[是：: ]?(?P<case>\d(?:-\d){2,3})(?![\d-])"
)
_BEHIND = rule(
    r"[\"“](?P<find>[A-Za-z][\w'’ -]{4,40})[\"”],? (?i:(?:that['’]s|that is|is|was) (?:the|my|our|your|his|"
    r"her) (?:[a-z-]+ )?"
    r"(?:password|passphrase|passcode))"
    r"|(?<![A-Za-z])(?i:password|passphrase) (?i:for|on|of|to) [^\n.:;]{1,24}: ?(?P<joined>[a-z]{3,14}(?:-[a-z0-9]{2"
    r",14}){1,5})(?![\w@-])"
    r"|(?i:\banswer to (?:my|the|your|his|her) (?:security|secret|recovery) question(?: is| was|:)) "
    r"(?P<answer>[A-Z][\w'’-]{2,16}(?: [\w'’-]{2,12}){0,2})(?=[.,;!\n]|\Z)"
    r"|(?<![A-Za-z])(?i:key ?(?:box|safe)),? (?P<box>\d{4,5})(?![\w-]|[.,:/]\d)"
    r"|(?i:\bcode to get (?:in(?:to)?|through)) (?:[a-z]+ ){0,3}(?P<into>\d{4,6})(?![\w-]|[.,:/]\d)"
)
_ADMIN = rule(
    r"(?:服[务務]器|[后後][台臺]|路由器?|[数數]据[库庫]|跳板机|主机|(?i:\bserver|\brouter|\blog-?in|\bssh|\bdb|"
    r"\bdatabase))[^\n，。;]{0,16}?"
    r"(?<![A-Za-z/])(?:root|admin|sa|administrator|ubuntu|postgres) ?/ ?"
    r"(?P<find>(?=[^\s]{0,30}\d)(?=[^\s]{0,30}[A-Za-z])[A-Za-z0-9!#$%^&*@_.-]{6,30})(?![\w/])"
)
_ZH_WHO = (
    r"[”」]?\s?(?:[一-龥]{1,4}|[A-Za-z]{1,8})[：:]\s?(?:(?:[嗯好对對哦]的?|就?是|"
    r"[应應][该該]是)[，,]?){0,2}[“「]?"
)
_ZH_ASKED = rule(
    r"(?:密[码碼]|口令|[验驗][证證][码碼]|[门門]禁|动态[码碼]|PIN|暗号|暗號)[^\n。？?！，]{0,12}[？?。]"
    rf"{_ZH_WHO}(?P<find>(?:\d{{4,8}}(?![\d位个個年月元])|{_MIXED}|[零〇一二三四五六七八九幺洞]{{4,8}}|"
    r"(?![一二三四五六七八九十]{1,2}[位个個]|[忘不没沒什多几幾稍等我你您这這那没好]|[知记記][道得])[一-龥]{2,8}(?=[”」。，！\s]|\Z)))"
)
_ZH_REDEEM = rule(
    r"(?:[兑兌][换換]|内推|[邀]请|邀請|[激]活|授[权權]|[体體][验驗]|核[销銷]|礼品|禮品)[码碼]|卡密|CD-?K(?:EY|ey)?"
)
_ZH_CODE = rule(
    rf"(?:{_ZH_REDEEM.pattern})(?:[是为為：:]|给你|發你)?[ “「]{{0,2}}(?P<find>(?=[A-Za-z0-9-]{{0,30}}\d)(?=[0-9-"
    rf"]{{0,30}}[A-Za-z])"
    r"[A-Za-z0-9]{3,12}(?:-[A-Za-z0-9]{2,8}){0,6}(?<=[A-Za-z0-9-]{5})(?![A-Za-z0-9_-])|(?<=码)[a-z]{16}(?![A-Za-z0-9])|"
    r"(?<=是)[a-z]{16}(?![A-Za-z0-9]))"
)
_ZH_ANSWER = rule(
    r"(?:密[码碼保]|安全|找回)[^\n。；]{0,30}?(?:答案|回答)[是为為填写寫：:]{1,2}[ “「]?"
    r"(?![不错錯忘没沒什有失填])(?P<find>[一-龥A-Za-z0-9]{2,10})(?=[”」，。,；;\n]|\Z)"
)
_ZH_OPENS = rule(
    r"(?:(?:[临臨][时時]|一次性|[开開]?[门門][锁鎖]?|[开開][锁鎖])[码碼]|(?:密[码碼]|"
    r"[钥鑰]匙)盒(?:密[码碼])?)[是为為：: ]{0,2}"
    r"(?P<find>[#*]?\d{4,8}[#*]?)(?![\dA-Za-z-]|[位次个個元年月日])"
    r"|(?:密[码碼]|保[险險][柜櫃箱])[^\n，。；;0-9]{0,6}?"
    r"(?P<turns>(?:[左右](?:[转轉旋][到至]?)?[一二两兩三四五六七八九十百零\d]{1,3}圈?[到至]?\d{0,3}[，, ]?){2,6}(?<!"
    r"[，, ]))"
)
_CARD = rule(
    r"(?<![A-Za-z])(?i:gift ?(?:card|voucher|certificate)|e-?gift|e-?voucher|vouchers?|top-?up(?: card)?|prepaid card|"
    r"store credit|steam card|itunes card|礼品卡|禮品卡|禮券|礼券|儲值卡|储值卡)"
    rf"(?i: (?:code|number|no\.?|pin))?(?: (?i:is|was)|[:,#]|[是係为為：])? ?(?P<find>{_GROUPS})"
)
"""What is worth money for whoever holds it."""
ANSWERED = (
    _CARD, _ASKED_CODE, _ASKED_WORD, _SPELT, _REDEEM, _COMBINATION, _BEHIND, _ADMIN, _ZH_ASKED, _ZH_CODE, _ZH_ANSWER,
    _ZH_OPENS,
)  # fmt: skip
"""Where such a secret stands: in the last group of a match that has a name."""
ANSWERED_WORTH = (
    r"(?i:gift|redeem|share|invit|voucher|steam|product key|alarm|combination|locker|suitcase|maiden|first (?:pet|"
    r"school|car)|"
    r"cd-?k)|[兑兌][换換]|内推|邀[请請]|授[权權]|卡密|行李箱|暗[号號]|服[务務]器|盒"
)
