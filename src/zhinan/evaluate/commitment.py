"""Commits to the sealed rows before training: one hash on record, from which nobody can guess a row.

Every row gets a code in place of its id, every person one in place of a name, copies of one example one together:
keyed hashes under a secret that stays in the store. The tree has a branch for rows, truths and those codes, and one for
each other column, so that a later contract can show another column under the same root. A column's branch is hashed
with a key of its own, which is shown only together with the column.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import weakref
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract
from zhinan.core import Dataset
from zhinan.core.account import by
from zhinan.evaluate.measure import label_of, words_of
from zhinan.proof import merkle_root
from zhinan.store import AuditRow, Store, person_code

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Committed", "commit", "leaf"]

_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_quoted = json.encoder.encode_basestring


@dataclass(frozen=True, eq=False)
class Committed:
    """A sealed part whose root is on record.

    Args:
        entry: the row of the audit that holds the root. codes: of the rows, in the order of the part.
        people: codes of whose rows, or copies of what, they are, None for neither. columns: name → root of its branch.
    """

    root: str
    entry: AuditRow
    codes: tuple[str, ...]
    people: tuple[str | None, ...]
    columns: Mapping[str, str]
    secret: bytes = field(repr=False)

    def key(self, column: str) -> str:
        """What has to be known to check a column's branch."""
        return _code(self.secret, "column", column)

    def as_dict(self) -> dict[str, Any]:
        """The object under "commitment" of the report."""
        at = datetime.fromtimestamp(self.entry.at, UTC).isoformat(timespec="seconds")
        return {"root": self.root, "rows": len(self.codes), "at": at, "audit": self.entry.hash}


def commit(
    contract: Contract, part: Dataset, store: Store, *, who: str = "build", earliest: bool = False
) -> Committed:  # fmt: skip
    """Puts the root of a sealed part on record, once a contract; choose it before anything is trained.

    Args: earliest: take the first commitment to the same root, whatever the contract, if there is one.

    Raises:
        ValueError: rows without a target.
    """
    secret = store.sealing_key(contract.product)
    made = _hashed(part, secret)
    known = [one for one in store.commitments(contract.product) if one.root == made.root] if earliest else []
    row = (known or [store.commit(contract.product, made.root, len(made.codes), contract=contract.hash, who=by(who))])[
        0
    ]
    return Committed(made.root, row.entry, made.codes, made.people, made.columns, secret)


@dataclass(frozen=True, eq=False)
class _Hashed:
    """The hashes of a part's rows, and what they are of: a build commits to them, and proves them at its end."""

    frame: weakref.ref[pl.DataFrame]
    asked: tuple[Any, ...]
    root: str
    codes: tuple[str, ...]
    people: tuple[str | None, ...]
    columns: Mapping[str, str]


_LAST: dict[int, _Hashed] = {}
"""By the frame's id, as long as it lives."""


def _hashed(part: Dataset, secret: bytes) -> _Hashed:
    """Raises: ValueError for rows without a target."""
    if part.target is None:
        raise ValueError("unlabeled data cannot be judged")
    asked = (part.target.name, part.person, secret)
    known = _LAST.get(id(part.frame))
    if known is not None and known.frame() is part.frame and known.asked == asked:
        return known
    codes, people = _codes(secret, part.values("_row")), _people(secret, part)
    truth = [label_of(value) for value in part.values(part.target.name)]
    order = sorted(range(len(codes)), key=codes.__getitem__)
    rows = merkle_root([leaf("row", codes[i], truth[i], people[i]) for i in order])
    columns, words = {}, words_of(part)
    for name in sorted(part.frame.columns):
        if name[0] != "_" and name != part.target.name:
            columns[name] = merkle_root(_cells(_code(secret, "column", name), codes, words[name].tolist(), order))
    branches = [leaf("rows", rows, len(codes)), *(leaf("column", name, root) for name, root in columns.items())]
    place = id(part.frame)
    frame = weakref.ref(part.frame, lambda _: _LAST.pop(place, None))
    made = _LAST[place] = _Hashed(frame, asked, merkle_root(branches), codes, people, columns)
    return made


def leaf(*content: Any) -> bytes:
    """One leaf as it is hashed: a JSON list, which can be written in one way only."""
    return _WRITTEN.encode(content).encode()


def _cells(key: str, codes: Sequence[str], words: Sequence[str], order: Sequence[int]) -> list[bytes]:
    """`leaf("cell", key, code, word)` of rows in an order; keys and codes are hexadecimal, only words need care."""
    before = f'["cell","{key}","'
    return [f'{before}{codes[i]}",{_quoted(words[i])}]'.encode() for i in order]


def _codes(secret: bytes, rows: Sequence[str]) -> tuple[str, ...]:
    """A code a row; rows of equal content are told apart by counting them."""
    seen: Counter[str] = Counter()
    codes = []
    for row in rows:
        seen[row] += 1
        codes.append(_code(secret, "row", row, str(seen[row])))
    return tuple(codes)


def _people(secret: bytes, part: Dataset) -> tuple[str | None, ...]:
    clusters = part.clusters() or [None] * len(part)
    return tuple(None if who in (None, "") else person_code(secret, str(who)) for who in clusters)


def _code(secret: bytes, *content: str) -> str:
    return hmac.new(secret, leaf(*content), hashlib.sha256).hexdigest()[:32]
