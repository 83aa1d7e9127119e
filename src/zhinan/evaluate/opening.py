"""What the seal must be opened for, on which rows and at which error; decided before any sealed answer is seen.

Each line of a contract is judged at one opening, at that opening's δ. An edited contract on the same draft and the
same rows keeps what was proved and opens the seal for what is new only. That no false contract profits from it:

- An opening t has its own must lines J_t, chosen before it, and its own δ_t. If one of J_t is false, all of J_t are
  proved with chance at most δ_t, however many they are (intersection–union, Berger 1982). That is the bad event of t.
- A verdict PROVED is kept only from an opening that proved *all* of its must lines, for such a line or a looser one
  (if that is false, so is the line itself). So a contract that is PROVED although one of its lines is false is inside
  the bad event of the opening that line comes from, and the δ_t sum to at most δ (`proof.ledger`).
- Where an opening left a must line unproved, dropping that line, loosening it or making it a should line would make
  what passed beside it a selection of the lucky ones. Then nothing of that opening is kept, all is judged anew. While
  each such line is still asked for, as it was or tighter, the contract is known not to be PROVED: its verdicts stand,
  and the seal stays closed.
- A should line gates nothing: its verdict is kept from any opening, the seal is never opened for it alone, and made
  a must line it is a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from zhinan.contract import Contract, Line
from zhinan.contract.diff import follows
from zhinan.core import UserError
from zhinan.evaluate.measure import is_cost
from zhinan.evaluate.sealed import SPENT, Part, choose, grant
from zhinan.proof import Opening as Granted
from zhinan.proof import Verdict
from zhinan.store import Opening, Store

__all__ = ["Draft", "Kept", "Look", "Override", "Seal", "covered", "look", "outside", "record"]


@dataclass(frozen=True)
class Override:
    """Leave to look at a spent sealed set once more, outside the ledger. `at`: seconds since 1970."""

    reason: str
    who: str
    at: float

    def as_dict(self) -> dict[str, Any]:
        """The object under "override" of the report and of proof.json."""
        return {"reason": self.reason, "who": self.who, "at": self.at}


Seal = Literal["open", "closed"] | Override
"""Whether the sealed set may be opened: if the ledger allows it, not at all, or even when it is spent."""


@dataclass(frozen=True)
class Draft:
    """What is judged, as far as the ledger must know it.

    Args:
        identity: of all that decides its answers. current: name of what relative lines compare it with.
        facts: kept with an opening, such as the fingerprint of the data.
    """

    identity: str
    current: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """A verdict that an earlier opening gave: at which opening, at which δ. `verdict` PROVED holds for looser lines."""

    opening: int
    delta: float
    verdict: str


@dataclass(frozen=True, eq=False)
class Look:
    """What a draft may be asked of the sealed rows.

    Args:
        part: the rows. kept: line text → the verdict it has already. new: lines the seal is opened for, none while it
            stays closed. charged: that opening, None when nothing is new.
        number, delta, left: of the opening charged or, without one, of the last one kept from; number None for none.
        override: set when the look is outside the ledger.
    """

    part: Part
    kept: Mapping[str, Kept]
    new: tuple[Line, ...]
    charged: Opening | None
    number: int | None
    delta: float | None
    left: int
    override: Override | None = None

    def at(self, line: Line) -> Kept | None:
        """The opening a line is judged at; None when only dev can be asked."""
        if line.text in self.kept:
            return self.kept[line.text]
        if self.charged is None or line not in self.new:
            return None
        return Kept(self.charged.t, self.charged.delta, "")

    def ledger(self) -> dict[str, Any]:
        """The object under "ledger" of `build --json`."""
        shown: dict[str, Any] = {"opening": self.number, "delta": self.delta, "left": self.left}
        return shown if self.override is None else {**shown, "override": self.override.as_dict()}


def look(contract: Contract, draft: Draft, several: Sequence[Part], store: Store, seal: Seal = "open") -> Look:
    """Charges the ledger for the lines that are new to this draft on these rows, and for nothing else.

    Args:
        several: the parts that may be judged; the one on which this draft was judged before is, else the one that
            `sealed.choose` takes.
        seal: "closed" asks dev only, whatever was seen before; an `Override` is used only when the set is spent.

    Raises:
        UserError: E030, E035 for a spent set without an override, E323 for a plan that was changed.
    """
    looks = {one.rows.fingerprint: _looks(contract, {"identity": draft.identity}, one, store) for one in several}
    part = next((one for one in several if looks[one.rows.fingerprint]), None) or choose(contract, several)
    past = [one for one in looks[part.rows.fingerprint] if one.result is not None and seal != "closed"]
    musts, shoulds = _quality(contract)
    kept = _kept(contract, draft.current, past)
    new = [line for line in musts if line.text not in kept], [line for line in shoulds if line.text not in kept]
    hopeless = any(_unproved(contract, draft.current, line, past) for line in musts)
    if seal == "closed" or not new[0] or (hopeless and not isinstance(seal, Override)):
        return _closed(contract, part, kept, past)
    given = _Given(contract, draft, part, new, kept)
    granted = _granted(given)

    def at(turn: int) -> Granted:
        return granted if granted is not None and granted.number == turn else grant(contract, part, new[0], turn)

    try:
        charged = store.open_seal(
            contract.product, _key(given), part.ids, delta=lambda turn: at(turn).delta, lines=_asked(given)
        )
    except UserError as error:
        if error.code not in SPENT or not isinstance(seal, Override):
            raise
        return _outside(given, seal, store)
    return Look(part, kept, (*new[0], *new[1]), charged, charged.t, charged.delta, at(charged.t).left)


def covered(contract: Contract, several: Sequence[Part], store: Store, facts: Mapping[str, Any]) -> bool:
    """Whether some draft made of the same data has a verdict on every line, so that building it again may be free."""
    for part in several:
        looks = _looks(contract, facts, part, store)
        for identity, current in {(one.lines["identity"], one.lines.get("current")) for one in looks}:
            mine = [one for one in looks if one.lines["identity"] == identity]
            known = set(_kept(contract, current, [one for one in mine if one.result is not None]))
            known |= {text for one in mine if one.result is None for text in one.lines["lines"]}  # charged, then killed
            if all(line.text in known for line in _quality(contract)[0]):
                return True
    return False


def record(look: Look, contract: Contract, verdicts: Mapping[str, Verdict], store: Store) -> None:
    """Writes down what the opening showed, once; it is what later builds keep verdicts from."""
    if look.charged is None or look.charged.result is not None:
        return
    musts = {line.text for line in contract.must}
    lines = [
        {
            "line": line.text, "meaning": line.meaning(), "must": line.text in musts, "delta": look.charged.delta,
            **{key: getattr(verdicts[line.text], key) for key in ("verdict", "value", "bound", "n")},
        }
        for line in look.new
    ]  # fmt: skip
    found = {row["verdict"] for row in lines if row["must"]}
    worst = next((one for one in ("REFUTED", "UNDECIDED", "PROVED") if one in found), None)
    result = {
        "verdicts": {row["line"]: row["verdict"] for row in lines},
        "outcome": worst,
        "lines": lines,
        "left": look.left,
    }
    store.close_seal(look.charged.id, result)


def outside(verdict: Verdict, fresh: int | None) -> Verdict:
    """The verdict that a look outside the ledger allows: no proof, whatever the bound.

    A bound speaks for a first look. After more looks than the ledger pays for, what passes may have passed by trying,
    and no confidence can be put on it; a line that fails even so is still refuted.

    Args: fresh: new examples on which the line would be decided again.
    """
    if verdict.verdict != "PROVED":
        return verdict
    why = "outside the ledger: its bound meets the target, but this set was looked at too often to prove anything"
    decide = None if fresh is None else {"examples": fresh}
    return Verdict(verdict.line, "UNDECIDED", verdict.value, verdict.bound, verdict.n, verdict.on, decide, why)


@dataclass(frozen=True, eq=False)
class _Given:
    """What an opening is asked for: the must and should lines that are new, and what stands already."""

    contract: Contract
    draft: Draft
    part: Part
    new: tuple[list[Line], list[Line]]
    kept: Mapping[str, Kept]


def _quality(contract: Contract) -> tuple[list[Line], list[Line]]:
    musts, shoulds = ([line for line in lines if not is_cost(line)] for lines in (contract.must, contract.should))
    return musts, shoulds


def _looks(contract: Contract, facts: Mapping[str, Any], part: Part, store: Store) -> list[Opening]:
    """Openings of these rows at this confidence, inside the ledger, that have these facts; oldest first."""
    wanted = {**facts, "sealed": part.rows.fingerprint, "confidence": contract.confidence}
    return [
        opening
        for opening in store.openings(contract.product)
        if "identity" in opening.lines
        and "override" not in opening.lines
        and all(opening.lines.get(key) == value for key, value in wanted.items())
    ]


def _kept(contract: Contract, current: str | None, past: Sequence[Opening]) -> dict[str, Kept]:
    """The verdicts that stand, by line, each from the earliest opening that gives one."""
    musts, shoulds = _quality(contract)
    kept: dict[str, Kept] = {}
    for opening in past:
        rows = _rows(opening)
        judged = [row for row in rows if row["must"]]
        stands = all(
            row["verdict"] == "PROVED" or any(_still_asks(line, row, opening, contract, current) for line in musts)
            for row in judged
        )
        for lines, allowed in ((musts, judged if stands else []), (shoulds, rows)):
            for line in lines:
                known = _comparable(line, opening, contract, current)
                row = next((row for row in allowed if known and _gives(row, line)), None)
                if row is not None and line.text not in kept:
                    kept[line.text] = Kept(opening.t, opening.delta, row["verdict"])
    return kept


def _comparable(line: Line, opening: Opening, contract: Contract, current: str | None) -> bool:
    """Whether the line means today what it meant then: compared with the same answers, by the same costs."""
    same = line.relative is None or opening.lines.get("current") == current
    return same and opening.lines.get("matrix") == _matrix(contract)


def _matrix(contract: Contract) -> Any:
    """What mistakes cost, as JSON gives it back."""
    costs: Any = json.loads(json.dumps(contract.meaning()["cost"]["matrix"])) if contract.cost.matrix else None
    return costs


def _gives(row: Mapping[str, Any], line: Line) -> bool:
    """Whether a verdict on record is also this line's: the same line, or a looser one than what was proved."""
    if row["verdict"] == "PROVED":
        return follows(row["meaning"], line)
    return follows(row["meaning"], line) and _tighter(line, row["meaning"])


def _still_asks(
    line: Line, row: Mapping[str, Any], opening: Opening, contract: Contract, current: str | None
) -> bool:  # fmt: skip
    """Whether a must line asks for what that one asked, as it was or tighter."""
    return _comparable(line, opening, contract, current) and _tighter(line, row["meaning"])


def _tighter(line: Line, meaning: Sequence[Any]) -> bool:
    """Whether a line asks for the same measurement with a target as tight as a recorded one, or tighter."""
    recorded = replace(line, target=float(meaning[-1]))
    return follows([*meaning[:-1], line.target], recorded)


def _unproved(contract: Contract, current: str | None, line: Line, past: Sequence[Opening]) -> bool:
    """Whether it is on record that this must line, or a looser one, was not proved for this draft."""
    return any(
        row["must"] and row["verdict"] != "PROVED" and _still_asks(line, row, opening, contract, current)
        for opening in past
        for row in _rows(opening)
    )


def _rows(opening: Opening) -> list[Mapping[str, Any]]:
    return list((opening.result or {})["lines"])


def _closed(contract: Contract, part: Part, kept: Mapping[str, Kept], past: Sequence[Opening]) -> Look:
    """Nothing is charged; the ledger is shown as the last opening left it, or as the next one would find it."""
    used = max((one.opening for one in kept.values()), default=None)
    if used is None:
        try:
            granted = grant(contract, part)
        except UserError as error:
            if error.code not in SPENT:
                raise
            return Look(part, kept, (), None, None, None, 0)
        return Look(part, kept, (), None, None, granted.delta, granted.left + 1)
    opening = next(one for one in past if one.t == used)
    return Look(part, kept, (), None, used, opening.delta, int((opening.result or {})["left"]))


def _granted(given: _Given) -> Granted | None:
    """The next opening, worked out before the store is locked for it; None when there is none."""
    try:
        return grant(given.contract, given.part, given.new[0])
    except UserError as error:
        if error.code not in SPENT:
            raise
        return None


def _outside(given: _Given, override: Override, store: Store) -> Look:
    """Opens a spent set by leave, and puts the leave on record before anything is looked at."""
    contract, part = given.contract, given.part
    asked = {**_asked(given), "override": override.as_dict()}
    charged = store.open_seal(contract.product, _key(given, "override"), part.ids, delta=contract.delta, lines=asked)
    if charged.fresh:
        store.note(contract.product, "override", 0, who=override.who, why=override.reason)
    said = Override(**charged.lines["override"])
    return Look(part, given.kept, (*given.new[0], *given.new[1]), charged, charged.t, charged.delta, 0, said)


def _asked(given: _Given) -> dict[str, Any]:
    """What is kept of an opening, so that it can be found again and told to people."""
    contract, part = given.contract, given.part
    return {
        **given.draft.facts, "lines": [line.text for lines in given.new for line in lines], "rows": len(part.rows),
        "identity": given.draft.identity, "current": given.draft.current, "sealed": part.rows.fingerprint,
        "confidence": contract.confidence, "plan": contract.proof.openings, "matrix": _matrix(contract),
    }  # fmt: skip


def _key(given: _Given, *more: str) -> str:
    """Names a look, so that a build killed in the middle of it goes on with the same one."""
    lines = [sorted(line.text for line in some) for some in given.new]
    asked = [given.draft.identity, given.part.rows.fingerprint, *lines, given.contract.confidence]
    asked += [one for one in (given.draft.current, _matrix(given.contract)) if one]
    asked += more
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
