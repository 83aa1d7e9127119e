"""`zhinan forget` says what it erased on a receipt that the audit bears out, and never says a name."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.cli.run import run
from zhinan.core.private import PREFIX
from zhinan.store import Event, Store


@pytest.fixture
def product(shop: Callable[..., Path], tmp_path: Path) -> Path:
    path = shop(tmp_path, rows=60, more="  person: user_id\n")
    with Store(tmp_path / ".zhinan") as store:
        store.add_events("shop", [Event(f"f{i}", "feedback", {"label": "card"}, 1.0, f"u{i}") for i in range(4)])
    return path


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    shown = capsys.readouterr().out
    assert "u1" not in json.loads(shown).values()
    return json.loads(shown)


def test_one_person_gets_a_receipt_that_can_be_verified_and_not_forged(
    product: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = tmp_path / f"{PREFIX}of-a-killed-command"
    killed.mkdir()
    (killed / "held").write_text("u1")
    assert run(["forget", str(product), "u1", "--json"]) == 0
    receipt = told(capsys)
    assert not killed.exists()
    assert set(receipt) == {"product", "person", "at", "erased", "files", "versions", "retrained", "error", "next",
                            "audit", "path", "unread"}  # fmt: skip
    counts = {"rows": 1, "feedback": 1, "predictions": 0, "labels": 0, "job_rows": 0, "derived": 0}
    assert receipt["erased"] == counts
    assert receipt["files"] == [{"file": "messages.csv", "lines": [3]}]
    path = Path(receipt.pop("path"))
    assert json.loads(path.read_text("utf-8")) == receipt
    assert run(["forget", str(product), "--verify", str(path), "--json"]) == 0
    assert told(capsys) == {"ok": True, **{key: receipt[key] for key in ("product", "person", "at")}}
    path.chmod(0o600)
    for key, value in (("erased", {**receipt["erased"], "rows": 9}), ("person", "x"), ("audit", "0" * 64)):
        path.write_text(json.dumps({**receipt, key: value}), "utf-8")
        assert run(["forget", str(product), "--verify", str(path), "--json"]) == 3
        assert told(capsys)["error"]["code"] == "E554"
    path.write_text("[1]", "utf-8")
    assert run(["forget", str(product), "--verify", str(path), "--json"]) == 3
    assert told(capsys)["error"]["code"] == "E553"


def test_several_persons_come_by_name_or_from_a_file(product: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = product.parent / "leaving.txt"
    listed.write_text("u1\n\nu2\n", "utf-8")
    assert run(["forget", str(product), "u0", "--from", str(listed), "--json"]) == 0
    assert [one["erased"]["feedback"] for one in told(capsys)["receipts"]] == [1, 1, 1]
    with Store(product.parent / ".zhinan") as store:
        assert [event.person for event in store.events("shop")] == ["u3"]
    assert run(["forget", str(product), "--json"]) == 3
    assert told(capsys)["error"]["code"] == "E550"
    assert run(["forget", str(product), "u99-misspelt", "--lang", "zh"]) == 3
    said = capsys.readouterr()
    assert "E551" in said.err
    assert "misspelt" not in said.err + said.out


def test_people_are_shown_the_lines_that_they_have_to_delete(
    product: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(product.parent)
    assert run(["forget", "u1", "--lang", "en"]) == 0
    assert "messages.csv lines 3" in capsys.readouterr().out
    assert run(["forget", "u2", "--lang", "zh"]) == 0
    assert "请自行删除 messages.csv 的第 4 行" in capsys.readouterr().out
