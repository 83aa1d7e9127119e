"""Mask of hardware addresses of network cards (MAC)."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, around, spans

__all__ = ["mac"]

_TWO = "[0-9A-Fa-f]{2}"
_PATTERN = re.compile(
    rf"(?:(?<![0-9A-Za-z])(?<![0-9A-Fa-f][:.-])|(?<=[Mm][Aa][Cc])|"
    rf"(?<=[Mm][Aa][Cc]:))(?:{_TWO}(?P<sign>[:-]){_TWO}(?:(?P=sign){_TWO}){{4}}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}|[0-9A-Fa-f]{12})(?![0-9A-Za-z]|[:-][0-9A-Fa-f])"
)
_WORDS = re.compile(
    r"(?i)(?<![a-z])mac(?![a-z])|hardware address|physical address|wi-?fi|ethernet|网卡|设备|交换机|网关|"
    r"路由|switch|router|"
    r"adapter|物理地址|硬件地址|mac地址"
)


@register(
    "mask", "mac", zh=("MAC地址", "MAC"), order=48,
    worth=r"[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.|[0-9A-Fa-f]{12}",
    grouped=True,
)  # fmt: skip
def mac(text: str) -> list[Span]:
    """Finds MAC addresses, with colons, hyphens or dots, and twelve bare hex digits that are called one.

    Choose it for device records and support of networks.
    """
    return spans(text, _PATTERN, _is_mac)


def _is_mac(text: str, span: Span) -> bool:
    found = text[slice(*span)]
    letters = any(c.isalpha() for c in found)
    if ":" in found or (letters and not found.isalnum()):
        return True
    return around(text, span, _WORDS, 24, 12)
