"""A version that knows somebody who waits to be forgotten is never live again, and goes once another one answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.store import Stages, Store
from zhinan.store.erasing import change_forgettings, enter_forgotten, forgettings, remove_folder, version_folder
from zhinan.store.waiting import erase_waiting, waiting

from .shelves import putter


@pytest.fixture
def versions(store: Store) -> Store:
    """Four versions, the first of them live."""

    for number in range(1, 5):
        store.add_version("p", f"d{number}", putter(store), outcome="PROVED", summary={})
    store.promote("p", 1, revision=0, who="t", why="")
    return store


def ask(store: Store, person: str, *numbers: int) -> None:
    """Enters somebody whose rows are in these versions."""
    state = {"versions": [*numbers], "sources": [], "erased": {}, "done": False}
    enter_forgotten(store, "p", {person: [f"code of {person}"]}, lambda person, held: held or state)


def test_what_knows_a_person_is_not_put_live_over_what_does_not(versions: Store) -> None:
    ask(versions, "ann", 1)
    versions.promote("p", 2, revision=1, who="t", why="")
    attempts: list[Callable[[], Any]] = [
        lambda: versions.rollback("p", revision=2, who="t", why=""),
        lambda: versions.promote("p", 1, revision=2, who="t", why=""),
    ]
    for attempt in attempts:
        with pytest.raises(UserError, match="zhinan forget") as error:
            attempt()
        assert error.value.code == "E556"
    assert versions.stages("p") == Stages(2, 1, 2)


def test_of_two_that_know_a_person_one_may_follow_the_other(versions: Store) -> None:
    versions.promote("p", 2, revision=1, who="t", why="")
    ask(versions, "ann", 1, 2)
    assert erase_waiting(versions, "p") == (), "nothing else answers yet"
    assert versions.rollback("p", revision=2, who="t", why="the new one is broken").live == 1
    ask(versions, "bob", 2)
    with pytest.raises(UserError, match="E556"):
        versions.rollback("p", revision=3, who="t", why="", leaving=1)


def test_who_waits_is_asked_once(versions: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(versions, "ann", 1, 9)
    asked = [forgettings(versions, "p")]
    monkeypatch.setattr("zhinan.store.waiting.forgettings", lambda store, product: asked.pop())
    assert waiting(versions, "p") == {"ann": (1,)}


def test_what_waited_goes_once_another_version_is_live(versions: Store) -> None:
    ask(versions, "ann", 1, 3)
    ask(versions, "bob", 1)
    assert waiting(versions, "p") == {"ann": (1, 3), "bob": (1,)}
    assert erase_waiting(versions, "p") == (3,)
    versions.promote("p", 2, revision=2, who="t", why="")
    assert erase_waiting(versions, "p") == (1,)
    assert [row.number for row in versions.versions("p")] == [2, 4]
    assert [version_folder(versions, "p", number).exists() for number in range(1, 5)] == [False, True, False, True]
    assert [(row.action, row.number) for row in versions.audit("p")][-1] == ("erase", 1)
    assert waiting(versions, "p") == {"ann": (), "bob": ()}, "the receipts are still to be written"
    change_forgettings(versions, "p", ["ann", "bob"], lambda person, state: {**state, "done": True})
    assert (waiting(versions, "p"), erase_waiting(versions, "p")) == ({}, ())


def test_several_that_erase_at_the_same_time_erase_each_version_once(
    versions: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(versions, "ann", 1, 3)
    versions.promote("p", 2, revision=1, who="t", why="")
    others: list[tuple[int, ...]] = []
    known = waiting

    def slowly(store: Store, product: str) -> dict[str, tuple[int, ...]]:
        found = known(store, product)
        if not others:  # another worker looks later, and is done before this one goes on
            others.append(())
            others.append(erase_waiting(store, product))
        return found

    monkeypatch.setattr("zhinan.store.waiting.waiting", slowly)
    assert (erase_waiting(versions, "p"), others[1]) == ((), (1, 3))
    assert [row.number for row in versions.versions("p")] == [2, 4]
    assert [(row.action, row.number) for row in versions.audit("p")][2:] == [("erase", 1), ("erase", 3)]


@pytest.mark.parametrize("gone", ["", "golden/b"], ids=["all of it", "one file of it"])
def test_two_may_remove_a_folder_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str) -> None:
    folder, remove = tmp_path / "1", shutil.rmtree
    (folder / "golden").mkdir(parents=True)
    for name in ("a", "golden/b"):
        (folder / name).write_text("rows", "utf-8")

    def after_another(path: Path) -> None:
        monkeypatch.setattr(shutil, "rmtree", remove)
        (path / gone).unlink() if gone else remove(path)
        raise FileNotFoundError(path / gone)

    monkeypatch.setattr(shutil, "rmtree", after_another)
    remove_folder(folder)
    assert not folder.exists()
