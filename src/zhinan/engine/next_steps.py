"""What to do next about a contract that is not proved, by what each step is expected to gain, and why we think so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import Candidate, Dataset, Words
from zhinan.data.tags import flags_of
from zhinan.engine.climb import Rung
from zhinan.engine.curve import Aim, Learned, error_of, unit_of
from zhinan.engine.refits import Refits, some
from zhinan.engine.suspects import Doubts
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.decisions import decide
from zhinan.evaluate.figures import amount
from zhinan.evaluate.measure import is_cost, judge_dataset, measure_known, numeric
from zhinan.proof import Answered, Judged, Measurement, Tagged, Valued
from zhinan.steps.values.lists import items_of

__all__ = ["Step", "clean_labels", "label_test_rows", "larger_recipe", "more_data", "ranked", "relaxed"]

EDGE = 1.645
"""Standard errors on either side of an estimated gain: a range of 90 %."""


@dataclass(frozen=True)
class Step:
    """Something to do.

    Args:
        do: clean labels, more data, larger recipe, relax, or label test rows.
        gain: (low, high) in the base unit of the failing line's metric, above 0 for better, a range of 80 to 90 %;
            None when nothing is gained (relax) or nothing can be said.
    """

    do: str
    gain: tuple[float, float] | None
    unit: str
    evidence: Words

    def to_dict(self) -> dict[str, Any]:
        """As the offer and the report hold it."""
        gain = None if self.gain is None else {"low": self.gain[0], "high": self.gain[1]}
        said = {"en": self.evidence.en, "zh": self.evidence.zh}
        return {"do": self.do, "gain": gain, "unit": self.unit, "evidence": said}


def ranked(steps: Sequence[Step | None]) -> list[Step]:
    """By the middle of the expected gain; then unknown gains, then relaxing, then what gains nothing."""

    def place(step: Step) -> tuple[int, float]:
        if step.gain is None:
            return (2, 0.0) if step.do == "relax" else (1, 0.0)
        return (0 if step.gain[1] > 0 else 3, -sum(step.gain))

    return sorted((step for step in steps if step is not None), key=place)


def more_data(learned: Learned | None) -> Step | None:
    """Twice the labels, as the learning curve forecasts them."""
    if learned is None or learned.curve is None:
        return None
    have, line = int(learned.sizes[-1]), learned.aim.line
    _, now, _ = learned.curve.at(have)
    low, _, high = learned.curve.at(2 * have)
    gain = (max(0.0, float(now - high)), max(0.0, float(now - low)))
    labels, refusal = learned.labels(), learned.curve.refusal(learned.aim.target)
    reach = Words("", "")
    if labels is not None:
        reach = Words(
            f" {labels['low']:,} to {labels['high']:,} more reach the target itself; a proof needs it exceeded.",
            f"再有 {labels['low']:,} 至 {labels['high']:,} 条可达到目标本身；要证明还须超过它。",
        )
    elif refusal is not None and learned.aim.short > 0:
        reach = Words(f" The target itself: {refusal.en}.", f"目标本身：{refusal.zh}。")
    then, today = f"{_error(line, low)} – {_error(line, high)}", _error(line, now)
    words = Words(
        f"With twice the training labels ({have:,} more) the learning curve through {len(learned.sizes)} sizes "
        f"forecasts an error of {then}, now {today}.{reach.en}",
        f"训练标注加倍（再 {have:,} 条）时，由 {len(learned.sizes)} 个规模得到的学习曲线预测误差为 {then}，"
        f"现为 {today}。{reach.zh}",
    )
    return Step("more data", gain, unit_of(line), words)


def larger_recipe(
    aim: Aim, feasible: Mapping[str, Any] | None, left: Sequence[Rung], tried: Sequence[str]
) -> Step | None:
    """Recipes that were not tried.

    On encoders that were tried they reach at best the error that nearest neighbours say nobody can avoid; of other
    encoders nothing is known.

    Args:
        left: what was not tried. tried: names of the encoders that were.
    """
    if not left:
        return None
    names = ", ".join(dict.fromkeys(" + ".join(rung.encoders) for rung in left))
    untried = Words(f"Not tried yet: {names}.", f"尚未尝试：{names}。")
    new = sorted({name for rung in left for name in rung.encoders} - set(tried))
    if feasible is None:
        return Step("larger recipe", None, unit_of(aim.line), untried)
    now, floor, encoder = _error(aim.line, aim.error), _error(aim.line, feasible["floor"]), feasible["encoder"]
    if new:
        words = Words(
            f"{untried.en} The error on dev is {now}; with {encoder} about {floor} cannot be avoided by any recipe "
            f"(Cover–Hart, an estimate). What {', '.join(new)} can do is not known before trying.",
            f"{untried.zh}开发集误差为 {now}；用 {encoder} 估计约 {floor} 是任何配方都无法避免的"
            f"（Cover–Hart，估计值）。{'、'.join(new)} 能做到多少，须试过才知道。",
        )
        return Step("larger recipe", None, unit_of(aim.line), words)
    words = Words(
        f"{untried.en} The error on dev is {now}; with {encoder} about {floor} cannot be avoided by any recipe "
        "(Cover–Hart, an estimate), so the difference is the most there is to gain.",
        f"{untried.zh}开发集误差为 {now}；用 {encoder} 估计，约 {floor} 是任何配方都无法避免的（Cover–Hart，估计值），"
        "两者之差为可提升的上限。",
    )
    return Step("larger recipe", (0.0, max(0.0, aim.error - float(feasible["floor"]))), unit_of(aim.line), words)


def relaxed(changes: Sequence[Mapping[str, str]], alone: bool) -> list[Step]:
    """The smallest change of each open line that the same rows would prove."""
    said = []
    for change in changes:
        both = Words("", "") if alone else Words(" All open lines have to be relaxed.", "所有未达成的条款都须放宽。")
        words = Words(
            f"'{change['to']}' instead of '{change['line']}' would have been proved by the same rows.{both.en}",
            f"若把“{change['line']}”改为“{change['to']}”，同样的样本即可证明。{both.zh}",
        )
        said.append(Step("relax", None, "", words))
    return said


def label_test_rows(contract: Contract, found: Findings) -> Step | None:
    """More test rows for the undecided line that needs most of them: how far its proved bound would move.

    The range holds the new bound with probability .8, the truth being as uncertain as the rows seen leave it.
    """
    open_lines = []
    for line, verdict in zip(contract.must, found.verdicts, strict=True):
        more = (verdict.to_decide or {}).get("examples")
        look = found.looks.get(line.text)
        delta = look.delta if look is not None else found.ledger.get("delta")
        if is_cost(line) or verdict.verdict != "UNDECIDED" or verdict.on != "sealed" or not more or not delta:
            continue
        gain = _bound_gain(line, found.measured[line.text], float(delta), int(more))
        if gain is not None:
            open_lines.append((int(more), line, gain))
    if not open_lines:
        return None
    more, line, gain = max(open_lines, key=lambda one: one[0])
    en = zh = ""
    if contract.data.person and found.sealed is not None and found.sealed.person is not None:
        who = math.ceil(more * len(np.unique(found.sealed.person)) / len(found.sealed))
        en, zh = f", of about {who:,} more people,", f"（约来自另外 {who:,} 人）"
    words = Words(
        f"'{line.text}': {more:,} more test rows{en} decide it with probability .8 if the value seen is the truth; the "
        "range is how far the proved bound moves.",
        f"“{line.text}”：若测得值即真值，再有 {more:,} 条测试样本{zh}有 80% 的概率可判定；范围为可证明界限的变动。",
    )
    return Step("label test rows", gain, unit_of(line), words)


def _bound_gain(line: Line, measured: Measurement, delta: float, more: int) -> tuple[float, float] | None:
    from scipy.special import ndtri

    better = 1.0 if line.op == ">=" else -1.0
    bound = measured.lower(delta) if line.op == ">=" else measured.upper(delta)
    if not math.isfinite(bound) or better * (measured.value - line.target) < 0:
        return None  # more rows would refute it
    n, margin = measured.n, better * (measured.value - bound)
    error = margin / -float(ndtri(delta))
    middle = margin * (1 - math.sqrt(n / (n + more)))
    spread = 1.2816 * more / (n + more) * error * math.sqrt(1 + n / more)
    return middle - spread, middle + spread


def clean_labels(
    refits: Refits, aim: Aim, doubts: Doubts | None, data: tuple[Dataset, Dataset], contract: Contract
) -> Step | None:
    """Doubted labels mended: what the recipe gains without them, and what dev gains when they are as suggested.

    Args:
        data: train and dev.
    """
    if doubts is None or doubts.views is None:
        return None
    train, dev = data
    taught, asked = doubts.of("train"), doubts.of("dev")
    unit = unit_of(aim.line)
    if not taught and not asked:
        words = Words("No label of train or dev is in doubt.", "训练集与开发集没有存疑的标签。")
        return Step("clean labels", (0.0, 0.0), unit, words)
    before = _judged(refits.candidate, dev, contract)
    low = high = 0.0
    if taught and refits.forecast([len(train)]) <= refits.left:
        doubted = set(taught)
        rows = np.array([i for i, row in enumerate(train.values("_row")) if row not in doubted])
        after = _judged(decide(refits.fit(some(refits.train, rows), refits.dev), dev, contract), dev, contract)
        low, high = _change(aim, before, after)
    mended = _gain(aim, before, _mended(before, dev, doubts, len(refits.candidate.classes)))
    gain = (max(0.0, low), max(0.0, high) + max(0.0, mended))
    first, second, third = (_points(aim.line, value) for value in (low, high, mended))
    words = Words(
        f"{len(taught):,} labels of train, {len(asked):,} of dev are in doubt (confident learning). Training without "
        f"those of train moves dev by {first} to {second}; if each doubted label of dev is as suggested, dev itself is "
        f"better by {third}.",
        f"训练集 {len(taught):,} 条、开发集 {len(asked):,} 条标签存疑（置信学习）。去掉存疑的训练标签重新训练，"
        f"开发集变化 {first} 至 {second}；若开发集的存疑标签均如建议，则开发集再提高 {third}。",
    )
    return Step("clean labels", gain, unit, words)


def _mended(judged: Judged | Tagged | Valued, dev: Dataset, doubts: Doubts, known: int) -> Judged | Tagged | Valued:
    """The judged dev rows with the suggested labels as the truth.

    Args: known: how many of the judged classes the candidate knows, which come first: of others nothing was suggested.
    """
    said = {row["row"]: row["suggested"] for row in doubts.rows if row["part"] == "dev"}
    if isinstance(judged, Tagged):
        mended = judged.truth.copy()
        for place, row in enumerate(dev.values("_row")):
            if row in said:
                mended[place, :known] = flags_of([items_of(said[row])], judged.classes[:known])[0]
        return replace(judged, truth=mended)
    truth = [said.get(row, old) for row, old in zip(dev.values("_row"), judged.truth.tolist(), strict=True)]
    if isinstance(judged, Valued):
        return replace(judged, truth=numeric(truth))
    return replace(judged, truth=np.asarray(truth, dtype=object).astype(str))


def _judged(candidate: Candidate, dev: Dataset, contract: Contract) -> Judged | Tagged | Valued:
    return judge_dataset(dev, said_of(candidate), candidate.classes, matrix=contract.cost.matrix)


def _gain(aim: Aim, before: Answered, after: Answered) -> float:
    old, new = (error_of(aim.line, measure_known(aim.plain, on).value) for on in (before, after))
    return old - new if math.isfinite(old - new) else 0.0


def _change(aim: Aim, before: Answered, after: Answered) -> tuple[float, float]:
    """A range of 90 % for the gain between two answers to the same rows.

    Where rows are counted right or wrong only those that changed tell; otherwise both values are taken to be
    independent, which is too wide a range rather than too narrow a one.
    """
    gain = _gain(aim, before, after)
    old, new = (measure_known(aim.plain, on) for on in (before, after))
    first, second = (getattr(one.evidence, "outcomes", None) for one in (old, new))
    if first is not None and second is not None and len(first) == len(second) and len(first):
        error = math.sqrt(max(float((first != second).sum()), 1.0)) / len(first)
    else:
        error = math.sqrt(2) * float(old.evidence.margin(aim.line.op, aim.target, 0.05)) / EDGE
    error = error if math.isfinite(error) else 0.0
    return gain - EDGE * error, gain + EDGE * error


def _error(line: Line, value: float) -> str:
    """An error as a person reads it: a share in %, anything else as a number."""
    value = max(float(value), 0.0)
    return f"{value:.1%}" if unit_of(line) == "pt" else amount(value, unit_of(line))


def _points(line: Line, value: float) -> str:
    if unit_of(line) == "pt":
        return f"{100 * value:+.1f} pt"
    return f"{value:+,.0f}" if abs(value) >= 1000 else f"{value:+.3g}"
