"""What several commands and workers carry on together: none overwrites what another wrote since it looked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhinan.core import UserError
from zhinan.store import _forgotten, _runs
from zhinan.store._json import canonical
from zhinan.store._names import check_product
from zhinan.store.rows import Run
from zhinan.store.store import Store

__all__ = ["change_run", "change_verdicts", "promote_first", "spend"]

Rows = Sequence[Mapping[str, Any]]


def change_run(
    store: Store, product: str, key: str, plan: Mapping[str, Any],
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    without: Callable[[str], bool] | None = None,
) -> Run:  # fmt: skip
    """The latest run of a key, begun if there is none, with the state that `change` makes of the one it has.

    `change` holds up nobody: it runs outside of any transaction, and again on what stands there when another writer
    came between. So it returns a new state, and leaves alone the one that it is given.

    Args: without: the forgotten persons whose rows `change` was not given (`Contract.forgotten`), where it writes rows.

    Raises: UserError E555 when somebody else was forgotten since; then nothing is written.
    """
    check_product(product)
    run = store.last_run(product, key)
    while True:
        seen = "" if run is None else canonical(run.state)  # before `change` may touch what it is given
        state = {} if run is None else change(run.state)
        if run is not None and canonical(state) == seen:
            return run
        with store._database.write() as connection:
            _forgotten.refuse_since(connection, product, without)
            now = _runs.last(connection, product, key)
            if now is None:
                run = _runs.start(connection, product, key, plan)
            elif run is None or (now.id, canonical(now.state)) != (run.id, seen):
                run = now
            else:
                _runs.change(connection, now.id, {"state": state}, finished=False)
                return _runs.last(connection, product, key) or now


def change_verdicts(store: Store, product: str, number: int, change: Callable[[Rows], Rows]) -> Rows:
    """The live verdicts of a version, replaced by what `change` makes of them; it is called as by `change_run`.

    Raises: UserError E401 for an unknown version.
    """
    held = store.verdicts(product, number)
    while True:
        wanted = [dict(row) for row in change(held)]
        if wanted == [*map(dict, held)]:
            return held
        with store._database.write() as connection:
            now = _runs.verdicts(connection, product, number)
            if now == held:
                _runs.set_verdicts(connection, product, number, wanted)
                return wanted
            held = now


def promote_first(store: Store, product: str, number: int, who: str) -> None:
    """Puts a proved version live where none is; one that is put live meanwhile stays."""
    stages = store.stages(product)
    if stages.live is not None:
        return
    why = "first version whose contract is proved"
    try:
        store.promote(product, number, revision=stages.revision, who=who, why=why)
    except UserError as error:
        if error.code != "E402" or store.stages(product).live is None:
            raise


def spend(store: Store, run: int, seconds: float) -> None:
    """Adds to the time that a run has taken, from which it resumes. Raises: UserError E415."""
    with store._database.write() as connection:
        state = _runs.state(connection, run)
        _runs.change(connection, run, {"state": {**state, "spent": state.get("spent", 0.0) + seconds}}, finished=False)
