"""Finds the version a person means: a directory, an exported zip, @3, @live, @latest or NAME@3."""

from __future__ import annotations

import re
from pathlib import Path

from zhinan.core import UserError, Words, suggest
from zhinan.core.names import is_product
from zhinan.store import Store, VersionRow

__all__ = ["find_version", "number_of"]

_REFERENCE = re.compile(r"(?P<product>[^@/\\]*)@(?P<which>[0-9]+|live|latest)")


def find_version(reference: str, store: Store, product: str | None) -> Path:
    """The path of the version a reference names.

    Args:
        reference: as typed. product: meant when the reference names none.

    Raises:
        UserError: E310 for a reference that is none, E311 when there is no such version, E413 for a number unknown.
    """
    match = _REFERENCE.fullmatch(reference)
    if not match:
        path = Path(reference)
        if path.exists():
            return path
        raise UserError("E310", reference)
    name = match["product"] or product
    if name is not None and not is_product(name):
        raise UserError("E310", reference)
    return Path(_row(reference, match["which"], store, name).path)


def number_of(reference: str, store: Store, product: str) -> int:
    """The number a reference such as `@3`, `3` or `@latest` stands for.

    Raises:
        UserError: as `find_version`.
    """
    match = _REFERENCE.fullmatch(reference if "@" in reference else f"@{reference}")
    if not match:
        raise UserError("E310", reference)
    if match["product"] not in ("", product):
        raise UserError("E311", reference, reason=Words(f"the product is '{product}'", f"产品是“{product}”"))
    return _row(reference, match["which"], store, product).number


def _row(reference: str, which: str, store: Store, product: str | None) -> VersionRow:
    if product is None:
        names = store.products()
        if len(names) != 1:
            raise UserError("E311", reference, reason=_nameless(names))
        product = names[0]
    rows = store.versions(product)
    if not rows:
        known = store.products()
        raise UserError("E311", reference, reason=_none_of(product, known))
    if which == "latest":
        return rows[-1]
    if which == "live":
        live = store.stages(product).live
        if live is None:
            newest = rows[-1].number
            raise UserError(
                "E311",
                reference,
                reason=Words(f"none is live; @{newest} is ready", f"没有上线的版本；@{newest} 已就绪"),
            )
        return store.version(product, live)
    return store.version(product, int(which))


def _nameless(names: tuple[str, ...]) -> Words:
    shown = ", ".join(names) or "-"
    return Words(f"which product? the store has: {shown}", f"哪个产品？库中有：{shown}")


def _none_of(product: str, known: tuple[str, ...]) -> Words:
    near = suggest(product, known) if known else Words("build it first", "请先构建")
    return Words(f"'{product}' has no version yet; {near.en}", f"“{product}”还没有版本；{near.zh}")
