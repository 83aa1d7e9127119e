"""A made-up product with sealed rows and a version that answers a share of them right, certified in a real store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from zhinan.contract import Contract, parse
from zhinan.core import Column, Dataset
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.certify import Findings, certify
from zhinan.evaluate.commitment import commit
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.measure import is_cost, judge_dataset, measure_known
from zhinan.store import Store

CLASSES = ("card", "login", "refund")
COSTS = Costs(np.full(400, 0.004), np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 5_000_000)
COUNTED = (
    "accuracy >= 80%", "recall[card] >= 70%", "precision[refund] >= 99.5%", "fpr[login] <= 20%",
    "gap(recall, by=channel) <= 30 pt", "gap(recall[card], by=channel*sex) <= 45 pt", "accuracy[channel=app] >= 75%",
    "f1[card] >= 70%",
)  # fmt: skip
LINES = (*COUNTED, "macro_f1 >= 60%", "size <= 60 MB")


def contract(*must: str, person: bool = False, more: str = "") -> Contract:
    """A contract of these must lines, on rows that have an owner or not."""
    head = "product: shop\ndata:\n  source: m.csv\n  target: intent\n" + ("  person: who\n" if person else "")
    return parse(head + "must:\n" + "".join(f"  - {line}\n" for line in must) + more)


def sealed(n: int, seed: int = 0, *, person: bool = False, first: int = 0) -> Dataset:
    """Labelled rows of three classes, two channels, two sexes; of some 6 a person where they have one."""
    draw = np.random.default_rng([seed, first])
    labels = draw.choice(CLASSES, n)
    frame = pl.DataFrame({
        "m": [f"{label} {first + i}" for i, label in enumerate(labels)],
        "channel": draw.choice(["app", "微信"], n),
        "sex": draw.choice(["f", "m"], n),
        "who": [None if i % 40 == 0 else f"u{draw.integers(n // 6 + 1)}@{first}" for i in range(n)],
        "intent": labels,
        "_row": [f"row {first + i}" for i in range(n)],
    })  # fmt: skip
    inputs = (Column("m", "text"), Column("channel", "category"), Column("sex", "category"))
    owner = "who" if person else None
    return Dataset(frame, inputs, Column("intent", "category"), owner, None, f"{n} from {first} by {seed}")


def joined(one: Dataset, two: Dataset) -> Dataset:
    """Both, as when rows were labelled later."""
    from dataclasses import replace

    return replace(one, frame=pl.concat([one.frame, two.frame]), fingerprint=f"{one.fingerprint} + {two.fingerprint}")


class Answering:
    """A version that answers `right` of its rows right, always the same ones; it counts how often it was asked."""

    def __init__(self, right: float, name: str = "draft-1") -> None:
        self.right, self.asked = right, 0
        body = {"steps": [name], "inputs": {}, "output": {}, "files": {}}
        self.manifest = SimpleNamespace(steps=(), as_dict=lambda: body, facts={"data": "made up"})
        self.classes, self.hands_over, self.inputs = CLASSES, False, {"m": "text"}

    def run(self, values: Mapping[str, list[Any]]) -> dict[str, Any]:
        self.asked += 1
        codes = []
        for text in values["m"]:
            label, number = text.split()
            wrong = (int(number) * 2_654_435_761) % 10_000 >= 10_000 * self.right
            codes.append((CLASSES.index(label) + (1 + int(number) % 2 if wrong else 0)) % 3)
        labels = [CLASSES[code] for code in codes]
        return {"label": labels, "probabilities": np.eye(3)[codes], "handover": np.zeros(len(codes), bool)}


class InRuns(Answering):
    """Wrong on 40 rows in a row, then right on the next 360."""

    def run(self, values: Mapping[str, list[Any]]) -> dict[str, Any]:
        at = [(CLASSES.index(text.split()[0]), int(text.split()[1])) for text in values["m"]]
        codes = [(label + (number % 400 < 40)) % 3 for label, number in at]
        return {
            "label": [CLASSES[code] for code in codes], "probabilities": np.eye(3)[codes],
            "handover": np.zeros(len(codes), bool),
        }  # fmt: skip


def certified(given: Contract, version: Any, store: Store, rows: Dataset, **more: Any) -> Findings:
    """What certification finds; dev is flawless, so that it refutes nothing."""
    flawless = judge_dataset(rows, Answers(rows.values("intent")), CLASSES)
    lines = [line for line in (*given.must, *given.should) if not is_cost(line)]
    on_dev = {line.text: measure_known(line, flawless) for line in lines}
    return certify(given, version, on_dev=on_dev, sealed=rows, costs=COSTS, store=store, **more)


def proof(
    folder: Path, n: int = 160, right: float = 0.93, *, person: bool = False, copies: bool = False, seed: int = 0,
    **more: Any,
) -> Any:  # fmt: skip
    """A proof.json as a build writes it: committed to, then certified."""
    given = contract(*more.pop("must", COUNTED), person=person, more="should:\n  - accuracy >= 99%\n")
    with Store(folder) as store:
        rows = repeated(sealed(n, seed, person=person)) if copies else sealed(n, seed, person=person)
        commit(given, rows, store)
        found = certified(given, Answering(right), store, rows, **more)
        assert found.part is not None
        return found.proof(given, commit(given, found.part, store), 1)


def repeated(rows: Dataset, every: int = 5) -> Dataset:
    """The same, whose every fifth row and the one after it say nearly the same."""
    from dataclasses import replace

    first = [row if i % every < 2 else None for i, row in enumerate(rows.values("_row"))]
    units = [first[i - 1] if i % every == 1 else one for i, one in enumerate(first)]
    return replace(rows, frame=rows.frame.with_columns(pl.Series("_unit", units, pl.String)))
