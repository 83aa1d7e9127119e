"""Whose words go against everybody else's: found by answers to them that were learned without the one who said them."""

from __future__ import annotations

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

__all__ = ["FEWEST", "Stranger", "against_all", "strangers"]

FEWEST = 5
"""Words below which nobody is judged."""

CHANCE = 0.001
"""Chance, over all people together, of naming somebody whose words are as good as the others'."""

FOLDS = 5
TAUGHT = 8_000
"""Rows of train that answers are learned from: a random sample of more."""

SECONDS = 20.0
"""For each fit, where a recipe can be hurried."""

ODDS = 5.0
"""Times as probable as the word's label another one must be, for the word to go against the answer: somebody who alone
speaks of something new is not contradicted by a guess."""

FAR = 3.0 * 1.4826
"""Median deviations beyond which a number goes against its answer: three robust standard deviations."""


@dataclass(frozen=True)
class Stranger:
    """Somebody whose words go against the others'. `chance`: of so many, were they as good as the others'."""

    person: str
    words: int
    against: int
    chance: float


def strangers(people: Sequence[str | None], against: np.ndarray, floor: float) -> tuple[Stranger, ...]:
    """Those whose words go against the answers far more often than everybody else's do.

    Each is compared with the rate among all others, never below `floor`, by an exact binomial tail at `CHANCE` shared
    over the people; and with less than half of the words against, nobody is named.

    Args: against: (n,) bool. floor: how often answers are wrong on rows whose labels are known.
    """
    from scipy.special import bdtrc

    who = np.array([one or "" for one in people], object)
    names = sorted({one for one in people if one is not None})
    found = []
    for name in names:
        mine = who == name
        words, wrong = int(mine.sum()), int(against[mine].sum())
        others = against[~mine]
        rate = max(floor, (others.sum() + 1) / (len(others) + 2) if len(others) else 0.0, 0.01)
        if words < FEWEST or 2 * wrong < words:
            continue
        chance = float(bdtrc(wrong - 1, words, min(rate, 0.99)))
        if chance <= CHANCE / len(names):
            found.append(Stranger(name, words, wrong, chance))
    return tuple(found)


def against_all(
    contract: Contract,
    store: Store,
    loaded: Loaded,
    parts: tuple[Dataset, Dataset],
    words: tuple[Dataset, Sequence[str | None]],
) -> tuple[np.ndarray, float]:
    """Which words, shape (n,) bool, go against what a quick recipe says that learned from train and from others' words.

    All of one person's words are answered by a fit without any of them. And how often its answers to dev are wrong.

    Args: parts: train and dev. words: labelled rows, and who said each.
    """
    train, dev = parts
    said, people = words
    train = _sampled(contract, train)
    units = [f"\x02{who}" if who is not None else row for who, row in zip(people, said.values("_row"), strict=True)]
    fold = (draws(f"{contract.product}\x1fsources", units)[0] * FOLDS).astype(int)
    wrong = np.zeros(len(said), bool)
    off, off_dev = np.zeros(len(said)), np.zeros(0)
    floor = 0.0
    for turn in range(FOLDS):
        mine = fold == turn
        if not mine.any():
            continue
        learned = _joined(train, _rows(said, ~mine))
        asked = _joined(_rows(said, mine), dev)
        answers, truth = _answers(contract, store, loaded, (learned, asked))
        count = int(mine.sum())
        if has_labels(learned):
            missed = _contradicted(answers, truth.astype(bool))
            known = flags_of([sorted({one for labels in labels_in(learned) for one in labels})], loaded.classes)
            heard = np.asarray(~(truth[:count] & ~known).any(axis=1))  # nobody else spoke of the others
            wrong[mine], floor = missed[:count] & heard, max(floor, float(missed[count:].mean()))
        elif loaded.classes:
            missed = answers.max(axis=1) > ODDS * answers[np.arange(len(truth)), truth]
            heard = np.isin(truth[:count], _classes_of(learned, loaded.classes))  # nobody else spoke of the others
            wrong[mine], floor = missed[:count] & heard, max(floor, float(missed[count:].mean()))
        else:
            far = np.abs(answers[:, 0] - truth)
            off[mine], off_dev = far[:count], far[count:]
    if not loaded.classes and len(off_dev):
        limit = FAR * max(float(np.median(off_dev)), 1e-9)
        return off > limit, float((off_dev > limit).mean())
    return wrong, floor


def _contradicted(answers: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Rows of whose labels at least one is said, or left out, against long odds, shape (n,)."""
    sure = np.where(flags, 1 - answers, answers)
    found: np.ndarray = np.logical_or.reduce(sure > ODDS * (1 - sure), axis=1)
    return found


def _classes_of(learned: Dataset, classes: Sequence[str]) -> list[int]:
    """Codes of the classes that stand among the rows that answers were learned from."""
    if learned.target is None:
        return []
    there = set(learned.values(learned.target.name))
    return [code for code, name in enumerate(classes) if name in there]


def _answers(
    contract: Contract, store: Store, loaded: Loaded, parts: tuple[Dataset, Dataset]
) -> tuple[np.ndarray, np.ndarray]:
    """What a quick recipe on every input says of the second part, (n, classes) or (n, 3), and what is right there."""
    encoding = Encoding(
        *parts, loaded.classes, store, task=loaded.task, loss=loss_of(contract, loaded.task)
    )  # fmt: skip
    quick = [one for one in rungs(loaded.task, parts[0].inputs) if one.level == "shallow" and one.recipe == "linear"]
    rung = max(quick, key=lambda one: len(one.encoders))
    learned, asked = encoding.parts(rung.encoders)
    made: Any = find("recipe", rung.recipe).target(learned, asked, budget=SECONDS)
    if not loaded.classes:
        return np.asarray(decide(made, parts[1], contract).answers, np.float64), encoding.target(parts[1])
    return np.asarray(made.dev, np.float64), encoding.target(parts[1])


def _sampled(contract: Contract, train: Dataset) -> Dataset:
    if len(train) <= TAUGHT:
        return train
    drawn = draws(f"{contract.product}\x1fsources", train.values("_row"))[0]
    return _rows(train, np.argsort(np.argsort(drawn)) < TAUGHT)


def _rows(part: Dataset, keep: np.ndarray) -> Dataset:
    frame = part.frame.filter(pl.Series(keep))
    return replace(part, frame=frame, fingerprint=fingerprint(frame, part.inputs, part.target))


def _joined(part: Dataset, more: Dataset) -> Dataset:
    frame = pl.concat([part.frame, more.frame.select(part.frame.columns)])
    return replace(part, frame=frame, fingerprint=fingerprint(frame, part.inputs, part.target))
