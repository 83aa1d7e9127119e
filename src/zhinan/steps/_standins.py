"""What a find becomes with a key: a token that cannot be undone, or a stand-in that looks alike and can."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Sequence
from functools import cache

from zhinan.steps._dialled import subscriber
from zhinan.steps.masks._names import GIVEN_ZH, SURNAMES_ZH

__all__ = ["hashed", "revealed", "standin"]

_LETTERS = "bcdfghjklmnpqrst"
_ROUNDS = 10
_CJK = "".join(map(chr, range(0x4E00, 0x9FA6)))


def _without(letters: str, taken: str) -> str:
    gone = set(taken)
    return "".join(c for c in letters if c not in gone)


_BLOCK = 128


@cache
def _known() -> dict[str, tuple[str, int]]:
    """Character → its alphabet, and where it stands there."""
    surnames = "".join(name for name in SURNAMES_ZH if len(name) == 1)
    given = _without("".join(sorted(GIVEN_ZH)), surnames)
    alphabets = (
        "0123456789", "aeiou", "bcdfghjklmnpqrstvwxyz", "AEIOU", "BCDFGHJKLMNPQRSTVWXYZ", surnames, given,
        _without(_CJK, surnames + given),
    )  # fmt: skip
    return {char: (alphabet, place) for alphabet in alphabets for place, char in enumerate(alphabet)}


@cache
def _place(char: str) -> tuple[str, int] | None:
    """The alphabet of a character and where it stands there; None for a space or a sign, which stay.

    What has no alphabet of its own moves among the letters of its case in its block of Unicode 3.2, which every Python
    knows, and what is younger among all of its block that is.
    """
    known = _known()
    if char in known:
        return known[char]
    category, first = unicodedata.ucd_3_2_0.category(char), ord(char) // _BLOCK * _BLOCK
    if category[0] not in "LMN" and category != "Cn":
        return None
    block = (c for c in map(chr, range(first, first + _BLOCK)) if c not in known)
    alphabet = "".join(c for c in block if unicodedata.ucd_3_2_0.category(c) == category)
    return alphabet, alphabet.index(char)


def hashed(find: str, mask: str, key: bytes, grouped: bool | str = False) -> str:
    """Sixteen letters that stand for a find: the same for the same value, without a way back.

    Args: grouped: spaces and signs in it only group it: 138 1234 5678 and 13812345678 are one value; "dialled": it is a
        telephone number, with or without the code of its country.
    """
    folded = find.casefold()
    value = "".join(c for c in folded if c.isalnum()) if grouped else " ".join(folded.split())
    value = subscriber(find) if grouped == "dialled" else value
    digest = hashlib.blake2b(f"{mask}\x1f{value}".encode(), digest_size=8, key=key).digest()
    return "".join(_LETTERS[byte >> 4] + _LETTERS[byte & 15] for byte in digest)


def standin(find: str, mask: str, key: bytes, keeps: int = 0) -> str:
    """A made-up find of the same form: each letter, digit and 汉字 becomes one of its own class, signs and spaces stay.

    Args: keeps: how many of its first letters and digits stay, where those identify nobody (a card's issuer).
    Source: unbalanced Feistel network on a mixed-radix number, the structure of FF1 (NIST SP 800-38G) with 10 rounds,
        its round function keyed BLAKE2b (Luby & Rackoff, SIAM J. Comput. 17, 1988).
    """
    return _permuted(find, mask, key, keeps, forth=True)


def revealed(standin: str, mask: str, key: bytes, keeps: int = 0) -> str:
    """The find that a stand-in was made of, given the same key."""
    return _permuted(standin, mask, key, keeps, forth=False)


def _permuted(text: str, mask: str, key: bytes, keeps: int, forth: bool) -> str:
    """The letters of a text exchanged; how they are grouped makes no difference to what each becomes."""
    placed = [(i, *place) for i, c in enumerate(text) if (place := _place(c))]
    kept, moved = placed[:keeps], placed[keeps:]
    radices = [len(alphabet) for _, alphabet, _ in moved]
    form = "".join([*(text[i] for i, _, _ in kept), *(alphabet[0] for _, alphabet, _ in moved)])
    half = (len(moved) + 1) // 2
    new = _feistel([digit for _, _, digit in moved], radices, half, f"{mask}\x1f{form}".encode(), key, forth)
    letters = list(text)
    for (i, alphabet, _), digit in zip(moved, new, strict=True):
        letters[i] = alphabet[digit]
    return "".join(letters)


def _feistel(
    digits: Sequence[int], radices: Sequence[int], half: int, tweak: bytes, key: bytes, forth: bool
) -> list[int]:
    sizes = math.prod(radices[:half]), math.prod(radices[half:])
    sides = [_joined(digits[:half], radices[:half]), _joined(digits[half:], radices[half:])]
    for turn in range(_ROUNDS) if forth else reversed(range(_ROUNDS)):
        mine = turn % 2
        length = (sizes[mine].bit_length() + 7) // 8 + 8
        moved = _round(turn, sides[1 - mine], tweak, key, length)
        sides[mine] = (sides[mine] + (moved if forth else -moved)) % sizes[mine]
    return [*_parted(sides[0], radices[:half]), *_parted(sides[1], radices[half:])]


def _round(turn: int, side: int, tweak: bytes, key: bytes, length: int) -> int:
    base = hashlib.blake2b(
        bytes([turn]) + side.to_bytes((side.bit_length() + 8) // 8) + b"\x1f" + tweak, key=key
    ).digest()
    stream = b"".join(hashlib.blake2b(base + bytes([i]), key=key).digest() for i in range(-(-length // 64)))
    return int.from_bytes(stream[:length])


def _joined(digits: Sequence[int], radices: Sequence[int]) -> int:
    number = 0
    for digit, radix in zip(digits, radices, strict=True):
        number = number * radix + digit
    return number


def _parted(number: int, radices: Sequence[int]) -> list[int]:
    digits = []
    for radix in reversed(radices):
        number, digit = divmod(number, radix)
        digits.append(digit)
    return digits[::-1]
