"""The stand-alone verifier agrees with the library on every honest proof, and takes none that was tampered with."""

from __future__ import annotations

import ast
import copy
import json
import random
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.cli.proofs import verifier
from zhinan.evaluate.commitment import commit
from zhinan.evaluate.opening import Override
from zhinan.proof import Measurement
from zhinan.store import Store

from .forging import recommitted, refused, signed
from .made_up_sealed import COUNTED, LINES, Answering, InRuns, certified, contract, proof, sealed

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_proof.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return verifier()


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return proof(tmp_path_factory.mktemp("honest"), must=LINES)


def written(folder: Path, content: Any) -> Path:
    path = folder / "proof.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("person", [False, True], ids=["rows", "persons"])
@pytest.mark.parametrize(("n", "right"), [(160, 0.93), (700, 0.97), (60, 1.0), (30, 0.5), (8, 1.0)])
def test_every_counted_line_of_an_honest_proof_is_recomputed(
    tool: ModuleType, tmp_path: Path, n: int, right: float, person: bool
) -> None:
    content = proof(tmp_path, n, right, person=person)
    lines = tool.check(content, content["commitment"]["root"])
    assert [line["verdict"] for line in lines[:-1]] == [v["verdict"] for v in content["verdicts"]]
    assert {line["checked"] for line in lines} == {"recomputed"}


def test_what_cannot_be_recomputed_is_called_trusted(tool: ModuleType, honest: Any) -> None:
    trusted = {line["line"]: line["checked"] for line in tool.check(honest) if line["checked"] != "recomputed"}
    assert trusted == {
        "macro_f1 >= 60%": "trusted: not a count of right and wrong answers known here",
        "size <= 60 MB": "trusted: judged on measured data",
    }


def in_time(folder: Path) -> Any:
    """A proof of rows in the order of time, of which 40 of each 400 are answered wrong, one after another."""
    given = contract("accuracy >= 50%", "gap(accuracy, by=channel) <= 40 pt", "recall[card] >= 97%")
    rows = sealed(1_200)
    moments = [datetime(2024, 1, 1) + timedelta(hours=hour) for hour in range(1_200)]
    rows = replace(rows, frame=rows.frame.with_columns(at=pl.Series(moments)), time="at")
    with Store(folder) as store:
        commit(given, rows, store)
        found = certified(given, InRuns(0.9), store, rows)
        return found.proof(given, commit(given, rows, store), 1)


def test_of_a_line_by_blocks_of_time_all_is_recounted_that_needs_no_order(tool: ModuleType, tmp_path: Path) -> None:
    content = in_time(tmp_path)
    lines = content["verdicts"]
    assert all(" blocks of " in line["method"] for line in lines)
    assert {"PROVED", "UNDECIDED"} <= {line["verdict"] for line in lines}
    assert all("no nearer than without" in one["checked"] for one in tool.check(content)[: len(lines)])
    first = lines[0]
    assert first["verdict"] == "PROVED"
    for name, value in (
        ("counted", {"hits": 1_150, "n": 1_200}), ("n", 1_300), ("value", 0.95), ("bound", 0.89), ("bound", None),
        ("bound", 0.49),
    ):  # fmt: skip
        kept, first[name] = first[name], value
        assert refused(tool, signed(content)), (name, value)
        first[name] = kept
    assert not refused(tool, signed(content))


def test_blocks_of_time_written_into_a_method_prove_nothing(tool: ModuleType, honest: Any) -> None:
    content = copy.deepcopy(honest)
    line = next(one for one in content["verdicts"] if one["verdict"] == "UNDECIDED" and one["counted"])
    line.update(verdict="PROVED", bound=line["target"], method=f"{line['method']}, in 20 blocks of 8 rows by time")
    assert "its bound" in refused(tool, signed(content))


def test_a_trusted_line_is_no_proof_when_its_own_value_misses_the_target(tool: ModuleType, honest: Any) -> None:
    content = copy.deepcopy(honest)
    lines = [v for v in content["verdicts"] if v["verdict"] == "PROVED" and v["op"] == ">=" and v["counted"] is None]
    assert lines
    for line in lines:
        for value in (None, line["target"] / 2):
            kept, line["value"] = line["value"], value
            assert "verdict" in refused(tool, signed(content))
            line["value"] = kept


def test_bounds_are_those_of_the_library_for_any_counts_persons_and_errors(tool: ModuleType) -> None:
    draw = np.random.default_rng(0)
    for _ in range(90):
        n = int(draw.integers(1, 400))
        hits = draw.random(n) < draw.choice([0.0, 0.3, 0.9, 0.995, 1.0])
        people = draw.integers(0, draw.choice([3, 12, 80, 4000]), n)
        people = np.where(draw.random(n) < draw.choice([0.0, 0.5]), 4000 + np.arange(n), people).astype(str)
        rows = {"truth": ["a"] * n, "answer": np.where(hits, "a", "b").tolist(), "person": people.tolist()}
        mine = tool.Rate(list(range(n)), "accuracy", None, rows, rows["answer"])
        theirs = Measurement.count(hits, people)
        for delta in (0.05, 0.025, 1e-4):
            assert mine.bounds(delta) == pytest.approx((theirs.lower(delta), theirs.upper(delta)), abs=1e-9)
        assert mine.fit == (theirs.reason is None)


def test_gaps_are_those_of_the_library_whoever_is_in_several_groups(tool: ModuleType) -> None:
    draw = np.random.default_rng(1)
    for turn in range(25):
        n, groups = int(draw.integers(40, 300)), int(draw.integers(2, 5))
        group, hits = draw.integers(0, groups, n), draw.random(n) < draw.choice([0.6, 0.95])
        people = draw.integers(0, n // int(draw.choice([1, 4])) + 1, n).astype(str) if turn % 3 else None
        if turn % 6 == 1:  # a few have most rows, and hardly any is wrong
            people = (draw.integers(0, 2, n) * draw.integers(1, n, n)).astype(str)
            hits = draw.random(n) < 0.98
        rows = {"truth": ["a"] * n, "answer": np.where(hits, "a", "b").tolist()}
        rows |= {} if people is None else {"person": people.tolist()}
        chosen = [np.flatnonzero(group == g).tolist() for g in range(groups)]
        mine = tool.Gap([tool.Rate(one, "accuracy", None, rows, rows["answer"]) for one in chosen])
        parts = {
            str(g): Measurement.count(hits[c], None if people is None else people[c]) for g, c in enumerate(chosen)
        }
        theirs = Measurement.gap(parts)
        assert mine.value == pytest.approx(theirs.value)
        assert mine.bounds(0.025) == pytest.approx((theirs.lower(0.025), theirs.upper(0.025)), abs=1e-8)


def test_rows_that_repeat_each_other_are_recomputed_as_one_draw_and_cannot_be_parted(
    tool: ModuleType, tmp_path: Path
) -> None:
    content = proof(tmp_path, copies=True)
    said = {line["line"]: line["checked"] for line in tool.check(content)}
    assert {said[line] for line in COUNTED} == {"recomputed"}
    held = [one for one in content["sealed"]["person"] if one is not None]
    assert len(held) == 64
    assert len(set(held)) == 32
    (accuracy,) = [one for one in content["verdicts"] if one["line"] == "accuracy >= 80%"]
    assert accuracy["method"] == "Clopper–Pearson on the effective size"
    other = copy.deepcopy(content)
    del other["sealed"]["person"]  # as if all rows were independent
    assert refused(tool, recommitted(other))


def test_swapped_rows_and_rows_of_another_person_are_refused(tool: ModuleType, tmp_path: Path) -> None:
    content = proof(tmp_path, person=True)
    draw = random.Random(3)
    for _ in range(30):
        other = copy.deepcopy(content)
        name = draw.choice(["rows", "truth", "person"])
        values = other["sealed"][name]
        one, two = draw.sample(range(len(values)), 2)
        if values[one] == values[two]:
            continue
        values[one], values[two] = values[two], values[one]
        assert refused(tool, signed(other)), name
    other = copy.deepcopy(content)
    other["sealed"]["person"] = [None] * len(other["sealed"]["rows"])  # as if all rows were independent
    assert refused(tool, recommitted(other))
    del other["sealed"]["person"]
    assert refused(tool, recommitted(other))


def test_a_whole_proof_around_other_rows_is_only_seen_by_who_knows_the_root(tool: ModuleType, tmp_path: Path) -> None:
    mine, other = (proof(tmp_path / str(right), right=right)["commitment"]["root"] for right in (0.93, 0.99))
    forged = proof(tmp_path / "again", right=0.99)
    assert refused(tool, forged) == ""
    assert "the root" in refused(tool, forged, mine)
    assert mine != other, "two stores gave the same codes"
    closed = proof(tmp_path / "closed", seal="closed")
    assert closed["sealed"] is None
    assert refused(tool, closed) == ""
    assert "the root" in refused(tool, closed, mine)
    assert refused(tool, signed({**closed, "commitment": None}), mine)


def test_outside_the_ledger_nothing_is_taken_for_proved(tool: ModuleType, tmp_path: Path) -> None:
    given = contract("accuracy >= 80%", more="proof: {openings: 1}\n")
    with Store(tmp_path) as store:
        rows = sealed(200)
        certified(given, Answering(0.97), store, rows)
        found = certified(given, Answering(0.97, "draft-2"), store, rows, seal=Override("a demo", "alice", 1.0))
        content = found.proof(given, commit(given, rows, store), 2)
    assert (content["outcome"], content["ledger"]["override"]["reason"]) == ("UNDECIDED", "a demo")
    assert tool.check(content)[0]["checked"] == "recomputed"
    proved = copy.deepcopy(content)
    proved["outcome"] = proved["verdicts"][0]["verdict"] = "PROVED"
    assert "PROVED where nothing can be" in refused(tool, signed(proved))
    del proved["ledger"]["override"]
    assert "its opening" in refused(tool, signed(proved))


def test_it_needs_nothing_but_python_and_can_be_read_before_it_is_believed() -> None:
    text = TOOL.read_text("utf-8")
    assert len(text.splitlines()) <= 380
    tree = ast.parse(text)
    names = {a.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    names |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


def test_the_command_says_what_it_recomputed_what_it_trusts_and_what_it_cannot_show(
    tmp_path: Path, honest: Any
) -> None:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(TOOL), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONIOENCODING": "utf-8"})

    path, root = written(tmp_path, honest), honest["commitment"]["root"]
    said = run(path, "--root", f" {root.upper()} ")
    assert said.returncode == 0, said.stderr
    assert "give --root" not in said.stdout
    assert "give --root" in run(path).stdout, "without the root nobody knows when the rows were made"
    assert "recomputed" in said.stdout
    assert "trusted: " in said.stdout
    assert "It cannot show that the labels are right" in said.stdout
    told = json.loads(run(path, "--json").stdout)
    assert (told["ok"], len(told["lines"]), len(told["cannot_show"])) == (True, 11, 4)
    wrong = run(path, "--root", "0" * 64)
    assert (wrong.returncode, "REFUSED" in wrong.stdout) == (1, True)
    path.write_text(path.read_text("utf-8").replace('"outcome"', '"outcome": "PROVED",\n "outcome"', 1), "utf-8")
    assert json.loads(run(path, "--json").stdout)["ok"] is False, "a key that stands twice"
    for content in ("", "[]", "{}", "null", '{"format": 2}', "\0", "[" * 100_000):
        path.write_text(content)
        broken = run(path)
        assert (broken.returncode, broken.stderr) == (1, ""), content[:20]
