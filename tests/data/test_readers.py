"""Every row of a file is accepted or rejected with its line and a reason, however damaged the file is."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import UserError, find
from zhinan.data import Raw
from zhinan.data.delimited import MAX_FIELD
from zhinan.data.readers.jsonl import row_of

CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
CELLS = st.text(CHARACTERS, max_size=8)
DAMAGE = st.sampled_from(["ragged", "nul", "quote", "long"])


def parsed(content: bytes | str, suffix: str = ".csv") -> Raw:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rows{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        made = find("reader", suffix[1:]).target(path)
        return made if isinstance(made, Raw) else Raw.joined(made)


def rejects(raw: Raw) -> list[tuple[int, str]]:
    return [(reject.line, reject.reason.en) for reject in raw.rejected]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12), st.sampled_from(["\r\n", "\n"]))
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str, str]], end: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    raw = parsed(text.getvalue())
    assert raw.frame.drop("_line").rows() == [row for row in rows if any(row)]
    assert raw.rejected == ()


@given(st.lists(st.tuples(st.from_regex(r"[a-z汉]{1,5}", fullmatch=True), st.none() | DAMAGE), min_size=1, max_size=20))
def test_rows_in_are_rows_accepted_plus_rows_rejected(rows: list[tuple[str, str | None]]) -> None:
    forms = {None: "{0},{0}", "ragged": "{0}", "nul": "{0},\0{0}", "quote": '{0},"{0}"x', "long": "{0},{0},{0}"}
    raw = parsed("\n".join(["a,b", *(forms[damage].format(word) for word, damage in rows)]))
    assert raw.frame["a"].to_list() == [word for word, damage in rows if damage is None]
    assert [line for line, _ in rejects(raw)] == [i + 2 for i, (_, damage) in enumerate(rows) if damage]


@given(st.binary(max_size=200), st.sampled_from([".csv", ".tsv", ".jsonl"]))
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str) -> None:
    try:
        raw = parsed(content, suffix)
    except UserError:
        return
    lines = raw.frame["_line"].to_list()
    assert lines == sorted(set(lines))
    assert not set(lines) & {reject.line for reject in raw.rejected}


def test_an_open_quote_costs_its_own_line_and_no_other() -> None:
    raw = parsed('a,b\n1,x\n2,"open\n3,y\n4,"two\nlines"\n5,z\n')
    assert raw.frame.rows() == [("1", "x", 2), ("3", "y", 4), ("4", "two\nlines", 5), ("5", "z", 7)]
    assert rejects(raw) == [(3, "quotes do not match")]


def test_line_numbers_count_lines_of_the_file_not_rows() -> None:
    raw = parsed('a,b\n"1\n1",x\n\n,\nragged\n')
    assert raw.frame.rows() == [("1\n1", "x", 2)]
    assert rejects(raw) == [(6, "1 fields instead of 2")]


def test_an_empty_line_below_the_first_row_makes_no_names_of_it() -> None:
    raw = parsed("a,b\n1,x\n\n2,y\n")
    assert raw.frame.rows() == [("1", "x", 2), ("2", "y", 4)]
    assert not raw.findings


def test_real_words_that_look_missing_survive() -> None:
    raw = parsed("a,b\nNA,None\nnull,nan\n 1.0 ,007\n")
    assert raw.frame.drop("_line").rows() == [("NA", "None"), ("null", "nan"), (" 1.0 ", "007")]


@pytest.mark.parametrize(("encoding", "hurt"), [("utf-8", b"\xe5\x8d"), ("gb18030", b"\xb0\xff")])
def test_a_row_that_is_not_text_is_rejected_alone(encoding: str, hurt: bytes) -> None:
    lines = [f"第{i}条消息写得很好".encode(encoding) + b",x" for i in range(9)]
    lines[4] = b"abc" + hurt + b",x"
    raw = parsed(b"\n".join(["消息,类别".encode(encoding), *lines]))
    assert raw.encoding == encoding
    assert rejects(raw) == [(6, "not valid text in the file's encoding")]
    assert raw.frame["消息"][7] == "第8条消息写得很好"


def test_a_damaged_line_inside_quotes_costs_the_whole_record() -> None:
    raw = parsed("a,b\n1,好\n".encode() + b'2,"x\n\xff\ny"\n' + "3,好\n4,好\n".encode())
    assert rejects(raw) == [(3, "not valid text in the file's encoding")]
    assert raw.frame["a"].to_list() == ["1", "3", "4"]


def test_excerpts_are_masked_short_and_few() -> None:
    raw = parsed("a,b\n" + "call me 13812345678 anna@example.com 4111111111111111 11010519491231002X\n" * 300)
    assert raw.rejected[0].excerpt == "call me [PHONE] [EMAIL] [BANK_CARD] [ID_CARD]"
    assert raw.rejected[-1].excerpt == ""
    assert len(raw.rejected) == 300


def test_a_huge_field_is_rejected() -> None:
    raw = parsed(f"a,b\n1,{'x' * (MAX_FIELD + 1)}\n2,y\n")
    assert (rejects(raw)[0][0], raw.frame["a"].to_list()) == (2, ["2"])
    assert "longer than" in rejects(raw)[0][1]


def test_semicolons_and_tabs_are_seen_and_old_line_ends_too() -> None:
    assert parsed("a;b\r1,5;x\r").frame.rows() == [("1,5", "x", 2)]
    assert parsed("a\tb\n1,5\tx\n").frame.rows() == [("1,5", "x", 2)]
    assert parsed('a\tb\n"x\ty",z\n1\t2\n', ".tsv").frame["a"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "E104"), ("\n \r\n", "E104"), ("a,b,a\n1,2,3\n", "E105"), (" a,b,a \n1,2,3\n", "E105"),
        (",".join(f"c{i}" for i in range(500_000)) + "\n1\n", "E106"), ('"a,b\n1,2\n', "E106"),
        ("_row,b\n1,2\n", "E107"),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_used_is_refused(content: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parsed(content)
    assert caught.value.code == code
    assert caught.value.text("zh") != caught.value.text()


def test_columns_without_a_name_get_one_and_that_is_said() -> None:
    raw = parsed(",message,\n0,hello,x\n")
    assert raw.frame.columns == ["column 1", "message", "column 3", "_line"]
    assert [(f.code, f.count) for f in raw.findings] == [("unnamed_columns", 2)]


def test_json_lines_keep_the_text_of_numbers_and_the_union_of_keys() -> None:
    raw = parsed('{"a": 1.50, "b": true}\n\n{"b": null, "c": [1, {"d": 2.0}], "a": "NA"}\n', ".jsonl")
    assert raw.frame.columns == ["a", "b", "c", "_line"]
    assert raw.frame.rows() == [("1.50", "true", None, 1), ("NA", None, '[1, {"d": 2.0}]', 3)]


@pytest.mark.parametrize(
    "line",
    [
        "[1]", "5", '{"a": 1', "{'a': 1}", '{"a": NaN}', '{"a": 1, "a": 2}', '{"a": "\\ud83d"}', '{"a": "x\\u0000y"}',
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"a": "' + "x" * (MAX_FIELD + 1) + '"}', "{} {}",
    ],
)  # fmt: skip
def test_a_json_line_that_breaks_the_rules_is_rejected_alone(line: str) -> None:
    raw = parsed(f'{{"a": "1"}}\n{line}\n{{"a": "3"}}\n', ".jsonl")
    assert raw.frame["a"].to_list() == ["1", "3"]
    assert [reject.line for reject in raw.rejected] == [2]


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "键"]), CELLS, min_size=1), min_size=1, max_size=8))
def test_json_lines_are_read_back(rows: list[dict[str, str]]) -> None:
    raw = parsed("".join(json.dumps(row) + "\n" for row in rows), ".jsonl")
    assert [{k: v for k, v in row.items() if v is not None} for row in raw.frame.drop("_line").to_dicts()] == rows


def test_an_element_of_a_list_that_is_no_text_is_rejected_alone_and_boxes_are_refused(tmp_path: Path) -> None:
    rows = [f'{{"a": "中 {i}", "b": {i}}}'.encode() for i in range(20)]
    rows[3] = b'{"a": "caf\xe9",\n "b": 3}'
    raw = parsed(b"[" + b",\n".join(rows) + b"]", ".json")
    assert (raw.frame.height, rejects(raw)) == (19, [(4, "not valid text in the file's encoding")])
    boxes = '{"images": [{"id": 1, "file_name": "中.png", "width": 9, "height": 9}],\n "categories": [\n'
    with pytest.raises(UserError) as caught:
        parsed(boxes.encode() + b'{"id": 1, "name": "caf\xe9"}\n], "annotations": []}', ".json")
    assert (caught.value.code, caught.value.where) == ("E103", "rows.json:3")


TABLE = [("0", "text 0, [x]", "true"), ("1.50", 'a "text": 1', None), ("20000000000000000001", "文本", "false")]


@pytest.mark.parametrize(
    "text",
    [
        '{"count": 3, "data": [%s], "next": null}', ' { "ok" : {"data": [{"n": 9}]} , "rows":[%s]}\n',
        '{"n": [0, 1.50, 20000000000000000001], "text": ["text 0, [x]", "a \\"text\\": 1", "文本"], '
        '"b": [true, null, false]}',
        '{"n": {"0": 0, "7": 1.50, "9": 20000000000000000001}, "text": {"0": "text 0, [x]", "7": "a \\"text\\": 1", '
        '"9": "文本"}, "b": {"0": true, "7": null, "9": false}}',
    ],
)  # fmt: skip
def test_an_object_that_holds_a_list_or_columns_is_a_table(text: str) -> None:
    rows = ", ".join(f'{{"n": {n}, "text": {json.dumps(said)}, "b": {flag or "null"}}}' for n, said, flag in TABLE)
    raw = parsed(text % rows if "%s" in text else text, ".json")
    assert raw.frame.select("n", "text", "b").rows() == TABLE
    assert raw.frame["_line"].to_list() == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    ['{"a": [1], "b": [1, 2]}', '{"a": {"0": 1}, "b": {"1": 1}}', '{"a": 1}', "{}", '{"a": [[1]]}',
     '{"\\ud800": ["a"]}',
     '{"a": [{"x": 1}], "b": [{"x": 1}]}', '{"a": [1], "a": [2]}', '{"a": [1'],
)  # fmt: skip
def test_what_is_no_table_by_columns_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parsed(text, ".json")
    assert caught.value.code == "E191"


def test_half_a_character_in_a_table_by_columns_costs_its_own_row_alone() -> None:
    raw = parsed('{"a": ["x", "\\ud800", "z"], "b": [1, 2, 3]}', ".json")
    assert raw.frame.rows() == [("x", "1", 1), ("z", "3", 3)]
    assert [(one.line, one.reason.en) for one in raw.rejected] == [(2, "half of a surrogate pair")]


def test_many_nested_values_of_a_line_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    whole = json.loads

    def counted(text: str, **options: object) -> object:
        reads.append(text)
        return whole(text, **options)

    monkeypatch.setattr(json, "loads", counted)
    row = row_of(json.dumps({f"k{i}": [i, 1.5] for i in range(50)}))
    assert isinstance(row, dict)
    assert row["k7"] == "[7, 1.5]"
    assert len(reads) == 1, "and once more before, by the strict decoder"


def test_a_name_that_stands_twice_in_an_archive_loses_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "x,y\n3,4\n")
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    with pytest.raises(UserError, match="twice") as caught:
        Raw.joined(find("reader", "zip").target(path))
    assert caught.value.code == "E133"


def test_the_files_of_a_folder_come_many_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhinan.data.readers.folder.CHUNK", 3)
    for i in range(7):
        (tmp_path / "ab"[i % 2]).mkdir(exist_ok=True)
        (tmp_path / "ab"[i % 2] / f"{i}.txt").write_bytes(b"\0" if i == 4 else f"text {i}".encode())
    (tmp_path / "a" / "notes.dat").write_text("rows", "utf-8")
    (tmp_path / ".hidden").write_text("rows", "utf-8")
    made = list(find("reader", "folder").target(tmp_path))
    assert [(raw.frame.height, len(raw.rejected)) for raw in made] == [(2, 1), (3, 0), (1, 0)]
    assert Raw.joined(made).frame["_member"].to_list() == [
        "a/0.txt",
        "a/2.txt",
        "a/6.txt",
        "b/1.txt",
        "b/3.txt",
        "b/5.txt",
    ]
