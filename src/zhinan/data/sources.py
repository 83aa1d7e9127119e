"""From the places a contract names to rows: finds the files, reads each once, and says where every row is from."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import polars as pl

from zhinan.contract import Contract, Source
from zhinan.core import UserError, Words
from zhinan.data.drawing import MOST, Draw, drawn_together, theirs
from zhinan.data.encodings import GUESSED
from zhinan.data.findings import finding
from zhinan.data.formats import EXCEL, format_of
from zhinan.data.nesting import unnested
from zhinan.data.readers.folder import examples
from zhinan.data.sandbox import SMALL, Tell, is_small, read, read_together, size_of
from zhinan.data.stacking import check_columns, names_in, reader_of, refuse_parts, tables, walked
from zhinan.data.types import Finding, Raw, Reject

__all__ = ["PARTS", "Gathered", "gather", "places", "wanted_of"]

PARTS = ("data.source", "data.test", "data.unlabeled")


@dataclass(frozen=True)
class Gathered:
    """The rows of one part of the contract, from all of its places.

    Args:
        key: "data.source", "data.test" or "data.unlabeled". name: what messages call it.
        raw: the rows. `_file` (UInt32) of its frame counts through the `files` of all parts; its rejects name one.
        files: every file, member of an archive or query a row comes from. encodings: of those that are text.
        unread: files of the folders among its places that no reader reads, from the root.
    """

    key: str
    name: str
    raw: Raw
    files: tuple[str, ...]
    encodings: Mapping[str, str]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Place:
    """One thing to read, under the name that messages give it."""

    name: str
    source: Source
    unread: tuple[str, ...] = ()


def gather(contract: Contract, progress: Tell | None = None) -> list[Gathered]:
    """Reads every part that the contract names, two places at a time.

    Raises: UserError E100 for what is not there, E134 for files of one part whose columns differ, E142 for a pattern
        that nothing fits, E145 for a file that two places name, and whatever reading raises.
    """
    found = {key: places(contract, key) for key in PARTS if getattr(contract.data, key.partition(".")[2])}
    _refuse_twice(found)
    found = _told_apart(found)
    flat = [place for held in found.values() for place in held]
    draw = Draw(contract.data.most or MOST, contract.data.person, contract.forgotten)
    with ThreadPoolExecutor(2) as pool:
        read_all = pool.map(lambda group: _read(contract, group, progress, draw), _groups(flat))
        raws = iter(drawn_together(chain.from_iterable(read_all), draw))
    parts: list[Gathered] = []
    for key, held in found.items():
        start = sum(len(part.files) for part in parts)
        parts.append(_stack(key, held, [next(raws) for _ in held], start, draw))
    _refuse_shared(contract, parts)
    return _unnested(contract, parts)


def _unnested(contract: Contract, parts: list[Gathered]) -> list[Gathered]:
    frames, parted = unnested([part.raw.frame for part in parts], wanted_of(contract))
    if not parted:
        return parts
    said = finding("parted_objects", len(parted), [f"{name} → {', '.join(fields)}" for name, fields in parted.items()])
    raws = [replace(part.raw, frame=frame) for part, frame in zip(parts, frames, strict=True)]
    raws[0] = replace(raws[0], findings=(*raws[0].findings, said))
    return [replace(part, raw=raw) for part, raw in zip(parts, raws, strict=True)]


def places(contract: Contract, key: str) -> list[_Place]:
    """What one key names, with patterns and folders of tables replaced by the files they stand for."""
    sources: tuple[Source, ...] = getattr(contract.data, key.partition(".")[2])
    return [place for source in sources for place in _expanded(contract, source, contract.where.get(key, ""))]


def _expanded(contract: Contract, source: Source, where: str) -> Iterator[_Place]:
    where = source.where or where
    name = source.name(contract.root)
    unread: tuple[str, ...] = ()
    if source.path is None:
        yield _Place(name, source)
        return
    if source.path.is_dir():
        held = tables(path for path in source.path.iterdir() if path.is_file())
        refuse_parts((path.name for path in held), source.path.name, where)
        unread = _unread(source.path, held, contract)
    elif not source.path.exists() and glob.has_magic(pattern := source.path.relative_to(contract.root).as_posix()):
        held = sorted(path for path in contract.root.glob(pattern) if path.is_file() and not path.name.startswith("."))
        if not held:
            raise UserError("E142", where, pattern=pattern)
    elif source.path.is_file():
        held = [source.path]
    else:
        raise UserError("E100", where or name)
    for path in held or [source.path]:
        if not path.resolve().is_relative_to(contract.root.resolve()):
            raise UserError("E016", where, path=path.name)
        one = replace(source, path=path, where=where)
        if source.sheet is not None:
            _refuse_sheet(path, one)
        yield _Place(one.name(contract.root), one, unread)
        unread = ()


def _unread(folder: Path, held: list[Path], contract: Contract) -> tuple[str, ...]:
    """The files below a folder that reading its tables, or where there are none its examples, passes over."""
    files = list(walked(folder))
    read = {*(held or examples(files))}
    return tuple(path.relative_to(contract.root).as_posix() for path in files if path not in read)


def _refuse_twice(found: Mapping[str, list[_Place]]) -> None:
    counted = Counter(place.name for held in found.values() for place in held)
    for held in found.values():
        for place in held:
            if counted[place.name] > 1 and place.source.path is not None:
                raise UserError("E145", place.source.where, file=place.name)


def _refuse_shared(contract: Contract, parts: list[Gathered]) -> None:
    """Refuses what only reading shows: a file of a folder that another place reads, too."""
    seen: set[str] = set()
    for part in parts:
        for file in part.files:
            if file in seen:
                raise UserError("E145", contract.where.get(part.key, ""), file=file)
            seen.add(file)


def _told_apart(found: Mapping[str, list[_Place]]) -> dict[str, list[_Place]]:
    """The places by names that differ: the second query of a database is "query of DSN (2)"."""
    seen = Counter[str]()

    def named(place: _Place) -> _Place:
        seen[place.name] += 1
        return place if seen[place.name] == 1 else replace(place, name=f"{place.name} ({seen[place.name]})")

    return {key: [named(place) for place in held] for key, held in found.items()}


def _groups(flat: Sequence[_Place]) -> Iterator[list[_Place]]:
    """Places in their order, small files one after another in one group, which one child reads; others alone."""
    group, room = list[_Place](), SMALL
    for place in flat:
        file = place.source.path
        small = file is not None and place.source.url is None and is_small(file)
        size = size_of(file) if file is not None and small else room + 1
        if group and size > room:
            yield group
            group, room = [], SMALL
        group.append(place)
        room -= size
    if group:
        yield group


def _read(contract: Contract, group: list[_Place], progress: Tell | None, draw: Draw) -> list[Raw]:
    if len(group) == 1:
        return [_read_one(contract, group[0], progress, draw)]
    files = [(place.source.path, _options(place.source)) for place in group if place.source.path is not None]
    return read_together(files, progress=progress, draw=draw)


def _options(source: Source) -> dict[str, str]:
    return {key: said for key in ("sheet", "encoding") if (said := getattr(source, key)) is not None}


def _read_one(contract: Contract, place: _Place, progress: Tell | None, draw: Draw) -> Raw:
    source = place.source
    if source.frame is not None:
        from zhinan.data.frames import raw_of

        raw = raw_of(source.frame)
        return replace(raw, weight=draw.weight(raw.frame))
    if source.query is not None:
        from zhinan.data.querying import query

        return query(contract, source, place.name, progress, draw)
    options = _options(source)
    if source.url is not None:
        from zhinan.data.fetching import fetched

        with fetched(source, contract.data.hosts) as (path, seen):
            raw = read(path, options=options, progress=progress, draw=draw)
            return replace(raw, findings=(*raw.findings, seen))
    if source.path is None:
        raise ValueError("a source without a place")
    return read(source.path, options=options, progress=progress, draw=draw)


def _refuse_sheet(path: Path, source: Source) -> None:
    """Raises UserError E135 for a sheet of what has none."""
    if reader_of(path) not in ("excel", "compressed") and format_of(path) != EXCEL:
        missing = Words("the file is no spreadsheet: leave sheet out", "该文件不是电子表格：请去掉 sheet")
        raise UserError("E135", source.where, name=source.sheet, suggestion=missing)


def _stack(key: str, held: list[_Place], raws: list[Raw], start: int, draw: Draw) -> Gathered:
    files: list[str] = []
    encodings: dict[str, str] = {}
    frames, rejected = [], []
    findings: dict[Finding, None] = {}
    first = (held[0].name, names_in(raws[0].frame))
    for place, raw in zip(held, raws, strict=True):
        check_columns(first, (place.name, names_in(raw.frame)), place.source.where)
        named = _named(place.name, raw, start + len(files))
        files += named.files
        frames.append(named.frame.select(*first[1], "_line", "_file"))
        rejected += named.rejected
        findings |= dict.fromkeys(raw.findings)
        if raw.encoding:
            encodings[place.name] = raw.encoding
        elif place.source.encoding:
            raise UserError("E148", place.source.where, file=place.name)
    guessed = [(f"{place.name}:", encodings[place.name]) for place in held
               if place.source.encoding is None and encodings.get(place.name) in GUESSED]  # fmt: skip
    if guessed:
        findings[finding("guessed_encoding", len(guessed), guessed)] = None
    frame = frames[0] if len(frames) == 1 else pl.concat(frames)
    if aside := sum(raw.aside for raw in raws):
        gone = theirs(frame, draw.person, draw.forgotten)
        kept = frame.height - (0 if gone is None else int(gone.sum()))
        findings[finding("set_aside", aside, held=f"{kept:,}")] = None
    whole = Raw(frame, tuple(rejected), next(iter(encodings.values()), ""), tuple(findings), aside)
    name = held[0].name if len(held) == 1 else key
    return Gathered(key, name, whole, tuple(files), encodings, tuple(file for place in held for file in place.unread))


def wanted_of(contract: Contract) -> set[str]:
    """The columns that the contract's data section names."""
    data = contract.data
    names = (data.target, data.person, data.time, data.current, *(data.inputs or ()), *data.slices)
    return {name for name in names if name is not None}


class _Named(NamedTuple):
    files: list[str]
    frame: pl.DataFrame
    rejected: list[Reject]


def _named(place: str, raw: Raw, start: int) -> _Named:
    """The files of one place by their full names, and their numbers, from `start`, in the frame's `_file`."""
    if "_member" not in raw.frame.columns:
        numbered = raw.frame.with_columns(pl.lit(start, pl.UInt32).alias("_file"))
        return _Named([place], numbered, [replace(reject, file=place) for reject in raw.rejected])
    members = dict.fromkeys([*raw.frame["_member"].unique(maintain_order=True), *(r.file for r in raw.rejected)])
    numbers = {member: start + i for i, member in enumerate(members)}
    number = pl.col("_member").replace_strict(numbers, return_dtype=pl.UInt32).alias("_file")
    rejected = [replace(reject, file=f"{place}/{reject.file}") for reject in raw.rejected]
    return _Named([f"{place}/{member}" for member in members], raw.frame.with_columns(number), rejected)
