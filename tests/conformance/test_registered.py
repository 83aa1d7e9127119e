"""Everything registered keeps the promises of its kind."""

from __future__ import annotations

import pytest

from zhinan.conformance import Check, checks
from zhinan.core import entries
from zhinan.core.registry import KINDS


def _every() -> list[object]:
    found: list[object] = []
    for kind in KINDS:
        for name, entry in entries(kind).items():
            marks = [pytest.mark.weights] if entry.facts.get("weights") is not None else []
            found += [pytest.param(check, id=str(check), marks=marks) for check in checks(kind, name)]
    return found


@pytest.mark.parametrize("check", _every())
def test_what_is_registered_keeps_its_promises(check: Check) -> None:
    check()
