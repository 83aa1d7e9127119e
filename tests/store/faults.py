"""Death before the n-th write, commit, sync, renaming or removal of a process: what the tests of crashes share."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import event as happening

__all__ = ["DIED", "doom"]

DIED = 9
"""The status of a process that died as it was told."""
CALLS = ("replace", "rename", "unlink", "rmdir", "fsync", "chmod", "mkdir")


def doom(point: int) -> Callable[[], int]:
    """From now on this process dies before its n-th step that can be seen from outside; never for 0.

    Returns: how many such steps it took.
    """
    taken = [0]

    def step(*_: Any) -> None:
        taken[0] += 1
        if taken[0] == point:
            os._exit(DIED)

    def before(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            step()
            return real(*arguments, **named)

        return call

    for name in CALLS:
        setattr(os, name, before(getattr(os, name)))
    happening.listen(Engine, "commit", step)

    def written(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            step()

    happening.listen(Engine, "before_cursor_execute", written)
    return lambda: taken[0]
