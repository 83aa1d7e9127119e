"""The words that mean yes, no and "missing", in English and 中文."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FLAGS", "INFINITE", "MEANING", "MISSING", "ORDINARY"]

FLAGS: tuple[tuple[str, str], ...] = (
    ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("0", "1"), ("off", "on"), ("否", "是"), ("假", "真"),
)  # fmt: skip
"""What a flag can be written with: (not so, so), in any case."""

MEANING: Mapping[str, bool] = {word: so for pair in FLAGS for word, so in zip(pair, (False, True), strict=True)}
"""The same, word by word."""

INFINITE = frozenset({f"{sign}{word}" for sign in ("", "+", "-", "−") for word in ("inf", "infinity", "∞")})
"""Words for what a division by nothing leaves, in small letters."""

MISSING = frozenset(
    {"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", "missing", "unknown", "\\n"}
    | {"n.a.", "n. a.", "n.a"}
    | {"#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!"}
    | INFINITE
    | {"无", "缺失", "未知", "—", "——", "暂无", "未填", "不详"}
)
"""Words for a missing number, flag, time or list, in small letters; among them what spreadsheets
leave. In texts and categories they are ordinary words."""

ORDINARY = frozenset({"", "none", "unknown", "missing", "无", "未知"})
"""Those of them that people also write to say something: no guarantor, origin unknown."""
