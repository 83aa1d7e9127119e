"""Old versions and caches go, and nothing that is live, stood before it, or is needed to forget somebody."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace

import pytest

from zhinan.core.keys import Key, new_key
from zhinan.engine.queues import keep_suspects
from zhinan.store import Blobs, Stages, Store, _versions, collecting
from zhinan.store.collecting import collect
from zhinan.store.erasing import enter_forgotten, version_folder
from zhinan.store.rows import suspects_of

from .shelves import putter

DAY = 86_400.0


@pytest.fixture
def versions(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Nine versions of long ago, the second live after the first, the third the parent of the last."""

    for number in range(1, 10):
        parent = 3 if number == 9 else None
        store.add_version("p", f"d{number}", putter(store), parent=parent, outcome="PROVED", summary={})
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
    seen = collecting._size

    def promoted_meanwhile(folder: Path) -> int:
        if versions.stages("p").live == 2:
            versions.promote("p", 6, revision=2, who="t", why="")
        return seen(folder)

    monkeypatch.setattr(collecting, "_size", promoted_meanwhile)
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


def test_a_folder_whose_version_nobody_noted_as_gone_stays(versions: Store) -> None:
    """Of a build that runs, or of versions that an older backup of the database does not know."""
    folder = version_folder(versions, "p", 10)
    folder.mkdir()
    os.utime(folder, (1, 1))
    assert collect(versions, "p", keep=9, seconds=DAY, who="t").versions == ()
    assert folder.exists()


@pytest.fixture
def clock(versions: Store, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Ten days after the versions were built, by the clock of the store; a day is a day again."""
    found = SimpleNamespace(now=time.time() + 10 * DAY)
    monkeypatch.setattr(collecting, "YOUNG", DAY)
    for module in (collecting, _versions):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: found.now))
    return found


def test_what_was_proved_or_answered_within_a_day_stays(versions: Store, clock: SimpleNamespace) -> None:
    versions.set_outcome("p", 4, "REFUTED", {"proof": "0"}, who="prove", why="")
    for revision, number in enumerate((5, 6, 7), 2):
        versions.promote("p", number, revision=revision, who="t", why="")
    assert collect(versions, "p", keep=0, seconds=DAY, who="t").versions == (3, 8, 9)
    assert versions.stages("p") == Stages(7, 6, 5)
    assert numbers(versions) == [1, 2, 4, 5, 6, 7], "1 and 2 were in their places until then"
    clock.now += 2 * DAY
    assert collect(versions, "p", keep=0, seconds=DAY, who="t").versions == (1, 2, 4, 5)


def test_a_version_that_was_built_again_is_young_again(versions: Store, clock: SimpleNamespace) -> None:
    assert versions.add_version("p", "d8", "elsewhere", outcome="PROVED", summary={}) == 8
    assert collect(versions, "p", keep=0, seconds=DAY, who="t").versions == (3, 4, 5, 6, 7, 9)


def test_a_version_whose_parent_went_meanwhile_is_entered_without_one(versions: Store) -> None:
    assert 4 in collect(versions, "p", keep=2, seconds=DAY, who="t").versions
    assert versions.add_version("p", "d10", "path", parent=4, outcome="PROVED", summary={}) == 10
    assert versions.version("p", 10).parent is None


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


def aged(store: Store, seconds: float) -> None:
    for path in store.blobs.files():
        os.utime(path, (time.time() - seconds,) * 2)


@pytest.mark.parametrize("keys", [(), (new_key(),)], ids=["plain", "encrypted"])
def test_a_blob_that_is_put_again_is_not_old(place: str, keys: tuple[Key, ...]) -> None:
    with Store(place, keys=keys) as store:
        digests = [store.blobs.put(content) for content in (b"of a build that runs", b"of none")]
        aged(store, 2 * DAY)
        store.blobs.put(b"of a build that runs")
        assert collect(store, "p", keep=5, seconds=DAY, who="t").caches == 1
        assert [store.blobs.has(digest) for digest in digests] == [True, False]


@pytest.mark.parametrize("keys", [(), (new_key(),)], ids=["plain", "encrypted"])
def test_a_blob_that_is_put_again_while_old_ones_are_erased_stays(
    place: str, keys: tuple[Key, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Blobs.others

    def put_meanwhile(blobs: Blobs, names: Collection[str], before: float) -> dict[Path, int]:
        found = seen(blobs, names, before)
        blobs.put(b"rows")
        return found

    with Store(place, keys=keys) as store:
        digest = store.blobs.put(b"rows")
        aged(store, 2 * DAY)
        monkeypatch.setattr(Blobs, "others", put_meanwhile)
        assert store.blobs.erase_all_but((), time.time() - DAY) == 0
        assert store.blobs.get(digest) == b"rows"


def test_nothing_of_today_goes_however_young_caches_may_go(store: Store) -> None:
    digest = store.blobs.put(b"rows of a version that is being entered")
    aged(store, DAY / 24)
    assert collect(store, "p", keep=5, seconds=1.0, who="t").caches == 0
    assert store.blobs.has(digest)


def test_doubts_and_lineages_stay_with_their_versions_and_go_with_them(versions: Store) -> None:
    rows = versions.blobs.put(b"rows of a version that goes")
    summary = {"lineage": {"rows": rows, "parts": {}}}
    versions.add_version("p", "d10", "path", outcome="PROVED", summary=summary)
    for number in range(11, 13):
        versions.add_version("p", f"d{number}", "path", outcome="PROVED", summary={})
    keep_suspects(versions, "p", 2, [{"row": "r"}], ())
    keep_suspects(versions, "p", 10, [{"row": "r"}], ())
    aged(versions, 2 * DAY)
    looked = collect(versions, "p", keep=2, seconds=DAY, who="t", dry=True)
    assert (looked.versions, looked.caches) == ((3, 4, 5, 6, 7, 8, 9, 10), 2)
    assert collect(versions, "p", keep=2, seconds=DAY, who="t") == looked
    assert [versions.blobs.recall(suspects_of("p", number)) is None for number in (2, 10)] == [False, True]
    assert not versions.blobs.has(rows)
