"""The page of a check is one file that loads nothing, shows both languages, and keeps whatever the data hold inert."""

from __future__ import annotations

import re

from zhinan.evaluate.check_page import render_check
from zhinan.evaluate.pages import policy_hash

from .made_up_checks import facts


def test_everything_is_said_in_both_languages() -> None:
    page = render_check(facts()).decode()
    for words in (
        "1 of 2 lines cannot be proved",
        "2 条中有 1 条无法用现有数据证明",
        "about 64 more rows",
        "To have it otherwise",
        "weights minilm are not fetched yet",
        "Reading the data, proving and packaging come on top",
        "and 10 more classes with 30 rows",
        "the last bar holds",
        "依据",
    ):
        assert words in page, words


def test_the_page_loads_nothing_and_runs_only_its_choice_of_language() -> None:
    page = render_check(facts()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy.group(1)
    script = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert [policy_hash(one) in policy.group(1) for one in script] == [True]
    assert page.count("<script") == 1
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)


def test_whatever_the_data_contain_is_inert_text() -> None:
    page = render_check(facts("<img src=x onerror=alert(1)>\x00\u202e")).decode()
    assert "<img" not in page
    assert "\x00" not in page


def test_a_check_without_anything_to_say_is_a_page_too() -> None:
    page = render_check(facts(findings=[], classes=[], forecast=[], columns=[], lines=[])).decode()
    assert "Nothing is wrong with the data" in page
    assert 'id="check_classes"' not in page


def test_of_many_classes_the_rarest_are_listed_too_and_the_target_has_no_list_beside_them() -> None:
    page = render_check(facts()).decode()
    assert page.index("app19<") < page.index("and 10 more classes") < page.index("app30<") < page.index("app39<")
    assert "app20<" not in page
    (column, _) = facts()["columns"]
    target = {**column, "name": "label", "role": "target", "top": [{"value": "only here", "n": 60}]}
    assert "only here" not in render_check(facts(columns=[target])).decode()
    assert "only here" in render_check(facts(columns=[{**target, "role": "input"}])).decode()
    assert "only here" not in render_check(facts(columns=[{**target, "role": "input", "rows": 90_000}])).decode()


def test_numbers_are_shown_whole_and_years_as_years() -> None:
    (_, number) = facts()["columns"]
    of = {**number["histogram"], "low": -165580.0, "high": 964511.0, "cut": None}
    assert "values from -165,580 to 964,511" in render_check(facts(columns=[{**number, "histogram": of}])).decode()
    of = {**of, "low": 1994.0, "high": 1996.0, "of": "year"}
    assert "values from 1994 to 1996" in render_check(facts(columns=[{**number, "histogram": of}])).decode()


def test_where_rows_are_of_people_what_is_to_buy_is_people() -> None:
    page = render_check(facts(people=True)).decode()
    assert "about 64 more people" in page
    assert "count people of the sealed set" in page
    assert "more rows" not in page


def test_one_finding_is_spoken_of_as_of_one_and_several_as_of_several() -> None:
    (finding,) = facts()["findings"]
    stops = render_check(facts(findings=[{**finding, "code": "unread_inputs"}])).decode()
    assert "A build stops" in stops
    told = [{**finding, "code": "personal_data", "damage": damage} for damage in (3, 2)]
    page = render_check(facts(findings=told)).decode()
    assert "1 finding leaves personal details open" in page
    assert "1 may leave personal details open" in page
    assert ">personal details open<" in page
    assert ">personal details?<" in page
    assert "makes a result wrong" not in page
    told = [{**finding, "damage": damage} for damage in (3, 2, 1)]
    one, several = (render_check(facts(findings=told * times)).decode() for times in (1, 2))
    for words in ("1 finding makes a result wrong", "1 costs quality or proof", "1 is worth knowing"):
        assert words in one, words
    for words in ("2 findings make a result wrong", "2 cost quality or proof", "2 are worth knowing"):
        assert words in several, words
