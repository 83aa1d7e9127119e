"""Every place that rows come from has a name of its own, in messages, rejects and lineage, and none holds a secret."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from zhinan.contract import Contract, parse
from zhinan.contract.places import without_query
from zhinan.core import UserError
from zhinan.data import lineage, load, split
from zhinan.data.sources import places
from zhinan.data.types import Loaded

openpyxl = pytest.importorskip("openpyxl")


def contract_of(folder: Path, source: str, more: str = "") -> Contract:
    text = f"product: x\ndata:\n  source: {source}\n{more}  target: label\nmust:\n  - accuracy >= 50%\n"
    return parse(text, folder / "product.yaml")


def files_of(contract: Contract, loaded: Loaded) -> list[tuple[str, int]]:
    """How many rows of each file the lineage knows."""
    known = lineage(loaded, split(contract, loaded), str).group_by("file").len()
    return sorted((str(file), count) for file, count in known.rows())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of the sheets train (100 rows, 3 of them without a number) and test (40 rows, 1 that train has)."""
    held = openpyxl.Workbook()
    held.active.title = "train"
    held.create_sheet("test")
    for name, rows, wrong in (("train", 100, 3), ("test", 40, 1)):
        held[name].append(["text", "x", "label"])
        for i in range(rows):
            said = f"{name if i != 7 else 'both'} hello words {i * 7} of mine"
            held[name].append([said, "bad" if i < wrong else i % 9 + 0.5, "ab"[i % 2]])
    held.save(tmp_path / "b.xlsx")
    return tmp_path


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("{path: b.xlsx, sheet: train}", "  test: {path: b.xlsx, sheet: test}\n"),
        ("[{path: b.xlsx, sheet: train}, {path: b.xlsx, sheet: test}]", ""),
    ],
)
def test_two_sheets_of_one_book_are_two_files(book: Path, source: str, more: str) -> None:
    contract = contract_of(book, source, f"{more}  inputs: {{text: text, x: number}}\n")
    loaded = load(contract)
    assert loaded.files == ("b.xlsx[train]", "b.xlsx[test]")
    assert [(one.file, one.line) for one in loaded.rejected] == [
        ("b.xlsx[train]", 2), ("b.xlsx[train]", 3), ("b.xlsx[train]", 4), ("b.xlsx[test]", 2)]  # fmt: skip
    assert files_of(contract, loaded) == [("b.xlsx[test]", 40), ("b.xlsx[train]", 100)]


def test_two_queries_of_one_database_are_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = sqlite3.connect(tmp_path / "shop.db")
    held.execute("CREATE TABLE t (text, label, part)")
    rows = [(f"{p} words {i} of mine", "ab"[i % 2], p) for p, n in (("x", 60), ("y", 30)) for i in range(n)]
    held.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    held.commit()
    held.close()
    monkeypatch.setenv("SHOP_DSN", "sqlite:///shop.db")
    query = '{query: "SELECT text, label FROM t WHERE part = :p", dsn: SHOP_DSN, params: {p: %s}}'
    contract = contract_of(tmp_path, query % "x", f"  test: {query % 'y'}\n")
    loaded = load(contract)
    assert loaded.files == ("query of SHOP_DSN", "query of SHOP_DSN (2)")
    assert files_of(contract, loaded) == [("query of SHOP_DSN", 60), ("query of SHOP_DSN (2)", 30)]


def test_a_file_of_a_folder_that_another_place_reads_too_is_refused(tmp_path: Path) -> None:
    for i in range(40):
        file = tmp_path / "all" / "ab"[i % 2] / f"{i}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"text {i} of mine")
        (file.parent / "c").mkdir(exist_ok=True)
        (file.parent / "c" / f"{i}.txt").write_text(f"another {i}")
    with pytest.raises(UserError) as caught:
        load(contract_of(tmp_path, "all", "  test: all/a\n"))
    assert caught.value.code == "E145"


SIGNED = "https://h.example.org/x.csv?token=SECRET&part=%d"


def test_what_follows_the_path_of_an_address_is_shown_and_kept_nowhere(tmp_path: Path) -> None:
    hosts = "  hosts: [h.example.org]\n"
    listed = f"['{SIGNED % 1}', '{SIGNED % 12}']  # or {SIGNED % 1}"
    contract = contract_of(tmp_path, listed, hosts)
    assert [source.url for source in contract.data.source] == [SIGNED % 1, SIGNED % 12]
    assert [place.name for place in places(contract, "data.source")] == ["https://h.example.org/x.csv"] * 2
    assert "SECRET" not in contract.text + str(contract.meaning())
    assert parse(contract.text.replace(", 'https://h.example.org/x.csv?…'", "")).data.hosts == ("h.example.org",)
    again = contract_of(tmp_path, SIGNED % 1, hosts), contract_of(tmp_path, SIGNED % 2, hosts)
    assert again[0].hash == again[1].hash  # a signature that is renewed asks for nothing else
    with pytest.raises(UserError) as caught:
        contract_of(tmp_path, '"https://h.example.org/x.csv?token=\\x53ECRET"', hosts)
    assert (caught.value.code, caught.value.where) == ("E015", "product.yaml:3:11")
    with pytest.raises(UserError) as caught:
        contract_of(tmp_path, SIGNED % 1, hosts + '  test: "https://h.example.org/y.csv?token=\\x53ECRET"\n')
    assert (caught.value.code, caught.value.where) == ("E015", "product.yaml:5:9")
    with pytest.raises(UserError) as caught:
        contract_of(tmp_path, f"['{SIGNED % 1}', '{SIGNED % 1}']", hosts)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("goal", ["see %s", '"as in %s, 中文"', "|\n  first\n  %s"])
def test_an_address_in_a_comment_or_in_the_goal_keeps_no_key_either(tmp_path: Path, goal: str) -> None:
    other, pattern = SIGNED.replace("x.csv", "old.csv") % 3, r"'https://shop\.example/order\?id=[0-9]{6}#x'"
    more = f"  hosts: [h.example.org]\n  # source: {other}\n  mask: {{link: {{pattern: {pattern}}}}}\n"
    said = f"goal: {goal % other}\n#{other}\ndata:\n  source: {SIGNED % 1}\n{more}"
    text = f"product: x\n{said}  target: label\nmust:\n  - accuracy >= 50%\n"
    contract = parse(text, tmp_path / "product.yaml")
    assert "SECRET" not in contract.text + str(contract.meaning()) + contract.goal
    assert (pattern in contract.text, contract.text.count("https://h.example.org/old.csv?…")) == (True, 3)
    again = parse(contract.text.replace("https://h.example.org/x.csv?…", SIGNED % 1), tmp_path / "product.yaml")
    assert again.meaning() == contract.meaning()


@pytest.mark.parametrize("end", ["", "b://h?k"])
@pytest.mark.parametrize("text", ["a", "a://", "a://?…", "a+"])
def test_what_looks_like_many_addresses_is_read_once(text: str, end: str) -> None:
    long = text * 500_000  # read anew from every letter it would take an hour
    assert without_query(long + end) == long + end.replace("k", "…")


def test_addresses_need_no_space_before_them() -> None:
    assert (
        without_query("见https://h/x?k a://b://c#k 'https://h/y' //h?k")
        == "见https://h/x?… a://b://c?… 'https://h/y' //h?k"
    )
