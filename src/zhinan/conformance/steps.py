"""What a step promises before it computes anything; that it computes right is checked through encoders and recipes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from zhinan.conformance.promises import expect
from zhinan.core.registry import Registered

__all__ = ["PROMISES"]

OPENED_WITH = ("reads", "writes", "files")


def _opened(entry: Registered) -> None:
    expect(inspect.isclass(entry.target), "a step is a class")
    parameters = list(inspect.signature(entry.target).parameters.values())
    names = tuple(p.name for p in parameters[: len(OPENED_WITH)])
    expect(names == OPENED_WITH, f"it is opened with {names}, not {OPENED_WITH}")
    for option in parameters[len(OPENED_WITH) :]:
        keyword = option.kind is inspect.Parameter.KEYWORD_ONLY and option.default is not inspect.Parameter.empty
        expect(keyword, f"option {option.name!r} is not keyword-only with a default")


def _runs(entry: Registered) -> None:
    run = getattr(entry.target, "run", None)
    expect(run is not None and len(inspect.signature(run).parameters) == 2, "it has no method run(values)")


def _ours(entry: Registered) -> None:
    expect(entry.target.__module__.startswith("zhinan.steps."), "the set of steps is closed")


PROMISES: Mapping[str, Callable[..., None]] = {
    "it opens with (reads, writes, files, *, options)": _opened,
    "it runs on a mapping of named values": _runs,
    "it is one of the closed set": _ours,
}
