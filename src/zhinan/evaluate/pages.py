"""What every page of ours is made with: templates that escape all, both languages, one style, no script needed."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from zhinan.core import Words
from zhinan.evaluate.report_lines import Code
from zhinan.evaluate.wording import TEXTS

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["clean", "html", "ours", "part", "policy_hash", "templates", "words"]

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@cache
def templates(say: Callable[..., Markup]) -> Environment:
    """An environment that escapes everything; `t` writes a sentence of the table, `tt` both languages in one."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from zhinan.evaluate.translated import Translated

    found = Environment(
        loader=PackageLoader("zhinan.evaluate"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    found.bytecode_cache = Translated(found)
    found.globals.update(t=say, tt=_both, words=words)
    return found


def html(key: str, **values: Any) -> Markup:
    """A sentence in both languages, of which the page shows one."""
    both = ours('<span lang="en">{}</span><span lang="zh-CN">{}</span>')
    en, zh = (ours(text).format(**{k: _inline(v, i) for k, v in values.items()}) for i, text in enumerate(TEXTS[key]))
    return en if en == zh else both.format(en, zh)


def _inline(value: Any, language: int) -> Any:
    if isinstance(value, Code):
        return ours("<code><bdi>{}</bdi></code>").format(value)
    return ours("<bdi>{}</bdi>").format((value.en, value.zh)[language]) if isinstance(value, Words) else value


def words(key: str, **values: Any) -> list[tuple[str, str]]:
    """A sentence as one text a language, for places where a span cannot stand."""
    return [
        (lang, text.format(**{k: (v.en, v.zh)[i] if isinstance(v, Words) else v for k, v in values.items()}))
        for i, (lang, text) in enumerate(zip(("en", "zh-CN"), TEXTS[key], strict=True))
    ]


def _both(key: str, **values: Any) -> str:
    return " / ".join(dict.fromkeys(text for _, text in words(key, **values)))


def part(name: str) -> Markup:
    """Our own style or script, the only text of a page that is not escaped."""
    return ours((files("zhinan.evaluate") / "templates" / name).read_text(encoding="utf-8"))


def ours(text: str) -> Markup:
    """Text that is not escaped again: our own, or made inert just before."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704


def policy_hash(content: str) -> str:
    """How a Content Security Policy names a style or script that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def clean(value: Any) -> Any:
    """Facts without control characters and lone surrogates, which no UTF-8 page can hold."""
    if isinstance(value, str):
        return CONTROL.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Words):
        return Words(clean(value.en), clean(value.zh))
    if isinstance(value, Mapping):
        return {clean(str(k)): clean(v) for k, v in value.items()}
    if isinstance(value, Iterable):
        return [clean(v) for v in value]
    return value
