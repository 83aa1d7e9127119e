"""What proof.json holds: enough for a sceptic to recompute every counted bound, and nothing that names a person.

`tools/verify_proof.py` reads it. Rows, in the order of their codes, have their truth and answer; columns are shown
only where a must line judged on the sealed rows needs them, and never the person column or an input that may be free
text. What cannot be recomputed from rows (bootstrap, latency) stands beside the rest as it was found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import zhinan
from zhinan.contract import Contract, Line, crossed
from zhinan.contract.units import UNITS
from zhinan.core import Dataset
from zhinan.evaluate.commitment import Committed
from zhinan.evaluate.in_use import takes, waiting
from zhinan.evaluate.measure import label_of
from zhinan.proof import Judged, Measurement, Tagged, Valued, Verdict
from zhinan.proof.combined import F1
from zhinan.proof.counts import Count
from zhinan.proof.gap import Gap
from zhinan.proof.ratio import Ratio
from zhinan.proof.series import Series, settled
from zhinan.steps.values.lists import written_list

if TYPE_CHECKING:
    import numpy as np

    from zhinan.evaluate.certify import Findings

__all__ = ["FORMAT", "digest", "proof_file"]

FORMAT = 2
"""Of proof.json; 1 had no number and could not be recomputed."""

SHOWN = frozenset({"category", "flag", "number", "time"})
"""Kinds of inputs that a proof may show; a text, an image or an id may name somebody."""
GROUPS = 100
"""A column with more values than this is nobody's group: it is not shown."""


def proof_file(contract: Contract, found: Findings, committed: Committed | None, version: int | None = None) -> Any:
    """The object written to proof.json.

    Args: committed: of the rows that were judged; None while the seal stayed closed.
    """
    lines = zip((*contract.must, *contract.should), (*found.verdicts, *found.shoulds), strict=True)
    shown = [_line(line, verdict, found, contract) for line, verdict in lines]
    columns = _columns(contract, found)
    written = {
        "format": FORMAT,
        "zhinan": zhinan.__version__,
        "product": contract.product,
        "version": version,
        "confidence": contract.confidence,
        "contract": contract.hash,
        "meaning": contract.meaning(),
        "outcome": found.outcome,
        "verdicts": shown[: len(contract.must)],
        "should": shown[len(contract.must) :],
        **({"in_use": _in_use(contract)} if contract.in_use else {}),
        "ledger": dict(found.ledger),
        "commitment": None if committed is None else _commitment(committed, columns),
        "sealed": None if committed is None or found.sealed is None else _rows(found, committed, columns),
    }
    plain = json.loads(json.dumps(written, default=_plain, allow_nan=False))
    return {**plain, "digest": digest(plain)}


def digest(proof: Mapping[str, Any]) -> str:
    """sha256 (hex) over everything else in a proof, written in the one canonical way."""
    rest = {key: value for key, value in proof.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _in_use(contract: Contract) -> list[dict[str, Any]]:
    """The lines that use judges, each with what counts for it: the service tells who sends what does not."""
    wanted = map(takes, contract.in_use)
    return [{**row, **({"takes": one} if one else {})} for row, one in zip(waiting(contract), wanted, strict=True)]


def _line(line: Line, verdict: Verdict, found: Findings, contract: Contract) -> dict[str, Any]:
    """A verdict with how it was reached: what was counted, by which method, at which opening and error."""
    measured, at = found.measured.get(line.text), found.looks.get(line.text)
    measured = None if measured is None else settled(measured)
    part = line.part
    return {
        **asdict(verdict),
        "metric": line.metric, "k": line.k,
        "part": [] if part is None else [part.label, part.column, part.value, part.under],
        "args": sorted(line.args.items()), "base": UNITS[line.unit].base, "relative": line.relative,
        "op": line.op, "target": line.target, "kept": None if at is None else at.verdict or None,
        "method": None if measured is None else measured.bound,
        "opening": None if at is None else at.opening, "delta": contract.delta if at is None else at.delta,
        "counted": None if at is None or measured is None else _counted(measured),
    }  # fmt: skip


def _counted(measured: Measurement) -> dict[str, Any] | None:
    """Hits and rows of a rate, or of each group that a rate is compared between; None where nothing is counted."""
    evidence = measured.evidence
    if isinstance(evidence, Series):  # the order in time moves bounds and counts nothing otherwise
        evidence = evidence.plain
    if isinstance(evidence, (Gap, Ratio)):
        parts = [part for part in evidence.parts if isinstance(part, Count)]
        return {"groups": [_hits(part) for part in parts]} if len(parts) == len(evidence.parts) else None
    if isinstance(evidence, F1):
        return _hits(evidence.overlap)
    return _hits(evidence) if isinstance(evidence, Count) else None


def _hits(count: Count) -> dict[str, Any]:
    hits = round(count.value * count.n) if count.outcomes is None and count.n else 0
    return {"hits": hits if count.outcomes is None else int(count.outcomes.sum()), "n": count.n}


def _columns(contract: Contract, found: Findings) -> tuple[str, ...]:
    """The columns that must lines judged on the sealed rows are about, as far as they may be shown."""
    if found.part is None or found.sealed is None:
        return ()
    wanted: dict[str, None] = {}
    for line in contract.must:
        by = line.args.get("by")
        named = [line.part.column] if line.part and line.part.column is not None else []
        named += crossed(str(by), found.sealed.columns) if by else ()
        if line.text in found.looks:
            wanted.update(dict.fromkeys(named))
    return tuple(sorted(name for name in wanted if _may_be_shown(name, found.part)))


def _may_be_shown(name: str, part: Dataset) -> bool:
    kinds = {column.name: column.kind for column in part.inputs}
    if name not in part.frame.columns or name == part.person or kinds.get(name, "category") not in SHOWN:
        return False
    return part.frame[name].n_unique() <= GROUPS


def _commitment(committed: Committed, columns: Sequence[str]) -> dict[str, Any]:
    """The root with what shows that the rows are under it: the branches not shown, the keys of those shown."""
    entry = asdict(committed.entry)
    stages = entry.pop("stages")
    return {
        **committed.as_dict(),
        "entry": {**entry, "stages": [stages["live"], stages["previous"], stages["revision"]]},
        "keys": {name: committed.key(name) for name in columns},
        "hidden": {name: root for name, root in committed.columns.items() if name not in columns},
    }


def _rows(found: Findings, committed: Committed, columns: Sequence[str]) -> dict[str, Any]:
    sealed = found.sealed
    if sealed is None or len(sealed) != len(committed.codes):
        raise ValueError("the committed rows are not those that were judged")
    order = sorted(range(len(sealed)), key=committed.codes.__getitem__)
    shown: dict[str, Any] = {
        "rows": [committed.codes[i] for i in order],
        "truth": _texts(sealed, sealed.truth, order),
        "answer": _texts(sealed, sealed.answer, order),
        "columns": {name: [str(sealed.columns[name][i]) for i in order] for name in columns},
    }
    if any(committed.people):
        shown["person"] = [committed.people[i] for i in order]
    if isinstance(sealed, Valued) and sealed.low is not None and sealed.high is not None:
        shown |= {"low": [label_of(sealed.low[i]) for i in order], "high": [label_of(sealed.high[i]) for i in order]}
    if isinstance(sealed, Tagged):
        shown["several"] = True
    if isinstance(sealed, Judged) and sealed.handover is not None:
        shown["handover"] = [bool(sealed.handover[i]) for i in order]
    if found.disturbed:
        shown["under"] = {how: _texts(judged, judged.answer, order) for how, judged in found.disturbed.items()}
    return shown


def _texts(judged: Judged | Tagged | Valued, values: np.ndarray, order: Sequence[int]) -> list[str]:
    """The truth or the answers as they were committed to."""
    if isinstance(judged, Tagged):
        return [written_list(name for name, held in zip(judged.classes, values[i], strict=True) if held) for i in order]
    return [label_of(values[i]) for i in order]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not JSON")
