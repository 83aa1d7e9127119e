"""Which masks the tagger adds to, and where it is worth a look; it and its weights are loaded at the first look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from zhinan.steps.masks._name_edges import of_a_name, of_an_address
from zhinan.steps.masks._spans import Span

if TYPE_CHECKING:
    from zhinan.steps.masks._tagger import Tagger

__all__ = ["RESTS", "WORTH", "tagged", "weights"]

_CODE, _NUMERAL = "[A-Za-z0-9_]", "[0-9〇零一二三四五六七八九十百]"

WORTH = {
    "person_name": "[A-Za-z\u00c0-\u024f\u1e00-\u1eff]{2}|[\u4e00-\u9fa5]",
    "postal_address": _NUMERAL,
    "phone": "(?:[0-9〇零一二三四五六七八九幺洞壹贰叁肆伍陆柒捌玖][ ,，、./()_-]{0,3}){7}",
    "date_of_birth": "[0-9](?:st|nd|rd|th)?,?(?: of)?[ -]?[A-Za-z]{3}|[A-Za-z]{3,}[. -]{1,2}[0-9]|"
    "[0-9][-./ ][0-9]{1,2}[-./ ][0-9]|[年月][0-9初一二三四五六七八九十廿]|[0-9] ?[年月]",
    "url_secret": f"(?s:{_NUMERAL}.*{_CODE}{{6}}|{_CODE}{{6}}.*{_NUMERAL})|"
    + "|".join(f"{_CODE}{{{before}}}[0-9]{_CODE}{{{5 - before}}}" for before in range(6)),
    "passport": "[0-9][0-9A-Z ]{2,3}[0-9]{2}",
    "plate": "[A-Z\u4e00-\u9fa5][ ·•.-]?[0-9A-Z]{0,4}[ .-]?[0-9]|[0-9][ .-]?[A-Z]|[a-z]{1,3} ?[0-9]{2}",
}
"""Mask → a regular expression that stands in every text it is asked about."""


def _nothing(text: str, part: Span, find: Span) -> bool:
    """Of what has a form, a part is none."""
    return False


RESTS = dict.fromkeys(WORTH, _nothing) | {"person_name": of_a_name, "postal_address": of_an_address}
"""Mask → whether what a rule leaves of the tagger's find says something, as a rule may find a part of a name."""


def tagged(mask: str, content: bytes | None) -> tuple[
    Callable[[str], Sequence[Span]], Callable[[Sequence[str]], Sequence[Sequence[Span]]]
]:  # fmt: skip
    """What the tagger finds for a mask in a text, and in each of many. Args: content: its weights; None for ours."""

    def column(texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        return _tagger(content).of(mask, texts)

    return lambda text: column((text,))[0], column


@cache
def weights() -> bytes:
    """The weights that come with this package."""
    return files(__package__).joinpath("tagger.zlib").read_bytes()


@cache
def _tagger(content: bytes | None) -> Tagger:
    from zhinan.steps.masks._tagger import Tagger

    return Tagger(weights() if content is None else content)
