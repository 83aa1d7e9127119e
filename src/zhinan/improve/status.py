"""What stands where: versions, stages, live verdicts, openings left, feedback waiting."""

from __future__ import annotations

from typing import Any

from zhinan.contract import Contract
from zhinan.store import Store

__all__ = ["status"]


def status(contract: Contract, store: Store) -> dict[str, Any]:
    """The object that `zhinan status --json` prints.

    Returns:
        {"product", "live", "previous", "versions": [{"version", "stage", "outcome", "at"}], "verdicts": of the live
        version, "openings_left": of the sealed set after the newest build, "feedback", "predictions": rows stored}.
    """
    product = contract.product
    stages = store.stages(product)
    versions = [
        {"version": v.number, "stage": store.stage_of(product, v.number), "outcome": v.outcome, "at": v.at}
        for v in store.versions(product)
    ]
    return {
        "product": product,
        "live": stages.live,
        "previous": stages.previous,
        "versions": versions,
        "verdicts": [dict(v) for v in store.verdicts(product, stages.live)] if stages.live else [],
        "openings_left": next((v.summary["openings_left"] for v in reversed(store.versions(product))), None),
        "feedback": store.count_events(product, "feedback"),
        "predictions": store.count_events(product, "prediction"),
    }
