"""Quarantine: what is left of people's words once doubles, crowds, quarrels, bad sources and test rows are gone."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset, Words
from zhinan.data import Loaded, Split, for_sealed
from zhinan.data.cleaning import fingerprint
from zhinan.data.copies import look_for_copies
from zhinan.data.labels import renamed, typed_labels
from zhinan.data.places import draws
from zhinan.engine.labels import widened
from zhinan.engine.taught import named_as, unanswered
from zhinan.improve.corrections import Corrections
from zhinan.improve.sources import FEWEST, Heard, Stranger, against_all, strangers
from zhinan.store import Store

__all__ = ["FEEDBACK", "REASONS", "Screened", "screened", "with_words"]

FEEDBACK = "feedback"
"""Where a taught row comes from, for its lineage."""

REASONS: Mapping[str, Words] = {
    "no_answer": Words("name no right answer", "没有给出正确答案"),
    "no_prediction": Words("are about a prediction that is not kept any more", "所指的预测已不再保存"),
    "no_input": Words("have no input (serve.keep_inputs)", "没有输入（serve.keep_inputs）"),
    "other_columns": Words("have other columns than the data", "列与数据不符"),
    "unknown_class": Words("name a class that data and improve.classes lack", "数据与 improve.classes 都没有该类别"),
    "repeated": Words("repeat what the same person said", "同一人重复的话"),
    "over_cap": Words("are beyond improve.per_person_cap", "超出 improve.per_person_cap"),
    "source": Words("come from somebody whose words go against all others'", "来自与众人明显相悖的人"),
    "doubted": Words(
        "go against all others' words and the data, from somebody of whom that is said too often",
        "与众人的话及数据相悖，且出自经常如此的人",
    ),
    "conflict": Words("contradict what more people said", "与多数人的说法矛盾"),
    "contradicts_data": Words("contradict the label in the data", "与数据中的标签矛盾"),
    "known": Words("are known already", "数据中已有"),
    "labelled": Words("are about rows that were labelled on purpose", "该行已有专门标注"),
    "later": Words(
        "came after the first sealed moment (data.time): they teach once the data file moves on",
        "晚于封存集的起点（data.time）：数据文件更新后才能用于学习",
    ),
    "audit": Words("are about rows kept for proof", "该行留作证明之用"),
    "tested_person": Words("come from people whose rows are tested on", "来自其数据用于测试的人"),
    "repeats_test": Words("repeat, or nearly repeat, a row of dev or sealed", "与开发集或封存集的行重复或近似"),
}
"""Why words are set aside, for people."""


@dataclass(frozen=True, eq=False)
class Screened:
    """What may be learned from people's words.

    Args:
        taught: the rows with labels, named as rows of train are; None of none. quarantined: reason → words set aside.
        named: {"person", "words", "used", "reason", "why"} of those who said too much, or against everybody.
        rows: words read. latest: seq of the last one. heard: what others' words and the data say of words; None where
            nobody said enough to be judged.
    """

    taught: Dataset | None
    quarantined: Mapping[str, int]
    named: tuple[Mapping[str, Any], ...]
    rows: int
    latest: int
    heard: Heard | None = None

    def to_dict(self) -> dict[str, Any]:
        """The object under "taught" of `zhinan improve --json`."""
        used = 0 if self.taught is None else len(self.taught)
        return {"rows": self.rows, "used": used, "quarantined": dict(self.quarantined), "judged": self._judged()}

    def _judged(self) -> dict[str, Any] | None:
        """How many words were judged, how many of them go against the answers, and how many of dev's rows do."""
        if self.heard is None or not self.heard.asked.any():
            return None
        against = int((self.heard.against & self.heard.asked).sum())
        return {"words": int(self.heard.asked.sum()), "against": against, "on_dev": self.heard.floor}

    def skipped(self) -> tuple[Words, ...]:
        """What there was no time for."""
        if self.heard is None:
            return ()
        (learned, rows), left = self.heard.learned, int((~self.heard.asked).sum())
        found = []
        if left:
            said = f"{left:,} words were not judged for going against all others'"
            found.append(Words(said, f"{left:,} 条反馈未经来源检查"))
        if 0 < learned < rows:
            said = f"sources were judged by answers learned from {learned:,} of {rows:,} rows"
            found.append(Words(said, f"来源检查只学习了 {rows:,} 行中的 {learned:,} 行"))
        return tuple(found)


def screened(
    contract: Contract, store: Store, data: tuple[Loaded, Split], said: Corrections, until: float = math.inf
) -> Screened:  # fmt: skip
    """Sets aside, in this order: doubles of one person, more than one person may add, sources that go against all
    others, the outvoted, and what would repeat a test row, be one, or contradict the data.

    Words say nothing that anything is proved by: they only teach, and rows that may be drawn for proof are left out.

    Args: until: `time.perf_counter()` at which judging sources must be over; the rest takes no time.
    """
    loaded, parts = widened(data[0], said.labels), data[1]
    gone, said = Counter(said.unusable), replace(said, rows=unanswered(said.rows, contract))
    said, first = _each_once(said)
    gone["repeated"] += first
    said, crowds = _capped(contract, said)
    gone["over_cap"] += sum(crowds.values())
    said, bad, heard = _without_sources(contract, store, (loaded, parts), said, until)
    for one in bad:
        gone.update({"doubted": one.against} if one.partly else {"source": one.words})
    said, lost = _majority(said)
    gone["conflict"] += lost
    taught = None
    if len(said):
        rows = _labelled(loaded, said)
        why = _beside_data(contract, loaded, parts, rows)
        gone.update(one for one in why if one)
        rows = _kept(rows, np.array([one is None for one in why]))
        taught = _renamed(rows) if len(rows) else None
    return Screened(taught, _in_order(gone), _named(contract, crowds, bad), said.total, said.latest, heard)


def with_words(loaded: Loaded, found: Screened | None) -> Loaded:
    """The data with what may be learned from people's words, and the classes that they added."""
    taught = None if found is None else found.taught
    if taught is None:
        return loaded
    return named_as(replace(widened(loaded, _truth(taught)), taught=taught), taught.frame["_row"], FEEDBACK)


def _in_order(gone: Counter[str]) -> dict[str, int]:
    return {reason: gone[reason] for reason in REASONS if gone[reason]}


def _each_once(said: Corrections) -> tuple[Corrections, int]:
    """The last word of a person on an input; of those who said no name, each different word once."""
    last: dict[tuple[str | None, ...], int] = {}
    for place, (row, label, who) in enumerate(zip(said.rows["_row"], said.labels, said.people, strict=True)):
        last[(row, who) if who is not None else (row, None, label)] = place
    keep = np.zeros(len(said), bool)
    keep[list(last.values())] = True
    return said.where(keep), int((~keep).sum())


def _capped(contract: Contract, said: Corrections) -> tuple[Corrections, dict[str, int]]:
    """At most so many words of a person, chosen by keyed hash; and whose words were too many, and by how many."""
    cap = contract.improve.per_person_cap
    drawn = draws(f"{contract.product}\x1fcap", said.rows["_row"])[0]
    mine: dict[str, list[int]] = defaultdict(list)
    for place, who in enumerate(said.people):
        if who is not None:
            mine[who].append(place)
    keep = np.ones(len(said), bool)
    crowds = {}
    for who, places in mine.items():
        if len(places) > cap:
            keep[sorted(places, key=lambda place: drawn[place])[cap:]] = False
            crowds[who] = len(places) - cap
    return said.where(keep), crowds


def _without_sources(
    contract: Contract, store: Store, data: tuple[Loaded, Split], said: Corrections, until: float
) -> tuple[Corrections, tuple[Stranger, ...], Heard | None]:
    """Without the words of people that go against all others'; of somebody most of whose words agree, without those
    that do not. Nothing is learned where nobody said enough."""
    loaded, parts = data
    counts = Counter(who for who in said.people if who is not None)
    if max(counts.values(), default=0) < FEWEST:
        return said, (), None
    words = _labelled(loaded, said), said.people
    heard = against_all(contract, store, loaded, (parts.train, parts.dev), words, until)
    judged = [who for who, one in zip(said.people, heard.asked, strict=True) if one]
    bad = {one.person: one for one in strangers(judged, heard.against[heard.asked], heard.floor)}
    keep = [
        (one := bad.get(who or "")) is None or (one.partly and not against)
        for who, against in zip(said.people, heard.against, strict=True)
    ]
    return said.where(np.array(keep, bool)), tuple(bad.values()), heard


def _majority(said: Corrections) -> tuple[Corrections, int]:
    """One word for each input, with the label that most people gave; where they stand equal, none."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for row, label in zip(said.rows["_row"], said.labels, strict=True):
        votes[row][label] += 1
    won = {}
    for row, counts in votes.items():
        best, *others = counts.most_common(2)
        if not others or best[1] > others[0][1]:
            won[row] = best[0]
    agrees = np.array([won.get(r) == label for r, label in zip(said.rows["_row"], said.labels, strict=True)], bool)
    first = said.rows["_row"].to_frame().with_columns(pl.Series("agrees", agrees))
    keep = agrees & first.select(pl.struct("_row", "agrees").is_first_distinct()).to_series().to_numpy()
    return said.where(keep), int((~agrees).sum())


def _beside_data(contract: Contract, loaded: Loaded, parts: Split, rows: Dataset) -> list[str | None]:
    """Why each row may not be learned from, given what the data hold; None where it may."""
    ids = rows.values("_row")
    copies = look_for_copies(rows, parts.train, parts.dev, parts.sealed)
    count, learned = len(rows), len(rows) + len(parts.train)
    why: list[str | None] = [None] * count
    if copies.identify:
        tested = np.isin(copies.unit[:count], copies.unit[learned:])
        why = ["repeats_test" if near else None for near in tested]
        labels = dict(zip(copies.same[count:learned].tolist(), _truth(parts.train), strict=True))
        for place, (same, label) in enumerate(zip(copies.same[:count].tolist(), _truth(rows), strict=True)):
            if why[place] is None and same in labels:
                why[place] = "known" if labels[same] == label else "contradicts_data"
    tested_people = _people(parts.dev) | _people(parts.sealed)
    audited = set[str]()
    if loaded.pool is not None:
        mine = for_sealed(contract, loaded.pool, (parts.train, parts.dev), parts.sealed)
        audited = set(loaded.pool.frame["_row"].filter(pl.Series(mine)))
    people = rows.values(rows.person) if rows.person else [None] * count
    later = _later(rows, parts.sealed)
    for place, (row, who) in enumerate(zip(ids, people, strict=True)):
        if row in loaded.labels:
            why[place] = "labelled"
        elif later[place]:
            why[place] = "later"
        elif row in audited:
            why[place] = "audit"
        elif who in tested_people:
            why[place] = why[place] or "tested_person"
    return why


def _later(rows: Dataset, sealed: Dataset) -> np.ndarray:
    """Which rows happened when sealed ones did, or after, where time parts them, shape (n,): learned from, they would
    tell of what is asked."""
    if rows.time is None or sealed.time is None:
        return np.zeros(len(rows), bool)
    found: np.ndarray = (rows.frame[rows.time] >= sealed.frame[sealed.time].min()).fill_null(False).to_numpy()
    return found


def _people(part: Dataset) -> set[Any]:
    return set(part.values(part.person)) - {None} if part.person else set()


def _truth(part: Dataset) -> list[Any]:
    if part.target is None:
        raise ValueError("rows without a target")
    return part.values(part.target.name)


def _labelled(loaded: Loaded, said: Corrections) -> Dataset:
    like = loaded.dataset
    if like.target is None:
        raise ValueError("the data of a product without a target")
    frame = said.rows.with_columns(typed_labels(like.target, said.labels)).select(like.frame.columns)
    found: Dataset = replace(like, frame=frame, fingerprint=fingerprint(frame, like.inputs, like.target))
    return found


def _kept(rows: Dataset, keep: np.ndarray) -> Dataset:
    return replace(rows, frame=rows.frame.filter(pl.Series(keep)))


def _renamed(rows: Dataset) -> Dataset:
    """Named as what was learned from it: an input with another label is another row."""
    named = [renamed(row, str(label)) for row, label in zip(rows.values("_row"), _truth(rows), strict=True)]
    frame = rows.frame.with_columns(pl.Series("_row", named, pl.String)).sort("_row")
    return replace(rows, frame=frame, fingerprint=fingerprint(frame, rows.inputs, rows.target))


def _named(
    contract: Contract, crowds: Mapping[str, int], bad: Sequence[Stranger]
) -> tuple[Mapping[str, Any], ...]:  # fmt: skip
    """Whom to look at, the worst first."""
    cap = contract.improve.per_person_cap
    found = []
    for one in sorted(bad, key=lambda one: one.chance):
        why = Words(
            f"{one.against} of {one.words} words go against what all others' words and the data say",
            f"{one.words} 条中有 {one.against} 条与其他人的话及数据相悖",
        )
        said = one.words + crowds.get(one.person, 0)
        if one.partly:
            why = Words(f"{why.en}; these were set aside", f"{why.zh}，已隔离")
        used, reason = (one.words - one.against, "doubted") if one.partly else (0, "source")
        found.append(_entry(one.person, said, used, reason, why))
    named = {one.person for one in bad}
    for who, more in sorted(crowds.items(), key=lambda one: -one[1]):
        if who not in named:
            why = Words(f"said {more + cap:,} words; {cap:,} were taken", f"说了 {more + cap:,} 条，只取 {cap:,} 条")
            found.append(_entry(who, more + cap, cap, "over_cap", why))
    return tuple(found)


def _entry(person: str, words: int, used: int, reason: str, why: Words) -> dict[str, Any]:
    return {"person": person, "words": words, "used": used, "reason": reason, "why": {"en": why.en, "zh": why.zh}}
