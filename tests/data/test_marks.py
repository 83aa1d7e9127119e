"""What one part of a cell alone tells of a class is said, and words that merely go with a class are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import Column, Dataset
from zhinan.data import check, load
from zhinan.data.marks import marks_of

Product = Callable[..., Contract]

DRAW = np.random.default_rng(7)
WORDS = ["refund", "order", "late", "card", "blocked", "login", "please", "account", "charge", "twice"]
TWO = DRAW.choice(["good", "bad"], 600).tolist()
TEN = DRAW.choice([f"c{i}" for i in range(10)], 1200).tolist()


def sentences(count: int, words: int = 8) -> list[str]:
    return [" ".join(DRAW.choice(WORDS, words)) for _ in range(count)]


def moment(i: int, hour: int) -> str:
    return (dt.datetime(2024, 1, 1) + dt.timedelta(days=i % 300, hours=int(hour))).isoformat()


SAID = [f"{s} ref#{17 if y == 'bad' else 22}" for s, y in zip(sentences(600), TWO, strict=True)]
CLOSED = [f"{s} {'#closed' if y == 'c3' else ''}" for s, y in zip(sentences(1200), TEN, strict=True)]


def told(product: Product, columns: Mapping[str, list[str]], labels: list[str]) -> str:
    text = pl.DataFrame({**columns, "noise": DRAW.normal(size=len(labels)).round(3), "label": labels}).write_csv()
    contract = product({"rows.csv": text}, target="label")
    found = {one.code: one for one in check(contract, load(contract))}
    return " ".join(found["strong_columns"].examples) if "strong_columns" in found else ""


@pytest.mark.parametrize(
    ("labels", "column", "said"),
    [
        (TWO, SAID, "x: '#"),
        (TWO, [f"{'AB'[y == 'bad']}{DRAW.integers(900):03d}" for y in TWO], "…'"),
        (TWO, [moment(i, DRAW.integers(12) + 12 * (y == "bad")) for i, y in enumerate(TWO)], "x (time of day): AUC"),
        (TWO, [f"2024-{i % 12 + 1:02d}-{DRAW.integers(14) + 1 + 14 * (y == 'bad')}" for i, y in enumerate(TWO)],
         "x (day of month): AUC"),
        (TEN, [str(50 + DRAW.integers(9)) if y == "c3" else "0" for y in TEN], "x: not '0' → c3"),
        (TEN, ["|".join([*DRAW.choice(list("abcde"), 2, replace=False), *["x"] * ((y == "c3") == (i % 50 > 0))])
               for i, y in enumerate(TEN)], "x: 'x' → c3"),
        (TEN, CLOSED, "x: '#closed' → c3"),
        (TWO, [" ".join(DRAW.choice(WORDS, 6 if y == "bad" else 14)) for y in TWO], "x (length): AUC"),
        (TWO, [s.capitalize() if y == "bad" else s for s, y in zip(sentences(600), TWO, strict=True)],
         "'a capital at the beginning' → "),
        (TWO, [s.upper() if y == "bad" else s.capitalize() for s, y in zip(sentences(600), TWO, strict=True)],
         "'capitals alone' → "),
        (TWO, [s.replace(" ", "  ", y == "bad") for s, y in zip(sentences(600), TWO, strict=True)], "'two blanks' → "),
        (TEN, [s + "." * (y == "c3") for s, y in zip(sentences(1200), TEN, strict=True)], "x: '….' → c3"),
        (TEN, [f"https://x.com/{'refund' if y == 'c3' else DRAW.integers(90)}/{i}" for i, y in enumerate(TEN)],
         "x: '/refund' → c3"),
        (TEN, [f"{s} https://x.com/{'refund' if y == 'c3' else 'help'}/{i}"
               for i, (s, y) in enumerate(zip(sentences(1200), TEN, strict=True))], "' → c3: AUC 1.000"),
        (TWO, sentences(600), ""),
    ],
    ids=["word", "letter", "hour", "day", "amount", "item", "code", "length", "capital", "capitals", "blanks", "stop",
         "path", "address", "noise"],
)  # fmt: skip
def test_a_part_of_a_cell_that_gives_a_class_away_is_named(
    product: Product, labels: list[str], column: list[str], said: str
) -> None:
    heard = told(product, {"x": column}, labels)
    assert said in heard
    assert bool(heard) is bool(said)


def test_marks_of_noise_tell_nothing() -> None:
    """The best of many words is chosen on one half and judged on the other: chance is not taken for a leak."""
    for seed in range(20):
        draw = np.random.default_rng(seed)
        texts = [" ".join(f"w{n}" for n in draw.integers(300, size=12)) for _ in range(200)]
        frame = pl.DataFrame({"_row": np.arange(200), "x": texts, "label": draw.choice(["a", "b"], 200)})
        inputs, target = (Column("x", "text"),), Column("label", "category")
        half = [Dataset(frame[at : at + 100], inputs, target, None, None, "") for at in (0, 100)]
        assert all(one.value < 0.7 for one in marks_of(half[0], half[1], inputs))
