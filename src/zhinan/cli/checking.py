"""What `zhinan check` prints: one screen, a row a must line, the findings by damage, and where the page is."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zhinan.cli import show
from zhinan.core import UserError

if TYPE_CHECKING:
    from zhinan.core import Words
    from zhinan.engine import Check, Need

__all__ = ["screen", "write_page"]

LINES = 40
"""Lines of a screen; what does not fit is on the page."""

LATEST = 6
"""Openings that are shown, the latest; `--json` tells all of them."""

_COLOUR = {3: "red", 2: "yellow", 1: "dim"}


def write_page(checked: Check, page: Path | None, folder: Path, encrypted: bool) -> str:
    """Writes the page where it was asked for, else into the store's folder, for its owner to read; gives its path.

    In the folder of an encrypted store it shows no values: only what is asked for goes into a file in plain text.

    Raises: UserError E318 where it cannot be written.
    """
    place = page or folder / f"{checked.product}-check.html"
    content = checked.page(time.strftime("%Y-%m-%d %H:%M"), values=page is not None or not encrypted)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if page is None:  # one that is there may be for others to read
            place.unlink(missing_ok=True)
        with open(place, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(content)
    except OSError as error:
        raise UserError("E318", str(place), reason=error.strerror) from error
    return str(place)


def screen(checked: Check, page: str, zh: bool) -> None:
    """At most LINES lines at 100 columns: the lines, the findings, what the build will use."""
    from rich.markup import escape
    from rich.table import Table

    from zhinan.cli.ledger import ledger

    heads = ("合同条款", "可证明吗", "现有", "至少需要") if zh else ("must", "provable?", "have", "need at least")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place > 1 else "left", no_wrap=place > 0)
    most = LINES // 3
    for need in checked.needs[:most]:
        table.add_row(escape(need.line), _provable(need, zh), _count(need.have), _count(need.need))
    out = show.console()
    out.print(table)
    if len(checked.needs) > most:
        more = len(checked.needs) - most
        out.print(f"另有 {more} 条，见页面" if zh else f"{more} more lines on the page", style="dim")
    latest = checked.ledger["openings"][-LATEST:]
    _findings(checked, LINES - min(len(checked.needs), most) - 10 - len(latest), zh)
    data = checked.data
    out.print(
        f"\n{data['rows']:,} rows: train {data['train']:,}, dev {data['dev']:,}, sealed {data['sealed']:,}"
        if not zh
        else f"\n{data['rows']:,} 行：训练 {data['train']:,}，开发 {data['dev']:,}，封存 {data['sealed']:,}"
    )
    ledger({**checked.ledger, "openings": latest}, zh)
    out.print(f"{'页面' if zh else 'page'}: {page}", soft_wrap=True, markup=False)


def _findings(checked: Check, room: int, zh: bool) -> None:
    """The findings as they fit: each in a line, the worst with an example and what is done about it."""
    out = show.console()
    if not checked.findings:
        return
    out.print()
    left = room - len(checked.findings[:room])
    for place, finding in enumerate(checked.findings[:room]):
        if place == room - 1 and len(checked.findings) > room:
            more = len(checked.findings) - place
            out.print(f"● 另有 {more} 项，见页面" if zh else f"● {more} more on the page", style="dim")
            break
        out.print(f"[{_COLOUR[finding.damage]}]●[/] ", end="")
        out.print(_said(finding.what, zh), markup=False, no_wrap=True, overflow="ellipsis")
        details = [*_shown(finding.examples), _done(finding.do, finding.overrule, zh)]
        for detail in details[-left:] if left > 0 else []:
            out.print(f"    {detail}", style="dim", markup=False, no_wrap=True, overflow="ellipsis")
            left -= 1


def _shown(examples: Sequence[str]) -> list[str]:
    """One line: the first row of several, which stands at a place; what are no rows side by side."""
    placed = any("  " in example for example in examples)
    return list(examples[:1]) if placed or not examples else [" · ".join(examples)]


def _done(do: Words, overrule: Words, zh: bool) -> str:
    other = _said(overrule, zh)
    return f"→ {_said(do, zh)}" + (f"{'。如需改变：' if zh else '. Otherwise: '}{other}" if other else "")


def _said(words: Words, zh: bool) -> str:
    return words.zh if zh else words.en


def _provable(need: Need, zh: bool) -> str:
    if need.on == "production":
        return "上线后判定" if zh else "judged in use"
    if need.have is None:
        return "构建时测量" if zh else "measured in the build"
    if need.provable is None:
        return "回答后才知道" if zh else "known once answered"
    if need.provable:
        return "[green]能[/]" if zh else "[green]yes[/]"
    return "[red]不能[/]" if zh else "[red]no[/]"


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
