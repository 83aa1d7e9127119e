"""The rows of a job while they wait: each with the person it names, or with the error that stands in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.core import UserError
from zhinan.package import Version
from zhinan.package.apart import fitting, wrong
from zhinan.serve.persons import person_in
from zhinan.store.persons import Forgotten

__all__ = ["named", "typed"]


def named(version: Version, row: Mapping[str, Any], number: int, lang: str, gone: Forgotten) -> Any:
    """[row], [row, whose it is], or an error where it names what can be nobody, or somebody whose rows are not kept.

    Args: number: 1 is the job's first. gone: who was forgotten.
    """
    try:
        person = person_in(row, version)
        if gone.of_input(row) is not None or (person is not None and gone(person)):
            raise UserError("E486")
    except UserError as error:
        return {"error": wrong(error, number, lang)}
    return [row] if person is None else [row, person]


def typed(
    version: Version, kept: Sequence[Any], before: int, lang: str
) -> tuple[list[Any], list[tuple[int, dict[str, Any]]]]:
    """What is known of each row already: an error or nothing; and place and typed values of those to be answered.

    The version may be a later one than when they came. Args: before: how many rows of the job came before these.
    """
    results = [None if isinstance(row, list) else row for row in kept]
    places = [place for place, row in enumerate(kept) if isinstance(row, list)]
    columns, misfits = fitting(version.check, [kept[place][0] for place in places])
    for among, error in misfits.items():
        results[places[among]] = {"error": wrong(error, before + places[among] + 1, lang)}
    good = [place for among, place in enumerate(places) if among not in misfits]
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return results, list(zip(good, rows, strict=True))
