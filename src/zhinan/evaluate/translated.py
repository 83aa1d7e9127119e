"""Templates that an earlier process translated are taken from the user's cache: half a second of every page."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

from zhinan.encoders._weights import cache_folder

__all__ = ["Translated"]

OPTIONS = ("autoescape", "trim_blocks", "lstrip_blocks", "keep_trailing_newline", "optimized")
"""What changes a translation, of what we set or might."""


class Translated(BytecodeCache):
    """Keeps what Jinja makes of a template, as Python keeps its modules; where nothing can be kept, pages are the same.

    Jinja checks the template's text and Python's version; its own version and the environment's options are in the
    name of the folder.
    """

    def __init__(self, environment: Environment) -> None:
        options = [getattr(environment, name) for name in OPTIONS]
        made_with = hashlib.sha256(f"{jinja2.__version__} {options}".encode()).hexdigest()
        self._folder = cache_folder() / "pages" / made_with[:16]

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket with what was kept, if it is of this template and this Python."""
        with suppress(OSError), self._file(bucket).open("rb") as kept:
            bucket.load_bytecode(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it under its name once it is whole."""
        unfinished = self._folder / f"{bucket.key}.{os.getpid()}"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                unfinished.write_bytes(bucket.bytecode_to_string())
                unfinished.replace(self._file(bucket))
            finally:
                unfinished.unlink(missing_ok=True)

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / bucket.key
