"""Candidates kept in the store, so that an interrupted build goes on where it stopped. JSON, ONNX and arrays only."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from zhinan.core import Candidate, StepSpec, UserError
from zhinan.store import Blobs, Shelf

__all__ = ["keep", "recall"]

DAMAGED = frozenset({"E409", "E410"})
"""Errors that say a stored part is not what it was: the candidate is then trained again."""

ARRAYS = ("dev", "decided", "handed")


def keep(blobs: Blobs | Shelf, key: str, candidate: Candidate) -> None:
    """Stores a candidate under a name; its files are shared with other candidates by content."""
    arrays = {name: getattr(candidate, name) for name in ARRAYS if getattr(candidate, name) is not None}
    held = {*ARRAYS, "files"}
    written = {
        **{f.name: getattr(candidate, f.name) for f in dataclasses.fields(candidate) if f.name not in held},
        "steps": [dataclasses.asdict(step) for step in candidate.steps],
        "files": {name: blobs.put(content) for name, content in candidate.files.items()},
        **{name: blobs.put(_bytes(array)) for name, array in arrays.items()},
    }
    blobs.remember(key, json.dumps(written, ensure_ascii=False).encode())


def recall(blobs: Blobs | Shelf, key: str) -> Candidate | None:
    """The candidate of that name, or None when it was never finished or a part of it is damaged."""
    held = blobs.recall(key)
    if held is None:
        return None
    try:
        return _read(blobs, json.loads(held))
    except UserError as error:
        if error.code not in DAMAGED:
            raise
        return None


def _read(blobs: Blobs | Shelf, read: Mapping[str, Any]) -> Candidate:
    steps = tuple(
        StepSpec(s["step"], tuple(s["reads"]), tuple(s["writes"]), s["options"], s["files"]) for s in read["steps"]
    )
    return Candidate(
        recipe=read["recipe"],
        level=read["level"],
        encoders=tuple(read["encoders"]),
        steps=steps,
        files={name: blobs.get(digest) for name, digest in read["files"].items()},
        classes=tuple(read["classes"]),
        **{name: _array(blobs.get(read[name])) for name in ARRAYS if name in read},
        params={name: tuple(v) if isinstance(v, list) else v for name, v in read["params"].items()},
        licences=read["licences"],
        seconds=read["seconds"],
        cpu_seconds=read["cpu_seconds"],
        task=read.get("task", "classify"),
    )


def _bytes(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def _array(content: bytes) -> np.ndarray:
    held: np.ndarray = np.load(io.BytesIO(content), allow_pickle=False)
    return held
