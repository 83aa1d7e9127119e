"""Opens the seal once for a version that is packaged already, such as one built with --draft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import load, split
from zhinan.engine.shares import needed_rows
from zhinan.evaluate.certify import Findings, answer_all, certify
from zhinan.evaluate.costs import measure_costs
from zhinan.evaluate.measure import is_cost, judge_dataset, measure_known
from zhinan.package import open_version
from zhinan.store import Store

__all__ = ["prove_version"]


def prove_version(
    contract: Contract, store: Store, path: Path, progress: Callable[[int, int], None] | None = None
) -> Findings:
    """Certifies a packaged version against its product's contract and keeps the verdicts for the service.

    Judging the same version by the same lines again is free; everything else charges the ledger.

    Raises:
        UserError: E312 when the version was built for another product or from other data, E030 for a spent sealed set.
    """
    version = open_version(path, threads=2)
    loaded = load(contract)
    parts = split(contract, loaded, needed_rows(contract, loaded))
    built_from = {"data": parts.counts["fingerprint"], "sealed": parts.sealed.fingerprint}
    known = {key: version.manifest.facts.get(key) for key in built_from}
    if version.product != contract.product or known != built_from:  # it may have learned from rows sealed now
        raise UserError("E312", str(path), product=version.product)
    labels, probability = answer_all(version, parts.dev)
    on_dev = judge_dataset(parts.dev, labels, probability, version.classes)
    quality = [line for line in (*contract.must, *contract.should) if not is_cost(line)]
    rows = {name: values[:2000] for name, values in parts.dev.rows().items()}
    found = certify(
        contract, version,
        on_dev={line.text: measure_known(line, on_dev) for line in quality},
        sealed=parts.sealed, costs=measure_costs(version.path, rows), store=store, progress=progress,
    )  # fmt: skip
    if version.number is not None:
        kept = [{**v.as_dict(), "confidence": contract.confidence} for v in found.verdicts]
        store.set_verdicts(contract.product, version.number, kept)
    return found
