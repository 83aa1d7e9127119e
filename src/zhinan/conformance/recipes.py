"""What a recipe promises: it beats the prior where there is something to learn, and ships what it scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from zhinan.conformance.encoders import dense
from zhinan.conformance.promises import expect
from zhinan.conformance.rows import Rows, labelled, taken
from zhinan.conformance.tasks import LEVELS
from zhinan.core import Block, Candidate, Encoded, Loss, find
from zhinan.core.registry import Registered
from zhinan.steps import Program

__all__ = ["PROMISES"]

TRAIN, DEV = 120, 48
CLASSES = ("card", "fee", "login")
TOLERANCE = 1e-4
BUDGET = 30.0
ENCODERS = {"ngrams": ("text",), "columns": ("number", "category", "flag", "time", "list")}
Parts = tuple[Encoded, Encoded, Rows]


def _parts(*encoders: str, classes: int = len(CLASSES), noise: bool = False) -> Parts:
    """Train, dev and dev's rows, of the classes asked for; with noise the target tells nothing."""
    kinds = tuple(kind for name in encoders for kind in ENCODERS[name])
    (_, train_target), (dev, dev_target) = labelled(TRAIN, kinds), labelled(DEV, kinds, seed=1)
    if noise:
        draw = np.random.default_rng(2)
        train_target, dev_target = draw.permutation(train_target), draw.permutation(dev_target)
    kept, seen = (np.flatnonzero(target < classes) for target in (train_target, dev_target))
    blocks = [_blocks(name) for name in encoders]
    return (
        Encoded(_rows_of([pair[0] for pair in blocks], kept), train_target[kept], CLASSES[:classes]),
        Encoded(_rows_of([pair[1] for pair in blocks], seen), dev_target[seen], CLASSES[:classes]),
        taken(dev, seen.tolist()),
    )


@cache
def _blocks(encoder: str) -> tuple[Block, Block]:
    """Train and dev through one encoder: the same rows each time, `labelled` draws all columns whatever is asked."""
    train, dev = (labelled(n, ENCODERS[encoder], seed)[0] for n, seed in ((TRAIN, 0), (DEV, 1)))
    fitted = find("encoder", encoder).target().fit(train)
    return Block(encoder, fitted.encode(train), fitted), Block(encoder, fitted.encode(dev), fitted)


def _rows_of(blocks: Sequence[Block], kept: np.ndarray) -> tuple[Block, ...]:
    return tuple(Block(b.encoder, b.values[kept].copy(), b.fitted) for b in blocks)


def _run(entry: Registered, parts: Parts, budget: float = BUDGET) -> Candidate:
    candidate = entry.target(parts[0], parts[1], budget=budget)
    expect(isinstance(candidate, Candidate), f"it returned {type(candidate).__name__}, not Candidate")
    return candidate  # type: ignore[no-any-return]


def _log_loss(probability: np.ndarray, target: np.ndarray) -> float:
    return float(-np.log(np.maximum(probability[np.arange(len(target)), target], 1e-12)).mean())


def _facts(entry: Registered) -> None:
    expect(entry.facts.get("level") in LEVELS, f"level {entry.facts.get('level')!r} is not one of {LEVELS}")
    expect(isinstance(entry.facts.get("tasks"), tuple) and entry.facts["tasks"], "it names no tasks")


def _candidate(entry: Registered) -> None:
    for encoders in (("ngrams",), ("columns",), ("ngrams", "columns")):
        train, dev, rows = _parts(*encoders)
        made = _run(entry, (train, dev, rows))
        expect(
            (made.recipe, made.level) == (entry.name, entry.facts["level"]),
            f"it says it is {made.recipe}, {made.level}",
        )
        expect(made.classes == train.classes, f"its classes are {made.classes}")
        expect(set(made.encoders) <= set(encoders), f"its encoders are {made.encoders}, given {encoders}")
        expect(made.dev.shape == (len(dev), len(CLASSES)), f"dev has shape {made.dev.shape}")
        expect(np.isfinite(made.dev).all() and (made.dev >= 0).all(), "dev holds something that is no probability")
        expect(np.allclose(made.dev.sum(1), 1, atol=1e-5), "dev's probabilities do not sum to 1")
        json.dumps([dict(step.options) for step in made.steps])


def _shipped(entry: Registered) -> None:
    for encoders, noise in ((("ngrams",), False), (("columns",), True), (("ngrams", "columns"), True)):
        train, dev, rows = _parts(*encoders, noise=noise)
        made = _run(entry, (train, dev, rows))
        outputs = _outputs(made, rows)
        far = float(np.abs(outputs["probabilities"] - made.dev).max())
        expect(far <= TOLERANCE, f"on {encoders} the packaged steps are {far:.1e} away from dev")
        best = np.asarray(outputs["probabilities"]).argmax(1)
        expect([made.classes[i] for i in best] == list(outputs["label"]), "the label is not the most probable class")
        one = _outputs(made, {name: values[:1] for name, values in rows.items()})
        expect(
            np.abs(one["probabilities"][0] - made.dev[0]).max() <= TOLERANCE, "one row alone is answered differently"
        )


def _outputs(made: Candidate, rows: Rows) -> dict[str, Any]:
    outputs: dict[str, Any] = Program(made.steps, made.files).run(rows)
    absent = {"label", "probability", "probabilities", "handover", "labels"} - set(outputs)
    expect(not absent, f"the last step does not write {sorted(absent)}")
    return outputs


def _better(entry: Registered) -> None:
    if entry.facts["level"] == "prior":
        return
    for encoders in (("ngrams",), ("columns",)):
        train, dev, rows = _parts(*encoders)
        made = _run(entry, (train, dev, rows))
        right = float((made.dev.argmax(1) == dev.target).mean())
        expect(right >= 0.8, f"on separable classes through {encoders} it is right on {right:.0%}")
        flat = np.full_like(made.dev, 1 / len(CLASSES))
        expect(
            _log_loss(made.dev, dev.target) < _log_loss(flat, dev.target),
            f"through {encoders} it is no surer than chance",
        )


def _modest(entry: Registered) -> None:
    train, dev, rows = _parts("columns", noise=True)
    made = _run(entry, (train, dev, rows))
    chance = np.log(len(CLASSES))
    loss = _log_loss(made.dev, dev.target)
    expect(loss <= 1.3 * chance, f"on labels that mean nothing its log loss is {loss:.2f}, chance is {chance:.2f}")


def _two(entry: Registered) -> None:
    train, dev, rows = _parts("columns", classes=2)
    made = _run(entry, (train, dev, rows))
    expect(made.dev.shape == (len(dev), 2), f"with two classes dev has shape {made.dev.shape}")
    expect(
        np.abs(_outputs(made, rows)["probabilities"] - made.dev).max() <= TOLERANCE,
        "with two classes it ships something else",
    )


def _unseen(entry: Registered) -> None:
    """A class that the contract knows and train lacks gets a probability, and never the answer."""
    train, dev, rows = _parts("columns", classes=2)
    made = _run(entry, (_wider(train), _wider(dev), rows))
    expect(made.dev.shape == (len(dev), 3), f"dev has shape {made.dev.shape}")
    expect(entry.facts["level"] == "prior" or (made.dev.argmax(1) < 2).all(), "a class never seen in train is answered")


def _wider(part: Encoded) -> Encoded:
    return Encoded(part.blocks, part.target, CLASSES)


def _numbers(entry: Registered) -> None:
    """A target of numbers: better than the prior where there is something to learn, and shipped as scored."""
    if "regress" not in entry.facts["tasks"]:
        return
    asked: tuple[tuple[tuple[str, ...], Loss], ...] = ((("columns",), "squared"), (("ngrams", "columns"), "absolute"))
    for encoders, loss in asked:
        train, dev, rows = _parts(*encoders)
        train, dev = (_numeric(part, loss) for part in (train, dev))
        made = _run(entry, (train, dev, rows))
        expect((made.task, made.classes) == ("regress", ()), f"it is a candidate for {made.task} {made.classes}")
        expect(made.dev.ndim == 2 and made.dev.shape[1] in (1, 2), f"dev has shape {made.dev.shape}")
        expect(np.isfinite(made.dev).all(), "a score of dev is not finite")
        outputs: dict[str, Any] = Program(made.steps, made.files).run(rows)
        last = made.steps[-1]
        far = float(np.abs(np.asarray(outputs[last.reads[0]]) - made.dev).max())
        expect(last.step == "value" and far <= TOLERANCE, f"the packaged scores are {far:.1e} away from dev")
        off = float(np.abs(outputs["value"] - dev.target).mean())
        usual = float(np.abs(np.median(train.target) - dev.target).mean())
        best = entry.facts["level"] == "prior" or off < 0.7 * usual
        expect(best, f"on numbers through {encoders} it is off by {off:.2f}, the median by {usual:.2f}")
        again = _run(entry, (train, dev, rows))
        expect(np.array_equal(made.dev, again.dev) and dict(made.files) == dict(again.files), "it is not repeatable")


def _numeric(part: Encoded, loss: Loss) -> Encoded:
    """The classes as amounts, a little apart within each."""
    amounts = np.array([20.0, 50.0, 110.0])[part.target] + np.arange(len(part)) % 7
    return Encoded(part.blocks, amounts, (), loss)


def _tags(entry: Registered) -> None:
    """Several labels a row: each told from the rest where there is something to learn, and shipped as scored."""
    if "tag" not in entry.facts["tasks"]:
        return
    train, dev, rows = _parts("ngrams", "columns")
    train, dev = _several(train), _several(dev)
    made = _run(entry, (train, dev, rows))
    expect((made.task, made.classes) == ("tag", train.classes), f"it is a candidate for {made.task} {made.classes}")
    expect(made.dev.shape == dev.target.shape, f"dev has shape {made.dev.shape}")
    expect(made.decided is not None and made.decided.dtype == bool, "it says nothing of which labels it gives")
    outputs: dict[str, Any] = Program(made.steps, made.files).run(rows)
    far = float(np.abs(outputs["probabilities"] - made.dev).max())
    expect(made.steps[-1].step == "tag" and far <= TOLERANCE, f"the packaged steps are {far:.1e} away from dev")
    right = float((made.answers == dev.target).mean())
    best = entry.facts["level"] == "prior" or right >= 0.9
    expect(best, f"on separable labels it is right on {right:.0%}")


def _several(part: Encoded) -> Encoded:
    """A label that the first class has, one that the others have, and one that nobody has."""
    codes = part.target
    return Encoded(part.blocks, np.stack([codes == 0, codes >= 1, codes < 0], axis=1), part.classes)


def _repeatable(entry: Registered) -> None:
    first, second = (_run(entry, _parts("ngrams", "columns")) for _ in range(2))
    expect(np.array_equal(first.dev, second.dev), "the same data gives other probabilities")
    expect(dict(first.files) == dict(second.files), "the same data gives other bytes")


def _untouched(entry: Registered) -> None:
    train, dev, rows = _parts("columns")
    before = [dense(part.blocks[0].values).copy() for part in (train, dev)]
    _run(entry, (train, dev, rows))
    same = all(
        np.array_equal(dense(part.blocks[0].values), was) for part, was in zip((train, dev), before, strict=True)
    )
    expect(same, "the features given were changed")


def _hurried(entry: Registered) -> None:
    made = _run(entry, _parts("columns"), budget=0.0)
    expect(np.isfinite(made.dev).all(), "with the budget spent its first fit is not usable")


PROMISES: Mapping[str, Callable[..., None]] = {
    "it names its level and tasks": _facts,
    "it gives a candidate with probabilities of dev": _candidate,
    "what ships is what was scored on dev": _shipped,
    "it beats the prior where there is something to learn": _better,
    "it is not sure where there is nothing to learn": _modest,
    "two classes are fine": _two,
    "a class that train lacks is fine": _unseen,
    "numbers are predicted where it says so": _numbers,
    "several labels a row are given where it says so": _tags,
    "the same data gives the same candidate": _repeatable,
    "the data given is left as it was": _untouched,
    "it ends when the budget is spent": _hurried,
}
