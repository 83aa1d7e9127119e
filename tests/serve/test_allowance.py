"""A quota is one quota, whichever workers its requests come to."""

from __future__ import annotations

import os
import pickle
import sys

import pytest

from zhinan.serve import allowance
from zhinan.serve.allowance import Allowance
from zhinan.serve.server import _Loader
from zhinan.serve.settings import Limits, Settings
from zhinan.serve.tokens import Token

SCOPES = frozenset({"predict"})


def token(name: str, rate: float | None = None) -> Token:
    return Token(name.encode().ljust(32, b"x"), SCOPES, rate)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are no copies")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_copies_of_a_process_count_together() -> None:
    shared, one = Allowance(10), token("one")
    for _ in range(4):
        if (pid := os.fork()) == 0:
            os._exit(sum(shared.wait(one, 100.0) == 0.0 for _ in range(4)))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 4
    assert [shared.wait(one, 100.0) == 0.0 for _ in range(5)] == [True] * 4 + [False]
    assert shared.wait(one, 100.0) == pytest.approx(0.1)
    assert shared.wait(token("another"), 100.0) == 0.0


def test_tokens_are_told_apart_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "SLOTS", 4)
    counted = Allowance(1)
    four = [token(f"t{i}", 2) for i in range(4)]
    assert [counted.wait(one, 10.0) for one in four * 4] == [0.0] * 16
    assert [counted.wait(one, 10.0) for one in four] == pytest.approx([0.5] * 4)
    assert counted.wait(token("t4"), 10.0) == 0.0, "of more than there is room for one begins anew"


def test_a_slow_quota_grants_one_as_each_share_comes() -> None:
    counted, one = Allowance(2_000), token("slow", 1000 / 3600)
    assert counted.wait(one, 50.0) == 0.0
    assert counted.wait(one, 50.0) == pytest.approx(3.6)
    assert counted.wait(one, 53.5) == pytest.approx(0.1)
    assert counted.wait(one, 53.6) == 0.0


@pytest.mark.skipif(sys.platform == "win32", reason="one worker")
def test_workers_that_share_nothing_are_granted_their_part() -> None:
    settings = Settings("support", None, None, workers=2, limits=Limits(rate=10))
    copied = _Loader(settings)
    fresh = pickle.loads(pickle.dumps(copied))
    one = token("one")
    for loader, most in ((copied, 20), (fresh, 10)):
        door = loader().allowance
        assert sum(door.wait(one, 5.0) == 0.0 for _ in range(30)) == most
    assert copied().allowance.wait(one, 5.0) > 0.0
