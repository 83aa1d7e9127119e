"""A numeric target end to end: built, proved, packaged; what cannot be meant is refused before any compute."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.cli import show
from zhinan.core import UserError, find
from zhinan.engine import build, check
from zhinan.package import open_version, verify

MUST = ("mae <= 14", "within(20) >= 60%", "coverage >= 85%", "gap(mae, by=kind) <= 20")


def shop(folder: Path, must: tuple[str, ...] = MUST, more: str = "", n: int = 700) -> Path:
    """Prices that grow with size and kind, skewed upwards, noisier for the large."""
    draw = np.random.default_rng(0)
    size, kind = draw.uniform(1, 10, n), draw.choice(["flat", "house"], n)
    price = np.exp(2 + 0.2 * size + np.where(kind == "house", 0.5, 0) + draw.normal(0, 0.15, n))
    pl.DataFrame({"size": size, "kind": kind, "price": price.round(2)}).write_csv(folder / "homes.csv")
    lines = "".join(f"  - {line}\n" for line in must)
    path = folder / "product.yaml"
    path.write_text(f"product: homes\ndata: homes.csv\ntarget: price\nmust:\n{lines}{more}", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return build(shop(tmp_path_factory.mktemp("homes")), until="shallow")


@pytest.mark.parametrize("said", [1.7e308, -1e16, 10**400, "1e400", "nan", "1e16"])
def test_a_right_answer_is_a_number_whose_square_can_be_summed(said: Any) -> None:
    task = find("task", "regress").target()
    assert task.right(said, ()) is None
    assert [task.right(one, ()) for one in (1e15, -1e15, "12.5")] == [1e15, -1e15, 12.5]


def test_numbers_are_proved_with_an_interval_from_a_contract_of_six_lines(built: Any) -> None:
    verdicts = {row["line"].split()[0]: row for row in built.verdicts}
    assert built.outcome == "PROVED", built.verdicts
    assert verdicts["coverage"]["bound"] >= 0.85
    assert verdicts["gap(mae,"]["bound"] <= 20
    tried = {row["recipe"]: row["dev"]["mae <= 14"] for row in built.recipes if row["dev"]}
    assert tried["linear"] < tried["prior"] / 2


def test_the_learning_curve_of_numbers_is_forecast_in_their_own_unit(built: Any) -> None:
    report = (Path(built.path) / "report.html").read_text("utf-8")
    (told,) = re.findall(r"Forecast at [\d,]+ training examples: error ([^<]*?)\.<", report)
    low, high = told.split(" to ")
    error = next(row["dev"]["mae <= 14"] for row in built.recipes if row["chosen"])
    assert 0 < float(low) < error < 3 * float(high)


def test_one_row_is_answered_alike_alone_and_among_others_and_goldens_hold(built: Any) -> None:
    version = open_version(built.path)
    rows = [{"size": i / 2, "kind": "flat" if i % 2 else "house"} for i in range(40)]
    rows.append({"size": None, "kind": None})
    together = version.predict(rows)
    for row, answer in zip(rows, together, strict=True):
        (alone,) = version.predict([row])
        assert alone == pytest.approx(answer, rel=1e-4)
        assert 0 <= answer["low"] <= answer["value"] <= answer["high"]
    assert verify(built.path).ok


def test_the_report_shows_how_often_the_interval_held_with_its_bound_asked_for_or_not(tmp_path: Path) -> None:
    made = build(shop(tmp_path, ("mae <= 14",), "train: {interval: 80%}\n"), until="shallow")
    proof = json.loads((Path(made.path) / "proof.json").read_text("utf-8"))
    rows = proof["sealed"]
    inside = [
        float(low) <= float(truth) <= float(high)
        for truth, low, high in zip(rows["truth"], rows["low"], rows["high"], strict=True)
    ]
    assert 0.7 < np.mean(inside) < 0.9
    assert open_version(made.path).decision["level"] == 0.8


def test_what_a_line_about_coverage_costs_is_told_by_the_build_and_its_report(built: Any) -> None:
    usual, costly = built.to_dict()["widths"]
    assert (usual["line"], usual["level"], costly["line"]) == (None, 0.9, "coverage >= 85%")
    assert costly["level"] == open_version(built.path).decision["level"] > 0.9
    assert costly["width"] < 3 * usual["width"]
    assert costly["width"] > usual["width"]
    (english,), (chinese,) = (show._widths(built.widths, "CNY", zh) for zh in (False, True))
    assert english.startswith("coverage >= 85%: the interval is aimed at 9")
    assert f"{costly['width']:.4g} CNY wide on average" in english
    assert f"{usual['width']:.4g} CNY" in chinese
    report = (Path(built.path) / "report.html").read_text("utf-8")
    assert "so that the sealed examples can prove that line" in report


@pytest.mark.parametrize(
    ("must", "more", "code", "where"),
    [
        (("mae <= 14", "accuracy >= 90%"), "", "E306", "product.yaml:6:5"),
        (("mae <= 14",), "train: {calibrate: isotonic}\n", "E305", "product.yaml:6:20"),
        (("mae <= 14",), "train: {sets: 90%}\n", "E305", "product.yaml:6:15"),
        (("mae <= 14",), "cost: {matrix: {a: {b: 2}}}\n", "E305", "product.yaml:6:16"),
        (("accuracy >= 50%",), "task: classify\ntrain: {interval: 80%}\n", "E305", "product.yaml:7:19"),
        (("mae[flat] <= 14",), "", "E027", "product.yaml:5:8"),
        (("mae[kind=barn] <= 14",), "", "E118", "product.yaml:5:5"),
        (("gap(mae, by=kind) <= 5 pt",), "", "E023", "product.yaml:5:28"),
    ],
)
def test_what_means_nothing_for_numbers_is_refused_at_its_place(
    tmp_path: Path, must: tuple[str, ...], more: str, code: str, where: str
) -> None:
    with pytest.raises(UserError) as error:
        check(shop(tmp_path, must, more, n=90))
    assert (error.value.code, error.value.where) == (code, where), error.value


def test_ratings_are_labels_until_a_line_is_about_numbers(tmp_path: Path) -> None:
    rows = "".join(f"text {i} word{i % 7},{i % 5 + 1}\n" for i in range(90))
    (tmp_path / "r.csv").write_text("text,stars\n" + rows, encoding="utf-8")
    (tmp_path / "product.yaml").write_text("product: r\ndata: r.csv\ntarget: stars\nmust:\n  - mae <= 1\n")
    assert check(tmp_path / "product.yaml").needs[0].provable is None
    (tmp_path / "product.yaml").write_text("product: r\ndata: r.csv\ntarget: stars\nmust:\n  - accuracy >= 20%\n")
    assert check(tmp_path / "product.yaml").needs[0].need is not None


def test_a_target_that_never_changes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("x,y\n" + "".join(f"{i},5\n" for i in range(30)), encoding="utf-8")
    (tmp_path / "product.yaml").write_text("product: r\ndata: r.csv\ntarget: y\nmust:\n  - mae <= 1\n")
    with pytest.raises(UserError) as error:
        check(tmp_path / "product.yaml")
    assert error.value.code == "E308"


def test_a_verdict_is_in_the_targets_unit_where_the_data_write_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told_costs: object
) -> None:
    path = shop(tmp_path, ("mae <= 90", "gap(mae, by=kind) <= 90", "r2 >= -9", "coverage >= 5%"), n=200)
    frame = pl.read_csv(tmp_path / "homes.csv")
    frame.with_columns(pl.format("¥{}", "price").alias("price")).write_csv(tmp_path / "homes.csv")
    made = build(path, until="prior")
    assert made.to_dict()["unit"] == "CNY"
    report = (Path(made.path) / "report.html").read_text("utf-8")
    assert re.search(r"[\d.]+\N{NO-BREAK SPACE}CNY", report)
    show.verdicts(made.verdicts, 0.95, False, made.unit)
    lines = [line for line in capsys.readouterr().out.splitlines() if "≥" in line or "=" in line]
    assert [line.count("CNY") for line in lines[:4]] == [2, 2, 0, 0]
