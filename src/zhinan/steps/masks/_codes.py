"""What opens something without being a key of a machine: PINs, codes by text message, passwords of words, answers."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span

__all__ = ["SHAPED", "TOLD", "shaped"]

_NOT_LONG = (
    r"(?![-\d]|[.,:/]\d| ?(?:%|(?i:digits?|characters?|chars|letters|min(?:ute)?s?|hours?|days?|times|attempts?|"
    r"tries|"
    r"people|words|stars?|years?|am|pm)\b|[位次分小个個天元块塊人年月日号號种字]))"
)
_NO_YEAR = (
    r"(?:(?!(?:19|20)\d\d(?![\d*#A-Z]|-\d{1,3}(?!\d)| \d))|(?:(?<=[:：=\"'“`])|(?<=[:：=] )|(?<= is )|(?<= with ))"
    r"(?=\d{4}(?: ?\Z|[.,;!?)\"'”，。；、！\n]| (?:and|but|so|or|now|which|because|please)\b)))"
)
"""Four digits like those of a year are a code only where the text says no more than that."""
_DIGITS = r"[0-9](?:[ -]?[0-9]){2,7}"
_ONE = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_SAID = rf"(?i:(?:{_ONE})(?:,? (?:{_ONE})){{2,7}})(?![a-z])"
_CODE = rf"{_NO_YEAR}(?P<find>[#*]?(?:[A-Z]?{_DIGITS}[A-Z]?|[0-9](?:[*][0-9]+)+)[#*]*|{_SAID}){_NOT_LONG}"
_PIN = (
    r"(?<![A-Za-z])(?:PINs?|Pin|pin|OTP|TAN|CVV2?|CVC2?|PUK[12]?|"
    r"(?i:(?:security|entry|door|gate|alarm|safe|lock(?:er|box)?|garage|keypad|unlock(?:ing)?|verification|"
    r"one[- ]time|sms|2fa|mfa|"
    r"authenticat(?:ion|or)|log-?in|activation|backup|recovery|banking|voicemail|screen|key ?safe|intercom|"
    r"entrance|building|access|pass|master|profile|duress|disarm) ?(?:code|pin|combination|combo|lock)s?|"
    r"passcode|"
    r"vault combination|combination|key ?safe|lock ?box|bike lock(?:['’]s)?|keypad|padlock))(?![A-Za-z])"
)
_IS = (
    r"(?:\)?[\"'”]?(?: ?[:=>–—-]{1,2} ?| ?→ ?|\? | (?:is|was|are|=|to|reads?|says|used to be|now|still|will be|"
    r"ends up)(?: now| still)? |['’]s | ))[\"'“`]?"
)
_NUMBERED = rule(
    rf"{_PIN}(?: (?!of (?:conduct|practice|ethics|honou?r)\b)(?:for|on|of|in|at|by|code|number|door|card|this|"
    rf"old|new)(?: [A-Za-z]{{1,12}}| \d{{1,2}}(?= is)){{0,4}})?"
    rf"{_IS}{_CODE}"
)
_LATER = rule(
    rf"{_PIN}[^\n.;\d]{{0,40}}?(?:[:—–]| (?:is|was|it['’]s|code is|, so|so)) {_CODE}"
    rf"|(?i:alarm|door|gate|garage|safe|key ?safe|lock ?box|entry|lobby|stairwell|shed)\b[^\n]{{0,60}}? (?:and |"
    rf", )?(?:the )?code (?:is|was) {_NO_YEAR}(?P<code>[#*]?[A-Z]?{_DIGITS}[A-Z]?[#*]?){_NOT_LONG}"
)
_OPENS = rule(
    rf"(?:(?i:\bunlock[^\n.;\d]{{0,24}} (?:type|enter|use|with|press|is)|\bopens? with|\b(?:safe|lock ?box|"
    rf"padlock)\b[^\n.;\d]{{0,24}}:)|"
    rf"保[险險][柜櫃箱][是係：:]) ?{_CODE}"
)
_BEFORE = rule(
    r"(?<![\d.,:/+-])(?P<find>\d{3}[ -]\d{3}|(?!(?:19|20)\d\d is the)\d{4,8})(?= is (?:my|your|the|"
    r"ur) (?:[a-z0-9-]{1,14} ){0,3}(?i:code|otp|pin|passcode)\b)"
)
_ZH = (
    r"(?:验证码|驗證碼|动态[码碼]|動態碼|校验码|校驗碼|动态(?:口令|密码)|PIN码?|OTP|CVV2?|CVC2?|安全码|安全碼|"
    r"PUK码?|通行[码碼]|[锁鎖]屏(?:密[码碼])?|"
    r"解[锁鎖](?:密[码碼])?|[门門]禁[码碼]|开门码|備用碼|备用码|(?:取款|提款卡?|支付|交易|查询|开机|開機|"
    r"保[险險][柜箱箱]|大门|单元门|[门門][锁鎖]|储物柜|门禁|wifi|WiFi|登录|登入)"
    r"?(?:密[码碼]|口令)[锁鎖]?)"
)
_NUMBERED_ZH = rule(
    rf"{_ZH}(?:[^\n\d，。；;A-Za-z]{{0,5}}?(?:一直是|[默預预][认認设設](?:是|[为為])?|"
    rf"[就还還都]?[是係为為按输輸用]|[:：，, ])){{0,2}}[\"“「 ]?"
    rf"(?P<find>[#*]?[0-9](?:[ -]?[0-9]){{2,7}}(?:[#*]|\*[0-9]+[#*])?|[0-9][*][0-9]{{3,8}}[*#]?|"
    rf"[零〇一二三四五六七八九幺洞]{{4,8}}){_NOT_LONG}"
)
_WORD_ZH = rule(
    r"(?:密[码碼]|"
    r"口令)[^\n，。；;:：A-Za-z0-9]{0,10}?(?:[是係为為成用叫:：]了?)[ 「“\"']{0,2}(?![A-Za-z0-9+.-]*://)(?P<find>[一-龥]{0,8}[A-Za-z][A-Za-z0-9!@#$%^&*_.-]*[0-9][A-Za-z0-9!@#$%^&*_.-]*|"
    r""
    r"[一-龥]{2,10}\d{2,8}(?![\d位次个個天年月]))"
)
_STOP = (
    r"(?!(?i:the|and|for|with|that|have|has|was|not|you|your|from|this|when|what|they|them|into|lost|must|should|can|"
    r"will|never|keep|written|stored|somewhere|anywhere|are|how|but|because|please|all|again|only|case|wrong|"
    r"required|"
    r"correct|incorrect|missing|invalid|reset|changed|blank|empty|optional|there|here|on|in|at|to|of|is|it|a|an|my|"
    r"before|after|where|who|whose|which|question|answer|setting|settings|different|same|field|urgent|important|none|"
    r"unknown|pending|forgotten)\b)"
)
_SEED = rule(
    r"(?i:(?:seed|recovery|backup|mnemonic|wallet|secret) (?:phrase|words?)|mnemonic|"
    r"pass ?phrase)[^\n:.]{0,40}?(?: ?[:→=]| ->| (?:is|are|was|were|reads)) ?[\"“'`]?"
    rf"(?P<find>(?:{_STOP}[a-z]{{3,10}}[ ,-]{{1,2}}){{2,23}}{_STOP}[a-z]{{3,10}})(?![a-z])"
    r"|(?:助[记記][词詞]|"
    r"恢复短语)[^\n:：a-z]{0,16}[是为為:： ]{0,2}(?P<words>(?:[a-z]{3,10}[ ,，、]{1,2}){2,23}[a-z]{3,10})(?![a-z])"
    rf"|(?i:(?:seed|recovery|mnemonic) words are) (?P<seed>(?:{_STOP}[a-z]{{3,10}} ){{3,23}}{_STOP}[a-z]{{3,10}})"
)
_ANSWER = rule(
    r"(?i:(?:security|(?<!our )memorable|safe|duress|challenge|secret|code) (?:word|answer|phrase|place|"
    r"name))\)?(?: for [a-z ]{2,16})?(?:[\"'”]?(?: ?[:=] ?| is | was | (?=[\"“]))[\"“']?)"
    rf"(?P<find>{_STOP}[^\W\d][\w'’-]*(?: {_STOP}[\w'’-]+){{0,3}})(?=[\"”'.,;!?\n]|\Z)"
    r"|(?i:(?:security|recovery|secret|challenge) question)[^\n.?]{0,50}?(?:,? (?:was|is)(?= [\"“'A-Z])|(?i:,? "
    r"(?:i (?:put|said|answered|chose|wrote)|answer(?:ed)?(?: is| was|:)?|->|→))) [\"“']?"
    rf"(?P<said>{_STOP}[^\W\d][\w'’-]*(?: {_STOP}[\w'’-]+){{0,2}})(?=[\"”'.,;!\n]|\Z| so\b| but\b)"
    r"|(?i:(?:favourite|favorite|first) (?:teacher|pet|school|car|concert)|mother['’]s maiden name|"
    r"street did you grow up on|born in what city)[^\n]{0,30}?"
    rf"(?:[?)][\"”]?:?|->|→|:) ?(?i:(?:i (?:put|said|answered)|answer(?: stored as| is|:)?|"
    rf"it['’]s) )?(?:[→-]{{1,2}}>? ?)?(?i:answer stored as )?[\"“']?"
    rf"(?P<given>{_STOP}[^\W\d][\w'’-]*(?: {_STOP}(?!so\b)[\w'’-]+){{0,2}})(?=[\"”'.,;!\n]|"
    rf"\Z| so\b| but\b)"
)
_ANSWER_ZH = rule(
    r"(?:[安密][全保保]?(?:提示)?[问問][题題]|密保|找回[问問][题題])[^\n]{0,24}?(?:答案?是?|我?填的?是|我答|"
    r"[回]答)[:：是 “「]{0,2}(?P<find>[一-龥A-Za-z]{2,10})(?=[”」，。,；;\n]|\Z)"
)
_CUED = rule(
    r"(?i:passw(?:or)?d|pasword|passphrase|\bpwd?\b|\bpass\b|creds?\b|credential|log-?in\b|token|secret|\bkey\b|"
    r"webhook|wi-?fi|"
    r"\broot\b|\badmin\b|my code|ssh|sftp|bearer)|密[码碼]|口令|令牌|密[钥鑰]|登[录錄入]|[验驗][签簽]|后台|管理[员員]"
)
SHAPED = rule(
    r"(?<![A-Za-z0-9@#$%&*+=/_.:~!^-])(?P<find>(?=[A-Za-z0-9._-]{0,40}[!#$%^*+~@?])(?=[^\s0-9]{0,40}[0-9])"
    r"(?=[^\sA-Za-z]{0,40}[A-Za-z])"
    r"(?![A-Za-z]+\+\+|#)(?:[A-Za-z0-9]|[._-](?=[A-Za-z0-9])|[!#$%^*+~](?=[!A-Za-z0-9])|"
    r"@(?![A-Za-z0-9-]+\.[A-Za-z0-9])|[!?](?![\w]))"
    r"{7,40})(?<=[A-Za-z0-9!])(?![A-Za-z0-9@=&]|[./:-][A-Za-z0-9])"
    r"|"
    r"(?<![A-Za-z0-9@#$%&*+=/_.:~!^-])(?P<joined>(?=[A-Z0-9._-]{0,80}[a-z])(?=[^\sA-Z]{0,80}[A-Z])"
    r"(?=[^\s0-9]{0,80}[0-9])[A-Za-z0-9]{1,40}(?:[._-][A-Za-z0-9]{1,40}){2,5})(?![A-Za-z0-9@=&]|[./:-][A-Za-z0-9])"
)
"""What looks like a password: letters, digits and signs in it, or words and numbers joined, great and small."""
_NO_SECRET = rule(
    r"(?i)\A(?:v?\d|.*(?:pro|windows|version|release|build|iphone|galaxy|wi-?fi|gmt|utc|sha\d|rsa|aes|tls|"
    r"\d{4}-\d\d-\d\d))|"
    r"(?i:\.(?:txt|pdf|docx?|xlsx?|csv|png|jpe?g|py|js|json|ya?ml|zip|log|md|sh|com|cn|net|org|example|local|"
    r"internal))\Z"
)
_SSID = rule(r"(?i)[\"”]?[,;，]?\s{1,3}(?:pw|pass|password|pwd|key|密码|密碼)\b")
_NAMED = rule(
    r"(?i:order|invoice|ticket|ref(?:erence)?|serial|model|sku|part|asset|case|claim|booking|host(?:name)?|server|"
    r"branch|"
    r"version|file|user(?:name)?|ssid|account|bucket|job|build|tag|订单|单号|编号|型号|序列号|工单|版本|用户名|"
    r"账号|主机|分支|文件)"
    r"(?: (?:no|number|id|name|is)\.?)?[ :：=#是为“\"']{0,3}\Z"
)
_JOINED_WORDS = rule(
    r"(?i:password|passphrase|passcode|\bpw\b|wi-?fi|密[码碼]|口令)(?i:(?: (?:today|now|tonight|is|are|was|key|"
    r"pass|password|code)){0,3})(?: ?[:=→是] ?| )[\"“'`]?"
    r"(?P<find>[a-z]{3,40}(?:-[a-z]{2,40}){2,8}|[a-z]{5,12}\d{1,4}(?=[,.;\s]|\Z)(?<=[a-z0-9]{8}))(?![A-Za-z0-9-])"
    r"|(?i:password|pasword|passphrase)[^\n]{0,60}?(?:(?i:[, ]so|it['’]?s|->|→|=>|--|"
    r"—) )[\"“'`]?(?P<so>[a-z]{4,14}\d{1,4})(?<=[a-z0-9]{8})(?![A-Za-z0-9-])"
    r"|(?i:wi-?fi|router|路由器|wpa2?)[^\n:：.，。]{0,24}?(?i:back ?end|admin|后台|key|密[码碼]|"
    r"password)[:： ]?(?: is )?(?P<net>[a-z]{4,40}-[0-9]{3,8})(?![A-Za-z0-9-])"
)
_GROUPS = rule(
    r"(?i:key|secret|token|seed|license|licence|password|pass|激活[码碼]|密[钥鑰]|"
    r"序列密[钥鑰])\b[^\n.;]{0,50}?(?i: (?:reads|is|are|was|says)|[:：=→]| )[ \"“'`]?"
    r"(?P<find>(?=[A-Z-]{0,56}\d)(?=[0-9-]{0,56}[A-Z])[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){2,7}|"
    r"(?=[a-f ]{0,80}\d)(?=[0-9 ]{0,80}[a-f])[a-f0-9]{4}(?: [a-f0-9]{4}){3,15}|"
    r"(?:[A-Z2-7]{4} ){3,15}[A-Z2-7]{4}|"
    r"(?<==)(?=[A-Za-z ]{0,20}\d)[A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){3})(?![A-Za-z0-9-])"
)
_PAIR = rule(
    r"(?i:log-?in|creds?|credentials|root|admin|ssh|sftp|ftp|vpn|管理[员員]|账[号户]|帳號|"
    r"登[录錄])[^\n。；;]{0,40}?(?<![A-Za-z0-9_/.:-])[A-Za-z][A-Za-z0-9_.-]{1,20} ?(?:/|,|，| \| ) ?"
    r"(?P<find>(?=[^\s,，/]{0,40}[0-9])(?=[^\s,，/]{0,40}[A-Z!#$%^&*@])(?=[^\s,，/]{0,40}[a-zA-Z])"
    r"[A-Za-z0-9!#$%^&*@_.?-]{6,40}?)(?=[,，;；。\s]|"
    r"\?\s|\Z)"
)
TOLD = (
    _NUMBERED, _LATER, _OPENS, _BEFORE, _NUMBERED_ZH, _WORD_ZH, _SEED, _ANSWER, _ANSWER_ZH, _JOINED_WORDS, _GROUPS,
    _PAIR,
)  # fmt: skip
"""Where such a secret stands: in the last group of a match that has a name, or in the whole."""


def shaped(text: str) -> Iterator[Span]:
    """Where words stand that look like a password, beside what announces one."""
    for match in SHAPED.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        near = _CUED.search(text, max(0, start - 90), start) or _CUED.search(text, end, end + 40)
        if (
            near
            and not _SSID.match(text, end)
            and not _NO_SECRET.search(text[start:end])
            and not _NAMED.search(text, max(0, start - 24), start)
        ):
            yield start, end
