"""Puts tables with the same columns below each other, whatever the order of their columns, and names what differs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import polars as pl

from zhinan.core import UserError, Words, entries, suggest
from zhinan.data.delimited import RESERVED
from zhinan.data.findings import finding
from zhinan.data.readers.folder import PARTS
from zhinan.data.types import Finding, Raw

__all__ = [
    "check_columns", "is_hidden", "names_in", "passed_over", "read_member", "reader_of", "refuse_parts", "stacked",
    "tables", "walked",
]  # fmt: skip


_RENAMED = Words(
    "if it is a table, rename it: .csv, or .tsv where tabs part its fields",
    "若为表格，请改扩展名：.csv；以制表符分隔的用 .tsv",
)
_UNPACKED = Words("unpack it: of archives zip alone is read", "请先解包：压缩包中仅支持 zip")
_INSTEAD = {**dict.fromkeys((".txt", ".dat", ".data", ".asc"), _RENAMED), **dict.fromkeys((".tgz", ".tar"), _UNPACKED)}


def reader_of(path: Path) -> str:
    """The reader for a name's ending. Raises UserError E101 when there is none, E900 when it lacks its extra."""
    known = {suffix: entry for entry in entries("reader").values() for suffix in entry.facts.get("suffixes", ())}
    suffix = "/" if path.is_dir() else path.suffix.lower()
    if suffix not in known:
        instead = _INSTEAD.get(suffix) or suggest(suffix, known)
        raise UserError("E101", str(path), suffix=path.suffix or path.name, suggestion=instead)
    known[suffix].require()
    return known[suffix].name


def tables(paths: Iterable[Path]) -> list[Path]:
    """Those that a reader of tables reads, in the order of their names; hidden ones are passed over."""
    known = {s for e in entries("reader").values() if e.facts.get("magic") is not None for s in e.facts["suffixes"]}
    return sorted(p for p in paths if p.suffix.lower() in known and not is_hidden(p.name))


def is_hidden(name: str) -> bool:
    """Whether a file or folder is nobody's data by its name: hidden, or left behind by a program."""
    return name.startswith((".", "~$")) or name in ("__MACOSX", "__pycache__")


def walked(folder: Path) -> Iterator[Path]:
    """The files of a folder and of the folders in it, as they come, without hidden ones. A link to a folder is one of
    them: it is not followed."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_hidden(name)]
        yield from (link for name in folders if (link := Path(here) / name).is_symlink())
        yield from (Path(here) / name for name in names if not is_hidden(name))


def passed_over(held: Iterable[str], used: Iterable[str]) -> tuple[Finding, ...]:
    """Says which files of folders or of an archive were not read, by their names."""
    others = sorted({*held} - {*used})
    return (finding("other_files", len(others), others),) if others else ()


def names_in(frame: pl.DataFrame) -> list[str]:
    """The columns of the file, without ours."""
    return [name for name in frame.columns if name not in RESERVED]


def refuse_parts(names: Iterable[str], file: str, where: str = "") -> None:
    """Raises UserError E194 where tables of one folder or archive are called train and test: no rows of one another.

    Args: names: of the tables. file: what messages call the folder.
    """
    found = sorted(name for name in names if PurePath(name).stem.lower() in PARTS)
    if len({PurePath(name).stem.lower() for name in found}) > 1:
        raise UserError("E194", where or file, names=", ".join(found[:5]), folder=file)


def check_columns(first: tuple[str, list[str]], other: tuple[str, list[str]], where: str = "") -> None:
    """Raises UserError E134 unless two tables, given by name and columns, have the same columns."""
    for (file, names), (lacking, held) in ((first, other), (other, first)):
        for name in names:
            if name not in held:
                raise UserError("E134", where, file=lacking, name=name, other=file)


def stacked(
    files: Iterable[tuple[str, Path]], where: str, findings: tuple[Finding, ...] = (), encoding: str | None = None
) -> Iterator[Raw]:
    """The rows of several files, each with the member it comes from; the first brings the findings about all.

    Args: encoding: of those that are text; None to tell it from each.
    Raises: UserError E134 when their columns differ, and what their readers raise.
    """
    first: tuple[str, list[str]] | None = None
    for name, path in files:
        seen: dict[str, None] = {}
        for raw in read_member(reader_of(path), path, encoding):
            seen |= dict.fromkeys(names_in(raw.frame))
            frame = raw.frame.with_columns(pl.lit(name).alias("_member"))
            rejected = tuple(replace(reject, file=name) for reject in raw.rejected)
            yield replace(raw, frame=frame, rejected=rejected, findings=(*raw.findings, *findings))
            findings = ()
        first = first or (name, list(seen))
        check_columns(first, (name, list(seen)), where)


def read_member(reader: str, path: Path, encoding: str | None = None) -> Iterable[Raw]:
    """A file within another one, read in this process."""
    from zhinan.data.child import stretches

    options: dict[str, Any] = {"encoding": encoding}
    return stretches(reader, str(path), options)
