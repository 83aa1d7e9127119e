"""Encryption at rest: with a key nothing that came from people can be read on the disk, and nothing can be swapped."""

from __future__ import annotations

import hashlib
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from zhinan.core import UserError
from zhinan.core.keys import FILE, Key, new_key
from zhinan.store import Event, Store, _cipher, _files, key_status, retire, rotate
from zhinan.store._cipher import CHUNK, Cipher

KILLS = int(os.environ.get("ZHINAN_KILLS", "20"))
CHILDREN = Path(__file__).with_name("store_children.py")
ONE, OTHER = new_key(), new_key()
CANARIES = (
    "Wang-Xiaoming-0042",
    "卡号六二二二",
    "person-canary",
    "id-canary",
    "label-canary",
    "blob-canary",
    "name-canary",
)


def event(name: str, **payload: Any) -> Event:
    return Event(f"{name} id-canary", "feedback", {"input": {"text": CANARIES[0]}, **payload}, 1.0, "person-canary")


def fill(store: Store, count: int = 3) -> list[Event]:
    made = [event(str(n), said=CANARIES[1], label="label-canary", n=n) for n in range(count)]
    assert store.add_events("p", made) == ["new"] * count
    store.blobs.put(b"blob-canary" * 9)
    store.blobs.remember("name-canary", b"blob-canary" * 7)
    store.sealing_key("p")
    return made


def seen_on_disk(folder: Path) -> set[str]:
    """The canaries, and digests of what was stored, that can be found in any file."""
    digests = [hashlib.sha256(b"blob-canary" * 9).hexdigest(), hashlib.sha256(b"name-canary").hexdigest()]
    words = {word: word.encode() for word in CANARIES} | {d: d.encode() for d in digests}
    found = set()
    for path in folder.rglob("*"):
        content = path.relative_to(folder).as_posix().replace("/", "").encode()
        content += path.read_bytes() if path.is_file() else b""
        found |= {word for word, kept in words.items() if kept in content or kept.hex().encode() in content}
    return found


def code(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(UserError) as error:
        act(*arguments, **named)
    return error.value.code


def test_without_a_key_the_canaries_are_there_and_with_one_none_is(tmp_path: Path) -> None:
    for keys in ((), (ONE,)):
        with Store(tmp_path / str(len(keys)), keys=keys) as store:
            made = fill(store)
            assert (tmp_path / str(len(keys)) / "zhinan.db-wal").stat().st_size > 0
            seen = seen_on_disk(tmp_path / str(len(keys)))
            assert store.events("p") == tuple(made)
            assert store.blobs.get(store.blobs.put(b"blob-canary" * 9)) == b"blob-canary" * 9
            assert store.blobs.recall("name-canary") == b"blob-canary" * 7
            assert store.encrypted == bool(keys)
        assert bool(seen) == (keys == ())
    assert seen_on_disk(tmp_path / "0") >= set(CANARIES) - {"name-canary"}


def test_the_secret_that_hides_sealed_rows_is_encrypted_too(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        secret = store.sealing_key("p")
    with Store(tmp_path, keys=(ONE,)) as store:
        rotate(store)
        assert store.sealing_key("p") == secret
    assert all(secret.hex().encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_store_is_refused_without_its_key_which_is_named(tmp_path: Path) -> None:
    with Store(tmp_path, keys=(ONE,)) as store:
        fill(store)
    for keys in ((), (OTHER,)):
        with pytest.raises(UserError, match=ONE.id) as error:
            Store(tmp_path, keys=keys)
        assert error.value.code == "E420"
        assert ONE.text not in error.value.text()


def test_a_repeat_is_known_and_a_conflict_too_whatever_key_wrote_the_event(tmp_path: Path) -> None:
    for keys in ((), (ONE,), (OTHER, ONE)):
        with Store(tmp_path, keys=keys) as store:
            store.add_events("p", [event(f"under {len(keys)}")])
            for older in range(len(keys) + 1):
                said = [event(f"under {older}"), event(f"under {older}", label="else")]
                assert store.add_events("p", said) == ["repeat", "conflict"]
            assert store.count_events("p") == len(keys) + 1
            assert {one.event_id for one in store.events("p")} >= {f"under {len(keys)} id-canary"}


def test_a_plain_store_that_gets_a_key_encrypts_what_is_new_and_a_rotation_the_rest(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        made = fill(store)
    with Store(tmp_path, keys=(ONE,)) as store:
        more = event("later")
        store.add_events("p", [more])
        assert (key_status(store).plain, key_status(store).keys[ONE.id]["records"]) == (6, 1)
        assert rotate(store) == {"rows": 4, "files": 2, "damaged": 0}
        assert seen_on_disk(tmp_path) == set()
        assert rotate(store) == {"rows": 0, "files": 0, "damaged": 0}
        assert key_status(store).plain == 0
        assert store.events("p") == (*made, more)
        assert store.blobs.recall("name-canary") == b"blob-canary" * 7
    assert seen_on_disk(tmp_path) == set()


@pytest.mark.parametrize("place", [3, 4, 12, 30, 60, 120, -1])
def test_a_changed_file_does_not_open(tmp_path: Path, place: int, caplog: pytest.LogCaptureFixture) -> None:
    with Store(tmp_path, keys=(ONE,)) as store:
        digest = store.blobs.put(b"vectors" * 20)
        store.blobs.remember("k", b"vectors" * 20)
        for path in store.blobs.files():
            content = bytearray(path.read_bytes())
            content[place] ^= 1
            path.write_bytes(content)
        assert code(store.blobs.get, digest) == "E421"
        with caplog.at_level(logging.WARNING):
            assert store.blobs.recall("k") is None
        assert "damaged" in caplog.text


def test_encrypted_files_and_rows_cannot_be_swapped(tmp_path: Path) -> None:
    with Store(tmp_path, keys=(ONE,)) as store:
        digests = [store.blobs.put(bytes([n]) * 50) for n in range(2)]
        one, other = store.blobs.files()
        content = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(content)
        assert {code(store.blobs.get, digest) for digest in digests} == {"E421"}
        store.add_events("p", [event("1"), event("2")])
        with store._database.write() as connection:
            connection.execute(text("UPDATE events SET payload = (SELECT payload FROM events WHERE seq = 1)"))
        assert code(store.events, "p") == "E421"


def test_cut_or_doubled_chunks_do_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cipher, "CHUNK", 64)
    cipher = Cipher((ONE,))
    sealed = b"".join(cipher.seal(bytes(range(200)), "n"))
    assert cipher.open(sealed, "n") == bytes(range(200))
    head, chunk = sealed[:28], 64 + 16
    body = [sealed[i : i + chunk] for i in range(28, len(sealed), chunk)]
    for wrong in (body[:-1], body[1:], [body[0], *body], body[:1] * 3, body[::-1], [*body, b""][:0]):
        assert code(cipher.open, head + b"".join(wrong), "n") == "E421"
    for size in range(len(sealed)):
        assert code(cipher.open, sealed[:size], "n") in {"E420", "E421"}


@settings(max_examples=30)
@given(st.integers(0, 300), st.integers(1, 80), st.text(max_size=9))
def test_what_is_sealed_opens_under_its_name_only(size: int, chunk: int, name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_cipher, "CHUNK", chunk)
        cipher, content = Cipher((ONE,)), os.urandom(size)
        sealed = b"".join(cipher.seal(content, name))
        assert cipher.open(sealed, name) == content
        assert code(cipher.open, sealed, name + "x") == "E421"
        assert sealed != b"".join(cipher.seal(content, name))
    assert CHUNK > 1 << 20


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[tuple[Path, list[Event], str]]:
    folder = tmp_path / "filled"
    with Store(folder) as store:
        store.blobs.remember("plain", b"plain")
        store.add_events("p", [event("plain")])
    with Store(folder, keys=(ONE,)) as store:
        made = fill(store)
        yield folder, [event("plain"), *made], store.blobs.put(b"blob-canary" * 9)


def everything_is_there(store: Store, made: list[Event], digest: str) -> None:
    assert store.events("p") == tuple(made)
    assert store.blobs.get(digest) == b"blob-canary" * 9
    assert store.blobs.recall("name-canary") == b"blob-canary" * 7
    assert store.blobs.recall("plain") == b"plain"


@pytest.mark.parametrize("step", range(8))
def test_a_rotation_that_stops_anywhere_leaves_everything_readable_and_is_finished_by_the_next(
    filled: tuple[Path, list[Event], str], step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, made, digest = filled
    done = 0

    def stops(act: Any) -> Any:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal done
            done += 1
            if done > step:
                raise KeyboardInterrupt
            return act(*arguments, **named)

        return counted

    with Store(folder, keys=(OTHER, ONE)) as store:
        with monkeypatch.context() as patch:
            patch.setattr(_files.os, "link", stops(os.link))
            patch.setattr(Path, "unlink", stops(Path.unlink))
            patch.setattr("zhinan.store.rotation._events_after", stops(rotation_step()))
            with pytest.raises(KeyboardInterrupt):
                rotate(store)
        everything_is_there(store, made, digest)
        rotate(store)
        everything_is_there(store, made, digest)
        assert key_status(store).keys[ONE.id]["records"] == 0
        assert seen_on_disk(folder) == set()
        assert retire(store) == (ONE.id,)
    with Store(folder, keys=(OTHER,)) as store:
        everything_is_there(store, made, digest)
    assert code(Store, folder, keys=(ONE, OTHER)) == "E425"


def rotation_step() -> Any:
    from zhinan.store import rotation

    return rotation._events_after


def test_a_key_that_something_still_needs_is_not_retired(filled: tuple[Path, list[Event], str]) -> None:
    with Store(filled[0], keys=(OTHER, ONE)) as store:
        assert retire(store) == ()
    assert code(Store, filled[0], keys=(OTHER,)) == "E420"


def write_keys(path: Path, *keys: Key) -> None:
    path.write_text("\n".join(key.text for key in keys) + "\n", "utf-8")
    path.chmod(0o600)


def test_a_process_that_runs_through_a_rotation_goes_on_with_the_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_keys(tmp_path / "keys", ONE)
    monkeypatch.setenv(FILE, str(tmp_path / "keys"))
    with Store(tmp_path / "s") as running:
        running.add_events("p", [event("1")])
        write_keys(tmp_path / "keys", OTHER, ONE)
        with Store(tmp_path / "s") as rotating:
            rotate(rotating)
            assert running.events("p") == (event("1"),)
            assert retire(rotating) == (ONE.id,)
        assert running.add_events("p", [event("1"), event("2")]) == ["repeat", "new"]
        assert key_status(running).keys[ONE.id]["records"] == 0


def test_a_process_that_kept_a_retired_key_writes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path, keys=(ONE,)) as late:
        with Store(tmp_path, keys=(OTHER, ONE)) as store:
            rotate(store)
            retire(store)
        assert code(late.add_events, "p", [event("1")]) == "E420"
    with Store(tmp_path / "plain", keys=()) as late:
        Store(tmp_path / "plain", keys=(ONE,)).close()
        assert code(late.add_events, "p", [event("1")]) == "E420"


def test_a_file_that_does_not_open_is_left_alone_and_counted(tmp_path: Path) -> None:
    with Store(tmp_path, keys=(ONE,)) as store:
        store.blobs.put(b"x" * 99)
        (path,) = store.blobs.files()
        path.write_bytes(path.read_bytes()[:-1])
    with Store(tmp_path, keys=(OTHER, ONE)) as store:
        assert rotate(store)["damaged"] == 1
        assert path.exists()
        assert retire(store) == ()


def test_what_ships_stays_readable(tmp_path: Path) -> None:
    with Store(tmp_path, keys=(ONE,)) as store:
        digest = store.blobs.put(b"a proof", ships=True)
        rotate(store)
        assert store.blobs.shipped(digest).read_bytes() == b"a proof" == store.blobs.get(digest)
        assert store.blobs.has(digest)
        assert code(store.blobs.shipped, "0" * 64) == "E410"


def child(*arguments: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, str(CHILDREN), *map(str, arguments)], stdout=subprocess.PIPE, env=environment
    )


@pytest.mark.system
def test_killing_a_rotation_at_any_moment_loses_nothing_while_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, names = random.Random(5), [f"k{n}" for n in range(25)]
    keys = [new_key()]
    write_keys(tmp_path / "keys", *keys)
    monkeypatch.setenv(FILE, str(tmp_path / "keys"))
    with Store(tmp_path / "s") as store:
        made = [event(str(n), n=n) for n in range(900)]
        store.add_events("p", made)
        for name in names:
            store.blobs.remember(name, name.encode() * 5000)
    reader = child("read_encrypted_until_killed", tmp_path / "s", len(made), *names)
    assert reader.stdout is not None
    reader.stdout.readline()
    finished = 0
    for _ in range(KILLS):
        keys.insert(0, new_key())
        write_keys(tmp_path / "keys", *keys)
        with child("rotate_store", tmp_path / "s") as rotating:
            assert rotating.stdout is not None
            rotating.stdout.readline()
            time.sleep(chance.uniform(0, 0.5))
            rotating.send_signal(signal.SIGKILL)
            finished += rotating.stdout.read().startswith(b"done")
        with Store(tmp_path / "s") as store:
            assert store.events("p", limit=10**6) == tuple(made)
            assert all(store.blobs.recall(name) == name.encode() * 5000 for name in names)
    assert reader.poll() is None, "the reader met something it could not read"
    reader.kill()
    said = reader.stdout.read()
    reader.stdout.close()
    reader.wait()
    assert said.count(b"read") >= 3
    assert finished < KILLS
    with Store(tmp_path / "s") as store:
        rotate(store)
        assert len(retire(store)) == KILLS
    shutil.copytree(tmp_path / "s", tmp_path / "copy")
    with Store(tmp_path / "copy", keys=(keys[0],)) as store:
        assert store.count_events("p") == len(made)
        assert store.events("p", limit=10**6) == tuple(made)
