"""Latency, failures and cost of real traffic: counted by the minute, read beside the verdict, alarmed when slow."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any

import httpx
import numpy as np
import pytest

from zhinan.contract import parse
from zhinan.core import UserError
from zhinan.improve.monitors import production
from zhinan.proof import detect
from zhinan.serve.tally import STEP, Tally, longer_than, longest
from zhinan.store import Event, Store

from ..serve.conftest import Place, place, talk

__all__ = ["place", "talk"]

MUST = "must: [latency_p95 <= 20 ms, throughput >= 5 rps, cost <= 1 USD, size <= 9 MB]\n"
CONTRACT = parse(f"product: support\ndata: {{source: m.csv, target: intent}}\n{MUST}cost: {{price: 3.6 USD}}\n")


def minutes(store: Store, shares: list[float], *, version: int = 1, n: int = 50, start: int = 0) -> None:
    """Minutes in which such shares of the requests took 40 ms, and the others 10 ms."""
    slow, fast = (str(math.ceil(math.log(seconds, STEP))) for seconds in (0.04, 0.01))
    at = time.time() // 60 * 60 - 60 * 500
    made = []
    for place_, share in enumerate(shares, start):
        many = round(share * n)
        payload = {
            "version": version, "minute": int(at // 60) + place_, "requests": n, "failed": 1, "rows": n, "seconds": 2.0,
            "memory": 10**8, "latency": {slow: many, fast: n - many},
        }  # fmt: skip
        made.append(Event(f"{version}-{place_}", "traffic", payload, at + 60 * place_))
    store.add_events("support", made)


def test_a_latency_line_has_a_reading_beside_its_verdict_and_an_alarm_when_traffic_is_slow(place: Place) -> None:
    with place.store as store:
        store.set_verdicts("support", 1, [{"line": line.text, "verdict": "PROVED"} for line in CONTRACT.must])
        minutes(store, [0.02, 0.04] * 30)
        minutes(store, [1.0] * 30, version=2)
        quiet = production(CONTRACT, store)
        minutes(store, [0.4] * 20, start=60)
        loud = production(CONTRACT, store)
        told = [verdict.get("live") for verdict in store.verdicts("support", 1)]
    p95, throughput, cost, size = quiet.monitors
    assert (p95.n, p95.alarm, p95.why, p95.on) == (3000, False, None, "requests")
    assert p95.value == pytest.approx(0.01, rel=0.03)
    assert p95.period is not None
    assert p95.period[1] - p95.period[0] == 3600
    assert (throughput.value, throughput.n, throughput.alarm, throughput.why) == (25.0, 3000, False, None)
    assert cost.value == pytest.approx(0.04)  # 40 s of the machine for 1,000 answers at 3.60 an hour
    assert size.value is None
    assert "measured by the build" in str(size.why)
    assert loud.monitors[0].alarm
    assert 3000 < (loud.monitors[0].alarmed_at or 0) < 3700
    assert [live and live["alarm"] for live in told] == [True, False, False, None]
    assert loud.traffic is not None
    assert (loud.traffic["requests"], loud.traffic["failed"]) == (4000, 80)


def test_another_line_in_the_contract_keeps_what_minutes_said(place: Place) -> None:
    more = MUST.replace("]", ", 'accuracy >= 80%']")
    with place.store as store:
        minutes(store, [0.4] * 30)
        before = production(CONTRACT, store).monitors[0]
        text = f"product: support\ndata: {{source: m.csv, target: intent}}\n{more}cost: {{price: 3.6 USD}}\n"
        after = production(parse(text), store).monitors[0]
    assert before.alarm
    assert (after.alarmed_at, after.n, after.evidence) == (before.alarmed_at, before.n, before.evidence)


def test_a_line_that_is_edited_and_edited_back_keeps_what_minutes_said(place: Place) -> None:
    other = parse(CONTRACT.text.replace("latency_p95 <= 20 ms", "latency_p95 <= 30 ms"))
    with place.store as store:
        minutes(store, [0.4] * 30)
        before = production(CONTRACT, store).monitors[0]
        minutes(store, [0.4] * 5, start=40)
        production(other, store)
        after = production(CONTRACT, store).monitors[0]
    assert before.alarm
    assert (after.alarmed_at, after.n) == (before.alarmed_at, before.n + 250)


def test_a_look_by_a_clock_that_ran_ahead_silences_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.store as store:
        minutes(store, [0.0], start=50_000)
        with monkeypatch.context() as patched:
            now = time.time()
            patched.setattr(time, "time", lambda: now + 60 * 60_000)
            assert not production(CONTRACT, store).monitors[0].alarm
        minutes(store, [0.4] * 30)
        assert production(CONTRACT, store).monitors[0].alarm


def test_a_minute_of_the_future_holds_nothing_up(place: Place) -> None:
    with place.store as store:
        minutes(store, [0.0], start=50_000)
        minutes(store, [0.4] * 30)
        found = production(CONTRACT, store)
    assert found.monitors[0].alarm
    assert found.traffic is not None
    assert found.traffic["requests"] == 1500


def test_minutes_that_are_dearer_or_fewer_than_promised_alarm_but_idle_ones_say_nothing_of_throughput(
    place: Place,
) -> None:
    at = int(time.time() // 60) - 300

    def served(start: int, many: int, rows: int, seconds: float) -> None:
        payload = {
            "version": 1,
            "requests": rows,
            "failed": 0,
            "rows": rows,
            "seconds": seconds,
            "memory": 1,
            "latency": {},
        }
        made = [{**payload, "minute": at + place_} for place_ in range(start, start + many)]
        store.add_events("support", [Event(f"m{one['minute']}", "traffic", one, 60.0 * one["minute"]) for one in made])

    with place.store as store:
        served(0, 60, 10, 9.0)  # .9 of 3.60 USD an hour a thousandth: under 1 USD; 1.1 rows a second, but hardly asked
        _, rate, cost, _ = production(CONTRACT, store).monitors
        assert (rate.n, rate.alarm, cost.n, cost.alarm) == (600, False, 600, False)
        served(60, 40, 400, 50.0)
        _, rate, cost, _ = production(CONTRACT, store).monitors
        assert (rate.n, rate.alarm, cost.alarm) == (16_600, False, False)
        served(100, 80, 200, 59.0)  # 3.4 rows a second where 5 were promised
        _, rate, cost, _ = production(CONTRACT, store).monitors
        assert (rate.alarm, cost.alarm) == (True, False)
        served(180, 60, 20, 40.0)
        assert production(CONTRACT, store).monitors[2].alarm


def test_a_minute_counts_once_however_many_workers_were_slow_in_it(place: Place) -> None:
    with place.store as store:
        slow, at = str(math.ceil(math.log(0.04, STEP))), time.time() // 60 * 60 - 600
        worker = {"version": 1, "minute": int(at // 60), "requests": 9, "failed": 0, "rows": 9, "seconds": 1.0,
                  "memory": 1, "latency": {slow: 9}}  # fmt: skip
        store.add_events("support", [Event(f"w{i}", "traffic", worker, at) for i in range(40)])
        now = {**worker, "minute": int(time.time() // 60)}
        store.add_events("support", [Event("now", "traffic", now, time.time())])
        first = production(CONTRACT, store).monitors[0]
        store.add_events("support", [Event("late", "traffic", {**worker, "failed": 1}, at)])
    assert (first.n, first.alarm) == (360, False)  # not those of the minute that still goes on


def test_slow_minutes_at_the_limit_cry_wolf_no_more_than_promised() -> None:
    rng = np.random.default_rng(0)
    # one minute in twenty is slow as a whole: each request for itself would alarm at once
    shares = np.where(rng.random((500, 1500)) < 0.05, 1.0, 0.0)
    false = (detect(shares, 0.05, 0.05, "lower") > 0).mean()
    assert false <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 500)
    assert (detect(np.repeat(shares[:60, :300], 20, axis=1), 0.05, 0.05, "lower") > 0).mean() > 0.5


def test_durations_are_known_to_two_percent_and_never_called_longer_than_they_were() -> None:
    seconds = np.random.default_rng(1).lognormal(-4, 1, 2000)
    latency: dict[str, int] = {}
    for one in seconds:
        bucket = str(math.ceil(math.log(one, STEP)))
        latency[bucket] = latency.get(bucket, 0) + 1
    for q in (0.5, 0.95, 0.99):
        assert longest(latency, q) == pytest.approx(float(np.quantile(seconds, q, method="inverted_cdf")), rel=0.02)
        limit = float(np.quantile(seconds, q))
        assert (seconds > limit * STEP).sum() <= longer_than(latency, limit) <= (seconds > limit).sum()
    assert longest({}, 0.5) is None


def test_a_worker_writes_one_record_a_minute(place: Place, talk: Any) -> None:
    row = {"message": "hi", "channel": "app", "amount": 3.0}

    async def say(client: httpx.AsyncClient) -> None:
        bodies = [{"inputs": [row]}, {"inputs": [row]}, {"inputs": [row] * 3}, {"inputs": [{"amount": "x"}]}]
        await asyncio.gather(*(client.post("/predict", json=body) for body in bodies))

    talk(place.settings, say)
    with place.store as store:
        made = store.events("support", "traffic")
        assert store.expire_events("support", time.time() + 60) >= len(made)
    assert 1 <= len(made) <= 2  # a minute may have ended meanwhile
    total = {name: sum(one.payload[name] for one in made) for name in ("requests", "failed", "rows")}
    assert total == {"requests": 3, "failed": 0, "rows": 5}  # a request that is wrong is nobody's latency
    assert sum(sum(one.payload["latency"].values()) for one in made) == 2
    assert all(one.payload["version"] == 1 and one.payload["seconds"] > 0 for one in made)


def test_what_the_service_could_not_answer_is_a_failure_and_a_store_that_cannot_is_asked_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.store as store:
        tally = Tally(store, "support")
        with pytest.raises(UserError), tally.request(1, 1):
            raise UserError("E471")
        tally.flush()  # the minute is not over
        assert store.count_events("support") == 0

        def full(*_: object) -> None:
            raise UserError("E404", where="x")

        with monkeypatch.context() as patch:
            patch.setattr(store, "add_events", full)
            with pytest.raises(UserError):
                tally.flush(whole=True)
        tally.flush(whole=True)
        tally.flush(whole=True)
        (one,) = store.events("support", "traffic")
    assert (one.payload["requests"], one.payload["failed"], one.payload["latency"]) == (1, 1, {})
