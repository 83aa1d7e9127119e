"""Tells a webhook of alarms that went off: one POST each, repeated until it is taken."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from zhinan.core import UserError
from zhinan.evaluate.posting import Door, FailedRequestError, LostNameError, knock

__all__ = ["Webhook", "changes", "going_off"]

SECONDS = 10.0
"""For one POST, with its retries."""


def going_off(status: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The alarms that are on, from the object that `zhinan status --json` prints.

    A live version that cannot be opened is one of its own, on "version": none of its lines is watched.

    Returns:
        [{"id", "product", "version", "line", "value", "n", "alarmed_at", "on", "code"}]; an alarm keeps its id. `code`
        is that of the error that keeps a version closed, and None of a line.
    """
    product, number = status["product"], status["live"]
    told = ("line", "value", "n", "alarmed_at", "on")
    shut = {"line": None, "value": None, "n": 0, "alarmed_at": None, "on": "version", "code": status["unopened"]}
    found = [("cannot be opened", shut)] if status["unopened"] else []
    found += [
        (_named(one), {key: one[key] for key in told} | {"code": None}) for one in status["monitors"] if one["alarm"]
    ]
    return [
        {"id": f"{product}@{number}: {name}", "product": product, "version": number} | alarm for name, alarm in found
    ]


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is otherwise than at the last look, new alarms aside, from two objects of `zhinan status --json`.

    Returns:
        [{"what", "was", "now"}] for "live" and "audit"; {"what": "alarm over", "line"} for each that was on the same
        version; {"what": "opened", "version"} for one that could not be opened; {"what": "advice", "advice"} for each
        that is new, as `status` has it.
    """
    found: list[dict[str, Any]] = [
        {"what": what, "was": before[what], "now": now[what]} for what in ("live", "audit") if before[what] != now[what]
    ]
    quiet = {_named(one) for one in now["monitors"] if not one["alarm"] and one["why"] is None}
    if before["live"] == now["live"]:  # a version that cannot be opened for a look says nothing of its lines
        over = [one["line"] for one in before["monitors"] if one["alarm"] and _named(one) in quiet]
        found += [{"what": "alarm over", "line": line} for line in over]
        if before["unopened"] and not now["unopened"]:
            found.append({"what": "opened", "version": now["live"]})
    known = {(one["what"], one["column"]) for one in before["advice"]}
    new = [one for one in now["advice"] if (one["what"], one["column"]) not in known]
    return found + [{"what": "advice", "advice": one} for one in new]


def _named(found: Mapping[str, Any]) -> str:
    """A line, and on what it is watched where that is beside the feedback."""
    return f"{found['line']} ({found['on']})" if found["on"] in ("audit", "answers") else str(found["line"])


class Webhook:
    """Where alarms are sent. An alarm that the address did not take is sent again with the next call.

    Its name is looked up anew with each call, and held to the same rules: who is watched for months moves.

    Args:
        url: takes a POST of {"alarm": {…}} as JSON. token: sent as a bearer token.
        patient: whether a name that leads nowhere yet is waited for.

    Raises:
        UserError: E270 for an address that cannot be posted to, E277 for a token in the clear.
    """

    def __init__(self, url: str, token: str | None = None, *, patient: bool = False) -> None:
        self._url, self._token = url, token
        self._sent: set[str] = set()
        self._lost: str | None = None
        try:
            self._knock()
        except LostNameError as error:
            if not patient:
                raise
            self._lost = _reason(error)

    def send(self, alarms: Sequence[Mapping[str, Any]]) -> str | None:
        """Posts each alarm once, and again when it is on anew; why the first could not be posted, None when all were.

        No reason holds more of the address than its host: the rest may be a key.
        """
        self._sent &= {alarm["id"] for alarm in alarms}
        new = [alarm for alarm in alarms if alarm["id"] not in self._sent]
        failed, self._lost = self._lost, None
        if not new:
            return failed
        try:
            door = self._knock()
        except UserError as error:
            return _reason(error)
        with closing(door):
            told = [self._told(door, alarm) for alarm in new]
        return next((reason for reason in told if reason), None)

    def _knock(self) -> Door:
        try:
            host = (urlsplit(self._url).hostname or "").lower()
        except ValueError:
            host = ""  # no URL: `knock` says so
        return knock(self._url, {host}, self._token)

    def _told(self, door: Door, alarm: Mapping[str, Any]) -> str | None:
        body = json.dumps({"alarm": dict(alarm)}, ensure_ascii=False).encode()
        try:
            door.post(body, SECONDS, time.monotonic() + SECONDS)
        except FailedRequestError as error:
            return f"{door.origin}: {error}"
        self._sent.add(alarm["id"])
        return None


def _reason(error: UserError) -> str:
    return f"{error.where}: {error.code} {error.fix()}"
