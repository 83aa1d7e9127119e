"""Labels given one by one: settled by agreement, asked in an order nobody can bend, and proof when they are enough."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.core import UserError
from zhinan.data import Loaded, Split, for_sealed, split
from zhinan.engine import fresh, queues
from zhinan.engine.fresh import Fresh, certify_fresh
from zhinan.engine.labelling import Desk
from zhinan.engine.labels import Opinion, agreement, load_labelled, opinions, record, settled
from zhinan.engine.ordered import frames
from zhinan.engine.queues import keep_suspects, queue
from zhinan.evaluate.answers import Answers
from zhinan.store import Store, VersionRow

Shop = Callable[..., Path]
pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def product(shop: Shop, tmp_path: Path) -> Callable[..., Contract]:
    """A shop with a pool of 600 rows; every third is of the channel 微信, and refunds alternate with the rest."""

    def make(*must: str, more: str = "", columns: str = "") -> Contract:
        path = shop(tmp_path, must=must or ("accuracy >= 70%",), more=f"  unlabeled: more.csv\n{more}")
        head = f"message,channel,user_id{columns}\n"
        rows = [f"question {i},{'微信' if i % 3 == 0 else 'app'},p{i // 2}" for i in range(600)]
        rows = [f"{row},{'refund' if i % 2 else 'login'}" if columns else row for i, row in enumerate(rows)]
        (tmp_path / "more.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
        return read_contract(path)

    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        yield opened


def data_of(contract: Contract, store: Store) -> tuple[Loaded, Split]:
    loaded, _ = load_labelled(contract, store)
    return loaded, split(contract, loaded)


def a_version(
    contract: Contract, store: Store, verdicts: Sequence[tuple[str, str]], right: float, monkeypatch: pytest.MonkeyPatch
) -> tuple[VersionRow, Any]:
    """A version that answers this share of the pool as `truth` does, with what was proved of it so far."""
    number = store.add_version(contract.product, "d" * 64, "nowhere", outcome="UNDECIDED", summary={})
    told = [{"line": line, "verdict": verdict, "on": "sealed"} for line, verdict in verdicts]
    store.set_verdicts(contract.product, number, told)

    def answer(version: Any, pool: Any) -> Answers:
        draw = np.random.default_rng(7).random(len(pool))
        labels = [truth(m) if d < right else other(m) for m, d in zip(pool.values("message"), draw, strict=True)]
        return Answers(labels, np.full((len(pool), 3), 1 / 3), np.zeros(len(pool), bool))

    for room in (fresh, queues):
        monkeypatch.setattr(room, "answer_all", answer)
    classes = ("card", "login", "refund")
    manifest = SimpleNamespace(facts={}, steps=())
    version = SimpleNamespace(classes=classes, digest="d" * 64, number=number, manifest=manifest)
    return store.version(contract.product, number), version


def truth(message: str) -> str:
    return "refund" if int(message.rsplit(maxsplit=1)[-1]) % 2 else "login"


def other(message: str) -> str:
    return "login" if truth(message) == "refund" else "refund"


def say(contract: Contract, store: Store, rows: Sequence[str], label: Callable[[str], str] = truth) -> None:
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    message = dict(zip(loaded.pool.values("_row"), loaded.pool.values("message"), strict=True))
    record(contract, store, loaded, [Opinion(row, label(message[row]), "mei", "sealed") for row in rows])


def certified(contract: Contract, store: Store, row: VersionRow, version: Any) -> Fresh:
    found = certify_fresh(contract, store, data_of(contract, store), row, version)
    assert found is not None
    return found


def test_a_row_is_settled_by_more_people_and_open_while_they_stand_equal() -> None:
    one, two = Opinion("r", "a", "mei", "train"), Opinion("r", "b", "jan", "train")
    assert settled([one]) == {"r": "a"}
    assert settled([one, two]) == {}
    assert settled([one, two, Opinion("r", "b", "li", "train")]) == {"r": "b"}


def test_agreement_is_krippendorffs_alpha() -> None:
    """The nominal data of Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: .743."""
    matrix = {
        "A": ["1", "2", "3", "3", "2", "1", "4", "1", "2", ".", ".", "."],
        "B": ["1", "2", "3", "3", "2", "2", "4", "1", "2", "5", ".", "3"],
        "C": [".", "3", "3", "3", "2", "3", "4", "2", "2", "5", "1", "."],
        "D": ["1", "2", "3", "3", "2", "4", "4", "1", "2", "5", "1", "."],
    }
    said = [
        Opinion(str(i), value, who, "train")
        for who, row in matrix.items()
        for i, value in enumerate(row)
        if value != "."
    ]
    found = agreement(said)
    assert found is not None
    assert found.rows == 11
    assert found.alpha == pytest.approx(0.743, abs=5e-4)
    assert agreement(said[:1]) is None


def test_an_opinion_said_again_is_a_repeat_and_a_change_of_mind_counts_last(
    product: Callable[..., Contract], store: Store
) -> None:
    contract = product()
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    row = loaded.pool.values("_row")[0]

    def give(label: str) -> dict[str, int]:
        return record(contract, store, loaded, [Opinion(row, label, "mei", "train")])

    assert give("refund") == {"new": 1, "changed": 0, "repeat": 0}
    assert give("refund") == {"new": 0, "changed": 0, "repeat": 1}
    assert [give(label)["changed"] for label in ("login", "refund")] == [1, 1]
    assert settled(opinions(store, contract.product)) == {row: "refund"}
    first = store.events(contract.product, "label")[0].seq
    assert len(opinions(store, contract.product, until=first)) == 1
    assert load_labelled(contract, store, until=0)[0].labels == {}


@pytest.mark.parametrize("label", ["refunds", ""])
def test_an_unknown_class_or_row_stores_nothing(product: Callable[..., Contract], store: Store, label: str) -> None:
    contract = product()
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    good = Opinion(loaded.pool.values("_row")[0], "refund", "mei", "train")
    with pytest.raises(UserError) as caught:
        record(contract, store, loaded, [good, Opinion(loaded.pool.values("_row")[1], label, "mei", "train")])
    assert caught.value.code == "E340"
    with pytest.raises(UserError) as caught:
        record(contract, store, loaded, [good, Opinion("0" * 32, "refund", "mei", "train")])
    assert caught.value.code == "E341"
    assert store.count_events(contract.product, "label") == 0


def test_a_sealed_row_keeps_its_label(product: Callable[..., Contract], store: Store) -> None:
    contract = product()
    desk = Desk(contract, store, "mei")
    sealed = data_of(contract, store)[1].sealed.values("_row")[0]
    with pytest.raises(UserError) as caught:
        desk.say(queues.Item(sealed, "suspects", {}), "refund")
    assert caught.value.code == "E346"


def test_rows_keep_their_places_whatever_is_labelled_and_new_ones_stand_behind(
    product: Callable[..., Contract], store: Store, tmp_path: Path
) -> None:
    contract = product("accuracy[channel=微信] >= 70%")
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    (before,) = frames(contract, store, (loaded, parts), contract.must)
    say(contract, store, [row for unit in before.units[::3] for row in unit])
    text = (tmp_path / "more.csv").read_text("utf-8").splitlines()
    more = [f"another question {i},微信,p{i}" for i in range(60)]
    (tmp_path / "more.csv").write_text("\n".join([*text[:1], *text[101:], *more]) + "\n", encoding="utf-8")
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    (after,) = frames(contract, store, (loaded, parts), contract.must)
    assert after.units[: len(before.units)] == before.units
    assert len(before.units) + 15 < len(after.units) < len(before.units) + 45
    channels = dict(zip(loaded.pool.values("_row"), loaded.pool.values("channel"), strict=True))
    new = after.units[len(before.units) :]
    assert {channels[row] for unit in new for row in unit} == {"微信"}
    gone = {row for unit in before.units for row in unit} - set(channels)
    asked = {item.row for item in queue(contract, store, (loaded, parts), (), "mei", "sealed")}
    assert gone
    assert not asked & gone


def test_rows_that_are_gone_or_that_the_build_knew_count_against_the_line(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    contract = product()
    row, version = a_version(contract, store, [("accuracy >= 70%", "UNDECIDED")], 1.0, monkeypatch)
    loaded, parts = data_of(contract, store)
    (frame,) = frames(contract, store, (loaded, parts), contract.must)
    ids = [one for unit in frame.units for one in unit]
    say(contract, store, [*ids[:10], *ids[20:30]])
    version.manifest.facts["labels"] = load_labelled(contract, store)[1]
    say(contract, store, [*ids[10:20], *ids[30:34], *ids[35:40]])
    (line,) = certified(contract, store, row, version).lines
    assert (line.n, line.value) == (14, 1.0), "the first ten were known in order, the next ten known were picked"
    assert line.lower < 14 / 24
    assert line.upper == 1.0
    assert loaded.pool is not None
    gone = dict(zip(loaded.pool.values("_row"), loaded.pool.values("message"), strict=True))[ids[34]]
    text = (tmp_path / "more.csv").read_text("utf-8").splitlines()
    kept = [one for one in text if not one.startswith(f"{gone},")]
    (tmp_path / "more.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (after,) = certified(contract, store, row, version).lines
    assert (after.n, after.value) == (19, 1.0), "what waited behind is heard when its turn comes"


def test_only_the_labelled_prefix_counts(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = product()
    row, version = a_version(contract, store, [("accuracy >= 70%", "UNDECIDED")], 1.0, monkeypatch)
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    (frame,) = frames(contract, store, (loaded, parts), contract.must)
    ids = [one for unit in frame.units for one in unit]
    say(contract, store, [*ids[:20], *ids[21:60]])
    assert certified(contract, store, row, version).lines[0].n == 20
    say(contract, store, [ids[20]])
    (line,) = certified(contract, store, row, version).lines
    assert (line.n, line.verdict) == (60, "PROVED")


def test_fresh_labels_prove_a_line_and_charge_their_rows_once(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = product()
    row, version = a_version(contract, store, [("accuracy >= 70%", "UNDECIDED")], 0.95, monkeypatch)
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    (frame,) = frames(contract, store, (loaded, parts), contract.must)
    ids = [one for unit in frame.units for one in unit]
    for end in (40, 40, len(ids)):
        say(contract, store, ids[:end])
        certified(contract, store, row, version)
    (line,) = certified(contract, store, row, version).lines
    assert line.verdict == "PROVED"
    assert line.lower > 0.7
    assert [opening.t for opening in store.openings(contract.product)] == [1, 1]
    assert store.next_opening(ids) == 2
    assert sum(opening.rows for opening in store.openings(contract.product)) == len(ids)
    assert {opening.delta for opening in store.openings(contract.product)} == {0.025}


def test_what_a_version_was_built_with_is_not_fresh(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = product()
    row, version = a_version(contract, store, [("accuracy >= 70%", "UNDECIDED")], 1.0, monkeypatch)
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    (frame,) = frames(contract, store, (loaded, parts), contract.must)
    say(contract, store, [one for unit in frame.units for one in unit])
    version.manifest.facts["labels"] = load_labelled(contract, store)[1]
    assert certified(contract, store, row, version).lines[0].n == 0


def test_persons_count_as_one_draw_each(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = product(more="  person: user_id\n")
    row, version = a_version(contract, store, [("accuracy >= 70%", "UNDECIDED")], 0.9, monkeypatch)
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    (frame,) = frames(contract, store, (loaded, parts), contract.must)
    assert {len(unit) for unit in frame.units} == {2}
    say(contract, store, [frame.units[0][0]])
    assert certified(contract, store, row, version).lines[0].n == 0, "half a person is no draw"
    say(contract, store, [one for unit in frame.units for one in unit])
    (line,) = certified(contract, store, row, version).lines
    assert (line.verdict, line.n) == ("PROVED", sum(map(len, frame.units)))
    assert line.value == pytest.approx(0.9, abs=0.05)


def test_lines_that_are_no_mean_of_rows_wait_for_an_opening(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("macro_f1 >= 70%", "gap(accuracy, by=channel) <= 20 pt", "expected_cost <= 2", "recall[refund] >= 70%")
    contract = product(*lines, more="cost:\n  matrix: {refund: {login: 5}}\n")
    row, version = a_version(contract, store, [(line, "UNDECIDED") for line in lines], 1.0, monkeypatch)
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    framed = frames(contract, store, (loaded, parts), contract.must)
    say(contract, store, [one for unit in framed[0].units for one in unit])
    found = certified(contract, store, row, version)
    assert found.others == lines[:3]
    assert [(line.line, line.verdict) for line in found.lines] == [(lines[3], "PROVED")]


def test_a_paired_line_asks_only_where_two_answers_differ(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    contract = product("accuracy >= current - 10 pt", more="  current: llm\n", columns=",llm")
    source = (tmp_path / "messages.csv").read_text("utf-8").splitlines()
    lines = [f"{source[0]},llm", *(f"{line},{line.rpartition(',')[2]}" for line in source[1:])]
    (tmp_path / "messages.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    row, version = a_version(contract, store, [(contract.must[0].text, "UNDECIDED")], 0.97, monkeypatch)
    loaded, parts = data_of(contract, store)
    assert loaded.pool is not None
    mine = for_sealed(contract, loaded.pool, (parts.train, parts.dev), parts.sealed).sum()
    waiting = queue(contract, store, (loaded, parts), (), "mei", "sealed", version)
    assert 0 < len(waiting) < 0.1 * mine
    say(contract, store, [item.row for item in waiting])
    (line,) = certified(contract, store, row, version).lines
    assert line.n == mine, "where both say the same no label is needed"
    assert line.verdict == "PROVED"
    assert line.value == pytest.approx(-len(waiting) / mine)


def test_an_undecided_line_asks_for_sealed_rows_and_a_refuted_one_for_rows_to_learn_from(
    product: Callable[..., Contract], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = product()
    row, version = a_version(contract, store, [("accuracy >= 70%", "UNDECIDED")], 0.7, monkeypatch)
    data = data_of(contract, store)
    doubt = {"row": data[1].train.values("_row")[3], "part": "train", "given": "login", "suggested": "card"}
    sealed_doubt = {**doubt, "row": data[1].sealed.values("_row")[0], "part": "sealed"}
    keep_suspects(store, contract.product, row.number, [doubt, sealed_doubt], (data[1].train, data[1].sealed))
    first = queue(contract, store, data, (), "mei", None, version)
    assert list(dict.fromkeys(item.queue for item in first)) == ["sealed", "suspects", "train"]
    assert [item.suggested for item in first if item.queue == "suspects"] == ["card"], "sealed doubts are not asked"
    assert not any(item.given or item.suggested for item in first if item.queue == "sealed"), "no hint may sway a proof"
    store.set_verdicts(
        contract.product, row.number, [{"line": "accuracy >= 70%", "verdict": "REFUTED", "on": "sealed"}]
    )
    then = queue(contract, store, data, (), "mei", None, version)
    assert list(dict.fromkeys(item.queue for item in then)) == ["suspects", "train", "sealed"]


def test_nobody_is_asked_twice_and_some_rows_go_to_a_second_person(
    product: Callable[..., Contract], store: Store
) -> None:
    contract = product()
    mei, jan = (Desk(contract, store, who) for who in ("mei", "jan"))
    first = mei.waiting()
    say(contract, store, [item.row for item in first])
    assert mei.waiting() == []
    second = jan.waiting()
    assert 0.02 < len(second) / len(first) < 0.25
    loaded, _ = load_labelled(contract, store)
    record(contract, store, loaded, [Opinion(i.row, truth(i.inputs["message"]), "jan", i.queue) for i in second])
    told = jan.result()["agreement"]
    assert (told["rows"], told["share"], told["alpha"]) == (len(second), 1.0, 1.0)


def test_a_queue_filled_in_as_a_file_is_as_good_as_keys(
    product: Callable[..., Contract], store: Store, tmp_path: Path
) -> None:
    contract = product()
    desk = Desk(contract, store, "mei")
    desk.write(tmp_path / "todo.csv", desk.waiting()[:30])
    with (tmp_path / "todo.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows[:20]:
        row["label"] = truth(row["message"])
    with (tmp_path / "done.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows(rows)
    assert desk.take(tmp_path / "done.csv") == {"new": 20, "changed": 0, "repeat": 0}
    assert desk.take(tmp_path / "done.csv") == {"new": 0, "changed": 0, "repeat": 20}
    (tmp_path / "plain.csv").write_text("message,channel,intent\nquestion 7,app,refund\n", encoding="utf-8")
    assert sum(desk.take(tmp_path / "plain.csv").values()) == 1


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("message,channel\nquestion 7,app\n", "E343", "labels.csv"),
        ("message,channel,intent\nnever seen,app,refund\n", "E344", "labels.csv"),
        ("message,intent\nquestion 7,refund\n", "E111", "labels.csv"),
        ("message,channel,intent\nquestion 7,app,\nquestion 7,app,refnud\n", "E340", "labels.csv:3"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(
    product: Callable[..., Contract], store: Store, tmp_path: Path, text: str, code: str, where: str
) -> None:
    desk = Desk(product(), store, "mei")
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        desk.take(tmp_path / "labels.csv")
    assert (caught.value.code, caught.value.where) == (code, where)
    assert store.count_events("shop", "label") == 0
