"""Finds names in English texts: capital words that a table knows, or that a title or an introduction announces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from zhinan.steps.masks._names import GIVEN, SURNAMES, SYLLABLES, WORDS_TOO, listed
from zhinan.steps.masks._spans import Span

__all__ = ["names"]

_CAP = r"(?:(?:O'|D'|Mc|Mac|De|La|Le|Van|Al-|El-)?[A-ZÀ-Þ][a-zß-ÿ’']*[a-zß-ÿ](?:-[A-Za-zÀ-ÿ][a-zß-ÿ]+)*|[A-Z]{2,})"
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
    r"|email(?:ed)?|call(?:ed)?|told|contacted|husband|wife|partner|son|daughter|brother|"
    r"sister|mother|father|mum|mom|dad|friend|colleague"
    r"|neighbou?r|boss|manager|agent|rep|adviser|advisor|doctor|nurse|surgeon|driver|courier|landlord|tenant|"
    r"client|customer|employee|teacher|student|technician|therapist|lawyer|solicitor),? ?)\Z"
)
_NOBODY = listed(
    """
    a about account address adidas after afternoon again agent air airport all also although always amazon america
    american an and android angeles any apartment api apple applicant april are aren't as ask asked at atm attendee
    attn august aunt ave avenue balance bank basic bay bcc be beach because been before beneficiary best black bmw
    booked booking boss both bought bridge british brother bug building business but by call called can can't
    canceled cancelled card care case cash cc center centre ceo checked checking cheers china chinese christmas
    chrome church city claim claimant client clinic close closed code colleague college com company consultant
    contact corp could could've county courier court cousin credit ct cto customer customers cyber dad daughter day
    days de dear debit december deliver delivery dental department deposit did didn't diego director do dob doctor
    does does's doesn't don't dr drive driver each east easter ebay edition eg either el email employee engineer
    english enterprise error etc eu eur even evening every everyone excel facebook faq father fax february few
    finally firefox first flat floor for ford francisco french friday friend from fwd gave gbp general german get
    github give global gmail gold google got gp great group guardian guest had has hasn't have haven't he head
    health hello her here hey hey's hi hill his holder honda hospital hotel house how however hr html http https
    hurricane husband i i'm i've id ie if ill im in inc inn instagram install insurance insured interest
    international interviewing invoice ipad iphone is island isn't issue it its ive january json july june just kind
    kingdom know knows kong la lake landlord lane las last less let lets life like likes linkedin llc loan login
    london los love loves ltd ltd's mac macbook madam made make mall manager many march market mastercard max may
    maybe meanwhile medical member met microsoft might mini mobile model mom monday month more morning mortgage most
    mother mountain mr mri mrs ms much mum must my my's name names national need needs neither netflix never new
    next nhs night nike no north not note notes november number nurse october of office officer often ok okay old on
    only open opened or order ordered orders our outlook owner paid parent paris park passenger password patient
    payee payment paypal pdf per perhaps pharmacy phone pin place plan platinum plc please please's plus policy
    premium prime pro professor ps rd re received recipient referred refund regards release rep representative
    resident return returned rider river road room royal safari said saint samsung san santa saturday savings say
    says school second see send sender september series service services several she ship shipping shop should
    signed silver since sincerely sir sister slack sms so some sometimes son sony sorry south speak spoke spouse sql
    square st standard start started state statement states station still stop stopped store street street's student
    subject suite sunday support take talk tax teacher team technician tel telephone tell tenant tesla thank thanks
    thanksgiving that the their then there these they think thinks third this those though thursday ticket to today
    told tomorrow tonight took tower toyota transfer traveller tried tuesday twitter uk uncle unit united university
    until update url us usa usb usd used user users using valley vat version via visa visited visitor vs want wants
    was wasn't we website wednesday week were weren't west what whatsapp when whenever where which while who why
    wi-fi wife will windows wishes with without witness won't word world would www year yes yesterday york you your
    yours youtube zoom
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
_ACTS = re.compile(
    r",? (?:said|says|called|calls|asked|told|tells|wrote|writes|emailed|confirmed|reported|reports|lives|signed|wants|"
    r"requested|complained|visited|handled|replied|has (?:not|been|never|a)|hasn['’]t|is (?:a|the|my|our|still|not)|"
    r"was (?:a|the|my|very|so|not|born))\b"
)
_FIRMS = re.compile(
    r"Morgan Stanley|Wells Fargo|Ralph Lauren|Calvin Klein|Tommy Hilfiger|Charles Schwab|Merrill Lynch|Louis Vuitton|"
    r"Hugo Boss|Michael Kors|Kate Spade|John Deere|Harley Davidson|Mary Kay|Jack Daniel|Aston Martin|Scott Kay"
)
_LOWER_PAIR = re.compile(r"(?<![A-Za-z'-])(?=([a-z]{3,12}) ([a-z]{3,14})(?![A-Za-z'-]))\1 \2")
_FAMILY = re.compile(SYLLABLES)
_TWO = re.compile(f"(?:{SYLLABLES}){{1,2}}")
_OWNED = re.compile(r"['’]s\Z")
_LOWER = re.compile(
    r"(?i:\b(?:my name is|my name['’]s|name:|i am|i['’]m|this is|"
    r"called)) (?P<find>[a-z]{2,15}(?: [a-z]{2,15})?)(?![A-Za-z])"
)


def names(text: str) -> list[Span]:
    """Spans of English names; the title before a name is no part of it."""
    found = [span for run in _RUN.finditer(text) for span in _in_run(text, run.start(), run.end())]
    for pair in _LOWER_PAIR.finditer(text):
        if pair[1] in GIVEN - WORDS_TOO and pair[2] in SURNAMES and (pair[2] not in WORDS_TOO or len(pair[1]) > 4):
            found.append(pair.span())
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
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    before = text[max(0, start - 40) : start]
    named = [w for w in piece if len(w[0].rstrip(".")) > 1 and not w[0].islower()]
    words = [_plain(w[0]) for w in named]
    if not words:
        return
    if _TITLE.search(before) or (_NAMED.search(before) and len(words) <= 4):
        yield start, end
        return
    if _NOT_AFTER.match(text, end) or _FIRMS.match(text[start:end]):
        return
    previous = before.split()[-1].lower().rstrip(".,") if before.split() else ""
    met = bool(_MET.search(before)) or (len(words) in (2, 3) and bool(_ACTS.match(text, end)))
    skip = _first_person(words, met, previous in _PLACES_BEFORE)
    if skip is not None:
        begin = named[skip].start() if skip else start
        yield begin, end
    elif _comma(text, piece):
        yield start, _comma(text, piece)


def _plain(word: str) -> str:
    """A word in lower case without accents and the s of a genitive."""
    bare = unicodedata.normalize("NFD", _OWNED.sub("", word.lower().rstrip(".")))
    return "".join(c for c in bare if not unicodedata.combining(c))


def _pinyin(words: list[str]) -> bool:
    """Whether two words are a Chinese name in pinyin, the family's name on either side."""
    if len(words) != 2:
        return False
    return any(
        family in SURNAMES and _FAMILY.fullmatch(family) is not None and _TWO.fullmatch(given) is not None
        for family, given in (words, words[::-1])
    )


def _first_person(words: list[str], met: bool, place: bool) -> int | None:
    """Which word a person's name begins with, None when there is none."""
    for i, word in enumerate(words):
        if _pinyin(words[i:]):
            return i
        if i + 1 < len(words) and word not in GIVEN and word not in SURNAMES and words[i + 1] in GIVEN - WORDS_TOO:
            continue
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
        if met and i == 0 and rest and plain and (word in SURNAMES or rest[-1] in SURNAMES):
            return i
    return None


def _comma(text: str, piece: list[re.Match[str]]) -> int:
    """Where a name written as "Smith, John" ends; 0 when it is none."""
    after = re.compile(r", ([A-Z][a-z]+)(?: [A-Z]\.)?").match(text, piece[-1].end())
    if after and piece[-1][0].lower() in SURNAMES and after[1].lower() in GIVEN and len(piece) == 1:
        return after.end()
    return 0
