"""Writes a candidate as a draft: the complete artefact that is then certified, measured and, unchanged, sealed."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhinan.core import Candidate, Column, MaskSpec, StepSpec, find
from zhinan.core.durable import sync_folder
from zhinan.package import golden
from zhinan.package.environment import environment
from zhinan.package.files import entry_of, write, write_manifest
from zhinan.package.inputs import columns
from zhinan.package.manifest import Manifest, safe_name
from zhinan.package.version import LABELS
from zhinan.steps import Program
from zhinan.steps.mask import TAGGER, options_of, tagger_helps
from zhinan.steps.masks._tagged import weights
from zhinan.steps.presidio import packed

__all__ = ["CONTRACT", "LICENSES", "Draft", "draft"]

CONTRACT = "contract.yaml"
LICENSES = "LICENSES"

_TIDIED = ("text", "category", "id", "list")


@dataclass(frozen=True)
class Draft:
    """A directory that `open_version` opens and `seal` makes a version of."""

    path: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """sha256 (hex) of what it computes; the sealed version keeps it in `manifest.draft`."""
        return self.manifest.digest

    def discard(self) -> None:
        """Removes the directory."""
        shutil.rmtree(self.path, ignore_errors=True)


def draft(  # noqa: PLR0913 argued in tests/architecture/test_sizes.py
    *,
    folder: Path,
    product: str,
    candidate: Candidate,
    inputs: Sequence[Column],
    masks: Sequence[str | MaskSpec],
    contract: bytes,
    facts: Mapping[str, Any],
    clean: Mapping[str, Any] | None = None,
    mask_key: str = "",
) -> Draft:
    """Writes a candidate with everything it needs into a new directory under `folder`.

    Args:
        inputs: the columns a prediction looks at. masks: over every text, mask_key: as for `armed`; clean: options
            of the step that cleans. Cleaning comes first, so that masks see what it uncovers.
        contract: the contract's text. facts: JSON such as contract_hash, fingerprint; `parent` is the number of
            the version it was made from, `threads` what it was measured with.

    Raises: ValueError when the candidate's steps do not end in the task's outputs or share a file name.
    """
    kinds = {column.name: column.kind for column in inputs}
    steps = (*_first(kinds, masks, mask_key, candidate.steps, clean), *candidate.steps)
    output = _output(candidate)
    held = {**candidate.files, **_mask_files(masks)}
    program = Program(steps, held)
    rows = golden.made_up(kinds)
    files = {
        **held,
        LABELS: _json(list(candidate.classes)),
        CONTRACT: contract,
        golden.GOLDENS: golden.written(rows, _answers(program, kinds, rows, output, candidate)),
        LICENSES: _licences(candidate.licences),
    }
    if len(files) != len(held) + 4:
        raise ValueError("a candidate's file has a name that the package itself uses")
    manifest = Manifest(
        product=product,
        task=candidate.task,
        inputs=kinds,
        notations={column.name: dict(column.notation) for column in inputs if column.notation},
        output=output,
        steps=steps,
        files={safe_name(name): entry_of(content) for name, content in sorted(files.items())},
        facts={key: value for key, value in facts.items() if key not in ("parent", "threads")},
        environment={**environment(), "threads": int(facts.get("threads", 1))},
        licences=dict(candidate.licences),
        parent=facts.get("parent"),
    )
    return _saved(folder, manifest, files)


def _saved(folder: Path, manifest: Manifest, files: Mapping[str, bytes]) -> Draft:
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
    try:
        for name, content in files.items():
            write(path, name, content)
        write_manifest(path, manifest)
        sync_folder(path)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    return Draft(path, manifest)


def _first(
    kinds: Mapping[str, str],
    masks: Sequence[str | MaskSpec],
    mask_key: str,
    steps: Sequence[StepSpec],
    clean: Mapping[str, Any] | None,
) -> tuple[StepSpec, ...]:
    """The steps that clean, tidy and mask as loading did; none when the candidate brings its own.

    Without a text the masks still say under which names persons are kept.
    """
    if steps and steps[0].step in ("clean", "mask"):
        return ()
    texts = tuple(name for name, kind in kinds.items() if kind in _TIDIED)
    limited = tuple((clean or {}).get("limits", ()))
    found = []
    if clean is not None and (texts or limited):
        lists = [name for name in texts if kinds[name] == "list"]
        options = {**clean, **({"lists": lists} if lists else {})}
        found.append(StepSpec("clean", texts + limited, texts + limited, options))
    if texts or masks:
        own = {spec.name: _pipeline(spec.name) for spec in masks if isinstance(spec, MaskSpec) and spec.pipeline}
        own |= {TAGGER: TAGGER} if any(map(tagger_helps, masks)) else {}
        found.append(StepSpec("mask", texts, texts, options_of(masks, mask_key), own))
    return tuple(found)


def _mask_files(masks: Sequence[str | MaskSpec]) -> dict[str, bytes]:
    """File → content of what masks were learned, so that a version always finds the same: pipelines, the tagger."""
    files = {
        _pipeline(spec.name): packed(spec.pipeline)
        for spec in masks
        if isinstance(spec, MaskSpec) and spec.pipeline is not None
    }
    return files | ({TAGGER: weights()} if any(map(tagger_helps, masks)) else {})


def _pipeline(mask: str) -> str:
    return f"pipeline-{mask}.zip"


def _output(candidate: Candidate) -> dict[str, str]:
    keys, steps = find("task", candidate.task).target().outputs, candidate.steps
    if not steps or len(steps[-1].writes) != len(keys):
        raise ValueError(f"the last step must write {', '.join(keys)} for the task {candidate.task}")
    return dict(zip(keys, steps[-1].writes, strict=True))


def _answers(
    program: Program,
    kinds: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    output: Mapping[str, str],
    candidate: Candidate,
) -> list[dict[str, Any]]:
    values = program.run(columns(kinds, rows)[0])
    told = {key: values[name] for key, name in output.items()}
    shaped: list[dict[str, Any]] = (
        find("task", candidate.task).target().shaped(told, candidate.classes, candidate.steps[-1].options, every=True)
    )
    return shaped


def _licences(licences: Mapping[str, str]) -> bytes:
    if not licences:
        return b"No third-party weights are inside.\n"
    return "".join(f"{name}: {licence}\n" for name, licence in sorted(licences.items())).encode()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=0) + "\n").encode()
