"""Which rows a version knows: those it learned from, was compared on and was proved on, by file and line.

Kept in the store, never in the version: what ships names nobody.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import Loaded, Split, lineage
from zhinan.steps.mask import armed, kept_person, options_of, person_secret, specs_of, tidy
from zhinan.store import Store, person_code

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Lineage", "keep_lineage", "lineage_of"]

SHOWN = 1000
"""Rows named at most; their number is always told."""

_USES = {
    "train": ("trained",),
    "dev": ("compared", "trained"),  # what was chosen on dev is trained on train and dev together
    "sealed": ("proved",),
}


@dataclass(frozen=True, eq=False)
class Lineage:
    """The rows of one version.

    Args:
        rows: as `data.lineage` gives them. opened: whether the sealed rows were looked at when it was built.
    """

    product: str
    version: int
    rows: pl.DataFrame
    opened: bool

    def counts(self) -> dict[str, dict[str, int]]:
        """Part → why → how many rows."""
        found: dict[str, dict[str, int]] = {}
        for part, why, count in self.rows.group_by("part", "why").len().sort("part", "why").iter_rows():
            found.setdefault(part, {})[why] = count
        return found

    def as_dict(self) -> dict[str, Any]:
        """The object that `zhinan lineage --json` prints, without the rows."""
        return {
            "product": self.product,
            "version": self.version,
            "files": list(self.rows["file"].unique(maintain_order=True)),
            "total": self.rows.height,
            "counts": self.counts(),
        }

    def named(self) -> list[dict[str, Any]]:
        """Each row, at most 1,000: id, file, line, part, why, reason, and what it was used for."""
        return [self._named(row) for row in self.rows.head(SHOWN).iter_rows(named=True)]

    def _named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        uses = _USES.get(row["part"], ())
        return {
            "row": None if row["row"] is None else row["row"].hex(),
            **{name: row[name] for name in ("file", "line", "part", "why", "person", "reason")},
            "uses": [use for use in uses if use != "proved" or self.opened],
        }


def keep_lineage(store: Store, contract: Contract, data: tuple[Loaded, Split], *, opened: bool) -> dict[str, Any]:
    """Writes down where every row went, once for equal content; what it gives belongs into the version's summary."""
    loaded, parts = data
    secret = store.sealing_key(contract.product)
    rows = lineage(loaded, parts, lambda who: person_code(secret, who))
    content = io.BytesIO()
    rows.write_parquet(content, compression="zstd", statistics=False)
    known = {name: part.fingerprint for name, part in _parts(parts).items()}
    kept = store.derived_from(*known.values(), str(parts.counts["fingerprint"]))
    pipelines = {spec.name: spec.pipeline for spec in contract.data.mask if spec.pipeline is not None}
    masks = {**options_of(contract.data.mask, contract.mask_key), "person": contract.mask_key, "pipelines": pipelines}
    return {"rows": kept.put(content.getvalue()), "parts": known, "opened": opened, "masks": masks}


def lineage_of(
    store: Store,
    product: str,
    number: int,
    *,
    row: str | None = None,
    person: str | None = None,
    place: str | None = None,
) -> Lineage:
    """The rows of a version, or those that a row id, a person or a FILE:LINE name.

    Args: person: by their own name, as the files have it, or by the one that training has for them.

    Raises:
        UserError: E160 when nothing is known of the version, E161 when it knows no such row, person or place, E420
            when the key that its masks hid persons with is not at hand.
    """
    import polars as pl

    kept = store.version(product, number).summary.get("lineage")
    if not kept:
        raise UserError("E160", f"{product}@{number}")
    rows = pl.read_parquet(io.BytesIO(store.derived_from().get(kept["rows"])))
    found = rows
    if row is not None:
        wanted = bytes.fromhex(row) if len(row) == 32 and set(row) <= set("0123456789abcdef") else b""
        found = found.filter((pl.col("row") == wanted) | (pl.col("now") == wanted))
    if person is not None:
        secret = store.sealing_key(product)
        masks, names = kept["masks"], [person]
        ready = armed(specs_of(masks["masks"], masks.get("patterns", {}), masks["pipelines"]), masks.get("key", ""))
        names.append(kept_person(tidy(person), ready, person_secret(masks["person"])))
        codes = [person_code(secret, name) for name in names]
        found = found.filter(pl.col("person").is_in(codes))
    if place is not None:
        file, _, line = place.rpartition(":")
        found = found.filter((pl.col("file").cast(pl.String) == file) & (pl.col("line") == int(line or 0)))
    if not found.height and rows.height:
        raise UserError("E161", f"{product}@{number}")
    return Lineage(product, number, found, bool(kept["opened"]))


def _parts(parts: Split) -> dict[str, Any]:
    return {"train": parts.train, "dev": parts.dev, "sealed": parts.sealed}
