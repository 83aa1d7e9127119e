"""How well the masks do on labelled sentences: `python tests/steps/pii_scoring.py FILE [--wrong]` prints the table."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from zhinan.steps.mask import armed, finds_in
from zhinan.steps.masks._spans import narrow

FOLDER = Path(__file__).parent / "pii"
NAMES = ("person_name",)
FREE = ("person_name", "postal_address")
"""Kinds without a form or checksum of their own; every other kind is structured."""


class Score(NamedTuple):
    """Gold spans hidden completely of all gold spans; finds that hide nothing else of all finds."""

    hidden: int
    gold: int
    clean: int
    found: int

    @property
    def recall(self) -> float:
        """Share of gold spans of which no letter or digit is left."""
        return self.hidden / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        """Share of finds that hide no letter or digit outside a gold span."""
        return self.clean / self.found if self.found else 1.0


class Wrong(NamedTuple):
    """A gold span that is not hidden, or a find that hides too much."""

    what: str
    kind: str
    text: str
    part: str


def rows(path: Path) -> list[dict[str, Any]]:
    """The sentences of a file: {"text", "lang", "spans": [{"start", "end", "kind"}]}."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def scored(sentences: Sequence[Mapping[str, Any]]) -> tuple[dict[tuple[str, str], Score], list[Wrong]]:
    """Scores by (kind, language), masked as serving does with every mask on, and what was wrong.

    A find counts for the mask that made it.
    """
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    wrong = []
    all_found = finds_in([narrow(row["text"]) for row in sentences], armed())
    for row, found in zip(sentences, all_found, strict=True):
        text, lang = row["text"], row["lang"]
        hidden = {i for (start, end), _ in found for i in range(start, end)}
        gold = {i for span in row["spans"] for i in range(span["start"], span["end"])}
        for span in row["spans"]:
            place, kind = (span["start"], span["end"]), span["kind"]
            missed = not _said(text, place) <= hidden
            counts[kind, lang].update(gold=1, hidden=not missed)
            wrong += [Wrong("missed", kind, text, text[slice(*place)])] * missed
        for place, mask in found:
            over = not _said(text, place) <= gold
            counts[mask.name, lang].update(found=1, clean=not over)
            wrong += [Wrong("too much", mask.name, text, text[slice(*place)])] * over
    return {key: Score(c["hidden"], c["gold"], c["clean"], c["found"]) for key, c in counts.items()}, wrong


def total(scores: Mapping[tuple[str, str], Score], kinds: Sequence[str], lang: str = "") -> Score:
    """The scores of some kinds together, in one language or all."""
    chosen = [score for (kind, said), score in scores.items() if kind in kinds and (not lang or said == lang)]
    return Score(*(sum(part) for part in zip(*chosen, strict=True))) if chosen else Score(0, 0, 0, 0)


def structured(scores: Mapping[tuple[str, str], Score]) -> tuple[str, ...]:
    """Every kind with a form of its own."""
    return tuple({kind for kind, _ in scores} - set(FREE))


def _said(text: str, span: tuple[int, int]) -> set[int]:
    return {i for i in range(*span) if text[i].isalnum()}


def _lines(scores: Mapping[tuple[str, str], Score]) -> Iterator[str]:
    yield f"{'kind':<16}{'lang':<6}{'recall':>8}{'of':>6}{'precision':>11}{'of':>6}"
    groups = {
        "structured": structured(scores), "names": NAMES, "addresses": ("postal_address",),
        **{kind: (kind,) for kind in sorted({kind for kind, _ in scores})},
    }  # fmt: skip
    for name, kinds in groups.items():
        for lang in ("", "en", "zh"):
            score = total(scores, kinds, lang)
            shown = f"{score.recall:>8.4f}{score.gold:>6}{score.precision:>11.4f}{score.found:>6}"
            yield f"{name:<16}{lang or 'all':<6}{shown}"


if __name__ == "__main__":
    found, wrongs = scored(rows(Path(sys.argv[1])))
    print("\n".join(_lines(found)))
    if "--wrong" in sys.argv:
        print("\n".join(f"{w.what}\t{w.kind}\t{w.part!r}\t{w.text!r}" for w in wrongs))
