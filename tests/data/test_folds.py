"""Folds: every row asked once, its like and its person on one side, classes in their shares, time running forward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract, load
from zhinan.core import UserError
from zhinan.data import Folds, fold_rows, split, together
from zhinan.data import load as load_data
from zhinan.data.folds import _dealt

Product = Callable[..., Contract]
pytestmark = pytest.mark.usefixtures("quick")


def folded(folder: Path, text: str, more: str = "", count: int = 4) -> Folds:
    (folder / "rows.csv").write_text(text, encoding="utf-8")
    path = folder / "product.yaml"
    data = f"data: {{source: rows.csv, target: label{more}}}"
    path.write_text(f"product: x\n{data}\nmust: [accuracy >= 50%]\ntrain: {{folds: {count}}}\n", encoding="utf-8")
    contract = load(path)
    parts = split(contract, load_data(contract))
    return fold_rows(contract, parts.train, parts.dev)


def cells(made: Folds, name: str, places: np.ndarray) -> set[object]:
    return set(made.rows.frame[name][places].to_list())


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=120),
    st.integers(2, 6),
)
def test_units_stay_whole_and_what_stands_alone_is_spread_evenly(rows: list[tuple[int, int]], count: int) -> None:
    names, kinds = [f"u{unit}" for unit, _ in rows], np.array([kind for _, kind in rows])
    draw = np.array([unit / 31 for unit, _ in rows])
    parts = _dealt(names, kinds, draw, count)
    assert all(len({int(p) for p, n in zip(parts, names, strict=True) if n == name}) == 1 for name in names)
    alone = _dealt([f"{i}" for i in range(len(rows))], kinds, draw, count)
    for kind in set(kinds.tolist()):
        sizes = np.bincount(alone[kinds == kind], minlength=count)
        assert sizes.max() - sizes.min() <= 1
    assert np.ptp(np.bincount(alone, minlength=count)) <= 1 + len(set(kinds.tolist()))


def test_every_row_is_asked_once_and_nobody_who_answers_saw_it_its_person_or_its_copy(tmp_path: Path) -> None:
    text = "who,message,label\n" + "".join(
        f"p{i // 3},a message of its own about number {i % 97} and nothing else at all {i % 97},{'ab'[i % 5 == 0]}\n"
        for i in range(400)
    )
    made = folded(tmp_path, text, ", person: who, inputs: {message: text}")
    assert np.array_equal(made.asked, np.arange(len(made.rows)))
    for fold in made.folds:
        taught = np.concatenate([fold.taught, fold.held])
        assert len(set(taught.tolist())) == len(taught)
        for name in ("who", "message"):
            assert not cells(made, name, taught) & cells(made, name, fold.asked)
            assert not cells(made, name, fold.taught) & cells(made, name, fold.held)


def test_folds_of_other_rows_have_another_fingerprint_and_people_are_bound_together(tmp_path: Path) -> None:
    rows = "".join(f"p{i // 3},q{i % 50},text {i},{'ab'[i % 5 == 0]}\n" for i in range(200))
    text = f"who,place,message,label\n{rows}"
    made = [folded(tmp_path, text, f", person: {who}, inputs: {{message: text}}") for who in ("who", "place")]
    assert made[0].fingerprint == replace(made[0]).fingerprint != made[1].fingerprint
    units = made[0].together
    assert units is not None
    people = made[0].rows.values("who")
    assert len(set(zip(units.tolist(), people, strict=True))) == len(set(people)) == len(set(units.tolist()))
    again = together(made[0].rows)
    assert again is not None
    assert np.array_equal(units, again)
    assert together(replace(made[0].rows, person=None)) is None


def test_with_a_time_only_later_rows_are_asked_and_only_earlier_ones_are_learned_from(tmp_path: Path) -> None:
    days = "".join(f"2024-{1 + i // 28:02d}-{1 + i % 28:02d},{i},{'ab'[i % 2]}\n" for i in range(300))
    made = folded(tmp_path, "day,x,label\n" + days, ", time: day, inputs: {x: number}")
    assert len(made.folds) == 4
    day = made.rows.frame["day"].to_physical().to_numpy()
    for fold in made.folds:
        assert day[fold.taught].max() < day[fold.held].min()
        assert day[fold.held].max() < day[fold.asked].min()
    assert len(made.answered) == pytest.approx(len(made.rows) * 4 / 5, abs=2)
    assert set(made.asked) == set(np.flatnonzero(day >= day[made.asked].min()))


def test_too_few_people_are_refused_where_the_folds_are_asked_for(tmp_path: Path) -> None:
    text = "who,x,label\n" + "".join(f"p{i % 12},{i},{'ab'[i % 2]}\n" for i in range(200))
    with pytest.raises(UserError) as raised:
        folded(tmp_path, text, ", person: who, inputs: {x: number}")
    assert (raised.value.code, raised.value.where) == ("E327", "product.yaml:4:16")


def test_each_label_of_rows_with_several_stands_in_every_fold_in_its_share(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    share = np.linspace(0.5, 0.04, 12)
    several = [[f"l{i:02d}" for i in np.flatnonzero(draw.random(12) < share)] or ["l00"] for _ in range(600)]
    text = "message,label\n" + "".join(f"message {i} of mine,{'|'.join(own)}\n" for i, own in enumerate(several))
    made = folded(tmp_path, text, count=5)
    labels = made.rows.frame["label"]
    sizes = {}
    for label in (f"l{i:02d}" for i in range(12)):
        has = labels.str.contains(label).to_numpy()
        sizes[label] = [int(has[fold.asked].sum()) for fold in made.folds]
    rarest = min(sizes.values(), key=sum)
    assert max(rarest) - min(rarest) <= 1
    assert all(min(own) >= 0.4 * np.mean(own) for own in sizes.values()), sizes
