"""Files as other programs export them: titles above, totals between, a hyphen for nothing, objects in cells."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import UserError, Words, find
from zhinan.data import Finding, Raw, check, load, split
from zhinan.data.profiles import profiles
from zhinan.data.readers.jsonl import row_of
from zhinan.data.sandbox import read
from zhinan.package.inputs import columns

Product = Callable[..., Contract]

ROWS = "".join(f"2024-01-0{1 + i % 9},shop {i},{i}.5,{'ab'[i % 2]}\n" for i in range(30))
NAMES = "time,shop,paid,kind\n"


@pytest.fixture
def parsed(tmp_path: Path) -> Callable[[str], Raw]:
    """Reads a text as a CSV file, without a child process."""

    def read(text: str) -> Raw:
        (tmp_path / "rows.csv").write_text(text, "utf-8")
        return Raw.joined(find("reader", "csv").target(tmp_path / "rows.csv"))

    return read


def found(product: Product, text: str, **data: Any) -> dict[str, Finding]:
    contract = product({"rows.csv": text}, **{"target": "kind", **data})
    return {finding.code: finding for finding in check(contract, load(contract))}


@pytest.mark.parametrize(
    "above",
    [
        "Payments of Ann\nFrom: 2024-01-01\n\n",
        "Payments of Ann,,\nFrom: 2024-01-01 to: 2024-02-01,,\n",
        '"Payments, of Ann",,,\n,,,\n--- list ---,,,\n',
    ],
)
def test_lines_above_the_names_of_columns_are_passed_over_and_said(parsed: Callable[[str], Raw], above: str) -> None:
    raw = parsed(above + NAMES + ROWS)
    plain = parsed(NAMES + ROWS)
    assert raw.frame.drop("_line").equals(plain.frame.drop("_line"))
    assert raw.frame["_line"][0] == above.count("\n") + 2
    (said,) = raw.findings
    assert (said.code, said.count) == ("preamble", above.count("\n"))
    assert "Payments" in said.examples[0]


@pytest.mark.parametrize("table", [NAMES + ROWS, "message\tkind\nhello\ta\nand I\tb\n" * 2])
def test_comments_above_the_names_of_columns_are_passed_over(parsed: Callable[[str], Raw], table: str) -> None:
    raw, plain = parsed("# exported 2024\n# by Ann\n" + table), parsed(table)
    assert raw.frame.drop("_line").equals(plain.frame.drop("_line"))
    assert [(one.code, one.count) for one in raw.findings] == [("preamble", 2)]


def test_where_the_names_stand_further_down_the_refusal_says_so(product: Product) -> None:
    with pytest.raises(UserError) as caught:
        load(product({"rows.csv": "Payments of Ann\n\nmessage,kind\n" + "hello,a\nand I,b\n" * 9}, target="kind"))
    assert (caught.value.code, "do not stand in the first line" in caught.value.fix()) == ("E108", True)


def test_a_delimiter_behind_the_last_column_hides_no_names(parsed: Callable[[str], Raw]) -> None:
    rows = ROWS.replace("\n", ",\n")
    raw = parsed("Payments of Ann\n" + NAMES.replace("\n", ",\n") + rows)
    assert (raw.frame.columns[:4], raw.frame.height) == (["time", "shop", "paid", "kind"], 30)


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        ("msg,team,,,,,", ["where is it,shop,,,,,"] * 8 + ["and now,shop,see mail,,,,"] + ["I left,bank,,,,,"] * 60),
        ("text,,", [f"hello {i},good,{i % 7}x" for i in range(60)]),
    ],
)
def test_the_first_example_is_not_taken_for_the_names_where_columns_have_none(
    parsed: Callable[[str], Raw], names: str, rows: list[str]
) -> None:
    raw = parsed("\n".join([names, *rows]) + "\n")
    first = names.split(",", maxsplit=1)[0]
    assert (raw.frame.columns[0], raw.frame.height, raw.frame["_line"][0]) == (first, len(rows), 2)
    assert [one.code for one in raw.findings] == ["unnamed_columns"]


@pytest.mark.parametrize("sign", [";", "|", "\t"])
def test_a_file_may_say_what_parts_its_fields(parsed: Callable[[str], Raw], sign: str) -> None:
    text = "a,b\n1,2\n3,4\n".replace(",", sign)
    for first in ("", f"sep={sign}\n", f'\ufeff"sep={sign}"\r\n'):
        assert parsed(first + text).frame.drop("_line").rows() == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    "text",
    [
        "shop,paid,kind\n" + ROWS,  # names of all columns but the first, as R writes them
        "message\n" + "hello, my card, is lost\nand I, again, wait\n" * 9,
        "a,b,c\n1,2,3\n",
        "#id,message\n1,hello\n2,and I\n",
        "#hello\nof me\nand you\n",
        "note,,\n1,2,3\n4,5,6\n7,8,9\n1,1,2\n",  # no row of names
    ],
)
def test_what_may_be_names_of_columns_is_never_passed_over(parsed: Callable[[str], Raw], text: str) -> None:
    assert "preamble" not in [one.code for one in parsed(text).findings]


def test_rows_of_totals_are_left_out_and_said(product: Product) -> None:
    text = NAMES + ROWS + "华东小计,,435,\nGrand Total,,870,\nTotal,shop 9,1.5,a\n"
    contract = product({"rows.csv": text}, target="kind")
    loaded = load(contract)
    assert [(one.line, one.reason.en) for one in loaded.rejected] == [(32, "a row of totals"), (33, "a row of totals")]
    assert (loaded.rows, loaded.accepted, len(loaded.dataset)) == (33, 31, 31)
    said = next(one for one in loaded.findings if one.code == "totals")
    assert (said.count, said.examples) == (2, ("rows.csv:32", "rows.csv:33"))


def test_a_row_of_sums_with_one_empty_cell_is_one_of_totals(product: Product) -> None:
    rows = "".join(f"region {i % 3},{i},{i * 2},{i * 9.5},{'ab'[i % 2]}\n" for i in range(30))
    more = 'North total,435,870,"4,132.5",\ntotal,1,2,,a\nmy total,shop,2,3.5,b\n'
    loaded = load(product({"rows.csv": "region,jan,feb,sum,kind\n" + rows + more}, target="kind"))
    assert [one.line for one in loaded.rejected] == [32]


def test_a_text_that_ends_in_a_word_for_a_total_is_an_example(product: Product) -> None:
    rows = "".join(f"message {i},{'ab'[i % 2]}\n" for i in range(30))
    loaded = load(product({"rows.csv": "message,kind\n" + rows + "what is my total,\ntotal,\n"}, target="kind"))
    assert (loaded.unlabeled, loaded.rejected) == (2, ())


def test_a_text_that_ends_in_such_a_word_beside_numbers_is_an_example(product: Product) -> None:
    rows = "".join(f"message {i},{i % 5},{i % 3},{'ab'[i % 2]}\n" for i in range(30))
    more = "what is my total,4,2,\nwrong total,1,0,\n"
    loaded = load(product({"rows.csv": "message,stars,votes,kind\n" + rows + more}, target="kind"))
    assert (loaded.unlabeled, loaded.rejected) == (2, ())


def test_a_class_that_reads_like_nothing_is_told(product: Product) -> None:
    rows = "".join(f"message {i},{('a', 'b', '-', 'none')[i % 4]}\n" for i in range(80))
    said = found(product, "message,kind\n" + rows)["missing_labels"]
    assert (said.count, "'-'" in said.what.en) == (20, True)


def test_objects_in_cells_are_told(product: Product) -> None:
    rows = "".join(f'message {i},"[{{""id"": {i % 7}, ""tags"": []}}]",{"ab"[i % 2]}\n' for i in range(60))
    assert found(product, "message,user,kind\n" + rows)["nested_values"].examples == ("user",)
    rows = "".join(f'message {i},"{{""id"": {i % 7}, ""tags"": []}}",{"ab"[i % 2]}\n' for i in range(60))
    assert found(product, "message,user,kind\n" + rows)["parted_objects"].examples == ("user → user.id, user.tags",)


def test_whole_numbers_of_more_digits_than_a_number_holds_are_ids(product: Product) -> None:
    rows = "".join(f"message {i},{10**22 + i % 7},{2**60 + 200 * (i % 9)}.5,{'ab'[i % 2]}\n" for i in range(60))
    contract = product({"rows.csv": "message,no,large,kind\n" + rows}, target="kind")
    loaded = load(contract)
    assert {column.name: column.kind for column in loaded.columns}["no"] == "id"
    assert profiles(loaded, split(contract, loaded))


def test_numbers_too_large_to_lie_apart_have_a_histogram() -> None:
    from zhinan.data.profiles import _histogram

    for values in ([1e22, 1e22 + 2e6], [2.0**60] * 3, [-1e300, -1e300], [5.0, 5.0], [1.5, 2.5]):
        assert sum(_histogram(pl.Series(values), "value")["counts"]) == len(values)


def test_long_numbers_that_a_spreadsheet_cut_short_are_told(product: Product) -> None:
    rows = "".join(f"message {i},1.38{i % 5}01E+10,2.5e10,{'ab'[i % 2]}\n" for i in range(60))
    said = found(product, "message,phone,large,kind\n" + rows, person="phone")["shortened_numbers"]
    assert (said.count, said.examples) == (60, ("phone: 60",))


def test_where_a_line_of_json_breaks_off_is_said() -> None:
    told = row_of('{"a": 1, "b": "x')
    assert isinstance(told, Words)
    assert told.en == "not valid JSON: Unterminated string starting at character 15"


def test_moments_whose_zone_may_be_several_are_told(product: Product) -> None:
    rows = "".join(f"message {i},2024-01-{1 + i % 28:02d} 10:{i:02d} CST,{'ab'[i % 2]}\n" for i in range(60))
    assert found(product, "message,seen,kind\n" + rows)["unclear_zones"].examples == ("seen: CST",)
    assert "unclear_zones" not in found(product, "message,seen,kind\n" + rows, zone="Asia/Shanghai")


def test_what_a_division_by_zero_leaves_is_missing_and_told(product: Product) -> None:
    def ratio(i: int) -> str:
        return ("inf", "-inf", "NaN")[i // 20 % 3] if i % 20 == 0 else f"{i / 7:.3f}"

    rows = "".join(f"message {i},{ratio(i)},{'ab'[i % 2]}\n" for i in range(120))
    contract = product({"rows.csv": "message,ratio,kind\n" + rows}, target="kind")
    loaded = load(contract)
    said = next(one for one in loaded.findings if one.code == "infinite_values")
    assert (said.count, said.examples, loaded.rejected) == (4, ("ratio: 4",), ())
    assert loaded.dataset.frame["ratio"].null_count() == 6
    held = pl.DataFrame({"message": ["a"] * 9, "ratio": [math.inf, -math.inf, *map(float, range(7))]})
    sent = columns({"message": "text", "ratio": "number"}, held)[0]
    assert sent["ratio"] == [None, None, *range(7)]


def test_the_names_of_the_columns_are_no_example_wherever_they_stand_again(product: Product) -> None:
    months = ["".join(f"message {m} {i},{i}.5,{'ab'[i % 2]}\n" for i in range(30)) for m in range(3)]
    contract = product({"rows.csv": "".join("message,paid,kind\n" + month for month in months)}, target="kind")
    loaded = load(contract)
    assert (loaded.classes, len(loaded.dataset), loaded.rows) == (("a", "b"), 90, 92)
    said = next(one for one in loaded.findings if one.code == "repeated_names")
    assert said.examples == ("rows.csv:32", "rows.csv:63")
    assert {column.name: column.kind for column in loaded.columns}["paid"] == "number"


@pytest.mark.parametrize(
    ("text", "first", "said"),
    [
        ('"a, {i} \\"b\\" c:\\\\x",{i}\n', 'a, 0 "b" c:\\x', ("escaped_quotes",)),
        ('"c:\\dir\\",{i}\n', "c:\\dir\\", ()),
        ('a \\"b\\" {i},{i}\n', 'a \\"b\\" 0', ()),
        ('{i}, "a, {i}"\n', "0", ()),
        ("a {i},{i},\n", "a 0", ()),
        ('"say ""b"" {i}",{i}\n', 'say "b" 0', ()),
    ],
    ids=["escaped", "a path", "no quotes", "a blank before quotes", "a comma at the end", "doubled"],
)
def test_quotes_are_read_as_the_file_writes_them(
    parsed: Callable[[str], Raw], text: str, first: str, said: tuple[str, ...]
) -> None:
    raw = parsed("text,label\n" + "".join(text.replace("{i}", str(i)) for i in range(40)))
    assert (raw.frame.height, raw.rejected, raw.frame["text"][0]) == (40, (), first)
    assert tuple(found.code for found in raw.findings) == said
    assert not raw.frame["label"].str.contains('"').any()


@pytest.mark.parametrize(("name", "fix"), [("m.txt", ".tsv where tabs"), ("m.tgz", "unpack it")])
def test_a_file_that_is_read_under_another_name_says_so(tmp_path: Path, name: str, fix: str) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match="E101") as caught:
        read(tmp_path / name)
    assert fix in caught.value.fix()
