"""Climbs the ladder of recipes on train, compared on dev, cheapest first, within what is left of the budget."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import zhinan
from zhinan.contract import Contract
from zhinan.core import Candidate, Column, Dataset, UserError, Words, find
from zhinan.engine._kept import keep, recall
from zhinan.engine.encode import Encoding, columns_of
from zhinan.engine.folding import cross_fitted
from zhinan.engine.margins import Standing, stand
from zhinan.engine.refits import joined
from zhinan.evaluate.conformal import Look
from zhinan.evaluate.costs import Costs, rough_costs, rough_costs_of
from zhinan.evaluate.current import Current, current_of, disturbances
from zhinan.evaluate.decisions import carry, decide
from zhinan.evaluate.disturb import sample
from zhinan.evaluate.measure import is_cost

__all__ = ["LEVELS", "Rung", "Tried", "best", "climb", "fit_seconds", "refit", "rungs", "shipped", "unfit"]

LEVELS = ("prior", "shallow", "frozen", "few", "tune", "shrink")

SOON = 1.0
"""Seconds that the last fit may take in any case."""

NO_WEIGHTS = frozenset({"E200", "E201", "E202", "E203"})
"""Errors that say an encoder's weights cannot be had here; the rung is skipped and the reason shown."""

SURE = 2.0
"""Standard errors by which a part has to be better than its mixture: the best of three is one ahead by mere chance."""

NUMBER = 6
"""Classes that a number takes as long to fit as: its scale, its loss and its spread are fitted in turn."""
FIT = 6e-6
"""Seconds a row and class that a new linear head is forecast to take, its search included."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: a recipe on the encoders it stacks."""

    level: str
    recipe: str
    encoders: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Tried:
    """What came of a rung: a candidate and where it stands on dev, or the reason why it was skipped.

    `late`: it was skipped as the budget left had no time for it. `alone`: why it was not trained on dev as well.
    """

    rung: Rung
    candidate: Candidate | None = None
    standing: Standing | None = None
    skipped: Words | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    late: bool = False
    alone: Words | None = None


def rungs(task: str, inputs: Sequence[object]) -> tuple[Rung, ...]:
    """The rungs that fit the input columns, cheapest first, each once."""
    usable = {name for name in _encoders(task) if _fits(name, columns_of(name, inputs))}  # type: ignore[arg-type]
    found: dict[Rung, None] = {}
    for level, recipe, encoders in find("task", task).target().ladder:
        if encoders == ("any",):
            names = tuple(name for name in _encoders(task) if name in usable)[:1]
        else:
            names = tuple(n.rstrip("?") for n in encoders if not n.endswith("?") or n.rstrip("?") in usable)
        if names and usable.issuperset(names):
            found[Rung(level, recipe, names)] = None
    return tuple(found)


def climb(
    contract: Contract,
    encoding: Encoding,
    *,
    until: float,
    delta: float,
    sealed: int,
    highest: str = LEVELS[-1],
    begun: Callable[[Rung], None] | None = None,
) -> tuple[Tried, ...]:
    """Tries rungs until dev promises that every must line will hold, the budget forbids the next, or none is left.

    Args:
        until: `time.perf_counter()` at which climbing must be over.
        delta: what the certification will use; sealed: how many rows it has.
        highest: the last level to try.
    """
    tried: list[Tried] = []
    current = current_of(contract, encoding.store, encoding.answered)
    more = len(disturbances((*contract.must, *contract.should))) - 1
    answered = sealed + more * (sealed + len(sample(encoding.answered)))
    ladder = rungs(encoding.task, encoding.train.inputs)
    if not ladder:
        kinds = ", ".join(sorted({column.kind for column in encoding.train.inputs}))
        raise UserError("E325", contract.where.get("data.source", ""), kinds=kinds)
    for rung in ladder:
        if LEVELS.index(rung.level) > LEVELS.index(highest):
            continue
        if begun:
            begun(rung)
        first = not any(t.candidate for t in tried)
        one = _try(
            contract, encoding, rung, until, answered=answered, seal=Look(sealed, delta), first=first, current=current
        )
        tried.append(one)
        if one.standing and rung.recipe != "prior":
            holds = one.standing.will_hold(contract.must, delta=delta, sealed=sealed, dev=len(encoding.answered))
            if holds:
                break
    return tuple(tried)


def best(tried: Sequence[Tried], contract: Contract) -> Tried:
    """The largest smallest margin over must lines, then over should lines, then the earliest and so cheapest.

    Where the smallest are alike the next smallest decide, and so on: a line that nothing comes near must not hide
    how candidates do on the others. The clock has no say in it: the same data give the same choice.

    A mixture goes before its parts unless dev is sure of better: it was weighed by more rows than those of dev, and
    the first of several that are alike is first by chance. Not so where dev is later than what was weighed by.

    Raises:
        UserError: E300 when no rung gave a candidate.

    Source: the standard errors of Breiman et al., Classification and Regression Trees (1984) 3.4.3, here paired.
    """
    finished = [t for t in tried if t.candidate and t.standing]
    if not finished:
        raise UserError("E300")

    def rank(one: Tried) -> tuple[tuple[list[float], list[float]], ...]:
        standing = one.standing
        if standing is None:
            raise ValueError("only finished rungs are ranked")
        return standing.ascending(contract.must), standing.ascending(contract.should)

    first = max(finished, key=rank)
    if contract.data.time:
        return first
    return max((one for one in finished if _stands_for(one, first, contract)), key=rank, default=first)


def _stands_for(mixture: Tried, part: Tried, contract: Contract) -> bool:
    """Whether the one adds up what the other is, loses no must line by it and is not surely worse on any line."""
    adds = find("recipe", mixture.rung.recipe).facts.get("adds", ())
    if part.rung.recipe not in adds or not set(part.rung.encoders) <= set(mixture.rung.encoders):
        return False
    ours, theirs = mixture.standing, part.standing
    if ours is None or theirs is None:
        raise ValueError("only finished rungs are compared")
    misses = any(ours.margins[line.text] < 0 <= theirs.margins[line.text] for line in contract.must)
    return not misses and all(ours.behind(theirs, line) <= SURE for line in (*contract.must, *contract.should))


def shipped(
    tried: Sequence[Tried], contract: Contract, encoding: Encoding, *, until: float = math.inf
) -> tuple[tuple[Tried, ...], Tried, Candidate]:
    """All that was tried, the best of it and what of that is packaged; its seconds include the last fit.

    Args: until: `time.perf_counter()` at which the last fit must be over. Where it would not be, by what the fit that
        was compared took, that one is packaged, and its `alone` says so.

    Raises:
        UserError: E300 when no rung gave a candidate.
    """
    chosen = best(tried, contract)
    if chosen.candidate is None:
        raise UserError("E300")
    if not chosen.candidate.params:
        return tuple(tried), chosen, chosen.candidate
    if (late := _no_time(chosen, encoding, until)) is not None:
        after = replace(chosen, alone=late)
        return tuple(after if one is chosen else one for one in tried), after, chosen.candidate
    candidate = refit(chosen, encoding)
    after = replace(chosen, seconds=candidate.seconds, cpu_seconds=candidate.cpu_seconds)
    return tuple(after if one is chosen else one for one in tried), after, candidate


def _no_time(chosen: Tried, encoding: Encoding, until: float) -> Words | None:
    """Why the last fit is not begun; None where it is there already or there is time for it."""
    left = until - time.perf_counter()
    if left == math.inf or encoding.folding is not None or recall(encoding.kept, _key_of_both(chosen, encoding)):
        return None
    forecast = chosen.seconds * (1 + len(encoding.dev) / max(len(encoding.train), 1))
    return None if forecast <= max(left, SOON) else _too_slow(forecast, left)


def _key_of_both(chosen: Tried, encoding: Encoding) -> str:
    return f"{_key(encoding, chosen.rung)}-both"


def refit(chosen: Tried, encoding: Encoding) -> Candidate:
    """The chosen recipe with its chosen settings, trained on train and dev together.

    Its dev answers, and its decisions, stay those of the candidate that was compared: the new one has seen dev. Its
    seconds are those of both fits. With folds the candidate is trained on all rows already.
    """
    start, cpu = time.perf_counter(), time.process_time()
    candidate = chosen.candidate
    if candidate is None or not candidate.params:
        raise ValueError("nothing to refit")
    if encoding.folding is not None:
        return candidate
    key = _key_of_both(chosen, encoding)
    held = recall(encoding.kept, key)
    if held is not None:
        return carry(held, candidate)
    train, dev = encoding.taught(candidate.encoders, candidate.recipe)
    recipe, both = find("recipe", candidate.recipe).target, joined(train, dev)
    again: Candidate = recipe(both, dev, budget=float("inf"), **candidate.params)
    seconds = candidate.seconds + time.perf_counter() - start
    again = replace(again, seconds=seconds, cpu_seconds=candidate.cpu_seconds + time.process_time() - cpu)
    keep(encoding.kept, key, again)
    return carry(again, candidate)


def _fits(encoder: str, columns: Sequence[Column]) -> bool:
    """Whether an encoder has something to read; of one made for trees, more than a lone column of categories or flags.

    Such a column is told apart as well by a weight for each value, and a text beside it makes trees dear.
    """
    lone = len(columns) == 1 and columns[0].kind in ("category", "flag")
    return bool(columns) and not (lone and find("encoder", encoder).facts.get("gaps"))


def _encoders(task: str) -> list[str]:
    ladder = find("task", task).target().ladder
    return list(dict.fromkeys(n.rstrip("?") for _, _, names in ladder for n in names if n != "any"))


def _try(
    contract: Contract,
    encoding: Encoding,
    rung: Rung,
    until: float,
    *,
    answered: int,
    seal: Look,
    first: bool,
    current: Current | None,
) -> Tried:
    start, cpu = time.perf_counter(), time.process_time()
    key = _key(encoding, rung)
    candidate = recall(encoding.kept, key)
    if candidate is None:
        reason = unfit(rung, encoding.train, encoding.monotone)
        if reason:
            return Tried(rung, skipped=reason)
        try:
            forecast = _forecast(encoding, rung, answered)
            left = until - time.perf_counter()
            if forecast > left and not first:
                return Tried(rung, skipped=_too_slow(forecast, left), late=True)
            candidate = _fitted(encoding, rung, until)
        except UserError as error:
            if error.code not in NO_WEIGHTS:
                raise
            told = [f"{error.what(lang)}; {error.fix(lang)}" for lang in ("en", "zh")]  # the fix names the wheel
            return Tried(rung, skipped=Words(*told))
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        candidate = replace(candidate, level=rung.level, seconds=seconds, cpu_seconds=cpu_seconds)
        keep(encoding.kept, key, candidate)
    candidate = decide(candidate, encoding.answered, contract, seal)
    lines = (*contract.must, *contract.should)
    costs = _rough(candidate, encoding, contract, current) if any(map(is_cost, lines)) else None
    standing = stand(candidate, encoding.answered, contract, costs, current)
    return Tried(rung, candidate, standing, None, candidate.seconds, candidate.cpu_seconds)


def _fitted(encoding: Encoding, rung: Rung, until: float) -> Candidate:
    """The rung's recipe on train, its settings chosen on dev; or fold by fold."""
    recipe, asked = find("recipe", rung.recipe), {}
    if encoding.monotone and "monotone" in recipe.parameters():
        asked["monotone"] = encoding.monotone
    if encoding.folding is not None:
        return cross_fitted(encoding, rung.recipe, rung.encoders, until=until, asked=asked)
    train, dev = encoding.taught(rung.encoders, rung.recipe)
    made: Candidate = recipe.target(train, dev, budget=until - time.perf_counter(), **asked)
    return made


def _rough(candidate: Candidate, encoding: Encoding, contract: Contract, current: Current | None) -> Costs:
    rows = {name: values[:50] for name, values in encoding.answered.rows().items()}
    against, theirs = current.against(encoding.answered, 50) if current else None, None
    if current and current.version and against:
        theirs = rough_costs_of(against[0], current.version.run, against[1], contract.cost)
    return rough_costs(candidate, rows, contract.cost, theirs)


def _forecast(encoding: Encoding, rung: Rung, answered: int) -> float:
    """Seconds the rung will take: features, also of the rows to be answered, from a taste; heads from the size."""
    features = sum(encoding.forecast(name, answered) for name in rung.encoders)
    folds = None if encoding.folding is None else len(encoding.folding.folds.folds)
    rows = len(encoding.train) + len(encoding.made_up or ())
    return features + fit_seconds(rung, rows, len(encoding.classes), folds, several=encoding.task == "tag")


def fit_seconds(rung: Rung, rows: int, classes: int, folds: int | None, *, several: bool = False) -> float:
    """Seconds that a rung's recipe is forecast to take on so many rows, its features apart.

    Args:
        classes: 0 of numbers. folds: fits for comparing, to which one of all rows is added; None for a single fit.
        several: whether a row has any number of labels.
    """
    facts = find("recipe", rung.recipe).facts
    fit: float = facts.get("fit", FIT)
    fit = facts.get("several", fit) if several else fit
    return (1 if folds is None else folds + 1) * fit * rows * (classes or NUMBER)


def unfit(rung: Rung, train: Dataset, monotone: Sequence[tuple[str, int]]) -> Words | None:
    """Why a rung is not worth its time.

    A library is not installed, the recipe cannot keep to a direction, or an encoder reads another language.
    """
    recipe = find("recipe", rung.recipe)
    if monotone and not recipe.facts.get("monotone"):
        return Words(f"{rung.recipe} cannot keep to train.monotone", f"{rung.recipe} 无法遵守 train.monotone")
    if missing := recipe.missing():
        names, command = ", ".join(missing), f'pip install "zhinan[{recipe.extra}]"'
        return Words(f"needs {names}: {command}", f"需要 {names}：{command}")
    for name in rung.encoders:
        languages = find("encoder", name).facts.get("languages")
        if not languages or "zh" in languages:
            continue
        rows = (v for c in columns_of(name, train.inputs) for v in train.values(c.name)[:500] if v)
        text = "".join(rows)
        han = sum("一" <= letter <= "鿿" for letter in text) / max(len(text), 1)
        if han > 0.4:
            share = f"{han:.0%}"
            return Words(
                f"{name} reads English; {share} of this text is 汉字", f"{name} 只懂英文；这些文本 {share} 是汉字"
            )
    return None


def _too_slow(forecast: float, left: float) -> Words:
    left = max(left, 0)
    return Words(
        f"forecast {forecast:.0f} s, {left:.0f} s of the budget left",
        f"预计需 {forecast:.0f} 秒，预算只剩 {left:.0f} 秒",
    )


def _key(encoding: Encoding, rung: Rung) -> str:
    named = [zhinan.__version__, rung.recipe, *rung.encoders, encoding.train.fingerprint, encoding.dev.fingerprint]
    encoders = [repr(find("encoder", name).target()) for name in rung.encoders]
    more: list[object] = [encoding.task, encoding.loss] if encoding.task != "classify" else []
    more += [encoding.made_up.fingerprint] if encoding.made_up is not None else []
    more += [] if encoding.folding is None else [encoding.folding.folds.fingerprint]
    text = json.dumps([named, encoders, encoding.classes, *encoding.monotone, *more], ensure_ascii=False)
    return "candidate-" + hashlib.sha256(text.encode()).hexdigest()
