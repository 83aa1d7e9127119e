"""Mask of internet addresses, version 4 and 6, but not versions of software, times or C++ names."""

from __future__ import annotations

import ipaddress
import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, around, spans

__all__ = ["ip"]

_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_FOUR = re.compile(rf"(?<![\d.])(?<!\d-)(?:{_BYTE}\.){{3}}{_BYTE}(?!\d|\.\d|-[a-z0-9])", re.ASCII)
_SIX = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?<![0-9A-Za-z]:)|(?<=[Ii][Pp]:)|(?<=[Ii][Pp][Vv]6:))(?<!::)(?=[0-9A-Fa-f]{4}:|"
    r"(?:[0-9A-Fa-f]{1,4}:){7})[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])"
)
_VERSION = re.compile(
    r"(?i)(?:version|ver|roll(?:ed|ing)? ?back (?:to|from)|downgraded?|upgraded?|v\.|release|build|firmware|driver|"
    r"update|upgrade|patch|section|chapter|chrome|android|ios|"
    r"(?<![A-Za-z])v)"
    r"(?:s|d|ed|d? (?:to|from|is|of|no))?[ ./:]{0,3}\Z"
    r"|(?:版本|固件|驱动|升级到|升级至|更新到|章节|内核|第)[号为是 :]{0,3}\Z"
)
_OF_VERSION = re.compile(r"(?i)\s?(?:firmware|update|upgrade|release|build|patch|version|版本?|固件|驱动|更新)")
_NOBODY = re.compile(
    r"(?:0|127|255)\.|(?:192\.168\.(?:0|1|2|3|8|10|11|15|16|18|31|50|68|86|88|100|123|178)\.1|192\.168\.[01]\.254|"
    r"10\.0\.[01]\.1|"
    r"10\.1\.1\.1)(?!\d)"
)
"""Addresses of no machine, of every machine itself, and those that routers come out of the box with."""
_NET = re.compile(r"/\d{1,2}(?!\d)")
_IP = re.compile(r"(?i)(?<![a-z])ips?(?![a-z])|address|host|server|from|login|登录|登陆|来源|外网|公网|地址")


@register("mask", "ip", zh=("IP地址", "IP"), order=50, worth=r"[0-9]\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f:]")
def ip(text: str) -> list[Span]:
    """Finds IPv4 and IPv6 addresses. Choose it for logs, chats with technicians and access records.

    What a word before it calls a version stays, and so do networks (10.20.0.0/16) and addresses of no one: 0.*, 127.*,
    255.*, ::1 and those that routers come out of the box with (192.168.1.1).
    """
    return [*spans(text, _FOUR, _is_four), *spans(text, _SIX, _is_six)]


def _is_four(text: str, span: Span) -> bool:
    if _NOBODY.match(text, span[0]) or _NET.match(text, span[1]):
        return False
    return not (_is_version(text, span) or (not around(text, span, _IP, 24) and _others_are_versions(text)))


def _is_version(text: str, span: Span) -> bool:
    return around(text, span, _VERSION, 24) or bool(_OF_VERSION.match(text, span[1]))


def _others_are_versions(text: str) -> bool:
    """Whether another number of four parts in the text is called a version."""
    return any(_is_version(text, match.span()) for match in _FOUR.finditer(text))


def _is_six(text: str, span: Span) -> bool:
    found = text[slice(*span)]
    try:
        ipaddress.IPv6Address(found)
    except ValueError:
        return False
    return found.count(":") == 7 or found[0] in "23fF"
