"""Cuts rows into train, dev and sealed: no seed moves a row, and rows that come or go move no other.

A row's place follows from its unit (equal inputs, nearly equal texts), its person or its time alone, and nothing to
learn from repeats, or nearly repeats, what is sealed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset, UserError, Words
from zhinan.data.answers import free_text
from zhinan.data.cleaning import fingerprint
from zhinan.data.copies import Copies, copies_of, with_units, with_units_of_all
from zhinan.data.findings import finding
from zhinan.data.labels import labelled
from zhinan.data.origins import PARTS, WHYS, reasons
from zhinan.data.places import DEV_PART, SEALED_PART, TRAIN_PART, Places, by_hash, by_time
from zhinan.data.rows import SHOWN, examples, place_of
from zhinan.data.tags import by_labels, has_labels, labels_in
from zhinan.data.types import Finding, Loaded, Split

__all__ = ["split"]

FEW = 0.8
"""Share of the sealed rows that are no copies of others below which it is said."""

_LEAST, _MOST_SEALED = 0.08, 0.55
"""Share of dev and of the sealed set at least, and of the latter at most: half of all where classes need it."""

_DUPLICATE, _OVERLAP, _NEAR_OVERLAP = map(WHYS.index, ("duplicate", "overlap", "near overlap"))


def split(
    contract: Contract,
    loaded: Loaded,
    need: Mapping[str | None, int] | None = None,
    copies: Copies | None = None,
) -> Split:
    """Three parts of the data; a given test file is the sealed one. Their rows stand in the order of their ids.

    Args:
        need: how many sealed rows the contract's lines need: of a class, or (key None) of all. A class gets a larger
            share, at most half, when the usual one (25 %) holds fewer.
        copies: what repeats what (`copies_of`), when the caller has looked already.
    Raises:
        UserError: E121 for too few people, E122 when train, dev or sealed would be empty, E123 for a test file
            without labels.
    """
    need = dict(need or {})
    dataset, test = loaded.dataset, loaded.test
    if test is not None and not len(test) and dataset.target is not None:
        raise UserError("E123", contract.where.get("data.test", ""), name=dataset.target.name)
    copies = copies or copies_of(loaded)
    labels = _labels(loaded)
    units = copies.names[: len(dataset)]
    places = _places(contract, dataset, units if copies.identify else _numbered(units), labels, need, test is None)
    gone, findings = _left_out(loaded, copies, places.parts)
    findings += [finding("crowded_texts", copies.sought)] if copies.sought else []
    keep, parts = gone == 0, places.parts
    own, others = copies.unit[: len(dataset)], copies.unit[len(dataset) :]
    train, dev, sealed = (_part(dataset, keep & (parts == part)) for part in (TRAIN_PART, DEV_PART, SEALED_PART))
    dev = with_units(dev, own[keep & (parts == DEV_PART)])
    sealed = with_units(sealed, own[parts == SEALED_PART]) if test is None else with_units(test, others)
    train, dev, sealed, audited = labelled(contract, loaded, train, dev, sealed)
    train, dev, sealed = _in_order(train), _in_order(dev), _in_order(with_units_of_all(sealed) if audited else sealed)
    for part, en, zh in ((train, "train", "训练集"), (dev, "dev", "开发集"), (sealed, "sealed", "封存集")):
        if not len(part):
            raise UserError("E122", contract.where.get("data.source", ""), part=Words(en, zh), rows=len(dataset))
    return Split(
        train=train,
        dev=dev,
        sealed=sealed,
        counts=MappingProxyType(_counts(loaded, train, dev, sealed, int((gone == _DUPLICATE).sum()))),
        findings=(
            *findings,
            *_lopsided(train, dev, sealed, given=test is not None),
            *_compare(train, dev, sealed, need),
        ),
        sealed_share=MappingProxyType(dict(places.shares) if test is None else {}),
        audited=audited,
        fates=(_fates(parts, keep), reasons(contract, dataset, copies, gone)),
    )


def _fates(parts: np.ndarray, keep: np.ndarray) -> np.ndarray:
    codes = {TRAIN_PART: "train", DEV_PART: "dev", SEALED_PART: "sealed"}
    fates = np.full(len(parts), PARTS.index("left out"), np.int8)
    for part, name in codes.items():
        fates[keep & (parts == part)] = PARTS.index(name)
    return fates


def _left_out(loaded: Loaded, copies: Copies, parts: np.ndarray) -> tuple[np.ndarray, list[Finding]]:
    """Which rows stay, shape (n,): 0, or the place in WHYS of why one was left out; and what to say.

    Rows of dev and sealed are never left out for repeating each other; train gives way to dev, both to sealed. Near
    copies stay in train: they teach, and reveal nothing there.
    """
    dataset, count = loaded.dataset, len(loaded.dataset)
    keep = np.ones(count, bool)
    if not copies.identify:
        repeats = len(copies.same) - len(np.unique(copies.same))
        return np.zeros(count, np.int8), [finding("repeats_are_normal", repeats)] if repeats else []
    unit, own = copies.unit, copies.unit[:count]
    sealed = np.concatenate([unit[count:], own[parts == SEALED_PART]])
    dev = own[parts == DEV_PART]
    keep[(parts == DEV_PART) & np.isin(own, sealed)] = False
    keep[(parts == TRAIN_PART) & (np.isin(own, sealed) | np.isin(own, dev))] = False
    judges = keep & ((parts == SEALED_PART) | (parts == DEV_PART))
    judging = np.concatenate([copies.same[count:], copies.same[:count][judges]])
    gone = np.flatnonzero(~keep)
    equal = np.isin(copies.same[gone], judging)
    exact, nearly = gone[equal].tolist(), gone[~equal].tolist()
    learns = keep & (parts == TRAIN_PART)
    duplicates, kept = _repeated(dataset, copies.same[:count], learns)
    why = np.zeros(count, np.int8)
    for code, rows in ((_OVERLAP, exact), (_NEAR_OVERLAP, nearly), (_DUPLICATE, duplicates)):
        why[rows] = code
    staying = np.concatenate([np.flatnonzero(judges), np.arange(count, len(unit))])
    return why, [
        *_about(loaded, "overlap", exact, _firsts(exact, copies.same, staying)),
        *_about(loaded, "near_overlap", nearly, _firsts(nearly, unit, staying), "≈"),
        *_about(loaded, "duplicates", duplicates, kept, others=_staying(len(judging) - len(np.unique(judging)))),
    ]


def _places(
    contract: Contract,
    dataset: Dataset,
    units: pl.Series,
    labels: list[str],
    need: Mapping[str | None, int],
    seal: bool,
) -> Places:
    if dataset.time:
        moments = dataset.frame[dataset.time].to_physical().to_numpy()
        return by_time(contract.product, units, moments, labels, need, seal=seal)
    if dataset.person:
        units = ("\x02" + dataset.frame[dataset.person].cast(pl.String)).fill_null(units)
        if units.n_unique() < 2 + seal:
            where = contract.where.get("data.person", "")
            raise UserError("E121", where, name=dataset.person, count=units.n_unique(), least=2 + seal)
    if has_labels(dataset):
        return by_labels(contract.product, units.to_list(), labels_in(dataset), need, seal=seal)
    return by_hash(contract.product, units, labels, need, seal=seal, stratify=dataset.person is None)


def _labels(loaded: Loaded) -> list[str]:
    """The class of each row, whose share of it is sealed; none where there are none."""
    dataset = loaded.dataset
    if dataset.target is None or dataset.target.kind != "category" or free_text(loaded):
        return [""] * len(dataset)
    return dataset.values(dataset.target.name)


def _numbered(examples: pl.Series) -> pl.Series:
    """Repeats made different by counting them, so that they spread over the parts."""
    one = pl.col("example")
    counted = pl.concat_str(one, pl.lit("\x03"), one.cum_count().over("example"))
    return examples.to_frame("example").select(counted).to_series()


def _repeated(dataset: Dataset, examples: np.ndarray, among: np.ndarray) -> tuple[list[int], list[int]]:
    """Rows that repeat another one's inputs and target, and those; which one stays does not depend on their order."""
    label = pl.lit(None) if dataset.target is None else dataset.frame[dataset.target.name]
    pairs = pl.DataFrame({"id": dataset.frame["_row"], "example": examples}).with_columns(label.alias("label"))
    ordered = pairs.with_row_index("row").filter(pl.Series(among)).sort("id", maintain_order=True)
    first = pl.col("row").first().over("example", "label")
    again = ordered.select("row", first.alias("first")).filter(pl.col("row") != pl.col("first"))
    return again["row"].to_list(), again["first"].to_list()


def _firsts(rows: list[int], same: np.ndarray, staying: np.ndarray) -> list[int]:
    """For the first few rows, the first of those that stay whose code in `same` is theirs."""
    return [int(staying[same[staying] == same[row]][0]) for row in rows[:SHOWN]]


def _staying(repeats: int) -> Words:
    """What becomes of rows of dev and the sealed set that repeat each other."""
    if not repeats:
        return Words("", "")
    return Words(
        f"; {repeats:,} in dev and the sealed set stay, and weigh as one with what they repeat",
        f"；开发集与封存集中另有 {repeats:,} 行重复，保留并合算一次",
    )


def _about(
    loaded: Loaded, code: str, rows: list[int], firsts: list[int], sign: str = "=", **said: object
) -> list[Finding]:
    """What is said of rows that were left out, each shown with where the one that it repeats stands."""
    names = [column.name for column in loaded.dataset.inputs]
    shown = [
        (f"{place} {sign} {place_of(loaded, first)}", *values)
        for (place, *values), first in zip(examples(loaded, rows, names), firsts[:SHOWN], strict=True)
    ]
    return [finding(code, len(rows), shown, **said)] if rows else []


def _part(dataset: Dataset, rows: np.ndarray) -> Dataset:
    frame = dataset.frame.filter(pl.Series(rows))
    return replace(dataset, frame=frame, fingerprint=fingerprint(frame, dataset.inputs, dataset.target))


def _in_order(part: Dataset) -> Dataset:
    """Rows by id: what is kept by fingerprint, one value a row, then fits however the file was ordered."""
    return replace(part, frame=part.frame.sort("_row", maintain_order=True))


def _counts(loaded: Loaded, train: Dataset, dev: Dataset, sealed: Dataset, duplicates: int) -> dict[str, int | str]:
    both = [loaded.dataset.fingerprint, loaded.test.fingerprint if loaded.test else ""]
    both += sorted(f"{row}={label}" for row, label in loaded.labels.items())
    return {
        "rows": loaded.rows,
        "accepted": loaded.accepted,
        "rejected": len(loaded.rejected),
        "unlabeled": loaded.unlabeled,
        "train": len(train),
        "dev": len(dev),
        "sealed": len(sealed),
        "duplicates": duplicates,
        "masked": loaded.masked,
        **({"aside": loaded.aside} if loaded.aside else {}),
        "fingerprint": hashlib.sha256("\n".join(both).encode()).hexdigest(),
    }


def _lopsided(train: Dataset, dev: Dataset, sealed: Dataset, *, given: bool) -> list[Finding]:
    """What came out where a part is far from what it was to have. Args: given: the sealed set is a test file."""
    rest, whole = len(train) + len(dev), len(train) + len(dev) + len(sealed)
    fair = given or _LEAST * whole <= len(sealed) <= _MOST_SEALED * whole
    if fair and _LEAST * rest <= len(dev) <= rest / 2:
        return []
    parts = {"train": train, "dev": dev, "sealed": sealed}
    return [finding("lopsided_split", whole, **{name: f"{len(part):,}" for name, part in parts.items()})]


def _compare(train: Dataset, dev: Dataset, sealed: Dataset, need: Mapping[str | None, int]) -> list[Finding]:
    findings = []
    taught, asked = (Counter(label for row in labels_in(part) for label in row) for part in (train, sealed))
    groups = {
        "untrained_classes": [label for label in asked if label not in taught],
        "untested_classes": [label for label in taught if label not in asked],
        "short_classes": [f"{c}: {asked[c]} of {n}" for c, n in need.items() if c is not None and asked[c] < n],
    }
    findings += [finding(code, len(found), sorted(found)) for code, found in groups.items() if found]
    drawn = sealed.clusters()
    if drawn is not None and not sealed.person:
        different = len({one for one in drawn if one is not None}) + drawn.count(None)
        if different < FEW * len(sealed):
            findings.append(finding("sealed_copies", len(sealed), different=f"{different:,}"))
    if train.time:
        start = sealed.frame[train.time].min()
        later = sum(int((part.frame[train.time] > start).sum()) for part in (train, dev))
        findings += [finding("future_rows", later)] if later else []
        beside = sum(int((part.frame[train.time] == start).sum()) for part in (train, dev))
        findings += [finding("torn_moment", beside)] if beside else []
    if train.person:
        learned = {*train.values(train.person), *dev.values(train.person)} - {None}
        shared = learned & set(sealed.values(train.person))
        findings += [finding("shared_people", len(shared))] if shared else []
    return findings
