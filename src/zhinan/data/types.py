"""What loading and splitting give back: frozen values that say what was kept, what was not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from zhinan.core import Column, Dataset, Words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

__all__ = ["Finding", "Loaded", "Raw", "Reject", "Split"]


_UNSAID = Words("", "")


@dataclass(frozen=True)
class Reject:
    """A row that could not be taken: where it begins, why, and its beginning with everything personal masked.

    Args:
        line: 1 is the first line of the file (in what has no lines: of its rows).
        file: what it was read from; within a folder or an archive, its path there.
        excerpt: at most 80 characters; empty when very many rows were rejected.
    """

    line: int
    reason: Words
    excerpt: str = ""
    file: str = ""


@dataclass(frozen=True)
class Finding:
    """Something about the data that a person should know.

    Args:
        code: a stable word such as "duplicates".
        what: one sentence in English and 中文.
        count: how many rows, columns or classes it concerns.
        examples: a few, masked, each with the file and line it stands at where it has one.
        damage: 1 worth knowing, 2 costs quality or proof, 3 makes the result wrong; of somebody's details 2 a few
            stand open, 3 many do.
        do: what Zhinan does about it. overrule: how to have it otherwise.
    """

    code: str
    what: Words
    count: int
    examples: tuple[str, ...] = ()
    damage: int = 1
    do: Words = _UNSAID
    overrule: Words = _UNSAID


@dataclass(frozen=True)
class Raw:
    """What a reader makes of a file, or of a stretch of it: every value as the text that stands there.

    Args:
        frame: String columns under the names in the file; `_line` (UInt32), where each row begins (in what has no
            lines: its number); and `_member` (String) when the rows come from the files of a folder or an archive.
        rejected: rows that are not in `frame`.
        encoding: the one taken, as a codec; empty for what is no text file.
        findings: about the file as such.
        aside: rows that were read and are in neither, because all would take too much memory. weight: bytes of all
            that were read (`drawing.Draw`).
    """

    frame: pl.DataFrame
    rejected: tuple[Reject, ...] = ()
    encoding: str = ""
    findings: tuple[Finding, ...] = ()
    aside: int = 0
    weight: int = 0

    @classmethod
    def joined(cls, parts: Iterable[Raw]) -> Raw:
        """The stretches of one file as one; a column that some of them lack is null there."""
        import polars as pl

        from zhinan.data.encodings import foremost

        held = list(parts)
        return cls(
            pl.concat([part.frame for part in held], how="diagonal"),
            tuple(reject for part in held for reject in part.rejected),
            foremost(part.encoding for part in held),
            tuple(finding for part in held for finding in part.findings),
        )


def _no_rows() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={"_row": pl.String, "file": pl.UInt8, "_line": pl.UInt32, "part": pl.UInt8,
                                "labelled": pl.Boolean})  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """A contract's data: typed, tidied, masked. Every row of the files is in `rejected`, unlabeled, in a dataset, or
    counted in `aside`, because all would take too much memory.

    Args:
        dataset: the rows to learn from (and, without a test file, to seal a part of).
        test: the rows of the test file; None without one.
        rows: how many rows the files hold; unlabeled: how many of the accepted ones have no target.
        masked: how many finds the masks replaced. cleaned: rule → column → values it changed.
        classes: the target's values, sorted; empty for a number.
        columns: every column of the source with its kind and why, also those left out of the inputs.
        pool: rows without a target, for people to label; none has the inputs of a labelled row. None without any.
        personal: columns of numbers that are somebody's (telephone numbers): no mask hides them, no page shows them.
        task: what the contract asks for, as it says or as its lines and its target tell.
        labels: what people said since: row id → label, of rows of the pool and of rows whose label was doubted.
        taught: labelled rows to learn from and nothing else: what users said of answers, which no proof is made of.
        origins: for each accepted row its id `_row`, `file` (place in `files`), `_line`, `part` (0 the source, 1 the
            test file) and whether it is `labelled`; the rows of `dataset` and `test` are in the same order.
    """

    dataset: Dataset
    test: Dataset | None
    rejected: tuple[Reject, ...]
    rows: int
    unlabeled: int
    masked: int
    classes: tuple[str, ...]
    columns: tuple[Column, ...]
    encodings: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    pool: Dataset | None = None
    task: str = "classify"
    labels: Mapping[str, str] = field(default_factory=dict)
    taught: Dataset | None = None
    cleaned: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    origins: pl.DataFrame = field(default_factory=_no_rows)
    files: tuple[str, ...] = ()
    personal: frozenset[str] = frozenset()
    aside: int = 0

    def places(self, part: int, rows: Sequence[int] | npt.NDArray[np.int64]) -> pl.Series:
        """Where some rows of `dataset` (0) or of `test` (1) stand, file:line; empty texts when nobody knows."""
        import polars as pl

        known = self.origins.filter(pl.col("labelled") & (pl.col("part") == part)).select("file", "_line")
        if known.height != len((self.dataset, self.test or ())[part]):
            return pl.Series("_place", [""] * len(rows), pl.String)
        mine = known[rows]
        file = pl.col("file").replace_strict(dict(enumerate(self.files)), return_dtype=pl.String)
        return mine.select(pl.concat_str(file, pl.lit(":"), pl.col("_line")).alias("_place")).to_series()

    @property
    def accepted(self) -> int:
        """Rows taken, labelled or not."""
        return self.rows - len(self.rejected) - self.aside


def _no_fates() -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    import numpy as np

    return np.zeros(0, np.int8), np.zeros(0, np.int8)


@dataclass(frozen=True)
class Split:
    """The three parts. No input of `sealed` occurs in the others.

    Args:
        counts: the object that `build --json` prints under "data".
        sealed_share: class → the share of its rows meant to be sealed; classes that the contract needs more of have
            a larger one, and a line about all classes must weigh rows by 1 / share. Empty for a given test file.
        audited: how many rows of `sealed` were labelled for it from the pool.
        fates: for each row of the dataset, shape (n,), its part and why, as places in `origins.PARTS` and `WHYS`.
    """

    train: Dataset
    dev: Dataset
    sealed: Dataset
    counts: Mapping[str, int | str]
    findings: tuple[Finding, ...] = ()
    sealed_share: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    audited: int = 0
    fates: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]] = field(default_factory=_no_fates, repr=False)
