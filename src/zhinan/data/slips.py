"""Slips of the finger and of the keyboard: what people do to a text without meaning anything else by it.

`train.augment` makes variations of training rows with them, `accuracy[under typos]` tests with some of them. Each draws
with seeds of its own (`data.augment`, `evaluate.disturb`), and a test row is never in train: what a version is tested
on stays unseen. Every slip gives the text back unchanged where it has nothing to work on, and leaves placeholders of
masks alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from zhinan.steps.mask import PLACEHOLDER

__all__ = [
    "MISTAKEN", "NEIGHBOURS", "SLIPS", "case", "characters", "punctuation", "typos", "whitespace",
    "width", "words",
]  # fmt: skip

SLIP = 20
"""Letters for each slip of the finger."""

GONE = 0.15
"""Share of words, or of 汉字, that are dropped; at least one."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS: Mapping[str, str] = {
    key: "".join(row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)) for row in _ROWS for at, key in enumerate(row)
}
"""Keys beside a key on the same row of a keyboard."""

CONFUSED = (
    "的得地", "在再", "做作", "己已巳", "账帐", "末未", "象像", "坐座", "以已", "拔拨", "侯候", "戴带", "那哪",
    "他她它", "吗嘛", "进近", "既即", "须需", "查察", "副付", "赔陪", "退腿", "款歉", "订定", "收受", "货贷", "快块",
    "递弟", "卡咔", "密蜜", "码玛", "登灯", "录绿", "包苞", "裹果", "钱线", "换唤", "坏怀", "请清情", "问间", "没设",
    "买卖", "今令", "天夫", "人入", "日曰", "白百", "元原", "气汽", "力历", "服福", "务物", "质制", "量亮",
)  # fmt: skip
"""汉字 that are typed for one another, by sound or by shape."""
MISTAKEN: Mapping[str, str] = {
    letter: "".join(o for group in CONFUSED if letter in group for o in group if o != letter)
    for letter in dict.fromkeys("".join(CONFUSED))
}

HAN = re.compile(r"[\u3400-\u9fff]")
FULL: Mapping[str, str] = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
HALF: Mapping[str, str] = {full: half for half, full in FULL.items()}
OTHER: Mapping[str, str] = dict(zip(",.!?;:，。！？；：", "，。！？；：,.!?;:", strict=True))
"""A sign of one script → that of the other."""


def typos(text: str, draw: random.Random) -> str:
    """Of its letters one in 20, at least one, mistyped."""
    held = _held(text)
    letters = [at for at, letter in enumerate(text) if letter.isalpha() and at not in held]
    pieces = list(text)
    for at in draw.sample(letters, min(len(letters), max(1, len(letters) // SLIP))):
        _slip(pieces, at, draw, swap=at - 1 in letters, drop=len(letters) > 1)
    slipped = "".join(pieces)
    if slipped == text and letters:  # two equal letters were swapped
        pieces[letters[0]] *= 2
        return "".join(pieces)
    return slipped


def _slip(pieces: list[str], at: int, draw: random.Random, *, swap: bool, drop: bool) -> None:
    """One slip of the finger at a letter."""
    letter = pieces[at]
    others = MISTAKEN.get(letter) or NEIGHBOURS.get(letter.lower(), "")
    if others and draw.random() < 0.5:
        other = draw.choice(others)
        pieces[at] = other.upper() if letter.isupper() else other
        return
    how = draw.choice(["double", *(["swap"] if swap else []), *(["drop"] if drop else [])])
    if how == "swap":
        pieces[at - 1], pieces[at] = letter, pieces[at - 1]
    else:
        pieces[at] = letter * 2 if how == "double" else ""


def case(text: str, draw: random.Random) -> str:
    """In capitals, in small letters, or with the two exchanged."""
    pieces, start = [], 0
    change: Callable[[str], str] = draw.choice([str.upper, str.lower, str.swapcase])
    if change(text) == text:
        change = str.swapcase
    for found in PLACEHOLDER.finditer(text):
        pieces += [change(text[start : found.start()]), found[0]]
        start = found.end()
    return "".join([*pieces, change(text[start:])])


def width(text: str, draw: random.Random) -> str:
    """Half-width letters, digits and signs full-width, or the other way round, as an input method leaves them."""
    held = _held(text)
    ways = [way for way in (FULL, HALF) if any(sign in way for at, sign in enumerate(text) if at not in held)]
    if not ways:
        return text
    way = draw.choice(ways)
    return "".join(sign if at in held else way.get(sign, sign) for at, sign in enumerate(text))


def punctuation(text: str, draw: random.Random) -> str:
    """Without its signs, with the signs of the other script, or with one more or fewer at the end."""
    held = _held(text)
    marks = [at for at, sign in enumerate(text) if sign in OTHER and at not in held]
    if not marks:
        return text + draw.choice("。！" if HAN.search(text) else ".!")
    how = draw.choice(["none", "other", "fewer"])
    pieces = list(text)
    for at in marks if how != "fewer" else marks[-1:]:
        pieces[at] = OTHER[text[at]] if how == "other" else ""
    return "".join(pieces).strip() or text


def whitespace(text: str, draw: random.Random) -> str:
    """One space in five doubled or gone, at least one; between 汉字, one too many."""
    held = _held(text)
    spaces = [at for at, sign in enumerate(text) if sign == " " and at not in held]
    pieces = list(text)
    if not spaces:
        inside = [at for at in range(1, len(text)) if at not in held]
        for at in draw.sample(inside, min(len(inside), 1)):
            pieces[at] = " " + pieces[at]
        return "".join(pieces)
    for at in draw.sample(spaces, max(1, len(spaces) // 5)):
        pieces[at] = draw.choice(["", "  "])
    return "".join(pieces)


def words(text: str, draw: random.Random) -> str:
    """Without some of its words, never all."""
    parts = text.split(" ")
    free = [at for at, word in enumerate(parts) if word and not PLACEHOLDER.search(word)]
    if len(free) < 3:
        return text
    gone = set(draw.sample(free, max(1, round(GONE * len(free)))))
    return " ".join(word for at, word in enumerate(parts) if at not in gone)


def characters(text: str, draw: random.Random) -> str:
    """Without some of its 汉字, never all."""
    free = [found.start() for found in HAN.finditer(text)]
    if len(free) < 4:
        return text
    gone = set(draw.sample(free, max(1, round(GONE * len(free)))))
    return "".join(letter for at, letter in enumerate(text) if at not in gone)


def _held(text: str) -> set[int]:
    """The places in a text that a mask's placeholders take."""
    return {at for found in PLACEHOLDER.finditer(text) for at in range(*found.span())}


SLIPS: Mapping[str, Callable[[str, random.Random], str]] = {
    "typos": typos, "case": case, "width": width, "punctuation": punctuation, "whitespace": whitespace,
    "words": words, "characters": characters,
}  # fmt: skip
"""Kind of `train.augment` → what it does to a text."""
