"""On what a version was made: int8 graphs round otherwise on another processor, so goldens must know."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import Any

from zhinan import __version__

__all__ = ["environment", "processor"]

_LIBRARIES = ("numpy", "onnxruntime", "tokenizers", "safetensors")


def environment() -> dict[str, Any]:
    """Python, platform, processor and the libraries that compute, as the manifest records them."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "libraries": {"zhinan": __version__, **{name: importlib.metadata.version(name) for name in _LIBRARIES}},
    }


def processor() -> str:
    """The processor's name as the system tells it."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
