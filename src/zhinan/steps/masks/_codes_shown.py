"""Secrets that a screen, a log or a text message shows, that a panel asks for, and the next of several codes."""

from __future__ import annotations

from zhinan.core.rules import rule

__all__ = ["SHOWN", "SHOWN_WORTH"]

_CODE = r"(?!(?:19|20)\d\d(?![\d*#]))(?<![\d.,:/+$€£¥#-])(?<!\d )(?P<{name}>[#*]?\d{{4,8}}[#*]?)(?![\w%*#-]|[.,:/ ]\d)"
_PANEL = (
    r"(?i:(?:access|alarm|entry|door|gate|security|control|pin|burglar|code) ?(?:panel|pad)|keypad|key ?safe|lock ?box|"
    r"(?:door|gate|smart|combination) ?lock|padlock|burglar alarm)"
)
_ASKED_BY = rule(
    rf"(?<![A-Za-z]){_PANEL}(?![A-Za-z])[^\n.;\d]{{0,48}}? "
    rf"(?i:wants?|asks? for|expects?|requires?|only takes|needs?) {_CODE.format(name='find')}"
    r"(?=[.,;:!?)\"”'’]|\s*\Z|\s(?i:and|then|but|or|now|before|every|each|plus|followed)\b)"
    rf"|(?<!extension )(?<!ext )(?<!ext\. ){_CODE.format(name='keyed')}"
    r"(?=,? (?i:then|followed by|and(?: then)?)(?: (?i:press|hit|the|a))* "
    r"(?i:hash|star|pound|asterisk|[#*])(?![A-Za-z]))"
)
"""What a panel wants to be told, and digits that a sign of the keypad ends."""
_NO_CODE = r"(?<!error )(?<!promo )(?<!discount )(?<!product )(?<!item )(?<!order )(?<!part )"
_LETTERED = rule(
    rf"(?<![A-Za-z])(?:{_NO_CODE}(?i:codes?|otp|verif\w*|two[ -]?step|2[ -]?step|two[ -]?factor|2fa|google)"
    r"(?![A-Za-z])|"
    r"[验驗][证證][码碼]?|谷歌)[^\n;。]{0,60}?(?<![A-Za-z0-9-])(?P<find>G-\d{6})(?![A-Za-z0-9-])"
    r"|(?<![\w-])(?P<before>G-\d{6})(?![\w-])(?=,? (?i:is|as|was)\b[^\n.;。]{0,30}(?i:\bcode|\botp|\bverif))"
)
"""How Google writes its codes."""
_JOINED = rule(
    r"(?i:\blog(?:ging)? ?(?:in|on)|\bsign(?:ing)? ?(?:in|on)|password|\bclass(?:room)?|\bapp\b|account|unlock)"
    r"[^\n]{0,80}?(?i:\b(?:my|his|her|their|our|your|the|whose|student|pupil|class|login|log-in|join|access)) "
    r"(?i:(?:student|pupil|class|login|log-in|join|access|secret|magic|picture) )?"
    r"(?i:code(?: is| was|:)(?: now| still)?) "
    r"[\"“'`]?(?P<find>[a-z]{3,12}(?:-[a-z]{3,12}){0,3}-\d{1,6}|"
    r"(?<!your code is )(?<!the code is )(?:(?!and|the|for|out|not)[a-z]{3,12}-){2,4}[a-z]{3,12})(?![\w@/-]|\.\w)"
)
"""Words joined that let a child or a guest in."""
_NO_WORD = (
    r"(?!(?i:sha|md|utf|base|aes|min|max|v|ver|rfc|step|iso|windows|ios|android|iphone|ipad|error|err|http|room|user|"
    r"order|version|form|ticket|page|option|wpa)[-_]?\d|\d+[-_]?[a-z]{2,}\b)"
)
_SHOWED = rule(
    r"(?i:\bpass(?:word|phrase|code)s?\b)[^\n]{0,80}?(?<![A-Za-z])(?i:mine|it|ours|his|hers|theirs|"
    r"the (?:hint|screen|page|field|e?-?mail|log|letter|sticker|label|card|note)) (?i:just |still |even |actually )?"
    r"(?i:show(?:s|ed)|said|says|reads?|display(?:s|ed)|reveal(?:s|ed)|print(?:s|ed)|spell(?:s|ed)(?: out)?):? "
    rf"[\"“'`]?{_NO_WORD}(?P<find>(?=[A-Za-z]{{0,20}}[a-z])[A-Za-z]{{3,20}}[-_!.#*]?\d{{2,6}}[!#$*?]?)(?![\w@/-]|\.\w)"
)
_ZH_CUE = r"(?:OTP|otp|[验驗][证證][码碼]|[动動][态態][码碼]|短信[码碼]|校[验驗][码碼])"
_SIX = r"(?:\d{6}|\d{3}[ -]\d{3})"
_NEXT = rule(
    rf"{_ZH_CUE}[^\n。]{{0,40}}?(?<!\d){_SIX}(?!\d)[^\n。\d]{{0,12}}?"
    r"(?:[前上后後另下]面?一?[条條个個次封]|第[二三][条條个個次]|之前|[现現]在|[刚剛]才|[后後][来來]|[还還]有|又|再)"
    rf"[^\n。\d]{{0,6}}?(?:[是为為：:来來到]|[发發][了的]?)了? ?(?P<find>{_SIX}|\d{{4}})"
    r"(?![\d%-]|[.,:/]\d|[元位块塊次个個年人名份张張分秒度号號])"
    rf"|(?i:\b(?:otps?|(?:verification|security|sms|text|log-?in|one-time|two-step|two-factor) codes?))(?![A-Za-z])"
    rf"[^\n;]{{0,50}}?(?<![\d-]){_SIX}(?!\d)[^\n\d]{{1,30}}?(?i:\b(?:previous|earlier|next|last|first|second|third|new|"
    r"old|other|latest|before|then|now|after|and)(?: that)?(?: one| code)?(?: was| is| came(?: in)?(?: as)?)?[,:]?) "
    rf"(?P<en>{_SIX})(?![\d%-]|[.,:/]\d)"
)
"""The next of several codes that were sent."""
_NO_FAULT = r"(?:(?!(?i:fail|err|status|http|reject)|失[败敗]|[错錯][误誤])[^\n])"
_LOGGED = rule(
    rf"(?i:sms|otp|verification|verify_?code|captcha){_NO_FAULT}{{0,80}}?(?<![\w.])[\"']?"
    r"(?i:(?:verify|verification|sms|login|auth)?_?code|otp|captcha)[\"']? ?[=:] ?[\"']?(?P<find>\d{4,8})(?![\w.:/-])"
    rf"|(?i:(?:login|log_in|signin|auth|2fa|mfa)[ _-]?code){_NO_FAULT}{{0,80}}?(?<![\w.])[\"']?(?i:code)[\"']? ?"
    r"[=:] ?[\"']?(?P<six>\d{6})(?![\w.:/-])"
)
"""What a log says was sent."""
_LOCKER = r"(?:快[递遞][柜櫃]|[丰豐]巢|自提[柜櫃]|智能[柜櫃]|寄存[柜櫃])"
_PARTS = r"\d{1,3}(?:-\d{1,4}){1,2}(?![\d-])"
_PARCEL = rule(
    rf"{_LOCKER}[^\n。；;]{{0,12}}?取[件货貨][码碼][是为為：: ]{{0,2}}(?P<find>{_PARTS})"
    rf"|取[件货貨][码碼][是为為：: ]{{0,2}}(?P<opens>{_PARTS})"
    r"(?=[^\n。；;，,]{0,4}(?:打不?[开開]|[开開]不[了开開]?|[开開][门門柜櫃]))"
)
"""What opens a locker though it is written as where a parcel lies."""
SHOWN = (_ASKED_BY, _LETTERED, _JOINED, _SHOWED, _NEXT, _LOGGED, _PARCEL)
"""Where such a secret stands: in the last group of a match that has a name."""
SHOWN_WORTH = (
    r"panel|keypad|lock|(?:then|by|and)[ a-z]* (?:hash|star|pound|asterisk|[#*])|g-[0-9]|code|sms|captcha|otp|"
    r"取[件货貨]"
)
