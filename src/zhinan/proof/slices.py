"""Weak slices: groups of rows where answers are wrong more often, found on dev and tested once on sealed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zhinan.proof.clusters import row_weights

__all__ = ["Slice", "benjamini_hochberg", "mine_slices", "test_slices"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Values = npt.NDArray[np.str_]

MOST = 20
"""Slices mined at most: each more of them makes the test on sealed stricter."""
SHOWN = 0.01
"""A slice is worth testing when chance alone would make it this weak on dev with at most that probability, and would
make no more than one as weak of all slices looked at."""
SLACK = 1e-9
"""By which a sum of fractions may miss the whole number that it is."""


@dataclass(frozen=True)
class Slice:
    """Rows that meet all conditions.

    Args:
        conditions: (column, value) pairs, one or two. n: rows. errors: wrong ones. rate: their share; NaN of none.
        p: chance of so many errors or more if the slice were as good as the other rows; on dev, as the rows not in
            a clearer slice.
        held: whether the test on other rows confirmed it; None before.
    """

    conditions: tuple[tuple[str, str], ...]
    n: int
    errors: int
    rate: float
    p: float
    held: bool | None = None


def mine_slices(
    columns: Mapping[str, npt.ArrayLike],
    wrong: npt.ArrayLike,
    *,
    least: int = 30,
    depth: int = 2,
    person: npt.ArrayLike | None = None,
) -> tuple[Slice, ...]:
    """Slices of dev with clearly more errors than the rest, the clearest first.

    Choose it to learn where a product is weak; what it finds is a suspicion until `test_slices` confirms it. The
    clearest slice is taken, its rows set aside, and the search goes on in the others, so a slice that is weak only
    because of one already found is not told again.

    Args:
        columns: name → values as text (numbers in bands), shape (n,). wrong: bool, shape (n,).
        least: rows a slice must have, those of a person that are alike counted once. depth: conditions at most, 1 or 2.
        person: shape (n,), whose data each row is, or what it repeats.

    Raises:
        ValueError: columns of another length, or another depth.

    Source: slice discovery by lift and support as in Chung et al., Slice Finder, TKDE 32 (2020); Fisher's exact test,
    of rows that are alike on what they are worth together (`row_weights`), Rao & Scott (1992).
    """
    if depth not in (1, 2):
        raise ValueError(f"slices have one or two conditions, not {depth}")
    errors = np.asarray(wrong, dtype=bool)
    coded = {name: _coded(_texts(values, errors.size, name), least) for name, values in columns.items()}
    worth = row_weights(errors, person)
    left = np.ones(errors.size, dtype=bool)
    found: list[Slice] = []
    while len(found) < MOST:
        best = _clearest(coded, (errors, worth), left, least, depth)
        if best is None:
            break
        conditions, p = best
        inside = _inside(coded, conditions)
        named = tuple((name, str(coded[name][1][code])) for name, code in conditions)
        found.append(_slice(named, inside, errors, p))
        left &= ~inside
    return tuple(found)


def test_slices(
    slices: Sequence[Slice],
    columns: Mapping[str, npt.ArrayLike],
    wrong: npt.ArrayLike,
    q: float = 0.05,  # noqa: PT028
    person: npt.ArrayLike | None = None,  # noqa: PT028
) -> tuple[Slice, ...]:
    """Mined slices on rows that the search has not seen. Choose it once, on sealed, for all slices together.

    Args:
        slices: from `mine_slices` on dev. columns, wrong: of the sealed rows, named as on dev, shape (n,).
        q: expected share of slices said to hold that are none. person: as of `mine_slices`.

    Returns:
        the slices in their order, counted on these rows, `held` where the test confirms them.

    Raises:
        ValueError: a slice's column is missing or of another length.

    Source: Fisher's exact test as in `mine_slices`; Benjamini & Hochberg, JRSS-B 57 (1995).
    """
    errors = np.asarray(wrong, dtype=bool)
    worth = row_weights(errors, person)
    tested = []
    for one in slices:
        inside = np.ones(errors.size, dtype=bool)
        for name, value in one.conditions:
            if name not in columns:
                raise ValueError(f"there is no column {name} among the rows to test on")
            inside &= _texts(columns[name], errors.size, name) == value
        counts = worth[inside & errors].sum(keepdims=True), worth[inside].sum(keepdims=True)
        p = float(_tail(*counts, worth[errors].sum(), worth.sum())[0])
        tested.append(_slice(one.conditions, inside, errors, p))
    held = benjamini_hochberg([one.p for one in tested], q)
    return tuple(replace(one, held=bool(yes)) for one, yes in zip(tested, held, strict=True))


test_slices.__test__ = False  # type: ignore[attr-defined] # pytest takes the name for that of a test


def benjamini_hochberg(p: npt.ArrayLike, q: float) -> Bools:
    """Which of several p-values are discoveries when a share of at most q of them may be false; shape as given.

    Source: Benjamini & Hochberg, JRSS-B 57 (1995).
    """
    raw = np.asarray(p, dtype=float)
    ascending = np.sort(raw)
    passed = np.flatnonzero(ascending <= q * np.arange(1, raw.size + 1) / max(raw.size, 1))
    return np.asarray(raw <= ascending[passed[-1]] if passed.size else np.zeros(raw.size), dtype=bool)


def _clearest(
    coded: Mapping[str, tuple[Ints, Values]], judged: tuple[Bools, Floats], left: Bools, least: int, depth: int
) -> tuple[tuple[tuple[str, int], ...], float] | None:
    """Conditions of the slice of the remaining rows with the smallest p, and that p; None when it is too large.

    Args: judged: which rows are wrong, and what each counts for.
    """
    wrong, worth = (one[left] for one in judged)
    codes = {name: column[left] for name, (column, _) in coded.items()}
    sizes = {name: len(values) for name, (_, values) in coded.items()}
    tables, counts, bads = [], [], []
    for names in itertools.chain.from_iterable(itertools.combinations(codes, d) for d in range(1, depth + 1)):
        cell = np.zeros(wrong.size, dtype=np.int64)
        kept = np.ones(wrong.size, dtype=bool)
        for name in names:
            cell = cell * sizes[name] + codes[name]
            kept &= codes[name] >= 0
        total = math.prod(sizes[name] for name in names)
        tables.append((names, total))
        counts.append(np.bincount(cell[kept], worth[kept], total))
        bads.append(np.bincount(cell[kept & wrong], worth[kept & wrong], total))
    n, bad = (np.concatenate(parts).astype(float) if parts else np.zeros(0) for parts in (counts, bads))
    enough = np.flatnonzero(n >= least - SLACK)
    tails = _tail(bad[enough], n[enough], worth[wrong].sum(), worth.sum())
    if not enough.size or tails.min() > min(SHOWN, 1 / enough.size):
        return None
    # the first of equals: a second condition must earn its place
    place, p = int(enough[tails.argmin()]), float(tails.min())
    ends = np.cumsum([total for _, total in tables])
    table = int(np.searchsorted(ends, place, side="right"))
    names, total = tables[table]
    place -= int(ends[table]) - total
    found = []
    for name in reversed(names):
        place, code = divmod(place, sizes[name])
        found.append((name, code))
    return tuple(reversed(found)), p


def _tail(errors: Floats, n: Floats, all_errors: float, rows: float) -> Floats:
    """Chance of that many errors or more among n rows drawn at random of all; fractions are rounded towards 1."""
    inside, others = np.floor(errors + SLACK), np.ceil(all_errors - errors - SLACK)
    right, elsewhere = np.ceil(n - errors - SLACK), np.floor(rows - n - all_errors + errors + SLACK)
    return _as_uneven(*(np.asarray(one, np.int64) for one in (inside, others, right, elsewhere)))


def _as_uneven(inside: Ints, others: Ints, right: Ints, elsewhere: Ints) -> Floats:
    """Fisher's exact test, one-sided, of each 2 × 2 table: what is inside a slice or not, wrong or right.

    A hypergeometric tail, term by term: importing `scipy.stats` takes longer than all of them.
    """
    from scipy.special import gammaln

    rows = inside + others + right + elsewhere
    factorial: Floats = np.asarray(gammaln(np.arange(rows.max(initial=0) + 1) + 1.0))  # logarithms
    fixed = (inside + others, right + elsewhere, inside + right, others + elsewhere)
    whole = sum(factorial[one] for one in fixed) - factorial[rows]
    usual = (inside + others) * (inside + right) / np.maximum(rows, 1)
    far = np.maximum(usual - inside, 0) + 10 * np.sqrt(usual) + 30  # beyond, chances are too small to change a sum
    terms = np.minimum(np.minimum(others, right), far.astype(np.int64)) + 1
    of = np.repeat(np.arange(len(terms)), terms)
    more = np.arange(len(of)) - (np.cumsum(terms) - terms)[of]
    cells = (inside[of] + more, others[of] - more, right[of] - more, elsewhere[of] + more)
    chance = np.exp(whole[of] - sum(factorial[one] for one in cells))
    tail: Floats = np.clip(np.bincount(of, chance, len(terms)), 0.0, 1.0)
    return tail


def _coded(values: Values, least: int) -> tuple[Ints, Values]:
    """Codes of values with enough rows, −1 for the others, and those values."""
    known, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    enough = counts >= least
    place = np.where(enough, np.cumsum(enough) - 1, -1)
    return place[codes.reshape(-1)], known[enough]


def _texts(values: npt.ArrayLike, rows: int, name: str) -> Values:
    texts = np.asarray(values).astype(str)
    if texts.shape != (rows,):
        raise ValueError(f"column {name} has shape {texts.shape}, {rows} rows are judged")
    return texts


def _inside(coded: Mapping[str, tuple[Ints, Values]], conditions: Sequence[tuple[str, int]]) -> Bools:
    return np.asarray(np.logical_and.reduce([coded[name][0] == code for name, code in conditions]), dtype=bool)


def _slice(conditions: tuple[tuple[str, str], ...], inside: Bools, errors: Bools, p: float) -> Slice:
    n, bad = int(inside.sum()), int(errors[inside].sum())
    return Slice(conditions, n, bad, bad / n if n else math.nan, p)
