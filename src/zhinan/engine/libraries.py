"""Imports what learning takes while this process waits: for the child that reads files, for looks at texts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from zhinan.core.process import ours
from zhinan.data import Loaded

__all__ = ["for_all", "for_texts", "imported_meanwhile", "needed_by"]


def for_all() -> None:
    """What every build takes."""
    import onnx  # noqa: F401
    import onnxruntime  # noqa: F401
    import scipy.optimize  # noqa: F401


def for_texts() -> None:
    """What heads on words take, half a second of the processor, which a table does without."""
    import sklearn.linear_model
    import sklearn.svm  # noqa: F401


def needed_by(loaded: Loaded) -> list[Callable[[], None]]:
    """What these data take beyond `for_all`."""
    return [for_texts] if any(column.kind == "text" for column in loaded.dataset.inputs) else []


@contextmanager
def imported_meanwhile(*needed: Callable[[], None]) -> Iterator[None]:
    """A thread imports what is needed; it has ended where this does, as two that import may wait in a ring.

    Where the block raises, nothing further is imported. Nothing of what is imported becomes garbage, so none is looked
    for meanwhile, which took a sixth of the time; in the command's own process nor among it ever after.
    """
    if not needed:
        yield
        return
    over, collected = Event(), gc.isenabled()
    thread = Thread(target=_import, args=(needed, over), name="zhinan-imports")
    gc.disable()
    thread.start()
    try:
        yield
    except BaseException:
        over.set()
        raise
    finally:
        thread.join()
        if ours.is_set() and not gc.get_freeze_count():  # once: what is kept from the collector is kept for good
            gc.freeze()
        if collected:
            gc.enable()


def _import(needed: tuple[Callable[[], None], ...], over: Event) -> None:
    for one in needed:
        if not over.is_set():
            one()
