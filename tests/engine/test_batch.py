"""A file of rows is answered in its order, one bad row costs no other its answer, and the file appears whole or not."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from zhinan.core import UserError
from zhinan.data.drawing import USUAL
from zhinan.engine import batch
from zhinan.engine.batch import CHUNK, predict_file, predict_rows
from zhinan.package.inputs import columns
from zhinan.tasks.classify import Classify


class Echo:
    """Answers each row with its own text, so that a row out of place shows."""

    task, unit, manifest = Classify(), "", SimpleNamespace(notations={})

    def __init__(self, *, unsure: bool = False, amount: bool = False) -> None:
        self.inputs = {"message": "text", **({"amount": "number"} if amount else {})}
        self.sizes: list[int] = []
        self.hands_over = self.gives_sets = unsure

    def check(self, rows: Any) -> dict[str, list[Any]]:
        return columns(self.inputs, rows)[0]

    def notes(self, rows: dict[str, list[Any]], columns: dict[str, list[Any]]) -> dict[str, Any]:
        return {"unknown_values": {"message": 1}, "ignored_columns": len(rows) - 1}

    def answer(self, rows: dict[str, list[Any]]) -> list[dict[str, Any]]:
        self.sizes.append(len(rows["message"]))
        more = {"handover": True, "labels": ["卡", 'a, "b"']} if self.hands_over else {}
        return [{"label": str(m), "probability": 0.5, **more} for m in rows["message"]]


ECHO: Any = Echo()


def source(folder: Path, n: int = 3 * CHUNK + 7) -> Path:
    path = folder / "rows.csv"
    path.write_text("message,extra\n" + "".join(f'"m {i}, 卡",x\n' for i in range(n)), encoding="utf-8")
    return path


def test_what_does_not_quite_fit_is_said_once_for_the_whole_file(tmp_path: Path) -> None:
    said: list[Any] = []
    predict_rows(ECHO, str(source(tmp_path)), noted=said.append)
    assert said == [{"unknown_values": {"message": 4}, "ignored_columns": 1}]


@pytest.mark.parametrize("name", ["answers.csv", "answers.tsv", "answers.jsonl"])
def test_answers_stand_in_the_order_of_the_rows(tmp_path: Path, name: str) -> None:
    told: list[tuple[int, int]] = []
    echo: Any = Echo()
    answers = predict_file(
        echo, str(source(tmp_path)), str(tmp_path / name), lambda done, total: told.append((done, total))
    )
    count = len(answers)
    assert count == 3 * CHUNK + 7
    assert told[-1] == (count, count)
    assert max(echo.sizes) <= CHUNK
    text = (tmp_path / name).read_text("utf-8")
    if name.endswith(".jsonl"):
        labels = [json.loads(line)["label"] for line in text.splitlines()]
    else:
        separator = "," if name.endswith(".csv") else "\t"
        frame = pl.read_csv(io.StringIO(text), separator=separator)
        assert frame.columns == ["label", "probability", "error"]
        labels = frame["label"].to_list()
    assert labels == [f"m {i}, 卡" for i in range(count)]
    assert [file.name for file in tmp_path.iterdir()] == ["rows.csv", name] or len(list(tmp_path.iterdir())) == 2


def typed(lines: bytes) -> io.TextIOWrapper:
    """Standard input that gives these."""
    return io.TextIOWrapper(io.BytesIO(lines))


def test_standard_input_and_output_are_json_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ['{"message": "a"}', "", '{"message": "b", "other": 1}', '{"message": null}', ""]
    monkeypatch.setattr(sys, "stdin", typed("\n".join(lines).encode()))
    assert len(predict_file(ECHO, "-", "-")) == 3
    assert [json.loads(line)["label"] for line in capsys.readouterr().out.splitlines()] == ["a", "b", "None"]


BAD = [b"{", b"[1]", b'"text"', b"NaN", b"[" * 100_000, '{"message": "naïve"}'.encode("latin-1")]


@pytest.mark.parametrize("line", BAD, ids=lambda line: repr(line[:20]))
def test_a_line_that_is_no_object_is_named(line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", typed(b'{"message": "a"}\n\n%s\n{"message": "b"}' % line))
    good, bad, last = predict_rows(ECHO, "-", lang="zh")
    assert (good["label"], last["label"]) == ("a", "b")
    assert {key: bad["error"][key] for key in ("code", "row", "where")} == {"code": "E374", "row": 2, "where": "-:3"}
    assert ("JSON" in bad["error"]["what"]) or ("UTF-8" in bad["error"]["what"] and b"\xef" in line)
    monkeypatch.setattr(sys, "stdin", typed(b'{"message": "a"}\n' + line))
    with pytest.raises(UserError) as error:
        predict_rows(ECHO, "-", strict=True)
    assert (error.value.code, error.value.where) == ("E313", "-:2")


def amounts(folder: Path, bad: dict[int, str], n: int = CHUNK + 50) -> Path:
    path = folder / "rows.csv"
    lines = (bad.get(i, f'"m {i}, 卡",{i}') for i in range(n))
    path.write_text("message,amount\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


BAD_ROWS = {3: '"m 3, 卡",many', 100: "one,2,three", CHUNK + 9: '"m 265, 卡",lots'}


def test_one_bad_cell_or_row_costs_no_other_its_answer(tmp_path: Path) -> None:
    echo: Any = Echo(amount=True)
    path = amounts(tmp_path, BAD_ROWS)
    answers = predict_file(echo, str(path), str(tmp_path / "answers.jsonl"))
    assert [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text("utf-8").splitlines()] == answers
    assert [i for i, answer in enumerate(answers) if "error" in answer] == list(BAD_ROWS)
    assert all(answer["label"] == f"m {i}, 卡" for i, answer in enumerate(answers) if i not in BAD_ROWS)
    cell, row, late = (answers[i]["error"] for i in BAD_ROWS)
    assert (cell["code"], cell["row"], cell["column"], cell["where"]) == ("E371", 4, "amount", f"{path}:5")
    assert (row["code"], row["row"], row.get("column"), row["where"]) == ("E374", 101, None, f"{path}:102")
    assert (late["row"], late["column"], late["where"]) == (CHUNK + 10, "amount", f"{path}:{CHUNK + 11}")
    assert "many" not in json.dumps(answers)


def test_a_table_of_answers_says_in_a_column_what_is_wrong_with_a_row(tmp_path: Path) -> None:
    echo: Any = Echo(amount=True)
    path = amounts(tmp_path, BAD_ROWS | dict.fromkeys(range(20, 80), "x,y"))
    for name, lang, words in (("a.csv", "en", "row 4 ("), ("a.tsv", "zh", "第 4 条（")):
        answers = predict_file(echo, str(path), str(tmp_path / name), lang=lang)
        frame = pl.read_csv(tmp_path / name, separator="," if name == "a.csv" else "\t")
        assert frame.height == len(answers)
        assert frame["label"].to_list() == [answer.get("label") for answer in answers]
        assert frame["error"].is_not_null().to_list() == ["error" in answer for answer in answers]
        assert frame["error"][3].startswith(words)
        assert "'amount'" in frame["error"][3] or "“amount”" in frame["error"][3]


def test_a_file_whose_every_row_is_bad_still_has_its_lines(tmp_path: Path) -> None:
    echo: Any = Echo(amount=True)
    path = amounts(tmp_path, dict.fromkeys(range(5), "m,x"), n=5)
    predict_file(echo, str(path), str(tmp_path / "answers.csv"))
    frame = pl.read_csv(tmp_path / "answers.csv")
    assert (frame.columns, frame.height, frame["error"].null_count()) == (["label", "probability", "error"], 5, 0)


def test_a_file_of_more_rows_than_are_learned_from_is_answered_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(USUAL), "most", 1_000)
    assert len(predict_rows(ECHO, str(source(tmp_path)))) == 3 * CHUNK + 7


def test_a_column_that_no_row_has_ends_the_whole(tmp_path: Path) -> None:
    echo: Any = Echo(amount=True)
    with pytest.raises(UserError) as error:
        predict_rows(echo, str(source(tmp_path)))
    assert error.value.code == "E370"


@pytest.mark.parametrize(("bad", "code", "line"), [({CHUNK + 9: "m,x"}, "E371", CHUNK + 11), (BAD_ROWS, "E313", 102)])
def test_strictly_one_bad_row_and_nothing_is_written(tmp_path: Path, bad: dict[int, str], code: str, line: int) -> None:
    echo: Any = Echo(amount=True)
    path = amounts(tmp_path, bad)
    with pytest.raises(UserError) as error:
        predict_file(echo, str(path), str(tmp_path / "answers.csv"), strict=True)
    assert (error.value.code, error.value.where) == (code, f"{path}:{line}")
    assert not (tmp_path / "answers.csv").exists()
    predict_file(echo, str(amounts(tmp_path, {})), str(tmp_path / "answers.csv"), strict=True)
    assert pl.read_csv(tmp_path / "answers.csv").columns == ["label", "probability"]


def test_rows_of_an_archive_stand_where_its_files_have_them(tmp_path: Path) -> None:
    path = tmp_path / "rows.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("b.csv", "a.csv"):
            lines = [f"{name} {i},{i}" for i in range(30)]
            lines[7] = "one,2,three"
            file.writestr(name, "message,amount\n" + "\n".join(lines))
    echo: Any = Echo(amount=True)
    answers = predict_rows(echo, str(path))
    bad = {i: answer["error"]["where"] for i, answer in enumerate(answers) if "error" in answer}
    assert list(bad) == [7, 37]
    first, second = (answers[i]["label"].split()[0] for i in (0, 30))
    assert [*bad.values()] == [f"{path}:{first}:9", f"{path}:{second}:9"]


def test_a_target_that_cannot_be_is_refused_before_anything_is_answered(tmp_path: Path) -> None:
    path, echo = source(tmp_path, 5), Echo()
    wanted: Any = echo
    with pytest.raises(UserError) as error:
        predict_file(wanted, str(path), str(tmp_path / "answers.xlsx"))
    assert error.value.code == "E314"
    assert echo.sizes == []
    with pytest.raises(UserError) as error:
        predict_file(wanted, str(path), str(tmp_path / "nowhere" / "answers.csv"))
    assert error.value.code == "E318"


def test_a_crash_while_writing_leaves_the_old_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "answers.jsonl"
    target.write_text("old\n")

    def broken(answers: Any) -> Any:
        yield '{"label": "new"}\n'
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "_lines", broken)
    with pytest.raises(UserError) as error:
        predict_file(ECHO, str(source(tmp_path, 5)), str(target))
    assert "No space left" in error.value.what()
    assert target.read_text() == "old\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_no_rows_give_no_answers_under_the_same_header(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("message\n")
    assert predict_file(ECHO, str(path), str(tmp_path / "answers.csv")) == []
    assert (tmp_path / "answers.csv").read_text() == "label,probability,error\n"


def test_a_table_of_answers_has_a_column_for_hand_over_and_for_sets_where_the_version_has_them(tmp_path: Path) -> None:
    for name, separator in (("a.csv", ","), ("a.tsv", "\t")):
        unsure: Any = Echo(unsure=True)
        predict_file(unsure, str(source(tmp_path, 3)), str(tmp_path / name))
        frame = pl.read_csv(tmp_path / name, separator=separator)
        assert frame.columns == ["label", "probability", "handover", "labels", "error"]
        assert frame["handover"].to_list() == [True] * 3
        assert json.loads(frame["labels"][1]) == ["卡", 'a, "b"']
    predict_file(unsure, str(source(tmp_path, 3)), str(tmp_path / "a.jsonl"))
    first = json.loads((tmp_path / "a.jsonl").read_text("utf-8").splitlines()[0])
    assert first == {"label": "m 0, 卡", "probability": 0.5, "handover": True, "labels": ["卡", 'a, "b"']}
