"""A run that several commands and workers carry on: none overwrites what another wrote since it looked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhinan.store import _runs
from zhinan.store.rows import Run
from zhinan.store.store import Store

__all__ = ["change_run"]


def change_run(
    store: Store, product: str, key: str, plan: Mapping[str, Any],
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> Run:  # fmt: skip
    """The latest run of a key, begun if there is none, with the state that `change` makes of the one it has.

    `change` holds up nobody: it runs outside of any transaction, and again on what stands there when another writer
    came between. So it returns a new state, and leaves alone the one that it is given.
    """
    run = store.last_run(product, key)
    while True:
        state = None if run is None else change(run.state)
        if run is not None and state == run.state:
            return run
        with store._database.write() as connection:
            now = _runs.last(connection, product, key)
            if now is None:
                run = _runs.start(connection, product, key, plan)
            elif run is None or (now.id, now.state) != (run.id, run.state):
                run = now
            else:
                _runs.change(connection, now.id, {"state": state}, finished=False)
                return _runs.last(connection, product, key) or now
