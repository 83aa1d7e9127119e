"""Whether traffic still looks like the rows a version was compared on, in and out: advice, never an alarm."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhinan.data.drift import LARGE
from zhinan.engine.reference import CONFIDENCE, LABEL, LABELS, bin_of, facet
from zhinan.proof import clopper_pearson
from zhinan.steps.values.lists import items_of, written_list
from zhinan.store import Event

__all__ = ["Drift", "unseen_labels"]

BLOCK = 2_000
"""Answers after which the comparison starts anew, so that old traffic does not hide what came since."""
FEW = 50
"""Answers below which nothing is said."""
SEEN = 200
"""Inputs a look whose features are computed again: the first of those that came."""
ROOMS = ("inputs", "words", "scripts", "embedding", "answers")
"""Families of what is compared."""

See = Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Sequence[float]]]
"""Inputs → score → how the version sees each, as `engine.witness.scores_of`."""


class Drift:
    """Each input column, the version's answers, and texts as its own encoders see them, against dev.

    For each value or range the share in dev has bounds; against all shares within them traffic wins evidence, by a
    mixture of likelihood ratios that is valid at every look. Of all values and ranges those count whose evidence is
    large among all (e-BH); a column is told when one of its own does and the distributions differ by a tenth. All
    columns, ranges, blocks and looks together tell of traffic that is like dev with probability at most δ, if its rows
    are independent: one sender who asks much can bring advice about.

    Args: reference: as `engine.reference_of`. kept: what `to_json` gave. see: how the version sees inputs.

    Source: e-BH, Wang & Ramdas, JRSS-B 84 (2022): where k values are told, the mean of all evidence is at least 1/δ,
    which happens once in 1/δ times where nothing is new (Ville); mixtures, Robbins (1970); a version's answers instead
    of its inputs, Lipton, Wang & Smola, ICML 2018, best of those of Rabanser, Günnemann & Lipton, NeurIPS 2019.
    """

    def __init__(
        self,
        reference: Mapping[str, Any],
        number: int,
        delta: float,
        kept: Mapping[str, Any],
        see: See | None = None,
    ) -> None:
        self._number, self._see = number, see
        self._shapes: dict[str, dict[str, Mapping[str, Any]]] = {room: dict(reference.get(room, {})) for room in ROOMS}
        self._bins = sum(len(shape["counts"]) for room in self._shapes.values() for shape in room.values())
        self._delta = delta / 2  # of dev, and of traffic
        self.seq, self._block, self._n = (int(kept.get(name, at)) for name, at in (("seq", 0), ("block", 1), ("n", 0)))
        self._last: list[dict[str, Any]] = list(kept.get("last", ()))
        self._counts: dict[str, dict[str, list[int]]] = {
            room: {name: list(counts) for name, counts in kept.get("counts", {}).get(room, {}).items()}
            for room in self._shapes
        }

    def take(self, newest: Sequence[Event]) -> bool:
        """Counts predictions that are newer than those before; whether there were any. Some may have been skipped."""
        fresh = [event for event in newest if event.seq > self.seq]
        mine = [event for event in fresh if event.payload.get("version") == self._number]
        seen = self._seen(mine)
        for event in mine:
            self.seq = event.seq
            self._count(event.payload, seen.get(event.seq))
        self.seq = max((event.seq for event in fresh), default=self.seq)
        return bool(fresh)

    def _seen(self, mine: Sequence[Event]) -> dict[int, dict[str, float]]:
        """seq → how the version sees that input, for the first few that were kept."""
        if self._see is None or not self._shapes["embedding"]:
            return {}
        some = [event for event in mine if event.payload.get("input") is not None][:SEEN]
        found = self._see([event.payload["input"] for event in some]) if some else {}
        if not found:
            return {}
        return {event.seq: {name: scores[place] for name, scores in found.items()} for place, event in enumerate(some)}

    def _count(self, answer: Mapping[str, Any], seen: Mapping[str, float] | None) -> None:
        row = answer.get("input")
        said = {key: answer.get(key) for key in (LABEL, CONFIDENCE)}
        said[LABELS] = written_list(answer[LABELS]) if LABEL not in answer and LABELS in answer else None
        rows = {"answers": said, "embedding": seen}
        for room, shapes in self._shapes.items():
            told = rows.get(room, row)
            if told is None:
                continue
            for name, shape in shapes.items():
                value = facet(room, told.get(name), shape) if room in ("words", "scripts") else told.get(name)
                counts = self._counts[room].setdefault(name, [0] * len(shape["counts"]))
                counts[bin_of(value, shape)] += 1
        self._n += 1
        if self._n == BLOCK:
            self._last = self._found()
            self._block, self._n, self._counts = self._block + 1, 0, {room: {} for room in self._shapes}

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        return {"seq": self.seq, "block": self._block, "n": self._n, "counts": self._counts, "last": self._last}

    def advice(self) -> list[dict[str, Any]]:
        """[{"what", "column", "value", "n"}]: `value` is how far apart the distributions are, from 0 to 1.

        Until a block has a few answers, what the one before said.
        """
        return self._last if self._n < FEW else self._found()

    def _found(self) -> list[dict[str, Any]]:
        counted = [
            (room, name, shape, self._counts[room][name])
            for room, shapes in self._shapes.items()
            for name, shape in shapes.items()
            if name in self._counts[room]
        ]
        evidence = [self._evidence(shape["counts"], counts) for _, _, shape, counts in counted]
        bar = self._bar([one for of_column in evidence for one in of_column])
        found: list[dict[str, Any]] = [
            {"what": what, "column": name, "value": apart, "n": sum(counts)}
            for (room, name, shape, counts), of_column in zip(counted, evidence, strict=True)
            for what, apart in _moved(room, shape, counts, [one >= bar for one in of_column])
        ]
        space = sorted((one for one in found if one["what"] == "embedding"), key=lambda one: -one["value"])
        return [one for one in found if one["what"] != "embedding" or one is space[0]]

    def _bar(self, evidence: Sequence[float]) -> float:
        """The logarithm of evidence from which a value counts: at the k-th largest of m values it is m/(kδ)."""
        least = math.log(self._bins * self._block * (self._block + 1) / self._delta) if self._bins else 0.0
        ordered = sorted(evidence, reverse=True)
        enough = [least - math.log(k) for k, one in enumerate(ordered, 1) if one >= least - math.log(k)]
        return min(enough, default=math.inf)

    def _evidence(self, dev: Sequence[int], traffic: Sequence[int]) -> list[float]:
        """Of each value, the logarithm of what traffic has won against every share that dev admits."""
        n, there = sum(traffic), sum(dev)
        lows, highs = clopper_pearson(dev, there, self._delta / (2 * self._bins))
        found = []
        for hits, low, high in zip(traffic, lows.tolist(), highs.tolist(), strict=True):
            share = hits / n
            outside = not low <= share <= high
            nearest = min(max(share, low), high)
            found.append(_mixture(hits, n) - _likelihood(hits, n, nearest) if outside else -math.inf)
        return found


def _mixture(hits: int, n: int) -> float:
    """The logarithm of the likelihood of hits, mixed over all shares by Jeffreys' prior."""
    gamma = math.lgamma
    return gamma(hits + 0.5) + gamma(n - hits + 0.5) - gamma(n + 1) - 2 * gamma(0.5)


def _likelihood(hits: int, n: int, share: float) -> float:
    """Its logarithm; −∞ of what the share rules out."""
    parts = ((hits, share), (n - hits, 1 - share))
    return sum(count * math.log(chance) if chance > 0 else -math.inf for count, chance in parts if count)


def _moved(
    room: str, shape: Mapping[str, Any], counts: Sequence[int], counted: Sequence[bool]
) -> list[tuple[str, float]]:
    """What moved of a column and how far, if the evidence on one of its values counts; nothing otherwise."""
    here, there = sum(counts), sum(shape["counts"])
    if here < FEW or not there or not any(counted):
        return []
    gaps = [one / here - other / there for one, other in zip(counts, shape["counts"], strict=True)]
    apart = sum(map(abs, gaps)) / 2
    if apart < LARGE:
        return []
    unseen = room == "inputs" and "values" in shape and counted[-2] and gaps[-2] > 0
    return [("unseen values" if unseen else room, apart)]


def unseen_labels(feedback: Sequence[Event], classes: Sequence[str], column: str) -> list[dict[str, Any]]:
    """Right answers that people gave and the version has no class for, as advice: `value` is how many."""
    if not classes:
        return []
    said: list[tuple[str, ...]] = [(str(event.payload["label"]),) for event in feedback if "label" in event.payload]
    said += [items_of(str(event.payload["labels"])) for event in feedback if "labels" in event.payload]
    unknown = sum(not set(labels) <= set(classes) for labels in said)
    return [{"what": "unseen label", "column": column, "value": unknown, "n": len(said)}] if unknown else []
