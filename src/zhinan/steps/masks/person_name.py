"""Mask of people's names in English and 中文, by tables, shape and the words around them; nothing is learnt."""

from __future__ import annotations

from zhinan.core import register
from zhinan.steps.masks import _chinese, _english
from zhinan.steps.masks._spans import Span

__all__ = ["person_name"]


@register(
    "mask",
    "person_name",
    zh=("姓名", "人名"),
    order=80,
    worth="[A-Z]|[\u4e00-\u9fa5]{2}|name|['’]m |i am |this is |called ",
)
def person_name(text: str) -> list[Span]:
    """Finds names of people. Choose it where people write about people, and look at what it finds.

    A title (Mr, Dr) and 先生, 女士 stay. Names that are ordinary words, rare names without any context and
    nicknames are missed; a street or a shop that is called after a person may be found.
    """
    return [*_english.names(text), *_chinese.names(text)]
