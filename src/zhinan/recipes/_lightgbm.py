"""LightGBM by its C interface: its Python package first imports scikit-learn and pandas, longer than few trees take."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_double, c_float, c_int, c_int64, c_void_p
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

__all__ = ["Ending", "Gradients", "grown", "library"]

Gradients: TypeAlias = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""(raw scores (n, outputs), target (n,)) → first and second derivatives of the loss, both (n, outputs)."""

FLOAT32, ROW_BY_ROW = 0, 1
TAUGHT, JUDGING = 0, 1
"""Places of the rows in a booster: those it learns from, then those that judge."""
LENGTH = 1 << 20
"""Bytes that most models take as text."""


@dataclass(frozen=True, eq=False)
class Ending:
    """What ends the growing: rows that judge, and the rounds without a gain of at least `better` after which.

    loss: (raw scores (m, outputs), target (m,)) → their mean loss; None takes that of LightGBM's own objective.
    """

    values: np.ndarray
    target: np.ndarray
    patience: int
    better: float
    loss: Callable[[np.ndarray, np.ndarray], float] | None = None


def grown(
    values: np.ndarray,
    target: np.ndarray,
    params: Mapping[str, Any],
    rounds: int,
    *,
    outputs: int = 1,
    ending: Ending | None = None,
    gradients: Gradients | None = None,
) -> str:
    """Trees as LightGBM writes them, those of the best round, and before.

    Args:
        values: (n, width) float32. target: (n,). params: LightGBM's. rounds: at most. outputs: raw scores a row.
        gradients: of an objective that LightGBM has no word for.

    Raises:
        RuntimeError: what LightGBM says is wrong.

    Source: LightGBM's C API; early stopping as its Python package does it.
    """
    said = _said(params)
    with _data(values, target, said) as taught, _booster(taught, said) as booster:
        if ending is None:
            for _ in range(rounds):
                _grow(booster, target, outputs, gradients)
            return _written(booster, -1)
        with _data(ending.values, ending.target, said, like=taught) as asked:
            _ask(library().LGBM_BoosterAddValidData(booster, asked))
            best, least = 0, np.inf
            for turn in range(rounds):
                _grow(booster, target, outputs, gradients)
                loss = _loss(booster, ending, outputs)
                if turn == 0 or loss < least - ending.better:
                    best, least = turn, loss
                elif turn - best >= ending.patience:
                    break
            return _written(booster, best + 1)


@cache
def library() -> ctypes.CDLL:
    """The library in the installed package, which is found and not imported.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    found = find_spec("lightgbm")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("lightgbm", name="lightgbm")
    package = Path(found.origin).parent
    places = (folder.glob("lib_lightgbm.*") for folder in (package / "lib", package / "bin", package.parent))
    file = next((one for files in places for one in files), None)
    if file is None:
        raise ModuleNotFoundError(f"no library in {package}", name="lightgbm")
    held = ctypes.CDLL(str(file))
    held.LGBM_GetLastError.restype = c_char_p
    return held


def _ask(status: int) -> None:
    if status:
        raise RuntimeError(library().LGBM_GetLastError().decode())


def _said(params: Mapping[str, Any]) -> bytes:
    """Parameters as LightGBM reads them."""
    written = {name: ",".join(map(str, said)) if isinstance(said, list) else said for name, said in params.items()}
    return " ".join(f"{name}={said}" for name, said in written.items()).encode()


@contextmanager
def _data(values: np.ndarray, target: np.ndarray, said: bytes, like: c_void_p | None = None) -> Iterator[c_void_p]:
    """Rows and their target; like: rows whose bins they share."""
    rows = np.ascontiguousarray(values, np.float32)
    labels = np.ascontiguousarray(target, np.float32)
    made = c_void_p()
    _ask(library().LGBM_DatasetCreateFromMat(
        c_void_p(rows.ctypes.data), c_int(FLOAT32), c_int(len(rows)), c_int(rows.shape[1]), c_int(ROW_BY_ROW),
        c_char_p(said), like, byref(made),
    ))  # fmt: skip
    try:
        _ask(library().LGBM_DatasetSetField(
            made, c_char_p(b"label"), c_void_p(labels.ctypes.data), c_int(len(labels)), c_int(FLOAT32)
        ))  # fmt: skip
        yield made
    finally:
        library().LGBM_DatasetFree(made)


@contextmanager
def _booster(data: c_void_p, said: bytes) -> Iterator[c_void_p]:
    made = c_void_p()
    _ask(library().LGBM_BoosterCreate(data, c_char_p(said), byref(made)))
    try:
        yield made
    finally:
        library().LGBM_BoosterFree(made)


def _grow(booster: c_void_p, target: np.ndarray, outputs: int, gradients: Gradients | None) -> None:
    """One round."""
    over = c_int()
    if gradients is None:
        _ask(library().LGBM_BoosterUpdateOneIter(booster, byref(over)))
        return
    both = gradients(_raw(booster, TAUGHT, len(target), outputs), target)
    first, second = (np.ascontiguousarray(one.T, np.float32) for one in both)
    _ask(library().LGBM_BoosterUpdateOneIterCustom(
        booster, first.ctypes.data_as(ctypes.POINTER(c_float)), second.ctypes.data_as(ctypes.POINTER(c_float)),
        byref(over),
    ))  # fmt: skip


def _loss(booster: c_void_p, ending: Ending, outputs: int) -> float:
    """The loss of the rows that judge, by what has grown so far."""
    if ending.loss is not None:
        return ending.loss(_raw(booster, JUDGING, len(ending.target), outputs), ending.target)
    count, found = c_int(), (c_double * 1)()
    _ask(library().LGBM_BoosterGetEval(booster, c_int(JUDGING), byref(count), found))
    return float(found[0])


def _raw(booster: c_void_p, place: int, rows: int, outputs: int) -> np.ndarray:
    """Raw scores (n, outputs) of the rows at a place in the booster."""
    count, found = c_int64(), np.empty((outputs, rows))
    _ask(library().LGBM_BoosterGetPredict(
        booster, c_int(place), byref(count), found.ctypes.data_as(ctypes.POINTER(c_double))
    ))  # fmt: skip
    return found.T


def _written(booster: c_void_p, rounds: int) -> str:
    """The model as text, its first rounds or, by −1, all."""
    room, size = LENGTH, c_int64(LENGTH)
    while True:
        held = ctypes.create_string_buffer(room)
        _ask(library().LGBM_BoosterSaveModelToString(
            booster, c_int(0), c_int(rounds), c_int(0), c_int64(room), byref(size), held
        ))  # fmt: skip
        if size.value <= room:
            return held.value.decode()
        room = size.value
