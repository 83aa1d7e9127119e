"""An answer is led back to the columns that it was computed from."""

from __future__ import annotations

from zhinan.core import StepSpec
from zhinan.evaluate._terms import Opened


def test_a_value_that_is_cleaned_and_masked_where_it_stands_still_comes_from_its_column() -> None:
    columns = ("message", "channel")
    steps = (
        StepSpec("clean", columns, columns, {}, {}),
        StepSpec("mask", ("message",), ("message",), {}, {}),
        StepSpec("tokenize", ("message",), ("ids",), {}, {}),
        StepSpec("onnx", ("ids",), ("embedding",), {}, {}),
        StepSpec("choose", ("embedding",), ("label",), {}, {}),
    )
    of = Opened(steps, ("a", "b"), {"message": "text", "channel": "category"}, lambda name: b"", lambda values: {})
    assert (of.sources("embedding"), of.sources("channel")) == (("message",), ("channel",))
