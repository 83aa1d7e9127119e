"""What a contract promises of automation is watched on traffic: enough answered alone, and that rightly."""

from __future__ import annotations

import time
import uuid
from typing import Any

import numpy as np
import pytest

from zhinan.contract import parse
from zhinan.improve.automated import alone
from zhinan.improve.monitors import monitors
from zhinan.package import Version
from zhinan.store import Event, Store

from ..serve.conftest import Place, place

__all__ = ["place"]

LINE = "auto_rate(precision >= 90%) >= 70%"
ASKED = parse(f"product: support\ndata: {{source: m.csv, target: intent}}\nmust: ['{LINE}']\n")


@pytest.fixture(autouse=True)
def careful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that hands rows over."""
    monkeypatch.setattr(Version, "hands_over", property(lambda self: True))


def answer(
    store: Store, handed: list[bool], right: list[bool] | None = None, person: str | None = None, **more: Any
) -> None:
    at, ids = time.time() - 60, [str(uuid.uuid4()) for _ in handed]
    said = {"version": 1, "label": "refund", "probability": 0.9, **more}
    made = [Event(i, "prediction", {**said, "handover": h}, at, person) for i, h in zip(ids, handed, strict=True)]
    store.add_events("support", made)
    told = [{"prediction_id": i, "accepted": ok} for i, ok in zip(ids, right or (), strict=False)]
    store.add_events("support", [Event(uuid.uuid4().hex, "feedback", one, at) for one in told])


def by_source(store: Store) -> dict[str, Any]:
    return {one.on: one for one in monitors(ASKED, store) if one.line == LINE}


def test_how_much_is_answered_alone_is_read_off_traffic_without_any_label(place: Place) -> None:
    draw = np.random.default_rng(0)
    with place.store as store:
        answer(store, (draw.random(300) < 0.2).tolist())
        answer(store, [True] * 200, person="one who asks again and again")
        good = by_source(store)["answers"]
        assert (good.alarm, good.n) == (False, 301)
        assert 0.75 < good.value < 0.85
        answer(store, (draw.random(300) < 0.6).tolist())
        assert by_source(store)["answers"].alarm
        assert not by_source(store)["feedback"].alarm


def test_rows_of_a_job_count_for_whom_they_name_and_for_nobody_else(place: Place) -> None:
    """One file of one sender is no crowd, however many rows it has."""
    with place.store as store:
        answer(store, [True] * 500, job=True)
        answer(store, [True] * 500, person="u1", job=True)
        seen = by_source(store)["answers"]
    assert (seen.alarm, seen.n) == (False, 1)


def test_another_line_in_the_contract_keeps_what_was_counted(place: Place) -> None:
    text = f"product: support\ndata: {{source: m.csv, target: intent}}\nmust: ['{LINE}', 'recall[refund] >= 80%']\n"
    more = parse(text)
    with place.store as store:
        answer(store, [True] * 100)
        before = by_source(store)["answers"]
        after = {one.on: one for one in monitors(more, store) if one.line == LINE}["answers"]
    assert before.alarm
    assert (after.alarmed_at, after.n, after.evidence) == (before.alarmed_at, before.n, before.evidence)


def test_an_answer_of_the_future_holds_nothing_up(place: Place) -> None:
    with place.store as store:
        made = {"version": 1, "label": "refund", "probability": 0.9, "handover": False}
        store.add_events("support", [Event("early", "prediction", made, time.time() + 30 * 86_400)])
        answer(store, [True] * 20)
        assert by_source(store)["answers"].n == 21


def test_of_a_version_that_answers_everything_no_share_is_watched(place: Place) -> None:
    with place.store as store:
        assert alone(ASKED, store, 1, 0.05, hands_over=True)
        assert not alone(ASKED, store, 1, 0.05, hands_over=False)


def test_the_condition_is_watched_on_labelled_answers_that_no_person_looked_at(place: Place) -> None:
    draw = np.random.default_rng(0)
    with place.store as store:
        handed = (draw.random(260) < 0.2).tolist()
        answer(store, handed, [bool(draw.random() < 0.97) and not one for one in handed])
        quiet = by_source(store)["feedback"]
        assert (quiet.alarm, quiet.n) == (False, 260 - sum(handed))  # what a person looked at was wrong
        answer(store, [False] * 200, (draw.random(200) < 0.6).tolist())
        loud = by_source(store)
    assert (loud["feedback"].alarm, loud["answers"].alarm) == (True, False)
