"""What opens something without being a key of a machine: PINs, codes by text message, passwords of words, answers."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span

__all__ = ["LISTED", "SHAPED", "TOLD", "listed", "shaped"]

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
    r"(?<![A-Za-z])(?:PINs?|Pin|pin|OTP|TAN|CVV2?|CVC2?|cvv2?|cvc2?|(?i:puk[12]?)|"
    r"(?i:code for the (?:safe|alarm|door|gate|lock ?box|key ?safe|shed|lobby|garage|office))|"
    r"(?i:(?:two[ -]?(?:factor|step)|2-?(?:factor|step)|second[ -]factor|security|entry|door|gate|alarm|"
    r"safe|lock(?:er|box)?|garage|keypad|unlock(?:ing)?|verification|"
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
    rf"old|new)(?: [A-Za-z]{{1,12}}| \d{{1,4}}(?= is)){{0,4}})?"
    rf"{_IS}{_CODE}"
)
_LATER = rule(
    rf"{_PIN}(?:[^\n.;\d]{{0,40}}?(?:[:—–]| (?:is|was|it['’]s|code is|, so|so))| (?:too|as well|also),) {_CODE}"
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
    r"|(?i:\buse )(?P<use>\d{6})(?= (?i:to (?:sign in|log in|verify|confirm)|"
    r"as (?:your|the|a) (?:[a-z-]{1,14} ){0,3}(?:code|otp|pin|passcode|password))\b)"
    r"|(?i:\b(?:your|my|sms|text) code(?: is|:)) ?(?P<mine>\d{4,8}|\d{3}[ -]\d{3})(?![\d.,:/-]\d|\d)"
)
_ZH = (
    r"(?:验证码|驗證碼|短信[码碼]|登[录錄]验证|动态[码碼]|動態碼|校验码|校驗碼|动态(?:口令|密码)|PIN码?|OTP|CVV2?|"
    r"CVC2?|安全码|安全碼|"
    r"PUK码?|通行[码碼]|[锁鎖]屏(?:密[码碼])?|"
    r"解[锁鎖](?:密[码碼])?|[门門]禁[码碼]|开门码|備用碼|备用码|(?:取款|提款卡?|支付|交易|查询|开机|開機|"
    r"保[险險][柜箱箱]|大门|单元门|[门門][锁鎖]|储物柜|门禁|wifi|WiFi|登录|登入)"
    r"?(?:密[码碼]|口令)[锁鎖]?)"
)
_NUMBERED_ZH = rule(
    rf"{_ZH}(?:[^\n\d，。；;A-Za-z错錯号號单單]{{0,5}}?(?:一直是|[默預预][认認设設](?:是|[为為])?|"
    rf"[就还還都]?[是係为為按输輸用]|[:：，, ])){{0,2}}[\"“「 ]?"
    rf"(?P<find>[#*]?[0-9](?:[ -]?[0-9]){{2,7}}(?:[#*]|\*[0-9]+[#*])?|[0-9][*][0-9]{{3,8}}[*#]?|"
    rf"[零〇一二三四五六七八九幺洞]{{4,8}}){_NOT_LONG}"
)
_BEHIND_ZH = rule(
    r"密[码碼][^\n。；;\d错錯]{0,20}[，,](?:[对對係是就]{1,2}[，,]?)?(?P<find>[0-9]{6}|[零〇一二三四五六七八九幺]{6})"
    r"(?![0-9零〇一二三四五六七八九十百千万萬元块塊個个位次人条條年月])"
    r"|密[码碼][^\n。；;0-9A-Za-z]{0,12}[，,][是就]{0,2}(?P<word>(?=[a-z]{3,16}[0-9]{2,8}(?![0-9]))[a-z]+[0-9]+)(?!["
    r"A-Za-z0-9@_.-])"
    r"|(?:密[码碼]|保[险險][柜櫃箱])[^\n，。；;0-9A-Za-z]{0,6}?"
    r"(?P<turns>(?:[左右][转轉旋]?(?:[一二两三四五六七八九\d]{0,2}圈)?[到至]?\d{1,3}[，, ]?){2,6}(?<=\d))"
)
"""A number behind what is said of a password, and how a lock is turned."""
_WORD_ZH = rule(
    r"(?:密[码碼]|"
    r"口令)[^\n，。；;:：A-Za-z0-9]{0,10}?(?:[是係为為成用叫:：]了?)[ 「“\"']{0,2}(?![A-Za-z0-9+.-]*://)(?!(?:默[认"
    r"認]|初始|原|[我你他她][的]?(?:生日|手[机機]|自己)|生日|手[机機]|身份|自己|一直|[还還]是|以前|[现現]在|"
    r"[统統]一))(?P<find>[一-龥]{0,8}[A-Za-z][A-Za-z0-9!@#$%^&*_.-]*[0-9][A-Za-z0-9!@#$%^&*_.-]*|"
    r""
    r"[A-Za-z]{2,12}[一-龥]{1,6}\d{2,8}(?![\d位次个個天年月])|[一-龥]{2,10}\d{2,8}(?![\d位次个個天年月]))"
)
_STOP = (
    r"(?!(?i:the|and|for|with|that|have|has|was|not|you|your|from|this|when|what|they|them|into|lost|must|should|can|"
    r"will|never|keep|written|stored|somewhere|anywhere|are|how|but|because|please|all|again|only|case|wrong|"
    r"required|"
    r"correct|incorrect|missing|invalid|reset|changed|blank|empty|optional|there|here|on|in|at|to|of|is|it|a|an|my|"
    r"before|after|where|who|whose|which|question|answer|setting|settings|different|same|field|urgent|important|none|"
    r"unknown|pending|forgotten|i|think)\b)"
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
    r"(?i:(?:security|(?<!our )memorable|safe|alarm|duress|challenge|secret|code) (?:word|answer|phrase|place|"
    r"name))\)?(?: (?:for|on|of|with|to|at) [a-z' ]{2,32}?)?(?:[\"'”]?(?: ?[:=] ?| is | was | (?=[\"“]))[\"“']?)"
    rf"(?P<find>{_STOP}[^\W\d][\w'’-]*(?: (?!(?:she|he|they|we|i|said)\b){_STOP}[\w'’-]+){{0,3}})"
    r"(?=[\"”'.,;!?\n]|\Z| (?:she|he|they|we|i|said|says)\b)"
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
    r"[回]答)[:：是 “「]{0,2}(?![案填写寫的不错錯忘没沒]|什[么麼])(?P<find>[一-龥A-Za-z]{2,10})(?=[”」，。,；;\n]|\Z)"
)
_CUED = rule(
    r"(?i:passw(?:or)?d|pasword|passphrase|\bpwd?\b|\bpass\b|creds?\b|credential|log-?in\b|token|secret|\bkey\b|"
    r"webhook|wi-?fi|"
    r"\broot\b|\badmin\b|\bsudo\b|my code|ssh|sftp|bearer)|密[码碼]|口令|令牌|密[钥鑰]|登[录錄入]|[验驗][签簽]|后台|"
    r"管理[员員]"
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
    r"(?:[A-Z2-7]{4} ){3,15}[A-Z2-7]{4}|(?=[A-Z]{0,40}[2-7])[A-Z2-7]{16,52}|"
    r"(?<==)(?=[A-Za-z ]{0,20}\d)[A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){3})(?![A-Za-z0-9-])"
)
_PAIR = rule(
    r"(?i:log-?in|creds?|credentials|root|admin|ssh|sftp|ftp|vpn|管理[员員]|账[号户]|帳號|"
    r"登[录錄])[^\n。；;]{0,40}?(?<![A-Za-z0-9_/.:-])[A-Za-z][A-Za-z0-9_.-]{1,20} ?(?:/|,|，| \| ) ?"
    r"(?P<find>(?=[^\s,，/]{0,40}[0-9])(?=[^\s,，/]{0,40}[A-Z!#$%^&*@])(?=[^\s,，/]{0,40}[a-zA-Z])"
    r"[A-Za-z0-9!#$%^&*@_.?-]{6,40}?)(?=[,，;；。\s]|"
    r"\?\s|\Z)"
)
_NO_STATE = (
    r"(?![^\"”'`“」\n]{0,40}(?i:\b(?:incorrect|invalid|wrong|required|must|too|weak|strong|expired|missing|empty|reset|"
    r"forgotten|null|string|text|password|locked|not|no|mismatch|rejected|unknown|field)\b)|"
    r"[太不][一-龥]|[^”」\"\n]{0,20}(?:错误|錯誤|正确|正確|有误|有誤|为空|為空|不能|必须|必須|请|請|忘|无效|無效|"
    r"过期|過期|找回|重置|"
    r"强度|提示|密[码碼]|失败|失敗))"
)
_QUOTED = rule(
    r"(?<![A-Za-z])(?i:password|passphrase|passcode|pwd|pw|psk|(?:wi-?fi|network|router|pre-?shared) key)"
    r"(?i:(?: (?:is|was|now|set to|changed to)){1,2}| ?[:=]) ?[\"“'`]"
    rf"{_NO_STATE}(?P<find>[^\W_][^\"”'`\n]{{3,40}})[\"”'`](?![A-Za-z])"
    r"|(?:密[码碼]|口令)[^\n，。；;:：A-Za-z0-9“「\"]{0,6}?(?:[是为為:：]|[设設改换換]成|[叫用])[了 ]?[“「\"]"
    rf"{_NO_STATE}(?P<words>[^”」\"\n，。]{{2,24}})[”」\"]"
)
"""What stands between quotation marks as a password."""
_FURTHER = rule(
    r"(?<![A-Za-z])(?i:password|passphrase|pwd|pw|psk|(?:wi-?fi|network|router|hotspot) (?:key|pass|"
    r"code))\b(?i: (?:on|for|of|to|in|at)\b[^\n.;:?]{2,40}?)"
    r"(?: (?:is|was)(?: now)?| ?[:=]) ?[\"“'`]?(?P<find>(?=[A-Za-z]{2,20}\d|\d{1,8}[A-Za-z])[A-Za-z0-9]{6,24}|"
    r"(?=[A-Za-z-]{4,40}[0-9])[A-Za-z]{3,12}(?:-[A-Za-z0-9]{2,12}){1,6})(?![\w@%-]|[./:]\w)"
    r"|(?<![A-Za-z])(?i:password|passphrase|passcode|pwd|pw)\b[^\n.;?]{0,40}?(?: (?:is|was)(?: now)? |[:=] ?)[\"“'`]?"
    r"(?P<signed>(?=[a-z!#$%^*+~]{0,30}[A-Z])(?=[A-Z!#$%^*+~]{0,30}[a-z])[A-Za-z]{2,20}[!#$%^*+~][A-Za-z!#$%^*+~]{1,"
    r"20})"
    r"(?![\w])"
    r"|(?:[账帳][号號]|用户名?|后台)[:： ]?[A-Za-z][\w.-]{1,20} ?/ ?(?P<han>[A-Za-z0-9!@#$%^&*_.-]{5,30})(?![\w/])"
    r"|(?i:\blog-?ins?|\bcred(?:ential)?s?|\baccount)\b[^\n。；;:：]{0,16}[:：] ?[^\s/:]{3,40} ?/ ?"
    r"(?P<behind>(?=[a-z]{2,20}\d|\d{1,8}[a-z])[a-z0-9]{7,24})(?![\w/.-])"
)
"""A password of letters and digits, or letters and signs, behind what it is for."""
_PLAIN = rule(
    r"(?<![A-Za-z])(?i:password|passphrase|pw)(?i:(?: is| was)(?: now| still)?| ?[:=]) ?"
    rf"{_STOP}(?!(?i:weak|strong|long|short|simple|easy|hard|secure|safe|unsafe|fine|good|bad|okay|ready|mandatory|"
    rf"hidden|"
    r"secret|public|private|visible|gone|stale|null|true|false|string|text|case|about|too|very|still|just|currently|"
    r"not|no|yes|correct|never|broken|default|garbage|rubbish|strange|weird|login|username|email|password|admin|"
    r"user|error|failed|\w*(?:ed|ing|ive|able|ible|ly|ary|"
    r"ful|less|ent|ant|ous|ic))\b)"
    r"(?P<find>[A-Za-z][a-z]{4,19})(?=[.,;!)\n]|\Z)"
    r"|(?:密[码碼]|口令)(?:就?[是为為]|[:：]|叫)[ “「]?"
    rf"{_STOP}(?!(?i:null|none|true|false|string|password|text|error|invalid|expired|wrong|ok|md5|sha|rsa)(?![a-z]))"
    r"(?P<latin>[A-Za-z]{4,20})(?![A-Za-z0-9.@:/_+-])"
    r"|口令(?:就?[是为為]|[:：])[ “「]?(?![一-龥]{0,7}(?:什么|什麼|多少|错|錯|不|有误|请|請|无|無|过期|过|变|改|谁|哪))"
    r"(?P<han>[一-龥]{4,8})(?=[”」，。！,!;；\s]|\Z)"
)
"""A plain word that is given as the password, and nothing follows."""
LISTED = rule(
    r"(?i:\b(?:recovery|back-?up|scratch|rescue|emergency|2fa|mfa|bitlocker|filevault|unlock) (?:recovery )?"
    r"(?:codes?|keys?|tokens?)\b)"
    r"[^\n;。；]{0,200}|(?:恢[复復]|[备備]用|救援|应急|應急|找回|"
    r"[两兩]步[验驗][证證])(?:[用恢复復登录錄验驗证證的]{0,4})"
    r"(?:代?[码碼]|密[钥鑰])[^\n;；。]{0,120}"
)
"""What holds the codes that open an account whose owner lost the way in: each group in it is one."""
_ELSEWHERE = rule(
    r"(?i:\b(?:ticket|tracking|invoice|parcel|booking|reference|ref|(?<!in )(?:order|case))\b)|"
    r"[.!?] {1,2}(?=[A-Z][a-z])|[订訂运運工][单單]|[单單][号號]|快[递遞]"
)
"""What ends a list of codes: the next sentence, or a number of something else."""
_CODES = rule(
    r"(?<![A-Za-z0-9./_-])(?!(?:19|20)\d\d-\d\d?-)(?:(?=[A-Za-z-]{0,40}[0-9])(?=[0-9-]{0,60}[A-Za-z])"
    r"[A-Za-z0-9]{3,8}(?:-[A-Za-z0-9]{2,8}){1,9}|[0-9]{6}(?:-[0-9]{6}){3,7}|(?<!\d )(?<! to )(?:[0-9]{4}[ -][0-9]{4}|"
    r"[0-9]{6,10})|"
    r"(?=[A-Z]{0,12}[0-9])(?=[0-9]{0,12}[A-Z])[A-Z0-9]{8,16})(?![A-Za-z0-9_%]|[-./:][A-Za-z0-9]|[元位个個次天])"
)
TOLD = (
    _NUMBERED, _LATER, _OPENS, _BEFORE, _NUMBERED_ZH, _BEHIND_ZH, _WORD_ZH, _SEED, _ANSWER, _ANSWER_ZH, _JOINED_WORDS,
    _GROUPS, _PAIR, _QUOTED, _FURTHER, _PLAIN,
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


def listed(text: str) -> Iterator[Span]:
    """Where codes stand behind what calls them so."""
    end = 0
    while match := LISTED.search(text, end):
        start, end = match.span()
        if other := _ELSEWHERE.search(text, start, end):
            end = other.start()
        yield from (code.span() for code in _CODES.finditer(text, start, end))
