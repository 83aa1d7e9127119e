"""`zhinan key` and `--key-file`: a key made, used by every command, replaced, and never printed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import MaskSpec
from zhinan.core.keys import FILE, VARIABLE, new_key, put_first, read_keys
from zhinan.steps.mask import armed
from zhinan.store import Store

Shop = Callable[..., Path]
Zhinan = Callable[..., Any]


def test_a_key_is_made_used_and_replaced(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    product, keys = shop(tmp_path / "p"), tmp_path / "keys"
    store = ("--store", tmp_path / "store")
    made = zhinan("key", "new", "--to", keys, "--json")
    first = read_keys(keys)[0]
    assert made.json == {"key": first.id, "file": str(keys)}
    assert os.name == "nt" or keys.stat().st_mode & 0o777 == 0o600
    assert zhinan("key", "new", "--to", keys, "--json").json["error"]["code"] == "E424"
    feedback = tmp_path / "feedback.csv"
    feedback.write_text("message,intent\n卡丢了 canary,card\n", "utf-8")
    assert zhinan("feedback", product, "--input", feedback, *store, "--key-file", keys, "--json").json["new"] == 1
    monkeypatch.delenv(FILE)
    assert zhinan("status", product, *store, "--json").json["error"]["code"] == "E420"
    monkeypatch.setenv(FILE, str(keys))
    rotated = zhinan("key", "rotate", product, "--new", "--retire", *store, "--json").json
    second = read_keys(keys)[0]
    assert read_keys(keys) == (second, first)
    assert rotated == {"key": second.id, "rows": 1, "files": 0, "damaged": 0, "retired": [first.id]}
    said = zhinan("key", "status", product, *store, "--json").json
    assert said == {
        "keys": {
            first.id: {"records": 0, "masks": [], "held": True, "retired": True},
            second.id: {"records": 1, "masks": [], "held": True, "retired": False},
        },
        "current": second.id,
        "plain": 0,
    }
    shown = zhinan("key", "status", product, *store)
    assert (shown.code, second.id in shown.out, second.text in shown.out + shown.err + str(made)) == (0, True, False)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    assert "canary" not in kept.decode("latin-1")


def test_a_rotation_needs_a_key_and_a_file_for_a_new_one(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = shop(tmp_path / "p")
    assert zhinan("key", "rotate", product, "--json").json["error"]["code"] == "E422"
    monkeypatch.setenv(VARIABLE, new_key().text)
    assert zhinan("key", "rotate", product, "--new", "--json").json["error"]["code"] == "E426"
    assert zhinan("key", "rotate", product, "--json").code == 0


def test_a_stand_in_is_taken_back_with_the_key_it_was_made_with(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = shop(tmp_path / "p", more="  mask: {phone: pseudonym}\n")
    feedback, store = tmp_path / "feedback.csv", ("--store", tmp_path / "store")
    feedback.write_text("message,intent\n13812345678,card\n", "utf-8")
    old, new = new_key(), new_key()
    monkeypatch.setenv(VARIABLE, old.text)
    assert zhinan("feedback", product, "--input", feedback, *store, "--json").json["new"] == 1
    with Store(tmp_path / "store") as opened:
        standin = opened.events("shop")[0].payload["input"]["message"]
    monkeypatch.setenv(VARIABLE, f"{new.text} {old.text}")
    asked = ("key", "reveal", "phone", standin, "--contract", product, *store)
    shown = zhinan(*asked)
    assert (shown.out, "personal data" in shown.err) == ("13812345678\n", True)
    said = zhinan(*asked, "--json").json
    assert said == {"mask": "phone", "found": "13812345678"} != {"mask": "phone", "found": standin}
    for mask, text, code in (("phone", "hello", "E158"), ("phone", "[PHONE:abc]", "E158"), ("email", standin, "E158")):
        refused = zhinan("key", "reveal", mask, text, "--contract", product, *store, "--json")
        assert refused.json["error"]["code"] == code


@pytest.mark.parametrize(
    ("mask", "text"),
    [
        ("person_name", "Anna Lee"),
        ("email", "anna@example.com"),
        ("date_of_birth", "1984-03-12"),
        ("passport", "E12345678"),
        ("url_secret", "hunter2secret"),
        ("order", "ORD-12345678"),
    ],
)
def test_what_a_mask_finds_only_beside_its_name_is_taken_back_too(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch, mask: str, text: str
) -> None:
    asked = "{order: {pattern: 'ORD-[0-9]{8}', mode: pseudonym}}" if mask == "order" else f"{{{mask}: pseudonym}}"
    product = shop(tmp_path / "p", more=f"  mask: {asked}\n")
    monkeypatch.setenv(VARIABLE, new_key().text)
    store = ("--store", tmp_path / "store")
    feedback = tmp_path / "feedback.csv"
    feedback.write_text("message,intent\n13812345678,card\n", "utf-8")
    assert zhinan("feedback", product, "--input", feedback, *store, "--json").json["new"] == 1
    with Store(tmp_path / "store") as opened:
        bound = opened.mask_key("shop", needed=True, keep=False)
    spec = MaskSpec(mask, "pseudonym", "ORD-[0-9]{8}" if mask == "order" else None)
    made = armed([spec], bound)[0].become(text)
    assert zhinan("key", "reveal", mask, made, "--contract", product, *store).out == f"{text}\n"


def test_what_is_hashed_cannot_be_taken_back(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = shop(tmp_path / "p", more="  mask: {order: {pattern: 'ORD-[0-9]{8}', mode: hash}}\n")
    monkeypatch.setenv(VARIABLE, new_key().text)
    asked = ("key", "reveal", "order", "13539720770", "--contract", product, "--store", tmp_path / "store", "--json")
    assert zhinan(*asked).json["error"]["code"] == "E157"


def test_a_key_file_as_editors_on_windows_write_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbf" + new_key().text.encode() + b"\r\n")
    (tmp_path / "key").chmod(0o600)
    assert len(read_keys(tmp_path / "key")) == 1
    assert len((put_first(tmp_path / "key"), *read_keys(tmp_path / "key"))) == 3
