"""The report of a build: a page each for whoever decides, builds and checks, and a model card, to show to anybody.

The report is one file: no script is needed to read it, nothing is loaded, and whatever the data contain is inert text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhinan.core import Words
from zhinan.evaluate.figures import NOTHING
from zhinan.evaluate.pages import clean, html, ours, part, policy_hash, templates
from zhinan.evaluate.report_lines import Code
from zhinan.evaluate.report_view import view
from zhinan.evaluate.wording import TEXTS

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["render"]

BREAKS = re.compile("[ \t\n\u2028\u2029]+")
MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&!$@^]|:(?=//)|(?<=www)\.|^[-+=]|(?<=\d)[.)](?=\s|$)")


def render(facts: Mapping[str, Any]) -> dict[str, bytes]:
    """The report and the card of one build.

    Args:
        facts: plain JSON types. `product`, `build` (the object that `zhinan build --json` prints) and `contract` (its
            text) are needed; whatever else is missing, None or empty is left out: `goal`, `version`, `created`,
            `zhinan`, `confidence`, `targets`, `should` (verdicts of lines that do not gate), `confusion`, `classes`,
            `numbers`, `errors`,
            `explanations`, `slices`, `weak_slices`, `curve`, `feasible`, `decisions`, `reliability`, `roc`,
            `pr`, `suspects`, `robustness`, `fairness`, `columns`, `findings`, `costs`, `environment`, `openings`,
            `commitment`, `override`, `series`, `diff`, `improved`, `next`, `audit`, `hashes` (contract, data, sealed,
            draft) and `licences`.
            Values, bounds, targets and gains are in base units (fractions, seconds, bytes), `costs.latency_ms` in
            milliseconds, `costs.money_per_1k` in `costs.currency`, `costs.energy_wh_per_1k` in Wh.

    Returns:
        File name → content: `report.html` and `card.md`, UTF-8, the same bytes for the same facts.
    """
    shown = view(clean(facts))
    style, script = part("report.css"), part("language.js") + part("report.js")
    page = templates(html).get_template("report.html.j2")
    whole = page.render(
        shown, style=style, script=script, style_hash=policy_hash(style), script_hash=policy_hash(script)
    )
    halves = [
        templates(say).get_template("card.md.j2").render(shown, code=_code_span, cell=_code_cell, md=_escaped)
        for say in (_english, _chinese)
    ]
    card = "\n\n---\n\n".join(re.sub(r"\n{3,}", "\n\n", half).strip() for half in halves) + "\n"
    return {"report.html": whole.encode(), "card.md": card.encode()}


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
    return ours(TEXTS[key][language].format(**marked))


def _line(value: object) -> str:
    """Text on one line; a dash for nothing."""
    return NOTHING if value is None else BREAKS.sub(" ", str(value)).strip()


def _escaped(value: object) -> Markup:
    """Text as one line of Markdown that means nothing but itself."""
    line = _line(value)
    return ours(MARKDOWN.sub(lambda found: "\\" + found.group(0), line))


def _code_span(value: object) -> Markup:
    """Text as a Markdown code span, fenced by more backticks than it holds in a row."""
    line = _line(value)
    if not line:
        return ours("")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return ours(fence + pad + line + pad + fence)


def _code_cell(value: object) -> Markup:
    """A code span inside a table, where a bar would begin the next cell; plain text where a backslash forbids one."""
    if "\\" in str(value):
        return _escaped(value)
    return ours(str(_code_span(value)).replace("|", "\\|"))
