"""Writes the quick look of the mask `person_name`, from its tables: `python tools/name_gate.py`, after name_tables.py.

A text that this regular expression is not in holds no name. It is tried in Rust over whole columns and in Python over
one text, so it is a tree of prefixes, and has only what both read the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from zhinan.steps.masks._chinese_cues import NO_PART, TITLES
from zhinan.steps.masks._tables import bits, english

PLACE = Path(__file__).parents[1] / "src/zhinan/steps/masks/names.gate"
ENGLISH = (
    "[À-ɏḀ-ỿ]",
    "[A-Z][A-Za-z'’.-]+ (?:(?:van|von|de|del|da|bin|al|el) )?(?:[A-Z][.] ?)?[A-Z][a-z]",
    "[A-Z][.] ?[A-Z]",
    "[A-Z]{3,} [A-Z]{3,}",
    '[a-z][a-z,:;] ?["“(]?[A-Z][a-z]{2}',
    "[,.!:-]? ?\n *[A-Z][a-z]+ *(?:$|\n)",
    "(?:^|\n|\\] ?)[A-Z][a-z]+ ?:",
    "(?:^|[^A-Za-z])[A-Z][a-z]+(?:['’]s|,? (?:said|says|called|calls|asked|told|wrote|emailed|lives|here|left|is|was|"
    "has|and|from))(?:$|[^a-z])",
    "(?:^|[^A-Za-z])[Mm](?:r|rs|s|iss)(?:[.]|[^A-Za-z])",
    "[Nn]ames?[^a-z]|[Cc]all(?:ed)? me|[Rr]egards|[Cc]heers|[Ss]igned|[Ss]incerely|[Aa]ttn|(?:^|[^A-Za-z])(?:[Dd]r|"
    "[Pp]rof)[^a-z]",
)


def tree(words: Iterable[str]) -> str:
    """One regular expression for many words, with what they begin with written once."""
    ordered = sorted(set(words))
    ends = "" in ordered
    parts = []
    for char, group in groupby((w for w in ordered if w), key=lambda w: w[0]):
        parts.append(char + tree(w[1:] for w in group))
    if not parts:
        return ""
    inner = "|".join(parts)
    return f"(?:{inner})?" if ends else (f"(?:{inner})" if len(parts) > 1 else inner)


def latin() -> str:
    """Given names that are no words or places, in small letters or with a capital."""
    given = [
        w for w, (given, _, plain, place) in english().items() if given >= 2 and plain < 2 and not place and len(w) > 2
    ]
    by_first = groupby(sorted(given), key=lambda w: w[0])
    tries = "|".join(f"[{char.upper()}{char}]{tree(w[1:] for w in group)}" for char, group in by_first)
    return f"(?:^|[^A-Za-z])(?:{tries})(?:$|[^a-z])"


def chinese() -> str:
    """Surnames before what names are made of, pet names, and words that announce a name."""
    chars, families = bits("chars"), bits("families")
    one = {c for c in chars if c not in NO_PART}
    first = _class(
        c for c in one if chars[c] - min(bits("first").get(c, 99), bits("only").get(c, 99)) >= 0 or chars[c] > 17
    )
    second = _class(c for c in one if chars[c] - bits("second").get(c, 99) >= 0 or chars[c] > 17)
    usual = _class(c for c in families if len(c) == 1 and chars.get(c, 20) - families[c] >= 1)
    strong = [_class(c for c in one if chars[c] - bits(part).get(c, 99) >= 3) for part in ("first", "second")]
    double = "|".join(sorted(c for c in families if len(c) == 2))
    return "|".join((
        f"{usual}(?:{first}|[一-龥]{second})", f"(?:{double})[一-龥]", f"{usual}(?:{TITLES}|[总工哥姐叔姨嫂董])",
        f"[老小阿](?:{usual}|{second})", "姓[一-龥]", "[一-龥A-Z][·•]", "(.)", "".join(strong),
        f"[人是叫给找和跟系公婆夫妻儿妈爸哥姐弟妹舅姨叔客员师生长理任友事邻娘东主床栋室称子系]{usual}[一-龥]",
        f"(?:^|[^一-龥]){usual}[一-龥]{{1,2}}(?:[，。：:]|$|先生|女士|说|你好|您好|[今昨明]天|你)",
        "[一-龥][ ,，:：（(/|、]{0,2}1[3-9][0-9]{2}|\n[ \u3000]*[一-龥]{2,3}[ \u3000]*(?:$|\n)|"
        "[（(][一-龥]{2,3}[）)]|人(?:姓名)?[:：]|(?:儿子|女儿|孩子|宝宝|侄[子女]|孙[子女]|外甥|前台)[一-龥]{2}|"
        "[一-龥](?:妈妈|爸爸|先生|女士)",
        "(?:我叫|名叫|姓名|名字|联系人|收件人|收货人|患者|乘客|持卡人|签名|本人|同事|朋友)[一-龥是为: ]",
    )).replace("|(.)|", "|")  # fmt: skip


def _class(chars: Iterable[str]) -> str:
    return f"[{''.join(sorted(chars))}]"


if __name__ == "__main__":
    PLACE.write_text("|".join((latin(), *ENGLISH, chinese())), "utf-8")
    print(PLACE.stat().st_size)
