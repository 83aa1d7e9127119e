"""`zhinan explain` on a small version: one row or a file, in both languages, for people and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.cli.explaining import METHODS, NUMBER_METHODS
from zhinan.core import Block, Column, Encoded
from zhinan.encoders.ngrams import NGrams
from zhinan.package import draft
from zhinan.recipes.linear import linear

Zhinan = Callable[..., Any]

TEXTS = ("lost my card", "my card is gone", "卡丢了", "refund please", "money back please", "我要退款") * 8


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = np.array([0, 0, 0, 1, 1, 1] * 8)
    fitted = NGrams().fit({"message": TEXTS})
    part = Encoded((Block("ngrams", fitted.encode({"message": TEXTS}), fitted),), target, ("card", "refund"))
    made = draft(
        folder=tmp_path_factory.mktemp("drafts"), product="p",
        candidate=linear(part, part, budget=9, l2=(1.0,), mix=(1.0,)), inputs=(Column("message", "text"),),
        masks=("email",), contract=b"", facts={},
    )  # fmt: skip
    return made.path


def test_one_row_is_shown_with_signs_in_both_languages(zhinan: Zhinan, place: Path) -> None:
    said = zhinan("explain", place, "message=hello my card a@b.org")
    assert said.code == 0
    assert said.out.startswith("card 0.")
    assert "against refund" in said.out
    assert "[EMAIL]" in said.out
    assert "a@b" not in said.out
    line = next(line for line in said.out.splitlines() if line.rstrip().endswith("█ card"))
    assert line.strip().startswith("+")
    assert "exact" in said.out
    said = zhinan("explain", place, "message=我要退款", "--lang", "zh")
    assert "对比 card" in said.out
    assert "退款" in said.out
    assert "精确" in said.out


def test_json_adds_up(zhinan: Zhinan, place: Path, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("message,other\nlost my card,1\n我要退款,2\n", encoding="utf-8")
    said = zhinan("explain", place, "--input", file, "--json").json
    assert said["rows"] == 2
    assert [one["answer"] for one in said["explanations"]] == ["card", "refund"]
    for one in said["explanations"]:
        told = one["base"] + one["rest"] + one["unexplained"] + sum(part["weight"] for part in one["parts"])
        assert told == pytest.approx(one["difference"])
        assert (one["method"], one["exact"]) == ("linear", True)
    (short,) = zhinan("explain", place, "message=lost my card today", "--top", "1", "--json").json["explanations"]
    assert len(short["parts"]) == 1
    assert short["rest"] != 0


def test_a_label_can_be_named(zhinan: Zhinan, place: Path) -> None:
    (one,) = zhinan("explain", place, "message=卡丢了", "--against", "refund", "--json").json["explanations"]
    assert (one["answer"], one["against"]) == ("card", "refund")
    (one,) = zhinan("explain", place, "message=卡丢了", "--label", "refund", "--json").json["explanations"]
    assert (one["answer"], one["against"]) == ("refund", "card")
    assert one["difference"] < 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("message=x", "--against", "crad"), "E290"),
        ((), "E317"),
        (("message=x", "--input", "rows.csv"), "E317"),
        (("message",), "E315"),
        (("other=x",), "E370"),
    ],
)
def test_what_cannot_be_explained_says_why(zhinan: Zhinan, place: Path, arguments: tuple[str, ...], code: str) -> None:
    said = zhinan("explain", place, *arguments)
    assert said.code == 3
    assert code in said.err


def test_parts_of_a_number_add_up_to_no_odds() -> None:
    said = {**METHODS, **NUMBER_METHODS}.values()
    assert [words for words in said if "odds" in words[0] or "几率" in words[1]] == []
