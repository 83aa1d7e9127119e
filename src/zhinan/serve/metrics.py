"""Counts for Prometheus, summed over the workers: each leaves its own in a shared folder, any of them can tell all."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

__all__ = ["SECONDS", "Metrics"]

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper edges of the buckets of durations."""

_HELP: Mapping[str, tuple[str, str]] = {
    "zhinan_requests_total": ("counter", "Requests answered, by route and status."),
    "zhinan_request_seconds": ("histogram", "Seconds from the last byte of the headers to the answer, by route."),
    "zhinan_predictions_total": ("counter", "Predictions made, by version and label."),
    "zhinan_job_rows_total": ("counter", "Rows of jobs that were taken in, answered, or did not fit."),
    "zhinan_records_total": ("counter", "Predictions stored, held for a store that could not take them, or dropped."),
    "zhinan_feedback_total": ("counter", "Feedback received, by what became of it."),
    "zhinan_swaps_total": ("counter", "Changes of the live version in a worker, done or failed."),
    "zhinan_version": ("gauge", "The version that answers in the worker asked."),
}

_LOG = logging.getLogger("zhinan.serve")

_Series = tuple[str, tuple[tuple[str, str], ...]]


class Metrics:
    """The counts of one worker, for any of its threads.

    Args: shared: the folder of the service's workers; None for a lone worker.
    """

    def __init__(self, shared: str | None) -> None:
        self._counts: dict[_Series, float] = {}
        self._lock = threading.Lock()
        self._failed = False
        self._file = None if shared is None else Path(shared) / f"worker-{os.getpid()}.json"

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Adds to a count."""
        series = (name, tuple(labels.items()))
        with self._lock:
            self._counts[series] = self._counts.get(series, 0.0) + amount

    def took(self, seconds: float, route: str) -> None:
        """Adds a duration to the histogram of a route."""
        edge = next((str(e) for e in SECONDS if seconds <= e), "+Inf")
        self.add("zhinan_request_seconds_bucket", route=route, le=edge)
        self.add("zhinan_request_seconds_sum", seconds, route=route)
        self.add("zhinan_request_seconds_count", route=route)

    def save(self) -> None:
        """Leaves the counts where the other workers find them; a dead worker's stay, so that totals never fall.

        A full disk stops nothing: it is told once, and the others know the counts of before.
        """
        if self._file is None:
            return
        with self._lock:
            rows = [[name, labels, value] for (name, labels), value in self._counts.items()]
            partial = self._file.with_suffix(".partial")
            try:
                partial.write_text(json.dumps(rows), "utf-8")
                partial.replace(self._file)
            except OSError as error:
                if not self._failed:
                    _LOG.error("counts cannot be written beside those of the other workers: %s", error.strerror)
                self._failed = True
            else:
                self._failed = False

    def text(self, version: int | None) -> str:
        """Everything in Prometheus' text format 0.0.4."""
        self.save()
        total = self._total()
        lines: list[str] = []
        for name, (kind, words) in _HELP.items():
            series = sorted((s, v) for s, v in total.items() if s[0] == name or s[0].rpartition("_")[0] == name)
            if kind == "histogram":
                series = list(_cumulated(series))
            elif kind == "gauge":
                series = [((name, ()), float(version))] if version is not None else []
            if series:
                lines += [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
                lines += [f"{s[0]}{_shown(s[1])} {value!r}" if value % 1 else _whole(s, value) for s, value in series]
        return "\n".join(lines) + "\n"

    def _total(self) -> dict[_Series, float]:
        if self._file is None:
            return dict(self._counts)
        total = dict(self._counts)
        for path in self._file.parent.glob("worker-*.json"):
            for name, labels, value in [] if path == self._file else json.loads(path.read_text("utf-8")):
                series = (name, tuple((key, word) for key, word in labels))
                total[series] = total.get(series, 0.0) + value
        return total


def _cumulated(series: Iterable[tuple[_Series, float]]) -> Iterable[tuple[_Series, float]]:
    """The series of a histogram with buckets that count everything up to their edge, as Prometheus wants them."""
    plain: list[tuple[_Series, float]] = []
    routes: dict[str, dict[str, float]] = {}
    for (name, labels), value in series:
        if name.endswith("_bucket"):
            found = dict(labels)
            routes.setdefault(found["route"], {})[found["le"]] = value
        else:
            plain.append(((name, labels), value))
    for route, buckets in routes.items():
        so_far = 0.0
        for edge in (*map(str, SECONDS), "+Inf"):
            so_far += buckets.get(edge, 0.0)
            yield ("zhinan_request_seconds_bucket", (("route", route), ("le", edge))), so_far
    yield from plain


def _whole(series: _Series, value: float) -> str:
    return f"{series[0]}{_shown(series[1])} {int(value)}"


def _shown(labels: Iterable[tuple[str, str]]) -> str:
    def quoted(text: str) -> str:
        return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

    inside = ",".join(f'{key}="{quoted(word)}"' for key, word in labels)
    return f"{{{inside}}}" if inside else ""
