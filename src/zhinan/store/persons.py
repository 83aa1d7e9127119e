"""Persons who asked to be forgotten, as a test of names: it knows who they are and names nobody."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhinan.core.persons import person_id

__all__ = ["Forgotten", "person_code"]


def person_code(secret: bytes, person: str) -> str:
    """The code that stands for a person in proofs, in the lineage and among the forgotten; nobody else can make it.

    It is the same for 17 and 17.0 (`core.persons`).

    Args: secret: the sealing key of the product.
    """
    said = json.dumps(["person", person_id(person)], ensure_ascii=False, separators=(",", ":"))
    return hmac.new(secret, said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Forgotten:
    """Forgotten persons of one product.

    Args:
        people: code of each name that they were kept under → the code that receipts have for the person.
        column: of an input that says whose it is.
    """

    people: Mapping[str, str]
    secret: bytes = field(default=b"", repr=False)
    column: str | None = None

    def __call__(self, name: str) -> bool:
        """Whether it is the name of one of them."""
        return self.who(name) is not None

    def who(self, name: str) -> str | None:
        """The person behind a name, None for anybody else."""
        return self.people.get(person_code(self.secret, name)) if self.people else None

    def of_input(self, values: Any, column: str | None = None) -> str | None:
        """The person whom an input names in that column, None for anybody else. Args: column: by default its own."""
        column = column or self.column
        name = values.get(column) if column is not None and isinstance(values, Mapping) else None
        return None if name is None else self.who(str(name))
