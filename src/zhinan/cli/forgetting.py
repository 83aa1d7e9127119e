"""`zhinan forget`: erases a person from a product and everything made of their rows, and gives a receipt."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from zhinan.cli.options import Asked, example, with_options
from zhinan.cli.progress import told

__all__ = ["forget"]

PENDING = 2
"""Exit code while a version that knew the person still answers."""


@click.command(epilog=example("zhinan forget product.yaml u-1042"))
@click.argument("names", nargs=-1, metavar="[PRODUCT] [PERSON]…")
@click.option("--from", "source", metavar="FILE", help="Persons, one a line; - for standard input.")
@click.option("--no-retrain", is_flag=True, help="Erase now; versions that answer wait for the next call.")
@click.option("--verify", "receipt", type=click.Path(path_type=Path), help="Whether a receipt is on record.")
@with_options
def forget(asked: Asked, names: tuple[str, ...], source: str | None, no_retrain: bool, receipt: Path | None) -> int:
    """Erase a person: rows, feedback, caches and the versions that knew them; exit 2 while one still answers."""
    from zhinan.contract import load
    from zhinan.improve.forgetting import forget as act
    from zhinan.improve.forgetting import retraining
    from zhinan.store import Store

    product, people = _product(names)
    people = [*people, *(_listed(source) if source else ())]
    if receipt is not None:
        return _verify(asked, product, receipt)
    contract = load(product)
    place = asked.place(contract.path)
    with Store(place) as store, told(asked.quiet, asked.zh) as tell:
        make = None if no_retrain else retraining(contract, store, place, progress=tell)
        receipts = act(contract, store, people, make)
    one = len(set(people)) == 1
    shown = receipts[0] if one else {"product": contract.product, "receipts": receipts}
    asked.answer(shown, partial(_tell, receipts, asked.zh))
    return PENDING if any(each["versions"]["pending"] for each in receipts) else 0


def _product(names: Sequence[str]) -> tuple[Path, list[str]]:
    """The product file, and the persons behind it; a person may be called like anything but a product file."""
    first = Path(names[0]) if names else Path()
    named = bool(names) and (
        (first.suffix in (".yaml", ".yml") and first.is_file()) or (first / "product.yaml").is_file()
    )
    return (first, [*names[1:]]) if named else (Path("product.yaml"), [*names])


def _listed(source: str) -> list[str]:
    """Persons of a file, one a line. Raises: UserError E100 when it cannot be read."""
    from zhinan.core import UserError

    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("E100", source) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _verify(asked: Asked, product: Path, path: Path) -> int:
    from zhinan.store import Store
    from zhinan.store.receipts import check_receipt

    with Store(asked.place(product)) as store:
        found = check_receipt(store, path)
    shown = {"ok": True, "product": found["product"], "person": found["person"], "at": found["at"]}
    said = "凭证与审计记录一致" if asked.zh else "the receipt is on record, and the audit is whole"
    asked.answer(shown, lambda: click.echo(said))
    return 0


def _tell(receipts: Sequence[Mapping[str, Any]], zh: bool) -> None:
    from zhinan.cli import show

    for each in receipts:
        versions, made = each["versions"], each["retrained"]
        rows = {
            ("person", "人"): each["person"],
            ("erased", "已删除"): ", ".join(f"{name} {n:,}" for name, n in each["erased"].items()),
            ("versions erased", "已删除版本"): _numbers(versions["deleted"]),
            ("still there", "仍在"): _numbers(versions["pending"]),
            ("retrained", "重新训练"): "–"
            if made is None
            else f"@{made['version']} {made['outcome']} {made['digest']}",
            ("receipt", "凭证"): each["path"],
        }
        show.facts({key[zh]: value for key, value in rows.items()})
        for held in each["files"]:
            lines = ", ".join(map(str, held["lines"]))
            click.echo(
                f"请自行删除 {held['file']} 的第 {lines} 行"
                if zh
                else f"for you to delete: {held['file']} lines {lines}"
            )
        if each["unread"]:
            said = "数据不在原处，未能查看" if zh else "the data are not there, so nobody looked into them"
            click.secho(f"{each['unread']['code']}  {said}: {each['unread']['where']}", fg="yellow")
        if each["error"]:
            click.secho(f"{each['error']['code']}  {each['error']['what']}", fg="yellow")
        if each["next"]:
            click.echo(each["next"])


def _numbers(versions: Sequence[int]) -> str:
    return ", ".join(f"@{number}" for number in versions) or "–"
