"""manifest.json: what a version is, read strictly, because everything else in a version is trusted through it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NoReturn

from zhinan.core import StepSpec, UserError
from zhinan.core.names import is_product
from zhinan.core.strict import once, refuse

__all__ = ["FORMAT", "FileEntry", "Manifest", "safe_name", "sealed_digest", "sha256", "strict_json"]

FORMAT = 1
"""The newest format this release writes. It reads every format up to it."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_HASH = re.compile(r"[0-9a-f]{64}")
_KINDS = frozenset({"text", "number", "category", "flag", "time", "id", "list"})


@dataclass(frozen=True)
class FileEntry:
    """One line of the file table: sha256 (hex) and size in bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """What manifest.json says.

    Args:
        inputs: input column → kind. notations: input column → how its values are written, for those where it matters.
            output: answer key → the name of the step value it is taken from.
        files: file name → its hash and size; every file of the version but the manifest itself and its hash.
        facts: contract and data hashes and whatever else the builder states; JSON.
        parent: the number of the version it was made from. number, outcome: None for a draft.
        draft: the digest of the draft that was certified and sealed.
    """

    product: str
    task: str
    inputs: Mapping[str, str]
    output: Mapping[str, str]
    steps: tuple[StepSpec, ...]
    files: Mapping[str, FileEntry]
    facts: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    parent: int | None = None
    number: int | None = None
    outcome: str | None = None
    draft: str | None = None
    notations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def digest(self) -> str:
        """sha256 (hex) over the file table and the steps: two versions with one digest answer alike."""
        body = self.as_dict()
        return sha256(_canonical({key: body[key] for key in ("files", "steps", "inputs", "notations", "output")}))

    def as_dict(self) -> dict[str, Any]:
        """The JSON object written to manifest.json."""
        body = {f.name: getattr(self, f.name) for f in fields(self)}
        body["inputs"] = {name: {"kind": kind} for name, kind in self.inputs.items()}
        body["output"] = {key: {"value": value} for key, value in self.output.items()}
        body["steps"] = [{f.name: getattr(step, f.name) for f in fields(step)} for step in self.steps]
        body["files"] = {name: {"sha256": e.sha256, "bytes": e.bytes} for name, e in self.files.items()}
        return body

    def content(self) -> bytes:
        """The bytes of manifest.json: the order of inputs and steps is kept, one key a line."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, indent=1, allow_nan=False, default=_plain)
        return f"{text}\n".encode()

    @classmethod
    def read(cls, content: bytes, where: str) -> Manifest:
        """Parses and checks manifest.json.

        Raises: UserError E362 for a newer format, E365 when a key is missing, unknown or of the wrong type.
        """
        body = strict_json(content, where)
        if not isinstance(body, dict):
            _refuse(where, "not an object")
        number = body.get("format")
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            _refuse(where, "no format number")
        if number > FORMAT:
            raise UserError("E362", where, found=number, known=FORMAT)
        known = {f.name for f in fields(cls)}
        if body.keys() != known:
            _refuse(where, "keys missing or unknown: " + ", ".join(sorted(body.keys() ^ known))[:200])
        return _checked(cls, body, where)


def _checked(cls: type[Manifest], body: dict[str, Any], where: str) -> Manifest:
    for key in ("product", "task"):
        _need(isinstance(body[key], str) and body[key], where, f"{key} is not a text")
    _need(is_product(body["product"]), where, "product is no product name")
    for key in ("outcome", "draft"):
        _need(body[key] is None or isinstance(body[key], str), where, f"{key} is not a text")
    for key in ("number", "parent"):
        _need(body[key] is None or (type(body[key]) is int and body[key] > 0), where, f"{key} is not a whole number")
    for key in ("inputs", "notations", "output", "files", "facts", "environment", "licences"):
        _need(isinstance(body[key], dict), where, f"{key} is not an object")
    _need(isinstance(body["steps"], list), where, "steps is not a list")
    files = {name: _file(name, entry, where) for name, entry in body["files"].items()}
    return cls(
        **{
            **body,
            "inputs": {name: _inner(entry, "kind", where) for name, entry in body["inputs"].items()},
            "notations": {
                name: _notation(name, entry, body["inputs"], where) for name, entry in body["notations"].items()
            },
            "output": {key: _inner(entry, "value", where) for key, entry in body["output"].items()},
            "steps": tuple(_step(entry, files, where) for entry in body["steps"]),
            "files": files,
        }
    )


def _inner(entry: Any, key: str, where: str) -> str:
    _need(isinstance(entry, dict) and entry.keys() == {key} and isinstance(entry[key], str), where, f"no {key}")
    text: str = entry[key]
    _need(key != "kind" or text in _KINDS, where, "an unknown kind of input")
    return text


def _notation(name: str, entry: Any, inputs: Mapping[str, Any], where: str) -> dict[str, Any]:
    fits = isinstance(entry, dict) and all(isinstance(value, str) or _texts(value) for value in entry.values())
    _need(fits and name in inputs, where, "a notation that is none")
    return dict(entry)


def _file(name: str, entry: Any, where: str) -> FileEntry:
    safe_name(name, where)
    _need(isinstance(entry, dict) and entry.keys() == {"sha256", "bytes"}, where, "a file without hash or size")
    _need(isinstance(entry["sha256"], str) and _HASH.fullmatch(entry["sha256"]), where, "a hash that is none")
    _need(type(entry["bytes"]) is int and entry["bytes"] >= 0, where, "a size that is none")
    return FileEntry(entry["sha256"], entry["bytes"])


def _step(entry: Any, files: Mapping[str, FileEntry], where: str) -> StepSpec:
    wanted = {f.name for f in fields(StepSpec)}
    _need(isinstance(entry, dict) and entry.keys() == wanted, where, "a step with keys missing or unknown")
    _need(isinstance(entry["step"], str), where, "a step without a name")
    for key in ("reads", "writes"):
        _need(_texts(entry[key]), where, f"{key} of a step is not a list of names")
    for key in ("options", "files"):
        _need(isinstance(entry[key], dict), where, f"{key} of a step is not an object")
    names = list(entry["files"].values())
    _need(_texts(names) and files.keys() >= set(names), where, "a step names a file that is not in the table")
    return StepSpec(entry["step"], tuple(entry["reads"]), tuple(entry["writes"]), entry["options"], entry["files"])


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _need(truth: Any, where: str, reason: str) -> None:
    if not truth:
        _refuse(where, reason)


def _refuse(where: str, reason: str) -> NoReturn:
    raise UserError("E365", where, reason=reason)


def safe_name(name: str, where: str = "") -> str:
    """The name of a file inside a version, if it can be one on every system.

    Raises: UserError E364 for folders, `..`, hidden files and unusual characters.
    """
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise UserError("E364", where, name=name[:120], reason="not a plain file name")
    return name


def strict_json(content: bytes, where: str) -> Any:
    """JSON without duplicate keys, NaN or other liberties.

    Raises: UserError E365.
    """
    try:
        return json.loads(content.decode(), object_pairs_hook=once, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise UserError("E365", where, reason=f"not strict JSON ({type(error).__name__})") from error


def sha256(content: bytes) -> str:
    """sha256 as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def sealed_digest(draft: str | None, outcome: str | None, opening: int | None) -> str:
    """sha256 (hex) by which a store knows a version: what was sealed, and how it was judged.

    Args: draft, outcome: of its manifest. opening: at which the sealed set was open, as the ledger of its proof says.
    """
    return sha256(f"{draft}|{outcome}|{opening}".encode())


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain).encode()


def _plain(value: Any) -> Any:
    """Frozen mappings and numpy scalars as JSON."""
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be written to a manifest")
