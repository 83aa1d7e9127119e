"""What `train.augment` is worth: a line under a disturbance with and without made-up rows, on the same sealed rows.

    python benchmarks/augment.py [--data FOLDER] [--set banking77] [--kinds typos] [--under typos] [--until shallow]

Two builds in folders of their own; both say the plain accuracy too, since what helps under slips must not cost it.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from zhinan.engine import build

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--set", default="banking77")
    parser.add_argument("--kinds", default="typos")
    parser.add_argument("--under", default="typos")
    parser.add_argument("--until", default="shallow")
    asked = parser.parse_args()
    print("| augment | line | value | bound | n | recipe | seconds |\n|-|-|-|-|-|-|-|")
    for kinds in ("", asked.kinds):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for part in ("train.csv", "test.csv"):
                (folder / part).write_bytes((asked.data / asked.set / part).read_bytes())
            path = folder / "product.yaml"
            path.write_text(
                f"product: {asked.set}\ndata:\n  source: train.csv\n  test: test.csv\n  target: label\n"
                f"  inputs: {{text: text}}\ntrain: {{augment: [{kinds}]}}\n"
                f"must:\n  - accuracy[under {asked.under}] >= 99.5%\n  - accuracy >= 99.5%\nbudget: 20 min\n",
                encoding="utf-8",
            )
            built = build(path, until=asked.until)
            chosen = next(r for r in built.recipes if r["chosen"])
            for verdict in built.verdicts:
                print(
                    f"| {kinds or '—'} | `{verdict['line']}` | {verdict['value']:.2%} | {verdict['bound']:.2%} | "
                    f"{verdict['n']} | {chosen['recipe']} {chosen['encoder']} | {built.seconds:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
