"""The door: whatever is wrong with a request is found here, answered shortly, and never repeated or logged."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from zhinan.core import UserError, Words
from zhinan.serve.allowance import Allowance
from zhinan.serve.body import read_json
from zhinan.serve.crowd import Crowd
from zhinan.serve.leaving import Leaving
from zhinan.serve.metrics import Metrics
from zhinan.serve.settings import Settings
from zhinan.serve.tokens import Token, TokenFile, find_token

__all__ = ["Call", "Guard", "Reply", "Route", "Upload", "json_reply", "log_failure"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STATUS: Mapping[str, int] = {
    "E370": 422, "E371": 422, "E372": 422, "E401": 404, "E402": 409, "E403": 409, "E404": 507, "E405": 503,
    "E412": 422, "E433": 422, "E413": 503, "E453": 409, "E454": 409, "E460": 400, "E461": 400, "E462": 421, "E463": 401,
    "E464": 403, "E465": 429, "E466": 404, "E467": 405, "E468": 415, "E469": 413, "E470": 408, "E471": 503,
    "E472": 500, "E473": 422, "E474": 409, "E475": 409, "E476": 409, "E477": 431, "E478": 400, "E479": 422, "E480": 413,
    "E481": 404, "E482": 409, "E483": 429, "E484": 409, "E485": 415, "E487": 401, "E360": 409, "E361": 409, "E362": 409,
    "E363": 409, "E364": 409, "E365": 409, "E366": 409, "E367": 409, "E431": 409, "E432": 409, "E556": 409,
}  # fmt: skip
"""Code → HTTP status; any other user error is the service's own fault: 500 with E472."""

OPERATED = ("E36", "E40", "E42", "E45")
"""Beginnings of codes about files, the store, keys and the service's own settings: nothing that anybody sent."""

_ONCE = (b"host", b"content-length", b"content-type", b"authorization", b"transfer-encoding", b"content-encoding")
_ID = re.compile("(?<=/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/|$)")
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_LOG = logging.getLogger("zhinan.serve")


@dataclass(frozen=True)
class Call:
    """A request that passed the door. `lang`: "en" or "zh". `id`: what stands in the path where the route has {id}.

    `body` is the parsed JSON; for a route that takes uploads an `Upload`.
    """

    query: Mapping[str, str]
    body: Any
    lang: str
    token: Token | None
    id: str = ""

    def switch(self, name: str) -> bool:
        """A parameter that is 0 or 1. Raises: UserError E473 for anything else."""
        value = self.query.get(name, "0")
        if value not in ("0", "1"):
            fix = Words(f"write ?{name}=1", f"请写 ?{name}=1")
            raise UserError("E473", reason=Words(f"{name} is neither 0 nor 1", f"{name} 既非 0 也非 1"), fix=fix)
        return value == "1"


@dataclass(frozen=True)
class Upload:
    """A body that is read as it comes. `kind`: one of the content types of its route."""

    kind: bytes
    parts: AsyncIterator[bytes]


@dataclass(frozen=True)
class Reply:
    """What goes back: `content`, or `parts` of it as they are made."""

    content: bytes
    status: int = 200
    kind: bytes = b"application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    parts: AsyncIterator[bytes] | None = None


@dataclass(frozen=True)
class Route:
    """What answers a method and path.

    Args:
        scope: what a token must be for; None for any; "" where none is asked for.
        uploads: content types of a body that is read as it comes; none where it is JSON.
        admit: called with the length of a body that has come, before it is looked at; raises where no more can be
            taken in.
    """

    answer: Callable[[Call], Awaitable[Reply]]
    scope: str | None = None
    uploads: Collection[bytes] = ()
    admit: Callable[[int], Awaitable[None]] | None = None


class Guard:
    """The ASGI application.

    Args:
        routes: path → method → route; {id} in a path stands for a UUID.
        start, stop: run when the worker begins and ends.
    """

    def __init__(
        self,
        settings: Settings,
        routes: Mapping[str, Mapping[str, Route]],
        metrics: Metrics,
        start: Callable[[], Awaitable[None]],
        stop: Callable[[], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._limits = settings.limits
        self._routes = routes
        self._metrics = metrics
        self._start, self._stop = start, stop
        self._tokens = TokenFile(settings.tokens, settings.token_file, settings.shared)
        self._hosts = frozenset(settings.hosts)
        self.allowance = Allowance(settings.limits.rate, settings.workers)
        self.ready: Callable[[], object] = lambda: None
        self.leaving: Leaving | None = None
        self.crowd: Crowd | None = None

    def refresh_tokens(self) -> None:
        """Takes in a changed token file. Raises: UserError E451; the tokens before stay in force."""
        self._tokens.refresh()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or begins and ends the worker."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._start()
        except Exception as error:  # noqa: BLE001 - a server would go on without what failed to start
            log_failure(error)
            message = error.text() if isinstance(error, UserError) else "the worker could not start"
            await send({"type": "lifespan.startup.failed", "message": message})
            return
        if self.leaving is not None:
            self.leaving.arm()
        if self.crowd is not None:
            self.crowd.arm()
        self.ready()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        lang = "en"
        route = "other"
        if self.crowd is not None:
            self.crowd.came(scope["client"])
        try:
            headers = self._headers(scope)
            lang = "zh" if headers.get(b"accept-language", b"")[:2].lower() == b"zh" else "en"
            path, method = scope["path"], scope["method"]
            shape, name = (path, "") if path in self._routes else _shape(path)
            methods = self._routes.get(shape)
            route = shape if methods is not None else "other"
            found = None if methods is None else methods.get("GET" if method == "HEAD" else method)
            token = self._authorise(headers, found)
            if methods is None:
                raise UserError("E466")
            if found is None:
                raise UserError("E467", allowed=", ".join(methods))
            body = await self._body(headers, receive, found) if method == "POST" else None
            patience = self._limits.upload_seconds if found.uploads else self._limits.answer_seconds
            async with asyncio.timeout(patience):
                reply = await found.answer(Call(_query(scope), body, lang, token, name))
        except UserError as error:
            reply = _refusal(error, lang)
        except TimeoutError:
            reply = _refusal(UserError("E471"), lang)
        except Exception as error:  # noqa: BLE001 - logged without the request's data, and answered
            log_failure(error)
            reply = _refusal(UserError("E472"), lang)
        await self._send(send, reply, self._ends(scope))
        self._metrics.add("zhinan_requests_total", route=route, status=str(reply.status))
        self._metrics.took(time.perf_counter() - started, route)

    def _headers(self, scope: Scope) -> dict[bytes, bytes]:
        """The headers, after their size, their number and the host were found right."""
        given = scope["headers"]
        size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        headers: dict[bytes, bytes] = {}
        for name, value in given:
            size += len(name) + len(value) + 4
            key = name.lower()
            if key in headers and key in _ONCE:
                raise UserError("E461", reason=Words("a header stands twice", "有重复的请求头"))
            headers[key] = value
        if size > self._limits.headers:
            raise UserError("E477", limit=self._limits.headers)
        if b"content-length" in headers and b"transfer-encoding" in headers:
            raise UserError("E461", reason=Words("both a length and chunks", "同时指定了长度与分块"))
        if self._hosts and _host(headers.get(b"host", b"")) not in self._hosts:
            raise UserError("E462")
        return headers

    def _authorise(self, headers: Mapping[bytes, bytes], route: Route | None) -> Token | None:
        """The token of the request, once it is known to be good for the route."""
        if not self._tokens.tokens or (route is not None and route.scope == ""):
            return None
        token = find_token(self._tokens.tokens, headers.get(b"authorization"))
        if token is None:
            raise UserError("E487" if headers.get(b"authorization", b"")[:7].lower() == b"bearer " else "E463")
        wait = self.allowance.wait(token)
        if wait:
            raise UserError("E465", seconds=wait)
        if route is not None and not token.may(route.scope):
            raise UserError("E464", scope=route.scope)
        return token

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive, route: Route) -> Any:
        """The parsed body, {} when there is none; or an `Upload`."""
        uploads = route.uploads
        kind, _, parameter = headers.get(b"content-type", b"").partition(b";")
        kind, charset = kind.strip().lower(), parameter.strip().lower().removeprefix(b"charset=").strip(b'"')
        plain = headers.get(b"content-encoding", b"identity").lower() == b"identity"
        if kind not in (uploads or (b"application/json",)) or charset not in (b"", b"utf-8") or not plain:
            raise UserError("E485" if uploads else "E468")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            raise UserError("E461", reason=Words("the length is no number", "长度不是数字"))
        most = self._limits.upload if uploads else self._limits.body
        if len(length) > 18 or int(length) > most:
            raise UserError("E469", limit=most)
        parts = self._received(receive, most)
        if uploads:
            return Upload(kind, parts)
        content = b"".join([part async for part in parts])
        if route.admit is not None:
            await route.admit(len(content))
        return read_json(content, self._limits.depth) if content else {}

    async def _received(self, receive: Receive, most: int) -> AsyncIterator[bytes]:
        """The body as it comes. Raises: UserError E461, E469 above `most` bytes, E470 when it takes too long."""
        patience, size, more = self._limits.body_seconds, 0, True
        clock = asyncio.get_running_loop().time
        while more:
            began = clock()
            try:
                async with asyncio.timeout(patience):
                    message = await receive()
                patience -= clock() - began  # what is done with a part meanwhile is not the client's doing
            except TimeoutError:
                raise UserError("E470", seconds=self._limits.body_seconds) from None
            if message["type"] != "http.request":
                raise UserError("E461", reason=Words("the connection was cut", "连接中断"))
            part = message.get("body", b"")
            size += len(part)
            if size > most:
                raise UserError("E469", limit=most)
            more = message.get("more_body", False)
            yield part

    def _ends(self, scope: Scope) -> bool:
        """Whether a connection is to end with its answer: nobody should ask on it again."""
        if self.leaving is not None and self.leaving.begun:
            return True
        return self.crowd is not None and self.crowd.lets_go(scope["client"])

    async def _send(self, send: Send, reply: Reply, ends: bool) -> None:
        headers = [
            (b"content-type", reply.kind),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            *reply.headers,
        ]
        if ends and (b"connection", b"close") not in headers:
            headers.append((b"connection", b"close"))
        if reply.parts is None:
            headers.append((b"content-length", b"%d" % len(reply.content)))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if reply.parts is not None:
            async for part in reply.parts:
                async with asyncio.timeout(self._limits.answer_seconds):  # of who does not read
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": reply.content, "more_body": False})


def json_reply(value: Any, status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Reply:
    """A value as JSON."""
    return Reply(_JSON.encode(value).encode(), status, headers=headers)


def log_failure(error: BaseException) -> None:
    """Logs where something failed, without the message, which may hold what somebody sent; of what the operator has
    set up, what is wrong and how to mend it, too."""
    if isinstance(error, UserError):
        said = f": {error.what()}. fix: {error.fix()}" if error.code[:3] in OPERATED else ""
        _LOG.error("%s %s%s", error.code, error.where, said)
        return
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    _LOG.error("%s at %s", type(error).__name__, places)


def _refusal(error: UserError, lang: str) -> Reply:
    if error.code in ("E407", "E420", "E421"):
        # a server that starts anew comes back, and a service that starts with the key it lacks; what is wrong is for
        # who runs it
        log_failure(error)
        error = UserError("E471")
    status = STATUS.get(error.code)
    if status is None:
        log_failure(error)
        error, status = UserError("E472"), 500
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if status in (400, 408, 413, 431):
        headers = ((b"connection", b"close"),)
    elif status == 405:
        headers = ((b"allow", str(error.values["allowed"]).encode()),)
    elif status == 401:
        headers = ((b"www-authenticate", b"Bearer"),)
    elif status in (429, 503):
        seconds = error.values.get("seconds") if error.code == "E465" else None
        headers = ((b"retry-after", b"%d" % max(1, math.ceil(seconds if isinstance(seconds, float) else 1))),)
    row = f"{error.where}: " if error.where.startswith("row ") else ""
    said = {"code": error.code, "what": row + error.what(lang), "fix": error.fix(lang)}
    return json_reply({"error": said}, status, headers)


def _shape(path: str) -> tuple[str, str]:
    """A path with {id} for the UUID in it, and the UUID."""
    found = _ID.search(path)
    return (path, "") if found is None else (f"{path[: found.start()]}{{id}}{path[found.end() :]}", found.group())


def _host(header: bytes) -> str:
    """The name in a Host header, without its port."""
    text = header.decode("latin-1").lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


def _query(scope: Scope) -> dict[str, str]:
    text = scope["query_string"]
    return dict(parse_qsl(text.decode("latin-1"), keep_blank_values=True, max_num_fields=20)) if text else {}
