"""New classes that traffic or people's words ask for: proposed to a person, never made by themselves."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset, find
from zhinan.data import Loaded, Split, for_sealed
from zhinan.data.places import draws
from zhinan.data.tags import has_labels, labels_in
from zhinan.engine.queues import PROPOSED, thresholds_of, unsure
from zhinan.evaluate.answering import answer_all
from zhinan.evaluate.answers import Tags
from zhinan.improve.corrections import Corrections
from zhinan.improve.novelty import novel_groups
from zhinan.package import Version
from zhinan.steps.mask import redact
from zhinan.store import Store, change_run

__all__ = ["Proposal", "proposals"]

ASKED, KNOWN = 3_000, 8_000
"""Inputs without a label and rows with one that are looked at: random samples of more."""

PEOPLE = 3
"""People who have to have asked, or said, so, where they are known."""

WORDS = 10
"""Words of people that name a class, for it to be proposed."""

SHOWN = 5
SPACE = 100
"""Examples and characteristic words shown; dimensions of n-grams."""

_TERM = re.compile(r"[a-z][a-z'’-]{2,}|[\u4e00-\u9fff]+")
_HAN = (2, 3, 4)


@dataclass(frozen=True)
class Proposal:
    """A class to think about; the attributes are the keys under "proposals" of `zhinan improve --json`.

    Args:
        by: "traffic", a group of inputs, or "words", a label that people gave. name: suggested, or what they said.
        rows: inputs or words. people: who asked or said so; None where nobody is named. words: what the inputs have
            more often than known rows. examples: the most typical inputs, masked. p: of a group, as `Group.p`.
        ids: rows of the group, the most typical first; no part of the JSON.
    """

    by: str
    name: str
    rows: int
    people: int | None
    words: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ()
    p: float | None = None
    ids: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {key: value for key, value in self.__dict__.items() if key != "ids"}


def proposals(
    contract: Contract,
    store: Store,
    data: tuple[Loaded, Split],
    version: Version,
    said: Corrections,
    *,
    look: bool = True,
) -> tuple[Proposal, ...]:
    """What the live version may lack a class for.

    Groups are looked for among inputs without a label, as `novel_groups` says; the t-th look that a version gets, at
    other inputs than before, has δ/(t(t+1)). Only products of labels, one or several a row, with texts are looked at.

    Args: data: with traffic in its pool. said: of people, `strange` among it. look: False tells what was found last.
    """
    named = _named_by_people(said)
    loaded, _ = data
    pool = loaded.pool
    if pool is None or loaded.task not in ("classify", "tag") or not _texts(pool):
        return named
    asked = _asked(contract, loaded, pool)
    if not len(asked):
        return named
    key = PROPOSED.format(number=version.number)
    if not look:
        last = store.last_run(contract.product, key)
        return (*(_shown(store, contract, data, one) for one in (last.state.get("groups", ()) if last else ())), *named)
    seen = "\n".join([*sorted(asked.values("_row")), data[1].train.fingerprint])
    print_of = hashlib.sha256(seen.encode()).hexdigest()

    def looked(held: Mapping[str, Any]) -> Mapping[str, Any]:
        if held.get("asked") == print_of:
            return held
        look = held.get("look", 0) + 1
        groups = _looked(contract, data, asked, version, contract.delta / (look * (look + 1)))
        return {"asked": print_of, "look": look, "groups": groups}

    run = change_run(store, contract.product, key, {"version": version.number}, looked, contract.forgotten)
    return (*(_shown(store, contract, data, group) for group in run.state["groups"]), *named)


def _named_by_people(said: Corrections) -> tuple[Proposal, ...]:
    """Labels that the data do not have and enough people gave; one that a mask finds something in is not repeated."""
    found = []
    for name, people in sorted(said.strange.items(), key=lambda one: -len(one[1])):
        voices = {who for who in people if who is not None}
        if len(people) >= WORDS and len(voices) >= PEOPLE and len(name) <= 100 and redact(name) == name:
            found.append(Proposal("words", name, len(people), len(voices)))
    return tuple(found)


def _texts(part: Dataset) -> list[str]:
    return [column.name for column in part.inputs if column.kind == "text"]


def _asked(contract: Contract, loaded: Loaded, pool: Dataset) -> Dataset:
    """Inputs that nobody labelled, no more of one person than may teach; a random sample of many."""
    frame = pool.frame.filter(~pl.col("_row").is_in([*loaded.labels]))
    drawn = draws(f"{contract.product}\x1fclasses", frame["_row"])[0]
    frame = frame.with_columns(pl.Series("_drawn", drawn)).sort("_drawn")
    if pool.person:
        mine = pl.int_range(pl.len()).over(pool.person) < contract.improve.per_person_cap
        frame = frame.filter(mine | pl.col(pool.person).is_null())
    frame = frame.head(ASKED).drop("_drawn")
    return replace(pool, frame=frame, fingerprint="")


def _looked(
    contract: Contract, data: tuple[Loaded, Split], asked: Dataset, version: Version, delta: float
) -> list[dict[str, Any]]:
    """The groups of one look: {"rows", "p"}."""
    parts = data[1]
    known = _sample(contract, [parts.train, parts.dev])
    doubt, classes = _doubtful(version, asked, parts.dev), _classes_of(known)
    if doubt is None:
        return []
    ids = asked.values("_row")
    half = draws(f"{contract.product}\x1fhalves", ids)[0] < 0.5
    spaces = _spaces(version, asked, known, half)
    groups = novel_groups(*spaces, classes, doubt, half, delta)
    people = asked.values(asked.person) if asked.person else [None] * len(asked)
    return [
        {"rows": [ids[at] for at in (*group.rows, *group.more)], "p": group.p}
        for group in groups
        if _enough([people[at] for at in group.rows])
    ]


def _doubtful(version: Version, asked: Dataset, dev: Dataset) -> np.ndarray | None:
    """Inputs, (n,) bool, that the version is less sure of than of half of dev; of several labels those of which none
    reaches its threshold. None where it does not say how sure it is."""
    answers = answer_all(version, asked, own=True)
    if isinstance(answers, Tags):
        if answers.probability is None:
            return None
        return np.asarray((answers.probability < np.array(thresholds_of(version))).all(axis=1))
    margin, usual = unsure(answers), unsure(answer_all(version, dev, own=True))
    return None if margin is None or usual is None else margin < float(np.median(usual))


def _classes_of(part: Dataset) -> list[str]:
    """The class of each row; of several labels the one that the fewest rows have, which says most of what it is."""
    if part.target is None:
        raise ValueError("rows without a target")
    if not has_labels(part):
        return list(part.values(part.target.name))
    rows = labels_in(part)
    often = Counter(label for labels in rows for label in labels)
    return [min(labels, key=lambda label: (often[label], label), default="") for labels in rows]


def _enough(people: Sequence[Any]) -> bool:
    """Whether several people asked; those without a name may be anybody."""
    return None in people or len(set(people)) >= PEOPLE


def _sample(contract: Contract, parts: Iterable[Dataset]) -> Dataset:
    first, *rest = parts
    frame = pl.concat([first.frame, *(part.frame.select(first.frame.columns) for part in rest)])
    drawn = draws(f"{contract.product}\x1fclasses", frame["_row"])[0]
    frame = frame.with_columns(pl.Series("_drawn", drawn)).sort("_drawn").head(KNOWN).drop("_drawn")
    return replace(first, frame=frame, fingerprint="")


def _spaces(version: Version, asked: Dataset, known: Dataset, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as vectors of length 1: what the version's own encoder gives, else n-grams of known rows and one half."""
    texts = [spec for spec in version.manifest.steps if tuple(spec.options.get("outputs", ())) == ("embedding",)]
    embedded = next((spec.writes[0] for spec in texts), None)
    if embedded is not None:
        spaces = [np.asarray(_ran(version, part, embedded), np.float64) for part in (asked, known)]
        return _unit(spaces[0]), _unit(spaces[1])
    import scipy.sparse as sp
    from sklearn.decomposition import TruncatedSVD

    names = _texts(asked)
    rows = [{name: part.values(name) for name in names} for part in (known, asked)]
    clustered = np.flatnonzero(half)
    learned = {name: [*rows[0][name], *(rows[1][name][at] for at in clustered)] for name in names}
    encoder = find("encoder", "ngrams").target().fit(learned)
    of_known, of_asked = (encoder.encode(one) for one in rows)
    both = sp.vstack([of_known, of_asked[clustered]])
    width = min(SPACE, both.shape[1] - 1, both.shape[0] - 1)
    space = TruncatedSVD(width, random_state=0).fit(both)
    return _unit(space.transform(of_asked)), _unit(space.transform(of_known))


def _ran(version: Version, part: Dataset, name: str) -> np.ndarray:
    rows = {column: part.values(column) for column in version.inputs}
    chunks = [
        np.asarray(version.run({column: values[start : start + 500] for column, values in rows.items()})[name])
        for start in range(0, len(part), 500)
    ]
    return np.concatenate(chunks)


def _unit(rows: np.ndarray) -> np.ndarray:
    unit: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return unit


def _shown(store: Store, contract: Contract, data: tuple[Loaded, Split], group: Mapping[str, Any]) -> Proposal:
    """A group with its words, a name and its most typical inputs; none of these that are kept for proof is shown."""
    loaded, parts = data
    pool = loaded.pool
    if pool is None:
        raise ValueError("a group without a pool")
    names, rows = _texts(pool), [row for row in group["rows"] if row]
    place = {row: at for at, row in enumerate(pool.values("_row"))}
    mine = [place[row] for row in rows if row in place]
    texts = [" ".join(str(pool.values(name)[at] or "") for name in names) for at in mine]
    others = [" ".join(map(str, row)) for row in parts.train.frame.select(names).head(KNOWN).iter_rows()]
    words = _characteristic(texts, others)
    taken = {*loaded.classes, *contract.improve.classes}
    sealed = for_sealed(contract, pool, (parts.train, parts.dev), parts.sealed)
    columns = {} if store.encrypted else pool.rows()
    free = [at for at in mine if not sealed[at]] or ([] if pool.time is None else mine)
    examples = [{name: values[at] for name, values in columns.items()} for at in free[:SHOWN] if columns]
    people = {pool.values(pool.person)[at] for at in mine} - {None} if pool.person else set()
    return Proposal(
        "traffic", _name(words, taken), len(mine), len(people) or None, words, tuple(examples), group["p"], tuple(rows)
    )  # fmt: skip


def _name(words: Sequence[str], taken: Collection[str]) -> str:
    """The first words that name no class yet."""
    name = "_".join(words[:2]) or "new"
    return next(one for one in (name, *(f"{name}_{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def _characteristic(texts: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Words, or runs of 汉字, that stand in more of these texts than the others let expect, the surest first.

    Source: log odds with an informative prior, Monroe, Colaresi & Quinn, Political Analysis 16 (2008).
    """
    here, there = (Counter(term for text in some for term in _terms(text)) for some in (texts, others))
    n, m = max(len(texts), 1), max(len(others), 1)
    sure = {}
    for term, count in here.items():
        prior = 0.5 + 10 * (count + there[term]) / (n + m)
        one, two = count + prior, there[term] + prior
        odds = np.log(one / (n + 20 - one)) - np.log(two / (m + 20 - two)) if one < n + 20 else 0.0
        sure[term] = float(odds / np.sqrt(1 / one + 1 / two)) if 2 * count >= min(n, 10) else 0.0
    chosen: list[str] = []
    for term in sorted(sure, key=lambda term: (-sure[term], term)):
        if sure[term] <= 0 or len(chosen) == SHOWN:
            break
        if not any(term in other or other in term for other in chosen):
            chosen.append(term)
    return tuple(chosen)


def _terms(text: str) -> set[str]:
    found = set[str]()
    for run in _TERM.findall(text.casefold()):
        if run[0] < "\u4e00":
            found.add(run)
        else:
            found |= {run[at : at + size] for size in _HAN for at in range(len(run) - size + 1)}
    return found
