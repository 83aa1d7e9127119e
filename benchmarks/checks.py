"""Defects planted in 1 % of the rows of banking77 and taiwan_credit_default: how many `zhinan check` finds.

    python benchmarks/checks.py [--rows N] [--seed 0]

Planted, each in 1 % of the source's rows: copies (rows again), near copies (texts only), copies with another label,
test rows copied into the source, the label written into the text, and a column that is the label but for 1 % of rows.
Recall is over what was planted. Precision counts a row as right only when it was planted or is the original of a
planted one, and leaves out what the set had before: rows found without any planting.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from zhinan.contract import parse
from zhinan.data import check, load, split
from zhinan.data.copies import copies_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SETS = {"banking77": ("label", "text"), "taiwan_credit_default": ("default", None)}


@dataclass
class Planted:
    """A source with defects: its rows, and by defect the places of planted rows and of their originals."""

    frame: pl.DataFrame
    rows: dict[str, list[int]] = field(default_factory=dict)
    originals: dict[str, list[int]] = field(default_factory=dict)


def altered(text: str, draw: random.Random) -> str:
    """A near copy as people make them: other punctuation and case, a word more in a longer text, a repeated mark."""
    ways: list[Callable[[str], str]] = [
        lambda t: re.sub(r"[.?!,]+$", "", t) + draw.choice(["!!", "...", " ?", ""]) or t,
        str.upper,
        lambda t: f"  {t.replace(' ', '  ')} .",
    ]
    if len(text) >= 60:
        ways += [lambda t: f"{t} please", lambda t: f"hi, {t}"]
    changed = draw.choice(ways)(text)
    return changed if changed != text else f"{text} !"


def plant(source: pl.DataFrame, test: pl.DataFrame, target: str, text: str | None, draw: random.Random) -> Planted:
    """The source with every defect in 1 % of its rows."""
    share = max(source.height // 100, 5)
    texts = [text] if text else []
    classes = source[target].unique().sort().to_list()
    made = Planted(source)
    kinds = ["copies", "conflicts", "leaks", *(["near", "spelled"] if texts else [])]
    picked = draw.sample(range(source.height), share * len(kinds))
    for at, kind in enumerate(kinds):
        mine = picked[at * share : (at + 1) * share]
        new = (test[draw.sample(range(test.height), share)] if kind == "leaks" else source[mine]).to_dicts()
        for row in new:
            if kind == "conflicts":
                row[target] = draw.choice([name for name in classes if name != row[target]])
            elif kind == "near" and text:
                row[text] = altered(row[text], draw)
            elif kind == "spelled" and text:
                row[text] = f"{row[text]} [{row[target]}]"
        made.rows[kind] = list(range(made.frame.height, made.frame.height + len(new)))
        made.originals[kind] = [] if kind == "leaks" else mine
        made.frame = pl.concat([made.frame, pl.DataFrame(new, schema=source.schema)])
    return made


def measure(name: str, most: int | None, seed: int) -> list[tuple[str, float, float, int]]:
    """(defect, recall, precision, planted) of one set."""
    target, text = SETS[name]
    draw = random.Random(seed)
    source, test = (
        pl.read_csv(DATA / name / f"{part}.csv", infer_schema_length=0, n_rows=most) for part in ("train", "test")
    )
    made = plant(source, test, target, text, draw)
    before, after = found(source, test, target, text), found(made.frame, test, target, text)
    told = []
    for kind, rows in made.rows.items():
        key = "overlap" if kind == "leaks" else kind
        new = after[key] - before[key]
        right = set(rows) | set(made.originals[kind]) | {
            row for other in ("copies", "conflicts", "near", "leaks", "spelled") if key in ("copies", "near", "overlap")
            for row in (*made.rows.get(other, ()), *made.originals.get(other, ()))
        }  # fmt: skip
        told.append((kind, len(after[key] & set(rows)) / len(rows), len(new & right) / max(len(new), 1), len(rows)))
    label = source[target].to_list()
    wrong = [draw.choice(label) if draw.random() < 0.01 else one for one in label]
    leaky = source.with_columns(pl.Series("code", [f"c{one}" for one in wrong]))
    tested = test.with_columns((pl.lit("c") + pl.col(target)).alias("code"))
    codes = found(leaky, tested, target, text, columns=True)
    told.append(("leaking column", float("code" in codes["columns"]), 1 / max(len(codes["columns"]), 1), 1))
    return told


def found(
    source: pl.DataFrame, test: pl.DataFrame, target: str, text: str | None, *, columns: bool = False
) -> dict[str, set]:
    """The source's rows in which each defect is found; with `columns` the columns said to tell the target."""
    with tempfile.TemporaryDirectory() as folder:
        source.write_csv(Path(folder) / "train.csv")
        test.write_csv(Path(folder) / "test.csv")
        head = "product: p\ndata:\n  source: train.csv\n  test: test.csv\n"
        contract = parse(f"{head}  target: {target}\nmust:\n  - accuracy >= 50%\n", Path(folder) / "product.yaml")
        loaded = load(contract)
    parts = split(contract, loaded)
    said = {one.code: one for one in check(contract, loaded, parts)}
    if columns:
        shown = [x for code in ("leaks", "strong_columns") if code in said for x in said[code].examples]
        return {"columns": {one.partition(":")[0] for one in shown}}
    count = len(loaded.dataset)
    assert loaded.test is not None
    copies = copies_of(loaded)
    labels = loaded.dataset.values(target)
    groups: dict[int, list[int]] = {}
    for row in range(count):
        groups.setdefault(int(copies.same[row]), []).append(row)
    judged = set(copies.unit[count:].tolist())
    near = {int(row) for row in copies.near if row < count}
    equal = {row for rows in groups.values() if len(rows) > 1 for row in rows}
    torn = {row for rows in groups.values() if len({labels[r] for r in rows}) > 1 for row in rows}
    spelled = {row for row in range(count) if text and f"[{labels[row]}]" in loaded.dataset.frame[text][row]}
    told = {
        "copies": (equal, "duplicates"), "conflicts": (torn, "label_conflicts"), "near": (near, "near_duplicates"),
        "overlap": ({row for row in range(count) if int(copies.unit[row]) in judged}, "overlap"),
        "spelled": (spelled if said.get("label_in_text") and said["label_in_text"].count >= len(spelled) else set(),
                    "label_in_text"),
    }  # fmt: skip
    return {key: rows if not rows or code in said else set() for key, (rows, code) in told.items()}


def main() -> None:
    """Prints recall and precision for each defect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    for name in SETS:
        for kind, recall, precision, n in measure(name, asked.rows, asked.seed):
            print(f"{name:22} {kind:15} recall {recall:.3f}  precision {precision:.3f}  ({n} planted)")


if __name__ == "__main__":
    main()
