"""Which labels are probably wrong: those that a recipe which never saw them contradicts with confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhinan.contract import Contract
from zhinan.core import Dataset, Encoded, Words
from zhinan.data import units_of
from zhinan.data.tags import has_labels
from zhinan.engine.refits import Refits, joined, some, too_slow
from zhinan.engine.tagged import told
from zhinan.engine.views import crossed
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.disturb import under
from zhinan.evaluate.in_time import measure_in_time, rows_of_a_block
from zhinan.proof import Judged, Tagged, Valued, Verdict, judge
from zhinan.recipes._folds import folds
from zhinan.steps.value import Value
from zhinan.steps.values.lists import items_of, written_list

__all__ = ["Doubts", "doubted", "suspects", "without"]

SHOWN = 25

TURNS = 3
"""Parts of the rows that take turns in being left out when numbers are doubted."""
FEWEST = 30
"""Rows each of them needs."""
FAR_OFF, HEAVY = 6.0, 2.5
"""A number is in doubt beyond so many robust standard deviations, and so many times the 95 % quantile, of errors."""


@dataclass(frozen=True, eq=False)
class Doubts:
    """Labels in doubt, the most doubtful first.

    Args:
        rows: {"row", "part", "given", "suggested", "probability"}; part is train, dev or sealed. Of several labels a
            row, lists as data hold them, and how probable it is that the most doubtful label is as suggested.
        expected: how many labels are wrong, as estimated. views: (m, train + dev, classes), each row's probabilities by
            recipes that did not see it, or value, low and high (train + dev, 3); None when they were not computed,
            `why` says why not.
        sealed: (n,), which sealed rows are in doubt; None while the seal stayed closed.
        verdicts: the must lines judged without those rows; None when none is in doubt.
    """

    rows: tuple[Mapping[str, Any], ...]
    expected: float
    views: np.ndarray | None
    sealed: np.ndarray | None = None
    verdicts: tuple[Verdict, ...] | None = None
    why: Words | None = None

    def of(self, part: str) -> list[str]:
        """The ids of the rows of a part that are in doubt."""
        return [row["row"] for row in self.rows if row["part"] == part]

    def facts(self, parts: Mapping[str, Dataset]) -> dict[str, Any] | None:
        """As the report shows them, at most 25, with the masked input of the rows that were learned from.

        A sealed row is named and not shown: who edits the test where the version was wrong leaves the guarantee.
        """
        if self.views is None and self.sealed is None:
            return None
        several = any(map(has_labels, parts.values()))
        texts = {name: _inputs(part, self.of(name)[:SHOWN]) for name, part in parts.items() if name != "sealed"}
        rows = [
            {"row": one["row"], "part": one["part"], "input": texts.get(one["part"], {}).get(one["row"]),
             **{key: told(items_of(one[key])) if several else one[key] for key in ("given", "suggested")},
             "probability": one["probability"]}
            for one in self.rows[:SHOWN]
        ]  # fmt: skip
        return {
            "count": len(self.rows),
            "expected": round(self.expected),
            "rows": rows,
            "without": None if self.verdicts is None else [v.as_dict() for v in self.verdicts],
        }


def suspects(doubts: Doubts) -> list[dict[str, Any]]:
    """Every label in doubt as a plain row, for relabelling: row id, part, given, suggested, probability."""
    return [dict(row) for row in doubts.rows]


def doubted(
    refits: Refits, seen: tuple[Encoded, Encoded], parts: tuple[Dataset, Dataset], found: Findings, contract: Contract
) -> Doubts:
    """Labels in doubt in train and dev, and, when the seal was opened, in the sealed rows.

    Rows of train and dev are judged by heads that were trained without them, sealed ones by the version itself. Nothing
    is edited; the verdicts without doubted sealed rows are computed from the same opening and only shown.

    Args:
        seen: train and dev, a block for each encoder that is to judge by itself: where they agree, a label is rarely
            in doubt for nothing. parts: the same as data.

    Source: confident learning, Northcutt, Jiang & Chuang (JAIR 70, 2021), through proof.label_errors.
    """
    train, dev = parts
    if not refits.train.classes:
        return _far_off(refits, parts, found, contract)
    flagged = _flagged_labels if refits.train.several else _flagged
    rows: list[tuple[float, dict[str, Any]]] = []
    expected = 0.0
    views, why = _views(refits, seen, parts)
    if views is not None:
        given = np.concatenate([seen[0].target, seen[1].target])
        named = [("train", row) for row in train.values("_row")] + [("dev", row) for row in dev.values("_row")]
        _, said, expected = flagged(views, given, named, seen[0].classes)
        rows += said
    flags, verdicts = None, None
    on = found.sealed
    if isinstance(on, Judged | Tagged) and on.probability is not None:
        classes = on.classes[: len(refits.candidate.classes)]
        place = {label: i for i, label in enumerate(classes)}
        given = (
            on.truth[:, : len(classes)]
            if isinstance(on, Tagged)
            else np.array([place.get(label, -1) for label in on.truth.tolist()], np.int64)
        )
        named = [("sealed", row) for row in found.rows]
        flags, said, more = flagged(np.asarray(on.probability)[None, :, : len(classes)], given, named, classes)
        rows, expected = rows + said, expected + more
        verdicts = without(contract, found, flags) if flags.any() else None
    ordered = [row for _, row in sorted(rows, key=lambda one: one[0])]
    return Doubts(tuple(ordered), expected, views, flags, verdicts, why)


def _views(
    refits: Refits, seen: tuple[Encoded, Encoded], parts: Sequence[Dataset]
) -> tuple[np.ndarray | None, Words | None]:
    """Probabilities (views, train + dev, classes), kept so that a second build fits nothing."""
    every = joined(*seen)
    key = f"crossed {[block.encoder for block in every.blocks]}"
    held = refits.recall(key)
    if held is not None:
        return held["views"], None
    units = [unit for part in parts for unit in units_of(part)]
    guess = refits.forecast([len(every)])
    views, why = crossed(every.blocks, every.target, len(every.classes), units, until=refits.until, first=guess)
    if views is not None:
        refits.keep(key, views=views)
    return views, why


def _far_off(refits: Refits, parts: tuple[Dataset, Dataset], found: Findings, contract: Contract) -> Doubts:
    """Numbers in doubt: those much farther from what recipes that never saw them say than such rows usually are."""
    train, dev = parts
    asked = joined(refits.train, refits.dev)
    said, why = _left_out(refits, asked, [unit for part in parts for unit in units_of(part)])
    rows: list[tuple[float, dict[str, Any]]] = []
    if said is not None:
        named = [("train", row) for row in train.values("_row")] + [("dev", row) for row in dev.values("_row")]
        _, rows = _doubtful(asked.target, said, named)
    flags, verdicts = None, None
    if isinstance(found.sealed, Valued) and found.sealed.low is not None and found.sealed.high is not None:
        named = [("sealed", row) for row in found.rows]
        answered = np.column_stack([found.sealed.answer, found.sealed.low, found.sealed.high])
        flags, more = _doubtful(found.sealed.truth, answered, named)
        rows += more
        verdicts = without(contract, found, flags) if flags.any() else None
    ordered = [row for _, row in sorted(rows, key=lambda one: one[0])]
    return Doubts(tuple(ordered), float(len(ordered)), said, flags, verdicts, why)


def _left_out(refits: Refits, asked: Encoded, units: Sequence[str]) -> tuple[np.ndarray | None, Words | None]:
    """Value, low and high (n, 3) of every row by the chosen recipe fitted without its unit; or why there was no time.

    The interval is how wide the recipe takes the row to be, up to a factor.
    """
    held = refits.recall("left out")
    if held is not None:
        return held["said"], None
    size = len(asked) - len(asked) // TURNS
    why = refits.refused([size] * TURNS)
    if why is not None or len(asked) < TURNS * FEWEST:
        return None, why or Words("too few rows to doubt a number", "样本太少，无法判断数值是否可疑")
    fold = folds(asked.target, TURNS, np.unique(np.asarray(units, object).astype(str), return_inverse=True)[1])
    said = np.empty((len(asked), 3))
    for k in range(TURNS):
        if refits.forecast([size]) > refits.left:
            return None, too_slow(refits.forecast([size]), refits.left)
        taught, left = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        made = refits.fit(some(asked, taught), some(asked, left))
        local = made.dev.shape[1] > 1
        options = {**made.steps[-1].options, "margins": (1.0, 1.0), "local": local, "level": 0.5, "reach": None}
        step = Value(("scores",), ("value", "low", "high"), {}, **options)
        out = step.run({"scores": made.dev})
        said[left] = np.column_stack([out["value"], out["low"], out["high"]])
    refits.keep("left out", said=said)
    return said, None


def _doubtful(
    given: np.ndarray, said: np.ndarray, named: Sequence[tuple[str, str]]
) -> tuple[np.ndarray, list[tuple[float, dict[str, Any]]]]:
    """Which rows (n,) are too far off to be chance, each with how far, as a multiple of what is usual.

    An error counts against the row's own width; beyond FAR_OFF robust standard deviations of such ratios, and beyond
    what a tail as heavy as the bulk's would reach, a wrong number is likelier than an unusual row.

    Source: boxplot rule with heavy-tail fences, Hoaglin, Iglewicz & Tukey, JASA 81 (1986).
    """
    wide = np.maximum(said[:, 2] - said[:, 1], 1e-12) / 2
    ratio = np.abs(given - said[:, 0]) / wide
    middle, upper = np.quantile(ratio, [0.5, 0.95]) if len(ratio) else (0.0, 0.0)
    flags: np.ndarray = ratio > max(FAR_OFF * 1.4826 * float(middle), HEAVY * float(upper), 1e-9)
    rows = []
    for i in np.flatnonzero(flags).tolist():
        part, row = named[i]
        rows.append((
            -float(ratio[i]),
            {"row": row, "part": part, "given": _written(given[i]), "suggested": _written(said[i, 0]),
             "probability": None},
        ))  # fmt: skip
    return flags, rows


def _written(number: float) -> str:
    """A number as a person reads it."""
    return f"{float(number):.6g}"


def without(contract: Contract, found: Findings, flags: np.ndarray) -> tuple[Verdict, ...]:
    """The must lines judged as they were, but for the flagged sealed rows; others keep their verdict.

    Rows are in doubt because the version disagrees with their label, so leaving them out flatters it: it shows how much
    hangs on them, and proves nothing.
    """
    kept = ~flags
    verdicts = []
    for line, verdict in zip(contract.must, found.verdicts, strict=True):
        on = found.sealed if under(line) is None else found.disturbed.get(under(line))
        look = found.looks.get(line.text)
        delta = look.delta if look is not None else found.ledger["delta"]
        if verdict.on != "sealed" or on is None or len(on) != len(kept) or delta is None:
            verdicts.append(verdict)
            continue
        least = rows_of_a_block(found.measured.get(line.text))
        measured = measure_in_time(line, on.where(kept), least=least)
        lines = len(contract.must)
        verdicts.append(judge(line.text, line.op, line.target, measured, delta=delta, lines=lines, on="sealed"))
    return tuple(verdicts)


def _flagged(
    views: np.ndarray, given: np.ndarray, named: Sequence[tuple[str, str]], classes: Sequence[str]
) -> tuple[np.ndarray, list[tuple[float, dict[str, Any]]], float]:
    """Which rows (n,) are in doubt; each with the probability of its label; how many are wrong, as estimated."""
    from zhinan.proof import label_errors, pooled

    flags = np.zeros(len(given), bool)
    known = np.flatnonzero(given >= 0)
    if len(known) < 2 or len(classes) < 2:
        return flags, [], 0.0
    views = views[:, known].astype(np.float64)
    found = label_errors(views, given[known])
    chances = views[0] if len(views) == 1 else pooled(views, given[known])
    flags[known[found.rows]] = True
    said = []
    doubtful = zip(found.rows.tolist(), found.suggested.tolist(), found.score.tolist(), strict=True)
    for place, suggested, score in doubtful:
        i = int(known[place])
        part, row = named[i]
        said.append((
            float(score),
            {"row": row, "part": part, "given": classes[given[i]], "suggested": classes[suggested],
             "probability": float(chances[place, suggested])},
        ))  # fmt: skip
    return flags, said, float(found.expected)


def _flagged_labels(
    views: np.ndarray, given: np.ndarray, named: Sequence[tuple[str, str]], classes: Sequence[str]
) -> tuple[np.ndarray, list[tuple[float, dict[str, Any]]], float]:
    """As `_flagged`, of which labels each row has (n, classes): a row is in doubt where one of them is."""
    from zhinan.proof import tag_errors

    if not given.size:
        return np.zeros(len(given), bool), [], 0.0
    found = tag_errors(views.astype(np.float64), given)
    flags: np.ndarray = np.logical_or.reduce(found.suspect, axis=1)
    least = np.where(found.suspect, found.score, 1.0).min(axis=1)
    said = []
    for i in np.flatnonzero(flags).tolist():
        part, row = named[i]
        before, after = (
            written_list(classes[j] for j in np.flatnonzero(held).tolist())
            for held in (given[i], given[i] ^ found.suspect[i])
        )
        said.append((
            float(least[i]),
            {"row": row, "part": part, "given": before, "suggested": after, "probability": float(1 - least[i])},
        ))  # fmt: skip
    return flags, said, float(found.expected)


def _inputs(part: Dataset, rows: Sequence[str]) -> dict[str, str]:
    """Row id → its masked inputs as one line of text."""
    place = {row: i for i, row in enumerate(part.values("_row"))}
    columns = part.rows()
    return {
        row: " · ".join(str(values[place[row]]) for values in columns.values() if values[place[row]] is not None)
        for row in rows
    }
