"""Decoding happens in a child with limits: a bomb or a broken reader costs an error, never the run, and no secret."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import Contract, parse
from zhinan.core import UserError
from zhinan.data import Limits, read
from zhinan.data import sandbox as room
from zhinan.data.sources import gather

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limits; that is said once in the log")


def refused(path: Path, **limits: int) -> UserError:
    with pytest.raises(UserError) as caught:
        read(path, limits=Limits(**limits))
    return caught.value


def test_a_file_comes_back_through_the_child_with_its_rejects(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(",b\n" + "".join(f"{i},{i}\n" for i in range(40)) + "13812345678\n", "utf-8")
    raw = read(path)
    assert (raw.frame.height, raw.encoding, raw.findings[0].code) == (40, "utf-8", "unnamed_columns")
    assert [(r.file, r.line, r.reason.zh, r.excerpt) for r in raw.rejected] == [
        ("rows.csv", 42, "有 1 个字段，应为 2 个", "[PHONE]")
    ]


def test_more_than_five_percent_rejected_stops(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n" + "1,2\n" * 94 + "1\n" * 5, "utf-8")
    with pytest.raises(UserError, match=r"5 of 99 rows.*1 fields instead of 2") as caught:
        read(path)
    assert caught.value.code == "E108"
    assert "rows.csv:96" in caught.value.fix()
    path.write_text("a,b\n" + "1,2\n" * 95 + "1\n" * 5, "utf-8")
    assert len(read(path).rejected) == 5


def test_an_error_of_the_reader_is_the_users_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('"a\n', "utf-8")
    error = refused(path)
    assert (error.code, error.where) == ("E106", "rows.csv:1")
    assert "quotes" in error.what()
    assert "引号" in error.what("zh")


@posix
def test_a_file_that_needs_too_much_memory_costs_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv"
    path.write_bytes(b"a,b\n" + b"," * 60_000_000)
    error = refused(path, memory=700 << 20)
    assert error.code == "E109"
    assert "memory" in error.what()


@posix
def test_a_file_whose_rows_grow_too_large_costs_an_error(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(b"a,b\n" + b"xxxxxxxxxxxx,y\n" * 100_000)
    error = refused(path, output=10_000)
    assert error.code == "E109"
    assert "larger than the file" in error.what()


@posix
def test_a_reader_that_takes_too_long_costs_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UserError, match="took too long"):
        read(path, limits=Limits(wall=0))


def test_a_crash_of_the_child_names_the_place_and_none_of_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "plugin"
    (folder / "broken-1.dist-info").mkdir(parents=True)
    (folder / "broken-1.dist-info" / "METADATA").write_text("Name: broken\nVersion: 1\n")
    (folder / "broken-1.dist-info" / "entry_points.txt").write_text("[zhinan]\nbroken = broken_reader\n")
    (folder / "broken_reader.py").write_text(
        "from zhinan.core import register\n"
        "@register('reader', 'broken', suffixes=('.broken',))\n"
        "def broken(path):\n"
        "    raise RuntimeError('row was: ' + path.read_text())\n"
    )
    path = tmp_path / "rows.broken"
    path.write_text("secret 13812345678", "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(room, "reader_of", lambda file: "broken")
    error = refused(path)
    assert error.code == "E109"
    assert "RuntimeError at broken_reader.py:4" in error.what()
    assert "secret" not in str(error) + error.text("zh")


def test_the_child_sees_no_secret_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, dict[str, str]] = {}

    def run(command: list[str], **options: dict[str, str]) -> None:
        seen["env"] = options["env"]
        raise UserError("E104")

    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    monkeypatch.setattr(room.subprocess, "run", run)
    path = tmp_path / "rows.csv"
    path.touch()
    with pytest.raises(UserError):
        read(path)
    assert "DATABASE_PASSWORD" not in seen["env"]
    assert seen["env"]["PYTHONPATH"]


def test_what_is_no_file_or_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.docx").touch()
    assert refused(tmp_path / "none.csv").code == "E100"
    error = refused(tmp_path / "x.docx")
    assert error.code == "E101"
    assert "zhinan list readers" in error.fix()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        assert refused(tmp_path / "pipe.csv").code == "E100"


def test_a_far_too_large_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(room.MAX_BYTES + 1)
    assert refused(path).code == "E110"


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files each child that was started had to read."""
    started, run = list[int](), room.subprocess.run

    def count(command: list[str], **options: Any) -> Any:
        started.append(len(json.loads(options["input"])["tasks"]))
        return run(command, **options)

    monkeypatch.setattr(room.subprocess, "run", count)
    return started


def contract_of(folder: Path) -> Contract:
    text = "product: x\ndata:\n  source: '[ab].csv'\n  test: t.csv\n  target: label\nmust:\n  - accuracy >= 50%\n"
    return parse(text, folder / "product.yaml")


def test_small_files_are_read_by_one_child_and_large_ones_by_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abt":
        (tmp_path / f"{name}.csv").write_text(f"x,label\n{name},1\n" * 3, "utf-8")
    started = counted(monkeypatch)
    source, test = gather(contract_of(tmp_path))
    assert (started, source.raw.frame["x"][0], test.raw.frame["x"][0]) == ([3], "a", "t")
    monkeypatch.setattr("zhinan.data.sources.SMALL", 50)
    monkeypatch.setattr(room, "SMALL", 50)
    with (tmp_path / "b.csv").open("a") as file:
        file.write("b,1\n" * 20)
    started.clear()
    again, same = gather(contract_of(tmp_path))
    assert sorted(started) == [1, 1, 1]
    assert again.raw.frame.height == source.raw.frame.height + 20
    assert same.raw.frame.equals(test.raw.frame)


def test_of_several_files_the_one_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name in "abt":
        (tmp_path / f"{name}.csv").write_text("x,label\n" + "1,1\n" * 3, "utf-8")
    (tmp_path / "b.csv").write_text("x,x\n1,1\n", "utf-8")
    with pytest.raises(UserError) as caught:
        gather(contract_of(tmp_path))
    assert (caught.value.code, caught.value.where) == ("E105", "b.csv:1")


@posix
def test_of_several_files_the_one_that_ends_the_child_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abt":
        (tmp_path / f"{name}.csv").write_text("x,label\n" + "1,1\n" * 3, "utf-8")
    (tmp_path / "b.csv").write_text("x,label\n" + "xxxxxxxxxxxx,y\n" * 100_000, "utf-8")
    monkeypatch.setattr(Limits, "of", classmethod(lambda cls, size: Limits(output=20_000)))
    with pytest.raises(UserError) as caught:
        gather(contract_of(tmp_path))
    assert (caught.value.code, caught.value.where) == ("E109", "b.csv")
