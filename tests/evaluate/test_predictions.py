"""A file of predictions is judged by the columns it has; a column that is not there is never quietly done without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.evaluate.predictions import prove_file

MUST = ("accuracy >= 90%",)
CONTRACT = """product: shop
data: {source: messages.csv, target: intent, person: who}
must:
  - accuracy >= 80%
  - latency_p95 <= 20 ms
confidence: 99%
"""


def table(folder: Path, name: str = "answers.csv", header: str = "message,label,prediction,who", n: int = 80) -> Path:
    rows = [f"hello {i},{'card' if i % 3 else '退款'},{'card' if i % 3 or i == 3 else '退款'},u{i}" for i in range(n)]
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def code(path: Path, **given: Any) -> UserError:
    with pytest.raises(UserError) as error:
        prove_file(path, **{"must": MUST, **given})
    return error.value


def test_usual_names_are_found_and_others_are_named(tmp_path: Path) -> None:
    found = prove_file(table(tmp_path), must=(*MUST, 'recall["退款"] >= 50%'))
    assert (found.outcome, found.n) == ("PROVED", 80)
    other = table(tmp_path, "other.csv", "message,wahr,gesagt,who")
    assert prove_file(other, must=MUST, truth="wahr", prediction="gesagt").outcome == "PROVED"
    error = code(other, truth="wahr")
    assert error.code == "E259"
    assert "gesagt" in error.fix()


def test_jsonl_is_as_good_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    rows = [{"label": i % 2, "prediction": i % 2, "channel": "app"} for i in range(80)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert prove_file(path, must=(*MUST, "accuracy[channel=app] >= 50%")).outcome == "PROVED"


@pytest.mark.parametrize("option", ["truth", "prediction", "probability", "person"])
def test_a_misspelt_column_is_refused_with_the_nearest_one(tmp_path: Path, option: str) -> None:
    error = code(table(tmp_path), **{option: "labell"})
    assert error.code == "E259"
    assert f"--{option}" in error.what()
    assert "'label'" in error.fix()


def test_the_truth_is_not_its_own_prediction(tmp_path: Path) -> None:
    assert code(table(tmp_path), truth="label", prediction="label").code == "E261"


def test_an_empty_cell_names_its_line_and_counts_as_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("label,prediction\n" + "a,a\n" * 40 + ",\n" + "a,a\n,\na,\n", encoding="utf-8")
    error = code(path)
    assert (error.code, error.where) == ("E260", "answers.csv:45")  # a row of nothing at all is no row
    path.write_text("label,prediction\n" + "a,a\n" * 4 + "a,NaN\n", encoding="utf-8")
    assert prove_file(path, must=MUST).verdicts[0].value == 0.8


def test_a_row_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("label,prediction\n" + "a,a\n" * 40 + "a,a,a\n", encoding="utf-8")
    error = code(path)
    assert (error.code, error.where) == ("E261", "answers.csv:42")


def test_a_probability_that_is_no_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("label,prediction,p\n" + "a,a,.2\nb,b,high\n" * 20, encoding="utf-8")
    assert code(path, must=("auc >= 60%",), probability="p").code == "E261"
    path.write_text("label,prediction,p\n" + "a,a,.2\nb,b,nan\n" * 20, encoding="utf-8")
    assert code(path, must=("auc >= 60%",), probability="p").code == "E033"


def test_a_contract_brings_its_lines_its_confidence_and_its_person(tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(CONTRACT, encoding="utf-8")
    path = table(tmp_path, header="message,intent,prediction,who")
    found = prove_file(path, product=tmp_path / "product.yaml")
    assert [v.line for v in found.verdicts] == ["accuracy >= 80%"]
    assert found.confidence == 0.99
    assert prove_file(path, product=tmp_path / "product.yaml", confidence=0.9).confidence == 0.9
    missing = table(tmp_path, header="message,intent,prediction,user")
    assert code(missing, product=tmp_path / "product.yaml").code == "E259"


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    path = table(tmp_path, header="must,label,prediction,confidence")
    assert prove_file(path, must=("accuracy[confidence=u1] >= 1%",)).verdicts[0].n == 1


def write(folder: Path, text: str, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_column_of_somebody_elses_answers_is_what_current_means(tmp_path: Path) -> None:
    path = write(tmp_path, "label,prediction,llm\n" + "a,a,b\nb,b,b\na,a,a\n" * 40)
    found = prove_file(path, must=["accuracy >= current - 1 pt", "accuracy >= current + 20 pt"], current="llm")
    assert found.outcome == "PROVED"
    assert code(path, must=["accuracy >= current"]).code == "E269"
    assert code(path, must=["accuracy >= current"], current="lm").code == "E259"


def test_rows_handed_over_may_lack_an_answer(tmp_path: Path) -> None:
    path = write(tmp_path, "label,prediction,person_did_it\n" + "a,a,no\nb,b,no\na,a,no\nb,,yes\n" * 40)
    must = ["auto_rate(precision >= 90%) >= 60%"]
    assert prove_file(path, must=must, handover="person_did_it").verdicts[0].value == 0.75
    assert (code(path, must=must).code, code(path, must=must).where) == ("E260", "answers.csv:5")
    wrong = write(tmp_path, "label,prediction,handed\na,a,no\nb,,no\n" + "a,a,no\n" * 20)
    assert code(wrong, must=must, handover="handed").where == "answers.csv:3"


def test_numbers_with_their_intervals_and_quantiles(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i + i % 3},{i - 1},{i + 3},{i + 2}\n" for i in range(90))
    path = write(tmp_path, "truth,pred,from,to,q_0.9\n" + rows)
    must = ["mae <= 2", "within(2) >= 90%", "coverage >= 90%", "pinball(q=0.9) <= 1"]
    found = prove_file(path, must=must, low="from", high="to")
    assert [v.value for v in found.verdicts] == [1.0, 1.0, 1.0, pytest.approx(0.2)]
    error = code(write(tmp_path, "truth,pred\n" + "1,2\n" * 20 + "1,two\n"), must=["mae <= 2"])
    assert (error.code, error.where) == ("E262", "answers.csv:22")
    assert "'two'" in error.what()


def test_money_of_each_answer_against_that_of_somebody_else(tmp_path: Path) -> None:
    rows = "".join(f"a,a,0.0{1 + i % 3},0.{1 + i % 2}\n" for i in range(90))
    path = write(tmp_path, "label,prediction,ours,theirs\n" + rows)
    found = prove_file(path, must=["cost <= 20% of current", "cost <= 30 USD"], cost="ours", current_cost="theirs")
    assert [v.value for v in found.verdicts] == [pytest.approx(0.02 / 0.15), pytest.approx(20)]
    assert found.outcome == "PROVED"
    error = code(
        write(tmp_path, "label,prediction,ours\n" + "a,a,0.1\n" * 20 + "a,a,\n"), must=["cost <= 9 USD"], cost="ours"
    )
    assert (error.code, error.where) == ("E260", "answers.csv:22")


def test_a_column_for_each_class_holds_its_probability(tmp_path: Path) -> None:
    path = write(tmp_path, "label,prediction,p_a,p_b,p_c\n" + "a,a,.8,.1,.1\nb,a,.5,.3,.2\nc,c,0,0,1\n" * 30)
    found = prove_file(path, must=["log_loss <= 2", "accuracy@2 >= 90%"])
    import math

    assert found.verdicts[0].value == pytest.approx(-(math.log(0.8) + math.log(0.3)) / 3)
    assert found.verdicts[1].value == 1
    renamed = write(tmp_path, "label,prediction,score.a,score.b\n" + "a,a,.8,.2\nb,a,.6,.4\n" * 30)
    assert prove_file(renamed, must=["auc >= 50%"], probabilities="score.").verdicts[0].value == 1
    assert code(renamed, must=["auc >= 50%"]).code == "E250"
    assert code(renamed, must=["auc >= 50%"], probabilities="p_").code == "E259"
    lacking = write(tmp_path, "label,prediction,p_a\n" + "a,a,.8\nb,a,.6\n" * 30)
    error = code(lacking, must=["log_loss <= 2"])
    assert (error.code, "p_b" in error.what()) == ("E259", True)
    assert prove_file(lacking, must=["accuracy >= 10%"]).n == 60, "no line asked for probabilities"


def test_tags_and_rankings_are_read_from_cells(tmp_path: Path) -> None:
    tags = write(tmp_path, "label,prediction\n" + '"[""bug"", ""docs""]",docs|bug\nbug,bug|docs\n[],[]\n' * 30)
    found = prove_file(tags, must=["subset_accuracy >= 50%", "recall[bug] >= 90%"])
    assert [v.value for v in found.verdicts] == [pytest.approx(2 / 3), 1.0]
    ranks = write(tmp_path, 'label,prediction\n"[""7"", ""3""]",3 9 7\n' + '"{""4"": 2, ""5"": 1}",5 4\n' * 40, "r.csv")
    assert prove_file(ranks, must=["mrr >= 90%", "ndcg@2 >= 50%"]).verdicts[0].value == 1
    broken = write(tmp_path, 'label,prediction\n"[""7""",7\n' + "7,7\n" * 20, "b.csv")
    error = code(broken, must=["mrr >= 90%"])
    assert (error.code, error.where) == ("E268", "b.csv:2")


def test_a_contract_about_numbers_brings_its_lines_its_current_column_and_its_matrix(tmp_path: Path) -> None:
    product = tmp_path / "product.yaml"
    product.write_text(
        "product: prices\ndata: {source: m.csv, target: price, current: old}\n"
        "must:\n  - mae <= 3\n  - mae <= current\n  - size <= 1 MB\n",
        encoding="utf-8",
    )
    rows = "".join(f"{i},{i + i % 3},{i + 5 + i % 4}\n" for i in range(120))
    path = write(tmp_path, "price,prediction,old\n" + rows)
    found = prove_file(path, must=(), product=product)
    assert [v.line for v in found.verdicts] == ["mae <= 3", "mae <= current"]
    assert found.outcome == "PROVED"
    product.write_text(
        "product: cards\ndata: {source: m.csv, target: label}\nmust:\n  - expected_cost <= 2\n"
        "cost: {matrix: {b: {a: 8}}}\n",
        encoding="utf-8",
    )
    path = write(tmp_path, "label,prediction\n" + "a,a\nb,a\n" * 40)
    assert prove_file(path, product=product).verdicts[0].value == 4
