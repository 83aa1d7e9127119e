"""What `GET /contract` tells of the version that answers: as the store has it, or as it last had it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from zhinan.core import UserError
from zhinan.package import Version
from zhinan.serve.guard import log_failure
from zhinan.serve.settings import ADVICE
from zhinan.store import Store

__all__ = ["Known", "Told"]

PATIENCE = 1.0
"""Seconds that the store may take."""

TOLD = ("line", "verdict", "value", "bound", "n", "on", "to_decide", "why")
"""What of a verdict in proof.json is told; the rest is for who recomputes it."""

AWAY = ("E404", "E405", "E407")
"""Codes of a store that is full, busy or out of reach: it may be there again in a moment."""

_CHINESE = {"PROVED": "达标", "REFUTED": "不达标", "UNDECIDED": "证据不足"}


@dataclass(frozen=True)
class Told:
    """The outcome, verdicts and advice of a version.

    Args:
        watched: when it was last looked at in production, seconds since 1970; None when never. at: when the store said
            so; None where its build did. late: whether it does not answer now.
    """

    version: Version
    outcome: str | None
    verdicts: Sequence[Mapping[str, Any]]
    advice: Sequence[Mapping[str, Any]] = ()
    watched: float | None = None
    at: float | None = None
    late: bool = False

    def body(self, lang: str) -> dict[str, Any]:
        """The answer, in the reader's language."""
        said = {
            "product": self.version.product,
            "version": self.version.number,
            "outcome": self.outcome,
            "watched_at": self.watched,
            "advice": [_in_one(one, lang) for one in self.advice],
            "verdicts": [_spoken(verdict, lang) for verdict in self.verdicts],
        }
        return {**said, **_in_one({"note": _note(self.at)}, lang)} if self.late else said


class Known:
    """What is known of versions. It asks the store in a thread of its own, as all others may wait for it."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._asks = ThreadPoolExecutor(1, "zhinan-contract")
        self._last: Told | None = None

    async def of(self, version: Version) -> Told:
        """What the store has of a version; where it does not answer in time, what is known, and that it is late."""
        asked = asyncio.get_running_loop().run_in_executor(self._asks, self._ask, version)
        try:
            return await asyncio.wait_for(asked, PATIENCE)  # who still waits for a turn then gives that up
        except TimeoutError:
            return replace(self._known(version), late=True)
        except UserError as error:
            if error.code not in AWAY:
                raise
            log_failure(error)
            return replace(self._known(version), late=True)

    def close(self) -> None:
        """Asks no more."""
        self._asks.shutdown(wait=False, cancel_futures=True)

    def _known(self, version: Version) -> Told:
        if self._last is None or self._last.version is not version:
            self._last = _proved(version)
        return self._last

    def _ask(self, version: Version) -> Told:
        """A later proof or what happens in use may have changed what the build found."""
        if self._store is None or version.number is None:
            return self._known(version)
        told = _stored(self._store, version) or _proved(version)
        run = self._store.last_run(version.product, ADVICE.format(number=version.number))
        if run is not None:
            told = replace(told, advice=tuple(run.state.get("advice", ())), watched=run.state.get("at"))
        self._last = replace(told, at=time.time())
        return self._last


def _stored(store: Store, version: Version) -> Told | None:
    """What the store has of it; None of a version from elsewhere, served beside it, and of one without verdicts."""
    try:
        verdicts = store.verdicts(version.product, version.number or 0)
        row = store.version(version.product, version.number or 0)
    except UserError as error:
        if error.code != "E401":
            raise
        return None
    return Told(version, row.outcome, verdicts) if verdicts else None


def _proved(version: Version) -> Told:
    """What its build found."""
    if version.number is None:
        return Told(version, version.outcome, ())
    proof = json.loads(version.read("proof.json"))
    proved = [*proof.get("verdicts", []), *proof.get("in_use", [])]
    return Told(version, version.outcome, [{key: row[key] for key in TOLD if key in row} for row in proved])


def _note(at: float | None) -> dict[str, str]:
    if at is None:
        return {
            "en": "the store does not answer now: this is what the build found",
            "zh": "存储现在没有响应：以下为构建时的结果",
        }
    ago = f"{time.time() - at:,.0f}"
    return {
        "en": f"the store does not answer now: this is what it said {ago} s ago",
        "zh": f"存储现在没有响应：以下为 {ago} 秒前的结果",
    }


def _spoken(verdict: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A verdict with its word, in the reader's language."""
    word = str(verdict.get("verdict"))
    return {**_in_one(verdict, lang), "word": _CHINESE.get(word, word) if lang == "zh" else word}


def _in_one(stored: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Every value that was stored in two languages in the reader's, the others as they are."""
    return {
        key: value.get(lang, value["en"]) if isinstance(value, dict) and "en" in value else value
        for key, value in stored.items()
    }
