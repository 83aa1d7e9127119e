"""Mask of internet addresses, version 4 and 6, but not versions of software, times or C++ names."""

from __future__ import annotations

import ipaddress
import re

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, around, spans

__all__ = ["ip"]

_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_POINT = r"(?:\.|\[\.\]|\(\.\)|\[dot\])"
_FOUR = rule(
    rf"(?a)(?<![\d.])(?:(?<!\d-)|(?<=\.\d-)|(?<=\.\d\d-)|(?<=\.\d\d\d-))(?:::ffff:|64:ff9b::)?"
    rf"(?:{_BYTE}{_POINT}){{3}}{_BYTE}(?!\d|\.\d|-[a-z0-9](?!\d{{0,2}}\.\d))",
)
_SIX = rule(
    r"(?<![0-9A-Za-z.])(?:(?<![0-9A-Za-z]:)|(?<=[Ii][Pp]:)|(?<=[Ii][Pp][Vv]6:))(?<!::)(?=[0-9A-Fa-f]{4}:|"
    r"(?:[0-9A-Fa-f]{1,4}:){7})[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])"
)
_VERSION = rule(
    r"(?i)(?:version|(?<![a-z])ver|roll(?:ed|ing)? ?back (?:to|from)|downgraded?|upgraded?|v\.|release|build|firmware|"
    r"driver|hotfix|clause|"
    r"update|upgrade|patch|section|chapter|chrome|android|ios|"
    r"(?<![A-Za-z])v)"
    r"(?:s|d|ed|d? (?:to|from|is|of|no))?[ ./:]{0,3}\Z"
    r"|(?:版本|固件|驱动|升级到|升级至|更新到|章节|内核|第|回退到|退回到?|降级到)[号为是 :]{0,3}\Z"
)
_OF_VERSION = rule(
    r"(?i)\s?(?:firmware|update|upgrade|release|build|patch|version|版本?|固件|驱动|更新|[节節条條章款版])"
)
_NOBODY = rule(
    r"(?:0|127|255)\.|(?:192\.168\.(?:0|1|2|3|8|10|11|15|16|18|31|50|68|86|88|100|123|178)\.1|192\.168\.[01]\.254|"
    r"10\.0\.[01]\.1|"
    r"10\.1\.1\.1)(?!\d)"
)
"""Addresses of no machine, of every machine itself, and those that routers come out of the box with."""
_NET = rule(r"/\d{1,2}(?!\d)")
_SMALL = rule(r"(?:1?\d|2[0-5])\.(?:1?\d|2[0-5])\.(?:\d{1,2}|10\d)\.")
"""Numbers as small as a version's: an address only where the text speaks of a network."""
_NETWORK = rule(
    r"(?i)(?<![a-z])ipv?[46s]?(?![a-z])|_ip|ip_|addr|\bhosts?\b|(?<![a-z])server|log(?:ged |-)?in|\bping|\bdns\b|"
    r"resolver|"
    r"subnet|gateway|"
    r"\broute|firewall|\bport\b|\bnode\b|\bvpn\b|\bssh\b|curl|connect|refused|time(?:d )?out|forwarded|whois|"
    r"traceroute|proxy|\bbann?ed|block|\barp\b|lease|\blan\b|://|@|服务器|伺服器|地址|位址|登录|登陆|登入|网关|"
    r"主机|主機|"
    r"节点|连接|連線|访问|封禁|拉黑|来源|来自|源|目标|内网|外网|公网|解析|代理|防火墙"
)


@register(
    "mask",
    "ip",
    zh=("IP地址", "IP"),
    called=("ip_address",),
    columns=("ip", "ip address", "ip地址"),
    order=50,
    worth=r"[0-9]\.[0-9]{1,3}\.[0-9]|[0-9][\[(]|[0-9A-Fa-f]:[0-9A-Fa-f:]",
)
def ip(text: str) -> list[Span]:
    """Finds IPv4 and IPv6 addresses. Choose it for logs, chats with technicians and access records.

    What a word before it calls a version stays, and so do networks (10.20.0.0/16) and addresses of no one: 0.*, 127.*,
    255.*, ::1 and those that routers come out of the box with (192.168.1.1).
    """
    four = spans(text, _FOUR)
    versions = {span for span in four if _is_version(text, span)}
    found = [span for span in four if span not in versions and _is_address(text, span, bool(versions))]
    return [*found, *spans(text, _SIX, _is_six)]


def _is_address(text: str, span: Span, beside_versions: bool) -> bool:
    """Whether four numbers are an address. Args: beside_versions: whether the text calls others like them versions."""
    if _NOBODY.match(text, span[0]) or _NET.match(text, span[1]):
        return False
    if _SMALL.match(text, span[0]) and not text.startswith("10.", span[0]):
        port = re.compile(r":\d{2,5}\b").match(text, span[1])
        alone = span == (0, len(text.rstrip()))  # a column of addresses
        return alone or bool(port) or around(text, span, _NETWORK, 40, 20)
    return not beside_versions or around(text, span, _NETWORK, 24)


def _is_version(text: str, span: Span) -> bool:
    return around(text, span, _VERSION, 24) or bool(_OF_VERSION.match(text, span[1]))


def _is_six(text: str, span: Span) -> bool:
    found = text[slice(*span)]
    try:
        ipaddress.IPv6Address(found)
    except ValueError:
        return False
    if re.fullmatch("(?:[0-9A-Fa-f]{2}:){7}[0-9A-Fa-f]{2}", found):  # an EUI-64
        return False
    return found.count(":") == 7 or found[0] in "23fF"
