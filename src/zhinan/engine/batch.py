"""Answers a whole file of rows, in its order; a row that cannot be answered says why in its place."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhinan.core import UserError, Words
from zhinan.data import read
from zhinan.data.signs import doubtful, in_sign
from zhinan.package import Version
from zhinan.package.apart import fitting, wrong
from zhinan.package.notes import together

__all__ = ["predict_file", "predict_rows", "read_rows"]

CHUNK = 256

WRITTEN: Mapping[str, str | None] = {".csv": ",", ".tsv": "\t", ".jsonl": None}
"""Kinds of files that answers are written to, and what stands between two values."""

NOT_JSON = Words("it is not JSON", "不是 JSON")
NOT_UTF8 = Words("it is not UTF-8", "不是 UTF-8 编码")
NO_OBJECT = Words("it is not a JSON object", "不是 JSON 对象")

Progress = Callable[[int, int], None]
Noted = Callable[[Mapping[str, Any]], None]


def predict_file(
    version: Version,
    source: str,
    target: str,
    progress: Progress | None = None,
    noted: Noted | None = None,
    strict: bool = False,
    lang: str = "en",
) -> list[dict[str, Any]]:
    """Reads rows, answers them and writes the answers, one a row, in the order of the rows.

    Args:
        source, strict, lang: as `predict_rows`.
        target: .csv, .tsv or .jsonl, or "-" for JSON lines on standard output. A file appears only when it is whole.
        noted: told what there is to say of the rows, as `Version.notes`, and in which decimal signs numbers were read.

    Returns:
        the answers, as `predict_rows`.

    Raises:
        UserError: as `predict_rows`; E314 for another kind of target, before anything is read, E318 when it cannot be
            written.
    """
    if target != "-" and Path(target).suffix not in WRITTEN:
        raise UserError("E314", target)
    answers = predict_rows(version, source, progress, noted, strict, lang)
    if target == "-":
        sys.stdout.writelines(_lines(answers))
    else:
        several = version.task.judged == "tags"
        given = {"handover": version.hands_over, "labels": several or version.gives_sets, "probabilities": several}
        columns = [name for name in version.task.outputs if given.get(name, True)]
        columns += ["unit"] if version.unit else []
        _write(Path(target), answers, columns if strict else [*columns, "error"], lang)
    return answers


def predict_rows(
    version: Version,
    source: str,
    progress: Progress | None = None,
    noted: Noted | None = None,
    strict: bool = False,
    lang: str = "en",
) -> list[dict[str, Any]]:
    """The answers to the rows of a file, in their order.

    Args:
        source: a file of any registered reader, or "-" for JSON lines on standard input.
        strict: raise at the first row that cannot be read or answered. lang: of errors, en or zh.

    Returns:
        an answer a row; of one that cannot be read or does not fit {"error": as `wrong`, and "where", file:line}.

    Raises:
        UserError: E370 for a column that is missing, as `read`; strict: E313 when a row cannot be read, E371.
    """
    given = _given(source, strict=strict)
    signs = _in_its_signs(version, given.columns)
    errors = {place: UserError("E374", reason=reason) for place, reason in given.unread.items()}
    places = [place for place in range(len(given.where)) if place not in errors]
    answers: dict[int, dict[str, Any]] = {}
    notes = []
    for start in range(0, len(places), CHUNK):
        some = {name: values[start : start + CHUNK] for name, values in given.columns.items()}
        columns, misfits = _checked(version, some)
        here = places[start : start + CHUNK]
        errors |= {here[place]: error for place, error in misfits.items()}
        if strict and misfits:
            place = here[min(misfits)]
            raise UserError(errors[place].code, given.where[place], **errors[place].values)
        notes.append(version.notes(some, columns))
        answers |= zip((place for place in here if place not in errors), version.answer(columns), strict=True)
        if progress:
            progress(here[-1] + 1, len(given.where))
    if noted and (found := together(notes) | signs):
        noted(found)
    for place, error in errors.items():
        answers[place] = {"error": {**wrong(error, place + 1, lang), "where": given.where[place]}}
    return [answers[place] for place in range(len(given.where))]


def _in_its_signs(version: Version, columns: dict[str, list[Any]]) -> dict[str, Any]:
    """Numbers of the file that have another decimal sign than the version learned are written in that one.

    Returns: {"decimal_signs": column → its sign in the file, "doubted_signs": columns whose sign the file does not
        show}, each only where it says something.
    """
    other, doubted = {}, []
    for name, kind in version.inputs.items():
        if kind != "number" or name not in columns:
            continue
        sign = version.manifest.notations.get(name, {}).get("decimal", ".")
        if (values := in_sign(columns[name], sign)) is not None:
            columns[name], other[name] = values, "," if sign == "." else "."
        elif doubtful(columns[name]):
            doubted.append(name)
    return {**({"decimal_signs": other} if other else {}), **({"doubted_signs": doubted} if doubted else {})}


def _checked(version: Version, some: Mapping[str, Sequence[Any]]) -> tuple[dict[str, list[Any]], dict[int, UserError]]:
    """As `fitting`. Raises: UserError E370 for a column that no row has."""
    try:
        return version.check(some), {}
    except UserError as error:
        if error.code != "E371":
            raise
        return fitting(version.check, [dict(zip(some, row, strict=True)) for row in zip(*some.values(), strict=True)])


def read_rows(source: str) -> dict[str, list[Any]]:
    """The columns of a file of any registered reader, or of JSON lines on standard input for "-".

    Raises:
        UserError: E313 when a row cannot be read, as `read`.
    """
    return _given(source, strict=True).columns


@dataclass(frozen=True)
class _Given:
    """Rows as they were read.

    Args: columns: of those that could be. where: file:line of all, in their order. unread: place → why it could not.
    """

    columns: dict[str, list[Any]]
    where: list[str]
    unread: dict[int, Any] = field(default_factory=dict)


def _given(source: str, *, strict: bool) -> _Given:
    """All rows. Raises: UserError E313 for the first that cannot be read when that is strict."""
    given = _stdin() if source == "-" else _file(source)
    if strict and given.unread:
        place = min(given.unread)
        raise UserError("E313", given.where[place], count=len(given.unread), reason=given.unread[place])
    return given


def _file(source: str) -> _Given:
    raw = read(source)
    frame = raw.frame
    columns = {name: frame[name].to_list() for name in frame.columns if name not in ("_line", "_member")}
    members = frame["_member"].to_list() if "_member" in frame.columns else [""] * frame.height
    order = {member: place for place, member in enumerate(dict.fromkeys(members))}
    inside = [("_member" in frame.columns and reject.file) or "" for reject in raw.rejected]
    keys = [
        *((order[member], line, member, None) for member, line in zip(members, frame["_line"], strict=True)),
        *(
            (order.get(member, len(order)), reject.line, member, reject.reason)
            for member, reject in zip(inside, raw.rejected, strict=True)
        ),
    ]
    keys.sort(key=lambda key: key[:2])
    where = [f"{source}:{member}:{line}" if member else f"{source}:{line}" for _, line, member, _ in keys]
    return _Given(columns, where, {place: key[3] for place, key in enumerate(keys) if key[3] is not None})


def _stdin() -> _Given:
    rows: list[dict[str, Any]] = []
    where: list[str] = []
    unread: dict[int, Any] = {}
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        row = _object(line)
        if isinstance(row, dict):
            rows.append(row)
        else:
            unread[len(where)] = row
        where.append(f"-:{number}")
    names = dict.fromkeys(name for row in rows for name in row)
    return _Given({name: [row.get(name) for row in rows] for name in names}, where, unread)


def _object(line: bytes) -> dict[str, Any] | Words:
    """A line of JSON as a row, or why it is none."""
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError:
        return NOT_UTF8
    except (ValueError, RecursionError):
        return NOT_JSON
    return row if isinstance(row, dict) else NO_OBJECT


def _lines(answers: list[dict[str, Any]]) -> Iterator[str]:
    return (json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)


def _flat(answer: dict[str, Any], lang: str) -> dict[str, Any]:
    """An answer as a row of a table: labels, and the probability of each, as JSON; an error in one line."""
    if "error" in answer:
        text = "第 {row} 条（{where}）：{what} [{code}]" if lang == "zh" else "row {row} ({where}): {what} [{code}]"
        return {"error": text.format(**answer["error"])}
    return {k: json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else v for k, v in answer.items()}


def _write(target: Path, answers: list[dict[str, Any]], columns: list[str], lang: str) -> None:
    partial = target.with_name(f".{target.name}.partial")
    separator = WRITTEN[target.suffix]
    try:
        with partial.open("wb") as file:
            if separator is None:
                file.write("".join(_lines(answers)).encode())
            else:
                import polars as pl

                rows = [_flat(answer, lang) for answer in answers]
                pl.DataFrame(rows, schema=columns, infer_schema_length=None).write_csv(file, separator=separator)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError("E318", str(target), reason=error.strerror) from error
