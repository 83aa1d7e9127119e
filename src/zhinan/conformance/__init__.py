"""Checks that anybody can run on their own metric, encoder, recipe, reader, mask or task; ours pass the same ones.

import pytest
from zhinan.conformance import checks

@pytest.mark.parametrize("check", checks("metric", "my_metric"), ids=str)
def test_my_metric_keeps_every_promise(check):
    check()
"""

from zhinan.conformance.promises import BrokenPromiseError, Check, check, checks, expect

__all__ = ["BrokenPromiseError", "Check", "check", "checks", "expect"]
