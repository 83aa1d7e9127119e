"""`zhinan new` writes a contract that loads and checks, whatever the columns are called."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from zhinan.contract import load
from zhinan.core import UserError
from zhinan.engine.checking import check
from zhinan.engine.needs import flawless_rows
from zhinan.engine.starting import copy_example, new_product
from zhinan.proof import Measurement

AWKWARD = (
    "消息 正文", 'say "it"', "it's", "2fast", "-", "- a", "null", "yes", "~", "#no", "a: b", "{x}", "[y]", "@at", "%",
    "col,umn", "&anchor", "*star", "!tag", "|", "full：width", "émoji😀", "trailing:", "1e3", ".5", "\\back", "a\nb",
)  # fmt: skip


def table(path: Path, text: str, target: str, rows: int = 120) -> Path:
    draw = random.Random(3)

    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"'

    lines = [f"{cell(text)},amount,{cell(target)}"]
    for i in range(rows):
        label = ("refund", "卡", "login")[i % 3]
        words = " ".join(draw.choice(("please", "我的", "now", "help", "谢谢", label)) for _ in range(9))
        lines.append(f"{cell(f'{words} {i}')},{i % 7}.5,{label}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", AWKWARD[::5])
def test_a_contract_inferred_from_any_column_names_loads(tmp_path: Path, name: str) -> None:
    for text, target in ((name, "label"), ("message", name)):
        contract = load(new_product(tmp_path / target[:1], table(tmp_path / "data.csv", text, target)))
        assert contract.data.target == target
        assert dict(contract.data.inputs or {}) == {text: "text", "amount": "number"}


def test_a_contract_inferred_from_columns_with_all_those_names_checks(tmp_path: Path) -> None:
    source = table(tmp_path / "data.csv", "message", "label")
    head, *rows = source.read_text("utf-8").splitlines()
    names = ",".join('"' + name.replace('"', '""') + '"' for name in AWKWARD)
    values = [",".join(f"{i * j % 11}.5" for j in range(1, len(AWKWARD) + 1)) for i in range(len(rows))]
    lines = [f"{names},{head}", *(f"{more},{row}" for more, row in zip(values, rows, strict=True))]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    checked = check(new_product(tmp_path / "product", source))
    assert all(need.provable for need in checked.needs)


@pytest.mark.parametrize("name", ["客服.csv", "2026 export (1).csv", "true.csv", "-.csv", f"{'long ' * 20}.csv"])
def test_the_product_may_be_named_after_any_file(tmp_path: Path, name: str) -> None:
    source = table(tmp_path / name, "message", "label")
    assert load(new_product(tmp_path / "product", source)).data.source[0].path.name == name


@pytest.mark.parametrize("name", ["shop", "my shop!", "店", "9 lives", "-x"])
def test_a_folder_without_data_gets_a_contract_that_loads(tmp_path: Path, name: str) -> None:
    assert load(new_product(tmp_path / name, None)).data.target == "label"


def test_only_lines_that_this_much_data_can_prove_are_written(tmp_path: Path) -> None:
    few = new_product(tmp_path / "few", table(tmp_path / "few.csv", "message", "label", rows=40))
    assert "sealed rows are few" in few.read_text("utf-8")
    many = new_product(tmp_path / "many", table(tmp_path / "many.csv", "message", "label", rows=900))
    assert "accuracy >= 90%" in many.read_text("utf-8")
    assert all(need.provable for need in check(many).needs)


def test_a_target_of_several_labels_gets_a_line_that_judges_them(tmp_path: Path) -> None:
    cells = ("bug|slow", "slow|login", "login|bug", "bug", "slow|bug", "login|slow")
    lines = [f"the app hangs or crashes {i * 7907 % 1013},{cells[i % 6]}" for i in range(120)]
    (tmp_path / "rows.csv").write_text("message,tags\n" + "\n".join(lines), encoding="utf-8")
    drafted = new_product(tmp_path / "p", tmp_path / "rows.csv")
    assert "exact_match >= " in drafted.read_text("utf-8")
    assert check(drafted).needs[0].line.startswith("subset_accuracy")


@pytest.mark.parametrize(
    ("task", "metric"), [("tag", "exact_match"), ("regress", "coverage"), ("classify", "accuracy")]
)
def test_a_task_that_was_asked_for_gets_lines_that_judge_it(tmp_path: Path, task: str, metric: str) -> None:
    asked = [new_product(tmp_path / "bare", None, task)]
    if task == "tag":  # each row of these data has one label
        asked.append(new_product(tmp_path / "p", table(tmp_path / "rows.csv", "message", "label"), task))
        assert check(asked[1]).needs[0].line.startswith("subset_accuracy")
    for path in asked:
        lines = [line.strip("- ") for line in path.read_text("utf-8").split("must:\n")[1].splitlines()]
        assert lines[0].startswith(f"{metric} >= ")
        assert load(path).task == task


def test_nothing_is_overwritten_and_nonsense_is_refused(tmp_path: Path) -> None:
    source = table(tmp_path / "data.csv", "message", "label")
    path = new_product(tmp_path / "p", source)
    before = path.read_bytes()
    refused = {
        "E320": lambda: new_product(tmp_path / "p", source),
        "E100": lambda: new_product(tmp_path / "q", tmp_path / "missing.csv"),
        "E019": lambda: new_product(tmp_path / "q", source, "clasify"),
        "E322": lambda: copy_example("suport", tmp_path / "q"),
    }
    for code, call in refused.items():
        with pytest.raises(UserError) as error:
            call()
        assert error.value.code == code
    assert path.read_bytes() == before
    assert not (tmp_path / "q").exists()
    lonely = tmp_path / "lonely.csv"
    lonely.write_text("message\n" + "".join(f"hello {i} there\n" for i in range(30)), encoding="utf-8")
    with pytest.raises(UserError) as error:
        new_product(tmp_path / "q", lonely)
    assert error.value.code == "E321"


def test_the_shipped_example_is_copied_whole_and_checks(tmp_path: Path) -> None:
    path = copy_example("support", tmp_path / "mine")
    assert {file.name for file in path.parent.iterdir()} >= {"product.yaml", "messages.csv", "test.csv"}
    assert all(need.provable for need in check(path).needs)


@pytest.mark.parametrize(("target", "delta"), [(0.5, 0.05), (0.9, 0.025), (0.99, 0.05), (0.999, 0.01)])
def test_flawless_rows_are_the_fewest_that_prove_a_share(target: float, delta: float) -> None:
    rows = flawless_rows(target, delta)
    assert rows is not None
    assert Measurement.counts(rows, rows).lower(delta) >= target
    assert rows == 10 or Measurement.counts(rows - 1, rows - 1).lower(delta) < target
    assert flawless_rows(1.0, delta) is None
