"""Whom a row is answered for: it may say so itself, as the rows that the version learned from do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.core import UserError
from zhinan.package import Version
from zhinan.serve.happened import person_of
from zhinan.steps.tidying import tidy
from zhinan.steps.values.nested import opened

__all__ = ["people_in", "person_in"]


def person_in(row: Mapping[str, Any], version: Version) -> str | None:
    """The person whom a row names, as it was sent; None when it names nobody, or only white space.

    Ids may be whole numbers, also as 17.0: a column of numbers with a gap comes so. A column `person` that the version
    did not learn from may be about anything else: only a text or a whole number names somebody there.

    Raises: UserError E473 for what can be nobody's name.
    """
    for column in version.person_columns:
        value = opened(row, (column,)).get(column)
        if type(value) is int or (type(value) is float and value.is_integer()):
            value = str(int(value))
        if tidy(value) if isinstance(value, str) else value is not None and column == version.person_column:
            return person_of(value, column)
    return None


def people_in(rows: Sequence[Mapping[str, Any]], version: Version, otherwise: str | None) -> list[str | None]:
    """A person a row. Args: otherwise: whose those rows are that name nobody. Raises: as `person_in`."""
    people = []
    for place, row in enumerate(rows, 1):
        try:
            named = person_in(row, version)
        except UserError as error:
            raise UserError(error.code, f"row {place}", **error.values) from error
        people.append(otherwise if named is None else named)
    return people
