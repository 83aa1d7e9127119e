"""Secrets told in a sentence: what opens something, the words that may stand between, and the value itself."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span

__all__ = ["NEAR", "WALKED", "WALKED_WORTH", "beside"]

_UNIT = (
    r"(?! ?(?:%|(?i:digits?|characters?|chars|letters|min(?:ute)?s?|seconds?|secs?|hours?|days?|weeks?|months?|"
    r"times|attempts?|"
    r"tries|people|words|years?|[ap]\.?m|[gk]?m?b|[cmk]?m|kg|lbs?|g|mg|ml|l|euros?|dollars?|pounds?|usd|eur|gbp|"
    r"points?|"
    r"items?|pieces?|pcs|pages?|users?|steps?|floors?|o['’]clock)\b|"
    r"[位次分秒小个個天元块塊人年月日号號楼樓室种字条條米斤件]))"
)
_CODE = (
    r"(?!(?:19|20)\d\d(?![\d*#A-Z]))(?<![\d.,:/+$€£¥#-])(?P<find>[#*]?(?:[A-Z]?\d{4,8}[A-Z]?|\d(?:[ -]\d){3,7}|"
    r"\d{3}[ -]\d{3})[#*]*)"
    rf"(?![\w-]| \d|[.,:/]\d){_UNIT}"
)
"""A code of digits, which no unit follows and which is no year."""
_KEYED = rf"(?<![\d.,:/+$€£¥#-])(?P<keyed>[A-Z]?\d{{3,8}}[A-Z]?[#*]|[#*]\d{{3,8}}[#*]?)(?![\w*#-]){_UNIT}"
"""A code with a sign of the keypad."""
_NO_WORD = (
    r"(?!(?i:https?|www|sha|md|utf|base|bcrypt|aes|rsa|v|ver|rfc|step|iso|windows|office|word|excel|python|java|"
    r"android|"
    r"ios|iphone|ipad|galaxy|pixel|macos|chrome|winrar|winzip|acrobat|room|order|version|form|ticket|page|mp|covid|"
    r"http|web|node|user|option|method|level|grade|class|unit|part)[-_ ]?\d)(?!(?i:7-?zip|2fa|mfa|3d|4g|5g)\b)"
    r"(?!\d+(?i:chars?|characters|digits|letters|words|st|nd|rd|th|am|pm|k|m|kg|km|gb|mb|px|cm|mm|ml|min|hrs?)\b)"
)
_MIXED = (
    rf"{_NO_WORD}(?P<find>(?=[^\s\d]{{0,40}}\d)(?=[^\sA-Za-z]{{0,40}}[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9_!#$%^&*+~@?-]"
    rf"|\.(?=\w))"
    r"{5,39})(?<![?-])(?![A-Za-z0-9_@/:]|\.[A-Za-z0-9])"
)
"""A word of letters and digits, and of signs between them."""
_GO = (
    r"(?:[ ,:;(—–-]{1,3}(?i:is|was|are|were|be|been|it|its|it['’]s|that|that['’]s|this|which|what|now|still|just|"
    r"only|i|i['’]ve|"
    r"we|we['’]ve|you|they|he|she|me|us|him|her|them|my|our|your|his|their|the|an?|to|as|in|on|at|by|for|of|from|"
    r"under|used|set|reset|changed|updated|put|keep|kept|gave|given|give|sent|send|got|get|have|had|has|hasn['’]t|"
    r"told|chose|chosen|picked|wrote|written|use|using|typed|type|enter|entered|made|texted|mailed|emailed|"
    r"posted|received|wanted|asked|temporary|temp|new|old|current|default|last|same|first|again|before|then|so|and|"
    r"always|actually|probably|maybe|called|think|believe|remember|debit|credit|bank|card|phone|mobile|account|"
    r"sim|branch|post|text|sms|email|app|laptop|tablet|tv|yesterday|today|year|never|one|should|will|would|must|"
    r"too|also|right|since|until|everywhere|there|here|number|code|shared)(?![A-Za-z'’])){0,12}"
)
"""Words that say nothing of their own between a cue and its value."""
_BUT_IT = (
    r"(?:[.;!?]{1,2} {1,2}(?i:it|it['’]s|that|that['’]s|mine|the (?:code|pin|old|new|right)(?: one)?)(?![A-Za-z]))?"
)
_IS = r"(?i:(?<![A-Za-z])(?:is|was|be|as|to|it['’]s|that['’]s|still|set|again|use|one))[ :]{1,2}[\"“'`]?"
_SAFE = (
    r"(?i:alarm|door|gate|garage|lock(?:er|box| box)?|key ?(?:safe|box)|safe|padlock|shed|building|lobby|"
    r"entrance|barrier|lift|elevator|cabinet|vault|stairwell|car ?park|keypad|intercom|gym|suitcase|briefcase|"
    r"ipad|tablet|phone|laptop|screen|panel|bike lock)"
)
_PIN = (
    r"(?<![A-Za-z])(?:PINs?|Pins?|pins?|(?i:otp|passcode|combination|combo|cvv|"
    r"(?:one[ -]?time|security|entry|access|verification|log-?in|sms|text|unlock(?:ing)?|door|gate|alarm|safe|lock|"
    r"locker|"
    r"whatsapp|telegram|google|apple|microsoft|facebook|instagram|paypal|amazon|signal|wechat|uber|steam|discord|"
    r"authenticator|two[ -](?:factor|step)|2fa) code|code (?:to|for|of|on) (?:the |my |our |your )?(?:[a-z]+ )?(?:"
    rf"{_SAFE})|(?:code|number) (?:that |which )?(?:they|you|he|she|i|we) (?:just )?(?:texted|sent|got|received|"
    r"gave|was given|were given|had)(?: me| us)?(?: (?:by|in|via|on|over) (?:the |an? )?(?:sms|text|phone|post|"
    r"e-?mail|message|whatsapp))?))(?![A-Za-z])(?! (?:badge|point|board)s?\b)"
)
_PHRASE = r"(?<![A-Za-z])(?i:password|passphrase|passcode|pwd|pw|wi-?fi (?:key|code))(?:['’]s)?(?![A-Za-z])"
_NUMBER = rule(rf"{_PIN}{_GO}{_BUT_IT}{_GO}(?:[ ,:(—–-]{{1,3}}|[ :(]{{0,2}}{_IS}){_CODE}")
_WORD = rule(
    rf"{_PHRASE}{_GO}{_BUT_IT}{_GO}(?:[ ,:(—–-]{{1,3}}[\"“'`]?)(?<!on )(?<!for )(?<!of )(?<!in )(?<!at )"
    rf"(?<!from )(?<!the )(?<!an )(?<!card )(?<!account ){_MIXED}"
)
_PRESS = (
    r"(?i:punch(?:ed)?(?: in)?|press(?:ed)?|enter(?:ed)?|type[ds]?(?: in)?|key(?:ed)? in|dial(?:led)?|use[ds]?|need|"
    r"try|tap(?: in)?|put in|"
    r"buzz|takes?|accepts?|answers to|i set (?:it )?(?:to|as)|set (?:it )?(?:to|as)|open(?:s|ed)? with|off with|"
    r"unlocks? with|"
    r"disarms? with|with)"
)
_AT_PLACE = rule(
    rf"(?<![A-Za-z]){_SAFE}(?![A-Za-z])(?!(?:['’]s)? (?i:set|goes|rings|at)\b)[^\n.;\d]{{0,48}}?(?<![A-Za-z])"
    rf"(?:{_PRESS}|(?i:then)) {_CODE}"
)
_SIGNED = rule(rf"(?<![A-Za-z]){_SAFE}(?![A-Za-z])[^\n;\d]{{0,60}}?[ :,]{_KEYED}")
_TO_PLACE = rule(
    rf"(?<![A-Za-z]){_PRESS} {_CODE}(?=,? (?i:on|at|for|in|into|to (?:open|unlock|get (?:in|through)|disarm|enter|"
    rf"turn off|"
    rf"switch off)|opens|and (?:the|push|turn|wait for))(?: (?:the|my|our|your|his|her|their|"
    rf"this))?(?: [a-z]{{2,12}}){{0,2}}? {_SAFE}(?![A-Za-z]))"
)
_THEN = rule(
    rf"(?<![A-Za-z])(?i:alarm|garage|shed|lobby|gate|side gate|back ?door|front door|staff door|key ?safe|lock ?box|"
    rf"intercom|keypad)"
    rf"(?:,? (?:so )?(?:the door,? )?(?:that['’]s|it['’]s)|[:,]| is| -)? {_CODE}(?=,? (?i:then|and (?:hold|push|"
    rf"press|turn|wait)|please don['’]t))"
    rf"|(?<![A-Za-z])(?i:the (?:(?:back|front|side|main|staff) )?(?:door|gate|key ?safe|lock ?box|safe|garage|"
    rf"shed)),? (?:that['’]s|it['’]s|is)"
    rf" (?P<place>[A-Z]\d{{3,6}}[A-Z]?)(?![\w-])|(?<![A-Za-z])(?i:in (?:the|a) (?:lock ?box|"
    rf"key ?safe)), (?P<box>\d{{4,6}})(?=[,.])(?!,\d)"
    rf"|(?<![A-Za-z])(?i:(?:child|kid|kiddie|parental|screen|suitcase|bike|padlock) ?lock\b[^\n.;\d]{{0,20}} (?:is|"
    rf"to|was|at)) "
    rf"(?P<lock>\d{{3,6}})(?![\w%-]|[.,:/]\d){_UNIT}"
)
"""What is done at a door, a safe or an alarm, and the code."""
_FILE = (
    r"(?i:zip|rar|7z|archive|pdf|documents?|docs?|spreadsheet|workbook|attachment|file|folder|backup|drive|"
    r"usb(?: stick)?|"
    r"statement|payslip|report|wi-?fi|guest[ _]?\w*|network|hotspot)"
)
_FILED = rule(
    rf"(?<![A-Za-z])(?i:open|unzip|unlock|extract|decrypt|view|read|connect to|join)s?\b[^\n.;]{{0,16}}(?:{_FILE}|"
    rf"\bit)\b,? ?(?:please |just |"
    rf"then |and |you )?(?i:use|with|type|enter|is|put)(?: in)? [\"“'`]?{_MIXED}"
)
_LOCKED = rule(
    rf"(?<![A-Za-z]){_FILE}\b(?:[^\n.;]{{0,16}} (?i:encrypted|protected|locked|secured|zipped),? ?(?:please )?|"
    rf",? )(?i:opens?|with|use|"
    rf"unlocks?|enter|by|type)(?i: with)? (?![a-z]+ (?:from|by|for)\b)[\"“'`]?{_MIXED}(?! ?(?:app|tool|software|"
    rf"reader))"
)
"""What a file is opened with."""
_CASED = rule(
    rf"{_PHRASE}(?i: is| was| =|:| ?=)? [\"“'`]?(?P<find>[A-Za-z]{{4,20}})(?=[\"”'`]?,? (?i:(?:all )?(?:in )?(?:"
    r"small|lower|upper|one word|"
    r"caps\b|capitals?\b|no (?:caps|capital|space|gap)|with (?:a |no |two )?(?:capital|small|big|double|zero|space)|"
    r"written (?:small|together)|together|as one word|spelled|spelt)))(?<!case)(?<!sensitive)"
)
"""A plain word of which is said how it is typed."""
_TEXTED = rule(
    r"(?<![A-Za-z])(?i:(?:text|sms|message|e-?mail|it) (?:says|said|reads?|shows?)|(?:got|received|have|"
    r"enter(?:ed)?|typed?|use) (?:the |a |this )?(?:[a-z]+ )?code)[: ]{1,2}"
    r"(?P<find>[A-Z]-\d{5,8}|\d{5,8}|\d{3}[ -]\d{3})(?![\w-]|[.,:/]\d)(?=[^\n]{0,60}(?i:\b(?:code|otp|pin|text|sms|"
    r"log ?in|sign)\b))"
    r"|(?<![\d.,:/+-])(?P<said>\d{5,8}|\d{3}[ -]\d{3})(?= (?i:is (?:what|the one) (?:the |they |i |"
    r"you )?[^\n.;]{0,40}\b(?:code|otp|pin)\b))"
    r"|(?i:\benter(?: code)? )(?P<enter>\d{5,8})(?= (?i:to (?:confirm|verify|finish|complete|approve|authori[sz]e|"
    r"sign|log)))"
    r"|(?i:\byour (?:[a-z]+ ){0,3}code(?: is|:)? )(?P<yours>[A-Z]-\d{5,8}|\d{4,8}|\d{3}[ -]\d{3})(?![\w-]|[.,:/]\d)"
    r"|(?i:\b(?:your (?:[a-z]+ ){0,2}|verification |security |log-?in )code(?: is|"
    r":)? )(?P<sent>[A-Z]-\d{5,8})(?!\w)"
)
_TYPED = (
    r"(?i:\b(?:typ(?:ing|ed?)|enter(?:ing|ed)?|tr(?:ying|ied)|us(?:ing|ed?)|log(?:ging|"
    r"ged)? ?in(?: as [\w.@-]{2,40})?|"
    r"accept(?:s|ed)?|gave (?:me|us)|sign(?:ing|ed)? in)(?: with)?) [\"“'`]?(?P<find>[A-Z]?[a-z]{3,16}\d{2,6}[!#$%*?"
    r"]?|"
    r"(?=[a-z-]{3,40}\d)[a-z]{3,12}(?:-[a-z0-9]{2,12}){1,4})(?![\w@/-]|\.\w)"
)
"""What somebody types; it counts beside a word for a password alone."""
_SURELY = (
    r"(?:[是为為係叫]|[成作][了]?|[用填写寫设設输輸配][的了]?[是了]?|按|[转轉改换換变變较較调調设設][咗了]?[做成为為到係][了]?|"
    r"(?:默[认認]|初始)的?|[:：])"
)
_ZH_STOP = r"(?![位次个個天元块塊人年月日号號分秒楼樓室种字条條米斤件级級%]|[.,:/-]\d)"
_ZH_DIGITS = rf"(?P<find>[#*]?\d{{4,8}}[#*]?){_ZH_STOP}(?![\dA-Za-z-])"
_NO_STATE = r"(?![错錯误誤位长長次至超效限期尾须須需不没沒忘请請单單]|会议|會議|订|訂)"
_ZH_NUMBER = rule(
    rf"(?:密[码碼]锁?|口令)(?:{_NO_STATE}[一-龥 ，,]){{0,14}}?{_SURELY}[ 「“\"]{{0,2}}{_ZH_DIGITS}"
    rf"|(?:[门門]禁|[单單]元[门門]|大[门門]|[门門][锁鎖]|防盗[门門]|[车車]库[门門]?|保[险險][柜箱櫃]|[储儲]物[柜櫃]|"
    rf"更衣[柜櫃]|行李箱|[锁鎖]屏|[智电電]\w?[锁鎖])"
    rf"(?:{_NO_STATE}[一-龥 ]){{0,8}}?(?:[按输輸][入]?|[设設][的了成]|用的是?|"
    rf"密[码碼]) ?(?P<place>[#*]?\d{{4,8}}[#*]?){_ZH_STOP}(?![\dA-Za-z#*-])(?:(?<=[#*])|(?! ?[再然]))"
    rf"|密[码碼](?:{_NO_STATE}[一-龥，, ]){{0,10}}?(?:生日|手[机機][号號]?|"
    rf"[证證])[的]?[前后後][四六]位[，,]?(?:就是|是)? ?(?P<part>\d{{4,6}}[Xx]?)(?![\dA-Za-z])"
)
_ZH_FURTHER = rule(
    rf"(?:[门門]禁|[单單]元[门門]|[门門][锁鎖]|[闸閘])[^\n。；;]{{0,24}}?[再后後][按输輸] ?(?P<again>[#*]?\d{{4,"
    rf"8}}[#*]?){_ZH_STOP}(?![\dA-Za-z-])"
    rf"|密[码碼][^\n。；;]{{0,30}}?(?:[原以]前?[来來]?的|旧的|新的|老的)(?:[是叫]|"
    rf"密[码碼])? ?(?P<old>\d{{4,8}}){_ZH_STOP}(?![\dA-Za-z-])"
)
"""A second code."""
_ZH_WORD = rule(
    rf"(?:密[码碼]|口令|密[钥鑰]|令牌|(?i:token|secret|password|"
    rf"api ?key))(?:{_NO_STATE}[一-龥 ，,]){{0,14}}?{_SURELY}[ 「“\"]{{0,2}}{_MIXED}"
)
_ZH_FILE = rule(
    r"(?:[压壓][缩縮]包|文件|文[档檔]|附件|表格|PDF|pdf|zip|rar)[^\n。；;A-Za-z0-9]{0,8}(?:解[压壓][缩縮]?|打[开開]|"
    r"[访訪][问問]|[查看]{1,2})"
    rf"[^\n。；;A-Za-z0-9]{{0,6}}[用输輸填][入的]?[是]? ?{_MIXED}"
    r"|(?:[短]信|消息|[邮郵]件)[^\n。；;0-9]{0,6}[写寫说說是][着著的]?[是：:]? ?(?P<sms>\d{4,8})(?!\d)(?=[^\n]{0,16}"
    r"[码碼])"
    r"|[收到发發][^\n。；;0-9]{0,8}[码碼][，,是：: ]{0,2}(?P<got>\d{4,8})(?![\d位])(?=[^\n。]{0,20}(?:[验驗][证證]|"
    r"登[录錄]|短信))"
    r"|(?:[储儲]物|更衣|[寄存]{2})[柜櫃] ?(?P<box>\d{4,6})(?=[开開])"
    r"|(?:安全|密保|找回)[问問][题題][^\n，。；]{0,4}?(?:我)?(?:答案)?(?:填|答(?!案)|写|寫|设|"
    r"設)的?[是]?(?P<answer>[一-龥]{2,6})(?=[，,。；\n]|\Z)"
)
WALKED = (
    _NUMBER, _WORD, _AT_PLACE, _SIGNED, _TO_PLACE, _THEN, _FILED, _LOCKED, _CASED, _TEXTED, _ZH_NUMBER, _ZH_FURTHER,
    _ZH_WORD, _ZH_FILE,
)  # fmt: skip
"""Where such a secret stands: in the last group of a match that has a name."""
_RANDOM = r"(?<![\w/.@=-])(?P<random>(?=[^\s0-9]{0,60}\d)[A-Za-z0-9_-]{16,120})(?![\w@/=-]|\.\w)"
NEAR = rule(rf"{_TYPED}|{_RANDOM}")
"""What is a secret only beside a word for one."""
_CUED = rule(
    r"(?i:passw(?:or)?d|passphrase|\bpwd?\b|\bpass\b|credential|log-?(?:in|ged|ging)\b|sign(?:ed|ing)? in\b|token|"
    r"secret|"
    r"(?:api|private|access|secret|encryption|licen[cs]e|signing|master|the|new|our|my) key\b|webhook|bearer|"
    r"locked out)|密[码碼]|口令|令牌|密[钥鑰]"
)
_OTHER = rule(
    r"(?i:order|invoice|ticket|ref(?:erence)?|serial|model|sku|part|asset|case|claim|booking|track(?:ing)?|"
    r"host(?:name)?|server|"
    r"branch|version|file|user(?:name)?|ssid|account|bucket|job|build|tag|commit|image|trace|request|session|id|"
    r"订单|单号|"
    r"编号|型号|序列号|工单|版本|用户名|账号|主机|分支|文件)(?: (?:no|number|id|name|is)\.?)?[ :：=#是为为“\"']{0,3}\Z"
)


def beside(text: str) -> Iterator[Span]:
    """What is typed or drawn by chance, and stands beside a word for a secret."""
    for match in NEAR.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        near = (
            _CUED.search(text, max(0, match.start() - 60), start)
            or _CUED.search(text, end, end + 40)
            or _CUED.search(match[0])
        )
        if near and not _OTHER.search(text, max(0, start - 24), start):
            yield start, end


WALKED_WORTH = (
    r"(?i:unzip|zip|pdf|archive|document|spreadsheet|decrypt|intercom|keypad|barrier|gate|garage|text said|(?:text|"
    r"sms) says|"
    r"enter [0-9]|whatsapp|g-[0-9]|log(?:ging|ged)? in|open the|unlock|dial [0-9]|door|guest)|[门門柜櫃]|短信|文件|"
    r"文[档檔]|[压壓][缩縮]包"
)
