"""What every test shares: no network outside the named suites, one thread a worker, skips that say why."""

from __future__ import annotations

import gc
import os
import random
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

pytest_plugins = ["tests.postgres"]

settings.register_profile("zhinan", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("zhinan")

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ZHINAN_DATA", ROOT.parent / "shared" / "data"))
NAMED_SUITES = {"real", "system", "weights"}

LONGEST = (
    "tests/system/test_demo.py",
    "tests/architecture/test_readme.py",
    "tests/real/test_quality.py",
    "tests/real/test_new_classes.py",
    "tests/system/test_examples.py",
    "tests/system/test_loop.py",
    "tests/engine/test_outlook_real.py",
    "tests/evaluate/test_report_browser.py",
    "tests/cli/test_canaries.py",
    "tests/system/test_serving.py",
    "tests/engine/test_killed.py",
)
"""Begin first, so that no worker is alone with one of them at the end; the demo before the README, which begins with
what it computed."""

PHRASES = {
    "card": ("lost my card", "someone stole my card", "卡丢了", "银行卡被偷"),
    "login": ("cannot log in", "wrong password", "登录不了", "密码错误"),
    "parcel": ("where is my parcel", "it has not arrived", "快递没到", "包裹在哪"),
    "refund": ("refund please", "want my money back", "退款", "把钱退给我"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lasts longest comes first; without the public data sets, tests marked `real` are skipped and say so."""
    items.sort(key=_turn)
    if DATA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("real"):
            item.add_marker(pytest.mark.skip(reason=f"the public data sets are not at {DATA} (set ZHINAN_DATA)"))


def _turn(item: pytest.Item) -> int:
    """The files in `LONGEST` in their order, then the suites of minutes; the tests of a file stay together."""
    name = item.path.relative_to(ROOT).as_posix()
    slow = NAMED_SUITES & {mark.name for mark in item.iter_markers()}
    return LONGEST.index(name) if slow and name in LONGEST else len(LONGEST) + (not slow)


def pytest_collection_finish() -> None:
    """Modules and collected tests live to the end: the garbage collector need not look at them again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets, for tests marked `real`."""
    return DATA


@pytest.fixture(scope="session")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo puts what its builds computed, for another worker's test too; absent until then."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "computed"


@pytest.fixture(scope="session")
def shop() -> Callable[..., Path]:
    """Writes a folder with a small product of made-up bilingual messages and gives the path of its product.yaml.

    Of `rows` messages the share `wrong` has a label drawn at random; `must` are its lines, `more` lines of YAML.
    """

    def write(
        folder: Path,
        *,
        rows: int = 240,
        must: tuple[str, ...] = ("accuracy >= 70%",),
        wrong: float = 0.0,
        seed: int = 0,
        more: str = "",
        note: str = "thanks",
    ) -> Path:
        draw = random.Random(seed)
        lines = ["message,channel,user_id,intent"]
        for i in range(rows):
            label = draw.choice(list(PHRASES))
            said = draw.choice(PHRASES[label])
            label = draw.choice(list(PHRASES)) if draw.random() < wrong else label
            opening = draw.choice(("hi", "hello", "您好", "please"))
            lines.append(f"{opening} {said} {note} {i},{draw.choice(('app', 'web', '微信'))},u{i % 97},{label}")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "messages.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        head = "product: shop\ndata:\n  source: messages.csv\n  inputs: {message: text, channel: category}\n"
        listed = "".join(f"  - {line}\n" for line in must)
        path = folder / "product.yaml"
        path.write_text(f"{head}  target: intent\n{more}must:\n{listed}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read without a child process, where that is not what is tested."""
    from zhinan.core import find
    from zhinan.data import Raw, guess, sources

    def read(path: Path, **_: Any) -> Raw:
        return Raw.joined(find("reader", path.suffix[1:]).target(path))

    monkeypatch.setattr(sources, "read", read)
    monkeypatch.setattr(guess, "read", read)


@pytest.fixture(autouse=True)
def _offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit suite must pass without a network: only this machine may be called."""
    if NAMED_SUITES & {mark.name for mark in request.node.iter_markers()}:
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a unit test called {address}; mark it system, weights or real")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
