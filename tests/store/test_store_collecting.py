"""Old versions and caches go, and nothing that is live, stood before it, or is needed to forget somebody."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from zhinan.store import Stages, Store, collecting
from zhinan.store.collecting import collect
from zhinan.store.erasing import enter_forgotten, version_folder
from zhinan.store.rows import VersionRow

DAY = 86_400.0


@pytest.fixture
def versions(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Nine versions of long ago, the second live after the first, the third the parent of the last."""

    def put(number: int) -> Path:
        folder = version_folder(store, "p", number)
        folder.mkdir(parents=True)
        (folder / "head.onnx").write_text("weights", "utf-8")
        return folder

    for number in range(1, 10):
        parent = 3 if number == 9 else None
        store.add_version("p", f"d{number}", put, parent=parent, outcome="PROVED", summary={})
    store.promote("p", 1, revision=0, who="t", why="")
    store.promote("p", 2, revision=1, who="t", why="")
    monkeypatch.setattr(collecting, "YOUNG", 0.0)
    return store


def numbers(store: Store) -> list[int]:
    return [row.number for row in store.versions("p")]


def test_what_is_live_or_needed_stays_and_the_rest_goes_once(versions: Store) -> None:
    state = {"versions": [4], "sources": [], "erased": {}, "retrained": 5, "done": False}
    enter_forgotten(versions, "p", {"ann": ["code"]}, lambda person, held: state)
    looked = collect(versions, "p", keep=2, seconds=DAY, who="t", dry=True)
    assert (looked.versions, looked.bytes, len(numbers(versions))) == ((6, 7), 2 * len("weights"), 9)
    assert collect(versions, "p", keep=2, seconds=DAY, who="t") == looked
    assert numbers(versions) == [1, 2, 3, 4, 5, 8, 9]
    assert [version_folder(versions, "p", number).exists() for number in (5, 6, 7, 8)] == [True, False, False, True]
    assert versions.stages("p") == Stages(2, 1, 2), "who decides on the stages meanwhile is not disturbed"
    assert [(row.action, row.number, row.why) for row in versions.audit("p")][-2:] == [
        ("clean", 6, "digest d6"), ("clean", 7, "digest d7"),
    ]  # fmt: skip
    assert versions.verify_audit("p")
    assert collect(versions, "p", keep=2, seconds=DAY, who="t").versions == ()


def test_a_version_that_goes_live_meanwhile_stays(versions: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = collecting._unneeded

    def promoted_meanwhile(store: Store, product: str, keep: int) -> list[VersionRow]:
        found = seen(store, product, keep)
        store.promote("p", 6, revision=2, who="t", why="")
        return found

    monkeypatch.setattr(collecting, "_unneeded", promoted_meanwhile)
    assert collect(versions, "p", keep=2, seconds=DAY, who="t").versions == (4, 5, 7)
    assert (versions.stages("p").live, numbers(versions)) == (6, [1, 2, 3, 6, 8, 9])


def test_a_version_of_today_stays(versions: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "YOUNG", DAY)
    assert collect(versions, "p", keep=0, seconds=DAY, who="t").versions == ()


def test_where_one_was_killed_the_next_one_removes_what_it_left(
    versions: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(folder: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr("zhinan.store.erasing.remove_folder", killed)
        with pytest.raises(KeyboardInterrupt):
            collect(versions, "p", keep=2, seconds=DAY, who="t")
    (version_folder(versions, "p", 0).parent / "mine").mkdir()
    assert 4 not in numbers(versions)
    looked = collect(versions, "p", keep=2, seconds=DAY, who="t", dry=True)
    assert collect(versions, "p", keep=2, seconds=DAY, who="t") == looked
    assert (looked.versions, looked.bytes) == ((4, 5, 6, 7), 4 * len("weights"))
    left = {path.name for path in version_folder(versions, "p", 0).parent.iterdir()}
    assert left == {"1", "2", "3", "8", "9", "mine"}
    assert [row.number for row in versions.audit("p") if row.action == "clean"] == [4, 5, 6, 7]


def test_what_is_left_of_today_may_be_of_a_build_that_runs(versions: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "YOUNG", DAY)
    folder = version_folder(versions, "p", 10)
    folder.mkdir()
    assert collect(versions, "p", keep=0, seconds=DAY, who="t").versions == ()
    assert folder.exists()


def test_where_there_are_no_more_versions_than_stay_none_goes(versions: Store) -> None:
    for keep in (9, 10, 17, 1_000):
        assert collect(versions, "p", keep=keep, seconds=DAY, who="t", dry=True).versions == ()


def test_caches_go_by_age_and_lineages_stay(store: Store) -> None:
    rows = store.blobs.put(b"rows of a version")
    store.add_version("p", "d", "path", outcome="PROVED", summary={"lineage": {"rows": rows, "parts": {}}})
    store.blobs.remember("old", b"12345")
    for path in store.blobs.files():
        os.utime(path, (time.time() - 2 * DAY,) * 2)
    store.blobs.remember("new", b"1")
    looked = collect(store, "p", keep=5, seconds=DAY, who="t", dry=True)
    assert looked.caches == 1
    assert store.blobs.recall("old") == b"12345"
    assert collect(store, "p", keep=5, seconds=DAY, who="t") == looked
    assert (store.blobs.recall("old"), store.blobs.recall("new"), store.blobs.get(rows)) == (
        None, b"1", b"rows of a version",
    )  # fmt: skip
