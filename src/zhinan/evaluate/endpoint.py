"""An HTTP endpoint as the judged system: asked case by case, within bounds, and never twice for the same case."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import UserError, suggest
from zhinan.evaluate.disturb import AFFECTS, disturb
from zhinan.evaluate.given import Given, absent
from zhinan.evaluate.posting import Door, FailedRequestError, Reply, knock

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs
    from zhinan.store import Blobs

__all__ = ["Asking", "Endpoint", "asking"]

Asking: TypeAlias = Callable[[Given, Sequence[Line], Contract | None, Collection[str]], Given]
Progress: TypeAlias = Callable[[int, int], None]

BLOCKS = 10
"""Stretches of requests, in the order of time, that latency is judged in: a slow spell is one slow stretch."""
HOPELESS = 5
"""So many failures before the first answer: the rest need not be asked."""
FORMAT = 1


@dataclass(frozen=True)
class Endpoint:
    """Where to ask and within which bounds.

    Args:
        url: answers a POST with JSON. allowed: hosts that may be asked; any other is refused.
        pointer: name or JSON pointer of the answer; a case is then sent as {column: value}. None: Zhinan's own
            {"inputs": [{…}]}, answered by outputs[0].label (or value, or labels).
        token: sent as a bearer token, never printed. timeout: seconds a request. deadline: seconds for all.
        concurrency: requests at a time; one where latency is judged. most: requests at most.
        errors: "refuse" when a case gets no answer, or count it "wrong". fresh: ask again what was answered before.
    """

    url: str
    allowed: tuple[str, ...]
    pointer: str | None = None
    token: str | None = field(default=None, repr=False)
    timeout: float = 10.0
    deadline: float = 3600.0
    concurrency: int = 4
    most: int = 10_000
    errors: Literal["refuse", "wrong"] = "refuse"
    fresh: bool = False


@dataclass(frozen=True)
class _Answer:
    """What one case got. at: when, in seconds since 1970; alone: whether nothing else was asked meanwhile."""

    value: Any
    handover: bool | None
    seconds: float
    at: float
    alone: bool


def asking(
    endpoint: Endpoint,
    *,
    inputs: Mapping[str, str] | None = None,
    blobs: Blobs | None = None,
    progress: Progress | None = None,
) -> Asking:
    """A function that fills in the answers of cases, and of disturbed ones where a line asks for them.

    Latency is that of this endpoint as seen from this machine, one request at a time on a kept-open connection, for
    these cases; a retried request counts with its waiting. Nothing is said of the endpoint under load.

    Args:
        inputs: field → column; None: the contract's inputs, else every column that has no other use.
        blobs: keeps the answers, so that asking again is free and a killed run goes on where it was.

    Raises (when called):
        UserError: E270 a host that may not be asked, E271 requests that failed, E272 bounds, E273 no such column,
            E277 a token in the clear.
    """

    def fill(given: Given, lines: Sequence[Line], contract: Contract | None, private: Collection[str]) -> Given:
        with closing(knock(endpoint.url, endpoint.allowed, endpoint.token)) as door:
            alone = any(line.metric.startswith("latency") for line in lines)
            asked = _Asked(endpoint, door, blobs, alone, progress)
            return _filled(given, lines, _inputs(given, inputs, contract, private), asked)

    return fill


def _inputs(
    given: Given, inputs: Mapping[str, str] | None, contract: Contract | None, private: Collection[str]
) -> dict[str, tuple[str, str, list[Any]]]:
    """Field → (column, kind, values as JSON will hold them)."""
    kinds = dict(contract.data.inputs or {}) if contract is not None else {}
    named = inputs or {name: name for name in kinds or [c for c in given.columns if c not in private]}
    return {
        field: (column, kinds.get(column, "text"), _column(given, column, kinds.get(column)))
        for field, column in named.items()
    }


def _filled(
    given: Given, lines: Sequence[Line], inputs: Mapping[str, tuple[str, str, list[Any]]], asked: _Asked
) -> Given:
    """The answers to the cases, and to their disturbed versions where a line asks for them."""
    rows = {field: values for field, (_, _, values) in inputs.items()}
    kinds = {field: kind for field, (_, kind, _) in inputs.items()}
    answered = _answered(given, asked.every(rows))
    if asked.alone:
        answered = replace(answered, latencies=asked.latencies())
    under = {}
    for line in lines:
        how = line.part.under if line.part else None
        if how is None or how in under:
            continue
        if not AFFECTS[how] & set(kinds.values()):
            raise UserError("E280", line.where, line=line.text, how=how, kinds=", ".join(sorted(AFFECTS[how])))
        under[how] = _answered(replace(given, current=None), asked.every(disturb(rows, kinds, how)))
    return replace(answered, under=under)


class _Asked:
    """Asks cases, each content once; answers are remembered as they come."""

    def __init__(
        self, endpoint: Endpoint, door: Door, blobs: Blobs | None, alone: bool, progress: Progress | None
    ) -> None:
        self.endpoint, self.door, self.blobs, self.alone, self.progress = endpoint, door, blobs, alone, progress
        self.until = time.monotonic() + endpoint.deadline
        self.sent = 0
        self.answers: dict[str, _Answer] = {}
        self.failures: dict[str, str] = {}
        self.first: list[str] = []
        self._lock, self._stop = Lock(), Event()

    def every(self, rows: Mapping[str, Sequence[Any]]) -> list[_Answer | None]:
        """The answer of every case, None where a request failed.

        Raises:
            UserError: E271 when requests failed that may not, E272 for more requests or time than allowed.
        """
        bodies = [{name: values[i] for name, values in rows.items()} for i in range(len(next(iter(rows.values()), ())))]
        keys = [self._key(body) for body in bodies]
        wanted = {key: body for key, body in zip(keys, bodies, strict=True) if not self._held(key)}
        self.first = self.first or keys
        if self.sent + len(wanted) > self.endpoint.most:
            raise UserError("E272", self.door.shown, reason=f"{self.sent + len(wanted)} > {self.endpoint.most}",
                            option="--max-requests")  # fmt: skip
        done = len(set(keys)) - len(wanted)
        workers = 1 if self.alone else max(1, self.endpoint.concurrency)
        with ThreadPoolExecutor(workers) as pool:
            try:
                for _ in pool.map(lambda item: self._ask(*item), wanted.items()):
                    done += 1
                    if self.progress:
                        self.progress(done, len(set(keys)))
            except BaseException:
                self._stop.set()  # what was not sent yet need not be waited for
                raise
        self._settle(set(keys))
        return [self.answers.get(key) for key in keys]

    def latencies(self) -> Costs:
        """Times of the undisturbed cases in the order asked, in equal stretches; a failed one took for ever."""
        from zhinan.evaluate.costs import Costs

        keys = list(dict.fromkeys(self.first))
        held = sorted((self.answers[key] for key in keys if key in self.answers), key=lambda answer: answer.at)
        seconds = np.array([answer.seconds for answer in held] + [np.inf] * (len(keys) - len(held)))
        nothing = np.empty(0)
        return Costs(seconds, np.arange(len(seconds)) * BLOCKS // max(len(seconds), 1), nothing, nothing, 0)

    def _key(self, body: Mapping[str, Any]) -> str:
        content = json.dumps([FORMAT, self.endpoint.url, self.endpoint.pointer, body], sort_keys=True, default=str)
        return "endpoint-" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    def _held(self, key: str) -> bool:
        """Whether a case was answered before: in this run, or kept from an earlier one."""
        if key in self.answers:
            return True
        kept = None if self.blobs is None or self.endpoint.fresh else self.blobs.recall(key)
        if kept is not None:
            told = json.loads(kept)
            if "failed" in told:  # counted as wrong before: asking until it answers would flatter the endpoint
                if self.endpoint.errors == "wrong":
                    self.failures[key] = told["failed"]
                return self.endpoint.errors == "wrong"
            answer = _Answer(**told)
            if answer.alone or not self.alone:
                self.answers[key] = answer
                return True
        return False

    def _ask(self, key: str, body: Mapping[str, Any]) -> None:
        if self._stop.is_set():
            return
        own = self.endpoint.pointer is None
        content = json.dumps({"inputs": [body]} if own else body, ensure_ascii=False, default=str).encode(
            "utf-8", "replace"
        )
        at = time.time()
        try:
            reply = self.door.post(content, self.endpoint.timeout, self.until)
            value, handover = _answer_in(reply, self.endpoint.pointer)
        except FailedRequestError as failed:
            with self._lock:
                self.failures[key] = str(failed)
                if failed.final or (not self.answers and len(self.failures) >= HOPELESS):
                    self._stop.set()
            return
        answer = _Answer(value, handover, reply.seconds, at, self.alone)
        if self.blobs is not None:
            self.blobs.remember(key, json.dumps(vars(answer), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        with self._lock:
            self.answers[key] = answer
            self.sent += 1

    def _settle(self, keys: Collection[str]) -> None:
        """Refuses what is missing, unless it may count as wrong."""
        if time.monotonic() >= self.until and any(key not in self.answers for key in keys):
            done = sum(key in self.answers for key in keys)
            reason = f"{done} / {len(keys)} in {self.endpoint.deadline:g} s"
            raise UserError("E272", self.door.shown, reason=reason, option="--deadline")
        failed = [key for key in keys if key not in self.answers]
        if failed and (self.endpoint.errors == "refuse" or self._stop.is_set()):
            reasons = [self.failures[key] for key in failed if key in self.failures]
            reason = max(set(reasons), key=reasons.count) if reasons else "–"
            raise UserError("E271", self.door.shown, failed=len(failed), total=len(keys), reason=reason)
        if self.blobs is not None:
            for key in failed:
                self.blobs.remember(key, json.dumps({"failed": self.failures.get(key, "–")}).encode())


def _answered(given: Given, answers: Sequence[_Answer | None]) -> Given:
    known = any(a is not None and a.handover is not None for a in answers)
    handed = [bool(a is not None and a.handover) for a in answers] if known else None
    lost = [a is None for a in answers]
    return replace(
        given, answer=[None if a is None else a.value for a in answers],
        handover=given.handover if handed is None else handed, unanswered=lost if any(lost) else None,
    )  # fmt: skip


def _column(given: Given, column: str, kind: str | None) -> list[Any]:
    """A column's values as JSON will hold them."""
    if column not in given.columns:
        raise UserError("E273", column=column, suggestion=suggest(column, given.columns))
    return [_typed(value, kind) for value in given.columns[column]]


def _typed(value: Any, kind: str | None) -> Any:
    if value is None or kind not in ("number", "flag"):
        return value
    text = str(value).strip()
    if kind == "flag":
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text.lower(), value)
    try:
        number = float(text)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def _answer_in(reply: Reply, pointer: str | None) -> tuple[Any, bool | None]:
    """The answer in a reply, and whether it was handed over. Raises: FailedRequestError where there is none."""
    try:
        body = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise FailedRequestError("the reply is not JSON") from error
    if pointer is not None:
        return _useful(_pointed(body, pointer), pointer), None
    output = body.get("outputs") if isinstance(body, dict) else None
    first = output[0] if isinstance(output, list) and output else None
    if not isinstance(first, dict):
        raise FailedRequestError("the reply has no outputs[0]")
    handover = bool(first["handover"]) if "handover" in first else None
    for name in ("label", "value", "labels"):
        if name in first and not (handover and first[name] is None):
            value = first[name]
            if name == "labels" and isinstance(value, list):
                value = [one.get("label") if isinstance(one, dict) else one for one in value]
            return _useful(value, f"outputs[0].{name}"), handover
    if handover:
        return None, handover
    raise FailedRequestError("outputs[0] has no label")


def _pointed(body: Any, where: str) -> Any:
    """What a field's name or a JSON pointer (RFC 6901) names."""
    steps = [where] if not where.startswith("/") else [
        step.replace("~1", "/").replace("~0", "~") for step in where.split("/")[1:]
    ]  # fmt: skip
    for step in steps:
        if isinstance(body, dict) and step in body:
            body = body[step]
        elif isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        else:
            raise FailedRequestError(f"the reply has no {where}")
    return body


def _useful(value: Any, where: str) -> Any:
    if absent(value) or isinstance(value, dict):
        raise FailedRequestError(f"{where} holds no answer")
    return value
