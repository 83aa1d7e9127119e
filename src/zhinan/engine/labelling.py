"""The labelling desk: what one person is asked, what they said, and what that already proves of the newest version."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from zhinan.contract import Contract
from zhinan.core import UserError, Words, suggest
from zhinan.data import Loaded, Split, load, read
from zhinan.data.cleaned import blanked, cleaned
from zhinan.data.cleaning import identities, tidied
from zhinan.data.kinds import convert
from zhinan.data.masking import masked
from zhinan.data.nesting import with_held
from zhinan.data.roles import left_as_they_came
from zhinan.data.tags import has_labels
from zhinan.engine.drawn import audit_groups, draw
from zhinan.engine.fresh import Fresh, certify_fresh, keep_fresh
from zhinan.engine.labels import Opinion, accepted, agreement, load_labelled, opinions, record, with_mask_key
from zhinan.engine.queues import Item, queue
from zhinan.engine.shares import cut
from zhinan.engine.taught import with_traffic
from zhinan.evaluate.in_use import before_launch
from zhinan.package import Version, open_version
from zhinan.proof import Verdict, outcome
from zhinan.store import Store, VersionRow

__all__ = ["Desk"]

ROW, LABEL, QUEUE = "row", "label", "for"
"""Columns of an exported queue besides the inputs."""


class Desk:
    """One person's desk at a product. Labels are stored as they are said, so it can be left at any moment.

    Args:
        who: the annotator's name, kept with each label.

    Raises:
        UserError: as `data.load`.
    """

    def __init__(self, contract: Contract, store: Store, who: str) -> None:
        contract = with_mask_key(contract, store)
        self._contract, self._store, self._who = contract, store, who
        self._loaded = with_traffic(contract, store, load(contract))
        parts = cut(contract, self._loaded)
        self._sealed = frozenset(parts.sealed.values("_row"))

    @property
    def classes(self) -> tuple[str, ...]:
        """What may be said, in alphabetical order."""
        return accepted(self._contract, self._loaded)

    @property
    def several(self) -> bool:
        """Whether a row may be given any number of them."""
        return has_labels(self._loaded.dataset)

    @cached_property
    def _row(self) -> VersionRow | None:
        return next(iter(reversed(self._store.versions(self._contract.product))), None)

    @cached_property
    def _version(self) -> Version | None:
        return None if self._row is None else open_version(self._row.path, threads=2)

    def data(self) -> tuple[Loaded, Split]:
        """What there is to learn from and to judge by, with all labels known now and traffic among the pool."""
        loaded, _ = load_labelled(self._contract, self._store)
        return loaded, cut(self._contract, loaded)

    def waiting(self, only: str | None = None) -> list[Item]:
        """What this person is asked next. Raises: UserError E342 when there is nothing to label at all."""
        data, said = self.data(), opinions(self._store, self._contract.product)
        run = draw(self._contract, self._store, data)
        groups = audit_groups(self._contract.must)
        audited = [] if run is None else [run.state["groups"][name]["waiting"] for name in groups]
        return queue(self._contract, self._store, data, said, self._who, only, self._version, audited)

    def say(self, item: Item, label: str) -> dict[str, int]:
        """Stores one label. Raises: UserError as `record`."""
        return record(
            self._contract, self._store, self._loaded, [Opinion(item.row, label, self._who, item.queue)], self._sealed
        )

    def write(self, path: Path, items: Sequence[Item]) -> None:
        """Writes a queue as .csv with an empty column to fill in.

        Raises:
            UserError: E318 when it cannot be written, E347 for a file that may hold labels already.
        """
        if path.exists() and not _empty(path):
            raise UserError("E347", str(path))
        names = list(dict.fromkeys(name for item in items for name in item.inputs))
        try:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                out = csv.writer(file)
                out.writerow([ROW, QUEUE, *names, "label_now", LABEL])
                for item in items:
                    values = [_safe(item.inputs.get(name)) for name in names]
                    out.writerow([item.row, item.queue, *values, item.given or "", ""])
        except OSError as error:
            raise UserError("E318", str(path), reason=error.strerror or str(error)) from error

    def take(self, path: Path) -> dict[str, int]:
        """Takes labels from a file, all or none: an exported queue that was filled in, or inputs with their target.

        A row without a label is left out.

        Raises:
            UserError: E343 for a file without labels, E344 for rows that may not be labelled, E340 for other labels,
                as `data.read`.
        """
        raw = read(path)
        if raw.rejected:
            first = raw.rejected[0]
            raise UserError("E313", f"{path.name}:{first.line}", count=len(raw.rejected), reason=first.reason)
        target, pool = self._contract.data.target or LABEL, self._loaded.pool
        inputs = [] if pool is None else [column.name for column in pool.inputs]
        frame = tidied(with_held(raw.frame, [*inputs, target]))
        column = next((name for name in (LABEL, target) if name in frame.columns), None)
        if column is None:
            near = suggest(LABEL, [name for name in frame.columns if name not in ("_line", "_member")])
            raise UserError("E343", path.name, column=target, suggestion=near)
        rows = frame[ROW].to_list() if ROW in frame.columns else self._found(path, frame)
        queues = frame[QUEUE].to_list() if QUEUE in frame.columns else [None] * frame.height
        given = zip(rows, frame[column].to_list(), queues, frame["_line"].to_list(), strict=True)
        wanted = [(row, said, name or "file", line) for row, said, name, line in given if said]
        lost = [line for row, _, _, line in wanted if row is None]
        if lost:
            raise UserError("E344", path.name, count=len(lost), first=f"{path.name}:{lost[0]}")
        said = [
            Opinion(str(row), said, self._who, name, where=f"{path.name}:{line}") for row, said, name, line in wanted
        ]
        return record(self._contract, self._store, self._loaded, said, self._sealed)

    def _found(self, path: Path, frame: pl.DataFrame) -> list[str | None]:
        """The pool's row with the same inputs, for files that were not exported from here."""
        pool = self._loaded.pool
        if pool is None:
            why = Words("the product has no rows without labels", "本产品没有未标注的行")
            raise UserError("E342", path.name, reason=why)
        inputs = [column.name for column in pool.inputs]
        missing = [name for name in inputs if name not in frame.columns]
        if missing:
            raise UserError(
                "E111", path.name, name=missing[0], file=path.name, suggestion=suggest(missing[0], frame.columns)
            )
        data, kinds = self._contract.data, {column.name: column.kind for column in pool.inputs}
        left = left_as_they_came(self._contract)
        known, _ = blanked(frame.select(inputs), data.clean, left)
        plain, _ = cleaned(known, {column.name: column for column in pool.inputs}, data.clean, left)
        hidden, _ = masked(plain, kinds, data.mask, target=None, person=None, key=self._contract.mask_key)
        typed = [convert(hidden[column.name], column) for column in pool.inputs]
        fits = ~np.any([unfit.to_numpy() for _, unfit in typed], axis=0)
        rows = dict(zip(identities(pool.frame, inputs), pool.values("_row"), strict=True))
        mine = identities(pl.DataFrame([values for values, _ in typed]), inputs)
        return [rows.get(one) if fit else None for one, fit in zip(mine, fits, strict=True)]

    def result(self) -> dict[str, Any]:
        """The object that `zhinan label --json` prints, but for what was just labelled.

        Fresh labels are judged here; when they prove the last open line, the version is proved.
        """
        said = opinions(self._store, self._contract.product)
        people: dict[str, int] = {}
        for one in said:
            people[one.who] = people.get(one.who, 0) + 1
        agreed, fresh = agreement(said, numbers=not self._loaded.classes), self._certified()
        verdicts = [dict(v) for v in self._verdicts()]
        return {
            "product": self._contract.product,
            "annotators": people,
            "agreement": None if agreed is None else asdict(agreed),
            "fresh": None if fresh is None else fresh.to_dict(),
            "version": None if self._row is None else self._row.number,
            "outcome": None if not verdicts else _worst(verdicts),
            "verdicts": verdicts,
            "confidence": self._contract.confidence,
        }

    def _verdicts(self) -> Sequence[Mapping[str, Any]]:
        return () if self._row is None else self._store.verdicts(self._contract.product, self._row.number)

    def _certified(self) -> Fresh | None:
        if self._row is None or self._version is None:
            return None
        fresh = certify_fresh(self._contract, self._store, self.data(), self._row, self._version)
        if fresh is not None and any(line.n for line in fresh.lines):
            keep_fresh(self._contract, self._store, self._row, fresh, _worst)
        return fresh


def _worst(verdicts: Sequence[Mapping[str, Any]]) -> str:
    shown = [
        Verdict(v["line"], v["verdict"], v["value"], v["bound"], v["n"], v["on"], v["to_decide"], "")
        for v in before_launch(verdicts)
    ]
    return outcome(shown)


def _empty(path: Path) -> bool:
    """Whether it is a queue that was written and not filled in; what cannot be read may be one that was."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            return {ROW, LABEL} <= {*(rows.fieldnames or ())} and not any((row[LABEL] or "").strip() for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error):
        return False


def _safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in tuple("=+-@＝＋－＠\t\r") else text
