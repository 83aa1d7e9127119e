"""Certifies one packaged draft: costs as measured, quality on the sealed set, at the error the ledger still allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract, Line
from zhinan.core import Dataset
from zhinan.evaluate.answering import answer_all, identity, kept_answers
from zhinan.evaluate.current import Current, beside, current_of, disturbances, fair
from zhinan.evaluate.disturb import under
from zhinan.evaluate.in_time import measure_in_time
from zhinan.evaluate.measure import is_cost, judge_dataset, measure_known
from zhinan.evaluate.opening import Draft, Kept, Look, Seal, look, outside, record
from zhinan.evaluate.sealed import parts
from zhinan.proof import Judged, Measurement, Tagged, Valued, Verdict, judge, judge_on_dev, opening_delta, outcome
from zhinan.store import Store

if TYPE_CHECKING:
    from zhinan.evaluate.commitment import Committed
    from zhinan.evaluate.costs import Costs
    from zhinan.package import Version
    from zhinan.proof.gate import On

__all__ = ["Findings", "answer_all", "certify"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Findings:
    """What certification found.

    Args:
        verdicts: one a must line, in the contract's order; shoulds: the same for should lines, which never gate.
        measured: line text → what its verdict was judged on.
        ledger: {"opening": t or None while the seal stayed closed, "delta", "left"}; with "override" when the look
            was outside the ledger.
        sealed: the judged sealed rows, None while the seal stayed closed. rows: their ids.
        disturbed: disturbance → the same rows judged under it, for the disturbances that lines name.
        looks: line text → the opening it was judged at and its δ, for lines judged on the sealed rows.
        part: those rows, as data.
    """

    verdicts: tuple[Verdict, ...]
    shoulds: tuple[Verdict, ...]
    measured: Mapping[str, Measurement]
    ledger: Mapping[str, Any]
    sealed: Judged | Tagged | Valued | None
    rows: tuple[str, ...]
    disturbed: Mapping[str | None, Judged | Tagged | Valued] = field(default_factory=dict)
    looks: Mapping[str, Kept] = field(default_factory=dict)
    part: Dataset | None = None

    @property
    def outcome(self) -> str:
        """The worst verdict of the must lines."""
        return outcome(self.verdicts)

    def proof(self, contract: Contract, committed: Committed | None = None, version: int | None = None) -> Any:
        """The object written to proof.json. `committed`: the judged rows, as they are on record; `version`: its number.

        It holds the outcome of every sealed row only under the root that was committed to.
        """
        from zhinan.evaluate.proof_file import proof_file

        return proof_file(contract, self, committed, version)


def certify(
    contract: Contract,
    version: Version,
    *,
    on_dev: Mapping[str, Measurement],
    sealed: Dataset,
    costs: Costs,
    store: Store,
    seal: Seal = "open",
    progress: Progress | None = None,
) -> Findings:
    """Judges every line on the packaged draft, opening the seal at most once, for what is not known of it yet.

    The seal stays closed when dev already refutes a quality line, a cost line is refuted, an earlier opening left a
    must line of this draft unproved, or `seal` says so; what has no verdict is then judged on dev, where it can be
    refuted or stay undecided, never be proved.

    Args:
        version: the draft, or a version made of one; judging the same one again by the same lines is free.
        on_dev: line text → its measurement on dev.
        store: holds the ledger; the opening is recorded before anything is looked at.
        seal: "closed" judges on dev only; an `Override` looks at a spent set too, and proves nothing by it.

    Raises:
        UserError: E030, E035 for a spent sealed set, E323 for a plan of openings that was changed.
    """
    asked, lines = (*contract.must, *contract.should), len(contract.must)
    seen = {**on_dev, **{line.text: measure_known(line, costs) for line in asked if is_cost(line)}}

    def verdict(line: Line, delta: float, on: On, later: float | None = None) -> Verdict:
        how = judge_on_dev if on == "dev" else partial(judge, on=on, later=later)
        return how(line.text, line.op, line.target, seen[line.text], delta=delta, lines=lines)

    verdicts = {line.text: verdict(line, contract.delta, "measured" if is_cost(line) else "dev") for line in asked}
    if any(verdicts[line.text].verdict == "REFUTED" for line in contract.must):
        seal = "closed"
    current = current_of(contract, store, sealed) if seal != "closed" else None
    looked = look(contract, _draft(version, current), parts(sealed, store), store, seal)
    looks = {line.text: at for line in asked if (at := looked.at(line)) is not None}
    rows, judged = looked.part.rows, [line for line in asked if line.text in looks]
    hows = disturbances(judged) if judged else ()
    on = {how: _judged(contract, version, rows, current, store, how, progress) for how in hows}
    for line in judged:
        at = looks[line.text]
        measured = measure_in_time(line, on[under(line)], like=on_dev.get(line.text))
        seen[line.text] = fair(measured, line, current, sealed)
        told = verdict(line, at.delta, "sealed", _later(contract, at))
        verdicts[line.text] = _allowed(told, at, looked, seen[line.text], line)
    record(looked, contract, verdicts, store)
    return Findings(
        tuple(verdicts[line.text] for line in contract.must),
        tuple(verdicts[line.text] for line in contract.should),
        seen, looked.ledger(), on.pop(None, None), tuple(rows.values("_row")), on, looks, rows,
    )  # fmt: skip


def _later(contract: Contract, at: Kept) -> float | None:
    """The δ of the opening after this one, which more rows would be judged at; None when a plan has no other."""
    plan = contract.proof.openings
    return None if plan is not None and at.opening >= plan else opening_delta(at.opening + 1, contract.delta, plan)


def _allowed(verdict: Verdict, at: Kept, looked: Look, measured: Measurement, line: Line) -> Verdict:
    """What may be said of a line: never more than its opening said, and no proof outside the ledger."""
    if at.verdict not in ("", "PROVED") and verdict.verdict == "PROVED":
        return replace(verdict, verdict="UNDECIDED", why=f"opening {at.opening} did not prove it")
    if looked.override is not None and not at.verdict:
        return outside(verdict, measured.needed(line.op, line.target, at.delta))
    return verdict


def _draft(version: Version, current: Current | None) -> Draft:
    """A version as the ledger knows it: what decides its answers, what it is compared with, what it was made of."""
    facts: Mapping[str, Any] = getattr(version.manifest, "facts", {})
    made_of = {key: facts[key] for key in ("data",) if key in facts}
    return Draft(identity(version), current.name if current else None, made_of)


def _judged(
    contract: Contract, version: Version, sealed: Dataset, current: Current | None, store: Store, how: str | None,
    progress: Progress | None,
) -> Judged | Tagged | Valued:  # fmt: skip
    """The draft's answers to the sealed rows, disturbed or not, beside the truth and what lines compare them with."""
    answers = kept_answers(version, sealed, store, progress, how=how)
    return beside(judge_dataset(sealed, answers, version.classes), sealed, contract, current, how)
