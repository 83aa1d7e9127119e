"""What a worker needs to know, as values that travel to another process."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhinan.package.asked import Asked
from zhinan.package.keeping import Keeping
from zhinan.serve.tokens import Token

__all__ = ["ADVICE", "Limits", "Settings"]

ADVICE = "advice @{number}"
"""The run in whose state `status` keeps what it last advised about a version, and when, for the service to tell."""


@dataclass(frozen=True)
class Limits:
    """How much one client may ask for.

    Args:
        body, headers: bytes. rows: inputs a request. depth: nesting of JSON.
        header_seconds, body_seconds, answer_seconds: until the headers are in, the body is in, the answer is out.
        upload_seconds: until all rows of a job are taken in; most of that is hiding what must not be kept.
        waiting: inputs that may wait for the inference thread of one worker before requests have to stand in line.
        held: bytes of requests that stand in line in one worker.
        batch: inputs that are computed together.
        upload, job_rows, jobs: bytes and rows of a job; jobs of one token that are not done yet.
        rate: requests a second with one token that has no quota of its own, over all workers; twice as many may
            come at once.
    """

    body: int = 1_000_000
    headers: int = 16_384
    rows: int = 1_000
    depth: int = 20
    header_seconds: float = 10.0
    body_seconds: float = 30.0
    answer_seconds: float = 30.0
    upload_seconds: float = 900.0
    waiting: int = 2_000
    held: int = 32_000_000
    batch: int = 32
    upload: int = 10_000_000
    job_rows: int = 100_000
    jobs: int = 20
    rate: float = 2_000.0


@dataclass(frozen=True)
class Settings:
    """One service.

    Args:
        product: whose versions it answers with.
        source: the directory of one fixed version; None to follow the live stage.
        store: folder or DSN; None to keep nothing.
        hosts: names it may be called by; empty for any.
        tokens: who may call it; empty for anybody on this machine. token_file: where they stand, looked at again
            when it changes; None when they stay as they are.
        shared: a folder in which the workers of this service put their metrics.
        product_file: taken in when the service begins, and anew on SIGHUP; None where nobody said which.
        keeping, asked: what it said then; no version keeps more, and what is put live is held against its lines.
        records: the socket of the process that writes predictions down; None where a worker does so itself.
    """

    product: str
    source: str | None
    store: str | None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")
    tokens: tuple[Token, ...] = ()
    token_file: str | None = None
    shared: str | None = None
    records: str | None = None
    product_file: str | None = None
    keeping: Keeping = field(default_factory=Keeping)
    asked: Asked | None = None
    limits: Limits = field(default_factory=Limits)
