"""What may be written down of what people send: cleaned as training rows were, and nothing left that any mask finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhinan.steps.clean import Clean
from zhinan.steps.mask import Armed, armed, hide_all, kept_person, person_secret, pseudonym, redact, tidy

__all__ = ["Keeper", "written"]

_KINDS = ("text", "list")


class Keeper:
    """Hides what the masks of a product find as they hide it in its training rows, and then what any other mask finds.

    Args:
        masks: those of the contract, ready to look. key: id of the key that they are bound to, as for `armed`.
        clean: options of the step that cleans; its limits do not count, as numbers are kept as they came.

    Raises: UserError E420 when there is no key of that id.
    """

    def __init__(self, masks: Sequence[Armed], key: str = "", clean: Mapping[str, Any] | None = None) -> None:
        named = {mask.name for mask in masks}
        self._masks = (*masks, *(mask for mask in armed() if mask.name not in named))
        self._secret = person_secret(key)
        self._lists = frozenset((clean or {}).get("lists", ()))
        options = {**(clean or {}), "limits": None, "lists": ("list",)}
        self._clean = None if clean is None else Clean(_KINDS, _KINDS, {}, **options)

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as JSON."""
        return self.rows((row,))[0]

    def rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows as JSON: a few hundred together take a fraction of what they take one by one."""
        looked = [
            {name: self._tidied(v, name in self._lists) if isinstance(v, str) else v for name, v in row.items()}
            for row in rows
        ]
        texts = [value for row in looked for value in row.values() if isinstance(value, str)]
        hidden = iter(hide_all(texts, self._masks))
        return [
            {name: next(hidden) if isinstance(value, str) else _written(value) for name, value in row.items()}
            for row in looked
        ]

    def person(self, name: str) -> str:
        """Whose it is, under the name that training has for them; nothing that any mask finds."""
        return kept_person(tidy(name), self._masks, self._secret)

    def event_id(self, name: str) -> str:
        """An id that a client gave, or what stands for it when it is a number or an address of somebody."""
        return name if redact(name) == name else pseudonym(name, self._secret)

    def _tidied(self, text: str, is_list: bool) -> str | None:
        """What is looked at."""
        cleaned: str | None = text
        if self._clean is not None:
            kind = _KINDS[is_list]
            (cleaned,) = self._clean.run({**dict.fromkeys(_KINDS, ()), kind: [text]})[kind]
        return None if cleaned is None else tidy(cleaned)


def written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which everything is hidden already, as JSON."""
    return {name: _written(value) for name, value in row.items()}


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
