"""What stands where: versions, stages, live verdicts, openings left, feedback waiting."""

from __future__ import annotations

import time
from typing import Any

from zhinan.contract import Contract
from zhinan.engine.ledger import ledger_of
from zhinan.engine.queues import groups_of
from zhinan.improve.advice import advised
from zhinan.improve.measures import measures
from zhinan.improve.monitors import production
from zhinan.package.asked import Asked
from zhinan.package.keeping import Keeping, in_force
from zhinan.store import Store
from zhinan.store.waiting import erase_waiting, waiting

__all__ = ["status"]


def status(contract: Contract, store: Store) -> dict[str, Any]:
    """The object that `zhinan status --json` prints.

    Erases what was kept for as long as the contract says, and what waited for a version without a forgotten person.

    Returns:
        {"product", "live", "previous", "unopened": code of why the live version cannot be opened, "versions":
        [{"version", "stage", "outcome", "at"}], "verdicts": of the live version, "unasked": must lines that it was not
        judged by, "openings_left": of the sealed set after the latest opening, "ledger": {"left", "plan", "openings":
        [{"t", "delta", "at", "outcome", "lines", "override"}]}, "feedback", "predictions": rows stored, "monitors": of
        the live version's lines in production, as `Monitor.to_dict`, "traffic": as `Load.summary`, "estimate": as
        `estimates`, "advice": as `advised`, "new_classes": how many groups of inputs `improve` last proposed,
        "keep_inputs": "masked", or "none", when feedback on answers feeds monitors only, "measures": of the lines that
        use judges, as `Measured.to_dict`, "keeping": as `in_force`, "forgetting": [{"person": code, "versions": those
        that knew them and are still there}] of those who wait for `zhinan forget`, "audit": "whole", or "broken" when
        an entry was changed, added or removed}.
    """
    product = contract.product
    found, used = production(contract, store), measures(contract, store)  # before anything expires
    keeping = in_force(Keeping.of(contract), store, product)
    store.expire_events(product, time.time() - keeping["retention"])
    erase_waiting(store, product)
    stages, ledger = store.stages(product), ledger_of(contract, store)
    versions = [
        {"version": v.number, "stage": store.stage_of(product, v.number), "outcome": v.outcome, "at": v.at}
        for v in store.versions(product)
    ]
    return {
        "product": product,
        "live": stages.live,
        "unopened": found.unopened,
        "previous": stages.previous,
        "versions": versions,
        "unasked": [*Asked.of(contract).unjudged(store, product, stages.live)] if stages.live else [],
        "verdicts": [dict(v) for v in store.verdicts(product, stages.live)] if stages.live else [],
        "openings_left": ledger["left"],
        "ledger": ledger,
        "feedback": store.count_events(product, "feedback"),
        "monitors": [one.to_dict() for one in (*found.monitors, *(measured.monitor() for measured in used))],
        "measures": [one.to_dict() for one in used],
        "traffic": found.traffic,
        "estimate": found.estimates,
        "advice": advised(contract, store, found.advice, used),
        "predictions": store.count_events(product, "prediction"),
        "new_classes": len(groups_of(store, product)),
        "keep_inputs": keeping["keep_inputs"],
        "keeping": keeping,
        "forgetting": [
            {"person": person, "versions": [*numbers]} for person, numbers in waiting(store, product).items()
        ],
        "audit": "whole" if store.verify_audit(product) else "broken",
    }
