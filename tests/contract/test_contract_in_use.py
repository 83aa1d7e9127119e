"""Lines that only use can judge: their options, what is refused at its place, and how a contract holds them."""

from __future__ import annotations

import pytest

from zhinan.contract import parse, parse_line
from zhinan.contract.lines import in_use
from zhinan.core import UserError

FIVE = "product: x\ndata: messages.csv\ntarget: intent\nmust:\n  - accuracy >= 90%\n"
IN_USE = FIVE + "  - conversion(order) >= 4%\n"


def test_lines_that_use_judges_stand_apart_and_count_in_the_hash() -> None:
    contract = parse(IN_USE)
    assert [line.metric for line in contract.must] == ["accuracy"]
    assert [line.text for line in contract.in_use] == ["conversion(event=order) >= 4%"]
    assert len({contract.hash, parse(FIVE).hash, parse(IN_USE.replace("4%", "5%")).hash}) == 3


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        (IN_USE + "should: [satisfaction >= 80%]\n", "E537", "product.yaml:7:10"),
        (FIVE.replace("accuracy >= 90%", "satisfaction >= 80%"), "E538", "product.yaml:5:5"),
        (IN_USE + "serve: {retention: 1 h}\n", "E539", "product.yaml:6:5"),
        (IN_USE + "  - 转化率(order) >= 5%\n", "E026", "product.yaml:7:5"),
    ],
)
def test_a_contract_whose_lines_use_could_not_judge_is_refused(text: str, code: str, where: str) -> None:
    with pytest.raises(UserError) as refused:
        parse(text)
    assert (refused.value.code, refused.value.where) == (code, where)


MEASURES = [
    ("conversion(order, within=2 days) >= 4%", "conversion(event=order, within=2 days) >= 4%"),
    ("转化率（order）≥４％", "conversion(event=order) >= 4%"),
    ("留存率 >= 30%", "retention >= 30%"),
    ("满意度(scale=10, least=9) >= 70%", "satisfaction(least=9.0, scale=10.0) >= 70%"),
    ("处理时长(done, take=p90, value=min) <= 10 min", "handle_time(event=done, value=min, take=p90) <= 10 min"),
    ("handle_time(take=mean, most=2 h) <= 0.5 h", "handle_time(take=mean, most=2 h) <= 0.5 h"),
]


@pytest.mark.parametrize(("text", "canonical"), MEASURES)
def test_a_measure_of_use_says_in_its_line_what_counts(text: str, canonical: str) -> None:
    line = parse_line(text)
    assert line.text == canonical
    assert parse_line(canonical) == line
    assert in_use(line)


@pytest.mark.parametrize(
    ("text", "code", "column", "words"),
    [
        ("conversion(order, withn=2 days) >= 4%", "E901", 23, "within"),
        ("conversion(order, within=2 dys) >= 4%", "E023", 30, "days"),
        ("conversion(or der) >= 4%", "E535", 16, "or der"),
        ("retention(after=20 days) >= 10%", "E536", 15, "within"),
        ("conversion >= current", "E541", 19, "number"),
        ("satisfaction(least=7) >= 80%", "E542", 18, "scale"),
        ("handle_time(take=mean) <= 5 min", "E543", 17, "most"),
        ("handle_time(take=men) <= 5 min", "E052", 22, "mean"),
        ("satisfaction >= 100%", "E544", 21, "100%"),
        ("conversion[app] >= 4%", "E027", 15, "conversion"),
        ("auto_rate(conversion >= 4%) >= 70%", "E276", 15, "conversion"),
        ("convertion >= 4%", "E019", 5, "conversion"),
    ],
)
def test_a_measure_that_events_could_never_judge_is_refused_at_its_place(
    text: str, code: str, column: int, words: str
) -> None:
    with pytest.raises(UserError) as refused:
        parse_line(text, "product.yaml:7:5")
    assert (refused.value.code, refused.value.where) == (code, f"product.yaml:7:{column}")
    assert words in refused.value.text()
