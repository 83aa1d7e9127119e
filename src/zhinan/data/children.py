"""How a child process that decodes files is started: with nothing of this process's environment it does not need."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["command", "environment"]

_KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TEMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def command(module: str) -> list[str]:
    """The command that runs a module of ours as a child."""
    return [sys.executable, "-P", "-m", module]


def environment(private: Path) -> dict[str, str]:
    """Where to find programs and modules, a private folder for temporary files, and one thread a library.

    Each thread would reserve address space, which is limited.
    """
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "PYTHONUTF8": "1",
        "TMPDIR": str(private),
        "POLARS_MAX_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
