"""Blobs: what comes back is what was put in, or an error that names it."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.core import UserError
from zhinan.store import Blobs


def only_file(folder: Path) -> Path:
    (found,) = (path for path in folder.rglob("*") if path.is_file())
    return found


@settings(max_examples=20)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.binary(), max_size=4), st.binary())
def test_what_is_put_comes_back_under_its_digest_and_its_names(named: dict[str, bytes], content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        blobs = Blobs(folder)
        digest = blobs.put(content)
        assert digest == hashlib.sha256(content).hexdigest() == blobs.put(content)
        for key, value in named.items():
            blobs.remember(key, b"an older value")
            blobs.remember(key, value)
        again = Blobs(folder)
        assert again.get(digest) == content
        assert again.has(digest)
        assert {key: again.recall(key) for key in named} == named
        assert again.size() == len(content) + sum(32 + len(value) for value in named.values())


def test_a_flipped_byte_is_an_error_that_names_the_digest_and_putting_it_again_heals(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"embeddings")
    only_file(tmp_path).write_bytes(b"embeddingz")
    with pytest.raises(UserError, match=digest) as error:
        blobs.get(digest)
    assert error.value.code == "E409"
    blobs.put(b"embeddings")
    assert blobs.get(digest) == b"embeddings"


@pytest.mark.parametrize("damaged", [b"", b"short", b"\0" * 40])
def test_a_damaged_cache_entry_is_dropped_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damaged: bytes
) -> None:
    blobs = Blobs(tmp_path)
    blobs.remember("minilm", b"vectors")
    path = only_file(tmp_path)
    path.write_bytes(damaged)
    with caplog.at_level(logging.WARNING):
        assert blobs.recall("minilm") is None
    assert str(path) in caplog.text
    assert not path.exists()
    assert blobs.recall("minilm") is None


def test_an_entry_moved_under_another_name_is_damaged(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    blobs.remember("a", b"1")
    blobs.remember("b", b"2")
    one, other = (path for path in tmp_path.rglob("*") if path.is_file())
    one.replace(other)
    assert (blobs.recall("a"), blobs.recall("b")) == (None, None)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "none")
    assert blobs.recall("x") is None
    assert blobs.size() == 0
    assert not blobs.has("0" * 64)
    with pytest.raises(UserError, match="0" * 64) as error:
        blobs.get("0" * 64)
    assert error.value.code == "E410"
    with pytest.raises(ValueError, match="64 hex digits"):
        blobs.get("../../etc/passwd")
    assert not (tmp_path / "none").exists()


def test_a_url_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="s3://") as error:
        Blobs("s3://bucket/blobs")
    assert error.value.code == "E411"


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = Blobs(tmp_path)
    blobs.remember("k", b"old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    for attempt in (lambda: blobs.put(b"new"), lambda: blobs.remember("k", b"new")):
        with pytest.raises(UserError) as error:
            attempt()
        assert error.value.code == "E404"
    monkeypatch.undo()
    assert blobs.recall("k") == b"old"
    assert not blobs.has(hashlib.sha256(b"new").hexdigest())
    assert only_file(tmp_path).parts[-3] == "named"


def test_what_killed_writers_left_is_swept_but_not_what_is_being_written(tmp_path: Path) -> None:
    Blobs(tmp_path).put(b"x")
    old, fresh = tmp_path / "unfinished" / "old", tmp_path / "unfinished" / "fresh"
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(old, (1, 1))
    Blobs(tmp_path)
    assert (old.exists(), fresh.exists()) == (False, True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_blobs_are_private(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    blobs.put(b"secret")
    assert only_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "blobs").rglob("*") if path.is_dir()} == {0o700}
    assert (tmp_path / "blobs").stat().st_mode & 0o777 == 0o700
