"""A line is measured on the part it names, and a wrong name is refused with the right one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.contract import parse_line
from zhinan.core import Column, Dataset, UserError
from zhinan.evaluate import measure as module
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.measure import judge_dataset, judged, measure, measure_known
from zhinan.proof import Judged
from zhinan.steps.values.written import part_of


def sample() -> Judged:
    truth = ["refund"] * 20 + ["card"] * 20
    answer = ["refund"] * 15 + ["card"] * 25
    columns = {"channel": (["app"] * 10 + ["web"] * 10) * 2, "note": ["x" * 100_000] * 40, "vip": [None, True] * 20}
    return judged(truth, answer, columns=columns)


def refused(line: str, on: Judged | None = None) -> UserError:
    with pytest.raises(UserError) as error:
        measure(parse_line(line), sample() if on is None else on)
    return error.value


def test_a_part_is_a_class_a_group_or_both() -> None:
    assert measure(parse_line("recall[refund] >= 1%"), sample()).value == 0.75
    assert measure(parse_line("accuracy[channel=web] >= 1%"), sample()).value == 0.75
    assert measure(parse_line("recall[refund, channel=web] >= 1%"), sample()).value == 0.5
    assert measure(parse_line("precision[card] >= 1%"), sample()).value == 0.8


@pytest.mark.parametrize("metric", ["recall", "precision", "f1"])
def test_a_bare_class_metric_is_refused_with_the_choices_named(metric: str) -> None:
    error = refused(f"{metric} >= 90%")
    assert error.code == "E255"
    assert f"macro_{metric}" in error.fix()
    assert f'{metric}["refund"]' in error.fix()
    assert f"macro_{metric}" in error.fix("zh")


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        ("recall[refnud] >= 9%", "E031", "refund"),
        ("accuracy[chanel=web] >= 9%", "E252", "channel"),
        ("accuracy[channel=weeb] >= 9%", "E253", "web"),
        ("gap(recall, by=chanel) <= 9 pt", "E252", "channel"),
    ],
)
def test_a_typo_is_refused_with_the_nearest_right_word(line: str, code: str, word: str) -> None:
    error = refused(line)
    assert error.code == code
    assert f"'{word}'" in error.fix()


def test_what_loading_has_found_but_this_part_lacks_is_measured_on_nothing() -> None:
    only = sample().where(sample().truth == "card")
    for line in ("recall[refund] >= 9%", "gap(recall[refund], by=channel) <= 9 pt", "accuracy[channel=fax] >= 9%"):
        found = measure_known(parse_line(line), only)
        assert (found.n, found.reason) == (0, "no examples")
    with pytest.raises(UserError):
        measure_known(parse_line("recall >= 9%"), only)


def test_long_texts_beside_the_answers_cost_no_memory() -> None:
    note = sample().columns["note"]
    assert note.dtype == object
    assert note.nbytes < 1000


def test_rows_of_nobody_are_not_one_person() -> None:
    people = judged(["a"] * 4, ["a"] * 4, person=["u1", None, "", None]).person
    assert people is not None
    assert len(set(people.tolist())) == 4


def test_whole_numbers_are_the_same_label_however_a_library_stores_them() -> None:
    on = judged([1, 0, 2], np.array([1.0, 0.0, 2.0]))
    assert (on.truth == on.answer).all()
    assert judged([0.5], ["0.5"]).truth.tolist() == ["0.5"]


def test_a_typo_in_a_crossed_column_names_that_column() -> None:
    error = refused("gap(accuracy, by=chanel*vip) <= 9 pt")
    assert error.code == "E252"
    assert "'channel'" in error.fix()
    assert measure(parse_line("gap(accuracy, by=channel*vip) <= 9 pt"), sample()).value == pytest.approx(0.3)


def test_a_relative_line_is_measured_on_the_same_part_of_both() -> None:
    ours = sample()
    on = replace(ours, current=replace(ours, answer=np.asarray(["refund"] * 40)))
    found = measure(parse_line("accuracy[channel=web] >= current + 1 pt"), on)
    assert (found.value, found.n) == (pytest.approx(0.25), 20)
    assert measure(parse_line("recall[card] >= 200% of current"), on).reason is not None, "nothing is a share of 0"
    assert measure(parse_line("precision[refund] >= 80% of current"), on).value == pytest.approx(2)
    assert refused("accuracy >= current").code == "E269"


def test_a_dataset_is_judged_with_what_is_known_beside_it() -> None:
    frame = pl.DataFrame(
        {"m": ["x"] * 4, "llm": ["a", "b", "b", None], "intent": ["a", "b", "a", "b"], "_row": list("wxyz")}
    )
    part = Dataset(frame, (Column("m", "text"),), Column("intent", "category"), None, None, "f")
    answers = Answers(["a", "b", "b", "b"], None, np.asarray([False, True, False, False]))
    on = judge_dataset(part, answers, ("a", "b"), matrix={"a": {"b": 4.0}}, current="llm")
    assert measure(parse_line("expected_cost <= 9"), on).value == 1
    assert measure(parse_line("expected_cost <= current"), on).value == -0.25, "no answer at all is a mistake"
    assert measure(parse_line("auto_rate(accuracy >= 50%) >= 9%"), on).value == 0.75


@given(st.floats())
def test_a_number_has_one_word_whatever_holds_it(number: float) -> None:
    assert part_of(number) == part_of(np.float64(number))
    if number.is_integer():
        assert part_of(number) == str(int(number))


def test_the_columns_of_a_part_are_written_once_however_often_it_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"_row": ["1", "2"], "size": [1.0, None], "label": ["a", "b"]})
    part = Dataset(frame, (Column("size", "number"),), Column("label", "category"), None, None, "f")
    written: list[object] = []
    monkeypatch.setattr(module, "part_of", lambda value: written.append(value) or part_of(value))
    said = Answers(["a", "a"])
    first, again = (judge_dataset(part, said, ("a", "b")) for _ in range(2))
    assert first.columns["size"].tolist() == again.columns["size"].tolist() == ["1", ""]
    assert written == [1.0, None]
    other = replace(part, frame=frame.with_columns(size=pl.lit(2.0)))
    assert judge_dataset(other, said, ("a", "b")).columns["size"].tolist() == ["2", "2"]
