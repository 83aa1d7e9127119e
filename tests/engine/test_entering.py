"""Builds that end at the same moment each get a number of their own, and what one left when it died is in no way."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zhinan.contract import parse
from zhinan.core import UserError
from zhinan.core.account import account
from zhinan.engine.entering import register
from zhinan.store import Forgotten, Store, _versions
from zhinan.store.erasing import erase_version

from ..store.conftest import place

__all__ = ["place"]

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the builds are forked"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]
CROWD = 3


def enter(where: str, into: Path, digest: str, ready: Callable[[], object], then: Callable[[], object]) -> int:
    """As a build does once it is certified; `ready` is called before its first files appear, `then` after that."""
    tried: list[int] = []

    @contextmanager
    def written(number: int) -> Iterator[Callable[[], None]]:
        into.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".", dir=into))
        (beside / "whose").write_text(f"{digest} {number}")
        tried.append(number)
        if len(tried) == 1:
            ready()

        def publish() -> None:
            beside.rename(into / str(number))
            then()

        try:
            yield publish
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    contract = parse("product: p\ndata: {source: m.csv, target: t}\nmust: ['accuracy >= 90%']\n")
    found: Any = SimpleNamespace(outcome="PROVED", verdicts=())
    summary = {"lineage": {"parts": {}}}
    with Store(where) as store:
        return register(store, contract, into, (digest, None), found, summary, Forgotten({}), written)


def test_builds_at_once_take_a_number_each_and_a_death_leaves_no_hole(place: str, tmp_path: Path) -> None:
    Store(place).close()
    into, fork = tmp_path / "versions" / "p", multiprocessing.get_context("fork")
    fallen = fork.Process(target=enter, args=(place, into, "dead", int, lambda: os._exit(9)))
    fallen.start()
    fallen.join()
    assert (fallen.exitcode, (into / "1" / "whose").read_text()) == (9, "dead 1")
    meet = fork.Barrier(CROWD)
    crowd = [fork.Process(target=enter, args=(place, into, f"d{i}", lambda: meet.wait(60), int)) for i in range(CROWD)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert [one.exitcode for one in crowd] == [0] * CROWD
    with Store(place) as store:
        rows = store.versions("p")
        assert [row.number for row in rows] == [*range(1, CROWD + 1)]
        assert {row.digest for row in rows} == {f"d{i}" for i in range(CROWD)}
        for row in rows:
            assert (Path(row.path) / "whose").read_text() == f"{row.digest} {row.number}", "its files are its own"
        assert sorted(path.name for path in into.iterdir()) == ["1", "2", "3"]
        assert store.stages("p").live is not None
        assert [row.who for row in store.audit("p")] == [f"build: {account()}"]
        assert store.verify_audit("p")


def test_the_same_version_made_twice_at_once_is_one_and_its_files_stay(tmp_path: Path) -> None:
    place, into = str(tmp_path), tmp_path / "versions" / "p"

    def meanwhile() -> None:
        assert enter(place, into, "d", int, int) == 1
        (into / "1" / "whose").write_text("in use")

    assert enter(place, into, "d", meanwhile, int) == 1
    assert [path.name for path in into.iterdir()] == ["1"]
    assert (into / "1" / "whose").read_text() == "in use"


@pytest.mark.parametrize("files", [True, False], ids=["with its files", "without"])
def test_a_known_version_that_is_removed_meanwhile_is_entered_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: bool
) -> None:
    place, into, add = str(tmp_path), tmp_path / "versions" / "p", Store.add_version
    for digest in ("live", "one"):
        enter(place, into, digest, int, int)
    if not files:
        shutil.rmtree(into / "2")

    def removed_meanwhile(store: Store, *told: Any, **more: Any) -> int:
        if erase_version(store, "p", 2, who="clean", why="", remove=_versions.drop) and (into / "2").exists():
            shutil.rmtree(into / "2")
        return add(store, *told, **more)

    monkeypatch.setattr(Store, "add_version", removed_meanwhile)
    assert enter(place, into, "one", int, int) == 3
    with Store(place) as store:
        assert [(row.number, row.path) for row in store.versions("p")] == [(n, str(into / str(n))) for n in (1, 3)]
    assert sorted(path.name for path in into.iterdir()) == ["1", "3"]
    assert (into / "3" / "whose").read_text() == "one 3"


def test_files_of_a_known_version_do_not_come_back_when_somebody_in_them_was_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, into = str(tmp_path), tmp_path / "versions" / "p"
    Store(place).close()
    assert enter(place, into, "one", int, int) == 1
    shutil.rmtree(into / "1")

    def forgotten(*_: Any, **__: Any) -> int:
        raise UserError("E555", product="p")

    monkeypatch.setattr(Store, "add_version", forgotten)
    with pytest.raises(UserError, match="E555"):
        enter(place, into, "one", int, int)
    assert not list(into.iterdir())
