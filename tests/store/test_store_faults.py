"""A process that dies at any step of a change of stages or an erasure tears nothing, and the next one finishes."""

from __future__ import annotations

import os
import shutil
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from zhinan.store import Event, Store, change_verdicts, person_code, promote_first
from zhinan.store.erasing import (
    clean,
    enter_forgotten,
    erase_events,
    erase_version,
    forgettings,
    forgotten,
    version_folder,
)

from .faults import DIED, doom

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a death is that of a child")

SAMPLE = 11
"""Of so many points one is tried where there is no time for all."""
ANN = "ann-4471"


def died_at(point: int, act: Callable[[Path], None], place: Path) -> bool:
    """Acts in a child that dies before its n-th write, commit, sync, renaming or removal; whether there was one."""
    child = os.fork()
    if not child:
        code = 1
        try:
            doom(point)
            act(place)
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, DIED), "it failed instead"
    return status == DIED


def _folder(store: Store, number: int) -> Path:
    folder = version_folder(store, "p", number)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(f"{number} {ANN}" if number == 1 else str(number))
    return folder


def register(place: Path) -> None:
    """The third version, as a build enters it."""
    with Store(place) as store:
        number = store.add_version("p", "c", partial(_folder, store), outcome="PROVED", summary={})
        change_verdicts(store, "p", number, lambda held: held or [{"line": "accuracy >= 90%"}])
        promote_first(store, "p", number, "build")


def promote(place: Path) -> None:
    with Store(place) as store:
        stages = store.stages("p")
        if stages.live != 2:
            store.promote("p", 2, revision=stages.revision, who="improve", why="better")


def rollback(place: Path) -> None:
    with Store(place) as store:
        stages = store.stages("p")
        if stages.live != 1:
            store.rollback("p", revision=stages.revision, who="mei", why="no")


def forget(place: Path) -> None:
    """All that the store does for `forget` once another version is live."""
    with Store(place) as store:
        code = person_code(store.sealing_key("p"), ANN)
        enter_forgotten(store, "p", {code: [code]}, lambda person, held: held or {"done": False, "erased": {}})
        erase_events(store, "p", forgotten(store, "p"))
        erase_version(store, "p", 1, who="forget", why="{}")
        clean(store)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A store with two versions, the first live, and the words of two persons."""
    place = tmp_path / "begun"
    with Store(place) as store:
        for number, digest in ((1, "a"), (2, "b")):
            store.add_version("p", digest, str(_folder(store, number)), outcome="PROVED", summary={})
        store.promote("p", 1, revision=0, who="build", why="first")
        store.add_events("p", [Event(who, "feedback", {"label": who}, 1.0, who) for who in (ANN, "bo")])
    return place


def seen(place: Path) -> tuple[tuple[int | None, int | None], tuple[str, ...]]:
    """Who is live and who was, and what happened; and nothing of it is torn."""
    with Store(place) as store:
        assert store.verify_audit("p")
        stages, rows = store.stages("p"), {row.number: row for row in store.versions("p")}
        assert store.audit("p")[-1].stages == stages, "each change is on record with what it made"
        assert stages.live in rows, "what answers is there"
        for number, row in rows.items():
            assert (version_folder(store, "p", number) / "manifest.json").is_file(), row
        return (stages.live, stages.previous), tuple(row.action for row in store.audit("p"))


@pytest.mark.parametrize(
    ("act", "first", "between", "last"),
    [
        (register, None, {(1, None)}, (1, None)),
        (promote, None, {(1, None), (2, 1)}, (2, 1)),
        (rollback, promote, {(2, 1), (1, 2)}, (1, 2)),
        (forget, promote, {(2, 1), (2, None)}, (2, None)),
    ],
)
def test_a_death_before_any_step_tears_nothing_and_the_next_call_finishes(
    begun: Path, tmp_path: Path, act: Callable[[Path], None], first: Callable[[Path], None] | None,
    between: set[Any], last: tuple[int | None, int | None],
) -> None:  # fmt: skip
    if first is not None:
        first(begun)
    step, point = SAMPLE if act is forget and "ZHINAN_SOAK" not in os.environ else 1, 0
    done: tuple[str, ...] | None = None
    for point in range(1, 10_000, step):
        place = tmp_path / "place"
        shutil.copytree(begun, place)
        fell = died_at(point, act, place)
        assert seen(place)[0] in between, point
        act(place)
        stages, actions = seen(place)
        assert stages == last, point
        if done is not None:
            assert sorted(actions) == sorted(done), "each change is on record once, wherever it died"
        done = actions
        if act is forget:
            assert not [path for path in place.rglob("*") if path.is_file() and ANN.encode() in path.read_bytes()]
            with Store(place) as store:
                assert [one.person for one in store.events("p")] == ["bo"]
                assert len(forgettings(store, "p")) == 1
        shutil.rmtree(place)
        if not fell:
            break
    assert point > step, "there are steps to die at"
