"""`zhinan audit`: who did what to a product, when and why, in a chain that shows any change."""

from __future__ import annotations

import time
from pathlib import Path

import click

from zhinan.cli.options import PRODUCT, Asked, example, with_options

__all__ = ["audit"]

BROKEN = 1
"""Exit code when an entry was changed, added or removed."""


@click.command(epilog=example("zhinan audit --json"))
@PRODUCT
@with_options
def audit(asked: Asked, product: Path) -> int:
    """Who promoted, rolled back, erased or proved what, when and why; exit 1 when an entry was changed."""
    from zhinan.cli import show
    from zhinan.contract import load
    from zhinan.store import Store

    contract = load(product)
    with Store(asked.place(contract.path)) as store:
        rows, whole = store.audit(contract.product), store.verify_audit(contract.product)
    entries = [
        {
            "seq": row.seq, "at": row.at, "who": row.who, "action": row.action, "version": row.number or None,
            "why": row.why, "live": row.stages.live, "hash": row.hash,
        }
        for row in rows
    ]  # fmt: skip

    def tell() -> None:
        heads = (
            ("序号", "时间", "操作者", "操作", "版本", "理由") if asked.zh else ("#", "at", "who", "did", "to", "why")
        )
        lines = [
            (row.seq, time.strftime("%Y-%m-%d %H:%M", time.localtime(row.at)), row.who, row.action,
             f"@{row.number}" if row.number else "–", row.why)
            for row in rows
        ]  # fmt: skip
        show.rows(heads, lines)
        if not whole:
            words = "有记录被更改、添加或删除" if asked.zh else "an entry was changed, added or removed"
            click.secho(words, fg="red")
        elif rows:
            click.echo(f"{len(rows)} 条，完整：{rows[-1].hash}" if asked.zh else f"{len(rows)}, whole: {rows[-1].hash}")

    asked.answer({"product": contract.product, "whole": whole, "entries": entries}, tell)
    return 0 if whole else BROKEN
