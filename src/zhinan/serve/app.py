"""One worker: its version, its threads and what it answers on each route."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from zhinan.core import UserError, Words
from zhinan.core.keys import KEYLESS
from zhinan.package import Version
from zhinan.package.keeping import Keeping
from zhinan.serve.admission import Admission
from zhinan.serve.archive import Archive, Hider, Taker
from zhinan.serve.feedback import Terms, counts, names_new_class, read_feedback
from zhinan.serve.guard import Call, Guard, Reply, Route, json_reply, log_failure
from zhinan.serve.happened import person_of
from zhinan.serve.inference import Inference
from zhinan.serve.jobs import JobDesk, Living
from zhinan.serve.known import Known
from zhinan.serve.live import Hourly, Live, Watch
from zhinan.serve.masking import Masking
from zhinan.serve.metrics import Metrics
from zhinan.serve.openapi import document
from zhinan.serve.persons import people_in
from zhinan.serve.record import Recorder, identifiers
from zhinan.serve.rows import KINDS
from zhinan.serve.settings import Settings
from zhinan.serve.tally import Tally
from zhinan.steps.remark import remark
from zhinan.store import Event, EventWriter, Jobs, Stages, Store
from zhinan.store.waiting import erase_waiting

__all__ = ["Worker", "build"]


def build(settings: Settings) -> Guard:
    """The ASGI application of one worker. Nothing is opened before it starts."""
    return Worker(settings).app


class Worker:
    """What lives as long as a worker process does."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._metrics = Metrics(settings.shared)
        self._tells = ThreadPoolExecutor(1, "zhinan-metrics")
        self._ids = identifiers()
        self._forgets = Hourly(self._forget)
        self._keeps: tuple[Version, bool, Masking] | None = None
        self._terms: Terms | None = None
        self._store: Store | None = None
        self._writer: EventWriter | None = None
        self._recorder: Recorder | None = None
        living = Living(lambda: self._live.version, self._masking, identifiers())
        self._desk = JobDesk(living, self._metrics, settings.limits)
        self.app = Guard(settings, self._routes(), self._metrics, self._start, self._stop)

    def _routes(self) -> Mapping[str, Mapping[str, Route]]:
        return {
            "/predict": {"POST": Route(self._predict, "predict", admit=self._admit)},
            "/jobs": {"POST": Route(self._desk.submit, "predict", KINDS)},
            "/jobs/{id}": {
                "GET": Route(self._desk.status, "predict"),
                "DELETE": Route(self._desk.erase, "predict"),
            },
            "/jobs/{id}/result": {"GET": Route(self._desk.result, "predict")},
            "/feedback": {"POST": Route(self._feedback, "feedback")},
            "/contract": {"GET": Route(self._contract)},
            "/metrics": {"GET": Route(self._tell_metrics)},
            "/livez": {"GET": Route(self._livez, "")},
            "/readyz": {"GET": Route(self._readyz)},
            "/openapi.json": {"GET": Route(self._openapi)},
            "/promote": {"POST": Route(self._promote, "admin")},
            "/rollback": {"POST": Route(self._rollback, "admin")},
        }

    async def _start(self) -> None:
        """Opens the version and starts the threads; the worker takes no connection before this is done.

        Raises: UserError of a store or version that cannot be opened.
        """
        logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
        settings = self._settings
        if settings.store is not None:
            self._store = Store(settings.store)
            self._writer = EventWriter(self._store)
            taker, self._hider, self._hang_up = self._elsewhere(self._store)
            self._recorder = Recorder(taker, self._recorded)
        self._live = Live(settings.product, settings.source, self._store, self._swapped)
        self._masking(self._live.version)
        self._inference = Inference(settings.limits.batch, settings.limits.waiting)
        self._admission = Admission(self._inference, settings.limits.held)
        if self._store is not None:
            self._desk.start(Jobs(self._store, settings.product), self._inference, self._hider)
        self._tally = Tally(self._store, settings.product)
        self._knows = Known(self._store)
        self._refresh_tokens()
        duties: tuple[tuple[Callable[[], None], ...], ...] = (
            (self.app.refresh_tokens, self._metrics.save),
            (self._live.refresh,),
            (self._tally.flush, Hourly(self._expire), self._forgets),
        )  # what may wait for the store, and for others who write to it, holds up nothing else
        self._watches = [Watch(log_failure, *some) for some in duties]
        gc.collect()
        gc.freeze()
        self._metrics.save()

    def _refresh_tokens(self) -> None:
        """Before anybody is answered: what the file says now, not what it said when the service began."""
        try:
            self.app.refresh_tokens()
        except UserError as error:
            log_failure(error)

    def _elsewhere(self, store: Store) -> tuple[Taker, Hider, Callable[[], None]]:
        """Who writes predictions down and hides rows of jobs: the record process; a lone worker does so itself.

        Last, what ends the waiting for hidden rows.
        """
        if self._settings.records is None:
            archive = Archive(lambda: store, self._settings.product)
            return archive, archive, lambda: None
        from zhinan.serve.handover import Apart, Handover

        apart = Apart(self._settings.records)
        return Handover(self._settings.records), apart, apart.close

    async def _stop(self) -> None:
        """Writes down what was answered, first: all else may wait for the store; then finishes what was accepted."""
        if self._recorder is not None:
            await asyncio.to_thread(self._recorder.close)
            self._metrics.save()
            await asyncio.to_thread(self._hang_up)
        await self._desk.close()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for watch in self._watches:
            watch.close()
        self._inference.close()
        self._knows.close()
        self._count()
        if self._writer is not None:
            self._writer.close()
        if self._store is not None:
            self._store.close()
        self._metrics.save()

    def _count(self) -> None:
        """Writes down what the last minute took; a store that cannot is told of and stops nothing."""
        try:
            self._tally.flush(whole=True)
        except UserError as error:
            log_failure(error)

    def _expire(self) -> None:
        """Erases what was kept for as long as the version's contract says."""
        if self._store is not None:
            before = time.time() - self._keeping(self._live.version).retention
            self._store.expire_events(self._settings.product, before)

    def _forget(self) -> None:
        """Erases versions that somebody was forgotten from, which wait for another one to be live."""
        if self._store is not None:
            erase_waiting(self._store, self._settings.product)

    def _recorded(self, outcome: str, count: int) -> None:
        self._metrics.add("zhinan_records_total", count, outcome=outcome)

    def _swapped(self, done: bool) -> None:
        self._metrics.add("zhinan_swaps_total", outcome="done" if done else "failed")

    # predictions and feedback

    async def _admit(self, size: int) -> None:
        """Lets a request of so many bytes wait for room; then refuses it without reading what it says."""
        try:
            await self._admission.enter(size)
        except UserError:
            self._tally.refused(self._live.version.number)
            raise

    async def _predict(self, call: Call) -> Reply:
        version = self._live.version
        rows, person = _inputs(call.body, self._settings.limits.rows)
        columns = version.check(rows)
        people = people_in(rows, version, person)
        notes = version.notes(rows, columns)
        asked = call.switch("probabilities")
        with self._tally.request(version.number, len(rows)):
            answers = await self._inference.answer(version, columns, asked)
        outputs = [{"id": next(self._ids), **answer} for answer in answers]
        for output in outputs:
            named = {"label": output["label"]} if "label" in output else {}
            self._metrics.add("zhinan_predictions_total", version=str(version.number), **named)
        if self._recorder is not None:
            kept, masking = self._masking(version)
            for place, output in enumerate(outputs):
                row = {name: values[place] for name, values in columns.items()} if kept else None
                payload = {"version": version.number, **version.task.kept(output)}
                self._recorder.add(output["id"], payload, row, masking, people[place])
        body = {"product": version.product, "version": version.number, "outputs": outputs}
        return json_reply({**body, "notes": notes} if notes else body)

    def _masking(self, version: Version) -> tuple[bool, Masking]:
        """Whether the version's contract lets inputs be stored, and what hides things in them; read once a version."""
        if self._keeps is None or self._keeps[0] is not version:
            key = KEYLESS if self._store is None else self._store.mask_key(version.product, keep=False)
            version.person_columns  # noqa: B018 - read now, for no request to wait for
            kept = self._keeping(version)
            self._keeps = (version, kept.inputs, Masking.of(version, key, kept.patterns))
        return self._keeps[1:]

    def _keeping(self, version: Version) -> Keeping:
        """What may be kept while it answers."""
        return self._settings.keeping & Keeping.sealed(version.read("contract.yaml").decode())

    async def _feedback(self, call: Call) -> Reply:
        version = self._live.version
        event, remarks = await asyncio.to_thread(self._said, call.body, version)
        if self._writer is None:
            raise UserError("E476")
        outcome = await self._writer.add(self._settings.product, event)
        self._metrics.add("zhinan_feedback_total", outcome=outcome)
        if outcome == "conflict":
            raise UserError("E474")
        return json_reply({"status": outcome, **remarks}, 201 if outcome == "new" else 200)

    def _said(self, body: Any, version: Version) -> tuple[Event, dict[str, bool]]:
        """What is stored of it, and what is to say of it besides."""
        terms = self._terms
        if terms is None or terms.version is not version:
            kept, masking = self._masking(version)
            terms = self._terms = Terms.of(version, masking.keeper, kept)
        event = read_feedback(body, terms)
        remarks = {"unknown_class": True} if names_new_class(event, terms) else {}
        return event, remarks if counts(event, terms) else {**remarks, "counts": False}

    # what is known

    async def _contract(self, call: Call) -> Reply:
        told = await self._knows.of(self._live.version)
        return json_reply(told.body(call.lang))

    async def _tell_metrics(self, call: Call) -> Reply:
        loop = asyncio.get_running_loop()  # not among the threads that may all wait for a store
        text = await loop.run_in_executor(self._tells, self._metrics.text, self._live.version.number)
        return Reply(text.encode(), kind=b"text/plain; version=0.0.4; charset=utf-8")

    async def _livez(self, call: Call) -> Reply:
        return json_reply({"alive": True})

    async def _readyz(self, call: Call) -> Reply:
        ready = self._inference.alive and self._inference.waiting < self._settings.limits.waiting
        body = {"ready": ready, "product": self._settings.product, "version": self._live.version.number}
        return json_reply(body, 200 if ready else 503)

    async def _openapi(self, call: Call) -> Reply:
        version, settings = self._live.version, self._settings
        kept, _ = self._masking(version)
        return json_reply(document(version, settings.limits, bool(settings.tokens), kept))

    # stages

    async def _promote(self, call: Call) -> Reply:
        body = _object(call.body, ("version", "why"))
        return await asyncio.to_thread(self._promoted, _number("version", body.get("version")), _who(call), _why(body))

    def _promoted(self, number: int, who: str, why: str) -> Reply:
        store, product = self._followed(), self._settings.product
        self._live.sound(number)  # one that cannot be opened never goes live
        revision = store.stages(product).revision
        return self._now(store.promote(product, number, revision=revision, who=who, why=why))

    async def _rollback(self, call: Call) -> Reply:
        body = _object(call.body, ("why", "from"))
        leaving = None if body.get("from") is None else _number("from", body["from"])
        return await asyncio.to_thread(self._rolled_back, leaving, _who(call), _why(body))

    def _rolled_back(self, leaving: int | None, who: str, why: str) -> Reply:
        store, product = self._followed(), self._settings.product
        stages = store.stages(product)
        if stages.previous is not None:
            self._live.sound(stages.previous)  # one that cannot be opened never goes live
        done = store.rollback(product, revision=stages.revision, who=who, why=why, leaving=leaving)
        return self._now(done)

    def _followed(self) -> Store:
        if self._store is None or not self._live.follows:
            raise UserError("E475")
        return self._store

    def _now(self, stages: Stages) -> Reply:
        """Swaps here at once; the other workers do within a second."""
        self._live.refresh()
        self._forgets.soon()
        product, asked = self._settings.product, self._settings.asked
        unasked = asked.unjudged(self._followed(), product, stages.live) if asked and stages.live else ()
        after = {"live": stages.live, "previous": stages.previous, "revision": stages.revision}
        return json_reply({"product": product, **after, "unasked": list(unasked)})


def _number(key: str, value: Any) -> int:
    """Of a version."""
    if type(value) is not int or not 0 < value < 2**31:
        fix = Words(f'send {{"{key}": NUMBER}}', f'请发送 {{"{key}": 编号}}')
        raise UserError("E473", reason=Words(f"{key} is no whole number", f"{key} 不是整数"), fix=fix)
    return value


def _inputs(body: Any, most: int) -> tuple[list[Any], str | None]:
    """The rows, and for whom those are answered that do not say so themselves."""
    rows = _object(body, ("inputs", "person")).get("inputs")
    if not isinstance(rows, list) or not 0 < len(rows) <= most:
        fix = Words('send {"inputs": [{…}]}', '请发送 {"inputs": [{…}]}')
        reason = Words(f"inputs is no list of 1 to {most}", f"inputs 不是 1–{most} 项的列表")
        raise UserError("E473", reason=reason, fix=fix)
    return rows, person_of(body.get("person"))


def _object(body: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(body, dict) or body.keys() - set(keys):
        fix = Words(f"send an object with: {', '.join(keys)}", f"请发送对象，键为：{', '.join(keys)}")
        raise UserError("E473", reason=Words("it is no object, or a key is unknown", "不是对象，或有未知的键"), fix=fix)
    return body


def _who(call: Call) -> str:
    """Who asks: the token by the first digits of its sha256, which is not the token."""
    return "http" if call.token is None else f"http: token {call.token.owner[:8]}"


def _why(body: Mapping[str, Any]) -> str:
    why = body.get("why", "")
    if not isinstance(why, str):
        fix = Words("send a text", "请发送文本")
        raise UserError("E473", reason=Words("why is no text", "why 不是文本"), fix=fix)
    return remark(why)
