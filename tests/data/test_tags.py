"""Rows with several labels: units stay whole, each label has its share in every part, findings count each label."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract
from zhinan.data import check, load, split
from zhinan.data.kinds import explicit
from zhinan.data.places import DEV_PART, SEALED_PART, TRAIN_PART, by_hash
from zhinan.data.profiles import class_counts
from zhinan.data.reasons import reason
from zhinan.data.tags import by_labels
from zhinan.steps.values.lists import parted_by

Product = Callable[..., Contract]
AIMS = {SEALED_PART: 0.25, DEV_PART: 0.15, TRAIN_PART: 0.60}
ROWS = st.lists(
    st.tuples(st.integers(0, 60), st.sets(st.sampled_from(["bug", "slow", "login", "价格", "rare"]))),
    min_size=20, max_size=120,
)  # fmt: skip


def drawn(count: int, seed: int) -> tuple[list[str], list[tuple[str, ...]]]:
    """Units of one row; labels from frequent to very rare."""
    rates = {"common": 0.5, "usual": 0.2, "some": 0.05, "few": 0.02, "rare": 0.008}
    draw = random.Random(seed)
    labels = [tuple(name for name, rate in rates.items() if draw.random() < rate) for _ in range(count)]
    return [f"unit {seed} {i}" for i in range(count)], labels


LABELS = ["login", "refund", "slow", "late card"]


@pytest.mark.parametrize("sign", ["|", ", ", "、", " / ", ";"])
def test_any_cell_shows_what_parts_labels_where_a_row_may_have_several(product: Product, sign: str) -> None:
    draw = random.Random(3)
    cells = [sign.join(draw.sample(LABELS, 2)) if i % 12 == 0 else LABELS[i % 4] for i in range(240)]
    table = "text,tags\n" + "".join(f'message {i} of mine,"{cell}"\n' for i, cell in enumerate(cells))
    contract = product({"rows.csv": table}, ("micro_f1 >= 50%",), target="tags", inputs="{text: text}")
    tagged = load(replace(contract, task="tag"))
    assert tagged.classes == tuple(sorted(LABELS))
    one = load(replace(contract, task="classify"))
    (said,) = [finding for finding in check(contract, one) if finding.code == "joined_labels"]
    assert (said.count, len(one.classes) > 4) == (20, True)


def test_signs_within_labels_part_nothing() -> None:
    names = [f"{last}, {first}" for last, first in zip("abcdefgh", "stuvwxyz", strict=True)]
    assert parted_by([*names, "x/y", "late card", "card"]) == ""
    assert parted_by(["late card", "late", "card"]) == " "
    assert explicit(pl.Series("l", names), "list", reason("said")).notation == {"separator": ";"}


def test_classes_with_signs_in_them_are_no_joined_labels(product: Product) -> None:
    labels = ["read/write", "read", "off, on", "a|b"]
    table = "text,tags\n" + "".join(f'message {i} of mine,"{labels[i % 4]}"\n' for i in range(80))
    contract = product({"rows.csv": table}, target="tags")
    assert "joined_labels" not in {finding.code for finding in check(contract, load(contract))}


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_no_unit_stands_on_two_sides_and_every_label_is_taught(rows: list[tuple[int, set[str]]]) -> None:
    units, labels = [f"u{unit}" for unit, _ in rows], [tuple(sorted(found)) for _, found in rows]
    parts = by_labels("router", units, labels, {}).parts.tolist()
    assert all(len({part for unit, part in zip(units, parts, strict=True) if unit == one}) == 1 for one in set(units))
    taught = {label for row, part in zip(labels, parts, strict=True) if part == TRAIN_PART for label in row}
    assert taught == {label for row in labels for label in row}
    turned = by_labels("router", units[::-1], labels[::-1], {}).parts.tolist()
    assert turned[::-1] == parts, "the order of rows has no say"


def test_each_label_has_about_its_share_in_every_part_where_a_hash_alone_leaves_it_to_chance() -> None:
    worst, alone = 0.0, 0.0
    for seed in range(20):
        units, labels = drawn(900, seed)
        for found, by_chance in ((by_labels("p", units, labels, {}), False),
                                 (by_hash("p", units, [""] * 900, {}, stratify=False), True)):  # fmt: skip
            counts = {part: Counter[str]() for part in AIMS}
            for row, part in zip(labels, found.parts.tolist(), strict=True):
                counts[part].update(row)
            for label in {label for row in labels for label in row}:
                every = sum(count[label] for count in counts.values())
                for part, aim in AIMS.items():
                    off = abs(counts[part][label] - aim * every) / max(aim * every, 1) ** 0.5
                    worst, alone = (worst, max(alone, off)) if by_chance else (max(worst, off), alone)
    assert worst <= 1.0 < alone


def test_a_label_that_rarer_ones_took_out_of_train_gets_a_unit_back() -> None:
    labels: list[tuple[str, ...]] = [
        (),
        (),
        (),
        ("a",),
        ("d",),
        ("c",),
        ("b",),
        ("b", "c", "d"),
        ("a", "d"),
        (),
        ("b",),
    ]
    parts = by_labels("router", [f"u641-{i}" for i in range(11)], labels, {}).parts
    assert any(part == TRAIN_PART and "d" in row for row, part in zip(labels, parts.tolist(), strict=True))


def test_few_rows_move_when_others_come() -> None:
    units, labels = drawn(900, 3)
    more = drawn(100, 4)
    before = by_labels("p", units, labels, {}).parts
    after = by_labels("p", units + more[0], labels + more[1], {}).parts[:900]
    assert (before != after).mean() < 0.05


def cells(product: Product, count: int = 240, must: str = "micro_f1 >= 50%") -> Contract:
    lines = []
    for i in range(count):
        tags = ["bug"] * (i % 2) + ["slow"] * (i % 3 == 0) + ["login"] * (i % 5 == 0) + ["rare"] * (i == 7)
        written = json.dumps(json.dumps(tags or ["other"])).replace('\\"', '""')
        lines.append(f"ticket number {i} about nothing,{written}")
    return product({"rows.csv": "message,tags\n" + "\n".join(lines)}, (must,), target="tags")


@pytest.mark.usefixtures("quick")
def test_findings_and_counts_speak_of_each_label(product: Product) -> None:
    contract = cells(product)
    loaded = load(contract)
    assert loaded.classes == ("bug", "login", "other", "rare", "slow")
    parts = split(contract, loaded)
    found = {one.code: one for one in check(contract, loaded, parts)}
    assert found["rare_classes"].examples == ("rare: 1",)
    assert found["untested_classes"].examples == ("rare",)
    assert "untrained_classes" not in found
    counts = {row["class"]: row for row in class_counts(loaded, parts)}
    assert sum(counts["slow"][part] for part in ("train", "dev", "sealed")) == 80
    assert counts["rare"] == {"class": "rare", "train": 1, "dev": 0, "sealed": 0}
