"""Reads once, before the workers are forked, what each of them needs: the version is opened beside the imports."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from zhinan.core import UserError, entries
from zhinan.package import Version, open_version
from zhinan.package.manifest import Manifest, sealed_digest, strict_json
from zhinan.serve.settings import Settings

__all__ = ["preload", "taken", "try_store"]

_opened: dict[str, Version] = {}
"""Versions that the supervisor opened before it made its workers, by directory."""


def taken(source: str) -> Version | None:
    """A version that was opened before this worker was made; each is given once."""
    return _opened.pop(source, None)


def preload(settings: Settings) -> None:
    """Opens the version (and the one before), checks and all, while this thread reads the program; then the store.

    Most of what opening takes (hashes, graphs, golden rows) needs no interpreter, so both go on at once. Two threads
    that import only take turns, so what opening would import is imported before it begins. Its thread has ended when
    this returns: the process may be forked.

    Raises: UserError as `Live`, and as `Store`.
    """
    with _uncollected(), _in_short_turns(), ThreadPoolExecutor(1, "zhinan-opens") as opens:
        source = settings.source
        paths = [source] if source else _followed(settings)
        import onnxruntime  # noqa: F401

        for kind in ("task", "step"):
            entries(kind)
        opening = {path: opens.submit(open_version, path) for path in paths}
        import zhinan.serve.app
        import zhinan.serve.supervisor  # noqa: F401 - workers are copies of this process and need not import it again

        _keep(opening, settings.product)
        if source is not None:  # else the store has said which versions to open
            try_store(settings.store, Path(source), _opened[source].manifest)


def try_store(where: str | None, source: Path, manifest: Manifest) -> None:
    """Opens the store once: one that cannot be used ends the service before it starts, and what opening one takes is
    read when the workers are copied.

    Args: source, manifest: of the fixed version that is to be served beside it, its hashes checked.
    Raises: UserError as `Store`; E488 where the store's version of that number is another one.
    """
    if where is None:
        return
    from zhinan.store import Store

    with Store(where) as store:
        known = {row.number: row.digest for row in store.versions(manifest.product)}
    if manifest.number not in known:
        return
    path = source / "proof.json"
    proof = strict_json(path.read_bytes(), str(path))
    mine = sealed_digest(manifest.draft, manifest.outcome, proof.get("ledger", {}).get("opening"))
    if known[manifest.number] != mine:
        raise UserError("E488", manifest.product, number=manifest.number, product=manifest.product)


def _keep(opening: dict[str, Future[Version]], product: str) -> None:
    from zhinan.package.keeping import Keeping

    for place, (path, future) in enumerate(opening.items()):
        try:
            version = future.result()
        except UserError:
            if place == 0:
                raise
            continue  # the version before, which nobody may ever need again
        if version.product != product:
            raise UserError("E454", path, found=version.product, product=product)
        Keeping.sealed(version.read("contract.yaml").decode())  # imports here, once, what reading its contract takes
        version.person_columns  # noqa: B018 - so does this, and is kept
        _opened[path] = version


def _followed(settings: Settings) -> list[str]:
    """Directories of the live version and of the one before."""
    from zhinan.serve.live import live_source
    from zhinan.store import Store

    if settings.store is None:
        raise UserError("E476")
    with Store(settings.store) as store:
        found = [live_source(store, settings.product)]
        previous = store.stages(settings.product).previous
        return found if previous is None else [*found, store.version(settings.product, previous).path]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Next to nothing of what is read becomes garbage; looking for it took a tenth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if before:
            gc.enable()


@contextmanager
def _in_short_turns() -> Iterator[None]:
    """A thread that has read from a file waits so long for its turn at the interpreter: 5 ms, a hundred times over."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
