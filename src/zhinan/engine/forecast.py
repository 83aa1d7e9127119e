"""What a build will take here, level by level, from a taste of the data: seconds and memory before anything is made."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from zhinan.contract import Contract
from zhinan.core import Dataset, find
from zhinan.data import Loaded, Split
from zhinan.engine.climb import fit_seconds, rungs, unfit
from zhinan.engine.directions import directions
from zhinan.engine.encode import columns_of
from zhinan.evaluate.measure import is_cost

__all__ = ["forecast"]

TASTE = 400
"""Rows encoded to tell what all of them take; a pretrained encoder reads 16 of them."""


def forecast(contract: Contract, loaded: Loaded, parts: Split) -> list[dict[str, Any]]:
    """A row for each rung of the ladder: level, recipe, encoders, seconds, memory in bytes, or the reason for neither.

    A taste of train is encoded and scaled by rows; fits are reckoned, and rungs left out, as a build does it.
    With folds, what learns from rows is fitted once a fold and once more.
    Figures are this machine's at this moment, and rough: a factor of two either way is usual. Nothing is fetched.
    """
    task = loaded.task
    if task == "classify" and not loaded.classes:
        return []
    folds = contract.train.folds
    fits, classes = 1 if folds is None else folds + 1, len(loaded.classes)
    monotone = directions(contract, parts.train.inputs, loaded.classes)
    tasted: dict[str, Mapping[str, Any]] = {}
    rows = len(parts.train) + len(parts.dev)
    answered = len(parts.sealed) if any(not is_cost(line) for line in contract.must) else 0
    found = []
    for rung in rungs(task, parts.train.inputs):
        for name in rung.encoders:
            if name not in tasted:
                tasted[name] = _taste(name, parts.train, rows + answered)
        worthless = unfit(rung, parts.train, monotone)
        reason = worthless.en if worthless else next(
            (tasted[name]["reason"] for name in rung.encoders if tasted[name]["reason"]), None
        )  # fmt: skip
        often = {name: 1 if find("encoder", name).facts.get("weights") else fits for name in rung.encoders}
        seconds = sum(tasted[name]["seconds"] * often[name] for name in rung.encoders)
        memory = sum(tasted[name]["memory"] * often[name] for name in rung.encoders)
        found.append({
            "level": rung.level, "recipe": rung.recipe, "encoders": list(rung.encoders),
            "seconds": None if reason else round(
                seconds + fit_seconds(rung, rows, classes, folds, several=task == "tag"), 3
            ),
            "memory": None if reason else int(memory), "reason": reason,
        })  # fmt: skip
    return found


def _taste(encoder: str, train: Dataset, rows: int) -> dict[str, Any]:
    from zhinan.encoders._weights import cached

    entry = find("encoder", encoder)
    weights = entry.facts.get("weights")
    if weights is not None and not cached(weights):
        return {"seconds": 0.0, "memory": 0, "reason": f"weights {weights} are not fetched yet"}
    taste = train.frame.head(TASTE if weights is None else 16)
    few = {column.name: taste[column.name].to_list() for column in columns_of(encoder, train.inputs)}
    start = time.perf_counter()
    fitted = entry.target().fit(few)
    if weights is not None:  # loading is no part of what a row takes
        fitted.encode({name: values[:1] for name, values in few.items()})
        start = time.perf_counter()
    values = fitted.encode(few)
    spent = time.perf_counter() - start
    size = sum(getattr(values, part).nbytes for part in ("data", "indices")) if hasattr(values, "indices") else None
    share = rows / max(taste.height, 1)
    return {"seconds": spent * share, "memory": (values.nbytes if size is None else size) * share, "reason": None}
