"""Large batches: rows are taken in, masked, and answered when nobody else waits; any worker goes on where one died."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from zhinan.core import UserError
from zhinan.package import Version
from zhinan.package.apart import wrong
from zhinan.serve.archive import Hider
from zhinan.serve.guard import Call, Reply, Upload, json_reply, log_failure
from zhinan.serve.inference import Inference
from zhinan.serve.job_rows import named, typed
from zhinan.serve.masking import Masking
from zhinan.serve.metrics import Metrics
from zhinan.serve.rows import KINDS, Rows
from zhinan.serve.settings import Limits
from zhinan.steps.kept import written
from zhinan.store import Event, Job, Jobs
from zhinan.store.persons import Forgotten

__all__ = ["JobDesk", "Living"]

PIECE = 256
"""Rows that are stored, answered and written down together."""

LOOK_SECONDS = 1.0
"""Between two looks for a job that another worker took in, or died on."""

TROUBLE_SECONDS = 5.0
"""After which a store that failed is asked again."""

YIELD_SECONDS = 0.0002
"""How long a job's thread keeps the interpreter from an answer, which needs it several times; 5 ms else."""

REST_SECONDS = 0.1
"""After a piece a job rests for as long as that took, at most so long, where somebody else was answered meanwhile."""

_Done = TypeVar("_Done")


@dataclass(frozen=True)
class Living:
    """What of a worker is asked anew for every piece: the version that answers now, and what hides things for it.

    Args: masking: also whether the version's contract lets inputs be stored.
    """

    version: Callable[[], Version]
    masking: Callable[[Version], tuple[bool, Masking]]
    ids: Iterator[str]


class JobDesk:
    """Takes jobs in, tells how they stand, and works on one at a time, behind all other requests.

    Args: living: the worker's version and what follows from it.
    """

    def __init__(self, living: Living, metrics: Metrics, limits: Limits) -> None:
        self._living = living
        self._metrics = metrics
        self._limits = limits
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4()}"
        self._came = asyncio.Event()
        self._kept: Jobs | None = None
        self._runner: asyncio.Task[None] | None = None
        self._at_work, self._usual = 0, 0.0
        self._threads = ThreadPoolExecutor(2, "zhinan-jobs")  # so that no other route waits for a thread

    def start(self, jobs: Jobs, inference: Inference, hider: Hider) -> None:
        """Begins to work; without it every route says that there is no store."""
        self._kept, self._inference, self._hider = jobs, inference, hider
        self._runner = asyncio.create_task(self._run(jobs))

    async def close(self) -> None:
        """Stops working; the job at hand is given back for another worker."""
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.wait([self._runner])
        self._threads.shutdown(wait=False, cancel_futures=True)

    @property
    def _jobs(self) -> Jobs:
        if self._kept is None:
            raise UserError("E476")
        return self._kept

    # the routes

    async def submit(self, call: Call) -> Reply:
        """Takes in the rows of a job."""
        upload: Upload = call.body
        version = self._living.version()
        _, masking = self._living.masking(version)
        masks = await self._apart(lambda: masking.digest)
        options = {"probabilities": call.switch("probabilities"), "lang": call.lang, "masks": masks}
        owner = "" if call.token is None else call.token.owner
        job = await asyncio.to_thread(self._jobs.begin, owner, options, self._limits.jobs)
        try:
            with self._yielding():
                count = await self._take_in(job, upload, version, call.lang)
            await asyncio.to_thread(self._jobs.ready, job)
        except BaseException:
            await asyncio.shield(asyncio.to_thread(self._jobs.erase, job))
            raise
        self._came.set()
        self._metrics.add("zhinan_job_rows_total", count, outcome="taken")
        return json_reply({"job": job, "status": "queued"}, 202)

    async def status(self, call: Call) -> Reply:
        """How a job stands."""
        job = await self._asked(call)
        return json_reply(_told(job, call.lang))

    async def result(self, call: Call) -> Reply:
        """The results as JSON lines, in the order of the rows."""
        job = await self._asked(call)
        if job.status == "failed":
            raise UserError("E484", done=job.done)
        if job.status != "done":
            raise UserError("E482", done=job.done, rows=job.rows)
        return Reply(b"", kind=b"application/jsonl", parts=self._lines(job.id))

    async def erase(self, call: Call) -> Reply:
        """Erases a job, whatever its state."""
        await self._asked(call)
        if not await asyncio.to_thread(self._jobs.erase, call.id):
            raise UserError("E481")
        return json_reply({"job": call.id, "status": "erased"})

    async def _asked(self, call: Call) -> Job:
        """The job that a call is about: of who sent it, and of admins. Raises: UserError E481."""
        job = await asyncio.to_thread(self._jobs.one, call.id)
        if call.token is not None and job.owner != call.token.owner and not call.token.may("admin"):
            raise UserError("E481")
        return job

    async def _lines(self, job: str) -> AsyncIterator[bytes]:
        start = 0
        while (results := await asyncio.to_thread(self._jobs.results, job, start)) is not None:
            start += len(results)
            yield "".join(f"{json.dumps(result, ensure_ascii=False)}\n" for result in results).encode()

    # taking in

    async def _take_in(self, job: str, upload: Upload, version: Version, lang: str) -> int:
        """Writes down a body's rows, masked, as they come; how many there are."""
        rows = Rows(KINDS[upload.kind], self._limits)
        waiting: list[dict[str, Any]] = []
        size = count = 0

        def store(part: bytes | None) -> None:
            """The rows of a part, and of the last one all that are left."""
            nonlocal waiting, size, count
            headed = rows.header is None
            for row in rows.end() if part is None else rows.feed(part):
                if headed and rows.header is not None:
                    version.check([dict.fromkeys(rows.header)])  # a column that is missing is missing in every row
                    headed = False
                if count + len(waiting) == self._limits.job_rows:
                    raise UserError("E480", limit=self._limits.job_rows)
                waiting.append(row)
            size += len(part or b"")
            while len(waiting) >= PIECE or (waiting and (part is None or size > self._limits.body)):
                piece, waiting, size = waiting[:PIECE], waiting[PIECE:], 0
                self._add(job, piece, version, lang, count)
                count += len(piece)

        async for part in upload.parts:
            await self._apart(store, part)
        await self._apart(store, None)
        if not count:
            raise UserError("E479")
        return count

    def _add(self, job: str, rows: Sequence[Any], version: Version, lang: str, before: int) -> None:
        """Writes rows down, none of anybody who is forgotten by then. Args: before: as of `_masked`."""
        while True:
            gone = self._jobs.forgotten()
            try:
                return self._jobs.add(job, before, self._masked(rows, version, lang, before, gone), gone)
            except UserError as error:
                if error.code != "E555":
                    raise

    def _masked(self, rows: Sequence[Any], version: Version, lang: str, before: int, gone: Forgotten) -> list[Any]:
        """Rows as they may be written down: [row], [row, whose it is], or what is wrong with one that does not fit.

        Args: before: how many rows of the job came before these. gone: whose rows are not kept.
        """
        _, masking = self._living.masking(version)
        came = [named(version, row, number, lang, gone) for number, row in enumerate(rows, before + 1)]
        kept, good = typed(version, came, before, lang)
        people = iter(self._people([name for place, _ in good for name in came[place][1:]], masking))
        for (place, _), hidden in zip(good, self._hider.hide([row for _, row in good], masking), strict=True):
            kept[place] = [hidden, *(next(people) for _ in came[place][1:])]
            if None in kept[place]:  # what is not hidden is not kept
                kept[place] = {"error": wrong(UserError("E472"), before + place + 1, lang)}
        return kept

    def _people(self, names: Sequence[str], masking: Masking) -> list[str | None]:
        """The names under which persons are kept; each is looked at once."""
        if not (different := [*dict.fromkeys(names)]):
            return []
        kept = dict(zip(different, self._hider.persons(different, masking), strict=True))
        return [kept[name] for name in names]

    async def _apart(self, act: Callable[..., _Done], *arguments: Any) -> _Done:
        """Acts in a thread of the jobs."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, act, *arguments)

    # working

    async def _run(self, jobs: Jobs) -> None:
        while True:
            self._came.clear()
            try:
                while (job := await self._taken(jobs)) is not None:
                    await self._work(jobs, job)
                pause = LOOK_SECONDS
            except Exception as error:  # noqa: BLE001 - reported; the job is tried again, by whoever is next
                log_failure(error)
                pause = TROUBLE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._came.wait()

    async def _taken(self, jobs: Jobs) -> Job | None:
        """A job that is now ours; given back at once when the worker ends meanwhile."""
        taking = asyncio.ensure_future(asyncio.to_thread(jobs.take, self._name))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            if (job := await taking) is not None:
                await asyncio.to_thread(jobs.release, job.id, self._name)
            raise

    async def _work(self, jobs: Jobs, job: Job) -> None:
        """Answers piece after piece for as long as the job is ours."""
        keeping = asyncio.create_task(self._keep(jobs, job.id))
        try:
            while True:
                try:
                    began, before = time.monotonic(), self._inference.requests
                    with self._yielding():
                        if not await self._advance(jobs, job):
                            return
                    if self._inference.requests > before:
                        await asyncio.sleep(min(REST_SECONDS, time.monotonic() - began))
                except UserError as error:  # the disk is full, or the database away: what was done stays
                    log_failure(error)
                    await asyncio.sleep(TROUBLE_SECONDS)
        except asyncio.CancelledError:
            await asyncio.to_thread(jobs.release, job.id, self._name)
            raise
        except Exception:  # _run tells of it; whoever is next need not wait for the lease
            await asyncio.to_thread(jobs.release, job.id, self._name, failed=True)
            raise
        finally:
            keeping.cancel()

    async def _advance(self, jobs: Jobs, job: Job) -> bool:
        """Answers the next piece and writes it down; False when there is none, or the job is no longer ours."""
        piece = await self._apart(jobs.next_rows, job.id)
        if piece is None:
            return False
        start, rows = piece
        results, events = await self._answered(rows, start, job.options)
        if not await self._apart(jobs.finish, job.id, self._name, start, results, events):
            return False
        bad = sum("error" in result for result in results)
        self._metrics.add("zhinan_job_rows_total", len(results) - bad, outcome="answered")
        self._metrics.add("zhinan_job_rows_total", bad, outcome="refused")
        return True

    @contextmanager
    def _yielding(self) -> Iterator[None]:
        """While threads work for a job, whoever is answered gets the interpreter sooner; used by the loop alone."""
        if self._at_work == 0:
            self._usual = sys.getswitchinterval()
            sys.setswitchinterval(YIELD_SECONDS)
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            if self._at_work == 0:
                sys.setswitchinterval(self._usual)

    async def _keep(self, jobs: Jobs, job: str) -> None:
        """Says from time to time that the job is worked on, however long others are served first."""
        while True:
            await asyncio.sleep(jobs.lease / 3)
            try:
                await asyncio.to_thread(jobs.renew, job, self._name)
            except UserError as error:
                log_failure(error)

    async def _answered(
        self, kept: Sequence[Any], before: int, options: Mapping[str, Any]
    ) -> tuple[list[Any], list[Event]]:
        """A result a row, and the predictions as they are recorded. Args: before: as of `_masked`."""
        version = self._living.version()
        results, good = await self._apart(typed, version, kept, before, options["lang"])
        if not good:
            return results, []
        rows, places = [row for _, row in good], [place for place, _ in good]
        answers = await self._computed(version, rows, options)
        for place, answer in zip(places, answers, strict=True):
            if isinstance(answer, Exception):
                results[place] = {"error": wrong(UserError("E472"), before + place + 1, options["lang"])}
        inputs = await self._apart(self._inputs, version, rows, options.get("masks"))
        names = [kept[place][1] if kept[place][1:] else None for place in places]
        people = await self._apart(self._whose, version, names, options.get("masks"))
        return await self._apart(self._recorded, version, results, [*zip(places, people, inputs, answers, strict=True)])

    async def _computed(self, version: Version, rows: Sequence[Any], options: Mapping[str, Any]) -> list[Any]:
        """An answer a row, or the exception that came of it. When rows fail together, each stands or falls alone."""
        columns = {name: [row[name] for row in rows] for name in version.inputs}
        try:
            return await self._inference.answer(version, columns, options["probabilities"], last=True)
        except UserError:  # the worker ends
            raise
        except Exception as error:  # noqa: BLE001 - told in the row's place
            if len(rows) == 1:
                log_failure(error)
                return [error]
            return [answer for row in rows for answer in await self._computed(version, [row], options)]

    def _inputs(self, version: Version, rows: Sequence[Any], masks: str | None) -> list[dict[str, Any] | None]:
        """What is kept of typed rows. Args: masks: the digest of those under which they were taken in."""
        keeps, masking = self._living.masking(version)
        if not keeps:
            return [None] * len(rows)
        return [*(map(written, rows) if masking.digest == masks else self._hider.hide(rows, masking))]

    def _whose(self, version: Version, names: Sequence[str | None], masks: str | None) -> Sequence[str | None]:
        """The same of the persons whom rows name."""
        _, masking = self._living.masking(version)
        if masking.digest == masks:
            return names
        again = iter(self._people([name for name in names if name is not None], masking))
        return [None if name is None else next(again) for name in names]

    def _recorded(
        self, version: Version, results: list[Any], answered: Sequence[tuple[int, str | None, Any, Any]]
    ) -> tuple[list[Any], list[Event]]:
        """Args: answered: of each row that could be, its place, whose it is, what is kept of it, and the answer."""
        events = []
        for place, person, hidden, answer in answered:
            if isinstance(answer, Exception):
                continue
            output = {"id": next(self._living.ids), **answer}
            results[place] = {"version": version.number, **output}
            payload = {"version": version.number, "job": True, **version.task.kept(output)}
            payload = payload if hidden is None else {**payload, "input": hidden}
            events.append(Event(output["id"], "prediction", payload, time.time(), person))
        return results, events


def _told(job: Job, lang: str) -> dict[str, Any]:
    told = {"job": job.id, "status": job.status, "done": job.done, "of": job.rows}
    if job.status != "failed":
        return told
    error = UserError("E484", done=job.done)
    return {**told, "error": {"code": error.code, "what": error.what(lang), "fix": error.fix(lang)}}
