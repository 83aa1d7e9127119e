"""A person who asks to be forgotten is: nothing of theirs is in the store, and what is answered never knew them."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import load as read_contract
from zhinan.core import UserError
from zhinan.data import load, split
from zhinan.engine import build, building, check
from zhinan.engine.labels import Opinion, load_labelled, record, with_mask_key
from zhinan.engine.lineage import lineage_of, rows_of_version
from zhinan.engine.ordered import frames
from zhinan.engine.taught import ORDER, names_of_inputs
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.timing import Timing
from zhinan.improve import forgetting
from zhinan.improve.forgetting import forget
from zhinan.package import open_version
from zhinan.store import Event, Store

Shop = Callable[..., Path]
Retrain = Callable[..., Any]

CANARY = "canary-5e1fd00d"
"""What one person wrote, and is called."""


@pytest.fixture(scope="module", autouse=True)
def _told_costs() -> Iterator[None]:
    """Costs are told, not measured: they are not what this is about."""

    def measured(*_: Any, **__: Any) -> Costs:
        latencies = 0.004 * np.tile(np.linspace(0.9, 1.1, 40), 10)
        return Costs(latencies, np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 2_000_000)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(building, "measure_costs", measured)
        patched.setattr(Timing, "begin", lambda self: None)
        yield


@pytest.fixture(scope="module")
def before(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A product with a live version that knows the person, with traffic, a label and a cache that nobody listed."""
    product = shop(tmp_path_factory.mktemp("before"), rows=300, more="  person: user_id\n")
    path = product.parent / "messages.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(said(line) if ",u7," in line else line for line in lines), "utf-8")
    assert build(product, until="shallow").stage == "live"
    contract = read_contract(product)
    with Store(product.parent / ".zhinan") as store:
        store.add_events("shop", [
            Event("p1", "prediction", {"version": 1, "label": "card", "input": {"message": CANARY}}, time.time()),
            Event("f1", "feedback", {"prediction_id": "p1", "label": "login"}, time.time(), CANARY),
            Event("f2", "feedback", {"input": {"message": "hello"}, "label": "login"}, time.time(), "u8"),
        ])  # fmt: skip
        loaded = load_labelled(with_mask_key(contract, store), store)[0]
        mine = loaded.dataset.frame.filter(pl.col("user_id") == CANARY)["_row"]
        record(contract, store, loaded, [Opinion(mine[0], "card", "annotator", "suspects")])
        store.blobs.remember("unlisted", CANARY.encode())
    return product


def said(line: str) -> str:
    return f"{CANARY} {line.replace(',u7,', f',{CANARY},')}"


def without(product: Path) -> Path:
    path = product.parent / "messages.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if CANARY not in line), "utf-8")
    return product


@pytest.fixture(scope="module")
def never(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built from files that never had the person."""
    folder = tmp_path_factory.mktemp("never")
    for name in ("product.yaml", "messages.csv"):
        shutil.copy(before.parent / name, folder)
    return Path(str(build(without(folder / "product.yaml"), until="shallow").path))


@pytest.fixture
def product(before: Path, tmp_path: Path) -> Path:
    """A copy of that product."""
    shutil.copytree(before.parent, tmp_path / "p")
    with Store(tmp_path / "p" / ".zhinan") as store, store._database.write() as connection:
        moved = (str(before.parent.resolve()), str((tmp_path / "p").resolve()))
        connection.exec_driver_sql("UPDATE versions SET path = replace(path, ?, ?)", moved)
    return tmp_path / "p" / "product.yaml"


@dataclass(frozen=True)
class Made:
    version: int


@pytest.fixture
def built(product: Path, before: Path) -> Retrain:
    """In place of a build: enters something that can be opened."""
    path = before.parent / ".zhinan" / "versions" / "shop" / "1"

    def enter(outcome: str = "PROVED") -> Made:
        summary = {"contract": read_contract(product).hash}
        with Store(product.parent / ".zhinan") as store:
            return Made(store.add_version("shop", f"free {outcome}", str(path), outcome=outcome, summary=summary))

    return enter


def forgotten(product: Path, *names: str, retrain: Retrain | None = None) -> list[dict[str, Any]]:
    with Store(product.parent / ".zhinan") as store:
        return forget(read_contract(product), store, names, retrain)


def draft(path: Path) -> str:
    return str(open_version(path).manifest.draft)


def told_of(folder: Path) -> list[str]:
    """The files that hold what they wrote or are called."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.relative_to(folder).parts[0] for path in files if CANARY.encode() in path.read_bytes()]


def refused(act: Callable[..., Any], *arguments: Any, **named: Any) -> UserError:
    with pytest.raises(UserError) as error:
        act(*arguments, **named)
    return error.value


@pytest.mark.system
def test_what_is_retrained_is_what_files_without_them_give_and_no_byte_is_left(product: Path, never: Path) -> None:
    place = product.parent / ".zhinan"
    assert {*told_of(place)} >= {"zhinan.db", "blobs"}
    again = partial(build, product, until="shallow", store=place)
    (receipt,) = forgotten(product, CANARY, retrain=again)
    assert receipt["retrained"] == {"version": 2, "outcome": "PROVED", "digest": draft(never)}
    assert receipt["versions"] == {"trained_on": [1], "deleted": [1], "pending": []}
    assert (receipt["next"], receipt["error"]) == (None, None)
    lines = (product.parent / "messages.csv").read_text("utf-8").splitlines()
    mine = [i for i, line in enumerate(lines, 1) if CANARY in line]
    assert receipt["files"] == [{"file": "messages.csv", "lines": mine}]
    erased = receipt["erased"]
    assert (erased["rows"], erased["feedback"], erased["predictions"], erased["labels"]) == (len(mine), 1, 1, 1)
    assert erased["derived"] > 3
    assert told_of(place) == []
    with Store(place) as store:
        assert (store.stages("shop").live, store.stages("shop").previous) == (2, None)
        assert [row.number for row in store.versions("shop")] == [2]
        assert [folder.name for folder in (place / "versions" / "shop").iterdir()] == ["2"]
        (entry,) = (row for row in store.audit("shop") if row.action == "erase")
        assert (entry.number, set(json.loads(entry.why))) == (1, {"digest"})
        assert store.verify_audit("shop")
        assert [event.event_id for event in store.events("shop")] == ["f2"]
        assert refused(lineage_of, store, "shop", 2, person=CANARY).code == "E161"
        kept = rows_of_version(store, store.version("shop", 2))
        assert kept.filter(pl.col("reason") == "forgotten person")["line"].to_list() == mine


def test_rows_of_a_forgotten_person_are_left_out_of_every_later_command(product: Path) -> None:
    contract = read_contract(product)
    before = check(contract)
    forgotten(product, CANARY)
    with Store(product.parent / ".zhinan") as store:
        after = check(contract, store=store)
        loaded = load(with_mask_key(contract, store))
    (found,) = [one for one in after.findings if one.code == "forgotten"]
    assert found.count > 0
    assert found.examples[0].startswith("messages.csv:")
    assert after.card["rejected"] == {"forgotten person": found.count}
    assert after.data["accepted"] == before.data["accepted"] - found.count
    assert loaded.rows == before.data["rows"] == 300, "each is accounted for"
    plain = load(read_contract(without(product)))
    one, other = (split(contract, each, {}) for each in (loaded, plain))
    for part in ("train", "dev", "sealed"):
        assert getattr(one, part).fingerprint == getattr(other, part).fingerprint


def test_a_version_that_answers_stays_until_another_is_live_and_the_next_call_finishes(
    product: Path, built: Retrain
) -> None:
    place = product.parent / ".zhinan"
    (receipt,) = forgotten(product, CANARY)
    assert receipt["versions"] == {"trained_on": [1], "deleted": [], "pending": [1]}
    assert (receipt["retrained"], receipt["next"]) == (None, "zhinan forget")
    assert {*told_of(place)} <= {"versions"}
    with Store(place) as store:
        assert refused(lineage_of, store, "shop", 1, person=CANARY).code == "E161"
    assert built().version == 2, "by hand"
    (done,) = forgotten(product, retrain=lambda: pytest.fail("what was built since is good enough"))
    assert done["versions"] == {"trained_on": [1], "deleted": [1], "pending": []}
    assert done["retrained"]["version"] == 2
    assert {**done["erased"], "derived": 0} == {**receipt["erased"], "derived": 0}
    assert refused(forgotten, product).code == "E550"
    (again,) = forgotten(product, CANARY, retrain=lambda: pytest.fail("all is done"))
    assert [again[key] for key in ("versions", "retrained")] == [done[key] for key in ("versions", "retrained")]


def test_a_retraining_that_fails_or_proves_nothing_leaves_the_old_version_answering(
    product: Path, built: Retrain
) -> None:
    def failed() -> Any:
        raise UserError("E122", "messages.csv", part="sealed", rows=0)

    (receipt,) = forgotten(product, CANARY, retrain=failed)
    assert (receipt["error"]["code"], receipt["versions"]["pending"]) == ("E122", [1])
    (receipt,) = forgotten(product, retrain=partial(built, "UNDECIDED"))
    assert (receipt["retrained"]["outcome"], receipt["versions"]["pending"]) == ("UNDECIDED", [1])
    assert receipt["next"] == "zhinan promote @2 && zhinan forget"
    with Store(product.parent / ".zhinan") as store:
        store.promote("shop", 2, revision=store.stages("shop").revision, who="t", why="t")
    (receipt,) = forgotten(product)
    assert receipt["versions"] == {"trained_on": [1], "deleted": [1], "pending": []}
    assert told_of(product.parent / ".zhinan") == []


def test_a_slip_in_a_name_is_refused_and_nothing_is_done(product: Path) -> None:
    error = refused(forgotten, product, CANARY, "nobody-at-all")
    assert (error.code, "2 of 2" in str(error), "nobody" in str(error)) == ("E551", True, False)
    with Store(product.parent / ".zhinan") as store:
        assert store.count_events("shop") == 4
        assert store.blobs.recall("unlisted") is not None
    before, after = forgotten(product, "u8", CANARY)
    assert (before["erased"]["feedback"], after["erased"]["feedback"]) == (1, 1)


def test_who_is_in_no_version_costs_no_retraining(product: Path) -> None:
    with Store(product.parent / ".zhinan") as store:
        store.add_events("shop", [Event("f9", "feedback", {"label": "card"}, time.time(), "only-spoke")])
        names = store.derived(store.version("shop", 1).summary["lineage"]["parts"]["train"])
    (receipt,) = forgotten(product, "only-spoke", retrain=lambda: pytest.fail("nothing to retrain"))
    assert receipt["versions"] == {"trained_on": [], "deleted": [], "pending": []}
    assert receipt["erased"]["feedback"] == 1
    with Store(product.parent / ".zhinan") as store:
        assert store.stages("shop").live == 1
        assert store.derived(store.version("shop", 1).summary["lineage"]["parts"]["train"]) == names, "no cache is lost"


def test_where_rows_name_nobody_what_users_taught_counts_as_the_words_of_each(
    product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobodys(store: Store, version: Any) -> pl.DataFrame:
        rows = read(store, version)
        return rows.with_columns(pl.lit(None, pl.String).alias("person"), pl.lit("feedback").alias("file"))

    read = forgetting.rows_of_version
    monkeypatch.setattr(forgetting, "rows_of_version", nobodys)
    product.write_text(product.read_text("utf-8").replace("  person: user_id\n", ""), "utf-8")
    (receipt,) = forgotten(product, CANARY)
    assert receipt["versions"]["pending"] == [1]
    assert receipt["erased"]["feedback"] == 1


def test_an_order_that_was_read_before_gives_a_forgotten_person_no_place(product: Path) -> None:
    people = [f"v{i}" for i in range(6)]

    def ordered() -> str:
        frames(contract, store, data, contract.must)
        return str(store.last_run("shop", ORDER))

    inputs = [{"message": f"crypto question number {i} of today", "channel": "app"} for i in range(12)]
    path = product.parent / "messages.csv"
    more = [f"{one['message']},app,{who},\n" for one, who in zip(inputs[:6], people, strict=True)]
    path.write_text(path.read_text("utf-8") + "".join(more), "utf-8")
    with Store(product.parent / ".zhinan") as store:
        asked = [{"version": 1, "label": "card", "input": one} for one in inputs[6:]]
        store.add_events("shop", [
            Event(f"q{i}", "prediction", one, time.time(), who)
            for i, (one, who) in enumerate(zip(asked, people, strict=True))
        ])  # fmt: skip
        contract = with_mask_key(read_contract(product), store)
        loaded = load_labelled(contract, store)[0]
        data = loaded, split(contract, loaded, {})
        assert loaded.pool is not None
        names = loaded.pool.values("_row")
        assert {*names} > {*names_of_inputs(loaded, inputs[6:])}
        assert any(name in ordered() for name in names)
        forgotten(product, *people)
        assert not any(name in str(store.last_run("shop", ORDER)) for name in names), "labelled or not"
        with pytest.raises(UserError, match="while this ran"):
            ordered()
        assert not any(name in str(store.last_run("shop", ORDER)) for name in names)


@pytest.mark.system
def test_a_version_that_users_taught_is_retrained_on_what_the_others_said(product: Path) -> None:
    contract = read_contract(product)
    with Store(product.parent / ".zhinan") as store:
        teaching = [
            Event(f"t{i}", "feedback", {"input": {"message": f"{word} number {i}", "channel": "app"}, "label": "card"},
                  time.time(), person)
            for i, (word, person) in enumerate([("lost plastic", "v1"), ("gone plastic", CANARY), ("my plastic", "v2")])
        ]  # fmt: skip
        store.add_events("shop", teaching)
        make = forgetting.retraining(contract, store, product.parent / ".zhinan", until="shallow")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(
                forgetting,
                "open_version",
                lambda path: SimpleNamespace(manifest=SimpleNamespace(facts={"taught": "x"})),
            )
            taught = make().version
        assert taught == 2
        store.promote("shop", 2, revision=store.stages("shop").revision, who="t", why="t")
        rows = rows_of_version(store, store.version("shop", 2))
        assert len(rows.filter(pl.col("file").cast(pl.String) == "feedback")) == 3
        (receipt,) = forget(contract, store, (CANARY,), make)
        assert receipt["versions"]["trained_on"] == [1, 2]
        number = receipt["retrained"]["version"]
        kept = rows_of_version(store, store.version("shop", number))
        assert len(kept.filter(pl.col("file").cast(pl.String) == "feedback")) == 2
        assert receipt["versions"]["deleted"] == [1, 2] or receipt["retrained"]["outcome"] != "PROVED"


@pytest.mark.system
def test_a_build_that_began_before_keeps_nothing_of_the_person(product: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*arguments: Any, **named: Any) -> Any:
        monkeypatch.undo()
        forgotten(product, CANARY)
        return keep(*arguments, **named)

    keep = building.keep_lineage
    monkeypatch.setattr(building, "keep_lineage", late)
    path = product.parent / "messages.csv"
    path.write_text(path.read_text("utf-8") + "hi lost my card again,app,u1,card\n", "utf-8")
    with pytest.raises(UserError, match="E552"):
        build(product, until="shallow", store=product.parent / ".zhinan")
    with Store(product.parent / ".zhinan") as store:
        assert [row.number for row in store.versions("shop")] == [1]
        parts = store.version("shop", 1).summary["lineage"]["parts"]
        free = {name.replace("/", "") for name in store.derived(parts["sealed"])}
        left = {path.relative_to(store.blobs.folder).as_posix().replace("/", "") for path in store.blobs.files()}
        assert left <= free, "but what was computed from rows that they have no part in"


STEPS = ("enter_forgotten", "erase_events", "strike", "erase_caches", "erase_leftovers", "erase_versions",
         "change_forgettings", "clean", "keep_receipt")  # fmt: skip


class Killed(BaseException):
    """No `except Exception` stops it."""


@pytest.mark.system
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_is_finished_by_the_next_call(product: Path, built: Retrain, step: str, late: bool) -> None:
    act = getattr(forgetting, step)

    def dies(*arguments: Any, **named: Any) -> Any:
        if late:
            act(*arguments, **named)
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(forgetting, step, dies)
        with pytest.raises(Killed):
            forgotten(product, CANARY, retrain=built)
    (receipt,) = forgotten(product, CANARY, retrain=built)
    assert receipt["versions"] == {"trained_on": [1], "deleted": [1], "pending": []}
    assert receipt["retrained"]["version"] == 2
    assert [receipt["erased"][key] for key in ("feedback", "predictions", "labels")] == [1, 1, 1]
    assert told_of(product.parent / ".zhinan") == []
    with Store(product.parent / ".zhinan") as store:
        assert store.verify_audit("shop")


def test_data_that_are_not_there_any_more_hold_up_no_forgetting(product: Path) -> None:
    place, source = product.parent / ".zhinan", product.parent / "messages.csv"
    known = sum(CANARY in line for line in source.read_text("utf-8").splitlines())
    source.unlink()
    (receipt,) = forgotten(product, CANARY, retrain=partial(build, product, until="shallow", store=place))
    assert (receipt["files"], receipt["unread"]["code"], receipt["error"]["code"]) == ([], "E100", "E100")
    assert receipt["erased"]["rows"] == known > 0
    assert receipt["versions"] == {"trained_on": [1], "deleted": [], "pending": [1]}
    assert refused(forgotten, product, "nobody").code == "E551"


def test_a_challenger_that_was_decided_against_is_no_retrained_version(product: Path, built: Retrain) -> None:
    forgotten(product, CANARY)
    with Store(product.parent / ".zhinan") as store:
        store.note("shop", "keep", built().version, who="improve", why="not shown to be better")
    (receipt,) = forgotten(product)
    assert (receipt["retrained"], receipt["versions"]["pending"], receipt["next"]) == (None, [1], "zhinan forget")
