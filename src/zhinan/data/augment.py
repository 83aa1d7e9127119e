"""Made-up variations of training rows (`train.augment`): the same answer to the same words, written less carefully.

A row gets one copy, varied in one of the kinds asked for; a row that none of them changes gets none. What becomes of
a row follows from its texts alone, drawn with other seeds than the disturbances that test a version.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from zhinan.core import Dataset
from zhinan.data.slips import SLIPS

__all__ = ["copies_facts", "made_up"]


def made_up(train: Dataset, kinds: Sequence[str]) -> Dataset | None:
    """The copies alone, with the answers of the rows they were made from; None when there are none.

    Args:
        train: rows that recipes learn from. kinds: of `SLIPS`, in any order.

    Returns:
        a dataset that is never split, checked or counted with the real rows; its fingerprint says what it holds.
    """
    names = [column.name for column in train.inputs if column.kind == "text"]
    rows = list(zip(*(train.values(name) for name in names), strict=True)) if kinds and names else []
    copies = [_varied(row, sorted(kinds)) for row in rows]
    changed = [place for place, (copy, row) in enumerate(zip(copies, rows, strict=True)) if copy != row]
    if not changed:
        return None
    texts = [pl.Series(name, [copies[at][i] for at in changed], pl.String) for i, name in enumerate(names)]
    digest = hashlib.sha256(train.fingerprint.encode())
    digest.update(json.dumps([copies[at] for at in changed], ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return replace(train, frame=train.frame[changed].with_columns(texts), fingerprint=digest.hexdigest())


def copies_facts(kinds: Sequence[str], copies: Dataset | None) -> dict[str, object] | None:
    """What the data card says of them: {"kinds", "rows"}; None when none were asked for."""
    return {"kinds": sorted(kinds), "rows": len(copies) if copies is not None else 0} if kinds else None


def _varied(row: tuple[str | None, ...], kinds: Sequence[str]) -> tuple[str | None, ...]:
    """A row's texts after one kind of slip, the first in an order drawn for this row that changes anything."""
    content = json.dumps(["augment", *row], ensure_ascii=False).encode("utf-8", "surrogatepass")
    draw = random.Random(int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big"))
    for kind in draw.sample(kinds, len(kinds)):
        copy = tuple(text and (SLIPS[kind](text, draw) or text) for text in row)
        if copy != row:
            return copy
    return row
