"""What an answer costs is measured on the packaged draft, in fresh processes, and a draft that cannot run says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import parse_line
from zhinan.core import Block, Candidate, Column, Encoded, UserError
from zhinan.core.private import PREFIX
from zhinan.encoders.ngrams import NGrams
from zhinan.evaluate import costs as room
from zhinan.evaluate import timing
from zhinan.evaluate.costs import measure_costs, rough_costs
from zhinan.evaluate.measure import measure
from zhinan.evaluate.timing import Timing
from zhinan.package import draft
from zhinan.recipes.prior import prior

ROWS: dict[str, list[Any]] = {"message": ["lost card", "退款", None, "hello"], "channel": ["app", None, "web", "app"]}


def candidate() -> Candidate:
    fitted = NGrams().fit({"message": ROWS["message"]})
    block = Block("ngrams", fitted.encode(ROWS), fitted)
    part = Encoded((block,), np.array([0, 1, 0, 1]), ("a", "b"))
    return prior(part, part, budget=1)


@pytest.fixture
def drafted(tmp_path: Path) -> Callable[[], Path]:
    def write() -> Path:
        inputs = (Column("message", "text"), Column("channel", "category"))
        made = draft(
            folder=tmp_path, product="p", candidate=candidate(), inputs=inputs, masks=("email",),
            contract=b"", facts={},
        )  # fmt: skip
        return made.path

    return write


def test_a_first_idea_of_the_cost_needs_no_package() -> None:
    found = rough_costs(candidate(), ROWS)
    assert len(found.latencies) == len(found.blocks) > 0
    assert (found.latencies > 0).all()
    assert found.throughputs.min() > 0
    assert np.isnan(found.memories).all()
    assert found.size == sum(map(len, candidate().files.values()))


def test_a_first_idea_of_one_row_is_enough() -> None:
    assert len(rough_costs(candidate(), {"message": ["x"], "channel": [None]}).latencies) > 0


@pytest.mark.system
def test_each_block_is_a_fresh_process_whose_requests_rate_and_memory_are_measured(
    drafted: Callable[[], Path],
) -> None:
    path, told = drafted(), list[tuple[int, int]]()
    found = measure_costs(path, ROWS, blocks=2, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    assert np.unique(found.blocks).tolist() == [0, 1]
    assert len(found.latencies) == 2 * room.SINGLE
    assert 0 < found.latencies.max() < 10
    assert found.memories.min() > 20e6
    assert found.size == sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    assert found.machine["cores"].isdigit()
    assert measure(parse_line("latency_p95 <= 9 s"), found).reason is not None, "2 blocks cannot prove a latency"


@pytest.mark.system
@pytest.mark.parametrize("break_it", ["a file is changed", "a file is gone", "it takes forever"])
def test_a_draft_that_cannot_be_run_names_the_reason(
    drafted: Callable[[], Path], break_it: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drafted()
    graph = path / "head.onnx"
    if break_it == "a file is changed":
        graph.write_bytes(graph.read_bytes() + b"x")
    elif break_it == "a file is gone":
        graph.unlink()
    else:
        monkeypatch.setattr(timing, "PATIENCE", 0.01)
    with pytest.raises(UserError) as error:
        measure_costs(path, ROWS, blocks=1)
    assert error.value.code == "E254"
    assert ("head.onnx" in error.value.what()) == (break_it != "it takes forever")


def test_rows_that_are_timed_lie_where_a_killed_command_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def asked(_: Timing, draft: Path, sample: Path, warm_up: int) -> None:
        seen.append(sample)
        raise KeyboardInterrupt

    monkeypatch.setattr(Timing, "of", asked)
    with pytest.raises(KeyboardInterrupt):
        measure_costs(tmp_path, {"text": ["a"]})
    assert seen[0].parent.name.startswith(PREFIX)


@pytest.mark.system
def test_a_process_begun_beforehand_times_the_draft_that_comes(drafted: Callable[[], Path]) -> None:
    with Timing() as timed:
        timed.begin()
        begun = timed._begun
        found = measure_costs(drafted(), ROWS, blocks=2, timing=timed)
        assert begun is not None
        assert begun.returncode == 0
    assert np.unique(found.blocks).tolist() == [0, 1]


def test_a_process_that_nobody_asked_ends_with_the_build() -> None:
    with Timing() as timed:
        timed.begin()
        begun = timed._begun
    assert begun is not None
    assert begun.returncode is not None
    assert begun.stdin is not None
    assert begun.stdin.closed
