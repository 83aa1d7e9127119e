"""Options that are plainly what is wanted are told without pydantic, and are what pydantic would make of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from zhinan.core.registry import _plainly

SIMPLE = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.sampled_from(["a", "b", "1", ""])
VALUES = SIMPLE | st.lists(SIMPLE, max_size=3) | st.dictionaries(SIMPLE, SIMPLE, max_size=2)
WANTED = [
    bool, int, float, str, Literal["a", "b"], Literal[1, "a"], tuple[int, int], tuple[str, ...], tuple[()], list[str],
    tuple[tuple[float, ...], ...], Mapping[str, str], Mapping[str, int], float | None, tuple[int, ...] | None, Any,
]  # fmt: skip


@given(VALUES, st.sampled_from(WANTED))
def test_what_is_checked_without_pydantic_is_what_pydantic_makes_of_it(value: Any, wanted: Any) -> None:
    made = _plainly(value, wanted)
    if made is not None:
        theirs = TypeAdapter(wanted).validate_python(value)
        assert (made, type(made)) == (theirs, type(theirs))


def test_usual_options_are_checked_without_pydantic() -> None:
    for value, wanted in ((3, int), ("a", Literal["a", "b"]), ([1, 4], tuple[int, int]), (["x"], tuple[str, ...])):
        assert _plainly(value, wanted) is not None
