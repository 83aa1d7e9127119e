"""Classes that were hidden from a product's data are what it proposes from its traffic, and nothing else."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from zhinan.contract import load as read_contract
from zhinan.data import split
from zhinan.engine import build
from zhinan.engine.labels import load_labelled
from zhinan.improve.corrections import corrections
from zhinan.improve.proposals import Proposal, proposals
from zhinan.package import open_version
from zhinan.store import Event, Store

pytestmark = pytest.mark.real


def streamed(
    folder: Path, data: Path, hidden: list[str], *, sizes: tuple[int, int, int], copies: float = 1.0
) -> tuple[tuple[Proposal, ...], dict[str, str]]:
    """What a product proposes after traffic with classes that its data lack, and what each input is really about.

    Args: sizes: rows to learn from, of traffic that is known, of each hidden class. copies: how much more often the
        three most frequent classes come in traffic.
    """
    draw = random.Random(0)
    every = pl.concat(
        [pl.read_csv(data / name, columns=["text", "label"]).drop_nulls() for name in ("train.csv", "test.csv")]
    )
    rows = [
        (" ".join(text.split()), label)
        for text, label in every.unique("text", keep="none", maintain_order=True).iter_rows()
    ]
    draw.shuffle(rows)
    known = [row for row in rows if row[1] not in hidden]
    learned, rest = known[: sizes[0]], known[sizes[0] :]
    usual = {label for label, _ in Counter(label for _, label in rest).most_common(3)}
    traffic = [row for row in rest if row[1] in usual or draw.random() * copies < 1][: sizes[1]]
    for name in hidden:
        traffic += [row for row in rows if row[1] == name][: sizes[2]]
    draw.shuffle(traffic)
    pl.DataFrame(learned, schema=["text", "label"], orient="row").write_csv(folder / "data.csv")
    lines = "product: desk\ndata: {source: data.csv, inputs: {text: text}, target: label}\nmust: [accuracy >= 40%]\n"
    (folder / "product.yaml").write_text(lines, "utf-8")
    contract = read_contract(folder / "product.yaml")
    assert build(contract, until="shallow", budget=600).stage == "live"
    with Store(folder / ".zhinan") as store:
        events = [
            Event(f"p{at}", "prediction", {"version": 1, "label": "?", "input": {"text": text}}, time.time() - 9)
            for at, (text, _) in enumerate(traffic)
        ]
        store.add_events("desk", events)
        loaded, _ = load_labelled(contract, store)
        version, said = open_version(store.version("desk", 1).path), corrections(store, "desk", loaded)
        found = proposals(contract, store, (loaded, split(contract, loaded)), version, said)
        assert loaded.pool is not None
        truth = dict(traffic)
        return found, {row: truth[text] for row, text in loaded.pool.frame.select("_row", "text").iter_rows()}


def scored(found: tuple[Proposal, ...], truth: dict[str, str], hidden: list[str]) -> tuple[float, float, set[str]]:
    """Purity, the share of proposed inputs that are of their group's main class; recall, the share of hidden inputs
    that are proposed; and the main classes."""
    mains = [Counter(truth[row] for row in group.ids).most_common(1)[0] for group in found]
    rows = sum(len(group.ids) for group in found)
    lost = sum(label in hidden for label in truth.values())
    caught = sum(truth[row] in hidden for group in found for row in group.ids)
    return sum(count for _, count in mains) / max(rows, 1), caught / max(lost, 1), {name for name, _ in mains}


def test_hidden_intents_are_proposed(tmp_path: Path, public_data: Path) -> None:
    hidden = ["cash_withdrawal_charge", "get_disposable_virtual_card", "topping_up_by_card", "pending_cash_withdrawal"]
    found, truth = streamed(tmp_path, public_data / "banking77", hidden, sizes=(4000, 1800, 150))
    purity, recall, mains = scored(found, truth, hidden)
    print(f"banking77: {len(found)} groups, purity {purity:.2f}, recall {recall:.2f}, {[g.name for g in found]}")
    assert mains <= set(hidden), "no known class is proposed"
    assert len(mains) >= 3
    assert purity >= 0.9
    assert recall >= 0.4


def test_a_hidden_topic_of_chinese_titles_is_proposed(tmp_path: Path, public_data: Path) -> None:
    hidden = ["society", "science"]
    found, truth = streamed(tmp_path, public_data / "thucnews_titles", hidden, sizes=(4000, 1800, 250))
    purity, recall, mains = scored(found, truth, hidden)
    print(f"thucnews: {len(found)} groups, purity {purity:.2f}, recall {recall:.2f}, {[g.name for g in found]}")
    assert mains <= set(hidden)
    assert found
    assert purity >= 0.8
    assert recall >= 0.24


def test_known_intents_that_come_more_often_are_not_proposed(tmp_path: Path, public_data: Path) -> None:
    found, _ = streamed(tmp_path, public_data / "banking77", [], sizes=(4000, 2000, 0), copies=3.0)
    assert found == ()
