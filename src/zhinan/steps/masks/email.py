"""Mask of e-mail addresses, also glued to 汉字 on either side."""

from __future__ import annotations

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, merged, spans

__all__ = ["email"]

_LETTERS = "A-Za-z0-9À-ӿ"
_FILES = "png|jpe?g|gif|svg|webp|bmp|ico|pdf|css|js|json|html?|java|txt|zip|mp[34]"
_PATTERN = rule(
    rf"(?<![{_LETTERS}._%+'-])['.-]*(?P<find>[{_LETTERS}_%+][{_LETTERS}._%+'-]*(?:@|%40|&#64;|\s@\s)"
    rf"(?!\d+\.\d+\.)(?:[{_LETTERS}-]{{1,63}}\.)+(?!(?:{_FILES})(?![A-Za-z]))[A-Za-z]{{2,24}})(?![A-Za-z0-9])"
)
"""What stands before an address, such as a quotation mark, is none of it; O'Brien has one inside."""
_SHORN = r"(?:com|net|org|cn|co|io|de|uk|fr|edu|gov|info|me|hk|tw|jp|in|au|ca|example)(?:\.[a-z]{2})?"
_SPELT = rule(
    rf"(?<![{_LETTERS}._%+'-])"
    r"(?:[A-Za-z0-9_-]{1,30}(?: (?i:dot|under ?score|dash|hyphen) | ?(?:点|下划线) ?)){0,4}"
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}(?:"
    r" ?[\[({<] ?(?:at|AT|@) ?[\])}>] ?(?:[A-Za-z0-9-]{1,63}(?:\.| ?[\[({<] ?(?:dot|DOT|\.) ?[\])}>] ?|"
    r" dot ))+[A-Za-z]{2,10}"
    rf"| ?(?:at|AT|艾特|爱特) ?(?!(?:the|an?) )(?:[A-Za-z0-9-]{{1,63}} ?(?:dot|DOT|点) ?)+{_SHORN}"
    rf"|(?:#|艾特|爱特|@ ?)(?:[A-Za-z0-9-]{{1,63}}(?:\.|。|点|,))+{_SHORN}"
    rf"| @(?:gmail|qq|163|126|hotmail|outlook|yahoo|icloud|foxmail|sina|live|proton|protonmail|gmx|aol)\.{_SHORN})"
    r"(?![A-Za-z0-9])"
)
"""An address that is spelt so that no machine finds it, or typed by somebody in a hurry."""
_LOGIN = rule(r"://(?:[^\s/?@]{0,80}:)?[^\s/?@]{0,80}\Z")


@register(
    "mask",
    "email",
    zh=("邮箱", "电子邮箱", "邮件"),
    columns=("email", "e mail", "=mail", "email address", "mail address", "邮箱", "邮件地址", "邮箱地址"),
    order=10,
    small=True,
    worth=r"@|%40|&#64;|"
    r"[\[({<] ?[Aa][Tt] ?[\])}>]| (?:dot|DOT) (?:[a-z]+ )?(?:com|net|org|cn|co|io|de|uk|edu|example|COM)|"
    r"艾特|爱特|#[A-Za-z0-9-]+[.]",
)
def email(text: str) -> list[Span]:
    """Finds every e-mail address. Choose it whenever people write the text.

    A name of a file such as icon@2x.png, a version such as lodash@4.17.21 and a login in a URL stay.
    """
    return merged([*spans(text, _PATTERN, _is_no_login), *spans(text, _SPELT, _is_no_login)])


def _is_no_login(text: str, span: Span) -> bool:
    return not (_LOGIN.search(text[max(0, span[0] - 100) : span[0]]) or text.startswith("git@", span[0]))
