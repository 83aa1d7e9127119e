"""The statistics of a gate: measurements with their bounds, verdicts, the sealed set's ledger, sample sizes."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhinan.proof.bootstrap import bca, resample
    from zhinan.proof.bounds import betting, clopper_pearson
    from zhinan.proof.clusters import effective_size
    from zhinan.proof.difference import miettinen_nurminen
    from zhinan.proof.gate import Ask, Verdict, judge, judge_on_dev, needed_in_all, outcome
    from zhinan.proof.judged import Judged
    from zhinan.proof.ledger import Opening, Stake, could_prove, next_opening, opening_delta, opening_number
    from zhinan.proof.measurement import Measurement
    from zhinan.proof.paired import Comparison, compare, mcnemar, paired_difference, paired_size, tango
    from zhinan.proof.quantiles import requests_for, slower_allowed
    from zhinan.proof.samples import Size, bennett_size, count_power, count_size, hoeffding_size

_HOME = {
    "bootstrap": ("bca", "resample"),
    "bounds": ("betting", "clopper_pearson"),
    "clusters": ("effective_size",),
    "difference": ("miettinen_nurminen",),
    "gate": ("Ask", "Verdict", "judge", "judge_on_dev", "needed_in_all", "outcome"),
    "judged": ("Judged",),
    "ledger": ("Opening", "Stake", "could_prove", "next_opening", "opening_delta", "opening_number"),
    "measurement": ("Measurement",),
    "paired": ("Comparison", "compare", "mcnemar", "paired_difference", "paired_size", "tango"),
    "quantiles": ("requests_for", "slower_allowed"),
    "samples": ("Size", "bennett_size", "count_power", "count_size", "hoeffding_size"),
}
_FILE_OF = {name: file for file, names in _HOME.items() for name in names}

__all__ = [
    "Ask", "Comparison", "Judged", "Measurement", "Opening", "Size", "Stake", "Verdict", "bca",
    "bennett_size", "betting", "clopper_pearson", "compare", "could_prove", "count_power", "count_size",
    "effective_size", "hoeffding_size", "judge", "judge_on_dev", "mcnemar", "miettinen_nurminen",
    "needed_in_all", "next_opening", "opening_delta", "opening_number", "outcome", "paired_difference", "paired_size",
    "requests_for", "resample", "slower_allowed", "tango",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # loaded on first use, so that listing the registry needs no numpy
    if name in _FILE_OF:
        return getattr(importlib.import_module(f"zhinan.proof.{_FILE_OF[name]}"), name)
    raise AttributeError(f"module 'zhinan.proof' has no attribute {name!r}")
