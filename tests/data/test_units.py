"""Rows that a split keeps together are known as one draw afterwards, wherever they are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from zhinan.contract import Contract
from zhinan.core import Dataset
from zhinan.data import Split, load, split
from zhinan.data.folds import fold_rows

Product = Callable[..., Contract]
pytestmark = pytest.mark.usefixtures("quick")

NAMES = ("amber", "birch", "cedar", "dahlia", "elm", "fern", "gorse", "hazel", "iris", "juniper", "kelp", "laurel")


def said(i: int) -> str:
    """A message that is like no other."""
    return f"{NAMES[i % 12]} {NAMES[i // 12 % 12]} parcel number {i} has not come"


def parts(product: Product, body: str, test: str | None = None, **data: object) -> Split:
    files = {"rows.csv": f"message,who,day,label\n{body}"}
    files |= {} if test is None else {"test.csv": f"message,who,day,label\n{test}"}
    contract = product(files, target="label", inputs="{message: text}", **data)
    return split(contract, load(contract))


def rows(count: int, times: int = 1, start: int = 0) -> str:
    return "".join(
        f"{said(i)},u{i}-{k},2024-01-{1 + i % 28:02},{'ab'[i % 2]}\n"
        for i in range(start, start + count)
        for k in range(times)
    )


def of_text(part: Dataset) -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for text, one in zip(part.values("message"), part.clusters() or [None] * len(part), strict=True):
        found.setdefault(text, set()).add(one)
    return found


def test_where_no_row_repeats_another_each_is_a_draw_of_its_own(product: Product) -> None:
    made = parts(product, rows(200))
    assert made.sealed.clusters() is made.dev.clusters() is None
    assert "_unit" not in made.sealed.frame.columns


def test_copies_are_one_draw_and_the_rest_are_their_own(product: Product) -> None:
    made = parts(product, rows(100) + rows(40, 6, start=1000))
    for part in (made.dev, made.sealed):
        copies = Counter(part.values("message"))
        clusters = of_text(part)
        assert all(len(clusters[text]) == 1 for text in copies)
        assert all((clusters[text] == {None}) == (times == 1) for text, times in copies.items())
        several = [one for text, one in clusters.items() if copies[text] > 1]
        assert len({next(iter(one)) for one in several}) == len(several) > 3


def test_texts_that_nearly_repeat_each_other_are_one_draw(product: Product) -> None:
    twice = "".join(f"{said(i)},,,a\n{said(i).upper()}!,,,a\n" for i in range(500, 540))
    sealed = parts(product, rows(100) + twice).sealed
    assert max(Counter(one for one in sealed.clusters() or [] if one is not None).values()) == 2


def test_a_text_in_traditional_and_in_simplified_characters_is_one_example(product: Product) -> None:
    places = ["台北門市", "廣州倉庫", "東莞車間", "蘇州園區", "廈門碼頭"]
    said = [f"{places[i % 5]}第{i}號訂單的包裹還沒有送達請幫忙查詢" for i in range(80)]
    pairs = "門门廣广倉仓庫库東东車车間间蘇苏園园區区廈厦碼码頭头號号訂订單单還还沒没達达請请幫帮詢询"
    simplified = str.maketrans(pairs[::2], pairs[1::2])
    body = "".join(
        f"{text},,,{'ab'[i % 2]}\n{text.translate(simplified)},,,{'ab'[i % 2]}\n" for i, text in enumerate(said)
    )
    made = parts(product, body)
    assert set(Counter(made.sealed.clusters() or []).values()) == {2}
    learned = {text.translate(simplified) for part in (made.train, made.dev) for text in part.values("message")}
    assert not learned & {text.translate(simplified) for text in made.sealed.values("message")}


def test_a_test_file_s_copies_are_one_draw_too(product: Product) -> None:
    sealed = parts(product, rows(100), rows(30, 4, start=2000)).sealed
    assert sorted(Counter(sealed.clusters() or []).values()) == [4] * 30


def test_copies_of_different_persons_are_draws_of_these_persons(product: Product) -> None:
    made = parts(product, rows(100) + rows(30, 4, start=1000), person="who")
    assert made.sealed.clusters() == made.sealed.values("who")


def test_rows_of_nobody_are_drawn_with_their_copies(product: Product) -> None:
    nobody = "".join(f"{said(i)},,2024-02-01,a\n" for i in range(1000, 1030) for _ in range(4))
    sealed = parts(product, rows(100) + nobody, person="who").sealed
    whose = list(zip(sealed.values("who"), sealed.clusters() or [], strict=True))
    assert set(Counter(one for who, one in whose if who is None).values()) == {4}
    assert all(one == who for who, one in whose if who is not None)


def test_rows_sealed_by_time_are_one_draw_with_their_copies(product: Product) -> None:
    sealed = parts(product, rows(60) + rows(40, 5, start=1000), time="day").sealed
    assert max(Counter(one for one in sealed.clusters() or [] if one).values()) > 1


def test_a_table_whose_rows_meet_by_chance_has_no_copies(product: Product) -> None:
    body = "".join(f"{'xyz'[i % 3]},{'pq'[i % 2]},{'ab'[i % 2]}\n" for i in range(120))
    contract = product({"rows.csv": f"shape,side,label\n{body}"}, target="label")
    made = split(contract, load(contract))
    assert made.sealed.clusters() is None


def test_rows_labelled_for_the_sealed_set_join_the_copies_that_are_there(product: Product, tmp_path: Path) -> None:
    body = "".join(f"{said(i)},{'ab'[i % 2]}\n" for i in range(120))
    nearly = "".join(f"{said(i)}\n{said(i)} !!\n{said(i)} ??\n" for i in range(3000, 3020))
    (tmp_path / "more.csv").write_text(f"message\n{nearly}", "utf-8")
    contract = product({"rows.csv": f"message,label\n{body}"}, target="label", unlabeled="more.csv")
    loaded = load(contract)
    assert loaded.pool is not None
    before = split(contract, loaded)
    made = split(contract, replace(loaded, labels=dict.fromkeys(loaded.pool.values("_row"), "a")))
    assert made.audited > 0
    counts = Counter(made.sealed.clusters() or [])
    assert before.sealed.clusters() is None
    assert counts.pop(None) == len(before.sealed)
    assert set(counts.values()) == {3}


def test_it_is_said_where_much_of_the_sealed_set_is_copies(product: Product) -> None:
    made = parts(product, rows(60) + rows(20, 31, start=1000))
    (found,) = [one for one in made.findings if one.code == "sealed_copies"]
    different = len(set(made.sealed.values("message")))
    assert found.count == len(made.sealed) > 2 * different
    assert found.what.en.startswith(f"the {found.count} sealed rows are {different} different examples")
    assert "sealed_copies" not in {one.code for one in parts(product, rows(100) + rows(2, 2, start=500)).findings}


def test_folds_know_copies_too(product: Product) -> None:
    twice = "".join(f"{said(i)},{'ab'[i % 2]}\n{said(i)} !,{'ab'[i % 2]}\n" for i in range(80))
    contract = product({"rows.csv": f"message,label\n{twice}"}, target="label")
    made = split(contract, load(contract))
    folded = replace(contract, train=replace(contract.train, folds=3))
    answered = fold_rows(folded, made.train, made.dev).answered
    assert set(Counter(answered.clusters() or []).values()) == {2}
