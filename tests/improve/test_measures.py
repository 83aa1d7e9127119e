"""Lines that only use can judge are judged from what people did: settled, once a person, valid at every look."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract, parse
from zhinan.contract.lines import parse_line
from zhinan.evaluate.happened import Timed
from zhinan.evaluate.in_use import measure_of, people_needed, waiting
from zhinan.improve.counted import Counted
from zhinan.improve.measures import Measured, measures
from zhinan.improve.status import status
from zhinan.proof import Certifier
from zhinan.store import Event, Store
from zhinan.store.erasing import erase_version

HOUR = 3600.0
NOW = time.time()


def contract(*lines: str, serve: str = "") -> Contract:
    must = "".join(f"  - {line}\n" for line in ("accuracy >= 80%", *lines))
    return parse(f"product: shop\ndata: {{source: m.csv, target: intent}}\nmust:\n{must}{serve}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        for number in (1, 2):
            assert opened.add_version("shop", f"d{number}", f"v{number}", outcome="PROVED", summary={}) == number
        opened.promote("shop", 1, revision=0, who="test", why="first")
        opened.set_verdicts("shop", 1, [{"line": "accuracy >= 80%", "verdict": "PROVED", "on": "sealed"}])
        yield opened


def answered(store: Store, people: list[str | None], *, ago: float = 48 * HOUR, version: int = 1) -> list[str]:
    ids = [str(uuid.uuid4()) for _ in people]
    made = [
        Event(i, "prediction", {"version": version, "label": "refund"}, NOW - ago, who)
        for i, who in zip(ids, people, strict=True)
    ]
    store.add_events("shop", made)
    return ids


def happened(store: Store, *events: Mapping[str, Any], ago: float = 47 * HOUR) -> None:
    made = []
    for event in events:
        payload = {key: value for key, value in event.items() if key != "person"}
        made.append(Event(uuid.uuid4().hex, "feedback", payload, NOW - ago, event.get("person")))
    store.add_events("shop", made)


def told(found: tuple[Measured, ...], place: int = 0, version: int = 1) -> dict[str, Any]:
    return found[place].versions[version].row()


def test_a_share_is_of_people_whose_time_is_over_and_each_counts_once(store: Store) -> None:
    asked = contract("conversion(order) >= 4%")
    answered(store, ["ann", "ann", "ben", "eve"])
    happened(store, {"event": "order", "person": "ann"}, {"event": "order", "person": "ann"}, {"event": "ordr"})
    (young,) = answered(store, ["dan"], ago=HOUR)
    happened(store, {"event": "order", "prediction_id": young}, ago=0.5 * HOUR)
    found = told(measures(asked, store))
    assert (found["n"], found["value"], found["verdict"]) == (3, pytest.approx(1 / 3), "UNDECIDED")
    assert found["on"] == "production"
    assert told(measures(asked, store)) == found  # nothing counts twice, however often one looks


def test_another_line_in_the_contract_keeps_what_use_proved_after_its_events_expired(store: Store) -> None:
    people = [f"p{place}" for place in range(60)]
    answered(store, people)
    happened(store, *({"event": "order", "person": who} for who in people))
    assert told(measures(contract("conversion(order) >= 40%"), store))["verdict"] == "PROVED"
    store.expire_events("shop", NOW)
    found = told(measures(contract("conversion(order) >= 40%", "satisfaction >= 50%"), store))
    assert (found["verdict"], found["n"]) == ("PROVED", 60)


def test_an_event_counts_in_its_time_only_and_by_when_it_was_stored(store: Store) -> None:
    asked = contract("retention(visit, after=2 h, within=6 h, late=1 h) >= 30%")
    answered(store, ["soon", "back", "gone", "told late", "told too late", None])
    happened(store, {"event": "visit", "person": "soon"}, ago=47 * HOUR)
    happened(store, {"event": "visit", "person": "back"}, ago=44 * HOUR)
    happened(store, {"event": "visit", "person": "gone"}, ago=40 * HOUR)
    at = NOW - 43 * HOUR
    happened(store, {"event": "visit", "person": "told late", "at": at}, ago=41.5 * HOUR)
    happened(store, {"event": "visit", "person": "told too late", "at": at}, ago=30 * HOUR)
    found = told(measures(asked, store))
    assert (found["n"], found["value"]) == (5, pytest.approx(2 / 5))  # the answer without a person is left out


def test_what_is_found_does_not_depend_on_when_one_looks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, events = np.random.default_rng(1), []
    for place in range(60):
        about, at = str(uuid.uuid4()), NOW - (40 - place / 3) * HOUR
        who = f"p{int(draw.integers(0, 40))}" if place % 4 else None
        events.append(Event(about, "prediction", {"version": 1, "label": "refund"}, at, who))
        said = {"rating": float(draw.integers(1, 6)), "prediction_id": about}
        events.append(Event(uuid.uuid4().hex, "feedback", said, at + 60))
        if draw.random() < 0.4:
            done = {"event": "order", "prediction_id": about}
            events.append(Event(uuid.uuid4().hex, "feedback", done, at + draw.uniform(0, 3) * HOUR))
    events.sort(key=lambda event: event.at)
    often = contract(
        "conversion(order, within=120 min) >= 20%", "satisfaction(scale=5.5) >= 50%"
    )  # counts of their own
    for ago in (*np.linspace(41, 1, 10) * HOUR, 0.0):
        monkeypatch.setattr("zhinan.improve.measures.time.time", lambda ago=ago: NOW - ago)
        while events and events[0].at <= NOW - ago:
            store.add_events("shop", [events.pop(0)])
        again = measures(often, store)
    once = measures(contract("conversion(order, within=2 h) >= 20%", "satisfaction >= 50%"), store)
    assert [told(again, place) for place in (0, 1)] == [told(once, place) for place in (0, 1)]


def test_the_live_version_and_the_one_before_are_counted_however_many_are_newer(store: Store) -> None:
    for number in range(3, 9):
        store.add_version("shop", f"d{number}", f"v{number}", outcome="PROVED", summary={})
    asked = contract("satisfaction >= 50%")
    for number in range(1, 9):
        happened(store, *({"rating": 5, "prediction_id": one} for one in answered(store, ["ann"], version=number)))
    store.promote("shop", 2, revision=1, who="test", why="")
    (found,) = measures(asked, store)
    assert {number: one.n for number, one in found.versions.items()} == dict.fromkeys((1, 2, 4, 5, 6, 7, 8), 1)


def test_an_event_that_names_its_answer_follows_it_by_whatever_clock(store: Store) -> None:
    asked = contract("conversion(order, within=4 s) >= 4%", "error_rate <= 1%")
    ids = answered(store, ["ann", "ben", "eve"])
    behind = ((ids[0], 2.0), (ids[1], 120.0), (ids[2], -9.0))
    told_of = [{"event": "order", "prediction_id": one, "at": NOW - 48 * HOUR - early} for one, early in behind]
    happened(store, *told_of, ago=48 * HOUR - 1)
    shares, errors = measures(asked, store)
    assert (told((shares,))["n"], told((shares,))["value"]) == (3, pytest.approx(1 / 3))
    assert shares.aside == 1  # two minutes before its answer it cannot have happened
    assert errors.monitor().on == "minutes"


def test_an_event_of_the_future_holds_nothing_up(store: Store) -> None:
    asked = contract("conversion(order) >= 4%", "satisfaction >= 50%", "error_rate <= 10%")
    minute = int(NOW // 60)
    late = {"version": 1, "requests": 10, "failed": 9, "minute": minute + 50_000}
    store.add_events("shop", [Event("ahead", "traffic", late, NOW + 30 * 24 * HOUR)])
    (early,) = answered(store, ["eve"], ago=-30 * 24 * HOUR)
    happened(
        store, {"event": "order", "person": "ann"}, {"event": "order", "prediction_id": early}, ago=-30 * 24 * HOUR
    )
    _, about = answered(store, ["ann", "ben"])
    happened(store, {"event": "order", "person": "ben"}, {"rating": 5, "prediction_id": about})
    good = {"version": 1, "requests": 10, "failed": 0, "minute": minute - 60}
    store.add_events("shop", [Event("on time", "traffic", good, NOW - HOUR)])
    found = measures(asked, store)
    assert [(told(found, place)["n"], told(found, place)["value"]) for place in range(3)] == [
        (2, 0.5), (1, 1.0), (1, 0.0),
    ]  # fmt: skip
    assert found[0].aside == 2


def test_rows_of_a_job_count_for_the_people_they_name_and_for_nobody_else(store: Store) -> None:
    asked = contract("conversion(order) >= 4%")
    answered(store, ["ann", None])
    batch = [Event(f"j{i}", "prediction", {"version": 1, "job": True}, NOW - 48 * HOUR, who)
             for i, who in enumerate(["ben", *[None] * 600])]  # fmt: skip
    store.add_events("shop", batch)
    happened(store, {"event": "order", "person": "ben"}, {"event": "order", "prediction_id": "j5"})
    found = measures(asked, store)
    assert (told(found)["n"], told(found)["value"]) == (3, pytest.approx(1 / 3))
    assert (found[0].heard, found[0].aside) == (2, 1)


def test_each_version_has_its_own_count_and_status_shows_them_side_by_side(store: Store) -> None:
    asked = contract("conversion(order) >= 20%")
    answered(store, [f"a{i}" for i in range(90)])
    later = answered(store, ["a0", *(f"b{i}" for i in range(89))], version=2)
    happened(store, *({"event": "order", "prediction_id": one} for one in later[:60]))
    happened(store, {"event": "order", "person": "a1"})
    store.promote("shop", 2, revision=1, who="test", why="better")
    rows = status(asked, store)["measures"][0]["versions"]
    assert [(row["version"], row["n"], row["verdict"]) for row in rows] == [(1, 90, "REFUTED"), (2, 90, "PROVED")]
    assert rows[0]["value"] == pytest.approx(1 / 90)
    assert [v["line"] for v in store.verdicts("shop", 1)] == ["accuracy >= 80%", "conversion(event=order) >= 20%"]
    assert store.verdicts("shop", 1)[1]["verdict"] == "REFUTED"  # kept, so that the service tells it


def test_a_version_that_is_gone_is_no_longer_counted(store: Store) -> None:
    asked = contract("conversion(order) >= 20%")
    answered(store, ["ann"], version=2)
    assert set(measures(asked, store)[0].versions) == {2}
    erase_version(store, "shop", 2, who="test", why="forgotten")
    assert set(measures(asked, store)[0].versions) == set()


def test_ratings_count_on_their_scale_and_go_to_the_version_that_was_live(store: Store) -> None:
    asked = contract("satisfaction >= 50%")
    about = answered(store, [None])[0]
    happened(store, {"rating": 5.0, "prediction_id": about}, {"rating": 1.0, "prediction_id": about})
    happened(store, {"rating": 80.0, "person": "off the scale"}, {"rating": 4.0, "prediction_id": str(uuid.uuid4())})
    promoted = time.time() + 10
    store.add_events("shop", [Event("late", "feedback", {"rating": 2.0, "at": promoted}, NOW - HOUR, "live")])
    found = measures(asked, store)
    assert (told(found)["n"], told(found)["value"]) == (2, pytest.approx(1 / 2))
    assert (found[0].heard, found[0].aside) == (5, 2)


def test_a_quantile_is_shown_with_a_bound_and_a_mean_counts_the_longest_as_its_limit(store: Store) -> None:
    asked = contract(
        "handle_time(done, value=min) <= 5 min", "handle_time(done, value=min, take=mean, most=1 h) <= 9 min"
    )
    happened(
        store, *({"event": "done", "amount": 2.0 + 4 * (i % 5 == 0), "person": f"p{i}"} for i in range(80)), ago=0.1
    )
    assert measures(asked, store)[0].versions == {}  # stored this moment
    store.add_events("shop", [Event(f"e{i}", "feedback", {"event": "done", "amount": 2.0 + 4 * (i % 5 == 0),
                     "at": time.time()}, NOW - 9, f"q{i}") for i in range(80)])  # fmt: skip
    store.add_events(
        "shop", [Event("endless", "feedback", {"event": "done", "amount": 1e6, "at": time.time()}, NOW - 9, "x")]
    )
    median, mean = (told(measures(asked, store), place) for place in (0, 1))
    assert median["verdict"] == "PROVED"
    assert 120 <= median["value"] <= 122
    assert 120 <= median["bound"] <= 300
    assert mean["value"] == pytest.approx((80 * 2.8 + 60) / 81 * 60, rel=0.02)
    assert mean["verdict"] == "PROVED"


def test_a_slip_in_a_name_is_shown_by_what_came_instead(store: Store) -> None:
    answered(store, ["ann"])
    happened(store, {"event": "ordr", "person": "ann"})
    found = measures(contract("conversion(order) >= 4%"), store)[0].to_dict()
    assert (found["heard"], found["others"]) == (0, ["ordr"])


def test_alarms_on_use_stand_among_the_others(store: Store) -> None:
    asked = contract("satisfaction >= 80%")
    changed = [Event(f"r{i}", "feedback", {"rating": 1.0, "at": time.time()}, NOW - 9, f"p{i}") for i in range(30)]
    store.add_events("shop", changed)
    (mine,) = (one for one in status(asked, store)["monitors"] if one["line"] == "satisfaction >= 80%")
    assert (mine["alarm"], mine["n"], mine["value"]) == (True, 30, 0.0)
    assert store.verdicts("shop", 1)[-1]["live"]["alarm"]


def test_before_launch_a_line_waits_and_says_for_how_many() -> None:
    (row,) = waiting(contract("conversion(order) >= 4%"))
    assert (row["verdict"], row["on"], row["n"]) == ("UNDECIDED", "production", 0)
    assert 5_000 < row["to_decide"]["people"] < 20_000  # of 4.8 %, a fifth better than asked
    assert "order" in row["why"]["en"]


@pytest.mark.parametrize(
    "text",
    [
        "conversion(order) >= 4%",
        "handle_time(done, take=p90) <= 5 min",
        "handle_time(done, take=mean, most=10 min) <= 5 min",
    ],
)
def test_a_line_on_its_limit_is_proved_at_any_look_no_oftener_than_promised(text: str) -> None:
    line, draw, streams, delta = parse_line(text), np.random.default_rng(7), 120, 0.05
    measure, size = measure_of(line), (streams, 400)
    if isinstance(measure, Timed):
        spread = {"p90": 10 / 9, "mean": 2.0}[measure.take]  # uniform, its limit at the target
        values = draw.uniform(0, spread * 300, size)
        scores = np.vectorize(lambda value: measure.score(value, line.target))(values)
    else:
        scores = (draw.random(size) < line.target).astype(float)
    op, null = measure.bet(line.target)
    proved = 0
    for one in scores:
        found = Certifier(op, null, delta)
        found.add(one)
        proved += found.proved
    assert proved / streams <= delta + 2 * (delta * (1 - delta) / streams) ** 0.5


def test_a_good_product_is_proved_and_a_bad_one_refuted() -> None:
    for rate, verdict in ((0.9, "PROVED"), (0.6, "REFUTED")):
        found = Counted(parse_line("satisfaction >= 80%"), (0.05, 3))
        found.add((np.random.default_rng(0).random(400) < rate).astype(float).tolist())
        assert found.row()["verdict"] == verdict
        assert Counted(parse_line("satisfaction >= 80%"), (0.05, 3), found.to_json()).row() == found.row()


def compared(one: list[float], other: list[float], text: str = "satisfaction >= 80%") -> dict[str, Any]:
    made = []
    for scores in (one, other):
        found = Counted(parse_line(text), (0.05, 3))
        found.add(scores)
        made.append(found)
    apart = made[0].against(made[1])
    assert apart is not None
    return apart


def test_two_versions_are_told_apart_when_people_do_otherwise_and_not_by_chance() -> None:
    draw = np.random.default_rng(4)
    high, low = ((draw.random(400) < rate).astype(float).tolist() for rate in (0.9, 0.7))
    better = compared(high, low)
    assert (better["better"], better["unit"]) == (True, "share")
    assert 0 < better["low"] < better["difference"] < better["high"] < 0.4
    assert compared(low, high)["better"] is False
    assert compared(high[:5], low[:5])["better"] is None
    slow, fast = ((draw.random(400) * most).tolist() for most in (0.8, 0.3))
    took = compared(slow, fast, "handle_time(done, take=mean, most=10 min) <= 5 min")
    assert (took["better"], took["unit"]) == (False, "seconds")
    assert 100 < took["difference"] < 200


def test_versions_that_do_alike_are_called_different_no_oftener_than_promised_at_any_look() -> None:
    draw, told, pairs = np.random.default_rng(9), 0, 30
    for _ in range(pairs):
        one, other = ((draw.random(240) < 0.5).astype(float).tolist() for _ in range(2))
        told += any(compared(one[:n], other[:n])["better"] is not None for n in (120, 240))
    assert told <= pairs * 0.05


def test_the_live_version_is_compared_with_the_one_before(store: Store) -> None:
    asked = contract("conversion(order) >= 20%")
    answered(store, [f"a{i}" for i in range(90)])
    assert measures(asked, store)[0].to_dict()["compared"] is None
    later = answered(store, [f"b{i}" for i in range(90)], version=2)
    happened(store, *({"event": "order", "prediction_id": one} for one in later[:60]))
    store.promote("shop", 2, revision=1, who="test", why="better")
    found = measures(contract("conversion(order) >= 21%"), store)[0].to_dict()["compared"]
    assert (found["version"], found["with"], found["better"]) == (2, 1, True)
    assert found["difference"] == pytest.approx(60 / 90)


@pytest.mark.parametrize(("text", "rate"), [("satisfaction >= 50%", 0.6), ("satisfaction >= 80%", 0.9)])
def test_as_many_people_as_are_asked_for_decide_four_products_of_five(text: str, rate: float) -> None:
    draw, line, products = np.random.default_rng(3), parse_line(text), 40
    needed = people_needed(line, rate, 0, 0.05)
    assert needed is not None
    decided = 0
    for _ in range(products):
        found = Certifier(">=", line.target, 0.05)
        found.add((draw.random(needed["people"]) < rate).astype(float))
        decided += found.proved
    assert 0.8 - 2 * (0.16 / products) ** 0.5 <= decided / products


def minute(at: int, requests: int, failed: int) -> Event:
    told = {"version": 1, "minute": at, "requests": requests, "failed": failed, "rows": requests - failed,
            "seconds": 0.1, "memory": None, "latency": {}}  # fmt: skip
    return Event(uuid.uuid4().hex, "traffic", told, at * 60.0)


def test_an_error_rate_is_judged_by_minutes_whichever_worker_answered(store: Store) -> None:
    asked, first = contract("error_rate <= 5%"), int(NOW // 60) - 300
    both = ((30, 0), (10, 1))  # two workers; every fiftieth minute one request fails
    made = [minute(at, n, fails * (at % 50 == 0)) for at in range(first, first + 200) for n, fails in both]
    store.add_events("shop", made)
    found = measures(asked, store)[0]
    assert (told((found,))["verdict"], told((found,))["n"]) == ("PROVED", 200)
    assert told((found,))["value"] == pytest.approx(4 / 40 / 200)
    assert found.monitor().on == "minutes"
    young = minute(int(time.time() // 60), 9, 9)  # still being collected
    store.add_events("shop", [*(minute(at, 10, 5) for at in range(first + 200, first + 290)), young])
    again = measures(asked, store)[0].monitor()
    assert (again.n, again.alarm) == (290, True)


def test_a_look_by_a_clock_that_ran_ahead_silences_no_error_rate(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = contract("error_rate <= 5%"), time.time()
    store.add_events("shop", [minute(int(now // 60) + 50_000, 10, 0)])
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: now + 60 * 60_000)
        assert told(measures(asked, store))["n"] == 1
    store.add_events("shop", [minute(int(now // 60) - 100 + place, 10, 5) for place in range(60)])
    assert measures(asked, store)[0].monitor().alarm


def test_the_last_line_that_use_judges_takes_its_verdict_and_alarm_with_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert measures(contract("satisfaction >= 80%"), store)
    assert [row["line"] for row in store.verdicts("shop", 1)] == ["accuracy >= 80%", "satisfaction >= 80%"]
    monkeypatch.delattr(Store, "audit")  # none is left to read the past for
    monkeypatch.delattr(Store, "sealing_key")
    assert measures(contract(), store) == ()
    assert [row["line"] for row in store.verdicts("shop", 1)] == ["accuracy >= 80%"]


def test_before_traffic_an_error_rate_says_for_how_many_minutes() -> None:
    (row,) = waiting(contract("error_rate <= 1%"))
    assert 500 < row["to_decide"]["minutes"] < 30_000
    assert "500" in row["why"]["en"]
