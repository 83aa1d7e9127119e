"""Whose words go against everybody else's: found by answers to them that were learned without the one who said them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset, find
from zhinan.data import Loaded
from zhinan.data.cleaning import fingerprint
from zhinan.data.places import draws
from zhinan.data.tags import flags_of, has_labels, labels_in
from zhinan.engine.checking import loss_of
from zhinan.engine.climb import rungs
from zhinan.engine.encode import Encoding
from zhinan.evaluate.decisions import decide
from zhinan.store import Store

__all__ = ["FEWEST", "Heard", "Stranger", "against_all", "strangers"]

FEWEST = 5
"""Words below which nobody is judged."""

CHANCE = 0.001
"""Chance, over all people together, of naming somebody whose words are as good as the others'."""

FOLDS = 5
TAUGHT = 8_000
"""Rows of train that answers are learned from: a random sample of more."""

SECONDS = 20.0
"""For each fit, where a recipe can be hurried."""

FIRST, TASTE, SLOWER = 30, 300, 1.5
"""Rows of a fit that loads what fitting needs, and of one that tells how long one of all rows will take, which may be
so many times as long as in proportion."""
FEW = 200
"""Rows below which answers are not worth learning: where there is no time for more, nobody is judged."""

PARTLY, TIMES = 0.2, 3.0
"""Share of somebody's words that go against the answers, and times as many as of the others', from which those words
are set aside though most of the words agree."""

ODDS = 5.0
"""Times as probable as the word's label, or labels, what is answered must be, for the word to go against it: somebody
who alone speaks of something new is not contradicted by a guess."""

FAR = 3.0 * 1.4826
"""Median deviations beyond which a number goes against its answer: three robust standard deviations."""


@dataclass(frozen=True)
class Stranger:
    """Somebody whose words go against the others'. `chance`: of so many, were they as good as the others'."""

    person: str
    words: int
    against: int
    chance: float

    @property
    def partly(self) -> bool:
        """Whether most of the words agree."""
        return 2 * self.against < self.words


@dataclass(frozen=True, eq=False)
class Heard:
    """What answers learned from the data and from others' words say of words.

    Args:
        against: (n,) bool, words that go against them. asked: (n,) bool, words that there was time to look at. floor:
            how often the answers are wrong on rows whose labels are known. learned: rows they were learned from at
            most, of so many.
    """

    against: np.ndarray
    asked: np.ndarray
    floor: float
    learned: tuple[int, int] = (0, 0)


def strangers(people: Sequence[str | None], against: np.ndarray, floor: float) -> tuple[Stranger, ...]:
    """Those whose words go against the answers far more often than everybody else's do.

    Each is compared with the rate among all others, never below `floor`, by an exact binomial tail at `CHANCE` shared
    over the people; once somebody is named, the rest are compared with those left. Nobody is named with less than a
    fifth of the words against, nor, where that is less than half, with less than three times the others' share: some
    ask of what is harder.

    Args: against: (n,) bool. floor: how often answers are wrong on rows whose labels are known.
    """
    from scipy.special import bdtrc

    who = np.array([one or "" for one in people], object)
    names = sorted({one for one in people if one is not None})
    left, found = np.ones(len(who), bool), list[Stranger]()
    while True:
        new = []
        for name in names:
            mine = left & (who == name)
            words, wrong = int(mine.sum()), int(against[mine].sum())
            others = against[left & ~mine]
            rate = max(floor, (others.sum() + 1) / (len(others) + 2) if len(others) else 0.0, 0.01)
            if words < FEWEST or wrong < words * min(0.5, max(PARTLY, TIMES * rate)):
                continue
            chance = float(bdtrc(wrong - 1, words, min(rate, 0.99)))
            if chance <= CHANCE / len(names):
                new.append(Stranger(name, words, wrong, chance))
        if not new:
            return tuple(found)
        found += new
        left &= ~np.isin(who, [one.person for one in new])


def against_all(
    contract: Contract,
    store: Store,
    loaded: Loaded,
    parts: tuple[Dataset, Dataset],
    words: tuple[Dataset, Sequence[str | None]],
    until: float = math.inf,
) -> Heard:
    """Which words go against what a quick recipe says that learned from train and from others' words.

    All of one person's words are answered by a fit without any of them. Where time is short it learns from a random
    sample of these rows, and what there is no time left for is not judged.

    Args: parts: train and dev. words: labelled rows, and who said each. until: `time.perf_counter()` at the end.
    """
    train, dev = parts
    said, people = words
    train = _sampled(contract, train, TAUGHT)
    units = [f"\x02{who}" if who is not None else row for who, row in zip(people, said.values("_row"), strict=True)]
    fold = (draws(f"{contract.product}\x1fsources", units)[0] * FOLDS).astype(int)
    wrong, asked, off, off_dev = np.zeros(len(said), bool), np.zeros(len(said), bool), np.zeros(len(said)), np.zeros(0)
    rows = _affordable(contract, store, loaded, (_joined(train, said), dev), until)
    turns = [turn for turn in range(FOLDS) if rows and (fold == turn).any()]
    floor, took = 0.0, 0.0
    for done, turn in enumerate(turns):
        start = time.perf_counter()
        if start + took > until:
            break
        mine = fold == turn
        learned = _sampled(contract, _joined(train, _rows(said, ~mine)), rows)
        seconds = min(SECONDS, (until - start) / (len(turns) - done))
        answers, truth = _answers(contract, store, loaded, (learned, _joined(_rows(said, mine), dev)), seconds)
        asked |= mine
        if loaded.classes:
            missed, heard = _missed(loaded, learned, answers, truth)
            count = int(mine.sum())
            wrong[mine], floor = (missed & heard)[:count], max(floor, float(missed[count:].mean()))
        else:
            far = np.abs(answers[:, 0] - truth)
            off[mine], off_dev = far[: mine.sum()], far[mine.sum() :]
        took = max(took, time.perf_counter() - start)
    if not loaded.classes and len(off_dev):
        limit = FAR * max(float(np.median(off_dev)), 1e-9)
        wrong, floor = off > limit, float((off_dev > limit).mean())
    every = len(train) + len(said)
    return Heard(wrong, asked, floor, (min(rows, every), every))


def _affordable(
    contract: Contract, store: Store, loaded: Loaded, parts: tuple[Dataset, Dataset], until: float
) -> int:  # fmt: skip
    """Rows that every fold's fit has time for, told from a fit on a few; 0 where they are too few to learn from."""
    every, dev = parts
    if until == math.inf:
        return len(every)
    took, few = 0.0, every
    for most in (FIRST, TASTE):
        start, few = time.perf_counter(), _sampled(contract, every, most, varied=True)
        if start + took > until:
            return 0
        _answers(contract, store, loaded, (few, dev), 0.0)
        took = time.perf_counter() - start
    rows = int((until - time.perf_counter()) / (FOLDS * SLOWER * max(took, 1e-3)) * len(few))
    return len(every) if rows >= len(every) else rows if rows >= FEW else 0


def _missed(
    loaded: Loaded, learned: Dataset, answers: np.ndarray, truth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Rows whose labels go against the answers, and those whose labels somebody else spoke of, (n,) bool each."""
    if has_labels(learned):
        known = flags_of([sorted({one for labels in labels_in(learned) for one in labels})], loaded.classes)
        return _contradicted(answers, truth.astype(bool)), np.asarray(~(truth & ~known).any(axis=1))
    missed = answers.max(axis=1) > ODDS * answers[np.arange(len(truth)), truth]
    return missed, np.isin(truth, _classes_of(learned, loaded.classes))


def _contradicted(answers: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Rows whose labels are against long odds, taken together: those that they have and those that they lack, (n,)."""
    sure = np.clip(np.where(flags, 1 - answers, answers), 1e-9, 1 - 1e-9)  # that what is said of a label is wrong
    odds = np.log(sure / (1 - sure)).clip(min=0.0)
    return np.asarray(odds.sum(axis=1) > math.log(ODDS))


def _classes_of(learned: Dataset, classes: Sequence[str]) -> list[int]:
    """Codes of the classes that stand among the rows that answers were learned from."""
    if learned.target is None:
        return []
    there = set(learned.values(learned.target.name))
    return [code for code, name in enumerate(classes) if name in there]


def _answers(
    contract: Contract, store: Store, loaded: Loaded, parts: tuple[Dataset, Dataset], seconds: float
) -> tuple[np.ndarray, np.ndarray]:
    """What a quick recipe on every input says of the second part, (n, classes) or (n, 3), and what is right there."""
    encoding = Encoding(
        *parts, loaded.classes, store, task=loaded.task, loss=loss_of(contract, loaded.task)
    )  # fmt: skip
    quick = [one for one in rungs(loaded.task, parts[0].inputs) if one.level == "shallow" and one.recipe == "linear"]
    rung = max(quick, key=lambda one: len(one.encoders))
    learned, asked = encoding.parts(rung.encoders)
    made: Any = find("recipe", rung.recipe).target(learned, asked, budget=seconds)
    if not loaded.classes:
        return np.asarray(decide(made, parts[1], contract).answers, np.float64), encoding.target(parts[1])
    return np.asarray(made.dev, np.float64), encoding.target(parts[1])


def _sampled(contract: Contract, part: Dataset, most: int, *, varied: bool = False) -> Dataset:
    """A random sample. Args: varied: one row of every label comes first, as a fit of one label alone takes no time."""
    if len(part) <= most:
        return part
    order = np.argsort(draws(f"{contract.product}\x1fsources", part.values("_row"))[0], kind="stable")
    if varied and part.target is not None:
        again = ~part.frame[part.target.name].gather(order).is_first_distinct().to_numpy()
        order = order[np.argsort(again, kind="stable")]
    return _rows(part, np.isin(np.arange(len(part)), order[:most]))


def _rows(part: Dataset, keep: np.ndarray) -> Dataset:
    frame = part.frame.filter(pl.Series(keep))
    return replace(part, frame=frame, fingerprint=fingerprint(frame, part.inputs, part.target))


def _joined(part: Dataset, more: Dataset) -> Dataset:
    frame = pl.concat([part.frame, more.frame.select(part.frame.columns)])
    return replace(part, frame=frame, fingerprint=fingerprint(frame, part.inputs, part.target))
