"""From users' words to another live version: only by proof, once an opening, and never half."""

from __future__ import annotations

import html
import os
import random
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.core import UserError
from zhinan.core.account import by
from zhinan.data import for_sealed, split
from zhinan.engine import build, pace
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.engine.lineage import lineage_of
from zhinan.improve.improving import Improvement, improve, waiting
from zhinan.package import open_version
from zhinan.store import Event, Store

Shop = Callable[..., Path]
pytestmark = pytest.mark.usefixtures("told_costs")
NEW = {"card": "crypto wallet stolen", "login": "passkey was rejected", "refund": "coins sent twice"}


KNOWN = {"card": "lost my card", "login": "cannot log in", "refund": "refund please"}


def asked(store: Store, count: int, seed: int = 0, kinds: Mapping[str, str] = NEW) -> list[tuple[str, str]]:
    """Questions, of a new kind if nothing else is said, as the service records them: prediction id and right label."""
    draw, found, events = random.Random(seed), [], []
    for i in range(count):
        right = draw.choice(list(kinds))
        words = " ".join(draw.choice(("alpha", "beta", "gamma", "delta", "omega")) for _ in range(4))
        row = {"message": f"{kinds[right]} {words} {seed} {i * 7907 % 1013}", "channel": "app"}
        wrong = draw.choice([label for label in kinds if label != right])
        found.append((f"p{seed}-{i}", right))
        events.append(Event(found[-1][0], "prediction", {"version": 1, "label": wrong, "input": row}, time.time() - 9))
    store.add_events("shop", events)
    return found


def taught(
    store: Store, words: list[tuple[str, str]], people: int = 25, flipped: float = 0.0, liar: str | None = None
) -> None:
    """Words of so many people, of which a share is flipped; with `liar` all of that share are one more person's."""
    draw = random.Random(1)
    events = []
    for i, (about, right) in enumerate(words):
        lies = draw.random() < flipped
        label = draw.choice([one for one in NEW if one != right]) if lies else right
        payload = {"prediction_id": about, "label": label}
        who = liar if lies and liar else f"user{i % people}"
        events.append(Event(f"f-{about}", "feedback", payload, time.time() - 5, who))
    store.add_events("shop", events)


def audited(contract: Contract, store: Store) -> int:
    """Somebody labels what the sealed queue asks for."""
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    parts = split(contract, loaded)
    mine = for_sealed(contract, loaded.pool, (parts.train, parts.dev), parts.sealed)
    rows = [row for row, one in zip(loaded.pool.values("_row"), mine, strict=True) if one]
    texts = dict(zip(loaded.pool.values("_row"), loaded.pool.values("message"), strict=True))
    right = {row: next(label for label, words in NEW.items() if texts[row].startswith(words)) for row in rows}
    record(contract, store, loaded, [Opinion(row, right[row], "mei", "sealed") for row in rows])
    return len(rows)


def improved(contract: Contract) -> Improvement:
    return improve(contract, contract.root / ".zhinan", budget=600)


def test_what_users_taught_is_proved_on_rows_nobody_taught_and_goes_live(
    product: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = asked(store, 260)
    taught(store, words)
    labelled = audited(product, store)
    known: dict[str, tuple[int, int, int]] = {}
    assert waiting(product, store, known) == 260 + labelled
    done = ({"event": "order"}, {"rating": 5.0}, {"prediction_id": "x", "accepted": False})
    store.add_events("shop", [Event(f"did-{at}", "feedback", one, 1.0, "u1") for at, one in enumerate(done)])
    with monkeypatch.context() as looked:  # what people did teaches nothing, and what was read is not read again
        read = Store.events
        seen: list[int] = []
        looked.setattr(Store, "events", lambda *a, **k: ((found := read(*a, **k)) and seen.append(len(found))) or found)
        assert waiting(product, store, known) == 260 + labelled == waiting(product, store)
    assert seen == [3, 263, labelled]
    openings = len(store.openings("shop"))
    found = improved(product)
    assert (found.decision, found.champion, found.challenger) == ("promoted", 1, 2)
    assert found.paired is not None
    assert found.paired["claim"] == "superior"
    assert found.outcome == "PROVED"
    assert found.taught["used"] + found.taught["quarantined"]["labelled"] == 260
    assert len(store.openings("shop")) == openings + 1
    assert store.stages("shop").live == 2
    assert store.version("shop", 2).parent == 1
    assert [row.who for row in store.audit("shop") if row.action == "promote"] == [by("build"), by("improve")]
    files = lineage_of(store, "shop", 2).rows
    by_users = files.filter(files["file"] == "feedback")
    assert by_users.height == found.taught["used"]
    assert set(by_users["part"].cast(str)) == {"train"}
    assert waiting(product, store, known) == waiting(product, store) == 0
    report = (Path(store.version("shop", 2).path) / "report.html").read_text("utf-8")
    section = report[report.index('id="improved"') : report.index('id="price"')]
    shown = html.unescape(" ".join(re.sub("<[^>]+>", " ", section).split()))
    wins = f"Only it was right on {found.paired['wins']} rows"
    decided = ("By this proof it takes the place of @1", found.why.en, found.why.zh)
    for part in (
        "What it learned since @1", *decided, f"{found.taught['used']}", wins, *(one["slice"] for one in found.slices),
    ):  # fmt: skip
        assert part in shown
    again = improved(product)
    assert (again.decision, again.challenger) == ("nothing new", None)
    assert len(store.openings("shop")) == openings + 1


def test_one_word_in_ten_wrong_names_nobody_and_the_proof_decides(product: Contract, store: Store) -> None:
    words = asked(store, 260)
    taught(store, words, flipped=0.1)
    audited(product, store)
    found = improved(product)
    assert found.named == ()
    assert found.taught["judged"]["against"] > 10, "they are counted"
    assert found.paired is not None
    assert (found.decision == "promoted") == (found.paired["claim"] == "superior")
    assert found.decision == "kept" or found.paired["bound"] > 0


def test_a_source_of_one_word_in_ten_that_is_flipped_is_named_teaches_nothing_and_is_not_promoted(
    product: Contract, store: Store
) -> None:
    """About what the live version knows already: all that is new is wrong."""
    taught(store, asked(store, 260, kinds=KNOWN), flipped=0.1, liar="eve")
    found = improved(product)
    assert (found.decision, found.challenger) == ("kept", 2)
    assert [(one["person"], one["reason"], one["used"]) for one in found.named] == [("eve", "source", 0)]
    assert found.taught["quarantined"]["source"] == found.named[0]["words"] > 15
    report = (Path(store.version("shop", 2).path) / "report.html").read_text("utf-8")
    assert found.named[0]["code"] in report
    assert "eve" not in report[report.index('id="improved-aside-h"') : report.index('id="price"')]
    assert "go against it" in report
    assert found.skipped == ()


def test_a_crowd_of_one_is_named_and_not_promoted(product: Contract, store: Store) -> None:
    words = asked(store, 10_000 if "ZHINAN_SOAK" in os.environ else 300)
    taught(store, [(about, "card" if right != "card" else "login") for about, right in words], people=1)
    audited(product, store)
    found = improved(product)
    assert found.decision == "kept"
    assert [one["person"] for one in found.named] == ["user0"]
    report = (Path(store.version("shop", 2).path) / "report.html").read_text("utf-8")
    assert found.named[0]["code"] in report
    assert "user0" not in report
    assert found.taught["quarantined"]["over_cap"] > 0
    assert store.stages("shop").live == 1
    assert store.stage_of("shop", 2) == "ready"
    assert [row.action for row in store.audit("shop")][-1] == "keep"


def test_a_change_of_stages_meanwhile_keeps_what_is_live(
    product: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = asked(store, 260)
    taught(store, words)
    audited(product, store)
    from zhinan.improve import improving

    decided = improving._decided

    def late(work: Any, built: Any) -> Any:
        store.promote("shop", 2, revision=store.stages("shop").revision, who="mei", why="by hand")
        store.rollback("shop", revision=store.stages("shop").revision, who="mei", why="no")
        return decided(work, built)

    monkeypatch.setattr(improving, "_decided", late)
    found = improved(product)
    assert found.decision == "kept"
    assert "meanwhile" in found.why.en
    assert store.stages("shop").live == 1


def test_champion_and_challenger_are_compared_on_rows_that_neither_learned_from(
    product: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that was added seals more rows, some of which the live version was trained on."""
    text = product.text.replace("must:", "must:\n  - recall[card] >= 50%")
    product.path.write_text(text, "utf-8")
    wider = read_contract(product.path)
    taught(store, asked(store, 60))
    from zhinan.improve import improving

    compared: list[tuple[int, int]] = []
    decided = improving.decide

    def decide(contract: Contract, old: Any, new: Any, *rest: Any, **more: Any) -> Any:
        compared.append((len(old[0]), len(new[0])))
        return decided(contract, old, new, *rest, **more)

    monkeypatch.setattr(improving, "decide", decide)
    improved(wider)
    sealed = lineage_of(store, "shop", 2).rows.filter(pl.col("part").cast(pl.String) == "sealed")["row"]
    before = lineage_of(store, "shop", 1).rows.filter(pl.col("part").cast(pl.String).is_in(["train", "dev"]))["row"]
    shared = len({*sealed} & {*before})
    assert shared > 20
    assert compared == [(len(sealed) - shared,) * 2]


def test_without_a_live_version_there_is_nothing_to_improve(shop: Shop, tmp_path: Path) -> None:
    contract = read_contract(shop(tmp_path, rows=60))
    with pytest.raises(UserError) as caught:
        improve(contract)
    assert caught.value.code == "E501"


def test_what_there_was_no_time_for_is_tried_when_there_is_more(
    product: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(store, asked(store, 40), people=20)
    with monkeypatch.context() as patch:
        patch.setattr(pace.Pace, "forecast", lambda *_: 0.0)
        first = improve(product, budget=0.2)
        assert first.skipped != ()
        again = improve(product, budget=0.2)
    assert (first.decision, again.decision) == ("kept", "nothing new")

    def built(*_: object, **more: Any) -> Any:
        raise InterruptedError

    monkeypatch.setattr("zhinan.improve.improving.build", built)
    with pytest.raises(InterruptedError):
        improve(product, budget=60)


def test_no_challenger_is_begun_that_would_not_be_over_in_time(
    product: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(store, asked(store, 40), people=20)
    openings = store.openings("shop")
    with monkeypatch.context() as patch:
        patch.setattr("zhinan.improve.improving.load_labelled", lambda *_, **__: pytest.fail("it read the data"))
        with pytest.raises(UserError, match="reading the data") as refused:
            improve(product, budget=0.001)
        assert refused.value.code == "E329"
    with monkeypatch.context() as patch:  # what is known when it begins would let it
        patch.setattr("zhinan.improve.improving.STAGES", {})
        patch.setattr(pace.Pace, "forecast", lambda self, *stages: 99.0 if "certify" in stages else 0.0)
        late = improve(product, budget=60)
        again = improve(product, budget=60)
    assert (late.decision, late.challenger, again.decision) == ("kept", None, "nothing new")
    assert "packaging and the proof" in late.why.en
    assert [one["en"] for one in late.skipped] == ["no challenger was made"]
    assert (len(store.versions("shop")), store.openings("shop")) == (1, openings)
    assert improved(product).challenger == 2


def flats(folder: Path) -> Contract:
    """Prices of flats, in a file that knows no harbour, where the same size costs more."""
    draw = random.Random(0)
    rows = [(draw.randrange(30, 150), draw.choice(("north", "south"))) for _ in range(240)]
    lines = [f"{size},{area},{size * (3 if area == 'north' else 4) + draw.gauss(0, 5):.1f}" for size, area in rows]
    (folder / "flats.csv").write_text("\n".join(["size,area,price", *lines, ""]), "utf-8")
    text = "product: flats\ntask: regress\ndata: {source: flats.csv, target: price}\nmust: ['mae <= 60']\n"
    (folder / "product.yaml").write_text(text, "utf-8")
    contract = read_contract(folder / "product.yaml")
    assert build(contract, until="shallow").stage == "live"
    return contract


def test_numbers_that_users_correct_are_learned_and_proved(tmp_path: Path) -> None:
    contract, draw = flats(tmp_path), random.Random(1)
    rows = [{"size": 30 + i / 2, "area": "harbour"} for i in range(240)]
    with Store(tmp_path / ".zhinan") as opened:
        made = [Event(f"p{i}", "prediction", {"version": 1, "value": 1.0, "input": row}, time.time() - 9)
                for i, row in enumerate(rows)]  # fmt: skip
        prices = [round(row["size"] * 8 + draw.gauss(0, 5), 1) for row in rows]
        opened.add_events("flats", made)
        opened.add_events("flats", [
            Event(f"f{i}", "feedback", {"prediction_id": f"p{i}", "value": price}, time.time() - 5, f"user{i % 25}")
            for i, price in enumerate(prices)
        ])  # fmt: skip
        loaded, _ = load_labelled(contract, opened)
        assert loaded.pool is not None
        parts = split(contract, loaded)
        mine = for_sealed(contract, loaded.pool, (parts.train, parts.dev), parts.sealed)
        right = dict(zip([row["size"] for row in rows], prices, strict=True))
        asked_for = zip(loaded.pool.values("_row"), loaded.pool.values("size"), mine, strict=True)
        said = [Opinion(row, str(right[size]), "mei", "sealed") for row, size, one in asked_for if one]
        record(contract, opened, loaded, said)
        found = improved(contract)
        assert (found.decision, opened.stages("flats").live) == ("promoted", 2)
    assert found.paired is not None
    assert found.paired["claim"] == "superior"
    assert found.paired["wins"] is None
    assert found.taught["used"] + found.taught["quarantined"]["labelled"] == 240
    price = open_version(tmp_path / ".zhinan" / "versions" / "flats" / "2").predict([{"size": 100, "area": "harbour"}])
    assert price[0]["value"] > 600
