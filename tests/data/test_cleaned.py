"""Columns are cleaned as the packaged step cleans one value, twice is as once, and no row is renamed by it."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhinan.contract import CleanSpec
from zhinan.core import Column, Dataset, UserError
from zhinan.data import load, split
from zhinan.data.cleaned import blanked, cleaned, limited, step_options
from zhinan.data.cleaning import tidied
from zhinan.steps.clean import Clean, rules_of

EVERYTHING = CleanSpec("nfkc", "simplified", "text", "repair", "collapse", ("未填", "N.A.", "－９９９"), "clip")
SPECS = (
    EVERYTHING, CleanSpec(), CleanSpec("none", "traditional", "none", "none", "none"), CleanSpec("nfkc", "simplified"),
)  # fmt: skip
NASTY = (
    "cafÃ©", "锘挎垜", "鎴戠殑鍗′涪浜嗗晩", "&lt;b&gt;", "<br>", "&amp;amp;lt;", "&nbsp;", "ＡＢＣ",
    "１３８", "銀行", "發", "髮", "e\u0301",
    "\u200b", "  ", "\u3000", "â€™", "Â£", "未填", "n.a.", "<script>x</script>", "a < b", "<3",
    "&#xFF06;#xFF06;", "\x00",
    "ﷺ", "①", "…", "‾", "￣", "½", "😀", "👩‍👩‍👧", "[", "]", '"',
    '["a"]', "\ufeff", "Ω", "가", "-999", "&", ";", "\n", "\t", "\x85", "。",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=("Cs",)), max_size=4)).map("".join)


def in_training(texts: list[str | None], spec: CleanSpec, kind: Any = "text") -> list[str | None]:
    frame, _ = blanked(tidied(pl.DataFrame({"x": pl.Series(texts, dtype=pl.String)})), spec, ())
    notation = {"separator": ";"} if kind == "list" else {}
    return cleaned(frame, {"x": Column("x", kind, "", notation)}, spec, ())[0]["x"].to_list()


def in_serving(texts: list[str | None], spec: CleanSpec, kind: Any = "text") -> list[str | None]:
    options = {**step_options(spec, {}), "missing": spec.missing, "lists": ("x",) if kind == "list" else ()}
    done: list[str | None] = Clean(("x",), ("x",), {}, **options).run({"x": texts})["x"]
    return [value or None for value in done]


@pytest.mark.parametrize("spec", SPECS, ids=["everything", "defaults", "traditional", "swapped"])
def test_a_thousand_nasty_texts_are_cleaned_alike_in_training_and_serving_and_once_is_enough(spec: CleanSpec) -> None:
    draw = random.Random(1)
    texts = ["".join(draw.choices(NASTY, k=draw.randint(1, 12))) for _ in range(1000)]
    once = in_training(list(texts), spec)
    assert once == in_serving(list(texts), spec)
    assert once == in_serving(list(once), spec) == in_training(list(once), spec)
    assert once != texts


@settings(max_examples=300)
@given(st.lists(st.none() | TEXTS, max_size=5), st.sampled_from(SPECS))
@example(["&" + "amp;" * 40 + "lt;b>"], EVERYTHING)
@example(["&" + "#xFF06;" * 30], EVERYTHING)
@example(['["<b>x</b> 未填", "未填"]'], EVERYTHING)
def test_any_text_is_cleaned_alike_in_training_and_serving(texts: list[str | None], spec: CleanSpec) -> None:
    once = in_training(texts, spec)
    assert once == in_serving(texts, spec)
    assert once == in_serving(once, spec)


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
def test_letters_passed_over_are_those_that_a_normal_form_leaves_alone_wherever_they_stand(form: Any) -> None:
    letters = [letter for letter in map(chr, range(0x80, 0x20000)) if not 0xD800 <= ord(letter) < 0xE000]
    parts = (unicodedata.decomposition(letter).split() for letter in letters)
    joins = {chr(int(pair[1], 16)) for pair in parts if len(pair) == 2 and pair[0][0] != "<"}
    joins |= set(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))
    (rule,) = (rule for rule in rules_of(unicode=form.lower()) if rule.form)
    passed = pl.Series(letters).filter(~pl.Series(letters).str.contains(rule.may)).to_list()
    assert {"中", "é", "。", "あ", "한", "—", "😀"} <= set(passed)
    assert not [c for c in passed if c in joins or unicodedata.combining(c) or not unicodedata.is_normalized(form, c)]


@given(st.lists(st.none() | TEXTS, max_size=5))
def test_the_items_of_a_list_are_cleaned_one_by_one(texts: list[str | None]) -> None:
    once = in_training(texts, EVERYTHING, "list")
    assert once == in_serving(once, EVERYTHING, "list")
    assert all(text is None or isinstance(json.loads(text), list) for text in once)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("cafÃ©", "café"), ("itâ€™s â‚¬5 ðŸ˜€", "it’s €5 😀"), ("SÃ£o Paulo", "São Paulo"), ("CafÃƒÂ©", "Café"),
        ("锘挎垜", "我"), ("鎴戠殑鍗′涪浜嗗晩", "我的卡丢了啊"), ("Â£5", "£5"), ("e\u0301te\u0301", "été"),
        ("naïve café", "naïve café"), ("voilà…»", "voilà…»"), ("联通", "联通"), ("Ã", "Ã"), ("Ångström", "Ångström"),
        ("鎴戠殑鍗?", "鎴戠殑鍗?"), ("鎬荤粨", "总结"), ("我的卡丢了", "我的卡丢了"),
        ("ＡＢＣ，①", "ＡＢＣ，①"), ("<b>x</b> &amp; y", "<b>x</b> &amp; y"),
        ("銀行  卡", "銀行  卡"), ("À É Ê", "À É Ê"), ("ÇA C’EST «ÉTÉ»", "ÇA C’EST «ÉTÉ»"),
    ],
)  # fmt: skip
def test_without_options_only_what_is_surely_broken_is_mended(text: str, clean: str) -> None:
    assert in_serving([text], CleanSpec()) == [clean]


@pytest.mark.parametrize(
    ("option", "text", "clean"),
    [
        ({"html": "text"}, "if (a<b && c>d) {}", "if (a<b && c>d) {}"),
        ({"html": "text"}, "p <q and r> s", "p <q and r> s"),
        ({"html": "text"}, "<img src=x onerror='1>2'>pic", "pic"),
        ({"html": "text"}, "<input type=checkbox checked /><a data-x=\"a>b\" href='#'>q</a>", "q"),
        ({"html": "text"}, "<a href=x title=it's mine>q</a><font color='red>bad</font>", "qbad"),
        ({"html": "text"}, "<p>Hello&nbsp;<b>you</b><br/>a &lt; b</p>", "Hello\u00a0you a < b"),
        ({"html": "text"}, "a < b and c > d, <3, AT&T, x?a=1&copy=2", "a < b and c > d, <3, AT&T, x?a=1&copy=2"),
        ({"html": "text"}, "<script>alert('x')</script>hi<!-- no -->", "hi"),
        ({"html": "text"}, "call 138<b>0013</b>8000", "call 13800138000"),
        ({"unicode": "nfkc"}, "ＡＢＣ１２３，㎏", "ABC123,kg"),
        ({"chinese": "simplified"}, "我的銀行卡丟了，頭髮", "我的银行卡丢了，头发"),
        ({"chinese": "traditional"}, "我的银行卡丢了", "我的銀行卡丟了"),
        ({"whitespace": "collapse"}, "a \u3000 b\n\n\u200bc", "a b c"),
        ({"missing": ("未填", "n/a")}, "N/A", None),
        ({"missing": ("未填",), "unicode": "nfkc"}, "未填", None),
        ({"encoding": "none"}, "cafÃ©", "cafÃ©"),
    ],
)
def test_each_option_does_what_it_says(option: dict[str, Any], text: str, clean: str | None) -> None:
    assert in_training([text], CleanSpec(**option)) == in_serving([text], CleanSpec(**option)) == [clean]


def rows(n: int = 60) -> str:
    lines = ["message,amount,label"]
    lines += [f"my ＣＡＲＤ {i} 銀行 cafÃ© <b>x</b>,{i % 7 if i else 99999},{'ab'[i % 2]}" for i in range(n)]
    lines += ["未填,-999,a", "call 138<b>0013</b>8000 now,3,b"]
    return "\n".join(lines)


@pytest.mark.usefixtures("quick")
def test_masks_see_what_cleaning_uncovers_and_no_option_renames_a_row(product: Any) -> None:
    plain = load(product({"rows.csv": rows()}, target="label", mask="[phone]"))
    options = "{unicode: nfkc, chinese: simplified, html: text, missing: [未填, '-999'], outliers: clip}"
    contract = product({"rows.csv": rows()}, target="label", mask="[phone]", clean=options)
    done = load(contract)
    assert done.dataset.values("message")[0] == "my CARD 0 银行 café x"
    assert "call [PHONE] now" in done.dataset.values("message")
    assert "13800138000" not in repr(done.dataset.frame.to_dicts())
    assert set(plain.dataset.values("_row")) >= set(done.dataset.values("_row"))
    assert done.cleaned["html"] == {"message": 61}
    assert done.cleaned["chinese"]["message"] == done.cleaned["encoding"]["message"] == 60
    assert done.cleaned["missing"] == {"message": 1, "amount": 1}
    assert [reject.reason.en for reject in done.rejected] == ["every input is empty"]
    assert next(f for f in done.findings if f.code == "cleaned" and "(html)" in f.what.en).count == 61
    assert plain.cleaned == {"encoding": {"message": 60}}


@pytest.mark.usefixtures("quick")
def test_words_for_missing_mean_missing_in_a_target_of_numbers_and_are_classes_in_one_of_classes(product: Any) -> None:
    text = "message,price\n" + "".join(f"message {i},{i * 7}\n" for i in range(80)) + "a,-999\nb,not given\n" * 5
    clean = "{missing: [Not given, '-999']}"
    numbers = load(product({"rows.csv": text}, ("mae <= 9",), target="price", clean=clean))
    assert (numbers.task, numbers.rejected, numbers.unlabeled) == ("regress", (), 10)
    assert min(numbers.dataset.values("price")) == 0
    few = "message,why\n" + "".join(f"message {i},{i % 3}\n" for i in range(80)) + "a,-999\nb,not given\n" * 5
    assert {"-999", "not given"} <= set(load(product({"rows.csv": few}, target="why", clean=clean)).classes)


def part(numbers: list[float | None]) -> Dataset:
    frame = pl.DataFrame({"n": pl.Series(numbers, dtype=pl.Float64), "_row": [str(i) for i in range(len(numbers))]})
    return Dataset(frame, (Column("n", "number"),), None, None, None, "f")


@pytest.mark.usefixtures("quick")
def test_limits_are_learned_on_train_alone_and_packaged(product: Any) -> None:
    contract = product({"rows.csv": rows(200)}, target="label", clean="{outliers: clip}")
    parts = split(contract, load(contract))
    done, limits, outside = limited(parts, contract.data.clean)
    low, high = limits["amount"]
    known = parts.train.frame["amount"].drop_nulls()
    q1, q3 = known.quantile(0.25, "linear"), known.quantile(0.75, "linear")
    assert (low, high) == (q1 - 3 * (q3 - q1), q3 + 3 * (q3 - q1))
    assert done.sealed is parts.sealed
    assert done.train.fingerprint != parts.train.fingerprint
    for before, after in ((parts.train, done.train), (parts.dev, done.dev)):
        step = Clean(("amount",), ("amount",), {}, **step_options(contract.data.clean, limits))
        assert step.run({"amount": before.values("amount")})["amount"] == after.values("amount")
    assert sum(outside.values()) == int((known > high).sum() + (known < low).sum())
    assert limited(parts, CleanSpec()) == (parts, {}, {})


@pytest.mark.parametrize(
    ("clean", "code"),
    [("{unicode: nfd}", "E052"), ("{html: yes}", "E052"), ("{missing: [9]}", "E012"), ("{colour: red}", "E011")],
)
def test_a_wrong_option_is_refused_where_it_stands(product: Any, clean: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        product({"rows.csv": rows()}, target="label", clean=clean)
    assert (caught.value.code, caught.value.where.startswith("product.yaml:5:")) == (code, True)
