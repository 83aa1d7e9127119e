"""Makes a draft a version in one call, for tests of what a version does afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhinan.package import Draft, Version, open_version, publishing

__all__ = ["seal"]


def seal(draft: Draft, *, into: Path, number: int, proof: Mapping[str, Any], report: Mapping[str, bytes]) -> Version:
    """Publishes a draft as `into/NUMBER` and opens it. Args: as of `publishing`."""
    with publishing(draft, into=into, number=number, proof=proof, report=report) as publish:
        publish()
    return open_version(into / str(number))
