"""Which rows a version knows: those it learned from, was compared on and was proved on, by file and line.

Kept in the store, never in the version: what ships names nobody.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.core.persons import person_id
from zhinan.data import Loaded, Split, lineage
from zhinan.steps.mask import armed, kept_person, options_of, person_secret, pseudonym, specs_of
from zhinan.steps.tidying import tidy
from zhinan.store import Store, VersionRow, person_code
from zhinan.store.erasing import forgotten, set_lineage

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Lineage", "keep_lineage", "lineage_of", "masks_of", "names_of", "rows_of_version", "strike"]

SHOWN = 1000
"""Rows named at most; their number is always told."""

FILES = 12
"""Files listed at most where a row is looked for in vain."""

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
        folded: whether recipes were compared on folds, so on rows of train too.
    """

    product: str
    version: int
    rows: pl.DataFrame
    opened: bool
    folded: bool

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
        uses = _USES.get("dev" if self.folded and row["part"] == "train" else row["part"], ())
        return {
            "row": None if row["row"] is None else row["row"].hex(),
            **{name: row[name] for name in ("file", "line", "part", "why", "person", "reason")},
            "uses": [use for use in uses if use != "proved" or self.opened],
        }


def keep_lineage(store: Store, contract: Contract, data: tuple[Loaded, Split], *, opened: bool) -> dict[str, Any]:
    """Writes down where every row went, once for equal content; what it gives belongs into the version's summary.

    Raises:
        UserError: E552 when one of its persons was forgotten since the rows were read; then nothing computed from
            them is kept.
    """
    loaded, parts = data
    secret = store.sealing_key(contract.product)
    rows = lineage(loaded, parts, lambda who: person_code(secret, who))
    known = {name: part.fingerprint for name, part in _parts(parts).items()}
    if not forgotten(store, contract.product).people.keys().isdisjoint(rows["person"].drop_nulls()):
        for source in known.values():
            store.erase_derived(source)
        raise UserError("E552", contract.product)
    kept = store.derived_from(*known.values(), str(parts.counts["fingerprint"]))
    return {
        "rows": kept.put(_written(rows)), "parts": known, "opened": opened,
        "folded": contract.train.folds is not None, "masks": masks_of(contract),
    }  # fmt: skip


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

    version = store.version(product, number)
    rows = rows_of_version(store, version)
    found, kept = rows, version.summary["lineage"]
    if row is not None:
        wanted = bytes.fromhex(row) if len(row) == 32 and set(row) <= set("0123456789abcdef") else b""
        found = found.filter((pl.col("row") == wanted) | (pl.col("now") == wanted))
    if person is not None:
        secret = store.sealing_key(product)
        codes = [person_code(secret, name) for name in (person, *names_of(kept["masks"], person))]
        found = found.filter(pl.col("person").is_in(codes))
    if place is not None:
        file, _, line = place.rpartition(":")
        found = found.filter((pl.col("file").cast(pl.String) == file) & (pl.col("line") == int(line or 0)))
    if not found.height and rows.height:
        files = rows["file"].cast(pl.String).drop_nulls().unique(maintain_order=True).to_list()
        shown = ", ".join(files[:FILES]) + (" …" if len(files) > FILES else "")
        raise UserError("E161", f"{product}@{number}", files=shown)
    return Lineage(product, number, found, bool(kept["opened"]), bool(kept["folded"]))


def masks_of(contract: Contract) -> dict[str, Any]:
    """The masks of a contract as a lineage keeps them, so that a person's name is found whatever they left of it."""
    pipelines = {spec.name: spec.pipeline for spec in contract.data.mask if spec.pipeline is not None}
    return {**options_of(contract.data.mask, contract.mask_key), "person": contract.mask_key, "pipelines": pipelines}


def names_of(masks: Mapping[str, Any], person: str) -> tuple[str, str, str]:
    """A person's name as the files have it, tidied, and as training may have it. Args: masks: of `masks_of`.

    The pseudonym is always among them: whether a mask hid the name hung on the tagger's weights at that time.
    """
    ready = armed(specs_of(masks["masks"], masks.get("patterns", {}), masks["pipelines"]), masks.get("key", ""))
    name, secret = person_id(tidy(person)), person_secret(masks["person"])
    return name, kept_person(name, ready, secret), pseudonym(name, secret)


def rows_of_version(store: Store, version: VersionRow) -> pl.DataFrame:
    """All rows of a version, as `data.lineage` gives them. Raises: UserError E160 when nothing is known of it."""
    import polars as pl

    kept = version.summary.get("lineage")
    if not kept:
        raise UserError("E160", f"{version.product}@{version.number}")
    return pl.read_parquet(io.BytesIO(store.derived_from().get(kept["rows"])))


def strike(store: Store, version: VersionRow, rows: pl.DataFrame, people: Collection[str]) -> int:
    """Takes the rows of some persons out of what is known of a version; how many they were.

    Args: rows: of `rows_of_version`. people: codes of persons, as the lineage has them.
    """
    import polars as pl

    while True:
        others = rows.filter(~pl.col("person").is_in(list(people)).fill_null(False))
        if others.height == rows.height:
            return 0
        kept = version.summary["lineage"]
        digest = store.derived_from(*kept["parts"].values()).put(_written(others))
        if set_lineage(store, version, {**kept, "rows": digest}):
            return rows.height - others.height
        version = store.version(version.product, version.number)
        rows = rows_of_version(store, version)


def _written(rows: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    rows.write_parquet(content, compression="zstd", statistics=False)
    return content.getvalue()


def _parts(parts: Split) -> dict[str, Any]:
    return {"train": parts.train, "dev": parts.dev, "sealed": parts.sealed}
