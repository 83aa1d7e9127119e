"""What the page tells of a column's values."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl

from zhinan.data import load, split
from zhinan.data.profiles import class_counts, figure, profiles

from .conftest import Product


def described(product: Product, frame: pl.DataFrame, **data: Any) -> dict[str, dict[str, Any]]:
    contract = product({"rows.csv": frame.write_csv()}, target="label", **data)
    loaded = load(contract)
    return {one["name"]: one for one in profiles(loaded, split(contract, loaded))}


def test_the_most_frequent_values_are_in_order_and_versions_are_no_addresses(product: Product) -> None:
    rows = range(240)
    versions = [("306.0", "8.54", "1.194.0.2", "12.1.0")[i % 4] for i in rows]
    parcels = [f"parcel {i} is late" for i in rows]
    frame = pl.DataFrame({"message": parcels, "version": versions, "label": ["b" if i % 3 else "a" for i in rows]})
    told = described(product, frame)
    assert [one["value"] for one in told["version"]["top"]] == ["1.194.0.2", "12.1.0", "306.0", "8.54"]
    assert [one["value"] for one in told["label"]["top"]] == ["b", "a"]


def test_what_is_no_version_among_versions_is_masked(product: Product) -> None:
    rows = range(240)
    versions = [("1.194.0.2", "12.1.0", "8.54", "ann.lee@example.org", "138 0013 8000")[i % 5] for i in rows]
    parcels = [f"parcel {i} is late" for i in rows]
    frame = pl.DataFrame({"message": parcels, "version": versions, "label": ["b" if i % 3 else "a" for i in rows]})
    shown = [one["value"] for one in described(product, frame)["version"]["top"]]
    assert sorted(shown) == ["1.194.0.2", "12.1.0", "8.54", "[EMAIL]", "[PHONE]"]


def test_values_that_all_differ_have_no_most_frequent_ones(product: Product) -> None:
    rows = range(120)
    frame = pl.DataFrame({"text": [f"une phrase {i}" for i in rows], "label": [f"a sentence {i}" for i in rows]})
    told = described(product, frame, inputs={"text": "text"})
    assert told["label"]["distinct"] == 120
    assert "top" not in told["label"]


def test_a_target_of_free_text_has_no_table_of_classes(product: Product) -> None:
    text = "".join(f"une phrase {i},a sentence {i}\n" for i in range(120))
    contract = product({"rows.csv": f"text,label\n{text}"}, target="label", inputs={"text": "text"})
    loaded = load(contract)
    assert class_counts(loaded, split(contract, loaded)) == []


def test_groups_of_a_number_are_named_by_the_values_in_them_and_none_lies_around_another(product: Product) -> None:
    rows = range(2400)
    late = [(0, 0, 0, -2, -1, 1, 2, 5, 6, 7, 8)[i % 11] for i in rows]
    frame = pl.DataFrame({
        "late": late, "paid": [i / 10 for i in rows], "label": ["b" if i % 3 else "a" for i in rows],
    })  # fmt: skip
    told = described(product, frame)
    named = [group["bin"] for group in told["late"]["target"]["groups"]]
    assert named == ["-2 – -1", "0", "1", "2 – 5", "6 – 8"]
    ends = [tuple(map(float, group["bin"].split(" – "))) for group in told["paid"]["target"]["groups"]]
    assert all(below[1] < above[0] for below, above in pairwise(ends))
    assert len(ends) == 5


def test_numbers_are_written_as_they_are_and_years_as_years(product: Product) -> None:
    rows = range(400)
    frame = pl.DataFrame({
        "year": [1994 + i % 12 for i in rows], "amount": [250 + 45 * i for i in rows],
        "label": ["b" if i % 3 else "a" for i in rows],
    })  # fmt: skip
    told = described(product, frame, inputs={"year": "number", "amount": "number"})
    assert told["year"]["histogram"]["of"] == "year"
    assert all("," not in group["bin"] for group in told["year"]["target"]["groups"])
    assert told["amount"]["histogram"]["of"] == "value"
    assert all(int(end.replace(",", "")) % 45 == 25 for group in told["amount"]["target"]["groups"]
               for end in group["bin"].split(" – "))  # fmt: skip
    assert [figure(n) for n in (18424, -165580.0, 12345.67, 0.0837, 26.75, 1e-9, 0)] == [
        "18,424", "-165,580", "12,346", "0.0837", "26.75", "1e-09", "0"]  # fmt: skip
