"""Nothing that people say is lost because the answer that they speak of is written down later than what they say."""

from __future__ import annotations

import time
import uuid

import pytest

from zhinan.improve.measures import measures
from zhinan.improve.monitors import monitors
from zhinan.store import Event, Store

from ..serve.conftest import Place, place
from . import test_monitors
from .test_measures import NOW, answered, contract, happened, store, told

__all__ = ["place", "store"]


def test_words_wait_for_answers_that_are_written_down_late_and_are_given_up_in_the_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = contract("conversion(order, within=60 s) >= 20%", "satisfaction >= 50%")
    late = [str(uuid.uuid4()) for _ in range(4)]
    for said in ({"event": "order"}, {"rating": 5}):
        happened(store, *({**said, "prediction_id": one} for one in (*late[:3], "never")), ago=600)
    answered(store, ["in time"], ago=500)
    orders, ratings = measures(asked, store)
    assert (told((orders,))["n"], orders.heard, ratings.heard) == (1, 0, 0)
    made = [Event(one, "prediction", {"version": 1, "label": "refund"}, NOW - 601, None) for one in late]
    store.add_events("shop", made[:2])
    measures(asked, store)
    store.add_events("shop", made[2:])
    orders, ratings = measures(asked, store)
    assert (told((orders,))["n"], told((orders,))["value"]) == (5, pytest.approx(3 / 5))
    assert (told((ratings,))["n"], told((ratings,))["value"]) == (3, 1.0)
    assert [(one.heard, one.aside) for one in (orders, ratings)] == [(3, 0)] * 2, "one waits"
    monkeypatch.setattr("zhinan.improve.hearing.LATE", 300.0)
    orders, ratings = measures(asked, store)
    assert [(one.heard, one.aside) for one in (orders, ratings)] == [(4, 1)] * 2
    store.add_events("shop", [Event("never", "prediction", {"version": 1, "label": "refund"}, NOW - 601, None)])
    assert [one.heard for one in measures(asked, store)] == [4, 4], "what was given up is not heard twice"


def test_of_words_that_wait_at_once_the_first_are_given_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhinan.improve.hearing.MOST", 2)
    happened(store, *({"rating": 5, "prediction_id": f"unknown {i}"} for i in range(5)), ago=600)
    (found,) = measures(contract("satisfaction >= 50%"), store)
    assert (found.heard, found.aside) == (3, 3)


def test_labels_wait_for_answers_that_are_written_down_late(place: Place) -> None:
    asked = test_monitors.contract()
    ids, when = [str(uuid.uuid4()) for _ in range(60)], time.time() - 60
    said = [Event(uuid.uuid4().hex, "feedback", {"prediction_id": one, "label": "lost card"}, when) for one in ids]
    with place.store as store:
        store.add_events("support", said)
        assert monitors(asked, store)[0].n == 0
        answers = {"version": 1, "label": "refund", "probability": 0.9}
        for half in (ids[:30], ids[30:]):
            store.add_events("support", [Event(one, "prediction", answers, when - 1) for one in half])
            found = monitors(asked, store)[0]
        assert (found.n, found.alarm) == (60, True)
        assert monitors(asked, store)[0].n == 60, "each counts once"
