"""`improve`: a challenger from what users taught, proved against the live version on sealed rows, promoted or kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zhinan.contract import Contract
from zhinan.core import Dataset, UserError, Words
from zhinan.core.account import by
from zhinan.data import Loaded, Split
from zhinan.engine.building import build, store_of
from zhinan.engine.built import Build
from zhinan.engine.labels import accepted, load_labelled, with_mask_key
from zhinan.engine.libraries import for_all, imported_meanwhile, needed_by
from zhinan.engine.pace import STAGES, Pace
from zhinan.engine.shares import cut
from zhinan.evaluate.answering import kept_answers
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.in_use import waiting as waiting_lines
from zhinan.evaluate.measure import judge_dataset
from zhinan.improve.changes import Rows, changed
from zhinan.improve.corrections import corrections
from zhinan.improve.deciding import Answers, Decision, cheaper, decide, taken
from zhinan.improve.grown import grown, widened, widened_tags
from zhinan.improve.proposals import Proposal, proposals
from zhinan.improve.quarantine import REASONS, Screened, screened, with_words
from zhinan.improve.unlearned import unlearned
from zhinan.package import Version, open_version
from zhinan.proof import Judged, Tagged
from zhinan.store import Event, Stages, Store
from zhinan.store.claims import claimed
from zhinan.store.persons import person_code
from zhinan.store.waiting import erase_waiting

__all__ = ["Improvement", "improve", "waiting"]

RUN = "improve"
RIGHT = ("label", "labels", "value")
"""Keys of feedback that says what is right, one of each kind of task."""

SOURCES, CLASSES = 0.25, 0.5
"""Shares of the budget: what judging sources may take, and what may be gone when new classes are still looked for."""
PROOF, PROOF_SHARE = 5.0, 0.1
"""Seconds kept for the paired proof and for telling what changed, but at most this share of the budget."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Improvement:
    """What came of trying to improve; the attributes are the keys of `zhinan improve --json`.

    Args:
        champion, challenger: numbers of versions; challenger None when none was made. decision: "promoted", "kept" or
            "nothing new". taught: {"rows": words read, "used", "quarantined": {reason: n}}. named: people to look at,
            each with the code that stands for the name in the challenger's report.
        paired: the paired proof, None when none was made. outcome, verdicts: of the challenger.
        slices: where answers to dev got better or worse. examples: rows of dev that are answered otherwise.
        new_classes: {"class", "n", "found"}: sealed rows of a class that the champion cannot know, and the share of
            them that the challenger answers with it. proposals: classes that the live version may lack, as
            `Proposal.to_dict`. skipped: what was left out for lack of time, {"en", "zh"} each.
    """

    product: str
    champion: int
    challenger: int | None
    decision: str
    why: Words
    taught: Mapping[str, Any]
    named: tuple[Mapping[str, Any], ...]
    paired: Mapping[str, Any] | None = None
    outcome: str | None = None
    verdicts: tuple[Mapping[str, Any], ...] = ()
    slices: tuple[Mapping[str, Any], ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ()
    new_classes: tuple[Mapping[str, Any], ...] = ()
    proposals: tuple[Mapping[str, Any], ...] = ()
    skipped: tuple[Mapping[str, str], ...] = ()
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {**self.__dict__, "why": {"en": self.why.en, "zh": self.why.zh}}


@dataclass
class _Work:
    contract: Contract
    store: Store
    stages: Stages
    champion: Version
    started: float
    limit: float
    short: float | None = None
    latest: Screened | None = field(default=None)
    proposals: tuple[Proposal, ...] = ()
    grown: tuple[Mapping[str, Any], ...] = ()
    skipped: tuple[Words, ...] = ()
    compared: tuple[Findings, Decision] | None = None

    @property
    def until(self) -> float:
        return self.started + self.limit

    @property
    def live(self) -> int:
        if self.stages.live is None:
            raise ValueError("nothing is live")
        return self.stages.live


def improve(
    contract: Contract,
    store: str | Path | None = None,
    *,
    budget: float | None = None,
    progress: Progress | None = None,
) -> Improvement:
    """Makes a challenger of the data, the labels given since and what users taught, and lets the sealed rows decide.

    The challenger is a build like any other: certified on the sealed set, refreshed by labels that were asked for, at
    one opening of the ledger. On the same rows, at the same δ, it is compared with the live version; the search for the
    next one learns from an opening whether it was promoted and nothing else. A challenger that is kept stays at stage
    "ready". Killed at any moment, it leaves the live version live, and is made again by the next call.

    Args:
        store: folder or DSN; default `.zhinan` beside the product file. budget: seconds of wall clock for everything;
            default the contract's. What there is no time for is left out and said in `skipped`; no challenger is begun
            that, by what the last build took, would not be over in time.

    Raises:
        UserError: E329, before anything is read, where the budget is too short for a challenger; E501 without a live
            version, E502 when that reads a column the data lack; what `build` raises, E030 and E035 for a spent sealed
            set among it.
    """
    started = time.perf_counter()
    with store_of(contract, store) as opened:
        contract = with_mask_key(contract, opened)
        stages = opened.stages(contract.product)
        if stages.live is None:
            raise UserError("E501", product=contract.product)
        with claimed(opened, contract.product, RUN, stages.live):
            champion = open_version(opened.version(contract.product, stages.live).path, threads=2)
            limit = contract.budget if budget is None else budget
            work = _Work(contract, opened, stages, champion, started, limit)
            return _tried(work, store, progress or (lambda what, done, total: None))


def _tried(work: _Work, store: str | Path | None, tell: Progress) -> Improvement:
    """What users taught, and a challenger of it where it is anything new."""
    contract, opened = work.contract, work.store
    Pace.of(contract, opened, work.until).demand(*STAGES)
    tell("data", 0, 0)
    with imported_meanwhile(for_all):
        loaded, labels = load_labelled(contract, opened, progress=tell)
    with imported_meanwhile(*needed_by(loaded)):
        parts = cut(contract, loaded)
    tell("feedback", 0, 0)
    said = corrections(opened, contract.product, loaded, accepted(contract, loaded))
    ends = _share(work, SOURCES)
    work.latest = screened(contract, opened, (loaded, parts), said, ends)
    tell("classes", 0, 0)
    late = time.perf_counter() > work.started + CLASSES * work.limit
    work.proposals = proposals(contract, opened, (loaded, parts), work.champion, said, look=not late)
    if late:
        work.skipped += (Words("new classes were not looked for", "没有寻找新类别"),)
    seen = _seen(contract, loaded, parts, labels, work.latest)
    if _known(work, seen):
        nothing = Words("no new label, and nothing new was taught", "没有新标注，也没有新学到的内容")
        return _finished(work, None, Decision(False, nothing), "nothing new", seen)
    return _made(work, (loaded, labels), seen, store, tell)


def _made(
    work: _Work, data: tuple[Loaded, int], seen: Mapping[str, Any], store: str | Path | None, tell: Progress
) -> Improvement:
    """A challenger, proved, and promoted or kept; nothing is begun that would not be over in time."""
    left = work.until - time.perf_counter() - min(PROOF, PROOF_SHARE * work.limit)
    try:
        built = build(
            work.contract, store=store, budget=max(left, 0.0), progress=tell, parent=work.live, in_time=True,
            loaded=(with_words(data[0], work.latest), data[1]),
            beside=lambda draft, found, dev: _told(work, draft, found, dev),
        )  # fmt: skip
    except UserError as error:
        if error.code != "E329":
            raise
        why = Words(error.what("en"), error.what("zh"))
        work.skipped += (Words("no challenger was made", "没有构建挑战者"),)
        return _finished(work, None, Decision(False, why), "kept", seen)
    tell("paired", 0, 0)
    return _settled(work, built, _decided(work, built), seen)


def _share(work: _Work, share: float) -> float:
    """When a share of what is left of the budget will be over."""
    now = time.perf_counter()
    return now + share * max(work.until - now, 0.0)


def waiting(contract: Contract, store: Store, known: dict[str, tuple[int, int, int]] | None = None) -> int:
    """Words that say what is right, and labels, that came since `improve` last looked; what people did is neither.

    Args: known: kind → since when, read to, words; kept up to date, so that who asks again reads nothing twice.
    """
    known = {} if known is None else known
    run = store.last_run(contract.product, RUN)
    after = 0 if run is None else int(run.plan.get("until", 0))
    for kind in ("feedback", "label"):
        since, seq, found = known.get(kind, (after, after, 0))
        if since != after:
            seq, found = after, 0
        while events := store.events(contract.product, kind, seq, 1000):
            found, seq = found + sum(map(_teaches, events)), events[-1].seq
        known[kind] = after, seq, found
    return sum(found for _, _, found in known.values())


def _teaches(event: Event) -> bool:
    said = event.payload
    return event.kind == "label" or said.get("accepted") is True or any(key in said for key in RIGHT)


def _seen(contract: Contract, loaded: Loaded, parts: Split, labels: int, latest: Screened) -> dict[str, Any]:
    """All that decides which challenger is made."""
    taught = None if latest.taught is None else latest.taught.fingerprint
    data = parts.counts["fingerprint"]
    return {"contract": contract.hash, "data": data, "sealed": parts.sealed.fingerprint, "taught": taught,
            "until": max(labels, latest.latest)}  # fmt: skip


def _known(work: _Work, seen: Mapping[str, Any]) -> bool:
    """Whether the live version, or the challenger tried last, was made of the very same, and nothing was left out then
    that there is more time for now."""
    keys = ("contract", "data", "sealed", "taught")
    wanted = [seen[key] for key in keys]
    run = work.store.last_run(work.contract.product, RUN)
    tried = False
    if run is not None and run.result is not None and wanted == [run.plan.get(key) for key in keys]:
        tried = run.plan.get("live") == work.live
        work.short = run.plan.get("short") if work.live in (run.plan.get("live"), run.result["challenger"]) else None
    made = wanted == [work.champion.manifest.facts.get(key) for key in keys]
    return (made or tried) and (work.short is None or work.limit <= work.short)


def _told(work: _Work, draft: Version, found: Findings, dev: Dataset) -> dict[str, Any]:
    """What the report tells of a challenger beside the live version; people by codes that only this store can make."""
    contract, store, latest = work.contract, work.store, work.latest
    if latest is None:
        raise ValueError("nothing was screened")
    slices, examples = changed(contract, store, work.champion, draft, dev)
    verdicts = (*(one.as_dict() for one in found.verdicts), *waiting_lines(contract))
    decision = None if _lacking(work, found) else _compared(work, draft, found, verdicts)
    work.compared = None if decision is None else (found, decision)
    return {
        "champion": work.live, **latest.to_dict(),
        "quarantined": [
            {"why": {"en": REASONS[name].en, "zh": REASONS[name].zh}, "n": n} for name, n in latest.quarantined.items()
        ],
        "named": [{key: value for key, value in one.items() if key != "person"} for one in _people(work)],
        "paired": decision and decision.paired_dict(),
        "decision": decision and {"promote": decision.promote, "why": {"en": decision.why.en, "zh": decision.why.zh}},
        "slices": slices, "examples": examples, "new_classes": work.grown, "skipped": _skipped(work),
        "proposals": [{"name": one.name, "by": one.by, "rows": one.rows} for one in work.proposals],
    }  # fmt: skip


def _skipped(work: _Work, built: Build | None = None) -> list[dict[str, str]]:
    """What there was no time for; recipes among it once the build is over."""
    told = [*(() if work.latest is None else work.latest.skipped()), *work.skipped]
    for one in () if built is None else built.recipes:
        named = f"{one['recipe']} ({one['encoder']})"
        if one["late"]:
            told.append(Words(f"{named} was not tried", f"未尝试 {named}"))
        if one["alone"]:
            told.append(Words(f"{named} was not trained on dev as well", f"{named} 未用开发集重新训练"))
    return [{"en": one.en, "zh": one.zh} for one in told]


def _people(work: _Work) -> tuple[dict[str, Any], ...]:
    """Whom to look at, each with the code that stands for the name in a report, which may be passed on."""
    secret = work.store.sealing_key(work.contract.product)
    named = () if work.latest is None else work.latest.named
    return tuple({**one, "code": person_code(secret, one["person"])[:8]} for one in named)


def _lacking(work: _Work, found: Findings) -> list[str]:
    """Columns that the live version reads and the rows judged lack."""
    part = found.part
    return [] if part is None else [name for name in work.champion.inputs if name not in part.frame.columns]


def _decided(work: _Work, built: Build) -> Decision:
    """Lets the rows that the challenger was certified on decide."""
    found = built.certified
    if found is None or built.version is None or built.path is None:
        return Decision(False, Words("nothing was packaged", "没有打包任何版本"))
    if built.version == work.live:
        return Decision(False, Words("it is the live version again", "与现任版本相同"))
    if work.compared is not None and work.compared[0] is found:
        return work.compared[1]
    if lacking := _lacking(work, found):
        raise UserError("E502", number=work.live, column=lacking[0])
    return _compared(work, open_version(Path(built.path), threads=2), found, built.verdicts)


def _compared(
    work: _Work, challenger: Version, found: Findings, verdicts: Sequence[Mapping[str, Any]]
) -> Decision:  # fmt: skip
    contract, store = work.contract, work.store
    proved = store.verdicts(contract.product, work.live)
    new = found.sealed
    if new is None or found.part is None:
        return decide(contract, (_nothing(), proved), (None, verdicts), None)
    answers = kept_answers(work.champion, found.part, store, own=True)
    old = judge_dataset(found.part, answers, work.champion.classes)
    if isinstance(old, Tagged) and isinstance(new, Tagged):
        work.grown = grown(new, work.champion.classes)
        old, new = (widened_tags(one, tuple(sorted({*old.classes, *new.classes}))) for one in (old, new))
    if isinstance(old, Judged) and isinstance(new, Judged):
        work.grown = grown(new, work.champion.classes)
        old = replace(widened(old, new.classes), matrix=contract.cost.matrix)
    fresh = unlearned(store, contract.product, work.live, found.part)
    if len(fresh) < len(old):  # what the champion learned from would flatter it
        old, new = (taken(one, fresh) for one in (old, new))
    lighter = cheaper(work.champion, challenger)
    return decide(
        contract, (old, proved), (new, verdicts), found.ledger["delta"], lighter=lighter, measured=found.measured
    )


def _nothing() -> Answers:
    import numpy as np

    return Judged(np.array([], str), np.array([], str))


def _settled(work: _Work, built: Build, decision: Decision, seen: Mapping[str, Any]) -> Improvement:
    """Promotes by compare-and-swap, or keeps; either is written down."""
    contract, store = work.contract, work.store
    word = "kept"
    if decision.promote and built.version is not None:
        try:
            store.promote(
                contract.product, built.version, revision=work.stages.revision, who=by(RUN), why=decision.why.en
            )
            word = "promoted"
            erase_waiting(store, contract.product)
        except UserError as error:
            if error.code != "E402":
                raise
            why = Words("somebody changed the stages meanwhile", "期间有人更改了版本阶段")
            decision = Decision(False, why, decision.paired)
    if word == "kept" and built.version is not None and built.version != work.live:
        store.note(contract.product, "keep", built.version, who=by(RUN), why=decision.why.en)
    return _finished(work, built, decision, word, seen)


def _finished(
    work: _Work, built: Build | None, decision: Decision, word: str, seen: Mapping[str, Any]
) -> Improvement:  # fmt: skip
    contract, store, latest = work.contract, work.store, work.latest
    if latest is None:
        raise ValueError("nothing was screened")
    changes: tuple[Rows, Rows] = (), ()
    if built is not None and built.path is not None and built.dev is not None:
        challenger = open_version(Path(built.path), threads=2)
        changes = changed(contract, store, work.champion, challenger, built.dev)
    found = Improvement(
        product=contract.product, champion=work.live, challenger=None if built is None else built.version,
        decision=word, why=decision.why, taught=latest.to_dict(), named=_people(work), paired=decision.paired_dict(),
        outcome=None if built is None else built.outcome, verdicts=() if built is None else built.verdicts,
        slices=changes[0], examples=changes[1], new_classes=work.grown,
        proposals=tuple(one.to_dict() for one in work.proposals), skipped=tuple(_skipped(work, built)),
        seconds=round(time.perf_counter() - work.started, 2),
    )  # fmt: skip
    short = work.short if word == "nothing new" else work.limit if found.skipped else None
    run = store.start_run(contract.product, RUN, {**seen, "live": work.live, "short": short})
    store.finish_run(run.id, {"decision": word, "challenger": found.challenger, "why": decision.why.en})
    return found
