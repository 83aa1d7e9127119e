"""What people did, or how they rate, as it is taken: named, bounded, and hidden like everything else that is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from zhinan.core import UserError, Words, suggest
from zhinan.steps.kept import Keeper
from zhinan.steps.mask import redact
from zhinan.steps.tidying import tidy
from zhinan.store import Event

__all__ = ["EVENT_ID", "HAPPENED", "PREDICTION_ID", "person_of", "read_happened"]

HAPPENED = ("event_id", "event", "value", "prediction_id", "person", "at")
"""What an event may hold."""

EVENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
PREDICTION_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NAME = re.compile(r"\w[\w.:-]{0,63}")
RATED = ("event_id", "rating", "prediction_id", "person", "at")
"""What a rating of its own may hold."""
AHEAD, AGO = 300.0, 366 * 86_400.0
"""Seconds that an event may seem to lie in the future, as clocks differ, and in the past."""
LARGEST = 1e12


def read_happened(body: Mapping[str, Any], keeper: Keeper, event_id: str) -> Event:
    """The event that a body describes: `event`, perhaps with a `value`, or a `rating`; of an answer, a person or both.

    Args: event_id: as it was given, known to be one.
    Raises: UserError E473.
    """
    keys = HAPPENED if "event" in body else RATED
    for key in body.keys() - set(keys):
        near = suggest(key, keys)
        fix = near if near.en.startswith("did you") else Words(f"use {', '.join(keys)}", f"可用：{', '.join(keys)}")
        _refuse(Words("a key of an event or a rating is unknown", "事件或评分中有未知的键"), fix)
    payload: dict[str, Any] = {}
    if "event" in body:
        payload["event"] = _name(body["event"])
    named = {"value": "amount", "rating": "rating"}
    for key, kept in named.items():
        if body.get(key) is not None:
            payload[kept] = _number(key, body[key])
    if body.get("prediction_id") is not None:
        payload["prediction_id"] = _prediction(body["prediction_id"])
    if body.get("at") is not None:
        payload["at"] = _moment(body["at"])
    person = person_of(body.get("person"))
    if person is None and "prediction_id" not in payload:
        fix = Words("send prediction_id, person or both", "请发送 prediction_id 或 person，或两者都发送")
        reason = Words("an event or a rating is of an answer or of a person", "事件或评分须属于某个预测或某个人")
        _refuse(reason, fix)
    kept_person = None if person is None else keeper.person(person)
    return Event(keeper.event_id(event_id), "feedback", payload, time.time(), kept_person)


def person_of(value: Any, key: str = "person") -> str | None:
    """Whose it is, as it was sent. Args: key: where it stood. Raises: UserError E473."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 200 or "\0" in value or not tidy(value):
        reason = Words(f"{key} is no text of 1 to 200 characters", f"{key} 不是 1–200 个字符的文本")
        _refuse(reason, Words("send a text", "请发送文本"))
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value) or redact(value) != value:
        fix = Words(
            "send 1 to 64 letters, digits, _ . : or -, such as order", "1–64 个字母、数字或 _ . : -，例如 order"
        )
        _refuse(Words("event is no name of an event", "event 不是合法的事件名"), fix)
    return value


def _number(key: str, value: Any) -> float:
    most = 100.0 if key == "rating" else LARGEST
    least = 0.0 if key == "rating" else -LARGEST
    number = not isinstance(value, bool) and isinstance(value, int | float)
    if not number or not least <= value <= most:
        reason = Words(f"{key} is no number from {least:g} to {most:g}", f"{key} 不是 {least:g} 到 {most:g} 的数字")
        _refuse(reason, Words("send a number", "请发送数字"))
    return float(value)


def _prediction(value: Any) -> str:
    if not isinstance(value, str) or not PREDICTION_ID.fullmatch(value):
        fix = Words("send the id of an output of /predict", "请发送 /predict 输出中的 id")
        _refuse(Words("prediction_id is no id of a prediction", "prediction_id 不是预测的 id"), fix)
    return value


def _moment(value: Any) -> float:
    """Seconds since 1970 of an ISO 8601 time that says its offset."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        fix = Words("send such as 2026-01-31T09:00:00+08:00", "例如 2026-01-31T09:00:00+08:00")
        _refuse(Words("at is no time with its offset", "at 不是带时区的时间"), fix)
    now, then = time.time(), moment.timestamp()
    if not now - AGO <= then <= now + AHEAD:
        fix = Words("send a time of the last year", "请发送最近一年内的时间")
        _refuse(Words("at lies in the future or too far back", "at 在未来或过于久远"), fix)
    return then


def _refuse(reason: Words, fix: Words) -> NoReturn:
    raise UserError("E473", reason=reason, fix=fix)
