"""What users said was right, as rows with labels: the raw material of a challenger, before anybody trusts it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from zhinan.core import find
from zhinan.data import Loaded
from zhinan.engine.taught import KEPT, rows_of_inputs
from zhinan.steps.values.lists import items_of
from zhinan.store import Event, Store

__all__ = ["Corrections", "corrections"]

_PAGE = 2_000


@dataclass(frozen=True, eq=False)
class Corrections:
    """Words of people that name a right answer.

    Args:
        rows: what each is about in the columns of the data, without a target, in the order in which they were said;
            `data.person` is who asked, where that is known.
        labels: what is right, (n,). people: who said it, None for nobody. total: words read, also those that are none
            of these; `unusable` says why not: reason → how many. latest: seq of the last word read.
        strange: label that is no class → who gave it, a word each; of numbers none.
    """

    rows: pl.DataFrame
    labels: tuple[str, ...]
    people: tuple[str | None, ...]
    total: int
    unusable: Mapping[str, int]
    latest: int
    strange: Mapping[str, Sequence[str | None]] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.rows.height

    def where(self, keep: np.ndarray) -> Corrections:
        """Those that a boolean mask keeps."""
        chosen = np.flatnonzero(keep)
        labels, people = tuple(self.labels[i] for i in chosen), tuple(self.people[i] for i in chosen)
        return replace(self, rows=self.rows.filter(pl.Series(keep)), labels=labels, people=people)


def corrections(
    store: Store, product: str, loaded: Loaded, classes: Sequence[str] | None = None
) -> Corrections:  # fmt: skip
    """All words that are kept, oldest first. `accepted: true` says that the answer it is about was right.

    Unusable is: `no_answer` (a thumb down or a rating names none), `no_prediction` (it is not kept any more),
    `no_input` (`serve.keep_inputs: none`), `unknown_class`, and `other_columns` (an input of an earlier contract).

    Args: classes: that may be said; default those of the data.
    """
    known = loaded.classes if classes is None else classes
    task = find("task", loaded.task).target()
    unusable: Counter[str] = Counter()
    frames, labels, people = [], list[str](), list[str | None]()
    strange: dict[str, list[str | None]] = defaultdict(list)
    total = latest = 0
    for page in _pages(store, product):
        total, latest = total + len(page), page[-1].seq
        asked = [str(event.payload["prediction_id"]) for event in page if "prediction_id" in event.payload]
        made = store.find_events(product, asked)
        told: list[tuple[Mapping[str, Any], str, str | None, Event]] = []
        for event in page:
            said = _said(event, made, task.label)
            if isinstance(said, str):
                unusable[said] += 1
                continue
            right = task.right(said[1], known)
            if right is None:
                unusable["unknown_class"] += 1
                given = items_of(str(said[1])) if task.judged == "tags" else (str(said[1]),)
                for label in set(given) - set(known) if known else ():
                    strange[label].append(event.person)
            else:
                told.append((said[0], str(right), said[2], event))
        rows, fits = rows_of_inputs(
            loaded, [row for row, *_ in told], [whose for _, _, whose, _ in told], [e.at for *_, e in told]
        )
        unusable["other_columns"] += fits.count(False)
        frames.append(rows)
        kept = [one for one, fit in zip(told, fits, strict=True) if fit]
        labels += [label for _, label, *_ in kept]
        people += [event.person for *_, event in kept]
    nothing = loaded.dataset.frame.clear()
    return Corrections(
        pl.concat([nothing, *frames]), tuple(labels), tuple(people), total, +unusable, latest, strange
    )  # fmt: skip


def _said(
    event: Event, made: Mapping[str, Event], key: str
) -> tuple[Mapping[str, Any], Any, str | None] | str:  # fmt: skip
    """The input that a word is about, the right answer to it and whose input it is, or why there is none.

    An answer says for whom it was given, and a brought input whose it is: whoever speaks of it need not be that one.
    """
    about = event.payload.get("prediction_id")
    prediction = None if about is None else made.get(str(about))
    if about is not None and (prediction is None or prediction.kind != "prediction"):
        return "no_prediction"
    source = event if prediction is None else prediction
    right = event.payload.get(key)
    if right is None and event.payload.get("accepted") is True and prediction is not None:
        right = prediction.payload.get(key)
    if right is None:
        return "no_answer"
    inputs = source.payload.get(KEPT)
    return (inputs, right, source.whose or event.person) if isinstance(inputs, Mapping) else "no_input"


def _pages(store: Store, product: str) -> Iterator[Sequence[Event]]:
    after = 0
    while events := store.events(product, "feedback", after, _PAGE):
        after = events[-1].seq
        yield events
