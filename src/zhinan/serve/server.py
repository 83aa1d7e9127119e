"""Starts and keeps the workers: one process a core, each with its version and its inference thread."""

from __future__ import annotations

import ipaddress
import logging
import multiprocessing
import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from zhinan.core import UserError
from zhinan.core.private import private_folder
from zhinan.package.archive import unpack
from zhinan.package.asked import Asked
from zhinan.package.files import differences, read_manifest
from zhinan.package.keeping import Keeping
from zhinan.serve.allowance import Allowance
from zhinan.serve.settings import Settings
from zhinan.serve.tokens import load_tokens

if TYPE_CHECKING:
    from zhinan.contract import Contract
    from zhinan.serve.guard import Guard
    from zhinan.serve.recording import Recording

__all__ = ["run", "serve"]

HOSTS = "ZHINAN_HOSTS"
"""Environment variable: further names the service may be called by, separated by commas."""

DRAIN_SECONDS = 35
_ALONE = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}  # fmt: skip
_THREADED = frozenset(("polars", "pyarrow", "torch", "ray", "jax", "tensorflow"))
"""Libraries that keep threads of their own, or locks that such threads hold."""

_LOCAL = ("127.0.0.1", "localhost", "::1")


def serve(
    source: str | Path | None,
    *,
    store: str | Path | None,
    product: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int | None = None,
    token_file: str | Path | None = None,
    follow: bool | Path = False,
) -> None:
    """Answers over HTTP until SIGTERM or SIGINT, then finishes what was accepted.

    Args:
        source: directory or exported zip of a version; not looked at when `follow`.
        store: folder or DSN for feedback and records; needed to follow. None keeps nothing.
        product: whose versions; None for that of `source`.
        workers: processes; by default one a core. Windows has one only.
        token_file: who may call; needed on any address but this machine's own. A change counts within a second.
        follow: answer with the live version of the product and swap when it changes; a product file says whose, and
            besides the version what is kept of people. A change of it counts on SIGHUP.

    Raises:
        UserError: E450 for an open address without tokens, E451, E452 when the port is taken, E453 when none is
            live, E454, E455 when workers die again and again, and those of a version or store that cannot be opened.
    """
    tokens = load_tokens(token_file) if token_file is not None else ()
    if not tokens and not _loopback(host):
        raise UserError("E450", "--host", host=host)
    with _folder(None if follow else source) as folder:
        contract = _read(follow) if isinstance(follow, Path) else None
        name = product if contract is None else contract.product
        if name is None:
            if folder is None:
                raise TypeError("whose live version to follow has to be said")
            name = read_manifest(Path(folder)).product
        settings = Settings(
            product=name,
            source=folder,
            store=None if store is None else str(store),
            host=_resolved(host, port),
            port=port,
            workers=workers or os.cpu_count() or 1,
            hosts=_hosts(host),
            tokens=tokens,
            token_file=None if token_file is None else str(Path(token_file).absolute()),
        )
        run(settings if contract is None else _with(contract, settings))


def _with(contract: Contract, settings: Settings) -> Settings:
    """The settings, with what a product file says. Raises: UserError E454 for that of another product."""
    if contract.product != settings.product:
        raise UserError("E454", str(contract.path), found=contract.product, product=settings.product)
    keeping, asked = Keeping.of(contract), Asked.of(contract)
    return replace(settings, product_file=str(contract.path.absolute()), keeping=keeping, asked=asked)


def _read(path: str | Path) -> Contract:
    from zhinan.contract import load  # not where nobody says which

    return load(path)


def run(settings: Settings) -> None:
    """As `serve`, with every limit in the caller's hand. The settings are taken as they are."""
    if sys.platform == "win32":
        settings = replace(settings, workers=1)
    settings = replace(settings, port=_free(settings.host, settings.port))
    with (
        private_folder("zhinan-serve-") as folder,
        _held(settings),
        _workers(settings),
        _recording(settings, str(folder)) as recording,
    ):
        records = None if recording is None else recording.address
        _supervise(replace(settings, shared=str(folder), records=records), recording)


def _supervise(settings: Settings, recording: Recording | None) -> None:
    """Starts the workers and keeps them until the service is told to end. Raises: UserError E455."""
    from granian.constants import HTTPModes, Interfaces
    from granian.errors import FatalError
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from zhinan.serve.supervisor import Supervisor

    limits, loader = settings.limits, _Loader(settings)
    server = Supervisor(
        "zhinan.serve.app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        runtime_threads=1,
        runtime_blocking_threads=1,
        http=HTTPModes.http1,
        websockets=False,
        backlog=2048,
        backpressure=2048,
        http1_settings=HTTP1Settings(
            header_read_timeout=round(limits.header_seconds * 1000), max_buffer_size=max(8192, 2 * limits.headers)
        ),
        log_level=LogLevels.warning,
        log_dictconfig=_logging(),
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
        recording=recording,
        take_in=loader.take_in,
    )
    server.on_startup(partial(_announce, settings))
    try:
        server.serve(target_loader=loader, wrap_loader=False)
    except (SystemExit, FatalError) as error:
        raise UserError("E455") from error


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    """Keeps the fixed version from being collected while it is served. A store that cannot note that stops nothing."""
    number = None if settings.source is None else read_manifest(Path(settings.source)).number
    with ExitStack() as held:
        if settings.store is not None and number is not None:
            from zhinan.serve.guard import log_failure
            from zhinan.store import Store
            from zhinan.store.claims import SERVING, claimed

            try:
                with Store(settings.store) as store:
                    held.enter_context(claimed(store, settings.product, SERVING, number))
            except UserError as error:
                log_failure(error)
        yield


@contextmanager
def _recording(settings: Settings, shared: str) -> Iterator[Recording | None]:
    """What keeps the record process; None without a store, and on Windows, whose one worker writes down by itself."""
    if settings.store is None or sys.platform == "win32":
        yield None
        return
    from zhinan.serve.recording import Recording

    recording = Recording(settings.store, settings.product, shared)
    try:
        yield recording
    finally:
        recording.end()


class _Loader:
    """Makes the application of each worker that starts, by what the product file said when it was last taken in."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shared: Allowance | None = Allowance(settings.limits.rate)

    def __call__(self) -> Guard:
        app = _worker(self._settings)
        if self._shared is not None:
            app.allowance = self._shared
        return app

    def __getstate__(self) -> dict[str, object]:
        """For a worker that is no copy of this process, with which no memory is shared."""
        return {**self.__dict__, "_shared": None}

    def take_in(self) -> None:
        """Reads the product file anew; one that cannot be used is said, and what it said before stays in force."""
        if self._settings.product_file is not None:
            try:
                self._settings = _with(_read(self._settings.product_file), self._settings)
            except UserError as error:
                logging.getLogger("zhinan.serve").error("%s", error.text())


def _worker(settings: Settings) -> Guard:
    """The application, imported where it runs: the supervisor stays small and starts its workers sooner."""
    from zhinan.serve.app import build

    if sys.platform != "win32":
        from zhinan.serve.recording import leave_no_dump

        leave_no_dump()
    return build(settings)


@contextmanager
def _folder(source: str | Path | None) -> Iterator[str | None]:
    """The directory of the fixed version, that of a zip for as long as it is served; None to follow."""
    if source is None:
        yield None
        return
    path = Path(source).absolute()
    unpacked = unpack(path) if path.is_file() else None
    try:
        yield str(unpacked or path)
    finally:
        if unpacked is not None:
            shutil.rmtree(unpacked, ignore_errors=True)


@contextmanager
def _workers(settings: Settings) -> Iterator[None]:
    """Workers compute with one thread each. They start as copies of this process with everything read already, and
    share its memory; where a copy may not be made, as fresh interpreters. The version is checked before either."""
    before = multiprocessing.get_start_method(allow_none=True)
    environment = {name: os.environ.get(name) for name in _ALONE}
    copies = _may_fork()
    os.environ.update(_ALONE)
    try:
        if copies:
            from zhinan.serve.preload import preload

            preload(settings)
        else:
            _check(settings)
        multiprocessing.set_start_method("fork" if copies else "spawn", force=True)
        yield
    finally:
        multiprocessing.set_start_method(before, force=True)
        for name, value in environment.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _check(settings: Settings) -> None:
    """Every hash of the version that is to answer, whose it is, and the store: the workers would die one after another
    of what is wrong with them."""
    from zhinan.serve.preload import try_store

    source = settings.source
    if source is None:
        from zhinan.serve.live import live_source
        from zhinan.store import Store

        if settings.store is None:
            raise UserError("E476")
        with Store(settings.store) as opened:
            source = live_source(opened, settings.product)
    manifest = read_manifest(Path(source))
    for changed in differences(Path(source), manifest):
        raise changed
    if manifest.product != settings.product:
        raise UserError("E454", source, found=manifest.product, product=settings.product)
    if settings.source is not None:
        try_store(settings.store, Path(source), manifest)


def _may_fork() -> bool:
    """Whether a copy of this process works: threads are not copied, nor what they would have done."""
    return sys.platform == "linux" and threading.active_count() == 1 and not _THREADED & sys.modules.keys()


def _announce(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(
        f"serving {settings.product} on http://{host}:{settings.port} with {settings.workers} worker(s)",
        file=sys.stderr,
        flush=True,
    )


def _loopback(host: str) -> bool:
    """Whether only this machine can reach an address; of a name, only localhost is sure."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _hosts(host: str) -> tuple[str, ...]:
    """Names the service may be called by. Where every address is listened on and none is named, tokens decide alone."""
    named = tuple(name.strip().lower() for name in os.environ.get(HOSTS, "").split(",") if name.strip())
    address = _address(host)
    if not named and address is not None and address.is_unspecified:
        return ()
    return tuple(dict.fromkeys((host.lower(), *_LOCAL, *named)))


def _resolved(host: str, port: int) -> str:
    """The address of a name: the first of version 4, as clients that try one alone try that, else of version 6.

    Raises: UserError E452 for a name that has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return str(min(found, key=lambda one: one[0] != socket.AF_INET)[4][0])
    except OSError as error:
        raise UserError("E452", "--host", host=host, port=port, reason=error.strerror or str(error)) from error


def _free(host: str, port: int) -> int:
    """The port, found to be free; a free one for 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError("E452", "--port", host=host, port=port, reason=error.strerror or str(error)) from error
        return int(probe.getsockname()[1])


def _logging() -> dict[str, object]:
    """Granian's own few lines go to stderr: stdout belongs to the command."""
    plain = {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}
    return {
        "handlers": {"console": plain, "access": plain},
    }
