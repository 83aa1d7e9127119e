"""The report of a build: a page each for whoever decides, builds and checks, and a model card, to show to anybody.

The report is one file: no script is needed to read it, nothing is loaded, and whatever the data contain is inert text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from zhinan.core import Words
from zhinan.evaluate.figures import NOTHING
from zhinan.evaluate.report_lines import Code
from zhinan.evaluate.report_view import view
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
            text) are needed; whatever else is missing, None or empty is left out: `goal`, `version`, `created`,
            `zhinan`, `confidence`, `targets`, `should` (verdicts of lines that do not gate), `confusion`, `classes`,
            `errors`, `explanations`, `slices`, `weak_slices`, `curve`, `feasible`, `decisions`, `reliability`, `roc`,
            `pr`, `suspects`, `robustness`, `fairness`, `columns`, `findings`, `costs`, `environment`, `openings`,
            `commitment`, `override`, `diff`, `next`, `audit`, `hashes` (contract, data, sealed, draft) and `licences`.
            Values, bounds, targets and gains are in base units (fractions, seconds, bytes), `costs.latency_ms` in
            milliseconds, `costs.money_per_1k` in `costs.currency`, `costs.energy_wh_per_1k` in Wh.

    Returns:
        File name → content: `report.html` and `card.md`, UTF-8, the same bytes for the same facts.
    """
    shown = view(_clean(facts))
    style, script = (_part(name) for name in ("report.css", "report.js"))
    page = _templates(_html).get_template("report.html.j2")
    html = page.render(shown, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script))
    halves = [
        _templates(say).get_template("card.md.j2").render(shown, code=_code_span, cell=_code_cell, md=_escaped)
        for say in (_english, _chinese)
    ]
    card = "\n\n---\n\n".join(re.sub(r"\n{3,}", "\n\n", half).strip() for half in halves) + "\n"
    return {"report.html": html.encode(), "card.md": card.encode()}


@cache
def _templates(say: Callable[..., Markup]) -> Environment:
    """An environment that escapes everything; `t` writes a sentence of the table, `tt` both languages in one."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("zhinan.evaluate"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    found.globals.update(t=say, tt=_both, words=_words)
    return found


def _html(key: str, **values: Any) -> Markup:
    """A sentence in both languages, of which the page shows one."""
    both = _ours('<span lang="en">{}</span><span lang="zh-CN">{}</span>')
    en, zh = (_ours(text).format(**{k: _inline(v, i) for k, v in values.items()}) for i, text in enumerate(TEXTS[key]))
    return en if en == zh else both.format(en, zh)


def _inline(value: Any, language: int) -> Any:
    if isinstance(value, Code):
        return _ours("<code><bdi>{}</bdi></code>").format(value)
    return _ours("<bdi>{}</bdi>").format((value.en, value.zh)[language]) if isinstance(value, Words) else value


def _words(key: str, **values: Any) -> list[tuple[str, str]]:
    """A sentence as one text a language, for places where a span cannot stand."""
    return [
        (lang, text.format(**{k: (v.en, v.zh)[i] if isinstance(v, Words) else v for k, v in values.items()}))
        for i, (lang, text) in enumerate(zip(("en", "zh-CN"), TEXTS[key], strict=True))
    ]


def _both(key: str, **values: Any) -> str:
    return " / ".join(dict.fromkeys(text for _, text in _words(key, **values)))


def _english(key: str, **values: Any) -> Markup:
    return _markdown(0, key, values)


def _chinese(key: str, **values: Any) -> Markup:
    return _markdown(1, key, values)


def _markdown(language: int, key: str, values: Mapping[str, Any]) -> Markup:
    """A sentence in one language, its values made inert."""
    marked = {}
    for name, value in values.items():
        said = (value.en, value.zh)[language] if isinstance(value, Words) else value
        marked[name] = _code_span(said) if isinstance(said, Code) else _escaped(said)
    return _ours(TEXTS[key][language].format(**marked))


def _line(value: object) -> str:
    """Text on one line; a dash for nothing."""
    return NOTHING if value is None else BREAKS.sub(" ", str(value)).strip()


def _escaped(value: object) -> Markup:
    """Text as one line of Markdown that means nothing but itself."""
    line = _line(value)
    return _ours(MARKDOWN.sub(lambda found: "\\" + found.group(0), line))


def _code_span(value: object) -> Markup:
    """Text as a Markdown code span, fenced by more backticks than it holds in a row."""
    line = _line(value)
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
