"""`zhinan lineage`: which rows a version learned from, was compared on and was proved on, down to file and line."""

from __future__ import annotations

import re
from pathlib import Path

import click

from zhinan.cli.options import Asked, example, with_options

__all__ = ["lineage"]

HEADS = (("row", "file", "line", "part", "why", "used"), ("行", "文件", "行号", "部分", "原因", "用途"))


@click.command(epilog=example("zhinan lineage @latest --file messages.csv:17"))
@click.argument("version")
@click.option("--contract", "product", type=click.Path(path_type=Path), default=Path("product.yaml"))
@click.option("--row", help="A row id, as reports and label queues show it.")
@click.option("--person", help="Whose rows.")
@click.option("--file", "place", metavar="FILE:LINE", help="A row by where it begins; 1 is the first line.")
@with_options
def lineage(asked: Asked, version: str, product: Path, row: str | None, person: str | None, place: str | None) -> int:
    """Which rows trained a version, which compared it and which proved it."""
    from zhinan.cli import show
    from zhinan.contract import load
    from zhinan.core import UserError, Words
    from zhinan.engine.lineage import lineage_of
    from zhinan.engine.versions import number_of
    from zhinan.store import Store

    if place is not None and not re.fullmatch(r".+:[1-9][0-9]*", place):
        what = Words(f"--file takes FILE:LINE, not '{place}'", f"--file 需要 FILE:LINE，不是“{place}”")
        raise UserError("E317", what=what, command="zhinan lineage")
    name = version.partition("@")[0] if "@" in version else ""
    name = name or load(product).product
    with Store(asked.place(product)) as store:
        found = lineage_of(store, name, number_of(version, store, name), row=row, person=person, place=place)
    told = found.as_dict()
    if row or person or place:
        told["rows"] = found.named()

    def tell() -> None:
        if "rows" in told:
            lines = [(r["row"], r["file"], r["line"], r["part"], r["reason"] or r["why"], ", ".join(r["uses"]))
                     for r in told["rows"]]  # fmt: skip
            show.rows(HEADS[asked.zh], lines)
        else:
            heads = ("部分", "原因", "行数") if asked.zh else ("part", "why", "rows")
            show.rows(heads, [(part, why, n) for part, by in told["counts"].items() for why, n in by.items()])

    asked.answer(told, tell)
    return 0
