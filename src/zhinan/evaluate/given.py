"""Anybody's answers as they were given, and read as a line needs them: labels, numbers, tags or rankings."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Line
from zhinan.core import UserError, Words
from zhinan.evaluate.kinds import KINDS, kinds_of
from zhinan.evaluate.measure import judged, label_of, persons, texts
from zhinan.proof import Answered, Judged, Ranked, Tagged, Valued
from zhinan.proof.judged import NOTHING
from zhinan.steps.values.written import as_written, word_notation

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs

__all__ = ["Given", "absent", "flags", "kind_of", "numbers", "read_as"]

TAGS = Words("tags", "标签列表")
RANKING = Words("a ranking", "排序")
HOW_TAGS = Words(
    'write a JSON list such as ["a", "b"], or a|b; no tag at all is []',
    '请写 JSON 列表如 ["a", "b"]，或 a|b；没有标签写 []',
)
HOW_RANKING = Words(
    'write a JSON list of ids, best first, or "id1 id2"; relevant ones as a list or as {"id": gain}',
    '请写 id 的 JSON 列表（最好的在前）或 id1 id2；相关项写成列表或 {"id": 增益}',
)


@dataclass(frozen=True, eq=False)
class Given:
    """Answers beside the truth, as somebody gave them; each of shape (n,) and of any type until a line reads them.

    Args:
        truth, answer: labels, numbers, lists of tags, rankings, or their text.
        probability: (n, len(classes)), or (n,) for the second of two. classes: their order; default sorted labels.
        person, columns: as in `proof.Judged`. handover: true where a row was handed to a person, which excuses a
            missing answer. unanswered: true where a missing answer counts as wrong.
        low, high: ends of intervals. quantiles: level → values.
        matrix: what mistakes cost. current: somebody else's answers. cost, current_cost: money of each answer.
        latencies: what was measured while asking. under: disturbance → the answers to disturbed inputs.
        names: what messages call truth and answer. place: row number → where that is for the user.
    """

    truth: Sequence[Any]
    answer: Sequence[Any]
    probability: Any = None
    classes: Sequence[Any] | None = None
    person: Sequence[Any] | None = None
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    handover: Sequence[Any] | None = None
    unanswered: Sequence[bool] | None = None
    low: Sequence[Any] | None = None
    high: Sequence[Any] | None = None
    quantiles: Mapping[float, Sequence[Any]] | None = None
    matrix: Mapping[str, Mapping[str, float]] | None = None
    current: Sequence[Any] | None = None
    cost: Sequence[Any] | None = None
    current_cost: Sequence[Any] | None = None
    latencies: Costs | None = None
    under: Mapping[str, Given] = field(default_factory=dict)
    names: tuple[str, str] = ("y_true", "y_pred")
    place: Callable[[int], str] = lambda row: f"row {row + 1}"


def kind_of(line: Line, given: Given) -> type[Answered]:
    """Which kind of rows a line is judged on here.

    Raises:
        UserError: E263 when a metric of single labels meets lists of them.
    """
    kinds = kinds_of(line) or frozenset({Judged})
    if len(kinds) == 1 and kinds != {Judged}:
        return next(iter(kinds))
    if not kinds <= {Judged, Tagged}:
        return next(kind for kind in KINDS if kind in kinds)
    lists = _lists(given.truth) or _lists(given.answer)
    if Tagged in kinds:
        return Tagged if lists or _piped(line, given) else Judged
    if lists:
        raise UserError("E263", line.where, metric=line.metric, wanted=KINDS[Judged], found=KINDS[Tagged])
    return Judged


def read_as(kind: type[Answered], given: Given) -> Answered:
    """The answers as rows of that kind.

    Raises:
        UserError: E260 a missing value, E262 what is no number, E268 what is no list; E032 and E033 of `proof.Judged`.
    """
    readers: Mapping[type[Answered], Callable[[Given], Answered]] = {
        Judged: _labels, Valued: _numbers, Tagged: _tags, Ranked: _rankings,
    }  # fmt: skip
    _aligned(given)
    found = readers[kind](given)
    if given.current is not None:
        theirs = replace(
            given, answer=given.current, probability=None, handover=None, unanswered=None, low=None, high=None,
            quantiles=None, current=None, names=(given.names[0], "current"),
        )  # fmt: skip
        found = replace(found, current=readers[kind](theirs))  # type: ignore[call-arg]
    return found


def absent(value: Any) -> bool:
    """None, an empty text, NaN, NaT or pandas' NA: no answer is a wrong answer only under a label of its own."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def flags(values: Sequence[Any], name: str, place: Callable[[int], str]) -> np.ndarray:
    """Yes or no in each row; nothing is no. Raises: UserError E261 for anything else."""
    known = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}
    found = np.zeros(len(values), dtype=bool)
    for row, value in enumerate(values):
        text = "" if absent(value) else label_of(value).strip().lower()
        if text and text not in known:
            shown = str(value)[:40]
            reason = Words(
                f"'{name}' holds '{shown}', neither yes nor no", f"“{name}”中的“{shown}”既不是“是”也不是“否”"
            )
            raise UserError("E261", place(row), reason=reason)
        found[row] = known.get(text, False)
    return found


def numbers(values: Sequence[Any], name: str, place: Callable[[int], str]) -> np.ndarray:
    """Finite numbers, shape (n,). Raises: UserError E260 for a missing one, E262 for anything else."""
    found = np.empty(len(values))
    for row, value in enumerate(values):
        if absent(value):
            raise UserError("E260", place(row), column=name)
        try:
            found[row] = float(value)
        except (TypeError, ValueError):
            found[row] = math.nan
        if not math.isfinite(found[row]):
            raise UserError("E262", place(row), column=name, value=str(value)[:40])
    return found


def _aligned(given: Given) -> None:
    """Raises UserError E032 where there is not one value a row."""
    quantiles = {f"q_{level:g}": values for level, values in (given.quantiles or {}).items()}
    named = {given.names[1]: given.answer, "handover": given.handover, "unanswered": given.unanswered}
    named |= {"low": given.low, "high": given.high, "current": given.current, "person": given.person}
    for name, values in {**named, **quantiles, **given.columns}.items():
        if values is not None and len(values) != len(given.truth):
            raise UserError("E032", name, name=name, got=len(values), wanted=len(given.truth))


def _excused(given: Given) -> np.ndarray:
    """Rows that may lack an answer."""
    excused = np.zeros(len(given.truth), dtype=bool)
    if given.handover is not None:
        excused |= flags(given.handover, "handover", given.place)
    if given.unanswered is not None:
        excused |= np.asarray(given.unanswered, dtype=bool)
    return excused


def _complete(given: Given, excused: Collection[bool]) -> None:
    for name, values, free in ((given.names[0], given.truth, [False] * len(given.truth)),
                               (given.names[1], given.answer, excused)):  # fmt: skip
        missing = next((i for i, (v, f) in enumerate(zip(values, free, strict=True)) if absent(v) and not f), None)
        if missing is not None:
            raise UserError("E260", given.place(missing), column=name)


def _handed(given: Given) -> np.ndarray | None:
    return None if given.handover is None else flags(given.handover, "handover", given.place)


def _columns(given: Given) -> dict[str, np.ndarray]:
    return {name: texts(values) for name, values in given.columns.items()}


def _labels(given: Given) -> Judged:
    excused = _excused(given)
    _complete(given, excused)
    written = partial(as_written, notation=word_notation(map(label_of, given.truth)))  # 1.0 beside 1 is one label
    true = [written(label_of(v)) for v in given.truth]
    gaps = [free and absent(v) for v, free in zip(given.answer, excused, strict=True)]
    said = [NOTHING if gap else written(label_of(v)) for v, gap in zip(given.answer, gaps, strict=True)]
    named = None if given.classes is None else tuple(written(label_of(one)) for one in given.classes)
    named = named or tuple(sorted({*true, *said} - {NOTHING}))
    chances = _chances(given, len(named))
    found = judged(true, said, probability=chances, classes=named, person=given.person, columns=given.columns)
    _spelled_alike(found)
    return replace(found, handover=_handed(given), matrix=given.matrix)


def _spelled_alike(found: Judged) -> None:
    """Refuses labels that are the same but for their spelling: they would be judged as all wrong."""
    true, said = set(found.truth.tolist()), set(found.answer.tolist()) - {NOTHING}
    if true & said:
        return
    plain = {_plain(one): one for one in sorted(true)}
    for one in sorted(said):
        if _plain(one) in plain:
            raise UserError("E274", truth=plain[_plain(one)], answer=one)


def _plain(label: str) -> str:
    text = unicodedata.normalize("NFKC", label).strip().casefold()
    text = {"true": "1", "yes": "1", "false": "0", "no": "0"}.get(text, text)
    return text.removesuffix(".0")


def _chances(given: Given, classes: int) -> np.ndarray | None:
    if given.probability is None:
        return None
    chances = np.asarray(given.probability, dtype=float)
    return np.column_stack([1 - chances, chances]) if chances.ndim == 1 and classes == 2 else chances


def _numbers(given: Given) -> Valued:
    (true, said), place = given.names, given.place
    if (given.low is None) != (given.high is None):
        raise UserError("E275", metric="coverage")
    low, high = (None if ends is None else numbers(ends, name, place)
                 for name, ends in (("low", given.low), ("high", given.high)))  # fmt: skip
    if low is not None and high is not None and len(low) == len(high) and (low > high).any():
        reason = Words("the lower end of its interval is above the upper one", "区间下限高于上限")
        raise UserError("E261", place(int(np.argmax(low > high))), reason=reason)
    quantiles = {level: numbers(values, f"q_{level:g}", place) for level, values in (given.quantiles or {}).items()}
    return Valued(
        numbers(given.truth, true, place), numbers(given.answer, said, place), low, high, quantiles or None,
        None if given.person is None else persons(given.person), _columns(given),
    )  # fmt: skip


def _tags(given: Given) -> Tagged:
    given = _unflagged(given)
    excused = _excused(given)
    _complete(given, excused)
    true, said = (
        [[] if absent(v) else _listed(v, "|", TAGS, name, given.place, row) for row, v in enumerate(values)]
        for name, values in zip(given.names, (given.truth, given.answer), strict=True)
    )
    named = None if given.classes is None else [label_of(c) for c in given.classes]
    classes = tuple(named or sorted({tag for row in [*true, *said] for tag in row}))
    code = {tag: i for i, tag in enumerate(classes)}
    truth, answer = (np.zeros((len(true), len(classes)), dtype=bool) for _ in range(2))
    for rows, into, name in ((true, truth, given.names[0]), (said, answer, given.names[1])):
        for row, tags in enumerate(rows):
            strange = [tag for tag in tags if tag not in code]
            if strange:
                reason = Words(f"'{strange[0]}' is not among the classes", f"“{strange[0]}”不在类别之中")
                raise UserError("E268", given.place(row), column=name, wanted=TAGS, reason=reason, example=HOW_TAGS)
            into[row, [code[tag] for tag in tags]] = True
    chances = None if given.probability is None else np.asarray(given.probability, dtype=float)
    return Tagged(
        truth, answer, chances, classes, None if given.person is None else persons(given.person), _columns(given),
        _handed(given),
    )  # fmt: skip


def _unflagged(given: Given) -> Given:
    """Flags (n, classes), as libraries keep tags, as lists of tags."""
    made: dict[str, Any] = {}
    for name in ("truth", "answer"):
        rows = np.asarray(getattr(given, name)) if hasattr(getattr(given, name), "shape") else None
        if rows is not None and rows.ndim == 2 and rows.dtype.kind in "bui":
            tags = [label_of(c) for c in given.classes or range(rows.shape[1])]
            made[name] = [[tags[i] for i in np.flatnonzero(row)] for row in rows]
    return replace(given, **made)


def _rankings(given: Given) -> Ranked:
    _complete(given, _excused(given))
    wanted = [_relevance(v, given, row) for row, v in enumerate(given.truth)]
    said = [
        [] if absent(v) else _listed(v, None, RANKING, given.names[1], given.place, row)
        for row, v in enumerate(given.answer)
    ]
    for row, items in enumerate(said):
        if len(set(items)) < len(items):
            raise _unranked(given, given.names[1], row, Words("an item stands in it twice", "同一项出现了两次"))
    gains = np.zeros((len(said), max(map(len, said), default=0)))
    ideal = np.zeros((len(wanted), max(map(len, wanted), default=0)))
    for row, (items, gain) in enumerate(zip(said, wanted, strict=True)):
        gains[row, : len(items)] = [gain.get(item, 0.0) for item in items]
        ideal[row, : len(gain)] = sorted(gain.values(), reverse=True)
    return Ranked(gains, ideal, None if given.person is None else persons(given.person), _columns(given))


def _relevance(value: Any, given: Given, row: int) -> dict[str, float]:
    """Relevant items with their gains, at least one above 0."""
    if isinstance(value, str) and value.strip().startswith("{"):
        value = _json(value, RANKING, given.names[0], given.place, row)
    if isinstance(value, Mapping):
        try:
            found = {label_of(item): float(gain) for item, gain in value.items()}
        except (TypeError, ValueError):
            found = {"": math.nan}
        if not all(gain >= 0 and math.isfinite(gain) for gain in found.values()):
            raise _unranked(given, given.names[0], row, Words("a gain is no number of at least 0", "增益不是非负数"))
    else:
        found = dict.fromkeys(_listed(value, None, RANKING, given.names[0], given.place, row), 1.0)
    if not any(gain > 0 for gain in found.values()):
        reason = Words("nothing is relevant, so no ranking is right or wrong", "没有相关项，排序无所谓对错")
        raise _unranked(given, given.names[0], row, reason)
    return found


def _unranked(given: Given, name: str, row: int, reason: Words) -> UserError:
    return UserError("E268", given.place(row), column=name, wanted=RANKING, reason=reason, example=HOW_RANKING)


def _listed(
    value: Any, between: str | None, wanted: Words, name: str, place: Callable[[int], str], row: int
) -> list[str]:
    """The texts in a list, in its JSON, or in a text with something between them."""
    if isinstance(value, str):
        if not value.strip().startswith("["):
            return [piece.strip() for piece in value.split(between) if piece.strip()]
        value = _json(value, wanted, name, place, row)
    if not isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return [label_of(value)]
    items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
    if any(isinstance(item, (list, dict)) or absent(item) for item in items):
        reason = Words("the list holds something that is no name", "列表中有不是名称的内容")
        example = HOW_TAGS if wanted is TAGS else HOW_RANKING
        raise UserError("E268", place(row), column=name, wanted=wanted, reason=reason, example=example)
    return [label_of(item) for item in items]


def _json(text: str, wanted: Words, name: str, place: Callable[[int], str], row: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = Words(f"not valid JSON: {text.strip()[:40]}", f"不是有效的 JSON：{text.strip()[:40]}")
        example = HOW_TAGS if wanted is TAGS else HOW_RANKING
        raise UserError("E268", place(row), column=name, wanted=wanted, reason=reason, example=example) from error


def _lists(values: Sequence[Any]) -> bool:
    """Whether some value is a list, or the JSON of one."""
    return any(isinstance(v, (list, tuple, set, frozenset, np.ndarray)) or _written_list(v) for v in values)


def _written_list(value: Any) -> bool:
    if not isinstance(value, str) or not value.strip().startswith("["):
        return False
    try:
        return isinstance(json.loads(value), list)
    except (ValueError, RecursionError):
        return False


def _piped(line: Line, given: Given) -> bool:
    """Whether a|b means two tags: unless the class that the line names has a | of its own."""
    label = (line.part.label if line.part else None) or line.args.get("part")
    piped = any(isinstance(v, str) and "|" in v for values in (given.truth, given.answer) for v in values)
    return piped and not (isinstance(label, str) and "|" in label)
