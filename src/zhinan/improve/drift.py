"""Whether traffic still looks like the rows a version was compared on, in and out: advice, never an alarm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhinan.data.drift import LARGE
from zhinan.engine.reference import CONFIDENCE, LABEL, LABELS, bin_of, facet
from zhinan.proof import Certifier, clopper_pearson
from zhinan.steps.values.lists import written_list
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

    For each value or range the share in dev and in traffic have bounds, those of traffic valid at every look
    (a betting confidence sequence); a column is told when some bounds lie apart and the distributions differ by a
    tenth. All columns, ranges, blocks and looks together tell of traffic that is like dev with probability at most δ,
    if its rows are independent: one sender who asks much can bring advice about.

    Args: reference: as `engine.reference_of`. kept: what `to_json` gave. see: how the version sees inputs.

    Source: confidence sequences, Waudby-Smith & Ramdas (2023), as a sequential two-sample test, Shekhar & Ramdas
    (2024); a version's answers instead of its inputs, Lipton, Wang & Smola, ICML 2018, best of those compared by
    Rabanser, Günnemann & Lipton, NeurIPS 2019.
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
        bins = sum(len(shape["counts"]) for room in self._shapes.values() for shape in room.values())
        self._delta = delta / max(4 * bins, 1)  # two sides, of dev and of traffic
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
        return {"seq": self.seq, "block": self._block, "n": self._n, "counts": self._counts, "last": self._last,
                "advice": self.advice()}  # fmt: skip

    def advice(self) -> list[dict[str, Any]]:
        """[{"what", "column", "value", "n"}]: `value` is how far apart the distributions are, from 0 to 1.

        Until a block has a few answers, what the one before said.
        """
        return self._last if self._n < FEW else self._found()

    def _found(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {"what": what, "column": name, "value": apart, "n": sum(self._counts[room][name])}
            for room, shapes in self._shapes.items()
            for name, shape in shapes.items()
            if name in self._counts[room]
            for what, apart in self._moved(room, shape, self._counts[room][name])
        ]
        space = sorted((one for one in found if one["what"] == "embedding"), key=lambda one: -one["value"])
        return [one for one in found if one["what"] != "embedding" or one is space[0]]

    def _moved(self, room: str, shape: Mapping[str, Any], counts: Sequence[int]) -> list[tuple[str, float]]:
        """What moved of a column and how far, if its bounds lie apart; nothing otherwise."""
        here, there = sum(counts), sum(shape["counts"])
        if here < FEW or not there:
            return []
        gaps = [one / here - other / there for one, other in zip(counts, shape["counts"], strict=True)]
        apart = sum(map(abs, gaps)) / 2
        if apart < LARGE:
            return []
        moved = [
            place
            for place, (one, other) in enumerate(zip(counts, shape["counts"], strict=True))
            if gaps[place] and self._apart((one, here), (other, there))
        ]
        if not moved:
            return []
        unseen = room == "inputs" and "values" in shape and len(counts) - 2 in moved and gaps[-2] > 0
        return [("unseen values" if unseen else room, apart)]

    def _apart(self, traffic: tuple[int, int], dev: tuple[int, int]) -> bool:
        hits, n = traffic
        low, high = (float(bound) for bound in clopper_pearson(*dev, self._delta))
        if low <= hits / n <= high:  # its own bounds are around it
            return False
        seen = Certifier.from_state({
            "op": ">=", "target": 0.5, "delta": self._delta / (self._block * (self._block + 1)), "lines": 1,
            "span": [0.0, 1.0], "outcomes": [[0.0, n - hits], [1.0, hits]], "decided": None,
        })  # fmt: skip
        below, above = seen.confidence_sequence()
        return below > high or above < low


def unseen_labels(feedback: Sequence[Event], classes: Sequence[str], column: str) -> list[dict[str, Any]]:
    """Right answers that people gave and the version has no class for, as advice: `value` is how many."""
    if not classes:
        return []
    said = [str(event.payload["label"]) for event in feedback if "label" in event.payload]
    unknown = sum(label not in classes for label in said)
    return [{"what": "unseen label", "column": column, "value": unknown, "n": len(said)}] if unknown else []
