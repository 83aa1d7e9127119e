"""Numbers are found where they stand, and no number that is not there is."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.steps.masks._lookup import Lookup

NUMBERS = st.sets(st.integers(0, 99) | st.integers(0, 2**64 - 1), min_size=1, max_size=20)


@settings(max_examples=30)
@given(known=NUMBERS, wanted=NUMBERS)
def test_a_number_is_found_where_it_stands_and_no_other_is(known: set[int], wanted: set[int]) -> None:
    numbers = [*known]
    lookup = Lookup(np.array(numbers, np.uint64))
    said = [*(numbers[place] for place in lookup.order), None]
    places = lookup.find(np.array([*known, *wanted], np.uint64))
    assert [said[place] for place in places] == [*known, *(number if number in known else None for number in wanted)]
