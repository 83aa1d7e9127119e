"""A must line means one thing: it is read whole, printed canonically, and a typo never makes it weaker."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.contract import DISTURBANCES, Line, Part, parse, parse_line
from zhinan.core import UserError, registry
from zhinan.core.registry import Registered, entries

GOOD = [
    "accuracy >= 90%",
    "recall[lost_or_stolen_card] >= 85%",
    'precision["refund, late"] >= 87.5%',
    "f1[退款, channel=app] >= 80%",
    "macro_f1[channel=app] >= 72%",
    "gap(recall, by=channel) <= 15 pt",
    "gap(recall[refund], by=channel) <= 12 pt",
    "latency_p95 <= 25 ms",
    "throughput >= 250 rps",
    "size <= 64 MB",
    "gap(recall, by=channel*age) <= 12 pt",
    "accuracy[under typos] >= 80%",
    "recall[refund, channel=app, under noise] >= 75%",
    "accuracy >= current - 1.5 pt",
    "macro_f1 >= current",
    "size <= 20% of current",
    "latency_p95 <= current + 5 ms",
]
LABELS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).filter(
    lambda text: text.strip() and not re.search("[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", text)
)


def quoted(text: str) -> str:
    return '"' + re.sub(r'([\\"＂“”])', r"\\\1", text) + '"'


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as error:
        parse_line(text, "product.yaml:7:5")
    assert "{" not in error.value.text("en") + error.value.text("zh")
    return error.value


@pytest.mark.parametrize(
    ("text", "canonical", "target"),
    [
        ("accuracy>=90%", "accuracy >= 90%", 0.9),
        ("准确率 ≥ ９０％", "accuracy >= 90%", 0.9),
        ("宏F1 >= 70.50 %", "macro_f1 >= 70.5%", 0.705),
        ("recall[“退款”] ≥ 85%", "recall[退款] >= 85%", 0.85),
        ("recall［退款：未到账］ >= 85%", "recall[退款:未到账] >= 85%", 0.85),
        ('recall[channel = app , "refund"] >= 85%', "recall[refund, channel=app] >= 85%", 0.85),
        ("gap(by=channel) <= 15 pt", "gap(accuracy, by=channel) <= 15 pt", 0.15),
        ("gap(of=召回率[退款], by=渠道) ≤ 3 pt", "gap(recall[退款], by=渠道) <= 3 pt", 0.03),
        ("latency_p95 <= 0.02 s", "latency_p95 <= 0.02 s", 0.02),
        ("size <= 1.5 GB", "size <= 1.5 GB", 1.5e9),
        ("throughput >= 200rps", "throughput >= 200 rps", 200.0),
        ("accuracy[ under  错别字 ] >= 80%", "accuracy[under typos] >= 80%", 0.8),
        ("recall[under 缺失, 退款] >= 80%", "recall[退款, under missing] >= 80%", 0.8),
        ("准确率 ≥ current － １ pt", "accuracy >= current - 1 pt", -0.01),
        ("accuracy >= current + 0.50 pt", "accuracy >= current + 0.5 pt", 0.005),
        ("accuracy >= current - 0 pt", "accuracy >= current", 0.0),
        ("accuracy>=95.0% of current", "accuracy >= 95% of current", 0.95),
        ("size <= 0.5% of  current", "size <= 0.5% of current", 0.005),
        ("latency_p95 <= current + 0.02 s", "latency_p95 <= current + 0.02 s", 0.02),
        ("gap(recall, by= gender * age) <= 15 pt", "gap(recall, by=gender*age) <= 15 pt", 0.15),
        ('gap(recall, by="gender * age") <= 15 pt', 'gap(recall, by="gender * age") <= 15 pt', 0.15),
    ],
)
def test_a_line_has_one_canonical_form_and_a_target_in_base_units(text: str, canonical: str, target: float) -> None:
    line = parse_line(text)
    assert (line.text, line.target) == (canonical, target)
    assert parse_line(canonical) == line


def test_parts_and_arguments_are_kept_apart() -> None:
    line = parse_line("gap[channel=app](recall[refund], by=product) <= 15 pt")
    assert line.part == Part(column="channel", value="app")
    assert dict(line.args) == {"of": "recall", "part": "refund", "by": "product"}


@pytest.mark.parametrize(
    ("text", "code", "column", "fix"),
    [
        ("acuracy >= 90%", "E019", 5, "did you mean 'accuracy'"),
        ("macro recall >= 80%", "E019", 5, "did you mean 'macro_recall'"),
        ("Accuracy >= 90%", "E019", 5, "did you mean 'accuracy'"),
        ("准确律 >= 90%", "E019", 5, "did you mean '准确率'"),
        ("accuracy >= 90", "E022", 17, "did you mean 90%?"),
        ("accuracy >= 0.9", "E022", 17, "did you mean 90%?"),
        ("latency_p95 <= 20", "E022", 20, "did you mean 20 ms?"),
        ("gap(recall, by=channel) <= 15", "E022", 32, "did you mean 15 pt?"),
        ("accuracy >= 0.9%", "E025", 17, "did you mean 90%?"),
        ("accuracy >= 101%", "E025", 17, "from 1% to 100%"),
        ("accuracy >= 0%", "E025", 17, "from 1% to 100%"),
        ("accuracy >= -90%", "E025", 17, "from 1% to 100%"),
        ("gap(recall, by=channel) <= 100 pt", "E025", 32, "from 0 pt to below 100 pt"),
        ("size <= 0 MB", "E025", 13, "above 0"),
        ("accuracy <= 90%", "E024", 14, "accuracy >="),
        ("latency_p95 >= 20 ms", "E024", 17, "latency_p95 <="),
        ("accuracy > 90%", "E021", 14, ">="),
        ("accuracy => 90%", "E021", 14, ">="),
        ("size ≦ 9 MB", "E021", 10, "<="),
        ("accuracy = 90%", "E021", 14, ">="),
        ("latency_p95 <= 20 m", "E023", 23, "did you mean 'ms'"),
        ("latency_p95 <= 20 MB", "E023", 23, "ms, s"),
        ("size <= 20 mb", "E023", 16, "did you mean 'MB'"),
        ("accuracy >= 90 pt", "E023", 20, "90%"),
        ("gap(recall, by=channel) <= 15%", "E023", 34, "15 pt"),
        ("accuracy[refund] >= 90%", "E027", 13, "recall[refund]"),
        ("size[channel=app] <= 9 MB", "E027", 9, "leave it out"),
        ("macro_f1@5 >= 90%", "E028", 14, "with it: accuracy"),
        ("recall@0 >= 90%", "E020", 12, "metric[part]"),
        ("recall[a, b] >= 90%", "E020", 15, "one line per class"),
        ("recall[refund >= 90%", "E020", 25, "close the bracket"),
        ("recall[] >= 90%", "E020", 12, "close the bracket"),
        ('recall["refund] >= 90%', "E020", 12, "metric[part]"),
        ("accuracy >= 90% or so", "E020", 21, "metric[part]"),
        ("accuracy >= 1,000%", "E020", 18, "metric[part]"),
        ("accuracy >= ninety%", "E020", 17, "metric[part]"),
        ("accuracy 90%", "E020", 17, "metric[part]"),
        ("accuracy(by=x) >= 90%", "E029", 13, "parentheses"),
        ("gap(recall) <= 15 pt", "E029", 8, "by="),
        ("gap(recall, channel) <= 15 pt", "E029", 17, "name=channel"),
        ("gap(recall, by=a, by=b) <= 15 pt", "E029", 23, "keep one"),
        ("gap(recall, bye=a) <= 15 pt", "E901", 17, "did you mean 'by'"),
        ("gap(recal, by=a) <= 15 pt", "E019", 9, "did you mean 'recall'"),
        ("gap(size, by=a) <= 15 pt", "E029", 9, "accuracy"),
        ("gap(gap, by=a) <= 15 pt", "E029", 9, "accuracy"),
        ("gap(recall[x=y], by=a) <= 15 pt", "E029", 15, "gap[x=y](…)"),
        ("accuracy[under typo] >= 80%", "E052", 13, "did you mean 'typos'"),
        ("recall[refund under typos] >= 80%", "E020", 12, "[class, under typos]"),
        ("accuracy[under 错别] >= 80%", "E052", 13, "did you mean '错别字'"),
        ("size[under typos] <= 9 MB", "E027", 9, "leave it out"),
        ("gap(recall[a, under typos], by=x) <= 9 pt", "E029", 15, "gap[a, under typos](…)"),
        ("accuracy >= curent - 1 pt", "E020", 17, "metric[part]"),
        ("accuracy >= current 1 pt", "E020", 25, "metric[part]"),
        ("accuracy >= current -- 1 pt", "E020", 26, "metric[part]"),
        ("accuracy >= current - 5% of current", "E020", 27, "metric[part]"),
        ("accuracy >= current - 1", "E022", 27, "current - 1 pt"),
        ("accuracy >= current - 0.01", "E022", 27, "current - 1 pt"),
        ("accuracy >= current - 1%", "E023", 28, "did you mean current - 1 pt?"),
        ("latency_p95 <= current + 5 MB", "E023", 32, "ms, s"),
        ("accuracy >= current - 100 pt", "E025", 27, "less than 100 pt"),
        ("accuracy >= 0.95% of current", "E025", 17, "95% of current"),
        ("size <= 0% of current", "E025", 13, "of current"),
        ("size <= 20% off current", "E020", 17, "metric[part]"),
        ("size <= 20 of current", "E020", 19, "metric[part]"),
        ("accuracy <= current", "E024", 14, "accuracy >="),
        ("gap(recall, by=a*) <= 15 pt", "E029", 20, "by=gender*age"),
        ("gap(recall, by=a*a) <= 15 pt", "E029", 20, "by=gender*age"),
        ("gap(recall, by=a*b*c) <= 15 pt", "E029", 20, "by=gender*age"),
    ],
)
def test_a_typo_is_refused_where_it_stands_with_the_nearest_right_word(
    text: str, code: str, column: int, fix: str
) -> None:
    error = refused(text)
    assert (error.code, error.where) == (code, f"product.yaml:7:{column}")
    assert fix in error.fix()


@pytest.mark.parametrize("how", DISTURBANCES)
def test_every_disturbance_may_stand_behind_under_by_either_name(how: str) -> None:
    line = parse_line(f"recall[refund, channel=app, under {how}] >= 80%")
    assert line.part == Part("refund", "channel", "app", how)
    assert parse_line(f"recall[refund, channel=app, under {DISTURBANCES[how]}] >= 80%") == line


def test_a_line_and_its_relative_twin_ask_different_things() -> None:
    texts = ["accuracy >= 95%", "accuracy >= 95% of current", "accuracy >= current"]
    lines = [parse_line(text) for text in texts]
    assert [line.relative for line in lines] == [None, "ratio", "difference"]
    assert len({str(line.subject()) for line in lines}) == 3
    assert parse_line("accuracy >= current").subject() == parse_line("accuracy >= current - 2 pt").subject()


@pytest.mark.parametrize("text", GOOD)
def test_parsing_the_canonical_form_gives_the_line_again(text: str) -> None:
    line = parse_line(text)
    assert parse_line(line.text) == line
    assert hash(parse_line(line.text)) == hash(line)


@given(label=LABELS, column=LABELS, value=LABELS, by=LABELS, tenths=st.integers(10, 1000))
def test_any_class_column_and_value_survives_the_canonical_form(
    label: str, column: str, value: str, by: str, tenths: int
) -> None:
    number = f"{tenths // 10}.{tenths % 10}"
    for text in (
        f"recall[{quoted(label)}, {quoted(column)}={quoted(value)}] >= {number}%",
        f"gap[{quoted(column)}={quoted(value)}](f1[{quoted(label)}], by={quoted(by)}) <= 3.{tenths} pt",
    ):
        line = parse_line(text)
        assert line.part is not None
        assert (line.part.column, line.part.value) == (column, value)
        assert label in (line.part.label, line.args.get("part"))
        assert line.args.get("by", by) == by
        again = parse_line(line.text)
        assert again == line
        assert again.text == line.text


@given(st.text(max_size=60) | st.text('accuryrel[]()=<>≥@%, "“\\1590gapby:ms.', max_size=40))
def test_any_text_is_a_line_or_a_user_error(text: str) -> None:
    with suppress(UserError):
        line = parse_line(text)
        assert parse_line(line.text) == line


def same_by_eye(text: str) -> str:
    """What a reader takes a line for: spaces outside quotes and zeros behind the point do not count."""
    pieces = re.split(r'("[^"]*")', unicodedata.normalize("NFKC", text).replace("≥", ">=").replace("≤", "<="))
    bare = ["".join(p.split()) if not p.startswith('"') else p for p in pieces]
    return re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", "".join(bare)).replace(".%", "%")


def mutants(text: str) -> set[str]:
    """Every line one slip of the finger away: a character dropped, doubled, swapped with its neighbour or replaced."""
    found = set()
    for i, character in enumerate(text):
        found |= {text[:i] + text[i + 1 :], text[:i] + character + text[i:]}
        found |= {text[:i] + text[i + 1 : i + 2] + character + text[i + 2 :]}
        found |= {text[:i] + new + text[i + 1 :] for new in 'aS0591.%[](=<>≥,@"_ -'}
    return {mutant for mutant in found if same_by_eye(mutant) != same_by_eye(text)}


@pytest.mark.parametrize("text", GOOD)
def test_every_slip_in_a_line_fails_or_changes_the_contract(text: str) -> None:
    frame = "product: x\ndata: messages.csv\ntarget: intent\nmust:\n  - '{}'\n"
    was = parse(frame.format(text)).hash
    slips = mutants(text)
    assert len(slips) > 20
    for slip in slips:
        try:
            changed = parse(frame.format(slip)).hash
        except UserError:
            continue
        assert changed != was, slip


def test_every_registered_metric_can_be_asked_and_says_its_unit() -> None:
    for name, metric in entries("metric").items():
        op = "<=" if metric.facts["better"] == "lower" else ">="
        needed = {
            "gap": "(accuracy, by=channel)",
            "parity": "(accuracy, by=channel)",
            "auto_rate": "(precision >= 97%)",
        }
        args = needed.get(name, "")
        part = "[refund]" if metric.facts["per_class"] == "only" else ""
        line = parse_line(f"{name}{part}{args} {op} 50 {metric.facts['unit']}")
        assert isinstance(line, Line)
        assert line.metric == name
        for alias in metric.facts["zh"]:
            assert parse_line(f"{alias}{part}{args} {op} 50 {metric.facts['unit']}") == line


def test_cut_offs_conditions_and_typed_options_of_other_metrics_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def auto_rate(judged: object, *, when: str = "", tries: int = 1, soft: bool = False) -> None:
        """Rate."""

    def ndcg(judged: object, *, k: int = 10) -> None:
        """Ndcg."""

    facts = {"unit": "%", "better": "higher", "family": "quality", "per_class": False}
    entries("metric")
    rate, rank = ("metric", "auto_rate"), ("metric", "ndcg")
    monkeypatch.setitem(registry._things, rate, Registered(*rate, auto_rate, None, facts))
    monkeypatch.setitem(registry._things, rank, Registered(*rank, ndcg, None, {**facts, "at_k": True}))

    line = parse_line("auto_rate(精确率[退款] ≥ 97.0%, soft=true, tries=3) >= 70%")
    assert line.text == "auto_rate(precision[退款] >= 97%, tries=3, soft=true) >= 70%"
    assert dict(line.args) == {"when": "precision[退款] >= 97%", "tries": 3, "soft": True}
    assert parse_line(line.text) == line
    assert parse_line("auto_rate(when=precision[退款] >= 97%) >= 70%") == parse_line(
        "auto_rate(precision[退款] >= 97%) >= 70%"
    )
    assert parse_line("ndcg@5 >= 70%").k == 5
    assert parse_line("ndcg@5 >= 70%").text == "ndcg@5 >= 70%"
    for text, code, column in [
        ("auto_rate(precison >= 97%) >= 70%", "E019", 15),
        ("auto_rate(precision >= 97) >= 70%", "E022", 28),
        ("auto_rate(precision >= 97%, tries=many) >= 70%", "E902", 39),
        ("auto_rate(precision >= current) >= 70%", "E020", 28),
        ("macro_f1@5 >= 70%", "E028", 14),
    ]:
        error = refused(text)
        assert (error.code, error.where) == (code, f"product.yaml:7:{column}")
    assert "ndcg" in refused("macro_f1@5 >= 70%").fix()
