"""A class that the data lack is proposed from traffic or from people's words, taken up by a person, and proved."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.core import Column, Dataset, StepSpec, UserError
from zhinan.data import for_sealed, split
from zhinan.data import load as load_data
from zhinan.engine.labelling import Desk
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.evaluate.answers import Tags
from zhinan.improve import proposals as room
from zhinan.improve.corrections import corrections
from zhinan.improve.grown import widened
from zhinan.improve.improving import improve
from zhinan.improve.novelty import novel_groups
from zhinan.improve.proposals import Proposal, _enough, _spaces, proposals
from zhinan.package import open_version
from zhinan.proof import Judged
from zhinan.steps.values.lists import written_list
from zhinan.store import Event, Store

from ..conftest import PHRASES

pytestmark = pytest.mark.usefixtures("told_costs")
Shop = Callable[..., Path]
TOPUP = ("top up of my balance is missing", "top up did not reach my balance", "my balance lacks the top up")
OPENING = ("hi", "hello", "您好", "please")


def asked(store: Store, new: int, known: int, seed: int = 0) -> list[tuple[str, str]]:
    """Traffic of which some is of a kind that the data lack: prediction id and what is right."""
    draw, found, events = random.Random(seed), [], []
    for i in range(new + known):
        label = "topup" if i < new else draw.choice(list(PHRASES))
        said = draw.choice(TOPUP if i < new else PHRASES[label])
        row = {"message": f"{draw.choice(OPENING)} {said} {seed} {i * 7907 % 1013}", "channel": "app"}  # as in training
        found.append((f"p{seed}-{i}", label))
        made = {"version": 1, "label": "card", "input": row}
        events.append(Event(found[-1][0], "prediction", made, time.time() - 9))
    store.add_events("shop", events)
    return found


def said(store: Store, words: list[tuple[str, str]], people: int = 25) -> None:
    events = [
        Event(f"f{about}", "feedback", {"prediction_id": about, "label": label}, time.time() - 5, f"user{i % people}")
        for i, (about, label) in enumerate(words)
    ]
    store.add_events("shop", events)


def proposed(contract: Contract, store: Store, look: bool = True) -> tuple[Proposal, ...]:
    loaded, _ = load_labelled(contract, store)
    data = loaded, split(contract, loaded)
    version = open_version(store.version("shop", 1).path)
    return proposals(contract, store, data, version, corrections(store, "shop", loaded), look=look)


def with_class(contract: Contract, name: str) -> Contract:
    contract.path.write_text(f"{contract.text}improve: {{classes: [{name}]}}\n", "utf-8")
    return read_contract(contract.path)


def crowd(draw: np.random.Generator, centres: np.ndarray, n: int, spread: float = 0.25) -> tuple[np.ndarray, list[str]]:
    """Points around centres, of length 1, and which centre each is of."""
    of = draw.integers(0, len(centres), n)
    rows = centres[of] + spread * draw.normal(size=(n, centres.shape[1]))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), [f"c{at}" for at in of]


def test_a_dense_group_that_nothing_known_explains_is_found_and_nothing_else() -> None:
    draw = np.random.default_rng(0)
    centres = draw.normal(size=(7, 12))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    known, classes = crowd(draw, centres[:6], 1500)
    usual, _ = crowd(draw, centres[:6], 500)
    fresh, _ = crowd(draw, centres[6:], 120)
    rows, unsure = np.concatenate([usual, fresh]), np.arange(620) >= 250
    found = novel_groups(rows, known, classes, unsure, draw.random(620) < 0.5, 0.025)
    assert found
    for group in found:
        assert np.mean(np.array(group.rows + group.more) >= 500) > 0.9
        assert not {*group.rows} & {*group.more}
    assert sum(len(group.rows) for group in found) > 60
    assert sum(len(group.rows + group.more) for group in found) >= 100


def test_traffic_like_the_data_or_one_kind_of_it_thrice_as_often_proposes_nothing_more_often_than_promised() -> None:
    draw, told, times, delta = np.random.default_rng(1), 0, 30, 0.05
    for turn in range(times):
        centres = draw.normal(size=(6, 8))
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        known, classes = crowd(draw, centres, 500, 0.35)
        rows, _ = crowd(draw, centres if turn % 2 else centres[[0, 0, 0, 1, 2, 3, 4, 5]], 240, 0.35)
        told += bool(novel_groups(rows, known, classes, draw.random(240) < 0.6, draw.random(240) < 0.5, delta))
    assert told / times <= delta + 3 * (delta * (1 - delta) / times) ** 0.5


def test_a_new_kind_is_proposed_taken_up_labelled_learned_proved_and_answered(product: Contract, store: Store) -> None:
    """One product, since a build takes longest."""
    assert proposed(product, store) == ()
    words = asked(store, 160, 160)
    store.start_run("shop", "classes @1", {})
    assert proposed(product, store, look=False) == (), "a look that was killed found nothing"
    groups = proposed(product, store)  # one for each way to say it at most, and each input is of one
    assert 1 <= len(groups) <= len(TOPUP)
    assert len({row for group in groups for row in group.ids}) == sum(len(group.ids) for group in groups)
    assert {(group.by, group.people) for group in groups} == {("traffic", None)}
    assert sum(group.rows for group in groups) >= 60
    for group in groups:
        assert {"top", "balance"} & set(group.words)
        assert all("top up" in example["message"] for example in group.examples)
    looks = store.last_run("shop", "classes @1")
    assert [one.ids for one in proposed(product, store)] == [one.ids for one in groups]
    assert looks == store.last_run("shop", "classes @1"), "the same traffic is no other look"
    items = Desk(product, store, "mei").waiting("new")
    assert {item.row for item in items} < {row for group in groups for row in group.ids}, (
        "rows that are kept for proof are not asked for"
    )
    assert items
    said(store, words[:15], people=3)
    said(store, [(about, "mei.lin@example.com") for about, _ in words[15:30]])
    *_, named = proposed(product, store)
    assert (named.by, named.name, named.rows, named.people) == ("words", "topup", 15, 3)
    loaded, _ = load_labelled(product, store)
    with pytest.raises(UserError, match=r"improve: {classes: \[NAME\]}") as refused:
        record(product, store, loaded, [Opinion(items[0].row, "topup", "mei", "new")])
    assert refused.value.code == "E340"
    _take_up(with_class(product, "topup"), store, words)


def _take_up(contract: Contract, store: Store, words: list[tuple[str, str]]) -> None:
    said(store, words[30:])
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    parts = split(contract, loaded)
    mine = for_sealed(contract, loaded.pool, (parts.train, parts.dev), parts.sealed)
    made = store.find_events("shop", [name for name, _ in words])
    right = {made[name].payload["input"]["message"]: label for name, label in words}
    pairs = zip(loaded.pool.values("_row"), loaded.pool.values("message"), mine, strict=True)
    record(contract, store, loaded, [Opinion(row, right[text], "mei", "sealed") for row, text, one in pairs if one])
    found = improve(contract, contract.root / ".zhinan", budget=600)
    assert found.decision == "promoted"
    assert found.paired is not None
    assert found.paired["claim"] == "superior"
    (grown,) = found.new_classes
    assert grown["class"] == "topup"
    assert grown["n"] > 40
    assert grown["found"] > 0.9
    version = open_version(store.version("shop", 2).path)
    assert version.classes == ("card", "login", "parcel", "refund", "topup")
    asks = [{"message": f"hello {one} epsilon", "channel": "web"} for one in TOPUP]
    assert [answer["label"] for answer in version.predict(asks)] == ["topup"] * 3
    old = [{"message": f"hello {PHRASES[label][0]} zeta", "channel": "web"} for label in PHRASES]
    assert [answer["label"] for answer in version.predict(old)] == list(PHRASES)


def test_a_version_with_an_encoder_is_asked_in_its_own_space(shop: Shop, tmp_path: Path) -> None:
    part = load_data(read_contract(shop(tmp_path, rows=600))).dataset
    step = StepSpec("onnx", ("m.ids",), ("m",), {"outputs": ["embedding"], "batch": "bucketed"})

    def run(columns: dict[str, list[str]]) -> dict[str, np.ndarray]:
        return {"m": np.array([[len(text), 3.0, 4.0] for text in columns["message"]])}

    version: Any = SimpleNamespace(manifest=SimpleNamespace(steps=(step,)), inputs={"message": "text"}, run=run)
    asked_for, known = _spaces(version, part, part, np.ones(len(part), bool))
    assert asked_for.shape == (len(part), 3)
    assert np.allclose(np.linalg.norm(asked_for, axis=1), 1)
    assert np.array_equal(asked_for, known)


def test_of_several_labels_inputs_that_none_passes_for_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of several labels counts for the rarest of them."""
    chances = np.array([[0.2, 0.05], [0.4, 0.05], [0.2, 0.2], [0.1, 0.01]])
    monkeypatch.setattr(room, "answer_all", lambda *_, **__: Tags([[]] * 4, chances))
    step = StepSpec("tag", ("logits",), ("labels", "probabilities"), {"thresholds": (0.3, 0.1)})
    version: Any = SimpleNamespace(manifest=SimpleNamespace(steps=(step,)), classes=("a", "b"))
    nothing: Any = None
    assert np.array_equal(room._doubtful(version, nothing, nothing), [True, False, False, True])
    frame = pl.DataFrame({"_row": list("wxyz"), "tags": [written_list(one) for one in (["a"], ["a", "b"], [], ["a"])]})
    part = Dataset(frame, (), Column("tags", "list"), None, None, "f")
    assert room._classes_of(part) == ["a", "b", "", "a"]


def test_one_person_alone_asks_for_no_class() -> None:
    assert not _enough(["crowd"] * 60)
    assert not _enough(["crowd", "other"] * 30)
    assert _enough(["crowd", "other", "third"])
    assert _enough([None] * 60)


def test_a_champion_gives_a_class_that_it_cannot_know_no_chance() -> None:
    old = Judged(np.array(["a", "c"]), np.array(["a", "b"]), np.array([[0.9, 0.1], [0.4, 0.6]]), ("a", "b"))
    seen = widened(old, ("a", "b", "c"))
    assert seen.classes == ("a", "b", "c")
    assert seen.probability is not None
    assert seen.probability.tolist() == [[0.9, 0.1, 0.0], [0.4, 0.6, 0.0]]


def test_classes_beside_a_number_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("size,price\n" + "".join(f"{i},{i * 2.5}\n" for i in range(40)), "utf-8")
    text = "product: flat\ndata: {source: m.csv, target: price}\ntask: regress\nmust: ['mae <= 3']\n"
    (tmp_path / "product.yaml").write_text(f"{text}improve: {{classes: [big]}}\n", "utf-8")
    contract = read_contract(tmp_path / "product.yaml")
    with Store(tmp_path / ".zhinan") as store, pytest.raises(UserError) as caught:
        load_labelled(contract, store)
    assert caught.value.code == "E503"
