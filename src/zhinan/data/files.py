"""Columns that name pictures or recordings: each file is looked at once, and what it is stands beside the row.

The facts stand in a column `_media:NAME`, so that a row is what its file holds, whatever the file is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os.path import normpath
from pathlib import Path

import polars as pl

from zhinan.core import Column, UserError, Words
from zhinan.data.cleaning import FACTS
from zhinan.data.media import MEDIA, Media, inspect
from zhinan.data.reasons import reason
from zhinan.data.sandbox import Tell
from zhinan.data.sources import Gathered
from zhinan.data.stacking import passed_over
from zhinan.data.types import Finding

__all__ = ["known_files", "look", "media_columns", "unread"]

_SAMPLE = 20


def media_columns(columns: Sequence[Column]) -> list[Column]:
    """Those of the columns that name files."""
    return [column for column in columns if column.kind in MEDIA]


def known_files(column: Column, frame: pl.DataFrame, root: Path, files: Sequence[str]) -> Column:
    """A column that looks like names of files, as an id where those files are not there."""
    if column.kind not in MEDIA:
        return column
    held = frame.select("_file", column.name).drop_nulls().head(_SAMPLE)
    if any((root / _file_of(_home(root, files[file], value))).is_file() for file, value in held.iter_rows()):
        return column
    return replace(column, kind="id", why=reason("no_files"))


def look(
    frames: list[pl.DataFrame], columns: Sequence[Column], root: Path, files: Sequence[str], tell: Tell | None
) -> tuple[list[pl.DataFrame], Mapping[str, Mapping[str, Words]]]:
    """The frames with each file named from `root` and its facts beside it, and by column which files are not taken.

    Args: columns: those of `media_columns`. files: what the numbers in `_file` name.
    """
    refused: dict[str, Mapping[str, Words]] = {}
    for column in columns:
        frames = [_at_home(frame, column.name, root, files) for frame in frames]
        names = sorted({name for frame in frames for name in frame[column.name] if name is not None})
        if not names:
            raise UserError("E112", column.name, name=column.name, kind=column.kind)
        report = None if tell is None else (lambda done, total: tell("look", done, total))
        seen = inspect(column.kind, root, names, report)
        refused[column.name] = seen.refused
        frames = [frame.with_columns(_facts(frame[column.name], seen)) for frame in frames]
    return frames, refused


def unread(
    gathered: Sequence[Gathered], frames: Sequence[pl.DataFrame], columns: Sequence[Column]
) -> tuple[Finding, ...]:
    """Says which files of folders nothing was made of: no part is read from them, and none of `columns` names them.

    Args: frames: as `look` gives them.
    """
    used = {file for part in gathered for file in part.files}
    for column in columns:
        used |= {normpath(_file_of(name)) for frame in frames for name in frame[column.name].drop_nulls().unique()}
    return passed_over((file for part in gathered for file in part.unread), used)


def _at_home(frame: pl.DataFrame, name: str, root: Path, files: Sequence[str]) -> pl.DataFrame:
    pairs = frame.select("_file", name).unique().drop_nulls()
    homes = pairs.with_columns(
        pl.Series("_home", [_home(root, files[file], value) for file, value in pairs.iter_rows()], pl.String)
    )
    held = frame.join(homes, on=["_file", name], how="left", maintain_order="left")
    return held.with_columns(pl.col("_home").alias(name)).drop("_home")


def _home(root: Path, file: str, value: str) -> str:
    """A value as a path from the root: beside the file it stands in, that file itself, or from the root already."""
    if file.endswith(f"/{value}") and (root / file).is_file():
        return file
    beside = (Path(file).parent / value).as_posix()
    return beside if (root / _file_of(beside)).exists() or not (root / _file_of(value)).exists() else value


def _file_of(name: str) -> str:
    return name.rpartition("#")[0] if ".npz#" in name else name


def _facts(names: pl.Series, seen: Media) -> pl.Series:
    """The facts of each row's file as a struct; null for a file that is not taken."""
    column = FACTS + names.name
    if seen.facts.width < 2:
        empty = pl.Struct({"digest": pl.String, "pattern": pl.String, "spread": pl.Float64})
        return pl.Series(column, [None] * len(names), empty)
    packed = seen.facts.select(pl.col("name"), pl.struct(pl.exclude("name")).alias(column))
    return names.to_frame("name").join(packed, on="name", how="left", maintain_order="left")[column]
