"""What would not be over within the budget is not begun: told by what the last build of the contract took."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import load as read_contract
from zhinan.core import UserError
from zhinan.engine import build
from zhinan.engine import building as room
from zhinan.engine import climb as climbing
from zhinan.engine.pace import CERTIFICATION, STAGES, Pace, key_of
from zhinan.store import Store

pytestmark = pytest.mark.usefixtures("told_costs", "quick")
Shop = Callable[..., Path]
HOUR = {"data": 5.0, "check": 10.0, "fit": 20.0, "certify": 3600.0, "rows": 100}


def test_what_stages_took_is_scaled_by_rows_and_what_is_unknown_is_never_refused() -> None:
    now = time.perf_counter()
    pace = Pace(now + 300, {**HOUR, "certify": 30.0})
    pace.counted(200, read=False)
    assert pace.forecast("check", "fit") == 60
    assert pace.took["data"] == 10, "somebody else read them"
    assert pace.reserve == 60 > CERTIFICATION
    pace.demand("check", "fit", "certify")
    late = Pace(now + 40, pace.before)
    with pytest.raises(UserError, match="splitting and checking them, the last fit") as refused:
        late.demand("check", "fit", "certify")
    assert refused.value.code == "E329"
    assert "60.0 秒" in refused.value.what("zh")
    Pace(now - 1).demand(*STAGES)


def test_a_build_that_has_to_be_over_in_time_begins_nothing_that_would_not(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop(tmp_path, rows=120)
    build(path)
    contract = read_contract(path)
    with Store(tmp_path / ".zhinan") as store:
        (run,) = [store.last_run("shop", key_of(contract), finished=True)]
        assert run is not None
        assert run.result is not None
        assert {*run.result["took"]} == {*STAGES, "climb", "rows"}
        openings = store.openings("shop")
        store.finish_run(run.id, {**run.result, "took": HOUR})

    def cut(*_: Any) -> Any:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(room, "cut", cut)
        with pytest.raises(UserError, match="E329"):
            build(path, budget=60, in_time=True)
        with pytest.raises(InterruptedError):
            build(path, budget=7200, in_time=True)
        with pytest.raises(InterruptedError):
            build(path, budget=60)
    with Store(tmp_path / ".zhinan") as store:
        assert len(store.versions("shop")) == 1
        assert store.openings("shop") == openings


def test_a_last_fit_that_would_not_be_over_in_time_is_left_out_and_said(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop(tmp_path, rows=120)
    real = climbing.shipped

    def hurried(*given: Any, until: float) -> Any:
        return real(*given, until=time.perf_counter())

    monkeypatch.setattr(climbing, "SOON", 0.0)
    monkeypatch.setattr(climbing, "refit", lambda *_: pytest.fail("it was begun"))
    monkeypatch.setattr(climbing, "shipped", hurried)
    built = build(path)
    assert built.version == 1
    (chosen,) = [one for one in built.recipes if one["chosen"]]
    assert "of the budget left" in chosen["alone"]
    assert [one["late"] for one in built.recipes] == [False] * len(built.recipes)
