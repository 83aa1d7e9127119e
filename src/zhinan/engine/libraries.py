"""Imports what learning takes while files are read: the child that reads them computes, and this process only waits."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

__all__ = ["imported_meanwhile"]


@contextmanager
def imported_meanwhile() -> Iterator[None]:
    """A thread imports what recipes learn with; it has ended where this does, as two that import may wait in a ring.

    Where the block raises, nothing further is imported. What is not installed is told by the recipe that needs it.
    Nothing of what is imported becomes garbage, so none is looked for: that took a sixth of the time.
    """
    over, collected = Event(), gc.isenabled()
    thread = Thread(target=_import, args=(over,), name="zhinan-imports")
    gc.disable()
    thread.start()
    try:
        yield
    except BaseException:
        over.set()
        raise
    finally:
        thread.join()
        if collected:
            gc.enable()


def _import(over: Event) -> None:
    import scipy.optimize  # noqa: F401

    if over.is_set():
        return
    import onnx  # noqa: F401
    import onnxruntime  # noqa: F401
    import sklearn.linear_model
    import sklearn.svm  # noqa: F401

    with suppress(ImportError):
        import lightgbm  # noqa: F401
