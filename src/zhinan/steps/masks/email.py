"""Mask of e-mail addresses, also glued to 汉字 on either side."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import replace

__all__ = ["email"]

_LETTERS = "A-Za-z0-9À-ӿ"
_FILES = "png|jpe?g|gif|svg|webp|bmp|ico|pdf|css|js|json|html?|py|java|txt|zip|mp[34]"
_PATTERN = re.compile(
    rf"(?<![{_LETTERS}._%+'-])[{_LETTERS}_%+][{_LETTERS}._%+'-]*\s?@\s?"
    rf"(?!\d+\.\d+\.)(?:[{_LETTERS}-]{{1,63}}\.)+(?!(?:{_FILES})(?![A-Za-z]))[A-Za-z]{{2,24}}(?![A-Za-z0-9])"
)


@register("mask", "email", zh=("邮箱",), order=10)
def email(text: str) -> str:
    """Replaces every e-mail address by [EMAIL]. Choose it whenever people write the text.

    A name of a file such as icon@2x.png and a version such as lodash@4.17.21 stay.
    """
    return replace(text, _PATTERN, "[EMAIL]") if "@" in text or "＠" in text else text
