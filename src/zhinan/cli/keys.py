"""`zhinan key`: makes secret keys, encrypts a store again with a new one, says what each is for, undoes stand-ins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhinan.cli.options import PRODUCT, Asked, Group, example, with_options
from zhinan.cli.progress import told

if TYPE_CHECKING:
    from zhinan.core import MaskSpec

__all__ = ["key", "key_new", "key_reveal", "key_rotate", "key_status"]


@click.group(cls=Group, epilog=example("zhinan key new --to ~/.zhinan.key"))
def key() -> None:
    """Secret keys: with one, everything in the store that came from people is encrypted."""


@key.command("new", epilog=example("zhinan key new --to ~/.zhinan.key"))
@click.option("--to", "path", type=click.Path(path_type=Path), required=True, help="A file that is not there yet.")
@with_options
def key_new(asked: Asked, path: Path) -> int:
    """Make a key in a file that only you can read. Keep a copy: without it nothing can be decrypted."""
    from zhinan.core.keys import write_new

    made = write_new(path)
    shown = {"key": made.id, "file": str(path)}
    asked.answer(shown, lambda: click.echo(f"{made.id}\nexport ZHINAN_KEY_FILE={path.resolve()}"))
    return 0


@key.command("rotate", epilog=example("zhinan key rotate --new"))
@PRODUCT
@click.option("--new", "fresh", is_flag=True, help="First put a new key on top of the key file.")
@click.option("--retire", "ends", is_flag=True, help="Afterwards refuse older keys that nothing needs any more.")
@with_options
def key_rotate(asked: Asked, product: Path, fresh: bool, ends: bool) -> int:
    """Encrypt the store again with the first key of the key file; killed in the middle, run it again."""
    from zhinan.core import UserError
    from zhinan.core.keys import FILE, find_key, put_first
    from zhinan.store import Store, retire, rotate

    find_key()
    if fresh and not os.environ.get(FILE):
        raise UserError("E426")
    place = asked.place(product)
    with Store(place):  # the keys it has so far open it: a new one is made only then
        made = put_first(Path(os.environ[FILE])) if fresh else None
    with Store(place) as store, told(asked.quiet, asked.zh) as tell:
        done = rotate(store, tell)
        retired = retire(store) if ends else ()
    shown = {"key": (made or find_key()).id, **done, "retired": list(retired)}
    said = (
        f"{done['rows']} 行、{done['files']} 个文件已用 {shown['key']} 重新加密"
        if asked.zh
        else f"{done['rows']} rows and {done['files']} files encrypted again with {shown['key']}"
    )
    asked.answer(shown, lambda: click.echo(said))
    return 0


@key.command("status", epilog=example("zhinan key status"))
@PRODUCT
@with_options
def key_status(asked: Asked, product: Path) -> int:
    """What of the store is encrypted with which key, and what is not encrypted."""
    from zhinan.cli import show
    from zhinan.store import Store
    from zhinan.store import key_status as look

    with Store(asked.place(product)) as store:
        found = look(store)

    def tell() -> None:
        state = ("in use", "older", "retired") if not asked.zh else ("在用", "旧", "已停用")
        rows = [
            (name, one["records"], ", ".join(one["masks"]), state[2 if one["retired"] else int(name != found.current)])
            for name, one in found.keys.items()
        ]
        none = "未加密" if asked.zh else "not encrypted"
        heads = ("密钥", "条数", "脱敏所用", "状态") if asked.zh else ("key", "records", "masks of", "state")
        show.rows(heads, [*rows, (none, found.plain, "", "")])

    asked.answer(found.as_dict(), tell)
    return 0


@key.command("reveal", epilog=example("zhinan key reveal phone 13748205516"))
@click.argument("mask")
@click.argument("standin")
@click.option("--contract", "product", type=click.Path(path_type=Path), default=Path("product.yaml"))
@with_options
def key_reveal(asked: Asked, mask: str, standin: str, product: Path) -> int:
    """What a stand-in of the mode pseudonym was made of; only the key that the product's masks are bound to tells.

    It prints what belongs to somebody: mind who looks on, and where the output is kept.
    """
    from zhinan.contract import load
    from zhinan.core import MaskSpec, UserError, find
    from zhinan.steps.mask import reveal
    from zhinan.store import Store

    contract = load(product)
    own = {spec.name: spec for spec in contract.data.mask}
    asked_for = mask if mask in own else find("mask", mask).name
    spec = own.get(asked_for, MaskSpec(asked_for, "pseudonym"))
    if spec.mode != "pseudonym":
        raise UserError("E157", contract.where.get(f"data.mask.{asked_for}", ""), mask=asked_for, mode=spec.mode)
    with Store(asked.place(contract.path)) as store:
        found = reveal(standin, asked_for, store.mask_key(contract.product, needed=True, keep=False))
    if not _hidden(found, spec):
        raise UserError("E158", mask=asked_for)
    if not asked.quiet:
        words = (
            "这是他人的个人信息：请留意旁人，以及终端与日志的留存"
            if asked.zh
            else "somebody's personal data: mind who looks on, and what terminals and logs keep"
        )
        click.secho(words, fg="yellow", err=True)
    asked.answer({"mask": asked_for, "found": found}, lambda: click.echo(found))
    return 0


def _hidden(text: str, spec: MaskSpec) -> bool:
    """Whether a mask hides all of a text, alone or announced by a name of the mask."""
    from zhinan.core import MaskSpec, entries
    from zhinan.steps.mask import armed, finds

    ready = armed([MaskSpec(spec.name, pattern=spec.pattern, pipeline=spec.pipeline)])
    facts = {} if spec.name not in entries("mask") else entries("mask")[spec.name].facts
    names = (spec.name.replace("_", " "), *facts.get("called", ()), *facts.get("zh", ()))
    for before in ("", *(f"{name.replace('_', ' ')}: " for name in names)):
        held = finds(before + text, ready)
        if any(start <= len(before) and end >= len(before + text) for (start, end), _ in held):
            return True
    return False
