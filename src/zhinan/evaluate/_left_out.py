"""What a piece of a row says, found by leaving it out: for whatever cannot be taken apart exactly."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.evaluate._spans import HAN, tokens
from zhinan.evaluate._terms import Opened

__all__ = ["MOST", "left_out"]

MOST = 96
"""Most pieces of one text that are left out one by one; a longer text is cut into larger pieces."""

CHUNK = 64
WINDOW = 2
"""汉字 left out together: a phrase of two says more than its characters alone."""

_LETTER = re.compile(f"[{HAN}]")


def left_out(
    of: Opened, row: Mapping[str, Any], names: Sequence[str], score: Callable[[Mapping[str, Any]], np.ndarray]
) -> tuple[float, dict[str, np.ndarray], dict[str, float]]:
    """The score of the row with nothing in `names`, and what each character or column adds to the score as it is.

    Args:
        row: the masked inputs. names: the columns to leave out, texts piece by piece.
        score: of the values after the last step, (n,).

    Returns:
        score of the empty row; column → (characters,) of texts; column → weight of the others.

    Source: occlusion, Zeiler & Fergus (ECCV 2014); Li, Monroe & Jurafsky (2016) for words.
    """
    texts = {name: row[name] for name in names if of.inputs[name] == "text" and row[name]}
    cuts = [(name, start, end) for name, text in texts.items() for start, end in _pieces(text)]
    others = [name for name in names if name not in texts and row[name] not in (None, "")]
    empty = {**row, **{name: "" if of.inputs[name] == "text" else None for name in names}}
    variants = [dict(row), empty]
    variants += [{**row, name: texts[name][:start] + texts[name][end:]} for name, start, end in cuts]
    variants += [{**row, name: None} for name in others]
    scores = _scored(of, variants, score)
    effect = scores[0] - scores[2:]
    characters = {name: np.zeros(len(text)) for name, text in texts.items()}
    covered = {name: np.zeros(len(text)) for name, text in texts.items()}
    for (name, start, end), said in zip(cuts, effect, strict=False):
        characters[name][start:end] += said / (end - start)
        covered[name][start:end] += 1
    for name in texts:
        characters[name] /= np.maximum(covered[name], 1)
    weights = dict(zip(others, effect[len(cuts) :].tolist(), strict=True))
    return float(scores[1]), characters, weights


def _scored(
    of: Opened, variants: Sequence[Mapping[str, Any]], score: Callable[[Mapping[str, Any]], np.ndarray]
) -> np.ndarray:
    found = []
    for start in range(0, len(variants), CHUNK):
        some = variants[start : start + CHUNK]
        found.append(score(of.run({name: [row[name] for row in some] for name in of.inputs})))
    return np.concatenate(found)


def _pieces(text: str) -> list[tuple[int, int]]:
    """What is left out, one at a time: words, and every two neighbouring 汉字."""
    spans = tokens(text)
    if len(spans) > MOST:
        cut = np.linspace(0, len(spans), MOST + 1).round().astype(int)
        return [(spans[first][0], spans[last - 1][1]) for first, last in itertools.pairwise(cut)]
    found = []
    place = 0
    while place < len(spans):
        run = place
        while run < len(spans) and _LETTER.match(text[spans[run][0]]):
            run += 1
        if run - place <= WINDOW:
            run = max(run, place + 1)
            found.append((spans[place][0], spans[run - 1][1]))
        else:
            found += [(spans[i][0], spans[i + WINDOW - 1][1]) for i in range(place, run - WINDOW + 1)]
        place = run
    return found
