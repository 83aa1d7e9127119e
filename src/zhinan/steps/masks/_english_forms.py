"""Finds English names by their form: a surname before initials or, in capitals, before a given name; a nickname."""

from __future__ import annotations

from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tokens import token_of

__all__ = ["formed"]

_INITIALLED = rule(
    r"(?<![A-Za-z'’-])(?P<family>[A-Z'’-]{3,}(?=, [A-Z]\.)|[A-Z][a-z'’-]{2,}(?=, [A-Z]\.(?! ?[A-Z]))), "
    r"(?:[A-Z]\.[ -]?)?[A-Z]\.(?![a-z])"
)
"""ADEYEMI, F."""
_LOUD = rule(
    r"(?:(?<![A-Za-z'’] )(?<![A-Za-z0-9/_.-])|(?<=from ))(?P<family>[A-Z]{3,}) (?P<given>[A-Z]{3,})(?: [A-Z]\b\.?)?"
    r"(?![A-Za-z0-9/_-])"
)
"""ESPOSITO LUCA among words that are not all capital."""
_QUOTED = rule(r"(?<![\w'’-])(?P<given>[A-Z][\w'’-]+) [\"“‘'(][A-Z][a-z]+[\"”’')] (?P<family>[A-Z][\w'’-]+)")
"""Robert "Bob" Smith."""


_FAMILY = rule(
    r"\b[Tt]he (?P<find>[A-Z][a-zÀ-ÿ'’-]{2,}) (?:family|household)\b"
    r"|\b(?:[Hh]ost [Ff]amily|[Ff]amilie|[Ff]amille|[Ff]amiglia) (?P<host>[A-Z][a-zÀ-ÿ'’-]{2,})(?![\w-])"
)
_NUMBERED = rule(
    r"\b(?i:applicant|passenger|pax|guest|tenant|child|adult|travell?er|driver|insured|player|witness|patient|"
    r"dependa?nt|"
    r"claimant|occupant|attendee) \d{1,2}(?:[:.)]| [-–])? (?P<find>[A-ZÀ-Þ][\w'’-]+ [A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'"
    r"’-]+)?)"
    r"(?=,| b\.| \(|;| born| d\.?o\.?b| passport| aged?|\n|\Z)"
)
"""Applicant 1 Farzaneh Rostami b. 1982."""


def formed(text: str) -> list[Span]:
    """Spans of names that are written as hardly anything else is."""
    found = [match.span() for match in _LOUD.finditer(text) if _surely(match["family"], match["given"])]
    found += [
        match.span(match.lastgroup or 0)
        for match in _FAMILY.finditer(text)
        if not (known := token_of(match[match.lastgroup or 0])).plain and not known.place
    ]
    found += [match.span("find") for match in _NUMBERED.finditer(text) if not token_of(match["find"].split()[0]).plain]
    if ", " in text:
        found += [match.span() for match in _INITIALLED.finditer(text) if _family(match["family"])]
    return found + [match.span() for match in _QUOTED.finditer(text) if _called(match["given"], match["family"])]


def _surely(family: str, given: str) -> bool:
    """Whether two words are a surname and a given name and neither is anything else."""
    last, first = token_of(family.title()), token_of(given.title())
    place = last.place and first.given < 3
    return last.family >= 2 and first.given >= 2 and not (last.plain or first.plain or place)


def _family(word: str) -> bool:
    """Whether a word before initials is a surname and no other word that is usual."""
    known = token_of(word.title())
    return known.family >= 2 and known.plain <= (known.family == 3) and not known.place


def _called(given: str, family: str) -> bool:
    """Whether two words on both sides of a nickname are a name."""
    first, last = token_of(given), token_of(family)
    return (first.given >= 1 or last.family >= 2) and not first.plain and last.plain < 2
