"""Labels given later join the parts without ever letting what was learned from flatter a proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.data import Loaded, for_sealed, load, split

Shop = Callable[..., Path]
pytestmark = pytest.mark.usefixtures("quick")
POOL = "  unlabeled: more.csv\n"


def product(shop: Shop, folder: Path, more: str = POOL, rows: int = 120) -> tuple[Contract, Loaded]:
    path = shop(folder, more=more)
    body = "".join(f"a new question number {i},app,p{i % 40}\n" for i in range(rows))
    (folder / "more.csv").write_text(f"message,channel,user_id\n{body}", encoding="utf-8")
    contract = read_contract(path)
    return contract, load(contract)


def test_rows_of_an_unlabeled_file_wait_in_the_pool_and_are_counted(shop: Shop, tmp_path: Path) -> None:
    contract, loaded = product(shop, tmp_path)
    assert loaded.pool is not None
    assert (len(loaded.pool), loaded.unlabeled, loaded.rows) == (120, 120, 360)
    assert split(contract, loaded).counts["unlabeled"] == 120


def test_a_target_in_the_unlabeled_file_is_not_looked_at(shop: Shop, tmp_path: Path) -> None:
    contract, _ = product(shop, tmp_path)
    (tmp_path / "more.csv").write_text("message,channel,intent\nwhat now,app,refund\n", encoding="utf-8")
    pool = load(contract).pool
    assert pool is not None
    assert pool.values("intent") == [None]


def test_a_row_that_is_labelled_already_does_not_wait_again(shop: Shop, tmp_path: Path) -> None:
    contract, loaded = product(shop, tmp_path)
    message = loaded.dataset.values("message")[0]
    channel = loaded.dataset.values("channel")[0]
    (tmp_path / "more.csv").write_text(f"message,channel\n{message},{channel}\nnew,app\nnew,app\n", encoding="utf-8")
    pool = load(contract).pool
    assert pool is not None
    assert pool.values("message") == ["new"]


def test_labels_go_to_the_side_their_row_had_before(shop: Shop, tmp_path: Path) -> None:
    contract, loaded = product(shop, tmp_path)
    before = split(contract, loaded)
    pool = loaded.pool
    assert pool is not None
    mine = for_sealed(contract, pool, (before.train, before.dev), before.sealed)
    ids = np.array(pool.values("_row"))
    after = split(contract, replace(loaded, labels=dict.fromkeys(ids.tolist(), loaded.classes[0])))
    assert set(after.sealed.values("_row")) - set(before.sealed.values("_row")) == set(ids[mine])
    assert after.audited == mine.sum() > 20
    assert len(after.train) == len(before.train) + (~mine).sum()
    assert after.dev.fingerprint == before.dev.fingerprint, "what a version was unsure of must not decide comparisons"
    again = for_sealed(contract, pool, (after.train, after.dev), after.sealed)
    np.testing.assert_array_equal(again, mine)


def test_a_person_of_the_pool_stays_on_the_side_they_are_known_from(shop: Shop, tmp_path: Path) -> None:
    contract, loaded = product(shop, tmp_path, more=f"{POOL}  person: user_id\n")
    parts = split(contract, loaded)
    learned, asked = (set(part.values("user_id")) for part in (parts.train, parts.sealed))
    lines = ["message,channel,user_id"]
    lines += [f"again {who} {i},app,{who}" for who in sorted(learned | asked) for i in range(2)]
    (tmp_path / "more.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pool = load(contract).pool
    assert pool is not None
    mine = for_sealed(contract, pool, (parts.train, parts.dev), parts.sealed)
    people = np.array(pool.values("user_id"))
    assert set(people[mine]) <= asked
    assert not set(people[mine]) & learned


def test_a_doubted_label_changes_in_train_and_dev_but_never_in_sealed(shop: Shop, tmp_path: Path) -> None:
    contract, loaded = product(shop, tmp_path)
    parts = split(contract, loaded)
    other = {row: next(c for c in loaded.classes if c != truth) for part in (parts.train, parts.sealed)
             for row, truth in list(zip(part.values("_row"), part.values("intent"), strict=True))[:5]}  # fmt: skip
    after = split(contract, replace(loaded, labels=other))
    assert after.sealed.values("intent") == parts.sealed.values("intent")
    said = [dict(part.train.frame.select("message", "intent").rows()) for part in (parts, after)]
    assert said[0].keys() == said[1].keys()
    assert sum(said[0][message] != label for message, label in said[1].items()) == 5
    assert after.train.fingerprint != parts.train.fingerprint, "what learned from the old labels would be used again"
    assert after.counts["fingerprint"] != parts.counts["fingerprint"]


def test_another_opinion_on_a_sealed_row_is_another_sealed_set(shop: Shop, tmp_path: Path) -> None:
    contract, loaded = product(shop, tmp_path)
    pool = loaded.pool
    assert pool is not None
    seen = {
        split(contract, replace(loaded, labels=dict.fromkeys(pool.values("_row"), label))).sealed.fingerprint
        for label in loaded.classes[:2]
    }
    assert len(seen) == 2


@pytest.mark.parametrize("labels", [{}, {"no such row": "refund"}])
def test_without_labels_of_its_rows_a_split_is_what_it_was(shop: Shop, tmp_path: Path, labels: dict[str, str]) -> None:
    contract, loaded = product(shop, tmp_path)
    plain, after = split(contract, loaded), split(contract, replace(loaded, labels=labels))
    assert [p.fingerprint for p in (after.train, after.dev, after.sealed)] == [
        p.fingerprint for p in (plain.train, plain.dev, plain.sealed)
    ]
