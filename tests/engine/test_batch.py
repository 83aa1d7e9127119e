"""A file of rows is answered in its order, and the file of answers appears whole or not at all."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zhinan.core import UserError
from zhinan.data.drawing import USUAL
from zhinan.engine import batch
from zhinan.engine.batch import CHUNK, predict_file, predict_rows
from zhinan.tasks.classify import Classify


class Echo:
    """Answers each row with its own text, so that a row out of place shows."""

    task = Classify()

    def __init__(self, *, unsure: bool = False) -> None:
        self.sizes: list[int] = []
        self.hands_over = self.gives_sets = unsure

    def check(self, rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
        return rows

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
    count = predict_file(
        echo, str(source(tmp_path)), str(tmp_path / name), lambda done, total: told.append((done, total))
    )
    assert count == 3 * CHUNK + 7
    assert told[-1] == (count, count)
    assert max(echo.sizes) <= CHUNK
    text = (tmp_path / name).read_text("utf-8")
    if name.endswith(".jsonl"):
        labels = [json.loads(line)["label"] for line in text.splitlines()]
    else:
        separator = "," if name.endswith(".csv") else "\t"
        frame = pl.read_csv(io.StringIO(text), separator=separator)
        assert frame.columns == ["label", "probability"]
        labels = frame["label"].to_list()
    assert labels == [f"m {i}, 卡" for i in range(count)]
    assert [file.name for file in tmp_path.iterdir()] == ["rows.csv", name] or len(list(tmp_path.iterdir())) == 2


def test_standard_input_and_output_are_json_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ['{"message": "a"}', "", '{"message": "b", "other": 1}', '{"message": null}', ""]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    assert predict_file(ECHO, "-", "-") == 3
    assert [json.loads(line)["label"] for line in capsys.readouterr().out.splitlines()] == ["a", "b", "None"]


@pytest.mark.parametrize("line", ["{", "[1]", '"text"', "NaN"])
def test_a_line_that_is_no_object_is_named(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"message": "a"}\n' + line))
    with pytest.raises(UserError) as error:
        predict_rows(ECHO, "-")
    assert (error.value.code, error.value.where) == ("E313", "-:2")


def test_one_bad_row_and_nothing_is_written(tmp_path: Path) -> None:
    path = source(tmp_path, 60)
    path.write_text(path.read_text("utf-8") + "one,two,three\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        predict_file(ECHO, str(path), str(tmp_path / "answers.csv"))
    assert (error.value.code, error.value.where) == ("E313", f"{path}:62")
    assert not (tmp_path / "answers.csv").exists()


def test_a_file_of_more_rows_than_are_learned_from_is_answered_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(USUAL), "most", 1_000)
    assert len(predict_rows(ECHO, str(source(tmp_path)))) == 3 * CHUNK + 7


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
    assert predict_file(ECHO, str(path), str(tmp_path / "answers.csv")) == 0
    assert (tmp_path / "answers.csv").read_text() == "label,probability\n"


def test_a_table_of_answers_has_a_column_for_hand_over_and_for_sets_where_the_version_has_them(tmp_path: Path) -> None:
    for name, separator in (("a.csv", ","), ("a.tsv", "\t")):
        unsure: Any = Echo(unsure=True)
        predict_file(unsure, str(source(tmp_path, 3)), str(tmp_path / name))
        frame = pl.read_csv(tmp_path / name, separator=separator)
        assert frame.columns == ["label", "probability", "handover", "labels"]
        assert frame["handover"].to_list() == [True] * 3
        assert json.loads(frame["labels"][1]) == ["卡", 'a, "b"']
    predict_file(unsure, str(source(tmp_path, 3)), str(tmp_path / "a.jsonl"))
    first = json.loads((tmp_path / "a.jsonl").read_text("utf-8").splitlines()[0])
    assert first == {"label": "m 0, 卡", "probability": 0.5, "handover": True, "labels": ["卡", 'a, "b"']}
