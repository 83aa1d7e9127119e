"""Mask of secrets in addresses and in free text: keys of well-known services, tokens, passwords, logins in a DSN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._codes import LISTED, SHAPED, TOLD, listed, shaped
from zhinan.steps.masks._codes_answered import ANSWERED, ANSWERED_WORTH
from zhinan.steps.masks._codes_near import BESIDE, BESIDE_WORTH
from zhinan.steps.masks._codes_said import SAID
from zhinan.steps.masks._codes_shown import SHOWN, SHOWN_WORTH
from zhinan.steps.masks._codes_walked import NEAR, WALKED, WALKED_WORTH, beside
from zhinan.steps.masks._gates import Gate
from zhinan.steps.masks._spans import Span, around, merged, spans

__all__ = ["url_secret"]

_KNOWN = rule(
    r"(?:(?<![A-Za-z0-9])|(?<=/bot))(?:"
    r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"  # AWS
    r"|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|gl(?:pat|dt|ptt|rt|soat|cbt|ft|imt|agent)-"
    r"[A-Za-z0-9_-]{16,}"  # GitHub, GitLab
    r"|xox[abcdeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|xoxe\.xox[a-z]-[A-Za-z0-9-]{10,}"  # Slack
    r"|(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}"  # Stripe
    r"|sk-(?:[a-z]+-){0,2}[A-Za-z0-9_-]{16,}|AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z_-]{20,}|1//0[A-Za-z0-9_-]{16,}"
    r"|GOCSPX-[A-Za-z0-9_-]{16,}|ATATT[A-Za-z0-9_=-]{20,}|ATCTT[A-Za-z0-9_=-]{20,}"
    r"|LTAI[A-Za-z0-9]{12,24}|AKID[A-Za-z0-9]{13,40}|AKLT[A-Za-z0-9]{16,}"  # Aliyun, Tencent, Volcengine
    r"|EAA[A-Za-z0-9]{24,}|hv[sbr]\.[A-Za-z0-9_-]{16,}|dp\.(?:pt|st|ct|scim|audit)\.[A-Za-z0-9_.-]{16,}"
    r"|(?:npm|hf|gsk|xai|r8|nvapi|pul|dckr_pat|dop_v1|doo_v1|lin_api|rubygems|pscale_tkn|figd|ntn|shp(?:at|ss|ca|pa)|"
    r"sq0(?:atp|csp)|sntry[su]|glsa|tvly|fo1|nfp|vercel|ops|sbp|phc|phx|rnd|cfut|PMAK|NRAK|NRJS|pypi|tskey|"
    r"pat-[a-z]+\d|"
    r"key|AGE-SECRET-KEY|SK|secret|secret_token|token)"
    r"[_-](?=[A-Za-z_-]{0,80}\d)[A-Za-z0-9_-]{20,}"
    r"|SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{8,}|\d{8,10}:AA[A-Za-z0-9_-]{32,}|(?<=/bot)\d{8,10}:[A-Za-z0-9_-]{8,}"
    r"|eyJ[A-Za-z0-9_-]{6,1000}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?"  # JWT
    r")(?![A-Za-z0-9])"
)
_MADE_UP = rule(
    r"(?<![A-Za-z0-9./_-])(?:[a-z0-9]{1,12}[_-]){0,3}(?:tok(?:en)?|pat|key|sec(?:ret)?|sk|api|auth|live|test|prod|"
    r"priv)"
    r"(?:[_-][a-z0-9]{1,12}){0,2}[_-](?P<word>[A-Za-z0-9]{14,})(?![A-Za-z0-9_-]|\.[a-z])"
)
"""What calls itself a key before random letters, whoever gave it out."""
_HOOK = rule(r"(?a)hooks\.slack\.com/services/(?P<find>T\w+/B\w+/\w+)")
_HEADER = rule(
    r"(?i:\b(?:bearer|basic|token|apikey|negotiate))(?: +|\\? *[\"']? *)(?<=[ \"'])"
    r"(?P<find>(?=[A-Za-z._~+/-]*\d)[A-Za-z0-9._~+/-]{10,}={0,2}|[A-Za-z0-9+/]{12,}={1,2})"
)
_NAME = (
    r"(?i:(?:x-)?api[ _-]?(?:key|token|secret)|(?:access|auth|refresh|id|session|bearer|bot|deploy|reset|"
    r"csrf)[ _-]?token|token|"
    r"(?:client|app|shared|consumer)?[ _-]?secret(?:[ _-]?(?:access)?[ _-]?key)?|(?:access|private|account|"
    r"storage|encryption|license|signing|session|deploy|master|service)[ _-]?key(?:[ _-]?(?:id|secret))?|"
    r"sig(?:nature)?|pass(?:word|wd|phrase|code)?|pwd|pw|psk|pre[ -]?shared[ -]key|(?:j|php)?session(?:_?id)?|sess|"
    r"sid|auth|credentials?|"
    r"authorization)"
)
_ZH = (
    r"(?:登录|登陆|支付|初始|临时|旧|新|账户|数据库|网银|邮箱|wifi|WiFi|Wi-Fi)?"
    r"(?:密码|密碼|口令|密钥|密鑰|令牌|秘钥|私钥|金鑰|权杖)"
)
_BECOMES = (
    r"(?:已经?)?(?:更新|更换|重置|设置|变更|修改|更改|改|设|換|换|填|写|用|配)(?:的?(?:成了?|为|是|了))|"
    r"[还就都]?是|为|為|叫|设"
)
_VALUE = r"[A-Za-z0-9!#$%*+./:=?@^_`|~\\-]"
_SIGN = r"[!#$%*+@^_~-]"
_NO_FIELD = r"(?![A-Za-z][\w.-]*=[^=\s\"'&]|(?:19|20)\d\d-(?:19|20)\d\d(?!\d))"
_QUERY = rule(rf"(?a)[?&;#](?:[\w-]{{1,40}}[_-])?{_NAME}=(?P<find>[!$%*+./:=?@^_`|~\\0-9A-Za-z-]{{3,}})")
_SAID = (
    r"[\"'’]?(?:\s?(?:[=:是为]|=>|->|→)\s?| (?:is|was|are|becomes)(?: now)?[ :]{1,2}| (?:-|–|—) |['’]s (?:now )?|"
    r" (?:changed |reset |set |updated |rotated )?(?:from|to) | )[\"'`]?"
)
_ASSIGNED = rule(
    rf"(?a)(?<![A-Za-z])(?:\w{{1,30}}_)?{_NAME}{_SAID}(?P<find>{_NO_FIELD}(?:{_VALUE}|&(?![\w-]+=)|"
    rf"(?<=\w),(?=\w)){{4,}})",
)
_GLUED = rule(
    rf"(?a)(?i:(?<=[A-Za-z0-9_-])(?:key|token|secret|passw(?:or)?d|pwd|pass)|(?<![A-Za-z])(?:key|cookie|"
    rf"access[ _-]?code))"
    rf"{_SAID}(?P<find>{_NO_FIELD}{_VALUE}{{6,}})",
)
"""Any identifier that ends as a secret's name does: appsecret, SharedAccessKey, x-functions-key."""
_ASSIGNED_ZH = rule(
    rf"(?:{_ZH}(?:{_BECOMES})?|(?i:secret|token|key|psk) ?(?:{_BECOMES}))[ :=“\"'「]{{0,3}}(?P<find>(?!\d{{4}}年)"
    rf"{_VALUE}{{4,}})"
)
_CHANGED = rule(
    rf"(?i:password|passcode|passphrase|pwd|token|secret)\b[^\n;?]{{3,50}}? (?:to|with|->|"
    rf"→) [\"'`]?(?P<find>{_VALUE}{{6,}})"
)
_ANYWHERE = rule(
    rf"(?i:password|passcode|passphrase|pwd)\b[^\n.;?]{{3,40}}?(?: (?:is|was)(?: now)? |: | ?\()[\"'`]?"
    rf"(?P<find>(?=[^\s\d]{{0,80}}\d)(?=[^\sA-Za-z]{{0,80}}[A-Za-z])(?=[A-Za-z0-9]{{0,80}}{_SIGN}[A-Za-z0-9]"
    rf"){_VALUE}{{8,}})"
)
"""What mixes letters, digits and signs, further behind the word."""
_PAIR = rule(
    rf"(?:(?<![A-Za-z])(?i:user(?:name)?|login|admin|account|id|u(?!p))|账号|帐号|账户|用户名?) ?(?:[/&+,、和及]|"
    rf"and)? ?(?:(?i:pass(?:word)?|pw|"
    rf"pwd|p)|密码)s?[ :=是为]{{1,3}}[\w.@-]{{2,30}} ?[/:,、| ] ?(?P<find>{_VALUE}{{4,}})"
    rf"|(?i:\b(?:creds?|credentials|logins?|log in with|ssh|ftp))(?: (?:is|are|with|as))?[ :=]{{1,2}}"
    rf"[A-Za-z][\w.-]{{1,30}}(?: ?/ ?|:)(?P<other>(?!/){_VALUE}{{6,}})"
)
_EXTRACT = rule(
    r"(?a)(?:提取码|提取密码|访问码|访问密码|分享码|解[压密]码|压缩码)(?:是|"
    r"为)?[ :]{0,2}(?P<find>(?=\d*[A-Za-z])[A-Za-z0-9]{4,8})(?!\w)",
)
_BOT = rule(r"(?i:token)\b[^\n]{0,16}?(?P<find>[0-9]{6,10}:[A-Za-z0-9_-]{10,60})(?![A-Za-z0-9_-])")
_LOGIN = rule(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s:/@]{0,80}:(?P<find>(?![${<%])[^\s@/]{1,80})@")
_USER_TOKEN = rule(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://(?P<find>(?=[^\s:/@]*[0-9])[A-Za-z0-9_.~-]{8,80})@")
_COMMAND = rule(
    r"\b(?:curl|wget|http)\b[^\n]{0,80}? (?:-u|--user)[ =][\"']?[^\s:]{1,40}:(?P<find>[^\s'\"]{4,80})"
    r"|(?<![A-Za-z0-9])(?:mysql|mysqldump|mongo|mysqladmin|mariadb|sshpass|7z[ar]?|rar|unrar)\b[^\n]{0,80}? -p ?"
    r"(?:'(?P<one>[^'\n]{4,80})'|\"(?P<two>[^\"\n]{4,80})\"|(?P<typed>(?![-'\"])[!-~]{4,80}))"
    r"|(?<![A-Za-z0-9])(?:redis-cli|PGPASSWORD)\b[^\n]{0,40}?(?: -a |=)[\"']?(?P<cache>[^\s'\"]{4,80})"
    r"|(?<![A-Za-z0-9])(?:un)?zip [^\n]{0,60}?-P ?[\"']?(?P<packed>[^\s'\"-][^\s'\"]{3,80})"
    r"|\b(?:docker|podman|helm|az|oc) login\b[^\n]{0,80}? -p[ =]?[\"']?(?P<docker>[^\s'\"-][^\s'\"]{3,80})"
    r"|\bhtpasswd (?:-\w+ ){0,3}[^\s-]\S{0,60} [^\s-]\S{0,40} (?P<web>[^\s'\"]{4,80})"
    r"|\bwpa_passphrase [\"']?[^\s\"']{1,40}[\"']? [\"']?(?P<air>[^\s'\"]{8,63})"
    r"|\b(?:smbclient|rpcclient|net rpc)\b[^\n]{0,60}? -U ?[\"']?[^\s%]{1,40}%(?P<share>[^\s'\"]{4,80})"
    r"|\becho [\"']?(?P<sudo>[^\s\"'|$]{4,60})[\"']? ?\| ?sudo -S\b"
    r"|(?i:identified by|with password) '(?P<sql>[^'\n]{4,60})'"
    r"|\bnet use\b[^\n]{0,80}? /user:\S{1,40} (?P<used>[^\s'\"/][^\s'\"]{3,60})"
)
_LINK = rule(r"[?&;#](?:key|sign|refresh|k|t|hash|ticket|secret|jwt)=(?P<find>[A-Za-z0-9_.~%+-]{10,})")
_URL = rule(r"(?i:https?|wss?|webcals?|ftps?|s3)://[A-Za-z0-9.-]+(?::\d+)?(?=[/?#])[!-~]+")
_FIELD = rule(r"[?&;#](?P<name>[\w.\[\]-]{1,40})=(?P<find>[A-Za-z0-9_.~%+/=-]{10,})")
_SEGMENT = rule(
    r"(?<=/)(?:[a-z]{2,12}[-_.](?=[A-Za-z0-9]*\d))?(?P<find>[A-Za-z0-9_~-]{12,})"
    r"(?![A-Za-z0-9_~-]|\.(?i:jpe?g|png|gif|webp|svg|css|js|html?|mp4|pdf|zip|gz|woff2?)\b)"
)
_FILED = rule(r"/(?:commits?|blobs?|tree|raw|archive|compare|manifests|layers|p|dp|gp|item|video|status)/\Z")
"""Behind these stands what everybody may see: a revision, a product, a film."""
_OPENS = rule(
    r"(?i)(?:[/.-](?:reset|confirm\w*|verif\w*|activat\w*|invit\w*|join|magic|login|sso|auth\w*|hooks?|webhooks?|"
    r"services|"
    r"ical|ics|feeds?|private|shared?|token|t|unsubscribe|sessions?|guest|accept|claim|sign\w*|calendar|bot|robot|"
    r"keys?|"
    r"secrets?|downloads?|dl|s|u|m|d|l|i|r|e|f|c|password|recover\w*|meet\w*|rooms?|signup|optin|unlock|approve|"
    r"j)[/?=-]"
    r"|\b(?:webhook|hook|magic|private|secret|reset|invite|share|sharing|login|signed|one-time|unsubscribe|calendar|"
    r"feed|capability|don['’]?t share)\b|重置|免登|登录|邀请|私密|机器人|订阅|分享|激活|验证|回调)"
)
_PUBLIC = rule(r"(?i)(?:utm_\w+|[a-z]*clid|v|vid|sku|spm|scm|q|query|ref|referrer|lang|page|filename?|img|image)\Z")
_UUID = rule(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_HEX = rule(r"(?<![A-Za-z0-9_/-])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![A-Za-z0-9_])")
_SECRETIVE = rule(r"(?i)secret|webhook|token|key|signature|pass(?:word|wd|phrase)|密钥|令牌|签名|密码|密碼|口令")
_KEY_BLOCK = rule(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)")
_END = rule(r"[.:?|`,]+\Z")
_MIXED = rule(
    r"(?=.*[0-9])(?=.*[A-Za-z!#$%*+@^_~-])|(?=[^a-z]*[a-z][^A-Z]*[A-Z][^A-Z]*[A-Z])(?=.{10})|[0-9a-fA-F]{16}|"
    r"(?=.*[A-Za-z])(?=.*(?:[#$%*@^]|[A-Za-z]![A-Za-z]))"
)
_BOTH = rule(r"(?=.*[0-9])(?=.*[A-Za-z])")
_PIECE = rule(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_NUMBERED = (_CHANGED, _ANYWHERE, _PAIR, _GLUED)
"""What a secret is only with digits and letters."""
_VALUES = (_ASSIGNED, _ASSIGNED_ZH, *_NUMBERED)
_SURE = (
    _KNOWN, _HOOK, _BOT, _HEADER, _QUERY, _LINK, _USER_TOKEN, _EXTRACT, _COMMAND, _LOGIN, _KEY_BLOCK, *TOLD, *SAID,
    *WALKED, *ANSWERED, *SHOWN, *BESIDE,
)  # fmt: skip
_LOOKED = {SHAPED: shaped, LISTED: listed, NEAR: beside}
_MAY = Gate((*_SURE, *_VALUES, _HEX, _MADE_UP, *_LOOKED))


@register(
    "mask", "url_secret", zh=("密钥", "令牌", "密码"), order=5,
    called=("secret", "password", "token", "key", "api_key", "credential"),
    columns=("password", "passwd", "secret", "api key", "access token", "auth token", "密码", "口令", "密钥"),
    least=("either", 1),
    worth=r"(?i)key|token|secret|pass|pwd|pw[ :=]|sess|sid|sig|auth|cred|bearer|basic|cookie|login|access.code|"
    r"[?&#][A-Za-z0-9_.-]+=|://|webhook|签名|[A-Za-z]{2}[_.-][A-Za-z0-9_-]{10}"
    r"|curl|wget|mysql|mongo|maria|identified|redis|rar |7z|zip|docker|podman|net use|sudo -S|smbclient|psk|shared|"
    r"wpa_|解[压密]码|"
    r"恢[复復]|[备備]用|救援|[应應]急|bitlocker|filevault|scratch|rescue|emergency|[2m]fa|A[KSBC]I[AD]|AKLT|AIza|"
    r"eyJ|LTAI|EAA|AT[AC]TT|r8_|1//0|hooks\.slack|:AA|密|口令|令牌|"
    r"秘钥|私钥|金鑰|权杖|提取码|访问码|分享码|激活|pins?(?:[^a-z]|$)|(?:^|[^a-z])(?:otp|tan|cv[vc]2?|"
    r"puk[12]?)(?:[^a-z]|$)|"
    r"pair|passkey|alarm[^\n]*[0-9]|[热熱][点點]|配[对對]|one is|"
    r"pw[→是]|pasw|mnemonic|seed|phrase|security|use [0-9]{6} |memorable|recovery|challenge|banking|duress|maiden|"
    r"grow up on|"
    r"(?:favou?rite|first) (?:teacher|pet|school|car|concert)|born in what|"
    r"[3三]位| the (?:back|reverse)|(?:safe|code|alarm) (?:word|answer|place|name)|"
    r"(?:backup|wallet) words?|root|admin|sudo|ssh|ftp|vpn|wi-?fi|router|wpa|log-in|licen[cs]e|my code|"
    r"(?:code|comb|safe|lock|keypad|opens? with)[^\n]*(?:[0-9]|(?:zero|oh|one|two|three|four|five|six|seven|eight|"
    r"nine),? (?:zero|oh|one|two|three|four|five|six|seven|eight|nine))|[0-9] is (?:my|your|the|ur) |助[记記]|"
    r"恢复短语|"
    r"[安密保回][全保示提]{0,3}[问問][题題]|[验驗][签簽]|保[险險][柜櫃箱]|[账帳][号户號]|后台|路由|管理|登[录錄入]|"
    r"[码碼锁鎖屏][^\n]*[0-9零〇一二三四五六七八九幺洞]|" + WALKED_WORTH + "|" + ANSWERED_WORTH + "|"
    + SHOWN_WORTH + "|" + BESIDE_WORTH,
)  # fmt: skip
def url_secret(text: str) -> list[Span]:
    """Finds keys, tokens and passwords, in addresses and beside their names. Choose it for logs and developers' texts.

    A word beside "password" or "token" is a secret only if it looks like one: it mixes digits, letters or signs. A part
    of an address that nothing calls secret is one if it looks drawn by chance.
    """
    found = list(_in_urls(text)) if "://" in text or "=" in text else []
    for pattern in _MAY(text):
        if pattern in _LOOKED:
            found += _LOOKED[pattern](text)
        elif pattern is _HEX:
            found += spans(text, _HEX, _is_called_secret)
        elif pattern is _MADE_UP:
            found += [match.span() for match in _MADE_UP.finditer(text) if _drawn(match["word"])]
        elif pattern in _VALUES:
            found += _values(text, pattern)
        else:
            found += [match.span(match.lastgroup or 0) for match in pattern.finditer(text)]
    return merged(found)


def _values(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    """What is given as a secret's value and looks like one."""
    for match in pattern.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        value = _END.sub("", text[start:end])
        fits = _looks_secret(value, text[max(0, start - 16) : start])
        if fits and (pattern not in _NUMBERED or _BOTH.match(value)):
            yield start, start + len(value)


def _in_urls(text: str) -> Iterator[Span]:
    """Parts of addresses that open something for whoever holds them."""
    for field in _FIELD.finditer(text):
        if not _PUBLIC.match(field["name"]) and _drawn(_END.sub("", field["find"])):
            yield field.span("find")
    for url in _URL.finditer(text):
        start, end = url.span()
        query = text.find("?", start, end)
        for part in _SEGMENT.finditer(text, start, query if query > 0 else end):
            word = part["find"]
            if _FILED.search(text, start, part.start()):
                continue
            told = bool(_OPENS.search(text, max(0, start - 40), part.start()))
            if (told and (_drawn(word) or _UUID.match(word))) or (len(word) >= 20 and _drawn(word, 0.4)):
                yield part.span("find")


def _drawn(word: str, least: float = 0.25) -> bool:
    """Whether letters and digits look drawn by chance: they change between kinds more often than words do."""
    digits = sum(c.isdigit() for c in word)
    changes = len(_PIECE.findall(word)) - 1
    return 1 <= digits < len(word) - 1 and changes >= max(3, (least if digits > 1 else 0.4) * len(word))


def _looks_secret(value: str, before: str) -> bool:
    if len(value) < 4 or "://" in value:
        return False
    if _MIXED.match(value):
        return True
    numeric = bool(re.search(r"(?i)pass|pwd|密码|密碼|口令", before)) and value.isdigit()
    return numeric and 4 <= len(value) <= 12


def _is_called_secret(text: str, span: Span) -> bool:
    return around(text, span, _SECRETIVE, 24)
