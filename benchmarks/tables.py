"""Tables beside LightGBM and AutoGluon: area under the curve, seconds, and whether the difference is more than noise.

    python benchmarks/tables.py [--data FOLDER] [--autogluon PYTHON] [--limit 60] [--budget 3] [--seeds 3] [SET …]

AutoGluon lives in an environment of its own, outside of the project:

    python -m venv ../peers/autogluon
    ../peers/autogluon/bin/pip install "autogluon.tabular[lightgbm,catboost,xgboost]"

Everything of ours is chosen on train.csv; test.csv is answered once, at the end, by each. Ours is a whole `build`
whose ladder is climbed to its end (the line is out of reach) within --budget minutes. Seconds and core-seconds are of
whole processes, from their start, with the children they waited for: ours until the version stands, AutoGluon's until
it is fitted, since it does nothing else. What of ours went into what is told beside, in wall and core-seconds: reading
(start, limited children that decode, checks, split), fitting (every recipe, and what ships once more on train and dev),
proof (packaging, costs measured in processes of their own, certification), and the report with what would help next.
Up to fitting both do the same work. LightGBM's are of fitting alone. AutoGluon is `medium_quality`, capped at --limit
seconds, and once by its default without a cap under --uncapped.
Differences are paired bootstraps of the test rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zhinan import open_version

ROOT = Path(__file__).resolve().parents[1]
DRAWS = 2000
AIM = 0.06
"""How far above the least the line stands: out of reach, so that every rung is tried, and near enough to rank them."""

ONLINE = 300


@dataclass(frozen=True)
class Case:
    """A set: its target, the class scored, and the least its AUC should be; what a contract would say of its time."""

    name: str
    target: str
    positive: str
    least: float
    time: str = ""


CASES = {
    case.name: case
    for case in (
        Case("german_credit", "target", "bad", 0.79),
        Case("taiwan_credit_default", "default", "1", 0.78),
        Case("pima_diabetes", "outcome", "1", 0.81),
        Case("vehicle_insurance_fraud", "FraudFound_P", "1", 0.75, "Year"),
    )
}


@dataclass(frozen=True)
class Result:
    """One contender on one set."""

    set: str
    who: str
    auc: float
    seconds: float
    core_seconds: float
    low: float | None = None
    high: float | None = None
    note: str = ""


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def area(score: np.ndarray, positive: np.ndarray) -> float:
    """The area under the ROC curve."""
    from scipy.stats import rankdata

    ranks, count = rankdata(score), int(positive.sum())
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(score) - count)))


def apart(ours: np.ndarray, theirs: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of our area less theirs, over the same draws of rows."""
    draw = np.random.default_rng(0)
    found = []
    while len(found) < DRAWS:
        rows = draw.integers(0, len(positive), len(positive))
        if 0 < positive[rows].sum() < len(rows):
            found.append(area(ours[rows], positive[rows]) - area(theirs[rows], positive[rows]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def used() -> float:
    """CPU seconds of this process and of those it waited for."""
    return sum(
        getattr(resource.getrusage(who), kind)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        for kind in ("ru_utime", "ru_stime")
    )


COMPILED = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
"""The environment of every contender: an installed package reads its byte code, and so does ours, compiled before."""

OURS = """
import json, resource, sys, time
marks = {"start": (float(sys.argv[2]), 0.0)}
def mark(stage, done=0, total=0):
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    marks.setdefault(stage.split()[0], (time.time(), sum(one.ru_utime + one.ru_stime for one in both)))
from zhinan.engine import build
made = build(sys.argv[1], progress=mark)
mark("end")
recipe = next(f"{one['recipe']} ({one['encoder']})" for one in made.recipes if one["chosen"])
print("RESULT" + json.dumps({"path": made.path, "recipe": recipe, "marks": marks}))
"""

PARTS = {
    "reading": ("start", "prior"),
    "fitting": ("prior", "cost"),
    "proof": ("cost", "ahead"),
    "report": ("ahead", "end"),
}
"""Part of a build → the stages with which it begins and ends; the first rung of every ladder is the prior."""


def zhinan_scores(case: Case, data: Path, folder: Path, budget: float) -> tuple[np.ndarray, Result]:
    """What a build answers to the test rows."""
    folder.mkdir(parents=True)
    train = folder / "train.csv"
    train.write_bytes((data / case.name / "train.csv").read_bytes())
    (folder / "test.csv").write_bytes((data / case.name / "test.csv").read_bytes())
    path = folder / "product.yaml"
    path.write_text(
        "product: tables\ndata:\n  source: train.csv\n  test: test.csv\n"
        + (f"  time: {case.time}\n" if case.time else "")
        + f"  target: {case.target}\nmust:\n  - auc >= {100 * (case.least + AIM):.0f}%\nbudget: {budget:g} min\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-c", OURS, str(path), str(time.time())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=COMPILED)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    built = json.loads(done.stdout.rpartition("RESULT")[2])
    version = open_version(built["path"])
    given = [{k: v for k, v in row.items() if k != case.target} for row in rows_of(data / case.name / "test.csv")]
    answers = version.predict(given)
    scores = np.array([p if label == case.positive else 1 - p for label, p in map(_told, answers)])
    start = time.perf_counter()
    for row in given[:ONLINE]:
        version.predict([row])
    online = min(ONLINE, len(given)) / (time.perf_counter() - start)
    marks = {stage: np.array(at) for stage, at in built["marks"].items()}
    spent = {part: marks[end] - marks[begun] for part, (begun, end) in PARTS.items()}
    fitted, (whole, cores) = marks["cost"] - marks["start"], marks["end"] - marks["start"]
    told = ", ".join(f"{part} {seconds:.1f} s {core:.1f}" for part, (seconds, core) in spent.items())
    note = f"{built['recipe']}; {told}; until fitted {fitted[0]:.1f} s {fitted[1]:.1f}; {online:,.0f} rows/s one by one"
    return scores, Result(case.name, "zhinan", 0.0, float(whole), float(cores), note=note)


def _told(answer: Mapping[str, Any]) -> tuple[str, float]:
    return answer["label"], answer["probability"]


def lightgbm_scores(case: Case, data: Path) -> tuple[np.ndarray, Result]:
    """LightGBM as it comes: its defaults, its own categories."""
    import lightgbm

    train, test = (rows_of(data / case.name / f"{part}.csv") for part in ("train", "test"))
    columns = [name for name in train[0] if name != case.target]
    parts, kinds = [[], []], []
    for name in columns:
        try:
            made = [[float(r[name]) if r[name] else np.nan for r in rows] for rows in (train, test)]
        except ValueError:
            code = {v: i for i, v in enumerate(sorted({r[name] for r in train}))}
            made = [[float(code.get(r[name], -1)) for r in rows] for rows in (train, test)]
            kinds.append(len(parts[0]))
        for part, values in zip(parts, made, strict=True):
            part.append(values)
    target = np.array([row[case.target] == case.positive for row in train], int)
    start, cpu = time.perf_counter(), used()
    data_set = lightgbm.Dataset(np.array(parts[0]).T, target, categorical_feature=kinds, params={"verbose": -1})
    booster = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 2}, data_set, 100)
    spent = time.perf_counter() - start, used() - cpu
    return np.asarray(booster.predict(np.array(parts[1]).T)), Result(case.name, "lightgbm", 0.0, *spent)


AUTOGLUON = """
import json, resource, sys, time
start = time.perf_counter()
from autogluon.tabular import TabularDataset, TabularPredictor
data, target, positive, limit, folder, seed = sys.argv[1:]
train, test = TabularDataset(f"{data}/train.csv"), TabularDataset(f"{data}/test.csv")
if int(seed):
    train = train.sample(frac=1.0, random_state=int(seed))
begun = time.perf_counter()
given = {"time_limit": float(limit)} if float(limit) else {}
made = TabularPredictor(label=target, eval_metric="roc_auc", path=folder, verbosity=0).fit(
    train, presets="medium_quality", num_cpus=2, **given)
seconds, fit = time.perf_counter() - start, time.perf_counter() - begun
cores = sum(getattr(resource.getrusage(w), k) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            for k in ("ru_utime", "ru_stime"))
chances = made.predict_proba(test.drop(columns=[target]))
column = next(c for c in chances.columns if str(c) == positive)
one = test.drop(columns=[target]).head(1)
made.predict_proba(one)
begun = time.perf_counter()
for _ in range(5):
    made.predict_proba(one)
online = 5 / (time.perf_counter() - begun)
print("RESULT" + json.dumps({"scores": chances[column].tolist(), "seconds": seconds, "fit": fit, "cores": cores,
      "models": len(made.model_names()), "best": made.model_best, "online": online}))
"""


def autogluon_scores(case: Case, data: Path, python: Path, limit: float, seed: int) -> tuple[np.ndarray, Result]:
    """AutoGluon in its own environment."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            *(str(python), "-c", AUTOGLUON, str(data / case.name), case.target, case.positive),
            *(str(limit), f"{scratch}/models", str(seed)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=COMPILED)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told = json.loads(done.stdout.rpartition("RESULT")[2])
    who = f"autogluon medium{f' {limit:.0f} s' if limit else ', no cap'}"
    note = f"{told['best']} of {told['models']}; its fit {told['fit']:.1f} s; {told['online']:.1f} rows/s one by one"
    return np.array(told["scores"]), Result(case.name, who, 0.0, told["seconds"], told["cores"], note=note)


def compare(case: Case, peers: Path | None, limits: Sequence[float], asked: argparse.Namespace) -> list[Result]:
    """Everybody on one set; intervals are of ours less theirs."""
    data = asked.data
    positive = np.array([row[case.target] == case.positive for row in rows_of(data / case.name / "test.csv")])
    with tempfile.TemporaryDirectory() as scratch:
        ours, told = zhinan_scores(case, data, Path(scratch) / "product", asked.budget)
    results = [_scored(told, [ours], positive, None)]
    scores, told = lightgbm_scores(case, data)
    results.append(_scored(told, [scores], positive, ours))
    for limit in limits if peers else ():
        runs = [autogluon_scores(case, data, Path(str(peers)), limit, seed) for seed in range(asked.seeds)]
        results.append(_scored(runs[0][1], [run[0] for run in runs], positive, ours))
    return results


def _scored(told: Result, runs: Sequence[np.ndarray], positive: np.ndarray, ours: np.ndarray | None) -> Result:
    """The mean area over runs; the interval is of ours less the first run."""
    areas = [area(scores, positive) for scores in runs]
    low, high = (None, None) if ours is None else apart(ours, runs[0], positive)
    spread = f"; {len(areas)} orders of rows: {min(areas):.3f}–{max(areas):.3f}" if len(areas) > 1 else ""
    held: Mapping[str, Any] = {**asdict(told), "auc": float(np.mean(areas)), "low": low, "high": high}
    return Result(**{**held, "note": told.note + spread})


def _row(one: Result) -> str:
    between = "" if one.low is None else f"{one.low:+.3f} … {one.high:+.3f}"
    cells = [one.set, one.who, f"{one.auc:.4f}", between, f"{one.seconds:.1f}", f"{one.core_seconds:.1f}", one.note]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--autogluon", type=Path, default=ROOT.parent / "peers/autogluon/bin/python")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds AutoGluon may take")
    parser.add_argument("--budget", type=float, default=3.0, help="minutes a build may take; more beside other work")
    parser.add_argument("--uncapped", action="store_true", help="AutoGluon by its default too, without a cap")
    parser.add_argument("--seeds", type=int, default=1, help="orders of the training rows given to AutoGluon")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("sets", nargs="*", choices=[*CASES, []])
    asked = parser.parse_args()
    peers = asked.autogluon if asked.autogluon.exists() else None
    if peers is None:
        print(f"AutoGluon is not at {asked.autogluon}: see --help", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(ROOT / "src")], check=True)
    if not asked.json:
        print("| set | who | AUC | ours less theirs, 95 % | seconds | core-seconds | |\n|-|-|-|-|-|-|-|", flush=True)
    found: list[Result] = []
    for case in (CASES[name] for name in asked.sets or CASES):
        limits = [asked.limit, *([0.0] if asked.uncapped else [])]
        results = compare(case, peers, limits, asked)
        found += results
        if not asked.json:
            print("\n".join(map(_row, results)), flush=True)
    if asked.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
