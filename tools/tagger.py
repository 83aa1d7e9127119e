"""Learns the weights of the tagger behind the masks from the labelled sentences: `python tools/tagger.py`.

    pip install python-crfsuite==0.9.12
    python tools/tagger.py                  writes src/zhinan/steps/masks/tagger.zlib, the same bytes each time
    python tools/tagger.py --without set7   learns from all others and says how well it does there, beside the rules

The sentences are tests/steps/pii/*.jsonl, each file by another author, and ordinary.txt, which names nobody. From
strangers nothing is learned, so that the weights can be measured on them at any time. Features are made by the code
that makes them in serving; what is learned is a weight for each, by L-BFGS (python-crfsuite).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from zhinan.steps.masks import _tagged
from zhinan.steps.masks._spans import narrow
from zhinan.steps.masks._tagger import KINDS, LABELS, SCALE, packed
from zhinan.steps.masks._tagger_features import (
    AROUND,
    OFFSETS,
    Column,
    column,
    contexts,
    joined_keys,
    keyed,
    kinds_met,
    unary,
)

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests/steps/pii"
PLACE = ROOT / "src/zhinan/steps/masks/tagger.zlib"
LETTER = {**{mask: letter for letter, mask in KINDS.items()}, "landline": "T"}
STRANGERS = {"set22", "set23"}
"""Authors from whom nothing is learned, the newest, whose sentences no weight has ever seen."""
BIAS = {"N": -0.6, "A": 0.1, "D": -0.8, "T": 0.4, "P": 0.4, "S": 0.0, "R": 0.0}
"""What each token of a find gets on top, chosen where an author was left out."""
LEAST = 0.05
"""A weight smaller than this is left out, so that all of them fit in 200 KB."""
NEVER = -16_000

Sentence = tuple[list[list[str]], list[str]]
"""The features of each token, and its label."""


def main() -> None:
    """Writes the weights, or says how well those of the other authors do on one."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--without", metavar="SET", help="the author to leave out; nothing is written")
    without = arguments.parse_args().without
    content = learned(sorted(path for path in FOLDER.glob("*.jsonl") if path.stem not in STRANGERS | {without}))
    print(f"{len(content):,} bytes")
    if without is None:
        PLACE.write_bytes(content)
        return
    sys.path.insert(0, str(FOLDER.parent))
    import pii_scoring

    sentences = pii_scoring.rows(FOLDER / f"{without}.jsonl")
    for title, weights in (("rules", b""), ("rules and tagger", content)):
        with patch.object(_tagged, "weights", lambda weights=weights: weights):
            _tagged._tagger.cache_clear()
            print(title, *pii_scoring._lines(pii_scoring.scored(sentences)[0]), sep="\n")


def learned(paths: Sequence[Path]) -> bytes:
    """The weights of what these files and the ordinary texts show, as the masks read them."""
    import json

    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False, algorithm="lbfgs")
    for path in paths:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for features, labels in sentences([narrow(row["text"]) for row in rows], [row["spans"] for row in rows]):
            trainer.append(features, labels)
    ordinary = [line for line in (FOLDER / "ordinary.txt").read_text("utf-8").splitlines() if line]
    for features, labels in sentences([narrow(line) for line in ordinary], [[]] * len(ordinary)):
        trainer.append(features, labels)
    trainer.set_params({"c1": 0.12, "c2": 0.02, "max_iterations": 60})
    with tempfile.TemporaryDirectory() as folder:
        name = str(Path(folder) / "model")
        trainer.train(name)
        tagger = pycrfsuite.Tagger()
        tagger.open(name)
        found = tagger.info()
    return whole(found.state_features, found.transitions)


def sentences(texts: Sequence[str], spans: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[Sentence]:
    """Each text that has a token, as the model learns from it."""
    seen = column(texts)
    features = list(_features(seen))
    bounds = np.searchsorted(seen.text, np.arange(len(texts) + 1)).tolist()
    for first, last, marked in zip(bounds[:-1], bounds[1:], spans, strict=True):
        if first < last:
            yield features[first:last], _labels(seen.start[first:last].tolist(), seen.end[first:last].tolist(), marked)


def _features(seen: Column) -> Iterator[list[str]]:
    own = [
        [_named(unary(word)[0] if number else ["nothing"], o) for o in OFFSETS]
        for number, word in enumerate(kinds_met())
    ]
    around = {
        which: [[_named(contexts(which, number), o) for o in offsets] for number in range(count)]
        for which, (count, offsets) in AROUND.items()
    }
    always = _named(["b"], 0), _named(["small"], 0)
    small, types, cut, name = seen.small.tolist(), seen.types.tolist(), seen.cut.tolist(), seen.name.tolist()
    for at, is_small, keys in zip(seen.at.tolist(), small, joined_keys(seen, seen.at).T, strict=True):
        found = list(always[is_small])
        for k, offset in enumerate(OFFSETS):
            found += own[types[at + offset]][k] + around["cut"][cut[at + offset]][k]
            if offset <= 0:
                found += around["name"][name[at + offset]][k]
        yield found + [f"{key:x}" for key in keys.tolist()]


def _named(names: Sequence[str], offset: int) -> list[str]:
    return [f"{keyed(name, offset):x}" for name in names]


def _labels(starts: Sequence[int], ends: Sequence[int], spans: Sequence[Mapping[str, Any]]) -> list[str]:
    labels = ["O"] * len(starts)
    for span in spans:
        letter = LETTER.get(span["kind"], "")
        inside = [k for k, (a, b) in enumerate(zip(starts, ends, strict=True)) if a < span["end"] and b > span["start"]]
        for k in inside if letter else ():
            labels[k] = letter if letter not in "NA" else f"{'B' if k == inside[0] else 'I'}{letter}"
    return labels


def whole(states: Mapping[tuple[str, str], float], moves: Mapping[tuple[str, str], float]) -> bytes:
    """Weights as whole numbers, the small ones left out. A find begins with its first label, whatever was learned."""
    place = {label: number for number, label in enumerate(LABELS)}
    weights: dict[int, list[int]] = {keyed(name, 0): [0] * len(LABELS) for name in ("b", "small")}
    for (key, label), weight in states.items():
        if abs(weight) >= LEAST:
            weights.setdefault(int(key, 16), [0] * len(LABELS))[place[label]] = round(weight * SCALE)
    for name in ("b", "small"):
        for label, number in place.items():
            weights[keyed(name, 0)][number] += round(BIAS.get(label[-1], 0) * SCALE)
    steps = [[round(moves.get((one, other), 0) * SCALE) for other in LABELS] for one in LABELS]
    for label, number in place.items():
        if label[0] == "I":
            for one in place.values():
                if LABELS[one] not in (label, f"B{label[1]}"):
                    steps[one][number] = NEVER
    return packed(weights, steps)


if __name__ == "__main__":
    main()
