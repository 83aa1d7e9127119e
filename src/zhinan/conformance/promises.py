"""A check is one promise about one registered thing; this file finds, names and runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhinan.core import find

__all__ = ["BrokenPromiseError", "Check", "check", "checks", "expect"]


class BrokenPromiseError(AssertionError):
    """A promise of its kind that a registered thing does not keep."""


@dataclass(frozen=True)
class Check:
    """One promise about one thing. Call it: it returns, or raises `BrokenPromiseError` with what was seen.

    Args:
        kind, name: the registered thing.
        promise: a sentence.
        run: checks the thing; `sample` goes to it as a keyword when one is given.
        sample: an example of the author's own, for kinds whose checks cannot make one up (see `checks`).
    """

    kind: str
    name: str
    promise: str
    run: Callable[..., None] = field(repr=False)
    sample: Any = None

    def __call__(self) -> None:
        """Raises `BrokenPromiseError` when the promise is not kept, and whatever the thing itself raised."""
        given = {} if self.sample is None else {"sample": self.sample}
        self.run(find(self.kind, self.name), **given)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.promise}"


def checks(kind: str, name: str, sample: Any = None) -> tuple[Check, ...]:
    """Every check of a registered thing, ready for `pytest.mark.parametrize(…, ids=str)`.

    Args:
        sample: needed by a reader of a format that is not ours (`bytes` of a good file with its number of rows, as a
            pair) and by a mask of something that ours do not find (a text that holds one).

    Raises:
        UserError: E019 when no such thing is registered.
    """
    entry = find(kind, name)
    promises = [*_promises("anything"), *_promises(kind)]
    return tuple(Check(kind, entry.name, words, run, sample) for words, run in promises)


def check(kind: str, name: str, sample: Any = None) -> None:
    """Runs every check of a registered thing.

    Raises:
        BrokenPromiseError: naming each promise that is not kept and what was seen.
    """
    broken = []
    for one in checks(kind, name, sample):
        try:
            one()
        except Exception as seen:  # noqa: BLE001 whatever somebody's code raises is a promise not kept
            broken.append(f"{one.promise}: {seen if isinstance(seen, BrokenPromiseError) else repr(seen)}")
    if broken:
        raise BrokenPromiseError(f"{kind} {name!r}\n" + "\n".join(f"- {line}" for line in broken))


def expect(kept: object, seen: str) -> None:
    """Raises `BrokenPromiseError` with what was seen, unless the promise is kept."""
    if not kept:
        raise BrokenPromiseError(seen)


def _promises(kind: str) -> list[tuple[str, Callable[..., None]]]:
    from zhinan.conformance import anything, encoders, masks, metrics, readers, recipes, steps, tasks

    rooms: Mapping[str, Mapping[str, Callable[..., None]]] = {
        "anything": anything.PROMISES,
        "encoder": encoders.PROMISES,
        "mask": masks.PROMISES,
        "metric": metrics.PROMISES,
        "reader": readers.PROMISES,
        "recipe": recipes.PROMISES,
        "step": steps.PROMISES,
        "task": tasks.PROMISES,
    }
    return list(rooms[kind].items())
