"""A spreadsheet as people make it: a title above, headers merged over two rows, dates, formulas, several sheets."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from zhinan.conformance.readers import BINARY
from zhinan.conformance.spreadsheets import archive, ods, xls, xlsb
from zhinan.contract import parse
from zhinan.core import UserError, Words, find
from zhinan.data import Raw, formulas, load
from zhinan.data.child import stretches
from zhinan.data.guess import infer_contract
from zhinan.data.sheets import sheets_named
from zhinan.engine.starting import new_product

openpyxl = pytest.importorskip("openpyxl")


def read(path: Path, **options: object) -> Raw:
    return Raw.joined(stretches("excel", str(path), options))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "Empty"
    orders = made.create_sheet("Orders")
    orders["B2"] = "Report 2024"
    orders["B3"], orders["C3"], orders["E3"] = "id", "customer", "day"
    orders["C4"], orders["D4"] = "name", "city"
    for merged in ("B2:E2", "B3:B4", "C3:D3", "E3:E4"):
        orders.merge_cells(merged)
    for i in range(3):
        orders.append([None, i, f"n{i}", i % 2 == 0, datetime(2024, 1, 1 + i, 10 * i)])
    orders.append([None, 2.5, None, None, None])
    made.create_sheet("Returns").append(["a", "b"])
    path = tmp_path / "book.xlsx"
    made.save(path)
    return path


def test_the_first_filled_sheet_is_read_with_its_merged_header_and_the_others_are_named(book: Path) -> None:
    raw = read(book)
    assert raw.frame.columns == ["id", "customer / name", "customer / city", "day", "_line"]
    assert raw.frame.rows() == [
        ("0", "n0", "true", "2024-01-01", 5),
        ("1", "n1", "false", "2024-01-02T10:00:00", 6),
        ("2", "n2", "true", "2024-01-03T20:00:00", 7),
        ("2.5", None, None, None, 8),
    ]
    said = [(f.code, f.count, f.examples) for f in raw.findings]
    assert said == [("preamble", 1, ("Report 2024",)), ("other_sheets", 1, ("Returns",))]
    assert raw.findings[1].what.en == "sheet 'Orders' was read, and not 1 other"


def test_a_column_that_is_missing_may_stand_in_a_sheet_that_was_not_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "Notes"
    made.active.append(["About this file"])
    data = made.create_sheet("Data")
    data.append(["message", "team"])
    made.save(tmp_path / "book.xlsx")
    text = "product: x\ndata:\n  source: book.xlsx\n  target: team\nmust:\n  - accuracy >= 50%\n"
    with pytest.raises(UserError) as caught:
        load(parse(text, tmp_path / "product.yaml"))
    said = "sheet 'Notes' was read, and not 1 other (Data): name the one you want, as in source: {path: book.xlsx,"
    assert (caught.value.code, said in caught.value.fix()) == ("E050", True)
    raws = {"rows.csv": Raw(pl.DataFrame()), "book.xlsx": read(tmp_path / "book.xlsx")}
    for part in raws:
        with pytest.raises(UserError) as caught, sheets_named(raws):
            raise UserError("E111", part, name="team", file=part, suggestion=Words("nothing is near", "没有相近的"))
        assert (said in caught.value.fix()) is (part == "book.xlsx")
        assert ("读取了工作表“Notes”" in caught.value.fix("zh")) is (part == "book.xlsx")


def test_each_row_of_cells_merged_down_a_column_has_their_value_and_that_is_said(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (("message", "team", "paid"), ("m1", "billing", 5), ("m2",), ("m3",), (), ("m4", None, 7), ("m5",)):
        made.active.append(row)
    for merged in ("B2:B5", "C2:C3", "B6:C6"):
        made.active.merge_cells(merged)
    made.save(tmp_path / "book.xlsx")
    raw = read(tmp_path / "book.xlsx")
    held = [("m1", "billing", "5", 2), ("m2", "billing", "5", 3), ("m3", "billing", None, 4), ("m4", None, None, 6)]
    assert raw.frame.rows() == [*held, ("m5", None, None, 7)]
    assert [(f.code, f.count, f.examples) for f in raw.findings] == [("merged_cells", 3, ("team: 2", "paid: 1"))]


def merged(name: str, content: bytes) -> bytes:
    """A sheet of one column of words whose second and third row are merged."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        held = {member: packed.read(member) for member in packed.namelist()}
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    north, covered = cell.format("North"), cell.format("")
    spans = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    table = held[name].decode().replace(north, north.replace("table-cell", f"table-cell {spans}", 1))
    return archive({**held, name: table.replace(covered, "<table:covered-table-cell/>")})


def test_cells_merged_in_an_opendocument_sheet_have_the_value_too(tmp_path: Path) -> None:
    rows = [("region", "item"), ("North", "a"), ("", "b"), ("South", "c"), ("North", "d"), ("", "e")]
    path = tmp_path / "book.ods"
    path.write_bytes(merged("content.xml", ods(rows)))
    raw = read(path)
    assert raw.frame["region"].to_list() == ["North", "North", "South", "North", "North"]
    assert [(f.code, f.count, f.examples) for f in raw.findings] == [("merged_cells", 2, ("region: 2",))]


def test_cells_merged_in_an_old_sheet_have_the_value_too(tmp_path: Path) -> None:
    whole = xls([("region", "item"), ("North", "a"), ("", "b"), ("South", "c")])
    end, more = struct.pack("<HH", 0x0A, 0), struct.pack("<HHHHHHH", 0xE5, 10, 1, 1, 2, 0, 0)
    at = whole.rindex(end + bytes(len(more)))
    path = tmp_path / "book.xls"
    path.write_bytes(whole[:at] + more + end + whole[at + len(more + end) :])
    assert read(path).frame["region"].to_list() == ["North", "North", "South"]


def test_a_title_that_is_not_merged_is_no_name_of_a_column(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (("Tickets of March",), (), ("id", "text", "team"), (1, "hello", "a"), (2, "bye", "b")):
        made.active.append(row)
    made.save(tmp_path / "book.xlsx")
    assert read(tmp_path / "book.xlsx").frame.rows() == [("1", "hello", "a", 4), ("2", "bye", "b", 5)]


def test_a_sheet_may_be_named_and_a_wrong_name_is_refused_with_the_right_one(book: Path) -> None:
    assert read(book, sheet="Returns").frame.columns == ["a", "b", "_line"]
    with pytest.raises(UserError, match="did you mean 'Orders'") as caught:
        read(book, sheet="Order")
    assert caught.value.code == "E135"


def test_a_spreadsheet_that_breaks_off_is_damaged_and_not_looked_at_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "rows.ods"
    with zipfile.ZipFile(io.BytesIO(BINARY[".ods"]())) as good, zipfile.ZipFile(path, "w") as broken:
        for name in good.namelist():
            content = good.read(name)
            broken.writestr(name, content[:4000] if name == "content.xml" else content)
    with pytest.raises(UserError) as caught:
        list(find("reader", "excel").target(path))
    assert caught.value.code == "E132"


def test_a_value_far_from_the_table_is_named_before_the_memory_is_gone(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["a", "b"])
    made.active.cell(1_048_576, 16_384, "x")
    made.save(tmp_path / "far.xlsx")
    rows = [("a", "b"), ("c", "d")]
    (tmp_path / "far.xls").write_bytes(_moved(xls(rows), b"\x04\x02\x0b\x00\x01\x00\x01\x00", b"\xff\xff\xff\xff"))
    (tmp_path / "near.xlsb").write_bytes(xlsb(rows))
    for name, size in (("far.xlsx", ("1,048,576", "16,384")), ("far.xls", ("65,536", "65,536"))):
        with pytest.raises(UserError) as caught:
            read(tmp_path / name)
        assert (caught.value.code, *caught.value.values.values()) == ("E147", *size)
    assert read(tmp_path / "near.xlsb").frame.rows() == [("c", "d", 2)]
    made = openpyxl.Workbook()
    made.active.append(["a"] * 10_001)
    made.save(tmp_path / "wide.xlsx")
    with pytest.raises(UserError, match="10,001 columns, at most 10,000"):
        read(tmp_path / "wide.xlsx")


def test_a_length_that_an_archive_promises_is_not_believed(tmp_path: Path) -> None:
    """Python's zipfile asks for as much memory as a stored member says it takes, when all of it is read at once."""
    path = tmp_path / "rows.xlsb"
    with zipfile.ZipFile(io.BytesIO(xlsb([("a", "b")]))) as good, zipfile.ZipFile(path, "w") as stored:
        for name in good.namelist():
            stored.writestr(zipfile.ZipInfo(name), good.read(name))
        size = stored.getinfo("xl/worksheets/s.bin").file_size.to_bytes(4, "little") * 2
    whole = path.read_bytes()
    at = whole.rindex(size)
    path.write_bytes(whole[:at] + b"\xf0\xff\xff\xfe" * 2 + whole[at + 8 :])
    tracemalloc.start()
    with pytest.raises(UserError) as caught:
        list(find("reader", "excel").target(path))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (caught.value.code, most < 1 << 27) == ("E132", True)


def _moved(file: bytes, record: bytes, place: bytes) -> bytes:
    """The file with the cell of a record at another row and column."""
    assert file.count(record) == 1
    return file.replace(record, record[:4] + place)


@pytest.mark.parametrize(("at", "number"), [(44, 0x7FFFFFFF), (512 + 4 * 4, 4), (1024 + 128 + 120, 0x7FFFFFFF)])
def test_an_old_spreadsheet_that_promises_more_than_it_holds_is_damaged(at: int, number: int, tmp_path: Path) -> None:
    whole = xls([("a", "b"), ("c", "d")])
    path = tmp_path / "rows.xls"
    path.write_bytes(whole[:at] + number.to_bytes(4, "little") + whole[at + 4 :])
    with pytest.raises(UserError) as caught:
        list(find("reader", "excel").target(path))
    assert caught.value.code == "E132"


def test_formulas_that_nothing_has_computed_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = openpyxl.Workbook()
    made.active.append(["n", "double"])
    for row in range(2, 32):
        made.active.append([row, f"=A{row}*2"])
    made.save(tmp_path / "book.xlsx")
    for size in (formulas._CHUNK, 70):
        monkeypatch.setattr(formulas, "_CHUNK", size)
        (found,) = read(tmp_path / "book.xlsx").findings
        assert (found.code, found.count, found.examples) == ("uncomputed_formulas", 30, ("B: 30",))
    packed = zipfile.ZipFile(tmp_path / "book.xlsx")
    computed = {
        name: packed.read(name).replace(b"<v />", b"<v>1</v>").replace(b"<v/>", b"<v>1</v>")
        for name in packed.namelist()
    }
    with zipfile.ZipFile(tmp_path / "done.xlsx", "w") as archive:
        for name, content in computed.items():
            archive.writestr(name, content)
    assert read(tmp_path / "done.xlsx").findings == ()


@pytest.mark.parametrize("source", ["['b.xlsx[May]', 'b.xlsx[June]']", "[{path: b.xlsx, sheet: May}, 'b.xlsx[June]']"])
def test_several_sheets_of_one_book_are_read_together(tmp_path: Path, source: str) -> None:
    made = openpyxl.Workbook()
    made.active.title = "Notes"
    made.active.append(["see the wiki"])
    for month, columns in (("May", ("text", "label")), ("June", ("label", "text"))):
        sheet = made.create_sheet(month)
        sheet.append(columns)
        for i in range(12):
            held = {"text": f"{month} message {i} of mine", "label": "ab"[i % 2]}
            sheet.append([held[column] for column in columns])
    made.save(tmp_path / "b.xlsx")
    text = f"product: x\ndata:\n  source: {source}\n  target: label\nmust:\n  - accuracy >= 50%\n"
    loaded = load(parse(text, tmp_path / "product.yaml"))
    assert (loaded.files, len(loaded.dataset)) == (("b.xlsx[May]", "b.xlsx[June]"), 24)
    drafted = infer_contract(tmp_path / "b.xlsx[June]")
    assert (drafted["data"]["source"], drafted["data"]["target"], drafted["rows"]) == ("b.xlsx[June]", "label", 12)
    assert new_product(tmp_path / "new", tmp_path / "b.xlsx[June]").read_text("utf-8").count('"b.xlsx[June]"') == 1
    assert (tmp_path / "new" / "b.xlsx").exists()
