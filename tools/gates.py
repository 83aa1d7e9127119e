"""Reads off each rule of the masks what its gate looks for, and writes src/zhinan/steps/masks/gates.txt.

python tools/gates.py    after a rule was changed; a test tells when it has to be
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zhinan.core import entries
from zhinan.steps.masks import _gates

PAGE = Path(_gates.__file__).with_name(_gates.FILE)

_WORD = r"0-9A-Z_a-z\x{aa}-\x{1fff}\x{2070}-\x{2fff}\x{3005}-\x{3007}\x{3021}-\x{feff}\x{ff10}-\x{10ffff}"
"""Letters, numbers, and whatever stands between them: as they are, they take RE2 a hundred times the memory."""
_KINDS = {
    "CATEGORY_DIGIT": r"\p{Nd}", "CATEGORY_SPACE": r"\s\x0b\x1c-\x1f\x{85}\p{Z}", "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip
"""What RE2 reads as no less than what Python reads as a kind of character."""
_SURELY = {"CATEGORY_DIGIT": "0-9", "CATEGORY_SPACE": r" \t-\r", "CATEGORY_WORD": "0-9A-Za-z_"}
"""What is of a kind for both, for classes that leave it out."""
_SAME = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip
_SLACK = 4
"""A part that may come this many times more than its least is read as one without an end: RE2 counts badly."""
_LONG = 5000
"""A choice inside a rule that takes more characters to write is read as what it may begin with, and anything."""
_ANY = "(?s:.)"
_FOLDED_ONE = re.compile(r"\(\?i:(\w|\[\w+\])\)")
_FOLDED = re.compile(rf"(?:{_FOLDED_ONE.pattern}){{2,}}")
"""Letters in a row of which the case does not count: they need to say so once."""
_Letter = tuple[str, Any, bool]
"""One character of a parsed pattern: operation, value, and whether case does not count."""
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def page() -> str:
    """The whole file: key and expression of everything that the gates of all masks ask for."""
    entries("mask")  # which imports every one of them
    written = {"wider": wider, "firsts": firsts, "lasts": lasts}
    return "".join(f"{name} {written[what](pattern)}\n" for name, (what, pattern) in sorted(_gates.WANTED.items()))


def wider(pattern: str) -> str:
    """An expression for RE2 that stands in every text in which `pattern` does.

    What RE2 cannot do is left out (looking around, but at both ends) or read as more (long counts).
    """
    items, fold = _parsed(pattern)
    written = _Wider().sequence(items, fold, head=True, tail=True)
    return _FOLDED.sub(lambda run: _folded(_FOLDED_ONE.sub(r"\1", run[0])), written)


def firsts(pattern: str) -> str:
    """A pattern of every character that a match of this one begins with; of any, where a match may be empty."""
    return _edges(pattern, forward=True)


def lasts(pattern: str) -> str:
    """A pattern of every character that a match of this one ends with; of any, where a match may be empty."""
    return _edges(pattern, forward=False)


def _edges(pattern: str, *, forward: bool) -> str:
    found, empty = _edge(*_parsed(pattern), forward=forward)
    return "|".join([_ANY] if empty else dict.fromkeys(_python(*letter) for letter in found))


def _parsed(pattern: str) -> tuple[list[Any], bool]:
    parser: Any = re._parser  # type: ignore[attr-defined]
    return list(parser.parse(pattern)), bool(re.compile(pattern).flags & re.IGNORECASE)


def _folds(added: int, taken: int, fold: bool) -> bool:
    return (fold or bool(added & re.IGNORECASE)) and not taken & re.IGNORECASE


class _Wider:
    """Writes a parsed pattern for RE2. Args of its methods: fold: whether case does not count; head, tail: whether
    nothing of the pattern stands before this part, and behind it, so that what is looked at there can be read.
    """

    def __init__(self) -> None:
        self.groups: dict[int, str] = {}

    def sequence(self, items: Iterable[tuple[Any, Any]], fold: bool, *, head: bool, tail: bool) -> str:
        parts = [(str(op), value) for op, value in items]
        reads = [
            op not in ("AT", "ASSERT_NOT") and not (op == "ASSERT" and value[0] < 0) for op, value in parts
        ]  # fmt: skip
        read_before = [op not in ("AT", "ASSERT_NOT") for op, _ in parts]
        return "".join(
            self.part(op, value, fold, head and not any(read_before[:i]), tail and not any(reads[i + 1 :]))
            for i, (op, value) in enumerate(parts)
        )

    def part(self, op: str, value: Any, fold: bool, head: bool, tail: bool) -> str:
        if op == "BRANCH":
            written = f"(?:{'|'.join(self.sequence(one, fold, head=head, tail=tail) for one in value[1])})"
            return written if len(written) < _LONG or (head and tail) else _begins(op, value, fold) + _ANY + "*"
        if op == "SUBPATTERN":
            group, added, taken, items = value
            written = f"(?:{self.sequence(items, _folds(added, taken, fold), head=head, tail=tail)})"
            if group is not None:
                self.groups[group] = written
            return written
        if op == "ATOMIC_GROUP":
            return f"(?:{self.sequence(value, fold, head=head, tail=tail)})"
        if op in _REPEATS:
            least, most, items = value
            written = f"(?:{self.sequence(items, fold, head=False, tail=False)})"
            return written + (f"{{{least},{most}}}" if int(most) - least <= _SLACK else f"{{{least},}}")
        if op == "GROUPREF":
            return self.groups[value]
        if op == "GROUPREF_EXISTS":
            return f"(?:{_ANY}*)"
        if op == "ASSERT":
            ahead, items = value[0] > 0, value[1]
            if not (tail if ahead else head):
                return ""
            return f"(?:{self.sequence(items, fold, head=not ahead, tail=ahead)})"
        if op in ("AT", "ASSERT_NOT"):
            return {"AT_BEGINNING_STRING": r"\A", "AT_END_STRING": r"\z"}.get(str(value), "") if op == "AT" else ""
        return _letter(op, value, fold)


def _begins(op: str, value: Any, fold: bool) -> str:
    """What it begins with, for RE2."""
    found, empty = _edge_of(op, value, fold, forward=True)
    return "" if empty else f"(?:{'|'.join(dict.fromkeys(_letter(*letter) for letter in found))})"


def _letter(op: str, value: Any, fold: bool) -> str:
    """One character, for RE2."""
    if op == "LITERAL":
        letter, other = _code(value), _turkish(value)
        return _folded(f"[{letter}{other}]" if other else letter) if fold and _cased(value) else letter
    if op != "IN" or str(value[0][0]) == "NEGATE":
        return _others(op, value)
    inside = "".join(_KINDS[str(code)] if str(kind) == "CATEGORY" else _span(code) for kind, code in value)
    return _folded(f"[{inside}{_turkish(ord('i'))}]") if fold else f"[{inside}]"


def _others(op: str, value: Any) -> str:
    """Any character but some, for RE2: no more are left out than Python leaves out."""
    if op == "NOT_LITERAL":
        return f"[^{_code(value)}]"
    if op != "IN":
        return _ANY
    inside = "".join(_SURELY.get(str(code), "") if str(kind) == "CATEGORY" else _span(code) for kind, code in value[1:])
    return f"[^{inside}]" if inside else _ANY


def _code(code: int) -> str:
    return chr(code) if chr(code).isalnum() else rf"\x{{{code:x}}}"


def _span(code: Any) -> str:
    return _code(code) if isinstance(code, int) else f"{_code(code[0])}-{_code(code[1])}"


def _folded(letters: str) -> str:
    return f"(?i:{letters})"


def _cased(code: int) -> bool:
    return chr(code).lower() != chr(code).upper()


def _turkish(code: int) -> str:
    """İ and ı, which are an i for Python where case does not count, but not for RE2."""
    return "İı" if chr(code) in "iIıİ" else ""


def _edge(items: Iterable[tuple[Any, Any]], fold: bool, *, forward: bool) -> tuple[list[_Letter], bool]:
    """The characters that a match begins (or ends) with, and whether it may be empty."""
    found: list[_Letter] = []
    for op, value in items if forward else reversed(list(items)):
        here, empty = _edge_of(str(op), value, fold, forward)
        found += here
        if not empty:
            return found, False
    return found, True


def _edge_of(op: str, value: Any, fold: bool, forward: bool) -> tuple[list[_Letter], bool]:
    if op in ("AT", "ASSERT", "ASSERT_NOT"):
        return [], True
    if op == "SUBPATTERN":
        return _edge(value[3], _folds(value[1], value[2], fold), forward=forward)
    if op == "ATOMIC_GROUP":
        return _edge(value, fold, forward=forward)
    if op in _REPEATS:
        found, empty = _edge(value[2], fold, forward=forward)
        return found, empty or value[0] == 0
    if op == "BRANCH":
        ways = [_edge(one, fold, forward=forward) for one in value[1]]
        return [found for way, _ in ways for found in way], any(empty for _, empty in ways)
    return [(op, value, fold)], op.startswith("GROUPREF")


def _python(op: str, value: Any, fold: bool) -> str:
    """One character, for Python."""
    if op not in ("LITERAL", "NOT_LITERAL", "IN"):
        return _ANY
    letters = [("LITERAL", value)] if op == "LITERAL" else [("NEGATE", None), ("LITERAL", value)]
    inside = "".join(_written(str(kind), code) for kind, code in (value if op == "IN" else letters))
    return _folded(f"[{inside}]") if fold else f"[{inside}]"


def _written(kind: str, code: Any) -> str:
    """A part of a class of characters, for Python."""
    if kind == "NEGATE":
        return "^"
    if kind == "CATEGORY":
        return _SAME[str(code)]
    return "-".join(rf"\U{one:08x}" for one in (code if kind == "RANGE" else (code,)))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
