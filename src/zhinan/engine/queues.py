"""What to label next: the rows whose labels would decide the contract soonest, in an order nobody can bend."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt

from zhinan.contract import Contract, Line
from zhinan.core import Dataset, UserError, Words
from zhinan.data import Loaded, Split, for_sealed
from zhinan.data.places import draws
from zhinan.engine.labels import Opinion, settled
from zhinan.engine.ordered import Frame, frames
from zhinan.evaluate.answering import answer_all
from zhinan.evaluate.answers import Answers, Said, Tags, Values
from zhinan.evaluate.in_use import before_launch
from zhinan.evaluate.measure import is_cost
from zhinan.package import Version
from zhinan.steps.tag import HALF
from zhinan.store import Store, VersionRow
from zhinan.store.rows import suspects_of

__all__ = [
    "PROPOSED", "QUEUES", "Item", "groups_of", "keep_suspects", "open_lines", "queue", "thresholds_of", "unsure",
]  # fmt: skip

QUEUES = ("sealed", "new", "suspects", "train")
"""sealed: fresh rows, drawn at random, that can prove a line; new: rows that may need a class of their own; suspects:
labels in doubt; train: rows to learn from."""

PROPOSED = "classes @{number}"
"""The run that found groups of such rows in the traffic of a version; its state has {"groups": [{"rows"}]}."""

CERTAIN = 1e-9
"""Probability that is as good as none."""

TWICE = 0.1
"""Share of the rows that a second person is asked about too, so that agreement can be told."""


@dataclass(frozen=True)
class Item:
    """One row to label. `given`: the label in doubt, `suggested` another; neither is shown for the sealed set."""

    row: str
    queue: str
    inputs: Mapping[str, Any]
    given: str | None = None
    suggested: str | None = None


def open_lines(contract: Contract, store: Store, version: VersionRow | None) -> tuple[Line, ...]:
    """The quality must lines that nothing has proved yet of this version; all of them without one."""
    if version is None:
        return tuple(line for line in contract.must if not is_cost(line))
    verdicts = {str(v["line"]): v["verdict"] for v in store.verdicts(contract.product, version.number)}
    return tuple(line for line in contract.must if not is_cost(line) and verdicts.get(line.text) != "PROVED")


def queue(
    contract: Contract,
    store: Store,
    data: tuple[Loaded, Split],
    said: Sequence[Opinion],
    who: str,
    only: str | None = None,
    version: Version | None = None,
    audited: Sequence[Sequence[str]] = (),
) -> list[Item]:
    """What one person is asked, the rows first that decide the contract soonest.

    A line that is undecided waits for sealed rows; one that is refuted waits for better training rows, so doubts
    and rows to learn from come first then. Each person is asked once about a row, and a second person about some.

    Args:
        only: one of QUEUES. version: the newest one, which says what it is unsure of. audited: rows of traffic that
            wait for the audit, in order; sealed rows are asked for in turn with those of open lines, else after them.

    Raises:
        UserError: E342 when the product has neither a pool nor doubts.
    """
    loaded, parts = data
    row = next(iter(reversed(store.versions(contract.product))), None)
    verdicts = (
        [] if row is None else [v["verdict"] for v in before_launch(store.verdicts(contract.product, row.number))]
    )
    order = ("suspects", "new", "train", "sealed") if "REFUTED" in verdicts else QUEUES
    held = loaded.pool
    answers = None if held is None or version is None else answer_all(version, held)
    labels = answers.labels if isinstance(answers, Answers) else None
    margin = None if answers is None or version is None else unsure(answers, thresholds_of(version))
    opened = open_lines(contract, store, row)
    framed = frames(contract, store, data, opened, labels)
    made: dict[str, Iterable[Item]] = {
        "sealed": [] if held is None else _sealed(contract, framed, held, parts, audited, first=not opened),
        "new": [] if held is None else _new(contract, store, held, parts),
        "suspects": _suspects(contract, store, (parts.train, parts.dev), row),
        "train": [] if held is None or margin is None else _train(contract, held, parts, margin),
    }
    asked = [item for name in order if only in (None, name) for item in made[name]]
    if not asked:
        raise UserError("E342", contract.where.get("data.source", ""), reason=_reason(only))
    waiting = _waiting(contract, said, who, numbers=not loaded.classes)
    return [item for item in {item.row: item for item in asked}.values() if waiting(item)]


def _waiting(contract: Contract, said: Sequence[Opinion], who: str, *, numbers: bool = False) -> Any:
    """Whether this person should still be asked about an item."""
    known = settled(said, numbers=numbers)
    mine = {one.row for one in said if one.who == who}
    voted = {one.row for one in said}
    twice = [row for row in voted if row not in mine]
    drawn = dict(zip(twice, draws(f"{contract.product}\x1ftwice", twice)[0], strict=True)) if twice else {}
    counts = {row: sum(one.row == row for one in said) for row in twice}

    def waits(item: Item) -> bool:
        if item.row in mine:
            return False
        second = counts.get(item.row) == 1 and drawn[item.row] < TWICE
        return item.row not in known or second

    return waits


def _sealed(
    contract: Contract,
    framed: Sequence[Frame],
    pool: Dataset,
    parts: Split,
    audited: Sequence[Sequence[str]],
    *,
    first: bool,
) -> list[Item]:
    """The frames in turn, with what waits for the audit among them, or before them; then what has no place in any."""
    every = [[row for unit in frame.units for row in unit if row not in frame.free] for frame in framed]
    ahead = _in_turn(audited) if first else []
    mine = for_sealed(contract, pool, (parts.train, parts.dev), parts.sealed)
    rows = [row for row, keep in zip(pool.values("_row"), mine, strict=True) if keep]
    free = frozenset[str]().union(*(frame.free for frame in framed))
    places = dict(zip(rows, draws(f"{contract.product}\x1faudit", rows)[0], strict=True))
    rest = sorted((row for row in rows if row not in free), key=lambda row: places[row])
    asked = dict.fromkeys([*ahead, *_in_turn([*audited, *every]), *rest])
    return _items("sealed", pool, [row for row in asked if row in places])


def _in_turn(lists: Sequence[Sequence[str]]) -> list[str]:
    return [row for turn in zip_longest(*lists) for row in turn if row is not None]


def thresholds_of(version: Version) -> tuple[float, ...]:
    """From which probability on a version gives each of its labels; of one that gives a row one label nothing."""
    held = [spec.options.get("thresholds") for spec in version.manifest.steps if spec.step == "tag"]
    return tuple(held[-1] or (HALF,) * len(version.classes)) if held else ()


def unsure(answers: Said, thresholds: Sequence[float] = ()) -> np.ndarray | None:
    """How sure a version is of each row, (n,), the least sure first in order: the margin, or a narrow interval.

    Of several labels: how far the label nearest to its own threshold is from it, in log odds.
    """
    if isinstance(answers, Values):
        return None if answers.low is None or answers.high is None else answers.low - answers.high
    if answers.probability is None:
        return None
    if isinstance(answers, Tags):
        least: np.ndarray = np.abs(_log_odds(answers.probability) - _log_odds(thresholds or HALF)).min(axis=1)
        return least
    top = np.sort(answers.probability, axis=1)[:, -2:]
    margin: np.ndarray = top[:, 1] - top[:, 0]
    return margin


def _log_odds(chance: npt.ArrayLike) -> np.ndarray:
    inside = np.clip(np.asarray(chance, np.float64), CERTAIN, 1 - CERTAIN)
    odds: np.ndarray = np.log(inside) - np.log1p(-inside)
    return odds


def _train(contract: Contract, pool: Dataset, parts: Split, margin: np.ndarray) -> list[Item]:
    """The other side of the pool, what the version is least sure of first.

    Source: margin sampling, Scheffer, Decomain & Wrobel (2001).
    """
    mine = for_sealed(contract, pool, (parts.train, parts.dev), parts.sealed)
    ids = np.array(pool.values("_row"), object)
    order = [i for i in np.lexsort((ids.astype(str), margin)) if not mine[i]]
    return _items("train", pool, ids[order].tolist())


def groups_of(store: Store, product: str) -> list[list[str]]:
    """Rows of each group that was last found in the live version's traffic, the most typical first."""
    live = store.stages(product).live
    run = None if live is None else store.last_run(product, PROPOSED.format(number=live))
    return [list(group["rows"]) for group in run.state.get("groups", ())] if run else []


def _new(contract: Contract, store: Store, pool: Dataset, parts: Split) -> list[Item]:
    """Rows of the groups found in the live version's traffic, as far as they may be learned from, in turn."""
    groups = groups_of(store, contract.product)
    if not groups:
        return []
    mine = for_sealed(contract, pool, (parts.train, parts.dev), parts.sealed)
    free = {row for row, sealed in zip(pool.values("_row"), mine, strict=True) if not sealed}
    return _items("new", pool, [row for row in _in_turn(groups) if row in free])


def _items(name: str, part: Dataset, rows: Iterable[str]) -> list[Item]:
    place = {row: i for i, row in enumerate(part.values("_row"))}
    columns = part.rows()
    return [Item(row, name, {key: values[place[row]] for key, values in columns.items()}) for row in rows]


def keep_suspects(
    store: Store, product: str, number: int, rows: Sequence[Mapping[str, Any]], parts: Iterable[Dataset]
) -> None:
    """Writes down the labels that a build doubts, for `queue`: {"row", "part", "given", "suggested"} each.

    Args: parts: the data they are labels of.
    """
    content = json.dumps([dict(row) for row in rows], default=float).encode()
    kept = store.derived_from(*(part.fingerprint for part in parts))
    kept.remember(suspects_of(product, number), content)


def _suspects(contract: Contract, store: Store, learned: Sequence[Dataset], row: VersionRow | None) -> list[Item]:
    """Doubts about rows that are learned from; those about sealed rows are for the report alone."""
    held = None if row is None else store.blobs.recall(suspects_of(row.product, row.number))
    found = []
    for doubt in json.loads(held) if held else []:
        for part in learned:
            for item in _items("suspects", part, [doubt["row"]] if doubt["row"] in set(part.values("_row")) else []):
                found.append(Item(item.row, item.queue, item.inputs, doubt["given"], doubt["suggested"]))
    return found


def _reason(only: str | None) -> Words:
    if only == "new":
        return Words("no new class is proposed; zhinan improve looks for them", "没有新类别建议；zhinan improve 会寻找")
    if only == "suspects":
        return Words("the newest build doubts no label", "最近一次构建没有存疑的标签")
    if only == "train":
        return Words(
            "no version says what it is unsure of, or no row is left", "还没有可用于挑选的版本，或已无剩余的行"
        )
    return Words("every row has its label", "所有行都已有标签")
