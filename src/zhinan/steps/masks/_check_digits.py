"""Check digits of national numbers: each function says whether a number, without its signs, can be one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["CHECKS", "Check", "anybody"]

Check = Callable[[str], bool]
"""Takes the capital letters and digits of a number."""


def _sum(code: str, weights: Sequence[int]) -> int:
    return sum(int(c) * w for c, w in zip(code, weights, strict=False))


def _zero(weights: Sequence[int], modulus: int) -> Check:
    """The weighted sum of all digits, the check digit's among them, is a multiple."""
    return lambda code: _sum(code, weights) % modulus == 0


def _last(*steps: tuple[Sequence[int], int]) -> Check:
    """Each weighted sum modulo 11, and 0 for 10, is the digit behind what it weighs. Args: steps: weights, factor."""
    return lambda code: all(_sum(code, w) * factor % 11 % 10 == int(code[len(w)]) for w, factor in steps)


def _luhn(code: str) -> bool:
    doubled = sum(sum(divmod(2 * int(c), 10)) for c in code[-2::-2])
    return (doubled + sum(map(int, code[-1::-2]))) % 10 == 0


_TURNED = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
while len(_TURNED) < 8:
    _TURNED.append([_TURNED[-1][digit] for digit in _TURNED[1]])


def _verhoeff(code: str) -> bool:
    """The multiplication of the dihedral group D5."""
    check = 0
    for place, char in enumerate(reversed(code)):
        digit = _TURNED[place % 8][int(char)]
        turned = (check % 5 + digit) % 5 if check < 5 else (check - digit) % 5
        check = turned + 5 * ((check < 5) != (digit < 5))
    return check == 0


def _iso_11_10(code: str) -> bool:
    """ISO 7064 MOD 11,10. Of a Steuer-ID's first ten digits exactly one comes more than once."""
    check = 5
    for char in code:
        check = ((check or 10) * 2 % 11 + int(char)) % 10
    return check == 1 and 8 <= len(set(code[:10])) <= 9


def _spanish(code: str) -> bool:
    digits = code[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == code[-1]


def _irish(code: str) -> bool:
    second = ord(code[8]) - 64 if len(code) > 8 and code[8] != "W" else 0
    return "WABCDEFGHIJKLMNOPQRSTUV"[(_sum(code[:7], range(8, 1, -1)) + 9 * second) % 23] == code[7]


_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def _italian(code: str) -> bool:
    values = [int(c, 36) - 10 * c.isalpha() for c in code]
    return (sum(_ODD[v] for v in values[0:15:2]) + sum(values[1:15:2])) % 26 == values[15]


def _french(code: str) -> bool:
    digits = code.replace("2A", "19", 1).replace("2B", "18", 1) if not code.isdigit() else code
    return digits.isdigit() and int(digits[:13]) % 97 + int(digits[13:]) == 97


def _belgian(code: str) -> bool:
    return int(code[9:]) in (97 - int(code[:9]) % 97, 97 - int("2" + code[:9]) % 97)


def _german_pension(code: str) -> bool:
    digits = code[:8] + f"{ord(code[8]) - 64:02}" + code[9:]
    weighed = (int(c) * w for c, w in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=False))
    return sum(sum(divmod(each, 10)) for each in weighed) % 10 == int(code[-1])


def _portuguese(code: str) -> bool:
    rest = _sum(code, range(9, 0, -1)) % 11
    return rest == 0 or (rest == 1 and code[-1] == "0")


def _czech(code: str) -> bool:
    return int(code) % 11 == 0 or (int(code[:9]) % 11 == 10 and code[-1] == "0")


def _romanian(code: str) -> bool:
    rest = _sum(code, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (1 if rest == 10 else rest) == int(code[-1])


def _turkish(code: str) -> bool:
    odd, even = sum(map(int, code[0:9:2])), sum(map(int, code[1:8:2]))
    return (7 * odd - even) % 10 == int(code[9]) and sum(map(int, code[:10])) % 10 == int(code[10])


def _finnish(code: str) -> bool:
    digits = code[:6] + code[-4:-1]
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31] == code[-1]


def _chilean(code: str) -> bool:
    rest = sum(int(c) * (2 + place % 6) for place, c in enumerate(reversed(code[:-1]))) % 11
    return "0K987654321"[rest] == code[-1]


def _zealand(code: str) -> bool:
    padded = code.zfill(9)
    for weights in ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6)):
        if (check := -_sum(padded, weights) % 11) < 10:
            return check == int(padded[-1])
    return False


def _japanese(code: str) -> bool:
    rest = _sum(code, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if rest <= 1 else 11 - rest) == int(code[-1])


def _thai(code: str) -> bool:
    return (11 - _sum(code, range(13, 1, -1)) % 11) % 10 == int(code[-1])


def _snils(code: str) -> bool:
    return _sum(code[:9], range(9, 0, -1)) % 101 % 100 == int(code[9:])


def _singapore(code: str) -> bool:
    rest = (_sum(code[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(code[0], 0)) % 11
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}.get(code[0], "XWUTRQPNMLK")
    return letters[rest] == code[-1]


def _hong_kong(code: str) -> bool:
    values = [int(c, 36) for c in code[:-1]]
    values = values if len(values) > 7 else [36, *values]
    check = 10 if code[-1] == "A" else int(code[-1])
    return (sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) + check) % 11 == 0


def _taiwanese(code: str) -> bool:
    first = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(code[0]) + 10
    second = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(code[1]) % 10 if code[1].isalpha() else int(code[1])
    return (first // 10 + 9 * first % 10 + 8 * second + _sum(code[2:], (7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def _cpf(code: str) -> bool:
    return len(set(code)) > 1 and _last((range(10, 1, -1), 10), (range(11, 1, -1), 10))(code)


def _argentine(code: str) -> bool:
    rest = _sum(code[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return {0: 0, 1: 9}.get(rest, 11 - rest) == int(code[10])


def _swedish(code: str) -> bool:
    return _luhn(code[-10:])


def _kazakh(code: str) -> bool:
    rest = _sum(code, range(1, 12)) % 11
    return (_sum(code, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11 if rest == 10 else rest) == int(code[-1])


def _baltic(code: str) -> bool:
    rest = _sum(code, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    return (_sum(code, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10 if rest == 10 else rest) == int(code[-1])


CHECKS: dict[str, Check] = {
    "luhn": _luhn, "verhoeff": _verhoeff,
    "nhs": _zero(range(10, 0, -1), 11), "tfn": _zero((1, 4, 3, 7, 5, 8, 6, 9, 10), 11),
    "medicare": _zero((1, 3, 7, 9, 1, 3, 7, 9, -1), 10), "ird": _zealand, "dni": _spanish, "pps": _irish,
    "codice": _italian, "nir": _french, "steuer": _iso_11_10, "rente": _german_pension,
    "bsn": _zero((9, 8, 7, 6, 5, 4, 3, 2, -1), 11), "rijksregister": _belgian, "nif": _portuguese,
    "pesel": _zero((1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), 10), "personnummer": _swedish,
    "fodselsnummer": lambda code: _zero((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), 11)(code)
    and _zero((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), 11)(code),
    "cpr": _zero((4, 3, 2, 7, 6, 5, 4, 3, 2, 1), 11), "hetu": _finnish, "ahv": _zero((1, 3) * 6 + (1,), 10),
    "svnr": _zero((3, 7, 9, -1, 5, 8, 4, 2, 1, 6), 11), "rc": _czech, "cnp": _romanian,
    "egn": _last(((2, 4, 8, 5, 10, 9, 7, 3, 6), 1)), "tckn": _turkish,
    "rnokpp": _last(((-1, 5, 7, 9, 4, 6, 10, 5, 7), 1)), "snils": _snils,
    "inn": _last(((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 1), ((3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 1)), "cpf": _cpf,
    "cuil": _argentine, "rut": _chilean, "nric": _singapore, "thai": _thai,
    "my number": _japanese, "hkid": _hong_kong, "taiwan": _taiwanese,
    "iin": _kazakh, "isikukood": _baltic,
}  # fmt: skip
"""Name → what it computes."""
_BY_LENGTH = {
    9: ("luhn", "nif"), 10: ("rnokpp", "egn"), 11: ("pesel", "tckn", "steuer", "isikukood", "fodselsnummer", "cpf"),
    12: ("iin", "inn"), 13: ("luhn", "cnp", "thai"),
}  # fmt: skip


def anybody(code: str) -> bool:
    """Whether digits can be the number of a person in one of the countries that write as many."""
    return code.isdigit() and any(CHECKS[name](code) for name in _BY_LENGTH.get(len(code), ()))
