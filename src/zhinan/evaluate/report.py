"""The report of a build: one page that says first what was proved, and a short card, to show a version to anybody.

The page is one file: no script is needed to read it, nothing is loaded, and whatever the data contain is inert text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from zhinan.evaluate.report_view import Code, view
from zhinan.evaluate.wording import TEXTS

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["render"]

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile("[ \t\n\u2028\u2029]+")
MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&!$@^]|:(?=//)|(?<=www)\.|^[-+=]|(?<=\d)[.)](?=\s|$)")


def render(facts: Mapping[str, Any]) -> dict[str, bytes]:
    """The report and the card of one build.

    Args:
        facts: plain JSON types. `product`, `build` (the object that `zhinan build --json` prints) and `contract` (its
            text) are needed; `goal`, `version`, `created`, `zhinan`, `confidence`, `targets`, `should` (verdicts of
            lines that do not gate), `confusion`, `classes`, `errors`, `columns`, `findings`, `costs`, `environment`,
            `licences` and `openings` are left out of the page where they are missing, None or empty. Values, bounds
            and targets are in base units (fractions, seconds, bytes), `costs.latency_ms` in milliseconds.

    Returns:
        File name → content: `report.html` and `card.md`, UTF-8, the same bytes for the same facts.
    """
    shown = view(_clean(facts))
    style, script = (_part(name) for name in ("report.css", "report.js"))
    page = _templates(_html).get_template("report.html.j2")
    card = _templates(_markdown).get_template("card.md.j2")
    html = page.render(shown, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script))
    text = card.render(shown, code=_code_span, cell=_code_cell, md=_escaped)
    return {"report.html": html.encode(), "card.md": (re.sub(r"\n{3,}", "\n\n", text).strip() + "\n").encode()}


@cache
def _templates(say: Callable[..., Markup]) -> Environment:
    """An environment that escapes everything; `t` writes a sentence of the table, `tt` both languages in one."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("zhinan.evaluate"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    found.globals.update(t=say, tt=_both, words=_words, heading=_heading)
    return found


def _html(key: str, **values: Any) -> Markup:
    """A sentence in both languages, of which the page shows one."""
    code, both = _ours("<code><bdi>{}</bdi></code>"), _ours('<span lang="en">{}</span><span lang="zh-CN">{}</span>')
    marked = {k: code.format(v) if isinstance(v, Code) else v for k, v in values.items()}
    en, zh = (_ours(text).format(**marked) for text in TEXTS[key])
    return en if en == zh else both.format(en, zh)


def _words(key: str, **values: Any) -> list[tuple[str, str]]:
    """A sentence as one text a language, for places where a span cannot stand."""
    return [(lang, text.format(**values)) for lang, text in zip(("en", "zh-CN"), TEXTS[key], strict=True)]


def _both(key: str, **values: Any) -> str:
    return " / ".join(dict.fromkeys(text for _, text in _words(key, **values)))


def _markdown(key: str, **values: Any) -> Markup:
    """A sentence in English, its values made inert."""
    marked = {k: _code_span(v) if isinstance(v, Code) else _escaped(v) for k, v in values.items()}
    return _ours(TEXTS[key].en.format(**marked))


def _heading(key: str) -> Markup:
    return _ours("{} · {}").format(*TEXTS[key])


def _escaped(value: object) -> Markup:
    """Text as one line of Markdown that means nothing but itself."""
    line = BREAKS.sub(" ", str(value)).strip()
    return _ours(MARKDOWN.sub(lambda found: "\\" + found.group(0), line))


def _code_span(value: object) -> Markup:
    """Text as a Markdown code span, fenced by more backticks than it holds in a row."""
    line = BREAKS.sub(" ", str(value)).strip()
    if not line:
        return _ours("")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return _ours(fence + pad + line + pad + fence)


def _code_cell(value: object) -> Markup:
    """A code span inside a table, where a bar would begin the next cell; plain text where a backslash forbids one."""
    if "\\" in str(value):
        return _escaped(value)
    return _ours(str(_code_span(value)).replace("|", "\\|"))


def _part(name: str) -> Markup:
    """Our own style or script, the only text of the page that is not escaped."""
    return _ours((files("zhinan.evaluate") / "templates" / name).read_text(encoding="utf-8"))


def _ours(text: str) -> Markup:
    """Text that is not escaped again: our own, or made inert just above."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _clean(value: Any) -> Any:
    """The facts without control characters and lone surrogates, which no UTF-8 page can hold."""
    if isinstance(value, str):
        return CONTROL.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {_clean(str(k)): _clean(v) for k, v in value.items()}
    if isinstance(value, Iterable):
        return [_clean(v) for v in value]
    return value
