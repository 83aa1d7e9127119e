"""What is said of the two sides of a split: texts that stand on both, and classes that are mixed otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from zhinan.contract import Contract
from zhinan.data import Finding, check, load

Product = Callable[..., Contract]


def found(product: Product, rows: Iterable[str], test: Iterable[str], head: str, **data: Any) -> dict[str, Finding]:
    files = {"rows.csv": "\n".join([head, *rows]) + "\n", "test.csv": "\n".join([head, *test]) + "\n"}
    contract = product(files, target="label", test="test.csv", **data)
    return {one.code: one for one in check(contract, load(contract))}


def pair(one: int, other: int) -> str:
    return f"how do I insure a {one:04} truck,does number {other:04} pay for hail,{'ab'[one % 2]}"


PAIRS = {"head": "first,second,label", "inputs": "{first: text, second: text}"}


def test_a_text_of_a_pair_that_was_learned_from_beside_another_is_said(product: Product) -> None:
    rows = [pair(i, i) for i in range(200)]
    told = found(product, rows, [pair(i, 500 + i) for i in range(0, 400, 4)], **PAIRS)["shared_texts"]
    assert (told.count, told.damage) == (50, 2)
    assert told.what.en.startswith("50 of 100 sealed rows (50.0%)")
    assert told.examples[1] == "test.csv:3 = rows.csv:6  how do I insure a 0004 truck"
    assert "shared_texts" not in found(product, rows, [pair(i, 500 + i) for i in range(199, 299)], **PAIRS)


def test_a_text_that_stands_in_the_other_column_of_a_pair_counts_too(product: Product) -> None:
    swapped = [",".join((*pair(500 + i, i).split(",")[1::-1], "ab"[i % 2])) for i in range(100)]
    told = found(product, [pair(i, i) for i in range(200)], swapped, **PAIRS)
    assert told["shared_texts"].count == 100


def test_short_texts_that_many_write_are_nobodys_copy(product: Product) -> None:
    rows = [f"love it,{i},{'ab'[i % 2]}" for i in range(200)]
    told = found(product, rows, [f"love it,{i},a" for i in range(200, 300)], "text,stars,label",
                 inputs="{text: text, stars: number}")  # fmt: skip
    assert "shared_texts" not in told


def test_a_class_that_is_rarer_among_what_is_learned_is_said_with_both_shares(product: Product) -> None:
    def drawn(count: int, others: int, name: str) -> list[str]:
        labels = ["other" if i < others else f"class {i % 40}" for i in range(count)]
        return [f"{name} words number {i * 7919 % 10007},{label}" for i, label in enumerate(labels)]

    def mixed(others: int) -> Finding | None:
        rows, test = drawn(2000, 100, "some"), drawn(800, others, "more")
        return found(product, rows, test, "message,label", inputs="{message: text}").get("class_mix")

    told = mixed(400)
    assert told is not None
    share, sealed = told.examples[0].removeprefix("other: ").split(" → ")
    assert 4 < float(share[:-1]) < 6
    assert sealed == "50.0%"
    assert 350 < told.count < 375
    assert (told.damage, f"{told.count} of its 800 rows (4" in told.what.en) == (2, True)
    assert mixed(40) is None


def test_many_classes_that_differ_a_little_each_are_a_mix_of_their_own(product: Product) -> None:
    rows = [f"some words number {i * 7919 % 10007},class {i % 70 if i % 6 else i % 35}" for i in range(8400)]
    test = [f"more words number {i * 7919 % 10007},class {i % 70}" for i in range(4200)]
    told = found(product, rows, test, "message,label", inputs="{message: text}")["class_mix"]
    assert (told.damage, len(told.examples)) == (1, 5)
    assert 0.05 * 4200 < told.count < 0.1 * 4200


def test_of_repeats_those_that_stay_are_told_where_there_are_any(product: Product) -> None:
    rows, test = [f"message {i:05} of many,{'ab'[i % 2]}" for i in range(200)], ["another one altogether,a"]
    once = found(product, [*rows, *rows], test, "message,label", inputs="{message: text}")["duplicates"]
    assert " stay, and weigh as one" in once.what.en
    said = [
        told.what.en
        for row in rows[:8]
        if (told := found(product, [*rows, row], test, "message,label", inputs="{message: text}").get("duplicates"))
    ]
    assert "1 repeated row left out of train: the same inputs and the same target stand there already" in said


def test_what_was_settled_by_leaving_rows_out_stands_after_what_somebody_is_to_decide(product: Product) -> None:
    rows = [f"message {i:05},{'ab'[i % 2]}" for i in range(300)] + [f"message {i:05},b" for i in range(0, 40, 2)]
    codes = list(found(product, rows, [f"message {i:05},{'ab'[i % 2]}" for i in range(280, 400)], "message,label",
                       inputs="{message: text}"))  # fmt: skip
    assert codes.index("label_conflicts") < codes.index("overlap")
