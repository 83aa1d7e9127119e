"""The lines of the live version are watched on what people say of its answers: alarms come from evidence, and stay."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract, parse, parse_line
from zhinan.improve import traffic
from zhinan.improve.monitors import Monitor, monitors, production
from zhinan.improve.traffic import Spoken
from zhinan.improve.watched import watched
from zhinan.proof import Rounds
from zhinan.store import Event, Store, change_run

from ..serve.conftest import CLASSES, Place, place

__all__ = ["place"]

MUST = "must: [accuracy >= 90%, 'recall[refund] >= 80%', macro_f1 >= 50%, latency_p95 <= 50 ms]\n"


def contract(must: str = MUST, **serve: Any) -> Contract:
    kept = f"serve: {{keep_inputs: {serve['keep']}}}\n" if "keep" in serve else ""
    return parse(f"product: support\ndata: {{source: m.csv, target: intent}}\n{must}{kept}")


def say(
    store: Store, rights: list[bool], *, version: int = 1, said: str = "label", at: float = 0.0, who: str | None = None
) -> list[str]:
    """Predictions of "refund" and what was said of each: right, or that it had been "lost card"."""
    ids = [str(uuid.uuid4()) for _ in rights]
    when = at or time.time() - 60
    made = [Event(i, "prediction", {"version": version, "label": "refund", "probability": 0.9}, when) for i in ids]
    store.add_events("support", made)
    told = [{"prediction_id": i, "label": "refund" if ok else "lost card"} for i, ok in zip(ids, rights, strict=True)]
    if said == "accepted":
        told = [{"prediction_id": i, "accepted": ok} for i, ok in zip(ids, rights, strict=True)]
    store.add_events("support", [Event(uuid.uuid4().hex, "feedback", one, when, who) for one in told])
    return ids


def stream(n: int, rate: float) -> list[bool]:
    return [bool(one) for one in np.random.default_rng(0).random(n) < rate]


def by_line(found: tuple[Monitor, ...]) -> dict[str, Monitor]:
    return {one.line: one for one in found}


def test_a_floor_that_breaks_sets_off_the_alarm_of_its_line_and_of_no_other(place: Place) -> None:
    with place.store as store:
        say(store, stream(400, 0.97))
        quiet = by_line(monitors(contract(), store))
        assert not any(one.alarm for one in quiet.values())
        say(store, stream(400, 0.6))
        found = by_line(monitors(contract(), store))
    broken = found["accuracy >= 90%"]
    assert broken.alarm
    assert 400 < (broken.alarmed_at or 0) < 520
    assert broken.n == 800
    assert broken.value == pytest.approx(sum(stream(400, 0.97) + stream(400, 0.6)) / 800)
    recall = found["recall[refund] >= 80%"]  # every refund was answered refund
    assert (recall.alarm, recall.value) == (False, 1.0)


def test_lines_that_labels_say_nothing_of_give_the_reason(place: Place) -> None:
    with place.store as store:
        found = by_line(monitors(contract(), store))
    assert found["accuracy >= 90%"].why is None
    assert "mean" in str(found["macro_f1 >= 50%"].why)
    assert found["latency_p95 <= 50 ms"].on == "requests"
    part = contract("must: ['accuracy[channel=app] >= 90%']\n", keep="none")
    with place.store as store:
        assert "keep_inputs" in str(monitors(part, store)[0].why)


def test_a_live_version_that_keeps_no_inputs_says_so_whatever_the_product_file_says_now(place: Place) -> None:
    place.add(3, b"product: support\nserve: {keep_inputs: none}\n")
    with place.store as store:
        store.promote("support", 3, revision=1, who="test", why="")
        found = by_line(monitors(contract("must: [accuracy >= 90%, 'accuracy[channel=app] >= 90%']\n"), store))
    assert found["accuracy >= 90%"].why is None
    assert "keep_inputs" in str(found["accuracy[channel=app] >= 90%"].why)


def test_an_alarm_stays_on_and_evidence_goes_on_where_it_stopped(place: Place) -> None:
    whole, halves = stream(300, 0.7), []
    with place.store as store:
        store.set_verdicts("support", 1, [{"line": "accuracy >= 90%", "verdict": "PROVED"}])
        for start in range(0, 300, 50):
            say(store, whole[start : start + 50])
            halves.append(by_line(monitors(contract(), store))["accuracy >= 90%"])
        told = store.verdicts("support", 1)[0]["live"]
    assert [one.n for one in halves] == [50, 100, 150, 200, 250, 300]
    at = {one.alarmed_at for one in halves if one.alarm}
    assert len(at) == 1
    assert told == {
        "alarm": True, "n": 300, "value": halves[-1].value, "alarmed_at": at.pop(), "on": "feedback", "period": None,
    }  # fmt: skip


def test_another_line_in_the_contract_keeps_alarms_and_what_was_heard(place: Place) -> None:
    text = MUST.replace("]\n", ", 'gap(accuracy, by=channel) <= 10 pt']\n")
    more = contract(text.replace("]\n", ", 'recall[cancel] >= 80%', throughput >= 1 rps]\n"))
    with place.store as store:
        say(store, stream(300, 0.7))
        before = by_line(monitors(contract(text), store))
        after = by_line(monitors(more, store))
        assert before["accuracy >= 90%"].alarm
        for line in ("accuracy >= 90%", "recall[refund] >= 80%", "gap(accuracy, by=channel) <= 10 pt"):
            old, new = before[line], after[line]
            assert (new.alarmed_at, new.n, new.value) == (old.alarmed_at, old.n, old.value)
            assert new.evidence == pytest.approx(old.evidence)
            assert new.needed > old.needed
        say(store, [False] * 3)
        assert by_line(monitors(more, store))["accuracy >= 90%"].n == 303


def test_a_line_that_is_edited_and_edited_back_keeps_its_alarm_and_hears_on(place: Place) -> None:
    other = contract(MUST.replace("accuracy >= 90%", "accuracy >= 91%"))
    with place.store as store:
        say(store, stream(100, 0.6))
        before = by_line(monitors(contract(), store))["accuracy >= 90%"]
        say(store, [False] * 10)  # heard while another operator's file asks for something else
        assert "accuracy >= 90%" not in by_line(monitors(other, store))
        after = by_line(monitors(contract(), store))["accuracy >= 90%"]
        assert by_line(monitors(other, store))["accuracy >= 91%"].n == 10
    assert before.alarm
    assert (after.alarmed_at, after.n) == (before.alarmed_at, before.n + 10)


def test_a_line_whose_metric_is_gone_stops_nothing(place: Place) -> None:
    state = {"seq": 0, "lines": {"metric_of_a_package_that_went >= 90%": {}}}
    with place.store as store:
        change_run(store, "support", "monitors @1", {"version": 1}, lambda held: state)
        say(store, [False] * 3)
        assert monitors(contract(), store)[0].n == 3


def test_a_second_word_on_an_answer_counts_once(place: Place) -> None:
    with place.store as store:
        ids = say(store, [False] * 3)
        again = [
            Event(uuid.uuid4().hex, "feedback", {"prediction_id": i, "label": "lost card"}, time.time() - 9)
            for i in ids
        ]
        store.add_events("support", again)
        assert monitors(contract(), store)[0].n == 3
        store.add_events("support", [Event("late", "feedback", again[0].payload, time.time() - 9)])
        assert monitors(contract(), store)[0].n == 3


def test_one_person_who_speaks_often_sets_off_no_alarm_and_stops_counting(place: Place) -> None:
    with place.store as store:
        for _ in range(3):  # what was heard of a person survives between two looks
            say(store, [False] * 40, who="a-person")
            loud = monitors(contract(), store)[0]
        state = store.last_run("support", "monitors @1")
        say(store, [False] * 40)  # forty of whom nothing is known
        many = monitors(contract(), store)[0]
    assert (loud.n, loud.alarm, loud.value) == (Rounds.most, False, 0.0)
    assert (many.n, many.alarm) == (Rounds.most + 40, True)
    assert state is not None
    assert "a-person" not in str(state.state)


def test_words_of_nobody_on_the_answers_of_one_person_are_that_persons(place: Place) -> None:
    with place.store as store:
        ids = [str(uuid.uuid4()) for _ in range(100)]
        made = {"version": 1, "label": "refund", "probability": 0.9}
        store.add_events("support", [Event(one, "prediction", made, time.time() - 60, "a-person") for one in ids])
        told = [{"prediction_id": one, "label": "lost card"} for one in ids]
        store.add_events("support", [Event(uuid.uuid4().hex, "feedback", one, time.time() - 50) for one in told])
        loud = monitors(contract(), store)[0]
    assert (loud.n, loud.alarm) == (Rounds.most, False)


def test_groups_are_watched_beside_each_other_and_go_on_where_they_stopped(place: Place) -> None:
    must = "must: ['gap(accuracy, by=channel) <= 10 pt', 'f1[refund] >= 80%', 'gap(macro_f1, by=channel) <= 9 pt']\n"
    rng = np.random.default_rng(4)
    with place.store as store:
        for part in range(4):
            when, made, told = time.time() - 60, [], []
            for place_ in range(60):
                side, name = ("app", "web")[place_ % 2], str(uuid.uuid4())
                right = rng.random() < (0.95 if side == "app" else 0.6 if part else 0.9)
                answer = {"version": 1, "label": "refund", "input": {"channel": side}}
                said = {"prediction_id": name, "label": "refund" if right else "cancel"}
                made.append(Event(name, "prediction", answer, when))
                told.append(Event(f"f-{name}", "feedback", said, when))
            store.add_events("support", [*made, *told])
            gap, f1, other = monitors(contract(must), store)
            if not part:
                assert (gap.n, gap.alarm, f1.n) == (60, False, 60)
        run = store.last_run("support", "monitors @1")
    assert run is not None
    assert len(run.state["lines"]["gap(accuracy, by=channel) <= 10 pt"]["sums"]) == 2
    assert not {"app", "web"} & set(run.state["lines"]["gap(accuracy, by=channel) <= 10 pt"]["sums"])
    assert (gap.n, gap.alarm, other.why is None) == (240, True, False)
    assert gap.value == pytest.approx(0.28, abs=0.1)
    assert 60 < (gap.alarmed_at or 0) < 240
    assert f1.value is not None
    assert 0.8 < f1.value < 1
    with place.store as store:
        assert "keep_inputs" in str(monitors(contract(must, keep="none"), store)[0].why)


def test_numbers_are_watched_by_what_they_are_off() -> None:
    version: Any = SimpleNamespace(task=SimpleNamespace(judged="numbers"), inputs=("x",), classes=())
    watch = watched(parse_line("rmse <= 3"), 0.05, None, version)
    assert watch is not None
    answer = {"value": 10.0, "low": 9.0, "high": 11.0}
    rows = [Spoken(i, None, None, answer, "value", 10.0 + (-1) ** i * 4, None, 0.0) for i in range(60)]
    watch.take(rows[:30], [1] * 30, version)
    again = watched(parse_line("rmse <= 3"), 0.05, watch.to_json(), version)
    assert again is not None
    again.take(rows[30:], [1] * 30, version)
    assert (again.n, again.value) == (60, pytest.approx(4.0))
    assert again.alarmed_at is not None


@pytest.mark.parametrize("line", ["mae <= 3", "rmse <= 3", "mape <= 20%"])
def test_absurd_numbers_leave_what_is_kept_finite(line: str) -> None:
    version: Any = SimpleNamespace(task=SimpleNamespace(judged="numbers"), inputs=("x",), classes=())
    watch = watched(parse_line(line), 0.05, None, version)
    assert watch is not None
    answer = {"value": -1.7e308, "low": 9.0, "high": 11.0}
    watch.take([Spoken(i, None, None, answer, "value", 1.7e308, None, 0.0) for i in range(2)], [1, 1], version)
    assert json.dumps(watch.to_json(), allow_nan=False)
    assert watch.n == 2


def test_thumbs_speak_of_right_and_wrong_only(place: Place) -> None:
    with place.store as store:
        say(store, [True, False, False], said="accepted")
        found = by_line(monitors(contract(), store))
    assert (found["accuracy >= 90%"].n, found["accuracy >= 90%"].value) == (3, pytest.approx(1 / 3))
    assert found["recall[refund] >= 80%"].n == 0


def test_precision_counts_false_alarms_though_the_class_never_was_right(place: Place) -> None:
    with place.store as store:
        say(store, [False] * 5)
        found = monitors(contract("must: ['precision[refund] >= 80%']\n"), store)[0]
    assert (found.n, found.value) == (5, 0.0)


def test_another_versions_answers_and_what_is_too_young_are_left_out(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.store as store:
        say(store, [False] * 4, version=2)
        say(store, [False] * 2, at=time.time())
        assert monitors(contract(), store)[0].n == 0
        monkeypatch.setattr(traffic, "SETTLED", -1.0)
        assert monitors(contract(), store)[0].n == 2


def test_an_event_of_the_future_silences_nothing_and_is_told(place: Place) -> None:
    with place.store as store:
        say(store, [True], at=time.time() + 30 * 86_400)
        say(store, [False] * 60)
        found = production(contract(), store)
    assert (found.monitors[0].n, found.monitors[0].alarm) == (61, True)
    assert [(one["what"], one["value"], one["n"]) for one in found.advice] == [("clock ahead", 2, 122)]


def test_feedback_with_its_own_input_is_about_what_the_live_version_answers_now_and_came_since_it_was_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhinan.package import open_version

    row = {"message": "hi", "channel": "app", "amount": 3.0}
    answered = open_version(place.folder / "versions" / "1").predict([row])[0]["label"]
    wrong = next(one for one in CLASSES if one != answered)
    with place.store as store:
        told = [
            {"input": row, "label": answered},
            {"input": row, "label": wrong},
            {"input": {**row, "amount": "many"}, "label": wrong},
        ]
        made = store.version("support", 1).at
        store.add_events("support", [Event(f"e{i}", "feedback", one, made) for i, one in enumerate(told)])
        early = [Event(f"taught{i}", "feedback", told[1], made - 1) for i in range(5)]  # it may have learned from them
        store.add_events("support", early)
        monkeypatch.setattr(traffic, "SETTLED", -9.0)
        found = monitors(contract(), store)[0]
    assert (found.n, found.value) == (2, 0.5)


def test_a_damaged_live_version_is_said_and_stops_nothing_else(place: Place) -> None:
    with place.store as store:
        say(store, [False] * 4)
        file = place.folder / "versions" / "1" / "manifest.json"
        file.chmod(0o644)
        file.write_bytes(b"{}")
        found = monitors(contract(), store)
    assert [one.n for one in found] == [0] * 4
    assert all("cannot be opened" in str(one.why) for one in found)


def test_without_a_live_version_nothing_is_watched(tmp_path: Path) -> None:
    with Store(tmp_path / ".zhinan") as store:
        assert monitors(contract(), store) == ()
