"""Mask of people's names in English and 中文, by tables of names and words and by what stands around them."""

from __future__ import annotations

from collections.abc import Sequence

from zhinan.core import register
from zhinan.steps.masks import _chinese, _english
from zhinan.steps.masks._spans import Span, merged

__all__ = ["person_name"]

_ROLES = (
    "full", "first", "middle", "last", "given", "family", "maiden", "legal", "preferred", "customer", "client",
    "patient", "user", "member", "employee", "staff", "contact", "guest", "passenger", "student", "teacher", "doctor",
    "physician", "driver", "applicant", "candidate", "beneficiary", "cardholder", "holder", "owner", "recipient",
    "sender", "tenant", "buyer", "parent", "guardian", "child", "spouse", "agent", "author", "person",
)  # fmt: skip
"""What stands before "name" in columns of people's names; a product, a file and a firm have names, too."""


def _names_in(texts: Sequence[str]) -> list[list[Span]]:
    """What `person_name` finds in each text of a column."""
    return [
        merged([*_english.names(text), *chinese]) for text, chinese in zip(texts, _chinese.names_in(texts), strict=True)
    ]


@register(
    "mask", "person_name", zh=("姓名", "人名", "名字"), order=80,
    called=("name", "full_name", "first_name", "last_name", "surname", "person", "people"),
    worth="[A-Za-z\u00c0-\u024f\u1e00-\u1eff]{2}|[\u4e00-\u9fa5]",
    columns=(
        *(f"{role} name" for role in _ROLES), "surname", "nachname", "vorname", "apellido", "prénom", "姓名",
        "联系人", "联络人", "收件人", "收货人", "寄件人",
    ),
    least=("letter", 1),
    column=_names_in,
)  # fmt: skip
def person_name(text: str) -> list[Span]:
    """Finds names of people. Choose it where people write about people, and look at what it finds.

    A title (Mr, Dr) and 先生, 女士 stay; 小王 and 老李 are names. Names that are ordinary words are found only where
    something announces them; a shop or a thing that is called after a person may be found.
    """
    return merged([*_english.names(text), *_chinese.names(text)])
