"""How units are spelt, what multiplies a number, and which letters do only in some columns."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LETTERED", "LETTERS", "MONEY", "SCALES", "UNITS", "Ladder"]

_MONEY: Mapping[str, str] = {
    "CNY": "¥ 元 圆 块 块钱 cny RMB rmb 人民币 元人民币 CN¥", "USD": "$ usd US$ 美元 美金", "EUR": "€ eur 欧元",
    "GBP": "£ gbp 英镑", "JPY": "円 jpy 日元", "HKD": "HK$ hkd 港元 港币", "INR": "₹ Rs Rs.", "KRW": "₩ 韩元",
    "TWD": "NT$ 新台币", "CHF": "Fr.", "RUB": "₽", "AUD": "A$ AU$", "CAD": "C$ CA$", "NZD": "NZ$", "SGD": "S$",
    "BRL": "R$", "MXN": "MX$", "SEK": "", "NOK": "", "DKK": "", "kr": "kr.", "PLN": "zł", "CZK": "Kč", "HUF": "",
    "TRY": "₺ TL", "UAH": "₴", "ILS": "₪", "THB": "฿", "PHP": "₱", "VND": "₫", "IDR": "Rp", "MYR": "", "ZAR": "",
    "NGN": "₦", "SAR": "", "AED": "",
}  # fmt: skip

_SPELT: Mapping[str, str] = {
    **_MONEY,
    # shares
    "%": "percent", "‰": "", "pt": "pp 个百分点 百分点", "bp": "bps",
    # mass, length, area, volume
    "kg": "KG Kg kgs ㎏ 公斤 千克", "g": "克", "mg": "㎎ 毫克", "t": "吨", "lb": "lbs", "oz": "", "斤": "",
    "km": "KM ㎞ 公里 千米", "m": "米", "cm": "CM ㎝ 厘米", "mm": "㎜ 毫米", "in": "inch inches", "ft": "",
    "mi": "mile miles", "m²": "㎡ m2 sqm 平方米 平米", "L": "l 升", "mL": "ml ML 毫升",
    # time
    "ms": "毫秒", "s": "sec secs second seconds 秒", "min": "mins minute minutes 分钟", "h": "hr hrs hour hours 小时",
    "d": "day days 天 日", "week": "weeks 周", "month": "months 个月 月", "year": "years yr yrs 年 岁",
    # technical
    "B": "byte bytes", "KB": "kB", "MB": "", "GB": "", "TB": "", "℃": "°C", "℉": "°F", "km/h": "kmh 公里/小时",
    "W": "", "kW": "", "kWh": "度", "V": "", "mmHg": "", "mmol/L": "", "mg/dL": "",
    # things counted
    "个": "", "件": "", "人": "", "次": "", "条": "", "台": "", "分": "", "笔": "", "张": "", "名": "",
}  # fmt: skip

UNITS: Mapping[str, str] = {word: unit for unit, others in _SPELT.items() for word in (unit, *others.split())}
"""A unit as it is written → its one name. ¥ is taken for CNY; other words are units only of whole columns."""

MONEY = frozenset(_MONEY)
"""Units of money: what is behind their numbers is no byte and no metre."""

SCALES: Mapping[str, int] = {
    "k": 3, "K": 3, "thousand": 3, "M": 6, "mn": 6, "Mn": 6, "million": 6, "bn": 9, "Bn": 9, "billion": 9,
    "trillion": 12, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "億": 8, "百亿": 10,
    "千亿": 11, "万亿": 12,
}  # fmt: skip
"""What multiplies a number, as the power of ten."""

LETTERS: Mapping[str, int] = {"m": 6, "B": 9, "b": 9, "T": 12, "tn": 12}
"""What multiplies an amount of money, and any number of a column that shows it: else B is a byte and m a metre."""

LETTERED = r"[0-9] ?(?:m|B|b|T|tn)(?:[^A-Za-z]|$)"
"""A regular expression (for Python and for polars) that finds numbers before one of them."""

_FULL = 100
"""A number before k, M or bn from which the next one is not far."""


class Ladder:
    """Tells from the numbers of a column which LETTERS multiply them: those that go on where k, M and bn end."""

    def __init__(self) -> None:
        self._steps: dict[int, float] = {}
        self._letters: dict[str, tuple[int, float, bool]] = {}

    def add(self, scale: str, number: float) -> None:
        """A number without a unit, as it stands before one of SCALES or LETTERS."""
        number = abs(number)
        if scale in SCALES:
            self._steps[SCALES[scale]] = max(number, self._steps.get(SCALES[scale], 0.0))
        elif scale in LETTERS:
            count, most, parted = self._letters.get(scale, (0, 0.0, False))
            self._letters[scale] = count + 1, max(number, most), parted or not number.is_integer()

    def told(self) -> tuple[str, dict[str, int]]:
        """The letters that multiply, parted by blanks, and those of which nobody can say, with how many values each.

        A letter multiplies where the numbers before the next smaller scale reach 100, or those before it do and a
        larger scale stands there too; B only where some of its numbers have a fraction, which bytes never have.
        """
        steps, found = dict(self._steps), []
        larger = {**self._steps, **{LETTERS[letter]: most for letter, (_, most, _) in self._letters.items()}}
        for letter, (_, most, parted) in sorted(self._letters.items(), key=lambda item: LETTERS[item[0]]):
            power = LETTERS[letter]
            ends = max((steps[below] for below in range(power - 3, power) if below in steps), default=0.0)
            goes_on = ends >= _FULL or (most >= _FULL and power + 3 in larger)
            if goes_on and (parted or letter != "B"):
                found.append(letter)
                steps[power] = max(most, steps.get(power, 0.0))
        scaled = bool(self._steps)
        unclear = {letter: held[0] for letter, held in self._letters.items() if scaled and letter not in found}
        return " ".join(found), unclear
