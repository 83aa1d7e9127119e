"""`zhinan label`: what would decide the contract soonest, one key each in a terminal, or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import Asked, example, with_options
from zhinan.cli.progress import told
from zhinan.core.account import account

if TYPE_CHECKING:
    from zhinan.engine.labelling import Desk
    from zhinan.engine.queues import Item

__all__ = ["label"]

KEYS = "123456789abcdefghijklmnoprstuvwxyz"
"""One a class, as far as they reach; q leaves."""

LEAVE: dict[str, str | None] = {"q": "quit", "\x03": "quit", "\x04": "quit", "-": "back", " ": None}
"""Keys that say nothing of the row."""


@click.command(epilog=example("zhinan label --by mei"))
@click.argument("product", type=click.Path(path_type=Path), default=Path("product.yaml"))
@click.option("--queue", "listed", is_flag=True, help="Print what is waiting instead of asking.")
@click.option("--only", type=click.Choice(["sealed", "new", "suspects", "train"]), help="Ask for one purpose alone.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="Take labels from a file.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Write the queue to a .csv file to fill in.")
@click.option("--by", "who", help="Who labels; default: the name you are logged in with.")
@click.option("--limit", type=click.IntRange(1), help="At most so many rows.")
@with_options
def label(
    asked: Asked,
    product: Path,
    listed: bool,
    only: str | None,
    source: Path | None,
    target: Path | None,
    who: str | None,
    limit: int | None,
) -> int:
    """Label the rows that would decide the contract soonest; every label may already prove an open line."""
    from zhinan.contract import load
    from zhinan.engine.labelling import Desk
    from zhinan.improve.audit import take_audit
    from zhinan.store import Store

    contract = load(product)
    name = who or account()
    with Store(asked.place(contract.path)) as store:
        with told(asked.quiet, asked.zh) as tell:
            tell("data", 0, 0)
            desk = Desk(contract, store, name)
        counts = {"new": 0, "changed": 0, "repeat": 0}
        if source is not None:
            counts = desk.take(source)
        waiting = [] if source is not None and not (listed or target) else desk.waiting(only)[:limit]
        if target is not None:
            desk.write(target, waiting)
        elif source is None and not listed and not asked.json:
            counts = _ask(asked, desk, waiting)
        result = {**desk.result(), "labelled": counts}
        if counts["new"] or counts["changed"]:
            take_audit(contract, store, desk.data())
        if listed:
            result["queue"] = [item.__dict__ for item in waiting]
    asked.answer(result, lambda: _show(asked, result, waiting if listed else [], target))
    return 0


def _show(asked: Asked, result: dict[str, Any], waiting: list[Item], target: Path | None) -> None:
    from zhinan.cli import show

    zh = asked.zh
    if target is not None:
        click.echo(target)
    if waiting:
        heads = ("用途", "输入", "现有标签") if zh else ("for", "inputs", "label now")
        show.rows(heads, [(item.queue, _inputs(item)[:100], item.given or "") for item in waiting])
    show.labels(result, zh)


def _inputs(item: Item) -> str:
    return " · ".join(str(value) for value in item.inputs.values() if value is not None)


def _ask(asked: Asked, desk: Desk, waiting: list[Item]) -> dict[str, int]:
    """One row after another until the queue is empty or q is pressed; each label is stored before the next is shown."""
    import sys

    from zhinan.core import UserError

    if not sys.stdin.isatty():
        raise UserError("E345")
    total = {"new": 0, "changed": 0, "repeat": 0}
    place = 0
    while 0 <= place < len(waiting):
        item = waiting[place]
        click.clear()
        click.secho(f"{place + 1}/{len(waiting)}  {item.queue}", dim=True)
        for name, value in item.inputs.items():
            if value is not None:
                click.echo(f"{click.style(name, dim=True)}  {value}")
        if item.given is not None:
            now, maybe = ("现有", "可能是") if asked.zh else ("now", "perhaps")
            given, suggested = (_told(desk, text) for text in (item.given, item.suggested))
            click.secho(f"{now}: {given}   {maybe}: {suggested}", fg="yellow")
        said = _several(asked, desk.classes, item.suggested) if desk.several else _choice(asked, desk.classes)
        if said == "quit":
            break
        if said == "back":
            place = max(place - 1, 0)
            continue
        if said is not None:
            for key, count in desk.say(item, said[0]).items():
                total[key] += count
        place += 1
    return total


def _told(desk: Desk, text: str | None) -> str | None:
    """A label, or several, as a person reads them."""
    from zhinan.engine.tagged import told as listed
    from zhinan.steps.values.lists import items_of

    return listed(items_of(text)) if desk.several and text is not None else text


def _several(asked: Asked, classes: tuple[str, ...], suggested: str | None) -> tuple[str] | str | None:
    """Any number of labels, one key each, as the data hold them; "quit", "back", or None to leave the row out."""
    from zhinan.engine.tagged import told as listed
    from zhinan.steps.values.lists import written_list

    if len(classes) > len(KEYS):
        return _typed_labels(asked, classes)
    for key, name in zip(KEYS, classes, strict=False):
        click.echo(f"  {click.style(key, bold=True)} {name}")
    helps = (
        ("按键选中或取消 · 回车 存储 · 0 没有标签", " · = 采用建议", " · 空格 跳过 · - 返回 · q 退出")
        if asked.zh
        else (
            "a key adds or removes · Enter stores · 0 none",
            " · = as suggested",
            " · space skips · - goes back · q leaves",
        )
    )
    click.secho("".join(part for part in helps if suggested is not None or "=" not in part), dim=True)
    chosen: set[str] = set()
    while True:
        key = _pressed()
        if key in LEAVE:
            return LEAVE[key]
        if key == "=" and suggested is not None:
            return (suggested,)
        if key == "0" or (key in "\r\n" and chosen):
            return (written_list(() if key == "0" else chosen),)
        if key in KEYS and KEYS.index(key) < len(classes):
            chosen ^= {classes[KEYS.index(key)]}
            click.echo(f"→ {listed(sorted(chosen))}")


def _pressed() -> str:
    """One key; the end of input leaves. Several characters at once, as an arrow sends them or a paste, are no key."""
    while len(key := click.getchar()) > 1:
        pass
    return key or "q"


def _typed_labels(asked: Asked, classes: tuple[str, ...]) -> tuple[str] | str | None:
    """With more labels than keys: their names, or beginnings that only one of them has, parted by |."""
    from zhinan.core import find
    from zhinan.steps.values.lists import written_list

    helps = "用 | 分隔 · [] 没有标签 · 空格 跳过 · - 返回 · q 退出"
    click.secho(helps if asked.zh else "a | b · [] for none · space skips · - goes back · q leaves", dim=True)
    right = find("task", "tag").target().right
    while True:
        text = click.prompt("标签" if asked.zh else "labels", default=" ", show_default=False)
        if text in LEAVE and text not in classes:
            return LEAVE[text]
        if (said := right(text, classes)) is not None:
            return (said,)
        found = [_meant(part.strip(), classes) for part in text.split("|")]
        if all(len(names) == 1 for names in found):
            return (written_list(name for (name,) in found),)
        unclear = next(names for names in found if len(names) != 1)
        click.echo("  ".join(unclear[:12]) or ", ".join(classes[:12]))


def _meant(text: str, classes: tuple[str, ...]) -> list[str]:
    """The classes that a text is the name of, or the beginning."""
    return [name for name in classes if name == text] or [name for name in classes if name.startswith(text)]


def _choice(asked: Asked, classes: tuple[str, ...]) -> tuple[str] | str | None:
    """A class, or a number, in a tuple; "quit", "back", or None to leave the row out."""
    if len(classes) <= len(KEYS):
        for key, name in zip(KEYS, classes, strict=False):
            click.echo(f"  {click.style(key, bold=True)} {name}")
    helps = "空格 跳过 · - 返回 · q 退出" if asked.zh else "space skips · - goes back · q leaves"
    click.secho(helps, dim=True)
    if not classes:
        return _number(asked)
    if len(classes) > len(KEYS):
        return _typed(asked, classes)
    while True:
        key = _pressed()
        if key in LEAVE:
            return LEAVE[key]
        if key in KEYS and KEYS.index(key) < len(classes):
            return (classes[KEYS.index(key)],)


def _number(asked: Asked) -> tuple[str] | str | None:
    """A number as it is typed; what is none is asked for again. A single minus goes back."""
    from zhinan.core import find

    right = find("task", "regress").target().right
    while True:
        text = click.prompt("数值" if asked.zh else "number", default=" ", show_default=False)
        if text in LEAVE:
            return LEAVE[text]
        if right(text, ()) is not None:
            return (text.strip(),)


def _typed(asked: Asked, classes: tuple[str, ...]) -> tuple[str] | str | None:
    """With more classes than keys: the beginning of a name, as far as it is the only one."""
    while True:
        text = click.prompt("标签" if asked.zh else "label", default=" ", show_default=False)
        if text in LEAVE:
            return LEAVE[text]
        found = _meant(text, classes)
        if len(found) == 1:
            return (found[0],)
        click.echo("  ".join(found[:12]) or ", ".join(classes[:12]))
