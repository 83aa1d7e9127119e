"""What an encoder promises: float features of any value, and packaged steps that compute the very same ones."""

from __future__ import annotations

import copy
import json
import typing
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from zhinan.conformance.promises import expect
from zhinan.conformance.rows import Rows, awkward, plain, taken
from zhinan.core import FittedEncoder, Kind, Plan
from zhinan.core.registry import Registered
from zhinan.steps import Program

__all__ = ["PROMISES", "dense", "features_of"]

MADE_UP = ("text", "number", "category", "flag", "time", "id", "list")
TOLERANCE = 1e-4
N = 48


def _kinds(entry: Registered) -> tuple[str, ...]:
    found = tuple(kind for kind in entry.facts["kinds"] if kind in MADE_UP)
    expect(found, f"no rows of kinds {entry.facts['kinds']} can be made up here")
    return found


def _fit(entry: Registered, rows: Rows) -> FittedEncoder:
    fitted: FittedEncoder = entry.target().fit(rows)
    return fitted


def _fitted(entry: Registered) -> tuple[FittedEncoder, dict[str, list[Any]]]:
    rows = plain(N, _kinds(entry))
    return _fit(entry, rows), rows


def dense(values: Any) -> np.ndarray:
    """Features as a dense array, whether they came dense or sparse."""
    return values.toarray() if hasattr(values, "toarray") else np.asarray(values)


def features_of(plan: Plan, rows: Rows) -> np.ndarray:
    """What the packaged steps compute, as a dense array (n, width)."""
    written = Program(plan.steps, plan.files).run(rows)
    if plan.form == "dense":
        return np.asarray(written[plan.writes[0]])
    indices, weights = (np.asarray(written[name]) for name in plan.writes)
    expect(indices.shape == weights.shape, f"indices {indices.shape} and weights {weights.shape} differ")
    expect(indices.dtype == np.int64 and weights.dtype == np.float32, f"dtypes are {indices.dtype} and {weights.dtype}")
    found = np.zeros((len(indices), plan.width), np.float32)
    np.add.at(found, (np.arange(len(indices))[:, None], indices), weights)
    return found


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    expect(one.shape == other.shape, f"shapes {one.shape} and {other.shape} differ")
    expect(np.array_equal(np.isnan(one), np.isnan(other)), "what is missing in one is not missing in the other")
    return float(np.abs(np.nan_to_num(one) - np.nan_to_num(other)).max(initial=0.0))


def _sound(entry: Registered, values: np.ndarray) -> np.ndarray:
    """Which features are as promised: finite, or NaN where the encoder says that it leaves gaps for trees."""
    sound: np.ndarray = np.isfinite(values) | (np.isnan(values) & bool(entry.facts.get("gaps")))
    return sound


def _facts(entry: Registered) -> None:
    kinds = entry.facts.get("kinds", ())
    expect(isinstance(kinds, tuple) and kinds, "it names no kinds of column")
    expect(set(kinds) <= set(typing.get_args(Kind)), f"kinds are {kinds}")
    expect("weights" in entry.facts, "it does not say which pretrained weights it needs (None for none)")


def _features(entry: Registered) -> None:
    fitted, rows = _fitted(entry)
    encoded = fitted.encode(rows)
    values = dense(encoded)
    expect(encoded.shape == (N, fitted.plan("p").width), f"shape {encoded.shape}, plan width {fitted.plan('p').width}")
    expect(encoded.dtype == np.float32, f"dtype {encoded.dtype}, not float32")
    expect(_sound(entry, values).all(), "a feature is not finite")
    expect(_apart(values[0], values[1]) > 0, "two different rows have the same features")
    expect(hasattr(encoded, "toarray") == (fitted.plan("p").form == "sparse"), "the plan's form is not that of encode")


def _packaged(entry: Registered) -> None:
    fitted, rows = _fitted(entry)
    for given in (plain(N, _kinds(entry), seed=1), awkward(_kinds(entry)), rows):
        far = _apart(dense(fitted.encode(given)), features_of(fitted.plan("p"), given))
        expect(far <= TOLERANCE, f"the packaged steps are {far:.1e} away from encode")


def _mates(entry: Registered) -> None:
    fitted, rows = _fitted(entry)
    mixed = {name: [*rows[name][:6], *awkward(_kinds(entry))[name]] for name in rows}
    together = dense(fitted.encode(mixed))
    count = len(together)
    program = Program(fitted.plan("p").steps, fitted.plan("p").files)
    for i in range(count):
        one = taken(mixed, [i])
        far = _apart(dense(fitted.encode(one))[0], together[i])
        expect(far <= TOLERANCE, f"row {i} alone is {far:.1e} away from itself among {count}")
        program.run(one)
    back = dense(fitted.encode(taken(mixed, range(count - 1, -1, -1))))[::-1]
    expect(_apart(back, together) <= TOLERANCE, "features depend on the order of rows")


def _awkward(entry: Registered) -> None:
    fitted, _ = _fitted(entry)
    rows = awkward(_kinds(entry))
    values = dense(fitted.encode(rows))
    expect(len(values) == len(next(iter(rows.values()))), f"{len(values)} rows of features")
    sound = _sound(entry, values).all(1)
    expect(sound.all(), f"rows {np.flatnonzero(~sound).tolist()} are not finite")
    trained = _fit(entry, rows)
    expect(_sound(entry, dense(trained.encode(rows))).all(), "fitted on awkward rows, a feature is not finite")
    nothing = _fit(entry, taken(rows, [0])).encode(taken(rows, [0]))
    expect(_sound(entry, dense(nothing)).all(), "fitted on one empty row, it is not finite")


def _empty(entry: Registered) -> None:
    fitted, rows = _fitted(entry)
    none = taken(rows, [])
    plan = fitted.plan("p")
    for shape in (fitted.encode(none).shape, features_of(plan, none).shape):
        expect(shape == (0, plan.width), f"no rows give shape {shape}, not (0, {plan.width})")


def _stateless(entry: Registered) -> None:
    encoder, rows = entry.target(), plain(N, _kinds(entry))
    before = copy.deepcopy(rows)
    first = encoder.fit(rows)
    was = dense(first.encode(rows))
    encoder.fit(awkward(_kinds(entry)))
    expect(_apart(dense(first.encode(rows)), was) == 0, "fitting again changes what was fitted before")
    first.encode(awkward(_kinds(entry)))
    expect(_apart(dense(first.encode(rows)), was) == 0, "encoding changes what was fitted")
    expect(rows == before, "the rows given were changed")
    more = {**rows, "another column": ["x"] * N}
    expect(_apart(dense(first.encode(more)), was) == 0, "a column it was not fitted on changes the features")


def _bytes(entry: Registered) -> None:
    first, second = (_plan(_fitted(entry)[0], "p") for _ in range(2))
    expect(first == second, "fitting twice on the same rows gives other packaged bytes")


def _plan(fitted: FittedEncoder, prefix: str) -> tuple[object, ...]:
    plan = fitted.plan(prefix)
    steps = json.dumps(
        [(s.step, s.reads, s.writes, dict(s.options), dict(s.files)) for s in plan.steps], sort_keys=True
    )
    return steps, dict(plan.files), plan.writes


def _prefixed(entry: Registered) -> None:
    fitted, rows = _fitted(entry)
    plan = fitted.plan("one")
    written = [name for step in plan.steps for name in step.writes]
    named = [name for step in plan.steps for name in step.files.values()]
    expect(
        all(name.startswith("one") for name in (*plan.files, *written)),
        f"not under its prefix: {written} {list(plan.files)}",
    )
    expect(set(plan.writes) <= set(written), f"no step writes {plan.writes}")
    expect(
        sorted(set(named)) == sorted(plan.files), f"steps name the files {named}, the plan holds {sorted(plan.files)}"
    )
    known: set[str] = set(rows)
    for step in plan.steps:
        expect(set(step.reads) <= known, f"step {step.step} reads {step.reads} before it is there")
        known |= set(step.writes)
    expect(set(plan.licences) <= set(plan.files), "a licence is named for a file that is not there")


def _progress(entry: Registered) -> None:
    seen: list[tuple[int, int]] = []
    rows = plain(N, _kinds(entry))
    fitted = entry.target().fit(rows, progress=lambda done, total: seen.append((done, total)))
    fitted.encode(rows, progress=lambda done, total: seen.append((done, total)))
    expect(all(0 <= done <= total for done, total in seen), f"progress went {seen[:5]}")


PROMISES: Mapping[str, Callable[..., None]] = {
    "it names the kinds it reads and the weights it needs": _facts,
    "features are finite float32 of the promised width": _features,
    "the packaged steps compute the same features": _packaged,
    "a batch of many is many batches of one": _mates,
    "nothing, emoji and far too long values are fine": _awkward,
    "no rows give no features": _empty,
    "what was learned stays in the fitted object": _stateless,
    "the same rows give the same bytes": _bytes,
    "everything in its plan stands under its prefix": _prefixed,
    "it takes a progress callback": _progress,
}
