"""Enters a version into the store, whole or not at all: its number and files, what was proved, whether it is live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.core.account import by
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.in_use import with_in_use
from zhinan.store import Forgotten, Store, change_verdicts, promote_first
from zhinan.store.erasing import remove_folder

__all__ = ["register"]

Written = Callable[[int], AbstractContextManager[Callable[[], None]]]
"""Writes the version of a number beside its place; gives what makes it exist."""


class _TakenError(Exception):
    """Another build was first with the number that a version was written for, or its own is gone."""


def register(
    store: Store,
    contract: Contract,
    into: Path,
    made: tuple[str, int | None],
    found: Findings,
    summary: Mapping[str, Any],
    gone: Forgotten,
    written: Written,
) -> int:
    """Enters the version under the next number, keeps its verdicts for the service, puts the first proved one live.

    Builds may do so at once: the files appear in the transaction that takes the number, and who comes second writes
    them anew for the next one. Done again it changes nothing, so that a build killed in the middle of it is finished
    by the next one.

    Args: into: where versions stand. made: the digest, and the number of the parent. gone: who was forgotten when the
        summary was made.

    Raises: UserError E555 when somebody was forgotten since; then nothing of it is kept.
    """
    number = None
    while number is None:
        try:
            number = _entered(store, contract, into, made, (found.outcome, summary, gone), written)
        except UserError as error:
            if error.code == "E555":
                for source in summary["lineage"]["parts"].values():
                    store.erase_derived(source)
            raise
    kept = with_in_use(contract, [{**v.as_dict(), "confidence": contract.confidence} for v in found.verdicts])
    change_verdicts(store, contract.product, number, lambda held: held or kept)
    if found.outcome == "PROVED":
        promote_first(store, contract.product, number, by("build"))
    return number


def _entered(
    store: Store, contract: Contract, into: Path, made: tuple[str, int | None],
    told: tuple[str, Mapping[str, Any], Forgotten], written: Written,
) -> int | None:  # fmt: skip
    """The number it was entered under; None when that which it was written for is another's, or gone, by now."""
    (digest, parent), (outcome, summary, gone) = made, told
    known = next((row.number for row in store.versions(contract.product) if row.digest == digest), None)
    number = known or store.next_version(contract.product)
    path = into / str(number)
    enter = partial(
        store.add_version, contract.product, digest, parent=parent, outcome=outcome, summary=summary, without=gone
    )

    def unknown(mine: int) -> Path:
        """For one that was known, and was removed meanwhile."""
        raise _TakenError

    try:
        if known is not None and path.exists():
            return enter(unknown)
        with written(number) as publish:

            def place(mine: int) -> Path:
                if mine != number:
                    raise _TakenError
                if path.exists():  # sealed and never entered: its build was killed in between
                    remove_folder(path)
                publish()
                return path

            if known is None:
                return enter(place)
            publish()
            try:
                return enter(unknown)
            except (UserError, _TakenError):  # E555: somebody whose rows it holds was forgotten meanwhile
                remove_folder(path)
                raise
    except _TakenError:
        return None
