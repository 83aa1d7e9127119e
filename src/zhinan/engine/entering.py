"""Enters a sealed version into the store, whole or not at all: what was proved of it, and whether it is live."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.engine.folders import clear_orphan
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.in_use import with_in_use
from zhinan.store import Forgotten, Store, change_verdicts, promote_first

__all__ = ["register"]


def register(
    store: Store,
    contract: Contract,
    path: Path,
    made: tuple[str, int | None],
    found: Findings,
    summary: Mapping[str, Any],
    gone: Forgotten,
) -> None:
    """Enters the version, keeps its verdicts for the service, and puts the first proved one live.

    Done again it changes nothing, so that a build killed in the middle of it is finished by the next one.

    Args: made: the digest, and the number of the parent. gone: who was forgotten when the summary was made.

    Raises: UserError E555 when somebody was forgotten since; then nothing of it is kept.
    """
    digest, parent = made
    try:
        number = store.add_version(
            contract.product, digest, str(path), parent=parent, outcome=found.outcome, summary=summary, without=gone
        )
    except UserError as error:
        if error.code == "E555":
            clear_orphan(path)
            for source in summary["lineage"]["parts"].values():
                store.erase_derived(source)
        raise
    if str(number) != path.name:
        raise UserError("E303", str(path), number=path.name)
    kept = with_in_use(contract, [{**v.as_dict(), "confidence": contract.confidence} for v in found.verdicts])
    change_verdicts(store, contract.product, number, lambda held: held or kept)
    if found.outcome == "PROVED":
        promote_first(store, contract.product, number, "build")
