"""Keeps small products of matrices on one thread: threads wait for each other longer than they compute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["few_threads"]

SMALL = 5 * 10**7
"""Products of a feature and a weight, in one look at all rows, below which one thread computes them.

A weight a class: few features are worth threads where classes are many (10⁶ from 50 on).
"""


@contextmanager
def few_threads(products: int) -> Iterator[None]:
    """Inside, linear algebra runs on one thread where one look at all rows takes so few products, else as it is set."""
    if products >= SMALL:
        yield
        return
    with _pools().limit(limits=1, user_api="blas"):
        yield


@cache
def _pools() -> Any:
    """Looked for once, which takes longer than a small fit does; those of SciPy are there only when it was imported."""
    import scipy.linalg  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
