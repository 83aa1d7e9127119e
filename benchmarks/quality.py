"""Quality on public data sets: what a build reaches and costs, and that every verdict comes out for the right reason.

    python benchmarks/quality.py [--data FOLDER] [SET …]

Each set is built once; its further contracts are certified from the cached recipes. Every choice is made on dev, the
given test file is the sealed set. Prints a table in Markdown; docs/quality.md shows it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from zhinan.engine import Build, build

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Case:
    """A data set with three lines within 5 points of what is achieved, and the least its value must be.

    One line that should be proved, one that should stay undecided, one that is refuted.
    """

    name: str
    proved: str
    undecided: str
    refuted: str
    least: float
    target: str = "label"
    text: str | None = "text"


CASES = {
    case.name: case
    for case in (
        Case("banking77", "accuracy >= 92%", "recall[verify_top_up] >= 95%", "accuracy >= 96.5%", 0.92),
        Case("sst2", "accuracy >= 81%", "accuracy >= 84%", "accuracy >= 89%", 0.80),
        Case("waimai_10k", "accuracy >= 88%", "accuracy >= 90%", "accuracy >= 94%", 0.89),
        Case("chnsenticorp_htl", "accuracy >= 88%", "accuracy >= 91%", "accuracy >= 95%", 0.90),
        Case("thucnews_titles", "accuracy >= 86%", "accuracy >= 88.2%", "accuracy >= 92%", 0.87),
        Case("german_credit", "auc >= 66%", "auc >= 77%", "auc >= 90%", 0.75, target="target", text=None),
        Case("taiwan_credit_default", "auc >= 74%", "auc >= 77%", "auc >= 81%", 0.75, target="default", text=None),
    )
}


def prepare(case: Case, data: Path, folder: Path) -> Path:
    """A product folder for a set: its files linked, never copied, and the path of its product.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("train.csv", "test.csv"):
        if not (folder / part).exists():
            (folder / part).write_bytes((data / case.name / part).read_bytes())
    return folder / "product.yaml"


def certify(case: Case, path: Path, line: str) -> Build:
    """Builds the set against one line; what earlier builds computed is used."""
    inputs = f"\n  inputs: {{{case.text}: text}}" if case.text else ""
    path.write_text(
        f"product: {case.name}\ndata:\n  source: train.csv\n  test: test.csv\n  target: {case.target}{inputs}\n"
        f"must:\n  - {line}\nbudget: 10 min\n",
        encoding="utf-8",
    )
    return build(path)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("sets", nargs="*", choices=[*CASES, []])
    asked = parser.parse_args()
    print("| set | line | verdict | value | bound | n | recipe | seconds |\n|-|-|-|-|-|-|-|-|")
    with tempfile.TemporaryDirectory() as scratch:
        for case in (CASES[name] for name in asked.sets or CASES):
            path = prepare(case, asked.data, Path(scratch) / case.name)
            for line in (case.proved, case.undecided, case.refuted):
                start = time.perf_counter()
                built = certify(case, path, line)
                print(_row(case, built, time.perf_counter() - start), flush=True)


def _row(case: Case, built: Build, seconds: float) -> str:
    verdict = built.verdicts[0]
    chosen = next(r for r in built.recipes if r["chosen"])
    numbers = [f"{100 * verdict[key]:.1f} %" if verdict[key] is not None else "–" for key in ("value", "bound")]
    on = f" ({verdict['on']})" if verdict["on"] != "sealed" else ""
    cells = [case.name, verdict["line"], verdict["verdict"] + on, *numbers, f"{verdict['n']:,}"]
    return f"| {' | '.join([*cells, chosen['encoder'], f'{seconds:.0f}'])} |"


if __name__ == "__main__":
    main()
