"""How `status` shows the lines that only use can judge: what people did, version beside version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

__all__ = ["measures"]


def measures(found: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """What people did on each version's answers, version beside version."""
    from zhinan.cli import show

    words = show.WORD if zh else {}
    rows = [
        (one["line"], f"@{v['version']}", words.get(v["verdict"], v["verdict"]), show.amount(one["line"], v["value"]),
         f"{v['n']:,}{(' 分钟' if zh else ' min') if v['live']['on'] == 'minutes' else ''}")
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
        _compared(one, zh)
        if not any(v["n"] for v in one["versions"]):
            click.echo(f"{one['line']}: {one['counts']['zh' if zh else 'en']}")


def _compared(one: Mapping[str, Any], zh: bool) -> None:
    """Whether people do otherwise with the live version than they did with the one before: advice, no proof."""
    found = one["compared"]
    if found is None:
        return
    apart, low, high = (_signed(one["line"], found[key], found["unit"]) for key in ("difference", "low", "high"))
    said = {True: ("better", "更好"), False: ("worse", "更差"), None: ("may be chance", "可能是偶然")}[found["better"]][
        zh
    ]
    if zh:
        click.echo(f"{one['line']}：@{found['version']} 与 @{found['with']} 相差 {apart}（{low} 至 {high}）：{said}")
        return
    click.echo(f"{one['line']}: @{found['version']} against @{found['with']} {apart} ({low} to {high}): {said}")


def _signed(line: str, difference: float, unit: str) -> str:
    from zhinan.cli import show

    if unit == "share":
        return f"{difference * 100:+.1f} pt"
    return f"{'+' if difference >= 0 else '−'}{show.amount(line, abs(difference))}"
