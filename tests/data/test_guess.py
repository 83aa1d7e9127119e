"""A contract is guessed from a file with a reason for each guess, and what gives the answer away is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import parse
from zhinan.data import infer_contract, load

pytestmark = pytest.mark.usefixtures("quick")


def guessed(tmp_path: Path, text: str, name: str = "Support messages.csv") -> dict[str, Any]:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return infer_contract(path)


def support() -> str:
    lines = ["id,user_id,created_at,message,channel,team,intent"]
    for i in range(90):
        intent = ("lost_card", "refund", "hours")[i % 3]
        say = f"please call 1381234{1000 + i} about number {i}"
        lines.append(
            f"{i},u{i % 9},2024-01-{i % 28 + 1:02d} 10:00,{say},{['web', 'app'][i % 2]},team-{intent},{intent}"
        )
    return "\n".join(lines)


def test_the_usual_columns_are_recognised_and_explained(tmp_path: Path) -> None:
    guess = guessed(tmp_path, support())
    assert guess["product"] == "support-messages"
    assert guess["data"] == {
        "source": "Support messages.csv",
        "target": "intent",
        "inputs": {"message": "text", "channel": "category"},
        "person": "user_id",
        "time": "created_at",
        "mask": ["phone"],
    }
    assert (guess["task"], guess["rows"]) == ("classify", 90)
    assert guess["classes"] == {"lost_card": 30, "refund": 30, "hours": 30}
    why = guess["why"]
    assert why["data.target"].en == "named 'intent'"
    assert "gives the target away" in why["data.inputs.team"].en
    assert "left out" in why["data.inputs.id"].en
    assert "[PHONE]" in why["data.mask.phone"].zh
    assert "1381234" not in repr(guess)


def test_what_is_guessed_is_a_contract_that_loads(tmp_path: Path) -> None:
    data = guessed(tmp_path, support(), "rows.csv")["data"]
    keys = "".join(f"  {k}: {v!r}\n".replace("'", "") for k, v in data.items())
    contract = parse(f"product: x\ndata:\n{keys}must:\n  - accuracy >= 90%\n", tmp_path / "product.yaml")
    assert len(load(contract).dataset) == 90


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("text,label,category", "label"),
        ("label,text,x", "label"),
        ("消息,类别,x", "类别"),
        ("text,a,verdict", "verdict"),
    ],
)
def test_a_target_is_known_by_its_name_or_stands_last(tmp_path: Path, header: str, target: str) -> None:
    names = header.split(",")
    cells = {name: f"{{n}} {name} words" if name in ("text", "消息") else "{c}" for name in names}
    rows = [",".join(cells[n] for n in names).format(n=i, c="xyz"[(i * 7) % 11 % 3]) for i in range(60)]
    assert guessed(tmp_path, "\n".join([header, *rows]))["data"]["target"] == target


def test_no_target_is_guessed_where_none_is(tmp_path: Path) -> None:
    guess = guessed(tmp_path, "en,zh\n" + "".join(f"hello {i},你好 {i}\n" for i in range(50)))
    assert (guess["data"]["target"], guess["task"], guess["classes"]) == (None, None, {})
    assert guess["why"]["data.target"].zh


def test_a_folder_of_tables_is_guessed_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "rows").mkdir()
    for name in ("a", "b"):
        lines = ["message,label", *(f"text {name} {i} to read,{'xyz'[i % 3]}" for i in range(20))]
        (tmp_path / "rows" / f"{name}.csv").write_text("\n".join(lines))
    known = infer_contract(tmp_path / "rows")
    assert (known["rows"], known["data"]["source"], known["data"]["target"]) == (40, "rows", "label")


def test_telephone_numbers_in_a_column_of_numbers_are_masked_and_no_input(tmp_path: Path) -> None:
    rows = [f"{i % 41},1380000{i:04d},{'ab'[i % 2]}" for i in range(120)]
    guess = guessed(tmp_path, "\n".join(["size,contact,label", *rows]))
    assert guess["data"]["mask"] == ["phone"]
    assert guess["data"]["inputs"] == {"size": "number"}
    assert "1380000" not in repr(guess["why"])


def test_of_a_series_of_two_columns_the_time_is_the_input(tmp_path: Path) -> None:
    path = tmp_path / "series.csv"
    path.write_text(
        "date,sales\n" + "".join(f"2024-{1 + i // 28:02d}-{1 + i % 28:02d},{100 + i * 7 % 50}\n" for i in range(300))
    )
    drafted = infer_contract(path)["data"]
    assert (drafted["time"], drafted["target"], drafted["inputs"]) == ("date", "sales", {"date": "time"})
