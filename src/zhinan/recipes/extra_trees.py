"""Extremely randomised trees: many rough views of a table, whose mean holds where sharper ones do not."""

from __future__ import annotations

import time
from typing import Annotated

from zhinan.core import Candidate, Encoded, Search, register

__all__ = ["extra_trees"]


@register("recipe", "extra_trees", level="shallow", tasks=("classify", "regress"), monotone=True, fit=2e-4)
def extra_trees(
    train: Encoded,
    dev: Encoded,
    *,
    budget: float,
    setting: Annotated[str | None, Search("plain", "varied", "keen", "deep")] = None,
    mix: tuple[float, ...] | None = None,
    monotone: tuple[tuple[str, int], ...] = (),
    scale: tuple[float, ...] | None = None,
) -> Candidate:
    """The mean of trees whose thresholds are drawn at random. Choose it for tables whose ways change over time.

    It fits what every sample would show rather than what this one does, so that it holds better where the rows to come
    are not quite like those learned from; and it needs nothing installed.

    Args:
        budget: seconds it may take; the first fold is always grown.
        setting: leaves and choice of the trees; None lets a few race on rows they did not see.
        mix, monotone, scale: as of `boost`.

    Source: Geurts, Ernst & Wehenkel, Machine Learning 63 (2006); a text's scores by stacking, Wolpert (1992).
    """
    from zhinan.recipes._mixing import mixed_candidate
    from zhinan.recipes._trees import fit_trees

    until = time.perf_counter() + budget
    if not train.classes:
        from zhinan.recipes._number_trees import number_candidate

        chosen = {"setting": setting, "l2": None, "mix": mix, "monotone": monotone, "scale": scale}
        return number_candidate("extra_trees", train, dev, kinds={"setting": "extra_trees"}, until=until, chosen=chosen)
    trees = fit_trees(train, "extra_trees", until=until, setting=setting, monotone=monotone)
    return mixed_candidate("extra_trees", train, dev, heads={}, trees={"setting": trees}, mix=mix, monotone=monotone)
