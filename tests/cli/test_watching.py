"""`status` tells alarms: on the screen, by its exit code, to a webhook and through the service."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from zhinan.cli.watching import _change_text, _turned
from zhinan.core import UserError
from zhinan.engine.queues import PROPOSED
from zhinan.improve import status as status_of
from zhinan.improve.advice import worded
from zhinan.improve.alarms import changes, going_off
from zhinan.package import open_version
from zhinan.store import Event, change_run

from ..serve.conftest import Place, ask, place
from .watched import CONTRACT, complain, product

__all__ = ["ask", "place", "product"]


def test_an_alarm_is_on_the_screen_and_in_the_exit_code(
    place: Place, product: Path, zhinan: Callable[..., Any]
) -> None:
    complain(place, 20, right=True)
    quiet = zhinan("status", product)
    assert quiet.code == 0
    assert "no alarm" in quiet.out
    complain(place, 30)
    loud = zhinan("status", product, "--lang", "zh")
    assert loud.code == 1
    assert "警报" in loud.out
    found = zhinan("status", product, "--json").json["monitors"]
    assert [(one["line"], one["alarm"], one["n"]) for one in found] == [("accuracy >= 90%", True, 50)]


def test_an_estimate_and_advice_are_told_and_ring_no_alarm(
    place: Place, product: Path, zhinan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = {"values": ["cancel", "refund"], "text": False, "counts": [300, 300, 0, 0]}

    def opened(path: str) -> Any:
        version: Any = open_version(path)
        version.manifest.facts["reference"] = {"answers": {"label": shape}}
        return version

    monkeypatch.setattr("zhinan.improve.monitors.open_version", opened)
    complain(place, 120, right=True)
    shown = zhinan("status", product)
    assert shown.code == 0
    assert "estimate, no proof" in shown.out
    assert "confidence of 120 answers" in shown.out
    assert "advice: the answers (label) are distributed otherwise than on dev (50% apart, 120 answers)" in shown.out
    found = zhinan("status", product, "--json").json
    assert [one["what"] for one in found["advice"]] == ["answers"]
    (one,) = found["estimate"]
    assert (one["by"], one["value"], one["n_labelled"], one["n_traffic"]) == ("confidence", pytest.approx(0.9), 0, 120)
    assert "估计（非证明）" in zhinan("status", product, "--lang", "zh").out


def test_inputs_that_are_not_kept_are_said(product: Path, zhinan: Callable[..., Any]) -> None:
    assert "inputs are not kept" not in zhinan("status", product).out
    product.write_text(CONTRACT + "serve: {keep_inputs: none}\n", encoding="utf-8")
    assert "inputs are not kept" in zhinan("status", product).out
    assert zhinan("status", product, "--json").json["keep_inputs"] == "none"


def test_the_service_tells_it_beside_the_verdict(
    place: Place, product: Path, zhinan: Callable[..., Any], ask: Callable[..., httpx.Response]
) -> None:
    complain(place, 30)
    zhinan("status", product)
    told = ask(place.settings, "GET", "/contract").json()["verdicts"][0]
    assert told["verdict"] == "PROVED"
    assert (told["live"]["alarm"], told["live"]["n"], told["live"]["value"]) == (True, 30, 0.0)


def test_what_people_do_is_imported_judged_and_told(
    place: Place, product: Path, zhinan: Callable[..., Any], ask: Callable[..., httpx.Response]
) -> None:
    """Answers of yesterday, a file of orders: the verdict is on the screen, in the store, and told by the service."""
    lines = CONTRACT.replace(
        "[accuracy >= 90%]", "['accuracy >= 90%', 'conversion(order) >= 20%', 'satisfaction >= 60%']"
    )
    product.write_text(lines, encoding="utf-8")
    before = zhinan("status", product)
    assert "people with an event 'order' within 1 day" in before.out
    made, at = {"version": 1, "label": "refund", "probability": 0.9}, time.time() - 90_000
    people = [f"u{i}" for i in range(120)]
    with place.store as store:
        store.add_events("support", [Event(str(uuid.uuid4()), "prediction", made, at, who) for who in people])
        bought = [Event(f"o{who}", "feedback", {"event": "order"}, at + 60, who) for who in people[::2]]
        store.add_events("support", bought)
    told = place.folder / "ratings.csv"
    told.write_text("rating,person\n" + "".join(f"5,{who}\n" for who in people[:4]), encoding="utf-8")
    assert zhinan("feedback", product, "--input", told, "--json").json["new"] == 4
    shown = zhinan("status", product)
    assert (shown.code, "2 judged by zhinan status" in shown.out) == (0, True)
    found = zhinan("status", product, "--json").json
    (conversion, satisfaction) = found["measures"]
    assert [(v["version"], v["verdict"], v["value"], v["n"]) for v in conversion["versions"]] == [
        (1, "PROVED", 0.5, 120)
    ]
    assert satisfaction["versions"] == []  # said this second, before the record of an answer is surely there
    assert [v["verdict"] for v in found["verdicts"]] == ["PROVED", "PROVED", "UNDECIDED"]
    answer = ask(place.settings, "GET", "/contract").json()
    assert (answer["outcome"], [v["verdict"] for v in answer["verdicts"]]) == (
        "PROVED",
        ["PROVED", "PROVED", "UNDECIDED"],
    )
    assert answer["verdicts"][1]["live"] == {
        "alarm": False,
        "n": 120,
        "value": 0.5,
        "alarmed_at": None,
        "on": "events",
        "period": None,
    }


@pytest.mark.system
def test_a_watch_tells_a_new_alarm_once(place: Place, product: Path) -> None:
    command = [sys.executable, "-m", "zhinan", "status", str(product), "--watch", "--every", "0.2", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as watch:
        assert watch.stdout is not None
        first = json.loads(watch.stdout.readline())
        assert [one["alarm"] for one in first["monitors"]] == [False]
        complain(place, 40)
        assert json.loads(watch.stdout.readline())["alarm"]["line"] == "accuracy >= 90%"
        time.sleep(1.5)
        watch.terminate()
        assert watch.stdout.read() == ""


def test_a_watch_watches_what_the_product_file_says_now(
    place: Place, product: Path, zhinan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = iter([CONTRACT.replace("90%", "95%"), None])

    def pause(_: float) -> None:
        text = next(texts)
        if text is None:
            raise KeyboardInterrupt
        product.write_text(text, encoding="utf-8")
        complain(place, 40)

    monkeypatch.setattr("zhinan.cli.watching.time.sleep", pause)
    said = zhinan("status", product, "--watch").out
    assert "ALARM accuracy >= 95% no longer holds" in said


def test_what_changes_between_two_looks_is_told_in_words() -> None:
    alarm = {"line": "accuracy >= 90%", "value": 0.5, "n": 9, "alarmed_at": 4, "on": "feedback", "alarm": True,
             "why": None}  # fmt: skip
    moved = worded({"what": "words", "column": "message", "value": 0.25, "n": 900})
    before = {"product": "p", "live": 1, "unopened": None, "audit": "whole", "advice": [], "monitors": [alarm]}
    quiet = {**before, "audit": "broken", "advice": [moved], "monitors": [{**alarm, "alarm": False}]}
    assert changes(before, before) == []
    unopened = {**alarm, "alarm": False, "alarmed_at": None, "why": {"en": "cannot be opened", "zh": "无法打开"}}
    shut = {**before, "monitors": [unopened], "unopened": "E360"}
    assert changes(before, shut) == []
    assert [one["id"] for one in going_off(shut)] == ["p@1: cannot be opened"]
    assert [_change_text(change, zh=False) for change in changes(shut, before)] == ["@1 can be opened again"]
    told = [_change_text(change, zh=False) for change in changes(before, quiet)]
    assert [line.split(":")[0].split(" has ")[0] for line in told] == [
        "the audit is broken", "the alarm of accuracy >= 90% is over", "advice",
    ]  # fmt: skip
    assert [_change_text(change, zh=False) for change in changes(before, {**before, "live": 2, "monitors": []})] == [
        "@2 is live (before: @1)"
    ]
    assert _change_text({"what": "live", "was": 2, "now": None}, zh=True) == "@2 已下线，没有版本在线"


def test_a_watch_looks_no_more_often_than_ten_times_a_second(product: Path, zhinan: Callable[..., Any]) -> None:
    assert zhinan("status", product, "--watch", "--every", "0").code == 3
    assert zhinan("improve", product, "--watch", "--every", "-5").code == 3


@pytest.mark.parametrize("command", ["status", "improve"])
@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300"])
def test_a_watch_waits_no_longer_than_a_day(
    product: Path, zhinan: Callable[..., Any], command: str, seconds: str
) -> None:
    said = zhinan(command, product, "--watch", "--every", seconds)
    assert said.code == 3
    assert "--every" in said.err
    assert "0.1<=x<=86400" in said.err


def test_a_watch_that_has_begun_outlives_a_busy_store(
    product: Path, zhinan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def look(contract: Any, store: Any) -> Any:
        looks.append(1)
        if len(looks) in (2, 3):
            raise UserError("E405", seconds=5.0)
        if len(looks) == 4:
            raise UserError("E407", reason="no server")
        if len(looks) == 5:
            raise ValueError("a mistake of ours")
        if len(looks) == 6:
            raise UserError("E406", reason="it ends early")
        return real(contract, store)

    real = status_of.status
    monkeypatch.setattr(status_of, "status", look)
    said = zhinan("status", product, "--watch", "--every", "0.1")
    assert [said.err.count(code) for code in ("E405", "E407", "ValueError: a mistake")] == [2, 1, 1]
    assert "E406" in said.err
    assert (len(looks), said.code) == (6, 3)
    assert said.out.count("@1") == 1


def test_status_says_when_the_audit_was_tampered_with(place: Place, product: Path, zhinan: Callable[..., Any]) -> None:
    assert zhinan("status", product, "--json").json["audit"] == "whole"
    with place.store as store, store._database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET who = 'x' WHERE seq = 1")
    said = zhinan("status", product, "--json")
    assert (said.json["audit"], said.code) == ("broken", 1)
    assert "audit is broken" in zhinan("status", product).out
    assert "审计链已断裂" in zhinan("status", product, "--lang", "zh").out


def test_what_counts_for_nobody_is_told_in_words() -> None:
    said = worded({"what": "counts for nobody", "column": "satisfaction >= 60%", "value": 3, "n": 1_200})["text"]
    assert said["en"] == (
        "satisfaction >= 60%: 3 of 1,200 do not count: off the scale, without a value that fits, of an unknown or"
        " a later answer, or of a job's row that names nobody"
    )
    assert "1,200 条中有 3 条不计" in said["zh"]
    assert "未写明用户的批量行" in said["zh"]


def test_the_service_advises_what_status_advises(
    place: Place, product: Path, zhinan: Callable[..., Any], ask: Callable[..., httpx.Response]
) -> None:
    """New classes, labels and answers that nobody knows, ratings that count for nobody: one list for both."""
    line = "satisfaction >= 60%"
    product.write_text(CONTRACT.replace("[accuracy >= 90%]", f"[accuracy >= 90%, {line}]"), encoding="utf-8")
    assert zhinan("status", product, "--json").json["advice"] == []
    at = time.time() - 7200  # their answers are waited for no more
    said = [{"rating": 7, "prediction_id": str(uuid.uuid4())}, {"label": "topup", "prediction_id": str(uuid.uuid4())}]
    with place.store as store:
        store.add_events("support", [Event(uuid.uuid4().hex, "feedback", one, at) for one in said])
        groups = {"groups": [{"rows": ["a" * 32, "b" * 32]}, {"rows": ["c" * 32]}]}
        change_run(store, "support", PROPOSED.format(number=1), {"version": 1}, lambda held: groups)
    began = int(time.time())
    advice = zhinan("status", product, "--json").json["advice"]
    assert [(one["what"], one["column"], one["value"], one["n"]) for one in advice] == [
        ("unseen label", "intent", 1, 1), ("unknown answer", "prediction_id", 2, 2), ("new classes", "intent", 2, 3),
        ("counts for nobody", line, 1, 1),
    ]  # fmt: skip
    for lang in ("en", "zh"):
        body = ask(place.settings, "GET", "/contract", **{"accept-language": lang}).json()
        told = body["advice"]
        assert body["watched_at"] >= began
        assert told == [{**one, "text": one["text"][lang]} for one in advice]
        shown = zhinan("status", product, "--lang", lang).out
        assert all(one["text"] in " ".join(shown.split()) or one["text"] in shown for one in told)


@pytest.mark.parametrize("line", ["conversion >= 4%", "handle_time <= 2 min"])
def test_a_line_that_turned_is_told_alike_whichever_way_it_points(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Below the line would be the good side of one that asks for at most."""
    versions = [{"version": 1, "verdict": "PROVED"}]
    found = {"live": 1, "measures": [{"line": line, "versions": versions}],
             "monitors": [{"line": line, "alarm": True, "on": "events"}]}  # fmt: skip
    _turned(found, False)
    _turned(found, True)
    assert capsys.readouterr().out.splitlines() == [
        f"{line}: proved earlier; what came since no longer holds it",
        f"{line}：此前已证明；此后的情况不再满足该条款",
    ]
