"""How `status` shows the lines that only use can judge: what people did, version beside version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

__all__ = ["measures"]


def measures(found: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """What people did on each version's answers, version beside version; and what may be a slip in a name."""
    from zhinan.cli import show

    words = show.WORD if zh else {}
    rows = [
        (one["line"], f"@{v['version']}", words.get(v["verdict"], v["verdict"]), show.amount(one["line"], v["value"]),
         f"{v['n']:,}")
        for one in found
        for v in one["versions"]
        if v["n"]
    ]  # fmt: skip
    if rows:
        show.rows(
            ("线上判定", "版本", "结论", "测得", "用户") if zh else ("in use", "version", "verdict", "value", "people"),
            rows,
        )
    for one in found:
        if not any(v["n"] for v in one["versions"]):
            click.echo(f"{one['line']}: {one['counts']['zh' if zh else 'en']}")
        if not one["heard"] and one["others"]:
            names = ", ".join(one["others"][:5])
            click.echo(f"  {'未收到此类事件；收到的有' if zh else 'no such event came; these did'}: {names}")
