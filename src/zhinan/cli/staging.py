"""The commands that change what is live: promote and rollback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import PRODUCT, Asked, example, with_options
from zhinan.core.account import by

if TYPE_CHECKING:
    from zhinan.contract import Contract
    from zhinan.store import Store

__all__ = ["kept_text", "promote", "rollback", "unasked_text"]

WHY = click.option("--why", default="by hand", show_default=True)


@click.command(epilog=example("zhinan promote product.yaml @2"))
@click.argument("names", nargs=-1, metavar="[PRODUCT] VERSION")
@WHY
@with_options
def promote(asked: Asked, names: tuple[str, ...], why: str) -> int:
    """Put a version live; the one before stays at hand for `rollback`."""
    from zhinan.contract import load
    from zhinan.core import UserError, Words
    from zhinan.engine.versions import number_of
    from zhinan.steps.remark import remark
    from zhinan.store import Store

    if not 1 <= len(names) <= 2:
        what = Words(
            "promote takes a VERSION, and a PRODUCT before it if need be", "promote 需要一个 VERSION，之前可写 PRODUCT"
        )
        raise UserError("E317", what=what, command="zhinan promote")
    contract = load(Path(names[0]) if len(names) == 2 else Path("product.yaml"))
    with Store(asked.place(contract.path)) as store:
        number = number_of(names[-1], store, contract.product)
        revision = store.stages(contract.product).revision
        _open(store, contract.product, number)
        store.promote(contract.product, number, revision=revision, who=by("command line"), why=remark(why))
        return _told(asked, store, contract, number)


@click.command(epilog=example("zhinan rollback"))
@PRODUCT
@click.option("--from", "leaving", metavar="VERSION", help="What is to be live now; needed to undo a rollback.")
@WHY
@with_options
def rollback(asked: Asked, product: Path, leaving: str | None, why: str) -> int:
    """Put the previous version live again."""
    from zhinan.contract import load
    from zhinan.engine.versions import number_of
    from zhinan.steps.remark import remark
    from zhinan.store import Store

    contract = load(product)
    with Store(asked.place(contract.path)) as store:
        number = None if leaving is None else number_of(leaving, store, contract.product)
        before = store.stages(contract.product)
        if before.previous is not None:
            _open(store, contract.product, before.previous)
        stages = store.rollback(
            contract.product,
            revision=before.revision,
            who=by("command line"),
            why=remark(why),
            leaving=number,
        )
        if not (asked.json or asked.quiet):
            click.echo(f"@{stages.previous} → @{stages.live}")
        return _told(asked, store, contract, stages.live or 0)


def _open(store: Store, product: str, number: int) -> None:
    """Looks at every hash and golden row: what cannot be opened never goes live. Raises: as `open_version`."""
    from zhinan.package import open_version

    open_version(store.version(product, number).path)


def _told(asked: Asked, store: Store, contract: Contract, number: int) -> int:
    """Says what is live now, and what there is to know of it; versions that waited for it to be are erased."""
    from zhinan.cli import show
    from zhinan.package.asked import Asked
    from zhinan.store.waiting import erase_waiting

    product = contract.product
    outcome = store.version(product, number).outcome
    if outcome != "PROVED":
        _warn(asked, f"the contract of @{number} is {outcome}", f"@{number} 的合同结论是 {outcome}")
    if lines := Asked.of(contract).unjudged(store, product, number):
        _warn(asked, unasked_text(lines, number, zh=False), unasked_text(lines, number, zh=True))
    _erased(asked, erase_waiting(store, product))
    stages = store.stages(product)
    shown = {"live": stages.live, "previous": stages.previous}
    heads = ("线上", "上一个") if asked.zh else ("live", "previous")
    versions = ["–" if v is None else f"@{v}" for v in shown.values()]
    asked.answer(shown, lambda: show.facts(dict(zip(heads, versions, strict=True))))
    return 0


def _erased(asked: Asked, versions: Sequence[int]) -> None:
    if versions:
        names = ", ".join(f"@{number}" for number in versions)
        _warn(
            asked,
            f"erased, as a forgotten person's rows are in it: {names}; zhinan forget writes the receipt",
            f"已删除含有被遗忘者数据的版本：{names}；zhinan forget 会写入凭证",
        )


def unasked_text(lines: Sequence[str], number: int, zh: bool) -> str:
    """That a version was proved for another contract."""
    named = ", ".join(lines)
    if zh:
        return f"@{number} 按另一份合同验证，未判定：{named}；请运行 zhinan prove @{number}"
    return f"@{number} was proved for another contract, not for {named}: zhinan prove @{number}"


def kept_text(found: Mapping[str, Any], zh: bool) -> str:
    """Where the product file and the live version differ in what is kept of people; empty where they do not."""
    if not found["differs"]:
        return ""
    keys, number, days = ", ".join(found["differs"]), found["version"], found["retention"] / 86_400
    inputs = found["keep_inputs"] == "masked"
    if zh:
        kept = f"输入{'脱敏后保存' if inputs else '不保存'}，记录保留 {days:.3g} 天"
        return f"{keys}：product.yaml 与线上的 @{number} 不同，以较严格者为准：{kept}"
    kept = f"inputs are {'kept, masked' if inputs else 'not kept'}, records for {days:.3g} days"
    return f"{keys}: product.yaml and the live @{number} differ, and the stricter holds: {kept}"


def _warn(asked: Asked, english: str, chinese: str) -> None:
    click.secho(chinese if asked.zh else english, fg="yellow", err=True)
