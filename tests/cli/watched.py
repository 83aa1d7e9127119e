"""What tests of `status` share: a product with a live version, and people who say that its answers are wrong."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import pytest

from zhinan.store import Event

from ..serve.conftest import Place

__all__ = ["CONTRACT", "complain", "product"]

CONTRACT = "product: support\ndata: {source: m.csv, target: intent}\nmust: [accuracy >= 90%]\n"
VERDICT = {"line": "accuracy >= 90%", "verdict": "PROVED", "value": 0.93, "bound": 0.91, "n": 800, "on": "sealed",
           "to_decide": None}  # fmt: skip


@pytest.fixture
def product(place: Place) -> Path:
    path = place.folder / "product.yaml"
    path.write_text(CONTRACT, encoding="utf-8")
    with place.store as store:
        store.set_verdicts("support", 1, [VERDICT])
    return path


def complain(place: Place, n: int, *, right: bool = False) -> None:
    ids, at = [str(uuid.uuid4()) for _ in range(n)], time.time() - 60
    with place.store as store:
        made = {"version": 1, "label": "refund", "probability": 0.9}
        store.add_events("support", [Event(i, "prediction", made, at) for i in ids])
        told = [{"prediction_id": i, "accepted": right} for i in ids]
        store.add_events("support", [Event(uuid.uuid4().hex, "feedback", one, at) for one in told])
