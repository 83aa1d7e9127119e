"""A must line in plain words: the claim is the bound, never more, and what is only seen is never told as proved."""

from __future__ import annotations

from typing import Any

import pytest

from zhinan.core import Words
from zhinan.evaluate.report_lines import Code, verdict_row, words_of
from zhinan.evaluate.wording import TEXTS


def said(pair: tuple[str, dict[str, Any]], language: int) -> str:
    values = {k: (v.en, v.zh)[language] if isinstance(v, Words) else v for k, v in pair[1].items()}
    return TEXTS[pair[0]][language].format(**values).replace("\u00a0", " ")


def told(line: str, verdict: str, asked: dict[str, Any] | None = None, **row: Any) -> tuple[str, str]:
    """The sentence in both languages."""
    given = {"line": line, "verdict": verdict, "value": 0.93, "bound": 0.912, "n": 842, "on": "sealed", **row}
    found = verdict_row(given, {line: asked} if asked else {}, "95 %")
    parts = [found[key] for key in ("claim", "under", "tail") if found[key]]
    english, chinese = ("".join(said(part, language) for part in parts) for language in (0, 1))
    return english, chinese


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        (
            "accuracy >= 90%",
            "At least 91.2 % of the examples are answered right",
            "全部样本中，至少 91.2 % 的回答是正确的",
        ),
        (
            "accuracy[channel=app] >= 90%",
            "At least 91.2 % of the examples with channel = app are answered right",
            "channel = app 的样本中，至少 91.2 % 的回答是正确的",
        ),
        (
            "recall[refund] >= 85%",
            "At least 91.2 % of the examples that are refund are found",
            "全部样本里真正属于 refund 的，至少 91.2 % 被找出",
        ),
        ("precision[refund] >= 85%", "At least 91.2 % of the answers refund are right", "回答为 refund 的，"),
        ("macro_recall >= 85%", "Averaged over the classes, at least 91.2 % of a class is found", "各类平均，"),
    ],
)
def test_a_proved_line_claims_its_bound_at_its_confidence(line: str, english: str, chinese: str) -> None:
    en, zh = told(line, "PROVED")
    assert en == f"{english}, with 95 % confidence, counted on 842 sealed examples."
    assert zh.startswith(chinese)
    assert zh.endswith("（置信度 95 %，在 842 条封存样本上计得）。")


def test_a_refuted_line_claims_the_bound_on_the_other_side() -> None:
    en, _ = told("accuracy >= 99%", "REFUTED", bound=0.951)
    assert (
        en == "At most 95.1 % of the examples are answered right, with 95 % confidence, counted on 842 sealed examples."
    )


def test_a_gap_names_its_metric_and_its_groups() -> None:
    asked = {"op": "<=", "target": 0.15, "unit": "pt"}
    en, zh = told("gap(recall, by=channel) <= 15 pt", "PROVED", asked, value=0.03, bound=0.0876)
    assert en.startswith("Recall differs by at most 8.76 pt between any two groups of channel, with")
    assert zh.startswith("按 channel 分组，任意两组之间召回率相差至多 8.76 pt")


def test_costs_are_told_in_their_units_and_only_for_this_machine() -> None:
    asked = {"op": "<=", "target": 0.02, "unit": "ms"}
    en, _ = told("latency_p95 <= 20 ms", "PROVED", asked, value=0.003, bound=0.0034, n=400, on="measured")
    assert en == (
        "95 % of the answers take at most 3.4 ms, with 95 % confidence, measured 400 times on the machine named in "
        "this report."
    )
    size = {"op": "<=", "target": 6e7, "unit": "MB"}
    en, _ = told("size <= 60 MB", "PROVED", size, value=12.4e6, bound=12.4e6, n=1, on="measured")
    assert en == "The version takes exactly 12.4 MB on disk, counted, not sampled."


def test_the_worst_of_several_runs_is_told_as_seen_and_not_as_exact() -> None:
    energy = {"op": "<=", "target": 5.0, "unit": "Wh"}
    en, _ = told("energy <= 5 Wh", "PROVED", energy, value=0.012, bound=0.012, n=10, on="measured")
    assert en == "1,000 answers use about 0.012 Wh, seen in 10 measurements on the machine named in this report."


def test_what_is_only_seen_on_dev_is_never_told_as_proved() -> None:
    en, zh = told("accuracy >= 90%", "UNDECIDED", on="dev")
    assert en.startswith("About 93 % of the examples are answered right, on 842 dev examples")
    assert en.endswith("so this is no proof.")
    assert "置信度" not in zh
    refuted, _ = told("accuracy >= 99%", "REFUTED", on="dev", bound=0.95)
    assert refuted.startswith("At most 95 % of the examples are answered right, with 95 % confidence")


def test_without_a_bound_no_confidence_is_claimed() -> None:
    en, zh = told("accuracy >= 90%", "UNDECIDED", bound=None)
    assert en == "About 93 % of the examples are answered right, seen on 842 sealed examples."
    assert "置信度" not in zh
    nothing, _ = told("accuracy >= 90%", "UNDECIDED", value=None, bound=None)
    assert nothing == "The share of examples answered right: not measured."


def test_a_bound_that_meets_the_value_of_a_sample_is_not_told_as_exact() -> None:
    none_right, _ = told("accuracy >= 90%", "UNDECIDED", value=0.0, bound=0.0, n=3)
    assert none_right.startswith("At least 0 % of the examples")
    all_right, _ = told("accuracy >= 99%", "REFUTED", value=1.0, bound=1.0, n=3)
    assert all_right.startswith("At most 100 % of the examples")


def test_what_was_seen_outside_the_ledger_has_no_bound() -> None:
    row = {"line": "accuracy >= 90%", "value": 0.93, "bound": 0.912, "n": 842, "on": "sealed"}
    seen = verdict_row(row | {"verdict": "UNDECIDED"}, {}, "95 %", overridden=True)
    assert (seen["side"], seen["bound"]) == (None, "–")
    assert said(seen["claim"], 0) == "About 93 % of the examples are answered right"
    kept = verdict_row(row | {"verdict": "PROVED"}, {}, "95 %", overridden=True)
    assert said(kept["claim"], 0) == "At least 91.2 % of the examples are answered right"


def test_a_line_that_nobody_knows_is_told_by_its_name() -> None:
    en, zh = told("niceness >= 3", "PROVED", value=4.2, bound=3.6)
    assert en == "Niceness: at least 3.6, with 95 % confidence, counted on 842 sealed examples."
    assert zh.startswith("niceness：至少 3.6")


def test_a_line_against_the_current_answers_says_so() -> None:
    asked = {"op": ">=", "target": -0.01, "unit": "pt"}
    en, zh = told("accuracy >= current - 1 pt", "PROVED", asked, value=0.004, bound=-0.006)
    assert en.startswith(
        "The share of examples answered right, compared with today's answers to the same examples: at least -0.6 pt"
    )
    assert "与现有答案在同样样本上相比：至少 -0.6 pt" in zh


def test_a_fact_may_be_one_text_or_one_in_each_language() -> None:
    assert words_of({"en": "a", "zh": "甲"}) == Words("a", "甲")
    assert words_of({"en": "a"}) == words_of("a") == Words("a", "a")
    assert words_of({}) is words_of(None) is words_of("") is None
    assert isinstance(Code("x"), str)
