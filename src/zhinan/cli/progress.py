"""Tells what long work is doing: a bar on a terminal, otherwise a plain line every ten seconds; always on stderr."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["told"]

Tell = Callable[[str, int, int], None]

EVERY = 10.0
"""Seconds between plain lines about one stage, also where the stage itself says nothing for longer."""

STAGES = {
    "read": ("reading rows", "读取数据行"),
    "clean": ("cleaning rows", "清洗数据行"),
    "mask": ("masking and naming rows", "脱敏并编号"),
    "split": ("splitting rows", "划分数据"),
    "near": ("looking for near-duplicates", "查找近似重复"),
    "compare": ("comparing near-duplicates", "比较近似重复"),
    "seek": ("looking for what is wrong", "检查数据问题"),
    "look": ("looking at pictures and recordings", "检查图片与录音"),
    "data": ("reading and splitting the data", "读取并划分数据"),
    "package": ("packaging the draft", "打包草稿"),
    "feedback": ("reading what users said", "读取用户反馈"),
    "classes": ("looking for new classes", "寻找新类别"),
    "paired": ("comparing with the live version", "与现任版本比较"),
    "cost": ("measuring what an answer costs", "测量回答的成本"),
    "certify": ("certifying on sealed data", "在封存数据上认证"),
    "ahead": ("finding out what would help", "寻找改进办法"),
    "report": ("writing the report", "撰写报告"),
    "predict": ("answering", "回答"),
    "ask": ("asking the endpoint", "询问端点"),
    "minilm": ("encoding with minilm", "用 minilm 编码"),
    "rows": ("encrypting rows", "加密各行"),
    "files": ("encrypting files", "加密文件"),
    "use_multilingual": ("encoding with use_multilingual", "用 use_multilingual 编码"),
}


@contextmanager
def told(quiet: bool, zh: bool) -> Iterator[Tell]:
    """A function (what, done, total) to give to long work; total 0 means a stage begins."""
    if quiet:
        yield lambda what, done, total: None
    elif sys.stderr.isatty():
        with _bars(zh) as tell:
            yield tell
    else:
        with _lines(zh) as tell:
            yield tell


def _named(what: str, zh: bool) -> str:
    return STAGES[what][zh] if what in STAGES else what


@contextmanager
def _lines(zh: bool) -> Iterator[Tell]:
    ended, started = threading.Event(), time.monotonic()
    stage, count, said = "", "", started

    def say(more: str = "") -> None:
        nonlocal said
        said = time.monotonic()
        print(f"… {_named(stage, zh)}{count}{more}", file=sys.stderr, flush=True)

    def tell(what: str, done: int, total: int) -> None:
        nonlocal stage, count
        again, stage = stage == what, what
        count = (f": {done:,}" + (f" / {total:,}" if total else "")) if done else ""
        if not again or time.monotonic() - said >= EVERY:
            say()

    def wait() -> None:
        while not ended.wait(EVERY / 4):
            if stage and time.monotonic() - said >= EVERY:
                say(f" ({time.monotonic() - started:.0f} s)")

    watcher = threading.Thread(target=wait, daemon=True)
    watcher.start()
    try:
        yield tell
    finally:
        ended.set()
        watcher.join()


@contextmanager
def _bars(zh: bool) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, description=_named(what, zh), completed=done, total=total or None)

        yield tell
