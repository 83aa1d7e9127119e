"""The sealed set around a build: refused when spent before anything is trained, committed to, and told to people."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhinan.contract import Contract, parse
from zhinan.contract.diff import Change, compare
from zhinan.core import UserError
from zhinan.core.account import account, by
from zhinan.data import Split
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.commitment import Committed, commit
from zhinan.evaluate.in_use import with_in_use
from zhinan.evaluate.measure import is_cost
from zhinan.evaluate.opening import Override, Seal, covered
from zhinan.evaluate.sealed import Standing, parts, standing, table
from zhinan.steps.remark import remark
from zhinan.store import Store, change_verdicts, promote_first

__all__ = ["changes", "keep_proof", "kept_proof", "ledger_of", "override", "prepare", "proof_of"]


def override(reason: str) -> Override:
    """Leave to look at a spent sealed set, in the name of whoever is logged in.

    Raises:
        UserError: E324 without a reason, E433 for a long one.
    """
    if not reason.strip():
        raise UserError("E324", "--override-ledger")
    return Override(remark(reason), account(), time.time())


def prepare(
    contract: Contract, split: Split, store: Store, seal: Seal = "open", *, who: str = "build"
) -> Standing:  # fmt: skip
    """Before training: refuses a spent sealed set, and puts the root of the rows to be judged on record.

    A set that is spent is let through where the same data has been judged by these lines already: if the same draft
    comes out again, its verdicts are free.

    Args: seal: as for `certify`; an override is never refused. who: which command, for the audit.

    Raises:
        UserError: E030, E035 for a spent set, E323 for a plan of openings that was changed.
    """
    several = parts(split.sealed, store)
    stands = standing(contract, split.sealed, store)
    wanted = seal == "open" and not all(map(is_cost, contract.must))
    if stands.spent and wanted and not covered(contract, several, store, {"data": split.counts["fingerprint"]}):
        raise stands.spent
    for part in several:
        commit(contract, part.rows, store, who=who)
    return stands


def proof_of(contract: Contract, found: Findings, store: Store, version: int | None, *, late: bool = False) -> Any:
    """What proof.json holds of findings, under the root that was put on record before training.

    Args: late: the version is older than the contract, so that the earliest commitment to its rows counts.
    """
    return found.proof(contract, _committed(contract, found, store, late), version)


def changes(contract: Contract, store: Store) -> tuple[Change, ...]:
    """What the contract changed since the product's latest version; nothing when there is none to compare with."""
    rows = store.versions(contract.product)
    if not rows:
        return ()
    path = Path(rows[-1].path) / "contract.yaml"
    try:
        return compare(parse(path.read_text("utf-8"), contract.path), contract)
    except (OSError, UnicodeDecodeError, UserError):  # its folder is gone, or an older grammar cannot be read any more
        return ()


def ledger_of(contract: Contract, store: Store) -> dict[str, Any]:
    """The ledger as `zhinan status` shows it, without reading the data: the openings, and how many are left."""
    openings = store.openings(contract.product)
    left = next((int(one.result["left"]) for one in reversed(openings) if one.result and "left" in one.result), None)
    if left is None:
        left = next((v.summary.get("openings_left") for v in reversed(store.versions(contract.product))), None)
    return {"left": left, "plan": contract.proof.openings, "openings": table(openings)}


def keep_proof(contract: Contract, found: Findings, store: Store, number: int) -> str | None:
    """Records what a later proof found of a version; the first proved one goes live. Gives the outcome it had before.

    The version's folder never changes: the proof is kept in the store, and `zhinan report` says where.
    """
    row = store.version(contract.product, number)
    proof = proof_of(contract, found, store, number, late=True)
    content = (json.dumps(proof, ensure_ascii=False, indent=1) + "\n").encode()
    summary: Mapping[str, Any] = {
        "contract": contract.hash, "openings_left": found.ledger["left"], "proof": store.blobs.put(content, ships=True),
    }  # fmt: skip
    rows = [{**v.as_dict(), "confidence": contract.confidence} for v in found.verdicts]
    why = f"{row.outcome} → {found.outcome} at opening {found.ledger['opening'] or '–'}"
    store.set_outcome(contract.product, number, found.outcome, summary, who=by("prove"), why=why)
    change_verdicts(store, contract.product, number, lambda known: with_in_use(contract, rows, known))
    if found.outcome == "PROVED":
        promote_first(store, contract.product, number, by("prove"))
    return row.outcome


def kept_proof(store: Store, product: str, number: int) -> bytes | None:
    """The proof that a version got after it was sealed; None when it has only the one in its folder."""
    name = store.version(product, number).summary.get("proof")
    return None if name is None else store.blobs.get(str(name))


def _committed(contract: Contract, found: Findings, store: Store, late: bool) -> Committed | None:
    return None if found.part is None else commit(contract, found.part, store, earliest=late)
