"""A row's place follows from what it is: no seed and no other row moves it, and nothing sealed is learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract
from zhinan.core import Dataset, UserError
from zhinan.data import Split, load, near, split
from zhinan.data.places import DEV_PART, SEALED_PART, TRAIN_PART, by_hash, by_time, draws

Product = Callable[..., Contract]
pytestmark = pytest.mark.usefixtures("quick")
fixture_ok = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)


def rows(count: int, labels: str = "ab", start: int = 0) -> str:
    return "".join(f"message number {i},{labels[i % len(labels)]}\n" for i in range(start, start + count))


def parts(product: Product, *files: str, need: Any = None, header: str = "message,label", **data: Any) -> Split:
    named = {name: f"{header}\n{text}" for name, text in zip(("rows.csv", "test.csv"), files, strict=False)}
    contract = product(named, **{"target": "label", **data})
    return split(contract, load(contract), need)


def texts(dataset: Dataset, name: str = "message") -> set[str]:
    return set(dataset.values(name))


def places(made: Split) -> dict[str, str]:
    return {t: part for part in ("train", "dev", "sealed") for t in texts(getattr(made, part))}


def codes(made: Split) -> dict[str, int]:
    return {finding.code: finding.count for finding in made.findings}


def test_parts_are_disjoint_complete_and_about_as_large_as_promised(product: Product) -> None:
    made = parts(product, rows(2000))
    assert len(made.train) + len(made.dev) + len(made.sealed) == 2000
    assert 440 < len(made.sealed) < 560
    assert 250 < len(made.dev) < 350
    assert len(places(made)) == 2000


def test_counts_are_those_that_build_prints(product: Product) -> None:
    made = parts(product, rows(40) + "message number 0,a\nunlabeled,\n", mask="[phone]")
    counts = dict(made.counts)
    assert len(str(counts.pop("fingerprint"))) == 64
    assert list(counts) == [
        "rows",
        "accepted",
        "rejected",
        "unlabeled",
        "train",
        "dev",
        "sealed",
        "duplicates",
        "masked",
    ]
    assert counts["rows"] == 42
    assert counts["unlabeled"] == 1


def test_rows_that_come_or_go_or_change_places_move_no_other(product: Product) -> None:
    first = places(parts(product, rows(300)))
    lines = rows(300).splitlines(keepends=True)
    turned = places(parts(product, "".join(reversed(lines))))
    grown = places(parts(product, rows(450)))
    shrunk = places(parts(product, "".join(lines[100:])))
    assert turned == first
    assert {t: grown[t] for t in first} == first
    assert shrunk == {t: first[t] for t in shrunk}


@pytest.mark.parametrize("test", ["", "kept apart 1,a\nkept apart 2,b\nkept apart 3,a\n"])
def test_a_file_in_another_order_gives_the_same_rows_in_the_same_order(product: Product, test: str) -> None:
    """What is kept one value a row, by fingerprint, must meet the rows it was computed from."""
    one, other = (
        parts(product, *("".join(file.splitlines(keepends=True)[::way]) for file in (rows(60), test) if file))
        for way in (1, -1)
    )
    for name in ("train", "dev", "sealed"):
        first, second = getattr(one, name), getattr(other, name)
        assert first.fingerprint == second.fingerprint
        assert first.frame.select("_row", "message", "label").equals(second.frame.select("_row", "message", "label"))


def test_another_product_seals_other_rows(product: Product) -> None:
    first, second = (draws(key, [str(i) for i in range(1000)])[0] < 0.25 for key in ("router", "other"))
    assert 20 < (first & second).sum() < 110


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abc")), min_size=12, max_size=60))
@fixture_ok
def test_no_input_of_one_part_occurs_in_another(product: Product, drawn: list[tuple[int, str]]) -> None:
    text = "".join(f"some message {i},{label}\n" for i, label in [*drawn, (90, "a"), (91, "b"), (92, "a"), (93, "b")])
    made = parts(product, text, inputs="{message: text}")
    train, dev, sealed = (texts(part) for part in (made.train, made.dev, made.sealed))
    assert train.isdisjoint(dev | sealed)
    assert dev.isdisjoint(sealed)
    pairs = list(zip(made.train.values("message"), made.train.values("label"), strict=True))
    assert len(pairs) == len(set(pairs))


def test_repeats_are_removed_from_train_and_counted(product: Product) -> None:
    made = parts(product, rows(60) * 3)
    assert len(made.train) == len(texts(made.train))
    assert made.counts["duplicates"] == 2 * len(made.train)
    assert len(made.sealed) == 3 * len(texts(made.sealed))
    assert codes(made)["duplicates"] == made.counts["duplicates"]


def test_a_given_test_file_is_the_sealed_set_and_wins(product: Product) -> None:
    made = parts(product, rows(200), rows(50, start=190))
    assert len(made.sealed) == 50
    assert not texts(made.sealed) & (texts(made.train) | texts(made.dev))
    assert codes(made)["overlap"] == 10
    assert len(made.train) + len(made.dev) == 190
    assert made.sealed_share == {}


def test_a_class_that_a_line_needs_more_of_gets_a_larger_share(product: Product) -> None:
    text = rows(2000) + "".join(f"rare message {i},r\n" for i in range(150))
    plain, more = parts(product, text), parts(product, text, need={"r": 60})
    assert Counter(plain.sealed.values("label"))["r"] < 60
    assert Counter(more.sealed.values("label"))["r"] >= 60
    assert Counter(plain.sealed.values("label"))["a"] == Counter(more.sealed.values("label"))["a"]
    assert more.sealed_share["a"] == 0.25 < more.sealed_share["r"] <= 0.5
    assert texts(plain.sealed) < texts(more.sealed)


def test_a_need_of_all_rows_is_met_and_never_takes_more_than_half(product: Product) -> None:
    assert len(parts(product, rows(1000), need={None: 330}).sealed) >= 330
    made = parts(product, rows(1000), need={None: 5000, "a": 9000})
    assert 440 < len(made.sealed) < 560
    assert codes(made)["short_classes"] == 1


def test_every_class_is_taught_however_rare(product: Product) -> None:
    text = rows(300) + "".join(f"lonely message {i},c{i}\n" for i in range(40))
    made = parts(product, text)
    assert set(made.train.values("label")) == {*"ab", *(f"c{i}" for i in range(40))}


@pytest.mark.parametrize("count", [3, 4, 5, 8])
def test_a_handful_of_rows_still_makes_three_parts(product: Product, count: int) -> None:
    made = parts(product, rows(count), inputs="{message: text}")
    assert min(len(made.train), len(made.dev), len(made.sealed)) >= 1
    assert len(made.train) + len(made.dev) + len(made.sealed) == count


def test_rows_that_are_all_the_same_make_no_three_parts(product: Product) -> None:
    with pytest.raises(UserError, match="too few or repeat") as caught:
        parts(product, "hello to you,a\n" * 5 + "hello to you,b\n" * 5, inputs="{message: text}")
    assert caught.value.code == "E122"


def people(count: int, each: int = 4) -> str:
    return "".join(f"message {i},u{i // each},{'ab'[i % 2]}\n" for i in range(count))


def test_one_persons_rows_stand_together(product: Product) -> None:
    made = parts(product, people(400), header="message,user,label", person="user")
    users = [texts(part, "user") for part in (made.train, made.dev, made.sealed)]
    assert users[0].isdisjoint(users[1] | users[2])
    assert users[1].isdisjoint(users[2])
    assert sum(map(len, users)) == 100
    assert len(made.train) + len(made.dev) + len(made.sealed) == 400
    grown = parts(product, people(600), header="message,user,label", person="user")
    assert texts(made.sealed, "user") <= texts(grown.sealed, "user")


def test_too_few_people_are_refused(product: Product) -> None:
    with pytest.raises(UserError) as caught:
        parts(product, people(40, each=20), header="message,user,label", person="user")
    assert (caught.value.code, caught.value.where) == ("E121", "product.yaml:5:11")
    assert len(parts(product, people(60, each=20), header="message,user,label", person="user").sealed) == 20


def test_people_on_both_sides_of_a_given_test_file_are_said(product: Product) -> None:
    made = parts(product, people(40), "a new one,u1,a\n", header="message,user,label", person="user")
    assert codes(made)["shared_people"] == 1


def test_people_on_both_sides_of_a_moment_are_said(product: Product) -> None:
    lines = "".join(f"message {i * 7919 % 200},u{i % 20},2024-{1 + i // 28:02d}-{1 + i % 28:02d},{'ab'[i % 2]}\n"
                    for i in range(200))  # fmt: skip
    made = parts(product, lines, header="message,user,at,label", person="user", time="at")
    assert codes(made)["shared_people"] == len(set(made.sealed.values("user"))) == 20


def test_rows_of_the_moment_at_which_sealed_begins_are_said(product: Product) -> None:
    lines = "".join(f"message {i * 7919 % 300},{2021 + i // 100},{'ab'[i % 2]}\n" for i in range(300))
    made = parts(product, lines, header="message,at,label", time="at")
    last = [part.values("at").count(max(made.sealed.values("at"))) for part in (made.train, made.dev, made.sealed)]
    assert last[2] == len(made.sealed) == 75
    assert codes(made)["torn_moment"] == last[0] + last[1] == 25
    assert "torn_moment" not in codes(parts(product, dated(200), header="message,at,label", time="at"))


def dated(count: int) -> str:
    days = [f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in range(count)]
    return "".join(f"message {i * 7919 % count},{day},{'ab'[i % 2]}\n" for i, day in enumerate(days))


def test_time_trains_on_earlier_rows_and_seals_later_ones(product: Product) -> None:
    made = parts(product, dated(200), header="message,at,label", time="at")
    train, dev, sealed = (part.frame["at"] for part in (made.train, made.dev, made.sealed))
    assert train.max() < dev.min() < dev.max() < sealed.min()  # type: ignore[operator]
    assert (len(train), len(dev), len(sealed)) == (120, 30, 50)


def test_time_decides_also_when_there_are_people(product: Product) -> None:
    text = "".join(line.replace(",", f",u{i % 5},", 1) for i, line in enumerate(dated(100).splitlines(keepends=True)))
    made = parts(product, text, header="message,user,at,label", time="at", person="user")
    assert made.dev.frame["at"].max() < made.sealed.frame["at"].min()  # type: ignore[operator]
    assert made.sealed.person == "user"


def test_rows_later_than_a_given_test_file_are_said(product: Product) -> None:
    made = parts(product, dated(100), "held out,2024-02-01,a\n", header="message,at,label", time="at")
    assert codes(made)["future_rows"] == 71


@given(st.lists(st.integers(0, 5), min_size=3, max_size=80))
def test_a_later_part_is_never_earlier_and_shares_hold_whatever_the_ties(moments: list[int]) -> None:
    units = [str(i) for i in range(len(moments))]
    when = np.array(moments, dtype=np.int64)
    made = by_time("x", units, when, [""] * len(units), {})
    train, dev, sealed = (when[made.parts == part] for part in (TRAIN_PART, DEV_PART, SEALED_PART))
    assert min(len(train), len(dev), len(sealed)) >= 1
    assert train.max() <= dev.min() <= dev.max() <= sealed.min()
    assert len(sealed) == max(round(len(moments) * 0.25), 1)
    torn, both = train.max() == dev.min(), np.concatenate([train, dev])
    assert torn == bool(2 * (both >= dev.min()).sum() > len(both)), "a moment is judged whole where half is left"


@given(st.lists(st.sampled_from("abcdefghij"), min_size=3), st.randoms())
def test_places_do_not_depend_on_the_order_of_rows(units: list[str], random: Any) -> None:
    labels = [unit.upper() for unit in units]
    order = list(range(len(units)))
    random.shuffle(order)
    first = by_hash("x", units, labels, {})
    second = by_hash("x", [units[i] for i in order], [labels[i] for i in order], {})
    assert first.parts[order].tolist() == second.parts.tolist()
    assert len({(unit, part) for unit, part in zip(units, first.parts, strict=True)}) == len(set(units))


def test_a_table_of_a_few_categories_keeps_its_repeats(product: Product) -> None:
    text = "".join(f"{'rg'[i % 2]},{i % 3},{'ab'[i % 5 == 0]}\n" for i in range(300))
    made = parts(product, text, header="colour,size,label", inputs="{colour: category, size: category}")
    assert len(made.train) + len(made.dev) + len(made.sealed) == 300
    assert codes(made) == {"repeats_are_normal": 294}
    assert 50 < len(made.sealed) < 100


def test_a_table_of_few_possible_rows_that_repeats_none_of_them_says_nothing(product: Product) -> None:
    text = "".join(f"{'rg'[i % 2]},{i},{'ab'[i % 5 == 0]}\n" for i in range(60))
    made = parts(product, text, header="colour,size,label", inputs="{colour: category, size: category}")
    assert codes(made) == {}


def test_a_table_that_was_copied_into_itself_is_seen_through(product: Product) -> None:
    text = "".join(f"{i * 37 % 101},{i * 91 % 103},{i / 8},{'ab'[i % 2]}\n" for i in range(100)) * 5
    made = parts(product, text, header="x,y,z,label", inputs="{x: number, y: number, z: number}")
    seen = [set(part.frame.select("x", "y", "z").rows()) for part in (made.train, made.dev, made.sealed)]
    assert sum(map(len, seen)) == len(set.union(*seen)) == 100
    assert made.counts["duplicates"] == 4 * len(made.train)


def test_classes_on_one_side_only_are_said(product: Product) -> None:
    made = parts(product, rows(100) + "one more thing,c\n", rows(20, start=200) + "something else,d\n")
    assert codes(made)["untrained_classes"] == 1
    assert codes(made)["untested_classes"] == 1


def test_a_test_file_that_holds_everything_leaves_nothing_to_learn_from(product: Product) -> None:
    with pytest.raises(UserError) as caught:
        parts(product, rows(30), rows(40), inputs="{message: text}")
    assert caught.value.code == "E122"


SAID = [
    "please cancel the big order that i placed on monday of last week",
    "how do i reset my password",
    "我上个星期在你们店里买的手机到现在还没有收到货请查一下",
    "ok",
]
DOES = ("sleeps", "is hungry", "went away", "likes music", "bought shoes", "plays chess", "phones", "writes")
OTHERS = [f"{who} {does}" for who in ("cat", "horse", "mouse", "tiger", "whale") for does in DOES]
TAILS = ["", " !", " now", " today please", "？", " 谢谢", " 7", " 8"]
MESSAGES = st.tuples(st.sampled_from(SAID), st.sampled_from(TAILS), st.sampled_from(["app", "web"]), st.integers(0, 9))


def alike(one: str, other: str) -> bool:
    """Whether two messages nearly repeat each other, by the definition and one pair at a time."""
    first, second = (
        {(text + b"\0\0\0")[at : at + 4] for at in range(len(text))} for text in (_bytes(one), _bytes(other))
    )
    numbers = ["".join(c if c.isdigit() else " " for c in text).split() for text in (one, other)]
    return numbers[0] == numbers[1] and 5 * len(first & second) >= 4 * len(first | second)


def _bytes(text: str) -> bytes:
    return " ".join("".join(c if c.isalnum() else " " for c in text).split()).lower().encode()


@pytest.mark.parametrize("by", ["hash", "person", "time", "both", "file"])
@settings(fixture_ok, max_examples=12)
@given(drawn=st.lists(MESSAGES, min_size=10, max_size=30))
def test_nothing_learned_repeats_or_nearly_repeats_what_is_sealed(product: Product, by: str, drawn: Any) -> None:
    said = [
        (f"{text}{tail} {'once' if i % 5 else 'twice'}", via, day) for i, (text, tail, via, day) in enumerate(drawn)
    ]
    said += [(text, "app", i % 10) for i, text in enumerate(OTHERS)]
    lines = [f"{text},{via},u{i % 11},2024-01-{1 + day:02d},{'ab'[i % 2]}\n" for i, (text, via, day) in enumerate(said)]
    columns = {"person": {"person": "who"}, "time": {"time": "at"}, "both": {"person": "who", "time": "at"}}.get(by, {})
    half = len(drawn) // 2 if by == "file" else 0
    files = ("".join(lines[half:]), "".join(lines[:half])) if half else ("".join(lines),)
    header = "message,via,who,at,label"
    made = parts(product, *files, header=header, inputs="{message: text, via: category}", **columns)
    for learner, judge in ((made.train, made.sealed), (made.dev, made.sealed), (made.train, made.dev)):
        for one, via in learner.frame.select("message", "via").rows():
            for other, also in judge.frame.select("message", "via").rows():
                short = min(len(_bytes(one)), len(_bytes(other))) < 32
                assert not (alike(one, other) and (via == also or not short)), (by, one, other)


def test_exact_and_near_copies_of_a_test_row_are_told_apart(product: Product) -> None:
    tested = rows(200, start=1000)
    exact = "".join(tested.splitlines(keepends=True)[:40])
    nearly = "".join(
        f"{text.upper()}!,{label}\n" for text, label in (line.split(",") for line in tested.splitlines()[40:80])
    )
    found = codes(parts(product, rows(200) + exact + nearly, tested))
    assert (found["overlap"], found["near_overlap"]) == (40, 40)


def test_near_copies_move_together_and_are_counted_where_they_are_left_out(product: Product) -> None:
    text = rows(200) + "".join(f"i have lost my credit card somewhere in town{'!' * n},a\n" for n in range(20))
    made = parts(product, text, inputs="{message: text}")
    homes = {part for message, part in places(made).items() if "credit" in message}
    assert len(homes) == 1
    dated_text = "".join(f"message {i},2024-01-{1 + i // 10:02d},{'ab'[i % 2]}\n" for i in range(200))
    copied = "i have lost my credit card somewhere in town,2024-01-01,a\n"
    late = "I have lost my credit card somewhere in town!,2024-01-20,b\n"
    left = parts(product, dated_text + copied + late, header="message,at,label", time="at")
    assert codes(left)["near_overlap"] == 1
    assert not any("credit" in message for message in texts(left.train) | texts(left.dev))
    assert len(left.train) + len(left.dev) + len(left.sealed) == 201


def test_a_split_whose_near_copies_were_sought_among_too_many_says_so(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "crowded_texts" not in codes(parts(product, rows(40)))
    monkeypatch.setattr(near, "MOST", 100)
    assert codes(parts(product, rows(40)))["crowded_texts"] == 40


def test_a_copy_that_comes_or_goes_leaves_every_other_unit_where_it_was(product: Product) -> None:
    first = places(parts(product, rows(300)))
    grown = places(parts(product, rows(300) + "".join(f"message number {i} !,a\n" for i in range(0, 300, 2))))
    moved = [message for message in first if grown.get(message, "left out") != first[message]]
    assert not moved


def test_short_thanks_are_repeated_by_anybody_and_long_texts_are_copies_whatever_the_channel(product: Product) -> None:
    text = "".join(f"message number {i},app,{'ab'[i % 2]}\n" for i in range(200))
    long = "".join(f"i have lost my credit card somewhere in town,{via},a\n" for via in ("app", "web", "shop", "phone"))
    made = parts(product, text + long, header="message,via,label", inputs="{message: text, via: category}")
    assert sum("credit" in " ".join(texts(part)) for part in (made.train, made.dev, made.sealed)) == 1
