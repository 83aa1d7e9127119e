"""From a contract to a sealed version: load, split, climb, draft, certify, report, seal, and a stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import zhinan
from zhinan.contract import Contract, load
from zhinan.core import Dataset, UserError, suggest
from zhinan.data import Loaded, Split, check, fold_rows
from zhinan.data.augment import copies_facts, made_up
from zhinan.data.card import card
from zhinan.data.cleaned import limited, step_options
from zhinan.data.findings import finding
from zhinan.engine import climb as ladder
from zhinan.engine.built import Build
from zhinan.engine.checking import check_asked, check_task, loss_of
from zhinan.engine.detail import dev_facts
from zhinan.engine.directions import directions
from zhinan.engine.encode import Encoding, heard
from zhinan.engine.entering import register
from zhinan.engine.folders import place_of, store_of, sweep
from zhinan.engine.labels import load_labelled, with_mask_key
from zhinan.engine.ledger import changes, override, prepare, proof_of
from zhinan.engine.libraries import for_all, imported_meanwhile, needed_by
from zhinan.engine.lineage import keep_lineage
from zhinan.engine.offer import offer
from zhinan.engine.outlook import Outlook, look_ahead
from zhinan.engine.pace import Pace, key_of
from zhinan.engine.queues import keep_suspects
from zhinan.engine.reference import reference_of
from zhinan.engine.reporting import facts, recipe_row, without_inputs
from zhinan.engine.shares import cut
from zhinan.evaluate.certify import Findings, certify
from zhinan.evaluate.conformal import Look, widths
from zhinan.evaluate.costs import BLOCKS, Costs, measure_costs
from zhinan.evaluate.current import current_of
from zhinan.evaluate.in_use import waiting
from zhinan.evaluate.measure import is_cost
from zhinan.evaluate.numbers import interval_told
from zhinan.evaluate.opening import Seal
from zhinan.evaluate.report import render
from zhinan.evaluate.sealed import Standing, table
from zhinan.evaluate.timing import Timing
from zhinan.package import Draft, Version, draft, open_version, publishing
from zhinan.package.manifest import sealed_digest
from zhinan.store import Run, Store, spend
from zhinan.store.claims import claimed
from zhinan.store.erasing import forgotten

__all__ = ["Progress", "build", "store_of"]

Progress = Callable[[str, int, int], None]
"""Called with what is going on, how much is done and how much there is (0 when that is unknown)."""

Beside = Callable[[Version, Findings, Dataset], Mapping[str, Any]]
"""Compares a draft, as certified, with the version it is to replace; also given the rows of dev."""

REPORT = 3.0
"""Seconds kept for drawing the report and sealing."""


@dataclass
class _Work:
    """What one build carries from stage to stage."""

    contract: Contract
    store: Store
    tell: Progress
    started: float
    pace: Pace
    run: Run
    look: Seal
    timing: Timing
    loaded: tuple[Loaded, int] | None = None
    parent: int | None = None
    beside: Beside | None = None
    in_time: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)
    counted: float = 0.0
    judge: Look | None = None

    @property
    def spent(self) -> float:
        return time.perf_counter() - self.started

    @property
    def until(self) -> float:
        return self.pace.until

    def demand(self, *stages: str) -> None:
        """Of a build that has to be over in time: refuses to begin stages that would not be."""
        if self.in_time:
            self.pace.demand(*stages)


def build(  # noqa: PLR0913 the options of the command, and rows that Python code holds already
    contract: Contract | str | Path,
    *,
    data: Any = None,
    store: str | Path | None = None,
    budget: float | None = None,
    until: str = ladder.LEVELS[-1],
    draft: bool = False,
    resume: bool = False,
    override_ledger: str | None = None,
    progress: Progress | None = None,
    loaded: tuple[Loaded, int] | None = None,
    parent: int | None = None,
    beside: Beside | None = None,
    in_time: bool = False,
) -> Build:
    """Runs the loop from data to a certified version.

    Args:
        contract: read already, or the path of product.yaml.
        data: a polars or pandas frame, or a list of dicts, in place of the contract's source.
        store: folder or DSN; default `.zhinan` beside the product file.
        budget: seconds of wall clock for everything; default the contract's.
        until: the last level of recipes to try.
        draft: never open the seal: every quality line is judged on dev.
        resume: go on with the last unfinished build of this contract, its spent time counted in. Finished recipes
            and encoded texts are kept in any case.
        override_ledger: the reason for looking at a spent sealed set once more. It is recorded, and proves nothing.
        progress: told about stages and counts.
        loaded: the contract's data and the seq of the last label, as `load_labelled` gives them, with what users
            taught. parent: number of the version that this one is to replace; beside: what the report tells of both.
        in_time: whether to give up rather than begin what, by the last build, would not be over within the budget.
            Else a first candidate is packaged in any case.

    Returns:
        a Build; REFUTED and UNDECIDED package the best candidate too, at stage "ready".

    Raises:
        UserError: bad contract or data, no recipe possible; before anything is trained, a spent sealed set (E030,
            E035) or a changed plan of openings (E323); with `in_time`, E329.
    """
    started = time.perf_counter()
    contract = (contract if isinstance(contract, Contract) else load(contract)).with_rows(data)
    if until not in ladder.LEVELS:
        raise UserError("E301", "--until", name=until, suggestion=suggest(until, ladder.LEVELS))
    limit = budget if budget is not None else contract.budget
    look: Seal = "closed" if draft else "open" if override_ledger is None else override(override_ledger)
    needed = () if parent is None else (parent,)
    with store_of(contract, store) as opened, claimed(opened, contract.product, "build", *needed), Timing() as timing:
        contract = with_mask_key(contract, opened)
        key = key_of(contract)
        last = opened.last_run(contract.product, key) if resume else None
        if resume and (last is None or last.finished is not None):
            raise UserError("E302", "--resume", product=contract.product)
        run = last if last and last.finished is None else opened.start_run(contract.product, key, {"budget": limit})
        pace = Pace.of(contract, opened, started + limit - float(run.state.get("spent", 0.0)))
        told = progress or _silent
        work = _Work(contract, opened, told, started, pace, run, look, timing, loaded, parent, beside, in_time)
        built = _build(work, until)
        opened.finish_run(run.id, {"version": built.version, "outcome": built.outcome, "took": pace.took})
        return built


def _silent(what: str, done: int, total: int) -> None:
    """The default listener."""


def _read(work: _Work) -> tuple[Loaded, int]:
    """The data, which somebody may have read already, and the seq of the last label."""
    if work.loaded is None:
        with imported_meanwhile(for_all):
            loaded, labels = load_labelled(work.contract, work.store, progress=work.tell)
    else:
        loaded, labels = work.loaded
    work.pace.counted(loaded.accepted, read=work.loaded is None)
    work.demand("check", "fit", "certify")
    return loaded, labels


def _build(work: _Work, until: str) -> Build:
    contract, tell, pace = work.contract, work.tell, work.pace
    tell("data", 0, 0)
    loaded, labels = _read(work)
    check_task(contract, loaded)
    tell("split", loaded.accepted, 0)
    with imported_meanwhile(*needed_by(loaded)):
        parts = cut(contract, loaded)
        check_asked(contract, work.store, parts.sealed)
        stands = prepare(contract, parts, work.store, work.look)
        findings = check(contract, loaded, parts)
    parts, limits, outside = limited(heard(contract, parts), contract.data.clean)
    findings += (finding("clipped", sum(outside.values()), outside),) if outside else ()
    copies = made_up(parts.train, contract.train.augment)
    work.card = card(loaded, parts, limits, outside, copies_facts(contract.train.augment, copies))
    encoding = Encoding(
        parts.train, parts.dev, loaded.classes, work.store, tell, task=loaded.task, loss=loss_of(contract, loaded.task),
        made_up=copies, monotone=directions(contract, parts.train.inputs, loaded.classes),
    )  # fmt: skip
    parts, encoding = _folded(contract, parts, encoding)
    pace.passed("check")
    tried = _climb(work, encoding, stands, until)
    pace.passed("climb")
    tell("package", 0, 0)
    work.timing.begin()
    tried, chosen, candidate = ladder.shipped(tried, contract, encoding, until=work.until - pace.reserve)
    pace.passed("fit")
    work.demand("certify")
    if chosen.standing is None:
        raise UserError("E300")
    sweep(drafts := place_of(work.store) / "drafts")
    made_of = {
        "contract": contract.hash, "data": parts.counts["fingerprint"], "sealed": parts.sealed.fingerprint,
        "zhinan": zhinan.__version__, "labels": labels, "parent": work.parent,
        "reference": reference_of(encoding.answered, candidate, fresh=encoding.folding is None),
        "taught": None if loaded.taught is None else loaded.taught.fingerprint,
    }  # fmt: skip
    drafted = draft(
        folder=drafts, product=contract.product, candidate=candidate, inputs=parts.train.inputs,
        masks=contract.data.mask, mask_key=contract.mask_key, clean=step_options(contract.data.clean, limits),
        contract=contract.text.encode(), facts=made_of,
    )  # fmt: skip
    try:
        version = open_version(drafted.path, threads=2)
        tell("cost", 0, 0)
        costs = _costs(work, drafted, parts)
        found = certify(
            contract, version, on_dev=chosen.standing.measurements, sealed=parts.sealed,
            costs=costs, store=work.store, seal=work.look, progress=lambda done, total: tell("certify", done, total),
        )  # fmt: skip
        pace.passed("certify")
        tell("ahead", 0, 0)
        outlook = look_ahead(
            contract, found, (tried, chosen), encoding, parts, until=work.until - REPORT, spent=work.spent
        )
        tell("report", 0, 0)
        data = loaded, parts, findings
        return _finish(work, drafted, (tried, chosen), data, found, (costs, outlook, encoding.answered))
    finally:
        drafted.discard()


def _folded(contract: Contract, parts: Split, encoding: Encoding) -> tuple[Split, Encoding]:
    """As they are or, where the contract asks for folds, for recipes that are compared on them."""
    if contract.train.folds is None:
        return parts, encoding
    encoding = encoding.folded(fold_rows(contract, parts.train, parts.dev))
    told = {**parts.counts, "folds": contract.train.folds, "answered": len(encoding.answered)}
    return replace(parts, counts=told), encoding


def _climb(work: _Work, encoding: Encoding, stands: Standing, until: str) -> tuple[ladder.Tried, ...]:
    work.judge = Look(len(stands.part.rows), stands.planning)

    def begun(rung: ladder.Rung) -> None:
        spend(work.store, work.run.id, work.spent - work.counted)
        work.counted = work.spent
        work.tell(f"{rung.level} {rung.recipe}", 0, 0)

    return ladder.climb(
        work.contract, encoding, until=work.until - work.pace.reserve, delta=stands.planning,
        sealed=work.judge.rows, highest=until, begun=begun,
    )  # fmt: skip


def _costs(work: _Work, drafted: Draft, parts: Split) -> Costs:
    """Cost lines are measured in full; without any, one process is enough to tell."""
    lines = (*work.contract.must, *work.contract.should)
    blocks = BLOCKS if any(is_cost(line) and line.metric != "size" for line in lines) else 1
    rows = {name: values[:2000] for name, values in parts.dev.rows().items()}
    current = current_of(work.contract, work.store, parts.dev)
    return measure_costs(
        drafted.path, rows, blocks=blocks, prices=work.contract.cost,
        against=current.against(parts.dev, 2000) if current else None, timing=work.timing,
        progress=lambda d, t: work.tell("cost", d, t),
    )  # fmt: skip


def _finish(
    work: _Work,
    drafted: Draft,
    climbed: tuple[tuple[ladder.Tried, ...], ladder.Tried],
    data: tuple[Loaded, Split, tuple[Any, ...]],
    found: Findings,
    beyond: tuple[Costs, Outlook, Dataset],
) -> Build:
    contract, store = work.contract, work.store
    (tried, chosen), (loaded, parts, findings), (costs, outlook, answered) = climbed, data, beyond
    into = place_of(store) / "versions" / contract.product
    digest = sealed_digest(drafted.digest, found.outcome, found.ledger["opening"])
    built = Build(
        product=contract.product,
        version=None,
        path=None,
        stage="ready",
        outcome=found.outcome,
        verdicts=(*(v.as_dict() for v in found.verdicts), *waiting(contract)),
        recipes=tuple(recipe_row(one, one is chosen, costs) for one in tried),
        data=dict(parts.counts),
        ledger=dict(found.ledger),
        offer=offer(contract, found, tried, outlook),
        seconds=round(work.spent, 2),
        report=None,
        diff=tuple(change.as_dict() for change in changes(contract, store)),
        interval=interval_told(contract, found, answered, work.judge),
        widths=widths(chosen.candidate, answered, contract, work.judge),
        unit=loaded.dataset.target.notation.get("unit", "") if loaded.dataset.target else "",
        findings=findings,
    )
    gone = forgotten(store, contract.product)  # before the rows are looked through for theirs
    summary = {
        "contract": contract.hash,
        "openings_left": found.ledger["left"],
        "lineage": keep_lineage(store, contract, (loaded, parts), opened=found.sealed is not None),
    }

    @cache
    def more() -> dict[str, Any]:
        return {
            **outlook.facts(),
            **_detail(work, chosen, answered, costs),
            "openings": table(store.openings(contract.product)),
            "card": work.card,
            "improved": work.beside and work.beside(open_version(drafted.path, threads=2), found, parts.dev),
        }

    def written(number: int) -> AbstractContextManager[Callable[[], None]]:
        proof, mine = proof_of(contract, found, store, number), _numbered(built, into, number)
        told = {**more(), **_on_record(work, drafted, mine, proof)}
        shown = facts(mine, contract, chosen, (loaded, replace(parts, dev=answered), findings), found, costs, told)
        pages = render(without_inputs(shown) if store.encrypted else shown)
        return publishing(drafted, into=into, number=number, proof=proof, report=pages)

    number = register(store, contract, into, (digest, work.parent), found, summary, gone, written)
    keep_suspects(store, contract.product, number, outlook.relabel(), (parts.train, parts.dev, parts.sealed))
    mine, stage = _numbered(built, into, number), store.stage_of(contract.product, number)
    return replace(mine, stage=stage, seconds=round(work.spent, 2), certified=found, dev=parts.dev)


def _numbered(built: Build, into: Path, number: int) -> Build:
    path = into / str(number)
    return replace(built, version=number, path=str(path), report=str(path / "report.html"))


def _detail(work: _Work, chosen: ladder.Tried, answered: Dataset, costs: Costs) -> dict[str, Any]:
    """The engineer's figures: what takes long gets a fifth of what the build took, and never more than is left."""
    if chosen.candidate is None:
        raise ValueError("only a candidate is packaged")
    until = min(work.until - REPORT, time.perf_counter() + max(2.0, 0.2 * work.spent))
    return dev_facts(work.contract, chosen.candidate, answered, costs, until)


def _on_record(work: _Work, drafted: Draft, built: Build, proof: Mapping[str, Any]) -> dict[str, Any]:
    """What the report shows of the hashes and of what was committed to."""
    commitment = proof["commitment"] or {}
    hashes = {"contract": work.contract.hash, "data": built.data["fingerprint"], "draft": drafted.digest}
    return {
        "hashes": {**hashes, "sealed": commitment.get("root")},
        "commitment": {key: commitment[key] for key in ("root", "rows", "at", "audit")} if commitment else None,
    }
