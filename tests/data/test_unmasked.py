"""What no mask hides is said: a pattern that finds nothing, and dates of birth kept as moments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhinan.contract import Contract
from zhinan.data import load

Product = Callable[..., Contract]

TABLE = "message,dob,label\n" + "".join(
    f"order ORD-{i:04d} is late,19{50 + i % 50}-01-1{i % 9},{'ab'[i % 2]}\n" for i in range(80)
)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("pattern", "idle"), [("订单", ("o",)), ("ord-[0-9]{4}", ("o",)), ("ORD-[0-9]{4}", ())])
def test_a_pattern_that_hides_nothing_and_dates_of_birth_are_said(
    product: Product, pattern: str, idle: tuple[str, ...]
) -> None:
    own = f"o: {{pattern: '{pattern}'}}"
    found = {one.code: one for one in load(product({"rows.csv": TABLE}, target="label", mask=f"{{{own}}}")).findings}
    assert (found["idle_masks"].examples if "idle_masks" in found else ()) == idle
    assert found["personal_dates"].examples == ("dob",)
    masked = load(product({"rows.csv": TABLE}, target="label", mask=f"{{{own}, date_of_birth: mask}}"))
    assert "personal_dates" not in {one.code for one in masked.findings}
