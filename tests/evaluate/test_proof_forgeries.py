"""The stand-alone verifier takes no proof that was tampered with, whatever the forger mends."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from zhinan.cli.proofs import verifier

from .forging import recommitted, refused, signed
from .made_up_sealed import CLASSES, LINES, proof

MUTATIONS = 1000


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return verifier()


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return proof(tmp_path_factory.mktemp("honest"), must=LINES)


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a proof."""
    yield at
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(inner, (*at, key))


def changed(value: Any, draw: random.Random) -> Any:
    """Another value in its place."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw.choice([-1, 1, 7])
    if isinstance(value, float):
        return value * draw.choice([0.9, 1.001, -1.0]) or 0.5
    if isinstance(value, str):
        return draw.choice([value + "x", value[1:], "", "PROVED", "0" * 64])
    if value is None:
        return draw.choice([0, "", 0.5, [], {}])
    return draw.choice([None, [], {}, 0])


def mutated(content: Any, draw: random.Random) -> Any:
    """The proof with one thing changed, deleted, repeated or swapped anywhere in it."""
    content = copy.deepcopy(content)
    place = draw.choice([path for path in every(content) if path])
    holder = content
    for key in place[:-1]:
        holder = holder[key]
    key, how = place[-1], draw.choice(["change", "change", "delete", "repeat", "swap"])
    if how == "delete":
        del holder[key]
    elif how == "repeat" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif how == "swap" and isinstance(holder, list):
        other = draw.randrange(len(holder))
        holder[key], holder[other] = holder[other], holder[key]
    else:
        holder[key] = changed(holder[key], draw)
    return content


_PLACES: list[tuple[Any, ...]] = []


def every(content: Any) -> list[tuple[Any, ...]]:
    """The places of a proof, those outside the long lists of rows as likely as all of those inside."""
    if not _PLACES:
        found = list(paths(content))
        few = [path for path in found if path[:1] != ("sealed",) or len(path) < 3]
        _PLACES.extend([*few, *random.Random(0).sample([path for path in found if path not in set(few)], len(few))])
    return _PLACES


def test_a_thousand_mutations_are_refused_every_one(tool: ModuleType, honest: Any) -> None:
    draw, tried = random.Random(1), 0
    assert refused(tool, honest) == ""
    while tried < MUTATIONS:
        other = mutated(honest, draw)
        if tool.canonical(other) == tool.canonical(honest):
            continue  # two equal things were swapped
        tried += 1
        assert refused(tool, other), other


Forgery = Callable[[Any, random.Random], None]


def wrong_rows(content: Any) -> list[int]:
    rows = content["sealed"]
    return [i for i, (t, a) in enumerate(zip(rows["truth"], rows["answer"], strict=True)) if t != a]


def every_list(content: Any) -> list[list[Any]]:
    rows = content["sealed"]
    return [*rows["columns"].values(), *(rows[k] for k in ("rows", "truth", "answer", "person") if k in rows)]


def drop_a_wrong_row(content: Any, draw: random.Random) -> None:
    place = draw.choice(wrong_rows(content))
    for values in every_list(content):
        del values[place]


def repeat_a_right_row(content: Any, draw: random.Random) -> None:
    place = draw.choice([i for i in range(len(content["sealed"]["rows"])) if i not in wrong_rows(content)])
    for values in every_list(content):
        values.insert(place, values[place])
    content["sealed"]["rows"][place + 1] += "0"  # as if it were another one


def flip_an_answer(content: Any, draw: random.Random) -> None:
    place = draw.randrange(len(content["sealed"]["answer"]))
    answers = content["sealed"]["answer"]
    answers[place] = draw.choice([label for label in CLASSES if label != answers[place]])


def flip_a_truth(content: Any, draw: random.Random) -> None:
    truth = content["sealed"]["truth"]
    place = draw.randrange(len(truth))
    truth[place] = draw.choice([label for label in CLASSES if label != truth[place]])


def counted_line(content: Any, draw: random.Random) -> Any:
    return draw.choice([line for line in content["verdicts"] if line["counted"]])


def change_a_count(content: Any, draw: random.Random) -> None:
    line = counted_line(content, draw)
    counts = draw.choice(line["counted"].get("groups") or [line["counted"]])
    key = draw.choice(["hits", "n"])
    counts[key] += draw.choice([-1, 1])
    if draw.random() < 0.5 and key == "n":
        line["n"] += 1


def change_a_number(content: Any, draw: random.Random) -> None:
    line, key = counted_line(content, draw), draw.choice(["n", "value", "bound", "delta", "opening", "target"])
    line[key] = changed(line[key], draw)


def change_a_verdict(content: Any, draw: random.Random) -> None:
    line = counted_line(content, draw)
    line["verdict"] = draw.choice([v for v in ("PROVED", "REFUTED", "UNDECIDED") if v != line["verdict"]])
    if draw.random() < 0.5:
        found = {one["verdict"] for one in content["verdicts"]}
        content["outcome"] = next(v for v in ("REFUTED", "UNDECIDED", "PROVED") if v in found)


def change_the_outcome(content: Any, draw: random.Random) -> None:
    content["outcome"] = draw.choice([v for v in ("PROVED", "REFUTED", "UNDECIDED") if v != content["outcome"]])


def move_a_target(content: Any, draw: random.Random) -> None:
    line = counted_line(content, draw)
    line["target"] = round(line["target"] - 0.1, 6)
    if draw.random() < 0.5:
        line["line"] = line["line"].replace("%", "0%")


def rewrite_a_contract(content: Any, draw: random.Random) -> None:
    """A looser line, or one line fewer, with everything that names the contract; the old counts stay."""
    line = counted_line(content, draw)
    content["meaning"]["must"] = [m for m in content["meaning"]["must"] if m[0] != line["metric"]]
    content["contract"] = hashlib.sha256(
        json.dumps(content["meaning"], sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def judge_elsewhere(content: Any, draw: random.Random) -> None:
    line = counted_line(content, draw)
    line |= {"on": draw.choice(["dev", "measured"]), "opening": None, "verdict": "PROVED", "counted": None}


def spend_more(content: Any, draw: random.Random) -> None:
    factor = draw.choice([2, 4])
    content["ledger"]["delta"] *= factor
    for line in [*content["verdicts"], *content["should"]]:
        line["delta"] *= factor


def be_surer(content: Any, draw: random.Random) -> None:
    content["confidence"] = content["meaning"]["confidence"] = draw.choice([0.99, 0.9])
    content["contract"] = hashlib.sha256(
        json.dumps(content["meaning"], sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def move_to_another_group(content: Any, draw: random.Random) -> None:
    values = content["sealed"]["columns"]["channel"]
    place = draw.randrange(len(values))
    values[place] = "app" if values[place] != "app" else "微信"


FORGERIES: tuple[Forgery, ...] = (
    drop_a_wrong_row, repeat_a_right_row, flip_an_answer, flip_a_truth, change_a_count, change_a_number,
    change_a_verdict, change_the_outcome, move_a_target, rewrite_a_contract, judge_elsewhere, spend_more, be_surer,
    move_to_another_group,
)  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forger_who_mends_the_digest_or_even_the_root_is_refused(
    tool: ModuleType, honest: Any, forge: Forgery
) -> None:
    draw = random.Random(2)
    for turn in range(-(-MUTATIONS // len(FORGERIES))):
        other = copy.deepcopy(honest)
        forge(other, draw)
        other = recommitted(other) if turn % 2 else signed(other)
        assert refused(tool, other), forge.__name__
