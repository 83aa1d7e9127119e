"""Finds names in English texts: capital words that a table knows, or that a title or an introduction announces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhinan.steps.masks._names import GIVEN, SURNAMES, WORDS_TOO, listed
from zhinan.steps.masks._spans import Span

__all__ = ["names"]

_CAP = r"(?:(?:O'|D'|Mc|Mac|De|La|Le|Van|Al-|El-)?[A-ZÀ-Þ][a-zß-ÿ’']*[a-zß-ÿ](?:-[A-ZÀ-Þ][a-zß-ÿ]+)*|[A-Z]{2,})"
_PARTICLE = r"(?:(?:de la|de|van der|van den|van|von|der|da|dos|del|di|bin|ibn|al|ter|st\.?|y) )"
_INITIAL = r"(?:[A-Z]\.? )"
_RUN = re.compile(
    rf"(?<![A-Za-zÀ-ÿ0-9@_/.'’-])(?:{_INITIAL}\s?)*{_CAP}(?: {_INITIAL}*{_PARTICLE}?{_CAP})*(?![A-Za-zÀ-ÿ0-9_@])"
)
_WORD = re.compile(rf"{_CAP}|[A-Z]\b\.?|[a-z]+\.?")
_TITLE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Sgt|Capt|Lt)\.?|\b(?:Miss|Professor|Doctor|Nurse|Officer|Judge|Captain|Sir|"
    r"Uncle|Aunt|Aunty|Father|Sister|Detective|Senator|Coach)) \Z"
)
_NAMED = re.compile(
    r"(?i:\bname(?:d)?(?: is|['’]s| was|:| =|=| on (?:the )?\w+:?)|\bcalled|\bcall me|\bgo(?:es)? by|"
    r"\bcardholder(?: name)?:?|\baccount holder:?"
    r"|\bsigned(?: by|:|,)|\bpatient:?|\bbeneficiary:?|\brecipient:?|\bpayee:?|\battn:?|\bc/o|\battention:?|"
    r"\bcontact:?|\bpassenger:?|\bclaimant:?"
    r"|\bguest:?|\btenant:?|\binsured:?|\bapplicant:?|\bcaregiver:?|\bsincerely,|\bregards,|\bcheers,|\bwishes,|"
    r"\bbest,|\byours,|\bfaithfully,|\btruly,)\s{0,3}\Z"
)
_MET = re.compile(
    r"(?i:\b(?:i am|i['’]m|this is|it['’]s|hi|hello|hey|dear|thanks|thank you|thx|ask for|speak (?:to|with)|"
    r"spoke (?:to|with)|talk(?:ed)? (?:to|with)|met(?: with)?"
    r"|email(?:ed)?|call(?:ed)?|told|with|from|by|for|to|and|contacted|husband|wife|partner|son|daughter|brother|"
    r"sister|mother|father|mum|mom|dad|friend|colleague"
    r"|neighbou?r|boss|manager|agent|rep|adviser|advisor|doctor|nurse|surgeon|driver|courier|landlord|tenant|"
    r"client|customer|employee|teacher|student|technician|therapist|lawyer|solicitor),? ?)\Z"
)
_NOBODY = listed(
    """
    a about account adidas after afternoon again air airport all amazon america american an and android angeles
    apartment api apple april are as at atm august ave avenue balance bank basic bay be beach because been before
    best black bmw bridge british bug building business but by can can't card care case cash center centre ceo
    checking cheers china chinese christmas chrome church city claim clinic code college company corp could county
    court credit ct cto customer customers cyber day days de dear debit december delivery dental department deposit
    did diego director do doctor does dr drive east easter ebay edition el email english enterprise error eu eur
    evening everyone excel facebook faq february firefox flat floor for ford francisco french friday from gbp
    general german get github global gmail gold google got gp great group had has have he head health hello her hey
    hi hill his honda hospital hotel house how hr html i i'm i've id if in inc inn instagram install insurance
    interest international invoice ipad iphone is island issue it its january json july june kind kingdom la lake
    lane las life linkedin llc loan login london los ltd mac macbook madam mall manager march market mastercard max
    may medical microsoft might mini model monday month morning mortgage mountain mr mri mrs ms must my national
    netflix new nhs night nike no north not november number nurse october of office officer ok okay old on or order
    orders our outlook paris park password payment paypal pdf pharmacy phone pin place plan platinum plc please plus
    policy premium prime pro professor rd refund regards release return river road room royal safari saint samsung
    san santa saturday savings school september series service services she shipping shop should silver since
    sincerely sir slack sms so sony sorry south sql square st standard state statement states station store street
    suite sunday support tax team tesla thank thanks thanksgiving that the their there these they this those
    thursday ticket to today tomorrow tower toyota transfer tuesday twitter uk unit united university until update
    url us usa usb usd valley vat version visa was we wednesday week were west what whatsapp when where which while
    who why will windows wishes with without word world would year yes yesterday york you your yours youtube zoom
    """
)
_PLACES_BEFORE = listed(
    """
    east fort lake las los mount new north port saint san santa south st west
    """
)
_NOT_AFTER = re.compile(
    r"(?: (?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Court|Square|Place|Park|Bridge|Station|Airport|Hospital|"
    r"Clinic|University|College|School|Hotel|Bank|Inc|Ltd|LLC|"
    r"Corp|Company|Group|Stores?|Center|Centre|County|Island|Beach|Blvd|Boulevard|Way|Terrace|Close|Airlines|Hall|"
    r"Hill|Pharmacy|Foundation|Museum|Theatre)\b| ?& ?[A-Z])"
)
_LOWER = re.compile(
    r"(?i:\b(?:my name is|my name['’]s|name:|i am|i['’]m|this is|"
    r"called)) (?P<find>[a-z]{2,15}(?: [a-z]{2,15})?)(?![A-Za-z])"
)


def names(text: str) -> list[Span]:
    """Spans of English names; the title before a name is no part of it."""
    found = [span for run in _RUN.finditer(text) for span in _in_run(text, run.start(), run.end())]
    for met in _LOWER.finditer(text):
        words = met["find"].split()
        if words[0] in GIVEN - WORDS_TOO:
            start = met.start("find")
            both = len(words) > 1 and words[1] in SURNAMES
            found.append((start, start + len(met["find"] if both else words[0])))
    return found


def _in_run(text: str, start: int, end: int) -> Iterator[Span]:
    """Names within a run of capital words: it is cut at words that are in no name, and each piece is judged."""
    piece: list[re.Match[str]] = []
    for word in [*_WORD.finditer(text, start, end), None]:
        if word is not None and not (word[0].lower().rstrip(".") in _NOBODY and not _kept(word[0], piece)):
            piece.append(word)
            continue
        if piece:
            yield from _judged(text, piece)
        piece = []


def _kept(word: str, piece: list[re.Match[str]]) -> bool:
    """Words such as de, van or la stay inside a name."""
    return bool(piece) and word.islower()


def _judged(text: str, piece: list[re.Match[str]]) -> Iterator[Span]:
    while piece and piece[-1][0].islower():
        piece = piece[:-1]
    while piece and piece[0][0].islower():
        piece = piece[1:]
    if not piece:
        return
    start, end = piece[0].start(), piece[-1].end()
    before = text[max(0, start - 40) : start]
    words = [w[0].lower().rstrip(".") for w in piece if len(w[0].rstrip(".")) > 1]
    if not words:
        return
    if _TITLE.search(before) or (_NAMED.search(before) and len(words) <= 4):
        yield start, end
        return
    if _NOT_AFTER.match(text, end):
        return
    previous = before.split()[-1].lower().rstrip(".,") if before.split() else ""
    skip = _first_person(words, bool(_MET.search(before)), previous in _PLACES_BEFORE)
    if skip is not None:
        begin = [w for w in piece if len(w[0].rstrip(".")) > 1][skip].start() if skip else start
        yield begin, end
    elif _comma(text, piece):
        yield start, _comma(text, piece)


def _first_person(words: list[str], met: bool, place: bool) -> int | None:
    """Which word a person's name begins with, None when there is none."""
    for i, word in enumerate(words):
        rest = words[i + 1 :]
        given, plain = word in GIVEN, word not in WORDS_TOO
        if given and not place and not rest and (plain or (met and i == 0)):
            return i
        if given and rest and not place and (plain or rest[-1] in SURNAMES):
            return i
        if (
            rest
            and len(rest) <= 2
            and rest[-1] in SURNAMES
            and (rest[-1] not in WORDS_TOO or word in SURNAMES)
            and plain
        ):
            return i
        if met and i == 0 and word in SURNAMES and rest and plain:
            return i
    return None


def _comma(text: str, piece: list[re.Match[str]]) -> int:
    """Where a name written as "Smith, John" ends; 0 when it is none."""
    after = re.compile(r", ([A-Z][a-z]+)(?: [A-Z]\.)?").match(text, piece[-1].end())
    if after and piece[-1][0].lower() in SURNAMES and after[1].lower() in GIVEN and len(piece) == 1:
        return after.end()
    return 0
