"""Opens a version or a draft, hash first, and answers rows with it: the same code in certification, files and HTTP."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from zhinan.core import Task, UserError, entries, find
from zhinan.package import golden
from zhinan.package.archive import unpack
from zhinan.package.environment import environment
from zhinan.package.files import read_checked, read_manifest
from zhinan.package.inputs import columns
from zhinan.package.manifest import Manifest, sha256, strict_json
from zhinan.package.notes import Notes
from zhinan.steps import Program
from zhinan.steps.mask import Mask

__all__ = ["LABELS", "Version", "open_version"]

LABELS = "labels.json"
PAPERS = frozenset({"contract.yaml", "proof.json"})


class Version:
    """A version (or, with `number` None, a draft) ready to answer. Use it from one thread at a time.

    Get one from `open_version`. `path` is its directory; `inputs` maps each input column to its kind.
    """

    def __init__(
        self,
        path: Path,
        manifest: Manifest,
        program: Program,
        classes: tuple[str, ...],
        papers: Mapping[str, bytes],
    ) -> None:
        self.path = path
        self.manifest = manifest
        self.classes = classes
        self._program = program
        self._papers = papers
        self._notes = Notes(program, manifest.inputs)

    @property
    def product(self) -> str:
        """The product it was built for."""
        return self.manifest.product

    @property
    def number(self) -> int | None:
        """Its number, None for a draft."""
        return self.manifest.number

    @property
    def outcome(self) -> str | None:
        """PROVED, REFUTED or UNDECIDED; None for a draft."""
        return self.manifest.outcome

    @property
    def inputs(self) -> Mapping[str, str]:
        """Input column → kind."""
        return self.manifest.inputs

    @cached_property
    def person_columns(self) -> tuple[str, ...]:
        """Columns of a row that may say whose it is, the first one first: that of the training rows, and `person`."""
        named = (self.person_column, None if "person" in self.inputs else "person")
        return tuple(dict.fromkeys(name for name in named if name is not None))

    @cached_property
    def person_column(self) -> str | None:
        """The column that said of training rows whose they were; None where none did."""
        contract = self._papers.get("contract.yaml", b"").decode()
        if "person" not in contract and "\\" not in contract:  # by which alone a key can be written otherwise
            return None
        from zhinan.contract.tree import value_at

        learned = value_at(contract, "data", "person")
        return None if learned is None else str(learned)

    @property
    def digest(self) -> str:
        """sha256 (hex) of what it computes; see `Manifest.digest`."""
        return self.manifest.digest

    @cached_property
    def task(self) -> Task:
        """What kind of answers it gives."""
        found: Task = find("task", self.manifest.task).target()
        return found

    @property
    def decision(self) -> Mapping[str, Any]:
        """Options of the last step, which makes the answer of the scores."""
        return self.manifest.steps[-1].options if self.manifest.steps else {}

    @property
    def unit(self) -> str:
        """The unit of the numbers it answers, as the training data wrote it; empty where there is none."""
        return str(self.decision.get("unit", ""))

    @property
    def hands_over(self) -> bool:
        """Whether it hands rows that it is not sure of to a person."""
        return self.decision.get("abstain") is not None

    @property
    def mask_files(self) -> Mapping[str, bytes]:
        """What the masks that it applies before anything else were learned from: role in that step → content."""
        return next((step.files for step in self._program.steps if isinstance(step, Mask)), {})

    @property
    def gives_sets(self) -> bool:
        """Whether it adds to each answer the set of labels that holds the right one as often as was asked."""
        return self.decision.get("sets") is not None

    def predict(self, rows: Any, probabilities: bool = False) -> list[dict[str, Any]]:
        """One answer a row, in order.

        Args:
            rows: a list of mappings, a polars or pandas frame, or a mapping of columns; None is a missing value.
            probabilities: add the probability of every class.

        Returns: of a task of labels {"label", "probability"} and, if asked for, "probabilities": class → probability;
            "handover", a bool, when the version hands over; "labels", the most probable first, when it gives sets. Of
            a task of numbers {"value", "low", "high"}, and "unit" where the training data wrote one.

        Raises: UserError E370 for a missing column, E371 for a value of the wrong kind, E372.
        """
        return self.answer(self.check(rows), probabilities)

    def check(self, rows: Any) -> dict[str, list[Any]]:
        """The rows as typed input columns. Any thread may call it. Raises: as `predict`."""
        return columns(self.inputs, rows, self.manifest.notations)[0]

    def notes(self, rows: Any, columns: Mapping[str, list[Any]]) -> dict[str, Any]:
        """What is to say of rows that were checked besides their answers, as `Notes.of`. Any thread may call it."""
        return self._notes.of(rows, columns, self.person_columns)

    def answer(self, columns: Mapping[str, list[Any]], probabilities: bool = False) -> list[dict[str, Any]]:
        """Answers to columns that were checked."""
        return self._shaped(self.run(columns), probabilities) if any(columns.values()) else []

    def run(self, columns: Mapping[str, list[Any]]) -> dict[str, Any]:
        """Every value after the last step, by name, for columns that are typed already (as `Dataset.rows` gives)."""
        values: dict[str, Any] = self._program.run(columns)
        return values

    def read(self, name: str) -> bytes:
        """A file of the version such as report.html, its hash checked.

        The contract and the proof are held since it was opened: it may be erased while it answers its last requests.

        Raises: UserError E360 when it was changed, E363 when the version has no such file.
        """
        if name in self._papers:
            return self._papers[name]
        if name not in self.manifest.files:
            raise UserError("E363", str(self.path), files=f"{name} (missing)")
        content = (self.path / name).read_bytes()
        expected, found = self.manifest.files[name].sha256, sha256(content)
        if found != expected:
            raise UserError("E360", str(self.path), file=name, expected=expected, found=found)
        return content

    def _shaped(self, values: Mapping[str, Any], probabilities: bool) -> list[dict[str, Any]]:
        told = {key: values[name] for key, name in self.manifest.output.items()}
        return self.task.shaped(told, self.classes, self.decision, probabilities)


def open_version(path: str | Path, *, threads: int = 1) -> Version:
    """Opens a version: every hash first, then the steps, then its golden rows.

    Args:
        path: its directory, a draft's directory, or an exported zip.
        threads: threads of the numeric graphs; one a process is right for serving.

    Raises:
        UserError: E360 when a file was changed, E361–E365 when it is no version, E366 when this machine computes
            something else, E367 for a zip that is refused.
    """
    given = Path(path)
    if not given.is_file():
        return _opened(given, threads)
    folder = unpack(given)
    try:
        version = _opened(folder, threads)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(version, shutil.rmtree, folder, ignore_errors=True)
    return version


def _opened(folder: Path, threads: int) -> Version:
    manifest = read_manifest(folder)
    named = {name for step in manifest.steps for name in step.files.values()}
    held = read_checked(folder, manifest, keep=named | PAPERS | {golden.GOLDENS, LABELS})
    for name in (golden.GOLDENS, LABELS):
        if name not in held:
            raise UserError("E363", str(folder), files=f"{name} (missing)")
    task = entries("task").get(manifest.task)
    if task is None or tuple(manifest.output) != task.target().outputs:
        raise UserError("E365", str(folder), reason=f"no task '{manifest.task}' with these outputs is known")
    classes = strict_json(held[LABELS], str(folder / LABELS))
    texts = isinstance(classes, list) and all(isinstance(name, str) for name in classes)
    if not texts or bool(classes) != (task.facts["target"] in ("category", "list")):
        raise UserError("E365", str(folder), reason=f"{LABELS} is not a list of classes")
    papers = {name: held[name] for name in PAPERS & held.keys()}
    version = Version(folder, manifest, _program(manifest, held, threads), tuple(classes), papers)
    _replay(version, held[golden.GOLDENS])
    return version


def _program(manifest: Manifest, held: Mapping[str, bytes], threads: int) -> Program:
    """The steps, those that compute with threads told how many."""
    steps = [
        replace(step, options={**step.options, "threads": threads})
        if "threads" in find("step", step.step).parameters()
        else step
        for step in manifest.steps
    ]
    return Program(steps, held)


def _replay(version: Version, content: bytes) -> None:
    where = str(version.path)
    rows, recorded = golden.parse(content, where, version.task)
    given: Sequence[dict[str, Any]] = version.predict(rows, probabilities=True)
    made_on = {key: value for key, value in version.manifest.environment.items() if key != "threads"}
    tolerance = golden.TOLERANCE if made_on == environment() else golden.ELSEWHERE
    for place, (before, after) in enumerate(zip(recorded, given, strict=True)):
        reason = version.task.mismatch(before, after, tolerance, version.classes, version.decision)
        if reason is not None:
            raise UserError("E366", where, row=place + 1, reason=reason)
