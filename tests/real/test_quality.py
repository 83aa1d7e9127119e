"""On public data: quality as promised, and each verdict for the right reason. Every choice is made on dev."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.real

NAMES = ["banking77", "waimai_10k", "chnsenticorp_htl", "german_credit", "taiwan_credit_default"]
if "ZHINAN_SOAK" in os.environ:
    NAMES += ["sst2", "thucnews_titles"]


@pytest.fixture(scope="module")
def quality(root: Path) -> ModuleType:
    """The benchmark that prints the table in docs/quality.md."""
    spec = importlib.util.spec_from_file_location("quality", root / "benchmarks" / "quality.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["quality"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_a_public_set_reaches_its_quality_and_each_verdict_has_its_reason(
    name: str, quality: ModuleType, public_data: Path, tmp_path: Path
) -> None:
    case = quality.CASES[name]
    path = quality.prepare(case, public_data, tmp_path / name)
    proved, undecided, refuted = (
        quality.certify(case, path, line) for line in (case.proved, case.undecided, case.refuted)
    )

    (verdict,) = proved.verdicts
    assert (proved.outcome, verdict["on"]) == ("PROVED", "sealed")
    assert verdict["value"] >= case.least
    assert verdict["bound"] <= verdict["value"]
    assert (proved.version, proved.stage, proved.ledger["opening"]) == (1, "live", 1)

    (verdict,) = undecided.verdicts
    assert (undecided.outcome, verdict["on"], undecided.ledger["opening"]) == ("UNDECIDED", "sealed", 2)
    assert verdict["to_decide"]["examples"] > 0
    assert undecided.ledger["delta"] < proved.ledger["delta"]

    (verdict,) = refuted.verdicts
    assert (refuted.outcome, verdict["on"], refuted.ledger["opening"]) == ("REFUTED", "dev", None)
    assert undecided.stage == refuted.stage == "ready"
