"""Dates of birth that a table's head, another date beside them or a person's papers tell."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core.rules import rule
from zhinan.steps.masks._dates import ADULT, DATE, DATE_END, FULL, LIFE
from zhinan.steps.masks._spans import Span

__all__ = ["HEADED", "INSERTED", "SAID", "WORTH", "headed", "inserted"]

WORTH = (
    r"(?i:d\.?0\.?b)|(?:核[对對实實]|确认|確認)[^\n]*[0-9]{4}|"
    r"(?i:in (?:my|his|her|our|their) name|details|identity|full name)[^\n]*[0-9]{4}"
)
_BORN = r"(?:(?<![A-Za-z])(?i:birth(?:day|date)?|b-?day|d\.?[o0]\.?b\.?|born)(?![A-Za-z])|出生|生日)"
_NAME = r"[^\W\d_a-z][\w'’.-]{0,30}(?: (?:[^\W\d_a-z][\w'’.-]{0,30}|de|da|van|von|bin|al|el|della|den|der|du)){1,4}"
_ROMAN = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_SIGNED = rule(
    rf"(?:(?<![A-Za-z])(?i:b\.|born|geb\.|d\.?o\.?b\.?:?|née?|nato|nata)|\*) ?(?:on )?"
    rf"(?P<find>\d{{1,2}}[. ]{{0,2}}(?i:{_ROMAN})[. ]{{0,2}}(?:1[89]|20)\d\d)(?!\d)"
    r"|(?<![A-Za-z])(?i:d\.?[o0]\.?b\.?)[ :=]{1,3}"
    r"(?P<read>[0-3OoIl][0-9OoIl][-/.][01OoIl][0-9OoIl][-/.][12Il][0-9OoIl]{3})(?![\w-])"
)
"""The month in Roman numerals, and digits that were read as letters."""
_OTHERS = rule(
    rf"{_BORN}[^\n.!?。！？]{{0,60}}?(?<!\d){FULL}[^\n.!?。！？]{{0,24}}?(?:"
    r"[，,;；、] ?(?:而|但|可)?(?=[我他她佢你您俺咱妈爸媽老丈妻女儿兒先太])(?:我|他|她|佢|你|您|俺|咱)?"
    r"(?:[妈爸媽]|老[公婆]|丈夫|妻子|女[儿兒]|[儿兒]子|先生|太太)?(?:的|是|嘅|呢|就)?[是係为為]? ?"
    r"|,? ?(?:and |but |while )?(?:mine|his|hers|theirs|my \w{2,12}['’]s)(?: is|['’]s| was|:|,)? )"
    rf"(?P<find>{FULL})(?!\d|[^\n，,。；;]{{0,4}}(?:入[职職学學住]|[参參]加|到[岗崗]|[办辦]|[结結]婚|[毕畢]业))"
)
"""Whose is said in turn."""
_HELD = rule(
    rf"{_BORN}[^\n]{{0,100}}?(?i:the one (?:we|you|they|i) (?:hold|have|got|keep)|"
    rf"(?:our|your|the) (?:records?|system|file)|on file)"
    rf"(?: (?:says?|is|shows?|has|have|reads?|as)|,|:)? ?(?P<find>{DATE}){DATE_END}"
)
_CHECKED = rule(
    r"(?:核[对對实實]|确认|確認)[一下：:， ]{0,3}[^\n。；;0-9]{0,8}?"
    r"[一-龥·]{2,4}(?:（[^（）\n]{1,12}）|\([^()\n]{1,12}\))?[，,、 ]{1,2}"
    rf"(?P<find>{LIFE})(?=[，,、 ][^\n。；;]{{0,10}}(?:型|[男女]|[岁歲]|身[份分]|[电電][话話]|手[机機]|床|籍|族))"
)
_IN_NAME = rule(
    r"(?i:in (?:my|his|her|our|their) name|(?:my|his|her|their) details|identity|full name|to verify me)"
    rf"[^\n;0-9]{{0,12}}?[:,] ?{_NAME}(?:, ?| - | / | \()(?P<find>{LIFE})(?!\d)"
    rf"|(?<![\d.-])(?P<life>{LIFE})出世"
)
_PART = r"[^\W\d_a-z][\w'’.-]{0,30}"
_IN_ROW = rule(
    rf"(?<![A-Za-z])(?i:row|line|record|entry|csv|handover|bed|room|cabin|seat|crew|pax|manifest|roster)\b"
    rf"[^\n;|]{{0,24}}?(?<!\w)(?:{_PART}, {_PART}|{_NAME})(?: ?[,;|\t] ?| \(| [-–/] )(?P<find>{ADULT})"
    r"(?=[,;|)\t ]|\.(?!\d)|\Z)"
    rf"|(?<!\w)(?:{_PART}, {_PART}|{_NAME}|[一-龥·]{{2,4}})(?P<sign> ?[;|\t] ?)(?P<cell>{ADULT})(?=(?P=sign))"
    r"(?=[^\n]{0,60}(?:[\w.+-]@\w|\+\d|\b1[3-9]\d{9}\b|(?i:passport)|护照))"
)
"""The cell beside a person's name, in a row that says so or that tells how to reach them."""
_MYSELF = rule(
    rf"(?:本人|我[叫是]|床位?\d{{0,3}}[号床]?[：: ]{{1,2}}|\d床[：: ]{{0,2}})"
    rf"[一-龥·]{{2,4}}[，,、（( ]{{1,2}}(?P<find>{ADULT})(?=[，,、；;。）) ]|\Z)"
)
_INTO = (
    r"(?i:\binsert into) [\w.\"'`]{0,40}?(?i:users?|persons?|people|patients?|customers?|clients?|members?|students?|"
    r"pupils?|guests?|contacts?|accounts?)[\"'`]?"
)
_ROW = rule(
    rf"{_INTO} (?i:values) ?\((?:(?!'\d{{4}}-\d\d-)[^\n;()]){{0,200}}?'(?P<find>(?:19\d\d|200\d)-\d\d-\d\d)'"
    r"(?![^\n;()]*'\d{4}-\d\d-\d\d)"
)
"""The only date of a row of persons, of whose columns nothing is said."""
_ON_PAPER = rule(
    r"(?:身[份分][证證]|[户戶]口[本簿]|[证證]件|病[历歷]|系[统統])[上里裡]?(?:的?[是写寫]的?|登[记記]|[显顯]示|"
    r"[填印])?[的成了是为為]{0,2}[：: ]?"
    rf"(?P<find>{FULL})(?=[，,、；;][^\n。]{{0,10}}(?:生日|出生))"
)
"""What papers say, where another birthday is told behind it."""
SAID = (_ON_PAPER, _SIGNED, _OTHERS, _HELD, _CHECKED, _IN_NAME, _ROW, _IN_ROW, _MYSELF)
"""Where such dates stand: in the last group of a match that has a name."""
_TITLE = r"(?<![a-z])(?:d\.?o\.?b|date[ _]of[ _]birth|birth[ _]?da(?:te|y)|出生(?:日期|年月日?)|生日)(?![a-z])"
HEADED = rule(rf"(?im)^[^\n]{{0,200}}{_TITLE}[^\n]*\n")
"""The head of a table with a column of births."""
_COLUMN = rule(rf"(?i){_TITLE}")
INSERTED = rule(rf"(?i)\binsert into \S{{1,60}} ?\((?P<titles>[^()\n]{{0,200}}{_TITLE}[^()\n]*)\)\s*values\s*")
"""A statement of SQL that names its columns, one of them that of a birth."""
_VALUES = rule(r"\s*(?:,\s*)?\((?P<cells>(?:'[^']*'|[^'()]){0,2000})\)")
_CELL = rule(r"(?:'[^']*'|[^',])+")
_ONE = rule(rf"\s*[\"']?(?P<find>{DATE}){DATE_END}[\"']?\s*")


def headed(text: str) -> Iterator[Span]:
    """The dates below a head that says birth, in lines of as many cells."""
    tables: dict[str, tuple[int, set[int]]] = {}  # what parts cells → how many a line has, and which hold births
    at = 0
    for line in text.split("\n"):
        for sign, (width, columns) in list(tables.items()):
            cells = line.split(sign)
            if len(cells) != width:
                del tables[sign]
                continue
            start = at
            for place, cell in enumerate(cells):
                if place in columns and (match := _ONE.fullmatch(cell)):
                    yield start + match.start("find"), start + match.end("find")
                start += len(cell) + 1
        if title := _COLUMN.search(line):
            sign = max(",;\t|", key=line.count)
            if sign in line:
                _, columns = tables.setdefault(sign, (line.count(sign) + 1, set()))
                columns.add(line.count(sign, 0, title.start()))
        at += len(line) + 1


def inserted(text: str) -> Iterator[Span]:
    """The dates that a statement of SQL puts into a column of births."""
    for head in INSERTED.finditer(text):
        titles = head["titles"].split(",")
        column = next(i for i, title in enumerate(titles) if _COLUMN.search(title))
        end = head.end()
        while row := _VALUES.match(text, end):
            end = row.end()
            cells = [*_CELL.finditer(text, *row.span("cells"))]
            if len(cells) == len(titles) and (match := _ONE.fullmatch(text, *cells[column].span())):
                yield match.span("find")
