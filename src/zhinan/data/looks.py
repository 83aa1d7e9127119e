"""What is wrong with pictures and recordings: nothing on them, mixed forms, odd sizes, places told, silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from zhinan.core import Column
from zhinan.data.cleaning import FACTS
from zhinan.data.files import media_columns
from zhinan.data.findings import finding
from zhinan.data.types import Finding

__all__ = ["check_files"]

_BLANK = 2.0
_SMALL = 16
_SILENT, _CLIPPED = 0.98, 0.01
_APART = 4.0
_ALIKE = 0.95


def check_files(frame: pl.DataFrame, inputs: Sequence[Column]) -> list[Finding]:
    """Findings about every column of files; each different file counts once."""
    found: list[Finding] = []
    for column in media_columns(inputs):
        name, within = pl.col(column.name), pl.col("_place").str.replace(r":\d+$", "")
        place = pl.when(~name.str.starts_with(within)).then("_place").fill_null("").alias("place")  # else said twice
        facts = frame.select(place, name.alias("name"), FACTS + column.name).unnest(FACTS + column.name)
        files = facts.drop_nulls("digest").unique("name", maintain_order=True)
        if files.height:
            found += _of_pictures(files) if column.kind == "image" else _of_recordings(files)
    return found


def _of_pictures(files: pl.DataFrame) -> Iterator[Finding]:
    yield from _some("blank_pictures", files.filter(pl.col("spread") < _BLANK))
    yield from _some("small_pictures", files.filter(pl.min_horizontal("width", "height") < _SMALL))
    yield from _some("moving_pictures", files.filter(pl.col("frames") > 1))
    yield from _some("located_pictures", files.filter(pl.col("located")))
    yield from _mixed("mixed_colours", files, "mode")
    shapes = files.select(pl.format("{}×{}", "width", "height").alias("name"))
    area = (files["width"] * files["height"]).cast(pl.Float64)
    if shapes.n_unique() > 1 and area.max() > _APART * area.min():  # type: ignore[operator]
        common = shapes["name"].value_counts(sort=True).head(5)
        yield finding("sizes_apart", shapes.n_unique(), [f"{name}: {count:,}" for name, count in common.iter_rows()])


def _of_recordings(files: pl.DataFrame) -> Iterator[Finding]:
    yield from _some("silent_recordings", files.filter(pl.col("silent") > _SILENT))
    yield from _some("clipped_recordings", files.filter(pl.col("clipped") > _CLIPPED))
    yield from _mixed("mixed_rates", files, "rate")
    yield from _mixed("mixed_channels", files, "channels")
    seconds = files["seconds"].sort()
    usual = float(seconds.median())  # type: ignore[arg-type]
    far = files.filter((pl.col("seconds") > _APART * usual) | (pl.col("seconds") < usual / _APART)).sort("seconds")
    if far.height:
        shown = [(place, f"{name}: {s:.2f} s") for place, name, s in far.select("place", "name", "seconds").rows()]
        yield finding("lengths_apart", far.height, shown[-5:], usual=f"{usual:.2f}")


def _some(code: str, files: pl.DataFrame) -> Iterator[Finding]:
    if files.height:
        yield finding(code, files.height, files.select("place", "name").head(5).rows())


def _mixed(code: str, files: pl.DataFrame, fact: str) -> Iterator[Finding]:
    """Files whose form is not the usual one."""
    counts = files[fact].cast(pl.String).value_counts(sort=True)
    if counts.height > 1:
        usual = int(counts["count"][0])
        yield finding(code, files.height - usual, [f"{name}: {count:,}" for name, count in counts.iter_rows()])
