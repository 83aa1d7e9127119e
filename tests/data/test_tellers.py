"""What gives one of several labels away is said, label by label, as of classes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.data import Finding, check, load
from zhinan.data.predictors import given_away, gives_away, rows_of

Product = Callable[..., Contract]

LABELS = ["login", "slow", "refund", "bank_card"]
DRAW = np.random.default_rng(3)
TAGS = [DRAW.choice(LABELS, DRAW.integers(1, 4), replace=False).tolist() for _ in range(1200)]
WORDS = ["late", "parcel", "broken", "app", "thanks", "where", "order", "money"]


def found(product: Product, **columns: list[str]) -> dict[str, Finding]:
    text = [" ".join(DRAW.choice(WORDS, 9)) + f" {i}" for i in range(len(TAGS))]
    data = {"text": text, **columns, "tags": ["|".join(tags) for tags in TAGS]}
    contract = product({"rows.csv": pl.DataFrame(data).write_csv()}, ("micro_f1 >= 60%",), target="tags")
    return {one.code: one for one in check(contract, load(contract))}


def test_each_of_several_labels_is_asked_for_by_itself(product: Product) -> None:
    made = found(
        product,
        team=[" / ".join(sorted(tags)) for tags in TAGS],
        is_login=[str(int("login" in tags)) for tags in TAGS],
        score=[f"{100 * ('slow' in tags) + DRAW.random():.3f}" for tags in TAGS],
        number=[str(len(tags)) for tags in TAGS],
        noise=[f"{DRAW.random():.2f}" for _ in TAGS],
    )
    told = dict(example.split(": ") for example in made["leaks"].examples)
    assert set(told.pop("team").split(", ")) == set(LABELS)
    assert told == {"is_login": "login", "score": "slow", "number": "how many"}


def test_what_nearly_gives_a_label_away_is_said_with_the_label(product: Product) -> None:
    made = found(
        product,
        outcome=[DRAW.choice(["x", "y"]) if DRAW.random() < 0.02 else "xy"["slow" in tags] for tags in TAGS],
        seen=[
            f"{DRAW.choice(WORDS)}|{'R' if 'refund' in tags and DRAW.random() < 0.98 else DRAW.choice(WORDS)}"
            for tags in TAGS
        ],
    )
    one, other = made["strong_columns"].examples
    assert one.startswith("outcome → slow: AUC")
    assert other.startswith("seen: 'R' → refund: AUC")


def test_texts_and_gaps_that_tell_a_label(product: Product) -> None:
    made = found(
        product,
        said=[f"number {i} {'bank_card' if 'bank_card' in tags else ''} ok" for i, tags in enumerate(TAGS)],
        size=["" if "slow" in tags else f"{DRAW.random():.3f}" for tags in TAGS],
    )
    assert made["label_in_text"].count > 50
    assert made["missing_tells"].examples == ("slow: 100%", "not slow: 0%")
    assert not {"leaks", "strong_columns"} & set(found(product, size=["1", ""] * 600))


@pytest.mark.parametrize("values", [
    pl.Series(["x" if "slow" in tags else "y" for tags in TAGS]),
    pl.Series([5.0 + ("refund" in tags) + DRAW.random() for tags in TAGS]),
    pl.Series([None if "slow" in tags else "login" in tags for tags in TAGS]),
    pl.Series(DRAW.choice(["u", "v"], 1200)),
    pl.Series(DRAW.normal(size=1200)),
    pl.Series([f"row {i}" for i in range(1200)]),
])  # fmt: skip
def test_each_label_against_the_rest_is_given_away_as_a_class_would_be(values: pl.Series) -> None:
    held = rows_of(pl.Series([str(tags).replace("'", '"') for tags in TAGS]), "list")
    told = given_away(values, held)
    every = np.arange(len(values))
    assert told == [label for label, rows in held.items() if gives_away(values, pl.Series(np.isin(every, rows)))]


def test_labels_of_a_few_rows_are_never_given_away() -> None:
    assert given_away(pl.Series(np.arange(100.0)), {"rare": np.arange(4), "known": np.arange(5)}) == ["known"]
