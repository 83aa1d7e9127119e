"""Whose rows are: people written in several ways, rows of nobody, and one who has most of the rows."""

from __future__ import annotations

import polars as pl

from zhinan.data.findings import finding
from zhinan.data.rows import place_of
from zhinan.data.types import Finding, Loaded

__all__ = ["check_people"]

_NOBODY = 0.10
"""Share of rows without a person from which it is said."""

_HEAVY = 0.20
"""Share of the rows of one person from which it is said: where these fall decides how large each part is."""


def check_people(loaded: Loaded) -> list[Finding]:
    """What is to say about `data.person`. No person's name is shown: only where rows stand."""
    name, count = loaded.dataset.person, len(loaded.dataset)
    if name is None or not count:
        return []
    parts = [loaded.dataset] if loaded.test is None else [loaded.dataset, loaded.test]
    who = pl.concat(part.frame[name].cast(pl.String) for part in parts)
    plain = who.str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    rows = pl.DataFrame({"who": who, "plain": plain}).with_row_index("row").drop_nulls()
    forms = rows.group_by("plain", "who", maintain_order=True).agg(pl.first("row"))
    twice = forms.filter(pl.len().over("plain") > 1)
    found = []
    if len(twice):
        alike = twice.group_by("plain", maintain_order=True).agg("row")["row"]
        shown = [" = ".join(place_of(loaded, row) for row in group[:3]) for group in alike]
        found.append(finding("person_variants", len(alike), shown))
    nobody = int(loaded.dataset.frame[name].is_null().sum())
    if nobody >= _NOBODY * count:
        found.append(finding("rows_of_nobody", nobody, share=f"{nobody / count:.0%}"))
    held = (
        rows.filter(pl.col("row") < count).group_by("plain").agg(pl.len(), pl.first("row")).sort("len", descending=True)
    )
    if loaded.dataset.time is None and len(held) and held["len"][0] >= _HEAVY * count:
        most, row = held["len"][0], held["row"][0]
        found.append(finding("heavy_person", most, [place_of(loaded, row)], share=f"{most / count:.0%}"))
    return found
