"""The OpenAPI document of one version: its own columns and answers, not a general shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.package import Version
from zhinan.serve.feedback import LONGEST
from zhinan.serve.settings import Limits
from zhinan.steps.values.nested import heads_of

__all__ = ["document", "row_of"]

_KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "category": {"type": ["string", "null"]},
    "id": {"type": ["string", "null"]},
    "number": {"type": ["number", "string", "null"], "description": "A finite number."},
    "flag": {"type": ["boolean", "null"]},
    "list": {"type": ["array", "string", "null"], "items": {"type": ["string", "number"]}},
    "time": {"type": ["string", "null"], "description": "A date or time, ISO 8601."},
}
_JSON: dict[str, Any] = {"type": ["object", "array", "string", "null"]}
_NESTED = 'What is named a.b stands in an object, {"a": {"b": …}}, also as JSON in a text, or by itself as "a.b".'
PROBABILITIES: dict[str, Any] = {
    "name": "probabilities",
    "in": "query",
    "description": "1 adds the probability of every class.",
    "schema": {"type": "string", "enum": ["0", "1"]},
}
EVENT_ID: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"}
PERSON: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200}
NAMED: dict[str, Any] = {
    "type": ["string", "integer", "null"], "maxLength": 200, "description": "For whom the row is answered."
}  # fmt: skip
MISFIT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": {"type": "string"},
        "row": {"type": "integer", "minimum": 1, "description": "1 is the first row of the job."},
        "column": {"type": "string", "description": "There where one column is to blame."},
        "what": {"type": "string"},
        "fix": {"type": "string"},
    },
    "required": ["code", "row", "what", "fix"],
}
"""What is wrong with one row of a job."""

_REFUSALS = {
    "400": "not strict JSON", "401": "no token, or an unknown one", "403": "a token for something else",
    "408": "too slow", "413": "too large", "415": "not application/json", "422": "does not fit", "429": "too many",
    "503": "busy",
}  # fmt: skip


NOTES: Mapping[str, Any] = {
    "type": "object",
    "description": "What was answered although it did not quite fit; absent when there is nothing to say.",
    "properties": {
        "unknown_values": {"type": "object", "additionalProperties": {"type": "integer"}},
        "ignored_columns": {"type": "integer"},
    },
}
"""Column → rows with a category that the version does not know, and how many other columns were sent."""


def document(version: Version, limits: Limits, secured: bool, keeps: bool = True) -> dict[str, Any]:
    """OpenAPI 3.1 of the service while it answers with this version."""
    row = row_of(version)
    whose = {name: NAMED for name in version.person_columns if name not in version.inputs}
    asked = {**row, "properties": {**row["properties"], **whose}}
    answer = version.task.output(version.classes, version.decision)
    output = _object({"id": {"type": "string", "format": "uuid"}, **answer["properties"]}, ["id", *answer["required"]])
    right = answer["properties"][version.task.label]
    if version.task.judged == "labels":
        right = {"type": "string", "maxLength": LONGEST, "examples": list(version.classes[:12])}
    head = {"product": {"type": "string"}, "version": {"type": ["integer", "null"]}}
    paths = {
        "/predict": {"post": _predict(asked, output, head, limits)},
        **_jobs(asked, output),
        "/feedback": {"post": _feedback(asked if keeps else None, version.task.label, right)},
        "/contract": {"get": _get("The verdicts on the contract, as stored.", _verdicts(head))},
        "/metrics": {"get": _get("Counts for Prometheus.", None)},
        "/livez": {"get": {**_get("Whether the process answers at all.", {"type": "object"}), "security": []}},
        "/readyz": {"get": _get("Whether predictions can be made.", {"type": "object"})},
        "/openapi.json": {"get": _get("This document.", {"type": "object"})},
        "/promote": {"post": _stage({"version": {"type": "integer"}, "why": {"type": "string"}}, ["version"])},
        "/rollback": {"post": _stage({"from": {"type": "integer"}, "why": {"type": "string"}}, [])},
    }
    error = _object({key: {"type": "string"} for key in ("code", "what", "fix")}, ["code", "what", "fix"])
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": version.product, "version": str(version.number or "draft")},
        "paths": paths,
        "components": {"schemas": {"Error": _object({"error": error}, ["error"])}},
    }
    if secured:
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
    return described


def row_of(version: Version) -> dict[str, Any]:
    """The JSON Schema of a row of inputs: those of objects as such, or each by its dotted name."""
    heads, whole = heads_of(version.inputs), []
    parted: dict[str, list[str]] = {}
    for name in version.inputs:
        if outer := heads_of([name]):
            parted.setdefault(min(outer, key=len), []).append(name)
        else:
            whole.append(name)
    properties = {}
    for name in dict.fromkeys([*parted, *version.inputs]):
        deeper = [other for other in version.inputs if other.startswith(f"{name}.")] if name in heads else []
        properties[name] = _value(version, name, deeper)
    row = _object(properties, whole)
    if parted:
        ways = [{"anyOf": [{"required": [head]}, {"required": names}]} for head, names in parted.items()]
        row |= {"description": _NESTED, "allOf": ways}
    return row


def _value(version: Version, name: str, deeper: Sequence[str]) -> dict[str, Any]:
    """The input of this name, or an object of those whose names go on after it, or either where there are both."""
    ways = [_described(version, name)] if name in version.inputs else []
    if deeper:
        ways.append(_nested(version, f"{name}.", deeper))
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _nested(version: Version, before: str, names: Sequence[str]) -> dict[str, Any]:
    """An object that holds inputs. Args: before: what stands before the names of its fields."""
    fields: dict[str, list[str]] = {}
    for name in names:
        fields.setdefault(name.removeprefix(before).partition(".")[0], []).append(name)
    properties, required = {}, []
    for field, held in fields.items():
        here = before + field
        properties[field] = _value(version, here, [name for name in held if name != here])
        if not all(version.manifest.notations.get(name, {}).get("lacking") for name in held):
            required.append(field)
    return {**_object(properties, required), "type": ["object", "string", "null"]}


def _described(version: Version, name: str) -> dict[str, Any]:
    """An input; one that held JSON in training may be sent as such."""
    written = version.manifest.notations.get(name, {})
    return _JSON if "json" in written else _KINDS[version.inputs[name]]


def _predict(row: Any, output: Any, head: dict[str, Any], limits: Limits) -> dict[str, Any]:
    inputs = {"type": "array", "items": row, "minItems": 1, "maxItems": limits.rows}
    body = _object({"inputs": inputs, "person": PERSON}, ["inputs"])
    outputs = {"type": "array", "items": output}
    answer = _object({**head, "outputs": outputs, "notes": NOTES}, ["product", "version", "outputs"])
    switches: list[dict[str, Any]] = []
    if "probabilities" in output["properties"]:
        switches.append(PROBABILITIES)

    answers = {"200": _content("the answers", answer)}
    return {"summary": "Answers each input.", "parameters": switches, **_post(body, answers)}


def _jobs(row: Any, output: Any) -> dict[str, Any]:
    """The routes for large batches. A line of the result is an answer, or what was wrong with its row."""
    name = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    status = {"type": "string", "enum": ["queued", "running", "done", "failed", "erased"]}
    state = {"job": {"type": "string", "format": "uuid"}, "status": status}
    counts = {"done": {"type": "integer"}, "of": {"type": "integer"}}
    version = {"version": {"type": ["integer", "null"]}}
    answer = _object({**version, **output["properties"]}, ["version", *output["required"]])
    kinds = {"application/jsonl": {"schema": row}, "text/csv": {"schema": {"type": "string"}}}
    unknown = {"404": _refusal("no such job")}
    lines = {
        "description": "a line a row, in their order",
        "content": {"application/jsonl": {"schema": {"oneOf": [answer, _object({"error": MISFIT}, ["error"])]}}},
    }
    submit = {
        "summary": "Takes rows in, as JSON lines or CSV with a header, to be answered when there is time.",
        "parameters": [PROBABILITIES] if "probabilities" in output["properties"] else [],
        **_post({}, {"202": _content("taken in", _object(state, list(state))), "507": _refusal("disk full")}),
        "requestBody": {"required": True, "content": kinds},
    }
    look = _get("How a job stands.", _object({**state, **counts}, [*state, *counts]))
    erase = _get("Erases a job, whatever its state.", _object(state, list(state)))
    result = _get("The answers of a job that is done.", None)
    result["responses"].update({**unknown, "200": lines, "409": _refusal("not done")})
    for described in (look, erase):
        described["responses"].update(unknown)
    return {
        "/jobs": {"post": submit},
        "/jobs/{id}": {"parameters": [name], "get": look, "delete": erase},
        "/jobs/{id}/result": {"parameters": [name], "get": result},
    }


def _feedback(row: Any, key: str, right: Any) -> dict[str, Any]:
    """What is known of an answer. Args: row: None where the product keeps no inputs."""
    body = _object(
        {
            "event_id": EVENT_ID,
            "prediction_id": {"type": "string", "format": "uuid"},
            **({} if row is None else {"input": row}),
            key: right,
            "accepted": {"type": "boolean"},
            "rating": {"type": "number", "minimum": 0, "maximum": 100},
            "person": PERSON,
        },
        ["event_id"],
    )
    about = {
        "prediction_id": {"type": "string", "format": "uuid"},
        "person": PERSON,
        "at": {"type": "string", "format": "date-time"},
    }
    name = {"type": "string", "pattern": r"^\w[\w.:-]{0,63}$"}
    did = {"event_id": EVENT_ID, "event": name, "value": {"type": "number"}, **about}
    rated = {"event_id": EVENT_ID, "rating": {"type": "number", "minimum": 0, "maximum": 100}, **about}
    kinds = [body, _object(did, ["event_id", "event"]), _object(rated, ["event_id", "rating"])]
    status = {"type": "string", "enum": ["new", "repeat"]}
    remarks = {"unknown_class": {"type": "boolean"}, "counts": {"type": "boolean"}}
    kept = _object({"status": status, **remarks}, ["status"])
    answers = {
        "201": _content("stored", kept),
        "200": _content("stored before", kept),
        "409": _refusal("other content under this event_id"),
        "507": _refusal("disk full"),
    }
    return {
        "summary": "Stores what is known of an answer; a retry is safe.",
        **_post({"anyOf": kinds}, answers),
    }


def _verdicts(head: dict[str, Any]) -> dict[str, Any]:
    verdict = {"type": "object", "required": ["line", "verdict"]}
    outcome = {"type": ["string", "null"], "enum": ["PROVED", "REFUTED", "UNDECIDED", None]}
    moved = {"type": "object", "required": ["what", "column", "value", "n", "text"]}
    lists = {"verdicts": {"type": "array", "items": verdict}, "advice": {"type": "array", "items": moved}}
    at = {"type": ["number", "null"], "description": "when status last looked, seconds since 1970"}
    body = {**head, "outcome": outcome, "watched_at": at, **lists, "note": {"type": "string"}}
    return _object(body, ["product", "version", "outcome", "watched_at", "verdicts", "advice"])


def _stage(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    whole = {"type": ["integer", "null"]}
    after: dict[str, Any] = {"product": {"type": "string"}, "live": whole, "previous": whole}
    after |= {"revision": {"type": "integer"}, "unasked": {"type": "array", "items": {"type": "string"}}}
    answers = {"200": _content("the stages now", _object(after, list(after))), "409": _refusal("not possible now")}
    return {"summary": "Changes the live version (admin).", **_post(_object(properties, required), answers)}


def _post(body: Any, answers: dict[str, Any]) -> dict[str, Any]:
    refusals = {status: _refusal(words) for status, words in _REFUSALS.items()}
    content = {"application/json": {"schema": body}}
    return {"requestBody": {"required": True, "content": content}, "responses": {**refusals, **answers}}


def _get(summary: str, schema: Any) -> dict[str, Any]:
    answer = _content("the answer", schema) if schema else {"description": "text", "content": {"text/plain": {}}}
    return {"summary": summary, "responses": {"200": answer, "401": _refusal(_REFUSALS["401"])}}


def _content(words: str, schema: Any) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _refusal(words: str) -> dict[str, Any]:
    return _content(words, {"$ref": "#/components/schemas/Error"})


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required}
