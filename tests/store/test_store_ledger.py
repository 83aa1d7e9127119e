"""The ledger of sealed sets."""

from __future__ import annotations

import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.core import UserError
from zhinan.store import Store


def halved(t: int) -> float:
    return float(0.05 / 2 ** (2 * t - 1))


def test_unchanged_inputs_are_one_look_and_free(store: Store) -> None:
    first = store.open_seal("p", "k", ["a", "b"], delta=halved, lines={"accuracy >= 90%": 0.9})
    assert (first.t, first.delta, first.fresh, first.result, first.rows) == (1, 0.025, True, None, 2)
    store.close_seal(first.id, {"outcome": "PROVED"})
    again = store.open_seal("p", "k", ["a", "b"], delta=0.5, lines={})
    assert (again.id, again.t, again.delta, again.fresh) == (first.id, 1, 0.025, False)
    assert again.result == {"outcome": "PROVED"}
    assert store.next_opening(["a"]) == 2
    assert len(store.openings("p")) == 1


def test_a_row_carries_its_openings_into_every_set_it_is_in(store: Store) -> None:
    store.open_seal("p", "1", ["a", "b"], delta=halved, lines={})
    store.open_seal("p", "2", ["b", "c"], delta=halved, lines={})
    assert [store.next_opening([row]) for row in "abcd"] == [2, 3, 2, 1]
    assert store.next_opening(["d", "b"]) == 3
    assert store.next_opening(["b"]) == 3  # another product would look at the same row
    assert [(opening.t, opening.delta) for opening in store.openings("p")] == [(1, 0.025), (2, 0.00625)]


def test_a_large_set_is_counted_whole(store: Store) -> None:
    rows = [f"{n:05d}" for n in range(4000)]
    store.open_seal("p", "1", rows[3990:], delta=halved, lines={})
    assert store.next_opening(rows) == 2
    assert store.open_seal("p", "2", rows + rows, delta=halved, lines={}).rows == 4000
    assert store.next_opening(rows[:10]) == 2
    assert store.next_opening(rows) == 3


def test_a_result_on_record_is_never_changed(store: Store) -> None:
    opening = store.open_seal("p", "k", ["a"], delta=halved, lines={})
    store.close_seal(opening.id, {"bound": 0.9})
    store.close_seal(opening.id, {"bound": 0.9})
    with pytest.raises(UserError) as error:
        store.close_seal(opening.id, {"bound": 0.95})
    assert error.value.code == "E414"
    assert store.openings("p")[0].result == {"bound": 0.9}
    with pytest.raises(UserError, match="no opening 99"):
        store.close_seal(99, {})


def test_nothing_is_charged_when_the_opening_fails(store: Store) -> None:
    def refuse(t: int) -> float:
        raise ArithmeticError(f"exhausted at {t}")

    with pytest.raises(ArithmeticError, match="exhausted at 1"):
        store.open_seal("p", "k", ["a"], delta=refuse, lines={})
    with pytest.raises(ValueError, match="sealed set has rows"):
        store.open_seal("p", "k", [], delta=0.05, lines={})
    assert store.openings("p") == ()
    assert store.next_opening(["a"]) == 1


SETS = st.sets(st.sampled_from("abcdef"), min_size=1)


@settings(max_examples=15)
@given(st.lists(SETS, max_size=8), SETS)
def test_t_is_one_more_than_the_most_openings_of_any_row(past: list[set[str]], rows: set[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(folder) as store:
        for number, opened in enumerate(past):
            most = max(sum(row in before for before in past[:number]) for row in opened)
            assert store.open_seal("p", str(number), sorted(opened), delta=halved, lines={}).t == 1 + most
        assert store.next_opening(sorted(rows)) == 1 + max(sum(row in opened for opened in past) for row in rows)
