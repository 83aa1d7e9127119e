"""What there is to say of the live version besides alarms: one list, for `status` and for the service that tells it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhinan.contract import Contract
from zhinan.engine.queues import groups_of
from zhinan.improve.measures import Measured
from zhinan.serve.settings import ADVICE
from zhinan.store import Store, change_run

__all__ = ["advised", "worded"]

NAMES = 5
"""Names of other events that are told."""

_WORDS: Mapping[str, tuple[str, str]] = {
    "inputs": (
        "{column} is distributed otherwise than in dev ({apart} apart, {n} answers)",
        "{column} 的分布与开发集不同（相差 {apart}，{n} 条回答）",
    ),
    "unseen values": (
        "{column} has values that dev did not have ({apart} apart, {n} answers)",
        "{column} 出现了开发集没有的取值（相差 {apart}，{n} 条回答）",
    ),
    "words": (
        "{column} has words that dev did not have ({apart} apart, {n} answers)",
        "{column} 出现了开发集没有的词语（相差 {apart}，{n} 条回答）",
    ),
    "scripts": (
        "{column} is written in other scripts than in dev ({apart} apart, {n} answers)",
        "{column} 的文字种类与开发集不同（相差 {apart}，{n} 条回答）",
    ),
    "embedding": (
        "texts lie elsewhere than dev's in the version's own space ({apart} apart, {n} answers)",
        "文本在版本自身的向量空间中偏离开发集（相差 {apart}，{n} 条回答）",
    ),
    "answers": (
        "the answers ({column}) are distributed otherwise than on dev ({apart} apart, {n} answers)",
        "回答（{column}）的分布与开发集不同（相差 {apart}，{n} 条回答）",
    ),
    "unseen label": (
        "feedback names labels that the version does not know ({value}/{n})",
        "反馈中有该版本未知的标签（{value}/{n}）",
    ),
    "unknown answer": (
        "feedback names answers that are not on record ({value}/{n})",
        "反馈所指的回答没有记录（{value}/{n}）",
    ),
    "clock ahead": (
        "{value} of {n} answers and words are of the future: a clock ran ahead; lines that go by time leave them out",
        "{n} 条回答和反馈中有 {value} 条的时间在未来：有时钟走快了；按时间计算的条款不计入它们",
    ),
    "new classes": (
        "inputs that fit no class may be {value} new ones ({n} rows): zhinan improve shows them",
        "不属于任何类别的输入可能是 {value} 个新类别（{n} 行）：zhinan improve 会列出",
    ),
    "counts for nobody": (
        "{column}: {value} of {n} do not count: off the scale, without a value that fits, of an unknown or a"
        " later answer, or of a job's row that names nobody",
        "{column}：{n} 条中有 {value} 条不计：超出量表、缺少可用的数值、所指的回答没有记录或更晚，"
        "或属于未写明用户的批量行",
    ),
    "other events": (
        "{column}: no such event came; these did: {names}",
        "{column}：未收到此类事件；收到的有：{names}",
    ),
}
"""What is said of each kind of advice, in English and 中文."""


def advised(
    contract: Contract, store: Store, moved: Sequence[Mapping[str, Any]], used: Sequence[Measured]
) -> list[dict[str, Any]]:
    """All advice, kept where `GET /contract` reads it, with the time of this look.

    Args:
        moved: of traffic and feedback, as `Production.advice`. used: of the lines that use judges.

    Returns:
        [{"what", "column", "value", "n", "text": {"en", "zh"}}]. `column` is the column, or the line, that is spoken
        of; `value` of `n` is how far apart distributions are (0 to 1), or how many of them it concerns.
    """
    found = [worded(one) for one in (*moved, *_new_classes(contract, store), *_of_events(used))]
    live = store.stages(contract.product).live
    if live is not None:
        state = {"advice": found, "at": round(time.time())}
        change_run(store, contract.product, ADVICE.format(number=live), {"version": live}, lambda held: state)
    return found


def worded(one: Mapping[str, Any]) -> dict[str, Any]:
    """A piece of advice with what it says, in English and 中文."""
    told = {key: one[key] for key in ("what", "column", "value", "n")}
    shown = {
        "column": one["column"], "value": f"{one['value']:,}", "n": f"{one['n']:,}", "apart": f"{one['value']:.0%}",
        "names": ", ".join(one.get("names", ())[:NAMES]),
    }  # fmt: skip
    english, chinese = (text.format(**shown) for text in _WORDS[one["what"]])
    return {**told, "text": {"en": english, "zh": chinese}}


def _new_classes(contract: Contract, store: Store) -> Iterable[dict[str, Any]]:
    """How many groups of inputs that fit no class `improve` last found, and how many rows are in them."""
    groups = groups_of(store, contract.product)
    if groups:
        column = contract.data.target or "label"
        yield {"what": "new classes", "column": column, "value": len(groups), "n": sum(map(len, groups))}


def _of_events(used: Sequence[Measured]) -> Iterable[dict[str, Any]]:
    """What came and counts for nobody, a fault of who sends it as a rule; and names that may be slips."""
    for one in used:
        if one.aside:
            yield {"what": "counts for nobody", "column": one.line.text, "value": one.aside, "n": one.heard}
        if not one.heard and one.others:
            names = one.others
            yield {"what": "other events", "column": one.line.text, "value": len(names), "n": 0, "names": names}
