"""How well the masks do on the labelled sentences, held so that no change makes them worse unnoticed.

dev.jsonl was written together with the patterns. test.jsonl was written by somebody who had not seen them, and opened
after they were frozen (commit "Patterns of the masks are frozen before the test half is opened"): structured kinds
had recall .9417 and precision .9830, names .7277 and .9444, addresses .7746 and .9836. What it showed was then
mended, so the figures held below are no longer blind. No label was changed.

Each author's sentences were scored when first met, then read, and the rules mended; the tagger's weights learn from
every file here but the newest (`STRANGERS` of tools/tagger.py). Every third of the last six is scored here, and held
close below what is found.
"""

from __future__ import annotations

import pytest

from .pii_scoring import FOLDER, NAMES, rows, scored, structured, total


@pytest.mark.parametrize(
    ("part", "every", "least"),
    [
        ("dev", 1, {"structured": (0.99, 0.98), "names": (0.97, 0.97), "addresses": (0.97, 0.97)}),
        ("test", 1, {"structured": (0.99, 0.98), "names": (0.96, 0.98), "addresses": (0.97, 0.97)}),
        ("set18", 3, {"structured": (0.99, 0.99), "names": (0.97, 0.97), "addresses": (0.98, 0.97)}),
        ("set19", 3, {"structured": (0.99, 0.99), "names": (0.98, 0.97), "addresses": (0.96, 0.96)}),
        ("set20", 3, {"structured": (0.99, 0.99), "names": (0.98, 0.94), "addresses": (0.98, 0.96)}),
        ("set23", 3, {"structured": (0.99, 0.99), "names": (0.94, 0.90), "addresses": (0.92, 0.84)}),
        ("set22", 3, {"structured": (0.99, 0.99), "names": (0.92, 0.87), "addresses": (0.98, 0.82)}),
        ("set21", 3, {"structured": (0.99, 0.99), "names": (0.97, 0.94), "addresses": (0.98, 0.96)}),
    ],
)
def test_the_masks_find_what_is_labelled_and_little_else(
    part: str, every: int, least: dict[str, tuple[float, float]]
) -> None:
    sentences = rows(FOLDER / f"{part}.jsonl")[::every]
    scores, _ = scored(sentences)
    kinds = {"structured": structured(scores), "names": NAMES, "addresses": ("postal_address",)}
    for name, (recall, precision) in least.items():
        score = total(scores, kinds[name])
        assert (score.recall, score.precision) >= (recall, 0), (name, score)
        assert score.precision >= precision, (name, score)


def test_the_halves_are_large_bilingual_and_have_nothing_in_common() -> None:
    halves = {part: rows(FOLDER / f"{part}.jsonl") for part in ("dev", "test")}
    assert all(len(half) >= 500 for half in halves.values())
    for half in halves.values():
        assert 0.45 <= sum(row["lang"] == "zh" for row in half) / len(half) <= 0.55
        assert 0.35 <= sum(not row["spans"] for row in half) / len(half) <= 0.45
        assert all(0 <= s["start"] < s["end"] <= len(row["text"]) for row in half for s in row["spans"])
    assert not {row["text"] for row in halves["dev"]} & {row["text"] for row in halves["test"]}
