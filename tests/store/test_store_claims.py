"""What a running command needs is not collected while its process lives, and is as soon as it is dead."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from zhinan.store import Store, collecting
from zhinan.store.claims import SERVING, claimed, claims
from zhinan.store.collecting import collect

from .shelves import putter
from .test_store_processes import child, said

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no locks of files")
DAY = 86_400.0


@pytest.fixture
def old(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Four versions of long ago, the first live, and an old cache."""

    for number in range(1, 5):
        store.add_version("p", f"d{number}", putter(store), outcome="PROVED", summary={})
    store.promote("p", 1, revision=0, who="t", why="")
    store.blobs.remember("features", b"1")
    for path in store.blobs.files():
        os.utime(path, (time.time() - 2 * DAY,) * 2)
    monkeypatch.setattr(collecting, "YOUNG", 0.0)
    return store


def collected(store: Store, dry: bool = False) -> tuple[tuple[int, ...], int, list[tuple[str, int]]]:
    found = collect(store, "p", keep=0, seconds=DAY, who="t", dry=dry)
    return found.versions, found.caches, [(one.work, one.pid) for one in found.busy]


def test_a_killed_process_keeps_nothing_that_it_kept_while_it_lived(old: Store, place: str) -> None:
    with child("claim_until_killed", place, "prove", 3) as process:
        assert said(process) == "claimed"
        for dry in (True, False):
            assert collected(old, dry) == ((2, 4), 0, [("prove", process.pid)])
        assert old.blobs.recall("features") == b"1"
        process.send_signal(signal.SIGKILL)
    assert collected(old) == ((3,), 1, [])
    assert not list((old.blobs.folder.parent / "claims").iterdir())


def test_a_service_of_one_version_keeps_that_and_no_cache(old: Store, place: str) -> None:
    with child("claim_until_killed", place, "serve", 2) as process:
        assert said(process) == "claimed"
        assert collected(old) == ((3, 4), 1, [])
        process.send_signal(signal.SIGKILL)
    assert collected(old) == ((2,), 0, [])


def test_versions_of_other_products_are_no_matter_and_a_command_that_ended_leaves_nothing(old: Store) -> None:
    with claimed(old, "q", "serve", 2), old._database.write():
        assert [(one.product, one.numbers, one.pid) for one in claims(old)] == [("q", (2,), os.getpid())]
    with claimed(old, "q", "serve", 3):
        assert collected(old)[0] == (2, 3, 4)
    with old._database.write():
        assert claims(old) == ()


def test_a_claim_that_cannot_be_read_keeps_the_caches(old: Store) -> None:
    with claimed(old, "p", "build", 3):
        (path,) = (old.blobs.folder.parent / "claims").iterdir()
        path.write_text("{", "utf-8")
        assert collected(old) == ((2, 3, 4), 0, [("–", 0)])


@pytest.mark.system
def test_whoever_claims_a_version_that_is_there_finds_its_files_to_the_end(old: Store, place: str) -> None:
    """Again and again while another process collects; what was gone before it was claimed is said."""
    with child("claim_each_in_turn", place, 4) as process:
        assert said(process) == "begins"
        while process.poll() is None:
            collect(old, "p", keep=0, seconds=DAY, who="t")
        found = process.stdout.read().split() if process.stdout else []
    assert process.returncode == 0
    assert set(found) <= {"kept", "gone"}
    assert "kept" in found


def test_what_serves_is_never_taken_for_left_where_locks_tell_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhinan.store.claims.locked", lambda file: None)
    with claimed(store, "p", SERVING, 3), claimed(store, "p", "build"):
        for path in (store.blobs.folder.parent / "claims").iterdir():
            os.utime(path, (time.time() - 2 * DAY,) * 2)
        with store._database.write():
            assert [(one.work, one.numbers) for one in claims(store)] == [(SERVING, (3,))]
