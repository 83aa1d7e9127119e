"""Secret keys: taken whole or refused, never shown, and each purpose has bytes of its own."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from zhinan.core import UserError, keys
from zhinan.core.keys import FILE, VARIABLE, Key, find_key, held_keys, keyed_hash, new_key, read_keys

pytestmark = pytest.mark.usefixtures("no_key")


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv(FILE, raising=False)


def _code(act: object, *args: object) -> UserError:
    with pytest.raises(UserError) as caught:
        act(*args)  # type: ignore[operator]
    return caught.value


def test_sub_keys_are_those_of_rfc_5869() -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = new_key()
    wanted = HKDF(SHA256(), 32, b"zhinan", b"mask hash").derive(key.secret)
    assert key.derive("mask hash") == wanted
    assert key.derive("mask hash") != key.derive("mask pseudonym")


def test_without_a_key_there_is_none_and_who_needs_one_is_told_how() -> None:
    assert held_keys() == ()
    error = _code(find_key)
    assert error.code == "E422"
    assert "zhinan key new" in error.fix()


def test_the_first_key_is_used_and_older_ones_are_found_by_their_id(monkeypatch: pytest.MonkeyPatch) -> None:
    new, old, lost = new_key(), new_key(), new_key()
    monkeypatch.setenv(VARIABLE, f"{new.text} {old.text} {new.text}")
    assert held_keys() == (new, old)
    assert find_key() == new
    assert find_key(old.id) == old
    error = _code(find_key, lost.id)
    assert (error.code, error.values["id"]) == ("E420", lost.id)


@pytest.mark.parametrize(
    "text",
    ["hunter2", "correct horse battery staple", base64.b64encode(b"short").decode(), "天王盖地虎"],
)
def test_what_is_no_key_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(VARIABLE, text)
    error = _code(held_keys)
    assert error.code == "E417"
    assert not any(word in error.text(lang) for word in text.split() for lang in ("en", "zh"))


def test_a_key_file_has_comments_and_must_be_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path, key = tmp_path / "key", new_key()
    path.write_text(f"# made in May\n\n{key.text}\n", "utf-8")
    path.chmod(0o600)
    monkeypatch.setenv(FILE, str(path))
    assert held_keys() == (key,)
    monkeypatch.setenv(VARIABLE, key.text)
    assert _code(held_keys).code == "E423"
    monkeypatch.delenv(VARIABLE)
    path.write_text("# nothing\n", "utf-8")
    assert _code(held_keys).code == "E419"
    if os.name != "nt":
        path.chmod(0o640)
        assert (error := _code(held_keys)).code == "E418"
        assert "0640" in error.what()
    path.unlink()
    assert _code(held_keys).code == "E419"


def test_a_new_key_goes_on_top_and_leaves_comments_and_links_as_they_are(tmp_path: Path) -> None:
    old, older = new_key(), new_key()
    real, link = tmp_path / "secrets" / "keys", tmp_path / "keys"
    real.parent.mkdir()
    real.write_text(f"# ours\n\n# since May\n{old.text}\n# from a backup\n{older.text}\n", "utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    new = keys.put_first(link)
    assert read_keys(link) == (new, old, older)
    assert link.is_symlink()
    text = real.read_text("utf-8")
    assert text == f"# ours\n\n# since May\n{new.text}\n{old.text}\n# from a backup\n{older.text}\n"
    assert [path.name for path in real.parent.iterdir()] == ["keys"]
    assert real.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


def test_a_key_file_survives_a_crash_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(keys, "sync_folder", synced.append)
    keys.write_new(tmp_path / "keys")
    keys.put_first(tmp_path / "keys")
    assert synced == [tmp_path] * 2


def test_a_key_is_not_printed() -> None:
    key = new_key()
    assert key.text not in repr(key)
    assert repr(key.secret) not in repr(key)
    assert key.id not in key.secret.hex()
    assert Key(key.secret).id == key.id


def test_a_keyed_hash_depends_on_key_and_text() -> None:
    one, other = new_key().derive("person"), new_key().derive("person")
    assert keyed_hash(one, "u1") == keyed_hash(one, "u1")
    assert len({keyed_hash(one, "u1"), keyed_hash(one, "u2"), keyed_hash(other, "u1")}) == 3
