"""The artefact: a draft is sealed into an immutable version; versions are opened, verified, run and exported here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhinan.package.archive import export_zip
    from zhinan.package.checking import VerifyResult, verify
    from zhinan.package.drafting import Draft, draft
    from zhinan.package.manifest import Manifest
    from zhinan.package.sealing import publishing
    from zhinan.package.version import Version, open_version

_HOME = {
    "Draft": "drafting",
    "Manifest": "manifest",
    "VerifyResult": "checking",
    "Version": "version",
    "draft": "drafting",
    "export_zip": "archive",
    "open_version": "version",
    "publishing": "sealing",
    "verify": "checking",
}

__all__ = [
    "Draft", "Manifest", "VerifyResult", "Version", "draft", "export_zip", "open_version", "publishing", "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"zhinan.package.{_HOME[name]}"), name)
    raise AttributeError(f"module 'zhinan.package' has no attribute {name!r}")
