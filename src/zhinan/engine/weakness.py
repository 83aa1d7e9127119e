"""Where a version is weak: groups of rows that say something alike and are answered wrong more often than the rest."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Contract
from zhinan.core import Candidate, Dataset
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.measure import judge_dataset
from zhinan.proof import Judged, Tagged, Valued
from zhinan.steps.values.written import part_of

if TYPE_CHECKING:
    from zhinan.proof import Slice

__all__ = ["Looks", "weak_slices"]

FAR = 0.2
"""Share of numbers answered on dev that count as far off."""

LEAST = 30
"""Rows, copies counted once, below which a slice is no slice."""

WORDS = 60
"""Frequent words looked at in a text column."""

VALUES = 40
"""Values of a category beyond which it tells rows apart rather than groups."""

EACH, PREPARE = 5e-7, 2e-4
"""Seconds that a row takes in one group, and to be looked at; on a slow machine."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_HAN = re.compile("[\u4e00-\u9fff]")
_RUN = re.compile("[\u4e00-\u9fff]+")
_STOP = frozenset(
    re.findall(
        r"\w+",
        "the and for are but not you with this that have has had was were from they will would can could your our its "
        "what when where which who why how",
    )
)
"""Words that group nothing."""


@dataclass(frozen=True, eq=False)
class Looks:
    """What can be seen of a row without knowing its answer, learned from train so that it is the same on every part.

    Args:
        lengths: text column → edges between quarters of its length. words: text column → frequent words.
        columns: columns whose values are groups.
    """

    lengths: Mapping[str, tuple[float, ...]]
    words: Mapping[str, tuple[str, ...]]
    columns: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract, train: Dataset) -> Looks:
        """What to look at in these data."""
        texts = {column.name: train.values(column.name) for column in train.inputs if column.kind == "text"}
        lengths, words = {}, {}
        for name, values in texts.items():
            edges = np.unique(np.quantile([len(v or "") for v in values], [0.25, 0.5, 0.75]).round())
            lengths[name] = tuple(float(edge) for edge in edges)
            words[name] = _frequent(values)
        kinds = {column.name for column in train.inputs if column.kind in ("category", "flag")}
        named = [name for name in contract.data.slices if name in train.frame.columns]
        groups = [
            name
            for name in dict.fromkeys([*named, *sorted(kinds)])
            if name in named or len(set(train.values(name))) <= VALUES
        ]
        return cls(lengths, words, tuple(groups))

    def see(self, part: Dataset) -> dict[str, np.ndarray]:
        """Name → value of each row, shape (n,), as text."""
        seen: dict[str, np.ndarray] = {}
        for name in self.columns:
            seen[name] = _texts([part_of(v) for v in part.values(name)])
        for name, edges in self.lengths.items():
            values = [v or "" for v in part.values(name)]
            size = np.array([len(v) for v in values])
            seen[f"length({name})"] = _texts([_between(edges, n) for n in size.tolist()])
            seen[f"language({name})"] = _texts(["汉字" if _han(v) > 0.3 else "latin" for v in values])
            seen[f"number({name})"] = _texts(["yes" if re.search(r"\d", v) else "no" for v in values])
            terms = [_terms(v) for v in values]
            for word in self.words[name]:
                seen[f"word({name})={word}"] = _texts(["yes" if word in held else "no" for held in terms])
        return {name: values for name, values in seen.items() if len(set(values.tolist())) > 1}


def weak_slices(
    contract: Contract,
    candidate: Candidate,
    parts: tuple[Dataset, Dataset, Dataset],
    found: Findings,
    *,
    until: float = float("inf"),
) -> list[dict[str, Any]] | None:
    """Groups that are answered wrong more often than the rest: found on dev, tested once on the sealed rows if opened.

    Args:
        candidate: the chosen one, for its dev answers. parts: train, dev, sealed.
        until: `time.perf_counter()` at which it must be over.

    Returns:
        {"slice", "rows", "rate", "overall", "p", "sealed": {"rows", "rate", "p", "held"} or None}, rates of wrong
        answers or, of numbers, of errors "beyond" that of one dev row in five, the most striking first; "held" when the
        sealed rows confirm it, by a test that allows for many. Only groups that the contract names gate; these are for
        a person to look at. None when there is no time to look.

    Source: PROOF 10; Benjamini & Hochberg (1995) for the test on sealed.
    """
    from zhinan.proof import mine_slices, test_slices

    train, dev, sealed = parts
    if PREPARE * (len(train) + len(dev)) > until - time.perf_counter():
        return None
    looks = Looks.of(contract, train)
    seen = looks.see(dev)
    judged = judge_dataset(dev, said_of(candidate), candidate.classes)
    limit = _limit(judged)
    wrong = _missed(judged, limit)
    if not seen or not wrong.any() or wrong.all():
        return []
    depth = next((d for d in (2, 1) if _forecast(seen, len(wrong), d) < until - time.perf_counter()), 0)
    if not depth:
        return None
    mined = mine_slices(seen, wrong, least=LEAST, depth=depth, person=judged.person)
    tested: Sequence[Any] = [None] * len(mined)
    part = found.part if found.part is not None else sealed
    if found.sealed is not None and mined and len(part) == len(found.sealed):
        sealed_wrong, whose = _missed(found.sealed, limit), found.sealed.person
        tested = test_slices(mined, _all(looks, part, seen), sealed_wrong, person=whose)
    overall = float(wrong.mean())
    beyond = {} if limit is None else {"beyond": limit}
    return [{**_fact(one, other, overall), **beyond} for one, other in zip(mined, tested, strict=True)]


def _forecast(seen: Mapping[str, np.ndarray], rows: int, depth: int) -> float:
    """Seconds that mining takes at most, from the conditions there are."""
    conditions = sum(len(set(values.tolist())) for values in seen.values())
    return EACH * rows * (conditions if depth == 1 else conditions * conditions / 2)


def _rate(one: Slice) -> float | None:
    """None when the sealed rows hold no row of the slice."""
    return float(one.rate) if one.n else None


def _limit(judged: Judged | Tagged | Valued) -> float | None:
    """The error of a number beyond which it counts as far off: that of one dev row in five; None for labels."""
    if not isinstance(judged, Valued):
        return None
    return float(np.quantile(np.abs(judged.answer - judged.truth), 1 - FAR))


def _missed(judged: Judged | Tagged | Valued, limit: float | None) -> np.ndarray:
    """Wrong answers that somebody got: a row handed to a person got none. Of numbers, those far off; of labels, any."""
    if isinstance(judged, Valued):
        far: np.ndarray = np.abs(judged.answer - judged.truth) > (0.0 if limit is None else limit)
        return far
    wrong: np.ndarray = np.asarray(judged.truth != judged.answer)
    if isinstance(judged, Tagged):
        wrong = np.logical_or.reduce(wrong, axis=1)
    return wrong if judged.handover is None else wrong & ~judged.handover


def _fact(one: Slice, sealed: Any, overall: float) -> dict[str, Any]:
    return {
        "slice": " & ".join(_said(name, value) for name, value in one.conditions),
        "rows": int(one.n),
        "rate": float(one.rate),
        "overall": overall,
        "p": float(one.p),
        "sealed": None
        if sealed is None
        else {"rows": sealed.n, "rate": _rate(sealed), "p": float(sealed.p), "held": bool(sealed.held)},
    }


def _said(name: str, value: Any) -> str:
    """A condition as a person reads it: channel=web, length(message)=24–61, word(message)=refund."""
    if name.startswith("word(") and "=" in name:
        return name if value == "yes" else name.replace("word(", "without(", 1)
    return f"{name}={value}"


def _all(looks: Looks, part: Dataset, seen: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What dev was looked at by, of another part; a look that is the same for all its rows too."""
    there = looks.see(part)
    return {name: there.get(name, _texts([""] * len(part))) for name in seen}


def _frequent(values: Sequence[Any]) -> tuple[str, ...]:
    """Words, and pairs of 汉字, that stand in many rows but not in most."""
    counts: Counter[str] = Counter()
    for value in values:
        counts.update(_terms(value or ""))
    fewest = max(LEAST, len(values) // 100)
    often = [word for word, n in counts.most_common() if fewest <= n <= len(values) / 2]
    return tuple(often[:WORDS])


def _terms(text: str) -> set[str]:
    found = {word for word in _WORD.findall(_HAN.sub(" ", text).casefold()) if word not in _STOP}
    for run in _RUN.findall(text):
        found |= {run[i : i + 2] for i in range(len(run) - 1)}
    return found


def _han(text: str) -> float:
    return len(_HAN.findall(text)) / max(len(text), 1)


def _between(edges: Sequence[float], n: int) -> str:
    """The quarter a length lies in: ≤23, 24–61, >120."""
    place = int(np.searchsorted(edges, n))
    if place == 0:
        return f"≤{edges[0]:.0f}"
    if place == len(edges):
        return f">{edges[-1]:.0f}"
    return f"{edges[place - 1] + 1:.0f}–{edges[place]:.0f}"


def _texts(values: Sequence[str]) -> np.ndarray:
    found: np.ndarray = np.empty(len(values), dtype=object)
    found[:] = values
    return found
