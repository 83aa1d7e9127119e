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
    r"(?i)(?:version|ver|release|build|firmware|driver|update|upgrade|patch|section|chapter|chrome|android|ios|"
    r"(?<![A-Za-z])v)"
    r"(?:s|d|ed|d? (?:to|from|is|of|no))?[ ./:]{0,3}\Z"
    r"|(?:版本|固件|驱动|升级到|升级至|更新到|章节|内核|第)[号为是 :]{0,3}\Z"
)
_OF_VERSION = re.compile(r"(?i)\s?(?:firmware|update|upgrade|release|build|patch|version|版本?|固件|驱动|更新)")
_NOBODY = ("0.", "127.", "255.")


@register("mask", "ip", zh=("IP地址", "IP"), order=50, worth=r"[0-9]\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f:]")
def ip(text: str) -> list[Span]:
    """Finds IPv4 and IPv6 addresses. Choose it for logs, chats with technicians and access records.

    What a word before it calls a version stays, and so do addresses of no one (0.*, 127.*, 255.*, ::1).
    """
    return [*spans(text, _FOUR, _is_four), *spans(text, _SIX, _is_six)]


def _is_four(text: str, span: Span) -> bool:
    told = around(text, span, _VERSION, 24) or _OF_VERSION.match(text, span[1])
    return not text.startswith(_NOBODY, span[0]) and not told


def _is_six(text: str, span: Span) -> bool:
    found = text[slice(*span)]
    try:
        ipaddress.IPv6Address(found)
    except ValueError:
        return False
    return found.count(":") == 7 or found[0] in "23fF"
