"""Rows of forgotten persons that no version has seen: what was labelled, or waits to be, may name them all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import load
from zhinan.engine.taught import ORDER, names_of_shape
from zhinan.package import open_version
from zhinan.store import Forgotten, Store

__all__ = ["AWAY", "in_orders", "rows_named"]

AWAY = ("E100", "E142")
"""What data raise that were moved since, or never were files."""


def in_orders(contract: Contract, store: Store, gone: Forgotten) -> dict[str, str]:
    """Rows of theirs that no version need have seen, and whose they are: an order of rows to label may hold them."""
    if contract.data.person is None or store.last_run(contract.product, ORDER) is None:
        return {}
    try:
        loaded = load(replace(contract, forgotten=None))
    except UserError as error:
        if error.code not in AWAY:
            raise
        return {}  # without the data an order is ids alone
    found = dict[str, str]()
    for part in (loaded.dataset, loaded.test, loaded.pool):
        if part is not None and part.person:
            whose = {name: gone.who(str(name)) for name in {*part.values(part.person)} - {None}}
            rows = zip(part.values("_row"), part.values(part.person), strict=True)
            found |= {row: person for row, name in rows if (person := whose.get(name)) is not None}
    return found


def rows_named(store: Store, product: str) -> Callable[[Sequence[Mapping[str, Any]]], set[str]]:
    """Gives the rows that kept inputs are, in the columns that the product's versions read."""
    shapes = list[tuple[Mapping[str, Any], Mapping[str, Any]]]()
    for row in store.versions(product):
        try:
            manifest = open_version(row.path).manifest
        except UserError:  # it answers nobody any more, and status says so
            continue
        shape = manifest.inputs, manifest.notations
        shapes += [shape] if shape not in shapes else []

    def named(inputs: Sequence[Mapping[str, Any]]) -> set[str]:
        return {row for shape in shapes for row in names_of_shape(*shape, inputs)}

    return named
