"""Secrets by what they look like and stand beside: a code of a keypad near what it opens, a value set or typed."""

from __future__ import annotations

from zhinan.core.rules import rule

__all__ = ["BESIDE", "BESIDE_WORTH"]

_UNIT = (
    r"(?! ?(?:%|°|(?i:digits?|characters?|chars|letters|min(?:ute)?s?|sec(?:ond)?s?|h(?:ou)?rs?|days?|weeks?|months?|"
    r"years?|times|people|words|[ap]\.?m|[gkm]b|[cmk]m|kgs?|lbs?|ml|kilo(?:gram|met(?:re|er))?s?|"
    r"met(?:re|er)s?|ton(?:ne)?s?|grams?|lit(?:re|er)s?|feet|ft|inch(?:es)?|watts?|volts?|k?w|kwh|v|hz|persons?|"
    r"visitors?|guests?|seats?|cars|spaces|(?:for|now) boarding|euros?|dollars?|pounds?|hkd|usd|eur|gbp|points?|"
    r"items?|pieces?|pcs|pages?|steps?|floors?|units?|miles?)\b|[位次分秒小个個天元块塊人年月日号號楼樓室种字条條米斤件蚊]))"
)
_STOP = rf"(?![\w#*%-]|[.,:/]\d| \d){_UNIT}"
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d))"
_DIGITS = rf"(?<![\w.,:/+$€£¥-]){_NO_YEAR}(?P<{{}}>\d{{{{4,8}}}}|\d{{{{3}}}}[ -]\d{{{{3}}}}){_STOP}"
_CODE = (
    rf"(?<![\w.,:/+$€£¥-])(?P<{{}}>{_NO_YEAR}\d{{{{4,8}}}}|\d{{{{3}}}}[ -]\d{{{{3}}}}|"
    r"[A-Z]\d{{2,6}}[A-Z]|[A-Z]\d{{3,6}}|\d{{2,6}}[A-Z]\d{{0,4}}|(?:[A-Z]\d){{2,4}}[A-Z]?|[#*]?\d{{3,8}}[#*]|\d{{1,4}}[#*]\d{{1,4}}[#*]?)"
    rf"{_STOP}"
)
"""Digits, capitals among digits, or signs of a keypad among them."""
_MIXED = (
    r"(?<![\w.@/:=+-])(?!(?i:https?|www|version|windows|office|iphone|ipad|galaxy|room|page|step|level|option|usb|hdmi|"
    r"mp|covid|wpa)[-_ ]?\d)(?=[^\s\d]{{0,30}}\d)(?=[^\sA-Za-z]{{0,30}}[A-Za-z])"
    r"(?P<{}>[A-Za-z][A-Za-z0-9_!#$%^&*+~-]{{5,30}}[?!]?)"
    r"(?<![-])(?![\w@/-]|\.\w)"
)
_OPENS = (
    r"(?i:door|gate|alarm|lock|lockers?|lock ?box|key ?(?:safe|box)|safe|vault|garage|shed|barrier|bollards?|lift|"
    r"elevator|"
    r"lobby|entrance|entry|keypad|key ?pad|intercom|panel|padlock|cabinet|turnstile|building|stairwell|store ?room|"
    r"car ?park|bike store|bin store|gym|pool|wash ?rooms?|toilets?|rest ?rooms?|till|fridge)"
)
_BE = r"(?:['’]s| is| was|:| =| -)(?: now| still| currently)?"
_AT_PLACE = rule(
    rf"(?<![A-Za-z])(?!(?i:gate){_BE} [A-Z]\d\d?[A-Z]?\b)"
    rf"{_OPENS}(?: (?i:codes?|pins?|numbers?|no\.?|override|combo))?{_BE} {_CODE.format('find')}"
    r"|(?<![A-Za-z])(?i:alarm|door|gate|safe)(?:['’]s| is) (?P<year>(?:19|20)\d\d)(?=,? (?i:and|then|followed|"
    r"enter|hash))"
    r"|(?<![A-Za-z])(?i:override|duress|master|manager(?:['’]s)?|supervisor|staff|engineer) "
    rf"(?i:override|code|pin|number|key)(?:['’]s| is| was|:) {_CODE.format('role')}"
)
"""What opens what was just named."""
_NO_CODE = "".join(
    rf"(?<!{word} )"
    for word in (
        "TOEFL", "IELTS", "UCAS", "school", "centre", "college", "ICD", "promo", "discount", "coupon", "zip",
        "postal", "area", "country", "error", "fault", "product", "item", "order",
        "part", "bar", "qr", "QR", "colour", "color", "dress", "source", "tax", "sort", "bank", "branch", "HS", "class",
        "currency", "course", "cost", "billing", "booking", "tracking", "status", "exit", "return", "response", "model",
    )
)  # fmt: skip
_NOUN = rf"{_NO_CODE}(?i:(?:key ?)?codes?|pins?|passcodes?|otp|combinations?|combo)"
_SET = rule(
    rf"(?<![A-Za-z]){_NOUN}[^\n.;\d]{{0,24}} (?i:(?:been |was |is |got |just )*(?:changed|reset|updated|set|moved|"
    rf"switched)"
    rf"(?: [a-z]+)?(?: from \S{{3,10}})?) to {_CODE.format('find')}"
    r"|(?<![A-Za-z])(?i:or|with|us(?:e|ing)|enter(?:ed|ing)?|typ(?:e|ed|ing)|via|by|press|dial|needs?|try|tried|gave|give|"
    rf"wants?|takes?) (?i:the |a |an |my |our |this |your )?(?i:[a-z-]+ )?{_NOUN} {_CODE.format('used')}"
    rf"|(?<![A-Za-z]){_NOUN}[^\n.;]{{0,48}}?(?i:\b(?:new|old|other|second|current|right|correct|temporary|spare)"
    rf" (?:one|code|pin))(?:['’]s| is| was|:)? {_CODE.format('other')}"
    r"|(?i:(?:\b\d|six|four|five|eight)[- ]digits?)\b[^\n;]{0,40}? (?i:typed?(?: in)?|entered|put(?: in)?|tried|"
    r"used|keyed in)"
    rf" {_DIGITS.format('typed')}"
    r"|(?<![A-Za-z])(?i:enter|press|type|punch in|key in|tap|dial) "
    rf"{_CODE.format('pressed')}(?= (?i:on|at|into|in) (?i:the )?(?:[a-z]+ )?{_OPENS})"
)
"""A code that was changed, is used, replaces another, or was typed."""
_GROUPS = (
    r"(?=[A-Z0-9 -]{{0,40}}\d)(?!(?:19|20)\d\d-(?:19|20)?\d\d(?!\d))"
    r"(?P<{}>[A-Z0-9]{{4,6}}(?:-[A-Z0-9]{{2,6}}){{1,6}}|\d{{4}}(?: \d{{4}}){{2,4}})"
    r"(?![\w-]| \d)"
)
_WORTH_MONEY = rule(
    r"(?<![A-Za-z])(?i:redeem(?:ed)?|(?:e-?)?gift ?(?:card|voucher|certificate)|e-?vouchers?|vouchers?|store credit|"
    r"top-?up|licen[cs]e key|product key|serial key|activation (?:code|key))(?i: (?:code|number|no\.?|key))?"
    rf"(?:(?i: for| of| to)(?: [A-Za-z'’-]{{1,14}}){{1,4}})?(?: (?i:is|was)|[:,#])? {_GROUPS.format('find')}"
    rf"|(?:[礼禮]品?[卡券]|[储儲]值卡|代金券|[购購]物卡|点卡|"
    rf"充值卡)(?:的)?(?:卡?[号號密码碼]{{0,3}})[是为為係：: ]{{0,2}}{_GROUPS.format('zh')}"
)
"""What is worth money for whoever holds it."""
_WORDS = (
    r"(?!(?i:the|a|an|my|your|his|her|our|their|not|no|in|on|at|to|of|for|and|or|by|with|wrong|right|too|very|still|now|"
    r"required|needed|case|weak|strong|what|which|that|this|it|same|set|reset|changed|sent|expired|invalid|incorrect|"
    r"stolen|hacked|leaked|known|unknown|missing|lost|gone|longer|shorter|long|short|simple|secure|public|private|"
    r"blank|empty|broken|forgotten|hidden|fine|good|bad|funny|easy|hard|safe|correct|okay|different|better|stronger|"
    r"weaker|always|never|already|just|also|only|quite|pretty|written|stored|saved|blocked|locked|shared|somewhere|"
    r"something|nothing|there|here|where|when|how|who|if|because|from|about|under|all|both|one|some|more|less)\b)"
)
_LET_IN = rule(
    r"(?<![A-Za-z])(?i:unzip(?:s|ped)?|decrypts?|unlocks?|opens?|log(?:ged|s)? ?(?:in|on)|sign(?:ed)? in|"
    r"extract)(?: (?i:it|them|"
    r"this|the (?:file|zip|pdf|archive|folder)))? (?i:with|"
    r"using) [\"“'`]?(?P<find>(?=[a-z-]{2,60}\d)[a-z]{2,14}(?:-[a-z0-9]{2,14}){1,4})(?![\w@/-])"
    r"|(?<![A-Za-z])(?i:reset|changed|set|switched) (?i:it|them|that|yours|his|hers|mine|(?:the|my|your|his|her|our) "
    rf"(?:login|password|pw|passcode)|(?<=reset )(?:the|my|your|his|her|our) account)"
    rf" (?i:back )?(?i:to|as) [\"“'`]?{_MIXED.format('reset')}"
    rf"|(?i:\blog-?ins?|\bcred(?:ential)?s?|\baccounts?)\b[^\n]{{0,90}}[A-Za-z][\w.@-]{{1,30}} ?"
    rf"/ ?{_MIXED.format('pair')}"
    r"|(?<![A-Za-z])(?i:pass ?phrase|pass ?word|code ?word|safe ?word|watch ?word)"
    r"(?i: (?:to|for|on|at|with) [a-z' ]{3,40}?) (?i:is|was) [\"“'`]?"
    rf"(?P<phrase>{_WORDS}(?![a-z]{{3,}}(?:ed|ing|ive|able|ly)[.,;!?])"
    rf"[A-Za-z][a-z'’-]{{3,15}}(?: {_WORDS}[a-z'’-]{{2,15}}){{0,3}})(?=[.,;!?\"”'\n]|\Z)"
    r"|(?<![A-Za-z])(?i:my|her|his|our|their|the|old|new|current) (?i:pass ?word|pass ?phrase|pw|code ?word|"
    r"safe ?word) "
    rf"(?i:is|was) [\"“'`]?(?P<plain>{_WORDS}(?![a-z]+(?:ed|ing|ive|able|ly)\b)[a-z]{{5,15}})"
    r"(?=[\"”']? (?i:and|but|so|then|which) (?i:i|she|he|they|it|we|you|that)\b)"
    r"|(?i:\b(?:access|customer|member(?:ship)?|user|log-?in|security|registration) (?:numbers?|no\.?|id) for "
    r"(?:(?:the |my |our |your )?(?:phone|telephone|online|internet|mobile|e-?) ?banking)(?: is| was|"
    r":)) (?P<bank>\d{6,12})(?!\d)"
    r"|(?i:\b(?:use|try|it['’]s)) (?P<portal>(?=[A-Za-z]{4,20}\d)[A-Z][a-z]{3,19}\d{2,6}[!?#*]?)(?= (?i:to|"
    r"for) (?i:get in(?:to)?|"
    r"log(?:ging)? ?in|sign(?:ing)? in|access|unlock|open|the (?:portal|log-?in|wi-?fi)))"
)
"""A password that opens, was set, or is told in a sentence."""
_ZH_OPENS = (
    r"(?:[大前后後侧側边邊正]?[门門閘闸]口?|[单單]元[门門]|[车車][库庫]门?門?|[电電]梯|[锁鎖]|[柜櫃箱]|[门門]禁|[仓倉][库庫]|[库庫]房|机房|機房|大堂|入口|"
    r"洗手[间間]|[厕廁]所|更衣室)"
)
_ZH_SIGN = r"(?:[#*]\d{{3,8}}[#*]?|\d{{3,8}}[#*]|\d{{1,4}}[#*]\d{{1,4}}[#*]?)(?![\w#*-])"
_ZH = rule(
    rf"{_ZH_OPENS}[^\n。；;\d#*]{{{{0,10}}}}(?P<find>{_ZH_SIGN})".format()
    + rf"|密[码碼][改换換转轉变變设設](?P<set>\d{{4,8}})(?=了)|"
    rf"[锁鎖](?:[码碼是係为為：:]{{0,2}}) ?(?P<lock>\d{{3,6}})(?=[，,。；; ！!]|\Z){_UNIT}"
    r"|[码碼][，,]?[我他她你您客]?[户戶]?[就都]?(?:[报報说說念][了的]?|[填输輸][了的]|[发發][了的]|"
    r"[给給畀俾][了咗])(?P<told>\d{4,8}|\d{3} \d{3})(?![\d位])"
    rf"|(?:先|再|直接)?[按撳](?P<pressed>[#*]?\d{{4,8}}[#*]?)"
    r"(?![进進入就转轉]{1,2}(?:人工|[语語]音|客服|[主]?菜[单單]|服[务務]))(?=[进進入就]|[开開][门門])"
    r"|(?i:pin|otp)[码碼](?:[是係为為：: ]{0,2})(?P<pin>\d{4,8})(?!\d)"
    r"|(?:口令|密[码碼])[:： ]?(?!(?:[错錯]|[连連][续續]|[输輸]入|不|超|至少|最多|[长長]|必|修改|重[置设設]|提示|"
    r"[请請]|[有无無]效|位|[红紅]包|保[护護]|管理|[设設]置|登[录錄入]))"
    rf"(?![一-龥]{{0,7}}[是係为為叫填写寫像成认認码碼设設了始时時我你他她原旧舊新]"
    rf")(?P<mixed>[一-龥]{{2,8}}\d{{2,8}})(?=[，,。；;！!\s]|\Z)"
    r"|暗[号號](?:[是係为為：:]|就是){1,2} ?[“「]?(?!什|多|谁|誰|哪|"
    r"[一-龥]{1,8}(?:之[间間]|的(?:事|意思|[东東]西|方式|游[戏戲])))"
    r"(?P<word>[一-龥A-Za-z0-9]{2,12})(?=[”」]?(?"
    r":[，,。；;！!\s]|\Z))"
    r"|我?[答填写寫](?:的是|的(?!是)|了|是)(?P<answer>[一-龥A-Za-z]{2,8})(?=[，,][^\n。]{0,8}(?:密保|安全[问問][题題]))"
)
_SAID_SO = (
    r"(?i:all (?:caps|small|lower ?case)|capitals?|upper ?case|lower ?case|small|big)(?: [A-Za-z0-9'-]{1,14}){1,10}?"
)
_CALLED = rule(
    r"(?<![A-Za-z])(?i:chose|picked|set|used?|enter(?:ed)?|typed?|put|gives?|gave|has|got) "
    r"(?P<find>(?!(?:19|20)\d\d )\d{4,8}|(?=[^\s\d]{0,30}\d)(?=[^\sA-Za-z]{0,30}[A-Za-z])"
    r"[A-Za-z0-9][\w!#$%^&*+~-]{5,40}) "
    r"(?i:as (?:(?:the|my|our|his|her|their|your|an?) )?(?:[a-z-]+ )?"
    r"(?:codes?|pin|password|pass ?phrase|passcode|combination|key|token|secret))(?![A-Za-z])"
    r"|(?i:\b(?:session|remote|connect\w*|teamviewer|anydesk|meeting|webinar|log-?in|user|access|box|room|door|gate))\b"
    r"[^\n.;]{0,40}[,(] (?i:code|pin|pass ?code|password)(?i: is|:)? (?P<aside>\d{4,8}|\d{3} \d{3})(?![\w%-]|"
    r"[.,:/]\d| \d)"
    r"|(?i:\b(?:(?:confirm|verif|identif|authenticat|answer)[a-z]*\b[^\n.;]{0,20}? (?:with|using|by|saying)|quote) the "
    r"(?:words?|phrase|code ?words?)|\b(?:with|using|say(?:ing)?) the code ?words?) "
    r"(?P<words>(?!(?:and|that|which|to|in|on|for|of)\b)[a-z]{3,12}(?: [a-z]{3,12}){1,4}?)(?= (?i:when|to|if|as|"
    r"at|and)\b|[.,;!\n]|\Z)"
    rf"|(?<![A-Za-z])(?i:pass ?word|pass ?phrase|passcode|pw)(?i: is| was|:) (?P<said>{_SAID_SO})"
    r"(?= (?i:and|then|so|but) (?i:you|i|we|it|he|she|they|log|that)\b|[.,;!\n]|\Z)"
    r"|(?:密[码碼]|口令)(?:就?[是係为為]|[：:]) ?(?P<zh>(?!全?[大小][写寫](?:[和、]小[写寫])?"
    r"字母(?:[加和与與及、+]|或者?)?(?:[数數]字|符[号號]|特殊))"
    r"(?:全?[大小][写寫]的?)[一-龥A-Za-z0-9]{2,24})"
    r"(?=[，。,；;！!\s]|\Z)"
    r"|(?i:\b(?:snmp|community|shared|pre-?shared)(?: community)? (?:string|secret|key))(?i: is| was|:|=| to) ?"
    r"(?P<shared>(?=[^\s\d]{0,30}\d)[A-Za-z][\w!#$%^&*+~-]{5,40})"
    r"|(?:密[码碼]|[锁鎖])[^\n。；;\d-]{0,14}(?P<turns>\d{1,2}(?:-\d{1,2}){2,3})(?![\d-])"
)
"""A value that is called a code, or is spelt."""
_LEFT = rule(
    r"(?:[柜櫃箱][门門]?|[签簽]收|收[货貨]|核[销銷]|"
    r"[开開][门門])[码碼](?:[报報是係为為：: ]{0,2}) ?(?P<find>\d{4,8})(?![\d-]|[元位个個])"
    r"|(?:[验驗][证證]|[动動][态態])[码碼][嘛吗嗎呢是係就，, ]{0,3}(?P<said>[零〇一二三四五六七八九幺洞]{4,8})"
    r"(?![零〇一二三四五六七八九十百位])"
    rf"|(?<![A-Za-z]){_NO_CODE}(?i:codes?|pin) (?i:to|for|on) (?i:the |my |our |"
    rf"your )?(?i:[a-z]+ )?{_OPENS}:? {_CODE.format('door')}"
    rf"|(?i:\bwi-?fi|无线|無線)[: ]{{1,2}}(?![A-Za-z]+_)(?P<net>[A-Za-z]{{3,20}}-(?"
    rf"=[a-z0-9]*\d)[a-z0-9]{{2,8}})(?=[,.;\n]|\Z)"
)
"""Codes that stand right behind what they are for."""
BESIDE = (_LEFT, _CALLED, _AT_PLACE, _SET, _WORTH_MONEY, _LET_IN, _ZH)
"""Where such a secret stands: in the last group of a match that has a name."""
BESIDE_WORTH = (
    r"(?i:(?:reset|changed|set|switched) (?:it|them|that|the|your|his|her|mine|my|our))|[Uu]se [A-Z][a-z]{3,19}[0-9]|"
    r"(?i:session|remote|connect|community|the words?|the phrase)|"
    r"[大小][写寫]|(?i:override|barrier|redeem|voucher|decrypt|unzip|digit|phrase|banking|washroom|toilet|lift|till)|[按撳][#*]?[0-9]|"
    r"[码碼][，,]?[我他她你您客]?[户戶]?[报報填输輸发發给給畀俾]|[礼禮储儲购購充]|暗[号號]|密保|安全[问問]|[0-9][#*]|[#*][0-9]"
)
