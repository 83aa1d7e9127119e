"""The statistics of a gate: measurements with their bounds, verdicts, the sealed set's ledger, sample sizes."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhinan.proof.bootstrap import bca, resample
    from zhinan.proof.bounds import betting, clopper_pearson
    from zhinan.proof.clusters import effective_size
    from zhinan.proof.confident import (
        LabelErrors,
        TagErrors,
        confident_joint,
        label_errors,
        pooled,
        pooled_apart,
        tag_errors,
    )
    from zhinan.proof.difference import miettinen_nurminen
    from zhinan.proof.feasibility import feasible, one_nn_error
    from zhinan.proof.floors import Detector, detect, oracle_delay
    from zhinan.proof.gate import Ask, Verdict, judge, judge_on_dev, needed_in_all, outcome
    from zhinan.proof.judged import Answered, Judged, Ranked, Tagged, Valued
    from zhinan.proof.learning import Curve, Range, learning_curve
    from zhinan.proof.ledger import Opening, Stake, could_prove, next_opening, opening_delta, opening_number
    from zhinan.proof.measurement import Measurement
    from zhinan.proof.merkle import merkle_path, merkle_root, verify_path
    from zhinan.proof.paired import Comparison, compare, mcnemar, paired_difference, paired_size
    from zhinan.proof.pairs import tang, tango
    from zhinan.proof.powered import Estimate, audited, by_confidence, prediction_powered
    from zhinan.proof.quantiles import requests_for, slower_allowed
    from zhinan.proof.ratio import koopman
    from zhinan.proof.relation import relative
    from zhinan.proof.rounds import Rounds
    from zhinan.proof.samples import Size, bennett_size, count_power, count_size, hoeffding_size
    from zhinan.proof.sequential import Certifier, hits_to_prove
    from zhinan.proof.slices import Slice, benjamini_hochberg, mine_slices, test_slices

_HOME = {
    "bootstrap": ("bca", "resample"),
    "bounds": ("betting", "clopper_pearson"),
    "clusters": ("effective_size",),
    "confident": (
        "LabelErrors",
        "TagErrors",
        "confident_joint",
        "label_errors",
        "pooled",
        "pooled_apart",
        "tag_errors",
    ),
    "difference": ("miettinen_nurminen",),
    "feasibility": ("feasible", "one_nn_error"),
    "floors": ("Detector", "detect", "oracle_delay"),
    "gate": ("Ask", "Verdict", "judge", "judge_on_dev", "needed_in_all", "outcome"),
    "judged": ("Answered", "Judged", "Ranked", "Tagged", "Valued"),
    "learning": ("Curve", "Range", "learning_curve"),
    "ledger": ("Opening", "Stake", "could_prove", "next_opening", "opening_delta", "opening_number"),
    "measurement": ("Measurement",),
    "merkle": ("merkle_path", "merkle_root", "verify_path"),
    "paired": ("Comparison", "compare", "mcnemar", "paired_difference", "paired_size"),
    "pairs": ("tang", "tango"),
    "powered": ("Estimate", "audited", "by_confidence", "prediction_powered"),
    "quantiles": ("requests_for", "slower_allowed"),
    "ratio": ("koopman",),
    "relation": ("relative",),
    "rounds": ("Rounds",),
    "samples": ("Size", "bennett_size", "count_power", "count_size", "hoeffding_size"),
    "sequential": ("Certifier", "hits_to_prove"),
    "slices": ("Slice", "benjamini_hochberg", "mine_slices", "test_slices"),
}
_FILE_OF = {name: file for file, names in _HOME.items() for name in names}

__all__ = [
    "Answered", "Ask", "Certifier", "Comparison", "Curve", "Detector", "Estimate", "Judged", "LabelErrors",
    "Measurement", "Opening", "Range", "Ranked", "Rounds", "Size", "Slice", "Stake", "TagErrors", "Tagged", "Valued",
    "Verdict", "audited", "bca", "benjamini_hochberg", "bennett_size", "betting", "by_confidence",
    "clopper_pearson", "compare", "confident_joint", "could_prove", "count_power", "count_size", "detect",
    "effective_size", "feasible", "hits_to_prove", "hoeffding_size", "judge", "judge_on_dev", "koopman",
    "label_errors", "learning_curve", "mcnemar", "merkle_path", "merkle_root", "miettinen_nurminen", "mine_slices",
    "needed_in_all", "next_opening", "one_nn_error", "opening_delta", "opening_number", "oracle_delay", "outcome",
    "paired_difference", "paired_size", "pooled", "pooled_apart", "prediction_powered", "relative", "requests_for",
    "resample", "slower_allowed", "tag_errors", "tang", "tango", "test_slices", "verify_path",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # loaded on first use, so that listing the registry needs no numpy
    if name in _FILE_OF:
        return getattr(importlib.import_module(f"zhinan.proof.{_FILE_OF[name]}"), name)
    raise AttributeError(f"module 'zhinan.proof' has no attribute {name!r}")
