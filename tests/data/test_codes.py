"""What has no words to learn from is no text: codes are ids or categories; a slip among numbers leaves them be."""

from __future__ import annotations

import polars as pl
import pytest

from zhinan.data.kinds import infer


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("customer", [f"CUST-{i * 7919 % 10**6:06d}" for i in range(40)], "id"),
        ("sku", [f"{'ABCDE'[i % 5]}{'KLM'[i % 3]}-{i:04d}" for i in range(40)], "id"),
        ("mail", [f"user{i}@example.com" for i in range(40)], "id"),
        ("postcode", [f"SW{i % 19 + 1} {i % 9}A{'ABCDEFGH'[i % 8]}" for i in range(40)], "id"),
        ("plz", [f"0{4000 + i}" for i in range(40)], "id"),
        ("plz", [f"0{4000 + i % 25}" for i in range(60)], "category"),
        ("plate", [f"粤B{12345 + i}" for i in range(40)], "id"),
        ("start", [f"{i % 24:02d}:{i * 7 % 60:02d}" for i in range(40)], "category"),
        ("version", [f"{i % 3}.{i % 7}.{i}" for i in range(40)], "category"),
        ("weight", [f"{i} {('kg', 'g')[i % 2]}" for i in range(1, 80)], "category"),
        ("page", [f"https://example.com/p/{i}" for i in range(40)], "text"),
        ("chapter", [f"Chapter {i}" for i in range(40)], "text"),
        ("title", [f"第{i}章" for i in range(40)], "id"),
        ("smiles", [f"CC(=O)Oc1ccccc{i}C" for i in range(40)], "text"),
        ("reading", ["inf", "N.A.", *(f"{i / 7:.3f}" for i in range(200))], "number"),
        ("reading", ["inf", *(f"{i / 7:.3f}" for i in range(60))], "number"),
        ("reading", ["off", *(f"{i / 7:.3f}" for i in range(60))], "text"),
        ("age", ["x", *(str(20 + i % 60) for i in range(400))], "number"),
        ("age", ["x", "y", "z", *(str(20 + i % 20) for i in range(400))], "category"),
        ("age", ["x", *(str(20 + i % 9) for i in range(100))], "category"),
        ("password", [f"{'qwertyuiop'[i % 7 :]}{i * i}{'xyz'[: i % 4]}{i % 5 or ''}!" for i in range(40)], "text"),
    ],
)
def test_codes_are_ids_or_categories_and_words_are_texts(name: str, values: list[str], wanted: str) -> None:
    (column,) = infer(pl.DataFrame([pl.Series(name, values, pl.String)]))
    assert (column.kind, column.why.zh != "") == (wanted, True)
