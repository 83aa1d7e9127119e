"""What a reader promises: every row of a file is accepted or rejected with a reason, however damaged the file is."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.conformance.promises import expect
from zhinan.conformance.spreadsheets import archive, ods, xls, xlsb, xlsx
from zhinan.core import UserError
from zhinan.core.registry import Registered
from zhinan.data.readers.compressed import SUFFIXES as PACKED

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["PROMISES", "placed", "samples", "sound", "zstd"]

ROWS, FILES = 16, 4
"""Of a sample; files of one that is a folder."""

SAMPLES: Mapping[str, Callable[[int], str]] = {
    ".csv": lambda i: f"{i},text {i} 文本,{i % 3}",
    ".tsv": lambda i: f"{i}\ttext {i} 文本\t{i % 3}",
    ".jsonl": lambda i: f'{{"id": {i}, "message": "text {i} 文本", "label": "{i % 3}"}}',
}
HEADERS = {".csv": "id,message,label", ".tsv": "id\tmessage\tlabel"}
PLACES = ("/", "query")
"""What stands for a suffix where there is no file: a folder, a database."""

Given = tuple[bytes, int] | None


def _lines(suffix: str) -> list[bytes]:
    header = [HEADERS[suffix]] if suffix in HEADERS else []
    return [line.encode() for line in (*header, *(SAMPLES[suffix](i) for i in range(ROWS)))]


def _parquet(packed: bool) -> bytes:
    import polars as pl

    file, rows = io.BytesIO(), range(ROWS)
    frame = pl.DataFrame({"id": rows, "message": [f"text {i} 文本" for i in rows], "at": [i / 7 for i in rows]})
    frame.write_parquet(file, compression="zstd" if packed else "uncompressed")
    return file.getvalue()


def _sheet(made: Callable[[Sequence[Sequence[str]]], bytes]) -> bytes:
    return made([("id", "message"), *((str(i), f"text {i} 文本") for i in range(ROWS))])


def _zip() -> bytes:
    lines = _lines(".csv")
    first, second = lines[: ROWS // 2 + 1], [lines[0], *lines[ROWS // 2 + 1 :]]
    return archive({"rows/a.csv": b"\n".join(first), "rows/b.csv": b"\n".join(second)})


def _database() -> bytes:
    with tempfile.TemporaryDirectory(prefix="zhinan-reader-") as folder:
        path = Path(folder) / "rows.db"
        held = sqlite3.connect(path)
        held.execute("CREATE TABLE rows (id INTEGER, message TEXT, share REAL)")
        held.executemany("INSERT INTO rows VALUES (?, ?, ?)", [(i, f"text {i} 文本", i / 7) for i in range(ROWS)])
        held.commit()
        held.close()
        return path.read_bytes()


def _json() -> bytes:
    return f"[{', '.join(SAMPLES['.jsonl'](i) for i in range(ROWS))}]".encode()


def _npz() -> bytes:
    file = io.BytesIO()
    np.savez(file, X=np.zeros((ROWS, 4, 4), np.uint8), y=np.arange(ROWS) % 3)
    return file.getvalue()


BINARY: Mapping[str, Callable[[], bytes]] = {
    "/": lambda: b"\n".join(f"text {i} 文本".encode() for i in range(FILES)),
    "query": _database,
    ".bz2": lambda: bz2.compress(b"\n".join(_lines(".csv"))),
    ".gz": lambda: gzip.compress(b"\n".join(_lines(".csv")), mtime=0),
    ".xz": lambda: lzma.compress(b"\n".join(_lines(".csv"))),
    ".zst": lambda: zstd.compress(b"\n".join(_lines(".csv"))),
    ".json": _json,
    ".npz": _npz,
    ".ods": lambda: _sheet(ods),
    ".parquet": lambda: _parquet(True),
    ".pq": lambda: _parquet(False),
    ".xls": lambda: _sheet(xls),
    ".xlsb": lambda: _sheet(xlsb),
    ".xlsx": lambda: _sheet(xlsx),
    ".zip": _zip,
}
"""Suffix → a good file of ROWS rows. For a folder: a line for each of its FILES; for a query: a SQLite database."""


def samples(entry: Registered, sample: Given = None) -> dict[str, tuple[bytes, int]]:
    """Suffix → a good file and its number of rows."""
    if sample is not None:
        return {entry.facts["suffixes"][0]: sample}
    known = {s: (b"\n".join(_lines(s)) + b"\n", ROWS) for s in entry.facts["suffixes"] if s in SAMPLES}
    known |= {s: (BINARY[s](), FILES if s == "/" else ROWS) for s in entry.facts["suffixes"] if s in BINARY}
    expect(known, "its format is not one of ours; give a `sample`: (bytes of a good file, number of its rows)")
    return known


def placed(content: bytes, suffix: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Writes a sample into a folder, and gives the place and the options to call a reader with."""
    if suffix == "/":
        for i, line in enumerate(content.split(b"\n")):
            file = folder / "rows" / "ab"[i % 2] / f"{i:05}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(line)
        return folder / "rows", {}
    if suffix == "query":
        (folder / "rows.db").write_bytes(content)
        return Path(suffix), {"query": "SELECT * FROM rows", "dsn": f"sqlite:///{folder / 'rows.db'}"}
    path = folder / (f"rows.csv{suffix}" if suffix in PACKED else f"rows{suffix}")
    path.write_bytes(content)
    return path, {}


def _read(entry: Registered, content: bytes, suffix: str) -> Any:
    from zhinan.data import Raw

    with tempfile.TemporaryDirectory(prefix="zhinan-reader-") as folder:
        place, options = placed(content, suffix, Path(folder))
        made = entry.target(place, **options)
        return made if isinstance(made, Raw) else Raw.joined(made)


def sound(raw: Any) -> None:
    """The shape of what a reader gives back, whatever was read."""
    import polars as pl

    expect("_line" in raw.frame.columns, "the frame has no column _line")
    lines = raw.frame["_line"].to_list()
    members = raw.frame["_member"].to_list() if "_member" in raw.frame.columns else [""] * len(lines)
    places = list(zip(members, lines, strict=True))
    expect(places == sorted(set(places)), "_line does not rise from row to row of a file")
    others = {name: kind for name, kind in raw.frame.schema.items() if name != "_line" and kind != pl.String}
    expect(not others, f"values must be the text that stands there, not {others}")
    for reject in raw.rejected:
        expect(reject.reason.en and reject.reason.zh, f"a row is rejected without a reason in both languages: {reject}")
        place = (reject.file if any(members) else "", reject.line)
        expect(place not in set(places), f"{place} is accepted and rejected")


def _facts(entry: Registered) -> None:
    suffixes = entry.facts.get("suffixes", ())
    expect(isinstance(suffixes, tuple) and suffixes, "it names no suffixes")
    expect(all(s in PLACES or (s.startswith(".") and s == s.lower()) for s in suffixes), f"suffixes are {suffixes}")


def _good(entry: Registered, sample: Given = None) -> None:
    for suffix, (content, rows) in samples(entry, sample).items():
        raw = _read(entry, content, suffix)
        sound(raw)
        expect(
            (raw.frame.height, len(raw.rejected)) == (rows, 0), f"{raw.frame.height} of {rows} rows, {raw.rejected[:2]}"
        )


def _repeatable(entry: Registered, sample: Given = None) -> None:
    for suffix, (content, _) in samples(entry, sample).items():
        first, second = (_read(entry, content, suffix) for _ in range(2))
        expect(first.frame.equals(second.frame), "the same file gives other rows")


def _counted(entry: Registered, sample: Given = None) -> None:
    """A row damaged in place is accepted or rejected, never lost, and costs no other row."""
    if sample is not None:
        return
    draw = np.random.default_rng(0)
    for suffix in SAMPLES.keys() & samples(entry, sample):
        for damage in (b"\xff\xfe", b"\0", b"\x80\x81\x82", b"\xed\xa0\x80", b"\x1b[31m"):
            lines = _lines(suffix)
            hurt = sorted(draw.choice(np.arange(2, len(lines)), 5, replace=False).tolist())
            for i in hurt:
                middle = len(lines[i]) // 2
                lines[i] = lines[i][:middle] + damage + lines[i][middle:]
            raw = _read(entry, b"\n".join(lines) + b"\n", suffix)
            sound(raw)
            taken, refused = raw.frame.height, len(raw.rejected)
            expect(taken + refused == ROWS, f"{damage!r} in 5 rows: {taken} accepted + {refused} rejected of {ROWS}")
            expect(refused <= len(hurt), f"{damage!r} in 5 rows costs {refused} rows")


def _mutated(entry: Registered, sample: Given = None) -> None:
    draw = np.random.default_rng(1)
    for suffix, (content, _) in samples(entry, sample).items():
        broken = [content[: len(content) * part // 7] for part in range(7)]
        for _ in range(40):
            bytes_ = bytearray(content)
            for place in draw.integers(0, len(content), 4):
                bytes_[place] = draw.integers(0, 256)
            broken.append(bytes(bytes_))
        for mutant in (*broken, b"", b"\n\n\n", b"\0" * 64, b"\xff" * 64, b'"', b"{", content[::-1]):
            try:
                raw = _read(entry, mutant, suffix)
            except UserError:
                continue
            sound(raw)


PROMISES: Mapping[str, Callable[..., None]] = {
    "it names the suffixes it reads": _facts,
    "a good file gives all of its rows as text": _good,
    "the same file gives the same rows": _repeatable,
    "rows in = rows accepted + rows rejected": _counted,
    "a broken file is a user error or rejected rows, never a crash": _mutated,
}
