"""What a file is decides how it is read, not its name; types become the text that gives them back; no code runs."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import zlib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.conformance.readers import samples
from zhinan.core import UserError, find
from zhinan.data import Raw, read
from zhinan.data import delimited as room
from zhinan.data.child import stretches
from zhinan.data.decode import Block
from zhinan.data.frames import raw_of
from zhinan.data.kinds import explicit
from zhinan.data.notations import read_lists
from zhinan.data.style import Style
from zhinan.data.written import text_of, texts_of
from zhinan.package.inputs import columns
from zhinan.steps.values.lists import JSON, read_list


def read_as(reader: str, path: Path, **options: object) -> Raw:
    return Raw.joined(stretches(reader, str(path), options))


def refused(reader: str, path: Path, **options: object) -> UserError:
    with pytest.raises(UserError) as caught:
        read_as(reader, path, **options)
    return caught.value


class Danger:
    """Would write a file if it were ever unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx", ".jsonl"])
@pytest.mark.parametrize("form", ["0", "1", "2", "3", "4", "5", "joblib", "npy", "hdf5"])
def test_what_would_run_code_is_refused_by_its_bytes_whatever_its_name(tmp_path: Path, form: str, suffix: str) -> None:
    danger = Danger(tmp_path / "ran")
    forms = {
        "joblib": zlib.compress(pickle.dumps(danger)),
        "npy": _npy(np.array([danger])),
        "hdf5": b"\x89HDF\r\n\x1a\n" + b"\0" * 99,
    }
    path = tmp_path / f"rows{suffix}"
    path.write_bytes(forms[form] if form in forms else pickle.dumps([danger, {"a": 1}], protocol=int(form)))
    reader = "csv" if suffix == ".csv" else "jsonl" if suffix == ".jsonl" else "excel" if "x" in suffix else "parquet"
    assert refused(reader, path).code == "E130"
    assert not (tmp_path / "ran").exists()


def test_words_that_only_look_like_another_format_are_read(tmp_path: Path) -> None:
    for name, text in {"c": "city\nparis\np1\n", "b": "BZh,x\n1,2\n", "o": "ORC,x\n1,2\n", "x": "x,y\n1,2\n"}.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text)
        assert read_as("csv", path).frame.height >= 1


def test_a_table_under_a_wrong_name_is_read_as_what_it_is_and_that_is_said(tmp_path: Path) -> None:
    for reader in ("parquet", "excel"):
        content, rows = samples(find("reader", reader)).popitem()[1]
        path = tmp_path / "rows.csv"
        path.write_bytes(content)
        raw = read_as("csv", path)
        assert (raw.frame.height, [f.code for f in raw.findings]) == (rows, ["mislabelled"])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"SQLite format 3\0", "SQLite"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
    ],
)
def test_what_no_reader_reads_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    error = refused("csv", path)
    assert error.code == "E131"
    assert what in error.what()


def test_types_become_the_text_that_gives_them_back(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    day = datetime(2024, 1, 31, 10, 30, 0, 5)
    frame = pl.DataFrame(
        {
            "whole": [7, None], "real": [0.1, float("nan")], "single": pl.Series([0.1, 1e10], dtype=pl.Float32),
            "money": pl.Series([Decimal("1.50"), None]), "yes": [True, False], "day": [date(2024, 1, 31), None],
            "local": [day, None], "clock": [time(1, 2, 3), None], "list": [[1, 2], None], "struct": [{"a": "é"}, None],
            "bytes": ["字".encode(), None], "kind": pl.Series(["x", None], dtype=pl.Categorical), "text": ["NA", ""],
            "utc": pl.Series([day.replace(tzinfo=UTC), None]).dt.convert_time_zone("Asia/Shanghai"),
        }
    )  # fmt: skip
    frame.write_parquet(path)
    assert read_as("parquet", path).frame.rows() == [
        ("7", "0.1", "0.10000000149011612", "1.5", "true", "2024-01-31", "2024-01-31T10:30:00.000005", "01:02:03",
         "[1, 2]", '{"a": "é"}', "字", "x", "NA", "2024-01-31T18:30:00.000005+08:00", 1),
        (None, None, "10000000000", None, "false", None, None, None, None, None, None, None, "", None, 2),
    ]  # fmt: skip


@given(st.lists(st.floats() | st.none(), min_size=1))
def test_floats_come_back_to_the_last_bit(values: list[float | None]) -> None:
    texts = texts_of(pl.Series(values, dtype=pl.Float64)).to_list()
    assert [None if text is None else float(text) for text in texts] == [
        None if value is None or value != value else value for value in values
    ]
    assert [None if text is None else float(text) for text in map(text_of, values)] == [
        None if text is None else float(text) for text in texts
    ]


@pytest.mark.parametrize("text", ["['\\ud800']", '["\\ud800"]', "[" + ", ".join(["'a'"] * 40_000) + "]"])
def test_half_a_letter_and_what_no_cell_prints_are_no_list(text: str) -> None:
    assert read_list(text, JSON) is None
    assert read_lists(pl.Series([text, "['a']"]), {"separator": JSON}).to_list() == [None, '["a"]']


@given(st.integers(-(2**53), 2**53).map(Decimal) | st.decimals(-99, 99, places=2))
def test_a_number_is_one_word_however_it_comes(value: Decimal) -> None:
    same = [value, float(value), *([int(value)] if value == int(value) else [])]
    words = [text_of(one) for one in same] + texts_of(pl.Series([float(value)])).to_list()
    words += [word for one in same[1:] for word in read_list(json.dumps([one]), JSON) or ()]
    words += columns({"x": "category"}, [{"x": one} for one in same])[0]["x"]
    assert len(set(words)) == 1


def test_words_take_flags_and_whole_numbers_as_their_column_writes_them() -> None:
    written = pl.Series("x", ["1.0", "2.0", "2.5", "True", "other"])
    column = explicit(written, "category", "")
    sent = [{"x": value} for value in (1, 2.0, 2.5, True, "other")]
    assert columns({"x": "category"}, sent, {"x": column.notation})[0]["x"] == written.to_list()
    mixed = explicit(pl.Series("x", ["1.0", "1", "true", "True"]), "category", "")
    assert columns({"x": "category"}, [{"x": 1}, {"x": True}], {"x": mixed.notation})[0]["x"] == ["1", "true"]
    held = raw_of([{"x": np.array([2.0, 1.0])}]).frame["x"]
    assert columns({"x": "list"}, [{"x": [2, 1]}])[0]["x"] == [read_lists(held, {"separator": JSON})[0]]
    lists = explicit(pl.Series("x", ["1.0;2.0", "2.0;3.0"]), "list", "")
    assert columns({"x": "list"}, [{"x": [2, 1.0]}], {"x": lists.notation})[0]["x"] == ['["1.0", "2.0"]']


def test_a_parquet_row_that_no_csv_could_hold_is_rejected_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"a": ["x", "y\0", "z" * (room.MAX_FIELD + 1), "w"]}).write_parquet(path)
    raw = read_as("parquet", path)
    assert raw.frame["a"].to_list() == ["x", "w"]
    assert [(r.line, r.reason.en[:12]) for r in raw.rejected] == [(2, "contains a N"), (3, "a field is l")]


CELLS = st.text(st.sampled_from(" \t\ufeff;x1字é'#\\,"), max_size=3)
LINES = st.lists(st.tuples(CELLS, CELLS).map(",".join), min_size=1, max_size=6)


STYLES = st.builds(Style, st.just(","), st.booleans(), st.sampled_from([None, "\\"]))


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans(), STYLES)
def test_the_quick_way_gives_what_the_strict_one_gives(lines: list[str], end: str, last: bool, style: Style) -> None:
    text = end.join(lines) + end * last
    rows = room.Rows(["a", "b"])
    quick = room._quick(Block(5, text.encode()), style, rows)
    feed = room._Feed(iter(()))
    feed.open(Block(5, text.encode()))
    for held, row in room._records(feed, style):
        room._judge(held, row, 2, rows)
    strict = rows.take()
    if quick is None:
        empty = any(line.strip("\ufeff").strip(",") == "" for line in lines) or "\ufeff" in text[:1]
        ended = any(line.count(",") == 2 and line.endswith(",") for line in lines)
        assert strict.rejected or empty or ended or style.blanks or (style.escape and style.escape in text)
    else:
        assert strict.rejected == ()
        assert quick.rows() == strict.frame.rows()


def test_blocks_are_cut_between_lines_whatever_ends_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhinan.data import decode

    monkeypatch.setattr(decode, "SIZE", 7)
    path = tmp_path / "rows.csv"
    for end in ("\n", "\r\n", "\r"):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
            rows = [f'"第{i}行{end}好",文本{i}' if i % 3 == 0 else f"第{i}行,{'长' * (i % 7)}x" for i in range(20)]
            path.write_bytes(end.join(["甲,乙", *rows]).encode(encoding))
            raw = read_as("csv", path)
            assert (raw.frame.height, raw.rejected) == (20, ())
            lines = [2 + i + (i + 2) // 3 for i in range(20)]
            assert raw.frame["_line"].to_list() == lines


def test_a_packed_file_is_read_as_what_it_is_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    raw = read(path)
    assert raw.frame.row(0) == ("1", "2", 2)
    assert [(found.code, found.examples) for found in raw.findings] == [
        ("mislabelled", ("rows.csv: compressed with gzip",))
    ]


def test_the_index_of_a_frame_that_says_something_is_columns_here_and_in_requests() -> None:
    pandas = pytest.importorskip("pandas")
    plain = pandas.DataFrame({"when": ["2024-01-01", "2024-01-02"], "user": ["a", "b"], "n": ["1", "2"]})
    whole = raw_of(plain).frame
    for frame in (plain.set_index("when"), plain.set_index(["when", "user"]), plain.set_index("user", drop=False)):
        assert raw_of(frame).frame.select(whole.columns).equals(whole)
        assert columns({"when": "text", "user": "text"}, frame)[0] == {"when": [*plain.when], "user": ["a", "b"]}
    assert raw_of(plain[plain.n == "2"]).frame.columns == whole.columns
    assert raw_of(plain.set_index(plain.user.rename(None))).frame.columns == ["index", *whole.columns]
    twice = plain.set_index([plain.user, plain.user.str.upper()])
    for taken in (raw_of, lambda frame: columns({"user": "text"}, frame)):
        with pytest.raises(UserError, match="E105"):
            taken(twice)
