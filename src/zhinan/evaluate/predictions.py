"""Judges a file of predictions: finds its columns, then asks `prove`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zhinan.contract import load
from zhinan.core import UserError, Words, suggest
from zhinan.data import read
from zhinan.evaluate.measure import is_cost
from zhinan.evaluate.prove import Proof, prove_columns

__all__ = ["prove_file"]

TRUTHS = ("label", "truth", "target", "y_true", "expected", "gold", "标签", "正确答案")
PREDICTIONS = ("prediction", "predicted", "pred", "answer", "y_pred", "output", "预测", "回答")


def prove_file(
    path: Path,
    *,
    must: Sequence[str] = (),
    product: Path | None = None,
    truth: str | None = None,
    prediction: str | None = None,
    probability: str | None = None,
    person: str | None = None,
    confidence: float | None = None,
) -> Proof:
    """Verdicts on a file with a column of right answers and one of predictions; its other columns serve parts and gaps.

    Args:
        must: lines; product: take those of a contract too, with its confidence and its person column.
        confidence: default: the contract's, else .95.
        truth, prediction, probability, person: columns; the first two are guessed from usual names.

    Raises:
        UserError: E259 for a column that is missing or not named, E260 for a row without truth or prediction, E261
            for rows that cannot be read or probabilities that are no numbers, as `prove`.
    """
    lines: list[object] = list(must)
    if product is not None:
        contract = load(product)
        lines = [line for line in contract.must if not is_cost(line)] + lines
        truth = truth or contract.data.target
        person = person or contract.data.person
        confidence = contract.confidence if confidence is None else confidence
    raw = read(path)
    if raw.rejected:
        first = raw.rejected[0]
        raise UserError("E261", f"{path.name}:{first.line}", reason=first.reason)
    names = [name for name in raw.frame.columns if name != "_line"]
    right = _column(path, names, truth, TRUTHS, "--truth")
    said = _column(path, names, prediction, PREDICTIONS, "--prediction")
    if right == said:
        reason = Words(f"'{right}' is both the truth and the prediction", f"“{right}”既是正确答案又是预测")
        raise UserError("E261", path.name, reason=reason)
    held = {name: raw.frame[name].to_list() for name in names}
    for name in (right, said):
        missing = next((i for i, value in enumerate(held[name]) if not (value or "").strip()), None)
        if missing is not None:
            raise UserError("E260", f"{path.name}:{raw.frame['_line'][missing]}", column=name)
    chances = None
    if probability is not None:
        chances = _numbers(path, held[_column(path, names, probability, (), "--probability")])
    people = held[_column(path, names, person, (), "--person")] if person else None
    others = {name: values for name, values in held.items() if name not in {right, said, probability}}
    return prove_columns(
        held[right], held[said], lines,  # type: ignore[arg-type]
        probability=chances, person=people, confidence=0.95 if confidence is None else confidence, columns=others,
    )  # fmt: skip


def _column(path: Path, names: Sequence[str], asked: str | None, usual: Sequence[str], option: str) -> str:
    if asked is not None:
        if asked not in names:
            raise UserError("E259", path.name, option=option, name=asked, suggestion=suggest(asked, names))
        return asked
    found = [name for name in usual if name in names]
    if not found:
        shown = ", ".join(names[:8])
        words = Words(f"name one of: {shown}", f"请指定其一：{shown}")
        raise UserError("E259", path.name, option=option, name="–", suggestion=words)
    return found[0]


def _numbers(path: Path, values: Sequence[str | None]) -> list[float]:
    try:
        return [float(value or "") for value in values]
    except ValueError as error:
        reason = Words("a probability is not a number", "有的概率不是数字")
        raise UserError("E261", path.name, reason=reason) from error
