"""Which way the contract lets an answer go with a column, as recipes are told; refused before anything is trained."""

from __future__ import annotations

from collections.abc import Sequence

from zhinan.contract import Contract
from zhinan.core import Column, UserError, Words, suggest

__all__ = ["directions"]


def directions(contract: Contract, inputs: Sequence[Column], classes: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Column → 1 or −1: as its number rises, the last of two classes may only become more, or less, probable.

    Which of two classes a direction means has to be said: their order is that of the alphabet, no one has it in mind.

    Of a target that is a number (no classes) it is the answer that may only rise, or fall.

    Raises:
        UserError: E205 for a column that is no numeric input, E206 for more than two classes, E050 for an unknown one,
            E207 for a direction of two classes that names none.
    """
    kinds = {column.name: column.kind for column in inputs}
    found = []
    for column, asked in contract.train.monotone.items():
        where = contract.where[f"train.monotone.{column}"]
        if kinds.get(column) != "number":
            kind = kinds.get(column)
            said = Words(f"a {kind}", f" {kind} 类型") if kind else Words("no input", "非输入列")
            raise UserError("E205", where, column=column, kind=said)
        if classes and len(classes) != 2:
            raise UserError("E206", where, n=len(classes))
        label = asked.label
        if classes and not label:
            raise UserError("E207", where, way=asked.way, first=classes[0], last=classes[-1])
        if label and label not in classes:
            raise UserError("E050", where, kind=Words("class", "类别"), name=label, suggestion=suggest(label, classes))
        rises = (asked.way == "up") == (not label or label == classes[-1])
        found.append((column, 1 if rises else -1))
    return tuple(found)
