"""Traffic that no longer looks like dev is advice: told with what moved and how far, seldom when nothing did."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.core import Candidate, Column, Dataset
from zhinan.engine.reference import bin_of, reference_of
from zhinan.improve.drift import BLOCK, Drift, unseen_labels
from zhinan.improve.traffic import unknown_answers
from zhinan.store import Event, Store

CLASSES = ("card", "login")


def rows(rng: np.random.Generator, n: int, *, web: float = 0.5, long: float = 0.0, sure: float = 0.0) -> list[Any]:
    made = []
    for _ in range(n):
        row = {
            "channel": "web" if rng.random() < web else "app",
            "amount": float(rng.normal()) if rng.random() < 0.9 else None,
            "message": "x " * int(rng.integers(5, 50) + long),
        }
        p = float(np.clip(rng.uniform(0.6, 1.0) - sure, 0.5, 1))
        made.append({"version": 1, "label": CLASSES[int(rng.random() < 0.4)], "probability": p, "input": row})
    return made


def events(payloads: list[Any], start: int = 1) -> list[Event]:
    return [Event(f"e{i}", "prediction", one, 0.0, seq=i) for i, one in enumerate(payloads, start)]


def reference(payloads: list[Any]) -> dict[str, Any]:
    import polars as pl

    frame = pl.DataFrame([one["input"] for one in payloads])
    inputs = (Column("channel", "category"), Column("amount", "number"), Column("message", "text"))
    dev = np.asarray([[one["probability"], 1 - one["probability"]] for one in payloads], np.float32)
    codes = np.asarray([CLASSES.index(one["label"]) for one in payloads])
    candidate = Candidate("r", "l", (), (), {}, CLASSES, dev, decided=codes)
    found = reference_of(Dataset(frame, inputs, None, None, None, "f"), candidate)
    kept: dict[str, Any] = json.loads(json.dumps(found))
    return kept


@pytest.fixture(scope="module")
def dev() -> dict[str, Any]:
    return reference(rows(np.random.default_rng(0), 600))


def test_the_reference_counts_every_row_once_and_holds_no_text(dev: dict[str, Any]) -> None:
    assert {sum(shape["counts"]) for room in ("inputs", "answers", "scripts") for shape in dev[room].values()} == {600}
    assert sum(dev["words"]["message"]["counts"]) == 300  # the other half says which words are known
    assert sorted(dev["inputs"]["channel"]["values"]) == ["app", "web"]
    assert dev["inputs"]["amount"]["counts"][-1] > 20
    assert "x x" not in json.dumps(dev)
    shape = dev["inputs"]["channel"]
    assert [bin_of("fax", shape), bin_of(None, shape)] == [2, 3]


@pytest.mark.parametrize(
    ("change", "column", "what"),
    [
        ({"web": 0.85}, "channel", "inputs"),
        ({"long": 25}, "message", "inputs"),
        ({"sure": 0.15}, "probability", "answers"),
    ],
)  # fmt: skip
def test_what_moved_is_told_with_its_distance_and_goes_on_from_its_state(
    dev: dict[str, Any], change: dict[str, Any], column: str, what: str
) -> None:
    rng, kept = np.random.default_rng(1), {}
    for start in range(0, 400, 100):
        drift = Drift(dev, 1, 0.05, json.loads(json.dumps(kept)))
        assert drift.take(events(rows(rng, 100, **change), start + 1))
        kept = drift.to_json()
    (one,) = drift.advice()
    assert (one["what"], one["column"], one["n"]) == (what, column, 400)
    assert 0.2 < one["value"] <= 1
    assert not drift.take(events(rows(rng, 100), 1))  # those were counted


def test_values_that_dev_never_had_are_told(dev: dict[str, Any]) -> None:
    payloads = rows(np.random.default_rng(2), 300)
    for one in payloads[::3]:
        one["input"]["channel"] = "fax"
    drift = Drift(dev, 1, 0.05, {})
    drift.take(events(payloads))
    assert [(one["what"], one["column"]) for one in drift.advice()] == [("unseen values", "channel")]


WORDS = [f"word{i}" for i in range(400)]


def said(rng: np.random.Generator, n: int, words: list[str], shift: float = 0.0) -> list[Any]:
    """Answers to texts of words of which some are rare, and how a version sees them: two numbers."""
    made = []
    for _ in range(n):
        text = " ".join(words[int(rng.beta(0.6, 3) * len(words))] for _ in range(8))
        made.append({"version": 1, "label": "card", "probability": 0.8, "input": {"message": text}})
        made[-1]["input"]["seen"] = float(rng.normal() + shift)
    return made


def in_texts(payloads: list[Any]) -> dict[str, Any]:
    import polars as pl

    frame = pl.DataFrame({"message": [one["input"]["message"] for one in payloads]})
    nothing = Candidate("r", "l", (), (), {}, (), np.zeros((0, 1), np.float32))
    found = reference_of(Dataset(frame, (Column("message", "text"),), None, None, None, "f"), nothing)
    numbers = pl.DataFrame({"typical": [one["input"]["seen"] for one in payloads]})
    seen = reference_of(Dataset(numbers, (Column("typical", "number"),), None, None, None, "f"), nothing)
    return {**found, "embedding": seen["inputs"]}


def see(inputs: Any) -> dict[str, list[float]]:
    return {"typical": [one["seen"] for one in inputs]}


@pytest.mark.parametrize(
    ("words", "shift", "what"),
    [
        ([*WORDS[:200], *(f"new{i}" for i in range(200))], 0.0, "words"),
        (["退款到账"] * 60 + WORDS[:30], 0.0, "scripts"),
        (WORDS, 0.8, "embedding"),
    ],
)
def test_new_words_other_scripts_and_texts_that_lie_elsewhere_are_told(
    words: list[str], shift: float, what: str
) -> None:
    rng = np.random.default_rng(8)
    drift = Drift(in_texts(said(rng, 600, WORDS)), 1, 0.05, {}, see)
    payloads = said(rng, 400, words, shift)
    for start in range(0, 400, 100):
        drift.take(events(payloads[start : start + 100], start + 1))
    assert what in {one["what"] for one in drift.advice()}
    assert len(drift.advice()) <= 3


def test_texts_like_dev_bring_advice_no_more_often_than_promised() -> None:
    told = 0
    for seed in range(20):
        rng = np.random.default_rng(900 + seed)
        drift = Drift(in_texts(said(rng, 120, WORDS)), 1, 0.05, {}, see)
        payloads, found = said(rng, 200, WORDS), False
        for start in (0, 100):
            drift.take(events(payloads[start : start + 100], start + 1))
            found |= bool(drift.advice())
        told += found
    assert told <= 20 * 0.05 + 2 * np.sqrt(20 * 0.05 * 0.95)


def test_traffic_like_dev_brings_advice_no_more_often_than_promised_at_any_look() -> None:
    told = 0
    for seed in range(30):
        rng = np.random.default_rng(100 + seed)
        drift = Drift(reference(rows(rng, 150)), 1, 0.05, {})
        said = False
        for start in range(0, 400, 100):
            drift.take(events(rows(rng, 100), start + 1))
            said |= bool(drift.advice())
        told += said
    assert told <= 30 * 0.05 + 2 * np.sqrt(30 * 0.05 * 0.95)


def test_old_traffic_does_not_hide_what_came_since(dev: dict[str, Any]) -> None:
    rng = np.random.default_rng(3)
    drift = Drift(dev, 1, 0.05, {})
    drift.take(events(rows(rng, BLOCK)))
    drift.take(events([{"version": 2, "label": "card", "probability": 0.5}] * 300, BLOCK + 1))
    assert drift.advice() == []
    drift.take(events(rows(rng, 200, web=0.95), BLOCK + 400))
    assert [one["column"] for one in drift.advice()] == ["channel"]


def test_without_kept_inputs_answers_alone_speak(dev: dict[str, Any]) -> None:
    drift = Drift(dev, 1, 0.05, {})
    bare = [
        {key: value for key, value in one.items() if key != "input"}
        for one in rows(np.random.default_rng(4), 300, sure=0.15)
    ]
    drift.take(events(bare))
    assert [one["what"] for one in drift.advice()] == ["answers"]
    assert Drift({}, 1, 0.05, {}).advice() == []


def test_labels_that_no_version_knows_are_counted() -> None:
    said = [
        Event(f"e{i}", "feedback", {"label": one}, 0.0) for i, one in enumerate(["card", "crypto", "login", "crypto"])
    ]
    assert unseen_labels(said, CLASSES, "intent") == [{"what": "unseen label", "column": "intent", "value": 2, "n": 4}]
    assert unseen_labels(said[:1], CLASSES, "intent") == []
    several = [
        Event(f"s{i}", "feedback", {"labels": one}, 0.0) for i, one in enumerate(['["card"]', '["card", "new"]'])
    ]
    assert [one["value"] for one in unseen_labels(several, CLASSES, "intent")] == [1]


@pytest.mark.real
def test_hotel_guests_who_write_to_a_version_for_meals_are_noticed(public_data: Path) -> None:
    import polars as pl

    from zhinan.core import Block, Encoded
    from zhinan.encoders.ngrams import NGrams
    from zhinan.engine.witness import scores_of
    from zhinan.recipes.linear import linear
    from zhinan.steps import Program

    def read(name: str) -> pl.DataFrame:
        (file,) = (public_data / name).glob("train*")
        return pl.read_csv(file).sample(fraction=1, shuffle=True, seed=1).cast(pl.String)

    meals, hotels = read("waimai_10k"), read("chnsenticorp_htl")
    parts = [{"text": meals["text"][at : at + n].to_list()} for at, n in ((0, 700), (700, 400))]
    target = np.asarray(meals["label"].cast(pl.Int64))
    fitted = NGrams().fit(parts[0])
    train, dev = (
        Encoded((Block("ngrams", fitted.encode(part), fitted),), target[at : at + n], ("0", "1"))
        for part, (at, n) in zip(parts, ((0, 700), (700, 400)), strict=True)
    )
    candidate = linear(train, dev, budget=5)
    held = Dataset(pl.DataFrame(parts[1]), (Column("text", "text"),), None, None, None, "f")
    kept = json.loads(json.dumps(reference_of(held, candidate)))
    run = Program(candidate.steps, candidate.files).run

    def columns(rows: Any) -> dict[str, list[str]]:
        return {"text": [row["text"] for row in rows]}

    def advised(texts: list[str]) -> set[str]:
        out = run({"text": texts})
        drift = Drift(kept, 1, 0.05, {}, lambda rows: scores_of(run, kept["witness"], columns(rows)))
        made = [
            {"version": 1, "label": str(label), "probability": float(p), "input": {"text": text}}
            for label, p, text in zip(out["label"], out["probability"], texts, strict=True)
        ]
        for start in range(0, len(made), 200):
            drift.take(events(made[start : start + 200], start + 1))
        return {one["what"] for one in drift.advice()}

    assert advised(meals["text"][1100:1600].to_list()) == set()
    assert {"inputs", "words", "embedding"} <= advised(hotels["text"][:500].to_list())


def test_words_on_answers_that_nobody_gave_are_told_once_they_should_be_on_record(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        store.add_events("shop", [Event("given", "prediction", {"version": 1, "label": "card"}, 1.0)])
        said = [
            Event(f"f{place}", "feedback", {"prediction_id": name, "label": "card"}, at)
            for place, (name, at) in enumerate([("given", 2.0), ("never", 2.0), ("f0", 2.0), ("just now", time.time())])
        ]
        store.add_events("shop", [*said, Event("own", "feedback", {"input": {}, "label": "card"}, 2.0)])
        told = [{"what": "unknown answer", "column": "prediction_id", "value": 2, "n": 3}]
        assert unknown_answers(store.events("shop", "feedback"), store, "shop") == told
        assert unknown_answers(said[:1], store, "shop") == []
