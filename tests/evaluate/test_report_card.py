"""The model card: every section in both languages, the report's own verdicts, and nothing the data could write."""

from __future__ import annotations

import re

import pytest

from .made_up_reports import bank, bare, card, hostile, rich, support

SECTIONS = [
    ("Intended use", "用途"), ("Metrics and their bounds", "指标及其界"), ("Limits", "局限"), ("Data", "数据"),
    ("Fairness", "公平性"), ("Energy and cost", "能耗与成本"), ("Ethical notes", "伦理说明"), ("Licences", "许可"),
    ("How to verify", "如何核查"),
]  # fmt: skip


def test_the_card_has_every_section_in_english_and_then_in_chinese() -> None:
    english, chinese = card(support()).split("\n---\n")
    for half, language in ((english, 0), (chinese, 1)):
        assert re.findall(r"^## (.*)$", half, re.MULTILINE) == [both[language] for both in SECTIONS]
    assert not re.search("[\u4e00-\u9fff]", english)


def test_the_card_has_the_same_verdicts_and_bounds_as_the_report() -> None:
    text = card(bank() | {"override": None}).replace("\u00a0", " ")
    assert "| `macro_f1 >= 93%` | UNDECIDED | 92.96 % | at least 92.03 % | n = 3,080 sealed, 95 % |" in text
    assert "| `macro_f1 >= 93%` | 证据不足 | 92.96 % | 至少 92.03 % | n = 3,080（封存集）, 95 % |" in text
    assert "At least 92.19 % of the examples are answered right" in text
    assert "\n\n\n" not in text


def test_the_card_says_who_was_compared_and_how_to_check() -> None:
    text = card(support()).replace("\u00a0", " ")
    assert "| `mail` | 88.5 % | 78.6 % to 94.5 % | 61 |" in text
    assert "`python tools/verify_proof.py .zhinan/versions/3`" in text
    assert "That the labels are honest and right" in text
    assert "No group was compared" in card(bare())


@pytest.mark.parametrize(
    "payload",
    [
        "<script>x</script>", "| a | b |", "](http://x.example)", "`` ` ``", "**b**", "\n\n# h\n", "http://x.example",
        "\\|", "\n---\n", "1. ",
    ],
)  # fmt: skip
def test_the_card_cannot_be_written_to_by_the_data(payload: str) -> None:
    text, plain = card(hostile(rich(), payload)), card(hostile(rich(), "§"))
    begins = r"^(?:#+ |- |\||---$|\s*(?:[*+>=~`]|\d+[.)] )|)"
    assert re.findall(begins, text, re.MULTILINE) == re.findall(begins, plain, re.MULTILINE)
    rows = [re.findall(r"^\|.*", t, re.MULTILINE) for t in (text, plain)]
    cells = [[len(re.findall(r"(?:\\.|[^|\\])+\|", row)) for row in t] for t in rows]
    assert cells[0] == cells[1]
    prose = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", re.sub(r"\\.", "", text))
    assert not re.search(r"<|\*\*b|http://|\]\(", prose)
