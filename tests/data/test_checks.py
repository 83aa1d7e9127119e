"""What is wrong with the data is said before anything is computed, the worst first, and nobody's data is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.contract.keys import KEYS
from zhinan.data import Finding, check, load, split
from zhinan.data.advice import ADVICE
from zhinan.data.findings import TEXTS, finding
from zhinan.data.predictors import gives_away
from zhinan.data.profiles import profiles

Product = Callable[..., Contract]


def found(product: Product, text: str, test: str | None = None, **data: Any) -> dict[str, Finding]:
    files = {"rows.csv": text} if test is None else {"rows.csv": text, "test.csv": test}
    contract = product(files, **{"target": "label", **data})
    findings = check(contract, load(contract))
    damages = [f.damage for f in findings]
    assert damages == sorted(damages, reverse=True)
    assert len({f.code for f in findings if f.code != "personal_data"}) == sum(
        f.code != "personal_data" for f in findings
    )
    return {f.code: f for f in findings}


def rows(count: int, labels: str = "ab") -> str:
    return "message,label\n" + "".join(f"message number {i},{labels[i % len(labels)]}\n" for i in range(count))


@pytest.mark.usefixtures("quick")
class TestFindings:
    def test_clean_data_gives_none(self, product: Product) -> None:
        assert found(product, rows(200)) == {}

    def test_personal_data_that_nobody_masks_is_the_worst_and_shown_masked(self, product: Product) -> None:
        text = rows(200) + "please do call me back on 13812345678,a\nwrite to anna@example.com,b\n" * 3
        made = check(contract := product({"rows.csv": text}, target="label", mask="[手机号]"), load(contract))
        assert [(f.code, f.count, f.examples) for f in made if f.damage == 3] == [
            ("personal_data", 3, tuple(f"rows.csv:{line}  message: write to [EMAIL]" for line in (203, 205, 207)))
        ]
        assert "anna@" not in repr(made)

    def test_versions_of_software_are_no_addresses_and_a_column_of_addresses_is(self, product: Product) -> None:
        def asked(versions: list[str]) -> list[str]:
            lines = [f"some words {i} of mine,{version},{'ab'[i % 2]}" for i, version in enumerate(versions * 25)]
            text = "\n".join(["message,version,label", *lines]) + "\n"
            made = check(contract := product({"rows.csv": text}, target="label"), load(contract))
            return [example for f in made if f.code == "personal_data" for example in f.examples]

        assert asked(["1.15.0", "1.108.1.1", "191.0", "23.4.5.6"]) == []
        assert asked(["41.15.0.7", "98.108.1.1", "191.0.4.3", "23.4.5.6"]) == [
            f"rows.csv:{line}  version: [IP]" for line in (2, 3, 4, 5, 6)
        ]

    def test_labels_that_contradict_each_other(self, product: Product) -> None:
        made = found(product, rows(200) + "the very same,a\nthe very same,b\nthe very same,a\n")
        assert made["label_conflicts"].count == 3
        assert made["label_conflicts"].examples[0] == "rows.csv:202  the very same · a"

    def test_few_rare_and_uneven_examples(self, product: Product) -> None:
        assert found(product, rows(60))["few_examples"].count == 60
        made = found(product, rows(400) + "seldom seen,rare\n")
        assert made["rare_classes"].examples == ("rare: 1",)
        assert "1 example, the most common 200" in made["imbalance"].what.en

    def test_one_row_in_twelve_is_uneven_and_one_in_five_is_not(self, product: Product) -> None:
        assert found(product, rows(600, "a" * 11 + "b"))["imbalance"].count == 50
        assert "imbalance" not in found(product, rows(600, "aaaab"))

    def test_a_time_that_parts_nothing_and_rows_that_nobody_is_asked_about(self, product: Product) -> None:
        text = re.sub(r",([ab])\n", r",\1,2024-01-05\n", rows(200)).replace("label\n", "label,at\n")
        text += "message number 7,,2024-01-05\na new message,,2024-01-05\n" * 2
        made = found(product, text, time="at")
        assert made["one_moment"].examples == ("2024-01-05T00:00:00",)
        assert made["repeated_unlabeled"].count == 3

    def test_missing_and_constant_inputs(self, product: Product) -> None:
        text = "message,tier,same,label\n" + "".join(
            f"message {i},{'' if i % 4 else i},x,{'ab'[i % 2]}\n" for i in range(200)
        )
        made = found(product, text, inputs="{message: text, tier: number, same: category}")
        assert made["missing_values"].examples == ("tier: 150 (75%)",)
        assert made["constant_columns"].examples == ("same",)

    def test_a_column_that_is_the_target_in_other_words(self, product: Product) -> None:
        text = "message,team,score,label\n" + "".join(
            f"message {i},{('north', 'south')[i % 2]},{i % 2 * 100 + i / 10},{'ab'[i % 2]}\n" for i in range(200)
        )
        assert found(product, text)["leaks"].examples == ("team: 100% (n = 152)", "score: 100% (n = 152)")

    def test_what_an_input_tells_is_never_looked_at_on_sealed_rows(self, product: Product) -> None:
        kinds = "{message: text, team: category, score: number}"
        odd, told = ["message,team,score,label"], ["message,team,score,label"]
        for i in range(200):
            team, label = "xy"[i % 2], f"card_{'ab'[i % 2]}"
            odd.append(f"message {i},{team},{i % 3},card_{'ab'[i // 2 % 2]}")
            told.append(f"test {i} {label},{team},{'' if i % 2 else i},{label}")
        codes = {"leaks", "label_in_text", "missing_tells"}
        assert not codes & set(found(product, "\n".join(odd), "\n".join(told), inputs=kinds))
        assert codes <= set(found(product, "\n".join(told), "\n".join(odd), inputs=kinds))

    def test_duplicates_and_overlap(self, product: Product) -> None:
        made = found(
            product, rows(200) + rows(200).partition("\n")[2], "message,label\nmessage number 0,a\nnew thing,b\n"
        )
        assert made["overlap"].count == 2
        assert made["overlap"].examples[0] == "rows.csv:2 = test.csv:2  message number 0"
        assert "; 36 in dev and the sealed set stay" in made["duplicates"].what.en
        assert made["duplicates"].count > 100

    def test_rejected_unlabeled_and_masked_rows_are_listed(self, product: Product) -> None:
        made = found(product, rows(200) + "no label,\nragged\n13812345678 is me,a\n", mask="[phone]")
        assert {code: made[code].count for code in ("rejected", "unlabeled", "masked")} == {
            "rejected": 1, "unlabeled": 1, "masked": 1,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "labels", "wanted"),
    [
        (["x", "y"] * 20, ["a", "b"] * 20, True),
        (["x", "y", "z", "x"] * 10, ["a", "b", "a", "a"] * 10, True),
        (["x", "y"] * 20, ["a", "b"] * 19 + ["a", "a"], False),
        ([f"v{i}" for i in range(40)], ["a", "b"] * 20, False),
        (["x", None] * 10 + [None] * 30, ["a", "b"] * 25, False),
        (["x", "y"] * 5, ["a", "b"] * 5, False),
        ([float(i) for i in range(40)], ["a"] * 20 + ["b"] * 20, True),
        ([float(i) for i in range(40)], ["a"] * 20 + ["b"] * 19 + ["a"], False),
        ([float(i // 2) for i in range(40)], ["a"] * 19 + ["b"] * 21, False),
    ],
)
def test_giving_the_target_away_means_without_an_error(values: list[Any], labels: list[str], wanted: bool) -> None:
    assert gives_away(pl.Series("value", values), pl.Series("label", labels)) is wanted


def test_no_advice_names_a_key_that_would_be_refused() -> None:
    keys = {key.name: key.later for key in KEYS}
    said = " ".join(words.en for pair in ADVICE.values() for words in pair)
    named = {word.rstrip(".:") for word in re.findall(r"\b(?:data|train|cost|proof|serve)\.[a-z_.]+", said)}
    assert named
    assert {name: keys.get(name, True) for name in named} == dict.fromkeys(named, False)
    assert set(ADVICE) <= set(TEXTS)


@pytest.mark.parametrize("code", TEXTS)
def test_every_finding_reads_in_both_languages(code: str) -> None:
    named = {*re.findall(r"{(\w+)}", TEXTS[code].en + TEXTS[code].zh)} - {"count"}
    made = finding(code, 1234, ["call 13812345678"] * 9, **dict.fromkeys(named, "some"))
    assert made.do.en
    assert made.do.zh
    assert "1,234" in made.what.en
    assert "1,234" in made.what.zh
    assert made.examples == ("call [PHONE]",) * 5
    assert made.damage in (1, 2, 3)


def test_an_example_is_one_line_and_what_is_missing_in_it_is_seen(product: Product) -> None:
    assert finding("masked", 1, ["a\nb\r\nc"]).examples == ("a b c",)
    rows = "".join(f"message {i} about a parcel that came late,,{'ab'[i % 2]}\n" for i in range(60))
    again = "message 1 about a parcel that came late,,a\n"
    codes = found(product, "text,note,label\n" + rows + again, inputs={"text": "text", "note": "category"})
    assert codes["label_conflicts"].examples[0] == "rows.csv:3  message 1 about a parcel that came late · – · b"


def test_a_month_alone_in_a_cell_is_nobodys_name(product: Product) -> None:
    rows = "".join(f"{('Jan', 'May', 'Anna Smith')[i % 3]},{i % 7},{'ab'[i % 2]}\n" for i in range(90))
    contract = product({"rows.csv": "when,size,label\n" + rows}, target="label", inputs={"when": "category"})
    loaded = load(contract)
    shown = {row["value"] for row in profiles(loaded, split(contract, loaded))[0]["top"]}
    assert shown == {"Jan", "May", "[PERSON_NAME]"}


def test_a_target_of_free_text_is_said_instead_of_a_class_a_row(product: Product) -> None:
    rows = "".join(f"sentence number {i} here,la phrase numero {i}\n" for i in range(120))
    codes = found(product, "en,label\n" + rows + "sentence number 3 here,une autre phrase\n")
    assert codes["free_text_target"].what.en.endswith("of the sealed rows 0.0% have a value that train has")
    contract = product({"rows.csv": "en,label\n" + rows}, target="label")
    assert 10 < len(split(contract, load(contract)).dev) < 40
    assert not codes.keys() & {"untrained_classes", "rare_classes", "untested_classes", "label_conflicts"}
