"""Out-of-scope detection: 150 intents kept, questions that are none of them found, both proved by one contract.

    python benchmarks/proof.py scope

clinc150: the official train and validation files are the source, so that the search sees 200 out-of-scope questions;
the official test file, 4,500 questions in scope and 1,000 out of it, is the sealed set. A column `scope` tells the two
apart in the contract and is no input.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.engine import Build, build
from zhinan.package import open_version

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "clinc150"
IN_SCOPE, OUT_OF_SCOPE = "accuracy[scope=in] >= 94%", "recall[oos] >= 50%"
PRODUCT = f"""product: assistant
goal: Know 150 intents, and say when a question is none of them.
data:
  source: source.csv
  test: test.csv
  inputs: {{text: text}}
  target: intent
must:
  - {IN_SCOPE}
  - {OUT_OF_SCOPE}
budget: 20 min
"""


def run() -> list[dict[str, Any]]:
    """Rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, files in (("source.csv", ("train.csv", "valid.csv")), ("test.csv", ("test.csv",))):
            _write(place / name, files)
        (place / "product.yaml").write_text(PRODUCT, encoding="utf-8")
        built = build(place / "product.yaml")
        plain_in, plain_out = _most_probable(built, place / "test.csv")
    (inside, outside), chosen = built.verdicts, next(one for one in built.recipes if one["chosen"])
    return [
        _row("in-scope accuracy on the official test file, 4,500 questions", inside, 0.94),
        _row("out-of-scope recall on the official test file, 1,000 questions", outside, 0.50),
        {
            "what": f"both lines, by {chosen['encoder']} and an offset of the class fitted on dev",
            "figure": built.outcome, "asked": "PROVED at 95 %", "held": built.outcome == "PROVED",
        },
        {
            "what": "the most probable class instead, without the offset",
            "figure": f"{plain_in:.3f} in scope, {plain_out:.3f} out of it",
            "asked": "less found out of scope", "held": plain_out < outside["value"],
        },
    ]  # fmt: skip


def _row(what: str, verdict: Any, asked: float) -> dict[str, Any]:
    """A line's value, with the bound that its verdict rests on."""
    value, bound = verdict["value"], verdict["bound"]
    sealed = verdict["on"] == "sealed"
    figure = f"{value:.3f} ({verdict['verdict']}, bound {'–' if bound is None else format(bound, '.3f')})"
    return {"what": what, "figure": figure, "asked": f"≥ {asked:.2f}", "held": sealed and value >= asked}


def _most_probable(built: Build, test: Path) -> tuple[float, float]:
    """In-scope accuracy and out-of-scope recall of the same version, were it to answer the most probable class."""
    if built.path is None:
        raise SystemExit("nothing was packaged")
    version = open_version(built.path, threads=2)
    with test.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["text"] for row in rows]
    codes = [
        np.asarray(version.run({"text": texts[i : i + 256]})["probabilities"]).argmax(1)
        for i in range(0, len(texts), 256)
    ]
    right = np.array(version.classes)[np.concatenate(codes)] == np.array([row["intent"] for row in rows])
    inside = np.array([row["scope"] == "in" for row in rows])
    return float(right[inside].mean()), float(right[~inside].mean())


def _write(path: Path, files: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "intent", "scope"])
        writer.writerows((row["text"], row["label"], _scope(row["label"])) for row in _read(files))


def _scope(label: str) -> str:
    return "out" if label == "oos" else "in"


def _read(files: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for name in files:
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
