"""Why a version answered so: what each word, 汉字 and column of a row said for the answer, against another one.

A linear head is taken apart exactly, down to the characters that its hashed n-grams counted. What an encoder says is
found by leaving pieces out. Runs on the packaged version, without a training library.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from zhinan.core import Candidate, Dataset, UserError, suggest
from zhinan.data.tags import flags_of, labels_in
from zhinan.evaluate._grown import Grown
from zhinan.evaluate._left_out import left_out
from zhinan.evaluate._spans import phrases, spread, tokens
from zhinan.evaluate._terms import ABSENT, Opened, Term, opened, terms
from zhinan.evaluate.explanations import Explanation, NumberExplanation, Part, Reason
from zhinan.package import Version
from zhinan.steps.tokenize import joined

__all__ = ["Explanation", "NumberExplanation", "Part", "Reason", "explain", "explanation_facts"]

CHUNK = 64
NOT = "¬ "
"""Before a label that is left out."""
SLACK = 2e-3
"""How far the terms may be from the score they should add up to; float16 weights and float32 sums stay far below."""


def explain(
    version: Version, rows: Any, *, against: str | None = None, label: str | None = None, top: int | None = 12
) -> list[Explanation] | list[NumberExplanation]:
    """One explanation a row, in order.

    Args:
        version: an opened version. rows: as `Version.predict` takes them.
        against: the class to compare with; None for the runner-up. When it is the answer itself, the runner-up is
            explained against it. label: the class to explain; None for the answer.
        top: parts shown; None for all of them, which together are the whole text.

    Raises:
        UserError: E290 for an unknown class, E291 when both classes are the same, E292 for a version of one class,
            E294 when a class is named of numbers, E295 when several labels a row are compared; E370–E372 for rows that
            do not fit.

    Source: additive attributions of a linear function, Lundberg & Lee (NeurIPS 2017) with the empty row as baseline;
        occlusion, Zeiler & Fergus (ECCV 2014).
    """
    if version.manifest.task == "tag" and against is not None:
        raise UserError("E295")
    if not version.classes:
        if label is not None or against is not None:
            raise UserError("E294", option="--label" if label is not None else "--against")
        return _of_numbers(_known(opened(version)), version.check(rows), top)
    return _explained(_known(opened(version)), version.check(rows), label, against, top)


def explanation_facts(
    candidate: Candidate, dev: Dataset, *, most: int = 10, until: float = float("inf")
) -> list[dict[str, Any]]:
    """The dev errors of a candidate that it was surest of, explained against the truth, as the report shows them.

    Args:
        candidate: the one whose answers were compared on dev, not the one trained on dev too: that one has seen the
            right answers. until: `time.perf_counter()` after which no further row is begun.
    """
    if candidate.task == "regress" and dev.target is not None:
        return _far_off(candidate, dev, most, until)
    if len(candidate.classes) < 2 or dev.target is None:
        return []
    if candidate.task == "tag":
        return _wrong_labels(candidate, dev, most, until)
    place = {name: i for i, name in enumerate(candidate.classes)}
    truth = np.array([place.get(name, -1) for name in dev.values(dev.target.name)])
    answer = candidate.answers
    wrong = np.flatnonzero((truth != answer) & (truth >= 0))
    order = wrong[np.argsort(-candidate.dev[wrong, answer[wrong]], kind="stable")][:most]
    shown = []
    for i, known, one in _one_by_one(candidate, dev, order, until):
        names = candidate.classes[answer[i]], candidate.classes[truth[i]]
        (found,) = _explained(known, one, *names, None)
        parts = [{"text": _shown(part, len(one)), "weight": part.weight} for part in found.parts]
        shown.append({"tokens": parts, "truth": names[1], "answer": names[0], "against": names[1]})
    return shown


def _wrong_labels(candidate: Candidate, dev: Dataset, most: int, until: float) -> list[dict[str, Any]]:
    """Of the rows with a label wrongly given or left out the one that is farthest from right, having it against not."""
    truth, answer = flags_of(labels_in(dev), candidate.classes), np.asarray(candidate.answers, bool)
    far = np.where(truth != answer, np.abs(candidate.dev - truth), 0.0)
    worst = far.argmax(axis=1)
    order = np.argsort(-far.max(axis=1), kind="stable")[: min(most, int((far.max(axis=1) > 0).sum()))]
    shown = []
    for i, known, one in _one_by_one(candidate, dev, order, until):
        label = candidate.classes[worst[i]]
        (found,) = _explained(known, one, label, None, None)
        without = f"{NOT}{label}"
        said, right = (label if held[i, worst[i]] else without for held in (answer, truth))
        sign = 1.0 if said == label else -1.0
        parts = [{"text": _shown(part, len(one)), "weight": sign * part.weight} for part in found.parts]
        shown.append({"tokens": parts, "truth": right, "answer": said, "against": right})
    return shown


def _far_off(candidate: Candidate, dev: Dataset, most: int, until: float) -> list[dict[str, Any]]:
    """The numbers that are farthest off, taken apart."""
    truth = np.array(dev.values(dev.target.name) if dev.target else [], np.float64)
    order = np.argsort(-np.abs(candidate.answers[:, 0] - truth), kind="stable")[:most]
    shown = []
    for i, known, one in _one_by_one(candidate, dev, order, until):
        (found,) = _of_numbers(known, one, None)
        parts = [{"text": _shown(part, len(one)), "weight": part.weight} for part in found.parts]
        answer = f"{candidate.answers[i, 0]:.6g}"
        shown.append({"tokens": parts, "truth": f"{truth[i]:.6g}", "answer": answer, "against": f"{found.base:.6g}"})
    return shown


def _one_by_one(
    candidate: Candidate, dev: Dataset, order: np.ndarray, until: float
) -> Iterator[tuple[int, _Known, dict[str, list[Any]]]]:
    """Rows of dev in an order, each with what is looked into, which is opened once, for as long as there is time."""
    if not order.size or time.perf_counter() > until:
        return
    rows, known = dev.rows(), _known(opened(candidate, {column.name: column.kind for column in dev.inputs}))
    for i in order.tolist():
        if time.perf_counter() > until:
            return
        yield i, known, {name: [values[i]] for name, values in rows.items()}


def _shown(part: Part, columns: int) -> str:
    return part.text if part.start is not None or columns == 1 else f" {part.column}={part.text} "


_Known: TypeAlias = tuple[Opened, tuple[tuple[Term | Grown, ...], np.ndarray] | None]
"""What is looked into, and the terms that its scores are the sum of, where they are one."""


def _known(of: Opened) -> _Known:
    return of, terms(of)


def _explained(
    known: _Known, columns: Mapping[str, list[Any]], label: str | None, against: str | None, top: int | None
) -> list[Explanation]:
    of = known[0]
    if len(of.classes) < 2:
        raise UserError("E292")
    for name in (label, against):
        if name is not None and (name not in of.classes or (of.tagged and name == ABSENT)):
            raise UserError("E290", label=name, suggestion=suggest(name, [one for one in of.classes if one]))
    if label is not None and label == against:
        raise UserError("E291", label=label)
    found = []
    count = len(next(iter(columns.values()), []))
    for start in range(0, count, CHUNK):
        chunk = {name: values[start : start + CHUNK] for name, values in columns.items()}
        values = of.run(chunk)
        answers, chances = of.answers(values)
        for i, answer in enumerate(answers):
            pair = _pair(of.classes, answer, chances[i], label, ABSENT if of.tagged else against)
            found.append(_Row(*known, values, i, pair).explanation(chances[i], top))
    return found


def _of_numbers(known: _Known, columns: Mapping[str, list[Any]], top: int | None) -> list[NumberExplanation]:
    of, last = known[0], known[0].steps[-1]
    scale = "value" if last.options.get("shift") is None else "log"
    found = []
    for start in range(0, len(next(iter(columns.values()), [])), CHUNK):
        values = of.run({name: given[start : start + CHUNK] for name, given in columns.items()})
        ends = [np.asarray(values[name], np.float64) for name in last.writes]
        for i in range(len(ends[0])):
            row = _Row(*known, values, i, (0, 1))
            total, base, every, method, shared = row.taken_apart()
            parts, rest = _strongest(every, top)
            unexplained = total - base - rest - sum(part.weight for part in parts)
            value, low, high = (float(end[i]) for end in ends)
            made = total, base, parts, rest, unexplained, method, shared, row.row
            found.append(NumberExplanation(value, low, high, scale, *made, last.options.get("unit", "")))
    return found


def _pair(
    classes: Sequence[str], answer: str, chances: np.ndarray, label: str | None, against: str | None
) -> tuple[int, int]:
    """The class to explain and the one it is compared with."""
    named = classes.index(against) if against is not None else None
    first = classes.index(label if label is not None else answer)
    order = [int(i) for i in np.argsort(-chances, kind="stable")]
    if first == named:  # asked against what it answered: why not the other one
        first = next(i for i in order if i != named)
    second = named if named is not None else next(i for i in order if i != first)
    return first, second


@dataclass(frozen=True, eq=False)
class _Row:
    """One row on its way to an explanation. `values` hold a batch, of which it is number `i`."""

    of: Opened
    known: tuple[tuple[Term | Grown, ...], np.ndarray] | None
    values: Mapping[str, Any]
    i: int
    pair: tuple[int, int]

    @property
    def row(self) -> dict[str, Any]:
        return {name: self.values[name][self.i] for name in self.of.inputs}

    def taken_apart(self) -> tuple[float, float, list[Part], str, int]:
        """(difference, base, all parts, method, shared features)."""
        first, second = self.pair
        score = self.of.scores(self.values)[self.i]
        difference = float(score[first] - score[second])
        base, characters, others, shared, method = self._taken_apart(difference)
        return difference, base, self._parts(characters, others), method, shared

    def explanation(self, chances: np.ndarray, top: int | None) -> Explanation:
        first, second = self.pair
        difference, base, every, method, shared = self.taken_apart()
        parts, rest = _strongest(every, top)
        columns = {name: sum(part.weight for part in every if part.column == name) for name in self.row}
        told = sum(part.weight for part in parts) + rest + base
        return Explanation(
            self.of.classes[first], self.of.classes[second], float(chances[first]), difference, base, parts, rest,
            difference - told, method, shared, self.row, columns,
        )  # fmt: skip

    def _taken_apart(self, difference: float) -> tuple[float, dict[str, np.ndarray], dict[str, float], int, str]:
        """(base, weight of each character of the texts, weight of each other column, shared features, method)."""
        texts = {name: _text(value) for name, value in self.row.items() if self.of.inputs[name] == "text"}
        if self.known is not None:
            found, bias = self.known
            said = [(term, term.pair(self.values, self.i, self.pair)) for term in found]
            exact = [(term, both) for term, both in said if term.kind != "encoder"]
            encoders = [term for term in found if isinstance(term, Term) and term.kind == "encoder"]
            base = float(bias[self.pair[0]] - bias[self.pair[1]])
            total = base + sum(float(contribution.sum()) for _, (_, contribution) in said)
            if abs(total - difference) <= SLACK * max(1.0, abs(difference)):
                return self._by_terms(exact, encoders, base, texts)
        names = tuple(self.of.inputs)

        def whole(values: Mapping[str, Any]) -> np.ndarray:
            scores = self.of.scores(values)
            apart: np.ndarray = scores[:, self.pair[0]] - scores[:, self.pair[1]]
            return apart

        empty, characters, others = left_out(self.of, self.row, names, whole)
        return empty, characters, others, 0, "occlusion"

    def _by_terms(
        self,
        exact: Sequence[tuple[Term | Grown, tuple[np.ndarray, np.ndarray]]],
        encoders: Sequence[Term],
        base: float,
        texts: Mapping[str, str],
    ) -> tuple[float, dict[str, np.ndarray], dict[str, float], int, str]:
        characters = {name: np.zeros(len(text)) for name, text in texts.items()}
        others: dict[str, float] = {}
        shared = 0
        for term, (index, contribution) in exact:
            if isinstance(term, Grown):
                base += float(contribution[-1])
                for name, weight in term.by_column(contribution).items():
                    others[name] = others.get(name, 0.0) + weight
            elif term.features is not None:
                nowhere, both = self._by_ngrams(term, index, contribution, characters)
                base, shared = base + nowhere, shared + both
            else:
                for name, weight in self._by_columns(term, contribution):
                    others[name] = others.get(name, 0.0) + weight
        if not encoders:
            grown = [isinstance(term, Grown) for term, _ in exact]
            method = "trees" if all(grown) and grown else "linear + trees" if any(grown) else "linear"
            return base, characters, others, shared, method
        names = tuple(dict.fromkeys(name for term in encoders for name in self.of.sources(term.reads[0])))

        def encoded(values: Mapping[str, Any]) -> np.ndarray:
            count = len(values[next(iter(self.of.inputs))])
            sums = [sum(term.pair(values, i, self.pair)[1].sum() for term in encoders) for i in range(count)]
            return np.array(sums, np.float64)

        empty, said, more = left_out(self.of, self.row, names, encoded)
        for name, weights in said.items():
            characters[name] = characters[name] + weights
        for name, weight in more.items():
            others[name] = others.get(name, 0.0) + weight
        return base + empty, characters, others, shared, "linear + occlusion" if exact else "occlusion"

    def _by_ngrams(
        self, term: Term, index: np.ndarray, contribution: np.ndarray, characters: dict[str, np.ndarray]
    ) -> tuple[float, int]:
        """Adds what n-grams say to the characters of their columns; gives what belongs nowhere, and what is shared."""
        if term.features is None:
            raise ValueError("only n-grams stand somewhere")
        columns = [_text(self.values[name][self.i]) for name in term.step.reads]
        (text,) = joined([[one] for one in columns])
        found = spread(text, term.features, index, contribution)
        nowhere, place = found.nowhere + float(found.weights.sum()), 0
        for name, one in zip(term.step.reads, columns, strict=True):
            said = found.weights[place : place + len(one)]
            characters[name] = characters[name] + said
            nowhere -= float(said.sum())
            place += len(one) + 1  # a line break stands between columns
        return nowhere, found.shared

    def _by_columns(self, term: Term, contribution: np.ndarray) -> list[tuple[str, float]]:
        """What each column of a table says: its features stand side by side."""
        from zhinan.steps.table import Table

        found, place = [], 0
        for name, learned in zip(term.step.reads, term.step.options["columns"], strict=True):
            width = Table((name,), ("one",), {}, columns=(learned,)).run({name: [None]})["one"].shape[1]
            found.append((name, float(contribution[place : place + width].sum())))
            place += width
        return found

    def _parts(self, characters: Mapping[str, np.ndarray], others: Mapping[str, float]) -> list[Part]:
        found = []
        for name, value in self.row.items():
            weights = characters.get(name)
            if weights is not None and (weights.any() or name not in others):
                spans = tokens(_text(value))
                sums = [float(weights[start:end].sum()) for start, end in spans]
                for start, end, weight in phrases(_text(value), spans, sums):
                    found.append(Part(name, _text(value)[start:end], weight, start, end))
            if name in others:
                found.append(Part(name, "" if value is None else str(value), others[name]))
        return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _strongest(parts: Sequence[Part], top: int | None) -> tuple[tuple[Part, ...], float]:
    """The parts that count most, in their order, and the sum of the others."""
    if top is None or len(parts) <= top:
        return tuple(parts), 0.0
    strength = np.array([-abs(part.weight) for part in parts])
    kept = set(np.argsort(strength, kind="stable")[:top].tolist())
    shown = tuple(part for i, part in enumerate(parts) if i in kept)
    return shown, float(sum(part.weight for i, part in enumerate(parts) if i not in kept))
