"""Near-duplicates at speed: our exact join beside MinHash by rensa and datasketch, on the same texts in one process.

    python benchmarks/duplicates.py [--rows 20000]

Texts are those of banking77 and clinc150, and every twentieth a second time with a word added. All three compare the
same normalised texts at .8 by shingles of four characters (ours: of four bytes, and equal numbers), and all pairs they
propose are verified. CPU seconds of this process are counted, so other work on the machine matters little.
`pip install rensa datasketch`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from zhinan.data.near import ALIKE, near_pairs, normalised

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PERMUTATIONS, BANDS = 128, 16

Pairs = set[tuple[int, int]]


def texts(rows: int) -> pl.Series:
    """Different normalised texts, some of them near copies."""
    files = [DATA / name / f"{part}.csv" for name in ("banking77", "clinc150") for part in ("train", "test")]
    said = pl.concat(pl.read_csv(file, infer_schema_length=0, columns=["text"])["text"] for file in files)
    copied = pl.Series("text", [f"{text} please" for text in said.gather_every(20)])
    return normalised(pl.concat([said, copied])).unique(maintain_order=True).head(rows)


def shingles(text: str) -> list[str]:
    """Every four characters of a text, each once."""
    return list({text[at : at + 4] for at in range(max(1, len(text) - 3))})


def verified(pairs: Pairs, sets: list[list[str]]) -> Pairs:
    """The pairs that are alike."""
    held = [set(one) for one in sets]
    return {(a, b) for a, b in pairs if len(held[a] & held[b]) >= ALIKE * len(held[a] | held[b])}


def ours(found: pl.Series) -> Pairs:
    """Every pair, exactly."""
    join = near_pairs(found)
    return set(zip(join.first.tolist(), join.second.tolist(), strict=True))


def rensa(found: pl.Series) -> Pairs:
    """MinHash and LSH in Rust."""
    from rensa import RMinHash, RMinHashLSH

    sets = [shingles(text) for text in found]
    index, made = RMinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS, num_bands=BANDS), []
    for at, one in enumerate(sets):
        hashed = RMinHash(num_perm=PERMUTATIONS, seed=1)
        hashed.update(one)
        index.insert(at, hashed)
        made.append(hashed)
    pairs = {(other, at) for at, hashed in enumerate(made) for other in index.query(hashed) if other < at}
    return verified(pairs, sets)


def datasketch(found: pl.Series) -> Pairs:
    """MinHash and LSH in Python with numpy."""
    from datasketch import MinHash, MinHashLSH

    sets = [shingles(text) for text in found]
    index, pairs = MinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS), set()
    for at, one in enumerate(sets):
        hashed = MinHash(num_perm=PERMUTATIONS)
        hashed.update_batch([shingle.encode() for shingle in one])
        pairs |= {(int(other), at) for other in index.query(hashed)}
        index.insert(str(at), hashed)
    return verified(pairs, sets)


def main() -> None:
    """Prints a row for each: rows a core-second, best of three (datasketch once), and the pairs found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    found = texts(parser.parse_args().rows)
    ours(found.head(100))
    print(f"{len(found):,} texts of {found.str.len_chars().mean():.0f} characters")
    speeds: dict[str, float] = {}
    takes: list[tuple[Callable[[pl.Series], Pairs], int]] = [(ours, 3), (rensa, 3), (datasketch, 1)]
    for take, times in takes:
        spent = []
        for _ in range(times):
            start = time.process_time()
            pairs = take(found)
            spent.append(time.process_time() - start)
        speeds[take.__name__] = len(found) / min(spent)
        ratio = speeds["ours"] / speeds[take.__name__]
        speed = f"{speeds[take.__name__]:,.0f} rows per core-second"
        print(f"{take.__name__:12} {speed} (ours / this = {ratio:.1f}), {len(pairs):,} pairs")


if __name__ == "__main__":
    main()
