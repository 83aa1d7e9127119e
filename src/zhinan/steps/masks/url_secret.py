"""Mask of secrets in addresses and in free text: keys of well-known services, tokens, passwords, logins in a DSN."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, around, spans

__all__ = ["url_secret"]

_KNOWN = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"  # AWS
    r"|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"  # GitHub, GitLab
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}"  # Slack
    r"|(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9]{16,}"  # Stripe
    r"|sk-(?:[a-z]+-){0,2}[A-Za-z0-9_-]{16,}|AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z_-]{20,}"
    r"|LTAI[A-Za-z0-9]{12,24}|AKID[A-Za-z0-9]{13,40}"  # Aliyun, Tencent
    r"|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{20,}|dop_v1_[a-f0-9]{32,}"
    r"|SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{8,}|shp(?:at|ss|ca)_[a-fA-F0-9]{32}|\d{8,10}:AA[A-Za-z0-9_-]{32,}"
    r"|eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?"  # JWT
    r")(?![A-Za-z0-9])"
)
_HOOK = re.compile(r"hooks\.slack\.com/services/(?P<find>T\w+/B\w+/\w+)", re.ASCII)
_HEADER = re.compile(r"(?i:\b(?:bearer|basic|token)) +(?P<find>(?=[A-Za-z._~+/-]*\d)[A-Za-z0-9._~+/-]{10,}={0,2})")
_NAME = (
    r"(?i:(?:x-)?api[ _-]?(?:key|token|secret)|(?:access|auth|refresh|id|session|bearer|bot|deploy|reset|"
    r"csrf)[ _-]?token|token|"
    r"(?:client|app|shared|consumer)?[ _-]?secret(?:[ _-]?(?:access)?[ _-]?key)?|(?:access|private|account|"
    r"storage|encryption|license|signing|session|deploy|master|service)[ _-]?key(?:[ _-]?(?:id|secret))?|"
    r"sig(?:nature)?|pass(?:word|wd|phrase|code)?|pwd|pw|(?:j|php)?session(?:_?id)?|sess|sid|auth|credentials?|"
    r"authorization)"
)
_ZH = r"(?:登录|登陆|支付|初始|临时|旧|新|账户|数据库|网银|邮箱|wifi|WiFi|Wi-Fi)?(?:密码|口令|密钥|令牌|秘钥)"
_VALUE = r"[A-Za-z0-9!#$%*+./:=?@^_`|~\\-]"
_QUERY = re.compile(rf"[?&;#](?:[\w-]{{1,40}}[_-])?{_NAME}=(?P<find>[!$%*+./:=?@^_`|~\\0-9A-Za-z-]{{3,}})", re.ASCII)
_ASSIGNED = re.compile(
    rf"(?<![A-Za-z])(?:\w{{1,30}}_)?{_NAME}[\"']?(?:\s?[=:是为]\s?| (?:is|was|are)[ :]{{1,2}}| )[\"'`]?"
    rf"(?P<find>{_VALUE}{{4,}})",
    re.ASCII,
)
_ASSIGNED_ZH = re.compile(rf"{_ZH}(?:还?是|改成了?|改为|设为|为|都是)?[ :=“\"']{{0,3}}(?P<find>{_VALUE}{{4,}})")
_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s:/@]{0,80}:(?P<find>(?![${<%])[^\s@/]{1,80})@")
_USER_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://(?P<find>(?=[^\s:/@]*[0-9])[A-Za-z0-9_.~-]{8,80})@")
_COMMAND = re.compile(
    r"\b(?:curl|wget|http)\b[^\n]{0,80}? (?:-u|--user)[ =][^\s:]{1,40}:(?P<find>[^\s'\"]{4,80})"
    r"|\b(?:mysql|mysqldump|mongo|mysqladmin)\b[^\n]{0,80}? -p(?P<typed>[^\s'\"-][^\s'\"]{3,80})"
)
_LINK = re.compile(r"[?&;#](?:key|sign|refresh|k|t|hash|ticket|secret|jwt)=(?P<find>[A-Za-z0-9_.~%+-]{10,})")
_HEX = re.compile(r"(?<![A-Za-z0-9_/-])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![A-Za-z0-9_])")
_SECRETIVE = re.compile(r"(?i)secret|webhook|token|key|signature|密钥|令牌|签名")
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_END = re.compile(r"[.:?|`]+\Z")
_MIXED = re.compile(
    r"(?=.*[0-9])(?=.*[A-Za-z!#$%*+@^_~-])|(?=.*[a-z].*[A-Z].*[A-Z])(?=.{10})|[0-9a-fA-F]{16}|"
    r"(?=.*[A-Za-z])(?=.*[!#$%*@^])"
)


@register(
    "mask", "url_secret", zh=("密钥", "令牌", "密码"), order=5,
    worth=r"(?i)key|token|secret|pass|pwd|pw[ :=]|sess|sid|sig|auth|cred|bearer|basic|://|[?&](?:sign|refresh|k|t|hash|ticket|jwt)=|webhook|签名|[A-Za-z]{2}[_.-][A-Za-z0-9_-]{10}"
    r"|curl|wget|mysql|mongo|A[KSBC]I[AD]|AIza|eyJ|LTAI|hooks\.slack|:AA|密|口令|令牌|秘钥",
)  # fmt: skip
def url_secret(text: str) -> list[Span]:
    """Finds keys, tokens and passwords, in addresses and beside their names. Choose it for logs and developers' texts.

    A word beside "password" or "token" is a secret only if it looks like one: it mixes digits, letters or signs.
    """
    found = [*spans(text, _KNOWN), *spans(text, _HOOK), *spans(text, _HEADER), *spans(text, _QUERY)]
    found += [*spans(text, _LINK), *spans(text, _USER_TOKEN), *spans(text, _HEX, _is_called_secret)]
    found += [match.span(match.lastgroup or 0) for match in _COMMAND.finditer(text)]
    for pattern in (_ASSIGNED, _ASSIGNED_ZH):
        for start, end in spans(text, pattern):
            value = _END.sub("", text[start:end])
            if _looks_secret(value, text[max(0, start - 16) : start]):
                found.append((start, start + len(value)))
    return [*found, *spans(text, _LOGIN), *spans(text, _KEY_BLOCK)]


def _looks_secret(value: str, before: str) -> bool:
    if len(value) < 4 or "://" in value:
        return False
    if _MIXED.match(value):
        return True
    numeric = bool(re.search(r"(?i)pass|pwd|密码|口令", before)) and value.isdigit()
    return numeric and 4 <= len(value) <= 12


def _is_called_secret(text: str, span: Span) -> bool:
    return around(text, span, _SECRETIVE, 24)
