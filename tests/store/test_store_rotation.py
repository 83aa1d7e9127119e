"""A rotation meets damage and other processes; and what the database lists confirms no guess at a row or a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from zhinan.core.keys import FILE, Key, new_key
from zhinan.store import Event, Store, key_status, retire, rotate

ONE, OTHER = new_key(), new_key()


def write_keys(path: Path, *keys: Key) -> None:
    path.write_text("\n".join(key.text for key in keys) + "\n", "utf-8")
    path.chmod(0o600)


def said(name: str) -> Event:
    return Event(name, "feedback", {"said": name}, 1.0, "somebody")


def test_a_damaged_row_is_left_alone_and_the_others_get_the_new_key(tmp_path: Path) -> None:
    with Store(tmp_path, keys=(ONE,)) as store:
        store.add_events("p", [said(str(n)) for n in range(3)])
        store.sealing_key("p")
        store.sealing_key("q")
        with store._database.write() as connection:
            cut = "payload = substr(payload, 1, length(payload) - 8)"
            connection.execute(text(f"UPDATE events SET {cut} WHERE seq = 2"))
            connection.execute(text("UPDATE sealing_keys SET secret = secret || 'AAAA' WHERE product = 'q'"))
    with Store(tmp_path, keys=(OTHER, ONE)) as store:
        assert rotate(store) == {"rows": 3, "files": 0, "damaged": 2}
        assert {name: one["records"] for name, one in key_status(store).keys.items()} == {ONE.id: 2, OTHER.id: 3}
        assert retire(store) == ()


@contextmanager
def rotated_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, str]]:
    """A store that was opened before its key was changed, with a derived blob "a" and another one's digest."""
    write_keys(folder / "keys", ONE)
    monkeypatch.setenv(FILE, str(folder / "keys"))
    with Store(folder / "s") as running:
        running.derived_from("rows").remember("a", b"1")
        digest = running.blobs.put(b"2")
        write_keys(folder / "keys", OTHER, ONE)
        with Store(folder / "s") as rotating:
            rotate(rotating)
            retire(rotating)
        yield running, digest


def test_a_process_that_runs_through_a_rotation_reads_writes_and_erases_blobs_with_the_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rotated_meanwhile(tmp_path, monkeypatch) as (running, digest):
        assert (running.blobs.recall("a"), running.blobs.get(digest)) == (b"1", b"2")
    with Store(tmp_path / "s", keys=(OTHER,)) as store:
        store.blobs.remember("b", b"3")


def test_a_process_that_has_its_keys_needs_the_key_file_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_keys(tmp_path / "keys", ONE)
    monkeypatch.setenv(FILE, str(tmp_path / "keys"))
    with Store(tmp_path / "s") as running:
        (tmp_path / "keys").unlink()
        running.blobs.remember("a", b"1")
        assert (running.blobs.recall("a"), running.blobs.recall("b")) == (b"1", None)
        assert running.add_events("p", [said("1")]) == ["new"]


@pytest.mark.parametrize("act", ["read", "has", "remember", "put", "erase"])
def test_the_first_thing_done_after_a_rotation_is_done_with_the_new_key(
    tmp_path: Path, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rotated_meanwhile(tmp_path, monkeypatch) as (running, digest):
        done = {
            "read": lambda: running.blobs.recall("a") == b"1",
            "has": lambda: running.blobs.has(digest),
            "remember": lambda: running.blobs.remember("c", b"3") is None,
            "put": lambda: bool(running.blobs.put(b"4")),
            "erase": lambda: running.erase_derived("rows") == 1 and running.blobs.recall("a") is None,
        }
        assert done[act]()
        assert set(running.blobs.count()) == {OTHER.id}


def test_the_database_confirms_no_guess_at_a_row_or_a_file(tmp_path: Path) -> None:
    row, content = hashlib.blake2b(b"a row", digest_size=16).hexdigest(), b"vectors"
    for keys in ((), (ONE,)):
        place = tmp_path / str(len(keys))
        with Store(place, keys=keys) as store:
            shelf = store.derived_from("rows")
            digest = shelf.put(content)
            assert shelf.get(digest) == content
            assert store.derived("rows") == (digest,)
            assert digest == shelf.put(content) != hashlib.sha256(content).hexdigest()
            store.open_seal("p", "k", [row], delta=0.05, lines={})
            assert (store.next_opening([row]), store.opened([row, "other"])) == (2, {row: 1})
            assert len(store.openings_of([row])) == 1
        kept = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
        assert row.encode() not in kept
    with Store(place, keys=(OTHER, ONE)) as store:
        rotate(store)
        assert store.next_opening([row]) == 2, "a rotation makes no opened row look new"
        assert store.derived_from("rows").get(digest) == content


def test_what_is_kept_is_listed_before_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path) as store:
        shelf = store.derived_from("rows")

        def full(*given: object, **more: object) -> str:
            assert store.derived("rows")
            raise OSError("no room")

        monkeypatch.setattr(store.blobs, "put", full)
        with pytest.raises(OSError, match="no room"):
            shelf.put(b"x")
