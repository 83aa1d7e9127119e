"""Writes docs/capabilities.md from the registry: what Zhinan can do, with options and facts. Run it by `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from zhinan.core import entries
from zhinan.core.registry import KINDS, Parameter, Registered

PAGE = Path(__file__).resolve().parents[1] / "docs" / "capabilities.md"
LONGEST_DEFAULT = 60
HEAD = """# What Zhinan can do

Written by `make docs` from the registry; `zhinan list` prints the same. Options are the keyword arguments of each
thing, with their defaults, and what a search may choose from.
"""
TITLES = {
    "task": "Tasks",
    "reader": "Readers",
    "encoder": "Encoders",
    "recipe": "Recipes",
    "metric": "Metrics",
    "mask": "Masks",
    "step": "Steps (a closed set)",
}


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for kind in KINDS:
        ours = [entry for entry in entries(kind).values() if entry.target.__module__.startswith("zhinan.")]
        parts += [f"## {TITLES[kind]}\n", _table(ours)]
    return "\n".join(parts)


def _table(found: list[Registered]) -> str:
    rows = ["| name | what it is and when to choose it | facts | options |", "|-|-|-|-|"]
    for entry in found:
        name = " · ".join([f"`{entry.name}`", *entry.facts.get("zh", ())])
        facts = [
            f"{key} {_shown(value)}"
            for key, value in entry.facts.items()
            if key not in ("zh", "worth", "column") and value not in (None, "")
        ]
        if entry.extra:
            facts.insert(0, f"needs `zhinan[{entry.extra}]`")
        options = [_option(parameter) for parameter in entry.parameters().values()]
        cells = (name, entry.summary, "; ".join(facts), "<br>".join(options))
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(rows) + "\n"


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _option(parameter: Parameter) -> str:
    space = f" in {parameter.search}" if parameter.search else ""
    default = repr(parameter.default)
    if len(default) > LONGEST_DEFAULT:
        default = f"{default[:1]}…{default[-1:]}"
    return f"`{parameter.name} = {default}`{space}"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE, file=sys.stderr)
