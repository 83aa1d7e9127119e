"""Runs the ordered steps of a version or a draft: a batch of named columns in, named results out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from zhinan.core import StepSpec, find

__all__ = ["Program", "Step"]


class Step(Protocol):
    """One opened step. Its constructor takes (reads, writes, files, *, options…); opening does all the loading."""

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Reads its named values (columns of one batch) and gives those it writes."""
        ...


class Program:
    """Steps in order, opened once and safe to run again and again from one thread.

    Args:
        specs: the steps, each reading names written before it or given to `run`.
        files: file name → content, for the files the steps name.

    Raises:
        UserError: E019 for an unknown step, E901/E902 for options it does not have.
    """

    def __init__(self, specs: Iterable[StepSpec], files: Mapping[str, bytes]) -> None:
        self.specs = tuple(specs)
        self.steps: list[Step] = []
        for spec in self.specs:
            entry = find("step", spec.step)
            held = {role: files[name] for role, name in spec.files.items()}
            self.steps.append(entry.target(spec.reads, spec.writes, held, **entry.check(spec.options)))

    def only(self, *names: str) -> Program:
        """The steps of these names, as they are open here."""
        some = Program((), {})
        pairs = [pair for pair in zip(self.specs, self.steps, strict=True) if pair[0].step in names]
        some.specs, some.steps = tuple(spec for spec, _ in pairs), [step for _, step in pairs]
        return some

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All values after the last step, by name. The given mapping is left as it was."""
        state = dict(values)
        for step in self.steps:
            state.update(step.run(state))
        return state
