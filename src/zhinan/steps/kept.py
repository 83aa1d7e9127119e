"""What may be written down of what people send: cleaned as training rows were, and nothing left that any mask finds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from zhinan.core.persons import person_id
from zhinan.steps.clean import Clean
from zhinan.steps.mask import Armed, armed, hide_cells, holder, kept_person, person_secret, pseudonym, redact
from zhinan.steps.tidying import tidy

__all__ = ["LONGEST", "Keeper", "shortened", "without_half", "written"]

_KINDS = ("text", "list")

_LETTERS, _LEAST = 500_000, 100
"""Letters of hidden values that are kept at most, twice; each counts at least so many, as keeping it takes memory."""

_OWN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

LONGEST = 20_000
"""Letters of a text that are kept of what people send: what masks read takes a second for some 200,000."""

_EDGE, _UNBROKEN = 200, re.compile(r"[\w@.+()/:# -]*\Z")
"""What may be part of a detail that goes on beyond, of which no mask would know the half, within so many letters."""

_Value = tuple[str, bool, str]
"""A text, whether it is written as a list, and the name of its column where that is called after a mask, else empty."""


class Keeper:
    """Hides what the masks of a product find as they hide it in its training rows, and then what any other mask finds.

    Args:
        masks: those of the contract, ready to look. key: id of the key that they are bound to, as for `armed`.
        clean: options of the step that cleans; its limits do not count, as numbers are kept as they came.

    Raises: UserError E420 when there is no key of that id.
    """

    def __init__(self, masks: Sequence[Armed], key: str = "", clean: Mapping[str, Any] | None = None) -> None:
        named = {mask.name for mask in masks}
        self._named = tuple(masks)
        self._masks = (*masks, *(mask for mask in armed() if mask.name not in named))
        self._secret = person_secret(key)
        self._lists = frozenset((clean or {}).get("lists", ()))
        options = {**(clean or {}), "limits": None, "lists": ("list",)}
        self._clean = None if clean is None else Clean(_KINDS, _KINDS, {}, **options)
        self._past = _Past()

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as JSON."""
        return self.rows((row,))[0]

    def rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows as JSON: a few hundred together take a fraction of what they take one by one.

        A value that was hidden a moment ago is not looked at again.
        """
        lists, held = self._lists, {name: self._held(name) for name in {name for row in rows for name in row}}
        values = [
            {name: (v, name in lists, held[name]) for name, v in row.items() if isinstance(v, str)} for row in rows
        ]
        hidden = self._hidden(value for row in values for value in row.values())
        return [
            {name: hidden[said[name]] if name in said else _written(v) for name, v in row.items()}
            for row, said in zip(rows, values, strict=True)
        ]

    def _held(self, column: str) -> str:
        return column if holder(column, self._named) is not None else ""

    def person(self, name: str) -> str:
        """Whose it is, under the name that training has for them; nothing that any mask finds."""
        return kept_person(person_id(tidy(name)), self._masks, self._secret)

    def event_id(self, name: str) -> str:
        """An id that a client gave, or what stands for it when it is a number or an address of somebody.

        One of the form that predictions have (clients like to send that of the answer) is set apart from theirs.
        """
        if _OWN.fullmatch(name):
            return f"said:{name}"
        return name if redact(name) == name else pseudonym(name, self._secret)

    def _hidden(self, values: Iterable[_Value]) -> dict[_Value, str | None]:
        """Each value with what must not be kept hidden."""
        marks = {value: self._past.mark(value) for value in values}
        known = self._past.known(marks)
        looked = {value: self._tidied(*value[:2]) for value in marks if value not in known}
        fresh: dict[_Value, str | None] = dict.fromkeys(looked)
        for column in {column for _, _, column in looked}:
            texts = {value: text for value, text in looked.items() if text is not None and value[2] == column}
            fresh.update(zip(texts, hide_cells([*texts.values()], column, self._masks), strict=True))
        self._past.keep({marks[value]: text for value, text in fresh.items()})
        return {**known, **fresh}

    def _tidied(self, text: str, is_list: bool) -> str | None:
        """What is looked at."""
        cleaned: str | None = text
        if self._clean is not None:
            kind = _KINDS[is_list]
            (cleaned,) = self._clean.run({**dict.fromkeys(_KINDS, ()), kind: [text]})[kind]
        return None if cleaned is None else tidy(cleaned)


class _Past:
    """What values became that were hidden a moment ago, under marks that tell nobody what they were. For any thread."""

    def __init__(self) -> None:
        self._salt, self._letters = os.urandom(16), 0
        self._new: dict[bytes, str | None] = {}
        self._old: dict[bytes, str | None] = {}

    def mark(self, value: _Value) -> bytes:
        text, is_list, column = value
        written = f"{column}\0{text}".encode("utf-8", "surrogatepass")
        person = b"list" if is_list else b"text"
        return blake2b(written, digest_size=16, key=self._salt, person=person).digest()

    def known(self, marks: Mapping[_Value, bytes]) -> dict[_Value, str | None]:
        """What those became that are known."""
        new, old = self._new, self._old
        return {
            value: (new if mark in new else old)[mark] for value, mark in marks.items() if mark in new or mark in old
        }

    def keep(self, fresh: Mapping[bytes, str | None]) -> None:
        """Keeps what these became until as many others came twice."""
        if self._letters > _LETTERS:
            self._old, self._new, self._letters = self._new, {}, 0
        kept = {mark: text for mark, text in fresh.items() if len(text or "") < _LETTERS // 10}
        self._new.update(kept)
        self._letters += sum(max(_LEAST, len(text or "")) for text in kept.values())


def shortened(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of which no text is longer than what is kept."""
    long = {k: f"{without_half(v[:LONGEST])}…" for k, v in row.items() if isinstance(v, str) and len(v) > LONGEST}
    return {**row, **long} if long else row


def without_half(text: str) -> str:
    """The beginning of a text that goes on beyond, without what at its end may be half of a detail."""
    return text[:-_EDGE] + _UNBROKEN.sub("", text[-_EDGE:])


def written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which everything is hidden already, as JSON."""
    return {name: _written(value) for name, value in row.items()}


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
