"""Rows come from files, folders, archives, patterns and Python; each is read once, and says where it is from."""

from __future__ import annotations

import gzip
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.contract import Contract, parse
from zhinan.contract.places import parted_sheet
from zhinan.core import UserError
from zhinan.data import Raw, load, read
from zhinan.data.child import stretches
from zhinan.data.frames import raw_of
from zhinan.data.readers.compressed import zstd
from zhinan.data.readers.zip import _rename
from zhinan.data.sources import gather

Product = Callable[..., Contract]
quick = pytest.mark.usefixtures("quick")
ROWS = "message,label\n" + "".join(f"message number {i} for you,{'ab'[i % 2]}\n" for i in range(20))


def contract_of(folder: Path, source: str, more: str = "") -> Contract:
    text = f"product: x\ndata:\n  source: {source}\n{more}  target: label\nmust:\n  - accuracy >= 50%\n"
    return parse(text, folder / "product.yaml")


def refused(act: Callable[[], Any]) -> UserError:
    with pytest.raises(UserError) as caught:
        act()
    return caught.value


def packed(path: Path, members: dict[str, str | bytes], **odd: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = odd.get("mode", 0o100644) << 16
            archive.writestr(info, content)
    return path


def from_zip(path: Path) -> Raw:
    return Raw.joined(stretches("zip", str(path), {}))


@quick
@pytest.mark.parametrize("source", ["[feb.csv, jan.csv]", "'*.csv'", "[jan.csv, 'f*.csv']"])
def test_several_files_are_one_whatever_the_order_of_their_columns(tmp_path: Path, source: str) -> None:
    (tmp_path / "jan.csv").write_text(ROWS)
    (tmp_path / "feb.csv").write_text("label,message\n" + "a,another text of mine\nb,and one more\n" * 9)
    loaded = load(contract_of(tmp_path, source))
    assert loaded.rows == 38
    assert loaded.dataset.frame.columns == ["message", "label", "_row"] or source == "[feb.csv, jan.csv]"
    assert sorted(loaded.encodings) == ["feb.csv", "jan.csv"]


@quick
def test_every_row_names_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "jan.csv").write_text(ROWS)
    (tmp_path / "feb.csv").write_text(ROWS + "ragged\n")
    (tmp_path / "test.csv").write_text(ROWS)
    parts = gather(contract_of(tmp_path, "[jan.csv, feb.csv]", "  test: test.csv\n"))
    assert [(part.name, part.files) for part in parts] == [
        ("data.source", ("jan.csv", "feb.csv")),
        ("test.csv", ("test.csv",)),
    ]
    frame = parts[0].raw.frame
    assert frame.select("_file", "_line").rows() == [(f, i + 2) for f in (0, 1) for i in range(20)]
    assert parts[1].raw.frame["_file"].unique().to_list() == [2]
    assert [(r.file, r.line) for r in parts[0].raw.rejected] == [("feb.csv", 22)]


@quick
def test_a_column_that_one_file_lacks_is_an_error_with_both_names(tmp_path: Path) -> None:
    (tmp_path / "jan.csv").write_text(ROWS)
    (tmp_path / "feb.csv").write_text("message\nhello\n")
    for source in ("[jan.csv, feb.csv]", "[feb.csv, jan.csv]"):
        error = refused(lambda source=source: load(contract_of(tmp_path, source)))  # type: ignore[misc]
        assert error.code == "E134"
        assert (error.values["file"], error.values["name"], error.values["other"]) == ("feb.csv", "label", "jan.csv")
        assert error.where.startswith("product.yaml:3:")


@quick
def test_a_file_is_read_once_and_a_pattern_that_fits_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jan.csv").write_text(ROWS)
    assert refused(lambda: load(contract_of(tmp_path, "['*.csv', jan.csv]"))).code == "E145"
    assert refused(lambda: load(contract_of(tmp_path, "'*.csv'", "  test: jan.csv\n"))).code == "E145"
    assert refused(lambda: load(contract_of(tmp_path, "'*.tsv'"))).code == "E142"
    outside = tmp_path / "data.csv"
    outside.symlink_to("/etc/hostname")
    assert refused(lambda: load(contract_of(tmp_path, "'d*.csv'"))).code == "E016"


def test_a_folder_of_classes_is_text_and_label_and_one_damaged_file_is_one_reject(tmp_path: Path) -> None:
    for i in range(40):
        file = tmp_path / "tickets" / "ab"[i % 2] / f"{i:02}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"第 {i} 张工单\n请处理", "gb18030" if i % 3 else "utf-8")
    (tmp_path / "tickets" / "a" / "bad.txt").write_bytes(b"\xff\xfe\xff")
    (tmp_path / "tickets" / "a" / ".hidden.txt").write_bytes(b"x")
    (tmp_path / "tickets" / "a" / "notes.dat").write_bytes(b"x")
    contract = parse("product: x\ndata: tickets\nmust:\n  - accuracy >= 50%\n", tmp_path / "product.yaml")
    loaded = load(contract)
    assert loaded.dataset.target is not None
    assert (loaded.classes, loaded.dataset.target.name) == (("a", "b"), "label")
    assert (loaded.rows, len(loaded.dataset)) == (41, 40)
    assert [(r.file, r.line) for r in loaded.rejected] == [("tickets/a/bad.txt", 1)]
    assert [one.examples for one in loaded.findings if one.code == "other_files"] == [("tickets/a/notes.dat",)]


def test_a_flat_folder_of_texts_has_no_label_and_an_empty_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "flat").mkdir()
    assert refused(lambda: read(tmp_path / "flat")).code == "E143"
    (tmp_path / "flat" / "a.txt").write_text("hello")
    frame = Raw.joined(stretches("folder", str(tmp_path / "flat"), {})).frame
    assert frame.rows() == [("hello", 1, "a.txt")]


def test_a_class_folder_that_is_a_link_is_not_followed_and_that_is_said(tmp_path: Path) -> None:
    for i in range(40):
        file = tmp_path / ("tickets" if i % 4 else "other") / "ab"[i % 2] / f"{i}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"text {i} of mine")
    (tmp_path / "tickets" / "c").symlink_to(tmp_path / "other")
    loaded = load(parse("product: x\ndata: tickets\nmust:\n  - accuracy >= 50%\n", tmp_path / "product.yaml"))
    assert loaded.classes == ("a", "b")
    assert [one.examples for one in loaded.findings if one.code == "other_files"] == [("tickets/c",)]


@pytest.mark.parametrize(
    ("parts", "code"), [(("train", "test"), "E193"), (("训练集",), "E193"), (("train", "car"), "")]
)
def test_folders_that_are_parts_of_the_data_are_no_classes(tmp_path: Path, parts: tuple[str, ...], code: str) -> None:
    for part in parts:
        for label in "ab":
            (tmp_path / "all" / part / label).mkdir(parents=True)
            (tmp_path / "all" / part / label / "1.txt").write_text(f"{part} {label}")
    if not code:
        labels = Raw.joined(stretches("folder", str(tmp_path / "all"), {})).frame["label"]
        assert sorted(labels.unique()) == ["car", "train"]
        return
    error = refused(lambda: Raw.joined(stretches("folder", str(tmp_path / "all"), {})))
    assert (error.code, "source: all/train" in error.fix()) == (code, True)


@quick
def test_a_folder_of_tables_is_its_tables(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "data" / name).write_text(ROWS)
    for name in ("2023/c.csv", "2023/.hidden.csv", "__pycache__/d.csv"):
        (tmp_path / "data" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_text(ROWS)
    loaded = load(contract_of(tmp_path, "data"))
    assert loaded.rows == 40
    assert [one.examples for one in loaded.findings if one.code == "other_files"] == [("data/2023/c.csv",)]


def test_a_zip_of_tables_is_stacked_and_one_of_texts_is_a_folder(tmp_path: Path) -> None:
    raw = from_zip(packed(tmp_path / "a.zip", {"x/b.csv": ROWS, "x/a.csv": ROWS + "ragged\n", "x/README.md": "hm"}))
    assert raw.frame["_member"].value_counts().sort("_member").rows() == [("x/a.csv", 20), ("x/b.csv", 20)]
    assert [(r.file, r.line) for r in raw.rejected] == [("x/a.csv", 22)]
    assert [(one.code, one.examples) for one in raw.findings] == [("other_files", ("x/README.md",))]
    texts = packed(tmp_path / "t.zip", {"mail/ham/1.txt": "hello", "mail/spam/2.txt": "buy", "mail/__x/3.txt": "hm",
        "__MACOSX/x.txt": "?"})  # fmt: skip
    assert from_zip(texts).frame.select("text", "label").sort("label").rows() == [
        ("hm", "__x"), ("hello", "ham"), ("buy", "spam"),
    ]  # fmt: skip
    other = packed(tmp_path / "o.zip", {"a.csv": "x,y\n1,2\n", "b.csv": "x,z\n1,2\n"})
    assert refused(lambda: from_zip(other)).code == "E134"
    assert refused(lambda: from_zip(packed(tmp_path / "e.zip", {"a.md": "x"}))).code == "E143"


@pytest.mark.parametrize(
    ("name", "mode", "said"),
    [
        ("../evil.csv", 0o100644, "leaves the folder"), ("/etc/evil.csv", 0o100644, "leaves the folder"),
        ("a\\..\\evil.csv", 0o100644, "leaves the folder"), ("C:/evil.csv", 0o100644, "leaves the folder"),
        ("link.csv", stat.S_IFLNK | 0o777, "a link or a device"),
        ("dev.csv", stat.S_IFCHR | 0o600, "a link or a device"),
        ("inner.zip", 0o100644, "an archive itself"), ("inner.csv.gz", 0o100644, "an archive itself"),
    ],
)  # fmt: skip
def test_a_member_that_would_escape_is_refused_by_name(tmp_path: Path, name: str, mode: int, said: str) -> None:
    error = refused(lambda: from_zip(packed(tmp_path / "a.zip", {"ok.csv": ROWS, name: ROWS}, mode=mode)))
    assert error.code == "E133"
    assert said in error.what()
    assert not (tmp_path.parent / "evil.csv").exists()


@pytest.mark.parametrize(("codec", "flag"), [("gb18030", 0), ("utf-8", 0), ("utf-8", 0x800)])
def test_names_of_members_are_read_as_they_were_meant(tmp_path: Path, codec: str, flag: int) -> None:
    names = [f"数据/{label}/{i}.txt" for label in ("退款", "物流") for i in range(3)]
    held = {f"{i:0{len(name.encode(codec))}}": name for i, name in enumerate(names)}
    path = packed(tmp_path / "d.zip", {stand_in: f"text {name[3:]}" for stand_in, name in held.items()})
    content = path.read_bytes()
    for stand_in, name in held.items():
        content = content.replace(stand_in.encode(), name.encode(codec))
    if flag:
        content = content.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x00\x08")
        content = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x08")
    path.write_bytes(content)
    raw = from_zip(path)
    assert sorted(raw.frame["label"].unique()) == ["物流", "退款"]
    assert raw.frame.filter(raw.frame["_member"] == "退款/1.txt")["text"].to_list() == ["text 退款/1.txt"]


def test_a_name_that_an_extra_field_told_is_kept() -> None:
    told, guessed = (zipfile.ZipInfo("退款和物流的数据.csv".encode("gb18030").decode("cp437")) for _ in range(2))
    told.filename = "物流.csv"  # as zipfile does from Python 3.12 on
    _rename([told, guessed], None)
    assert [told.filename, guessed.filename] == ["物流.csv", "退款和物流的数据.csv"]


def test_an_archive_by_another_name_is_one(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", {"a.csv": ROWS}).read_bytes()
    for content in (inner, gzip.compress(ROWS.encode())):
        error = refused(lambda: from_zip(packed(tmp_path / "a.zip", {"rows.csv": content})))  # noqa: B023
        assert (error.code, "an archive itself" in error.what()) == ("E133", True)


def test_what_unpacks_like_a_bomb_is_refused_before_it_does(tmp_path: Path) -> None:
    bomb = b"a,b\n" + b"1,2\n" * 5_000_000
    path = packed(tmp_path / "bomb.zip", {"rows.csv": bomb})
    assert path.stat().st_size * 900 < len(bomb)
    error = refused(lambda: from_zip(path))
    assert (error.code, "hundreds of times" in error.what()) == ("E133", True)
    for ending, pack in (("gz", gzip.compress), ("zst", zstd.compress)):
        once = tmp_path / f"bomb.csv.{ending}"
        once.write_bytes(pack(bomb))
        assert refused(lambda: Raw.joined(stretches("compressed", str(once), {}))).code == "E133"  # noqa: B023


def test_an_encrypted_or_cut_archive_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.csv": ROWS})
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(bytes(content))
    assert "encrypted" in refused(lambda: from_zip(path)).what()
    path.write_bytes(bytes(content[: len(content) // 2]))
    assert refused(lambda: from_zip(path)).code == "E132"


def test_a_compressed_table_is_read_as_what_its_name_says(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode()))
    assert read(path).frame.height == 20
    named = tmp_path / "rows.csv.zst"
    whole = zstd.compress(ROWS.encode())
    named.write_bytes(whole)
    assert read(named).frame.height == 20
    for damaged in (whole[:-5], whole[:4], whole + b"more"):
        named.write_bytes(damaged)
        assert refused(lambda: Raw.joined(stretches("compressed", str(named), {}))).code == "E132"
    (tmp_path / "rows.gz").write_bytes(gzip.compress(ROWS.encode()))
    assert refused(lambda: read(tmp_path / "rows.gz")).code == "E101"


CELLS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8"))


@given(st.lists(st.fixed_dictionaries({"a": CELLS, "b": CELLS}), min_size=1, max_size=8))
def test_rows_of_python_are_all_accepted_or_rejected(rows: list[dict[str, Any]]) -> None:
    raw = raw_of(rows)
    assert raw.frame.height + len(raw.rejected) == len(rows)
    assert {name for name in raw.frame.columns if raw.frame[name].dtype != pl.String} == {"_line"}


def test_frames_and_dicts_give_what_the_file_gives(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    (tmp_path / "rows.csv").write_text(
        "n,message,label\n" + "".join(f"{i},text {i} here,{'ab'[i % 2]}\n" for i in range(30))
    )
    contract = contract_of(tmp_path, "rows.csv")
    frame = pl.read_csv(tmp_path / "rows.csv")
    file = load(contract).dataset
    for held in (frame, frame.lazy(), frame.to_dicts(), pandas.DataFrame(frame.to_dicts())):
        assert load(contract.with_rows(held)).dataset.fingerprint == file.fingerprint
    assert refused(lambda: load(contract.with_rows("rows"))).code == "E146"


def test_an_excel_sheet_is_named_in_the_contract(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["nothing"])
    sheet = book.create_sheet("Orders")
    for row in ROWS.splitlines():
        sheet.append(row.split(","))
    book.save(tmp_path / "a.xlsx")
    assert load(contract_of(tmp_path, "{path: a.xlsx, sheet: Orders}")).rows == 20
    assert load(contract_of(tmp_path, "'*.xlsx[Orders]'")).rows == 20
    assert refused(lambda: load(contract_of(tmp_path, "{path: a.xlsx, sheet: Order}"))).code == "E135"


def test_a_pattern_of_the_endings_of_books_names_no_sheet() -> None:
    for pattern in ("data/*.xls[xm]", "data/?.xls[x]"):
        assert parted_sheet(pattern) == (pattern, None)
    assert parted_sheet("data/*.xls[Sums]") == ("data/*.xls", "Sums")
    assert parted_sheet("data/a.xls[x]") == ("data/a.xls", "x")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("[]", "E018"), ("[a.csv, a.csv]", "E015"), ("[[a.csv]]", "E012"), ("{path: a.csv, shet: x}", "E011"),
        ("{sheet: x}", "E012"), ("{query: SELECT 1}", "E012"), ("{query: DELETE FROM x, dsn: D}", "E136"),
        ("{query: SELECT 1, dsn: 'sqlite:///x.db'}", "E015"), ("https://example.org/a.csv", "E139"),
        ("https://u:p@example.org/a.csv", "E015"), ("'https://[::1/a.csv'", "E015"), ("https://h:x/a.csv", "E015"),
        ("{path: {path: a.csv}}", "E012"), ("{path: [a.csv], sheet: x}", "E012"),
        ("file:///etc/passwd", "E015"), ("../a.csv", "E016"),
        ("{path: /etc/passwd}", "E016"), ("['../*.csv']", "E016"), ("{query: SELECT 1, path: a.csv, dsn: D}", "E012"),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_is_refused_before_anything_is_read(tmp_path: Path, source: str, code: str) -> None:
    error = refused(lambda: contract_of(tmp_path, source))
    assert (error.code, error.where.startswith("product.yaml:3:")) == (code, True)


def test_what_to_do_about_a_missing_file_is_nothing_that_is_refused_next(tmp_path: Path) -> None:
    error = refused(lambda: load(contract_of(tmp_path, "none.csv")))
    assert error.code == "E100"
    assert "absolute" not in error.fix()
    assert "绝对" not in error.fix("zh")


def test_the_hash_follows_the_sources_and_not_their_order(tmp_path: Path) -> None:
    texts = [
        "a.csv", "[a.csv, b.csv]", "{path: a.csv, sheet: x}", "{query: SELECT 1, dsn: D}", "{query: SELECT 2, dsn: D}",
        "{query: 'SELECT :n', dsn: D, params: {n: 1}}", "{query: 'SELECT :n', dsn: D, params: {n: 2}}",
        "{query: 'SELECT :n', dsn: D, params: {n: '1'}}", "{query: 'SELECT :n', dsn: D, params: {n: true}}",
    ]  # fmt: skip
    assert len({contract_of(tmp_path, text).hash for text in texts}) == len(texts)
    assert contract_of(tmp_path, "[b.csv, a.csv]").hash == contract_of(tmp_path, texts[1]).hash
    hosts = "  hosts: [example.org]\n"
    assert contract_of(tmp_path, "a.csv", hosts).hash != contract_of(tmp_path, "a.csv").hash


@pytest.mark.parametrize("packed", [False, True])
def test_train_and_test_beside_each_other_are_not_stacked(tmp_path: Path, packed: bool) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    for name in ("train", "test", "sample_submission"):
        (folder / f"{name}.csv").write_text(ROWS)
    if packed:
        with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
            for path in folder.iterdir():
                archive.write(path, f"d/{path.name}")
    error = refused(lambda: load(contract_of(tmp_path, "d.zip" if packed else "d")))
    assert (error.code, error.values["names"]) == ("E194", "test.csv, train.csv")
    assert len(load(contract_of(tmp_path, "d/train.csv", "  test: d/test.csv\n")).dataset) == 20


@quick
def test_a_sheet_of_what_has_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(ROWS)
    error = refused(lambda: load(contract_of(tmp_path, "{path: m.csv, sheet: x}")))
    assert (error.code, "no spreadsheet" in error.fix()) == ("E135", True)


@quick
def test_members_with_backslashes_are_in_folders(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("d\\a.csv", ROWS)
    assert load(contract_of(tmp_path, "d.zip")).files == ("d.zip/d/a.csv",)
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("..\\a.csv", ROWS)
    assert refused(lambda: load(contract_of(tmp_path, "e.zip"))).code == "E133"
