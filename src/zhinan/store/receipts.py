"""Receipts of a forgetting: a file that who asked may keep, and a hash of it in the audit that nobody can change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhinan.core import UserError, Words
from zhinan.core.account import by
from zhinan.store._failures import failure
from zhinan.store._files import write_whole
from zhinan.store._json import canonical, sha256
from zhinan.store.store import Store

__all__ = ["check_receipt", "keep_receipt"]

_ACTION = "forget"
_LARGEST = 16 << 20


def keep_receipt(store: Store, receipt: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
    """Puts a receipt's hash into the audit of its product, and the receipt with the hash of that entry into a file.

    Args: receipt: plain JSON with "product" and "person". Raises: UserError E404, E407 when it cannot be written.
    """
    product, person = str(receipt["product"]), str(receipt["person"])
    why = canonical({"person": person, "receipt": sha256(canonical(receipt))})
    entry = store.note(product, _ACTION, 0, who=by("forget"), why=why)
    signed = {**receipt, "audit": entry.hash}
    folder = store.blobs.folder.parent / "receipts"
    path = folder / f"{product}-{person[:12]}-{entry.seq}.json"
    content = json.dumps(signed, ensure_ascii=False, indent=1) + "\n"
    try:
        write_whole(path, (content.encode(),), folder)
    except OSError as error:
        raise failure(error, str(path)) or error from error
    return signed, path


def check_receipt(store: Store, path: Path) -> dict[str, Any]:
    """A receipt whose every word is on record in an audit that is whole.

    Raises: UserError E553 for what is no receipt, E554 for one that is not on record here.
    """
    try:
        with path.open("rb") as file:
            receipt = json.loads(file.read(_LARGEST))
        said = {key: value for key, value in receipt.items() if key != "audit"}
        product, hashed = str(receipt["product"]), sha256(canonical(said))
    except OSError as error:
        reason = error.strerror or "?"
        raise UserError("E553", str(path), reason=Words(reason, reason)) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UserError("E553", str(path), reason=Words("not its JSON", "不是其 JSON")) from error
    wanted = canonical({"person": str(receipt.get("person")), "receipt": hashed})
    known = [row for row in store.audit(product) if row.action == _ACTION and row.hash == receipt.get("audit")]
    if not known or known[0].why != wanted or not store.verify_audit(product):
        raise UserError("E554", str(path), product=product)
    return dict(receipt)
