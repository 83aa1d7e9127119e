"""Opens the seal once for a version that is packaged already, such as one built with --draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from zhinan.contract import Contract, Line
from zhinan.core import Dataset, UserError
from zhinan.data import Split
from zhinan.engine.checking import check_asked
from zhinan.engine.labels import load_labelled, with_mask_key
from zhinan.engine.ledger import keep_proof, override, prepare
from zhinan.engine.shares import cut
from zhinan.evaluate.answering import answer_all
from zhinan.evaluate.certify import Findings, certify
from zhinan.evaluate.costs import measure_costs
from zhinan.evaluate.current import Current, beside, current_of, disturbances, fair
from zhinan.evaluate.disturb import sample, under
from zhinan.evaluate.in_time import measure_in_time
from zhinan.evaluate.measure import is_cost, judge_dataset
from zhinan.evaluate.opening import Seal
from zhinan.package import Version, open_version
from zhinan.proof import Measurement
from zhinan.store import Store
from zhinan.store.claims import claimed

__all__ = ["prove_version"]


def prove_version(
    contract: Contract,
    store: Store,
    path: Path,
    progress: Callable[[int, int], None] | None = None,
    override_ledger: str | None = None,
) -> Findings:
    """Certifies a packaged version against its product's contract, opening the seal for what is new to it.

    What is found becomes the version's outcome; its folder stays as it is, the proof is kept in the store. The first
    version to be PROVED goes live. Judging the same version by the same lines again is free.

    Args: override_ledger: the reason for looking at a spent sealed set once more. It is recorded, and proves nothing.

    Raises:
        UserError: E312 when the version was built for another product or from other data; E030, E035 for a spent
            sealed set, E323 for a changed plan of openings, both before the version is asked anything; E401 where the
            store does not know it.
    """
    version = open_version(path, threads=2)
    if version.product != contract.product:
        raise UserError("E312", str(path), product=version.product)
    needed = () if version.number is None else (version.number,)
    with claimed(store, contract.product, "prove", *needed):
        for number in needed:
            store.version(contract.product, number)
        return _prove(contract, store, version, progress, override_ledger)


def _prove(
    contract: Contract,
    store: Store,
    version: Version,
    progress: Callable[[int, int], None] | None,
    override_ledger: str | None,
) -> Findings:
    contract = with_mask_key(contract, store)
    loaded, _ = load_labelled(contract, store, int(version.manifest.facts.get("labels", 0)))
    parts = _of_its_inputs(version, cut(contract, loaded))
    built_from = {"data": parts.counts["fingerprint"], "sealed": parts.sealed.fingerprint}
    known = {key: version.manifest.facts.get(key) for key in built_from}
    if known != built_from:  # it may have learned from rows sealed now
        raise UserError("E312", str(version.path), product=version.product)
    check_asked(contract, store, parts.sealed)
    seal: Seal = "open" if override_ledger is None else override(override_ledger)
    prepare(contract, parts, store, seal, who="prove")
    quality = [line for line in (*contract.must, *contract.should) if not is_cost(line)]
    rows = {name: values[:2000] for name, values in parts.dev.rows().items()}
    current = current_of(contract, store, parts.dev)
    against = current.against(parts.dev, 2000) if current else None
    found = certify(
        contract, version, on_dev=_on_dev(contract, version, parts.dev, quality, current), sealed=parts.sealed,
        costs=measure_costs(version.path, rows, prices=contract.cost, against=against), store=store, seal=seal,
        progress=progress,
    )  # fmt: skip
    if version.number is not None:
        keep_proof(contract, found, store, version.number)
    return found


def _of_its_inputs(version: Version, parts: Split) -> Split:
    """The parts with what the version looks at as inputs, whichever a build by today's contract would leave out."""
    inputs = tuple(column for column in parts.train.inputs if column.name in version.inputs)
    train, dev, sealed = (replace(part, inputs=inputs) for part in (parts.train, parts.dev, parts.sealed))
    return replace(parts, train=train, dev=dev, sealed=sealed)


def _on_dev(
    contract: Contract, version: Version, dev: Dataset, lines: Sequence[Line], current: Current | None
) -> dict[str, Measurement]:
    """Line text → its measurement on dev, under the disturbance it names."""
    on = {}
    for how in disturbances(lines):
        rows = dev if how is None else sample(dev)
        judged = judge_dataset(rows, answer_all(version, rows, how=how), version.classes)
        on[how] = beside(judged, rows, contract, current, how)
    return {line.text: fair(measure_in_time(line, on[under(line)]), line, current, dev) for line in lines}
