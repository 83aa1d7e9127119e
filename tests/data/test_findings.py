"""Each defect that is planted is found, with where it stands; and data without it gives no such finding."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import Column, Dataset
from zhinan.data import Finding, check, load, split
from zhinan.data.columns import isolated, multiple, outlying
from zhinan.data.drift import independent, shift
from zhinan.data.findings import TEXTS, finding
from zhinan.data.predictors import told_by
from zhinan.data.profiles import profiles

Product = Callable[..., Contract]
WORDS = ("red", "green", "blue", "violet", "amber", "black", "white", "silver", "golden", "grey")

KINDS = ("hat", "coat", "shoe", "late", "box", "where", "rain")
THINGS = [f"{kind}{end}" for kind in KINDS for end in ("ring", "less", "man", "ish")]

TOLD = {"my card is lost": "card", "I want my money back": "refund"}


def rows(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Rows of a message, a size, a colour and a label that has nothing to do with them."""
    draw = random.Random(seed)
    return [
        {
            "message": " ".join(draw.choices(THINGS, k=9)),
            "size": f"{draw.gauss(50, 5):.2f}", "colour": draw.choice(WORDS[:4]), "label": draw.choice("ab"),
        }
        for _ in range(count)
    ]  # fmt: skip


def found(product: Product, table: list[dict[str, Any]], **data: Any) -> dict[str, Finding]:
    text = pl.DataFrame(table, infer_schema_length=None).write_csv()
    contract = product({"rows.csv": text}, **{"target": "label", **data})
    return {finding.code: finding for finding in check(contract, load(contract))}


def test_a_sentence_speaks_of_one_as_of_one_and_of_several_as_of_several() -> None:
    assert finding("overlap", 1).what.en.startswith("1 row repeats the inputs")
    assert finding("overlap", 1_200).what.en.startswith("1,200 rows repeat the inputs")
    for code, text in TEXTS.items():
        values = dict.fromkeys(re.findall(r"{(\w+)}", text.en + text.zh), "some")
        values.pop("count", None)
        one, several = (finding(code, count, **values).what.en for count in (1, 2))
        assert "|" not in one + several, code
        assert not re.search(r"\b1 (?!class |texts are too)(?:input |more |personal |repeated )?\w+s ", one), one


@pytest.mark.usefixtures("quick")
def test_each_value_of_an_example_is_masked_alone_and_its_place_stays() -> None:
    placed = finding("overlap", 1, [("rows.csv:1234", "love my echo", "160000", "1", "call 13812345678")])
    assert placed.examples == ("rows.csv:1234  love my echo · 160000 · 1 · call [PHONE]",)
    assert finding("overlap", 1, [("", "red", "7")]).examples == ("red · 7",)


def test_boxes_of_one_picture_are_not_called_copies() -> None:
    assert "rows of one picture" in finding("sealed_copies", 945, different="72").what.en


def test_the_longest_values_of_an_example_give_way_so_that_its_target_is_seen() -> None:
    (shown,) = finding(
        "near_conflicts", 1, [("rows.csv:1451", "shop", "late " * 30, "parcel " * 30, "refund")]
    ).examples
    assert re.fullmatch(r"rows\.csv:1451  shop · late .*… · parcel .*… · refund", shown)
    (shown,) = finding("label_conflicts", 1, [("rows.csv:227", *map(str, range(50_000, 50_024)), "yes")]).examples
    assert re.fullmatch(r"rows\.csv:227  50000 · 50001 · [0-9 ·]+ · … · yes", shown)
    assert len(shown) <= 80


class TestPlanted:
    def test_ordinary_rows_have_nothing_to_say(self, product: Product) -> None:
        assert set(found(product, rows(400))) == set()

    def test_far_values_are_named_with_their_line(self, product: Product) -> None:
        table = rows(400)
        table[7]["size"] = "9000.5"
        made = found(product, table)["outliers"]
        assert (made.count, made.examples) == (1, ("rows.csv:9  9000.5 · size: 1",))
        assert "kept" in made.do.en

    def test_a_group_in_another_unit_is_named_with_how_many_times_the_rest_it_is(self, product: Product) -> None:
        table = rows(400)
        for row in table[20:32]:
            row["size"] = f"{float(row['size']) * 1000:.0f}"
        made = found(product, table)
        assert "outliers" not in made
        assert made["other_units"].count == 12
        assert made["other_units"].examples[0].endswith("size: 3.0%, about 1,000 times the rest")

    def test_metres_among_centimetres_are_another_unit_too(self, product: Product) -> None:
        table = rows(400)
        for row in table[20:32]:
            row["size"] = f"{float(row['size']) / 100:.4f}"
        made = found(product, table)["other_units"]
        assert made.count == 12
        assert made.examples[0].endswith("size: 3.0%, about 1/100 of the rest")

    def test_zeros_and_words_that_stand_for_missing(self, product: Product) -> None:
        table = rows(400)
        for at in range(12):
            table[at]["size"], table[at + 20]["message"] = "0", "N/A"
        assert found(product, table)["stand_ins"].count == 24

    def test_wrongly_decoded_texts(self, product: Product) -> None:
        table = rows(300)
        table[3]["message"] = "the cafÃ© was closed when i came"  # cleaning mends it
        table[4]["message"] = "锟斤拷 说明 书 在 哪 里"
        made = found(product, table)
        assert (made["cleaned"].count, made["mojibake"].count) == (1, 1)
        assert made["mojibake"].examples[0].startswith("rows.csv:6")

    def test_labels_written_in_two_ways(self, product: Product) -> None:
        table = rows(300)
        for row in table[:30]:
            row["label"] = {"a": "A", "b": "ｂ"}[row["label"]]
        made = found(product, table)["label_variants"]
        assert made.count == 2
        assert any("A (" in shown for shown in made.examples)

    def test_a_label_written_into_the_text(self, product: Product) -> None:
        table = rows(300)
        for row in table:
            row["label"] = {"a": "lost_card", "b": "late_parcel"}[row["label"]]
        table[5]["message"] += f" [{table[5]['label']}]"
        table[6]["message"] += " a card that i lost"
        made = found(product, table)["label_in_text"]
        assert (made.count, made.examples[0][:10]) == (1, "rows.csv:7")

    def test_gaps_that_tell(self, product: Product) -> None:
        table = rows(600)
        for at, row in enumerate(table):
            row["size"] = "" if at % 2 and row["label"] == "a" else row["size"]
        assert found(product, table)["missing_tells"].what.en.startswith("whether 'size' is missing")
        for at, row in enumerate(blind := rows(600)):
            row["size"] = "" if at % 3 == 0 else row["size"]
        assert "missing_tells" not in found(product, blind)

    def test_a_column_that_nearly_tells_the_target(self, product: Product) -> None:
        table = rows(900)
        draw = random.Random(1)
        for row in table:
            row["outcome_code"] = draw.choice("xy") if draw.random() < 0.02 else {"a": "x", "b": "y"}[row["label"]]
        made = found(product, table)["strong_columns"]
        assert made.examples[0].startswith("outcome_code: AUC ")

    def test_near_duplicates_and_their_labels(self, product: Product) -> None:
        table = rows(300)
        said = "i have been waiting for my parcel for more than two weeks now"
        table += [
            {**table[0], "message": f"{said}{tail}", "label": label}
            for tail, label in ((".", "a"), (" ok", "b"), ("!", "a"))
        ]
        made = found(product, table)
        assert made["near_duplicates"].count == 3
        assert made["near_conflicts"].count == 1
        assert made["near_conflicts"].examples[0].startswith("rows.csv:302")

    def test_moments_after_the_one_that_decides(self, product: Product) -> None:
        table = rows(300)
        for at, row in enumerate(table):
            day = f"{1 + at // 28:02d}-{1 + at % 28:02d}"
            row["opened_at"], row["closed_at"] = f"2020-{day}", f"2021-{day}"
        assert found(product, table, time="opened_at")["later_columns"].examples == ("closed_at: 100%",)

    def test_moments_in_the_future(self, product: Product) -> None:
        table = rows(300)
        for at, row in enumerate(table):
            row["opened_at"] = "1970-01-01" if at == 3 else "2999-01-01" if at == 4 else f"2020-01-{1 + at % 28:02d}"
        assert found(product, table)["odd_dates"].count == 2

    def test_several_languages(self, product: Product) -> None:
        table = rows(300)
        for row in table[:100]:
            row["message"] = "我的包裹到现在还没有收到请帮我查一下" + row["message"][:5]
        assert "zh 33%" in found(product, table)["languages"].what.en

    def test_rows_that_came_otherwise_in_the_sealed_set(self, product: Product) -> None:
        table = rows(600)
        for at, row in enumerate(table):
            row["at"] = f"2020-{1 + at // 56:02d}-{1 + at % 28:02d}"
            row["late"] = f"{float(row['size']) + at / 10:.2f}"
            row["size"] = f"{float(row['size']) + at / 80:.2f}"
            row["seen"] = row["at"]
        made = found(product, table, time="at")
        assert made["drift"].examples[0].startswith("late: ")
        assert not any(shown.startswith("seen") for shown in made["drift"].examples)
        assert made["drift"].damage == 2
        for row in table:
            row["late"] = "0"
        slight = found(product, table, time="at")["drift"]
        assert (slight.damage, slight.examples[0].partition(":")[0]) == (1, "size")


def test_the_words_that_keep_a_column_from_numbers_are_named_and_what_spreadsheets_leave_is_missing(
    product: Product,
) -> None:
    table = [
        {**row, "ratio": "n.v.t." if i < 3 else "NA" if i < 9 else i / 7, "growth": "#DIV/0!" if i < 3 else i / 3}
        for i, row in enumerate(rows(60))
    ]
    assert found(product, table)["mixed_values"].examples == ("ratio:  n.v.t. (3)",)


def test_what_keeps_a_column_from_dates_is_named_and_so_are_dates_that_nobody_can_read(product: Product) -> None:
    table = [
        {
            **row,
            "seen": "soon" if i == 7 else "N/A" if i % 9 == 8 else f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}",
            "born": f"{1 + i % 12:02d}/{1 + i % 7:02d}/{1970 + i % 30}",
            "paid": "soon" if i % 9 == 7 else f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}",
            "plain": f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}",
        }
        for i, row in enumerate(rows(60))
    ]
    made = found(product, table)
    assert made["mixed_dates"].examples == ("seen:  soon (1)", "paid:  soon (6)")
    assert made["unclear_dates"].examples == ("born:  01/02/1976",)


def test_a_long_tail_is_no_outlier_and_a_far_value_is() -> None:
    draw = np.random.default_rng(0)
    tail = np.exp(draw.normal(0, 2, 5000))
    assert outlying(tail).sum() == 0
    assert outlying(np.append(draw.normal(0, 1, 500), 1000.0)).sum() == 1
    assert outlying(np.zeros(100)).sum() == 0


def test_a_group_has_another_unit_only_when_nothing_lies_between_it_and_the_rest() -> None:
    rest = np.linspace(40.0, 60.0, 300)
    for far, times in (([50_000.0] * 9, 1_000), ([50_000.0] * 8 + [70.0], 0), ([500.0] * 9, 0), ([640.0] * 9, 10)):
        assert multiple(np.append(rest, far), np.arange(300, 309)) == times
    for few, less in (([0.5] * 9, 0.01), ([0.5] * 8 + [5.0], 0), ([0.0] * 9, 0), ([3.9] * 9, 0.1)):
        assert multiple(np.append(rest, few), np.arange(300, 309)) == pytest.approx(less)
    for less, times in ((50.0, 0), (55.0, 0), (40.0, 5_000)):  # a zero among the rest changes nothing
        assert multiple(np.append(rest - less, [50_000.0] * 9), np.arange(300, 309)) == times


def test_a_zero_that_belongs_to_its_column_is_no_stand_in() -> None:
    draw = np.random.default_rng(0)
    assert isolated(draw.poisson(6, 800).astype(float)) == []
    assert isolated(np.append(draw.normal(120, 30, 700).clip(44), np.zeros(5))) == [(0.0, 5)]
    assert isolated(np.append(draw.normal(40, 9, 700).clip(18, 80), np.full(9, 999.0))) == [(999.0, 9)]


def test_few_rows_are_never_sure_of_a_column() -> None:
    frame = pl.DataFrame({"x": ["u", "v"] * 6, "label": ["a", "b"] * 6})
    made = Dataset(frame, (Column("x", "category"),), Column("label", "category"), None, None, "")
    (told,) = told_by(made, made, made.inputs)
    assert told.value == 1.0
    assert told.lower < 0.9


def test_columns_without_a_word_to_say_are_seldom_said_to_tell() -> None:
    """False alarms of the bound: a column of noise is above .5 at 99 % in at most a few of 100 draws."""
    wrong = 0
    for seed in range(100):
        draw = np.random.default_rng(seed)
        frame = pl.DataFrame({"x": draw.normal(size=600), "label": draw.choice(["a", "b"], 600)})
        half = [Dataset(frame[at : at + 300], (Column("x", "number"),), Column("label", "category"), None, None, "")
                for at in (0, 300)]  # fmt: skip
        wrong += told_by(*half, half[0].inputs)[0].lower > 0.5
    assert wrong <= 4


def test_samples_of_one_kind_have_not_moved() -> None:
    draw = np.random.default_rng(0)
    one, other = (pl.Series("x", draw.choice(["a", "b", "c"], 2000)) for _ in range(2))
    assert shift(one, other, Column("x", "category"))[1] > 0.001
    assert shift(one, pl.Series("x", ["a"] * 2000), Column("x", "category"))[0] > 0.5


def test_distances_and_chances_are_those_of_scipy() -> None:
    """Computed here, so that a look at data need not import scipy.stats, which takes longer."""
    from scipy.stats import chi2_contingency, ks_2samp

    rng = np.random.default_rng(5)
    one, other = rng.integers(0, 30, 300).astype(float), rng.integers(2, 30, 90).astype(float)
    near = ks_2samp(one, other, method="asymp")
    column, sides = Column("x", "number"), (pl.Series("x", one), pl.Series("x", other))
    distance, chance = shift(*sides, column)
    assert distance == pytest.approx(near.statistic, rel=1e-12)
    assert near.pvalue < chance < 1.2 * near.pvalue  # the limit of many rows, which is on the safe side of few
    assert shift(*sides, column, least=0.9) == (distance, 1.0)
    for shape in ((2, 2), (2, 5), (3, 4)):
        table = rng.integers(5, 60, shape).astype(float)
        assert independent(table) == pytest.approx(chi2_contingency(table)[1], rel=1e-9)


def test_a_look_at_data_without_surprises_imports_no_statistics(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)  # which makes an import of it fail
    lines = [f"{text} number {i},{i % 7},{label}" for i in range(300) for text, label in TOLD.items()]
    contract = product({"rows.csv": "message,size,label\n" + "\n".join(lines)}, target="label")
    assert {"sampled", "drift"}.isdisjoint(one.code for one in check(contract, load(contract)))


def test_a_column_that_is_another_one_again_is_said(product: Product) -> None:
    table = [{**row, "age": 20 + i % 50, "again": 20 + i % 50} for i, row in enumerate(rows(400))]
    assert found(product, table)["equal_columns"].examples == ("again = age",)
    table[7]["again"] = 3
    assert "equal_columns" not in found(product, table)


def test_few_values_of_a_number_have_a_bar_each_beside_the_target(product: Product) -> None:
    """A fee that only the rare class pays is seen, and so is what most rows hold."""
    table = [
        {**row, "fee": 25 * (i % 4 == 0), "debt": 0 if i % 4 else 1 + i % 97, "label": "ab"[i % 4 == 0]}
        for i, row in enumerate(rows(400))
    ]
    contract = product({"rows.csv": pl.DataFrame(table).write_csv()}, target="label")
    loaded = load(contract)
    told = {one["name"]: one for one in profiles(loaded, split(contract, loaded))}
    fee, debt = (told[name]["target"]["groups"] for name in ("fee", "debt"))
    assert [(group["bin"], group["hits"] in (0, group["n"])) for group in fee] == [("0", True), ("25", True)]
    assert (debt[0]["bin"], debt[0]["hits"]) == ("0", 0)
    assert len(debt) > 2
    assert all(group["hits"] == group["n"] for group in debt[1:])
