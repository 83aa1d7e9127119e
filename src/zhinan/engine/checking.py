"""Before any compute: what each must line would need to be proved, what the data has, and what is wrong with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import zhinan
from zhinan.contract import Contract, Line, load
from zhinan.core import Dataset, Loss, Task, UserError, Words, entries, find
from zhinan.data import Finding, Loaded, Split, fold_rows
from zhinan.data import check as check_data
from zhinan.data import load as load_data
from zhinan.data.answers import answerable, contradictions
from zhinan.data.augment import copies_facts, made_up
from zhinan.data.card import card
from zhinan.data.checks import in_order
from zhinan.data.cleaned import limited
from zhinan.data.copies import copies_of
from zhinan.data.findings import finding
from zhinan.data.numeric import no_numbers
from zhinan.data.profiles import class_counts, profiles
from zhinan.engine.directions import directions
from zhinan.engine.forecast import forecast
from zhinan.engine.labels import load_labelled, with_mask_key
from zhinan.engine.needs import Need, need_of
from zhinan.engine.reporting import HIDDEN
from zhinan.engine.shares import cut
from zhinan.evaluate.check_page import render_check
from zhinan.evaluate.conformal import Look, aims, lacking, wanted
from zhinan.evaluate.costs import check_energy
from zhinan.evaluate.current import current_of
from zhinan.evaluate.decisions import check_calibration
from zhinan.evaluate.disturb import check_disturbances, under
from zhinan.evaluate.kinds import kinds_of
from zhinan.evaluate.measure import is_cost
from zhinan.evaluate.sealed import Standing, stakes_of, standing
from zhinan.evaluate.thresholds import ABSTAINING
from zhinan.proof import Answered, Judged, Tagged, Valued
from zhinan.steps.values.written import part_of
from zhinan.store import Store

__all__ = ["Check", "Need", "check", "check_asked", "check_task", "loss_of"]

JUDGED: Mapping[str, type[Answered]] = {"labels": Judged, "numbers": Valued, "tags": Tagged}
KINDS: Mapping[str, tuple[str, str]] = {
    "labels": ("labels", "标签"), "numbers": ("numbers", "数值"), "tags": ("several labels a row", "每行多个标签"),
}  # fmt: skip
"""What judged rows of a task are, as metrics take them and as people call them."""

DESCRIBED = ("name", "kind", "why", "role", "rows", "missing", "distinct")
"""What of a column is told where no value of it is."""


@dataclass(frozen=True)
class Check:
    """What `zhinan check` shows: a need a line, the findings by damage, the counts of the data and the ledger.

    Args:
        card: what became of every row and value, as `data.card` says.
        ledger: {"opening": the next one's t, None when the set is spent, "delta", "left", "plan", "rows": judged then,
            "of": all sealed rows, "openings": [{"t", "delta", "at", "outcome", "lines", "override"}]}.
        columns: as `data.profiles` tells. classes: [{"class", "train", "dev", "sealed"}], the most frequent first.
        forecast: [{"level", "recipe", "encoders", "seconds", "memory", "reason"}], what each rung of a build would take
            here; seconds and memory (bytes) None with the reason.
        tested: whether the sealed set is a file of its own, so that every row labelled for it counts.
        people: how many people the rows are of, those of the sealed set where it is a file; 0 where they are nobody's.
        copied: whether sealed rows that are nobody's repeat each other, so that they count as fewer.
    """

    needs: tuple[Need, ...]
    findings: tuple[Finding, ...]
    data: Mapping[str, Any]
    ledger: Mapping[str, Any] = field(default_factory=dict)
    product: str = ""
    columns: Sequence[Mapping[str, Any]] = ()
    classes: Sequence[Mapping[str, Any]] = ()
    forecast: Sequence[Mapping[str, Any]] = ()
    card: Mapping[str, Any] = field(default_factory=dict)
    tested: bool = False
    people: int = 0
    copied: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "lines": [need.__dict__ for need in self.needs],
            "findings": [
                {
                    "code": f.code, "what": _both(f.what), "count": f.count, "damage": f.damage,
                    "examples": list(f.examples), "do": _both(f.do), "overrule": _both(f.overrule),
                }
                for f in self.findings
            ],
            "data": dict(self.data),
            "card": dict(self.card),
            "ledger": dict(self.ledger),
            "columns": list(self.columns),
            "classes": list(self.classes),
            "forecast": list(self.forecast),
        }  # fmt: skip

    def page(self, made: str, values: bool = True) -> bytes:
        """The page about it, one file. made: when, as a text. values: whether it shows values of rows and columns."""
        facts = {
            **self.to_dict(), "product": self.product, "made": made, "zhinan": zhinan.__version__,
            "people": self.people > 0, "copied": self.copied,
            "lines": [{**need.__dict__, "buy": self.buy(need)} for need in self.needs],
            "findings": [{**finding.__dict__} for finding in self.findings],
        }  # fmt: skip
        if not values:
            hidden = [(HIDDEN,) if told.examples else () for told in self.findings]
            facts["findings"] = [
                {**told.__dict__, "examples": h} for told, h in zip(self.findings, hidden, strict=True)
            ]
            facts["columns"] = [{key: column[key] for key in DESCRIBED if key in column} for column in self.columns]
        return render_check(facts)

    def buy(self, need: Need) -> int | None:
        """About how many rows to label more before a line can be proved at all, or rows of how many more people where
        they belong to some; None when there are enough."""
        if need.need is None or need.have is None or need.provable:
            return None
        parts = ("sealed",) if self.tested else ("train", "dev", "sealed")
        every = self.people or sum(int(self.data[part]) for part in parts)
        return math.ceil((need.need - need.have) * every / max(need.have, 1))


def check(
    contract: Contract | str | Path,
    *,
    data: Any = None,
    store: Store | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    taste: bool = False,
) -> Check:
    """Looks at a contract and its data; trains nothing, opens nothing.

    Args:
        data: a polars or pandas frame, or a list of dicts, in place of the contract's source.
        progress: told how many rows are read, cleaned, masked, split and looked at.
        taste: encode a few rows to forecast what a build will take; without it there is no forecast.

    Raises:
        UserError: what makes a build impossible: a bad contract, unreadable data, unknown columns or classes, a plan
            of openings that was changed (E323),
            folds that the rows do not allow (E326, E327). A spent sealed set is told, not raised.
    """
    contract = (contract if isinstance(contract, Contract) else load(contract)).with_rows(data)
    if store is not None:
        contract = with_mask_key(contract, store, keep=False)
    loaded = load_labelled(contract, store, progress=progress)[0] if store else load_data(contract, progress)
    check_task(contract, loaded)
    if progress is not None:
        progress("split", loaded.accepted, 0)
    copies = copies_of(loaded, progress)
    parts = cut(contract, loaded, copies)
    contradicted = contradictions(loaded, copies)
    del copies
    check_asked(contract, store, parts.sealed)
    compared = parts.dev if contract.train.folds is None else fold_rows(contract, parts.train, parts.dev).answered
    directions(contract, parts.train.inputs, loaded.classes)
    stands = standing(contract, parts.sealed, store)
    needs = _needs(contract, loaded, parts, stands)
    if progress is not None:
        progress("seek", loaded.accepted, 0)
    seal = Look(len(stands.part.rows), stands.planning)
    of_lines = (*_one_answer(contract, parts), *_intervals(contract, compared, seal))
    findings = (*check_data(contract, loaded, parts, contradicted, progress), *of_lines)
    held, limits, outside = limited(parts, contract.data.clean)
    asked = contract.train.augment
    return Check(
        needs,
        in_order(findings),
        parts.counts,
        stands.to_dict(),
        contract.product,
        profiles(loaded, parts),
        class_counts(loaded, parts),
        forecast(contract, loaded, held) if taste else (),
        card(loaded, held, limits, outside, copies_facts(asked, made_up(held.train, asked))),
        bool(contract.data.test),
        _people((parts.sealed,) if contract.data.test else (parts.train, parts.dev, parts.sealed)),
        stands.part.rows.person is None and stands.part.rows.clusters() is not None,
    )


def _needs(contract: Contract, loaded: Loaded, parts: Split, stands: Standing) -> tuple[Need, ...]:
    """What each line takes to be proved."""
    at_stake = {stake.line: stake for stake in stakes_of(contract, stands.part)}
    lines = (*contract.must, *contract.in_use)
    needs = tuple(need_of(line, stands.part.rows, stands.planning, at_stake.get(line.text)) for line in lines)
    if (most := answerable(loaded, parts)) is not None:  # more rows of free text change nothing
        needs = tuple(replace(n, need=None, provable=False) if n.on == "sealed" and n.need and line.target > most else n
                      for n, line in zip(needs, lines, strict=True))  # fmt: skip
    return needs


def _people(parts: Sequence[Dataset]) -> int:
    return len({who for part in parts if part.person for who in part.values(part.person)} - {None, ""})


def _both(words: Words) -> dict[str, str]:
    return {"en": words.en, "zh": words.zh}


def _one_answer(contract: Contract, parts: Split) -> list[Finding]:
    """Lines about accuracy that the most frequent class meets by itself, told by the rows to learn from."""
    target = parts.train.target
    if target is None or target.kind not in ("category", "flag"):
        return []
    labels = Counter(value for part in (parts.train, parts.dev) for value in part.values(target.name))
    ((label, most),) = labels.most_common(1)
    share = most / labels.total()
    met = [
        line.text
        for line in (*contract.must, *contract.should)
        if (line.metric, line.op, line.part, line.relative) == ("accuracy", ">=", None, None) and share >= line.target
    ]
    return [finding("one_answer", len(met), met, label=part_of(label), share=f"{share:.1%}")] if met else []


def _intervals(contract: Contract, dev: Dataset, seal: Look) -> list[Finding]:
    """Lines about coverage that make every interval wider, with the level at which it is aimed for them; and whether
    those who are compared on are too few for any interval at all."""
    if dev.target is None or dev.target.kind != "number":
        return []
    told = [f"{line} → {level:.1%}" for line, level in aims(contract, dev, seal).items()]
    found = [finding("wider_interval", len(told), told)] if told else []
    lacks = lacking(dev, wanted(contract, dev, seal))
    if lacks is not None:
        level, need = f"{lacks['level']:.1%}", f"{lacks['need']:,}"
        found.append(finding("endless_interval", int(lacks["have"]), level=level, need=need))
    return found


def check_asked(contract: Contract, store: Store | None, part: Dataset) -> None:
    """Refuses lines that nothing here could answer, before anything is computed.

    Args:
        store: holds the live version, which relative lines may need. part: any part of the data.

    Raises:
        UserError: E172 an augmentation without a text to vary, E280 a disturbance that changes nothing, E281
            energy that cannot be known, E283 or E284 a relative line whose current is not known or cannot be asked,
            E326 a line on disturbed rows, or E328 an augmentation, beside folds.
    """
    check_disturbances(contract, part.inputs)
    if contract.train.augment and not any(column.kind == "text" for column in part.inputs):
        kinds = ", ".join(sorted({column.kind for column in part.inputs}))
        raise UserError("E172", contract.where.get("train.augment", ""), kinds=kinds)
    for line in (*contract.must, *contract.should) if contract.train.folds is not None else ():
        if not is_cost(line) and under(line) is not None:
            raise UserError("E326", line.where, line=line.text)
    if contract.train.folds is not None and contract.train.augment:
        raise UserError("E328", contract.where.get("train.augment", ""))
    check_energy(contract)
    current_of(contract, store, part)


def check_task(contract: Contract, loaded: Loaded) -> None:
    """Refuses keys and lines that mean nothing for what is to be answered, before anything is computed.

    Raises:
        UserError: E285 a monotone map of other than two classes, E304 a line about handing over where that is never
            done, E305 a key of another task, E306 a metric of other answers, E307 a line about a class where there are
            none, E308 a target that is always the same number.
    """
    check_calibration(contract, loaded.classes)
    tasks: dict[str, Task] = {name: entry.target() for name, entry in entries("task").items()}
    mine = tasks[loaded.task]
    kind = Words(*KINDS[mine.judged])
    for name, other in tasks.items():
        for key in other.private if name != loaded.task else ():
            if key in contract.where and key not in mine.private:
                raise UserError("E305", contract.where[key], key=key, kind=kind, task=loaded.task)
    for line in (*contract.must, *contract.should):
        if is_cost(line):
            continue
        if JUDGED[mine.judged] not in kinds_of(line):
            fix = _why_labels(loaded, _instead(mine, kinds_of(line)), kinds_of(line))
            raise UserError("E306", line.where, metric=line.metric, kind=kind, fix=fix)
        if mine.judged == "tags" and line.metric == ABSTAINING:
            plain = str(line.args.get("condition", ""))
            bare = plain.split(" ", maxsplit=1)[0] in ("precision", "recall", "f1")
            raise UserError("E304", line.where, line=line.text, condition=f"micro_{plain}" if bare else plain)
        if mine.judged == "numbers" and (line.args.get("part") or (line.part and line.part.label is not None)):
            raise UserError("E307", line.where, line=line.text)
    target = loaded.dataset.target
    if mine.judged == "numbers" and target is not None and len(set(loaded.dataset.values(target.name))) < 2:
        raise UserError("E308", contract.where.get("data.target", str(contract.path)), name=target.name)


def loss_of(contract: Contract, task: str) -> Loss:
    """What recipes make small for a contract."""
    metrics = [line.metric for line in (*contract.must, *contract.should) if not is_cost(line)]
    found: Loss = find("task", task).target().loss(metrics)
    return found


def _why_labels(loaded: Loaded, fix: Words, judges: Collection[type[object]]) -> Words:
    """The same with what keeps the target from being numbers, where a metric of numbers is asked of labels."""
    target = loaded.dataset.target
    if target is None or target.kind != "category" or JUDGED["numbers"] not in judges:
        return fix
    why = no_numbers(target, loaded.dataset.frame[target.name])
    if why is None:
        return fix
    return Words(f"{fix.en}; '{target.name}' is none now: {why.en}", f"{fix.zh}；目前“{target.name}”不是数值：{why.zh}")


def _instead(task: Task, judges: Collection[type[object]]) -> Words:
    """Metrics of these answers, those of the task itself first, or how to ask for those that the metric judges."""
    judged = task.judged
    known = [name for name, entry in entries("metric").items() if entry.facts["family"] == "quality"]
    fitting = [name for name in known if JUDGED[judged] in kinds_of(Line(name, name, None, None, {}, ">=", 0, ""))]
    if judged == "tags":  # several labels are never handed over
        fitting.remove(ABSTAINING)
    shown = ", ".join(list(dict.fromkeys((*task.metrics, *fitting)))[:7])
    if judged == "tags":
        return Words(f"use one of {shown}; or say `task: classify` when each combination is a class",
                     f"可用：{shown}；若每种组合是一个类别，请写 `task: classify`")  # fmt: skip
    if judged == "numbers":
        return Words(f"use one of {shown}; or say `task: classify` when each of the numbers is a label",
                     f"可用：{shown}；若每个数字就是一个标签，请写 `task: classify`")  # fmt: skip
    if JUDGED["tags"] in judges:
        return Words(f"use one of {shown}; or say `task: tag` when a row has several labels",
                     f"可用：{shown}；若一行可有多个标签，请写 `task: tag`")  # fmt: skip
    return Words(f"use one of {shown}; or say `task: regress` when the target is a number",
                 f"可用：{shown}；若目标是数值，请写 `task: regress`")  # fmt: skip
