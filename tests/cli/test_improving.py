"""`improve` on the command line: what it answers, as a screen and as JSON, and that it waits before it tries again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zhinan.cli import improving
from zhinan.cli.run import run
from zhinan.contract import Contract
from zhinan.core import UserError, Words
from zhinan.improve.improving import Improvement

CONTRACT = "product: shop\ndata: m.csv\ntarget: intent\nmust: [accuracy >= 90%]\nimprove: {events: 10}\n"
PAIRED = {"line": "accuracy >= 90%", "claim": "superior", "value": 0.07, "bound": 0.03, "n": 400, "delta": 0.00625,
          "margin": 0.01, "wins": 40, "losses": 12, "needed": None}  # fmt: skip
VERDICT = {"line": "accuracy >= 90%", "verdict": "PROVED", "value": 0.95, "bound": 0.92, "n": 400, "on": "sealed",
           "to_decide": None}  # fmt: skip


def found(decision: str) -> Improvement:
    return Improvement(
        "shop", 1, 2, decision, Words("better on accuracy >= 90%", "在 accuracy >= 90% 上更好"),
        {"rows": 300, "used": 120, "quarantined": {"source": 30},
         "judged": {"words": 280, "against": 31, "on_dev": 0.021}},
        ({"person": "u7", "code": "0af1c2d3", "words": 30, "used": 0, "reason": "source",
          "why": {"en": "30 of 30", "zh": "30 条"}},),
        PAIRED, "PROVED", (VERDICT,), ({"slice": "intent=card", "n": 20, "before": 0.5, "after": 0.9},),
        ({"row": "r", "input": {"message": "hi"}, "before": "card", "after": "login", "right": "login"},),
        ({"class": "loans", "n": 40, "found": 0.9},),
        ({"by": "traffic", "name": "topup_balance", "rows": 80, "people": None, "words": ("topup", "balance"),
          "examples": ({"message": "where is my topup"},), "p": 1e-9},),
        ({"en": "new classes were not looked for", "zh": "没有寻找新类别"},),
        3.0,
    )  # fmt: skip


@pytest.fixture
def product(tmp_path: Path) -> str:
    path = tmp_path / "product.yaml"
    path.write_text(CONTRACT, encoding="utf-8")
    return str(path)


def answers(monkeypatch: pytest.MonkeyPatch, *told: Any) -> list[Any]:
    """What `improve` gives, call by call."""
    left = list(told)

    def learn(*args: Any, **more: Any) -> Any:
        one = left.pop(0)
        if isinstance(one, BaseException):
            raise one
        return one

    monkeypatch.setattr("zhinan.improve.improving.improve", learn)
    return left


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_screen_names_sources_the_proof_and_the_decision(
    product: str, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, found("promoted"))
    assert run(["improve", product, "--lang", lang]) == 0
    shown = capsys.readouterr().out
    for part in ("u7", "120", "7.0 %", "@1 → @2", "intent=card", "promoted" if lang == "en" else "已上线"):
        assert part in shown
    for part in ("topup_balance", "improve: {classes: [topup_balance]}", "loans", "90.0%"):
        assert part in shown
    said = ("31 of 280 words", "2.1%", "new classes were") if lang == "en" else ("280 条反馈中有 31", "没有寻找新类别")
    assert all(part in shown for part in said)


def test_json_is_one_object_whether_promoted_or_kept(
    product: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, found("kept"))
    assert run(["improve", product, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["decision"] == "kept"
    assert told["why"]["zh"].startswith("在")
    assert told["paired"]["n"] == 400
    assert told["proposals"][0]["name"] == "topup_balance"


def test_watch_waits_for_words_and_twice_as_long_after_a_kept_challenger_alone(
    product: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spent = UserError("E030", line="accuracy >= 90%", opening=9, need=100, have=50)
    nothing = found("nothing new")
    left = answers(monkeypatch, found("kept"), spent, found("promoted"), nothing, found("kept"))
    came = iter([9, 10, 19, 20, 20, 10, 10, UserError("E407", reason="no server"), 19, 10**6])
    tries, pauses = [], []

    def waiting(*_: Any) -> int:
        count = next(came)
        if isinstance(count, UserError):
            raise count
        tries.append((count, len(left)))
        if count == 10**6:
            raise KeyboardInterrupt
        return count

    monkeypatch.setattr(improving, "_waiting", waiting)
    monkeypatch.setattr(improving.time, "sleep", pauses.append)
    assert run(["improve", product, "--watch", "--every", "0.1", "--json"]) == 130
    assert tries == [(9, 5), (10, 5), (19, 4), (20, 4), (20, 3), (10, 2), (10, 1), (19, 0), (10**6, 0)]
    assert pauses == [0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1]  # longer only where a try failed
    said = capsys.readouterr()
    told = [json.loads(line) for line in said.out.splitlines()]
    assert [one.get("decision", "error") for one in told] == ["kept", "error", "promoted", "nothing new", "kept"]
    assert "E407" in said.err


def test_watch_outlives_a_mistake_of_ours_and_waits_no_longer_where_no_challenger_was_made(
    product: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    late = replace(found("kept"), challenger=None)
    left = answers(monkeypatch, ValueError("of li.lei@example.com"), late, found("promoted"))
    came = iter([10, 10, KeyError("a table"), 10, KeyboardInterrupt()])
    tries, pauses = [], []

    def waiting(*_: Any) -> int:
        count = next(came)
        if isinstance(count, BaseException):
            raise count
        tries.append((count, len(left)))
        return count

    monkeypatch.setattr(improving, "_waiting", waiting)
    monkeypatch.setattr(improving.time, "sleep", pauses.append)
    assert run(["improve", product, "--watch", "--every", "0.1", "--json"]) == 130
    assert tries == [(10, 3), (10, 2), (10, 1)]
    assert pauses == [0.2, 0.1, 0.1, 0.1]
    said = capsys.readouterr()
    assert [json.loads(line)["decision"] for line in said.out.splitlines()] == ["kept", "promoted"]
    assert "ValueError: of [EMAIL]" in said.err
    assert "KeyError: 'a table'" in said.err


def test_a_watch_goes_by_what_the_product_file_says_now(
    product: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, float]] = []

    def learn(contract: Contract, *_: Any, **__: Any) -> Improvement:
        asked.append((contract.must[0].text, contract.improve.events))
        return found("kept")

    texts = iter(["must: [", "must: [", CONTRACT.replace("90%", "99%").replace("10", "30"), None])

    def pause(_: float) -> None:
        text = next(texts)
        if text is None:
            raise KeyboardInterrupt
        Path(product).write_text(text, encoding="utf-8")

    monkeypatch.setattr("zhinan.improve.improving.improve", learn)
    monkeypatch.setattr(improving, "_waiting", lambda *_: 30)
    monkeypatch.setattr(improving.time, "sleep", pause)
    assert run(["improve", product, "--watch", "--every", "0.1", "--json"]) == 130
    assert asked == [("accuracy >= 90%", 10), ("accuracy >= 90%", 10), ("accuracy >= 99%", 30)]
    assert capsys.readouterr().err.count("error[") == 1, "one that cannot be read is said once"
