"""Dates of birth that nothing calls so: what stands right behind the name of a child, or of anybody in a record."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core.rules import rule
from zhinan.steps.masks._dates import ADULT, DATE_END, FULL, MONTH, YEAR
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks.person_name import person_name

__all__ = ["CHILDREN", "LIVED", "births_beside_names", "births_of_children", "happens"]

_PLACE = (
    r"nurser(?:y|ies)|pre-?school(?:ers?)?|kindergarten|cr[eè]che|day ?care|childmind\w{2,4}|playgroup|toddlers?|"
    r"pa?ediatrics?|reception class|year r|school"
)
_CHILD = (
    r"child(?:ren)?|kids?|minors?|infants?|bab(?:y|ies)|newborns?|twins|triplets|dependa?nts?|pupils?|sons?|daughters?|"
    r"grand(?:sons?|daughters?|child(?:ren)?)"
)
_PLACE_ZH, _CHILD_ZH, _SHOT = (
    "入[园園托]|幼[儿兒][园園]|托[班育儿]|[儿兒]科|[学學]籍|一年[级級]|新生入[学學]",
    "[儿兒]童|[婴嬰幼患][儿兒]|新生[儿兒]|[宝寶]{2}|[宝寶][贝貝]|小孩|孩子|小朋友|[儿兒]子|女[儿兒]",
    r"vaccin\w{1,7}|immuni[sz]ations?",
)
CHILDREN = rule(
    rf"(?i:(?<![A-Za-z])(?:{_PLACE}|{_CHILD}|{_SHOT}|class list)(?![A-Za-z]))|{_PLACE_ZH}|{_CHILD_ZH}|接[种種]|疫苗"
)
"""What speaks of children."""
_FORM = rule(
    rf"(?:(?i:(?<![A-Za-z])(?:(?:{_PLACE}|{_SHOT}|{_CHILD})(?: \w+){{0,2}} (?:forms?|lists?|registers?|registration|"
    r"applications?|enrol\w*|places?|rolls?|intake|records?|cards?|history|admissions?)|class list)[ \d]{0,6}"
    r"(?:[:.\n–-]|(?:for|of) |\Z))"
    rf"|(?i:(?<![A-Za-z])(?:{_CHILD})) ?\d?:"
    rf"|(?:{_PLACE_ZH}|{_CHILD_ZH}|接[种種]|疫苗)[^\n。；;，,]{{0,4}}"
    r"(?:名[单單册冊]|登[记記]|[记紀][录錄]|表|本|[证證]|卡|[报報]名|[档檔]案)[^\n。；;，,]{0,2}(?:[：: \n]|\Z))"
)
"""A paper on which children stand, one after the other."""
_NEAR = rule(
    rf"(?:(?i:(?<![A-Za-z])(?:{_PLACE}|{_CHILD})(?![A-Za-z]))|{_PLACE_ZH}|{_CHILD_ZH})[^,;.!?\n，；。！？]{{0,40}}\Z"
)
_DATE = rule(
    rf"(?<![\d.-])(?:{FULL}|\d{{1,2}}(?:st|nd|rd|th)?[ -]{MONTH},?[ -]{YEAR}|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? "
    rf"{YEAR}){DATE_END}(?![./-]\d)(?!,? ?(?i:at |@ ?|from |mmr|dose|given|jab)|,? ?\d{{1,2}}(?:[:.]\d\d| ?[ap]m)"
    r"|日? ?(?:上午|下午|[早晚]上|\d{1,2}[:：点點时時]|接[种種]))"
)
_BETWEEN = rule(
    r"(?:[ ,，、:：|\t–-]|[(（]|(?<![A-Za-z])(?i:f|m|girl|boy|female|male|infant|child|baby|inf|chd)(?![A-Za-z])"
    r"[),）]?|[男女][)）孩]?|[婴嬰儿兒童]{1,2}[)）]?){0,6}"
)
_OF_A_CHILD = rule(r"(?i:girl|boy|infant|child|baby|inf\b|chd\b)|[孩婴嬰儿兒童]")
_HAPPENS = rule(
    r"(?i:(?<![A-Za-z])(?:appointments?|visit\w*|trips?|book\w*|seen|start\w*|lea(?:ves?|ving)|invoice\w*|order\w*|"
    r"paid|pay\w*|collect\w*|pick\w*|party|due|sign\w*|died|jab|dose|vaccinated)(?![A-Za-z]))"
    r"|[预預][約约]|[订訂][单單购購]|[下买買][单單]|[购購][买買]|收[货貨件]|[缴繳][费費]|就[诊診]|接送|[签簽][名字]|"
    r"[请請]假|[经經][办辦]|填表|[评評][价價]"
)
_OTHERS = rule(
    r"(?i:(?<![A-Za-z])(?:with|by|to|from|dear|thanks|thank you|regards|yours\w*|sincerely)[ ,]{1,3}"
    r"(?:(?:mrs?|ms|dr)\.? )?)\Z"
    r"|家[长長][：:]\Z"
)
"""What makes it the name of somebody else."""
_ASIDE = rule(r"[.!?;\n。！？；]")
_BACK = 400


def births_of_children(text: str) -> Iterator[Span]:
    """Dates right behind a name, on a paper of children or where the words before the name speak of one."""
    dates = [match.span() for match in _DATE.finditer(text)]
    names = {end: start for start, end in person_name(text)} if dates else {}
    for start, end in dates:
        behind = next((at for at in range(start, max(-1, start - 24), -1) if at in names), None)
        if behind is None or not _BETWEEN.fullmatch(text, behind, start):
            continue
        before = text[max(0, names[behind] - _BACK) : names[behind]]
        told = _OF_A_CHILD.search(text, behind, start) or _NEAR.search(before) or _FORM.search(before)
        if told and not happens(before) and not _OTHERS.search(before):
            yield start, end


LIVED = rule(rf"(?<![\d./-]){ADULT}(?!\d|[./-]\d)")
"""A day on which somebody grown may have been born."""
_CELL = r"[^\n,，;；|/()（）:：。.!?！？]{1,20}"
_IN_RECORD = rule(rf"(?: ?[,，、;；|/\t] ?{_CELL})?(?: ?[,，、;；|/\t] ?| ?[(（] ?| [-–—] | (?=\d)|(?<=[一-龥])(?=\d))")
_GOES_ON = rule(r" ?(?:[,，、;；|/)）\t\n]|[.。](?!\d)|\Z)")
_PUBLISHED = rule(
    r"(?i)\b(?:news|times|post|press|journal|review|album|film|match|treaty|battle|war|released|published|LP|EP|CD|DVD|vinyl|single|"
    r"blu-?ray|premi[eè]re|soundtrack|tour|concert|live at|episode|season)\b"
)


def births_beside_names(text: str) -> Iterator[Span]:
    """Days long ago that stand alone in a record right behind somebody's name, or one cell further."""
    dates = [match.span() for match in LIVED.finditer(text) if _GOES_ON.match(text, match.end())]
    names = {end: start for start, end in person_name(text)} if dates else {}
    for start, end in dates:
        behind = next((at for at in range(start, max(-1, start - 28), -1) if at in names), None)
        if behind is None or not _IN_RECORD.fullmatch(text, behind, start):
            continue
        before = text[max(0, names[behind] - _BACK) : names[behind]]
        published = _PUBLISHED.search(text, max(0, names[behind] - 40), end + 16)
        if not (published or _OTHERS.search(before) or happens(before + text[names[behind] : start])):
            yield start, end


def happens(before: str) -> bool:
    """Whether the sentence up to here tells what happens on a day."""
    return _HAPPENS.search(_ASIDE.split(before)[-1]) is not None
