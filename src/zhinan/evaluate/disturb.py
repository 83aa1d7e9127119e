"""Disturbs inputs the way the world does, for lines such as `accuracy[under typos] >= 80%` and the report.

What happens to a row follows from its content alone, never from its place or its batch, so a disturbed set is the same
whenever it is made. How strong each is:

typos: of a text's letters one in 20, at least one: the neighbouring key, swapped with the letter before, dropped or
    doubled; of 汉字 one that is typed for it by sound or shape.
case: a text in capitals, in small letters, or with the two exchanged; where there is no case, as it was.
truncation: a text without its end, 10 to 50 % of its length.
noise: a stray sign, emoji or space in a text every 40 characters, at least one; a number off by a normal 5 % of itself.
missing: a text without one of its sentences, or a single one without a fifth of its words; any other value gone with
    probability .3, but never a row's last one.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zhinan.contract import DISTURBANCES, Contract, Line
from zhinan.core import Column, Dataset, UserError
from zhinan.data.slips import case, typos
from zhinan.steps.mask import PLACEHOLDER

__all__ = ["AFFECTS", "check_disturbances", "disturb", "disturbed", "sample", "under"]

SAMPLE = 500
"""Rows of dev that are disturbed."""

STRAY = 40
"""Characters for each stray sign."""
CUT = (0.5, 0.9)
SPREAD = 0.05
GONE, WORDS_GONE = 0.3, 0.2

AFFECTS: Mapping[str, frozenset[str]] = {
    "typos": frozenset({"text"}),
    "case": frozenset({"text"}),
    "truncation": frozenset({"text"}),
    "noise": frozenset({"text", "number"}),
    "missing": frozenset({"text", "number", "category", "flag", "time", "id", "list"}),
}
"""Disturbance → the kinds of input it changes."""

STRAYS = ("~", "…", "!!", "??", "*", "_", "#", ";", "  ", "\u3000", "😀", "👍", "🙏", "。。", "，", "、")
_SENTENCE = re.compile(r"[^.!?。！？；\n]+[.!?。！？；\n]*\s*")


def disturb(
    rows: Mapping[str, Sequence[Any]], kinds: Mapping[str, str], how: str, seed: int = 0
) -> dict[str, list[Any]]:
    """Rows as they might have come: misspelt, in capitals, cut off, noisy or with holes.

    Args:
        rows: input columns by name, typed, None where a value is missing. kinds: the kind of each column.
        how: one of `DISTURBANCES`. seed: another one gives other slips.

    Returns:
        the same columns in the same order, of the same length and types.

    Raises:
        ValueError: an unknown disturbance.
    """
    if how not in DISTURBANCES:
        raise ValueError(f"disturbances are {', '.join(DISTURBANCES)}, not {how!r}")
    names = list(rows)
    done: dict[str, list[Any]] = {name: [] for name in names}
    for values in zip(*rows.values(), strict=True):
        content = json.dumps([how, seed, *zip(names, values, strict=True)], ensure_ascii=False, default=str)
        digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        draw = random.Random(int.from_bytes(digest, "big"))
        changed = [_changed(value, kinds[name], how, draw) for name, value in zip(names, values, strict=True)]
        if all(value is None for value in changed):
            changed = list(values)
        for name, value in zip(names, changed, strict=True):
            done[name].append(value)
    return done


def disturbed(part: Dataset, how: str | None, inputs: Mapping[str, str] | None = None) -> dict[str, list[Any]]:
    """The input columns of a part, disturbed where `how` says so.

    Args:
        inputs: column → kind, where they are not the part's own, such as those of an older version.
    """
    kinds = inputs if inputs is not None else {column.name: column.kind for column in part.inputs}
    rows = {name: part.values(name) for name in kinds}
    return rows if how is None else disturb(rows, kinds, how)


def sample(part: Dataset, most: int = SAMPLE) -> Dataset:
    """At most so many rows of a part, the same ones whenever asked: answering all of them under everything is slow."""
    if len(part) <= most:
        return part
    few = part.frame.sort("_row").head(most)
    return replace(part, frame=few, fingerprint=f"{part.fingerprint}-{most}")


def under(line: Line) -> str | None:
    """The disturbance a line is judged under, or None."""
    return line.part.under if line.part else None


def check_disturbances(contract: Contract, inputs: Sequence[Column]) -> None:
    """Refuses a line under a disturbance that would change nothing here, since it would prove nothing.

    Raises:
        UserError: E280.
    """
    kinds = {column.kind for column in inputs}
    for line in (*contract.must, *contract.should):
        how = under(line)
        if how is not None and not AFFECTS[how] & kinds:
            raise UserError("E280", line.where, line=line.text, how=how, kinds=", ".join(sorted(AFFECTS[how])))


def _changed(value: Any, kind: str, how: str, draw: random.Random) -> Any:
    if value is None or kind not in AFFECTS[how]:
        return value
    if kind == "text":
        return TEXTS[how](str(value), draw) or value
    if how == "noise":
        return float(value) * (1 + draw.gauss(0, SPREAD))
    return None if draw.random() < GONE else value


def _truncation(text: str, draw: random.Random) -> str:
    return text[: max(1, int(len(text) * draw.uniform(*CUT)))].rstrip()


def _noise(text: str, draw: random.Random) -> str:
    held = {at for found in PLACEHOLDER.finditer(text) for at in range(found.start() + 1, found.end())}
    free = [at for at in range(len(text) + 1) if at not in held]
    pieces = [*text, ""]
    for at in draw.choices(free, k=max(1, len(text) // STRAY)):
        pieces[at] = draw.choice(STRAYS) + pieces[at]
    return "".join(pieces)


def _missing(text: str, draw: random.Random) -> str:
    sentences = _SENTENCE.findall(text)
    if len(sentences) > 1:
        del sentences[draw.randrange(len(sentences))]
        return "".join(sentences).strip()
    words = text.split()
    if len(words) > 1:
        gone = set(draw.sample(range(len(words)), max(1, round(len(words) * WORDS_GONE))))
        return " ".join(word for at, word in enumerate(words) if at not in gone)
    size = max(1, round(len(text) * WORDS_GONE))
    start = draw.randrange(max(len(text) - size, 0) + 1)
    return text[:start] + text[start + size :]


TEXTS: Mapping[str, Callable[[str, random.Random], str]] = {
    "typos": typos, "case": case, "truncation": _truncation, "noise": _noise, "missing": _missing,
}  # fmt: skip
"""Disturbance → what it does to a text."""
