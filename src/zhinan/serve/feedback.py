"""What people say about an answer, checked and masked before it is stored."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Self

from zhinan.core import Task, UserError, Words, suggest
from zhinan.package import Version
from zhinan.serve.happened import EVENT_ID, PREDICTION_ID, person_of, read_happened
from zhinan.serve.persons import person_in
from zhinan.steps.kept import Keeper, shortened
from zhinan.steps.mask import redact
from zhinan.steps.tidying import tidy
from zhinan.steps.values.lists import items_of, written_list
from zhinan.steps.values.written import class_of
from zhinan.store import Event

__all__ = ["KEYS", "LONGEST", "Terms", "counts", "names_new_class", "new_class", "new_labels", "read_feedback"]

KEYS = ("event_id", "prediction_id", "input", "label", "accepted", "rating", "person")
"""What feedback on an answer may hold; the right answer goes by the key of the task: label, labels or value."""

LONGEST = 100
"""Characters of a name that somebody gives a class."""

DIGITS = 3
"""Of them, at most."""

MOST_NEW = 100
"""Labels of one row that the product lacks; more are no answer of a person."""


@dataclass(frozen=True)
class Terms:
    """What feedback has to fit, over HTTP and from a file alike.

    Args:
        task, classes: what is answered. version: whose inputs a row has to have; None while there is none: all do.
        keeper: what hides things in what is stored. keeps: whether inputs may be stored at all.
        wanted: what counts for the lines that use judges, as `evaluate.in_use.takes`.
    """

    task: Task
    classes: Sequence[str]
    version: Version | None
    keeper: Keeper
    keeps: bool = True
    wanted: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, version: Version, keeper: Keeper, keeps: bool) -> Self:
        """Those of a version. A proof can be long: ask once."""
        proof = version.read("proof.json") if version.number is not None else b""
        used = json.loads(proof).get("in_use", []) if b'"in_use"' in proof else []
        wanted = [row["takes"] for row in used if "takes" in row]
        return cls(version.task, version.classes, version, keeper, keeps, wanted)

    def kept(self, row: Any) -> dict[str, Any]:
        """An input as it is stored. Raises: UserError E473 where none is; E370 and E371."""
        if not self.keeps:
            reason = Words("this product keeps no inputs (serve.keep_inputs)", "本产品不保存输入（serve.keep_inputs）")
            _refuse(reason, Words("send the prediction_id of the answer it is about", "请发送所评回答的 prediction_id"))
        if self.version is not None:
            row = {name: values[0] for name, values in self.version.check([row]).items()}
        return self.keeper.row(shortened(row))


def read_feedback(body: Any, terms: Terms) -> Event:
    """The event that a body of POST /feedback describes.

    It is about one prediction (`prediction_id`) or one `input`, and says one of `label` (of a number `value`),
    `accepted` and `rating`; or it is what somebody did or how they rate, of an answer, a person or both (`event`, or
    `rating` without an input, see `read_happened`).

    Raises: UserError E473, or E370 and E371 for an input that is none.
    """
    if not isinstance(body, dict):
        _refuse(Words("it is not an object", "不是对象"), Words("send an object", "请发送对象"))
    event_id = body.get("event_id")
    if not isinstance(event_id, str) or not EVENT_ID.fullmatch(event_id):
        fix = Words("send 1 to 128 letters, digits or ._:-, the same on a retry", "1–128 个字母数字或 ._:-，重试时相同")
        _refuse(Words("event_id is missing or no id", "缺少 event_id 或格式不符"), fix)
    right, keeper = terms.task.label, terms.keeper
    keys = tuple(right if key == "label" else key for key in KEYS)
    given = {key: value for key, value in body.items() if value is not None or key not in keys}
    if "event" in body or ("rating" in given and not given.keys() & {right, "accepted", "input"}):
        return read_happened(body if "event" in body else given, keeper, event_id)
    for key in body.keys() - set(keys):
        near = suggest(key, keys)
        if near.en.startswith("did you mean"):
            _refuse(Words("a key is unknown", "有未知的键"), near)
        _refuse(Words("a key is unknown", "有未知的键"), Words(f"use {', '.join(keys)}", f"可用：{', '.join(keys)}"))
    said = _one_of(body, (right, "accepted", "rating"))
    about = _one_of(body, ("prediction_id", "input"))
    payload = {said: _said(said, body[said], terms)}
    if about == "input":
        payload["input"] = terms.kept(body["input"])
    else:
        if not isinstance(body[about], str) or not PREDICTION_ID.fullmatch(body[about]):
            fix = Words("send the id of an output of /predict", "请发送 /predict 输出中的 id")
            _refuse(Words("prediction_id is no id of a prediction", "prediction_id 不是预测的 id"), fix)
        payload["prediction_id"] = body[about]
    person = person_of(body.get("person"))
    if about == "input" and terms.version is not None:
        whose = person_in(body["input"], terms.version)
        person = person or whose
        if whose not in (None, person):  # caps and alarms go by who speaks, the row is of whom it names
            payload["whose"] = keeper.person(whose)
    kept = None if person is None else keeper.person(person)
    return Event(keeper.event_id(event_id), "feedback", payload, time.time(), kept)


def _one_of(body: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    given = [key for key in keys if body.get(key) is not None]
    if len(given) != 1:
        names = ", ".join(keys)
        _refuse(
            Words(f"exactly one of {names} is needed", f"{names} 中必须且只能有一个"), Words("send one", "请只发送一个")
        )
    return given[0]


def _said(key: str, value: Any, terms: Terms) -> Any:
    task, classes = terms.task, terms.classes
    if key == task.label:
        found = task.right(value, classes)
        if found is None and task.judged != "numbers":
            found = new_labels(value, classes) if task.judged == "tags" and classes else new_class(value, classes)
        if found is None and task.judged != "numbers":
            said = value if isinstance(value, list) else [value]
            strange = next((one for one in said if isinstance(one, str) and one not in classes), "")
            reason = Words(
                "the label is no class of this product, nor a name for one", "标签不是本产品的类别，也不能作为类别名"
            )
            _refuse(reason, suggest(strange, classes))
        if found is None:
            reason = Words(f"{key} is no number from -1e15 to 1e15", f"{key} 不是 -1e15 到 1e15 的数值")
            _refuse(reason, _send("12.5"))
        return found
    if key == "accepted":
        if not isinstance(value, bool):
            _refuse(Words("accepted is not true or false", "accepted 不是 true 或 false"), _send("true / false"))
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        _refuse(Words("rating is no number from 0 to 100", "rating 不是 0 到 100 的数字"), _send("0 … 100"))
    return value


def new_class(said: Any, classes: Collection[str]) -> str | None:
    """The name of a class that the product lacks, as somebody gave it; None for a slip, or what may be no name.

    It teaches nothing: where enough people give the same one, `improve` proposes it.
    """
    name = tidy(said) if isinstance(said, str) and len(said) <= 10 * LONGEST else ""
    if not name or len(name) > LONGEST:  # first: what follows takes time
        return None
    slip = suggest(name, classes).en.startswith("did you mean")
    number = sum(map(str.isdigit, name)) > DIGITS  # a bare date or token is nothing that a mask knows by itself
    return None if slip or number or redact(name) != name else name


def new_labels(said: Any, classes: Collection[str]) -> str | None:
    """Several labels, some of which the product lacks, as data hold them; None where one may be no name or many are.

    Names are given in a list, as a text that parts them might be a slip.
    """
    if not isinstance(said, list | tuple) or not said:
        return None
    known = [class_of(one, classes) for one in said]
    if known.count(None) > MOST_NEW:
        return None
    named: list[str] = []
    for one, its_class in zip(said, known, strict=True):
        name = its_class or new_class(one, classes)
        if name is None:
            return None
        named.append(name)
    return written_list(named)


def names_new_class(event: Event, terms: Terms) -> bool:
    """Whether an event gives as right what the product cannot answer."""
    said = event.payload.get(terms.task.label)
    if said is None or not terms.classes:
        return False
    labels = items_of(said) if terms.task.judged == "tags" else (said,)
    return not set(labels) <= set(terms.classes)


def counts(event: Event, terms: Terms) -> bool:
    """Whether an event or a rating has a value that a line which use judges can take; True where none asks for it."""
    name = event.payload.get("event", "")
    said = event.payload.get("amount" if name else "rating")
    asked = [one for one in terms.wanted if one["event"] == name]
    if not asked or (not name and said is None):
        return True
    return any(
        one["least"] is None or (said is not None and one["least"] <= said <= (one["most"] or math.inf))
        for one in asked
    )


def _send(what: str) -> Words:
    return Words(f"send {what}", f"请发送 {what}")


def _refuse(reason: Words, fix: Words) -> NoReturn:
    raise UserError("E473", reason=reason, fix=fix)
