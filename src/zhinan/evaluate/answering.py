"""Asks a version all rows of a part, each at most once in the life of the store, disturbed where a line wants that."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.core import Dataset
from zhinan.evaluate.answers import Said, arrays, from_arrays, gathered
from zhinan.evaluate.disturb import disturbed

if TYPE_CHECKING:
    from zhinan.package import Version
    from zhinan.store import Store

__all__ = ["answer_all", "answer_rows", "identity", "kept_answers"]

CHUNK = 256
OUTPUTS = ("label", "probabilities", "handover", "labels", "value", "low", "high")
"""Of what a version computes, what is judged."""

Progress = Callable[[int, int], None]


def answer_all(
    version: Version, part: Dataset, progress: Progress | None = None, *, how: str | None = None, own: bool = False
) -> Said:
    """A version's answers to every row of a part.

    Args:
        how: the disturbance of its inputs. own: take the columns the version names and not the part's inputs, for a
            version that was built from other ones.
    """
    rows = disturbed(part, how, version.inputs if own else None)
    return answer_rows(version.run, rows, progress, hands_over=version.hands_over)


def answer_rows(
    run: Callable[[dict[str, list[Any]]], Mapping[str, Any]],
    rows: Mapping[str, Sequence[Any]],
    progress: Progress | None = None,
    *,
    hands_over: bool = True,
) -> Said:
    """The answers to typed rows of what runs them, a version or the steps of a candidate, some rows at a time.

    Args: hands_over: False where no row is handed to a person, whatever the steps write.
    """
    count = len(next(iter(rows.values())))
    answered: list[Mapping[str, Any]] = []
    for start in range(0, count, CHUNK):
        outputs = run({name: list(values[start : start + CHUNK]) for name, values in rows.items()})
        answered.append({key: outputs[key] for key in OUTPUTS if key in outputs})
        if progress:
            progress(min(start + CHUNK, count), count)
    return gathered(answered, hands_over=hands_over)


def kept_answers(
    version: Version,
    part: Dataset,
    store: Store,
    progress: Progress | None = None,
    *,
    how: str | None = None,
    own: bool = False,
) -> Said:
    """As `answer_all`, kept in the store so that another contract on the same version need not ask again."""
    key = "-".join(["answers", identity(version), part.fingerprint, *([how] if how else [])])
    held = store.blobs.recall(key)
    if held is not None:
        return _recalled(held, version.classes)
    answers = answer_all(version, part, progress, how=how, own=own)
    store.derived_from(part.fingerprint).remember(key, _kept(answers, version.classes))
    return answers


def identity(version: Version) -> str:
    """Hash of all that decides its answers; the contract's text and the report lie beside that."""
    manifest = version.manifest.as_dict()
    named = sorted({name for step in version.manifest.steps for name in step.files.values()})
    files = [(name, manifest["files"][name]["sha256"]) for name in named]
    decides = [manifest[key] for key in ("steps", "inputs", "output")]
    return hashlib.sha256(json.dumps([files, decides, version.classes], default=dict).encode()).hexdigest()


def _kept(answers: Said, classes: tuple[str, ...]) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays(answers, classes))  # type: ignore[arg-type]
    return content.getvalue()


def _recalled(held: bytes, classes: tuple[str, ...]) -> Said:
    with np.load(io.BytesIO(held), allow_pickle=False) as kept:
        return from_arrays(dict(kept), classes)
