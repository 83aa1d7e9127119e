"""A recipe of one kind of trees and nothing beside them, for classes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zhinan.core import Candidate, Encoded

__all__ = ["trees_alone"]


def trees_alone(kind: str, train: Encoded, dev: Encoded, *, budget: float, chosen: Mapping[str, Any]) -> Candidate:
    """The candidate of trees of a kind, which the recipe is named after.

    Args:
        budget: seconds it may take. chosen: the recipe's setting, mix, monotone and, where it may derive numbers,
            derived.
    """
    from zhinan.recipes._deriving import with_derived
    from zhinan.recipes._mixing import mixed_candidate
    from zhinan.recipes._trees import fit_trees

    until, monotone = time.perf_counter() + budget, chosen["monotone"]
    setting, more = chosen["setting"], {}
    if "derived" in chosen:
        found = with_derived(train, dev, until=until, setting=setting, asked=chosen["derived"], monotone=monotone)
        train, dev, setting, more = found.train, found.dev, found.setting, {"derived": found.made}
    trees = fit_trees(train, kind, until=until, setting=setting, monotone=monotone)
    made = mixed_candidate(kind, train, dev, heads={}, trees={"setting": trees}, mix=chosen["mix"], monotone=monotone)
    return replace(made, params={**made.params, **more})
