"""Every row of a contract's files is accounted for, typed, tidied and masked before it leaves loading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import Loaded, load, split
from zhinan.steps.mask import person_secret, pseudonym

Product = Callable[..., Contract]
pytestmark = pytest.mark.usefixtures("quick")

ROWS = "message,label\n" + "".join(f"message number {i} for you,{'ab'[i % 2]}\n" for i in range(40))


def refused(contract: Contract) -> UserError:
    with pytest.raises(UserError) as caught:
        load(contract)
    return caught.value


def test_five_lines_of_contract_are_enough(product: Product) -> None:
    loaded = load(product({"rows.csv": ROWS}, target="label"))
    assert [(c.name, c.kind) for c in loaded.dataset.inputs] == [("message", "text")]
    assert (loaded.rows, loaded.accepted, loaded.classes) == (40, 40, ("a", "b"))
    assert loaded.encodings == {"rows.csv": "utf-8"}
    assert loaded.dataset.frame.columns == ["message", "label", "_row"]


def test_values_are_typed_tidied_and_empty_ones_null(product: Product) -> None:
    text = "text,amount,sure,day,label\n" + "\ufeff hello\x07 ,1.50,Yes,2024-01-31, a \n" + "x y,NA,no,,b\n" * 3
    inputs = "{text: text, amount: number, sure: flag, day: time}"
    frame = load(product({"rows.csv": text}, target="label", inputs=inputs)).dataset.frame
    assert frame.drop("_row").row(0) == ("hello", 1.5, True, datetime(2024, 1, 31), "a")
    assert frame.drop("_row").row(1) == ("x y", None, False, None, "b")


def test_real_words_that_look_missing_stay_in_texts_and_classes(product: Product) -> None:
    text = "text,label\nNone,NA\nnull,b\nN/A,NA\n"
    loaded = load(product({"rows.csv": text}, target="label", inputs="{text: text}"))
    assert loaded.dataset.frame["text"].to_list() == ["None", "null", "N/A"]
    assert loaded.classes == ("NA", "b")


def test_a_row_without_target_is_unlabeled_and_not_rejected(product: Product) -> None:
    loaded = load(product({"rows.csv": ROWS + "no label here,\n" * 9}, target="label"))
    assert (loaded.rows, loaded.accepted, loaded.unlabeled, len(loaded.dataset)) == (49, 49, 9, 40)
    assert loaded.rejected == ()


def test_values_that_do_not_fit_and_rows_without_input_are_rejected_with_their_line(product: Product) -> None:
    text = "amount,label\n" + "1,a\n2,b\n" * 30 + "much,a\n,b\n"
    loaded = load(product({"rows.csv": text}, target="label", inputs="{amount: number}"))
    assert [(r.file, r.line, r.reason.en, r.excerpt) for r in loaded.rejected] == [
        ("rows.csv", 62, "amount: not a number", "much"),
        ("rows.csv", 63, "every input is empty", ""),
    ]
    assert (loaded.rows, loaded.accepted) == (62, 60)


def test_too_many_values_that_do_not_fit_stop(product: Product) -> None:
    text = "amount,label\n" + "1,a\n2,b\n" * 30 + "much,a\n" * 9
    error = refused(product({"rows.csv": text}, target="label", inputs="{amount: number}"))
    assert error.code == "E108"
    assert "9 of 69 rows" in error.what()


def test_the_column_that_most_rows_fail_is_the_reason_told(product: Product) -> None:
    text = "amount,born,label\n" + "1,then,a\n2,then,b\n" * 30 + "much,then,a\n"
    error = refused(product({"rows.csv": text}, target="label", inputs="{amount: number, born: time}"))
    assert "61 of 61 rows" in error.what()
    assert "2024Q1 (61, such as 'then')" in error.what()


@given(rows=st.lists(st.tuples(st.sampled_from(["1", "2", "x", ""]), st.sampled_from(["a", "b", ""])), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_rows_are_accepted_or_rejected_and_accepted_ones_labelled_or_not(
    product: Product, rows: list[tuple[str, str]]
) -> None:
    good = [("1", "a"), ("2", "b")] * 400
    text = "n,label\n" + "".join(f"{n},{label}\n" for n, label in [*good, *rows])
    loaded = load(product({"rows.csv": text}, target="label", inputs="{n: number}"))
    blank = rows.count(("", ""))
    assert loaded.rows == 800 + len(rows) - blank
    assert loaded.rows == loaded.accepted + len(loaded.rejected)
    assert loaded.accepted == len(loaded.dataset) + loaded.unlabeled


def test_masks_come_before_everything_else(product: Product) -> None:
    text = (
        "user,message,note,label\n"
        + "13812345678,call 13812345678 or a@b.com,13812345678,x\n" * 2
        + "anna,ok then,,y\n"
    )
    contract = product(
        {"rows.csv": text}, target="label", person="user", inputs="{message: text}", mask="[phone]", slices="[note]"
    )
    loaded = load(contract)
    assert loaded.dataset.values("message")[0] == "call [PHONE] or a@b.com"
    assert loaded.dataset.values("note")[0] == "[PHONE]"
    assert loaded.dataset.values("user") == [pseudonym("13812345678", person_secret())] * 2 + ["anna"]
    assert loaded.masked == 6
    assert "13812345678" not in repr(loaded)


def test_a_column_of_masked_numbers_is_no_number(product: Product) -> None:
    text = "contact,text,label\n" + "".join(f"1381234{i},hello there {i},{'ab'[i % 2]}\n" for i in range(1000, 1040))
    loaded = load(product({"rows.csv": text}, target="label", mask="[phone]"))
    assert {c.name: c.kind for c in loaded.columns}["contact"] == "id"
    assert [c.name for c in loaded.dataset.inputs] == ["text"]
    assert "1381234" not in str(loaded.dataset.frame.rows())


def test_the_test_file_is_typed_like_the_source(product: Product) -> None:
    source = "zip,n,label\n" + "".join(f"{i},{i}.5,{'ab'[i % 2]}\n" for i in range(30))
    test = "label,extra,n,zip\n" + "a,?,7,00123\nb,?,8,9\n"
    contract = product({"rows.csv": source, "held.csv": test}, target="label", inputs="{zip: category, n: number}")
    loaded = load(contract)
    assert loaded.test is not None
    assert loaded.test.values("zip") == ["00123", "9"]
    assert loaded.test.values("n") == [7.0, 8.0]
    assert loaded.test.frame.columns == loaded.dataset.frame.columns
    assert (loaded.rows, len(loaded.dataset), len(loaded.test)) == (32, 30, 2)


def test_rejects_of_two_files_with_the_same_name_stay_apart(product: Product, tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    rows = "n,label\n" + "1,a\n2,b\n" * 30
    contract = product(
        {"rows.csv": rows + "x,a\n", "held/rows.csv": rows + "y\n"}, target="label", inputs="{n: number}"
    )
    assert [(r.file, r.line) for r in load(contract).rejected] == [("held/rows.csv", 62), ("rows.csv", 62)]


def test_identifiers_and_empty_columns_are_left_out_and_that_is_said(product: Product) -> None:
    text = "id,message,nothing,label\n" + "".join(f"{i},hello to you {i},,{'ab'[i % 2]}\n" for i in range(20))
    loaded = load(product({"rows.csv": text}, target="label"))
    assert [c.name for c in loaded.dataset.inputs] == ["message"]
    assert {f.code: f.examples for f in loaded.findings} == {
        "identifier_columns": ("id",),
        "empty_columns": ("nothing",),
    }


def test_columns_that_lines_group_by_are_kept_but_are_no_inputs(product: Product) -> None:
    text = "message,channel,tier,label\n" + "hello to you,web,1,a\nbye to you,app,2,b\n" * 3
    must = ("gap(recall, by=channel) <= 15 pt", "recall[a, tier=1] >= 50%")
    loaded = load(product({"rows.csv": text}, must, target="label", inputs="{message: text}"))
    assert loaded.dataset.frame.columns == ["message", "label", "channel", "tier", "_row"]
    assert loaded.dataset.values("tier")[0] == "1"


@pytest.mark.parametrize(
    ("must", "data", "code", "said"),
    [
        ((), {"target": "lable"}, "E050", "did you mean 'label'?"),
        ((), {"inputs": "{mesage: text}"}, "E050", "did you mean 'message'?"),
        (("gap(recall, by=chanel) <= 15 pt",), {}, "E050", "did you mean 'channel'?"),
        (("recall[yess] >= 50%",), {}, "E050", "did you mean 'yes'?"),
        (("recall >= 50%",), {}, "E051", "macro_recall"),
        (("recall[yes, channel=wed] >= 50%",), {}, "E118", "did you mean 'web'?"),
    ],
)
def test_a_name_the_data_does_not_have_is_refused_with_its_line(
    product: Product, must: tuple[str, ...], data: dict[str, str], code: str, said: str
) -> None:
    text = "message,channel,label\n" + "hello,web,yes\nbye,app,no\nhm,app,maybe\n" * 3
    error = refused(product({"rows.csv": text}, must or ("accuracy >= 50%",), **{"target": "label", **data}))
    assert error.code == code
    assert said in error.fix()
    assert error.where.startswith("product.yaml:")


@pytest.mark.parametrize(
    ("files", "data", "code"),
    [
        ({"rows.csv": "message,label\nhi,a\nho,a\nhu,a\n"}, {}, "E114"),
        ({"rows.csv": "message,label\nhi,a\nho,b\nhu,\n"}, {}, "E115"),
        ({"rows.csv": "message,label\nhi,\nho,\n"}, {}, "E115"),
        ({"rows.csv": "message,label\n"}, {}, "E115"),
        ({"rows.csv": "id,label\n1,a\n2,b\n3,b\n"}, {}, "E117"),
        ({"rows.csv": ROWS, "test.csv": "text,label\nhi,a\n"}, {}, "E111"),
        ({"rows.csv": ROWS}, {"source": "none.csv"}, "E100"),
    ],
)
def test_data_that_cannot_be_learned_from_is_refused(
    product: Product, files: dict[str, str], data: dict[str, str], code: str
) -> None:
    assert refused(product(files, **{"target": "label", **data})).code == code


def test_a_test_file_without_labels_is_refused_as_such(product: Product) -> None:
    source = "message,label\n" + "".join(f"message {i} of mine,{'ab'[i % 2]}\n" for i in range(40))
    contract = product({"m.csv": source, "te.csv": "message,label\nwords to you,\n"}, target="label")
    with pytest.raises(UserError) as caught:
        split(contract, load(contract))
    assert (caught.value.code, caught.value.where) == ("E123", contract.where["data.test"])


def test_without_a_time_a_row_cannot_be_placed_in_time(product: Product) -> None:
    text = "message,at,label\n" + "".join(f"hello to {i},2024-01-{i % 28 + 1:02d},{'ab'[i % 2]}\n" for i in range(60))
    loaded = load(product({"rows.csv": text + "late,,a\nlater,soon,b\n"}, target="label", time="at"))
    assert [r.reason.en for r in loaded.rejected] == [
        "no time, and time decides the split",
        "at: not a date or time such as 2024-03-05 10:00, 5 Mar 2024 or 2024Q1",
    ]


def _loaded(product: Product, text: str) -> Loaded:
    return load(product({"rows.csv": text}, target="label"))


def test_the_fingerprint_is_of_the_content_and_not_of_its_order(product: Product) -> None:
    lines = ROWS.splitlines()
    first = _loaded(product, ROWS)
    turned = _loaded(product, "\n".join([lines[0], *reversed(lines[1:])]))
    swapped = _loaded(product, "\n".join(",".join(reversed(line.split(","))) for line in lines))
    other = _loaded(product, ROWS.replace("number 7", "number 70"))
    assert first.dataset.fingerprint == turned.dataset.fingerprint == swapped.dataset.fingerprint
    assert first.dataset.fingerprint != other.dataset.fingerprint
    assert sorted(first.dataset.values("_row")) == sorted(swapped.dataset.values("_row"))


def test_a_rows_name_does_not_change_with_the_contract(product: Product) -> None:
    text = "message,channel,label\n" + "hello to you,web,a\nbye to you,app,b\n" * 3
    narrow = load(product({"rows.csv": text}, target="label", inputs="{message: text}"))
    wide = load(product({"rows.csv": text}, target="label", inputs="{message: text, channel: category}"))
    assert narrow.dataset.values("_row") == wide.dataset.values("_row")
    assert narrow.dataset.fingerprint != wide.dataset.fingerprint


def test_a_slip_among_many_numbers_is_a_rejected_row_and_no_category(product: Product) -> None:
    text = "age,label\n" + "".join(f"{20 + i % 50},{'ab'[i % 2]}\n" for i in range(400)) + "x,a\n"
    loaded = load(product({"rows.csv": text}, target="label"))
    assert loaded.dataset.inputs[0].kind == "number"
    assert loaded.dataset.inputs[0].why.en == "every value but 1 is a number"
    assert [(one.line, one.excerpt) for one in loaded.rejected] == [(402, "x")]


def test_each_reason_for_rejected_rows_is_said_with_how_many_it_cost(product: Product) -> None:
    rows = [f"{20 + i % 50},{10 + i % 50},{'ab'[i % 2]}\n" for i in range(800)]
    text = "age,weight,label\n" + "".join(rows) + "x,50,a\ny,51,a\n60,z,b\n"
    found = next(one for one in load(product({"rows.csv": text}, target="label")).findings if one.code == "rejected")
    assert found.examples == ("rows.csv:802 age: not a number (2 rows)", "rows.csv:804 weight: not a number")
