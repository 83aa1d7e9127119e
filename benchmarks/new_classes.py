"""Classes left out of the data that arrive in traffic: how often `improve` proposes them, and how pure its groups are.

    python benchmarks/new_classes.py [--draws 4] [--data FOLDER] [SET …]

Per draw some classes of a public set, chosen at random, are kept out of the rows learned from and come in traffic
among 1,800 rows of known classes. Spaces are n-grams and groups are found as in `improve`; in place of a built version
a logistic regression on n-grams says how sure it is. In `several` a row is one or two messages of banking77 and has
the labels of both; a left-out label comes alone in half of its rows, else beside a known one. A set's row says: classes
left out that some group is mainly of, groups, groups mainly of a known class, the share of their inputs that are of
the main class, and the share of all inputs of left-out classes that stand in some group.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import scipy.sparse as sp
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression

from zhinan.core import find
from zhinan.improve.novelty import novel_groups
from zhinan.improve.proposals import SPACE

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TRAFFIC, DELTA = 1_800, 0.025
SETS = {  # classes left out, rows learned from, traffic of each class left out
    "banking77": (4, 4_000, 150), "clinc150": (6, 4_000, 120), "bitext_customer_service": (3, 2_500, 150),
    "thucnews_titles": (2, 4_000, 250), "several": (3, 3_000, 150),
}  # fmt: skip
OF_SEVERAL = 25
"""Labels of `several`."""

Row = tuple[str, tuple[str, ...]]


def rows_of(folder: Path, draw: random.Random) -> list[Row]:
    """All different texts of a set with their class, in random order."""
    files = [folder / f"{part}.csv" for part in ("train", "test")]
    every = pl.concat(pl.read_csv(file, columns=["text", "label"]).drop_nulls() for file in files)
    every = every.unique("text", keep="none", maintain_order=True).filter(pl.col("label") != "oos")
    rows = [(" ".join(text.split()), (label,)) for text, label in every.iter_rows()]
    draw.shuffle(rows)
    return rows


def drawn(name: str, data: Path, draw: random.Random) -> tuple[list[Row], list[Row], set[str]]:
    """Rows to learn from, traffic, and the classes that were left out."""
    count, learned, each = SETS[name]
    rows = rows_of(data / ("banking77" if name == "several" else name), draw)
    classes = sorted({one for _, labels in rows for one in labels})
    if name == "several":
        classes = draw.sample(classes, OF_SEVERAL)
    hidden = set(draw.sample(classes, count))
    if name == "several":
        return (*several(rows, [one for one in classes if one not in hidden], sorted(hidden), draw), hidden)
    known = [row for row in rows if row[1][0] not in hidden]
    traffic = known[learned : learned + TRAFFIC]
    for label in sorted(hidden):
        traffic += [row for row in rows if row[1] == (label,)][:each]
    return known[:learned], draw.sample(traffic, len(traffic)), hidden


def several(
    rows: Sequence[Row], classes: Sequence[str], hidden: Sequence[str], draw: random.Random
) -> tuple[list[Row], list[Row]]:
    """Rows of one or two labels; messages of traffic are none of those learned from."""
    _, learned, each = SETS["several"]
    by: dict[str, list[str]] = {}
    for text, (label,) in rows:
        by.setdefault(label, []).append(text)

    def said(labels: Sequence[str], fresh: bool) -> Row:
        texts = [draw.choice(by[one][len(by[one]) // 2 :] if fresh else by[one][: len(by[one]) // 2]) for one in labels]
        return ". ".join(texts), tuple(labels)

    taught = [said(draw.sample(classes, draw.choice((1, 2))), fresh=False) for _ in range(learned)]
    traffic = [said(draw.sample(classes, draw.choice((1, 2))), fresh=True) for _ in range(TRAFFIC)]
    for label in hidden:
        traffic += [said([label, *draw.sample(classes, at % 2)], fresh=True) for at in range(each)]
    traffic = [*dict(traffic).items()]
    return [*dict(taught).items()], draw.sample(traffic, len(traffic))


def encoded(learned: Sequence[str], *parts: Sequence[str]) -> list[Any]:
    """N-grams (n, features) of texts, with weights from those learned from."""
    encoder = find("encoder", "ngrams").target().fit({"text": list(learned)})
    return [encoder.encode({"text": list(part)}) for part in parts]


def doubtful(learned: Sequence[Row], traffic: Sequence[Row]) -> np.ndarray:
    """Inputs, (n,) bool, less sure than half of dev; of several labels those of which no label reaches one half."""
    cut = len(learned) * 4 // 5
    texts = [[text for text, _ in part] for part in (learned[:cut], learned[cut:], traffic)]
    train, dev, asked = encoded(texts[0], *texts)
    if any(len(labels) > 1 for _, labels in learned):
        names = sorted({one for _, labels in learned for one in labels})
        fits = (LogisticRegression(C=20).fit(train, [name in labels for _, labels in learned[:cut]]) for name in names)
        return np.asarray(np.all([one.predict_proba(asked)[:, 1] < 0.5 for one in fits], axis=0))
    fitted = LogisticRegression(C=20).fit(train, [labels[0] for _, labels in learned[:cut]])
    margin, usual = (
        np.diff(np.sort(fitted.predict_proba(part), axis=1)[:, -2:], axis=1)[:, 0] for part in (asked, dev)
    )
    return np.asarray(margin < np.median(usual))


def found(learned: Sequence[Row], traffic: Sequence[Row], hidden: set[str], draw: random.Random) -> Counter[str]:
    """What is proposed of one draw, in numbers that add up."""
    half = np.array([draw.random() < 0.5 for _ in traffic])
    asked, known = [text for text, _ in traffic], [text for text, _ in learned]
    clustered = np.flatnonzero(half)
    of_known, of_asked = encoded([*known, *(asked[at] for at in clustered)], known, asked)
    space = TruncatedSVD(SPACE, random_state=0).fit(sp.vstack([of_known, of_asked[clustered]]))
    unit = [
        rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-12)
        for rows in map(space.transform, (of_asked, of_known))
    ]
    often = Counter(one for _, labels in learned for one in labels)
    rarest = [min(labels, key=lambda label: often[label]) for _, labels in learned]
    groups = novel_groups(*unit, rarest, doubtful(learned, traffic), half, DELTA)
    counts = Counter({"left out": len(hidden), "groups": len(groups)})
    for group in groups:
        rows = [*group.rows, *group.more]
        (main, most), *_ = Counter(one for at in rows for one in {*traffic[at][1]}).most_common(1)
        counts.update({"rows": len(rows), "of main": most, "known": int(main not in hidden), f"\x1f{main}": 1})
        counts["caught"] += sum(not hidden.isdisjoint(traffic[at][1]) for at in rows)
    counts["hidden"] = sum(not hidden.isdisjoint(labels) for _, labels in traffic)
    counts["proposed"] = sum(f"\x1f{name}" in counts for name in hidden)
    return Counter({name: count for name, count in counts.items() if name[0] != "\x1f"})


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--data", type=Path, default=DATA)
    asked = parser.parse_args()
    print("| set | left-out classes proposed | groups | of a known class | purity | inputs found |\n|-|-|-|-|-|-|")
    for name in asked.sets or SETS:
        sums: Counter[str] = Counter()
        for number in range(asked.draws):
            draw = random.Random(number)
            sums.update(found(*drawn(name, asked.data, draw), draw))
        purity, caught = sums["of main"] / max(sums["rows"], 1), sums["caught"] / max(sums["hidden"], 1)
        proposed = f"{sums['proposed']} of {sums['left out']}"
        cells = (name, proposed, sums["groups"], sums["known"], f"{purity:.2f}", f"{caught:.2f}")
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
