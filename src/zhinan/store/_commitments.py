"""What a sealed set was before anybody trained for it: its root in the audit, and the secret that hides its rows."""

from __future__ import annotations

import json
import secrets

from sqlalchemy import Connection, insert, select

from zhinan.store import _schema as schema
from zhinan.store import _versions
from zhinan.store._cipher import Cipher
from zhinan.store._json import canonical
from zhinan.store.rows import AuditRow, Commitment

__all__ = ["STORE", "commit", "every", "sealing_key", "secret_name"]

STORE = ""
"""In place of a product's name: the secret of the whole store."""

_ACTION = "commit"


def sealing_key(connection: Connection, product: str, cipher: Cipher) -> bytes:
    """The secret behind the codes of a product's rows and persons, drawn when it is first asked for."""
    table = schema.sealing_keys
    known = connection.scalar(select(table.c.secret).where(table.c.product == product))
    if known is None:
        known = cipher.seal_text(secrets.token_hex(32), secret_name(product))
        connection.execute(insert(table).values(product=product, secret=known))
    return bytes.fromhex(cipher.open_text(known, secret_name(product)))


def secret_name(product: str) -> str:
    """The name to which the encrypted secret of a product is bound."""
    return f"sealing key {product}"


def commit(connection: Connection, product: str, root: str, rows: int, contract: str, who: str) -> Commitment:
    """Puts a root on record, once for each contract; the first time counts."""
    for known in every(connection, product):
        if (known.root, known.rows, known.contract) == (root, rows, contract):
            return known
    why = canonical({"contract": contract, "root": root, "rows": rows})
    return _commitment(_versions.note(connection, product, _ACTION, 0, (who, why)))


def every(connection: Connection, product: str) -> tuple[Commitment, ...]:
    """All commitments of a product, oldest first."""
    return tuple(_commitment(row) for row in _versions.audit(connection, product) if row.action == _ACTION)


def _commitment(row: AuditRow) -> Commitment:
    said = json.loads(row.why)
    return Commitment(said["root"], said["rows"], said["contract"], row)
