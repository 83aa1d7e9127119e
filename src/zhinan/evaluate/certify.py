"""Certifies one packaged draft: costs as measured, quality on the sealed set, at the error the ledger still allows."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import Dataset, UserError, find
from zhinan.evaluate.measure import is_cost, judge_dataset, measure_known
from zhinan.proof import Judged, Measurement, Stake, Verdict, judge, judge_on_dev, next_opening, outcome
from zhinan.store import Opening, Store

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs
    from zhinan.package import Version
    from zhinan.proof import Opening as Granted
    from zhinan.proof.gate import On

__all__ = ["Findings", "answer_all", "certify"]

CHUNK = 256

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Findings:
    """What certification found.

    Args:
        verdicts: one a must line, in the contract's order; shoulds: the same for should lines, which never gate.
        measured: line text → what its verdict was judged on.
        ledger: {"opening": t or None while the seal stayed closed, "delta", "left"}.
        sealed: the judged sealed rows, None while the seal stayed closed.
    """

    verdicts: tuple[Verdict, ...]
    shoulds: tuple[Verdict, ...]
    measured: Mapping[str, Measurement]
    ledger: Mapping[str, Any]
    sealed: Judged | None
    rows: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """The worst verdict of the must lines."""
        return outcome(self.verdicts)

    def proof(self, contract: Contract) -> dict[str, Any]:
        """The object written to proof.json: verdicts and the outcome of every sealed row they were counted from."""
        sealed = self.sealed
        return {
            "confidence": contract.confidence,
            "contract": contract.hash,
            "outcome": self.outcome,
            "verdicts": [asdict(v) for v in self.verdicts],
            "should": [asdict(v) for v in self.shoulds],
            "ledger": dict(self.ledger),
            "sealed": None
            if sealed is None
            else {"rows": list(self.rows), "truth": sealed.truth.tolist(), "answer": sealed.answer.tolist()},
        }


def certify(
    contract: Contract,
    version: Version,
    *,
    on_dev: Mapping[str, Measurement],
    sealed: Dataset,
    costs: Costs,
    store: Store,
    closed: bool = False,
    progress: Progress | None = None,
) -> Findings:
    """Judges every line on the packaged draft, opening the seal at most once.

    The seal stays closed when dev already refutes a quality line, a cost line is refuted, or `closed` is asked for;
    the quality lines are then judged on dev, where they can be refuted or stay undecided, never be proved.

    Args:
        version: the draft, or a version made of one; judging the same one again by the same lines is free.
        on_dev: line text → its measurement on dev.
        store: holds the ledger; the opening is recorded before anything is looked at.
    """
    asked, lines = (*contract.must, *contract.should), len(contract.must)
    quality, costly = ([line for line in asked if is_cost(line) is cost] for cost in (False, True))
    seen = {**on_dev, **{line.text: measure_known(line, costs) for line in costly}}

    def verdict(line: Line, delta: float, on: On) -> Verdict:
        how = judge_on_dev if on == "dev" else partial(judge, on=on)
        return how(line.text, line.op, line.target, seen[line.text], delta=delta, lines=lines)

    verdicts = {line.text: verdict(line, contract.delta, "measured" if is_cost(line) else "dev") for line in asked}
    hopeless = any(verdicts[line.text].verdict == "REFUTED" for line in contract.must)
    found = None
    if closed or hopeless or all(map(is_cost, contract.must)):
        ledger = _unopened(contract, store, sealed)
    else:
        opening, left = _open(contract, version, sealed, store)
        ledger = {"opening": opening.t, "delta": opening.delta, "left": left}
        found = _answers(version, sealed, store, progress)
        for line in quality:
            seen[line.text] = measure_known(line, found)
            verdicts[line.text] = verdict(line, opening.delta, "sealed")
        if opening.result is None:
            store.close_seal(opening.id, {"verdicts": {line.text: verdicts[line.text].verdict for line in quality}})
    return Findings(
        tuple(verdicts[line.text] for line in contract.must),
        tuple(verdicts[line.text] for line in contract.should),
        seen, ledger, found, tuple(sealed.values("_row")),
    )  # fmt: skip


def answer_all(version: Version, part: Dataset, progress: Progress | None = None) -> tuple[list[str], np.ndarray]:
    """A version's labels and probabilities (n, classes) for every row of a part."""
    rows = part.rows()
    labels: list[str] = []
    probability = []
    for start in range(0, len(part), CHUNK):
        outputs = version.run({name: values[start : start + CHUNK] for name, values in rows.items()})
        labels += list(outputs["label"])
        probability.append(np.asarray(outputs["probabilities"]))
        if progress:
            progress(min(start + CHUNK, len(part)), len(part))
    return labels, np.concatenate(probability)


def _open(contract: Contract, version: Version, sealed: Dataset, store: Store) -> tuple[Opening, int]:
    """Charges the ledger, unless the same draft was judged by the same lines before; gives how many more are left.

    A line moved from must to should is another contract: dropping what failed would make the rest a selection.
    """
    lines = [[line.text for line in part if not is_cost(line)] for part in (contract.must, contract.should)]
    asked = [_identity(version), sealed.fingerprint, *map(sorted, lines), contract.confidence]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    stakes, plan = _stakes(contract, sealed), contract.proof.openings

    def grant(turn: int) -> Granted:
        return next_opening([turn - 1], contract.delta, stakes, plan)

    opening = store.open_seal(
        contract.product, key, sealed.values("_row"), delta=lambda turn: grant(turn).delta,
        lines={"lines": [text for part in lines for text in part]},
    )  # fmt: skip
    return opening, grant(opening.t).left


def _identity(version: Version) -> str:
    """Hash of all that decides its answers; the contract's text and the report lie beside that."""
    manifest = version.manifest.as_dict()
    named = sorted({name for step in version.manifest.steps for name in step.files.values()})
    files = [(name, manifest["files"][name]["sha256"]) for name in named]
    decides = [manifest[key] for key in ("steps", "inputs", "output")]
    return hashlib.sha256(json.dumps([files, decides, version.classes], default=dict).encode()).hexdigest()


def _answers(version: Version, sealed: Dataset, store: Store, progress: Progress | None) -> Judged:
    """The draft's answers to the sealed rows, kept so that another contract on the same draft need not ask again."""
    key = f"answers-{_identity(version)}-{sealed.fingerprint}"
    held = store.blobs.recall(key)
    if held is not None:
        probability = np.load(io.BytesIO(held), allow_pickle=False)
        labels = [version.classes[i] for i in probability.argmax(axis=1)]
    else:
        labels, probability = answer_all(version, sealed, progress)
        content = io.BytesIO()
        np.save(content, probability, allow_pickle=False)
        store.blobs.remember(key, content.getvalue())
    return judge_dataset(sealed, labels, probability, version.classes)


def _unopened(contract: Contract, store: Store, sealed: Dataset) -> dict[str, Any]:
    """The ledger as it would be at the next opening; an exhausted one has none left."""
    before = store.next_opening(sealed.values("_row")) - 1
    try:
        granted = next_opening([before], contract.delta, _stakes(contract, sealed), contract.proof.openings)
    except UserError as error:
        if error.code not in ("E030", "E035"):
            raise
        return {"opening": None, "delta": None, "left": 0}
    return {"opening": None, "delta": granted.delta, "left": granted.left + 1}


def _stakes(contract: Contract, sealed: Dataset) -> list[Stake]:
    """What flawless answers could still prove: each quality must line with the sealed rows it can count on."""
    if sealed.target is None:
        raise ValueError("unlabeled data cannot be judged")
    truth = sealed.values(sealed.target.name)
    flawless = judge_dataset(sealed, truth, None, tuple(sorted(set(truth))))
    stakes = []
    for line in contract.must:
        if is_cost(line) or find("metric", line.metric).facts["needs"] != "answer":
            continue
        by = line.args.get("by")
        if by is None:
            stakes.append(Stake(line.text, line.op, line.target, measure_known(line, flawless).n))
        else:
            stakes.append(Stake(line.text, line.op, line.target, tuple(map(len, flawless.groups(by).values()))))
    return stakes
