"""Asks a version all rows of a part, each at most once in the life of the store, disturbed where a line wants that."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.core import Dataset
from zhinan.evaluate.disturb import disturbed
from zhinan.evaluate.measure import Answers

if TYPE_CHECKING:
    from zhinan.package import Version
    from zhinan.store import Store

__all__ = ["answer_all", "answer_rows", "identity", "kept_answers"]

CHUNK = 256

Progress = Callable[[int, int], None]


def answer_all(
    version: Version, part: Dataset, progress: Progress | None = None, *, how: str | None = None, own: bool = False
) -> Answers:
    """A version's answers to every row of a part.

    Args:
        how: the disturbance of its inputs. own: take the columns the version names and not the part's inputs, for a
            version that was built from other ones.
    """
    answers = answer_rows(version.run, disturbed(part, how, version.inputs if own else None), progress)
    return answers if version.hands_over else replace(answers, handover=None)


def answer_rows(
    run: Callable[[dict[str, list[Any]]], Mapping[str, Any]],
    rows: Mapping[str, Sequence[Any]],
    progress: Progress | None = None,
) -> Answers:
    """The answers to typed rows of what runs them, a version or the steps of a candidate, some rows at a time."""
    count = len(next(iter(rows.values())))
    labels: list[str] = []
    probability, handover = [], []
    for start in range(0, count, CHUNK):
        outputs = run({name: list(values[start : start + CHUNK]) for name, values in rows.items()})
        labels += list(outputs["label"])
        probability.append(np.asarray(outputs["probabilities"]))
        handover.append(np.asarray(outputs["handover"]))
        if progress:
            progress(min(start + CHUNK, count), count)
    return Answers(labels, np.concatenate(probability), np.concatenate(handover))


def kept_answers(
    version: Version,
    part: Dataset,
    store: Store,
    progress: Progress | None = None,
    *,
    how: str | None = None,
    own: bool = False,
) -> Answers:
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


def _kept(answers: Answers, classes: tuple[str, ...]) -> bytes:
    place = {label: i for i, label in enumerate(classes)}
    codes = np.array([place[label] for label in answers.labels])
    arrays = {"codes": codes, "probability": answers.probability, "handover": answers.handover}
    content = io.BytesIO()
    np.savez(content, **{name: array for name, array in arrays.items() if array is not None})  # type: ignore[arg-type]
    return content.getvalue()


def _recalled(held: bytes, classes: tuple[str, ...]) -> Answers:
    with np.load(io.BytesIO(held), allow_pickle=False) as arrays:
        labels = [classes[i] for i in arrays["codes"]]
        return Answers(labels, arrays["probability"], arrays.get("handover"))
