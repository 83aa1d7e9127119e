"""`zhinan promote` and `zhinan rollback` say what is to know of what they put live, and refuse what must not be."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.serve.conftest import Place

from zhinan.core.account import account
from zhinan.store import Event
from zhinan.store.claims import claimed
from zhinan.store.erasing import enter_forgotten

Zhinan = Callable[..., Any]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A folder with the product `support`, of which version 1 is live and 2 is ready."""
    text = "product: support\ntask: classify\ndata: {source: rows.csv, target: label}\nmust:\n  - accuracy >= 90%\n"
    (tmp_path / "product.yaml").write_text(text, "utf-8")
    (tmp_path / "rows.csv").write_text("message,label\nhello,refund\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return Place.live(tmp_path)


def ask_to_be_forgotten(place: Place, *numbers: int) -> None:
    """Somebody whose rows are in these versions."""
    state = {"versions": [*numbers], "sources": [], "erased": {}, "done": False}
    with place.store as store:
        enter_forgotten(store, "support", {"ann": ["code"]}, lambda person, held: state)


def test_a_version_that_knows_a_forgotten_person_goes_and_never_comes_back(place: Place, zhinan: Zhinan) -> None:
    place.add(3)
    ask_to_be_forgotten(place, 1, 3)
    shown = zhinan("status")
    assert "1 person waits to be forgotten in @1: zhinan forget" in shown.out
    assert zhinan("status", "--json").json["forgetting"] == [{"person": "ann", "versions": [1]}]
    promoted = zhinan("promote", "@2", "--json")
    assert promoted.json == {"live": 2, "previous": None}
    assert "erased, as a forgotten person's rows are in it: @1" in promoted.err
    assert zhinan("rollback", "--json").json["error"]["code"] == "E403"
    assert "1 person is forgotten without a receipt: zhinan forget" in zhinan("status").out


def test_a_version_without_the_person_is_the_only_way(place: Place, zhinan: Zhinan) -> None:
    with place.store as store:
        store.promote("support", 2, revision=1, who="t", why="")
    ask_to_be_forgotten(place, 1)
    for command in (("rollback",), ("promote", "@1")):
        refused = zhinan(*command, "--json")
        assert (refused.code, refused.json["error"]["code"]) == (3, "E556")


def test_status_and_serve_say_what_is_in_force_where_the_product_file_and_the_live_version_differ(
    place: Place, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert zhinan("status", "--json").json["keeping"]["differs"] == []
    product = place.folder / "product.yaml"
    product.write_text(product.read_text("utf-8") + "serve: {keep_inputs: none, retention: 60 days}\n", "utf-8")
    with place.store as store:
        aged = [Event(f"e{days}", "feedback", {"rating": 5}, time.time() - 86_400 * days) for days in (20, 40)]
        store.add_events("support", aged)
    shown = zhinan("status", "--json").json
    assert shown["keep_inputs"] == shown["keeping"]["keep_inputs"] == "none"
    assert shown["keeping"]["retention"] == 30 * 86_400
    assert shown["feedback"] == 1, "what came 40 days ago is gone"
    words = "serve.keep_inputs, serve.retention: product.yaml and the live @1 differ, and the stricter holds"
    assert f"{words}: inputs are not kept, records for 30 days" in zhinan("status").out
    begun: list[Any] = []
    monkeypatch.setattr("zhinan.serve.serve", lambda *_, **named: begun.append(named["follow"]))
    assert words in zhinan("serve").err
    assert words in zhinan("serve", "@live").err
    assert [path.absolute() for path in begun] == [product] * 2


def test_a_version_that_cannot_be_opened_is_not_put_live(place: Place, zhinan: Zhinan) -> None:
    with place.store as store:
        store.promote("support", 2, revision=1, who="t", why="")
    graph = place.folder / "versions" / "1" / "head.onnx"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    for command in (("rollback",), ("promote", "@1")):
        refused = zhinan(*command, "--json")
        assert (refused.code, refused.json["error"]["code"]) == (3, "E360")
    with place.store as store:
        assert store.stages("support").live == 2


def test_a_reason_stands_masked_in_the_audit_and_is_short(place: Place, zhinan: Zhinan) -> None:
    assert zhinan("promote", "@2", "--why", "13812345678 or anna@example.com\nsaid so").code == 0
    assert zhinan("rollback", "--why", "13812345678").code == 0
    for command in (("rollback",), ("promote", "@2")):
        assert zhinan(*command, "--why", "x" * 501, "--json").json["error"]["code"] == "E433"
    with place.store as store:
        assert [row.why for row in store.audit("support")][1:] == ["[PHONE] or [EMAIL] said so", "[PHONE]"]


def test_a_version_proved_for_other_lines_is_told_of_wherever_it_goes_live(place: Place, zhinan: Zhinan) -> None:
    rows = [{"line": "accuracy >= 90%", "verdict": "PROVED", "value": 0.93, "bound": 0.91, "n": 800, "on": "sealed",
             "to_decide": None, "why": "", "confidence": 0.95}]  # fmt: skip
    path, digest = str(place.folder / "versions" / "2"), "other"
    with place.store as store:
        other = store.add_version("support", digest, path, outcome="PROVED", summary={"contract": "another"})
        store.set_verdicts("support", other, rows)
    said = "was proved for another contract"
    assert said not in zhinan("promote", f"@{other}").err, "the lines are the same"
    assert zhinan("status", "--json").json["unasked"] == []
    zhinan("rollback")
    product = place.folder / "product.yaml"
    product.write_text(product.read_text("utf-8").replace("90%", "91%"), "utf-8")
    words = f"@{other} {said}, not for accuracy >= 91%: zhinan prove @{other}"
    assert words in zhinan("promote", f"@{other}").err
    shown = zhinan("status", "--json").json
    assert shown["unasked"] == ["accuracy >= 91%"]
    assert words in zhinan("status").out


def test_the_audit_tells_who_did_what_and_whether_it_is_whole(
    place: Place, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "alice")
    zhinan("promote", "@2", "--why", "better")
    shown = zhinan("audit", "--json")
    assert (shown.code, shown.json["product"], shown.json["whole"]) == (0, "support", True)
    last = shown.json["entries"][-1]
    assert last.keys() == {"seq", "at", "who", "action", "version", "why", "live", "hash"}
    told = ("seq", "who", "action", "version", "why", "live")
    assert [last[key] for key in told] == [2, "command line: alice", "promote", 2, "better", 2]
    assert f"2, whole: {last['hash']}" in zhinan("audit").out
    with place.store as store, store._database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET why = 'worse' WHERE seq = 2")
    broken = zhinan("audit")
    assert (broken.code, "an entry was changed" in broken.out) == (1, True)


def test_an_account_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert account() == "unknown"


def test_clean_says_what_goes_and_does_it_only_when_it_is_meant(
    place: Place, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert zhinan("clean", "--keep", "0", "--json").json["versions"] == [], "all are of today"
    monkeypatch.setattr("zhinan.store.collecting.YOUNG", 0.0)
    looked = zhinan("clean", "--keep", "0", "--older", "2 days", "--dry-run", "--json").json
    assert looked == {"product": "support", "versions": [2], "caches": 0, "bytes": 0, "busy": [], "dry_run": True}
    with place.store as store, claimed(store, "support", "prove", 2):
        shown = zhinan("clean", "--keep", "0").out
        assert "removed: versions –" in shown
        assert f"no cache was removed: prove (process {os.getpid()}) is running" in shown
    assert "removed: versions @2" in zhinan("clean", "--keep", "0").out
    with place.store as store:
        assert [row.number for row in store.versions("support")] == [1]


@pytest.mark.parametrize(
    ("command", "said"),
    [(("promote",), "promote 需要一个 VERSION"), (("lineage", "@1", "--file", "rows.csv"), "--file 需要 FILE:LINE")],
)
def test_what_is_wrong_with_a_call_is_said_in_chinese(
    place: Place, zhinan: Zhinan, command: tuple[str, ...], said: str
) -> None:
    assert said in zhinan(*command, "--lang", "zh", "--json").json["error"]["what"]
